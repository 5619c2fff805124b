// Views side by side on wide screens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../support/library.h"
#include "../support/screen.h"

static void it_looks(void **state)
{
    (void)state;
    static const int sizes[][2] = {{200, 60}, {130, 24}};
    for (int i = 0; i < 2; i++) {
        struct screen *s = screen_open(sizes[i][0], sizes[i][1]);
        screen_do(s, "side-by-side search 'slow' <enter> open");
        screen_golden(s, "side-list");
        screen_do(s, "search 'quiet' <enter> open page-down");
        screen_golden(s, "side-essay");
        screen_do(s, "search 'athenian' <enter> search-end top note");
        screen_golden(s, "side-note");
        screen_close(s);
    }
}

static void where_one_came_from_stays_in_sight(void **state)
{
    (void)state;
    struct screen *s = screen_open(200, 60);
    screen_do(s, "side-by-side");
    screen_says(s, "Side by side");
    screen_do(s, "search 'slow' <enter> open");
    screen_has(s, "Continue reading"); // the shelf
    screen_has(s, "What a Margin Is For");
    screen_do(s, "search 'quiet' <enter> open");
    screen_has(s, "Continue reading");
    screen_has(s, "What a Margin Is For");  // the list
    screen_has(s, "In the winter of 1690"); // the essay
    screen_do(s, "help");
    screen_has(s, "Continue reading");
    screen_has(s, "Keys of an essay");
    screen_do(s, "back");
    // Turned off, the page is as if it had never been on.
    screen_do(s, "side-by-side");
    screen_has_not(s, "Continue reading");
    screen_do(s, "side-by-side");
    screen_size(s, 100, 30); // too narrow for it
    screen_has_not(s, "Continue reading");
    screen_has(s, "In the winter of 1690");
    screen_size(s, 130, 30); // the list and the essay
    screen_has_not(s, "Continue reading");
    screen_has(s, "What a Margin Is For");
    screen_has(s, "In the winter of 1690");
    screen_size(s, 1, 1);
    screen_size(s, 200, 60);
    screen_has(s, "Continue reading");
    screen_close(s);
}

static void neighbours_follow_what_is_read(void **state)
{
    (void)state;
    struct screen *s = screen_open(200, 60);
    screen_do(s, "side-by-side search 'slow' <enter> open search 'quiet' <enter> open next-essay");
    screen_has(s, "What a Margin Is For");
    assert_string_equal(ui_terminal_title(s->ui), "What a Margin Is For");
    screen_new_essay(s, 1, "Come In Meanwhile", SCREEN_NOW - 60);
    screen_do(s, "idle idle");
    screen_has(s, "Come In Meanwhile"); // in the list beside
    screen_do(s, "back back");
    screen_has(s, "Continue reading");
    screen_do(s, "up down");
    screen_close(s);
    s = screen_open(80, 24);
    screen_do(s, "side-by-side");
    screen_says(s, "120 columns");
    screen_close(s);
}

static void a_place_is_kept_through_all_widths(void **state)
{
    (void)state;
    struct screen *s = screen_open(200, 40);
    screen_do(s,
              "search 'slow' <enter> open search 'quiet' <enter> open next-heading next-heading");
    screen_has(s, "The sheet and the screen");
    for (int i = 0; i < 6; i++) {
        screen_do(s, "side-by-side");
        screen_has(s, "The sheet and the screen");
        screen_size(s, i % 2 ? 200 : 124, 40);
        screen_has(s, "The sheet and the screen");
    }
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks),
        cmocka_unit_test(where_one_came_from_stays_in_sight),
        cmocka_unit_test(neighbours_follow_what_is_read),
        cmocka_unit_test(a_place_is_kept_through_all_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
