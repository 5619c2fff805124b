// Rows are read in blocks, as a list reads them. In an order of its own each block is sorted when
// it is read and the blocks are merged at the end, that in steps as well: no step depends on how
// long the list is.
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicase.h>

#include "lectern/mem.h"
#include "lectern/sieve.h"
#include "lectern/utf8.h"

// A step takes a few milliseconds.
enum { BLOCK = 256, BLOCKS = 4, MERGED = 16 * BLOCK * BLOCKS, KEY = 24 };

struct item {
    char key[KEY]; // as far as it goes; then the older comes later
    uint32_t at;   // of the list as it was given
};
struct part { // of the items, sorted
    size_t next, end;
};
struct arrangement {
    const struct ids *ids;
    struct ids out;
    size_t looked;
    struct sieve *sieve;
    enum order order;
    bool reverse;
    struct item *items;
    size_t nitems, items_cap;
    struct part *parts, **heap; // heap: made when all is read
    size_t nparts, parts_cap, live;
};

static const char *const order_names[ORDER_COUNT] = {"date", "title", "length", "feed", "author"};

const char *order_name(enum order o)
{
    return order_names[o];
}

bool order_find(const char *name, enum order *out)
{
    for (int i = 0; i < ORDER_COUNT; i++)
        if (strcasecmp(name, order_names[i]) == 0) {
            *out = (enum order)i;
            return true;
        }
    return false;
}

struct arrangement *arrangement_new(const struct ids *ids, struct sieve *sieve, enum order order,
                                    bool reverse)
{
    struct arrangement *a = mem_alloc(sizeof *a);
    a->ids = ids;
    a->sieve = sieve;
    a->order = order;
    a->reverse = reverse;
    return a;
}

void arrangement_free(struct arrangement *a)
{
    if (!a)
        return;
    sieve_free(a->sieve);
    ids_free(&a->out);
    free(a->items);
    free(a->parts);
    free(a->heap);
    free(a);
}

// ---- keys ----

// Letters of a title as a shelf of books has them: case, accents, and what stands before the first
// letter do not count. Scripts that ASCII cannot say keep their own letters.
static void fold(const char *s, char key[KEY])
{
    size_t len = strlen(s), n = 0;
    bool begun = false;
    memset(key, 0, KEY);
    for (size_t i = 0; i < len;) {
        uint32_t c;
        size_t used = utf8_decode(s + i, len - i, &c);
        struct buf plain = {0};
        char own[4];
        const char *p = own;
        size_t more = 0;
        if (c < 0x80) {
            own[0] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            more = 1;
        } else {
            utf8_to_ascii(&plain, s + i, used);
            if (plain.len && !memchr(plain.data, '?', plain.len)) {
                for (size_t k = 0; k < plain.len; k++)
                    if (plain.data[k] >= 'A' && plain.data[k] <= 'Z')
                        plain.data[k] += 32;
                p = plain.data;
                more = plain.len;
            } else {
                more = utf8_encode(uc_tolower(c), own);
            }
        }
        unsigned char first = more ? (unsigned char)p[0] : 0;
        begun = begun || first >= 0x80 || (first >= 'a' && first <= 'z') ||
                (first >= '0' && first <= '9');
        for (size_t k = 0; begun && k < more && n < KEY; k++)
            key[n++] = p[k];
        buf_free(&plain);
        if (n == KEY)
            return;
        i += used;
    }
}

static void make_key(enum order order, const struct item_row *r, char key[KEY])
{
    memset(key, 0, KEY);
    if (order == ORDER_LENGTH)
        for (int i = 0; i < 4; i++)
            key[i] = (char)(r->words >> (24 - 8 * i));
    else
        fold(order == ORDER_FEED     ? (r->feed_title ? r->feed_title : "")
             : order == ORDER_AUTHOR ? (r->author ? r->author : "")
                                     : r->title,
             key);
}

// Negative: x stands before y.
static int compare(const struct item *x, const struct item *y, bool reverse)
{
    int d = memcmp(x->key, y->key, KEY);
    if (d)
        return reverse ? -d : d;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int upward(const void *x, const void *y)
{
    return compare(x, y, false);
}

static int downward(const void *x, const void *y)
{
    return compare(x, y, true);
}

// ---- steps ----

static void take(struct arrangement *a, size_t at, const struct item_row *r)
{
    if (!r->id || (a->sieve && !sieve_passes(a->sieve, r)))
        return;
    if (a->order == ORDER_DATE) {
        ids_add(&a->out, ids_at(a->ids, at));
        return;
    }
    a->items = mem_grow(a->items, &a->items_cap, a->nitems + 1, sizeof *a->items);
    struct item *it = &a->items[a->nitems++];
    make_key(a->order, r, it->key);
    it->at = (uint32_t)at;
}

static void look(struct arrangement *a, struct store *s)
{
    struct item_row rows[BLOCK];
    int64_t block[BLOCK];
    bool back = a->order == ORDER_DATE && a->reverse; // from the oldest
    size_t first = a->nitems;
    for (int b = 0; b < BLOCKS && a->looked < a->ids->n; b++) {
        size_t k = a->ids->n - a->looked < BLOCK ? a->ids->n - a->looked : BLOCK;
        for (size_t i = 0; i < k; i++)
            block[i] = ids_at(a->ids, back ? a->ids->n - 1 - a->looked - i : a->looked + i);
        struct arena *arena = arena_new();
        if (store_rows(s, block, k, arena, rows, NULL))
            for (size_t i = 0; i < k; i++)
                take(a, back ? a->ids->n - 1 - a->looked - i : a->looked + i, &rows[i]);
        arena_free(arena);
        a->looked += k;
    }
    if (a->nitems > first) {
        qsort(a->items + first, a->nitems - first, sizeof *a->items,
              a->reverse ? downward : upward);
        a->parts = mem_grow(a->parts, &a->parts_cap, a->nparts + 1, sizeof *a->parts);
        a->parts[a->nparts++] = (struct part){first, a->nitems};
    }
}

static bool before(const struct arrangement *a, size_t x, size_t y)
{
    return compare(&a->items[a->heap[x]->next], &a->items[a->heap[y]->next], a->reverse) < 0;
}

static void sink(struct arrangement *a, size_t i)
{
    for (;;) {
        size_t best = i, l = 2 * i + 1;
        if (l < a->live && before(a, l, best))
            best = l;
        if (l + 1 < a->live && before(a, l + 1, best))
            best = l + 1;
        if (best == i)
            return;
        struct part *t = a->heap[i];
        a->heap[i] = a->heap[best];
        a->heap[best] = t;
        i = best;
    }
}

static void merge(struct arrangement *a)
{
    if (!a->heap) {
        a->heap = mem_array(a->nparts + 1, sizeof *a->heap);
        for (size_t i = 0; i < a->nparts; i++)
            a->heap[a->live++] = &a->parts[i];
        for (size_t i = a->live; i-- > 0;)
            sink(a, i);
    }
    for (size_t k = 0; k < MERGED && a->live; k++) {
        struct part *p = a->heap[0];
        ids_add(&a->out, ids_at(a->ids, a->items[p->next].at));
        if (++p->next == p->end)
            a->heap[0] = a->heap[--a->live];
        sink(a, 0);
    }
}

bool arrangement_step(struct arrangement *a, struct store *s)
{
    if (a->looked < a->ids->n) {
        look(a, s);
        if (a->looked < a->ids->n || a->nparts > 1)
            return true;
    }
    if (a->nitems)
        merge(a);
    return a->live > 0;
}

const struct ids *arrangement_ids(const struct arrangement *a)
{
    static const struct ids none = {0};
    bool some = a->order == ORDER_DATE || (a->looked == a->ids->n && a->live == 0);
    return some ? &a->out : &none;
}

struct ids arrangement_take(struct arrangement *a)
{
    struct ids out = a->out;
    a->out = (struct ids){0};
    return out;
}
