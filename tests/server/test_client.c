// The reader's handle on the worker process: events arrive, death is told, the next request starts
// it again, and the end never waits and leaves nobody behind.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fetch/notes.h"
#include "lectern/buf.h"
#include "lectern/client.h"
#include "lectern/find.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/store.h"
#include "../support/library.h"
#include "../support/server.h"

struct world {
    char *library;
    struct conf *conf;
    struct client *client;
    struct server *server;
    struct store *store;
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    if (strncmp(q->path, "/hang", 5) == 0) {
        r->hang = true;
    } else if (strncmp(q->path, "/paged", 6) == 0) { // the third page never comes
        int n = q->path[6] ? atoi(q->path + 7) : 0;
        r->hang = n == 2;
        buf_printf(&r->body,
                   "<feed xmlns='http://www.w3.org/2005/Atom'><title>Paged</title><id>x</id>"
                   "<link rel='next' href='/paged/%d'/><entry><id>%d</id><title>T</title>"
                   "<updated>2015-01-01T00:00:00Z</updated><content>c</content></entry></feed>",
                   n + 1, n);
    } else if (strncmp(q->path, "/feed", 5) == 0) {
        server_feed(&r->body, "Letters", 3, 200);
    } else {
        r->status = 404;
    }
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    const char *tmp = getenv("LECTERN_TMP");
    char *dir = mem_printf("%s/client.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    w->library = path_join(dir, "library.db");
    free(dir);
    w->conf = conf_new();
    struct err e = ERR_INIT;
    assert_true(client_start(w->library, w->conf, find_index, &w->client,
                             &e)); // before there is anything else
    w->server = server_start(serve, w);
    assert_true(store_open(w->library, STORE_READER, &w->store, &e));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    client_end(w->client);
    store_close(w->store);
    server_stop(w->server);
    conf_free(w->conf);
    free(w->library);
    free(w);
    return 0;
}

static int64_t subscribe(struct world *w, const char *host, const char *path)
{
    char *url = server_url(w->server, host, path);
    int64_t id;
    bool existed;
    struct err e = ERR_INIT;
    assert_true(store_feed_add(w->store, url, NULL, &id, &existed, &e));
    free(url);
    return id;
}

// The next event; fails after ten seconds of none.
static struct client_event next(struct world *w)
{
    struct client_event ev;
    while (!client_next(w->client, &ev)) {
        struct pollfd p = {.fd = client_fd(w->client), .events = POLLIN};
        if (poll(&p, 1, 10000) <= 0)
            fail_msg("no event came");
    }
    return ev;
}

static struct client_event until(struct world *w, enum client_event_kind kind)
{
    struct client_event ev;
    do
        ev = next(w);
    while (ev.kind != kind);
    return ev;
}

// What was fetched is in the index before long, and so is what was there when that was asked for.
static void essays_are_indexed_when_nothing_else_is_to_do(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    int64_t left, of;
    subscribe(w, NULL, "/feed");
    assert_true(client_fetch_all(w->client, true));
    until(w, CLIENT_END);
    until(w, CLIENT_INDEXED);
    assert_true(search_progress(w->store, &left, &of, &e));
    assert_true(of > 0);
    assert_int_equal(left, 0);
    assert_true(search_reset(w->store, &e));
    assert_true(client_index(w->client));
    until(w, CLIENT_INDEXED);
    assert_true(search_progress(w->store, &left, &of, &e));
    assert_int_equal(left, 0);
    assert_true(search_check(w->store, &e));
}

static void events_come_as_things_happen(void **state)
{
    struct world *w = *state;
    int64_t good = subscribe(w, NULL, "/feed"), bad = subscribe(w, NULL, "/nothing");
    struct client_event ev;
    assert_false(client_next(w->client, &ev));
    int64_t version = store_version(w->store);
    assert_true(client_fetch_all(w->client, false));
    ev = next(w);
    assert_int_equal(ev.kind, CLIENT_BEGIN);
    assert_int_equal(ev.total, 2);
    int gets = 0, oks = 0, errs = 0;
    for (ev = next(w); ev.kind != CLIENT_END; ev = next(w)) {
        gets += ev.kind == CLIENT_GET;
        if (ev.kind == CLIENT_OK) {
            oks++;
            assert_int_equal(ev.feed, good);
            assert_int_equal(ev.added, 3);
            assert_true(store_version(w->store) != version); // what is told is there to be read
        } else if (ev.kind == CLIENT_ERR) {
            errs++;
            assert_int_equal(ev.feed, bad);
            assert_string_equal(ev.text, "HTTP 404: there is nothing at this address");
        }
    }
    assert_int_equal(gets, 2);
    assert_int_equal(oks, 1);
    assert_int_equal(errs, 1);
    assert_int_equal(ev.added, 3);
    assert_int_equal(ev.failed, 1);
    assert_true(client_fetch_feed(w->client, good));
    ev = until(w, CLIENT_SAME);
    assert_int_equal(ev.feed, good);
    until(w, CLIENT_END);
}

static void feeds_are_added_beside_a_fetch(void **state)
{
    struct world *w = *state;
    subscribe(w, "127.0.5.1", "/hang");
    assert_true(client_fetch_all(w->client, true));
    until(w, CLIENT_GET);
    char *url = server_url(w->server, NULL, "/feed/new"),
         *none = server_url(w->server, NULL, "/none");
    assert_true(client_add(w->client, url));
    struct client_event ev = until(w, CLIENT_ADDED);
    assert_string_equal(ev.text, "Letters");
    assert_int_equal(ev.added, 3);
    assert_false(ev.existed);
    assert_true(client_add(w->client, url));
    assert_true(until(w, CLIENT_ADDED).existed);
    assert_true(client_add(w->client, none));
    assert_non_null(strstr(until(w, CLIENT_ADD_ERR).text, "HTTP 404"));
    client_stop_fetch(w->client); // the one that hangs
    until(w, CLIENT_END);
    free(url);
    free(none);
}

static void a_death_is_told_and_mended(void **state)
{
    struct world *w = *state;
    int64_t good = subscribe(w, NULL, "/feed");
    subscribe(w, "127.0.5.1", "/hang");
    assert_true(client_fetch_all(w->client, true));
    until(w, CLIENT_OK); // the good one is written; the other hangs
    int worker = client_worker(w->client);
    assert_true(worker > 0);
    kill(worker, SIGKILL);
    struct client_event ev = until(w, CLIENT_DIED);
    assert_non_null(strstr(ev.text, "signal 9"));
    assert_int_equal(client_worker(w->client), 0);
    assert_true(client_fetch_feed(w->client, good));
    assert_int_equal(until(w, CLIENT_SAME).feed, good);
    assert_true(client_worker(w->client) > 0 && client_worker(w->client) != worker);
}

static void another_fetcher_is_said(void **state)
{
    struct world *w = *state;
    subscribe(w, NULL, "/feed");
    struct notes *n;
    struct err e = ERR_INIT;
    assert_true(notes_open(w->library, &n, &e));
    assert_true(client_fetch_all(w->client, true));
    struct client_event ev = until(w, CLIENT_ERR);
    assert_int_equal(ev.feed, 0);
    assert_non_null(strstr(ev.text, "another Lectern is fetching"));
    until(w, CLIENT_END);
    notes_close(n);
}

static void the_end_waits_for_nothing(void **state)
{
    struct world *w = *state;
    subscribe(w, "127.0.5.1", "/hang");
    assert_true(client_fetch_all(w->client, true));
    until(w, CLIENT_GET);
    int worker = client_worker(w->client);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    client_end(w->client);
    w->client = NULL;
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000 < 100);
    for (int i = 0; kill(worker, 0) == 0;
         i++) { // it goes by itself, though its server never answers
        assert_true(i < 500);
        poll(NULL, 0, 10);
    }
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // nobody to bury
    assert_int_equal(errno, ECHILD);
}

static void subscriptions_are_brought_from_a_file(void **state)
{
    struct world *w = *state;
    const char *tmp = getenv("LECTERN_TMP");
    char *file = mem_printf("%s/client-urls", tmp ? tmp : "/tmp"),
         *url = server_url(w->server, NULL, "/feed"),
         *text = mem_printf("%s letters \"~Mine\"\nquery:x:y\n%s other\n", url, url);
    struct err e = ERR_INIT;
    assert_true(buf_write_file(file, text, strlen(text), 0600, &e));
    assert_true(client_import(w->client, file));
    struct client_event ev = next(w);
    assert_int_equal(ev.kind, CLIENT_NOTE);
    assert_non_null(strstr(ev.text, "line 2, query:x:y, was not taken"));
    ev = next(w);
    assert_int_equal(ev.kind, CLIENT_IMPORTED);
    assert_int_equal(ev.added, 1);
    assert_int_equal(ev.changed, 0);
    assert_int_equal(ev.failed, 1);
    assert_true(client_import(w->client, file)); // nothing twice
    ev = until(w, CLIENT_IMPORTED);
    assert_int_equal(ev.added, 0);
    assert_int_equal(ev.changed, 1);
    assert_true(client_fetch_all(w->client, false)); // and it is due
    ev = until(w, CLIENT_END);
    assert_int_equal(ev.added, 3);
    assert_true(client_import(w->client, "/nowhere/urls"));
    ev = next(w);
    assert_int_equal(ev.kind, CLIENT_ADD_ERR);
    assert_non_null(strstr(ev.text, "/nowhere/urls"));
    free(file);
    free(url);
    free(text);
}

static void bookmarks_are_brought_from_a_file(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    char *file = mem_printf("%s.html", w->library);
    static const char list[] = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>\n"
                               "<DT><A HREF=\"https://a.example/x\">X</A>\n"
                               "<DT><A HREF=\"about:blank\">Y</A>\n</DL>";
    assert_true(buf_write_file(file, list, sizeof list - 1, 0600, &e));
    assert_true(client_import(w->client, file));
    struct client_event ev = next(w);
    assert_int_equal(ev.kind, CLIENT_NOTE);
    assert_non_null(strstr(ev.text, "line 3, about:blank, was not taken"));
    ev = next(w);
    assert_int_equal(ev.kind, CLIENT_KEPT);
    assert_int_equal(ev.added, 1);
    assert_int_equal(ev.failed, 1);
    assert_string_equal(ev.text, "a browser's bookmarks");
    assert_true(client_import(w->client, file)); // nothing twice
    ev = until(w, CLIENT_KEPT);
    assert_int_equal(ev.added, 0);
    assert_int_equal(ev.changed, 1);
    free(file);
}

// A folder of another reader's brings its essays; the figures come with the event.
static void another_reader_is_brought_whole(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    char *dir = mem_printf("%s.newsboat", w->library), *list = path_join(dir, "urls");
    char *cache = path_join(dir, "cache.db");
    static const char urls[] = "https://a.example/feed\n";
    assert_true(path_make_dir(dir, &e));
    assert_true(buf_write_file(list, urls, sizeof urls - 1, 0600, &e));
    library_run(cache, "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, url, feedurl, "
                       "pubDate, content, unread, flags, deleted);"
                       "INSERT INTO rss_item VALUES"
                       "(1,'a','A','','https://a.example/feed',1700000000,'x',1,'s',0),"
                       "(2,'b','B','','https://a.example/feed',1700000000,'x',0,'',0),"
                       "(3,'c','C','','https://a.example/feed',1700000000,'x',0,'',1);");
    assert_true(client_import(w->client, dir));
    struct client_event ev = next(w);
    assert_int_equal(ev.kind, CLIENT_NOTE);
    assert_non_null(strstr(ev.text, "bookmarks 1, searches 0, deleted essays"));
    ev = next(w);
    assert_int_equal(ev.kind, CLIENT_IMPORTED);
    assert_int_equal(ev.added, 1);
    assert_int_equal(ev.essays, 2);
    assert_int_equal(ev.unread, 1);
    free(cache);
    free(list);
    free(dir);
}

// A walk through an archive tells how far it is, ends when asked to, in the middle of a question
// too, and keeps what came.
static void older_essays_come_and_stop(void **state)
{
    struct world *w = *state;
    int64_t paged = subscribe(w, NULL, "/paged"), plain = subscribe(w, NULL, "/feed");
    assert_false(client_older_ended(w->store, paged));
    assert_true(client_older(w->client, paged, 0, 0));
    struct client_event ev;
    do
        ev = next(w);
    while (ev.added < 1);
    assert_int_equal(ev.kind, CLIENT_OLDER);
    assert_int_equal(ev.feed, paged);
    assert_int_equal(ev.changed, 1420070400);
    client_stop_older(w->client);
    ev = until(w, CLIENT_OLDER_END);
    assert_int_equal(ev.added, 1);
    assert_true(ev.more);
    assert_string_equal(ev.text, "1 older essay from the archive the feed names");
    assert_true(client_older(w->client, plain, 0, 0));
    ev = until(w, CLIENT_OLDER_END);
    assert_int_equal(ev.feed, plain);
    assert_false(ev.more);
    assert_true(client_older(w->client, 99, 0, 0));
    ev = until(w, CLIENT_OLDER_ERR);
    assert_int_equal(ev.feed, 99);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(essays_are_indexed_when_nothing_else_is_to_do),
        T(events_come_as_things_happen),
        T(feeds_are_added_beside_a_fetch),
        T(a_death_is_told_and_mended),
        T(another_fetcher_is_said),
        T(subscriptions_are_brought_from_a_file),
        T(bookmarks_are_brought_from_a_file),
        T(another_reader_is_brought_whole),
        T(older_essays_come_and_stop),
        T(the_end_waits_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
