// Tidying up: what is let go, what is packed anew, what agrees afterwards, and that who reads
// meanwhile notices nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/house.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1700000000
enum { ESSAYS = 120, BODY = 5000 };
static char *path;
static struct store *s;

static char *body(struct arena *a, int i)
{
    char *text = arena_alloc(a, BODY + 1);
    uint64_t x = (uint64_t)i * 2654435761u + 99;
    for (int k = 0; k < BODY; k++) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        text[k] = (char)('a' + (x >> 40) % 26);
    }
    return text;
}

static int setup(void **state)
{
    (void)state;
    path = library_path("tidy");
    s = library_open(path, STORE_WRITE);
    struct feed_update *u = update_new("Slow Letters", ESSAYS);
    for (int i = 0; i < ESSAYS; i++)
        update_add(u, arena_printf(u->arena, "g%d", i), arena_printf(u->arena, "Essay %d", i),
                   T0 - i, body(u->arena, i));
    library_apply(s, library_feed(s, "https://a.example/"), u, T0);
    update_free(u);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_close(s);
    free(path);
    free(library_path("tidy"));
    return 0;
}

static void must_agree(void)
{
    struct house_fault *faults;
    struct err e = ERR_INIT;
    size_t n;
    struct buf words = {0};
    assert_true(house_agree(s, false, &faults, &n, &e));
    if (n)
        fail_msg("%lld: %s", (long long)faults[0].n, faults[0].what);
    free(faults);
    assert_true(house_sound(s, &words, &e));
    assert_int_equal(words.len, 0);
}

// Every essay that is there says what it said at first.
static size_t must_read(struct store *by)
{
    struct err e = ERR_INIT;
    int64_t *ids;
    size_t n;
    assert_true(store_ids(by, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_new();
        struct item_body b;
        if (!store_item(by, ids[i], a, &b, &e))
            fail_msg("%s", e.msg);
        int number = atoi(b.row.title + 6);
        assert_string_equal(b.content, body(a, number));
        arena_free(a);
    }
    free(ids);
    return n;
}

// Two of three go, of every pack.
static void thin_out(void)
{
    struct err e = ERR_INIT;
    int64_t *ids, gone[ESSAYS];
    size_t n, count = 0;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    for (size_t i = 0; i < n; i++)
        if (i % 3)
            gone[count++] = ids[i];
    assert_true(store_entries_remove(s, gone, count, &e));
    free(ids);
}

static void texts_are_packed_anew_under_a_reader(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    int64_t n, gain, packs = library_number(path, "SELECT count(*) FROM pack"), before;
    assert_true(packs > 1);
    assert_true(tidy_texts(s, false, NULL, &n, &gain, &e));
    assert_int_equal(n, 0); // all of use
    // A revision stays, and what it said.
    struct feed_update *u = update_new("Slow Letters", 1);
    update_add(u, "g0", "Essay 0", T0, "<p>revised</p>");
    library_apply(s, 1, u, T0);
    update_free(u);
    int64_t *ids;
    size_t all;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 1, &ids, &all, &e));
    int64_t revised = ids[0];
    free(ids);
    thin_out();
    struct store *reader = library_open(path, STORE_READ);
    struct arena *a = arena_new();
    struct item_body b;
    assert_true(
        store_ids(reader, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &all, &e));
    assert_true(store_item(reader, ids[1], a, &b, &e)); // has its pack open now
    before = library_number(path, "SELECT sum(length(data)) FROM pack");
    assert_true(tidy_texts(s, true, NULL, &n, &gain, &e));
    assert_int_equal(n, packs);
    assert_int_equal(library_number(path, "SELECT sum(length(data)) FROM pack"), before);
    assert_true(tidy_texts(s, false, NULL, &n, &gain, &e));
    assert_int_equal(n, packs);
    assert_true(library_number(path, "SELECT sum(length(data)) FROM pack") * 2 < before);
    assert_true(gain > before / 3);
    for (size_t i = 1; i < all; i++) {
        assert_true(store_item(reader, ids[i], a, &b, &e));
        assert_string_equal(b.content, body(a, atoi(b.row.title + 6)));
    }
    struct revision_row *rows;
    assert_true(store_revisions(s, revised, a, &rows, &all, &e));
    assert_int_equal(all, 1);
    assert_true(store_revision(s, rows[0].id, a, &b, &e));
    assert_string_equal(b.content, body(a, 0));
    free(ids);
    arena_free(a);
    store_close(reader);
    must_agree();
    assert_true(tidy_texts(s, false, NULL, &n, &gain, &e));
    assert_int_equal(n, 0); // nothing left to do
}

static void it_may_be_stopped(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    volatile int stop = 1;
    int64_t n, gain;
    thin_out();
    assert_true(tidy_texts(s, false, &stop, &n, &gain, &e));
    assert_int_equal(n, 0);
    assert_false(tidy_space(s, &stop, &e));
    must_agree();
    assert_int_equal(must_read(s), ESSAYS / 3);
}

static void space_goes_back(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    int64_t n, gain, idle, before;
    thin_out();
    assert_true(tidy_texts(s, false, NULL, &n, &gain, &e));
    assert_true(tidy_settle(s, &e));
    before = tidy_bytes(s);
    assert_true(tidy_free(s, &idle, &e));
    assert_true(idle > before / 3);
    assert_true(tidy_room(s) > 0);
    struct store *reader = library_open(path, STORE_READ);
    assert_true(tidy_space(s, NULL, &e));
    assert_int_equal(must_read(reader), ESSAYS / 3);
    store_close(reader);
    assert_true(tidy_settle(s, &e));
    assert_true(tidy_bytes(s) <= before - idle + 8192);
    must_agree();
}

static void the_bin_is_emptied(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    int64_t *ids, id[3], n;
    size_t all;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 3, &ids, &all, &e));
    for (int i = 0; i < 3; i++)
        assert_true(store_bookmark_entry(s, ids[i], T0, &id[i], NULL, &e));
    assert_true(store_bookmark_remove(s, id[0], &e));
    int64_t now = library_number(path, "SELECT max(removed) FROM bookmark");
    assert_true(tidy_bin(s, now, false, &n, &e));
    assert_int_equal(n, 0); // not yet
    assert_true(tidy_bin(s, now + 1, true, &n, &e));
    assert_int_equal(n, 1);
    assert_int_equal(library_number(path, "SELECT count(*) FROM bookmark"), 3);
    assert_true(tidy_bin(s, now + 1, false, &n, &e));
    assert_int_equal(n, 1);
    assert_int_equal(library_number(path, "SELECT count(*) FROM bookmark"), 2);
    assert_int_equal(library_number(path, "SELECT count(*) FROM bookmark_body"), 2);
    free(ids);
    must_agree();
}

static void what_does_not_agree_is_found_and_mended(void **state)
{
    (void)state;
    static const char *const wrongs[] = {
        "UPDATE tally SET total = total + 1",
        "UPDATE tally SET unread = 0",
        "DELETE FROM tally",
        "INSERT INTO tally(feed, total) VALUES(99, 5)",
        "UPDATE bookmark_tally SET kept = kept + 2",
        "UPDATE pack_live SET live = 1 WHERE live > 1",
        "DELETE FROM pack_live",
        "INSERT INTO pack(data) VALUES(x'00')",
        "DELETE FROM pack WHERE id = (SELECT min(id) FROM pack)",
        "DELETE FROM fetch",
        "DELETE FROM known WHERE guid = (SELECT min(guid) FROM known)",
        "DELETE FROM entry WHERE id = 5",
        "DELETE FROM feed",
        "INSERT INTO feed_tag VALUES(77, 'lost')",
        "UPDATE entry SET bookmark = 12 WHERE id = 3",
        "INSERT INTO revision(entry, replaced, words, pack, off, len, title) VALUES(999, 1, 1, 0, "
        "0, 0, 'x')",
        "UPDATE bookmark SET feed = 55",
        "INSERT INTO bookmark_body VALUES(500, x'00')",
        "UPDATE counter SET entry = 1",
    };
    struct err e = ERR_INIT;
    int64_t *ids, id;
    size_t n;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 1, &ids, &n, &e));
    assert_true(store_bookmark_entry(s, ids[0], T0, &id, NULL, &e));
    free(ids);
    must_agree();
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct house_fault *faults;
        library_sql(path, wrongs[i]);
        assert_true(house_agree(s, false, &faults, &n, &e));
        if (!n)
            fail_msg("not found: %s", wrongs[i]);
        assert_false(faults[0].mended);
        free(faults);
        assert_true(house_agree(s, true, &faults, &n, &e));
        assert_true(n && faults[0].mended);
        free(faults);
        must_agree();
    }
}

static void the_command_says_what_it_does(void **state)
{
    (void)state;
    struct buf out = {0};
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    store_set_read(s, ids, n, true);
    assert_true(store_flush(s, 1000, &e));
    free(ids);
    char *config = program_file("tidy.conf", "feed a.example keep-count 30\n"),
         *dry = mem_printf("--config '%s' --library '%s' tidy -n", config, path),
         *wet = mem_printf("--config '%s' --library '%s' tidy", config, path),
         *plain = mem_printf("--library '%s' tidy", path);
    assert_int_equal(program_run(plain, &out, NULL), 0);
    assert_non_null(strstr(out.data, "nothing to do"));
    assert_int_equal(program_run(dry, &out, NULL), 0);
    assert_non_null(strstr(out.data, "90 essays of Slow Letters would go"));
    assert_non_null(strstr(out.data, "it keeps the newest 30, and all that is unread or begun"));
    assert_non_null(strstr(out.data, "Essay 119"));
    assert_non_null(strstr(out.data, "and 80 more"));
    assert_non_null(strstr(out.data, "nothing was changed"));
    assert_int_equal(library_number(path, "SELECT count(*) FROM entry"), ESSAYS);
    assert_int_equal(program_run(wet, &out, NULL), 0); // with this test's own handle open
    assert_non_null(strstr(out.data, "90 essays of Slow Letters went"));
    assert_int_equal(library_number(path, "SELECT count(*) FROM entry"), 30);
    assert_int_equal(must_read(s), 30);
    assert_int_equal(program_run(wet, &out, NULL), 0);
    assert_non_null(strstr(out.data, "nothing to do"));
    assert_int_equal(
        library_number(path, "SELECT count(*) FROM known WHERE entry = 0 AND hash <> 0"), 90);
    must_agree();
    buf_free(&out);
    free(config);
    free(dry);
    free(wet);
    free(plain);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(texts_are_packed_anew_under_a_reader),
        CASE(it_may_be_stopped),
        CASE(space_goes_back),
        CASE(the_bin_is_emptied),
        CASE(what_does_not_agree_is_found_and_mended),
        CASE(the_command_says_what_it_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
