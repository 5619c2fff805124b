// Bytes from a terminal, and the keys they are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "ui/input.h"

static void keys_of(struct input *in, bool settled, struct buf *out)
{
    int key;
    while (input_next(in, settled, &key)) {
        if (key == KEYS_MOUSE)
            continue;
        if (out->len)
            buf_char(out, ' ');
        if (key == KEYS_PASTE_BEGIN || key == KEYS_PASTE_END)
            buf_char(out, key == KEYS_PASTE_BEGIN ? '[' : ']');
        else
            key_name(key, out);
    }
}

static struct input *input_of_terminal(void)
{
    struct input *in = input_new(true);
    input_define(in, "\x1bOA", KEYS_UP);
    input_define(in, "\x1b[[A", KEYS_F1);
    input_define(in, "\x1b[25~", KEYS_F1 + 2); // a terminal with ideas of its own
    input_define(in, "", KEYS_F12);
    input_define(in, NULL, KEYS_F12);
    return in;
}

// Whether they come at once or byte by byte, the keys are the same.
static void bytes_are_keys(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *keys;
    } cases[] = {
        {"jk G", "j k space G"},
        {"\r\n\t\x7f\x08\x04", "Enter Enter Tab Backspace Backspace ^D"},
        {"\xc3\xa9\xe6\x97\xa5\xf0\x9f\x9a\x80", "é 日 🚀"},
        {"\x1bOA\x1b[A\x1bOB\x1b[D", "Up Up Down Left"},
        {"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH", "Home End Home End Home"},
        {"\x1b[5~\x1b[6~\x1b[2~\x1b[3~\x1b[Z", "PgUp PgDn Insert Delete Shift-Tab"},
        {"\x1bOP\x1b[15~\x1b[24~\x1b[[A\x1b[[E\x1b[25~", "F1 F5 F12 F1 F5 F3"},
        {"\x1b[1;5C\x1b[1;3D\x1b[1;2A\x1b[6;5~\x1bO5C",
         "Ctrl-Right Alt-Left Shift-Up Ctrl-PgDn Ctrl-Right"},
        {"\x1b"
         "b\x1b\x7f\x1b\x1b[A\x1b\xc3\xa9",
         "Alt-b Alt-Backspace Alt-Up Alt-é"},
        {"\x1b[27;5;13~\x1b[97;5u\x1b[98;3u\x1b[9;2u", "Ctrl-Enter ^A Alt-b Shift-Tab"},
        {"\x1b[200~a\tb\r\nc\x1b[Ad\x03\x1b[201~x", "[ a space b ^J c [ A d ] x"},
        // What is no key is swallowed whole.
        {"\x1b]11;rgb:ffff/ffff/ffff\x07j\x1b]11;rgb:0/0/0\x1b\\k", "j k"},
        {"\x1bP1$r0m\x1b\\j\x1b[?62;4c\x1b[>0;10;1ck\x1b[12;40Rl", "j k l"},
        {"\x1b[M !!j\x1b[<0;3;4Mk\x1b[I\x1b[Ol", "j k l"},
        {"\x1b[99~j\x1b[5\x1b[6~k", "j PgDn k"},
        {"\xff"
         "a\xc3"
         "b\xe6\x97"
         "c\xc2\x80",
         "a b c"},
        {"\x1b[?2026;2$yq", "q"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 20; step += 18) {
            struct input *in = input_of_terminal();
            struct buf b = {0};
            for (size_t at = 0, len = strlen(cases[i].bytes); at < len; at += step) {
                input_feed(in, cases[i].bytes + at, len - at < step ? len - at : step);
                keys_of(in, false, &b);
            }
            keys_of(in, true, &b);
            if (strcmp(buf_cstr(&b), cases[i].keys) != 0)
                fail_msg("case %zu by %zu: \"%s\", not \"%s\"", i, step, buf_cstr(&b),
                         cases[i].keys);
            assert_false(input_waiting(in));
            buf_free(&b);
            input_free(in);
        }
}

static void escape_waits_a_moment(void **state)
{
    (void)state;
    struct input *in = input_of_terminal();
    struct buf b = {0};
    input_feed(in, "\x1b", 1);
    keys_of(in, false, &b);
    assert_int_equal(b.len, 0);
    assert_true(input_waiting(in));
    keys_of(in, true, &b);
    assert_string_equal(buf_cstr(&b), "Esc");
    assert_false(input_waiting(in));
    input_feed(in, "\x1b\x1b", 2);
    keys_of(in, true, &b);
    assert_string_equal(buf_cstr(&b), "Esc Esc");
    input_feed(in, "\x1b[", 2);
    keys_of(in, true, &b);
    assert_string_equal(buf_cstr(&b), "Esc Esc Alt-[");
    input_feed(in, "\x1b[1;", 4); // cut off on the way
    keys_of(in, true, &b);
    input_feed(in, "j", 1);
    keys_of(in, false, &b);
    assert_string_equal(buf_cstr(&b), "Esc Esc Alt-[ j");
    buf_free(&b);
    input_free(in);
}

static void any_bytes_end(void **state)
{
    (void)state;
    unsigned seed = 9;
    struct input *in = input_of_terminal();
    for (int i = 0; i < 20000; i++) {
        char bytes[16];
        size_t n = 1 + i % 16;
        for (size_t k = 0; k < n; k++) {
            seed = seed * 1103515245u + 12345u;
            bytes[k] =
                (seed >> 8) % 2 ? "\x1b[O]P;0125~MAu<\x07\\"[(seed >> 9) % 18] : (char)(seed >> 16);
        }
        input_feed(in, bytes, n);
        int key;
        while (input_next(in, i % 5 == 0, &key))
            assert_true(key != 0);
        if (i % 5 == 0)
            assert_false(input_waiting(in));
    }
    char *flood = malloc(100000); // a string without end, a finger on Escape
    memset(flood, 'x', 100000);
    input_feed(in, "\x1b]", 2);
    input_feed(in, flood, 100000);
    int key;
    while (input_next(in, false, &key))
        ;
    memset(flood, 27, 100000);
    input_feed(in, flood, 100000);
    size_t n = 0;
    while (input_next(in, true, &key))
        n++;
    assert_true(n > 90000);
    free(flood);
    input_free(in);
}

static void note_answer(void *ctx, const char *s, size_t len)
{
    struct buf *out = ctx;
    buf_add(out, s, len);
    buf_char(out, '\n');
}

// An answer that comes late and in pieces is told whole or dropped whole; it is never keys.
static void answers_are_no_keys(void **state)
{
    (void)state;
    static const char answers[] = "\x1b]11;rgb:1e1e/2020/2222\x1b\\\x1b[?62;4c\x1bP1+r5463\x1b\\";
    for (size_t cut = 0; cut < sizeof answers; cut++)
        for (int late = 0; late < 2; late++) { // so late that what came was given up
            struct input *in = input_of_terminal();
            struct buf told = {0}, keys = {0};
            input_on_answer(in, note_answer, &told);
            input_expect(in, true);
            input_feed(in, "j", 1);
            input_feed(in, answers, cut);
            keys_of(in, false, &keys);
            assert_true(!input_waiting(in) || input_in_answer(in));
            bool escape = cut > 0 && answers[cut - 1] == 27; // alone, it is the key in the end
            if (late && !escape)
                keys_of(in, true, &keys);
            input_feed(in, answers + cut, sizeof answers - 1 - cut);
            input_feed(in, "k", 1);
            keys_of(in, false, &keys);
            if (late && cut > 0 &&
                (answers[cut - 1] == '[' || answers[cut - 1] == ']' || answers[cut - 1] == 'P') &&
                answers[cut - 2] == 27) // as far as anyone can tell Alt-[
                ;
            else
                assert_string_equal(buf_cstr(&keys), "j k");
            if (!late)
                assert_string_equal(buf_cstr(&told), "\x1b]11;rgb:1e1e/2020/2222\x1b\\\n"
                                                     "\x1b[?62;4c\n\x1bP1+r5463\x1b\\\n");
            buf_free(&told);
            buf_free(&keys);
            input_free(in);
        }
    // Where none is expected, a broken one takes no key with it.
    struct input *in = input_of_terminal();
    struct buf keys = {0};
    input_feed(in, "\x1b]1", 3);
    keys_of(in, true, &keys);
    input_feed(in, "jk", 2);
    keys_of(in, false, &keys);
    assert_string_equal(buf_cstr(&keys), "j k");
    buf_free(&keys);
    input_free(in);
}

static void the_mouse_presses_and_scrolls(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int what, row, col; // what -1: no key
    } cases[] = {
        {"\x1b[<0;10;3M", MOUSE_PRESS, 2, 9},
        {"\x1b[<0;10;3m", -1, 0, 0},
        {"\x1b[<64;1;1M", MOUSE_WHEEL_UP, 0, 0},
        {"\x1b[<65;200;60M", MOUSE_WHEEL_DOWN, 59, 199},
        {"\x1b[<4;5;6M", MOUSE_PRESS, 5, 4},
        {"\x1b[<2;5;6M", -1, 0, 0},
        {"\x1b[<35;5;6M", -1, 0, 0},
        {"\x1b[<0;0;0M", -1, 0, 0},
        {"\x1b[<99999999999;1;1M", -1, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct input *in = input_of_terminal();
        int key = 0;
        input_feed(in, cases[i].bytes, strlen(cases[i].bytes));
        assert_int_equal(input_next(in, false, &key), cases[i].what >= 0);
        if (cases[i].what >= 0) {
            assert_int_equal(key, KEYS_MOUSE);
            assert_int_equal(input_mouse(in).what, cases[i].what);
            assert_int_equal(input_mouse(in).row, cases[i].row);
            assert_int_equal(input_mouse(in).col, cases[i].col);
        }
        input_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_keys),
        cmocka_unit_test(escape_waits_a_moment),
        cmocka_unit_test(any_bytes_end),
        cmocka_unit_test(answers_are_no_keys),
        cmocka_unit_test(the_mouse_presses_and_scrolls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
