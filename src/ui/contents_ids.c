// Numbers are all that a list of essays holds, and they are read a piece at a time: what a screen
// needs at once, the rest when there is nothing else to do. Until all are there the list is as long
// as the counts say, and where somebody looks meanwhile is read from that place on. Then what was
// read in order takes its place. Reading anew goes the same way, behind what is shown.
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "lectern/mem.h"
#include "lectern/walk.h"

// At once; in one step; looked for in the library in one step.
enum { FIRST = 2048, STEP = 8192, ASKED = 512 };

struct load { // reading anew what is on the shelf
    struct walk *walk;
    struct ids next;
    bool keep, again;    // again: the library has changed meanwhile
    bool begun;          // what there is of it is shown
    struct idset *there; // of next, once that is whole
    struct ids stay;     // of what was listed: what is still in the library
    size_t looked;
};

static bool only_unread(const struct contents *v)
{
    return v->unread_only || v->shelf.kind == SHELF_UNREAD;
}

bool contents_arranged(const struct contents *v)
{
    return v->filter || v->order != ORDER_DATE || v->reverse;
}

bool contents_waiting(const struct contents *v)
{
    return v->arrangement || (contents_arranged(v) && !v->all);
}

static void load_end(struct contents *v)
{
    struct load *l = v->load;
    v->load = NULL;
    if (!l)
        return;
    walk_free(l->walk);
    ids_free(&l->next);
    ids_free(&l->stay);
    idset_free(l->there);
    free(l);
}

static void drop(struct ids **list)
{
    ids_free(*list);
    free(*list);
    *list = NULL;
}

void contents_ids_free(struct contents *v)
{
    load_end(v);
    arrangement_free(v->arrangement);
    if (v->ids != v->base)
        drop(&v->ids);
    drop(&v->base);
}

// ---- what is shown ----

// Other ids are shown; the cursor stays on its essay, and that on its row of the screen.
static void show(struct contents *v, struct ids *ids)
{
    int64_t under = v->ids && v->list.cursor < v->list.n ? ids_at(v->ids, v->list.cursor) : 0;
    size_t row = v->list.cursor - v->list.top, at = v->list.cursor;
    if (v->ids != v->base && v->ids != ids && v->ids)
        drop(&v->ids);
    v->ids = ids;
    v->list.n = ids->n;
    if (under && ids_find(ids, under, at, &at))
        v->list.top = at > row ? at - row : 0;
    v->list.cursor = at;
    list_set(&v->list, ids->n, ui_list_rows(v->view.ui) / (size_t)contents_lines(v));
    v->nrows = 0;
    v->view.ui->dirty = true;
}

static void show_nothing(struct contents *v)
{
    show(v, mem_alloc(sizeof *v->ids));
}

// Another list is what the store has.
static void settle(struct contents *v, struct ids next)
{
    struct ids *old = v->base, *base = mem_alloc(sizeof *base);
    *base = next;
    arrangement_free(v->arrangement); // goes over the old one
    v->arrangement = NULL;
    if (!contents_arranged(v)) {
        show(v, base);
        v->base = base;
        if (old)
            drop(&old);
    } else { // what is shown stays until the new list is arranged
        bool shared = v->ids == old;
        v->base = base;
        if (!shared && old)
            drop(&old);
    }
    v->nrows = 0;
}

// How long the list will be, as the counts have it; 0: they do not say.
static size_t expected(const struct contents *v)
{
    bool unread = only_unread(v) && v->shelf.kind != SHELF_UNREAD;
    int64_t n = unread ? v->unread : v->total;
    return n > 0 ? (size_t)n : 0;
}

bool contents_short(const struct contents *v)
{
    return !v->all && v->load && v->ids == v->base && v->ids->n <= v->load->next.n;
}

// As much as is known, and room for the rest.
static void show_begun(struct contents *v)
{
    struct ids begun = {0};
    const struct ids *next = &v->load->next;
    size_t n = expected(v);
    ids_unknown(&begun, n > next->n ? n : next->n);
    for (size_t i = 0; i < next->n; i++)
        ids_set(&begun, i, ids_at(next, i));
    v->all = false;
    v->load->begun = true;
    settle(v, begun);
}

void contents_know(struct contents *v, size_t first, size_t n)
{
    struct ids *ids = v->ids, found = {0};
    size_t missing = 0;
    if (v->all || ids != v->base || !v->load)
        return;
    for (size_t i = first; i < first + n; i++)
        if (ids_at(ids, i) == 0 && i < v->load->next.n && !v->load->there)
            ids_set(ids, i, ids_at(&v->load->next, i));
        else
            missing += ids_at(ids, i) == 0;
    if (!missing)
        return;
    bool back = first > ids->n / 2; // from the nearer end
    struct walk *w = walk_new(&v->shelf, v->unread_only, ui_now(v->view.ui), back,
                              back ? ids->n - first - n : first);
    if (walk_step(w, v->view.ui->set.store, n, &found, NULL))
        for (size_t i = 0; i < n && i < found.n; i++)
            ids_set(ids, back ? first + n - 1 - i : first + i, ids_at(&found, i));
    ids_free(&found);
    walk_free(w);
}

int64_t contents_id(struct contents *v, size_t i)
{
    if (i >= v->ids->n)
        return 0;
    contents_know(v, i, 1);
    return ids_at(v->ids, i);
}

bool contents_find_id(struct contents *v, int64_t id, size_t *at)
{
    if (ids_find(v->ids, id, v->list.cursor, at))
        return true;
    if (!v->all)
        contents_finish(v);
    return ids_find(v->ids, id, v->list.cursor, at);
}

// ---- reading it, step by step ----

// Of what is listed and not in `next` what is in the library still (it was read just now) stays.
// False: more to look for.
static bool look_for_the_missing(struct contents *v)
{
    struct load *l = v->load;
    int64_t missing[ASKED];
    struct item_row rows[ASKED];
    size_t at[ASKED] = {0}, n = 0, from = l->looked;
    for (; l->looked < v->base->n && n < ASKED; l->looked++) {
        int64_t id = ids_at(v->base, l->looked);
        if (id && !idset_has(l->there, id)) {
            at[n] = l->looked;
            missing[n++] = id;
        }
    }
    struct arena *a = arena_new();
    bool known = store_rows(v->view.ui->set.store, missing, n, a, rows, NULL);
    for (size_t i = from, m = 0; i < l->looked; i++) {
        bool asked = m < n && at[m] == i;
        if (ids_at(v->base, i) && (!asked || !known || rows[m].id))
            ids_add(&l->stay, ids_at(v->base, i));
        m += asked;
    }
    arena_free(a);
    return l->looked == v->base->n;
}

static void finished(struct contents *v)
{
    struct load *l = v->load;
    struct ids next = l->next;
    bool again = l->again, fresh = !v->all;
    l->next = (struct ids){0};
    if (l->there) {
        struct ids merged = {0};
        ids_merge(&l->stay, &next, &merged);
        ids_free(&next);
        next = merged;
    }
    load_end(v);
    v->all = true;
    settle(v, next);
    if (contents_arranged(v)) {
        contents_begin(v, fresh);
        contents_arrange_on(v); // short lists at once
    }
    if (again)
        contents_load(v, true);
}

static void load_step(struct contents *v, size_t about)
{
    struct ui *u = v->view.ui;
    struct load *l = v->load;
    struct err e = ERR_INIT;
    if (!walk_done(l->walk)) {
        if (!walk_step(l->walk, u->set.store, about, &l->next, &e)) {
            ui_message(u, true, "%s", e.msg);
            if (v->all) { // what is shown is better than half of it
                load_end(v);
                return;
            }
            l->keep = l->again = false;
        } else if (!walk_done(l->walk)) {
            return;
        } else if ((l->keep || l->begun) && only_unread(v) && v->base->n) {
            l->there = idset_new(&l->next);
        }
    }
    if (!l->there || look_for_the_missing(v))
        finished(v);
}

void contents_found(struct contents *v, const int64_t *found, size_t n)
{
    struct ids next = {0};
    for (size_t i = 0; i < n; i++)
        ids_add(&next, found[i]);
    v->all = true;
    settle(v, next);
    if (contents_arranged(v)) {
        contents_begin(v, true);
        contents_arrange_on(v);
    }
}

void contents_load(struct contents *v, bool keep)
{
    if (v->find) {
        contents_find_again(v, keep);
        return;
    }
    if (keep && v->load) {
        v->load->again = true;
        return;
    }
    load_end(v);
    v->load = mem_alloc(sizeof *v->load);
    v->load->walk = walk_new(&v->shelf, v->unread_only, ui_now(v->view.ui), false, 0);
    v->load->keep = keep && v->base;
    size_t rows = ui_list_rows(v->view.ui);
    load_step(v, rows > FIRST ? rows : FIRST);
    if (v->load && !v->load->keep)
        show_begun(v);
}

void contents_load_on(struct contents *v)
{
    if (v->load)
        load_step(v, STEP);
}

void contents_finish(struct contents *v)
{
    while (!v->all && v->load)
        load_step(v, STEP);
}

// ---- narrowed, and in order ----

void contents_begin(struct contents *v, bool fresh)
{
    struct ui *u = v->view.ui;
    struct sieve *sieve = v->filter ? sieve_new(v->filter, u->when, ui_now(u), NULL) : NULL;
    arrangement_free(v->arrangement);
    v->arrangement = arrangement_new(v->base, sieve, v->order, v->reverse);
    v->fresh = fresh;
}

void contents_arrange_on(struct contents *v)
{
    if (!v->arrangement)
        return;
    bool more = arrangement_step(v->arrangement, v->view.ui->set.store);
    if (!more || (v->fresh && v->order == ORDER_DATE)) {
        struct ids *ids = mem_alloc(sizeof *ids);
        const struct ids *found = arrangement_ids(v->arrangement);
        if (!more)
            *ids = arrangement_take(v->arrangement);
        else
            for (size_t i = 0; i < found->n; i++)
                ids_add(ids, ids_at(found, i));
        show(v, ids);
        v->fresh = ids->n < v->list.rows; // the screen is full: the rest may come in one piece
    }
    if (!more) {
        arrangement_free(v->arrangement);
        v->arrangement = NULL;
    }
}

void contents_arrange(struct contents *v)
{
    arrangement_free(v->arrangement);
    v->arrangement = NULL;
    if (!contents_arranged(v)) {
        if (v->ids != v->base)
            show(v, v->base);
    } else if (!v->all) { // it begins when all is there
        show_nothing(v);
    } else {
        contents_begin(v, true);
        contents_arrange_on(v); // short lists at once
    }
}

// What is unread is looked for among what is shown where there is much of it, and the other way
// round where there is little.
int64_t contents_next_unread(struct contents *v, int64_t from, int dir)
{
    enum { BLOCK = 256, FEW = 20000 };
    struct store *s = v->view.ui->set.store;
    struct idset *few = NULL;
    int64_t found = 0;
    size_t at;
    if (!contents_find_id(v, from, &at))
        return 0;
    if (v->unread >= 0 && v->unread < FEW) {
        struct ids unread = {0};
        struct walk *w = walk_new(&v->shelf, true, ui_now(v->view.ui), false, 0);
        while (!walk_done(w) && walk_step(w, s, STEP, &unread, NULL))
            ;
        walk_free(w);
        few = idset_new(&unread);
        ids_free(&unread);
    }
    at += dir > 0 ? 1 : (size_t)-1;
    while (!found && at < v->ids->n) {
        int64_t block[BLOCK];
        size_t n = 0;
        for (; n < BLOCK && at<v->ids->n; at += dir> 0 ? 1 : (size_t)-1)
            if (!few || idset_has(few, ids_at(v->ids, at)))
                block[n++] = ids_at(v->ids, at);
        if (!few && !store_sift_unread(s, block, &n, NULL))
            break;
        found = n ? block[0] : 0;
    }
    idset_free(few);
    return found;
}
