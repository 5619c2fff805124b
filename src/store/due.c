// What the fetcher asks before it asks the world: which feeds are due, and what is known of one.
#include <stdlib.h>

#include "store/store.h"

bool store_feeds_due(struct store *s, int64_t now, int64_t **ids, size_t *n, struct err *e)
{
    static const char query[] =
        "SELECT feed FROM fetch WHERE parked = 0 AND next_due <= ? ORDER BY next_due, feed";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", now);
    int64_t *list = NULL;
    size_t count = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        list = mem_grow(list, &cap, count + 1, sizeof *list);
        list[count++] = sql_col(st, 0);
    }
    if (got < 0) {
        free(list);
        return false;
    }
    *ids = list ? list : mem_alloc(sizeof *list);
    *n = count;
    return true;
}

static int by_guid(const void *x, const void *y)
{
    const struct known_entry *a = x, *b = y;
    return a->guid_hash < b->guid_hash ? -1 : a->guid_hash > b->guid_hash;
}

static bool read_known(struct store *s, int64_t feed, struct arena *a, struct fetch_state *out,
                       struct err *e)
{
    static const char query[] = "SELECT guid, iif(entry, hash, 0) FROM known WHERE feed = ?";
    static const char count[] = "SELECT count(*) FROM known WHERE feed = ?";
    int64_t room;
    if (!sql_int(s, e, 0, &room, count, "i", feed))
        return false;
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", feed);
    out->known = arena_alloc(a, (size_t)room * sizeof *out->known);
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        if ((int64_t)out->nknown < room)
            out->known[out->nknown++] =
                (struct known_entry){(uint64_t)sql_col(st, 0), (uint64_t)sql_col(st, 1)};
    // The tree is sorted by signed numbers, the hashes are not.
    qsort(out->known, out->nknown, sizeof *out->known, by_guid);
    return got == 0;
}

bool store_fetch_state(struct store *s, int64_t feed_id, struct arena *a, struct fetch_state *out,
                       struct err *e)
{
    static const char query[] =
        "SELECT f.url, x.etag, x.last_modified, x.moved_to, x.next_due, f.interval, x.failures, "
        "x.parked,"
        " x.body_hash FROM feed f JOIN fetch x ON x.feed = f.id WHERE f.id = ?";
    if (!sql_read_begin(s, e))
        return false;
    struct fetch_state state = {.feed_id = feed_id};
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = -1;
    if (st) {
        sql_bind(st, "i", feed_id);
        got = sql_step(s, st, e);
    }
    bool ok = got > 0;
    if (got == 0)
        err_set(e, ERR_MISSING, "there is no feed %lld any more", (long long)feed_id);
    if (ok) {
        state.url = sql_text(st, 0, a);
        state.etag = sql_text(st, 1, a);
        state.last_modified = sql_text(st, 2, a);
        state.moved_to = sql_text(st, 3, a);
        state.next_due = sql_col(st, 4);
        state.interval = sql_col(st, 5);
        state.failures = (int)sql_col(st, 6);
        state.parked = sql_col(st, 7) != 0;
        state.body_hash = (uint64_t)sql_col(st, 8);
        sql_done(st);
        ok = read_known(s, feed_id, a, &state, e);
    }
    sql_read_end(s);
    if (ok)
        *out = state;
    return ok;
}
