// Bookmarks from elsewhere into the library. What is there already is known by its uid, else by its
// address, and gets what it lacks; an address that is an essay of a feed becomes a bookmark of that
// essay, with its text. Nothing is taken away.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/hash.h"
#include "trade/kept.h"

enum { BATCH = 200 }; // in one transaction: the reader's own writes come between

// ---- addresses that are there ----

struct address {
    uint64_t key;
    int64_t id;
    bool met; // one bookmark of the file has been taken for this one
};
struct addresses {
    struct address *items;
    size_t n, cap, sorted; // the first `sorted` are in order, those taken meanwhile behind them
};

static uint64_t key_of(const char *url)
{
    char *key = carry_key(url);
    uint64_t hash = hash_string(key, 0);
    free(key);
    return hash;
}

static bool take_address(void *ctx, int64_t id, const char *url)
{
    struct addresses *all = ctx;
    if (!*url)
        return true;
    all->items = mem_grow(all->items, &all->cap, all->n + 1, sizeof *all->items);
    all->items[all->n++] = (struct address){.key = key_of(url), .id = id};
    return true;
}

// Of one address the bookmark that was kept first comes first, entries last.
static int by_key(const void *x, const void *y)
{
    const struct address *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if ((a->id < 0) != (b->id < 0))
        return a->id < 0 ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static struct address *found(struct address *a, bool bookmark, bool again)
{
    return (a->id < 0) == bookmark && (again || !a->met) ? a : NULL;
}

// again: also one that another bookmark of the file was taken for.
static struct address *find(const struct addresses *all, const char *url, bool bookmark, bool again)
{
    uint64_t key = key_of(url);
    size_t lo = 0, hi = all->sorted;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (all->items[mid].key < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    struct address *a = NULL;
    for (; !a && lo < all->sorted && all->items[lo].key == key; lo++)
        a = found(&all->items[lo], bookmark, again);
    for (size_t i = all->sorted; !a && again && i < all->n; i++)
        if (all->items[i].key == key)
            a = found(&all->items[i], bookmark, again);
    return a;
}

static void sort(struct addresses *all)
{
    if (all->n)
        qsort(all->items, all->n, sizeof *all->items, by_key);
    all->sorted = all->n;
}

// ---- one bookmark ----

struct taking {
    struct store *s;
    const struct bring_opts *o;
    struct addresses all;
    struct bring_result *r;
};

static bool has_tag(const char **tags, const char *tag)
{
    for (; *tags; tags++)
        if (strcasecmp(*tags, tag) == 0)
            return true;
    return false;
}

static bool add_tags(struct store *s, int64_t id, const char **have, const char *const *tags,
                     bool *changed, struct err *e)
{
    bool ok = true;
    for (; ok && tags && *tags; tags++)
        if (!has_tag(have, *tags)) {
            ok = store_bookmark_tag(s, id, *tags, true, e);
            *changed = true;
        }
    return ok;
}

// What it lacks: tags, a note, its text, highlights, how far it was read.
static bool complete(struct taking *t, int64_t id, const struct kept *k, bool *changed,
                     struct err *e)
{
    struct arena *a = arena_new();
    struct kept have;
    bool ok = kept_load(t->s, id, a, &have, e);
    ok =
        ok &&
        add_tags(t->s, id, have.body.row.tags, (const char *const *)k->body.row.tags, changed, e) &&
        add_tags(t->s, id, have.body.row.tags, t->o->tags, changed, e);
    if (ok && have.carried.address_only && k->body.content_len) {
        ok = store_carry_text(t->s, id, &k->body, e);
        *changed = true;
    }
    unsigned begun = ITEM_STARTED | ITEM_FINISHED;
    if (ok && !(have.body.row.flags & begun) && (k->body.row.flags & begun)) {
        store_set_place(t->s, id, k->body.row.place, k->body.row.progress,
                        k->carried.opened ? k->carried.opened : t->o->now);
        *changed = true;
    }
    if (ok)
        kept_add(t->s, id, &have, k, changed);
    arena_free(a);
    return ok;
}

static bool keep_entry(struct taking *t, int64_t entry, const struct kept *k, int64_t when,
                       int64_t *id, struct err *e)
{
    bool existed, changed = false;
    return store_bookmark_entry(t->s, entry, when, id, &existed, e) &&
           store_carry_facts(t->s, *id, when, NULL, e) && complete(t, *id, k, &changed, e);
}

static bool add(struct taking *t, const struct kept *k, int64_t *id, struct err *e)
{
    int64_t when = k->body.row.kept ? k->body.row.kept : t->o->now;
    struct address *entry = k->body.row.url && !k->body.content_len
                                ? find(&t->all, k->body.row.url, false, true)
                                : NULL;
    t->r->added++;
    if (entry)
        return keep_entry(t, entry->id, k, when, id, e);
    struct item_body body = k->body;
    body.row.kept = when;
    if (!store_carry(t->s, &body, &k->carried, id, e))
        return false;
    t->r->bare += !body.content_len && !body.summary;
    struct kept none = {.body.row.tags = (const char *[]){NULL}};
    bool changed = false;
    kept_add(t->s, *id, &none, k, &changed);
    return add_tags(t->s, *id, none.body.row.tags, t->o->tags, &changed, e);
}

// The bookmark it is, or 0.
static bool known(struct taking *t, const struct kept *k, int64_t *id, bool *changed, struct err *e)
{
    bool binned = false;
    *id = 0;
    if (*k->carried.uid && !store_carried_find(t->s, k->carried.uid, id, &binned, e))
        return false;
    if (binned) {
        *changed = true;
        return store_bookmark_restore(t->s, *id, e);
    }
    if (*id || !k->body.row.url)
        return true;
    // Lectern may have kept two texts of one address: each is taken for another then.
    struct address *a = find(&t->all, k->body.row.url, true, !*k->carried.uid);
    if (a) {
        a->met = true;
        *id = a->id;
    }
    return true;
}

static bool take(struct taking *t, const struct kept *k, struct err *e)
{
    int64_t id;
    bool changed = false;
    if (!known(t, k, &id, &changed, e))
        return false;
    if (id) {
        if (!complete(t, id, k, &changed, e))
            return false;
        t->r->changed += changed;
        t->r->there += !changed;
        return true;
    }
    if (!add(t, k, &id, e))
        return false;
    return !k->body.row.url || take_address(&t->all, id, k->body.row.url);
}

bool bring_take(struct store *s, const struct brought *b, const struct bring_opts *o,
                struct bring_result *out, struct err *e)
{
    struct taking t = {.s = s, .o = o, .r = out};
    *out = (struct bring_result){0};
    bool ok = store_addresses(s, take_address, &t.all, e);
    sort(&t.all);
    for (size_t i = 0; ok && i < b->n;) {
        struct bring_result before = *out;
        ok = store_begin(s, e);
        size_t end = i + BATCH < b->n ? i + BATCH : b->n;
        for (; ok && i < end; i++)
            ok = take(&t, &b->items[i], e);
        // Notes, highlights and places wait in the handle: they go with their bookmarks.
        if (ok)
            ok = store_flush(s, 0, e) && store_commit(s, e);
        else
            store_rollback(s);
        if (!ok)
            *out = before;
    }
    ok = ok && store_flush(s, 5000, e); // and to the disk
    free(t.all.items);
    return ok;
}
