// Setting by itself: documents that are in memory already, to lines and pages; MB/s of text, the
// least of several runs.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../support/docs.h"
#include "lectern/layout.h"
#include "lectern/mem.h"
#include "lectern/page.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct doc *repeated(const char *sentence, uint32_t bytes)
{
    struct doc_builder *b = doc_builder_new();
    for (uint32_t made = 0; made < bytes;) {
        doc_open(b, BLOCK_PARAGRAPH);
        for (int i = 0; i < 10; i++, made += (uint32_t)strlen(sentence))
            doc_text(b, sentence, strlen(sentence));
        doc_close(b);
    }
    return doc_finish(b);
}

static double least(const struct doc *d, const struct layout_opts *o, size_t *bytes)
{
    double best = 1e9;
    for (int i = 0; i < 9; i++) {
        double t = now();
        struct layout *l = layout_new(d, o);
        struct pages *p = pages_new(l, 24);
        t = now() - t;
        if (t < best)
            best = t;
        *bytes = l->nlines * sizeof *l->lines + l->nruns * sizeof *l->runs + arena_bytes(l->arena);
        pages_free(p);
        layout_free(l);
    }
    return best;
}

static void row(const char *name, const struct doc *d, struct layout_opts o)
{
    size_t bytes;
    o.width = 80;
    double optimum = least(d, &o, &bytes);
    o.first_fit = true;
    double first = least(d, &o, &bytes);
    printf("  %-22s %7.0f kB %8.2f ms %6.0f MB/s   first fit %8.2f ms (%.2f times)  %.1f bytes a "
           "byte\n",
           name, d->len / 1e3, optimum, d->len / 1e3 / optimum, first, optimum / first,
           (double)bytes / d->len);
}

int main(void)
{
    struct doc *large = docs_essay(1000000), *small = docs_essay(100000);
    struct doc *german = repeated("Der Brief sei, so hie\xc3\x9f es l\xc3\xa4ngst, die "
                                  "h\xc3\xb6"
                                  "flichste Form \xe2\x80\x94 und die \xe2\x80\x9e"
                                  "älteste\xe2\x80\x9c dazu. ",
                                  1000000);
    struct doc *japanese = repeated(
        "\xe6\x89\x8b\xe7\xb4\x99\xe3\x81\xaf\xe3\x80\x81\xe8\xaa\xad\xe8\x80\x85"
        "\xe3\x81\x8c\xe3\x81\x9d\xe3\x81\x93\xe3\x81\xab\xe3\x81\x84\xe3\x82\x8b\xe3\x81\x93"
        "\xe3\x81\xa8\xe3\x82\x92\xe6\x9c\x9f\xe5\xbe\x85\xe3\x81\x99\xe3\x82\x8b\xe3\x80\x82",
        1000000);
    struct doc *hindi =
        repeated("\xe0\xa4\xaa\xe0\xa4\xa4\xe0\xa5\x8d\xe0\xa4\xb0 \xe0\xa4\x8f\xe0\xa4\x95 "
                 "\xe0\xa4\x89\xe0\xa4\xaa\xe0\xa4\x95\xe0\xa4\xb0\xe0\xa4\xa3 "
                 "\xe0\xa4\xb9\xe0\xa5\x88\xe0\xa5\xa4 ",
                 1000000);
    puts("== setting: a document in memory to lines of 68 columns and pages of 24");
    row("English, 1 MB", large, (struct layout_opts){0});
    row("English, 100 kB", small, (struct layout_opts){0});
    row("English, justified", large, (struct layout_opts){.justify = true});
    row("German, 1 MB", german, (struct layout_opts){0});
    row("German, ASCII", german, (struct layout_opts){.ascii = true});
    row("Japanese, 1 MB", japanese, (struct layout_opts){0});
    row("Hindi, 1 MB", hindi, (struct layout_opts){0});
    doc_free(large);
    doc_free(small);
    doc_free(german);
    doc_free(japanese);
    doc_free(hindi);
    return 0;
}
