// Words divided at the ends of lines, by patterns of the tests' own (tests/golden/hyphen).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "../support/docs.h"
#include "../support/layout_check.h"
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/layout.h"
#include "lectern/utf8.h"
#include "lectern/mem.h"

static struct hyphens *patterns(void)
{
#ifndef HAVE_HYPHEN
    skip();
#endif
    const char *root = getenv("LECTERN_ROOT");
    char *dir = mem_printf("/nowhere:%s/tests/golden/hyphen", root ? root : ".");
    struct hyphens *h = hyphens_new(dir, false);
    free(dir);
    return h;
}

static void lines_are(struct hyphens *h, const char *html, const char *language, int width,
                      const char *want)
{
    struct doc_source src = {.language = language};
    struct doc *d = doc_from_html(html, strlen(html), &src);
    struct layout_opts o = {
        .width = width, .first_fit = true, .hyphenate = true, .hyphens = h, .language = language};
    struct layout *l = layout_new(d, &o);
    struct err e = ERR_INIT;
    if (!layout_check(l, &o, &e))
        fail_msg("%s: %s", html, e.msg);
    struct buf got = {0};
    layout_dump(l, &got, false);
    assert_string_equal(buf_cstr(&got), want);
    buf_free(&got);
    layout_free(l);
    doc_free(d);
}

static void words_are_divided_where_patterns_say(void **state)
{
    (void)state;
    struct hyphens *h = patterns();
    lines_are(h, "<p>so Wintergarten", "xx", 12, "so Win-\ntergarten\n");
    lines_are(h, "<p>so Wintergarten", "XX-Latn-DE", 12, "so Win-\ntergarten\n");
    lines_are(h, "<p>so Wintergarten", NULL, 12, "so\nWintergarten\n");
    lines_are(h, "<p>so Wintergarten", "../xx", 12, "so\nWintergarten\n");
    lines_are(h, "<p>so Wintergarten", "qq", 12, "so\nWintergarten\n");
    // Signs around a word stay with it; what is no word stays whole.
    lines_are(h, "<p>so \xe2\x80\x9cWinterbild\xe2\x80\x9d", "xx", 11,
              "so \xe2\x80\x9cWinter-\nbild\xe2\x80\x9d\n");
    lines_are(h, "<p>so winter2winter", "xx", 13, "so\nwinter2winter\n");
    lines_are(h, "<p>so <code>wintergarten</code>", "xx", 13, "so\nwintergarten\n");
    lines_are(h, "<p>so WINTERGARTEN", "xx", 13, "so\nWINTERGARTEN\n");
    lines_are(h, "<h2>so wintergarten</h2><p>x", "xx", 13, "so\nwintergarten\n\nx\n");
    // Two letters before, three after.
    lines_are(h, "<p>so Antonym an Blende", "xx", 9, "so An-\ntonym an\nBlende\n");
    // Letters of more than one byte; patterns in another encoding; another country's patterns.
    lines_are(h, "<p>zu Grüßbogen", "xx", 8, "zu Grüß-\nbogen\n");
    lines_are(h, "<p>zu GRüßbogen", "yy", 8, "zu GRü-\nßbogen\n");
    lines_are(h, "<p>zu Жüßbogen", "yy-AA", 8, "zu\nЖüßbogen\n");
    lines_are(h, "<p>zu banane", "zz-BB", 8, "zu ba-\nnane\n");
    // A span's own language, and what the author marked.
    lines_are(h, "<p>so <span lang=xx>wintergarten</span>", "qq", 12, "so win-\ntergarten\n");
    lines_are(h,
              "<p>so winterg\xc2\xad"
              "arten",
              "xx", 12, "so winterg-\narten\n");
    hyphens_free(h);
}

static void every_width_keeps_its_promises(void **state)
{
    (void)state;
    struct hyphens *h = patterns();
    size_t divided = 0;
    for (int width = 1; width <= 120; width++) {
        struct doc *d = docs_random((uint32_t)width);
        struct layout_opts o = {.width = width,
                                .justify = width % 2,
                                .first_fit = width % 3 == 0,
                                .hyphenate = true,
                                .hyphens = h,
                                .language = "zz"};
        struct layout *l = layout_new(d, &o);
        struct err e = ERR_INIT;
        if (!layout_check(l, &o, &e))
            fail_msg("document and width %d: %s", width, e.msg);
        for (size_t i = 0; i < l->nruns; i++)
            divided += l->runs[i].off == DOC_NONE && strcmp(l->runs[i].text, "-") == 0;
        layout_free(l);
        doc_free(d);
    }
    assert_true(divided > 500);
    hyphens_free(h);
}

// Even margins with smaller holes, which is what it is for.
static void even_margins_have_smaller_holes(void **state)
{
    (void)state;
    struct hyphens *h = patterns();
    struct doc *d = docs_essay(40000);
    size_t blanks[2] = {0};
    for (int k = 0; k < 2; k++) {
        struct layout_opts o = {
            .width = 36, .justify = true, .hyphenate = k, .hyphens = h, .language = "zz"};
        struct layout *l = layout_new(d, &o);
        for (size_t i = 0; i < l->nruns; i++)
            if (l->runs[i].off == DOC_NONE && l->runs[i].text[0] == ' ')
                blanks[k] += l->runs[i].cols;
        for (size_t i = 0; i + 1 < l->nlines; i++) { // what had to be left short
            const struct line *n = &l->lines[i];
            if (n->block == DOC_NONE || n[1].block != n->block || n->flags & LINE_JUSTIFIED)
                continue;
            struct buf text = {0};
            layout_line_text(l, i, &text);
            size_t cols = (size_t)utf8_cols(buf_cstr(&text), text.len);
            blanks[k] += cols < (size_t)l->measure ? (size_t)l->measure - cols : 0;
            buf_free(&text);
        }
        layout_free(l);
    }
    assert_true(blanks[1] * 4 < blanks[0] * 3);
    doc_free(d);
    hyphens_free(h);
}

// A file so large that a reader would wait for it: a thread reads it, and setting goes on.
static void large_files_are_not_waited_for(void **state)
{
    (void)state;
    hyphens_free(patterns()); // skips without the library
    const char *tmp = getenv("LECTERN_TMP");
    char *path = mem_printf("%s/hyph_ww.dic", tmp ? tmp : "/tmp");
    struct buf file = {0};
    struct err e = ERR_INIT;
    buf_str(&file, "UTF-8\nn1t\n");
    while (file.len < 500000)
        buf_str(&file, "% a line that says nothing of words, as many of them do\n");
    assert_true(buf_write_file(path, file.data, file.len, 0644, &e));
    buf_free(&file);
    free(path);
    struct hyphens *h = hyphens_new(tmp ? tmp : "/tmp", false);
    struct doc *d = doc_from_html("<p>so wintergarten", 18, &(struct doc_source){0});
    struct layout_opts o = {.width = 12, .hyphenate = true, .hyphens = h, .language = "ww"};
    layout_free(layout_new(d, &o));
    while (hyphens_busy(h))
        sched_yield();
    lines_are(h, "<p>so wintergarten", "ww", 12, "so win-\ntergarten\n");
    hyphens_free(h);
    h = hyphens_new(tmp ? tmp : "/tmp", false); // left while it is read
    o.hyphens = h;
    layout_free(layout_new(d, &o));
    hyphens_free(h);
    h = hyphens_new(tmp ? tmp : "/tmp", true);
    lines_are(h, "<p>so wintergarten", "ww", 12, "so win-\ntergarten\n");
    hyphens_free(h);
    doc_free(d);
}

static void auto_is_with_even_margins(void **state)
{
    (void)state;
    static const struct {
        const char *hyphenate, *justify;
        bool want;
    } table[] = {
        {"auto", "no", false}, {"auto", "yes", true}, {"yes", "no", true}, {"no", "yes", false}};
    for (size_t i = 0; i < 4; i++) {
        struct conf *c = conf_new();
        struct err e = ERR_INIT;
        assert_true(conf_set(c, "hyphenate", table[i].hyphenate, &e));
        assert_true(conf_set(c, "justify", table[i].justify, &e));
        struct layout_opts o = {.width = 80};
        layout_configure(&o, c, true);
        assert_int_equal(o.hyphenate, table[i].want);
        conf_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_divided_where_patterns_say),
        cmocka_unit_test(every_width_keeps_its_promises),
        cmocka_unit_test(even_margins_have_smaller_holes),
        cmocka_unit_test(large_files_are_not_waited_for),
        cmocka_unit_test(auto_is_with_even_margins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
