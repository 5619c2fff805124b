// A feed's page: what of it is the reader's own is changed there, and taken back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/screen.h"

static struct screen *page(void)
{
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'harbour' <enter> feed");
    screen_has(s, "The Harbour Post");
    return s;
}

// The line is emptied before something is typed.
#define ANEW "<^u>"

static void its_name(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "rename " ANEW "'Sea and Fog' <enter>");
    screen_says(s, "is called Sea and Fog now");
    screen_do(s, "back");
    screen_on(s, "Sea and Fog");
    screen_do(s, "undo");
    screen_on(s, "The Harbour Post");
    screen_do(s, "feed rename <esc>");
    screen_has(s, "The Harbour Post");
    screen_close(s);
}

static void its_tags(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "tag");
    screen_says(s, "Tags: essays");
    screen_do(s, ANEW "'sea \"far away\"' <enter> back");
    screen_has(s, "far away");
    screen_do(s, "top search 'harbour' <enter> undo idle");
    screen_has_not(s, "far away");
    screen_do(s, "search 'harbour' <enter> tag " ANEW "<enter>"); // from the shelf as well
    screen_says(s, "has no tags now");
    screen_do(s, "undo");
    screen_close(s);
}

// What the configuration says of keeping stands there, once it says anything.
static void what_it_keeps(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_has_not(s, "Keeps");
    screen_do(s, "command 'set keep-days 90' <enter>");
    screen_do(s, "back feed");
    screen_has(s, "Keeps");
    screen_has(s, "90 days, and all that is unread or begun");
    screen_close(s);
}

static void its_interval_and_address(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "interval " ANEW "'90' <enter>");
    screen_has(s, "every 90 minutes");
    screen_do(s, "interval " ANEW "'2' <enter>");
    screen_has(s, "5 to 10080");
    screen_do(s, "interval " ANEW "'soon' <enter>");
    screen_has(s, "number of minutes");
    screen_has(s, "every 90 minutes");
    screen_do(s, "command 'interval 0' <enter>");
    screen_has_not(s, "every 90 minutes");
    screen_do(s, "undo");
    screen_has(s, "every 90 minutes");
    screen_do(s, "move " ANEW "'https://fog.example/feed' <enter>");
    screen_has(s, "https://fog.example/feed");
    screen_do(s, "move " ANEW "'javascript:alert(1)' <enter>");
    screen_has(s, "A feed's address is whole");
    screen_do(s, "undo");
    screen_has(s, "https://harbour.example/feed");
    screen_close(s);
}

static void a_password_is_never_shown(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "command 'move https://ada:secret@fog.example/feed' <enter>");
    screen_has(s, "https://fog.example/feed");
    screen_has_not(s, "secret");
    screen_do(s, "move");
    screen_says(s, "https://fog.example/feed");
    screen_has_not(s, "secret");
    screen_do(s, "<enter>"); // as it was shown: nothing changes, the password stays
    struct arena *a = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    assert_true(store_feed_find(s->store, "Harbour", a, &f, &e));
    assert_string_equal(f.address, "https://ada:secret@fog.example/feed");
    arena_free(a);
    screen_close(s);
}

static void typed_tags_are_taken_back(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "command 'tag -essays sea \"far \\\"away\\\"\"' <enter>");
    screen_has(s, "far \"away\"");
    screen_do(s, "undo");
    screen_has_not(s, "far \"away\"");
    screen_do(s, "tag");
    screen_says(s, "Tags: essays");
    screen_do(s, "<esc> back top search 'bookmarks' <enter> open command 'tag later' <enter>");
    screen_says(s, "tagged later");
    screen_do(s, "filter 'tag:later' <enter>");
    screen_has(s, "1 with tag:later");
    screen_do(s, "search-end undo filter 'tag:later' <enter>");
    screen_has(s, "No essay here is like that");
    screen_close(s);
}

static void it_is_removed_and_comes_back(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_do(s, "remove 'n'");
    screen_has(s, "The Harbour Post");
    screen_do(s, "remove 'y'");
    screen_says(s, "gone from the shelf");
    screen_has(s, "Lectern"); // the page went with it
    screen_do(s, "undo search 'harbour' <enter>");
    screen_on(s, "The Harbour Post");
    screen_close(s);
}

static void a_library_that_is_only_read_is_not_changed(void **state)
{
    (void)state;
    struct screen *s = page();
    screen_again(s, STORE_READ);
    screen_do(s, "search 'harbour' <enter> feed rename");
    screen_says(s, "can only be read");
    screen_do(s, "command 'move https://fog.example/' <enter>");
    screen_says(s, "can only be read");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_name),
        cmocka_unit_test(its_tags),
        cmocka_unit_test(what_it_keeps),
        cmocka_unit_test(its_interval_and_address),
        cmocka_unit_test(a_password_is_never_shown),
        cmocka_unit_test(typed_tags_are_taken_back),
        cmocka_unit_test(it_is_removed_and_comes_back),
        cmocka_unit_test(a_library_that_is_only_read_is_not_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
