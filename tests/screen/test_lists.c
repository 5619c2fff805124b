// Lists of essays narrowed, sorted, parted by days; searches kept as shelves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../support/library.h"
#include "../support/screen.h"

static struct screen *all(int cols, int rows)
{
    struct screen *s = screen_open(cols, rows);
    screen_do(s, "search 'all' <enter> open idle");
    return s;
}

// How many rows of the screen have it.
static int rows_with(struct screen *s, const char *what)
{
    int n = 0;
    for (int row = 0; row < s->rows; row++)
        n += strstr(screen_row(s, row), what) != NULL;
    return n;
}

static void they_look(void **state)
{
    (void)state;
    screen_picture("filtered", "search 'all' <enter> open filter 'letter under:5' <enter>");
    screen_picture("filtering", "search 'all' <enter> open filter 'letter'");
    screen_picture("by-title", "search 'all' <enter> open sort 't'");
    screen_picture("by-day", "search 'all' <enter> open by-day down down");
}

static void words_are_followed_as_they_are_typed(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "down down");
    screen_do(s, "filter 'interrup'");
    screen_on(s, "Only: interrup"); // the line, while it is typed
    screen_has(s, "On Being Interrupted");
    screen_has_not(s, "Quiet Return");
    screen_do(s, "<backspace>'tzz'");
    screen_has(s, "No essay here is like that");
    screen_do(s, "<esc>"); // given up: as it was
    screen_has(s, "Quiet Return");
    screen_do(s, "filter 'is:'");
    screen_has(s, "Quiet Return"); // not understood yet
    screen_do(s, "'blue' <enter>");
    screen_has(s, "is:blue is not known");
    screen_do(s, "filter 'interrup' <enter>");
    screen_has(s, "1 with interrup");
    screen_do(s, "open back");
    screen_has(s, "1 with interrup"); // still narrowed
    screen_do(s, "search-end");
    screen_says(s, "All essays again");
    screen_on(s, "On Being Interrupted"); // the cursor stays on its essay
    screen_has(s, "Issue 949");
    screen_do(s, "top command 'filter feed:slow' <enter>");
    screen_has(s, "with feed:slow");
    screen_has_not(s, "Issue 949");
    screen_do(s, "command 'sort -title' <enter> idle");
    screen_has(s, "by title, reversed");
    screen_do(s, "back command 'sort title' <enter>");
    screen_says(s, "Only lists of essays");
    screen_close(s);
}

static void what_comes_in_is_narrowed_too(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "filter 'harbour' <enter>");
    int before = rows_with(s, "The Harbour");
    screen_new_essay(s, 2, "Fog Over the Water", SCREEN_NOW - 60);
    screen_new_essay(s, 1, "A Letter of Thanks", SCREEN_NOW - 50);
    screen_do(s, "idle idle");
    screen_has(s, "Fog Over the Water");
    screen_has_not(s, "A Letter of Thanks");
    assert_true(before > 0);
    screen_close(s);
}

static void four_orders(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "sort");
    screen_says(s, "d date");
    screen_do(s, "'t' idle");
    screen_has(s, "by title");
    screen_do(s, "top");
    screen_on(s, "A Short History of the Footnote");
    screen_do(s, "sort 'l' idle");
    screen_has(s, "by length");
    screen_do(s, "sort 'l' idle");
    screen_has(s, "by length, reversed");
    screen_do(s, "sort 'd' idle sort 'd' idle");
    screen_has(s, "oldest first");
    screen_do(s, "sort 'd' idle");
    screen_has_not(s, "oldest first");
    screen_do(s, "sort 'x'");
    screen_has_not(s, "by ");
    screen_close(s);
}

static void the_next_unread_is_that_of_the_list(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "filter 'feed:slow' <enter> sort 't' idle open");
    for (int i = 0; i < 20; i++)
        screen_do(s, "next-unread");
    screen_do(s, "back");
    screen_do(s, "search-end idle");
    // Only essays of that feed were opened.
    screen_do(s, "filter 'is:unread feed:slow' <enter>");
    int left = rows_with(s, "●");
    screen_do(s, "search-end filter 'is:unread -feed:slow' <enter> idle");
    assert_true(rows_with(s, "●") > left);
    screen_close(s);
}

static void marking_all_marks_what_is_listed(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "filter 'feed:harbour' <enter> mark-all-read search-end idle");
    screen_do(s, "filter 'is:unread feed:harbour' <enter>");
    screen_has(s, "No essay here is like that");
    screen_do(s, "search-end filter 'is:unread' <enter>");
    assert_true(rows_with(s, "●") > 0);
    screen_do(s, "search-end undo filter 'is:unread feed:harbour' <enter>");
    assert_true(rows_with(s, "●") > 0);
    screen_close(s);
}

static void what_fits_in_the_minutes_there_are(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "5*fits");
    screen_has(s, "is:unread under:5");
    screen_do(s, "search-end fits '12' <enter>");
    screen_has(s, "is:unread under:12");
    screen_do(s, "fits 'soon' <enter>");
    screen_says(s, "Minutes are a number");
    screen_close(s);
}

static void days_have_a_line(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "by-day");
    screen_has(s, "Wednesday, 18 November");
    for (int i = 0; i < 40; i++) { // the cursor is always on an essay that is seen
        screen_do(s, i % 7 == 6 ? "page-down" : "down");
        screen_on(s, "min");
    }
    for (int i = 0; i < 40; i++) {
        screen_do(s, i % 9 == 8 ? "page-up" : "up");
        screen_on(s, "min");
    }
    screen_do(s, "by-day");
    screen_has_not(s, "Wednesday, 18");
    screen_close(s);
}

static void searches_become_shelves(void **state)
{
    (void)state;
    struct screen *s = all(80, 24);
    screen_do(s, "save-search");
    screen_says(s, "narrows the list first");
    screen_do(s, "filter 'letter under:40' <enter> save-search 'Short letters' <enter>");
    screen_says(s, "on the shelf now");
    screen_again(s, STORE_READER);
    screen_has(s, "Short letters");
    screen_do(s, "search 'short' <enter> mark-all-read");
    screen_says(s, "Open it first");
    screen_do(s, "open idle");
    screen_has(s, "with letter under:40");
    screen_has(s, "Quiet Return");
    screen_do(s, "back search 'short' <enter> remove");
    screen_has_not(s, "Short letters  ");
    screen_says(s, "no longer kept");
    screen_do(s, "undo idle");
    screen_do(s, "search 'short' <enter>");
    screen_on(s, "Short letters");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look),
        cmocka_unit_test(words_are_followed_as_they_are_typed),
        cmocka_unit_test(what_comes_in_is_narrowed_too),
        cmocka_unit_test(four_orders),
        cmocka_unit_test(the_next_unread_is_that_of_the_list),
        cmocka_unit_test(marking_all_marks_what_is_listed),
        cmocka_unit_test(what_fits_in_the_minutes_there_are),
        cmocka_unit_test(days_have_a_line),
        cmocka_unit_test(searches_become_shelves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
