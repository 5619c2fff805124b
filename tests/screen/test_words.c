// For screen readers: every row a sentence with the cursor at its beginning, no sign or rule that
// only decorates; and where links lead, for terminals that open them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../support/screen.h"

static struct screen *accessible(int cols, int rows)
{
    struct screen *s = screen_open(cols, rows);
    struct err e = ERR_INIT;
    assert_true(conf_set(s->conf, "accessible", "yes", &e));
    return s;
}

static void looks(void **state)
{
    (void)state;
    struct screen *s = accessible(80, 24);
    screen_golden(s, "words-shelf");
    screen_do(s, "search 'slow' <enter> open");
    screen_golden(s, "words-contents");
    screen_do(s, "open");
    screen_golden(s, "words-essay");
    screen_do(s, "note");
    screen_golden(s, "words-note");
    screen_close(s);
}

// No line, box or block drawn of letters in any view.
static void nothing_only_decorates(void **state)
{
    (void)state;
    static const char *const scripts[] = {"",
                                          "help",
                                          "search 'slow' <enter> open",
                                          "search 'slow' <enter> open open",
                                          "search 'slow' <enter> open open links",
                                          "search 'slow' <enter> open open note",
                                          "search 'slow' <enter> open audio",
                                          "messages"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct screen *s = accessible(80, 24);
        screen_do(s, scripts[i]);
        for (int page = 0; page < 5; page++) {
            for (const char *t = screen_text(s); *t; t++)
                if ((unsigned char)t[0] == 0xE2 &&
                    ((unsigned char)t[1] == 0x94 || (unsigned char)t[1] == 0x95))
                    fail_msg("a drawn line in '%s':\n%s", scripts[i], screen_text(s));
            if (!ui_prompting(s->ui))
                screen_do(s, "page-down");
        }
        screen_close(s);
    }
}

static void the_cursor_stands_where_the_row_begins(void **state)
{
    (void)state;
    struct screen *s = accessible(80, 24);
    screen_do(s, "search 'slow' <enter> open");
    for (int i = 0; i < 4; i++) {
        int row, col;
        const char *line = screen_current(s);
        canvas_cursor_at(s->canvas, &row, &col);
        assert_true(line[0] != ' ');
        assert_int_equal(col, 0);
        screen_do(s, "down");
    }
    screen_close(s);
}

// A moving cursor does not drag along what the bottom line tells of every row it passes.
static void the_bottom_line_waits_for_the_cursor(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'slow' <enter> open");
    const char *line = screen_row(s, -1);
    assert_non_null(strstr(line, "Why the oldest form of publishing"));
    assert_non_null(strstr(line, "1/6"));
    struct buf moving = {0};
    ui_act(s->ui, ACT_DOWN, 0);
    ui_draw(s->ui, s->canvas);
    canvas_dump(s->canvas, &moving, false);
    assert_non_null(strstr(moving.data, "Why the oldest form of publishing"));
    assert_non_null(strstr(moving.data, "2/6"));
    assert_true(ui_restless(s->ui));
    ui_rest(s->ui);
    assert_true(ui_dirty(s->ui));
    assert_false(ui_restless(s->ui));
    line = screen_row(s, -1);
    assert_null(strstr(line, "Why the oldest"));
    assert_non_null(strstr(line, "2/6"));
    buf_free(&moving);
    screen_close(s);
}

static void links_are_told_by_option(void **state)
{
    (void)state;
    for (int on = 0; on < 2; on++) {
        struct screen *s = screen_open(80, 24);
        struct err e = ERR_INIT;
        assert_true(conf_set(s->conf, "hyperlinks", on ? "yes" : "no", &e));
        screen_do(s, "search 'slow' <enter> open open");
        size_t cells = 0;
        for (int page = 0; page < 30; page++) {
            screen_text(s);
            for (int row = 0; row < 24; row++)
                for (int col = 0; col < 80; col++) {
                    struct cell_view at = canvas_at(s->canvas, row, col);
                    if (!at.link)
                        continue;
                    cells++;
                    assert_true(at.style.marks & MARK_LINK);
                    assert_memory_equal(canvas_links(s->canvas)[at.link - 1], "http", 4);
                }
            screen_do(s, "page-down");
        }
        assert_int_equal(cells > 0, on);
        screen_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks),
        cmocka_unit_test(nothing_only_decorates),
        cmocka_unit_test(the_cursor_stands_where_the_row_begins),
        cmocka_unit_test(the_bottom_line_waits_for_the_cursor),
        cmocka_unit_test(links_are_told_by_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
