// What is done to highlights and to the notes of bookmarks: made, changed and removed by keys, each
// written at once where the library is free, each to be undone.
#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "view.h"

enum { AT_ONCE_MS = 1 };

// A crash after this loses nothing; where another writes just now, it waits in memory.
static void settle(struct ui *u)
{
    store_flush(u->set.store, AT_ONCE_MS, NULL);
    ui_touch_marks(u);
}

int64_t highlight_make(struct ui *u, int64_t item, const struct doc *d, uint32_t from, uint32_t to)
{
    int64_t id = essay_highlight(u->set.store, item, d, from, to,
                                 (enum highlight_colour)u->highlight_colour, NULL, ui_now(u));
    if (!id) {
        ui_hint(u, "This cannot be highlighted: it is empty, or over a megabyte");
        return 0;
    }
    char *quote = utf8_clean_dup(d->text + from, to - from < 200 ? to - from : 200, UTF8_LINE);
    undo_highlight(u, UNDO_MARKED, id, quote, NULL);
    free(quote);
    settle(u);
    return id;
}

void highlight_drop(struct ui *u, const struct highlight *h)
{
    store_highlight_remove(u->set.store, h->id);
    undo_highlight(u, UNDO_UNMARKED, h->id, h->quote, NULL);
    settle(u);
    ui_message(u, false, "Highlight removed (%s undoes)", ui_key_of(u, ui_view(u), ACT_UNDO));
}

void highlight_note(struct ui *u, int64_t id, const char *note)
{
    struct arena *a = arena_new();
    struct highlight h;
    if (store_highlight_rows(u->set.store, &id, 1, a, &h, NULL) && h.id) {
        undo_highlight(u, UNDO_REMARKED, id, h.quote, h.note ? h.note : "");
        store_highlight_set_note(u->set.store, id, note);
        settle(u);
        ui_hint(u, *note ? "Noted" : "No note any more");
    }
    arena_free(a);
}

void highlight_colour(struct ui *u, int64_t id, int colour)
{
    store_highlight_set_colour(u->set.store, id, (enum highlight_colour)colour);
    u->highlight_colour = colour;
    settle(u);
    ui_hint(u, "Now %s", highlight_colours[colour]);
}

static void note_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    if (u->noting)
        highlight_note(u, u->noting, text);
}

void highlight_ask(struct ui *u, int64_t id)
{
    struct arena *a = arena_new();
    struct highlight h;
    if (ui_may_write(u) && store_highlight_rows(u->set.store, &id, 1, a, &h, NULL) && h.id) {
        char *line = h.note ? utf8_clean_dup(h.note, strlen(h.note), UTF8_LINE) : mem_strdup("");
        u->noting = id;
        ui_prompt(u, "Note: ", line, note_typed);
        free(line);
    }
    arena_free(a);
}

// ---- the note of a bookmark ----

static int64_t bookmark_here(struct ui *u, struct arena *a, struct item_row *r)
{
    int64_t id = ui_hand(u).item;
    if (!id || !store_rows(u->set.store, &id, 1, a, r, NULL) || !r->id)
        ui_hint(u, "There is no essay here");
    else if (!r->bookmark)
        ui_hint(u, "Only what is kept has a note: %s keeps this essay",
                ui_key_of(u, VIEW_READER, ACT_BOOKMARK));
    else
        return r->bookmark;
    return 0;
}

void bookmark_note(struct ui *u, const char *text)
{
    struct arena *a = arena_new();
    struct item_row r = {0};
    const char *before = NULL;
    int64_t id = ui_may_write(u) ? bookmark_here(u, a, &r) : 0;
    if (id && store_note(u->set.store, id, a, &before, NULL)) {
        undo_highlight(u, UNDO_NOTE, id, r.title, before ? before : "");
        store_set_note(u->set.store, id, text);
        settle(u);
        ui_hint(u, *text ? "Noted with the bookmark" : "The bookmark has no note any more");
    }
    arena_free(a);
}

static void bookmark_note_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    bookmark_note(u, text);
}

void bookmark_ask(struct ui *u)
{
    struct arena *a = arena_new();
    struct item_row r = {0};
    const char *now = NULL;
    int64_t id = ui_may_write(u) ? bookmark_here(u, a, &r) : 0;
    if (id && store_note(u->set.store, id, a, &now, NULL)) {
        char *line = utf8_clean_dup(now ? now : "", now ? strlen(now) : 0, UTF8_LINE);
        ui_prompt(u, "Note: ", line, bookmark_note_typed);
        free(line);
    }
    arena_free(a);
}

// ---- many bookmarks ----

void bookmarks_tag(struct ui *u, const int64_t *ids, size_t n, const char *tag, bool on)
{
    enum { PATIENCE_MS = 400 };
    struct err e = ERR_INIT;
    int64_t *changed = NULL;
    size_t count = 0;
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = store_bookmarks_tag(u->set.store, ids, n, tag, on, &changed, &count, &e);
    store_set_wait(u->set.store, 0);
    if (!ok) {
        ui_message(u, true, "%s", e.msg);
    } else if (!count) {
        free(changed);
        ui_hint(u, on ? "Every bookmark here has the tag %s" : "No bookmark here has the tag %s",
                tag);
    } else {
        undo_tagged(u, on, changed, count, tag);
        ui_message(u, false,
                   on ? "%zu bookmark%s tagged %s (%s undoes)"
                      : "%zu bookmark%s without the tag %s now (%s undoes)",
                   count, count == 1 ? "" : "s", tag, ui_key_of(u, ui_view(u), ACT_UNDO));
        ui_touch(u);
    }
}
