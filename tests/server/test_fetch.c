// Whole runs into a library: what is kept of each answer, when a feed is asked again, and what
// happens when it ends early.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fetch/notes.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "../support/server.h"

struct world {
    char *library;
    struct conf *conf;
    struct server *server;
    struct store *store;
    struct fetch_totals totals;
    volatile int stop;
    int stop_after; // OK events
    int begun, oks, sames, errs;
    char message[512];
    // what the server serves
    const char *etag; // of /versions
    int essays;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int allowed, seen; // /gate/N: how many may pass
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    struct world *w = ctx;
    const char *p = q->path;
    const char *mark = server_header(q, "If-None-Match");
    if (strncmp(p, "/etag", 5) == 0 || strcmp(p, "/versions") == 0) {
        const char *etag = p[1] == 'e' ? "\"one\"" : w->etag;
        server_set(r, "ETag", etag);
        if (mark && strcmp(mark, etag) == 0)
            r->status = 304;
        else
            server_feed(&r->body, p, p[1] == 'e' ? 20 : w->essays, 2000);
    } else if (strncmp(p, "/same", 5) == 0) {
        r->gzip = true;
        server_feed(&r->body, "Same", 5, 500);
    } else if (strcmp(p, "/moved") == 0 || strcmp(p, "/away") == 0) {
        r->status = p[1] == 'm' ? 301 : 302;
        server_set(r, "Location", "/etag/new");
    } else if (strcmp(p, "/gone") == 0) {
        r->status = 410;
    } else if (strcmp(p, "/429") == 0) {
        r->status = 429;
        server_set(r, "Retry-After", "3600");
    } else if (strcmp(p, "/shaky") == 0) {
        if (q->nth <= 2)
            r->status = 500;
        else
            server_feed(&r->body, "Shaky", 2, 100);
    } else if (strcmp(p, "/page") == 0 || strcmp(p, "/two") == 0) {
        server_set(r, "Content-Type", "text/html; charset=utf-8");
        buf_printf(
            &r->body,
            "<!doctype html><html><head><title>A page</title>"
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Letters\" "
            "href=\"/etag/page\">%s"
            "</head><body><p>Hello</p></body></html>",
            p[1] == 't'
                ? "<link rel=alternate type=application/atom+xml title=Other href=/same/other>"
                : "");
    } else if (strcmp(p, "/plain-page") == 0) {
        server_set(r, "Content-Type", "text/html");
        buf_str(&r->body, "<!doctype html><html><body><p>No feed here</p></body></html>");
    } else if (strcmp(p, "/empty") == 0) {
    } else if (strcmp(p, "/junk") == 0) {
        buf_str(&r->body, "neither this nor that");
    } else if (strcmp(p, "/days") == 0) {
        server_set(r, "Cache-Control", "max-age=36000");
        server_feed(&r->body, "Days", 1, 100);
    } else if (strncmp(p, "/large", 6) == 0) {
        server_feed(&r->body, "Large", 1, 100);
        buf_str(&r->body, "<!--");
        size_t from = r->body.len;
        buf_reserve(&r->body, 10 << 20);
        memset(r->body.data + from, 'x', 10 << 20);
        r->body.len += 10 << 20;
        buf_str(&r->body, "-->");
    } else if (strncmp(p, "/hang", 5) == 0) {
        r->hang = true;
    } else if (strncmp(p, "/gate/", 6) == 0) {
        pthread_mutex_lock(&w->lock);
        w->seen++;
        pthread_cond_broadcast(&w->changed);
        while (w->seen > w->allowed)
            pthread_cond_wait(&w->changed, &w->lock);
        pthread_mutex_unlock(&w->lock);
        r->gzip = true;
        server_feed(&r->body, p, 20, 3000);
    } else {
        r->status = 404;
    }
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    const char *tmp = getenv("LECTERN_TMP");
    char *dir = mem_printf("%s/fetch.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    w->library = path_join(dir, "library.db");
    free(dir);
    w->conf = conf_new();
    w->essays = 3;
    w->etag = "\"v1\"";
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->server = server_start(serve, w);
    struct err e = ERR_INIT;
    if (!store_open(w->library, STORE_WRITE, &w->store, &e))
        fail_msg("%s", e.msg);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    store_close(w->store);
    server_stop(w->server);
    conf_free(w->conf);
    free(w->library);
    free(w);
    return 0;
}

static void option(struct world *w, const char *name, const char *value)
{
    struct err e = ERR_INIT;
    if (!conf_set(w->conf, name, value, &e))
        fail_msg("%s", e.msg);
}

static int64_t subscribe_at(struct world *w, const char *host, const char *path)
{
    char *url = server_url(w->server, host, path);
    int64_t id;
    bool existed;
    struct err e = ERR_INIT;
    if (!store_feed_add(w->store, url, NULL, &id, &existed, &e))
        fail_msg("%s", e.msg);
    assert_false(existed);
    free(url);
    return id;
}

static int64_t subscribe(struct world *w, const char *path)
{
    return subscribe_at(w, NULL, path);
}

static void on_event(void *ctx, const struct fetch_event *ev)
{
    struct world *w = ctx;
    w->begun += ev->kind == FETCH_GET;
    w->oks += ev->kind == FETCH_OK;
    w->sames += ev->kind == FETCH_SAME;
    if (ev->kind == FETCH_ERR) {
        w->errs++;
        snprintf(w->message, sizeof w->message, "%s", ev->message);
    }
    if (w->stop_after && w->oks >= w->stop_after)
        w->stop = 1;
}

static void run(struct world *w, const int64_t *ids, size_t n, bool force)
{
    w->begun = w->oks = w->sames = w->errs = 0;
    w->message[0] = '\0';
    struct fetch_opts o = {.feeds = ids,
                           .nfeeds = n,
                           .force = force,
                           .event = on_event,
                           .ctx = w,
                           .stop = &w->stop,
                           .wake_fd = -1};
    struct err e = ERR_INIT;
    if (!fetch_run(w->library, w->conf, &o, &w->totals, &e))
        fail_msg("%s", e.msg);
}

static struct feed_row row(struct world *w, int64_t id, struct arena *a)
{
    struct feed_row r;
    struct err e = ERR_INIT;
    if (!store_feed(w->store, id, a, &r, &e))
        fail_msg("%s", e.msg);
    return r;
}

static void what_is_unchanged_is_not_sent_again(void **state)
{
    struct world *w = *state;
    subscribe(w, "/etag/1");
    subscribe(w, "/etag/2");
    subscribe(w, "/same");
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.feeds, 3);
    assert_int_equal(w->totals.ok, 3);
    assert_int_equal(w->totals.added, 45);
    assert_int_equal(w->begun, 3);
    run(w, NULL, 0, false); // not due
    assert_int_equal(w->totals.feeds, 0);
    assert_int_equal(server_requests(w->server), 3);
    run(w, NULL, 0, true);
    assert_int_equal(w->totals.same, 3); // two of 304, one of the same bytes
    assert_int_equal(w->totals.added + w->totals.changed, 0);
}

static void what_changed_is_brought(void **state)
{
    struct world *w = *state;
    int64_t id = subscribe(w, "/versions");
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.added, 3);
    w->essays = 5;
    w->etag = "W/\"v2\"";
    run(w, &id, 1, false);
    assert_int_equal(w->totals.added, 2);
    assert_int_equal(w->totals.changed, 0);
    run(w, &id, 1, false);
    assert_int_equal(w->totals.same, 1);
    struct arena *a = arena_new();
    assert_int_equal(row(w, id, a).total, 5);
    arena_free(a);
}

static void a_move_is_believed_the_second_time(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    int64_t moved = subscribe(w, "/moved"), away = subscribe_at(w, "localhost", "/away");
    char *old = server_url(w->server, NULL, "/moved"),
         *new = server_url(w->server, NULL, "/etag/new");
    char *same = server_url(w->server, "localhost", "/away");
    run(w, NULL, 0, true);
    assert_int_equal(w->totals.ok, 2);
    assert_string_equal(row(w, moved, a).url, old);
    run(w, NULL, 0, true);
    assert_string_equal(row(w, moved, a).url, new);
    assert_string_equal(row(w, away, a).url, same);
    int before = server_asked(w->server, "/moved");
    run(w, NULL, 0, true);
    assert_int_equal(server_asked(w->server, "/moved"), before);
    assert_int_equal(row(w, moved, a).total, 20);
    free(old);
    free(new);
    free(same);
    arena_free(a);
}

static void what_is_gone_is_left_alone(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    int64_t id = subscribe(w, "/gone");
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.failed, 1);
    assert_non_null(strstr(w->message, "gone for good"));
    assert_int_equal(row(w, id, a).health, HEALTH_PARKED);
    run(w, NULL, 0, true);
    assert_int_equal(w->totals.feeds, 0);
    run(w, &id, 1, true);
    assert_int_equal(w->totals.feeds, 1);
    assert_int_equal(server_asked(w->server, "/gone"), 2);
    arena_free(a);
}

static void a_host_is_left_alone_by_all_its_feeds(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    option(w, "fetch-per-host", "1");
    int64_t first = subscribe(w, "/429"), second = subscribe(w, "/etag/1");
    int64_t elsewhere = subscribe_at(w, "localhost", "/etag/2");
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.ok, 1);
    assert_int_equal(w->totals.failed, 2);
    int64_t now = (int64_t)time(NULL);
    assert_true(row(w, first, a).next_due >= now + 3500);
    assert_true(row(w, second, a).next_due >= now + 3500);
    assert_int_equal(row(w, elsewhere, a).total, 20);
    assert_int_equal(server_asked(w->server, "/etag/1"), 0);
    run(w, &second, 1, true); // remembered over runs
    assert_non_null(strstr(w->message, "left alone until"));
    assert_int_equal(server_asked(w->server, "/etag/1"), 0);
    arena_free(a);
}

static void failures_wait_longer_and_are_forgotten(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    int64_t id = subscribe(w, "/shaky");
    run(w, NULL, 0, false);
    assert_string_equal(w->message, "HTTP 500: the server has a fault");
    struct feed_row r = row(w, id, a);
    int64_t first = r.next_due - r.last_tried;
    assert_in_range(first, 400, 800);
    assert_int_equal(r.health, HEALTH_FAILING);
    assert_int_equal(r.http_status, 500);
    run(w, &id, 1, false);
    r = row(w, id, a);
    assert_in_range(r.next_due - r.last_tried, 900, 1500);
    run(w, &id, 1, false);
    r = row(w, id, a);
    assert_int_equal(r.health, HEALTH_OK);
    assert_null(r.error);
    assert_int_equal(r.total, 2);
    assert_int_equal(r.next_due - r.last_tried, 3600);
    int64_t days = subscribe(w, "/days");
    run(w, NULL, 0, false);
    r = row(w, days, a);
    assert_int_equal(r.next_due - r.last_tried, 36000);
    arena_free(a);
}

static void what_is_no_feed_is_said(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *path, *words;
    } table[] = {{"/plain-page", "web page"},
                 {"/empty", "empty"},
                 {"/junk", "feed"},
                 {"/nothing", "HTTP 404"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t id = subscribe(w, table[i].path);
        run(w, &id, 1, false);
        assert_int_equal(w->totals.failed, 1);
        if (!strstr(w->message, table[i].words))
            fail_msg("%s: %s", table[i].path, w->message);
    }
}

static void twenty_that_hang_hold_up_nobody(void **state)
{
    struct world *w = *state;
    option(w, "fetch-stall-timeout", "1");
    for (int i = 0; i < 200; i++) {
        char host[32], path[32];
        snprintf(host, sizeof host, "127.0.%d.%d", 1 + i / 100, 1 + i % 100);
        snprintf(path, sizeof path, i % 10 == 3 ? "/hang/%d" : "/etag/%d", i);
        subscribe_at(w, host, path);
    }
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.feeds, 200);
    assert_int_equal(w->totals.ok, 180);
    assert_int_equal(w->totals.failed, 20);
    assert_int_equal(w->totals.added, 3600);
    assert_non_null(strstr(w->message, "no answer for 1 s"));
    assert_in_range(server_most(w->server), 2, 32);
}

// More than there is room for at once: transfers take turns, none is lost, none is taken for
// silent.
static void large_ones_wait_for_room(void **state)
{
    struct world *w = *state;
    option(w, "fetch-stall-timeout", "5");
    for (int i = 0; i < 8; i++) {
        char host[32], path[32];
        snprintf(host, sizeof host, "127.0.7.%d", 1 + i);
        snprintf(path, sizeof path, "/large/%d", i);
        subscribe_at(w, host, path);
    }
    run(w, NULL, 0, false);
    if (w->totals.ok != 8)
        fail_msg("%d came, the last failure was: %s", w->totals.ok, w->message);
    assert_int_equal(w->totals.added, 8);
    assert_true(w->totals.bytes > 80 << 20);
}

static void ending_early_keeps_what_came(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 10; i++) {
        char path[32], host[32];
        snprintf(host, sizeof host, "127.0.3.%d", 1 + i);
        snprintf(path, sizeof path, i < 5 ? "/etag/%d" : "/hang/%d", i);
        subscribe_at(w, host, path);
    }
    w->stop_after = 5;
    run(w, NULL, 0, false); // returns though five never answer
    assert_int_equal(w->totals.ok, 5);
    assert_int_equal(w->totals.failed, 0);
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    assert_true(store_feeds_due(w->store, (int64_t)time(NULL), &ids, &n, &e));
    assert_int_equal(n, 5);
    free(ids);
}

static void only_one_fetches(void **state)
{
    struct world *w = *state;
    subscribe(w, "/same");
    struct notes *n;
    struct err e = ERR_INIT;
    assert_true(notes_open(w->library, &n, &e));
    struct fetch_opts o = {.wake_fd = -1};
    assert_false(fetch_run(w->library, w->conf, &o, &w->totals, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_non_null(strstr(e.msg, "another Lectern is fetching"));
    notes_close(n);
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.ok, 1);
}

static void a_feed_that_fells_the_process_is_left_out_once(void **state)
{
    struct world *w = *state;
    int64_t good = subscribe(w, "/same/1"), bad = subscribe(w, "/same/2");
    pid_t pid = fork();
    if (pid == 0) {
        struct notes *n;
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 2);
        signal(SIGABRT, SIG_DFL); // not the test harness's
        if (!notes_open(w->library, &n, NULL))
            _exit(3);
        notes_watch(n);
        notes_begin(n, 0, good);
        notes_end(n, 0);
        notes_begin(n, 1, bad);
        abort();
    }
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.ok, 1);
    assert_int_equal(w->totals.failed, 1);
    assert_non_null(strstr(w->message, "made Lectern stumble"));
    struct arena *a = arena_new();
    struct feed_row r = row(w, bad, a);
    assert_int_equal(r.next_due - r.last_tried, 24 * 3600);
    run(w, &bad, 1, true);
    assert_int_equal(w->totals.ok, 1);
    arena_free(a);
}

static char *own_file(struct world *w, const char *name, const char *text)
{
    char *path = mem_printf("%s.%s", w->library, name), *dir = mem_strdup(path);
    *strrchr(dir, '/') = '\0';
    struct err e = ERR_INIT;
    assert_true(path_make_dir(dir, &e));
    if (!buf_write_file(path, text, strlen(text), 0600, &e))
        fail_msg("%s", e.msg);
    free(dir);
    return path;
}

static void folders_and_files_are_feeds(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    char *one = own_file(w, "letters/2026-02-03-quiet-return.md",
                         "---\ntitle: \"The quiet return\"\nauthor: Ada Moss\ntags: [margins, "
                         "'print']\n---\n\nIt came *back*.\n");
    char *two =
        own_file(w, "letters/deep/second.markdown", "# On margins\n\nText of the second.\n");
    char *draft = own_file(w, "letters/draft.md", "---\ndraft: true\n---\nNot yet.\n");
    char *dir = mem_strdup(one);
    *strrchr(dir, '/') = '\0';
    struct add_result r = {0};
    if (!fetch_add(w->store, w->conf, dir, NULL, &r, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(r.entries, 2);
    assert_false(r.existed);
    int64_t id = r.feed_id;
    add_result_free(&r);
    run(w, &id, 1, false);
    assert_int_equal(w->totals.same, 1);
    char *three = own_file(w, "letters/third.md", "Third\n=====\n\nMore.\n");
    run(w, &id, 1, false);
    assert_int_equal(w->totals.added, 1);
    struct shelf sh = {.kind = SHELF_FEED, .feed = id};
    int64_t *ids;
    size_t n;
    assert_true(store_ids(w->store, &sh, false, 0, 0, &ids, &n, &e));
    assert_int_equal(n, 3);
    struct item_row rows[3];
    struct arena *a = arena_new();
    assert_true(store_rows(w->store, ids, n, a, rows, &e));
    assert_string_equal(rows[n - 1].title, "The quiet return");
    assert_string_equal(rows[n - 1].author, "Ada Moss");
    assert_int_equal(rows[n - 1].published, 1770076800);
    bool second = false, third = false;
    for (int i = 0; i < 2; i++) {
        second = second || strcmp(rows[i].title, "On margins") == 0;
        third = third || strcmp(rows[i].title, "Third") == 0;
    }
    assert_true(second && third);
    free(ids);
    arena_free(a);

    struct buf feed = {0};
    server_feed(&feed, "From a file", 4, 100);
    char *file = own_file(w, "feed.xml", feed.data);
    assert_true(fetch_add(w->store, w->conf, file, NULL, &r, &e));
    assert_int_equal(r.entries, 4);
    assert_string_equal(r.title, "From a file");
    id = r.feed_id;
    add_result_free(&r);
    unlink(file);
    run(w, &id, 1, false);
    assert_non_null(strstr(w->message, "there is no file"));
    assert_false(fetch_add(w->store, w->conf, "/no/such/file.xml", NULL, &r, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    if (!fetch_add(w->store, w->conf, "lectern:sample", NULL, &r, &e))
        fail_msg("%s", e.msg);
    assert_true(r.entries >= 1);
    add_result_free(&r);
    buf_free(&feed);
    free(file);
    free(dir);
    free(one);
    free(two);
    free(three);
    free(draft);
}

static size_t take_second(void *ctx, const struct feed_candidate *offered, size_t n)
{
    int *asked = ctx;
    *asked = (int)n;
    assert_non_null(strstr(offered[1].url, "/"));
    return 1;
}

static void any_address_of_a_newsletter_will_do(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    struct add_result r = {0};
    char *feed = server_url(w->server, NULL, "/etag/page"),
         *page = server_url(w->server, NULL, "/page");
    const char *tags[] = {"slow", NULL};
    if (!fetch_add(w->store, w->conf, page, tags, &r, &e))
        fail_msg("%s", e.msg);
    assert_string_equal(r.url, feed);
    assert_int_equal(r.entries, 20);
    assert_false(r.existed);
    add_result_free(&r);
    int before = server_requests(w->server);
    assert_true(fetch_add(w->store, w->conf, feed, NULL, &r, &e));
    assert_true(r.existed);
    assert_int_equal(server_requests(w->server), before);
    add_result_free(&r);
    assert_true(fetch_add(w->store, w->conf, page, NULL, &r, &e));
    assert_true(r.existed);
    add_result_free(&r);
    char *typed = mem_printf("localhost:%d/two", server_port(w->server));
    int asked = 0;
    struct add_chooser chooser = {take_second, &asked};
    if (!fetch_add_choose(w->store, w->conf, typed, NULL, &chooser, &r, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(asked, 2);
    assert_int_equal(r.offered, 2);
    add_result_free(&r);
    static const struct {
        const char *path, *words;
    } table[] = {{"/plain-page", "offers no feed"},
                 {"/404", "HTTP 404"},
                 {"/empty", "empty"},
                 {"/junk", "feed"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *url = server_url(w->server, NULL, table[i].path);
        assert_false(fetch_add(w->store, w->conf, url, NULL, &r, &e));
        if (!strstr(e.msg, table[i].words))
            fail_msg("%s: %s", table[i].path, e.msg);
        free(url);
    }
    free(feed);
    free(page);
    free(typed);
}

static int64_t number(const char *library, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open_v2(library, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(st, 0);
    int64_t n = strcmp(text, "ok") == 0 ? 1 : strtoll(text, NULL, 10);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void ended_at_any_moment_the_library_is_whole(void **state)
{
    struct world *w = *state;
    const char *bin = getenv("LECTERN_BIN");
    assert_non_null(bin);
    for (int i = 0; i < 60; i++) {
        char host[32], path[32];
        snprintf(host, sizeof host, "127.0.4.%d", 1 + i);
        snprintf(path, sizeof path, "/gate/%d", i);
        subscribe_at(w, host, path);
    }
    store_close(w->store);
    w->store = NULL;
    srand(20261122);
    for (int round = 0; round < 10; round++) {
        pthread_mutex_lock(&w->lock);
        w->seen = 0;
        w->allowed = 3 + rand() % 4;
        int goal = w->allowed;
        pthread_cond_broadcast(&w->changed);
        pthread_mutex_unlock(&w->lock);
        pid_t pid = fork();
        if (pid == 0) {
            int null = open("/dev/null", O_RDWR);
            dup2(null, 1);
            dup2(null, 2);
            execl(bin, bin, "--library", w->library, "fetch", (char *)NULL);
            _exit(127);
        }
        pthread_mutex_lock(&w->lock);
        while (w->seen <= goal)
            pthread_cond_wait(&w->changed, &w->lock);
        pthread_mutex_unlock(&w->lock);
        poll(NULL, 0, rand() % 25); // any moment will do: before, in and after the writing
        kill(pid, SIGKILL);
        int status;
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status));
        pthread_mutex_lock(&w->lock);
        w->allowed = 1 << 20; // the rest of this round goes nowhere
        pthread_cond_broadcast(&w->changed);
        pthread_mutex_unlock(&w->lock);
        assert_int_equal(number(w->library, "PRAGMA integrity_check"), 1);
    }
    run(w, NULL, 0, false);
    assert_int_equal(w->totals.failed, 0);
    assert_int_equal(number(w->library, "SELECT count(*) FROM entry"), 60 * 20);
    assert_int_equal(
        number(w->library, "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY feed, guid)"),
        60 * 20);
    assert_int_equal(number(w->library, "SELECT sum(total) FROM tally"), 60 * 20);
    run(w, NULL, 0, true);
    assert_int_equal(w->totals.added + w->totals.changed, 0);
}

// A parser that turns in circles for one feed, until it is let go.
static atomic_bool let_go;
static bool circles(const char *bytes, size_t len, const struct feed_source *src,
                    struct feed_update **out, struct err *e)
{
    if (!strstr(src->url, "/circles"))
        return feed_parse(bytes, len, src, out, e);
    while (!atomic_load(&let_go))
        ;
    return err_set(e, ERR_FORMAT, "let go");
}

static void a_parser_that_turns_in_circles_is_given_up(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    int64_t id = subscribe(w, "/same/circles"), others[6];
    for (size_t i = 0; i < 6; i++) {
        char path[32];
        snprintf(path, sizeof path, "/same/%zu", i);
        others[i] = subscribe(w, path);
    }
    option(w, "fetch-parse-limit", "1");
    struct fetch_opts o = {
        .force = true, .event = on_event, .ctx = w, .wake_fd = -1, .parse = circles};
    struct fetch_totals t = {0};
    struct err e = ERR_INIT;
    w->errs = 0;
    assert_true(fetch_run(w->library, w->conf, &o, &t, &e));
    assert_int_equal(t.ok, 6);
    assert_int_equal(t.failed, 1);
    assert_int_equal(t.stuck, 1);
    assert_int_equal(w->errs, 1);
    assert_non_null(strstr(w->message, "more than 1 s of computing"));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(row(w, others[i], a).total, 5);
    struct feed_row r = row(w, id, a);
    assert_int_equal(r.health, HEALTH_FAILING);
    assert_true(r.next_due > time(NULL) + 23 * 3600);
    // The run is over: another may begin, while the thread still turns; it leaves that feed out.
    t = (struct fetch_totals){0};
    assert_true(fetch_run(w->library, w->conf, &o, &t, &e));
    assert_int_equal(t.stuck, 0);
    assert_int_equal(t.failed, 1);
    assert_non_null(strstr(w->message, "made Lectern stumble"));
    atomic_store(&let_go, true);
    arena_free(a);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_unchanged_is_not_sent_again),
        T(what_changed_is_brought),
        T(a_move_is_believed_the_second_time),
        T(what_is_gone_is_left_alone),
        T(a_host_is_left_alone_by_all_its_feeds),
        T(failures_wait_longer_and_are_forgotten),
        T(what_is_no_feed_is_said),
        T(twenty_that_hang_hold_up_nobody),
        T(large_ones_wait_for_room),
        T(ending_early_keeps_what_came),
        T(only_one_fetches),
        T(a_feed_that_fells_the_process_is_left_out_once),
        T(a_parser_that_turns_in_circles_is_given_up),
        T(folders_and_files_are_feeds),
        T(any_address_of_a_newsletter_will_do),
        T(ended_at_any_moment_the_library_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
