// The library used as the fetcher and the reader use it: feeds, entries, identity, reading, places,
// values.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lectern/hash.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "../support/library.h"

#define T0 1700000000

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    int64_t feed;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("store");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    f->feed = library_feed(f->s, "https://example.org/feed");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    arena_free(f->a);
    free(library_path("store"));
    free(f->path);
    free(f);
    return 0;
}

static size_t ids_of(struct store *s, struct shelf sh, bool unread, int64_t out[], size_t room)
{
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    if (!store_ids(s, &sh, unread, T0 + 1000, 0, &ids, &n, &e))
        fail_msg("%s", e.msg);
    assert_true(n <= room);
    memcpy(out, ids, n * sizeof *ids);
    free(ids);
    return n;
}

static struct item_row row_of(struct fixture *f, int64_t id)
{
    struct item_row r;
    struct err e = ERR_INIT;
    if (!store_rows(f->s, &id, 1, f->a, &r, &e))
        fail_msg("%s", e.msg);
    return r;
}

static void hashes_are_those_of_the_specification(void **state)
{
    (void)state;
    assert_true(hash_bytes("", 0, 0) == 0xEF46DB3751D8E999u);
    assert_true(hash_bytes("abc", 3, 0) == 0x44BC2CF5AD770999u);
    assert_true(hash_bytes("Nobody inspects the spammish repetition", 39, 0) ==
                0xFBCEA83C8A378BF1u);
    assert_true(hash_string(NULL, 1) != hash_string("", 1));
}

static void a_new_library_is_private(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char *log = mem_printf("%s-wal", f->path);
    assert_int_equal(stat(log, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(log);
    assert_true(store_writable(f->s));
    assert_null(store_notice(f->s));
}

static void one_address_is_one_feed(void **state)
{
    struct fixture *f = *state;
    static const char *const same[] = {"https://example.org/feed", "http://example.org/feed/",
                                       "HTTPS://Example.ORG:443/feed#top"};
    struct err e = ERR_INIT;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        int64_t id;
        bool existed = false;
        static const char *const tags[] = {"essays", NULL};
        assert_true(store_feed_add(f->s, same[i], tags, &id, &existed, &e));
        assert_true(existed);
        assert_int_equal(id, f->feed);
    }
    int64_t other = library_feed(f->s, "https://example.org/Feed");
    assert_int_not_equal(other, f->feed);
    struct feed_row row;
    assert_true(store_feed(f->s, f->feed, f->a, &row, &e));
    assert_string_equal(row.tags[0], "essays");
    assert_null(row.tags[1]);
    assert_int_equal(row.health, HEALTH_NEW);
    assert_false(store_feed_add(f->s, " \n", NULL, &other, NULL, &e));
    assert_int_equal(e.kind, ERR_USAGE);
}

static void feeds_are_found_by_what_people_say(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct feed_row row;
    struct feed_update *u = update_new("Slow Letters", 1);
    library_apply(f->s, f->feed, u, T0);
    update_free(u);
    int64_t second = library_feed(f->s, "https://harbour.example/rss");
    assert_true(store_feed_rename(f->s, second, " The Harbour\nPost ", &e));
    static const char *const names[] = {
        "1", "https://example.org/feed", "example.org/feed/", "Slow Letters", "sLOW", "LETTERS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(store_feed_find(f->s, names[i], f->a, &row, &e));
        assert_int_equal(row.id, f->feed);
    }
    assert_true(store_feed_find(f->s, "the harbour post", f->a, &row, &e));
    assert_string_equal(row.title, "The Harbour Post");
    assert_false(store_feed_find(f->s, "t", f->a, &row, &e)); // a part of both
    assert_int_equal(e.kind, ERR_MISSING);
    assert_non_null(strstr(e.msg, "Slow Letters, The Harbour Post"));
    assert_false(store_feed_find(f->s, "nothing like it", f->a, &row, &e));
    assert_non_null(strstr(e.msg, "lectern feeds"));
    assert_false(store_feed_find(f->s, "", f->a, &row, &e));
    assert_true(store_feed_rename(f->s, second, NULL, &e));
    assert_true(store_feed(f->s, second, f->a, &row, &e));
    assert_string_equal(row.title, "https://harbour.example/rss");
    assert_null(row.own_title);
    struct feed_rows rows;
    assert_true(store_feeds(f->s, f->a, &rows, &e));
    assert_int_equal(rows.n, 2);
}

static void an_essay_comes_out_as_it_went_in(void **state)
{
    struct fixture *f = *state;
    struct feed_update *u = update_new("Slow Letters", 2);
    u->language = "en";
    struct feed_entry *e1 = update_add(u, "g1", "One", T0 - 50, "<p>first</p>");
    struct person people[] = {{"Ann", NULL, NULL}, {"Bo", "https://bo.example", NULL}};
    e1->authors = people;
    e1->nauthors = 2;
    e1->subtitle = "below";
    e1->preview = true;
    update_audio(u, e1, "https://example.org/1.mp3", 1864);
    update_audio(u, e1, "https://example.org/1.ogg", 0);
    e1->summary = "teaser";
    e1->summary_type = CONTENT_TEXT;
    e1->base = "https://example.org/base/";
    struct apply_counts c = library_apply(f->s, f->feed, u, T0);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.total, 1);
    update_free(u);
    int64_t ids[4];
    assert_int_equal(
        ids_of(f->s, (struct shelf){.kind = SHELF_FEED, .feed = f->feed}, true, ids, 4), 1);
    struct item_body b;
    struct err e = ERR_INIT;
    assert_true(store_item(f->s, ids[0], f->a, &b, &e));
    assert_string_equal(b.content, "<p>first</p>");
    assert_int_equal(b.content_len, 12);
    assert_int_equal(b.type, CONTENT_HTML);
    assert_string_equal(b.summary, "teaser");
    assert_int_equal(b.summary_type, CONTENT_TEXT);
    assert_string_equal(b.base, "https://example.org/base/");
    assert_string_equal(b.language, "en");
    assert_int_equal(b.nenclosures, 2);
    assert_string_equal(b.enclosures[1].url, "https://example.org/1.ogg");
    assert_int_equal(b.enclosures[0].seconds, 1864);
    assert_int_equal(b.enclosures[0].kind, ENCLOSURE_AUDIO);
    assert_string_equal(b.row.title, "One");
    assert_string_equal(b.row.author, "Ann, Bo");
    assert_string_equal(b.row.subtitle, "below");
    assert_string_equal(b.row.feed_title, "Slow Letters");
    assert_string_equal(b.row.audio, "https://example.org/1.mp3");
    assert_int_equal(b.row.audio_seconds, 1864);
    assert_int_equal(b.row.flags, ITEM_UNREAD | ITEM_AUDIO | ITEM_PREVIEW);
    assert_int_equal(b.row.published, T0 - 50);
    assert_false(store_item(f->s, 999, f->a, &b, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_int_equal(row_of(f, 999).id, 0);
}

static void changed_text_is_a_revision(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct feed_update *u = update_new("Slow Letters", 8);
    update_add(u, "g1", "One", T0 - 50, "<p>first</p>");
    update_add(u, "g2", "Two", T0 - 60, "<p>second</p>");
    library_apply(f->s, f->feed, u, T0);
    int64_t ids[8];
    ids_of(f->s, (struct shelf){.kind = SHELF_ALL}, false, ids, 8);
    store_set_read(f->s, ids, 1, true);
    store_set_place(f->s, ids[0], 7, 0.5, T0 + 5);
    assert_true(store_flush(f->s, 1000, &e));
    u->updated = T0 + 100; // the feed's own stamp moves alone
    u->entries[0].updated = T0 + 100;
    struct apply_counts c = library_apply(f->s, f->feed, u, T0 + 100);
    assert_int_equal(c.added + c.changed, 0);
    update_audio(u, &u->entries[0], "https://example.org/a.mp3", 0); // not its text
    c = library_apply(f->s, f->feed, u, T0 + 150);
    assert_int_equal(c.changed, 1);
    assert_int_equal(row_of(f, ids[0]).flags, ITEM_AUDIO | ITEM_STARTED);
    u->entries[0].content = "<p>first, mended</p>";
    u->entries[0].content_len = strlen(u->entries[0].content);
    c = library_apply(f->s, f->feed, u, T0 + 200);
    assert_int_equal(c.added, 0);
    assert_int_equal(c.changed, 1);
    assert_int_equal(c.total, 2);
    struct item_body b;
    assert_true(store_item(f->s, ids[0], f->a, &b, &e));
    assert_string_equal(b.content, "<p>first, mended</p>");
    assert_int_equal(b.row.flags, ITEM_AUDIO | ITEM_STARTED | ITEM_REVISED); // read as before
    assert_int_equal(b.row.place, 7);
    struct revision_row *revisions;
    size_t n;
    assert_true(store_revisions(f->s, ids[0], f->a, &revisions, &n, &e));
    assert_int_equal(n, 1);
    assert_int_equal(revisions[0].replaced, T0 + 200);
    assert_true(store_revision(f->s, revisions[0].id, f->a, &b, &e));
    assert_string_equal(b.content, "<p>first</p>");
    for (int i = 0; i < 30; i++) { // only the last are kept
        u->entries[0].content = arena_printf(u->arena, "<p>version %d</p>", i);
        u->entries[0].content_len = strlen(u->entries[0].content);
        library_apply(f->s, f->feed, u, T0 + 300 + i);
    }
    assert_true(store_revisions(f->s, ids[0], f->a, &revisions, &n, &e));
    assert_int_equal(n, 10);
    assert_true(store_revision(f->s, revisions[9].id, f->a, &b, &e));
    assert_string_equal(b.content, "<p>version 19</p>");
    assert_true(store_item(f->s, ids[1], f->a, &b, &e));
    assert_string_equal(b.content, "<p>second</p>");
    update_free(u);
}

static void dates_that_mislead_are_not_followed(void **state)
{
    struct fixture *f = *state;
    struct feed_update *u = update_new("F", 8);
    update_add(u, "none", "No date", 0, "a");
    update_add(u, "future", "Tomorrow", T0 + 86400, "b");
    update_add(u, "past", "Long ago", T0 - 86400, "c");
    update_add(u, "none2", "No date either", 0, "d");
    library_apply(f->s, f->feed, u, T0);
    int64_t ids[8], again[8];
    assert_int_equal(ids_of(f->s, (struct shelf){.kind = SHELF_ALL}, false, ids, 8), 4);
    const char *order[] = {"No date", "Tomorrow", "No date either", "Long ago"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(row_of(f, ids[i]).title, order[i]);
    assert_int_equal(row_of(f, ids[0]).published, T0);
    assert_int_equal(row_of(f, ids[1]).published, T0);
    // A later fetch, the day the future has come, with changes: nothing moves up.
    for (size_t i = 0; i < u->nentries; i++)
        u->entries[i].subtitle = "changed";
    assert_int_equal(library_apply(f->s, f->feed, u, T0 + 2 * 86400).changed, 4);
    assert_int_equal(ids_of(f->s, (struct shelf){.kind = SHELF_ALL}, false, again, 8), 4);
    assert_memory_equal(ids, again, 4 * sizeof *ids);
    update_free(u);
}

static void identity_is_feed_and_guid(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    int64_t other = library_feed(f->s, "https://other.example/feed");
    struct feed_update *u = update_new("F", 8);
    update_add(u, "same", "Essay", T0, "text");
    assert_int_equal(library_apply(f->s, f->feed, u, T0).added, 1);
    assert_int_equal(library_apply(f->s, other, u, T0).added, 1); // two feeds, two essays
    assert_int_equal(library_apply(f->s, other, u, T0).added, 0);
    update_add(u, "same", "Essay", T0, "text"); // the same twice in one document
    assert_int_equal(library_apply(f->s, other, u, T0 + 1).added, 0);
    update_free(u);
    // One guid for many essays: the address tells them apart.
    int64_t odd = library_feed(f->s, "https://odd.example/feed");
    u = update_new("Odd", 8);
    for (int i = 0; i < 3; i++) {
        struct feed_entry *en = update_add(u, "https://odd.example/",
                                           arena_printf(u->arena, "Essay %d", i), T0 - i, "text");
        en->url = arena_printf(u->arena, "https://odd.example/%d", i);
    }
    assert_int_equal(library_apply(f->s, odd, u, T0).added, 3);
    struct apply_counts c = library_apply(f->s, odd, u, T0);
    assert_int_equal(c.added + c.changed, 0);
    // Thrown away stays away, changed or not.
    int64_t ids[8];
    assert_int_equal(ids_of(f->s, (struct shelf){.kind = SHELF_FEED, .feed = odd}, false, ids, 8),
                     3);
    assert_true(store_entries_remove(f->s, ids, 1, &e));
    u->entries[0].content = "changed";
    u->entries[0].content_len = 7;
    c = library_apply(f->s, odd, u, T0);
    assert_int_equal(c.added + c.changed, 0);
    assert_int_equal(c.total, 2);
    update_free(u);
}

static void the_fetcher_finds_what_it_left(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    struct fetch_state st;
    struct fetch_outcome o = {.when = T0,
                              .http_status = 200,
                              .etag = "W/\"x\"",
                              .last_modified = "yesterday",
                              .next_due = T0 + 60,
                              .bytes = 77,
                              .body_hash = 0xFFFFFFFFFFFFFFFFu,
                              .moved_to = "https://new.example/"};
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_true(store_fetch_state(f->s, f->feed, f->a, &st, &e));
    assert_string_equal(st.etag, "W/\"x\"");
    assert_string_equal(st.moved_to, "https://new.example/");
    assert_true(st.body_hash == 0xFFFFFFFFFFFFFFFFu);
    o = (struct fetch_outcome){
        .when = T0 + 60, .http_status = 304, .next_due = T0 + 120, .not_modified = true};
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_true(store_fetch_state(f->s, f->feed, f->a, &st, &e));
    assert_string_equal(st.etag, "W/\"x\""); // kept on 304
    assert_null(st.moved_to);
    o = (struct fetch_outcome){
        .when = T0 + 120, .error = "no answer for 30 s", .next_due = T0 + 900};
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    struct feed_row row;
    assert_true(store_feed(f->s, f->feed, f->a, &row, &e));
    assert_int_equal(row.health, HEALTH_FAILING);
    assert_string_equal(row.error, "no answer for 30 s");
    assert_int_equal(row.last_good, T0 + 60);
    assert_int_equal(row.bytes, 77);
    assert_true(store_fetch_state(f->s, f->feed, f->a, &st, &e));
    assert_int_equal(st.failures, 2);
    assert_string_equal(st.last_modified, "yesterday");
    int64_t *due;
    size_t n;
    assert_true(store_feeds_due(f->s, T0 + 899, &due, &n, &e));
    assert_int_equal(n, 0);
    free(due);
    assert_true(store_feeds_due(f->s, T0 + 900, &due, &n, &e));
    assert_int_equal(n, 1);
    free(due);
    o = (struct fetch_outcome){
        .when = T0 + 900, .http_status = 410, .error = "gone", .parked = true, .next_due = T0};
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_true(store_feeds_due(f->s, INT64_MAX, &due, &n, &e));
    assert_int_equal(n, 0);
    free(due);
    o = (struct fetch_outcome){.when = T0 + 950,
                               .http_status = 200,
                               .next_due = T0,
                               .new_url = "https://moved.example/feed"};
    assert_true(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_true(store_fetch_state(f->s, f->feed, f->a, &st, &e));
    assert_string_equal(st.url, "https://moved.example/feed");
    assert_null(st.etag);
    assert_int_equal(st.failures, 0);
    assert_false(st.parked);
    assert_true(store_feed_remove(f->s, f->feed, &e));
    assert_false(store_apply(f->s, f->feed, NULL, &o, NULL, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(store_fetch_state(f->s, f->feed, f->a, &st, &e));
}

static void ids_are_read_as_shown(void **state)
{
    (void)state;
    int64_t id = 5;
    assert_true(store_parse_id("123", &id) && id == 123);
    assert_true(store_parse_id("b12", &id) && id == -12);
    static const char *const bad[] = {"",   "b",   "0",        "b0",
                                      "-1", "12a", "essay.md", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(store_parse_id(bad[i], &id));
}

static void values_are_kept(void **state)
{
    struct fixture *f = *state;
    struct err e = ERR_INIT;
    const char *v = "";
    assert_true(store_get(f->s, "last shelf", f->a, &v, &e));
    assert_null(v);
    assert_true(store_put(f->s, "last shelf", "Unread", &e));
    assert_true(store_put(f->s, "last shelf", "All", &e));
    assert_true(store_get(f->s, "last shelf", f->a, &v, &e));
    assert_string_equal(v, "All");
    assert_true(store_put(f->s, "last shelf", NULL, &e));
    assert_true(store_get(f->s, "last shelf", f->a, &v, &e));
    assert_null(v);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_specification),
        T(a_new_library_is_private),
        T(one_address_is_one_feed),
        T(feeds_are_found_by_what_people_say),
        T(an_essay_comes_out_as_it_went_in),
        T(changed_text_is_a_revision),
        T(dates_that_mislead_are_not_followed),
        T(identity_is_feed_and_guid),
        T(the_fetcher_finds_what_it_left),
        cmocka_unit_test(ids_are_read_as_shown),
        T(values_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
