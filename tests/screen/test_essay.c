// Ways through an essay: its headings, its links by number, marks, the trail of jumps, its source.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/screen.h"
#include "lectern/utf8.h"

// The essay with two headings, two notes and two links, open on its first page.
static struct screen *reading(int cols, int rows)
{
    struct screen *s = screen_open(cols, rows);
    screen_do(s, "search 'slow' <enter> open search 'quiet' <enter> open");
    return s;
}

static void they_look(void **state)
{
    (void)state;
    screen_picture("outline", "search 'slow' <enter> open open outline");
    screen_picture("source", "search 'slow' <enter> open open source");
    screen_picture("hints", "search 'slow' <enter> open open search 'avvisi' <enter> hints");
    screen_picture("marks",
                   "search 'slow' <enter> open open mark 'a' next-heading mark 'Z' go-mark");
}

static void headings_lead_to_their_places(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "outline");
    screen_on(s, "The Quiet Return"); // where one is
    screen_do(s, "down down open");
    assert_non_null(strstr(screen_row(s, 1), "The sheet and the screen"));
    screen_do(s, "outline");
    screen_on(s, "The sheet and the screen");
    screen_do(s, "bottom");
    screen_on(s, "Notes");
    screen_do(s, "open");
    screen_has(s, "Athenian Mercury");
    screen_do(s, "outline search 'post' <enter>");
    screen_on(s, "What the post carried");
    screen_do(s, "back");
    screen_has(s, "Athenian Mercury"); // nothing moved
    screen_close(s);
    s = screen_open(80, 24); // an essay without any
    screen_do(s, "search 'harbour' <enter> open open outline");
    screen_says(s, "no headings");
    screen_close(s);
}

static void links_open_by_their_number(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "hints");
    screen_says(s, "No links on this page");
    screen_do(s, "search 'avvisi' <enter> search-end hints");
    screen_says(s, "Open link:");
    screen_do(s, "'7'");
    screen_says(s, "There is no link 7");
    assert_string_equal(buf_cstr(&s->browsed), "");
    screen_do(s, "'1'");
    assert_string_equal(buf_cstr(&s->browsed), "https://letters.example/avvisi\n");
    screen_do(s, "hints 'y1'"); // copied: the address in base64 on its way to the terminal
    assert_non_null(strstr(buf_cstr(&s->sent), "aHR0cHM6Ly9sZXR0ZXJzLmV4YW1wbGUvYXZ2aXNp"));
    screen_do(s, "hints 's1'");
    screen_has(s, "https://letters.example/avvisi");
    screen_do(s, "<esc> hints <esc>");
    screen_has_not(s, "Open link");
    assert_string_equal(buf_cstr(&s->browsed), "https://letters.example/avvisi\n");
    screen_do(s, "hints");
    screen_size(s, 60, 20); // the page is set anew: numbers would stand at wrong places
    screen_has_not(s, "Open link");
    screen_close(s);
}

static void jumps_leave_a_trail(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "jump-back");
    screen_says(s, "You have not jumped");
    screen_do(s, "down down next-heading next-heading bottom");
    screen_do(s, "jump-back");
    assert_non_null(strstr(screen_row(s, 1), "The sheet and the screen"));
    screen_do(s, "jump-back jump-back");
    assert_null(strstr(screen_row(s, 1), "What the post")); // two lines down from the beginning
    screen_has(s, "In the winter of 1690");
    screen_do(s, "jump-forward");
    assert_non_null(strstr(screen_row(s, 1), "What the post carried"));
    screen_do(s, "2*jump-forward jump-forward jump-forward");
    screen_has(s, "Athenian Mercury");
    screen_says(s, "nothing to go forward to");
    screen_close(s);
}

static void marks_are_kept(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "next-heading mark 'a'");
    screen_says(s, "Marked a");
    screen_do(s, "next-heading mark 'Q' top");
    screen_do(s, "go-mark 'x'");
    screen_says(s, "There is no mark x");
    screen_do(s, "go-mark 'a'");
    assert_non_null(strstr(screen_row(s, 1), "What the post carried"));
    screen_do(s, "bottom go-mark '' <esc>"); // the panel takes Escape
    screen_do(s, "mark <esc> mark '1'");
    screen_says(s, "A mark is a letter");
    screen_again(s, STORE_READER); // another day
    screen_do(s, "search 'slow' <enter> open search 'interrupted' <enter> open go-mark");
    screen_has(s, "The Quiet Return of the Letter"); // where Q leads
    screen_do(s, "'Q'");
    assert_non_null(strstr(screen_row(s, 1), "The sheet and the screen"));
    screen_do(s, "go-mark 'a'");
    assert_non_null(strstr(screen_row(s, 1), "What the post carried"));
    screen_do(s, "back"); // to the essay one came from
    assert_string_equal(ui_terminal_title(s->ui), "On Being Interrupted");
    screen_close(s);
}

static void the_source_is_shown_as_it_came(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "source");
    screen_has(s, "Source of The Quiet Return");
    screen_has(s, "class=\"footnote-anchor\"");
    screen_do(s, "search 'augsburg' <enter>");
    screen_has(s, "merchant in Augsburg");
    screen_do(s, "search 'zebra' <enter>");
    screen_says(s, "Not in the source");
    screen_do(s, "bottom");
    screen_says(s, "100%");
    screen_size(s, 30, 8);
    screen_size(s, 80, 24);
    screen_do(s, "browser");
    assert_non_null(strstr(buf_cstr(&s->browsed), "https://"));
    screen_do(s, "back");
    screen_has(s, "In the winter of 1690");
    screen_close(s);
}

static void a_search_is_followed_as_it_is_typed(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "9*down");
    char *from = mem_strdup(screen_row(s, 1));
    screen_do(s, "search 'the archi'");
    screen_has(s, "See the archive"); // the page has gone there
    screen_do(s, "'xyz'");
    assert_string_equal(screen_row(s, 1), from); // nothing is like that: where it began
    screen_do(s, "<backspace><backspace><backspace>");
    screen_has(s, "See the archive");
    screen_do(s, "<esc>");
    assert_string_equal(screen_row(s, 1), from);
    screen_do(s, "search 'the archi' <enter>");
    screen_has(s, "See the archive");
    screen_says(s, "1 of 1");
    screen_do(s, "search-end jump-back");
    assert_string_equal(screen_row(s, 1), from); // one jump, however many letters
    free(from);
    screen_close(s);
}

static int64_t unread_count(struct screen *s)
{
    struct shelf_counts n;
    struct err e = ERR_INIT;
    assert_true(store_counts(s->store, SCREEN_NOW, &n, &e));
    return n.unread;
}

static void what_counts_as_read_is_chosen(void **state)
{
    (void)state;
    static const char *const choices[] = {"opened", "end", "no"};
    for (int i = 0; i < 3; i++) {
        struct screen *s = screen_open(80, 24);
        int64_t before = unread_count(s);
        char *script = mem_printf("command 'set mark-read %s' <enter> search 'slow' <enter> open "
                                  "search 'quiet' <enter> open idle",
                                  choices[i]);
        screen_do(s, script);
        free(script);
        assert_int_equal(unread_count(s), before - (i == 0));
        screen_do(s, "page-down idle");
        assert_int_equal(unread_count(s), before - (i == 0));
        screen_do(s, "4*page-down idle");
        assert_int_equal(unread_count(s), before - (i <= 1));
        screen_do(s, "undo idle idle");
        assert_int_equal(unread_count(s), before); // and stays so
        screen_close(s);
    }
}

// A click on the first column of some words.
static void click(struct screen *s, const char *words)
{
    screen_text(s);
    for (int row = 0; row < s->rows - 1; row++) {
        const char *text = screen_row(s, row), *at = strstr(text, words);
        if (!at)
            continue;
        ui_click(s->ui, row, utf8_cols(text, (size_t)(at - text)));
        return;
    }
    fail_msg("%s is not on the screen", words);
}

static void the_mouse_follows_what_it_points_at(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    click(s, "he winter of 1690"); // nothing is there
    screen_has(s, "winter of 1690");
    click(s, "\u00b9");
    screen_has(s, "Athenian Mercury");
    click(s, "he winter of 1690"); // seen
    screen_has_not(s, "Athenian Mercury");
    screen_do(s, "search 'avvisi' <enter> search-end");
    assert_string_equal(buf_cstr(&s->browsed), "");
    click(s, "avvisi");
    assert_string_equal(buf_cstr(&s->browsed), "https://letters.example/avvisi\n");
    ui_click(s->ui, s->rows - 1, 3); // below the page
    ui_click(s->ui, 0, 79);
    screen_close(s);
    // Side by side, a click in the list goes back to it, and to the row.
    s = screen_open(200, 60);
    screen_do(s, "search 'slow' <enter> open side-by-side open");
    assert_int_equal(ui_view(s->ui), VIEW_READER);
    click(s, "On Being Interrupted");
    assert_int_equal(ui_view(s->ui), VIEW_CONTENTS);
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look),
        cmocka_unit_test(headings_lead_to_their_places),
        cmocka_unit_test(links_open_by_their_number),
        cmocka_unit_test(jumps_leave_a_trail),
        cmocka_unit_test(marks_are_kept),
        cmocka_unit_test(the_source_is_shown_as_it_came),
        cmocka_unit_test(a_search_is_followed_as_it_is_typed),
        cmocka_unit_test(what_counts_as_read_is_chosen),
        cmocka_unit_test(the_mouse_follows_what_it_points_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
