// Subscribing: from what a person typed to a feed in the library with its essays. An address that
// turns out to be a page is asked for the feeds it offers; a house whose habits are known is asked
// at the right door first.
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "address.h"
#include "file.h"
#include "get.h"
#include "schedule.h"
#include "lectern/fetch.h"
#include "lectern/hash.h"
#include "lectern/mem.h"
#include "move.h"

enum { MOST_TRIES = 12, WRITE_WAIT_MS = 15000 };

struct found { // a feed that was fetched and understood
    struct feed_update *update;
    struct http_get get; // web
    struct file_answer file;
    char *url;
    bool local;
};

static void found_free(struct found *f)
{
    feed_free(f->update);
    http_get_clear(&f->get);
    file_answer_free(&f->file);
    free(f->url);
    *f = (struct found){0};
}

void add_result_free(struct add_result *r)
{
    free(r->title);
    free(r->url);
    *r = (struct add_result){0};
}

// Fetches and parses. False: f->get still holds the document when there is one (a page, perhaps).
static bool try(const char *url, const struct conf *c, struct found *f, struct err *e)
{
    *f = (struct found){.url = mem_strdup(url), .local = file_is_local(url)};
    if (f->local) {
        if (!file_get(url, NULL, (size_t)conf_int(c, CONF_FETCH_MAX) << 20, &f->file, e))
            return false;
        if (f->file.update) {
            f->update = f->file.update;
            f->file.update = NULL;
            return true;
        }
        struct feed_source src = {.url = url};
        return feed_parse(buf_cstr(&f->file.body), f->file.body.len, &src, &f->update, e);
    }
    if (!get_web(url, true, c, &f->get, e))
        return false;
    struct feed_source src = {f->get.effective, f->get.content_type, f->get.content_location};
    return feed_parse(buf_cstr(&f->get.body), f->get.body.len, &src, &f->update, e);
}

static bool same_address(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    while (n && a[n - 1] == '/')
        n--;
    while (m && b[m - 1] == '/')
        m--;
    return n == m && strncmp(a, b, n) == 0;
}

// Is it among the feeds already? Then tags are added and the result is filled.
static bool known(struct store *s, const char *url, const char *const *tags, struct add_result *r,
                  struct err *e)
{
    struct arena *a = arena_new();
    struct feed_rows rows = {0};
    bool found = false;
    if (store_feeds(s, a, &rows, e))
        for (size_t i = 0; i < rows.n && !found; i++) {
            const struct feed_row *row = &rows.items[i];
            if (!same_address(row->address, url))
                continue;
            found = true;
            int64_t id;
            bool existed;
            if (tags && *tags)
                store_feed_add(s, row->address, tags, &id, &existed, NULL);
            *r = (struct add_result){.feed_id = row->id,
                                     .existed = true,
                                     .title = mem_strdup(row->title),
                                     .url = mem_strdup(row->url),
                                     .entries = row->total};
        }
    arena_free(a);
    return found;
}

static struct fetch_outcome outcome_of(const struct found *f, const struct conf *c)
{
    const struct buf *body = f->local ? &f->file.body : &f->get.body;
    int64_t now = (int64_t)time(NULL);
    struct schedule s = {
        .now = now,
        .interval = conf_int(c, CONF_INTERVAL) * INT64_C(60),
        .fresh = f->get.fresh,
        .ttl = f->update->ttl,
        .skip_hours = f->update->skip_hours,
        .skip_days = f->update->skip_days,
    };
    int64_t own = schedule_own(c, f->url);
    s.own = own > 0 ? own : 0;
    struct fetch_outcome o = {
        .when = now,
        .http_status = f->local ? 0 : f->get.status,
        .etag = f->local ? f->file.mark : f->get.new_etag,
        .last_modified = f->get.new_last_modified,
        .moved_to = f->get.permanent,
        .next_due = schedule_good(&s),
        .bytes = (int64_t)body->len,
        .body_hash = body->len ? hash_bytes(buf_cstr(body), body->len, 0) : 0,
    };
    if (f->update->cut_short) {
        o.etag = o.last_modified = NULL;
        o.body_hash = 0;
    }
    return o;
}

// The feed, its essays and what is to be remembered of this fetch, in one transaction.
static bool keep(struct store *s, const struct conf *c, const struct found *f,
                 const char *const *tags, struct add_result *r, struct err *e)
{
    struct arena *a = arena_new();
    struct fetch_state state = {0};
    struct apply_counts counts = {0};
    struct fetch_outcome o = outcome_of(f, c);
    char *asks = asks_of(f->update);
    if (!o.moved_to)
        o.moved_to = asks_moved(asks, f->url);
    int64_t id = 0;
    bool existed = false;
    bool ok = store_begin(s, e);
    bool begun = ok;
    ok = ok && store_feed_add(s, f->url, tags, &id, &existed, e) &&
         store_fetch_state(s, id, a, &state, e);
    if (ok) {
        struct prepared *p = store_prepare(f->update, &state);
        ok = store_apply(s, id, p, &o, &counts, e);
        store_prepared_free(p);
        ok = ok && asks_keep(s, id, f->update, e);
    }
    ok = ok && store_commit(s, e);
    if (!ok && begun)
        store_rollback(s);
    struct feed_row row = {0};
    ok = ok && store_feed(s, id, a, &row, e);
    if (ok)
        *r = (struct add_result){.feed_id = id,
                                 .existed = existed,
                                 .title = mem_strdup(row.title),
                                 .url = mem_strdup(row.url),
                                 .entries = row.total};
    free(asks);
    arena_free(a);
    return ok;
}

// What stands in the page itself comes before what is merely tried.
static size_t offered(const struct feed_candidates *cs)
{
    size_t n = 0;
    while (n < cs->n && !cs->items[n].guess)
        n++;
    return n;
}

// The page in `page` offers feeds: takes one. *known_already: it is among the feeds; r is filled.
static bool discover(struct store *s, const struct conf *c, struct http_get *page,
                     const struct add_chooser *ask, const char *const *tags, struct found *f,
                     struct add_result *r, bool *known_already, struct err *e)
{
    struct feed_candidates *cs =
        feed_discover(buf_cstr(&page->body), page->body.len, page->effective);
    size_t first = 0, real = cs ? offered(cs) : 0;
    bool ok = false, gave_up = false;
    if (real > 1 && ask && ask->choose) {
        first = ask->choose(ask->ctx, cs->items, real);
        gave_up = first >= real;
    }
    if (gave_up)
        err_set(e, ERR_OTHER, "no feed was chosen");
    struct err why = ERR_INIT;
    for (size_t i = 0; cs && !gave_up && !ok && i < cs->n && i < MOST_TRIES; i++) {
        size_t at = i == 0 ? first : i <= first ? i - 1 : i;
        const char *url = cs->items[at].url;
        if (!http_is_web(url) || (i > 0 && same_address(url, page->effective)))
            continue;
        if (known(s, url, tags, r, NULL)) {
            *known_already = ok = true;
            break;
        }
        struct err now = ERR_INIT;
        ok = try(url, c, f, &now);
        if (!ok) {
            found_free(f);
            if (at < real && why.kind == ERR_NONE)
                why = now;
        }
    }
    r->offered = ok ? real : 0;
    if (!ok && !gave_up) {
        char *shown = http_show(page->effective);
        if (why.kind != ERR_NONE)
            err_set(e, why.kind, "%s names a feed, but: %s", shown, why.msg);
        else
            err_set(e, ERR_FORMAT, "%s is a web page and offers no feed", shown);
        free(shown);
    }
    feed_candidates_free(cs);
    return ok;
}

static bool looks_like_page(const struct http_get *g)
{
    if (g->how != HTTP_BODY || !g->body.len)
        return false;
    if (g->content_type && strcasestr(g->content_type, "html"))
        return true;
    size_t n = g->body.len < 1024 ? g->body.len : 1024;
    return memmem(g->body.data, n, "<!doctype html", 14) ||
           memmem(g->body.data, n, "<!DOCTYPE html", 14) || memmem(g->body.data, n, "<html", 5) ||
           memmem(g->body.data, n, "<HTML", 5);
}

// One address: a feed, or a page that offers one.
static bool resolve(struct store *s, const struct conf *c, const char *url,
                    const struct add_chooser *ask, const char *const *tags, struct found *f,
                    struct add_result *r, bool *known_already, struct err *e)
{
    if (try(url, c, f, e)) {
        // Where it leads for good may be a feed that is there.
        if (f->get.permanent && known(s, f->get.permanent, tags, r, NULL))
            *known_already = true;
        return true;
    }
    if (f->local || !looks_like_page(&f->get))
        return false;
    struct http_get page = f->get;
    f->get = (struct http_get){0};
    found_free(f);
    bool ok = discover(s, c, &page, ask, tags, f, r, known_already, e);
    http_get_clear(&page);
    return ok;
}

// Typed without a scheme: a server that knows nothing of https may still be there.
static bool plain_instead(const char *typed, const char *url, const struct found *f, char **out)
{
    if (strstr(typed, "://") || strncmp(url, "https://", 8) != 0 || !f->get.unreached)
        return false;
    *out = mem_printf("http://%s", url + 8);
    return true;
}

bool fetch_add_choose(struct store *s, const struct conf *c, const char *typed,
                      const char *const *tags, const struct add_chooser *chooser,
                      struct add_result *out, struct err *e)
{
    char *url, *door, *plain = NULL;
    if (!fetch_address(typed, &url, e))
        return false;
    store_set_wait(s, WRITE_WAIT_MS);
    struct add_result r = {0};
    struct found f = {0};
    bool there = known(s, url, tags, &r, NULL), ok = there;
    if (!ok && !file_is_local(url) && (door = address_site(url))) {
        there = known(s, door, tags, &r, NULL);
        ok = there || try(door, c, &f, e);
        if (!ok)
            found_free(&f);
        free(door);
    }
    if (!ok) {
        ok = resolve(s, c, url, chooser, tags, &f, &r, &there, e);
        if (!ok && plain_instead(typed, url, &f, &plain)) {
            struct err second = ERR_INIT;
            found_free(&f);
            ok = resolve(s, c, plain, chooser, tags, &f, &r, &there, &second);
        }
    }
    if (ok && !there) {
        size_t n = r.offered;
        ok = keep(s, c, &f, tags, &r, e);
        r.offered = n;
    }
    found_free(&f);
    free(url);
    free(plain);
    if (ok)
        *out = r;
    else
        add_result_free(&r);
    return ok;
}

bool fetch_add(struct store *s, const struct conf *c, const char *typed, const char *const *tags,
               struct add_result *out, struct err *e)
{
    return fetch_add_choose(s, c, typed, tags, NULL, out, e);
}
