// What an essay costs from HTML to its pages, in milliseconds of the processor and bytes of memory:
// reading, the first page, setting anew, in several scripts, by both ways of breaking. The least of
// several runs, beside what is aimed at.
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../support/docs.h"
#include "lectern/layout.h"
#include "lectern/page.h"
#include "lectern/write.h"

enum { RUNS = 15, FIRST = 2000 }; // FIRST: lines that the reader sets before it shows any

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

static size_t in_use(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
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

struct cost {
    double optimum, first; // ms
    size_t bytes;          // of the layout
};

static struct cost setting(const struct doc *d, struct layout_opts o)
{
    struct cost c = {1e9, 1e9, 0};
    o.width = 80;
    for (int i = 0; i < 2 * RUNS; i++) {
        size_t before = in_use();
        double t = now();
        o.first_fit = i % 2;
        struct layout *l = layout_new(d, &o);
        struct pages *p = pages_new(l, 24);
        t = now() - t;
        if (o.first_fit)
            c.first = lesser(c.first, t);
        else
            c.optimum = lesser(c.optimum, t);
        c.bytes = in_use() - before;
        pages_free(p);
        layout_free(l);
    }
    return c;
}

static void row(const char *name, struct doc *d, struct layout_opts o)
{
    struct cost c = setting(d, o);
    printf("  %-22s %7.0f kB %8.2f ms %6.0f MB/s %8.2f times first fit\n", name, d->len / 1e3,
           c.optimum, d->len / 1e3 / c.optimum, c.optimum / c.first);
    doc_free(d);
}

static void figure(const char *what, double is, const char *unit, const char *aim)
{
    printf("  %-48s %8.2f %-12s %s\n", what, is, unit, aim);
}

// One essay of so many bytes from HTML on.
static void essay(const char *name, uint32_t bytes)
{
    struct doc *d = docs_essay(bytes);
    struct buf html = {0};
    struct layout_opts o = {.width = 80};
    double read = 1e9, page = 1e9;
    size_t memory = 0;
    write_html(&html, d);
    doc_free(d);
    for (int i = 0; i < RUNS; i++) {
        size_t before = in_use();
        double t = now();
        d = doc_from_html(html.data, html.len, NULL);
        read = lesser(read, now() - t);
        struct layout *l = layout_begin(d, &o);
        layout_more(l, FIRST);
        page = lesser(page, now() - t);
        layout_more(l, SIZE_MAX);
        memory = in_use() - before;
        layout_free(l);
        if (i + 1 < RUNS)
            doc_free(d);
    }
    struct cost c = setting(d, o);
    printf("%s: %.0f kB of HTML, %.0f kB of text\n", name, (double)html.len / 1e3, d->len / 1e3);
    figure("HTML to document", (double)html.len / 1e3 / read, "MB/s", "");
    figure("HTML to the first page", page, "ms", bytes < 1000000 ? "" : "(aim: under 15)");
    figure("set anew, and its pages", c.optimum, "ms", bytes < 1000000 ? "(aim: under 5)" : "");
    figure("optimum fit, by first fit", c.optimum / c.first, "times", "(aim: 2 at most)");
    figure("memory, document and lines, by text", (double)memory / d->len, "times",
           "(aim: under 6)");
    doc_free(d);
    buf_free(&html);
}

int main(void)
{
    puts("== essays: milliseconds of the processor, the least of several runs");
    essay("an essay of 1 MB", 1000000);
    essay("an essay of 100 kB", 100000);
    essay("an essay of 20 kB", 20000);
    puts("== setting: a document in memory to lines of 68 columns and pages of 24");
    row("English", docs_essay(1000000), (struct layout_opts){0});
    row("English, justified", docs_essay(1000000), (struct layout_opts){.justify = true});
    static const char german[] = "Der Brief sei, so hieß es längst, die höflichste Form — und die "
                                 "„älteste“ dazu. ";
    row("German", repeated(german, 1000000), (struct layout_opts){0});
    row("German, ASCII", repeated(german, 1000000), (struct layout_opts){.ascii = true});
    row("Russian", repeated("Письмо ждёт своего читателя. ", 1000000), (struct layout_opts){0});
    row("Japanese", repeated("手紙は、読者がそこにいることを期待する。", 1000000),
        (struct layout_opts){0});
    row("Hindi", repeated("पत्र एक उपकरण है। ", 1000000), (struct layout_opts){0});
    return 0;
}
