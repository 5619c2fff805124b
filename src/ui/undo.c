// Everything a key changes in the library can be taken back, level by level. Each level knows ids,
// not copies of essays: a bookmark let go and a feed removed wait in the store's bins.
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "view.h"

enum { LEVELS = 200, PATIENCE_MS = 400 };

struct undo {
    enum undo_kind kind;
    struct ids ids; // READ: which; else one
    bool read;      // READ: what the marks were set to
    char *what;     // a title
    char *words;    // SEARCH: what it said; FIELD: what it was; else NULL
    enum feed_field field;
    void *data; // OWN
    bool (*back)(struct ui *u, void *data, struct err *e);
    void (*drop)(void *data);
};

static void drop(struct undo *d)
{
    ids_free(&d->ids);
    free(d->what);
    free(d->words);
    if (d->drop)
        d->drop(d->data);
}

static struct undo *push(struct ui *u, enum undo_kind kind, const char *what)
{
    if (u->nundo == LEVELS) {
        drop(&u->undo[0]);
        memmove(u->undo, u->undo + 1, --u->nundo * sizeof *u->undo);
    }
    u->undo = mem_grow(u->undo, &u->undo_cap, u->nundo + 1, sizeof *u->undo);
    struct undo *d = &u->undo[u->nundo++];
    *d = (struct undo){.kind = kind, .what = mem_strdup(what)};
    return d;
}

void undo_marked(struct ui *u, struct ids ids, bool read, const char *what)
{
    size_t n = ids.n;
    if (n == 0) {
        ids_free(&ids);
        ui_hint(u, "Nothing unread in %s", what);
        return;
    }
    struct undo *d = push(u, UNDO_READ, what);
    d->ids = ids;
    d->read = read;
    if (n > 1)
        ui_message(u, false, "%s: %zu essays marked read (%s undoes)", what, n,
                   ui_key_of(u, ui_view(u), ACT_UNDO));
    ui_touch_marks(u);
}

void undo_read(struct ui *u, const int64_t *ids, size_t n, bool read, const char *what)
{
    struct ids copy = {0};
    for (size_t i = 0; i < n; i++)
        ids_add(&copy, ids[i]);
    store_set_read(u->set.store, ids, n, read);
    undo_marked(u, copy, read, what);
}

void undo_kept(struct ui *u, int64_t bookmark, bool kept, const char *title)
{
    struct undo *d = push(u, kept ? UNDO_KEPT : UNDO_LET_GO, title);
    ids_add(&d->ids, bookmark);
    ui_touch(u);
}

bool undo_feed(struct ui *u, const struct feed_row *f, struct err *e)
{
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = store_feed_bin(u->set.store, f->id, e);
    store_set_wait(u->set.store, 0);
    if (!ok)
        return false;
    struct undo *d = push(u, UNDO_FEED, f->title);
    ids_add(&d->ids, f->id);
    ui_message(u, false, "%s is gone from the shelf (%s brings it back)", d->what,
               ui_key_of(u, ui_view(u), ACT_UNDO));
    ui_touch(u);
    return true;
}

void undo_search(struct ui *u, const char *name, const char *words)
{
    struct err e = ERR_INIT;
    if (!ui_may_write(u))
        return;
    if (!store_search_save(u->set.store, name, NULL, &e)) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    struct undo *d = push(u, UNDO_SEARCH, name);
    d->words = mem_strdup(words);
    ui_message(u, false, "“%s” is no longer kept (%s brings it back)", d->what,
               ui_key_of(u, ui_view(u), ACT_UNDO));
    ui_touch(u);
}

void undo_field(struct ui *u, int64_t id, const char *title, enum feed_field field,
                const char *before)
{
    struct undo *d = push(u, UNDO_FIELD, title);
    ids_add(&d->ids, id);
    d->field = field;
    d->words = mem_strdup(before);
}

void undo_highlight(struct ui *u, enum undo_kind kind, int64_t id, const char *what,
                    const char *before)
{
    enum { COLUMNS = 40 }; // of a quote, in messages
    struct buf brief = {0};
    utf8_ellipsize(&brief, what, strlen(what), COLUMNS, u->set.ascii);
    struct undo *d = push(u, kind, buf_cstr(&brief));
    buf_free(&brief);
    ids_add(&d->ids, id);
    d->words = mem_strdup(before);
}

void undo_tagged(struct ui *u, bool on, int64_t *ids, size_t n, const char *tag)
{
    struct undo *d = push(u, on ? UNDO_TAGGED : UNDO_UNTAGGED, tag);
    for (size_t i = 0; i < n; i++)
        ids_add(&d->ids, ids[i]);
    free(ids);
}

static bool untag(struct store *s, const struct undo *d, struct err *e)
{
    int64_t *ids = mem_array(d->ids.n, sizeof *ids), *changed = NULL;
    size_t n;
    for (size_t i = 0; i < d->ids.n; i++)
        ids[i] = ids_at(&d->ids, i);
    bool ok =
        store_bookmarks_tag(s, ids, d->ids.n, d->what, d->kind == UNDO_UNTAGGED, &changed, &n, e);
    free(ids);
    free(changed);
    return ok;
}

static void take_back_words(struct ui *u, const struct undo *d)
{
    struct store *s = u->set.store;
    int64_t id = ids_at(&d->ids, 0);
    if (d->kind == UNDO_MARKED)
        store_highlight_remove(s, id);
    else if (d->kind == UNDO_UNMARKED)
        store_highlight_restore(s, id);
    else if (d->kind == UNDO_REMARKED)
        store_highlight_set_note(s, id, d->words);
    else
        store_set_note(s, id, d->words);
    store_flush(s, 1, NULL); // where the library is busy it waits in memory
    ui_message(u, false,
               d->kind == UNDO_MARKED     ? "No longer highlighted: %s"
               : d->kind == UNDO_UNMARKED ? "Highlighted again: %s"
                                          : "The note is as it was: %s",
               d->what);
}

void undo_own(struct ui *u, const char *what, void *data,
              bool (*back)(struct ui *u, void *data, struct err *e), void (*drop_data)(void *data))
{
    struct undo *d = push(u, UNDO_OWN, what);
    d->data = data;
    d->back = back;
    d->drop = drop_data;
    ui_touch(u);
}

static bool take_back(struct ui *u, struct undo *d, struct err *e)
{
    struct store *s = u->set.store;
    size_t n;
    switch (d->kind) {
    case UNDO_READ:
        n = d->ids.n;
        marking_back(u, d->ids, !d->read);
        d->ids = (struct ids){0};
        if (n == 1)
            ui_message(u, false, "%s again: %s", d->read ? "Unread" : "Read", d->what);
        else
            ui_message(u, false, "%s: %zu essays are %s again", d->what, n,
                       d->read ? "unread" : "read");
        return true;
    case UNDO_KEPT:
        if (!store_bookmark_remove(s, ids_at(&d->ids, 0), e))
            return false;
        ui_message(u, false, "No longer kept: %s", d->what);
        return true;
    case UNDO_LET_GO:
        if (!store_bookmark_restore(s, ids_at(&d->ids, 0), e))
            return false;
        ui_message(u, false, "Kept again: %s", d->what);
        return true;
    case UNDO_SEARCH:
        if (!store_search_save(s, d->what, d->words, e))
            return false;
        ui_message(u, false, "“%s” is on the shelf again", d->what);
        return true;
    case UNDO_FIELD:
        if (!feed_set(u, ids_at(&d->ids, 0), d->field, d->words, e))
            return false;
        ui_message(u, false, "%s is again as it was", d->what);
        return true;
    case UNDO_OWN:
        return d->back(u, d->data, e);
    case UNDO_FEED:
        if (!store_feed_restore(s, ids_at(&d->ids, 0), e))
            return false;
        ui_message(u, false, "%s is on the shelf again, as it was", d->what);
        return true;
    case UNDO_TAGGED:
    case UNDO_UNTAGGED:
        if (!untag(s, d, e))
            return false;
        ui_message(u, false, "%s: the bookmarks have their tags as before", d->what);
        return true;
    case UNDO_MARKED:
    case UNDO_UNMARKED:
    case UNDO_REMARKED:
    case UNDO_NOTE:
        take_back_words(u, d);
        return true;
    }
    return true;
}

void undo_last(struct ui *u)
{
    marking_stop(u);
    if (u->nundo == 0) {
        ui_hint(u, "Nothing left to undo");
        return;
    }
    struct err e = ERR_INIT;
    struct undo *d = &u->undo[u->nundo - 1];
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = take_back(u, d, &e);
    store_set_wait(u->set.store, 0);
    if (!ok) { // still there to be tried again, unless it never will be
        ui_message(u, true, "%s", e.msg);
        if (e.kind == ERR_BUSY || e.kind == ERR_FULL)
            return;
    }
    if (d->kind == UNDO_READ)
        ui_touch_marks(u);
    else
        ui_touch(u);
    drop(d);
    u->nundo--;
}

void undo_free(struct ui *u)
{
    for (size_t i = 0; i < u->nundo; i++)
        drop(&u->undo[i]);
    free(u->undo);
    u->undo = NULL;
    u->nundo = 0;
}
