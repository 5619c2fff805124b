// Lists: every query is a walk along an index, shelves hold what they should in the right order,
// the counts of the triggers are those of a recount after anything that may happen, and the overlay
// of deferred writes shows through every question while another connection holds the lock.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "lectern/walk.h"
#include "store/store.h"
#include "../support/library.h"

#define T0 1700000000
#define NOW (T0 + 3600)

static unsigned long long seed = 42;
static unsigned dice(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    int64_t feeds[4];
};

// Four feeds of ten essays, dates interleaved (one day apart from feed to feed), every third with
// audio; feeds 0 and 1 are tagged "t".
static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("lists");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    for (int i = 0; i < 4; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://feed%d.example/rss", i);
        f->feeds[i] = library_feed(f->s, url);
        struct feed_update *u = update_new(url, 10);
        for (int k = 0; k < 10; k++) {
            struct feed_entry *e = update_add(u, arena_printf(u->arena, "%d-%d", i, k),
                                              arena_printf(u->arena, "Essay %d-%d", i, k),
                                              T0 - (k * 4 + i) * 86400, "<p>text</p>");
            if (k % 3 == 0)
                update_audio(u, e, "https://a.example/1.mp3", 10);
        }
        library_apply(f->s, f->feeds[i], u, T0);
        update_free(u);
    }
    struct err e = ERR_INIT;
    assert_true(store_feed_tag(f->s, f->feeds[0], "t", true, &e));
    assert_true(store_feed_tag(f->s, f->feeds[1], "t", true, &e));
    *state = f;
    return 0;
}

static void searches_are_kept_by_name(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct saved_search *all;
    size_t n;
    assert_true(store_searches(f->s, f->a, &all, &n, &e));
    assert_int_equal(n, 0);
    assert_true(store_search_save(f->s, "Short", "under:10", &e));
    assert_true(store_search_save(f->s, "  by\tAda ", "author:ada", &e));
    assert_true(store_search_save(f->s, "SHORT", "under:5 is:unread", &e)); // the same one
    assert_false(store_search_save(f->s, "  ", "x", &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_true(store_searches(f->s, f->a, &all, &n, &e));
    assert_int_equal(n, 2);
    assert_string_equal(all[0].name, "by Ada");
    assert_string_equal(all[1].name, "Short");
    assert_string_equal(all[1].query, "under:5 is:unread");
    assert_true(store_search_save(f->s, "by ada", NULL, &e));
    assert_true(store_search_save(f->s, "never there", NULL, &e));
    assert_true(store_searches(f->s, f->a, &all, &n, &e));
    assert_int_equal(n, 1);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    arena_free(f->a);
    free(library_path("lists"));
    free(f->path);
    free(f);
    return 0;
}

// ---- plans ----
static void plan_of(struct store *s, const char *query, struct buf *out)
{
    char *text = mem_printf("EXPLAIN QUERY PLAN %s", query);
    sqlite3_stmt *st;
    buf_clear(out);
    assert_int_equal(sqlite3_prepare_v2(s->db, text, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_printf(out, "%s\n", (const char *)sqlite3_column_text(st, 3));
    sqlite3_finalize(st);
    free(text);
}

static void must_walk_an_index(struct store *s, const char *query)
{
    struct buf plan = {0};
    plan_of(s, query, &plan);
    assert_true(plan.len > 0);
    char *save, *copy = mem_strdup(plan.data);
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        bool scan = strncmp(line, "SCAN", 4) == 0;
        if (strstr(line, "TEMP B-TREE") ||
            (scan && !strstr(line, "USING") && !strstr(line, "CONSTANT")))
            fail_msg("%s\nis read so:\n%s", query, plan.data);
    }
    free(copy);
    buf_free(&plan);
}

// Pieces of a walk begin where the last one ended, and read nothing before that.
static void must_seek(struct store *s, const char *query, bool same_second)
{
    struct buf plan = {0};
    must_walk_an_index(s, query);
    plan_of(s, query, &plan);
    if (!strstr(buf_cstr(&plan), "INDEX entry_") ||
        !strstr(plan.data, same_second ? "sort=? AND rowid" : "sort"))
        fail_msg("%s\nis read so:\n%s", query, plan.data);
    buf_free(&plan);
}

static void every_list_walks_an_index(void **state)
{
    struct fixture *f = *state;
    for (int k = SHELF_ALL; k < SHELF_TAG; k++) {
        bool own = k == SHELF_CONTINUE || k == SHELF_BOOKMARKS;
        for (int i = 0; i < 8; i++)
            if (own)
                must_walk_an_index(f->s, walk_own_query((enum shelf_kind)k, i & 1));
            else
                must_seek(f->s, walk_query((enum shelf_kind)k, i & 1, i & 2, i & 4), i & 4);
        if (list_step_query((enum shelf_kind)k, 1)) {
            must_walk_an_index(f->s, list_step_query((enum shelf_kind)k, 1));
            must_walk_an_index(f->s, list_step_query((enum shelf_kind)k, -1));
        }
    }
    // Everything else that was asked in the life of a handle: no table is read from end to end but
    // the small ones.
    struct err e = ERR_INIT;
    struct shelf_counts c;
    struct feed_rows feeds;
    struct tag_row *tags;
    size_t n;
    int64_t *ids, id;
    struct shelf tag = {.kind = SHELF_TAG, .tag = "t"};
    assert_true(store_counts(f->s, NOW, &c, &e) && store_feeds(f->s, f->a, &feeds, &e) &&
                store_tags(f->s, f->a, &tags, &n, &e));
    assert_true(store_ids(f->s, &tag, false, NOW, 0, &ids, &n, &e));
    free(ids);
    assert_true(store_ids(f->s, &tag, true, NOW, 0, &ids, &n, &e));
    assert_true(store_neighbour(f->s, ids[3], 1, &id, &e) &&
                store_neighbour(f->s, ids[3], -1, &id, &e));
    free(ids);
    static const char *const small[] = {"SCAN tally",
                                        "SCAN f ",
                                        "SCAN g ",
                                        "SCAN feed ",
                                        "SCAN fetch",
                                        "SCAN feed_tag",
                                        "SCAN bookmark_tally",
                                        "SCAN sqlite_master",
                                        "SCAN sqlite_schema"};
    for (size_t i = 0; i < f->s->cache_cap; i++) {
        const char *query = f->s->cache[i].text;
        if (!query || strncmp(query, "SELECT", 6) != 0)
            continue;
        struct buf plan = {0};
        plan_of(f->s, query, &plan);
        const char *scan = plan.len ? strstr(plan.data, "SCAN") : NULL;
        bool ok = !scan || strstr(scan, "USING");
        for (size_t k = 0; !ok && k < sizeof small / sizeof *small; k++)
            ok = strncmp(scan, small[k],
                         strlen(small[k]) - (small[k][strlen(small[k]) - 1] == ' ')) == 0;
        if (!ok)
            fail_msg("%s\nis read so:\n%s", query, plan.data);
        buf_free(&plan);
    }
}

// ---- what is on a shelf ----
static size_t list(struct fixture *f, struct shelf sh, bool unread, size_t limit, int64_t *out)
{
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    if (!store_ids(f->s, &sh, unread, NOW, limit, &ids, &n, &e))
        fail_msg("%s", e.msg);
    assert_true(n <= 64);
    memcpy(out, ids, n * sizeof *ids);
    free(ids);
    return n;
}

static struct item_row row_of(struct fixture *f, int64_t id)
{
    struct item_row r;
    struct err e = ERR_INIT;
    assert_true(store_rows(f->s, &id, 1, f->a, &r, &e));
    return r;
}

static void must_be_sorted(struct fixture *f, const int64_t *ids, size_t n)
{
    for (size_t i = 1; i < n; i++)
        assert_true(row_of(f, ids[i - 1]).published >= row_of(f, ids[i]).published);
}

static void shelves_hold_what_they_say(void **state)
{
    struct fixture *f = *state;
    int64_t ids[64], some[64];
    size_t n = list(f, (struct shelf){.kind = SHELF_ALL}, false, 0, ids);
    assert_int_equal(n, 40);
    must_be_sorted(f, ids, n);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_ALL}, false, 7, some), 7);
    assert_memory_equal(ids, some, 7 * sizeof *ids);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_AUDIO}, false, 0, ids), 16);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_WEEK}, false, 0, ids), 7);
    n = list(f, (struct shelf){.kind = SHELF_FEED, .feed = f->feeds[2]}, false, 0, ids);
    assert_int_equal(n, 10);
    must_be_sorted(f, ids, n);
    n = list(f, (struct shelf){.kind = SHELF_TAG, .tag = "t"}, false, 0, ids);
    assert_int_equal(n, 20);
    must_be_sorted(f, ids, n);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_TAG, .tag = "T"}, false, 3, some),
                     3); // tags have no case
    assert_memory_equal(ids, some, 3 * sizeof *ids);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_TAG, .tag = "none"}, false, 0, ids), 0);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_FEED, .feed = 77}, true, 0, ids), 0);
    int64_t newer, older;
    struct err e = ERR_INIT;
    list(f, (struct shelf){.kind = SHELF_FEED, .feed = f->feeds[2]}, false, 0, ids);
    assert_true(store_neighbour(f->s, ids[4], -1, &newer, &e) &&
                store_neighbour(f->s, ids[4], 1, &older, &e));
    assert_int_equal(newer, ids[3]);
    assert_int_equal(older, ids[5]);
    assert_true(store_neighbour(f->s, ids[0], -1, &newer, &e) &&
                store_neighbour(f->s, ids[9], 1, &older, &e));
    assert_int_equal(newer | older, 0);
}

// ---- a piece at a time ----

// Some essays of one second, some marks that wait to be written: all that a walk has to go around.
static void make_uneven(struct fixture *f)
{
    struct err e = ERR_INIT;
    int64_t ids[64];
    for (int i = 0; i < 4; i++) {
        struct feed_update *u = update_new("F", 4);
        for (int k = 0; k < 4; k++)
            update_add(u, arena_printf(u->arena, "same-%d-%d", i, k), "Same second", T0 - 9 * 86400,
                       "<p>same</p>");
        library_apply(f->s, f->feeds[i], u, T0);
        update_free(u);
    }
    size_t n = list(f, (struct shelf){.kind = SHELF_ALL}, false, 0, ids);
    assert_int_equal(n, 56);
    for (size_t i = 0; i < n; i += 5)
        store_set_read(f->s, &ids[i], 1, true);
    assert_true(store_flush(f->s, 100, &e));
    for (size_t i = 0; i < n; i += 10)
        store_set_read(f->s, &ids[i], 1, false); // waits to be written
    for (size_t i = 3; i < n; i += 7)
        store_set_read(f->s, &ids[i], 1, true);
    for (size_t i = 1; i < n; i += 9)
        store_set_place(f->s, ids[i], 10, 0.5, T0 + (int64_t)i);
    assert_true(store_pending(f->s) > 0);
}

static size_t walked(struct fixture *f, struct shelf sh, bool unread, bool back, size_t skip,
                     unsigned most, int64_t out[64])
{
    struct walk *w = walk_new(&sh, unread, NOW, back, skip);
    struct ids l = {0};
    struct err e = ERR_INIT;
    for (int i = 0; !walk_done(w); i++) {
        assert_true(i < 100);
        if (!walk_step(w, f->s, most > 1 ? 1 + dice(most) : 1, &l, &e))
            fail_msg("%s", e.msg);
    }
    assert_true(l.n <= 64);
    for (size_t i = 0; i < l.n; i++)
        out[i] = ids_at(&l, i);
    size_t n = l.n;
    ids_free(&l);
    walk_free(w);
    return n;
}

static void walks_of_any_step_give_the_same_list(void **state)
{
    struct fixture *f = *state;
    make_uneven(f);
    const struct shelf shelves[] = {{.kind = SHELF_ALL},
                                    {.kind = SHELF_UNREAD},
                                    {.kind = SHELF_AUDIO},
                                    {.kind = SHELF_WEEK},
                                    {.kind = SHELF_CONTINUE},
                                    {.kind = SHELF_FEED, .feed = f->feeds[1]},
                                    {.kind = SHELF_TAG, .tag = "t"},
                                    {.kind = SHELF_TAG, .tag = "none"},
                                    {.kind = SHELF_BOOKMARKS}};
    int64_t whole[64], parts[64];
    for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++)
        for (int unread = 0; unread < 2; unread++) {
            size_t n = walked(f, shelves[i], unread, false, 0, 1000, whole);
            assert_int_equal(list(f, shelves[i], unread, 0, parts), n);
            assert_memory_equal(whole, parts, n * sizeof *whole);
            for (unsigned most = 1; most < 12; most++) {
                assert_int_equal(walked(f, shelves[i], unread, false, 0, most, parts), n);
                assert_memory_equal(whole, parts, n * sizeof *whole);
                assert_int_equal(walked(f, shelves[i], unread, true, 0, most, parts), n);
                for (size_t k = 0; k < n; k++)
                    assert_int_equal(parts[k], whole[n - 1 - k]);
            }
        }
    // From somewhere in it; nothing waits to be written now.
    struct err e = ERR_INIT;
    assert_true(store_flush(f->s, 100, &e));
    for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++)
        for (unsigned round = 0; round < 40; round++) {
            bool unread = round & 1, back = round & 2;
            size_t n = walked(f, shelves[i], unread, false, 0, 1000, whole);
            size_t skip = dice((unsigned)n + 3), left = skip < n ? n - skip : 0;
            assert_int_equal(walked(f, shelves[i], unread, back, skip, 1 + round / 4, parts), left);
            for (size_t k = 0; k < left; k++)
                assert_int_equal(parts[k], whole[back ? n - 1 - skip - k : skip + k]);
        }
}

// ---- counts ----
static int64_t count(struct store *s, const char *sql)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return v;
}

static void must_count_right(struct fixture *f)
{
    struct shelf_counts c;
    struct err e = ERR_INIT;
    assert_int_equal(store_pending(f->s), 0);
    assert_true(store_counts(f->s, NOW, &c, &e));
    assert_int_equal(c.total, count(f->s, "SELECT count(*) FROM entry"));
    assert_int_equal(c.unread, count(f->s, "SELECT count(*) FROM entry WHERE unread"));
    assert_int_equal(c.audio, count(f->s, "SELECT count(*) FROM entry WHERE naudio"));
    assert_int_equal(c.bookmarks, count(f->s, "SELECT count(*) FROM bookmark WHERE removed = 0"));
    int64_t ids[64];
    assert_int_equal(c.started, list(f, (struct shelf){.kind = SHELF_CONTINUE}, false, 0, ids));
    assert_int_equal(c.week, list(f, (struct shelf){.kind = SHELF_WEEK}, false, 0, ids));
    assert_int_equal(
        0, count(f->s,
                 "SELECT count(*) FROM tally t WHERE total <> (SELECT count(*) FROM entry e WHERE "
                 "e.feed = t.feed)"
                 " OR unread <> (SELECT count(*) FROM entry e WHERE e.feed = t.feed AND unread)"));
    // Bodies: each is packed once, counted right, and none is left over.
    assert_int_equal(0, count(f->s, "SELECT count(*) FROM pack_live p WHERE live <> (SELECT "
                                    "count(*) FROM entry e WHERE e.pack = p.pack)"
                                    " + (SELECT count(*) FROM revision r WHERE r.pack = p.pack)"));
    assert_int_equal(
        0, count(f->s, "SELECT count(*) FROM pack WHERE id NOT IN (SELECT pack FROM pack_live)"));
    assert_int_equal(
        0, count(f->s, "SELECT count(*) FROM entry WHERE pack NOT IN (SELECT id FROM pack)"));
    assert_int_equal(count(f->s, "SELECT count(*) FROM known WHERE entry"), c.total);
    assert_int_equal(0, count(f->s, "SELECT count(*) FROM entry e WHERE bookmark AND NOT "
                                    "EXISTS(SELECT 1 FROM bookmark b WHERE"
                                    " b.id = e.bookmark AND b.entry = e.id AND b.removed = 0)"));
}

static void random_step(struct fixture *f, int round)
{
    struct err e = ERR_INIT;
    int64_t ids[64], id;
    bool existed;
    size_t n = list(f, (struct shelf){.kind = SHELF_ALL}, false, 60, ids);
    int64_t one = n ? ids[dice((unsigned)n)] : 1;
    switch (dice(9)) {
    case 0:
        store_set_read(f->s, &one, 1, dice(2));
        break;
    case 1:
    case 2:
        store_set_place(f->s, one, dice(100), dice(5) / 4.0, T0 + round);
        break;
    case 3:
        store_bookmark_entry(f->s, one, T0 + round, &id, &existed, &e);
        break;
    case 4:
        n = list(f, (struct shelf){.kind = SHELF_BOOKMARKS}, false, 60, ids);
        if (n && dice(2))
            assert_true(store_bookmark_remove(f->s, ids[dice((unsigned)n)], &e));
        else if (n)
            store_set_place(f->s, ids[dice((unsigned)n)], dice(100), 0.5, T0 + round);
        break;
    case 5:
        store_bookmark_restore(f->s, -1 - (int64_t)dice(10), &e); // may be none
        break;
    case 6: { // a feed changes an essay and brings one
        struct feed_update *u = update_new("F", 4);
        int i = (int)dice(4);
        update_add(u, arena_printf(u->arena, "%d-%u", i, dice(10)), "Changed", T0 - 5,
                   arena_printf(u->arena, "<p>%d</p>", round));
        struct feed_entry *en =
            update_add(u, arena_printf(u->arena, "n%u", dice(8)), "New", T0 - 7, "<p>new</p>");
        if (dice(2))
            update_audio(u, en, "https://a.example/2.mp3", 1);
        if (count(f->s, "SELECT count(*) FROM entry") < 55)
            library_apply(f->s, f->feeds[i], u, T0 + round);
        update_free(u);
        break;
    }
    case 7:
        if (dice(4) == 0)
            assert_true(store_entries_remove(f->s, &one, 1, &e));
        break;
    default:
        if (dice(40) == 0) {
            unsigned i = dice(4);
            char url[64];
            assert_true(store_feed_remove(f->s, f->feeds[i], &e));
            snprintf(url, sizeof url, "https://again%d.example/rss", round);
            f->feeds[i] = library_feed(f->s, url);
        }
        break;
    }
}

static void counts_equal_a_recount(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    must_count_right(f);
    for (int round = 0; round < 600; round++) {
        random_step(f, round);
        // The overlay must say beforehand what the file says afterwards.
        struct shelf_counts before, after;
        int64_t ids[2][64];
        size_t n[2];
        struct shelf shelves[] = {{.kind = SHELF_UNREAD},
                                  {.kind = SHELF_CONTINUE},
                                  {.kind = SHELF_FEED, .feed = f->feeds[1]}};
        struct shelf *sh = &shelves[round % 3];
        assert_true(store_counts(f->s, NOW, &before, &e));
        n[0] = list(f, *sh, true, 0, ids[0]);
        assert_true(store_flush(f->s, round % 2, &e));
        assert_true(store_counts(f->s, NOW, &after, &e));
        n[1] = list(f, *sh, true, 0, ids[1]);
        assert_memory_equal(&before, &after, sizeof before);
        if (n[0] != n[1])
            fail_msg("round %d, shelf %d: %zu and then %zu", round, (int)sh->kind, n[0], n[1]);
        if (sh->kind != SHELF_CONTINUE) // equal times have no order there
            assert_memory_equal(ids[0], ids[1], n[0] * sizeof **ids);
        if (round % 10 == 0)
            must_count_right(f);
    }
    must_count_right(f);
    assert_int_equal(
        0,
        count(f->s, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
}

// ---- the overlay, while somebody else writes ----
static void what_is_read_is_seen_before_it_is_written(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct store *worker = library_open(f->path, STORE_WRITE);
    assert_true(store_begin(worker, &e)); // holds the lock
    store_set_wait(f->s, 0);
    int64_t ids[64], left[64], id;
    size_t n = list(f, (struct shelf){.kind = SHELF_FEED, .feed = f->feeds[1]}, true, 0, ids);
    assert_int_equal(n, 10);
    store_set_read(f->s, ids, 3, true);
    store_set_place(f->s, ids[0], 120, 0.25, NOW);
    store_set_place(f->s, ids[1], 900, 1, NOW + 1);
    store_set_place(f->s, ids[4], 7, 0.1, NOW + 2);
    assert_false(store_flush(f->s, 0, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_int_equal(store_pending(f->s), 4);
    struct item_row r = row_of(f, ids[0]);
    assert_int_equal(r.flags & (ITEM_UNREAD | ITEM_STARTED), ITEM_STARTED);
    assert_int_equal(r.place, 120);
    assert_true(row_of(f, ids[1]).flags & ITEM_FINISHED);
    struct shelf_counts c;
    assert_true(store_counts(f->s, NOW, &c, &e));
    assert_int_equal(c.unread, 37);
    assert_int_equal(c.started, 2);
    struct feed_row feed;
    assert_true(store_feed(f->s, f->feeds[1], f->a, &feed, &e));
    assert_int_equal(feed.unread, 7);
    struct tag_row *tags;
    size_t ntags;
    assert_true(store_tags(f->s, f->a, &tags, &ntags, &e));
    assert_int_equal(ntags, 1);
    assert_int_equal(tags[0].unread, 17);
    assert_int_equal(
        list(f, (struct shelf){.kind = SHELF_FEED, .feed = f->feeds[1]}, true, 0, left), 7);
    assert_memory_equal(left, ids + 3, 7 * sizeof *ids);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_TAG, .tag = "t"}, true, 0, left), 17);
    assert_int_equal(list(f, (struct shelf){.kind = SHELF_CONTINUE}, false, 0, left), 2);
    assert_int_equal(left[0], ids[4]); // opened last
    assert_int_equal(left[1], ids[0]);
    struct shelf sh = {.kind = SHELF_FEED, .feed = f->feeds[1]};
    assert_true(store_next_unread(f->s, &sh, NOW, 0, 1, &id, &e));
    assert_int_equal(id, ids[3]);
    assert_true(store_next_unread(f->s, &sh, NOW, ids[3], -1, &id, &e));
    assert_int_equal(id, 0);
    int64_t back[] = {ids[1]};
    store_set_read(f->s, back, 1, false); // undo
    assert_true(store_next_unread(f->s, &sh, NOW, ids[3], -1, &id, &e));
    assert_int_equal(id, ids[1]);
    assert_int_equal(list(f, sh, true, 0, left), 8);
    assert_int_equal(left[0], ids[1]);
    // The worker sees none of it, then the lock is free and it is written.
    assert_true(store_counts(worker, NOW, &c, &e));
    assert_int_equal(c.unread, 40);
    int64_t version = store_version(f->s);
    assert_true(store_commit(worker, &e));
    assert_true(store_flush(f->s, 0, &e));
    assert_int_equal(store_pending(f->s), 0);
    assert_int_equal(list(f, sh, true, 0, left), 8);
    assert_true(store_counts(worker, NOW, &c, &e));
    assert_int_equal(c.unread, 38);
    assert_int_equal(c.started, 2);
    assert_int_equal(store_version(f->s), version); // own writes are no news
    library_feed(worker, "https://news.example/");
    assert_int_not_equal(store_version(f->s), version);
    store_close(worker);
    must_count_right(f);
}

static void closing_loses_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t ids[64];
    list(f, (struct shelf){.kind = SHELF_ALL}, false, 0, ids);
    store_set_place(f->s, ids[5], 33, 0.5, NOW);
    store_set_read(f->s, ids + 6, 1, true);
    store_close(f->s);
    f->s = library_open(f->path, STORE_READER);
    assert_int_equal(row_of(f, ids[5]).place, 33);
    assert_false(row_of(f, ids[6]).flags & ITEM_UNREAD);
}

static void a_shelf_is_marked_and_unmarked(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct shelf sh = {.kind = SHELF_TAG, .tag = "t"};
    int64_t *ids;
    size_t n;
    struct shelf_counts c;
    assert_true(store_ids(f->s, &sh, true, NOW, 0, &ids, &n, &e));
    store_set_read(f->s, ids, n, true);
    assert_int_equal(n, 20);
    assert_true(store_counts(f->s, NOW, &c, &e));
    assert_int_equal(c.unread, 20);
    store_set_read(f->s, ids, n, false);
    assert_true(store_counts(f->s, NOW, &c, &e));
    assert_int_equal(c.unread, 40);
    free(ids);
    int64_t all[64];
    assert_int_equal(list(f, sh, true, 0, all), 20);
    must_be_sorted(f, all, 20);
}

static void the_next_unread_is_found_on_every_shelf(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    int64_t ids[64], id;
    static const enum shelf_kind kinds[] = {SHELF_ALL,  SHELF_UNREAD, SHELF_AUDIO,
                                            SHELF_WEEK, SHELF_FEED,   SHELF_TAG};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct shelf sh = {.kind = kinds[k], .feed = f->feeds[3], .tag = "t"};
        size_t n = list(f, sh, false, 0, ids);
        int64_t read[] = {ids[1], ids[2]};
        store_set_read(f->s, read, 2, true);
        for (int flushed = 0; flushed < 2; flushed++) {
            assert_true(store_next_unread(f->s, &sh, NOW, ids[0], 1, &id, &e));
            assert_int_equal(id, n > 3 ? ids[3] : 0);
            assert_true(store_next_unread(f->s, &sh, NOW, ids[3], -1, &id, &e));
            assert_int_equal(id, ids[0]);
            assert_true(store_next_unread(f->s, &sh, NOW, ids[n - 1], 1, &id, &e));
            assert_int_equal(id, 0);
            assert_true(store_flush(f->s, 100, &e));
        }
        store_set_read(f->s, read, 2, false);
        assert_true(store_flush(f->s, 100, &e));
    }
    store_set_place(f->s, ids[2], 1, 0.5, NOW);
    store_set_place(f->s, ids[5], 1, 0.5, NOW + 1);
    struct shelf started = {.kind = SHELF_CONTINUE};
    assert_true(store_next_unread(f->s, &started, NOW, ids[5], 1, &id, &e));
    assert_int_equal(id, ids[2]);
    assert_true(store_next_unread(f->s, &started, NOW, 0, 1, &id, &e));
    assert_int_equal(id, ids[5]);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(every_list_walks_an_index),
        T(shelves_hold_what_they_say),
        T(counts_equal_a_recount),
        T(what_is_read_is_seen_before_it_is_written),
        T(closing_loses_nothing),
        T(searches_are_kept_by_name),
        T(a_shelf_is_marked_and_unmarked),
        T(the_next_unread_is_found_on_every_shelf),
        T(walks_of_any_step_give_the_same_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
