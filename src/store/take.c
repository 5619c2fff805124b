// Another reader's items into the library. What takes time (cleaning, counting, packing) is done
// before the lock is taken; the writing is one transaction of the caller's, so that a crash leaves
// all or nothing. An identity that is known here is left as it is: running an import twice takes
// nothing twice.
#include "lectern/take.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"
#include "store/store.h"

struct fate {      // of one item
    uint64_t guid; // 0: a double
    bool read, deleted;
    const char *marks[sizeof((struct foreign_item *)0)->marks / sizeof(const char *)];
};
struct taken {
    struct prepared *p;
    struct fate *fates;
    size_t n;
};

static int by_guid(const void *x, const void *y)
{
    const struct fate *a = x, *b = y;
    return a->guid < b->guid ? -1 : a->guid > b->guid;
}

static const struct fate *fate_of(const struct taken *t, uint64_t guid)
{
    const struct fate key = {.guid = guid};
    return bsearch(&key, t->fates, t->n, sizeof *t->fates, by_guid);
}

struct taken *take_prepare(struct preparer *r, const struct foreign_feed *f,
                           const struct foreign_item *items, size_t n)
{
    struct taken *t = mem_alloc(sizeof *t);
    struct feed_update *u = foreign_update(f, items, n);
    uint64_t *guids = prepare_identities(u);
    struct known_entry *gone = mem_array(n, sizeof *gone);
    size_t ngone = 0;
    t->fates = mem_array(n, sizeof *t->fates);
    for (size_t i = 0; i < u->nentries; i++)
        if (guids[i])
            t->fates[t->n++] =
                (struct fate){.guid = guids[i], .read = items[i].read, .deleted = items[i].deleted};
    qsort(t->fates, t->n, sizeof *t->fates, by_guid);
    // What was thrown away needs no text: for preparing it is known as such.
    for (size_t i = 0; i < t->n; i++)
        if (t->fates[i].deleted)
            gone[ngone++] = (struct known_entry){.guid_hash = t->fates[i].guid};
    const struct fetch_state known = {.known = gone, .nknown = ngone};
    t->p = store_prepare_with(r, u, &known);
    for (size_t i = 0; i < u->nentries; i++) {
        struct fate *fate = guids[i] ? (struct fate *)(uintptr_t)fate_of(t, guids[i]) : NULL;
        for (size_t k = 0; fate && k < sizeof fate->marks / sizeof *fate->marks; k++)
            fate->marks[k] = arena_strdup(t->p->arena, items[i].marks[k]);
    }
    for (size_t i = 0; i < t->p->n; i++) {
        const struct fate *fate = fate_of(t, t->p->entries[i].guid);
        t->p->entries[i].flags |= ENTRY_FOREIGN;
        t->p->entries[i].read = fate && fate->read;
    }
    free(gone);
    free(guids);
    feed_free(u);
    return t;
}

void taken_free(struct taken *t)
{
    if (!t)
        return;
    store_prepared_free(t->p);
    free(t->fates);
    free(t);
}

size_t taken_bytes(const struct taken *t)
{
    return sizeof *t + store_prepared_bytes(t->p) + t->n * sizeof *t->fates;
}

// *id -1: the library does not know it; 0: thrown away here; > 0: the entry.
static bool look_up(struct store *s, int64_t feed, uint64_t guid, int64_t *id, struct err *e)
{
    static const char find[] = "SELECT entry FROM known WHERE feed = ? AND guid = ?";
    if (s && feed)
        return sql_int(s, e, -1, id, find, "ii", feed, (int64_t)guid);
    *id = -1;
    return true;
}

static bool keep(struct store *s, int64_t entry, const struct fate *f, int64_t now, bool dry,
                 struct take_counts *c, struct err *e)
{
    static const char ever[] = "SELECT count(*) FROM bookmark WHERE entry = ?";
    int64_t id, there = 0;
    bool existed;
    if (!f->marks[0])
        return true;
    if (entry > 0 && !sql_int(s, e, 0, &there, ever, "i", entry))
        return false;
    if (there) // is one, or was let go here
        return true;
    c->bookmarks++;
    if (dry)
        return true;
    bool ok = store_bookmark_entry(s, entry, now, &id, &existed, e);
    for (size_t i = 0; ok && i < sizeof f->marks / sizeof *f->marks && f->marks[i]; i++)
        ok = store_bookmark_tag(s, id, f->marks[i], true, e);
    return ok;
}

static bool join(struct store *s, int64_t entry, const struct fate *f, int64_t now, bool dry,
                 struct take_counts *c, struct err *e)
{
    static const char unread[] = "SELECT unread FROM entry WHERE id = ?";
    static const char set[] = "UPDATE entry SET unread = 0 WHERE id = ?";
    int64_t is = 0;
    c->there++;
    if (entry == 0)
        return true; // thrown away here
    if (f->read && !sql_int(s, e, 0, &is, unread, "i", entry))
        return false;
    c->read += is;
    return (!is || dry || sql_do(s, e, set, "i", entry)) &&
           (f->deleted || keep(s, entry, f, now, dry, c, e));
}

struct turn { // an entry's turn to be written
    int64_t published;
    size_t at;
};

static int by_date(const void *x, const void *y)
{
    const struct turn *a = x, *b = y;
    if (a->published != b->published)
        return a->published < b->published ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

// Oldest first, so that of what is new to the library the newest has the last number.
static size_t *turns(const struct prepared *p)
{
    struct turn *all = mem_array(p->n, sizeof *all);
    size_t *order = mem_array(p->n, sizeof *order);
    for (size_t i = 0; i < p->n; i++)
        all[i] = (struct turn){p->entries[i].published, i};
    qsort(all, p->n, sizeof *all, by_date);
    for (size_t i = 0; i < p->n; i++)
        order[i] = all[i].at;
    free(all);
    return order;
}

struct counter { // ids and packs of one call
    int64_t *packs, *live, next;
};

static bool add(struct store *s, int64_t feed, const struct prepared_entry *pe, int64_t now,
                bool dry, struct counter *k, struct take_counts *c, struct err *e)
{
    c->added++;
    c->unread += !pe->read;
    if (!dry) {
        if (!apply_new(s, feed, ++k->next, pe, k->packs[pe->pack], now, e))
            return false;
        k->live[pe->pack]++;
    }
    return true;
}

bool store_take(struct store *s, int64_t feed, const struct taken *t, int64_t now, bool dry,
                struct take_counts *counts, struct err *e)
{
    static const char last[] = "SELECT entry FROM counter WHERE one = 1",
                      count[] = "UPDATE counter SET entry = ? WHERE one = 1",
                      gone[] = "INSERT INTO known VALUES(?, ?, 0, 0)";
    const struct prepared *p = t->p;
    struct take_counts c = *counts;
    struct counter k = {mem_array(p->npacks, sizeof *k.packs), mem_array(p->npacks, sizeof *k.live),
                        0};
    int64_t *ids = mem_array(p->n, sizeof *ids); // of what is added; 0: it was known
    size_t *order = turns(p);
    bool ok = dry || (apply_packs(s, p, k.packs, e) && sql_int(s, e, 0, &k.next, last, ""));
    for (size_t i = 0; ok && i < t->n; i++) { // what has no text here, or is known
        const struct fate *f = &t->fates[i];
        int64_t id;
        ok = look_up(s, feed, f->guid, &id, e);
        if (ok && id >= 0)
            ok = join(s, id, f, now, dry, &c, e);
        else if (ok && f->deleted) {
            c.deleted++;
            ok = dry || sql_do(s, e, gone, "ii", feed, (int64_t)f->guid);
        }
    }
    for (size_t i = 0; ok && i < p->n; i++) {
        const struct prepared_entry *pe = &p->entries[order[i]];
        int64_t id;
        ok = look_up(s, feed, pe->guid, &id, e);
        if (!ok || id >= 0)
            continue;
        ok = add(s, feed, pe, now, dry, &k, &c, e);
        ids[i] = dry ? -1 : k.next;
    }
    ok = ok &&
         (dry || (apply_count_packs(s, p, k.packs, k.live, e) && sql_do(s, e, count, "i", k.next)));
    for (size_t i = 0; ok && i < p->n; i++) // their texts are where a bookmark copies them from
        if (ids[i])
            ok = keep(s, ids[i], fate_of(t, p->entries[order[i]].guid), now, dry, &c, e);
    free(order);
    free(ids);
    free(k.packs);
    free(k.live);
    if (ok)
        *counts = c;
    return ok;
}

bool store_take_feed(struct store *s, int64_t feed, const struct foreign_feed *f, bool *validators,
                     struct err *e)
{
    static const char update[] =
        "UPDATE feed SET title = coalesce(title, ?2), home = coalesce(home, ?3) WHERE id = ?1";
    static const char fresh[] = "SELECT last_tried = 0 AND etag IS NULL AND last_modified IS NULL "
                                "FROM fetch WHERE feed = ?";
    static const char validate[] = "UPDATE fetch SET etag = ?2, last_modified = ?3 WHERE feed = ?1";
    int64_t is = 0;
    struct feed_update *u = foreign_update(f, NULL, 0);
    const char *title = u->title && *u->title ? u->title : NULL;
    char *etag = f->etag ? utf8_clean_dup(f->etag, strlen(f->etag), UTF8_LINE) : NULL;
    bool ok = sql_int(s, e, 0, &is, fresh, "i", feed);
    *validators = ok && is && f->n && ((etag && *etag) || f->last_modified);
    if (ok && is)
        ok = sql_do(s, e, update, "itt", feed, title, u->home) && feed_name_refresh(s, feed, e);
    if (ok && *validators)
        ok = sql_do(s, e, validate, "itt", feed, etag && *etag ? etag : NULL, f->last_modified);
    free(etag);
    feed_free(u);
    return ok;
}

bool store_feed_at(struct store *s, const char *url, int64_t *id, struct err *e)
{
    static const char find[] = "SELECT id FROM feed WHERE key = ?";
    char *clean = utf8_clean_dup(url, strlen(url), UTF8_ADDRESS), *key = feed_key(clean);
    bool ok = sql_int(s, e, 0, id, find, "t", key);
    free(clean);
    free(key);
    return ok;
}
