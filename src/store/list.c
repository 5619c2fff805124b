// Steps on shelves: from one essay to the next unread one or to its neighbour, and what of a shelf
// is asked for whole.
#include <stdlib.h>
#include <string.h>

#include "lectern/walk.h"
#include "store/shelf.h"

// ---- what is known of one essay ----
bool feeds_of_tag(struct store *s, const char *tag, struct feeds *out, struct err *e)
{
    static const char query[] = "SELECT feed FROM feed_tag WHERE tag = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", tag ? tag : "");
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        out->items = mem_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
        out->items[out->n++] = sql_col(st, 0);
    }
    return got == 0;
}

bool facts_of(struct store *s, int64_t id, struct facts *f, struct err *e)
{
    static const char query[] = "SELECT sort, unread, feed, naudio FROM entry WHERE id = ?";
    *f = (struct facts){0};
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    int got = sql_step(s, st, e);
    if (got > 0) {
        *f = (struct facts){
            true, sql_col(st, 1) != 0, {sql_col(st, 0), id}, sql_col(st, 2), sql_col(st, 3)};
        sql_done(st);
    }
    return got >= 0;
}

bool on_shelf(struct store *s, const struct shelf *sh, int64_t now, const struct facts *f)
{
    static const char tagged[] = "SELECT 1 FROM feed_tag WHERE feed = ? AND tag = ?";
    int64_t yes = 0;
    switch (sh->kind) {
    case SHELF_AUDIO:
        return f->naudio > 0;
    case SHELF_WEEK:
        return f->key.sort > now - WEEK_SECONDS;
    case SHELF_FEED:
        return f->feed == sh->feed;
    case SHELF_TAG:
        return sql_int(s, NULL, 0, &yes, tagged, "it", f->feed, sh->tag ? sh->tag : "") && yes;
    case SHELF_CONTINUE:
    case SHELF_BOOKMARKS:
        return false;
    default:
        return true;
    }
}

bool is_unread(struct store *s, int64_t id, bool *out, struct err *e)
{
    static const char entry_of[] = "SELECT coalesce(entry, 0) FROM bookmark WHERE id = ?";
    struct facts f;
    if (id < 0 && !sql_int(s, e, 0, &id, entry_of, "i", -id))
        return false;
    if (!facts_of(s, id, &f, e))
        return false;
    const struct pending *p = pending_find(s, id);
    *out = p && p->has_read ? !p->read : f.unread;
    return true;
}

bool store_ids(struct store *s, const struct shelf *sh, bool unread_only, int64_t now, size_t limit,
               int64_t **ids, size_t *n, struct err *e)
{
    enum { PIECE = 4096 };
    if (!sql_read_begin(s, e)) // all of it as of one moment
        return false;
    struct walk *w = walk_new(sh, unread_only, now, false, 0);
    struct ids l = {0};
    bool ok = true;
    while (ok && !walk_done(w) && (!limit || l.n < limit))
        ok = walk_step(w, s, limit && limit - l.n < PIECE ? limit - l.n : PIECE, &l, e);
    sql_read_end(s);
    walk_free(w);
    if (ok) {
        ids_cut(&l, limit ? limit : l.n);
        *n = l.n;
        *ids = mem_array(l.n, sizeof **ids);
        for (size_t i = 0; i < l.n; i++)
            (*ids)[i] = ids_at(&l, i);
    }
    ids_free(&l);
    return ok;
}

bool store_sift_unread(struct store *s, int64_t *ids, size_t *n, struct err *e)
{
    size_t kept = 0;
    bool ok = sql_read_begin(s, e), unread;
    if (!ok)
        return false;
    for (size_t i = 0; ok && i < *n; i++) {
        ok = is_unread(s, ids[i], &unread, e);
        if (ok && unread)
            ids[kept++] = ids[i];
    }
    sql_read_end(s);
    *n = ok ? kept : *n;
    return ok;
}

// ---- from one essay to another ----
#define OLDER "(sort, id) < (?1, ?2) ORDER BY sort DESC, id DESC"
#define NEWER "(sort, id) > (?1, ?2) ORDER BY sort, id"
static const char *const steps[SHELF_COUNT][2] = {
    [SHELF_ALL] = {"SELECT id, sort FROM entry WHERE unread = 1 AND " NEWER,
                   "SELECT id, sort FROM entry WHERE unread = 1 AND " OLDER},
    [SHELF_UNREAD] = {"SELECT id, sort FROM entry WHERE unread = 1 AND " NEWER,
                      "SELECT id, sort FROM entry WHERE unread = 1 AND " OLDER},
    [SHELF_AUDIO] = {"SELECT id, sort FROM entry WHERE naudio > 0 AND unread = 1 AND " NEWER,
                     "SELECT id, sort FROM entry WHERE naudio > 0 AND unread = 1 AND " OLDER},
    [SHELF_WEEK] = {"SELECT id, sort FROM entry WHERE unread = 1 AND " NEWER,
                    "SELECT id, sort FROM entry WHERE unread = 1 AND " OLDER},
    [SHELF_FEED] = {"SELECT id, sort FROM entry WHERE feed = ?3 AND unread = 1 AND " NEWER,
                    "SELECT id, sort FROM entry WHERE feed = ?3 AND unread = 1 AND " OLDER},
};

const char *list_step_query(enum shelf_kind kind, int dir)
{
    return steps[kind == SHELF_TAG ? SHELF_FEED : kind][dir > 0];
}

// The nearest unread beyond `from` on one walk, not counting what the overlay has read; key.id 0:
// none.
static bool step_walk(struct store *s, enum shelf_kind kind, int64_t feed, struct key from, int dir,
                      struct key *out, struct err *e)
{
    sqlite3_stmt *st = sql_get(s, list_step_query(kind, dir), e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, from.sort);
    sqlite3_bind_int64(st, 2, from.id);
    if (kind == SHELF_FEED)
        sqlite3_bind_int64(st, 3, feed);
    *out = (struct key){0, 0};
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        const struct pending *p = pending_find(s, sql_col(st, 0));
        if (p && p->has_read && p->read)
            continue;
        *out = (struct key){sql_col(st, 1), sql_col(st, 0)};
        sql_done(st);
        return true;
    }
    return got == 0;
}

static bool nearer(struct key a, struct key b, int dir)
{
    return b.id == 0 || (dir > 0 ? newer(a, b) : newer(b, a));
}

static bool step_dated(struct store *s, const struct shelf *sh, int64_t now, struct key from,
                       int dir, struct key *best, struct err *e)
{
    struct feeds feeds = {0};
    struct key k;
    bool ok = true;
    *best = (struct key){0, 0};
    if (sh->kind == SHELF_TAG) {
        ok = feeds_of_tag(s, sh->tag, &feeds, e);
        for (size_t i = 0; ok && i < feeds.n; i++) {
            ok = step_walk(s, SHELF_FEED, feeds.items[i], from, dir, &k, e);
            if (ok && k.id && nearer(k, *best, dir))
                *best = k;
        }
        free(feeds.items);
    } else {
        ok = step_walk(s, sh->kind, sh->feed, from, dir, best, e);
        if (sh->kind == SHELF_WEEK && best->sort <= now - WEEK_SECONDS)
            *best = (struct key){0, 0};
    }
    for (size_t i = 0; ok && i < s->npending; i++) {
        struct facts f;
        if (!s->pending[i].has_read || s->pending[i].read)
            continue;
        ok = facts_of(s, s->pending[i].id, &f, e);
        bool beyond = dir > 0 ? newer(from, f.key) : newer(f.key, from);
        if (ok && f.there && beyond && on_shelf(s, sh, now, &f) && nearer(f.key, *best, dir))
            *best = f.key;
    }
    return ok;
}

// Continue and Bookmarks are short and in an order of their own: their list is walked as it stands.
static bool step_listed(struct store *s, const struct shelf *sh, int64_t now, int64_t from, int dir,
                        int64_t *id, struct err *e)
{
    int64_t *ids;
    size_t n, at = 0;
    if (!store_ids(s, sh, false, now, 0, &ids, &n, e))
        return false;
    while (at < n && ids[at] != from)
        at++;
    int64_t found = 0;
    bool ok = true, unread = false;
    if (at == n) // not on the shelf (any more): from its start
        at = dir > 0 ? (size_t)-1 : 0;
    for (at += dir > 0 ? 1 : (size_t)-1; ok && !found && at<n; at += dir> 0 ? 1 : (size_t)-1) {
        ok = is_unread(s, ids[at], &unread, e);
        found = ok && unread ? ids[at] : 0;
    }
    free(ids);
    if (ok)
        *id = found;
    return ok;
}

bool store_next_unread(struct store *s, const struct shelf *sh, int64_t now, int64_t from, int dir,
                       int64_t *id, struct err *e)
{
    if (!sql_read_begin(s, e))
        return false;
    bool ok;
    if (sh->kind == SHELF_CONTINUE || sh->kind == SHELF_BOOKMARKS) {
        ok = step_listed(s, sh, now, from, dir, id, e);
    } else {
        struct facts f;
        struct key best;
        ok = facts_of(s, from, &f, e);
        struct key start = f.there   ? f.key
                           : dir > 0 ? (struct key){INT64_MAX, INT64_MAX}
                                     : (struct key){INT64_MAX, 0};
        ok = ok && step_dated(s, sh, now, start, dir, &best, e);
        if (ok)
            *id = best.id;
    }
    sql_read_end(s);
    return ok;
}

bool store_neighbour(struct store *s, int64_t id, int dir, int64_t *out, struct err *e)
{
    static const char older[] = "SELECT id FROM entry WHERE feed = ?3 AND " OLDER " LIMIT 1";
    static const char newest[] = "SELECT id FROM entry WHERE feed = ?3 AND " NEWER " LIMIT 1";
    static const char entry_of[] = "SELECT coalesce(entry, 0) FROM bookmark WHERE id = ?";
    struct facts f;
    int64_t found = 0;
    if (!sql_read_begin(s, e))
        return false;
    bool ok = (id > 0 || sql_int(s, e, 0, &id, entry_of, "i", -id)) && facts_of(s, id, &f, e);
    if (ok && f.there)
        ok =
            sql_int(s, e, 0, &found, dir > 0 ? older : newest, "iii", f.key.sort, f.key.id, f.feed);
    sql_read_end(s);
    if (ok)
        *out = found;
    return ok;
}
