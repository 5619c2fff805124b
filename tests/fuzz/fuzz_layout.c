// Bytes as HTML -> document -> lines at several widths -> pages, with every promise checked on the
// way.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/layout_check.c" // fuzzers are linked without the tests' helpers
#include "lectern/doc.h"
#include "lectern/layout.h"
#include "lectern/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *what, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", what, e->msg);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int widths[] = {1, 2, 7, 20, 33, 80, 200};
    if (size < 2)
        return 0;
    struct err e = ERR_INIT;
    struct doc_source src = {0};
    struct doc *d = doc_from_html((const char *)data + 2, size - 2, &src);
    if (!doc_check(d, &e))
        broken("document", &e);
    static struct hyphens *hyphens; // read once; fuzzers run where the sources are
    if (!hyphens)
        hyphens = hyphens_new("tests/golden/hyphen", true);
    for (int k = 0; k < 2; k++) {
        struct layout_opts o = {.width = widths[(data[0] + k * 3) % 7],
                                .ascii = data[1] & 1,
                                .justify = data[1] & 2,
                                .first_fit = data[1] & 4,
                                .indent = data[1] & 8,
                                .hyphenate = data[1] & 32,
                                .hyphens = hyphens,
                                .language = data[1] & 64 ? "xx" : "zz",
                                .bidi_off = data[0] >= 224,
                                .head = {.title = data[1] & 16 ? "A title of some length" : NULL}};
        struct layout *l = layout_new(d, &o);
        if (!layout_check(l, &o, &e))
            broken("layout", &e);
        if (l->nlines < 2000 && !pages_check(l, 1 + data[1] % 30, &e))
            broken("pages", &e);
        layout_free(l);
    }
    doc_free(d);
    return 0;
}
