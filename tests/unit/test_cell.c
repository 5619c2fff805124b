// The canvas: text goes where it should, never over the edge, and half a wide glyph is never left
// behind.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"
#include "ui/cell.h"

static void dump_is(const struct canvas *c, bool roles, const char *expected)
{
    struct buf b = {0};
    canvas_dump(c, &b, roles);
    assert_string_equal(buf_cstr(&b), expected);
    buf_free(&b);
}

static void text_is_cut_at_the_edges(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(6, 3);
    assert_int_equal(canvas_str(c, 0, 3, 99, "hello", STYLE(TEXT)), 3);
    assert_int_equal(canvas_str(c, 1, 1, 2, "hello", STYLE(TEXT)), 2);
    canvas_str(c, 2, -2, 99, "hello", STYLE(TEXT));
    assert_int_equal(canvas_str(c, 3, 0, 99, "nowhere", STYLE(TEXT)), 0);
    assert_int_equal(canvas_str(c, -1, 0, 99, "nowhere", STYLE(TEXT)), 0);
    dump_is(c, false, "   hel\n he\nllo\n");
    canvas_free(c);
}

static void wide_glyphs_stay_whole(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(5, 4);
    assert_int_equal(canvas_str(c, 0, 0, 99, "日本語", STYLE(TEXT)),
                     5); // the third becomes a blank
    assert_int_equal(canvas_str(c, 1, 0, 3, "日本", STYLE(TEXT)), 3);
    canvas_str(c, 2, 0, 99, "日本", STYLE(TEXT));
    canvas_str(c, 2, 1, 99, "x", STYLE(TEXT)); // over a second half
    canvas_str(c, 2, 2, 99, "y", STYLE(TEXT)); // over a first half
    canvas_str(c, 3, -1, 99, "日x", STYLE(TEXT));
    dump_is(c, false, "日本\n日\n xy\n x\n");
    assert_int_equal(canvas_at(c, 0, 0).width, 2);
    assert_int_equal(canvas_at(c, 0, 1).width, 0);
    assert_string_equal(canvas_at(c, 0, 1).glyph, "");
    canvas_free(c);
}

static void marks_join_and_sequences_are_cut(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(12, 5);
    canvas_str(c, 0, 0, 99, "e\u0301x", STYLE(TEXT));
    assert_string_equal(canvas_at(c, 0, 0).glyph, "e\u0301");
    canvas_str(c, 1, 0, 99, "\u0301x", STYLE(TEXT)); // a mark with nothing before it
    canvas_str(c, 2, 0, 99, "\u2764\uFE0F!", STYLE(TEXT));
    assert_string_equal(canvas_at(c, 2, 0).glyph, "\u2764");
    canvas_str(c, 3, 0, 99, "👍🏽!", STYLE(TEXT));
    canvas_str(c, 4, 0, 99, "👩\u200D🚀!", STYLE(TEXT));
    dump_is(c, false, "e\u0301x\nx\n\u2764!\n👍  !\n👩🚀!\n");
    // Marks without end fit nowhere and harm nothing.
    struct buf zalgo = {0};
    buf_str(&zalgo, "a");
    for (int i = 0; i < 500; i++)
        buf_str(&zalgo, "\u0301");
    assert_int_equal(canvas_str(c, 1, 0, 99, zalgo.data, STYLE(TEXT)), 1);
    assert_true(strlen(canvas_at(c, 1, 0).glyph) < CELL_BYTES);
    buf_free(&zalgo);
    canvas_free(c);
}

static void controls_never_get_in(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(12, 1);
    canvas_str(c, 0, 0, 99,
               "a\x1b[2Jb\tc\xc2\x9b"
               "d\xff",
               STYLE(TEXT));
    dump_is(c, false, "a [2Jb c d\uFFFD\n");
    canvas_free(c);
}

static void helpers_place_text(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(12, 5);
    canvas_str_fit(c, 0, 0, 7, "A long title", STYLE(TITLE), false);
    canvas_str_fit(c, 1, 0, 7, "A long title", STYLE(TITLE), true);
    canvas_str_right(c, 2, 12, "日 3", STYLE(STATUS));
    canvas_fill(c, 3, 2, 99, "─", STYLE(RULE));
    canvas_fill(c, 4, 0, 5, "日", STYLE(TEXT));
    dump_is(c, false, "A long…\nA lo...\n        日 3\n  ──────────\n日日\n");
    canvas_free(c);
}

static void dump_shows_roles_and_marks(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(8, 2);
    canvas_str(c, 0, 0, 99, "Title", STYLE(TITLE));
    canvas_str(c, 1, 1, 99, "a b", STYLE(TEXT));
    dump_is(c, true, "Title\n a b\n--\nTTTTT\n . .\n");
    canvas_mark(c, 1, 3, 99, MARK_EM);
    canvas_mark(c, 1, -1, 2, MARK_LINK);
    dump_is(c, true, "Title\n a b\n--\nTTTTT\n . .\n--\n\nl  eeeee\n");
    canvas_free(c);
}

static void cursor_stays_inside(void **state)
{
    (void)state;
    struct canvas *c = canvas_new(3, 2);
    int row, col;
    canvas_cursor(c, 9, -4);
    canvas_cursor_at(c, &row, &col);
    assert_int_equal(row, 1);
    assert_int_equal(col, 0);
    canvas_resize(c, 0, -1);
    assert_int_equal(canvas_cols(c), 1);
    assert_int_equal(canvas_rows(c), 1);
    canvas_free(c);
}

static int random_of(unsigned *seed, unsigned n)
{
    *seed = *seed * 1103515245u + 12345u;
    return (int)((*seed >> 8) % n);
}

// Whatever is drawn in whatever order: halves pair up, and each row is exactly as wide as the
// canvas.
static void halves_always_pair_up(void **state)
{
    (void)state;
    static const char *const words[] = {
        "日本語", "plain", "e\u0301\u0302",      "👩\u200D👩",
        "\u0301", "a日b",  "\u1100\u1161\u11A8", "\U0001F1E9\U0001F1EA"};
    unsigned seed = 7;
    struct canvas *c = canvas_new(13, 3);
    for (int i = 0; i < 20000; i++) {
        canvas_str(c, random_of(&seed, 3), random_of(&seed, 18) - 3, random_of(&seed, 12),
                   words[random_of(&seed, 8)], STYLE(TEXT));
        if (i % 100)
            continue;
        for (int row = 0; row < 3; row++)
            for (int col = 0; col < 13; col++) {
                struct cell_view at = canvas_at(c, row, col);
                if (at.width == 2)
                    assert_int_equal(canvas_at(c, row, col + 1).width, 0);
                else if (at.width == 0)
                    assert_int_equal(canvas_at(c, row, col - 1).width, 2);
                assert_int_equal(utf8_cols(at.glyph, strlen(at.glyph)), at.width);
            }
    }
    canvas_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_at_the_edges),
        cmocka_unit_test(wide_glyphs_stay_whole),
        cmocka_unit_test(marks_join_and_sequences_are_cut),
        cmocka_unit_test(controls_never_get_in),
        cmocka_unit_test(helpers_place_text),
        cmocka_unit_test(dump_shows_roles_and_marks),
        cmocka_unit_test(cursor_stays_inside),
        cmocka_unit_test(halves_always_pair_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
