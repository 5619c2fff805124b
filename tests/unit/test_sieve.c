// What passes a sieve, and lists that are narrowed and put in order step by step.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/sieve.h"
#include "../support/library.h"

#define NOW 1795335300 // Sunday 22 November 2026, 08:15 UTC
#define DAY 86400
static const struct when utc = {0};

static void words_and_fields(void **state)
{
    (void)state;
    const char *tags[] = {"keep", "for later", NULL};
    const struct item_row row = {
        .id = 1,
        .title = "On Being Interrupted: a Letter",
        .subtitle = "What the bell wants",
        .author = "Ada Lind",
        .feed_title = "Slow Letters",
        .published = NOW - 3 * DAY,
        .words = 2300, // ten minutes
        .flags = ITEM_UNREAD | ITEM_STARTED | ITEM_AUDIO,
        .tags = tags,
    };
    static const struct {
        const char *text;
        bool passes;
    } table[] = {
        {"", true},
        {"   ", true},
        {"interrupted", true},
        {"INTERRUPTED", false}, // capitals are meant
        {"Interrupted", true},
        {"being letter", true},
        {"being harbour", false},
        {"-harbour", true},
        {"-letter", false},
        {"\"being interrupted\"", true},
        {"\"interrupted being\"", false},
        {"bell", true}, // the subtitle
        {"lind", true}, // the author
        {"slow", true}, // the feed
        {"title:slow", false},
        {"title:letter", true},
        {"feed:slow author:ada", true},
        {"feed:\"slow letters\"", true},
        {"feed:\"letters slow\"", false},
        {"-feed:slow", false},
        {"by:ada", true},
        {"tag:keep", true},
        {"tag:\"for later\"", true},
        {"tag:none", false},
        {"later", true},
        {"Interrupted:", true}, // no field word
        {"interrupted:a", false},
        {"is:unread", true},
        {"is:read", false},
        {"-is:read", true},
        {"is:started", true},
        {"is:finished", false},
        {"is:bookmarked", false},
        {"has:audio", true},
        {"-has:audio", false},
        {"under:10", true},
        {"under:9", false},
        {"under:10min", true},
        {"over:10", true},
        {"over:11", false},
        {"shorter:15 longer:5", true},
        {"after:2026", true},
        {"after:2026-11", true},
        {"after:2026-11-19", true},
        {"after:2026-11-20", false},
        {"before:2026-11-20", true},
        {"before:2026-11-19", false},
        {"after:today", false},
        {"after:7d", true},
        {"after:2d", false},
        {"before:yesterday", true},
        {"is:unread under:15 letter -harbour", true},
        {"harbour OR letter", true},
        {"harbour OR ships", false},
        {"harbour OR letter slow", true},
        {"harbour OR letter ships", false}, // it binds closer
        {"is:read OR has:audio", true},
        {"ships OR -harbour", true},
        {"being NEAR letter", true}, // asks no more than the words
        {"being NEAR/3 harbour", false},
        {"lett*", true},
        {"NOT harbour", true},
        {"being AND letter", true},
        {"letter OR", true}, // still being typed
        {"\"OR\"", false},
        {"title:", true},
        {"is:", true},
        {"-", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct err e = ERR_INIT;
        struct sieve *s = sieve_new(table[i].text, utc, NOW, &e);
        if (!s)
            fail_msg("%s: %s", table[i].text, e.msg);
        if (sieve_passes(s, &row) != table[i].passes)
            fail_msg("“%s” %s", table[i].text, table[i].passes ? "does not pass" : "passes");
        sieve_free(s);
    }
    const struct item_row bare = {.id = 2, .title = ""};
    struct sieve *s = sieve_new("x", utc, NOW, NULL);
    assert_false(sieve_passes(s, &bare));
    assert_false(sieve_empty(s));
    sieve_free(s);
    s = sieve_new("  ", utc, NOW, NULL);
    assert_true(sieve_empty(s));
    sieve_free(s);
}

static void what_is_not_understood_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } table[] = {
        {"is:blue", "unread, read, started"}, {"has:is", "audio"},       {"under:ten", "under:10"},
        {"letter over:-1", "over"},           {"after:soon", "2025-03"}, {"before:2026-13", "date"},
        {"after:2026-11-20x", "date"},        {"after:99999d", "date"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct err e = ERR_INIT;
        assert_null(sieve_new(table[i].text, utc, NOW, &e));
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.msg, table[i].says))
            fail_msg("%s: %s", table[i].text, e.msg);
    }
}

struct fixture {
    struct store *s;
    struct arena *a;
    int64_t *ids;
    size_t n;
    char *path;
};

static const char *const words[] = {"zebra",  "Ähre",   "apple",   "“Quote",
                                    "banana", "Éclair", "9 lives", "the end"};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    struct err e = ERR_INIT;
    f->path = library_path("sieve");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    for (int k = 0; k < 2; k++) {
        struct feed_update *u = update_new(k ? "Beta" : "alpha", 2700);
        for (int i = 0; i < 2700; i++)
            update_add(u, arena_printf(u->arena, "g%d", i),
                       arena_printf(u->arena, "%s %d", words[(i * 7 + k) % 8], i % 13),
                       NOW - i * 3600 - k, i % 5 ? "<p>a few words here</p>" : "<p>one</p>");
        library_apply(f->s, library_feed(f->s, k ? "https://b.example/" : "https://a.example/"), u,
                      NOW);
        update_free(u);
    }
    assert_true(
        store_ids(f->s, &(struct shelf){.kind = SHELF_ALL}, false, NOW, 0, &f->ids, &f->n, &e));
    assert_int_equal(f->n, 5400);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    free(library_path("sieve"));
    arena_free(f->a);
    free(f->ids);
    free(f->path);
    free(f);
    return 0;
}

static const struct item_row *arranged(struct fixture *f, const char *text, enum order order,
                                       bool reverse, size_t *n)
{
    struct sieve *sieve = text ? sieve_new(text, utc, NOW, NULL) : NULL;
    struct ids list = {0};
    for (size_t i = 0; i < f->n; i++)
        ids_add(&list, f->ids[i]);
    struct arrangement *a = arrangement_new(&list, sieve, order, reverse);
    size_t before = 0, steps = 1;
    while (arrangement_step(a, f->s)) {
        *n = arrangement_ids(a)->n;
        assert_true(*n >= before && (order == ORDER_DATE || *n == 0));
        before = *n;
        steps++;
    }
    assert_true(steps > 1 && steps < 9); // in steps, and it ends
    struct ids found = arrangement_take(a);
    *n = found.n;
    int64_t *ids = arena_alloc(f->a, (*n + 1) * sizeof *ids);
    for (size_t i = 0; i < *n; i++)
        ids[i] = ids_at(&found, i);
    struct item_row *rows = arena_alloc(f->a, (*n + 1) * sizeof *rows);
    struct err e = ERR_INIT;
    assert_true(store_rows(f->s, ids, *n, f->a, rows, &e));
    arrangement_free(a);
    ids_free(&found);
    ids_free(&list);
    return rows;
}

static void a_list_is_narrowed(void **state)
{
    struct fixture *f = *state;
    size_t n;
    const struct item_row *rows = arranged(f, NULL, ORDER_DATE, false, &n);
    assert_int_equal(n, f->n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i].id, f->ids[i]);
    rows = arranged(f, NULL, ORDER_DATE, true, &n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i].id, f->ids[f->n - 1 - i]);
    rows = arranged(f, "feed:beta apple", ORDER_DATE, false, &n);
    assert_in_range(n, 300, 400);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(strstr(rows[i].title, "apple"));
        assert_string_equal(rows[i].feed_title, "Beta");
        assert_true(i == 0 || rows[i - 1].published >= rows[i].published);
    }
    arranged(f, "nothing of the kind", ORDER_DATE, false, &n);
    assert_int_equal(n, 0);
    arranged(f, "nothing of the kind", ORDER_TITLE, false, &n);
    assert_int_equal(n, 0);
}

// Which of the words a title begins with.
static int rank(const char *title)
{
    static const char *const sorted[] = {"9 lives", "Ähre",   "apple",   "banana",
                                         "Éclair",  "“Quote", "the end", "zebra"};
    for (int i = 0; i < 8; i++)
        if (strncmp(title, sorted[i], strlen(sorted[i])) == 0)
            return i;
    fail_msg("%s", title);
    return 0;
}

static void titles_stand_as_on_a_shelf_of_books(void **state)
{
    struct fixture *f = *state;
    for (int reverse = 0; reverse < 2; reverse++) {
        size_t n;
        const struct item_row *rows = arranged(f, NULL, ORDER_TITLE, reverse, &n);
        assert_int_equal(n, f->n);
        for (size_t i = 1; i < n; i++) {
            int d = rank(rows[i - 1].title) - rank(rows[i].title);
            assert_true(reverse ? d >= 0 : d <= 0);
            if (strcmp(rows[i - 1].title, rows[i].title) == 0) // the newest first
                assert_true(rows[i - 1].published >= rows[i].published);
        }
    }
}

static void by_length_and_by_feed(void **state)
{
    struct fixture *f = *state;
    size_t n;
    const struct item_row *rows = arranged(f, NULL, ORDER_LENGTH, false, &n);
    for (size_t i = 1; i < n; i++)
        assert_true(rows[i - 1].words <= rows[i].words);
    rows = arranged(f, "is:unread", ORDER_FEED, false, &n);
    assert_int_equal(n, f->n);
    for (size_t i = 1; i < n; i++)
        assert_true(strcmp(rows[i - 1].feed_title, rows[i].feed_title) <= 0 ||
                    rows[i].feed_title[0] == 'B');
    assert_string_equal(rows[0].feed_title, "alpha"); // case does not count
    enum order o;
    assert_true(order_find("Length", &o) && o == ORDER_LENGTH);
    assert_false(order_find("size", &o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_fields),
        cmocka_unit_test(what_is_not_understood_is_told),
        cmocka_unit_test(a_list_is_narrowed),
        cmocka_unit_test(titles_stand_as_on_a_shelf_of_books),
        cmocka_unit_test(by_length_and_by_feed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
