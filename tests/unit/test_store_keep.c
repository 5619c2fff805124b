// What goes and what stays by the reader's own rule: nothing by default, never what a reader has
// put anything on, and what went does not come back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/house.h"
#include "lectern/mem.h"
#include "../support/library.h"

#define DAY 86400
#define NOW (1700000000 + 400 * (int64_t)DAY)
enum { ESSAYS = 20 };

static char *path;
static struct store *s;
static int64_t feed;

// Essay 0 is the newest; each is ten days older than the one before and came on its day.
static void fill(void)
{
    feed = library_feed(s, "https://letters.example/feed");
    for (int i = ESSAYS - 1; i >= 0; i--) {
        struct feed_update *u = update_new("Slow Letters", 1);
        int64_t day = NOW - (int64_t)i * 10 * DAY;
        update_add(u, arena_printf(u->arena, "g%d", i), arena_printf(u->arena, "Essay %d", i), day,
                   "<p>the text</p>");
        library_apply(s, feed, u, day);
        update_free(u);
    }
}

static int setup(void **state)
{
    (void)state;
    path = library_path("keep");
    s = library_open(path, STORE_WRITE);
    fill();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_close(s);
    free(path);
    free(library_path("keep"));
    return 0;
}

static int64_t *all(size_t *n)
{
    struct err e = ERR_INIT;
    int64_t *ids;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_FEED, .feed = feed}, false, NOW, 0, &ids,
                          n, &e));
    return ids;
}

static size_t total(void)
{
    size_t n;
    free(all(&n));
    return n;
}

static void read_all(void)
{
    size_t n;
    struct err e = ERR_INIT;
    int64_t *ids = all(&n);
    store_set_read(s, ids, n, true);
    assert_true(store_flush(s, 1000, &e));
    free(ids);
}

static int64_t went(struct keep_rule r)
{
    struct keep_result out;
    struct err e = ERR_INIT;
    int64_t *ids;
    size_t n, before = total();
    assert_true(keep_preview(s, feed, &r, NOW, &ids, &n, &e));
    assert_int_equal(total(), before); // looking changes nothing
    free(ids);
    if (!keep_apply(s, feed, &r, NOW, NULL, &out, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(out.n, n); // and says what will happen
    return out.n;
}

static void by_default_all_stays(void **state)
{
    (void)state;
    struct conf *c = conf_new();
    struct keep_rule r = keep_rule_of(c, "https://letters.example/feed");
    struct buf b = {0};
    assert_true(keep_all(&r) && r.unread && r.started);
    keep_words(&r, &b);
    assert_string_equal(b.data, "for good");
    read_all();
    assert_int_equal(went(r), 0);
    assert_int_equal(total(), ESSAYS);
    buf_free(&b);
    conf_free(c);
}

static void a_feed_has_its_own_rule(void **state)
{
    (void)state;
    static const char text[] = "keep-days 90\nkeep-unread no\n"
                               "feed letters.example keep-days 0\n"
                               "feed letters.example keep-count 200\n"
                               "feed letters.example keep-unread yes\n"
                               "feed letters.example keep-started maybe\n"
                               "feed letters.example keep-count -1\n";
    struct conf *c = conf_new();
    size_t problems;
    conf_parse(c, text, strlen(text), "config");
    conf_problems(c, &problems);
    assert_int_equal(problems, 2);
    struct keep_rule r = keep_rule_of(c, "https://letters.example/feed"),
                     other = keep_rule_of(c, "https://else.example/");
    struct buf b = {0};
    keep_words(&r, &b);
    assert_string_equal(b.data, "the newest 200, and all that is unread or begun");
    buf_clear(&b);
    keep_words(&other, &b);
    assert_string_equal(b.data, "90 days, and all that is begun");
    buf_clear(&b);
    keep_words(&(struct keep_rule){.days = 1, .count = 5}, &b);
    assert_string_equal(b.data, "1 day, at most 5");
    buf_free(&b);
    conf_free(c);
}

static void age_and_number_are_minded(void **state)
{
    (void)state;
    const struct keep_rule days = {.days = 95}, count = {.count = 4},
                           both = {.days = 25, .count = 2};
    assert_int_equal(went((struct keep_rule){.days = 95, .unread = true}), 0); // all is unread
    read_all();
    assert_int_equal(went(days), 10); // those of 100 to 190 days
    assert_int_equal(went(days), 0);
    assert_int_equal(went(count), 6);
    assert_int_equal(total(), 4);
    assert_int_equal(went(both), 2);
    size_t n;
    int64_t *ids = all(&n);
    struct arena *a = arena_new();
    struct item_row rows[2];
    struct err e = ERR_INIT;
    assert_int_equal(n, 2);
    assert_true(store_rows(s, ids, n, a, rows, &e));
    assert_string_equal(rows[0].title, "Essay 0");
    assert_string_equal(rows[1].title, "Essay 1");
    free(ids);
    arena_free(a);
}

// An old essay that came yesterday is a day old.
static void what_came_late_stays_as_long(void **state)
{
    (void)state;
    struct feed_update *u = update_new("Slow Letters", 1);
    update_add(u, "old", "From the archive", NOW - 3000 * (int64_t)DAY, "x");
    library_apply(s, feed, u, NOW - DAY);
    update_free(u);
    read_all();
    assert_int_equal(went((struct keep_rule){.days = 1000}), 0);
    assert_int_equal(went((struct keep_rule){.days = 15}), ESSAYS - 2);
}

static void what_a_reader_touched_stays(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    size_t n;
    int64_t *ids = all(&n), bookmark;
    assert_int_equal(n, ESSAYS);
    read_all();
    assert_true(store_bookmark_entry(s, ids[19], NOW, &bookmark, NULL, &e));
    store_set_mark(s, (struct place_mark){ids[18], 'a', 3});
    store_set_mark(s, (struct place_mark){ids[17], 'A', 3});
    store_set_place(s, ids[16], 5, 0.3, NOW - 30 * DAY); // begun long ago
    store_set_place(s, ids[15], 9, 1, NOW - 600);        // finished a moment ago: still open
    store_set_place(s, ids[14], 9, 1, NOW - 30 * DAY);   // finished long ago
    store_set_read(s, &ids[13], 1, false);
    assert_true(store_flush(s, 1000, &e));
    assert_int_equal(went((struct keep_rule){.count = 1, .unread = true, .started = true}), 13);
    assert_int_equal(went((struct keep_rule){.count = 1, .started = true}), 1); // the unread one
    assert_int_equal(went((struct keep_rule){.count = 1}), 1);                  // and the begun one
    assert_int_equal(total(), 5);
    free(ids);
}

static void what_went_does_not_come_back(void **state)
{
    (void)state;
    read_all();
    assert_int_equal(went((struct keep_rule){.count = 1}), ESSAYS - 1);
    for (int round = 0; round < 5; round++) { // the feed lists all again, and changes what it says
        struct feed_update *u = update_new("Slow Letters", ESSAYS);
        for (int i = 0; i < ESSAYS; i++)
            update_add(u, arena_printf(u->arena, "g%d", i),
                       arena_printf(u->arena, "Essay %d, version %d", i, round),
                       NOW - (int64_t)i * 10 * DAY + round, "<p>revised</p>");
        struct apply_counts c = library_apply(s, feed, u, NOW + round * DAY);
        assert_int_equal(c.added, 0);
        assert_int_equal(c.total, 1);
        // Not even when the hashes were taken before it went.
        struct prepared *p = store_prepare(u, NULL);
        struct fetch_outcome o = {.when = NOW + round * DAY, .http_status = 200};
        struct err e = ERR_INIT;
        assert_true(store_apply(s, feed, p, &o, &c, &e));
        assert_int_equal(c.added, 0);
        assert_int_equal(c.total, 1);
        store_prepared_free(p);
        update_free(u);
    }
}

static void it_can_be_stopped_and_goes_on(void **state)
{
    (void)state;
    int64_t other = library_feed(s, "https://long.example/");
    enum { MANY = 350 };
    struct feed_update *u = update_new("Long", MANY);
    for (int i = 0; i < MANY; i++)
        update_add(u, arena_printf(u->arena, "l%d", i), "x", NOW - 1000 * (int64_t)DAY - i, "x");
    library_apply(s, other, u, NOW - 500 * (int64_t)DAY);
    update_free(u);
    volatile int stop = 1;
    const struct keep_rule r = {.count = 10};
    struct keep_result out;
    struct err e = ERR_INIT;
    assert_true(keep_apply(s, other, &r, NOW, &stop, &out, &e));
    assert_in_range(out.n, 1, MANY - 11);
    int64_t before = out.n;
    assert_true(keep_apply(s, other, &r, NOW, NULL, &out, &e));
    assert_int_equal(before + out.n, MANY - 10);
    struct shelf_counts c;
    assert_true(store_counts(s, NOW, &c, &e));
    assert_int_equal(c.total, ESSAYS + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_default_all_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(a_feed_has_its_own_rule, setup, teardown),
        cmocka_unit_test_setup_teardown(age_and_number_are_minded, setup, teardown),
        cmocka_unit_test_setup_teardown(what_came_late_stays_as_long, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_reader_touched_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(what_went_does_not_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(it_can_be_stopped_and_goes_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
