// Essays found by their words in the whole library: followed as they are typed, opened where they
// have them, kept as a shelf.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lectern/find.h"
#include "../support/library.h"
#include "../support/screen.h"

static int rows_with(struct screen *s, const char *what)
{
    int n = 0;
    for (int row = 0; row < s->rows; row++)
        n += strstr(screen_row(s, row), what) != NULL;
    return n;
}

// All that is under way is done.
static void rest(struct screen *s)
{
    do {
        ui_idle(s->ui);
        screen_text(s); // what has changed is read anew when it is drawn
    } while (ui_busy(s->ui));
}

static void they_look(void **state)
{
    (void)state;
    screen_picture("find", "find 'letter' <enter> settle");
    screen_picture("find-empty", "find");
    screen_picture("found", "find 'couriers' <enter> settle open settle");
}

static void they_are_followed_as_they_are_typed(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "find");
    screen_on(s, "Find everywhere:");
    screen_has(s, "Words are looked for");
    screen_do(s, "'cour'");
    rest(s);
    screen_has(s, "Quiet Return"); // the last word is not whole yet
    screen_has(s, "Couriers were slow");
    screen_do(s, "'iezzz'");
    rest(s);
    screen_has(s, "No essay has that");
    screen_do(s, "<esc>");
    screen_has(s, "Lectern"); // where it began: the shelf
    screen_do(s, "find 'cour' <enter>");
    rest(s);
    screen_has(s, "A star stands for the rest");
    screen_do(s, "find '*' <enter>"); // goes on with what was typed
    rest(s);
    screen_has(s, "“cour*”");
    screen_has(s, "2 essays");
    screen_do(s, "find 'x' <esc>");
    rest(s);
    screen_has(s, "“cour*”");
    screen_has(s, "Quiet Return");
    screen_do(s, "find <enter> back");
    screen_has(s, "Lectern");
    screen_do(s, "find <enter>"); // nothing asked
    screen_has(s, "Lectern");
    screen_close(s);
}

static void they_open_at_what_was_found(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "find 'edge' <enter>");
    rest(s);
    screen_has(s, "Quiet Return");
    screen_do(s, "open");
    screen_has(s, "the edge");
    screen_says(s, "edge: ");
    screen_do(s, "`n`");
    screen_says(s, "edge: 2 of");
    screen_do(s, "search-next search-prev");
    screen_says(s, "edge: 2 of");
    screen_do(s, "search-end");
    screen_has_not(s, "edge: 2 of");
    screen_do(s, "back");
    screen_has(s, "“edge”");
    screen_do(s, "back `*`'title:interrupted'<enter>");
    rest(s);
    screen_do(s, "open"); // only the title has it: where one was
    screen_has(s, "A reading room, about 1900");
    screen_has_not(s, "title:interrupted:");
    screen_close(s);
}

static void they_go_on_in_the_next_essay(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    shelves_add_html(s->store, 2, "The Harbour Post", "One more", "<p>A walrus.</p>", SCREEN_NOW);
    shelves_add_html(s->store, 2, "The Harbour Post", "And another",
                     "<p>First nothing. Then a walrus and a walrus.</p>", SCREEN_NOW);
    screen_do(s, "find 'walrus' <enter>");
    rest(s);
    screen_has(s, "2 essays");
    screen_do(s, "open");
    screen_says(s, "walrus: 1 of");
    screen_do(s, "next-essay");
    screen_says(s, "walrus: 1 of");
    screen_do(s, "back down");
    screen_says(s, "2/2");
    screen_close(s);
}

static void the_shelf_looks_everywhere_for_what_it_has_not(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'harbour' <enter>");
    screen_on(s, "The Harbour Post");
    screen_do(s, "search 'dunton' <enter>");
    rest(s);
    screen_has(s, "“dunton”");
    screen_has(s, "Quiet Return");
    screen_do(s, "back");
    screen_has(s, "The Harbour Post");
    screen_do(s, "`:find dunton augsburg`<enter>");
    rest(s);
    screen_has(s, "“dunton augsburg”");
    screen_has(s, "2 essays");
    screen_close(s);
}

static void a_list_of_them_is_a_list(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "find 'letter' <enter>");
    rest(s);
    int all = rows_with(s, " min");
    assert_true(all > 1);
    screen_do(s, "filter 'feed:slow' <enter>");
    rest(s);
    screen_has(s, "feed:slow");
    assert_true(rows_with(s, " min") < all || rows_with(s, "Slow Letters") == all);
    screen_do(s, "search-end");
    rest(s);
    assert_int_equal(rows_with(s, " min"), all);
    screen_do(s, "sort 'd'");
    rest(s);
    screen_has(s, "newest first");
    screen_do(s, "sort 'b'");
    rest(s);
    screen_has_not(s, "newest first");
    screen_do(s, "unread-only");
    rest(s);
    screen_has(s, "“letter”");
    screen_do(s, "unread-only");
    rest(s);
    // A click on a sentence opens what it is of; it counts in essays.
    ui_click(s->ui, 2 + 2 * 1 + 1, 10);
    screen_says(s, "2/");
    ui_click(s->ui, 2, 10);
    screen_says(s, "1/");
    ui_click(s->ui, 3, 10);
    screen_says(s, "letter: ");
    screen_close(s);
}

static void kept_as_a_shelf(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "find 'dunton' <enter>");
    rest(s);
    screen_do(s, "save-search 'Old booksellers' <enter> back");
    screen_has(s, "Old booksellers");
    screen_again(s, STORE_READER);
    screen_do(s, "search 'old book' <enter> open");
    rest(s);
    screen_has(s, "Old booksellers");
    screen_has(s, "Quiet Return");
    screen_has(s, "John Dunton");
    screen_do(s, "open");
    screen_says(s, "dunton: 1 of");
    screen_close(s);
}

static void what_comes_in_is_found(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "find 'walrus' <enter>");
    rest(s);
    screen_has(s, "No essay has that");
    struct store *other = library_open(s->path, STORE_WRITE);
    shelves_add_html(other, 2, "The Harbour Post", "One more", "<p>A walrus.</p>", SCREEN_NOW);
    rest(s);
    screen_has(s, "One more");
    // Indexed meanwhile: nothing to draw anew, and found as before.
    struct err e = ERR_INIT;
    for (bool more = true; more;)
        assert_true(find_index(other, 100, &more, &e));
    store_close(other);
    rest(s);
    screen_has(s, "One more");
    screen_do(s, "find ' harbour' <enter>");
    rest(s);
    screen_has(s, "No essay has that");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look),
        cmocka_unit_test(they_are_followed_as_they_are_typed),
        cmocka_unit_test(they_open_at_what_was_found),
        cmocka_unit_test(they_go_on_in_the_next_essay),
        cmocka_unit_test(the_shelf_looks_everywhere_for_what_it_has_not),
        cmocka_unit_test(a_list_of_them_is_a_list),
        cmocka_unit_test(kept_as_a_shelf),
        cmocka_unit_test(what_comes_in_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
