// Pages of essays whose feed sends a summary only: fetched when the configuration says so or a
// reader asks, kept beside the summary, told when they cannot be had.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/client.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/whole.h"
#include "../support/server.h"

#define MILL                                                                                     \
    "<p>The mill stood for two hundred years beside the river, and in all that time nobody "     \
    "asked what it was for, since everyone who lived there knew.</p><p>When it closed, the "     \
    "question came up at once, in three meetings, two letters and one court, and by then there " \
    "was nobody left to answer it.</p>"

struct world {
    char *library;
    struct conf *conf;
    struct server *server;
    struct store *store;
    struct client *client;
    int64_t feed, whole, gone, picture; // entries
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    if (strcmp(q->path, "/feed") == 0) {
        server_set(r, "Content-Type", "application/rss+xml");
        buf_str(&r->body, "<rss version='2.0'><channel><title>Mill Letters</title>");
        static const char *const pages[] = {"whole", "gone", "picture"};
        for (size_t i = 0; i < 3; i++)
            buf_printf(&r->body,
                       "<item><title>Essay %zu</title><guid>%zu</guid><link>/%s</link>"
                       "<description>Only this much.</description><enclosure url='/a%zu.mp3' "
                       "type='audio/mpeg' length='1'/></item>",
                       i, i, pages[i], i);
        buf_str(&r->body, "</channel></rss>");
    } else if (strcmp(q->path, "/whole") == 0) {
        server_set(r, "Content-Type", "text/html; charset=utf-8");
        buf_str(&r->body, "<html lang=en><head><meta name=author content='Ada Moss'></head><body>"
                          "<nav><a href=/>Home</a></nav><article><h1>Essay 0</h1>" MILL
                          "</article><footer>All rights reserved</footer></body></html>");
    } else if (strcmp(q->path, "/picture") == 0) {
        server_set(r, "Content-Type", "image/png");
        buf_str(&r->body, "PNG");
    } else {
        r->status = 404;
    }
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    const char *tmp = getenv("LECTERN_TMP");
    char *dir = mem_printf("%s/pages.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    w->library = path_join(dir, "library.db");
    free(dir);
    w->conf = conf_new();
    w->server = server_start(serve, w);
    struct err e = ERR_INIT;
    assert_true(store_open(w->library, STORE_WRITE, &w->store, &e));
    char *url = server_url(w->server, NULL, "/feed");
    struct add_result added;
    assert_true(fetch_add(w->store, w->conf, url, NULL, &added, &e));
    assert_int_equal(added.entries, 3);
    w->feed = added.feed_id;
    add_result_free(&added);
    free(url);
    struct shelf all = {.kind = SHELF_ALL};
    int64_t *ids;
    size_t n;
    assert_true(store_ids(w->store, &all, false, time(NULL), 0, &ids, &n, &e));
    assert_int_equal(n, 3);
    struct arena *a = arena_new();
    struct item_row rows[3];
    assert_true(store_rows(w->store, ids, n, a, rows, &e));
    for (size_t i = 0; i < n; i++)
        *(rows[i].title[6] == '0'   ? &w->whole
          : rows[i].title[6] == '1' ? &w->gone
                                    : &w->picture) = rows[i].id;
    arena_free(a);
    free(ids);
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

static void full_text(struct world *w)
{
    static const char line[] = "feed * full-text yes\n";
    conf_parse(w->conf, line, sizeof line - 1, "test");
}

static struct item_body item(struct world *w, int64_t id, struct arena *a)
{
    struct item_body b;
    struct err e = ERR_INIT;
    if (!store_item(w->store, id, a, &b, &e))
        fail_msg("%s", e.msg);
    return b;
}

static struct pages_totals fetch(struct world *w)
{
    const struct pages_opts o = {.wake_fd = -1};
    struct pages_totals t;
    struct err e = ERR_INIT;
    if (!fetch_pages(w->library, w->conf, &o, &t, &e))
        fail_msg("%s", e.msg);
    return t;
}

static void only_feeds_that_ask_are_fetched_whole(void **state)
{
    struct world *w = *state;
    assert_int_equal(fetch(w).fetched, 0);
    assert_int_equal(server_asked(w->server, "/whole"), 0);
    full_text(w);
    struct pages_totals t = fetch(w);
    assert_int_equal(t.fetched, 1);
    assert_int_equal(t.failed, 2);
    struct arena *a = arena_new();
    struct item_body b = item(w, w->whole, a);
    assert_true(b.whole);
    assert_non_null(strstr(b.content, "The mill stood"));
    assert_null(strstr(b.content, "All rights reserved"));
    assert_string_equal(b.row.author, "Ada Moss");
    assert_true(b.row.words > 50);
    assert_int_equal(b.nenclosures, 1); // the feed's
    // What failed is known with its reason, and is left alone until tomorrow.
    struct whole why;
    struct err e = ERR_INIT;
    assert_true(store_whole(w->store, w->gone, a, &why, &e));
    assert_non_null(strstr(why.failure, "404"));
    assert_true(store_whole(w->store, w->picture, a, &why, &e));
    assert_non_null(strstr(why.failure, "image/png"));
    server_reset(w->server);
    t = fetch(w);
    assert_int_equal(t.fetched + t.failed, 0);
    assert_int_equal(server_requests(w->server), 0);
    arena_free(a);
}

static void due(struct world *w, int64_t now, size_t want)
{
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    assert_true(store_whole_due(w->store, w->feed, 0, now, 10, &ids, &n, &e));
    assert_int_equal(n, want);
    free(ids);
}

static void a_page_that_fails_is_tried_three_times(void **state)
{
    struct world *w = *state;
    int64_t now = 1000000000, day = 24 * 3600;
    struct err e = ERR_INIT;
    due(w, now, 3);
    for (int i = 1; i <= 3; i++) {
        assert_true(store_whole_failed(w->store, w->gone, "no", now, &e));
        due(w, now + day / 2, 2);
        now += 2 * day;
        due(w, now, i < 3 ? 3 : 2);
    }
}

static void both_texts_stay_and_bookmarks_keep_the_one_read(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    uint32_t words;
    const char *why;
    assert_true(fetch_page(w->library, w->conf, w->whole, &words, &why, &e));
    assert_null(why);
    struct arena *a = arena_new();
    assert_true(item(w, w->whole, a).whole);
    struct item_body sent;
    assert_true(store_item_sent(w->store, w->whole, a, &sent, &e));
    assert_false(sent.whole);
    assert_true(sent.has_whole);
    assert_null(sent.content);
    assert_string_equal(sent.summary, "Only this much.");
    assert_true(store_whole_show(w->store, w->whole, false, &e));
    assert_false(item(w, w->whole, a).whole);
    assert_true(store_whole_show(w->store, w->whole, true, &e));
    int64_t mark;
    assert_true(store_bookmark_entry(w->store, w->whole, 1, &mark, NULL, &e));
    assert_true(store_feed_bin(w->store, w->feed, &e)); // the entry goes, and its page with it
    assert_non_null(strstr(item(w, mark, a).content, "The mill stood"));
    assert_true(store_feed_restore(w->store, w->feed, &e));
    assert_true(item(w, w->whole, a).whole);
    assert_true(store_entries_remove(w->store, &w->whole, 1, &e));
    struct whole none;
    assert_true(store_whole(w->store, w->whole, a, &none, &e));
    assert_null(none.content);
    arena_free(a);
}

static struct client_event next_page(struct world *w)
{
    struct client_event ev;
    for (;;) {
        while (!client_next(w->client, &ev)) {
            struct pollfd p = {.fd = client_fd(w->client), .events = POLLIN};
            if (poll(&p, 1, 10000) <= 0)
                fail_msg("no event came");
        }
        if (ev.kind == CLIENT_PAGE || ev.kind == CLIENT_PAGE_ERR)
            return ev;
    }
}

static void the_worker_brings_a_page(void **state)
{
    struct world *w = *state;
    struct err e = ERR_INIT;
    assert_true(client_start(w->library, w->conf, NULL, &w->client, &e));
    assert_true(client_page(w->client, w->whole));
    struct client_event ev = next_page(w);
    assert_int_equal(ev.kind, CLIENT_PAGE);
    assert_int_equal(ev.item, w->whole);
    assert_false(ev.existed);
    assert_string_equal(ev.text, "");
    struct arena *a = arena_new();
    assert_true(item(w, w->whole, a).whole);
    arena_free(a);
    assert_true(client_page(w->client, w->gone));
    ev = next_page(w);
    assert_int_equal(ev.kind, CLIENT_PAGE_ERR);
    assert_int_equal(ev.item, w->gone);
    assert_non_null(strstr(ev.text, "404"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(only_feeds_that_ask_are_fetched_whole),
        TEST(a_page_that_fails_is_tried_three_times),
        TEST(both_texts_stay_and_bookmarks_keep_the_one_read),
        TEST(the_worker_brings_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
