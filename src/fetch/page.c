// Pages of essays: fetched as feeds are, with the same limits for each host, their article taken
// out (extract.h) and kept beside what the feed sent (whole.h). A page that cannot be had costs
// its sentence, and is tried again on another day.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "file.h"
#include "get.h"
#include "page.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/whole.h"
#include "lectern/write.h"
#include "run.h"

enum {
    A_FEED = 20,  // pages at one time
    AT_ALL = 200, // the same, of all feeds
    LATELY = 14 * 24 * 3600,
    POLL_MS = 200,
    WRITE_WAIT_MS = 15000,
};

struct page_get { // the question first: the engine hands it back
    struct http_get get;
    int64_t entry;
    char *title;
};

static bool is_page(const char *type)
{
    static const char *const kinds[] = {"text/html",  "application/xhtml",
                                        "text/xml",   "application/xml",
                                        "text/plain", "application/octet"};
    if (!type || !*type)
        return true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncasecmp(type, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

bool page_article(const struct conf *c, const char *bytes, size_t len, const char *type,
                  const char *url, const char *title, struct extract *x, struct err *e)
{
    char charset[64] = "";
    const char *at = type ? strcasestr(type, "charset=") : NULL;
    if (!is_page(type))
        return err_set(e, ERR_FORMAT, "what is at its address is no page to read (%.60s)", type);
    if (at)
        snprintf(charset, sizeof charset, "%.*s", (int)strcspn(at + 8 + (at[8] == '"'), "\"; "),
                 at + 8 + (at[8] == '"'));
    const struct extract_source src = {.url = url,
                                       .charset = charset,
                                       .keep = conf_site(c, CONF_SITE_EXTRACT, url),
                                       .remove = conf_site(c, CONF_SITE_EXTRACT_REMOVE, url),
                                       .title = title};
    return extract_page(bytes, len, &src, x, e);
}

static bool keep(struct store *s, int64_t entry, const struct extract *x, const char *from,
                 struct err *e)
{
    struct buf html = {0};
    write_html(&html, x->doc);
    const struct whole w = {.content = buf_cstr(&html),
                            .content_len = html.len,
                            .url = from,
                            .language = x->doc->language,
                            .image = x->image,
                            .author = x->doc->author,
                            .why = x->why,
                            .words = x->doc->words,
                            .paywalled = x->paywalled,
                            .preview = x->doc->preview,
                            .fetched = (int64_t)time(NULL)};
    bool ok = store_whole_put(s, entry, &w, e);
    buf_free(&html);
    return ok;
}

// A page that came: into the library. Either way what is to be said is in *x or *e.
static bool settle(struct store *s, const struct conf *c, int64_t entry, const char *bytes,
                   size_t len, const char *type, const char *url, const char *title,
                   struct extract *x, struct err *e)
{
    if (!page_article(c, bytes, len, type, url, title, x, e))
        return false;
    if (keep(s, entry, x, url, e))
        return true;
    extract_free(x);
    return false;
}

static void failed(struct store *s, int64_t entry, const struct err *why)
{
    if (why->kind != ERR_BUSY && why->kind != ERR_FULL)
        store_whole_failed(s, entry, why->msg, (int64_t)time(NULL), NULL);
}

static bool get_one(const struct conf *c, const char *url, struct http_reply *r, struct err *e)
{
    return fetch_get(url, c, r, e) || err_wrap(e, "the page of this essay");
}

bool fetch_page(const char *library, const struct conf *c, int64_t entry, uint32_t *words,
                const char **why, struct err *e)
{
    struct store *s;
    struct item_row row;
    struct http_reply r = {0};
    struct extract x = {0};
    if (!store_open(library, STORE_WRITE, &s, e))
        return false;
    store_set_wait(s, WRITE_WAIT_MS);
    struct arena *a = arena_new();
    bool ok = store_rows(s, &entry, 1, a, &row, e);
    if (ok && !row.id)
        ok = err_set(e, ERR_MISSING, "there is no essay %lld any more", (long long)entry);
    if (ok && (!row.url || !http_is_web(row.url)))
        ok = err_set(e, ERR_MISSING, "the feed gives no address of a page for this essay");
    if (ok) {
        struct err local = ERR_INIT;
        ok = get_one(c, row.url, &r, &local) &&
             settle(s, c, entry, r.body, r.len, r.content_type, r.url ? r.url : row.url, row.title,
                    &x, &local);
        if (!ok) {
            failed(s, entry, &local);
            if (e)
                *e = local;
        }
    }
    if (ok) {
        *words = x.doc->words;
        *why = x.paywalled ? x.why : NULL;
        extract_free(&x);
    }
    http_reply_free(&r);
    arena_free(a);
    store_close(s);
    return ok;
}

// ---- many ----

struct pages {
    const struct conf *conf;
    const struct pages_opts *o;
    struct store *store;
    struct page_get *items;
    size_t n, cap;
    struct pages_totals totals;
};

static bool wants_pages(const struct conf *c, const char *address)
{
    const char *says = conf_site(c, CONF_SITE_FULL_TEXT, address);
    return says && strcmp(says, "yes") == 0;
}

static bool is_asked(const struct pages_opts *o, int64_t feed)
{
    bool asked = !o->feeds;
    for (size_t i = 0; i < o->nfeeds && !asked; i++)
        asked = o->feeds[i] == feed;
    return asked;
}

static bool choose(struct pages *p, struct arena *a, struct err *e)
{
    struct feed_rows feeds;
    int64_t now = (int64_t)time(NULL);
    if (!store_feeds(p->store, a, &feeds, e))
        return false;
    for (size_t i = 0; i < feeds.n && p->n < AT_ALL; i++) {
        int64_t *ids;
        size_t n;
        if (!wants_pages(p->conf, feeds.items[i].address) || !is_asked(p->o, feeds.items[i].id))
            continue;
        if (!store_whole_due(p->store, feeds.items[i].id, now - LATELY, now, A_FEED, &ids, &n, e))
            return false;
        struct item_row *rows = mem_array(n, sizeof *rows);
        bool ok = store_rows(p->store, ids, n, a, rows, e);
        for (size_t k = 0; ok && k < n; k++) {
            if (!rows[k].id || !rows[k].url || !http_is_web(rows[k].url))
                continue;
            p->items = mem_grow(p->items, &p->cap, p->n + 1, sizeof *p->items);
            p->items[p->n++] = (struct page_get){.get.url = mem_strdup(rows[k].url),
                                                 .entry = rows[k].id,
                                                 .title = mem_strdup(rows[k].title)};
        }
        free(rows);
        free(ids);
        if (!ok)
            return false;
    }
    return true;
}

static void answered(struct pages *p, struct page_get *g, struct unpacker *u)
{
    struct err e = g->get.err;
    struct extract x;
    struct buf body = {0};
    if (g->get.how == HTTP_ENDED)
        return;
    bool ok = g->get.how == HTTP_BODY;
    if (ok && !http_unpack(&g->get, u, (size_t)conf_int(p->conf, CONF_FETCH_MAX) << 20, &body)) {
        e = g->get.err;
        ok = false;
    }
    ok = ok && settle(p->store, p->conf, g->entry, buf_cstr(&body), body.len, g->get.content_type,
                      g->get.effective ? g->get.effective : g->get.url, g->title, &x, &e);
    if (ok) {
        p->totals.fetched++;
        extract_free(&x);
    } else {
        p->totals.failed++;
        if (!g->get.offline)
            failed(p->store, g->entry, &e);
    }
    if (p->o->page)
        p->o->page(p->o->ctx, g->entry, g->title, ok ? NULL : e.msg);
    buf_free(&body);
}

static bool is_over(const struct pages_opts *o)
{
    struct pollfd woken = {.fd = o->wake_fd, .events = POLLIN};
    return (o->stop && *o->stop) || (o->wake_fd >= 0 && poll(&woken, 1, 0) > 0);
}

static bool get_all(struct pages *p, struct err *e)
{
    struct http *h;
    if (!http_new(p->conf, &h, e))
        return false;
    struct unpacker *u = unpacker_new();
    for (size_t i = 0; i < p->n; i++)
        http_add(h, &p->items[i].get);
    while (http_running(h) || http_waiting(h)) {
        if (is_over(p->o))
            http_stop(h);
        http_work(h, POLL_MS, p->o->wake_fd);
        for (struct http_get *g; (g = http_next(h));)
            answered(p, (struct page_get *)g, u);
    }
    for (struct http_get *g; (g = http_next(h));)
        answered(p, (struct page_get *)g, u);
    unpacker_free(u);
    http_free(h);
    return true;
}

bool fetch_pages(const char *library, const struct conf *c, const struct pages_opts *o,
                 struct pages_totals *out, struct err *e)
{
    struct pages p = {.conf = c, .o = o};
    *out = (struct pages_totals){0};
    if (!store_open(library, STORE_WRITE, &p.store, e))
        return false;
    store_set_wait(p.store, WRITE_WAIT_MS);
    struct arena *a = arena_new();
    bool ok = choose(&p, a, e);
    if (ok && p.n && !is_over(o))
        ok = get_all(&p, e);
    for (size_t i = 0; i < p.n; i++) {
        http_get_clear(&p.items[i].get);
        free(p.items[i].title);
    }
    free(p.items);
    arena_free(a);
    store_close(p.store);
    *out = p.totals;
    return ok;
}
