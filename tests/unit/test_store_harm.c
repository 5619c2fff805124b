// What can happen to a library: older and newer versions, files that are none, disks that are full
// or may not be written, two writers, and a process killed at any moment. It stays whole, or the
// sentence says what is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/store.h"
#include "store/store.h"
#include "../support/library.h"

#define T0 1700000000

static void fill(struct store *s, const char *url, int essays)
{
    struct feed_update *u = update_new("Slow Letters", (size_t)essays);
    for (int i = 0; i < essays; i++)
        update_add(u, arena_printf(u->arena, "g%d", i), arena_printf(u->arena, "Essay %d", i),
                   T0 - i, "<p>the text</p>");
    library_apply(s, library_feed(s, url), u, T0);
    update_free(u);
}

static void must_refuse(const char *path, enum store_mode mode, enum err_kind kind,
                        const char *part)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    if (store_open(path, mode, &s, &e))
        fail_msg("%s was opened", path);
    assert_null(s);
    if (e.kind != kind || !strstr(e.msg, part))
        fail_msg("kind %d: %s", (int)e.kind, e.msg);
}

static void files_that_are_no_libraries_are_named(void **state)
{
    (void)state;
    char *path = library_path("harm"), *dir = mem_printf("%s.d", path),
         *below = mem_printf("%s/deep/er/library.db", dir);
    struct err e = ERR_INIT;
    must_refuse(path, STORE_READ, ERR_MISSING, "lectern add");
    assert_int_not_equal(access(path, F_OK), 0); // asking made nothing
    static const char words[] = "This is a letter to the editor and no database at all, however "
                                "long it may become in the end; really.";
    assert_true(buf_write_file(path, words, sizeof words - 1, 0600, &e));
    for (int mode = STORE_WRITE; mode <= STORE_READER; mode++)
        must_refuse(path, (enum store_mode)mode, ERR_FORMAT, "not a Lectern library");
    struct buf b = {0};
    assert_true(buf_read_file(&b, path, 1000, &e));
    assert_string_equal(b.data, words);
    buf_free(&b);
    char *inside = mem_printf("%s/library.db", path);
    must_refuse(inside, STORE_WRITE, ERR_OTHER, "Not a directory");
    free(inside);
    unlink(path);
    library_sql(path, "CREATE TABLE other(x)");
    must_refuse(path, STORE_WRITE, ERR_FORMAT, "another program");
    assert_int_equal(library_number(path, "SELECT count(*) FROM sqlite_schema"), 1);
    unlink(path);
    assert_true(path_make_dir(dir, &e));
    must_refuse(dir, STORE_READER, ERR_OTHER, "is a directory");
    must_refuse("/dev/null", STORE_READER, ERR_OTHER, "not a file");
    store_close(library_open(below, STORE_WRITE)); // directories are made
    struct stat st;
    char *deep = mem_printf("%s/deep", dir);
    assert_int_equal(stat(deep, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    free(deep);
    FILE *empty = fopen(path, "w"); // an empty file becomes one
    fclose(empty);
    must_refuse(path, STORE_READ, ERR_MISSING, "empty");
    store_close(library_open(path, STORE_READER));
    free(library_path("harm"));
    free(below);
    free(dir);
    free(path);
}

static void a_newer_library_is_left_alone(void **state)
{
    (void)state;
    char *path = library_path("harm");
    store_close(library_open(path, STORE_WRITE));
    library_sql(path, "PRAGMA user_version = 99");
    for (int mode = STORE_WRITE; mode <= STORE_READER; mode++)
        must_refuse(path, (enum store_mode)mode, ERR_NEWER, "newer Lectern");
    assert_int_equal(library_number(path, "PRAGMA user_version"), 99);
    free(library_path("harm"));
    free(path);
}

static void steps_lead_from_old_to_new(void **state)
{
    (void)state;
    char *path = library_path("harm");
    struct err e = ERR_INIT;
    struct store *s = library_open(path, STORE_WRITE);
    fill(s, "https://a.example/", 3);
    int now = (int)library_number(path, "PRAGMA user_version");
    char *backup = mem_printf("%s.v%d.backup", path, now),
         *failed = mem_printf("version %d", now + 2), *newer = mem_printf("%d", now + 1);
    struct schema_step steps[] = {
        schema_steps[0],
        {now + 1, {"CREATE TABLE extra(x); INSERT INTO extra SELECT id FROM entry;"}},
        {now + 2, {"CREATE TABLE more(x); SELECT nonsense;"}},
        {0, {NULL}},
    };
    assert_false(schema_migrate(s, steps, &e)); // the last fails and leaves nothing behind
    assert_non_null(strstr(e.msg, failed));
    store_close(s);
    assert_int_equal(library_number(path, "PRAGMA user_version"), now + 1);
    assert_int_equal(library_number(path, "SELECT count(*) FROM extra"), 3);
    assert_int_equal(library_number(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"),
                     0);
    struct stat st;
    assert_int_equal(stat(backup, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(library_number(backup, "PRAGMA user_version"), now);
    assert_int_equal(library_number(backup, "SELECT count(*) FROM entry"), 3);
    must_refuse(path, STORE_READER, ERR_NEWER, newer);
    s = library_open(backup, STORE_READER); // the copy is a library
    assert_true(store_writable(s));
    store_close(s);
    free(library_path("harm"));
    free(backup);
    free(failed);
    free(newer);
    free(path);
}

// A library as the first version wrote it, kept as text for good.
static void the_first_version_is_still_read(void **state)
{
    (void)state;
    const char *root = getenv("LECTERN_ROOT");
    char *path = library_path("harm"),
         *file = path_join(root ? root : ".", "tests/golden/library-1.sql");
    struct buf sql = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&sql, file, 1 << 20, &e))
        fail_msg("%s", e.msg);
    library_sql(path, sql.data);
    struct store *s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_body b;
    struct shelf_counts c;
    assert_true(store_counts(s, T0, &c, &e));
    assert_int_equal(c.total, 2);
    assert_int_equal(c.unread, 1);
    assert_int_equal(c.bookmarks, 1);
    int64_t *ids;
    size_t n;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    assert_true(store_item(s, ids[0], a, &b, &e));
    assert_string_equal(b.row.title, "On Being Interrupted");
    assert_string_equal(b.content, "<p>A letter waits.</p>");
    assert_int_equal(b.row.place, 9);
    assert_true(store_item(s, -1, a, &b, &e));
    assert_string_equal(b.content, "<p>A letter waits.</p>");
    store_set_mark(s, (struct place_mark){ids[0], 'a', 7}); // what came later works in it
    store_close(s);
    assert_int_equal(library_number(path, "SELECT off FROM mark"), 7);
    free(ids);
    arena_free(a);
    buf_free(&sql);
    free(library_path("harm"));
    free(file);
    free(path);
}

static void damage_is_told_and_not_followed(void **state)
{
    (void)state;
    char *path = library_path("harm");
    struct store *s = library_open(path, STORE_WRITE);
    fill(s, "https://a.example/", 300);
    store_close(s);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_WRONLY);
    char junk[4096];
    unsigned seed = 7;
    int told = 0;
    for (int round = 0; round < 40; round++) { // page after page becomes noise
        for (size_t i = 0; i < sizeof junk; i++)
            junk[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
        off_t at = (off_t)(1 + seed % (unsigned)(st.st_size / 4096 - 1)) * 4096;
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
        struct err e = ERR_INIT;
        s = NULL;
        bool ok = store_open(path, STORE_READER, &s, &e);
        struct arena *a = arena_new();
        struct feed_rows rows;
        int64_t *ids = NULL;
        size_t n = 0;
        ok = ok && store_feeds(s, a, &rows, &e) &&
             store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e);
        for (size_t i = 0; ok && i < n; i++) {
            struct item_body b;
            ok = store_item(s, ids[i], a, &b, &e) || e.kind == ERR_MISSING;
        }
        if (!ok) {
            told++;
            assert_true(e.kind == ERR_DAMAGED || e.kind == ERR_FORMAT); // a text, or all
            assert_non_null(strstr(e.msg, "damaged"));
        }
        free(ids);
        arena_free(a);
        store_close(s);
    }
    assert_true(told > 20);
    close(fd);
    assert_int_equal(truncate(path, 3 * 4096), 0);
    s = NULL;
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct feed_rows rows;
    assert_false(store_open(path, STORE_READER, &s, &e) && store_feeds(s, a, &rows, &e));
    assert_int_equal(e.kind, ERR_DAMAGED);
    store_close(s);
    arena_free(a);
    free(library_path("harm"));
    free(path);
}

static bool try_fill(struct store *s, int64_t feed, int round, struct err *e)
{
    struct feed_update *u = update_new("F", 20);
    char *big = mem_alloc(20001);
    for (int i = 0; i < 20000; i++)
        big[i] = (char)('a' + (i * 7919 + i / 13 * round) % 26);
    for (int i = 0; i < 20; i++)
        update_add(u, arena_printf(u->arena, "%d-%d", round, i), "Title", T0, big);
    free(big);
    struct prepared *p = store_prepare(u, NULL);
    struct fetch_outcome o = {.when = T0, .http_status = 200};
    bool ok = store_apply(s, feed, p, &o, NULL, e);
    store_prepared_free(p);
    update_free(u);
    return ok;
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    char *path = library_path("harm");
    struct store *s = library_open(path, STORE_WRITE);
    fill(s, "https://a.example/", 5);
    int64_t feed = library_feed(s, "https://b.example/");
    // First as SQLite tells it, in the middle of a batch ...
    struct err e = ERR_INIT;
    assert_int_equal(sqlite3_exec(s->db, "PRAGMA max_page_count = 120", NULL, NULL, NULL),
                     SQLITE_OK);
    int round = 1;
    assert_true(store_begin(s, &e));
    while (round < 500 && try_fill(s, feed, round, &e))
        round++;
    assert_int_equal(e.kind, ERR_FULL);
    assert_non_null(strstr(e.msg, "no room"));
    store_rollback(s);
    struct shelf_counts c;
    assert_true(store_counts(s, T0, &c, &e));
    assert_int_equal(c.total, 5);
    store_close(s);
    // ... then as the system tells it, in a process whose files may not grow.
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {400000, 400000};
        setrlimit(RLIMIT_FSIZE, &limit);
        if (!store_open(path, STORE_WRITE, &s, &e))
            _exit(2);
        for (round = 1; round < 500 && try_fill(s, feed, round, &e); round++)
            ;
        bool told = e.kind == ERR_FULL && strstr(e.msg, "no room");
        if (!told)
            fprintf(stderr, "%d %s\n", (int)e.kind, e.msg);
        _exit(told && store_counts(s, T0, &c, &e) ? 0 : 3);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    s = library_open(path, STORE_WRITE); // with room again
    assert_true(try_fill(s, feed, 1000, &e));
    store_close(s);
    assert_int_equal(
        library_number(path,
                       "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0);
    free(library_path("harm"));
    free(path);
}

// Runs as nobody where the tests run as root, who may write everything.
static int read_only_child(const char *path)
{
    struct err e = ERR_INIT;
    struct store *s = NULL;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 10;
    if (store_open(path, STORE_WRITE, &s, &e) || !strstr(e.msg, "may not be written"))
        return 11;
    for (int mode = STORE_READ; mode <= STORE_READER; mode++) {
        struct shelf_counts c;
        int64_t *ids, id;
        size_t n;
        if (!store_open(path, (enum store_mode)mode, &s, &e))
            return 12;
        if (store_writable(s) || (mode == STORE_READER && !store_notice(s)))
            return 13;
        if (!store_counts(s, T0, &c, &e) || c.total != 5)
            return 14;
        if (!store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e) || n != 5)
            return 15;
        store_set_read(s, ids, 1, true); // for this session only
        if (!store_counts(s, T0, &c, &e) || c.unread != 4 || store_flush(s, 0, &e) ||
            !strstr(e.msg, "reading only"))
            return 16;
        if (store_bookmark_entry(s, ids[0], T0, &id, NULL, &e) || !strstr(e.msg, "reading only"))
            return 17;
        free(ids);
        store_close(s);
    }
    return 0;
}

static void what_may_not_be_written_is_read(void **state)
{
    (void)state;
    char dir[] = "/tmp/lectern-ro.XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *path = path_join(dir, "library.db");
    struct store *s = library_open(path, STORE_WRITE);
    fill(s, "https://a.example/", 5);
    store_close(s);
    assert_int_equal(chmod(path, 0444), 0);
    for (int round = 0; round < 2; round++) { // the file alone, then its directory too
        assert_int_equal(chmod(dir, round ? 0555 : 0777), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(read_only_child(path));
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    assert_int_equal(chmod(dir, 0700), 0);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *file = mem_printf("%s%s", path, ends[i]);
        unlink(file);
        free(file);
    }
    assert_int_equal(rmdir(dir), 0);
    free(path);
}

static void two_writers_take_turns(void **state)
{
    (void)state;
    char *path = library_path("harm");
    struct store *a = library_open(path, STORE_WRITE), *b = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    int64_t id;
    bool existed;
    assert_true(store_begin(a, &e));
    store_set_wait(b, 30);
    assert_false(store_feed_add(b, "https://b.example/", NULL, &id, &existed, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_non_null(strstr(e.msg, "another Lectern"));
    assert_true(store_commit(a, &e));
    assert_true(store_feed_add(b, "https://b.example/", NULL, &id, &existed, &e));
    // Both prepared the same news before either wrote it: it is there once.
    struct feed_update *u = update_new("F", 2);
    update_add(u, "g", "Essay", T0, "x");
    struct arena *ar = arena_new();
    struct fetch_state known[2];
    assert_true(store_fetch_state(a, id, ar, &known[0], &e) &&
                store_fetch_state(b, id, ar, &known[1], &e));
    struct prepared *p[] = {store_prepare(u, &known[0]), store_prepare(u, &known[1])};
    struct fetch_outcome o = {.when = T0, .http_status = 200};
    struct apply_counts c[2];
    assert_true(store_apply(a, id, p[0], &o, &c[0], &e) && store_apply(b, id, p[1], &o, &c[1], &e));
    assert_int_equal(c[0].added, 1);
    assert_int_equal(c[1].added, 0);
    assert_int_equal(c[1].total, 1);
    store_prepared_free(p[0]);
    store_prepared_free(p[1]);
    arena_free(ar);
    update_free(u);
    store_close(a);
    store_close(b);
    assert_int_equal(
        library_number(path,
                       "SELECT (SELECT count(*) FROM pack) - (SELECT count(*) FROM pack_live)"),
        0);
    free(library_path("harm"));
    free(path);
}

enum { FEEDS = 8, ESSAYS = 12 };

// Every round says something new of half the essays.
static void write_round(struct store *s, const int64_t feeds[], int round, int tell)
{
    struct err e = ERR_INIT;
    for (int f = 0; f < FEEDS; f++) {
        struct feed_update *u = update_new("F", ESSAYS);
        for (int i = 0; i < ESSAYS; i++)
            update_add(u, arena_printf(u->arena, "g%d", i), "Essay", T0 - i,
                       arena_printf(u->arena, "<p>%d</p>", i % 2 ? round : 0));
        struct arena *a = arena_new();
        struct fetch_state known;
        if (f % 3 == 0 && !store_begin(s, &e))
            _exit(4);
        if (!store_fetch_state(s, feeds[f], a, &known, &e))
            _exit(5);
        struct prepared *p = store_prepare(u, &known);
        struct fetch_outcome o = {.when = T0 + round, .http_status = 200};
        if (!store_apply(s, feeds[f], p, &o, NULL, &e))
            _exit(6);
        if ((f % 3 == 2 || f == FEEDS - 1) && !store_commit(s, &e))
            _exit(7);
        store_prepared_free(p);
        arena_free(a);
        update_free(u);
        if (tell >= 0 && write(tell, "x", 1) != 1)
            _exit(8);
    }
}

static void a_kill_at_any_moment_is_survived(void **state)
{
    (void)state;
    char *path = library_path("harm");
    struct store *s = library_open(path, STORE_WRITE);
    int64_t feeds[FEEDS];
    for (int i = 0; i < FEEDS; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://feed%d.example/", i);
        feeds[i] = library_feed(s, url);
    }
    store_close(s);
    unsigned seed = 99;
    for (int kill_round = 0; kill_round < 25; kill_round++) {
        int pipe_ends[2];
        assert_int_equal(pipe(pipe_ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(pipe_ends[0]);
            struct err e = ERR_INIT;
            if (!store_open(path, STORE_WRITE, &s, &e))
                _exit(2);
            for (int round = 0;; round++)
                write_round(s, feeds, kill_round * 1000 + round, pipe_ends[1]);
        }
        close(pipe_ends[1]);
        seed = seed * 1103515245u + 12345u;
        char c;
        for (unsigned n = 1 + (seed >> 16) % 40; n; n--)
            assert_int_equal(read(pipe_ends[0], &c, 1), 1);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(pipe_ends[0]);
        assert_int_equal(
            library_number(
                path, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
            0);
        assert_int_equal(
            library_number(path, "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY feed, guid "
                                 "HAVING count(*) > 1)"),
            0);
        assert_int_equal(
            library_number(path, "SELECT count(*) FROM tally t WHERE total <> (SELECT count(*) "
                                 "FROM entry e WHERE e.feed = t.feed)"),
            0);
        assert_int_equal(
            library_number(path,
                           "SELECT count(*) FROM entry WHERE pack NOT IN (SELECT id FROM pack)"),
            0);
    }
    s = library_open(path, STORE_WRITE);
    write_round(s, feeds, 123456, -1); // the next fetch completes it
    struct shelf_counts counts;
    struct err e = ERR_INIT;
    assert_true(store_counts(s, T0, &counts, &e));
    assert_int_equal(counts.total, FEEDS * ESSAYS);
    store_close(s);
    free(library_path("harm"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_are_no_libraries_are_named),
        cmocka_unit_test(a_newer_library_is_left_alone),
        cmocka_unit_test(steps_lead_from_old_to_new),
        cmocka_unit_test(the_first_version_is_still_read),
        cmocka_unit_test(damage_is_told_and_not_followed),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(what_may_not_be_written_is_read),
        cmocka_unit_test(two_writers_take_turns),
        cmocka_unit_test(a_kill_at_any_moment_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
