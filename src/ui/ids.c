// Lists of ids against each other, through a sorted copy of one. See ids.h.
#include "ids.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lectern/mem.h"

struct spot {
    int64_t id;
    size_t at;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct spot *)a)->id, y = ((const struct spot *)b)->id;
    return x < y ? -1 : x > y;
}

static struct spot *spots_of(const int64_t *ids, size_t n)
{
    struct spot *s = mem_array(n, sizeof *s);
    for (size_t i = 0; i < n; i++)
        s[i] = (struct spot){ids[i], i};
    if (n)
        qsort(s, n, sizeof *s, by_id);
    return s;
}

static const struct spot *spot_find(const struct spot *s, size_t n, int64_t id)
{
    struct spot key = {id, 0};
    return n ? bsearch(&key, s, n, sizeof *s, by_id) : NULL;
}

static int64_t *sift(const int64_t *a, size_t na, const int64_t *b, size_t nb, bool common,
                     size_t *n)
{
    struct spot *spots = spots_of(b, nb);
    int64_t *out = mem_array(na, sizeof *out);
    *n = 0;
    for (size_t i = 0; i < na; i++)
        if ((spot_find(spots, nb, a[i]) != NULL) == common)
            out[(*n)++] = a[i];
    free(spots);
    return out;
}

int64_t *ids_without(const int64_t *a, size_t na, const int64_t *b, size_t nb, size_t *n)
{
    return sift(a, na, b, nb, false, n);
}

int64_t *ids_common(const int64_t *a, size_t na, const int64_t *b, size_t nb, size_t *n)
{
    return sift(a, na, b, nb, true, n);
}

int64_t *ids_merge(const int64_t *old, size_t nold, const int64_t *now, size_t nnow, size_t *n)
{
    struct spot *spots = spots_of(old, nold);
    int64_t *out = mem_array(nold + nnow, sizeof *out);
    size_t at = 0;
    *n = 0;
    for (size_t i = 0; i < nnow; i++) {
        const struct spot *s = spot_find(spots, nold, now[i]);
        if (!s)
            out[(*n)++] = now[i];
        else
            while (at <= s->at)
                out[(*n)++] = old[at++];
    }
    while (at < nold)
        out[(*n)++] = old[at++];
    free(spots);
    return out;
}
