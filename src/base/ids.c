// Numbers of essays, packed, and what lists of them are to each other. See ids.h.
#include "lectern/ids.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

int64_t ids_at(const struct ids *l, size_t i)
{
    return l->wide ? l->wide[i] : l->narrow[i];
}

static bool fits(int64_t id)
{
    return id >= INT32_MIN && id <= INT32_MAX;
}

static void widen(struct ids *l)
{
    l->wide = mem_array(l->cap ? l->cap : 1, sizeof *l->wide);
    for (size_t i = 0; i < l->n; i++)
        l->wide[i] = l->narrow[i];
    free(l->narrow);
    l->narrow = NULL;
}

void ids_set(struct ids *l, size_t i, int64_t id)
{
    if (!l->wide && !fits(id))
        widen(l);
    if (l->wide)
        l->wide[i] = id;
    else
        l->narrow[i] = (int32_t)id;
}

void ids_add(struct ids *l, int64_t id)
{
    if (!l->wide && !fits(id))
        widen(l);
    if (l->wide)
        l->wide = mem_grow(l->wide, &l->cap, l->n + 1, sizeof *l->wide);
    else
        l->narrow = mem_grow(l->narrow, &l->cap, l->n + 1, sizeof *l->narrow);
    ids_set(l, l->n++, id);
}

void ids_unknown(struct ids *l, size_t n)
{
    ids_free(l);
    l->narrow = mem_array(n + 1, sizeof *l->narrow);
    l->cap = n + 1;
    l->n = n;
}

void ids_cut(struct ids *l, size_t n)
{
    if (n < l->n)
        l->n = n;
}

void ids_free(struct ids *l)
{
    if (!l)
        return;
    free(l->narrow);
    free(l->wide);
    *l = (struct ids){0};
}

bool ids_find(const struct ids *l, int64_t id, size_t near, size_t *at)
{
    for (size_t i = near > 2 ? near - 2 : 0; i < l->n && i < near + 3; i++)
        if (ids_at(l, i) == id)
            return *at = i, true;
    for (size_t i = 0; i < l->n; i++)
        if (ids_at(l, i) == id)
            return *at = i, true;
    return false;
}

// ---- sets ----

// Numbers are given one after the other, so that those of a list lie close together. Those of a
// file that somebody made up need not: they are sorted instead.
#define FAR ((uint64_t)1 << 32)
struct idset {
    int64_t least, greatest;
    unsigned char *bits; // NULL: sorted
    int64_t *sorted;
    size_t n;
};

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

struct idset *idset_new(const struct ids *l)
{
    struct idset *s = mem_alloc(sizeof *s);
    s->n = l->n;
    for (size_t i = 0; i < l->n; i++) {
        int64_t id = ids_at(l, i);
        s->least = i == 0 || id < s->least ? id : s->least;
        s->greatest = i == 0 || id > s->greatest ? id : s->greatest;
    }
    uint64_t span = (uint64_t)s->greatest - (uint64_t)s->least;
    if (span < FAR) {
        s->bits = mem_array((size_t)(span >> 3) + 1, 1);
        for (size_t i = 0; i < l->n; i++) {
            uint64_t at = (uint64_t)ids_at(l, i) - (uint64_t)s->least;
            s->bits[at >> 3] |= (unsigned char)(1U << (at & 7));
        }
        return s;
    }
    s->sorted = mem_array(l->n, sizeof *s->sorted);
    for (size_t i = 0; i < l->n; i++)
        s->sorted[i] = ids_at(l, i);
    qsort(s->sorted, s->n, sizeof *s->sorted, by_number);
    return s;
}

bool idset_has(const struct idset *s, int64_t id)
{
    if (s->n == 0 || id < s->least || id > s->greatest)
        return false;
    if (!s->bits)
        return bsearch(&id, s->sorted, s->n, sizeof *s->sorted, by_number) != NULL;
    uint64_t at = (uint64_t)id - (uint64_t)s->least;
    return s->bits[at >> 3] >> (at & 7) & 1;
}

void idset_free(struct idset *s)
{
    if (!s)
        return;
    free(s->bits);
    free(s->sorted);
    free(s);
}

void ids_merge(const struct ids *old, const struct ids *now, struct ids *out)
{
    struct idset *was = idset_new(old);
    size_t at = 0;
    for (size_t i = 0; i < now->n; i++) {
        int64_t id = ids_at(now, i);
        if (!idset_has(was, id)) {
            ids_add(out, id);
            continue;
        }
        size_t to = at;
        while (to < old->n && ids_at(old, to) != id)
            to++;
        if (to == old->n) // it stood further up and is there already; few ever move
            continue;
        for (; at <= to; at++)
            ids_add(out, ids_at(old, at));
    }
    for (; at < old->n; at++)
        ids_add(out, ids_at(old, at));
    idset_free(was);
}
