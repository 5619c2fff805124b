// What terminals answer, and what is made of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ui/term_ask.h"

static bool answer(struct ask *a, const char *s, struct buf *out)
{
    buf_clear(out);
    return ask_answer(a, s, strlen(s), out);
}

static void backgrounds(void **state)
{
    (void)state;
    static const struct {
        const char *says;
        enum ground ground;
    } cases[] = {
        {"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", GROUND_LIGHT},
        {"\x1b]11;rgb:0000/0000/0000\x07", GROUND_DARK},
        {"\x1b]11;rgb:fa/f8/ef\x07", GROUND_LIGHT},
        {"\x1b]11;rgb:1/1/2\x07", GROUND_DARK},
        {"\x1b]11;rgba:ffff/ffff/dddd/8000\x07", GROUND_LIGHT},
        {"\x1b]11;rgb:0000/ffff/0000\x07", GROUND_LIGHT}, // green is light, blue is not
        {"\x1b]11;rgb:0000/0000/ffff\x07", GROUND_DARK},
        {"\x1b]11;?\x07", GROUND_UNKNOWN},
        {"\x1b]11;rgb:ffff/ffff\x07", GROUND_UNKNOWN},
        {"\x1b]11;rgb://\x07", GROUND_UNKNOWN},
        {"\x1b]10;rgb:ffff/ffff/ffff\x07", GROUND_UNKNOWN},
        {"\x1b]11;white\x07", GROUND_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ask a = {0};
        struct buf out = {0};
        ask_begin(&a, true, &out);
        assert_string_equal(buf_cstr(&out), "\x1b]11;?\x1b\\\x1b[c");
        assert_int_equal(answer(&a, cases[i].says, &out), cases[i].ground != GROUND_UNKNOWN);
        assert_int_equal(a.ground, cases[i].ground);
        assert_true(ask_open(&a));
        assert_false(answer(&a, "\x1b[?1;2c", &out)); // a VT100: nothing more
        assert_int_equal(out.len, 0);
        assert_false(ask_open(&a));
        assert_false(answer(&a, "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", &out)); // too late
        assert_int_equal(a.ground, cases[i].ground);
        buf_free(&out);
    }
}

static void later_ones_are_asked_more(void **state)
{
    (void)state;
    struct ask a = {.colours = true};
    struct buf out = {0};
    ask_begin(&a, false, &out);
    assert_string_equal(buf_cstr(&out), "\x1b[c");
    assert_false(answer(&a, "\x1b[?64;1;2;6;22c", &out));
    assert_string_equal(buf_cstr(&out), "\x1b[?2026$p\x1bP+q5463;524742\x1b\\\x1b[c");
    assert_true(answer(&a, "\x1b[?2026;2$y", &out));
    assert_true(a.sync);
    assert_false(answer(&a, "\x1bP0+r5463\x1b\\", &out));
    assert_false(a.rgb);
    assert_true(answer(&a, "\x1bP1+r524742=382f382f38\x1b\\", &out));
    assert_true(a.rgb);
    assert_true(ask_open(&a));
    assert_false(answer(&a, "\x1b[?64;1;2;6;22c", &out));
    assert_false(ask_open(&a));
    buf_free(&out);
    static const char *const without[] = {"\x1b[?2026;0$y", "\x1b[?2026;4$y", "\x1b[?2026$y"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        struct ask b = {0};
        ask_begin(&b, false, &out);
        answer(&b, "\x1b[?62c", &out);
        assert_string_equal(buf_cstr(&out), "\x1b[?2026$p\x1b[c");
        assert_false(answer(&b, without[i], &out));
        assert_false(b.sync);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backgrounds),
        cmocka_unit_test(later_ones_are_asked_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
