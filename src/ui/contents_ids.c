// Ids are all that a list of essays holds: the first screens of them at once, the rest when there
// is nothing else to do. What narrows or sorts a list goes over them step by step.
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "ids.h"
#include "lectern/mem.h"

static bool only_unread(const struct contents *v)
{
    return v->unread_only || v->shelf.kind == SHELF_UNREAD;
}

bool contents_arranged(const struct contents *v)
{
    return v->filter || v->order != ORDER_DATE || v->reverse;
}

bool contents_find_id(const struct contents *v, int64_t id, size_t *at)
{
    size_t near = v->list.cursor;
    for (size_t i = near > 2 ? near - 2 : 0; i < v->list.n && i < near + 3; i++)
        if (v->ids[i] == id)
            return *at = i, true;
    for (size_t i = 0; i < v->list.n; i++)
        if (v->ids[i] == id)
            return *at = i, true;
    return false;
}

// ---- what the store has ----

// Takes out of what is listed and not in `now` the ids that are not in the library any more.
static size_t drop_gone(struct contents *v, const int64_t *now, size_t nnow)
{
    size_t nmissing, kept = 0, m = 0;
    int64_t *missing = ids_without(v->base, v->nbase, now, nnow, &nmissing);
    struct arena *a = arena_new();
    struct item_row *rows = mem_array(nmissing, sizeof *rows);
    bool known = store_rows(v->view.ui->set.store, missing, nmissing, a, rows, NULL);
    for (size_t i = 0; i < v->nbase; i++) {
        bool gone = m < nmissing && missing[m] == v->base[i] && rows[m++].id == 0;
        if (!gone || !known)
            v->base[kept++] = v->base[i];
    }
    free(rows);
    arena_free(a);
    free(missing);
    return kept;
}

// Other ids are shown; the cursor stays on its essay, and that on its row of the screen.
static void show(struct contents *v, int64_t *ids, size_t n)
{
    int64_t under = v->list.cursor < v->list.n ? v->ids[v->list.cursor] : 0;
    size_t row = v->list.cursor - v->list.top, at = v->list.cursor;
    if (v->ids != v->base && v->ids != ids)
        free(v->ids);
    v->ids = ids;
    v->list.n = n;
    if (under && contents_find_id(v, under, &at))
        v->list.top = at > row ? at - row : 0;
    v->list.cursor = at;
    list_set(&v->list, n, ui_list_rows(v->view.ui));
    v->nrows = 0;
}

static void begin(struct contents *v, bool fresh)
{
    struct ui *u = v->view.ui;
    struct sieve *sieve = v->filter ? sieve_new(v->filter, u->when, ui_now(u), NULL) : NULL;
    arrangement_free(v->arrangement);
    v->arrangement = arrangement_new(v->base, v->nbase, sieve, v->order, v->reverse);
    v->fresh = fresh;
}

void contents_load(struct contents *v, size_t limit, bool keep)
{
    struct ui *u = v->view.ui;
    struct err e = ERR_INIT;
    int64_t *ids = NULL;
    size_t n = 0;
    bool arranged = contents_arranged(v);
    limit = arranged ? 0 : limit; // the last may come first
    if (!store_ids(u->set.store, &v->shelf, v->unread_only, ui_now(u), limit, &ids, &n, &e)) {
        ui_message(u, true, "%s", e.msg);
        v->all = true;
        return;
    }
    v->all = limit == 0 || n < limit;
    if (keep && only_unread(v) && v->nbase) {
        int64_t *merged = ids_merge(v->base, drop_gone(v, ids, n), ids, n, &n);
        free(ids);
        ids = merged;
    }
    int64_t *old = v->base;
    bool shared = v->ids == v->base;
    if (!arranged) {
        show(v, ids, n);
    } else if (shared) { // what is shown stays until the new list is arranged
        v->ids = mem_array(v->list.n + 1, sizeof *v->ids);
        if (v->list.n)
            memcpy(v->ids, old, v->list.n * sizeof *v->ids);
    }
    free(old);
    v->base = ids;
    v->nbase = n;
    v->nrows = 0;
    if (arranged)
        begin(v, false);
}

void contents_load_all(struct contents *v)
{
    if (!v->all)
        contents_load(v, 0, true);
}

// ---- narrowed, and in order ----

void contents_arrange_on(struct contents *v)
{
    if (!v->arrangement)
        return;
    bool more = arrangement_step(v->arrangement, v->view.ui->set.store);
    if (!more || (v->fresh && v->order == ORDER_DATE)) {
        size_t n;
        const int64_t *found = arrangement_ids(v->arrangement, &n);
        int64_t *ids = mem_array(n + 1, sizeof *ids);
        if (n)
            memcpy(ids, found, n * sizeof *ids);
        show(v, ids, n);
        v->fresh = n < v->list.rows; // the screen is full: the rest may come in one piece
        v->view.ui->dirty = true;
    }
    if (!more) {
        arrangement_free(v->arrangement);
        v->arrangement = NULL;
    }
}

void contents_arrange(struct contents *v)
{
    contents_load_all(v);
    if (contents_arranged(v)) {
        begin(v, true);
        contents_arrange_on(v); // short lists at once
        return;
    }
    arrangement_free(v->arrangement);
    v->arrangement = NULL;
    if (v->ids != v->base)
        show(v, v->base, v->nbase);
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

int64_t contents_next_unread(struct contents *v, int64_t from, int dir)
{
    struct ui *u = v->view.ui;
    int64_t *unread = NULL, found = 0;
    size_t n = 0, at;
    if (!store_ids(u->set.store, &v->shelf, true, ui_now(u), 0, &unread, &n, NULL))
        return 0;
    qsort(unread, n, sizeof *unread, by_id);
    if (contents_find_id(v, from, &at))
        for (at += dir > 0 ? 1 : (size_t)-1; at < v->list.n && !found;
             at += dir > 0 ? 1 : (size_t)-1)
            if (bsearch(&v->ids[at], unread, n, sizeof *unread, by_id))
                found = v->ids[at];
    free(unread);
    return found;
}
