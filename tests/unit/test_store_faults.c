// A kill and a full disk at every moment there is (LECTERN_ROUNDS=1; else at many of them): each
// thing that is done to a library is done again and again, ended one write later every time, until
// it comes through. What was confirmed is there afterwards, the rest whole or not at all, and a
// full disk is told in words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/fetch.h"
#include "lectern/house.h"
#include "lectern/mem.h"
#include "store/store.h"
#include "../support/faults.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1700000000
enum { ESSAYS = 24, FEEDS = 3, BIN = 2, NEW = 6, SUBSCRIPTIONS = 4, MOST_STEPS = 4000 };
enum { NOT_TOLD = 2, NOT_DONE = 3 };

static char *path, *base, *opml;
static int tell = -1; // where the child confirms

static void confirm(void)
{
    if (write(tell, "x", 1) != 1)
        _exit(9);
}

static void copy(const char *from, const char *to)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&b, from, 64 << 20, &e))
        fail_msg("%s", e.msg);
    FILE *f = fopen(to, "w"); // a test need not wait for the disk
    assert_true(f && fwrite(buf_cstr(&b), 1, b.len, f) == b.len && fclose(f) == 0);
    buf_free(&b);
}

static void fill(struct store *s)
{
    struct err e = ERR_INIT;
    for (int f = 0; f < FEEDS; f++) {
        char url[64];
        snprintf(url, sizeof url, "https://feed%d.example/", f);
        struct feed_update *u = update_new("F", ESSAYS);
        for (int i = 0; i < ESSAYS; i++) {
            char *body = arena_alloc(u->arena, 1501);
            for (int k = 0; k < 1500; k++)
                body[k] = (char)('a' + (f * 131 + i * 31 + k * k) % 26);
            update_add(u, arena_printf(u->arena, "g%d", i), "Essay", T0 - i, body);
        }
        library_apply(s, library_feed(s, url), u, T0);
        update_free(u);
    }
    int64_t *ids, id;
    size_t n;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    for (int i = 0; i < BIN; i++)
        assert_true(store_bookmark_entry(s, ids[i], T0, &id, NULL, &e) &&
                    store_bookmark_remove(s, id, &e));
    store_set_read(s, ids, n, true);
    assert_true(store_flush(s, 1000, &e));
    free(ids);
}

static void remove_all(void)
{
    static const char *const ends[] = {"",          "-wal",          "-shm",
                                       ".salvaged", ".salvaged-wal", ".salvaged-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *file = mem_printf("%s%s", path, ends[i]);
        unlink(file);
        free(file);
    }
    for (int v = 1; v < 20; v++)
        for (int part = 0; part < 2; part++) {
            char *file = mem_printf("%s.v%d.backup%s", path, v, part ? ".part" : "");
            unlink(file);
            free(file);
        }
}

static int setup(void **state)
{
    (void)state;
    path = library_path("faults");
    base = library_path("faults-base");
    struct store *s = library_open(base, STORE_WRITE);
    fill(s);
    store_close(s);
    struct buf b = {0};
    buf_str(&b, "<opml version=\"2.0\"><body>");
    for (int i = 0; i < SUBSCRIPTIONS; i++)
        buf_printf(&b, "<outline type=\"rss\" text=\"New %d\" xmlUrl=\"https://new%d.example/\"/>",
                   i, i);
    buf_str(&b, "</body></opml>");
    opml = program_file("faults.opml", b.data);
    buf_free(&b);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    remove_all();
    unlink(base);
    free(path);
    free(base);
    free(opml);
    return 0;
}

// ---- what is done: true when all of it is ----

static bool do_bookmarks(struct store *s, struct err *e)
{
    int64_t *ids = NULL, id;
    size_t n = 0;
    bool ok =
        store_ids(s, &(struct shelf){.kind = SHELF_FEED, .feed = 2}, false, T0, NEW, &ids, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        ok = store_bookmark_entry(s, ids[i], T0, &id, NULL, e);
        if (ok)
            confirm();
        ok = ok && store_bookmark_tag(s, id, "kept", true, e);
        if (ok)
            confirm();
    }
    free(ids);
    return ok;
}

static void check_bookmarks(int confirmed)
{
    int64_t kept = library_number(path, "SELECT kept FROM bookmark_tally"),
            tags = library_number(path, "SELECT count(*) FROM bookmark_tag WHERE tag = 'kept'");
    assert_true(kept >= (confirmed + 1) / 2 && kept <= confirmed / 2 + 1);
    assert_true(tags >= confirmed / 2 && tags <= kept);
    assert_int_equal(
        library_number(path, "SELECT count(*) FROM bookmark b WHERE NOT EXISTS (SELECT 1 FROM "
                             "bookmark_body x WHERE x.bookmark = b.id)"),
        0);
}

static bool do_fetch(struct store *s, struct err *e)
{
    for (int round = 0; round < 4; round++) {
        struct feed_update *u = update_new("F", NEW);
        for (int i = 0; i < NEW; i++)
            update_add(u, arena_printf(u->arena, "n%d-%d", round, i), "New", T0 + i, "<p>new</p>");
        struct prepared *p = store_prepare(u, NULL);
        struct fetch_outcome o = {.when = T0, .http_status = 200};
        bool ok = store_apply(s, 1, p, &o, NULL, e);
        store_prepared_free(p);
        update_free(u);
        if (!ok)
            return false;
        confirm();
    }
    return true;
}

static void check_fetch(int confirmed)
{
    int64_t now = library_number(path, "SELECT count(*) FROM entry WHERE title = 'New'");
    assert_int_equal(now % NEW, 0); // each of them whole
    assert_true(now >= confirmed * NEW && now <= (confirmed + 1) * NEW);
}

static bool do_tidy(struct store *s, struct err *e)
{
    const struct keep_rule rule = {.count = 5};
    struct keep_result went;
    int64_t n, gain;
    bool ok = true;
    for (int64_t feed = 1; ok && feed <= FEEDS; feed++)
        ok = keep_apply(s, feed, &rule, T0 + 1000 * 86400, NULL, &went, e);
    ok = ok && tidy_bin(s, INT64_MAX, false, &n, e) && tidy_texts(s, false, NULL, &n, &gain, e) &&
         tidy_space(s, NULL, e) && tidy_settle(s, e);
    if (ok)
        confirm();
    return ok;
}

static void check_tidy(int confirmed)
{
    int64_t now = library_number(path, "SELECT count(*) FROM entry");
    assert_true(now >= FEEDS * 5 && now <= FEEDS * ESSAYS);
    if (confirmed)
        assert_int_equal(now, FEEDS * 5);
    assert_int_equal(library_number(path, "SELECT count(*) FROM known WHERE hash <> 0"),
                     FEEDS * ESSAYS); // beside them stand the addresses of what went
}

static bool do_import(struct store *s, struct err *e)
{
    const struct import_opts o = {0};
    struct import_result r;
    (void)s;
    bool ok = fetch_import(path, opml, &o, &r, e);
    if (ok)
        confirm();
    return ok;
}

static void check_import(int confirmed)
{
    int64_t now = library_number(path, "SELECT count(*) FROM feed") - FEEDS;
    assert_true(now == SUBSCRIPTIONS || (!confirmed && now == 0));
}

// ---- every moment ----

// Each of them with LECTERN_ROUNDS set, else most of the first and some of the later.
static int next(int nth)
{
    return nth + 1 + (getenv("LECTERN_ROUNDS") ? 0 : nth / 8);
}

struct deed {
    bool (*act)(struct store *, struct err *);
    void (*check)(int confirmed);
};

static void child(const struct deed *d, int nth, enum fault what)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    faults_install();
    if (!store_open(path, STORE_WRITE, &s, &e))
        _exit(9);
    faults_at(nth, what);
    bool ok = d->act(s, &e);
    if (faults_met() && !ok &&
        (e.kind != ERR_FULL || !strstr(e.msg, "no room") || !strstr(e.msg, "make room"))) {
        fprintf(stderr, "%d: %s\n", nth, e.msg);
        _exit(NOT_TOLD);
    }
    // What is written at the end finds no room either.
    bool met = faults_met();
    store_close(s);
    _exit(!met && !faults_met() ? 0 : ok ? 1 : NOT_DONE);
}

static void must_be_whole(const char *file)
{
    struct buf words = {0};
    struct err e = ERR_INIT;
    struct store *s = library_open(file, STORE_WRITE);
    struct house_fault *faults;
    size_t n;
    assert_true(house_sound(s, &words, &e));
    if (words.len)
        fail_msg("%s", words.data);
    assert_true(house_agree(s, false, &faults, &n, &e));
    if (n)
        fail_msg("%lld: %s", (long long)faults[0].n, faults[0].what);
    free(faults);
    struct arena *a = arena_new();
    int64_t *ids;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    for (size_t i = 0; i < n; i++) {
        struct item_body b;
        if (!store_item(s, ids[i], a, &b, &e))
            fail_msg("%s", e.msg);
    }
    free(ids);
    arena_free(a);
    store_close(s);
}

static void every_moment(const struct deed *d, enum fault what)
{
    int nth = 1, status = -1;
    for (; nth < MOST_STEPS && status != 0; nth = next(nth)) {
        int ends[2], confirmed = 0;
        char c;
        remove_all();
        copy(base, path);
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            close(ends[0]);
            tell = ends[1];
            child(d, nth, what);
        }
        close(ends[1]);
        while (read(ends[0], &c, 1) == 1)
            confirmed++;
        close(ends[0]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        status = WEXITSTATUS(status);
        if (status == NOT_TOLD || status == 9)
            fail_msg("moment %d: exit code %d", nth, status);
        must_be_whole(path);
        d->check(confirmed);
    }
    assert_int_equal(status, 0); // it came through at last
    print_message("%d moments\n", nth);
    assert_true(nth > 5);
}

#define DEED(name)                                                         \
    static void a_kill_during_##name(void **state)                         \
    {                                                                      \
        (void)state;                                                       \
        every_moment(&(struct deed){do_##name, check_##name}, FAULT_DIE);  \
    }                                                                      \
    static void a_full_disk_during_##name(void **state)                    \
    {                                                                      \
        (void)state;                                                       \
        every_moment(&(struct deed){do_##name, check_##name}, FAULT_FULL); \
    }
DEED(bookmarks)
DEED(fetch)
DEED(tidy)
DEED(import)

// ---- bringing an old library up to date ----

static void old_library(void)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    remove_all();
    if (!store_make(path, 1, &s, &e))
        fail_msg("%s", e.msg);
    static const char rows[] =
        "INSERT INTO feed(id, url, key, name, fold) VALUES(1, 'https://a.example/', 'a.example', "
        "'A', "
        "'a'); INSERT INTO fetch(feed) VALUES(1); INSERT INTO tally(feed) VALUES(1);";
    assert_true(sql_exec(s, rows, &e));
    struct feed_update *u = update_new("A", 3);
    for (int i = 0; i < 3; i++)
        update_add(u, arena_printf(u->arena, "g%d", i), "Essay", T0 - i, "<p>words</p>");
    library_apply(s, 1, u, T0);
    update_free(u);
    store_close(s);
}

static void migrating(enum fault what)
{
    int status = -1, nth = 1;
    struct err e = ERR_INIT;
    for (; nth < MOST_STEPS && status != 0; nth = next(nth)) {
        old_library();
        char *backup = mem_printf("%s.v1.backup", path), *part = mem_printf("%s.part", backup);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct store *s = NULL;
            faults_install();
            faults_at(nth, what);
            bool ok = store_open(path, STORE_READER, &s, &e);
            if (!ok && faults_met() && (e.kind != ERR_FULL || !strstr(e.msg, "make room"))) {
                fprintf(stderr, "%s\n", e.msg);
                _exit(NOT_TOLD);
            }
            bool met = faults_met();
            store_close(s);
            _exit(met || faults_met() ? NOT_DONE : 0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        status = WEXITSTATUS(status);
        if (status == NOT_TOLD)
            fail_msg("moment %d", nth);
        if (access(backup, F_OK) == 0) { // then it is whole, and nobody else's to read
            struct stat st;
            assert_int_equal(stat(backup, &st), 0);
            assert_int_equal(st.st_mode & 0777, 0600);
            assert_int_equal(library_number(backup, "PRAGMA user_version"), 1);
            assert_int_equal(library_number(backup, "SELECT count(*) FROM entry"), 3);
            assert_int_equal(library_number(backup,
                                            "SELECT count(*) FROM pragma_integrity_check WHERE "
                                            "integrity_check <> 'ok'"),
                             0);
        } else { // and nothing was done yet
            assert_int_equal(library_number(path, "PRAGMA user_version"), 1);
        }
        if (what == FAULT_FULL) // what could not be finished does not lie about
            assert_int_not_equal(access(part, F_OK), 0);
        must_be_whole(path);
        assert_int_equal(library_number(path, "SELECT count(*) FROM entry"), 3);
        assert_int_not_equal(access(part, F_OK), 0); // the next time goes over it
        free(backup);
        free(part);
    }
    assert_int_equal(status, 0);
    assert_true(nth > 20);
}

static void a_kill_while_it_is_brought_up_to_date(void **state)
{
    (void)state;
    migrating(FAULT_DIE);
}

static void a_full_disk_while_it_is_brought_up_to_date(void **state)
{
    (void)state;
    migrating(FAULT_FULL);
}

static void old_backups_do_not_pile_up(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    static const int versions[] = {1, 2, 3};
    remove_all();
    if (!store_make(path, 4, &s, &e))
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < 3; i++) {
        char *file = mem_printf("%s.v%d.backup", path, versions[i]);
        assert_true(buf_write_file(file, "old", 3, 0600, &e));
        free(file);
    }
    struct schema_step steps[] = {{5000, {"CREATE TABLE extra(x)"}}, {0, {NULL}}};
    assert_true(schema_migrate(s, steps, &e));
    store_close(s);
    static const bool there[] = {false, false, true, true}; // the last and the one before
    for (int v = 1; v <= 4; v++) {
        char *file = mem_printf("%s.v%d.backup", path, v);
        assert_int_equal(access(file, F_OK) == 0, there[v - 1]);
        free(file);
    }
    remove_all();
}

// ---- saving a damaged one ----

static void a_kill_while_it_is_salvaged(void **state)
{
    (void)state;
    int status = -1, nth = 1;
    for (; nth < MOST_STEPS && status != 0; nth = next(nth)) {
        remove_all();
        copy(base, path);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct salvage_result r = {0};
            struct err e = ERR_INIT;
            faults_install();
            faults_at(nth, FAULT_DIE);
            if (!house_salvage(path, NULL, &r, &e))
                _exit(4);
            unlink(r.kept);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        status = WEXITSTATUS(status);
        assert_true(status == 0 || status == FAULT_DIED);
        must_be_whole(path);
        assert_int_equal(library_number(path, "SELECT count(*) FROM entry"), FEEDS * ESSAYS);
    }
    assert_int_equal(status, 0);
}

// ---- files that are written for others ----

static void an_export_is_whole_or_not_there(void **state)
{
    (void)state;
    remove_all();
    copy(base, path);
    char *file = program_path("faults-export.opml"),
         *line = mem_printf(
             "sh -c 'ulimit -f 0; trap \"\" XFSZ; exec \"%s\" --library \"%s\" export opml \"%s\"' "
             "2>/dev/null",
             getenv("LECTERN_BIN"), path, file);
    struct err e = ERR_INIT;
    struct buf b = {0};
    unlink(file);
    int code = system(line);
    assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 1);
    assert_int_not_equal(access(file, F_OK), 0);
    assert_true(buf_write_file(file, "as it was", 9, 0600, &e));
    code = system(line);
    assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 1);
    assert_true(buf_read_file(&b, file, 1000, &e));
    assert_string_equal(b.data, "as it was");
    unlink(file);
    buf_free(&b);
    free(line);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_during_bookmarks),
        cmocka_unit_test(a_full_disk_during_bookmarks),
        cmocka_unit_test(a_kill_during_fetch),
        cmocka_unit_test(a_full_disk_during_fetch),
        cmocka_unit_test(a_kill_during_tidy),
        cmocka_unit_test(a_full_disk_during_tidy),
        cmocka_unit_test(a_kill_during_import),
        cmocka_unit_test(a_full_disk_during_import),
        cmocka_unit_test(a_kill_while_it_is_brought_up_to_date),
        cmocka_unit_test(a_full_disk_while_it_is_brought_up_to_date),
        cmocka_unit_test(old_backups_do_not_pile_up),
        cmocka_unit_test(a_kill_while_it_is_salvaged),
        cmocka_unit_test(an_export_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
