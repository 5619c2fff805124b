// Walks along shelves. Those by date go along an index: each piece begins after the last essay of
// the one before, first those of the same second, then what is further on. A tag, which is many
// feeds, is a merge of their walks. Over each piece the overlay of deferred writes is laid. What is
// in an order of its own ("continue reading", bookmarks) is what a reader did by hand: that is
// short and read whole.
#include "lectern/walk.h"

#include <stdlib.h>
#include <string.h>

#include "store/shelf.h"

// ---- along one index ----
enum where { ALL, UNREAD, AUDIO, AUDIO_UNREAD, FEED, FEED_UNREAD, WHERE_COUNT };
// ?1 sort and ?2 id of the last one, ?3 how many, ?4 the feed, ?5 how many to leave out.
#define PAGES(where)                                                                           \
    {                                                                                          \
        {"SELECT id, sort FROM entry WHERE " where                                             \
         "sort < ?1 ORDER BY sort DESC, id DESC LIMIT ?3 OFFSET ?5",                           \
         "SELECT id, sort FROM entry WHERE " where "sort = ?1 AND id < ?2 ORDER BY id DESC "   \
         "LIMIT ?3"},                                                                          \
        {                                                                                      \
            "SELECT id, sort FROM entry WHERE " where                                          \
            "sort > ?1 ORDER BY sort, id LIMIT ?3 OFFSET ?5",                                  \
                "SELECT id, sort FROM entry WHERE " where "sort = ?1 AND id > ?2 ORDER BY id " \
                "LIMIT ?3"                                                                     \
        }                                                                                      \
    }
static const char *const pages[WHERE_COUNT][2][2] = {
    [ALL] = PAGES(""),
    [UNREAD] = PAGES("unread = 1 AND "),
    [AUDIO] = PAGES("naudio > 0 AND "),
    [AUDIO_UNREAD] = PAGES("naudio > 0 AND unread = 1 AND "),
    [FEED] = PAGES("feed = ?4 AND "),
    [FEED_UNREAD] = PAGES("feed = ?4 AND unread = 1 AND "),
};

static enum where where_of(enum shelf_kind kind, bool unread_only)
{
    switch (kind) {
    case SHELF_AUDIO:
        return unread_only ? AUDIO_UNREAD : AUDIO;
    case SHELF_FEED:
    case SHELF_TAG:
        return unread_only ? FEED_UNREAD : FEED;
    default:
        return unread_only || kind == SHELF_UNREAD ? UNREAD : ALL;
    }
}

const char *walk_query(enum shelf_kind kind, bool unread_only, bool back, bool same_second)
{
    return pages[where_of(kind, unread_only)][back][same_second];
}

struct run { // along one index
    enum where where;
    int64_t feed;
    bool back, begun, more; // more: in the library
    struct key last;
    struct key *keys; // the piece at hand
    size_t at, n, cap, piece;
};

static bool read_page(struct store *s, struct run *r, bool same_second, size_t skip, struct err *e)
{
    sqlite3_stmt *st = sql_get(s, pages[r->where][r->back][same_second], e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, r->last.sort);
    sqlite3_bind_int64(st, 2, r->last.id); // not all have all: that is no error
    sqlite3_bind_int64(st, 3, (int64_t)(r->piece - r->n));
    sqlite3_bind_int64(st, 4, r->feed);
    sqlite3_bind_int64(st, 5, (int64_t)skip);
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        r->keys[r->n++] = (struct key){sql_col(st, 1), sql_col(st, 0)};
    return got == 0;
}

static bool refill(struct store *s, struct run *r, size_t skip, struct err *e)
{
    r->keys = mem_grow(r->keys, &r->cap, r->piece, sizeof *r->keys);
    r->at = r->n = 0;
    if (r->begun && !read_page(s, r, true, 0, e))
        return false;
    if (r->n < r->piece && !read_page(s, r, false, skip, e))
        return false;
    r->begun = true;
    r->more = r->n == r->piece;
    if (r->n)
        r->last = r->keys[r->n - 1];
    return true;
}

// ---- the walk ----
struct whole { // a list in an order of its own
    int64_t *items;
    size_t n, cap;
};
struct walk {
    struct shelf shelf;
    char *tag;
    bool unread_only, back, begun, done;
    int64_t now;
    size_t skip;
    struct run *runs, **heap; // heap: of those that have more, the next one first
    size_t nruns, live, most; // most: the largest piece of a run
    struct key last;          // that was handed out, or a bound before all
    struct key *keys;         // of a step
    size_t nkeys, keys_cap;
    struct whole whole;
};

struct walk *walk_new(const struct shelf *sh, bool unread_only, int64_t now, bool back, size_t skip)
{
    struct walk *w = mem_alloc(sizeof *w);
    w->shelf = *sh;
    w->shelf.tag = w->tag = mem_strdup(sh->tag);
    w->unread_only = unread_only;
    w->now = now;
    w->back = back;
    w->skip = skip;
    w->last = back ? (struct key){INT64_MIN, INT64_MIN} : (struct key){INT64_MAX, INT64_MAX};
    return w;
}

void walk_free(struct walk *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->nruns; i++)
        free(w->runs[i].keys);
    free(w->runs);
    free(w->heap);
    free(w->keys);
    free(w->whole.items);
    free(w->tag);
    free(w);
}

bool walk_done(const struct walk *w)
{
    return w->done;
}

// ---- a tag: a heap of the next entries of its feeds ----

static struct key head(const struct run *r)
{
    return r->keys[r->at];
}

static bool before(const struct walk *w, struct key a, struct key b)
{
    return w->back ? newer(b, a) : newer(a, b);
}

static void sink(struct walk *w, size_t i)
{
    for (;;) {
        struct run **heap = w->heap;
        size_t best = i, l = 2 * i + 1;
        if (l < w->live && before(w, head(heap[l]), head(heap[best])))
            best = l;
        if (l + 1 < w->live && before(w, head(heap[l + 1]), head(heap[best])))
            best = l + 1;
        if (best == i)
            return;
        struct run *t = heap[i];
        heap[i] = heap[best];
        heap[best] = t;
        i = best;
    }
}

static bool begin(struct walk *w, struct store *s, size_t about, struct err *e)
{
    enum { FIRST = 8, MOST = 256 }; // of a feed among many
    struct feeds feeds = {0};
    bool tag = w->shelf.kind == SHELF_TAG, ok = !tag || feeds_of_tag(s, w->tag, &feeds, e);
    w->nruns = tag ? feeds.n : 1;
    w->runs = mem_array(w->nruns, sizeof *w->runs);
    w->heap = mem_array(w->nruns, sizeof(struct run *));
    w->most = tag ? MOST : SIZE_MAX;
    for (size_t i = 0; ok && i < w->nruns; i++) {
        struct run *r = &w->runs[i];
        *r = (struct run){.where = where_of(w->shelf.kind, w->unread_only),
                          .feed = tag ? feeds.items[i] : w->shelf.feed,
                          .back = w->back,
                          .last = w->last,
                          .piece = tag ? FIRST : about};
        if (w->shelf.kind == SHELF_WEEK && w->back) {
            r->begun = true; // after the last second of the week before
            r->last = (struct key){w->now - WEEK_SECONDS, INT64_MAX};
        }
        ok = refill(s, r, tag ? 0 : w->skip, e);
        if (ok && r->n)
            w->heap[w->live++] = r;
    }
    free(feeds.items);
    for (size_t i = w->live; i-- > 0;)
        sink(w, i);
    return ok;
}

static bool past_end(const struct walk *w, struct key k)
{
    return w->shelf.kind == SHELF_WEEK && !w->back && k.sort <= w->now - WEEK_SECONDS;
}

// The next keys as the library has them.
static bool advance(struct walk *w, struct store *s, size_t about, struct err *e)
{
    size_t skip = w->begun || w->shelf.kind != SHELF_TAG ? 0 : w->skip;
    if (!w->begun && !begin(w, s, about, e))
        return false;
    w->begun = true;
    w->nkeys = 0;
    while (w->live && w->nkeys < about) {
        struct run *r = w->heap[0];
        if (past_end(w, head(r)))
            w->live = 0;
        else if (skip)
            skip--;
        else {
            w->keys = mem_grow(w->keys, &w->keys_cap, w->nkeys + 1, sizeof *w->keys);
            w->keys[w->nkeys++] = head(r);
        }
        if (++r->at == r->n && r->more && w->live) {
            r->piece = w->most == SIZE_MAX      ? about
                       : r->piece * 4 < w->most ? r->piece * 4
                                                : w->most;
            if (!refill(s, r, 0, e))
                return false;
        }
        if (r->at == r->n && w->live)
            w->heap[0] = w->heap[--w->live];
        if (w->live)
            sink(w, 0);
    }
    w->done = w->live == 0;
    return true;
}

// ---- the overlay, over lists of what is unread ----

static void drop_read(struct walk *w, const struct store *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->nkeys; i++) {
        const struct pending *p = pending_find(s, w->keys[i].id);
        if (!p || !p->has_read || !p->read)
            w->keys[kept++] = w->keys[i];
    }
    w->nkeys = kept;
}

// What is unread again and belongs between `from` and `to`.
static bool insert_unread(struct walk *w, struct store *s, struct key from, struct key to,
                          struct err *e)
{
    for (size_t i = 0; i < s->npending; i++) {
        const struct pending *p = &s->pending[i];
        struct facts f;
        if (!p->has_read || p->read)
            continue;
        if (!facts_of(s, p->id, &f, e))
            return false;
        if (!f.there || f.unread || !before(w, from, f.key) || (!w->done && before(w, to, f.key)) ||
            !on_shelf(s, &w->shelf, w->now, &f))
            continue;
        size_t at = w->nkeys;
        w->keys = mem_grow(w->keys, &w->keys_cap, w->nkeys + 1, sizeof *w->keys);
        for (; at > 0 && before(w, f.key, w->keys[at - 1]); at--)
            w->keys[at] = w->keys[at - 1];
        w->keys[at] = f.key;
        w->nkeys++;
    }
    return true;
}

static bool dated_step(struct walk *w, struct store *s, size_t about, struct ids *out,
                       struct err *e)
{
    struct key from = w->last;
    bool first = !w->begun;
    if (!advance(w, s, about, e))
        return false;
    if (first && w->skip && w->nkeys)
        from = w->keys[0];
    if (w->nkeys)
        w->last = w->keys[w->nkeys - 1];
    if (s->npending && (w->unread_only || w->shelf.kind == SHELF_UNREAD)) {
        drop_read(w, s);
        if (!insert_unread(w, s, from, w->last, e))
            return false;
    }
    for (size_t i = 0; i < w->nkeys; i++)
        ids_add(out, w->keys[i].id);
    return true;
}

// ---- in an order of their own ----
// ?1 how many, ?2 a tag.
#define STARTED_BOOKMARKS                                                                          \
    " UNION ALL SELECT -id, opened FROM bookmark WHERE removed = 0 AND started = 1 AND NOT EXISTS" \
    " (SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.text = bookmark.text"
static const char *const own_queries[][2] = {
    [SHELF_CONTINUE] =
        {"SELECT id, opened FROM entry WHERE started = 1" STARTED_BOOKMARKS
         ") ORDER BY 2 DESC LIMIT ?1",
         "SELECT id, opened FROM entry WHERE started = 1 AND unread = 1" STARTED_BOOKMARKS
         ") AND EXISTS(SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.unread = 1) ORDER "
         "BY 2 DESC LIMIT ?1"},
    [SHELF_BOOKMARKS] =
        {"SELECT -id FROM bookmark WHERE removed = 0 ORDER BY kept DESC, id DESC LIMIT ?1",
         "SELECT -id FROM bookmark WHERE removed = 0 AND EXISTS(SELECT 1 FROM entry e WHERE e.id = "
         "bookmark.entry"
         " AND e.unread = 1) ORDER BY kept DESC, id DESC LIMIT ?1"},
};
// Bookmarks with a tag: few enough to be looked up one by one.
static const char tagged_bookmarks[] =
    "SELECT -id FROM bookmark WHERE removed = 0 AND EXISTS(SELECT 1 FROM bookmark_tag t WHERE "
    "t.bookmark = bookmark.id"
    " AND t.tag = ?2) ORDER BY kept DESC, id DESC LIMIT ?1";

const char *walk_own_query(enum shelf_kind kind, bool unread_only)
{
    return own_queries[kind][unread_only];
}

static bool own_order(enum shelf_kind kind)
{
    return kind == SHELF_CONTINUE || kind == SHELF_BOOKMARKS;
}

static void push(struct whole *l, int64_t id)
{
    l->items = mem_grow(l->items, &l->cap, l->n + 1, sizeof *l->items);
    l->items[l->n++] = id;
}

static bool read_whole(struct walk *w, struct store *s, bool unread_only, struct err *e)
{
    bool tagged = w->shelf.kind == SHELF_BOOKMARKS && w->tag;
    sqlite3_stmt *st =
        sql_get(s, tagged ? tagged_bookmarks : own_queries[w->shelf.kind][unread_only], e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, -1);
    if (tagged)
        sqlite3_bind_text(st, 2, w->tag, -1, SQLITE_STATIC);
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        push(&w->whole, sql_col(st, 0));
    return got == 0;
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
static bool reorder_started(struct store *s, struct whole *l, struct err *e)
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

// Only what is unread, of a list that is not sorted by date.
static bool keep_unread(struct store *s, struct whole *l, struct err *e)
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

static bool own_step(struct walk *w, struct store *s, struct ids *out, struct err *e)
{
    // The overlay knows better what is unread.
    bool sift = w->unread_only && (s->npending || w->tag);
    w->whole.items = mem_grow(w->whole.items, &w->whole.cap, 1, sizeof *w->whole.items);
    bool ok = read_whole(w, s, w->unread_only && !sift, e);
    if (ok && s->npending && w->shelf.kind == SHELF_CONTINUE)
        ok = reorder_started(s, &w->whole, e);
    if (ok && sift)
        ok = keep_unread(s, &w->whole, e);
    for (size_t i = w->skip; ok && i < w->whole.n; i++)
        ids_add(out, w->whole.items[w->back ? w->whole.n - 1 - i : i]);
    w->done = ok;
    return ok;
}

bool walk_step(struct walk *w, struct store *s, size_t about, struct ids *out, struct err *e)
{
    if (w->done)
        return true;
    if (!sql_read_begin(s, e))
        return false;
    bool ok = own_order(w->shelf.kind) ? own_step(w, s, out, e)
                                       : dated_step(w, s, about ? about : 1, out, e);
    sql_read_end(s);
    return ok;
}
