// Highlights in a document: made from a stretch of its text, and found again in it. What stood in
// the very same text the last time is not looked for; what is found in another is remembered.
#include <stdlib.h>
#include <string.h>

#include "lectern/anchor.h"
#include "lectern/essay.h"
#include "lectern/hash.h"

static uint64_t seen_as(const struct doc *d)
{
    uint64_t h = hash_bytes(d->text, d->len, 0);
    return h ? h : 1; // 0: never
}

int64_t essay_highlight(struct store *s, int64_t item, const struct doc *d, uint32_t from,
                        uint32_t to, enum highlight_colour colour, const char *note, int64_t now)
{
    if (from >= to || to > d->len)
        return 0;
    struct arena *a = arena_new();
    struct highlight h = {
        .from = from, .to = to, .seen = seen_as(d), .colour = colour, .note = note, .made = now};
    h.quote = arena_strndup(a, d->text + from, to - from);
    anchor_around(d->text, d->len, from, to, a, &h.before, &h.after);
    int64_t id = store_highlight_add(s, item, &h);
    arena_free(a);
    return id;
}

static int by_place(const void *x, const void *y)
{
    const struct highlight *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

// Words that are gone stay among those they stood with.
static void drift(struct highlight *h, int64_t shift, uint32_t len)
{
    int64_t from = (int64_t)h->from + shift;
    h->from = from < 0 ? 0 : from >= len ? len - (len > 0) : (uint32_t)from;
    h->to = h->from + (len > h->from);
}

bool essay_highlights(struct store *s, int64_t item, const struct doc *d, struct arena *a,
                      struct highlight **out, size_t *n, struct err *e)
{
    if (!store_highlights(s, item, a, out, n, e))
        return false;
    uint64_t seen = *n ? seen_as(d) : 0;
    struct anchors *t = NULL;
    int64_t shift = 0;
    for (size_t i = 0; i < *n; i++) {
        struct highlight *h = &(*out)[i];
        uint32_t was = h->from;
        if (h->seen == seen && h->from < h->to && h->to <= d->len)
            continue;
        if (!t)
            t = anchors_new(d->text, d->len);
        struct anchor words = {h->quote, h->before, h->after, h->from};
        h->gone = anchor_find(t, &words, &h->from, &h->to) == ANCHOR_GONE;
        h->seen = seen;
        if (h->gone)
            drift(h, shift, d->len);
        else
            shift = (int64_t)h->from - was;
        if (!(h->gone && anchors_tired(t)) && store_writable(s))
            store_highlight_place(s, h->id, item, h);
    }
    if (t && *n)
        qsort(*out, *n, sizeof **out, by_place);
    anchors_free(t);
    return true;
}
