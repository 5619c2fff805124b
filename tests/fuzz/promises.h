// What fuzz targets do with a document: look at it, set it in lines and pages, and look at those.
// The bytes that choose how come from the input as well.
#ifndef TESTS_FUZZ_PROMISES_H
#define TESTS_FUZZ_PROMISES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/layout_check.c" // fuzzers are linked without the tests' helpers
#include "lectern/doc.h"
#include "lectern/layout.h"
#include "lectern/page.h"

static void broken(const char *what, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", what, e->msg);
    abort();
}

static void promise_doc(const struct doc *d)
{
    struct err e = ERR_INIT;
    if (!doc_check(d, &e))
        broken("document", &e);
}

static void promise_layout(const struct doc *d, uint8_t width, uint8_t how)
{
    static const int widths[] = {1, 2, 7, 20, 33, 80, 200};
    static struct hyphens *hyphens; // read once; fuzzers run where the sources are
    struct err e = ERR_INIT;
    if (!hyphens)
        hyphens = hyphens_new("tests/golden/hyphen", true);
    for (int k = 0; k < 2; k++) {
        struct layout_opts o = {.width = widths[(width + k * 3) % 7],
                                .ascii = how & 1,
                                .justify = how & 2,
                                .first_fit = how & 4,
                                .indent = how & 8,
                                .hyphenate = how & 32,
                                .hyphens = hyphens,
                                .language = how & 64 ? "xx" : "zz",
                                .bidi_off = width >= 224,
                                .head = {.title = how & 16 ? "A title of some length" : NULL}};
        struct layout *l = layout_new(d, &o);
        if (!layout_check(l, &o, &e))
            broken("layout", &e);
        if (!steps_check(l, &o, how, &e))
            broken("steps", &e);
        if (l->nlines < 2000 && !pages_check(l, 1 + how % 30, &e))
            broken("pages", &e);
        layout_free(l);
    }
}

#endif
