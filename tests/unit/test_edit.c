// The line editor: scripts of keys, written as in the configuration file, and the line they make
// ("|" is the cursor).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "ui/edit.h"

// Keys parted by blanks: names, or words that are typed letter by letter after a quote.
static enum edit_result type(struct edit *e, const char *script)
{
    enum edit_result r = EDIT_MORE;
    char *copy = mem_strdup(script), *state = NULL;
    for (char *w = strtok_r(copy, " ", &state); w; w = strtok_r(NULL, " ", &state)) {
        if (*w == '\'') {
            uint32_t cp;
            for (size_t i = 1, len = strlen(w); i < len;) {
                i += utf8_decode(w + i, len - i, &cp);
                r = edit_key(e, (int)cp);
            }
            continue;
        }
        int keys[KEYS_SEQUENCE];
        assert_int_equal(key_parse(w, keys), 1);
        r = edit_key(e, keys[0]);
    }
    free(copy);
    return r;
}

static void line_is(const char *script, const char *expected)
{
    struct edit *e = edit_new("");
    type(e, script);
    struct buf b = {0};
    buf_add(&b, edit_text(e), edit_cursor(e));
    buf_char(&b, '|');
    buf_str(&b, edit_text(e) + edit_cursor(e));
    if (strcmp(buf_cstr(&b), expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", script, buf_cstr(&b), expected);
    buf_free(&b);
    edit_free(e);
}

static void readline_habits(void **state)
{
    (void)state;
    line_is("'hello", "hello|");
    line_is("'hello ^a 'x", "x|hello");
    line_is("'hello home end left left 'x", "helx|lo");
    line_is("'hello ^b ^d", "hell|");
    line_is("'hello ^a ^d ^d", "|llo");
    line_is("'hello backspace", "hell|");
    line_is("'hello left delete", "hell|");
    line_is("'one space 'two space 'three ^w", "one two |");
    line_is("'one/two ^w", "|");
    line_is("'one/two alt-backspace", "one/|");
    line_is("'one/two alt-b alt-b", "|one/two");
    line_is("'one/two ^a alt-f", "one|/two");
    line_is("'one/two ^a ctrl-right ctrl-right", "one/two|");
    line_is("'one space 'two ^a alt-d", "| two");
    line_is("'one space 'two ^a ^k ^y ^y", "one twoone two|");
    line_is("'one space 'two ^w ^w ^y", "one two|"); // kills in a row join
    line_is("'one space 'two left ^u", "|o");
    line_is("'ab ^t", "ba|");
    line_is("'abc ^a right ^t", "ba|c");
    line_is("'a ^t", "a|");
    line_is("'one ^_", "|");
    line_is("'one ^w ^_", "one|");
    line_is("^w ^u ^k ^y ^t ^_ left right ^d", "|");
    // Of what was taken away before the last, Alt-y brings one after the other.
    line_is("'one ^w 'two ^w 'x ^y", "xtwo|");
    line_is("'one ^w 'two ^w 'x ^y alt-y", "xone|");
    line_is("'one ^w 'two ^w 'x ^y alt-y alt-y", "xtwo|");
    line_is("'one ^w 'x alt-y", "x|"); // nothing was brought
    line_is("'one ^w 'x ^y left alt-y", "xon|e");
    line_is("'1 ^w '2 ^w '3 ^w '4 ^w '5 ^w '6 ^w '7 ^w '8 ^w '9 ^w ^y alt-y alt-y alt-y alt-y "
            "alt-y alt-y alt-y alt-y",
            "9|"); // eight are kept
    line_is("'one space 'two alt-t", "two one|");
    line_is("'one space 'two ^a right alt-t", "o|ne two");
    line_is("'one space 'two alt-b alt-t", "two one|");
    line_is("'a- 'b space '-c alt-t", "a-c -b|");
    line_is("'one alt-t", "one|");
    line_is("'über space 'alles ^a alt-u", "ÜBER| alles");
    line_is("'ÜBER ^a right alt-l", "Über|");
    line_is("'über space 'alles ^a alt-f alt-c", "über Alles|");
}

static void characters_are_whole(void **state)
{
    (void)state;
    line_is("'né left left 'x", "x|né");
    line_is("'日本語 left backspace", "日|語");
    line_is("'e\u0301x ^a right", "e\u0301|x");
    line_is("'e\u0301 backspace", "|");
    line_is("'👩\u200D🚀 backspace 'y", "y|");
    line_is("'Übung ^w 'ö", "ö|");
    line_is("'straße alt-b 'x", "x|straße");
}

static void results_tell_what_happened(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        enum edit_result result;
    } cases[] = {
        {"'a enter", EDIT_DONE}, {"'a esc", EDIT_CANCEL},     {"'a ^c", EDIT_CANCEL},
        {"'a ^g", EDIT_CANCEL},  {"^d", EDIT_CANCEL},         {"backspace", EDIT_CANCEL},
        {"'a ^d", EDIT_MORE},    {"'a backspace", EDIT_MORE}, {"tab", EDIT_COMPLETE},
        {"pgdn", EDIT_UNUSED},   {"alt-z", EDIT_UNUSED},      {"f5", EDIT_UNUSED},
        {"^l", EDIT_UNUSED},     {"'é", EDIT_MORE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct edit *e = edit_new(NULL);
        if (type(e, cases[i].script) != cases[i].result)
            fail_msg("%s", cases[i].script);
        edit_free(e);
    }
}

static void pastes_are_one_line(void **state)
{
    (void)state;
    struct edit *e = edit_new(NULL);
    type(e, "'a");
    edit_key(e, KEYS_PASTE_BEGIN);
    for (const char *p = "x\ny\tz\x1b\x03"; *p; p++)
        assert_int_equal(edit_key(e, *p), EDIT_MORE);
    assert_int_equal(edit_key(e, KEYS_ENTER), EDIT_MORE);
    edit_key(e, 0x202E); // would turn the line round
    edit_key(e, KEYS_PASTE_END);
    assert_string_equal(edit_text(e), "ax y z ");
    type(e, "^_");
    assert_string_equal(edit_text(e), "a"); // in one step
    edit_insert(e, "b\xff\nc", 4);
    assert_string_equal(edit_text(e), "ab\uFFFD c");
    edit_free(e);
}

static void history_comes_back(void **state)
{
    (void)state;
    struct edit *e = edit_new(NULL);
    edit_history(e, (const char *const[]){"one", "two"}, 2);
    type(e, "'now up");
    assert_string_equal(edit_text(e), "two");
    type(e, "^p ^p ^p");
    assert_string_equal(edit_text(e), "one");
    type(e, "down down");
    assert_string_equal(edit_text(e), "now");
    type(e, "down");
    assert_string_equal(edit_text(e), "now");
    type(e, "^a ^k 'o ^r"); // the last one with what was typed, then the one before
    assert_string_equal(edit_text(e), "two");
    type(e, "^r ^r");
    assert_string_equal(edit_text(e), "one");
    type(e, "down down");
    assert_string_equal(edit_text(e), "o");
    edit_free(e);
}

static void row_is(struct edit *e, int cols, const char *expected, int cursor)
{
    struct canvas *c = canvas_new(cols, 1);
    edit_draw(e, c, 0, 0, cols, "Find: ", STYLE(PROMPT));
    struct buf b = {0};
    canvas_dump(c, &b, false);
    b.data[--b.len] = '\0';
    assert_string_equal(buf_cstr(&b), expected);
    int row, col;
    canvas_cursor_at(c, &row, &col);
    assert_int_equal(col, cursor);
    buf_free(&b);
    canvas_free(c);
}

static void long_lines_scroll(void **state)
{
    (void)state;
    struct edit *e = edit_new("short");
    row_is(e, 20, "Find: short", 11);
    edit_set(e, "a rather longer line");
    row_is(e, 20, "Find: <ger line", 15);
    type(e, "left left left left left left");
    row_is(e, 20, "Find: <ger line", 9);
    type(e, "home");
    row_is(e, 20, "Find: a rather long>", 6);
    edit_free(e);
    for (int cols = 1; cols < 30; cols++) { // the cursor is on the screen at every width
        e = edit_new("日本語 and plain text 日本語");
        for (int i = 0; i < 30; i++) {
            struct canvas *c = canvas_new(cols + 3, 1);
            edit_draw(e, c, 0, 1, cols, "日本: ", STYLE(PROMPT));
            int row, col;
            canvas_cursor_at(c, &row, &col);
            assert_in_range(col, 1, cols);
            assert_string_equal(canvas_at(c, 0, cols + 1).glyph, " ");
            canvas_free(c);
            type(e, i % 7 == 6 ? "end" : "left");
        }
        edit_free(e);
    }
}

// Any keys at all leave one line of valid text with the cursor between characters.
static void any_keys_leave_a_line(void **state)
{
    (void)state;
    static const int special[] = {KEYS_LEFT,
                                  KEYS_RIGHT,
                                  KEYS_HOME,
                                  KEYS_END,
                                  KEYS_DELETE,
                                  KEYS_BACKSPACE,
                                  KEYS_UP,
                                  KEYS_DOWN,
                                  KEYS_PASTE_BEGIN,
                                  KEYS_PASTE_END,
                                  KEYS_ALT | 'b',
                                  KEYS_ALT | 'd',
                                  KEYS_ALT | KEYS_BACKSPACE,
                                  0x301,
                                  0x200D,
                                  0x1F468,
                                  0x65E5,
                                  0x202E,
                                  0x85,
                                  0xD800};
    unsigned seed = 11;
    struct edit *e = edit_new(NULL);
    edit_history(e, (const char *const[]){"one", "two"}, 2);
    for (int i = 0; i < 60000; i++) {
        unsigned r = (seed = seed * 1103515245u + 12345u) >> 8;
        edit_key(e,
                 r % 3 ? special[r / 3 % (sizeof special / sizeof *special)] : (int)(r / 3 % 0x80));
        const char *t = edit_text(e);
        size_t len = strlen(t), at = edit_cursor(e);
        assert_true(at <= len);
        if (i % 16 == 0) {
            assert_true(utf8_valid(t, len));
            assert_true(utf8_valid(t, at));
            for (size_t k = 0; k < len; k++)
                assert_true((unsigned char)t[k] >= 0x20 && t[k] != 0x7F);
        }
        if (len > 200)
            edit_set(e, "");
    }
    edit_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readline_habits),
        cmocka_unit_test(characters_are_whole),
        cmocka_unit_test(results_tell_what_happened),
        cmocka_unit_test(pastes_are_one_line),
        cmocka_unit_test(history_comes_back),
        cmocka_unit_test(long_lines_scroll),
        cmocka_unit_test(any_keys_leave_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
