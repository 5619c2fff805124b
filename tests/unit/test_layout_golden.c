// Essays set at several widths, beside goldens a person can read: tests/golden/layout/NAME.html or
// .md, and NAME.txt with every line and, below it, its roles. LECTERN_GOLDEN=write writes them
// anew; look at the difference before keeping it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/layout_check.h"
#include "lectern/buf.h"
#include "lectern/layout.h"
#include "lectern/mem.h"

static const struct {
    const char *title;
    struct layout_opts o;
    bool roles;
} settings[] = {
    {"20 columns", {.width = 20}, true},
    {"40 columns", {.width = 40}, true},
    {"68 columns", {.width = 68}, true},
    {"100 columns", {.width = 100}, true},
    {"68 columns, ASCII", {.width = 68, .ascii = true}, false},
    {"68 columns, justified, indents", {.width = 68, .justify = true, .indent = true}, false},
};

static void set(struct buf *out, const struct doc *d, const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct layout_opts o = settings[i].o;
        if (strncmp(name, "essay", 5) == 0)
            o.head =
                (struct layout_head){"The Quiet Return of the Letter",
                                     "Why the oldest form of publishing is the newest again",
                                     "The Editors \xc2\xb7 Slow Letters \xc2\xb7 18 November 2026"};
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("%s, %s: %s", name, settings[i].title, e.msg);
        buf_printf(out, "%s== %s ==\n", i ? "\n" : "", settings[i].title);
        layout_dump(l, out, settings[i].roles);
        layout_free(l);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void goldens(void **state)
{
    (void)state;
    const char *root = getenv("LECTERN_ROOT");
    char *dir = mem_printf("%s/tests/golden/layout", root ? root : ".");
    char *names[64];
    size_t n = 0, wrong = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d)) && n < 64;) {
        const char *dot = strrchr(f->d_name, '.');
        if (dot && (strcmp(dot, ".html") == 0 || strcmp(dot, ".md") == 0))
            names[n++] = mem_strdup(f->d_name);
    }
    closedir(d);
    assert_true(n >= 10);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        char *dot = strrchr(names[i], '.');
#ifndef HAVE_THAI
        if (strcmp(names[i], "thai.html") == 0) { // its words are known to the library alone
            free(names[i]);
            continue;
        }
#endif
        char *source = mem_printf("%s/%s", dir, names[i]);
        char *golden = mem_printf("%s/%.*s.txt", dir, (int)(dot - names[i]), names[i]);
        struct buf in = {0}, got = {0}, want = {0};
        struct err e = ERR_INIT;
        struct doc_source src = {0};
        assert_true(buf_read_file(&in, source, 1 << 20, &e));
        struct doc *doc = strcmp(dot, ".md") == 0 ? doc_from_markdown(in.data, in.len, &src)
                                                  : doc_from_html(in.data, in.len, &src);
        set(&got, doc, names[i]);
        if (getenv("LECTERN_GOLDEN")) {
            assert_true(buf_write_file(golden, got.data, got.len, 0644, &e));
        } else if (!buf_read_file(&want, golden, 1 << 20, &e)) {
            print_message("%s\n", e.msg);
            wrong++;
        } else if (strcmp(buf_cstr(&want), buf_cstr(&got)) != 0) {
            size_t at = 0, line = 1;
            while (want.data[at] && want.data[at] == got.data[at])
                line += want.data[at++] == '\n';
            while (at && want.data[at - 1] != '\n')
                at--;
            print_message("%s differs at line %zu:\nwant: %.*s\ngot:  %.*s\n", golden, line,
                          (int)strcspn(want.data + at, "\n"), want.data + at,
                          (int)strcspn(got.data + at, "\n"), got.data + at);
            wrong++;
        }
        doc_free(doc);
        buf_free(&in);
        buf_free(&got);
        buf_free(&want);
        free(source);
        free(golden);
        free(names[i]);
    }
    free(dir);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(goldens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
