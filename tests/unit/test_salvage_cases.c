// Salvage of libraries that came to harm in ways one can name: logs without their file, files that
// were never a library, a library that is in use or newer, texts that are lost in one place and
// whole in another, and no room for the new one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/house.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1700000000
static char *path;

static struct feed_update *three(void)
{
    struct feed_update *u = update_new("Slow Letters", 3);
    update_add(u, "a", "The first", T0 - 1, "<p>alpha alpha</p>");
    update_add(u, "b", "The second", T0 - 2, "<p>beta beta</p>");
    update_add(u, "c", "The third", T0 - 3, "<p>gamma gamma</p>");
    return u;
}

static int64_t first_id(struct store *s)
{
    struct err e = ERR_INIT;
    int64_t *ids;
    size_t n;
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    assert_true(n > 0);
    int64_t id = ids[0];
    free(ids);
    return id;
}

static void fill(struct store *s)
{
    struct feed_update *u = three();
    struct err e = ERR_INIT;
    int64_t id;
    library_apply(s, library_feed(s, "https://a.example/"), u, T0);
    update_free(u);
    assert_true(store_bookmark_entry(s, first_id(s), T0, &id, NULL, &e));
}

static int setup(void **state)
{
    (void)state;
    path = library_path("cases");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(path);
    free(library_path("cases"));
    return 0;
}

static char *with(const char *end)
{
    static char names[4][256];
    static int next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof names[0], "%s%s", path, end);
    return name;
}

static void copy(const char *from, const char *to)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&b, from, 64 << 20, &e) ||
        !buf_write_file(to, buf_cstr(&b), b.len, 0600, &e))
        fail_msg("%s", e.msg);
    buf_free(&b);
}

static void done(struct salvage_result *r)
{
    char *log = mem_printf("%s-wal", r->kept ? r->kept : "/nonexistent");
    if (r->kept)
        unlink(r->kept);
    unlink(log);
    free(log);
    free(r->kept);
    r->kept = NULL;
}

static void must_salvage(struct salvage_result *r)
{
    struct err e = ERR_INIT;
    *r = (struct salvage_result){0};
    if (!house_salvage(path, NULL, r, &e))
        fail_msg("%s", e.msg);
}

static void must_refuse(enum err_kind kind, const char *part)
{
    struct salvage_result r = {0};
    struct err e = ERR_INIT;
    assert_false(house_salvage(path, NULL, &r, &e));
    if (e.kind != kind || !strstr(e.msg, part))
        fail_msg("kind %d: %s", (int)e.kind, e.msg);
    assert_int_not_equal(access(with(".salvaged"), F_OK), 0);
}

// ---- logs ----

// The library as it lies there in the middle of work: file, and a log with all that is new.
static void leave_open(void)
{
    struct store *s = library_open(path, STORE_WRITE);
    fill(s);
    copy(path, with(".copy"));
    copy(with("-wal"), with(".copy-wal"));
    store_close(s);
    unlink(path);
    assert_int_equal(rename(with(".copy"), path), 0);
    char *log = mem_printf("%s.copy-wal", path);
    assert_int_equal(rename(log, with("-wal")), 0);
    free(log);
}

static void what_is_only_in_the_log_is_saved(void **state)
{
    (void)state;
    struct salvage_result r;
    leave_open();
    must_salvage(&r);
    assert_int_equal(r.feeds, 1);
    assert_int_equal(r.essays, 3);
    assert_int_equal(r.bookmarks, 1);
    assert_int_equal(r.damages, 0);
    assert_int_not_equal(access(with("-wal"), F_OK), 0); // it went along with the damaged file
    done(&r);
}

static void a_log_without_its_file_is_not_thrown_away(void **state)
{
    (void)state;
    struct salvage_result r;
    leave_open();
    assert_int_equal(truncate(path, 0), 0);
    for (int mode = STORE_WRITE; mode <= STORE_READER; mode++) {
        struct store *s = NULL;
        struct err e = ERR_INIT;
        assert_false(store_open(path, (enum store_mode)mode, &s, &e));
        assert_int_equal(e.kind, ERR_DAMAGED);
        assert_non_null(strstr(e.msg, "lectern salvage"));
    }
    must_salvage(&r);
    assert_int_equal(r.essays, 3);
    assert_int_equal(r.bookmarks, 1);
    done(&r);
    unlink(path);
    leave_open();
    unlink(path);
    struct store *s = NULL;
    struct err e = ERR_INIT;
    assert_false(store_open(path, STORE_WRITE, &s, &e));
    assert_non_null(strstr(e.msg, "put the library back"));
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(access(with("-wal"), F_OK), 0);
    unlink(with("-wal"));
}

static void one_bad_frame_does_not_cost_the_log(void **state)
{
    (void)state;
    leave_open();
    struct stat st;
    assert_int_equal(stat(with("-wal"), &st), 0);
    long frames = (st.st_size - 32) / 4120;
    assert_true(frames > 10);
    copy(path, with(".copy"));
    char *log = mem_printf("%s.copy-wal", path);
    copy(with("-wal"), log);
    int whole = 0;
    for (long i = 0; i < frames; i++) { // each frame in turn
        copy(with(".copy"), path);
        copy(log, with("-wal"));
        int fd = open(with("-wal"), O_WRONLY);
        assert_int_equal(pwrite(fd, "damage", 6, 32 + i * 4120 + 24 + 100), 6);
        close(fd);
        struct salvage_result r = {0};
        struct err e = ERR_INIT;
        if (house_salvage(path, NULL, &r, &e)) {
            whole += r.essays == 3 && r.bookmarks == 1;
            done(&r);
        }
    }
    print_message("%d of %ld\n", whole, frames);
    assert_true(whole * 3 > frames * 2); // SQLite's own reading would lose all after it
    unlink(with(".copy"));
    unlink(log);
    unlink(with("-wal"));
    free(log);
}

static void what_was_not_committed_is_not_taken(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    struct salvage_result r;
    fill(s);
    assert_true(store_begin(s, &e));
    struct feed_update *u = update_new("Big", 400);
    for (int i = 0; i < 400; i++)
        update_add(u, arena_printf(u->arena, "x%d", i), "Not yet", T0, "<p>not yet</p>");
    library_apply(s, 1, u, T0);
    update_free(u);
    copy(path, with(".copy"));
    char *log = mem_printf("%s.copy-wal", path);
    copy(with("-wal"), log);
    store_rollback(s);
    store_close(s);
    assert_int_equal(rename(with(".copy"), path), 0);
    assert_int_equal(rename(log, with("-wal")), 0);
    free(log);
    must_salvage(&r);
    assert_int_equal(r.essays, 3);
    done(&r);
}

// ---- what is not to be salvaged ----

static void what_is_no_library_is_left_alone(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    must_refuse(ERR_MISSING, "no library");
    struct buf b = {0};
    for (int i = 0; i < 3000; i++)
        buf_str(&b, "This is a letter and no library. ");
    assert_true(buf_write_file(path, b.data, b.len, 0600, &e));
    must_refuse(ERR_FORMAT, "nothing of a Lectern library");
    struct buf after = {0};
    assert_true(buf_read_file(&after, path, 1 << 20, &e));
    assert_int_equal(after.len, b.len);
    assert_memory_equal(after.data, b.data, b.len);
    assert_true(buf_write_file(path, "", 0, 0600, &e));
    must_refuse(ERR_FORMAT, "nothing of a Lectern library");
    unlink(path);
    library_sql(
        path,
        "CREATE TABLE other(x); INSERT INTO other VALUES('abc'); CREATE TABLE feed(a TEXT, b)");
    must_refuse(ERR_FORMAT, "nothing of a Lectern library");
    buf_free(&b);
    buf_free(&after);
}

static void a_newer_library_needs_a_newer_lectern(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    fill(s);
    store_close(s);
    library_sql(path, "PRAGMA user_version = 99");
    must_refuse(ERR_NEWER, "newer Lectern");
    library_sql(path, "PRAGMA user_version = 1234567890"); // no version: damage
    struct salvage_result r;
    must_salvage(&r);
    assert_int_equal(r.essays, 3);
    done(&r);
}

static void a_library_in_use_is_not_taken_away(void **state)
{
    (void)state;
    int there[2], go[2];
    char c = 0;
    assert_int_equal(pipe(there), 0);
    assert_int_equal(pipe(go), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *s = NULL;
        struct err e = ERR_INIT;
        close(go[1]);
        if (!store_open(path, STORE_WRITE, &s, &e))
            _exit(1);
        bool ok = write(there[1], "x", 1) == 1 && read(go[0], &c, 1) == 0;
        store_close(s);
        _exit(ok ? 0 : 2);
    }
    close(go[0]);
    assert_int_equal(read(there[0], &c, 1), 1);
    must_refuse(ERR_BUSY, "another Lectern");
    close(go[1]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(there[0]);
    close(there[1]);
}

// ---- texts ----

static void a_lost_text_comes_back_with_the_next_fetch(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    struct salvage_result r;
    fill(s);
    store_close(s);
    // Its pack is noise; the bookmark of the first essay has that one's text still.
    library_sql(path, "UPDATE pack SET data = zeroblob(500)");
    must_salvage(&r);
    assert_int_equal(r.essays, 3);
    assert_int_equal(r.bare_essays, 2);
    done(&r);
    s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct fetch_state known;
    assert_true(store_fetch_state(s, 1, a, &known, &e));
    assert_true(!known.etag && !known.body_hash && known.next_due == 0); // it will be sent again
    struct item_body b;
    int64_t first = first_id(s);
    assert_true(store_item(s, first, a, &b, &e));
    assert_string_equal(b.content, "<p>alpha alpha</p>");
    struct feed_update *u = three();
    struct apply_counts c = library_apply(s, 1, u, T0 + 100);
    assert_int_equal(c.added, 0);
    assert_int_equal(c.changed, 2);
    update_free(u);
    int64_t *ids;
    size_t n;
    static const char *const texts[] = {"<p>alpha alpha</p>", "<p>beta beta</p>",
                                        "<p>gamma gamma</p>"};
    assert_true(store_ids(s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &e));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        assert_true(store_item(s, ids[i], a, &b, &e));
        assert_string_equal(b.content, texts[i]);
        assert_false(b.row.flags & ITEM_REVISED); // the words are the same
    }
    free(ids);
    arena_free(a);
    store_close(s);
}

static void a_bookmarks_text_is_taken_from_its_essay(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    struct salvage_result r;
    struct snapshot sn = {
        .title = "A page", .content = "its words", .content_len = 9, .type = CONTENT_TEXT};
    int64_t id;
    fill(s);
    assert_true(store_bookmark_snapshot(s, &sn, T0, &id, &e));
    store_close(s);
    library_sql(path, "UPDATE bookmark_body SET data = x'00112233'");
    must_salvage(&r);
    assert_int_equal(r.bookmarks, 2);
    assert_int_equal(r.bare_bookmarks, 1);
    done(&r);
    s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_body b;
    assert_true(store_item(s, -1, a, &b, &e));
    assert_string_equal(b.content, "<p>alpha alpha</p>");
    assert_true(store_item(s, id, a, &b, &e));
    assert_string_equal(b.row.title, "A page");
    assert_non_null(strstr(b.content, "could not be saved"));
    arena_free(a);
    store_close(s);
}

static void what_lost_its_owner_is_named_anew(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    struct salvage_result r;
    struct err e = ERR_INIT;
    fill(s);
    store_close(s);
    library_sql(path, "DELETE FROM feed; DELETE FROM bookmark");
    must_salvage(&r);
    assert_int_equal(r.nameless, 2);
    assert_int_equal(r.essays, 3);
    assert_int_equal(r.bookmarks, 1);
    done(&r);
    s = library_open(path, STORE_WRITE);
    struct arena *a = arena_new();
    struct feed_rows rows;
    struct item_body b;
    assert_true(store_feeds(s, a, &rows, &e));
    assert_string_equal(rows.items[0].title, "Salvaged: example.org");
    assert_true(store_item(s, -1, a, &b, &e));
    assert_string_equal(b.row.title, "Salvaged bookmark b1");
    assert_string_equal(b.content, "<p>alpha alpha</p>");
    arena_free(a);
    store_close(s);
}

// ---- the new one ----

static void a_full_disk_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    fill(s);
    store_close(s);
    struct buf before = {0}, after = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&before, path, 64 << 20, &e));
    for (rlim_t most = 0; most < before.len; most += 40000) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            signal(SIGXFSZ, SIG_IGN);
            struct rlimit limit = {most, most};
            struct salvage_result r = {0};
            setrlimit(RLIMIT_FSIZE, &limit);
            bool ok = house_salvage(path, NULL, &r, &e);
            _exit(ok ? 9 : e.kind == ERR_FULL && strstr(e.msg, "no room") ? 0 : 1);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WEXITSTATUS(status) == 9) // there was room enough after all
            break;
        assert_int_equal(status, 0);
        assert_int_not_equal(access(with(".salvaged"), F_OK), 0);
        assert_true(buf_read_file(&after, path, 64 << 20, &e));
        assert_int_equal(after.len, before.len);
        assert_memory_equal(after.data, before.data, before.len);
        buf_clear(&after);
    }
    buf_free(&before);
    buf_free(&after);
}

static void the_command_says_what_happened(void **state)
{
    (void)state;
    struct store *s = library_open(path, STORE_WRITE);
    struct buf out = {0};
    fill(s);
    store_close(s);
    char *words = mem_printf("--library '%s' salvage", path),
         *to = mem_printf("--library '%s' salvage --force --to '%s.new'", path, path),
         *list = mem_printf("--library '%s' list", path);
    assert_int_equal(program_run(words, &out, NULL), 0);
    assert_non_null(strstr(out.data, "is sound; nothing was done"));
    assert_int_equal(program_run(to, &out, NULL), 0);
    assert_non_null(strstr(out.data, "Saved: 1 feed, 3 essays, 1 bookmark.\nThe new library is"));
    assert_int_equal(program_run(to, &out, NULL), 1);
    assert_non_null(strstr(out.data, "is there already"));
    unlink(with(".new"));
    int fd = open(path, O_WRONLY); // the schema is gone, and with it every root
    char junk[8192];
    memset(junk, 0xA5, sizeof junk);
    assert_int_equal(pwrite(fd, junk, sizeof junk, 100), sizeof junk);
    close(fd);
    assert_int_equal(program_run(list, &out, NULL), 1);
    assert_non_null(strstr(out.data, "lectern salvage"));
    assert_int_equal(program_run(words, &out, NULL), 0);
    assert_non_null(strstr(out.data, "Saved: 1 feed, 3 essays, 1 bookmark.\n"));
    char *kept = strstr(out.data, "is kept as ");
    assert_non_null(kept);
    kept += 11;
    kept[strcspn(kept, "\n") - 1] = '\0';
    struct stat st;
    assert_int_equal(stat(kept, &st), 0);
    assert_int_equal(unlink(kept), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(program_run(list, &out, NULL), 0);
    free(words);
    free(to);
    free(list);
    buf_free(&out);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_only_in_the_log_is_saved),
        CASE(a_log_without_its_file_is_not_thrown_away),
        CASE(one_bad_frame_does_not_cost_the_log),
        CASE(what_was_not_committed_is_not_taken),
        CASE(what_is_no_library_is_left_alone),
        CASE(a_newer_library_needs_a_newer_lectern),
        CASE(a_library_in_use_is_not_taken_away),
        CASE(a_lost_text_comes_back_with_the_next_fetch),
        CASE(a_bookmarks_text_is_taken_from_its_essay),
        CASE(what_lost_its_owner_is_named_anew),
        CASE(a_full_disk_leaves_all_as_it_was),
        CASE(the_command_says_what_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
