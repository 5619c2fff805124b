// Older essays: what has fallen out of a feed's document stands in earlier ones it names (RFC 5005:
// prev-archive, or next of a paged feed). They are asked for one after the other, and after each
// the place is kept, so that the walk can go on another day.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "http.h"
#include "lectern/fetch.h"
#include "lectern/hash.h"
#include "lectern/mem.h"
#include "move.h"
#include "notes.h"
#include "run.h"

enum { WRITE_WAIT_MS = 15000, MOST_PAGES = 1000 };
#define AT_END "end"

struct walk {
    const struct conf *conf;
    const struct older_opts *opts;
    struct store *store;
    struct http *http;
    int64_t feed;
    uint64_t seen[MOST_PAGES]; // addresses of this walk
    size_t nseen;
    uint64_t last_body;
    bool once_more; // it has been at the end before
    struct older_result result;
};

static bool ask(struct walk *w, const char *url, struct http_get *g, struct err *e)
{
    *g = (struct http_get){.url = mem_strdup(url), .feed = true};
    http_add(w->http, g);
    struct http_get *done;
    while (!(done = http_next(w->http))) {
        if (w->opts->stop && *w->opts->stop)
            http_stop(w->http);
        else
            http_work(w->http, 200, -1);
    }
    if (g->how == HTTP_BODY)
        return true;
    if (g->how == HTTP_SAME)
        return err_set(e, ERR_NETWORK, "HTTP 304: an answer nobody asked for");
    *e = g->err;
    return false;
}

static bool read_page(struct walk *w, const char *url, struct feed_update **u, bool *again,
                      struct err *e)
{
    struct http_get g;
    struct buf body = {0};
    struct unpacker *unpacker = unpacker_new();
    size_t max = (size_t)conf_int(w->conf, CONF_FETCH_MAX) << 20;
    bool ok = ask(w, url, &g, e);
    if (ok && !http_unpack(&g, unpacker, max, &body)) {
        *e = g.err;
        ok = false;
    }
    if (ok) {
        struct feed_source src = {g.effective, g.content_type, g.content_location};
        uint64_t hash = hash_bytes(buf_cstr(&body), body.len, 0);
        *again = hash == w->last_body;
        w->last_body = hash;
        ok = feed_parse(buf_cstr(&body), body.len, &src, u, e);
    }
    unpacker_free(unpacker);
    buf_free(&body);
    http_get_clear(&g);
    return ok;
}

static bool been_there(struct walk *w, const char *url)
{
    uint64_t hash = hash_string(url, 0);
    for (size_t i = 0; i < w->nseen; i++)
        if (w->seen[i] == hash)
            return true;
    if (w->nseen == MOST_PAGES)
        return true;
    w->seen[w->nseen++] = hash;
    return false;
}

static const char *further(struct walk *w, const struct feed_update *u)
{
    const char *to = u->prev_archive ? u->prev_archive : u->next;
    return to && http_is_web(to) && !been_there(w, to) ? to : NULL;
}

// Only what is not there yet is added: what the feed itself says of an essay is newer than what an
// archive says of it.
static bool keep(struct walk *w, const struct feed_update *u, const char *next, struct err *e)
{
    struct arena *a = arena_new();
    struct fetch_state state = {0};
    struct apply_counts counts = {0};
    struct fetch_outcome o = {.when = (int64_t)time(NULL), .older = true};
    char key[FETCH_KEY];
    fetch_key(key, "older", w->feed);
    bool begun = store_begin(w->store, e), ok = begun;
    ok = ok && store_fetch_state(w->store, w->feed, a, &state, e);
    if (ok && u) {
        for (size_t i = 0; i < state.nknown; i++)
            state.known[i].content_hash = 0;
        struct prepared *p = store_prepare(u, &state);
        ok = store_apply(w->store, w->feed, p, &o, &counts, e);
        store_prepared_free(p);
    }
    ok = ok && store_put(w->store, key, next ? next : AT_END, e);
    if (begun && ok)
        ok = store_commit(w->store, e);
    else if (begun)
        store_rollback(w->store);
    arena_free(a);
    w->result.added += counts.added;
    if (ok && u && w->opts->page)
        w->opts->page(w->opts->ctx, w->result.pages, counts.added);
    return ok;
}

// Where to begin: where the last walk stopped, else what the feed's own document names. NULL: there
// is nothing older.
static bool begin(struct walk *w, const struct feed_row *row, struct arena *a, const char **at,
                  struct err *e)
{
    char key[FETCH_KEY];
    const char *kept = NULL;
    fetch_key(key, "older", w->feed);
    if (!store_get(w->store, key, a, &kept, e))
        return false;
    if (kept && *kept && strcmp(kept, AT_END) != 0) {
        been_there(w, row->address);
        been_there(w, kept);
        *at = kept;
        return true;
    }
    w->once_more = kept && *kept;
    struct feed_update *u = NULL;
    bool again;
    been_there(w, row->address);
    if (!read_page(w, row->address, &u, &again, e))
        return false;
    w->result.complete = u->complete;
    *at = u->complete ? NULL : arena_strdup(a, further(w, u));
    feed_free(u);
    return *at ? keep(w, NULL, *at, e) : true;
}

static bool walk(struct walk *w, const struct feed_row *row, struct arena *a, struct err *e)
{
    const char *at = NULL;
    if (!begin(w, row, a, &at, e))
        return false;
    while (at && w->result.pages < w->opts->pages && !(w->opts->stop && *w->opts->stop)) {
        struct feed_update *u = NULL;
        bool again = false;
        if (!read_page(w, at, &u, &again, e))
            return false;
        w->result.pages++;
        // A server that has one answer for every address would lead on for ever.
        const char *next = again || !u->nentries ? NULL : arena_strdup(a, further(w, u));
        int64_t before = w->result.added;
        bool ok = keep(w, u, next, e);
        if (ok && w->once_more && w->result.added == before) // what comes after is here as well
            next = NULL, ok = keep(w, NULL, NULL, e);
        feed_free(u);
        if (!ok)
            return false;
        at = next;
    }
    w->result.more = at != NULL;
    return true;
}

bool fetch_older(const char *library, const struct conf *c, int64_t feed,
                 const struct older_opts *o, struct older_result *out, struct err *e)
{
    struct walk w = {.conf = c, .opts = o, .feed = feed};
    struct notes *notes = NULL;
    struct arena *a = arena_new();
    struct feed_row row;
    const char *hosts = NULL;
    bool ok = notes_open(library, &notes, e) && store_open(library, STORE_WRITE, &w.store, e) &&
              store_feed(w.store, feed, a, &row, e);
    if (ok && !http_is_web(row.address))
        ok = err_set(e, ERR_USAGE, "%s is not on the web: all there is of it is here", row.title);
    ok = ok && http_new(c, &w.http, e);
    if (ok) {
        store_set_wait(w.store, WRITE_WAIT_MS);
        store_get(w.store, HOSTS_KEY, a, &hosts, NULL);
        hosts_block(w.http, hosts);
        ok = walk(&w, &row, a, e);
        hosts_save(w.http, w.store, hosts);
    }
    http_free(w.http);
    store_close(w.store);
    notes_close(notes);
    arena_free(a);
    *out = w.result; // also what came before a fault
    return ok;
}
