// Older essays out of every kind of archive, from a server that plays the houses: Substack,
// WordPress, archives a feed names, JSON Feed; and what such servers do wrong.
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

#include "lectern/conf.h"
#include "lectern/fetch.h"
#include "lectern/house.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "lectern/when.h"
#include "../support/library.h"
#include "../support/server.h"

enum { POSTS = 57, LISTED = 20, A_LIST = 12, DAY = 86400, FIRST_DAY = 1500000000 };

struct world {
    struct server *server;
    struct conf *conf;
    struct store *store;
    char *library;
    bool broken, deaf, switched_off, hang;
    int peace; // so many answers are 429
    volatile int stop;
    int64_t stop_at; // essays
    struct older_result result;
    struct older_news last;
    struct err err;
    int waits;
    int reached[2]; // a byte when a request hangs
};

static int64_t date_of(int n) // post 1 is the oldest
{
    return FIRST_DAY + (int64_t)n * DAY;
}

static void put_date(struct buf *b, int n)
{
    char text[32];
    date_format(date_of(n), text);
    buf_str(b, text);
}

static bool paid(int n)
{
    return n % 10 == 0;
}

// ---- Substack ----

static void substack_feed(struct buf *b, const char *base)
{
    buf_printf(b,
               "<rss version='2.0'><channel><title>Sub</title><link>%s</link>"
               "<generator>Substack</generator><language>en</language>",
               base);
    for (int n = POSTS; n > POSTS - LISTED; n--) {
        buf_printf(b,
                   "<item><title>Post %d</title><link>%s/p/post-%d</link><guid "
                   "isPermaLink='false'>%s/p/post-%d</guid><description>About %d</description>"
                   "<pubDate>",
                   n, base, n, base, n, n);
        put_date(b, n);
        buf_str(b, "</pubDate></item>");
    }
    buf_str(b, "</channel></rss>");
}

static void substack_object(struct buf *b, const char *base, int n, bool whole)
{
    buf_printf(b,
               "{\"id\":%d,\"title\":\"Post %d\",\"slug\":\"post-%d\",\"canonical_url\":"
               "\"%s/p/post-%d\",\"audience\":\"%s\",\"post_date\":\"",
               n, n, n, base, n, paid(n) ? "only_paid" : "everyone");
    put_date(b, n);
    buf_printf(b, "\",\"publishedBylines\":[{\"name\":\"Ada Moss\"}]");
    if (whole)
        buf_printf(b,
                   ",\"subtitle\":\"About %d\",\"body_html\":\"<p>The text of %d.</p>\","
                   "\"hidden\":%s",
                   n, n, paid(n) ? "true" : "false");
    buf_str(b, "}");
}

// A number of the query; `otherwise` where it is not in it.
static int number(const struct server_request *q, const char *name, int otherwise)
{
    const char *v = server_argument(q, name);
    return v ? atoi(v) : otherwise;
}

static void substack(struct world *w, const struct server_request *q, const char *path,
                     const char *base, struct server_reply *r)
{
    int offset = 0, n = 0;
    if (strncmp(path, "/feed", 5) == 0) {
        substack_feed(&r->body, base);
    } else if (strcmp(path, "/api/v1/archive") == 0) {
        offset = number(q, "offset", -1);
        buf_char(&r->body, '[');
        for (int i = 0; i < A_LIST && POSTS - offset - i > 0; i++) {
            buf_str(&r->body, i ? "," : "");
            substack_object(&r->body, base, POSTS - offset - i, false);
        }
        buf_char(&r->body, ']');
    } else if (sscanf(path, "/api/v1/posts/post-%d", &n) == 1) {
        if (w->hang && n == 20) {
            ssize_t one = write(w->reached[1], "x", 1);
            (void)one;
            r->hang = true;
        } else if (n == 30 && w->broken) {
            buf_str(&r->body, "<html>Something went wrong");
        } else if (n == 29 && w->broken) {
            r->status = 404;
        } else if (n <= 25 && w->deaf) {
            r->status = 500;
        } else if (n == 33 && w->peace > 0) {
            w->peace--;
            r->status = 429;
            server_set(r, "Retry-After", "1");
        } else {
            substack_object(&r->body, base, n, true);
        }
    } else {
        r->status = 404;
    }
}

// ---- WordPress ----

static void wordpress_feed(struct buf *b, const char *base, int page, bool whole)
{
    buf_printf(b,
               "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
               "<channel><title>Press</title><link>%s</link><generator>https://wordpress.org/?v=6.4"
               "</generator>",
               base);
    int first = POSTS - (page - 1) * LISTED;
    for (int n = first; n > first - LISTED && n > 0; n--) {
        buf_printf(b,
                   "<item><title>Post %d</title><link>%s/%d/</link><guid isPermaLink='false'>"
                   "%s/?p=%d&amp;x</guid><description>About</description><pubDate>",
                   n, base, n, base, n);
        put_date(b, n);
        buf_str(b, "</pubDate>");
        if (whole)
            buf_printf(b, "<content:encoded>&lt;p&gt;Text %d&lt;/p&gt;</content:encoded>", n);
        buf_str(b, "</item>");
    }
    buf_str(b, "</channel></rss>");
}

static void wordpress_posts(struct world *w, struct buf *b, const char *base, int page, int *status)
{
    if (w->switched_off) {
        *status = 404;
        return;
    }
    if ((page - 1) * LISTED >= POSTS) {
        *status = 400;
        return;
    }
    if (w->broken && page == 2) {
        buf_str(b, "<b>Warning</b>");
        return;
    }
    buf_char(b, '[');
    int first = POSTS - (page - 1) * LISTED;
    for (int n = first; n > first - LISTED && n > 0; n--) {
        char date[32];
        date_format(date_of(n), date);
        date[19] = '\0'; // without a zone
        buf_printf(b,
                   "%s{\"id\":%d,\"date_gmt\":\"%s\",\"guid\":{\"rendered\":\"%s/?p=%d&#038;x\"},"
                   "\"link\":\"%s/%d/\",\"title\":{\"rendered\":\"Post &#8220;%d&#8221;\"},"
                   "\"content\":{\"rendered\":\"<p>Whole text %d.</p>\",\"protected\":false},"
                   "\"_embedded\":{\"author\":[{\"name\":\"Ada Moss\"}]}}",
                   n == first ? "" : ",", n, date, base, n, base, n, n, n);
    }
    buf_char(b, ']');
}

static void wordpress(struct world *w, const struct server_request *q, const char *path,
                      const char *base, bool whole, struct server_reply *r)
{
    int page = number(q, "paged", 1);
    if (strcmp(path, "/wp-json/wp/v2/posts") == 0)
        wordpress_posts(w, &r->body, base, number(q, "page", 1), &r->status);
    else if (strcmp(path, "/feed/") == 0)
        wordpress_feed(&r->body, base, page, whole);
    else
        r->status = 404;
    if ((page - 1) * LISTED >= POSTS && strncmp(path, "/feed", 5) == 0)
        r->status = 404;
}

// ---- a site with a map ----

// Essays at the top of the site beside pages of the house; two of the old ones are no essays.
static void ghost(struct world *w, const char *path, const char *base, struct server_reply *r)
{
    int n = 0;
    if (strcmp(path, "/feed") == 0) {
        buf_printf(&r->body,
                   "<rss version='2.0'><channel><title>Ghost</title><link>%s</link>"
                   "<generator>Ghost 5.0</generator>",
                   base);
        for (n = 30; n > 20; n--)
            buf_printf(&r->body,
                       "<item><title>Essay %d</title><link>%s/essay-%d/</link>"
                       "<guid isPermaLink='false'>id%d</guid></item>",
                       n, base, n, n);
        buf_str(&r->body, "</channel></rss>");
    } else if (strcmp(path, "/map-posts.xml") == 0) {
        buf_str(&r->body, "<urlset>");
        for (n = 1; n <= 30; n++) {
            buf_printf(&r->body, "<url><loc>%s/essay-%d/</loc><lastmod>", base, n);
            put_date(&r->body, n);
            buf_str(&r->body, "</lastmod></url>");
        }
        buf_printf(&r->body,
                   "<url><loc>%s/about/</loc></url><url><loc>%s/private-x/</loc></url>"
                   "<url><loc>http://elsewhere.example/gho/essay-99/</loc></url></urlset>",
                   base, base);
        r->gzip = true;
    } else if (strcmp(path, "/map.xml") == 0) {
        buf_printf(&r->body,
                   "<sitemapindex><sitemap><loc>%s/map-pages.xml</loc></sitemap><sitemap>"
                   "<loc>%s/map-posts.xml</loc></sitemap></sitemapindex>",
                   base, base);
    } else if (sscanf(path, "/essay-%d/", &n) == 1 && (n == 7 || n == 8)) {
        buf_str(&r->body, "<html><body><nav><a href='/'>Home</a></nav></body></html>");
    } else if (sscanf(path, "/essay-%d/", &n) == 1 && n == 9 && w->broken) {
        r->status = 500;
    } else if (sscanf(path, "/essay-%d/", &n) == 1) {
        buf_printf(&r->body,
                   "<html lang='en'><head><title>Essay %d</title><meta property="
                   "'article:published_time' content='",
                   n);
        put_date(&r->body, n);
        buf_printf(&r->body,
                   "'></head><body><nav><a href='/'>Home</a></nav><article><h1>Essay %d"
                   "</h1>",
                   n);
        for (int i = 0; i < 5; i++)
            buf_str(&r->body, "<p>A paragraph with quite a few words, commas too, so that it looks "
                              "like what people write when they write an essay of some length, and "
                              "nothing like a menu.</p>");
        buf_str(&r->body, "</article><footer>Powered by Ghost</footer></body></html>");
    } else {
        r->status = 404;
    }
}

// ---- pages that lead on ----

// /json: a JSON Feed of three pages. /always: a new page every time, with new essays; /same: with
// the same ones; /loop: two pages that name one another.
static void json_feed(struct buf *b, int page)
{
    buf_printf(b, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\"%s,\"items\":[",
               page == 1   ? ",\"next_url\":\"/json/2\""
               : page == 2 ? ",\"next_url\":\"/json/3\""
                           : "");
    for (int i = 0; i < 2; i++)
        buf_printf(b, "%s{\"id\":\"j%d\",\"title\":\"J %d\",\"content_text\":\"text\"}",
                   i ? "," : "", page * 2 + i, page * 2 + i);
    buf_str(b, "]}");
}

static void leading_on(struct buf *b, const char *next, int first, int salt)
{
    buf_printf(b,
               "<feed xmlns='http://www.w3.org/2005/Atom'><title>On</title><id>x%d</id>"
               "<link rel='next' href='%s'/>",
               salt, next);
    for (int i = 0; i < 2; i++)
        buf_printf(b,
                   "<entry><id>on%d</id><title>On %d</title><updated>2015-01-01T00:00:00Z"
                   "</updated><content>text</content></entry>",
                   first + i, first + i);
    buf_str(b, "</feed>");
}

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    struct world *w = ctx;
    char base[200];
    int n = 0;
    snprintf(base, sizeof base, "http://%s/%.3s", server_header(q, "Host"), q->path + 1);
    const char *rest = strlen(q->path) > 4 ? q->path + 4 : "";
    if (strncmp(q->path, "/sub/", 5) == 0) {
        substack(w, q, rest, base, r);
    } else if (strncmp(q->path, "/wpf/", 5) == 0 || strncmp(q->path, "/wps/", 5) == 0) {
        wordpress(w, q, rest, base, q->path[3] == 'f', r);
    } else if (strncmp(q->path, "/wpx/", 5) == 0) { // does not know of pages
        wordpress_feed(&r->body, base, 1, true);
        buf_printf(&r->body, "<!-- %d -->", server_requests(w->server));
    } else if (strncmp(q->path, "/gho/", 5) == 0) {
        ghost(w, rest, base, r);
    } else if (strcmp(q->path, "/robots.txt") == 0) {
        snprintf(base, sizeof base, "http://%s/gho", server_header(q, "Host"));
        buf_printf(&r->body, "User-agent: *\nDisallow: /gho/private\nSitemap: %s/map.xml\n", base);
    } else if (strncmp(q->path, "/json", 5) == 0) {
        json_feed(&r->body, q->path[5] ? atoi(q->path + 6) : 1);
    } else if (strncmp(q->path, "/always", 7) == 0) {
        n = q->path[7] ? atoi(q->path + 8) : 0;
        snprintf(base, sizeof base, "/always/%d", n + 1);
        leading_on(&r->body, base, 2 * n, n);
    } else if (strncmp(q->path, "/same", 5) == 0) {
        n = q->path[5] ? atoi(q->path + 6) : 0;
        snprintf(base, sizeof base, "/same/%d", n + 1);
        leading_on(&r->body, base, n ? 2 : 0, n);
    } else if (strncmp(q->path, "/loop", 5) == 0) {
        leading_on(&r->body, strcmp(q->path, "/loop/b") == 0 ? "/loop" : "/loop/b",
                   q->path[5] ? 2 : 0, 1);
    } else {
        r->status = 404;
    }
}

// ---- the world ----

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    struct err e = ERR_INIT;
    assert_int_equal(pipe(w->reached), 0);
    w->server = server_start(serve, w);
    w->conf = conf_new();
    assert_true(conf_set(w->conf, "archive-pause", "0", &e));
    w->library = library_path("archive");
    w->store = library_open(w->library, STORE_WRITE);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    store_close(w->store);
    server_stop(w->server);
    conf_free(w->conf);
    close(w->reached[0]);
    close(w->reached[1]);
    free(w->library);
    free(w);
    return 0;
}

static int64_t subscribe(struct world *w, const char *path)
{
    char *url = server_url(w->server, NULL, path);
    struct add_result r = {0};
    if (!fetch_add(w->store, w->conf, url, NULL, &r, &w->err))
        fail_msg("%s", w->err.msg);
    int64_t id = r.feed_id;
    add_result_free(&r);
    free(url);
    return id;
}

static void on_news(void *ctx, const struct older_news *n)
{
    struct world *w = ctx;
    w->last = *n;
    w->waits += n->waits != 0;
    if (w->stop_at && n->added >= w->stop_at)
        w->stop = 1;
}

static bool bring(struct world *w, int64_t feed, int64_t since, int64_t limit)
{
    struct older_opts o = {
        .since = since, .limit = limit, .stop = &w->stop, .news = on_news, .ctx = w};
    w->stop = 0;
    w->err = (struct err)ERR_INIT;
    return fetch_older(w->library, w->conf, feed, &o, &w->result, &w->err);
}

static void brings(struct world *w, int64_t feed, int64_t added, bool more)
{
    if (!bring(w, feed, 0, 0))
        fail_msg("%s", w->err.msg);
    assert_int_equal(w->result.added, added);
    assert_int_equal(w->result.more, more);
}

static size_t rows(struct world *w, int64_t feed, struct arena *a, struct item_row **out)
{
    struct shelf sh = {.kind = SHELF_FEED, .feed = feed};
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    assert_true(store_ids(w->store, &sh, false, 0, 0, &ids, &n, &e));
    *out = arena_alloc(a, (n + 1) * sizeof **out);
    assert_true(store_rows(w->store, ids, n, a, *out, &e));
    free(ids);
    return n;
}

// ---- tests ----

static void a_substack_comes_whole(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    w->broken = true;
    w->peace = 1;
    brings(w, feed, POSTS - LISTED - 2, false);
    assert_string_equal(w->result.source, "Substack's archive");
    assert_int_equal(w->result.missed, 2);
    assert_int_equal(w->result.previews, 2); // 10 and 20; 30 was not to be had
    assert_int_equal(w->waits, 1);
    assert_int_equal(w->result.reached, date_of(1));
    struct arena *a = arena_new();
    struct item_row *r;
    size_t n = rows(w, feed, a, &r);
    assert_int_equal(n, POSTS - 2);
    for (size_t i = 0; i < n; i++) {
        int post = atoi(r[i].title + 5);
        bool listed = post > POSTS - LISTED;
        assert_int_equal(r[i].published, date_of(post));
        assert_int_equal(!!(r[i].flags & ITEM_UNREAD), listed); // what is older makes no noise
        assert_int_equal(!!(r[i].flags & ITEM_OLDER), !listed);
        assert_int_equal(!!(r[i].flags & ITEM_PREVIEW), !listed && paid(post));
        if (!listed)
            assert_string_equal(r[i].author, "Ada Moss");
    }
    // What could not be had is asked for again, and nothing else but lists.
    w->broken = false;
    server_reset(w->server);
    brings(w, feed, 2, false);
    assert_int_equal(server_asked(w->server, "/sub/api/v1/posts/post-28"), 0);
    assert_int_equal(server_asked(w->server, "/sub/api/v1/posts/post-29"), 1);
    server_reset(w->server);
    brings(w, feed, 0, false); // once more: the first list has nothing new
    assert_int_equal(server_requests(w->server), 2);
    arena_free(a);
}

static void a_walk_goes_on_where_it_was(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    assert_true(bring(w, feed, 0, 5));
    assert_int_equal(w->result.added, 5);
    assert_true(w->result.more);
    assert_true(w->last.done == 1);
    // As far back as a date.
    assert_true(bring(w, feed, date_of(20), 0));
    assert_int_equal(w->result.added, POSTS - LISTED - 5 - 19);
    assert_true(w->result.more);
    int lists = server_requests(w->server);
    assert_true(bring(w, feed, date_of(20), 0));
    assert_int_equal(w->result.added, 0);
    assert_true(server_requests(w->server) - lists <= 3);
    // Stopped by hand: what came is kept, but for nothing.
    w->stop_at = 3;
    assert_true(bring(w, feed, 0, 0));
    assert_in_range(w->result.added, 3, 4);
    assert_true(w->result.more);
    w->stop_at = 0;
    int64_t left = 19 - w->result.added;
    brings(w, feed, left, false);
    struct arena *a = arena_new();
    struct item_row *r;
    assert_int_equal(rows(w, feed, a, &r), POSTS);
    arena_free(a);
}

static void a_server_that_fails_ends_it_for_now(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    w->deaf = true;
    assert_false(bring(w, feed, 0, 0));
    assert_non_null(strstr(w->err.msg, "HTTP 500"));
    assert_int_equal(w->result.added, POSTS - LISTED - 25);
    w->deaf = false;
    w->peace = 100;
    brings(w, feed, 25, false);
    // As new, for those who want it so.
    struct err e = ERR_INIT;
    struct shelf_counts before, after;
    feed = subscribe(w, "/sub/feed/?again");
    assert_true(conf_set(w->conf, "archive-unread", "yes", &e));
    assert_true(store_counts(w->store, 0, &before, &e));
    w->peace = 0;
    assert_true(bring(w, feed, 0, 6));
    assert_true(store_counts(w->store, 0, &after, &e));
    assert_int_equal(after.unread, before.unread + 6);
}

static void killed_it_goes_on(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    w->hang = true;
    store_close(w->store);
    pid_t pid = fork();
    if (pid == 0) {
        struct older_opts o = {0};
        struct older_result r;
        struct err e = ERR_INIT;
        fetch_older(w->library, w->conf, feed, &o, &r, &e);
        r.pages = (int)write(w->reached[1], "e", 1); // it should not have come so far
        _exit(0);
    }
    char c;
    assert_int_equal(read(w->reached[0], &c, 1), 1);
    kill(pid, SIGKILL);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    w->hang = false;
    w->store = library_open(w->library, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_row *r;
    size_t n = rows(w, feed, a, &r);
    assert_in_range(n, LISTED + 9,
                    LISTED + 17); // 37 to 21 were there; the last few are asked again
    server_reset(w->server);
    brings(w, feed, (int64_t)(POSTS - n), false);
    assert_int_equal(server_asked(w->server, "/sub/api/v1/posts/post-36"), 0);
    arena_free(a);
}

static void wordpress_has_pages_and_posts(void **state)
{
    struct world *w = *state;
    struct arena *a = arena_new();
    struct item_row *r;
    int64_t whole = subscribe(w, "/wpf/feed/"), summaries = subscribe(w, "/wps/feed/");
    brings(w, whole, POSTS - LISTED, false);
    assert_string_equal(w->result.source, "WordPress's pages");
    w->broken = true;
    brings(w, summaries, POSTS - 2 * LISTED, false); // the second page is broken
    assert_string_equal(w->result.source, "WordPress's posts");
    assert_int_equal(w->result.missed, 1);
    w->broken = false;
    brings(w, summaries, LISTED, false);
    size_t n = rows(w, summaries, a, &r);
    assert_int_equal(n, POSTS);
    assert_string_equal(r[n - 1].title, "Post \u201c1\u201d");
    assert_int_equal(r[n - 1].published, date_of(1));
    assert_int_equal(r[n - 1].words, 3);
    // Where the interface is switched off its feed's pages are what there is.
    w->switched_off = true;
    int64_t off = subscribe(w, "/wps/feed/?x");
    brings(w, off, POSTS - LISTED, false);
    assert_string_equal(w->result.source, "WordPress's pages");
    // A server that does not know of pages gives the first one again and again.
    int64_t none = subscribe(w, "/wpx/feed");
    assert_true(bring(w, none, 0, 0));
    assert_int_equal(w->result.added, 0);
    assert_false(w->result.more);
    arena_free(a);
}

static void pages_that_lead_on_come_to_an_end(void **state)
{
    struct world *w = *state;
    brings(w, subscribe(w, "/json"), 4, false);
    brings(w, subscribe(w, "/loop"), 2, false);
    brings(w, subscribe(w, "/same"), 2, false);
    assert_string_equal(w->result.endless, "its server shows the same essays again and again");
    int64_t feed = subscribe(w, "/always");
    assert_true(bring(w, feed, 0, 7));
    assert_int_equal(w->result.added, 7);
    brings(w, feed, 2 * 1000 - 1, true);
    assert_string_equal(w->result.endless, "its server leads on and on");
}

static void what_was_thrown_away_stays_away(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    assert_true(bring(w, feed, 0, 4));
    struct arena *a = arena_new();
    struct item_row *r;
    struct err e = ERR_INIT;
    size_t n = rows(w, feed, a, &r);
    int64_t last = r[n - 1].id;
    assert_true(store_entries_remove(w->store, &last, 1, &e));
    brings(w, feed, POSTS - LISTED - 4, false);
    assert_int_equal(rows(w, feed, a, &r), POSTS - 1);
    arena_free(a);
}

static void clean_up_passes_by_what_was_asked_for(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    brings(w, feed, POSTS - LISTED, false);
    struct keep_rule rule = {.days = 1, .count = 5};
    struct keep_result went;
    struct err e = ERR_INIT;
    assert_true(keep_apply(w->store, feed, &rule, (int64_t)1 << 33, NULL, &went, &e));
    assert_int_equal(went.n, LISTED);
    brings(w, feed, 0, false); // and what went does not come back by another way
}

static void a_site_is_known_by_its_map(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/gho/feed");
    w->broken = true;
    assert_true(bring(w, feed, 0, 5));
    assert_string_equal(w->result.source, "the site's map");
    assert_int_equal(w->result.added, 5);
    assert_int_equal(w->result.reached, date_of(16)); // the newest first
    assert_int_equal(server_asked(w->server, "/gho/essay-15/"), 0);
    brings(w, feed, 12, false); // of 15: two are no essays, one could not be had
    assert_int_equal(w->result.missed, 1);
    assert_int_equal(server_asked(w->server, "/gho/map-pages.xml"), 0);
    assert_int_equal(server_asked(w->server, "/gho/about/"), 0);
    assert_int_equal(server_asked(w->server, "/gho/private-x/"), 0); // robots.txt says so
    struct arena *a = arena_new();
    struct item_row *r;
    assert_int_equal(rows(w, feed, a, &r), 27);
    assert_string_equal(r[26].title, "Essay 1");
    assert_int_equal(r[26].published, date_of(1));
    assert_true(r[26].words > 100 && r[26].words < 200);
    w->broken = false;
    server_reset(w->server);
    brings(w, feed, 1, false);
    assert_int_equal(server_asked(w->server, "/gho/essay-10/"), 0);
    arena_free(a);
}

static void only_one_walks_at_a_time(void **state)
{
    struct world *w = *state;
    int64_t feed = subscribe(w, "/sub/feed");
    w->hang = true;
    pid_t pid = fork();
    if (pid == 0) {
        struct older_opts o = {0};
        struct older_result r;
        struct err e = ERR_INIT;
        fetch_older(w->library, w->conf, feed, &o, &r, &e);
        r.pages = (int)write(w->reached[1], "e", 1); // it should not have come so far
        _exit(0);
    }
    char c;
    assert_int_equal(read(w->reached[0], &c, 1), 1);
    assert_false(bring(w, feed, 0, 0));
    assert_int_equal(w->err.kind, ERR_BUSY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_substack_comes_whole),
        T(a_walk_goes_on_where_it_was),
        T(a_server_that_fails_ends_it_for_now),
        T(killed_it_goes_on),
        T(wordpress_has_pages_and_posts),
        T(pages_that_lead_on_come_to_an_end),
        T(what_was_thrown_away_stays_away),
        T(clean_up_passes_by_what_was_asked_for),
        T(a_site_is_known_by_its_map),
        T(only_one_walks_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
