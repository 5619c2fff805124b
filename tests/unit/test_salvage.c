// A damaged library saved. The property: however it is damaged, salvage ends, the new library is
// sound and opens, and no bookmark is missing whose own pages were left alone. Which pages those
// are is found out without the code under test: by looking in the file for what the bookmark is
// made of.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/house.h"
#include "lectern/mem.h"
#include "../support/library.h"

#define T0 1700000000
enum { PAGE = 4096, FEEDS = 5, ESSAYS = 30, KEPT = 40, TIMES = 6, CHUNK = 48 };

static uint64_t seed;

static unsigned rnd(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((seed >> 33) % n);
}

static char *path;

// ---- a library worth saving ----

// Words that do not pack well, so that what they become can be found again in the file.
static char *words(struct arena *a, unsigned n)
{
    char *s = arena_alloc(a, n + 1);
    for (unsigned i = 0; i < n; i++)
        s[i] = (char)(' ' + rnd(94));
    for (char *p = s; *p; p++)
        *p = *p == '<' || *p == '&' ? 'x' : *p;
    return s;
}

static void fill(struct store *s)
{
    struct err e = ERR_INIT;
    for (int f = 0; f < FEEDS; f++) {
        char url[64];
        snprintf(url, sizeof url, "https://feed%d.example/", f);
        struct feed_update *u = update_new("A newsletter", ESSAYS);
        for (int i = 0; i < ESSAYS; i++)
            update_add(u, arena_printf(u->arena, "g%d", i),
                       arena_printf(u->arena, "Essay %d of %d", i, f), T0 - i,
                       words(u->arena, 40 + rnd(f == 0 ? 9000 : 900)));
        library_apply(s, library_feed(s, url), u, T0);
        update_free(u);
    }
    int64_t *ids;
    size_t n;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    for (int i = 0; i < KEPT; i++) {
        int64_t id;
        if (i % 2) {
            assert_true(store_bookmark_entry(s, ids[(size_t)i * 3], T0 + i, &id, NULL, &e));
        } else {
            struct arena *a = arena_new();
            char *body = words(a, 60 + rnd(6000));
            struct snapshot sn = {.title = arena_printf(a, "A page kept as number %d", i),
                                  .url = "https://page.example/",
                                  .content = body,
                                  .content_len = strlen(body),
                                  .type = CONTENT_TEXT};
            assert_true(store_bookmark_snapshot(s, &sn, T0 + i, &id, &e));
            arena_free(a);
        }
        assert_true(store_bookmark_tag(s, id, i % 3 ? "later" : "work", true, &e));
    }
    store_set_read(s, ids, 7, true);
    store_set_mark(s, (struct place_mark){ids[0], 'a', 3});
    assert_true(store_entries_remove(s, ids + 100, 5, &e));
    assert_true(store_search_save(s, "long ones", "longer:10", &e));
    free(ids);
}

struct kept { // a bookmark as it was, and the pages it lies on
    int64_t id;
    char *title;
    void *body;
    size_t len;
    uint8_t *needs; // by page
};
static struct kept kept[KEPT];
static uint8_t *sound; // the file
static size_t size, npages;

static void mark_pages(struct kept *k, const void *what, size_t len)
{
    for (size_t at = 0; at + len <= size; at++) {
        const uint8_t *p = memmem(sound + at, size - at, what, len);
        if (!p)
            return;
        at = (size_t)(p - sound);
        k->needs[at / PAGE] = k->needs[(at + len - 1) / PAGE] = 1;
    }
}

static void learn(void)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT b.id, b.title, x.data FROM bookmark b JOIN "
                                        "bookmark_body x ON x.bookmark = b.id",
                                        -1, &st, NULL),
                     SQLITE_OK);
    for (int i = 0; i < KEPT; i++) {
        struct kept *k = &kept[i];
        assert_int_equal(sqlite3_step(st), SQLITE_ROW);
        k->id = sqlite3_column_int64(st, 0);
        k->title = mem_strdup((const char *)sqlite3_column_text(st, 1));
        k->len = (size_t)sqlite3_column_bytes(st, 2);
        k->body = mem_alloc(k->len);
        memcpy(k->body, sqlite3_column_blob(st, 2), k->len);
        k->needs = mem_alloc(npages + 1);
        mark_pages(k, k->title, strlen(k->title));
        for (size_t at = 0; at + 4 <= k->len; at += at + CHUNK <= k->len ? CHUNK : 1) {
            size_t n = k->len - at < CHUNK ? k->len - at : CHUNK;
            if (n == CHUNK || at % CHUNK == 0)
                mark_pages(k, (const char *)k->body + at, n);
        }
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static int setup(void **state)
{
    (void)state;
    seed = 20;
    path = library_path("salvage");
    struct store *s = library_open(path, STORE_WRITE);
    fill(s);
    store_close(s);
    struct buf b = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&b, path, 64 << 20, &e));
    size = b.len;
    npages = size / PAGE;
    sound = (uint8_t *)buf_take(&b, NULL);
    learn();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < KEPT; i++) {
        free(kept[i].title);
        free(kept[i].body);
        free(kept[i].needs);
    }
    free(sound);
    free(path);
    free(library_path("salvage"));
    return 0;
}

// ---- what is there afterwards ----

static void remove_kept(struct salvage_result *r)
{
    char *log = mem_printf("%s-wal", r->kept ? r->kept : "/nonexistent");
    if (r->kept)
        unlink(r->kept);
    unlink(log);
    free(log);
    free(r->kept);
    r->kept = NULL;
}

static void must_be_sound(const char *file)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
    sqlite3_close(db);
    struct store *s = library_open(file, STORE_WRITE);
    struct house_fault *faults;
    struct err e = ERR_INIT;
    size_t n;
    assert_true(house_agree(s, false, &faults, &n, &e));
    if (n)
        fail_msg("%s: %lld", faults[0].what, (long long)faults[0].n);
    free(faults);
    // And every list and text can be had.
    struct arena *a = arena_new();
    struct feed_rows feeds;
    assert_true(store_feeds(s, a, &feeds, &e));
    for (int kind = 0; kind < 2; kind++) {
        int64_t *ids;
        assert_true(store_ids(s, &(struct shelf){.kind = kind ? SHELF_BOOKMARKS : SHELF_ALL}, false,
                              T0, 0, &ids, &n, &e));
        for (size_t i = 0; i < n; i++) {
            struct item_body b;
            if (!store_item(s, ids[i], a, &b, &e))
                fail_msg("%lld: %s", (long long)ids[i], e.msg);
        }
        free(ids);
    }
    arena_free(a);
    store_close(s);
}

// Is the bookmark there to the letter?
static bool is_there(sqlite3 *db, const struct kept *k)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT b.title, x.data FROM bookmark b JOIN bookmark_body "
                                        "x ON x.bookmark = b.id WHERE b.id = ?",
                                        -1, &st, NULL),
                     SQLITE_OK);
    sqlite3_bind_int64(st, 1, k->id);
    bool there = sqlite3_step(st) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(st, 0), k->title) == 0 &&
                 (size_t)sqlite3_column_bytes(st, 1) == k->len &&
                 memcmp(sqlite3_column_blob(st, 1), k->body, k->len) == 0;
    sqlite3_finalize(st);
    return there;
}

static int none_missing(const uint8_t *harmed, const char *how)
{
    sqlite3 *db;
    int intact = 0;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (int i = 0; i < KEPT; i++) {
        bool whole = true;
        for (size_t p = 0; p <= npages; p++)
            whole = whole && !(kept[i].needs[p] && harmed[p]);
        intact += whole;
        if (whole && !is_there(db, &kept[i]))
            fail_msg("%s: bookmark %lld is missing or changed", how, (long long)kept[i].id);
    }
    sqlite3_close(db);
    return intact;
}

// ---- harm ----

static void write_file(const char *to, const uint8_t *bytes, size_t len)
{
    FILE *f = fopen(to, "w"); // a test need not wait for the disk
    assert_true(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
}

static void noise(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)rnd(256);
}

static size_t harm(uint64_t number, uint8_t *file, uint8_t *harmed, char how[64])
{
    size_t len = size;
    unsigned kind = rnd(7), times = 1 + rnd(TIMES);
    for (unsigned i = 0; i < times; i++) {
        size_t page = rnd((unsigned)npages), at = page * PAGE, n;
        switch (kind) {
        case 0: // a page becomes noise
            noise(file + at, PAGE);
            break;
        case 1: // or zeroes
            memset(file + at, 0, PAGE);
            break;
        case 2: // some bytes change, mostly where the structure is
            for (unsigned k = 1 + rnd(8); k; k--)
                file[at + rnd(rnd(2) ? 64 : PAGE)] = (uint8_t)rnd(256);
            break;
        case 3: // the end is cut off
            n = (size_t)rnd((unsigned)size);
            len = n < len ? n : len;
            break;
        case 4: { // a page lies in the wrong place
            size_t other = rnd((unsigned)npages);
            memmove(file + at, sound + other * PAGE, PAGE);
            break;
        }
        case 5: // the beginning
            page = 0;
            noise(file + rnd(PAGE), 1);
            if (rnd(3) == 0)
                noise(file, 1 + rnd(200));
            break;
        default: // one long run
            n = (1 + rnd(6)) * PAGE;
            n = at + n > size ? size - at : n;
            noise(file + at, n);
            for (size_t k = 0; k * PAGE < n; k++)
                harmed[page + k] = 1;
        }
        harmed[page] = kind == 3 ? harmed[page] : 1;
    }
    for (size_t p = 0; p < npages; p++)
        if ((p + 1) * PAGE > len)
            harmed[p] = 1;
    snprintf(how, 64, "round %d, harm %u, %u times, %zu bytes", (int)number, kind, times, len);
    return len;
}

static void a_round(uint64_t number, int *saved, int *refused)
{
    uint8_t *file = mem_alloc(size), *harmed = mem_alloc(npages + 1);
    char how[64];
    seed = number;
    memcpy(file, sound, size);
    size_t len = harm(number, file, harmed, how);
    write_file(path, file, len);
    struct salvage_result r = {0};
    struct err e = ERR_INIT;
    if (house_salvage(path, NULL, &r, &e)) {
        must_be_sound(path);
        *saved += none_missing(harmed, how);
        // Harm to a row's number makes another row of it; each may do so once.
        if (r.bookmarks > KEPT + TIMES || r.essays > FEEDS * ESSAYS || r.feeds > FEEDS + r.nameless)
            fail_msg("round %d, %s: %lld feeds, %lld essays, %lld bookmarks", (int)number, how,
                     (long long)r.feeds, (long long)r.essays, (long long)r.bookmarks);
        remove_kept(&r);
    } else {
        ++*refused;
        if (e.kind != ERR_FORMAT)
            fail_msg("round %d, %s: %s", (int)number, how, e.msg);
        // Only where there is nothing: not one page of any use.
        for (int i = 0; i < KEPT; i++) {
            bool whole = true;
            for (size_t p = 0; p <= npages; p++)
                whole = whole && !(kept[i].needs[p] && harmed[p]);
            if (whole)
                fail_msg("round %d, %s: refused, and b%lld is there: %s", (int)number, how,
                         (long long)kept[i].id, e.msg);
        }
    }
    free(file);
    free(harmed);
}

static void any_damage_is_survived(void **state)
{
    (void)state;
    const char *more = getenv("LECTERN_ROUNDS");
    int rounds = more ? atoi(more) : 120, saved = 0, refused = 0;
    for (int i = 1; i <= rounds; i++)
        a_round((uint64_t)i, &saved, &refused);
    print_message("%d rounds: %d bookmarks whole and saved, %d refused\n", rounds, saved, refused);
    assert_true(saved > rounds * KEPT / 3);
    assert_true(refused < rounds / 10);
}

static void a_sound_library_comes_out_the_same(void **state)
{
    (void)state;
    write_file(path, sound, size);
    struct salvage_result r = {0};
    struct err e = ERR_INIT;
    if (!house_salvage(path, NULL, &r, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(r.damages, 0);
    assert_int_equal(r.feeds, FEEDS);
    assert_int_equal(r.essays, FEEDS * ESSAYS - 5);
    assert_int_equal(r.had_essays, FEEDS * ESSAYS - 5);
    assert_int_equal(r.bookmarks, KEPT);
    assert_int_equal(r.had_bookmarks, KEPT);
    assert_int_equal(r.bare_essays + r.bare_bookmarks + r.nameless, 0);
    must_be_sound(path);
    // Table by table: not a row more or less, but for what only counts writes.
    char *sql = mem_printf("ATTACH '%s' AS old", r.kept);
    sqlite3 *db;
    sqlite3_stmt *list, *st;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    free(sql);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                                        "AND type = 'table' AND name <> 'sqlite_schema'",
                                        -1, &list, NULL),
                     SQLITE_OK);
    int tables = 0;
    while (sqlite3_step(list) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(list, 0);
        sql =
            mem_printf("SELECT (SELECT count(*) FROM (SELECT * FROM main.\"%s\" EXCEPT SELECT * "
                       "FROM old.\"%s\")) + (SELECT count(*) FROM (SELECT * FROM old.\"%s\" EXCEPT "
                       "SELECT * FROM main.\"%s\"))",
                       name, name, name, name);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(st), SQLITE_ROW);
        if (sqlite3_column_int64(st, 0))
            fail_msg("%s differs", name);
        sqlite3_finalize(st);
        free(sql);
        tables++;
    }
    assert_true(tables > 15);
    sqlite3_finalize(list);
    sqlite3_close(db);
    struct stat was;
    assert_int_equal(stat(r.kept, &was), 0);
    assert_int_equal(was.st_size, size);
    remove_kept(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_library_comes_out_the_same),
        cmocka_unit_test(any_damage_is_survived),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
