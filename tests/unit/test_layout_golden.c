// Essays set at several widths, beside goldens a person can read: for every
// tests/golden/FOLDER/NAME .html or .md (test_text.c writes and compares its document, NAME.dump)
// there is NAME.lines with every line and, below it, its roles. LECTERN_GOLDEN=write writes them
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
    bool roles, everywhere; // shown with roles; of every essay, not of those in layout/ alone
} settings[] = {
    {"20 columns", {.width = 20}, true, true},
    {"40 columns", {.width = 40}, true, true},
    {"68 columns", {.width = 68}, true, true},
    {"100 columns", {.width = 100}, true, true},
    {"68 columns, ASCII", {.width = 68, .ascii = true}, false, false},
    {"68 columns, justified, indents",
     {.width = 68, .justify = true, .indent = true},
     false,
     false},
};

static void set(struct buf *out, const struct doc *d, const char *folder, const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct layout_opts o = settings[i].o;
        if (!settings[i].everywhere && strcmp(folder, "layout") != 0)
            continue;
        if (strcmp(name, "essay.html") == 0)
            o.head =
                (struct layout_head){"The Quiet Return of the Letter",
                                     "Why the oldest form of publishing is the newest again",
                                     "The Editors \xc2\xb7 Slow Letters \xc2\xb7 18 November 2026"};
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("%s/%s, %s: %s", folder, name, settings[i].title, e.msg);
        buf_printf(out, "%s== %s ==\n", i ? "\n" : "", settings[i].title);
        layout_dump(l, out, settings[i].roles);
        layout_free(l);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void tell(const char *golden, const struct buf *want, const struct buf *got)
{
    size_t at = 0, line = 1;
    while (want->data[at] && want->data[at] == got->data[at])
        line += want->data[at++] == '\n';
    while (at && want->data[at - 1] != '\n')
        at--;
    print_message("%s differs at line %zu (LECTERN_GOLDEN=write makes it anew):\n"
                  "want: %.*s\ngot:  %.*s\n",
                  golden, line, (int)strcspn(want->data + at, "\n"), want->data + at,
                  (int)strcspn(got->data + at, "\n"), got->data + at);
}

// Are the lines of one essay what they were?
static bool as_before(const char *dir, const char *folder, const char *name)
{
    const char *dot = strrchr(name, '.');
#ifndef HAVE_THAI
    if (strcmp(name, "thai.html") == 0) // its words are known to the library alone
        return true;
#endif
    char *source = mem_printf("%s/%s", dir, name);
    char *golden = mem_printf("%s/%.*s.lines", dir, (int)(dot - name), name);
    struct buf in = {0}, got = {0}, want = {0};
    struct err e = ERR_INIT;
    static const struct doc_source src = {
        .url = "https://letters.example/p/the-essay", .title = "The Essay", .language = "en"};
    bool same = true;
    assert_true(buf_read_file(&in, source, 1 << 20, &e));
    struct doc *d = strcmp(dot, ".md") == 0 ? doc_from_markdown(in.data, in.len, &src)
                                            : doc_from_html_bytes(in.data, in.len, NULL, &src);
    set(&got, d, folder, name);
    if (getenv("LECTERN_GOLDEN")) {
        assert_true(buf_write_file(golden, got.data, got.len, 0644, &e));
    } else if (!buf_read_file(&want, golden, 1 << 20, &e)) {
        print_message("%s (LECTERN_GOLDEN=write makes it)\n", e.msg);
        same = false;
    } else if (strcmp(buf_cstr(&want), buf_cstr(&got)) != 0) {
        tell(golden, &want, &got);
        same = false;
    }
    doc_free(d);
    buf_free(&in);
    buf_free(&got);
    buf_free(&want);
    free(source);
    free(golden);
    return same;
}

static void goldens_in(const char *folder, size_t least)
{
    const char *root = getenv("LECTERN_ROOT");
    char *dir = mem_printf("%s/tests/golden/%s", root ? root : ".", folder);
    char *names[128];
    size_t n = 0, wrong = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d)) && n < 128;) {
        const char *dot = strrchr(f->d_name, '.');
        if (dot && (strcmp(dot, ".html") == 0 || strcmp(dot, ".md") == 0))
            names[n++] = mem_strdup(f->d_name);
    }
    closedir(d);
    assert_true(n >= least);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        wrong += !as_before(dir, folder, names[i]);
        free(names[i]);
    }
    free(dir);
    assert_int_equal(wrong, 0);
}

static void languages_and_shapes(void **state)
{
    (void)state;
    goldens_in("layout", 10);
}

static void html_of_every_house(void **state)
{
    (void)state;
    goldens_in("html", 10);
}

static void markdown(void **state)
{
    (void)state;
    goldens_in("markdown", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_and_shapes),
        cmocka_unit_test(html_of_every_house),
        cmocka_unit_test(markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
