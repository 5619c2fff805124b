// Shelves: which ids, in which order. Each shelf is one walk along an index; a tag, which is many
// feeds, is a merge of their walks. Then the overlay of deferred writes is laid over the result.
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

// ?1 limit, ?2 the feed, or the oldest time of the week. The texts are what the test of plans
// reads.
#define NEWEST " ORDER BY sort DESC, id DESC LIMIT ?1"
#define STARTED_BOOKMARKS                                                                          \
    " UNION ALL SELECT -id, opened FROM bookmark WHERE removed = 0 AND started = 1 AND NOT EXISTS" \
    " (SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.text = bookmark.text"
static const char *const queries[SHELF_COUNT][2] = {
    [SHELF_ALL] = {"SELECT id FROM entry" NEWEST, "SELECT id FROM entry WHERE unread = 1" NEWEST},
    [SHELF_UNREAD] = {"SELECT id FROM entry WHERE unread = 1" NEWEST,
                      "SELECT id FROM entry WHERE unread = 1" NEWEST},
    [SHELF_CONTINUE] =
        {"SELECT id, opened FROM entry WHERE started = 1" STARTED_BOOKMARKS
         ") ORDER BY 2 DESC LIMIT ?1",
         "SELECT id, opened FROM entry WHERE started = 1 AND unread = 1" STARTED_BOOKMARKS
         ") AND EXISTS(SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.unread = 1) ORDER "
         "BY 2 DESC LIMIT ?1"},
    [SHELF_AUDIO] = {"SELECT id FROM entry WHERE naudio > 0" NEWEST,
                     "SELECT id FROM entry WHERE naudio > 0 AND unread = 1" NEWEST},
    [SHELF_WEEK] = {"SELECT id FROM entry WHERE sort > ?2" NEWEST,
                    "SELECT id FROM entry WHERE unread = 1 AND sort > ?2" NEWEST},
    [SHELF_BOOKMARKS] =
        {"SELECT -id FROM bookmark WHERE removed = 0 ORDER BY kept DESC, id DESC LIMIT ?1",
         "SELECT -id FROM bookmark WHERE removed = 0 AND EXISTS(SELECT 1 FROM entry e WHERE e.id = "
         "bookmark.entry"
         " AND e.unread = 1) ORDER BY kept DESC, id DESC LIMIT ?1"},
    [SHELF_FEED] = {"SELECT id FROM entry WHERE feed = ?2" NEWEST,
                    "SELECT id FROM entry WHERE feed = ?2 AND unread = 1" NEWEST},
    [SHELF_TAG] = {NULL, NULL},
};

const char *list_query(enum shelf_kind kind, bool unread_only)
{
    return queries[kind][unread_only];
}

// Bookmarks with a tag: few enough to be looked up one by one.
static const char tagged_bookmarks[] =
    "SELECT -id FROM bookmark WHERE removed = 0 AND EXISTS(SELECT 1 FROM bookmark_tag t WHERE "
    "t.bookmark = bookmark.id"
    " AND t.tag = ?2) ORDER BY kept DESC, id DESC LIMIT ?1";

struct ids {
    int64_t *items;
    size_t n, cap;
};

static void push(struct ids *l, int64_t id)
{
    l->items = mem_grow(l->items, &l->cap, l->n + 1, sizeof *l->items);
    l->items[l->n++] = id;
}

static bool walk(struct store *s, const struct shelf *sh, bool unread_only, int64_t now,
                 int64_t limit, struct ids *out, struct err *e)
{
    bool tagged = sh->kind == SHELF_BOOKMARKS && sh->tag && !unread_only;
    sqlite3_stmt *st = sql_get(s, tagged ? tagged_bookmarks : queries[sh->kind][unread_only], e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, limit);
    if (tagged)
        sqlite3_bind_text(st, 2, sh->tag, -1, SQLITE_STATIC);
    if (sh->kind == SHELF_FEED || sh->kind == SHELF_WEEK)
        sqlite3_bind_int64(st, 2, sh->kind == SHELF_FEED ? sh->feed : now - WEEK_SECONDS);
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        push(out, sql_col(st, 0));
    return got == 0;
}

// ---- a tag: the walks of its feeds, merged by a heap of their next entries; each is read in
// growing pieces ----
struct key {
    int64_t sort, id;
};
struct run {
    int64_t feed;
    struct key *keys;
    size_t at, n, cap, piece;
    bool more; // in the library
};

static bool newer(struct key a, struct key b)
{
    return a.sort != b.sort ? a.sort > b.sort : a.id > b.id;
}

#define PIECE "(sort, id) < (?2, ?3) ORDER BY sort DESC, id DESC LIMIT ?4"
static bool refill(struct store *s, struct run *r, bool unread_only, struct err *e)
{
    static const char all[] = "SELECT sort, id FROM entry WHERE feed = ?1 AND " PIECE;
    static const char unread[] =
        "SELECT sort, id FROM entry WHERE feed = ?1 AND unread = 1 AND " PIECE;
    struct key last = r->n ? r->keys[r->n - 1] : (struct key){INT64_MAX, INT64_MAX};
    sqlite3_stmt *st = sql_get(s, unread_only ? unread : all, e);
    if (!st)
        return false;
    sql_bind(st, "iiii", r->feed, last.sort, last.id, (int64_t)r->piece);
    r->at = r->n = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        r->keys = mem_grow(r->keys, &r->cap, r->n + 1, sizeof *r->keys);
        r->keys[r->n++] = (struct key){sql_col(st, 0), sql_col(st, 1)};
    }
    r->more = r->n == r->piece;
    r->piece = r->piece < 4096 ? r->piece * 4 : r->piece;
    return got == 0;
}

static struct key head(const struct run *r)
{
    return r->keys[r->at];
}

static void sink(struct run **heap, size_t n, size_t i)
{
    for (;;) {
        size_t best = i, l = 2 * i + 1;
        if (l < n && newer(head(heap[l]), head(heap[best])))
            best = l;
        if (l + 1 < n && newer(head(heap[l + 1]), head(heap[best])))
            best = l + 1;
        if (best == i)
            return;
        struct run *t = heap[i];
        heap[i] = heap[best];
        heap[best] = t;
        i = best;
    }
}

static bool feeds_of_tag(struct store *s, const char *tag, struct ids *feeds, struct err *e)
{
    static const char query[] = "SELECT feed FROM feed_tag WHERE tag = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", tag ? tag : "");
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        push(feeds, sql_col(st, 0));
    return got == 0;
}

static bool merge(struct store *s, struct run **heap, size_t n, bool unread_only, size_t limit,
                  struct ids *out, struct err *e)
{
    for (size_t i = n; i-- > 0;)
        sink(heap, n, i);
    while (n && (!limit || out->n < limit)) {
        struct run *r = heap[0];
        push(out, head(r).id);
        if (++r->at == r->n && r->more && !refill(s, r, unread_only, e))
            return false;
        if (r->at == r->n)
            heap[0] = heap[--n];
        if (n)
            sink(heap, n, 0);
    }
    return true;
}

static bool walk_tag(struct store *s, const char *tag, bool unread_only, size_t limit,
                     struct ids *out, struct err *e)
{
    struct ids feeds = {0};
    bool ok = feeds_of_tag(s, tag, &feeds, e);
    struct run *runs = mem_array(feeds.n, sizeof *runs),
               **heap = mem_array(feeds.n, sizeof(struct run *));
    size_t live = 0;
    for (size_t i = 0; ok && i < feeds.n; i++) {
        runs[i] = (struct run){.feed = feeds.items[i], .piece = 8};
        ok = refill(s, &runs[i], unread_only, e);
        if (ok && runs[i].n)
            heap[live++] = &runs[i];
    }
    ok = ok && merge(s, heap, live, unread_only, limit, out, e);
    for (size_t i = 0; i < feeds.n; i++)
        free(runs[i].keys);
    free(runs);
    free(heap);
    free(feeds.items);
    return ok;
}

// ---- the overlay ----
struct facts { // of an entry, as stored
    bool there, unread;
    struct key key;
    int64_t feed, naudio;
};

static bool facts_of(struct store *s, int64_t id, struct facts *f, struct err *e)
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

// Does an entry belong on a shelf that is sorted by date, read or not?
static bool on_shelf(struct store *s, const struct shelf *sh, int64_t now, const struct facts *f)
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

static void drop_read(const struct store *s, struct ids *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct pending *p = pending_find(s, l->items[i]);
        if (!p || !p->has_read || !p->read)
            l->items[kept++] = l->items[i];
    }
    l->n = kept;
}

static bool insert_unread(struct store *s, const struct shelf *sh, int64_t now, struct ids *l,
                          struct err *e)
{
    for (size_t i = 0; i < s->npending; i++) {
        const struct pending *p = &s->pending[i];
        struct facts f, other;
        if (!p->has_read || p->read)
            continue;
        if (!facts_of(s, p->id, &f, e))
            return false;
        if (!f.there || f.unread || !on_shelf(s, sh, now, &f))
            continue;
        size_t low = 0, high = l->n;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (!facts_of(s, l->items[mid], &other, e))
                return false;
            if (other.there && newer(other.key, f.key))
                low = mid + 1;
            else
                high = mid;
        }
        push(l, 0);
        memmove(l->items + low + 1, l->items + low, (l->n - 1 - low) * sizeof *l->items);
        l->items[low] = p->id;
    }
    return true;
}

static int latest_first(const void *x, const void *y)
{
    const struct pending *a = *(const struct pending *const *)x,
                         *b = *(const struct pending *const *)y;
    if (a->opened != b->opened)
        return a->opened > b->opened ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

// What was opened in the overlay was opened last: it comes first, and is left out where it stood
// before.
static bool reorder_started(struct store *s, struct ids *l, struct err *e)
{
    static const char alone[] = BOOKMARK_ALONE;
    size_t kept = 0, n = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct pending *p = pending_find(s, l->items[i]);
        if (!p || !p->has_place)
            l->items[kept++] = l->items[i];
    }
    l->n = kept;
    const struct pending **opened = mem_array(s->npending, sizeof *opened);
    bool ok = true;
    for (size_t i = 0; ok && i < s->npending; i++) {
        const struct pending *p = &s->pending[i];
        struct facts f;
        int64_t was;
        if (!p->has_place || pending_started(p->place, p->progress) != 1)
            continue;
        ok = p->id > 0 ? facts_of(s, p->id, &f, e) : sql_int(s, e, -1, &was, alone, "i", -p->id);
        if (ok && (p->id > 0 ? f.there : was >= 0))
            opened[n++] = p;
    }
    qsort(opened, n, sizeof *opened, latest_first);
    for (size_t i = 0; i < n; i++)
        push(l, 0);
    memmove(l->items + n, l->items, kept * sizeof *l->items);
    for (size_t i = 0; i < n; i++)
        l->items[i] = opened[i]->id;
    free(opened);
    return ok;
}

static bool is_unread(struct store *s, int64_t id, bool *out, struct err *e)
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

// Only what is unread, of a list that is not sorted by date.
static bool keep_unread(struct store *s, struct ids *l, struct err *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        bool unread;
        if (!is_unread(s, l->items[i], &unread, e))
            return false;
        if (unread)
            l->items[kept++] = l->items[i];
    }
    l->n = kept;
    return true;
}

bool store_ids(struct store *s, const struct shelf *sh, bool unread_only, int64_t now, size_t limit,
               int64_t **ids, size_t *n, struct err *e)
{
    struct ids l = {0};
    bool own_order = sh->kind == SHELF_CONTINUE || sh->kind == SHELF_BOOKMARKS;
    bool sift = own_order && unread_only && s->npending; // the overlay knows better what is unread
    size_t ask = sift || !limit ? 0 : limit + s->npending;
    if (!sql_read_begin(s, e))
        return false;
    bool ok = sh->kind == SHELF_TAG
                  ? walk_tag(s, sh->tag, unread_only, ask, &l, e)
                  : walk(s, sh, unread_only && !sift, now, ask ? (int64_t)ask : -1, &l, e);
    if (ok && s->npending) {
        l.items = mem_grow(l.items, &l.cap, 1, sizeof *l.items);
        if (sh->kind == SHELF_CONTINUE)
            ok = reorder_started(s, &l, e);
        if (ok && sift)
            ok = keep_unread(s, &l, e);
        if (!own_order && (unread_only || sh->kind == SHELF_UNREAD)) {
            drop_read(s, &l);
            ok = insert_unread(s, sh, now, &l, e);
        }
    }
    sql_read_end(s);
    if (!ok) {
        free(l.items);
        return false;
    }
    *n = limit && l.n > limit ? limit : l.n;
    *ids = l.items ? l.items : mem_alloc(sizeof *l.items);
    return true;
}

bool store_mark_shelf_read(struct store *s, const struct shelf *sh, int64_t now, int64_t **ids,
                           size_t *n, struct err *e)
{
    if (!store_ids(s, sh, true, now, 0, ids, n, e))
        return false;
    store_set_read(s, *ids, *n, true);
    return true;
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
    struct ids feeds = {0};
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
