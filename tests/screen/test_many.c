// A shelf so long that its list is shown before all of it is read: what is seen and where keys lead
// is the same as when all of it was read before, and it takes turns with the keys.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/library.h"
#include "../support/screen.h"
#include "lectern/mem.h"
#include "lectern/store.h"

enum { MANY = 12000, FEEDS = 3 };

// Three feeds that take turns, every fourth essay read; two of them tagged "both".
static struct screen *many(void)
{
    struct screen *s = screen_open_empty(80, 24);
    struct err e = ERR_INIT;
    for (int f = 0; f < FEEDS; f++) {
        char url[40], name[16];
        snprintf(url, sizeof url, "https://many%d.example/feed", f);
        snprintf(name, sizeof name, "Feed %c", "ABC"[f]);
        int64_t feed = library_feed(s->store, url);
        struct feed_update *u = update_new(name, MANY / FEEDS);
        for (int i = f; i < MANY; i += FEEDS)
            update_add(u, arena_printf(u->arena, "guid-%d", i),
                       arena_printf(u->arena, "Number %d", i), SCREEN_NOW - 3600 - i / 5 * 5,
                       i % 7 ? "<p>some words</p>" : "<p>more words than that</p>");
        library_apply(s->store, feed, u, SCREEN_NOW);
        update_free(u);
        assert_true(f == 2 || store_feed_tag(s->store, feed, "both", true, &e));
    }
    struct shelf all = {.kind = SHELF_ALL};
    int64_t *ids;
    size_t n, kept = 0;
    assert_true(store_ids(s->store, &all, false, SCREEN_NOW, 0, &ids, &n, &e));
    assert_int_equal(n, MANY);
    for (size_t i = 0; i < n; i += 4)
        ids[kept++] = ids[i];
    store_set_read(s->store, ids, kept, true);
    assert_true(store_flush(s->store, 1000, &e));
    free(ids);
    screen_again(s, STORE_READER);
    return s;
}

static void idle_to_the_end(struct screen *s)
{
    screen_do(s, "idle");
    for (int i = 0; ui_busy(s->ui); i++) {
        assert_true(i < 500);
        screen_do(s, "idle");
    }
}

static void open_row(struct screen *s, const char *shelf)
{
    char script[64];
    snprintf(script, sizeof script, "search '%s' <enter> open", shelf);
    screen_do(s, script);
}

static void all_ways_lead_to_the_same_lines(void **state)
{
    (void)state;
    static const char *const shelves[] = {"all", "unread", "feed b", "both"};
    static const char *const scripts[] = {
        "down",
        "page-down",
        "130*page-down",
        "bottom",
        "bottom 3*page-up",
        "2500*bottom",
        "2500*bottom page-up",
        "2100*down",
        "9000*bottom half-down",
        "9999999*bottom up",
        "2040*down page-down page-down",
        "unread-only",
        "unread-only bottom page-up",
        "unread-only 2300*bottom",
        "bottom next-unread",
        "bottom up prev-unread prev-unread",
        "2600*bottom next-unread next-unread",
        "bottom by-day page-up",
        "bottom half-up unread-only",
        "3000*bottom toggle-read undo",
    };
    struct screen *s = many();
    for (size_t k = 0; k < sizeof shelves / sizeof *shelves; k++)
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
            screen_again(s, STORE_READER);
            open_row(s, shelves[k]);
            idle_to_the_end(s);
            screen_do(s, scripts[i]);
            char *whole = mem_strdup(screen_text(s));
            idle_to_the_end(s);
            char *later = mem_strdup(screen_text(s));
            screen_again(s, STORE_READER);
            open_row(s, shelves[k]);
            assert_true(ui_busy(s->ui));
            screen_do(s, scripts[i]);
            if (strcmp(screen_text(s), whole) != 0)
                fail_msg("%s: %s\n%s\nbut when all was read before\n%s", shelves[k], scripts[i],
                         screen_text(s), whole);
            idle_to_the_end(s);
            if (strcmp(screen_text(s), later) != 0)
                fail_msg("%s: %s, later\n%s\nbut when all was read before\n%s", shelves[k],
                         scripts[i], screen_text(s), later);
            free(whole);
            free(later);
        }
    screen_close(s);
}

static void what_looks_at_all_of_it_waits_for_it(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "search 'number 11998' <enter>",     "search 'number 4711' <enter>",
        "filter 'number 77' <enter>",        "filter 'number 77' <enter> unread-only",
        "filter 'is:unread feed:c' <enter>", "unread-only filter 'number 5' <enter>",
    };
    struct screen *s = many();
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        screen_again(s, STORE_READER);
        open_row(s, "all");
        idle_to_the_end(s);
        screen_do(s, scripts[i]);
        idle_to_the_end(s);
        screen_do(s, "bottom");
        char *whole = mem_strdup(screen_text(s));
        screen_again(s, STORE_READER);
        open_row(s, "all");
        assert_true(ui_busy(s->ui));
        screen_do(s, scripts[i]);
        idle_to_the_end(s);
        screen_do(s, "bottom");
        if (strcmp(screen_text(s), whole) != 0)
            fail_msg("%s\n%s\nbut when all was read before\n%s", scripts[i], screen_text(s), whole);
        free(whole);
    }
    screen_close(s);
}

// While the list is read anew what is shown stays, and the line under the cursor with it.
static void what_comes_in_moves_nothing(void **state)
{
    (void)state;
    struct screen *s = many();
    open_row(s, "unread");
    screen_do(s, "5000*bottom");
    char *line = mem_strdup(screen_current(s));
    for (int i = 0; i < 5; i++) {
        char title[24];
        snprintf(title, sizeof title, "Come in late %d", i);
        screen_new_essay(s, 1, title, SCREEN_NOW - (i % 2 ? 10 : 9000) + i);
        screen_do(s, "idle");
        assert_string_equal(screen_current(s), line);
    }
    idle_to_the_end(s);
    assert_string_equal(screen_current(s), line);
    screen_says(s, "/9005");
    screen_do(s, "toggle-read");
    screen_new_essay(s, 1, "The last to come", SCREEN_NOW - 1);
    idle_to_the_end(s);
    screen_do(s, "top");
    screen_has(s, "Come in late 3");
    screen_has(s, "The last to come");
    screen_do(s, "5004*bottom"); // what was read just now is still where it was
    assert_non_null(strstr(screen_text(s), strstr(line, "Number")));
    screen_says(s, "/9006");
    free(line);
    screen_close(s);
}

// Going from essay to essay in a list that is not whole yet; what was read there stays in it.
static void essays_follow_each_other(void **state)
{
    (void)state;
    struct screen *s = many();
    open_row(s, "unread");
    screen_do(s, "bottom prev-essay");
    char *line = mem_strdup(strstr(screen_current(s), "Number"));
    line[12] = 0;
    screen_do(s, "open next-essay prev-essay prev-essay next-essay");
    screen_has(s, line);
    screen_do(s, "back");
    assert_non_null(strstr(screen_current(s), line));
    screen_says(s, "8999/9000");
    assert_true(ui_busy(s->ui));
    idle_to_the_end(s);
    assert_non_null(strstr(screen_current(s), line));
    screen_says(s, "8999/9000");
    assert_null(strstr(screen_current(s), "●"));
    free(line);
    screen_close(s);
}

static void many_are_marked_between_the_keys(void **state)
{
    (void)state;
    struct screen *s = many();
    open_row(s, "feed b");
    screen_do(s, "mark-all-read");
    screen_says(s, "Marking Feed B read");
    assert_true(ui_busy(s->ui));
    screen_do(s, "idle down"); // keys are answered meanwhile
    idle_to_the_end(s);
    screen_says(s, "Feed B: 3000 essays marked read (u undoes)");
    screen_has(s, "4000 essays, 0 new");
    screen_do(s, "undo");
    idle_to_the_end(s);
    screen_has(s, "4000 essays, 3000 new");
    // Taken back half done: what was marked is unread again, what was not stays so.
    screen_do(s, "mark-all-read idle undo");
    idle_to_the_end(s);
    screen_has(s, "4000 essays, 3000 new");
    screen_do(s, "undo");
    screen_says(s, "Nothing left to undo");
    // From the shelf; an end in the middle leaves nothing undone.
    screen_do(s, "back mark-all-read");
    assert_true(ui_busy(s->ui));
    screen_again(s, STORE_READER);
    open_row(s, "feed b");
    screen_has(s, "4000 essays, 0 new");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_lead_to_the_same_lines),
        cmocka_unit_test(what_looks_at_all_of_it_waits_for_it),
        cmocka_unit_test(what_comes_in_moves_nothing),
        cmocka_unit_test(essays_follow_each_other),
        cmocka_unit_test(many_are_marked_between_the_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
