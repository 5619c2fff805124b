// Where lines end and what stands on them, case by case: one paragraph, a width, the lines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/layout.h"

// Text with "{n1}" for a note mark, "{^2}" raised, "{_2}" lowered.
static struct doc *paragraph(enum block_kind kind, const char *t)
{
    struct doc_builder *b = doc_builder_new();
    uint32_t notes = 0;
    doc_open(b, kind);
    while (*t) {
        size_t n = strcspn(t, "{\n");
        doc_text(b, t, n);
        t += n;
        if (*t == '\n') {
            doc_break(b);
            t++;
        } else if (*t == '{') {
            size_t len = strcspn(t, "}") - 2;
            enum span_kind span = t[1] == 'n' ? SPAN_NOTE_MARK : t[1] == '^' ? SPAN_SUP : SPAN_SUB;
            char label[16] = "";
            memcpy(label, t + 2, len);
            uint32_t note = DOC_NONE;
            if (span == SPAN_NOTE_MARK)
                note = doc_add_note(b, label), notes++;
            doc_span_open(b, span, note);
            doc_text(b, label, len);
            doc_span_close(b, span);
            t += len + 3;
        }
    }
    doc_close(b);
    // Marks without a note would be taken for plain text.
    for (uint32_t i = 0; i < notes; i++) {
        uint32_t note = doc_open(b, BLOCK_NOTE);
        doc_builder_block(b, note)->ref = i;
        doc_open(b, BLOCK_PARAGRAPH);
        doc_text(b, "x", 1);
        doc_close(b);
        doc_close(b);
    }
    return doc_finish(b);
}

static void lines_are(enum block_kind kind, const char *text, struct layout_opts o,
                      const char *want)
{
    struct doc *d = paragraph(kind, text);
    struct layout *l = layout_new(d, &o);
    struct buf got = {0};
    for (size_t i = 0; i < l->nlines && l->lines[i].block == 0; i++) {
        layout_line_text(l, i, &got);
        buf_char(&got, '\n');
    }
    assert_string_equal(buf_cstr(&got), want);
    buf_free(&got);
    layout_free(l);
    doc_free(d);
}

static void breaks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
        const char *want;
    } table[] = {
        {"one two three", 7, "one two\nthree\n"},
        // addresses: after slashes and question marks, never after the scheme, words of a step
        // whole
        {"see https://example.org/a-b-c/long-step?q=1", 20,
         "see\nhttps://example.org/\na-b-c/long-step?q=1\n"},
        {"https://example.org", 8, "https://\nexample.\norg\n"},
        // soft hyphens are seen only where they break a word
        {"Fern\xc2\xadmelde\xc2\xad"
         "amt",
         12, "Fernmeldeamt\n"},
        {"Fern\xc2\xadmelde\xc2\xad"
         "amt",
         10, "Fernmelde-\namt\n"},
        {"10\xc2\xa0km on foot", 8, "10\xc2\xa0km on\nfoot\n"},
        {"one 10\xc2\xa0km", 7, "one\n10\xc2\xa0km\n"},
        // a dash stays with what it follows
        {"a letter\xe2\x80\x94this one", 11, "a letter\xe2\x80\x94\nthis one\n"},
        {"well-known men", 9, "well-\nknown men\n"},
        {"use --flag here", 10, "use --flag\nhere\n"},
        // French marks stay with their word, Japanese ones neither open nor close a line wrongly
        {"la lettre !", 9, "la\nlettre !\n"},
        {"\xe6\x9c\xac\xe6\x9c\xac\xe3\x80\x82\xe6\x9c\xac", 4,
         "\xe6\x9c\xac\n\xe6\x9c\xac\xe3\x80\x82\n\xe6\x9c\xac\n"},
        {"\xe6\x9c\xac\xe6\x9c\xac\xe3\x80\x8c\xe6\x9c\xac\xe3\x80\x8d", 6,
         "\xe6\x9c\xac\xe6\x9c\xac\n\xe3\x80\x8c\xe6\x9c\xac\xe3\x80\x8d\n"},
        // words without a place to break are broken between letters, marks stay on theirs
        {"abcdefgh", 3, "abc\ndef\ngh\n"},
        // ... and show it where there is room to; what is no word of letters does not
        {"Abcdefghijkl", 8, "Abcdefg-\nhijkl\n"},
        {"(Übermaß,", 7, "(Überm-\naß,\n"},
        {"abcdef0123456", 8, "abcdef01\n23456\n"},
        // a part of one letter stays with the other
        {"an e-mail", 6, "an\ne-mail\n"},
        {"one plan-B", 9, "one\nplan-B\n"},
        {"demanda-t-il", 10, "demanda-\nt-il\n"},
        {"初·中·終", 4, "初·\n中·\n終\n"},
        {"e\xcc\x81"
         "e\xcc\x81"
         "e\xcc\x81",
         2,
         "e\xcc\x81"
         "e\xcc\x81\ne\xcc\x81\n"},
        {"\xe6\x9c\xac", 1, "\xe6\x9c\xac\n"},
        {"zero\xe2\x80\x8bwidth", 6, "zero\nwidth\n"},
        {"a\nb", 9, "a\nb\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (int first_fit = 0; first_fit < 2; first_fit++)
            lines_are(BLOCK_PARAGRAPH, table[i].text,
                      (struct layout_opts){.width = table[i].width, .first_fit = first_fit},
                      table[i].want);
}

static void marks_never_join_what_is_before(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *fine, *ascii;
    } table[] = {
        {"open.{n1} He", "open.\xc2\xb9 He\n", "open.[1] He\n"},
        {"100{n1} men", "100\xc2\xa0\xc2\xb9 men\n", "100[1] men\n"},
        {"one{n1}{n2} x", "one\xc2\xb9\xc2\xa0\xc2\xb2 x\n", "one[1][2] x\n"},
        {"one{n12}", "one\xc2\xb9\xc2\xb2\n", "one[12]\n"},
        {"one{na}", "one[a]\n", "one[a]\n"},
        {"one{n*}", "one[*]\n", "one[*]\n"},
        {"10{^6} and H{_2}O", "10\xe2\x81\xb6 and H\xe2\x82\x82O\n", "10^6 and H2O\n"},
        {"4{^th} 2{^2x}", "4th 2^2x\n", "4th 2^2x\n"},
        {"x{^2}{n1}", "x\xc2\xb2\xc2\xa0\xc2\xb9\n", "x^2[1]\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        lines_are(BLOCK_PARAGRAPH, table[i].text, (struct layout_opts){.width = 80}, table[i].fine);
        lines_are(BLOCK_PARAGRAPH, table[i].text, (struct layout_opts){.width = 80, .ascii = true},
                  table[i].ascii);
    }
    // Nor does a line begin with one, blank before it or not.
    lines_are(BLOCK_PARAGRAPH, "letters why?{n1}", (struct layout_opts){.width = 12},
              "letters\nwhy?\xc2\xb9\n");
    lines_are(BLOCK_PARAGRAPH, "letters why {n1} so", (struct layout_opts){.width = 12},
              "letters\nwhy \xc2\xb9 so\n");
    lines_are(BLOCK_PARAGRAPH, "letters why {n1}", (struct layout_opts){.width = 13, .ascii = true},
              "letters\nwhy [1]\n");
}

static void the_last_line_is_not_one_short_word(void **state)
{
    (void)state;
    const char *text = "aaaa bbbb cccc dddd eeee ffff gggg hhhh ii";
    struct layout_opts o = {.width = 20, .first_fit = true};
    lines_are(BLOCK_PARAGRAPH, text, o, "aaaa bbbb cccc dddd\neeee ffff gggg hhhh\nii\n");
    o.first_fit = false;
    lines_are(BLOCK_PARAGRAPH, text, o, "aaaa bbbb cccc\ndddd eeee ffff gggg\nhhhh ii\n");
}

static void code_and_verse_keep_their_lines(void **state)
{
    (void)state;
    lines_are(BLOCK_CODE, "a\n\tb\n\n  c", (struct layout_opts){.width = 40},
              "  a\n      b\n\n    c\n");
    lines_are(BLOCK_CODE, "x = 1;  /* blanks   kept */", (struct layout_opts){.width = 20},
              "  x = 1;  /* blanks\n  \xe2\x86\xaa   kept */\n");
    lines_are(BLOCK_VERSE, "Tyger Tyger, burning bright,\n  In the forests",
              (struct layout_opts){.width = 20},
              "  Tyger Tyger,\n    burning bright,\n    In the forests\n");
}

static bool orders_letters(const char *setting, bool terminal)
{
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    assert_true(conf_set(c, "bidi", setting, &e));
    struct layout_opts o = {.width = 20};
    layout_configure(&o, c, terminal);
    conf_free(c);
    return !o.bidi_off;
}

static void hebrew_is_ordered_once(void **state)
{
    (void)state;
    static const char *const known[] = {"VTE_VERSION", "KONSOLE_VERSION", "TERM_PROGRAM", "TERM"};
    for (size_t i = 0; i < 4; i++)
        unsetenv(known[i]);
    assert_true(orders_letters("auto", true));
    assert_false(orders_letters("auto", false)); // a file keeps what was written
    assert_true(orders_letters("on", false));
    assert_false(orders_letters("off", true));
    setenv("VTE_VERSION", "5202", 1);
    assert_true(orders_letters("auto", true));
    setenv("VTE_VERSION", "6800", 1);
    assert_false(orders_letters("auto", true));
    assert_true(orders_letters("on", true));
    unsetenv("VTE_VERSION");
    setenv("TERM", "mlterm-256color", 1);
    assert_false(orders_letters("auto", true));

    const char *text = "שלום (abc) 12 מכתב";
    lines_are(BLOCK_PARAGRAPH, text, (struct layout_opts){.width = 12},
              "  (abc) םולש\n     בתכמ 12\n");
    lines_are(BLOCK_PARAGRAPH, text, (struct layout_opts){.width = 12, .bidi_off = true},
              "שלום (abc)\n12 מכתב\n");
    // A terminal that orders the letters of a line leaves it where it is put.
    lines_are(BLOCK_PARAGRAPH, text,
              (struct layout_opts){.width = 12, .bidi_off = true, .to_right = true},
              "  שלום (abc)\n     12 מכתב\n");
    lines_are(BLOCK_PARAGRAPH, "to שלום",
              (struct layout_opts){.width = 12, .bidi_off = true, .to_right = true}, "to שלום\n");
    lines_are(BLOCK_PARAGRAPH, "to שלום, מכתב (so)", (struct layout_opts){.width = 40},
              "to בתכמ ,םולש (so)\n");
    // Lam and alef are one letter, of one column, before the line is broken too.
    lines_are(BLOCK_PARAGRAPH, "لا لا لا لا", (struct layout_opts){.width = 7}, "ﻻ ﻻ ﻻ ﻻ\n");
}

// A line is as wide as it should be, or has no gap of three columns: never rivers.
static void even_margins_leave_no_rivers(void **state)
{
    (void)state;
    static const char text[] =
        "Letters were charged by the sheet, so people wrote to the edge, turned the page, and "
        "wrote "
        "again across their own lines. Correspondents of extraordinary thoroughness nevertheless "
        "overflowed; a bookseller named John Dunton asked his readers to write to him.";
    struct doc *d = doc_from_text(text, sizeof text - 1, NULL);
    size_t even = 0;
    for (int measure = 16; measure <= 90; measure++) {
        struct layout_opts o = {.width = 120, .measure = measure, .justify = true};
        struct layout *l = layout_new(d, &o);
        for (size_t i = 0; i < l->nlines; i++) {
            struct buf line = {0};
            layout_line_text(l, i, &line);
            if (line.len && strstr(line.data, "   "))
                fail_msg("at %d columns: %s", measure, line.data);
            even += l->lines[i].flags & LINE_JUSTIFIED && line.len == (size_t)l->measure;
            buf_free(&line);
        }
        layout_free(l);
    }
    assert_true(even > 200);
    doc_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks),
        cmocka_unit_test(marks_never_join_what_is_before),
        cmocka_unit_test(the_last_line_is_not_one_short_word),
        cmocka_unit_test(code_and_verse_keep_their_lines),
        cmocka_unit_test(hebrew_is_ordered_once),
        cmocka_unit_test(even_margins_leave_no_rivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
