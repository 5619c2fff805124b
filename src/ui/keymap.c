// What keys mean: a half-typed sequence, the count before it, and the bindings of the view it is
// typed in. keymap_read.c lays the bindings.
#include "keymap.h"

#include <stdlib.h>
#include <string.h>

#include "keymap_state.h"

enum { COUNT_MAX = 100000000 };

struct binding *keymap_find(const struct bindings *b, const int *keys, int n)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->items[i].nkeys == n && memcmp(b->items[i].keys, keys, (size_t)n * sizeof *keys) == 0)
            return &b->items[i];
    return NULL;
}

bool keymap_starts(const struct binding *b, const int *keys, int n)
{
    return b->nkeys > n && b->steps[0].action != ACT_NONE &&
           memcmp(b->keys, keys, (size_t)n * sizeof *keys) == 0;
}

void keymap_free(struct keymap *k)
{
    if (!k)
        return;
    for (int v = 0; v < VIEW_KIND_COUNT; v++)
        free(k->views[v].items);
    free(k->problems);
    arena_free(k->arena);
    free(k);
}

const struct conf_problem *keymap_problems(const struct keymap *k, size_t *n)
{
    *n = k->nproblems;
    return k->problems;
}

void keymap_reset(struct keymap *k)
{
    k->ntyped = k->count = 0;
    k->acted = false;
}

bool keymap_pending(const struct keymap *k, struct buf *shown)
{
    if (k->acted) // nothing is owed
        return false;
    if (k->count)
        buf_printf(shown, "%d", k->count);
    for (int i = 0; i < k->ntyped; i++)
        key_name(k->typed[i], shown);
    return k->count || k->ntyped;
}

struct step keymap_feed(struct keymap *k, enum view_kind v, int key, bool *unknown)
{
    static const struct step nothing = {ACT_NONE, 0, NULL};
    const struct bindings *b = &k->views[v];
    *unknown = false;
    k->rest[0] = nothing;
    if (key == '\r' || key == '\n')
        key = KEYS_ENTER;
    if (!k->ntyped && ((key >= '1' && key <= '9') || (key == '0' && k->count))) {
        k->count = k->count > COUNT_MAX / 10 ? COUNT_MAX : k->count * 10 + key - '0';
        return nothing;
    }
    if (key == KEYS_ESCAPE && !k->acted && (k->ntyped || k->count)) {
        keymap_reset(k);
        return nothing;
    }
    for (;;) {
        k->typed[k->ntyped++] = key;
        const struct binding *whole = keymap_find(b, k->typed, k->ntyped);
        bool longer = false;
        for (size_t i = 0; i < b->n && k->ntyped < KEYS_SEQUENCE; i++)
            longer |= keymap_starts(&b->items[i], k->typed, k->ntyped);
        if (whole && whole->steps[0].action != ACT_NONE) {
            struct step first = whole->steps[0];
            first.count = k->count ? k->count : first.count;
            memcpy(k->rest, whole->steps + 1, (STEPS - 1) * sizeof *k->rest);
            if (longer)
                k->acted = true;
            else
                keymap_reset(k);
            return first;
        }
        if (longer) {
            k->acted = false;
            return nothing;
        }
        bool again = k->acted; // g, then j: j begins anew
        keymap_reset(k);
        if (!again) {
            *unknown = key != KEYS_ESCAPE;
            return nothing;
        }
        if (key >= '1' && key <= '9') {
            k->count = key - '0';
            return nothing;
        }
    }
}

struct step keymap_rest(struct keymap *k)
{
    struct step next = k->rest[0];
    memmove(k->rest, k->rest + 1, (STEPS - 1) * sizeof *k->rest);
    k->rest[STEPS - 1] = (struct step){ACT_NONE, 0, NULL};
    return next;
}

static bool plain(const struct binding *b, enum action a)
{
    return b->steps[0].action == a && !b->steps[0].line && b->steps[1].action == ACT_NONE;
}

static void names(const struct binding *b, struct buf *out)
{
    for (int n = 0; n < b->nkeys; n++)
        key_name(b->keys[n], out);
}

void keymap_keys(const struct keymap *k, enum view_kind v, enum action a, struct buf *out)
{
    const struct bindings *b = &k->views[v];
    bool first = true;
    for (int own = 1; own >= 0; own--) // the reader's own keys come first
        for (size_t i = 0; i < b->n; i++) {
            const struct binding *at = &b->items[i];
            if (!plain(at, a) || a == ACT_NONE || own != (at->from != NULL))
                continue;
            const struct binding *shorter = at->nkeys == 2 ? keymap_find(b, at->keys, 1) : NULL;
            if (shorter && plain(shorter, a)) // gg beside g tells nothing new
                continue;
            if (!first)
                buf_str(out, ", ");
            first = false;
            names(at, out);
        }
}

bool keymap_macro(const struct keymap *k, enum view_kind v, size_t i, struct buf *keys,
                  const char **does)
{
    const struct bindings *b = &k->views[v];
    for (size_t n = 0; n < b->n; n++) {
        const struct binding *at = &b->items[n];
        if (!at->from || at->steps[0].action == ACT_NONE || plain(at, at->steps[0].action) || i--)
            continue;
        names(at, keys);
        *does = at->from->action;
        return true;
    }
    return false;
}
