// A feed that was removed comes back as it was: essays, marks, places, texts, bookmarks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/store.h"
#include "../support/library.h"

#define T0 1700000000

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    int64_t feed, other;
    struct feed_update *u;
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("bin");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    f->feed = library_feed(f->s, "https://example.org/feed");
    f->other = library_feed(f->s, "https://example.org/other");
    assert_true(store_feed_tag(f->s, f->feed, "letters", true, &f->e));
    assert_true(store_feed_rename(f->s, f->feed, "Mine", &f->e));
    f->u = update_new("Slow Letters", 3);
    update_audio(f->u, update_add(f->u, "one", "One", T0, "<p>the first text</p>"),
                 "https://example.org/1.mp3", 60);
    update_add(f->u, "two", "Two", T0 - 1, "<p>the second text</p>");
    library_apply(f->s, f->feed, f->u, T0);
    f->u->entries[1].content = "<p>the second text, mended</p>"; // leaves a revision
    f->u->entries[1].content_len = strlen(f->u->entries[1].content);
    library_apply(f->s, f->feed, f->u, T0 + 10);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    update_free(f->u);
    arena_free(f->a);
    free(f->path);
    free(f);
    return 0;
}

static size_t all(struct fixture *f, int64_t out[8])
{
    int64_t *ids;
    size_t n;
    assert_true(store_ids(f->s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &f->e));
    assert_true(n <= 8);
    memcpy(out, ids, n * sizeof *ids);
    free(ids);
    return n;
}

static void everything_comes_back(void **state)
{
    struct fixture *f = *state;
    int64_t ids[8], again[8], bookmark;
    struct feed_row was, is;
    struct shelf_counts before, after;
    struct item_body b;
    struct revision_row *revisions;
    struct fetch_state known;
    const char *value;
    size_t n;
    bool existed;
    char *key = mem_printf("fetch.moved.%lld", (long long)f->feed);
    assert_true(store_put(f->s, key, "https://example.org/old", &f->e));
    assert_int_equal(all(f, ids), 2);
    store_set_read(f->s, ids, 1, true); // deferred: it has to be written before it is put aside
    store_set_place(f->s, ids[1], 7, 0.5, T0 + 20);
    assert_true(store_bookmark_entry(f->s, ids[1], T0 + 30, &bookmark, &existed, &f->e));
    assert_true(store_feed(f->s, f->feed, f->a, &was, &f->e));
    assert_true(store_counts(f->s, T0, &before, &f->e));
    for (int round = 0; round < 2; round++) {
        if (!store_feed_bin(f->s, f->feed, &f->e))
            fail_msg("%s", f->e.msg);
        assert_int_equal(all(f, again), 0);
        assert_false(store_feed(f->s, f->feed, f->a, &is, &f->e));
        assert_true(store_item(f->s, bookmark, f->a, &b, &f->e));
        assert_string_equal(b.content, "<p>the second text, mended</p>");
        assert_int_equal(b.row.entry, 0);
        if (!store_feed_restore(f->s, f->feed, &f->e))
            fail_msg("%s", f->e.msg);
    }
    assert_int_equal(all(f, again), 2);
    assert_memory_equal(ids, again, 2 * sizeof *ids);
    assert_true(store_feed(f->s, f->feed, f->a, &is, &f->e));
    assert_string_equal(is.title, "Mine");
    assert_string_equal(is.tags[0], "letters");
    assert_int_equal(is.total, was.total);
    assert_int_equal(is.unread, was.unread);
    assert_int_equal(is.last_tried, was.last_tried);
    assert_true(store_counts(f->s, T0, &after, &f->e));
    assert_memory_equal(&before, &after, sizeof before);
    assert_true(store_item(f->s, ids[0], f->a, &b, &f->e));
    assert_string_equal(b.content, "<p>the first text</p>");
    assert_false(b.row.flags & ITEM_UNREAD);
    assert_int_equal(b.nenclosures, 1);
    assert_true(store_item(f->s, ids[1], f->a, &b, &f->e));
    assert_int_equal(b.row.place, 7);
    assert_int_equal(b.row.bookmark, bookmark);
    assert_true(store_revisions(f->s, ids[1], f->a, &revisions, &n, &f->e));
    assert_int_equal(n, 1);
    assert_true(store_revision(f->s, revisions[0].id, f->a, &b, &f->e));
    assert_string_equal(b.content, "<p>the second text</p>");
    assert_true(store_fetch_state(f->s, f->feed, f->a, &known, &f->e));
    assert_int_equal(known.nknown, 2);
    assert_true(store_get(f->s, key, f->a, &value, &f->e));
    assert_string_equal(value, "https://example.org/old");
    free(key);
    struct apply_counts c = library_apply(f->s, f->feed, f->u, T0 + 40); // nothing is new to it
    assert_int_equal(c.added, 0);
    assert_int_equal(c.total, 2);
}

static void a_bookmark_let_go_meanwhile_stays_gone(void **state)
{
    struct fixture *f = *state;
    int64_t ids[8], bookmark;
    bool existed;
    struct item_body b;
    all(f, ids);
    assert_true(store_bookmark_entry(f->s, ids[0], T0, &bookmark, &existed, &f->e));
    assert_true(store_feed_bin(f->s, f->feed, &f->e));
    assert_true(store_bookmark_remove(f->s, bookmark, &f->e));
    assert_true(store_feed_restore(f->s, f->feed, &f->e));
    assert_true(store_item(f->s, ids[0], f->a, &b, &f->e));
    assert_int_equal(b.row.bookmark, 0);
    assert_false(b.row.flags & ITEM_BOOKMARKED);
    assert_true(store_bookmark_restore(f->s, bookmark, &f->e)); // and comes back to its essay
    assert_true(store_item(f->s, ids[0], f->a, &b, &f->e));
    assert_int_equal(b.row.bookmark, bookmark);
}

static void what_cannot_come_back_says_so(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    bool existed;
    assert_false(store_feed_restore(f->s, f->feed, &f->e));
    assert_int_equal(f->e.kind, ERR_MISSING);
    assert_true(store_feed_bin(f->s, f->feed, &f->e));
    assert_false(store_feed_bin(f->s, 999, &f->e));
    assert_int_equal(f->e.kind, ERR_MISSING);
    assert_true(store_feed_add(f->s, "https://example.org/feed", NULL, &id, &existed, &f->e));
    assert_false(store_feed_restore(f->s, f->feed, &f->e));
    assert_int_equal(f->e.kind, ERR_OTHER);
    assert_non_null(strstr(f->e.msg, "added anew"));
    assert_true(store_feed_remove(f->s, id, &f->e));
    assert_true(store_feed_restore(f->s, f->feed, &f->e));
    assert_true(store_feed_remove(f->s, f->other, &f->e)); // without a bin it is gone for good
    assert_false(store_feed_restore(f->s, f->other, &f->e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bookmark_let_go_meanwhile_stays_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_come_back_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store-bin", tests, NULL, NULL);
}
