// An essay so long that its first page is shown before the rest is set: what is seen and where keys
// lead is the same as when all of it was set before.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../support/screen.h"
#include "lectern/mem.h"
#include "lectern/store.h"

// Some 9,000 lines: chapters of paragraphs that know their number, a note in each, a table in some.
static char *long_essay(void)
{
    struct buf b = {0};
    for (int chapter = 1; chapter <= 60; chapter++) {
        buf_printf(&b, "<h2>Chapter %d</h2>", chapter);
        for (int i = 0; i < 40; i++) {
            buf_printf(&b, "<p>Paragraph %d of chapter %d", i, chapter);
            for (int k = 0; k < 2 + i % 9; k++)
                buf_str(&b, ", which goes on for a while about letters and their readers");
            if (i == 20)
                buf_printf(&b, "<sup><a href=\"#n%d\" id=\"m%d\">%d</a></sup>", chapter, chapter,
                           chapter);
            buf_str(&b, ".</p>");
        }
        if (chapter % 7 == 0) {
            buf_str(&b, "<table><tr><th>Year</th><th>Letters</th></tr>");
            for (int year = 1660; year < 1720; year++)
                buf_printf(&b, "<tr><td>%d</td><td>%d</td></tr>", year, year * chapter);
            buf_str(&b, "</table>");
        }
    }
    buf_str(&b, "<hr><ol>");
    for (int n = 1; n <= 60; n++)
        buf_printf(&b, "<li id=\"n%d\">The note to chapter %d. <a href=\"#m%d\">back</a></li>", n,
                   n, n);
    buf_str(&b, "</ol>");
    return buf_take(&b, NULL);
}

static struct screen *reading(void)
{
    struct screen *s = screen_open_empty(80, 24);
    struct err e = ERR_INIT;
    struct store *other;
    char *html = long_essay();
    int64_t feed;
    bool existed;
    if (!store_open(s->path, STORE_WRITE, &other, &e) ||
        !store_feed_add(other, "https://long.example/feed", NULL, &feed, &existed, &e))
        fail_msg("%s", e.msg);
    shelves_add_html(other, feed, "Long Letters", "The Long One", html, SCREEN_NOW - 3600);
    store_close(other);
    free(html);
    screen_do(s, "idle bottom open open");
    return s;
}

static void idle_to_the_end(struct screen *s)
{
    for (int i = 0; ui_busy(s->ui); i++) {
        assert_true(i < 100);
        screen_do(s, "idle");
    }
}

static void the_first_page_comes_first(void **state)
{
    (void)state;
    struct screen *s = reading();
    screen_has(s, "The Long One");
    screen_has(s, "Paragraph 0 of chapter 1,");
    screen_says(s, "0% · ");
    assert_null(strstr(screen_row(s, -1), "1/"));
    assert_true(ui_busy(s->ui));
    idle_to_the_end(s);
    screen_says(s, "1/");
    screen_do(s, "bottom");
    screen_says(s, "End");
    screen_has(s, "The note to chapter 60.");
    // Coming back to a place far down is at once, too.
    screen_do(s, "search 'Paragraph 7 of chapter 50' <enter> search-end page-down");
    char *before = mem_strdup(screen_row(s, 1));
    screen_do(s, "back open");
    assert_string_equal(screen_row(s, 1), before);
    free(before);
    screen_close(s);
}

static void all_ways_lead_to_the_same_lines(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "page-down",
        "3*page-down page-up",
        "300*page-down",
        "300*page-down 2*page-up",
        "bottom",
        "150*bottom",
        "9999*bottom",
        "bottom 3*page-up",
        "2500*down",
        "99999*down",
        "half-down down up",
        "next-heading next-heading",
        "17*next-heading prev-heading",
        "99*next-heading",
        "search 'chapter 33,' <enter>",
        "search 'The note to chapter 12' <enter> search-end page-up",
        "search '1690' <enter> search-end page-down down up",
        "outline bottom open",
        "12*page-down narrower narrower",
        "bottom wider top",
        "search 'of chapter 3,' <enter> search-next search-end page-down links",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct screen *whole = reading(), *part = reading();
        idle_to_the_end(whole);
        screen_do(whole, scripts[i]);
        screen_do(part, scripts[i]);
        for (int row = 0; row < 23; row++)
            assert_string_equal(screen_row(part, row), screen_row(whole, row));
        screen_size(whole, 60, 30);
        screen_size(part, 60, 30);
        idle_to_the_end(whole);
        idle_to_the_end(part);
        assert_string_equal(screen_text(part), screen_text(whole));
        screen_close(whole);
        screen_close(part);
    }
}

static void notes_are_found_before_they_are_set(void **state)
{
    (void)state;
    struct screen *s = reading();
    screen_do(s, "search 'Paragraph 20 of chapter 1,' <enter> search-end note");
    screen_has(s, "The note to chapter 1.");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_page_comes_first),
        cmocka_unit_test(all_ways_lead_to_the_same_lines),
        cmocka_unit_test(notes_are_found_before_they_are_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
