// The links of the page under the hand: each bears a number for a moment, and typing it opens the
// link, copies its address, or shows where it leads. A link that goes to a place in the same essay
// is followed there.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/layout.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "panel.h"

struct hint { // where a link begins on the screen
    int row, col;
    uint32_t link;
};
enum deed { DEED_OPEN, DEED_COPY, DEED_SHOW };
struct hints {
    struct panel panel;
    struct view *reader;
    const struct doc *doc;
    struct hint *items;
    size_t n, typed; // typed: the number so far, 0: none
    enum deed deed;
};

static int hints_height(struct panel *panel, int cols, int room)
{
    (void)panel, (void)cols, (void)room;
    return 0; // the page stays whole
}

static void hints_draw(struct panel *panel, struct canvas *c, int row, int rows)
{
    struct hints *h = (struct hints *)panel;
    (void)row, (void)rows;
    char typed[24], number[24];
    int len = h->typed ? snprintf(typed, sizeof typed, "%zu", h->typed) : 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct hint *at = &h->items[i];
        int digits = snprintf(number, sizeof number, "%zu", i + 1);
        if (len && strncmp(number, typed, (size_t)len) != 0)
            continue; // cannot be meant any more
        int col = at->col, most = canvas_cols(c) - digits;
        col = col < most ? col : most < 0 ? 0 : most;
        canvas_str(c, at->row, col, digits, number, (struct style){ROLE_TEXT, MARK_HINT});
    }
}

static void hints_status(struct panel *panel, struct buf *left, struct buf *right)
{
    static const char *const deeds[] = {"Open link", "Copy address of link",
                                        "Show address of link"};
    struct hints *h = (struct hints *)panel;
    buf_printf(left, "%s: ", deeds[h->deed]);
    if (h->typed)
        buf_printf(left, "%zu", h->typed);
    if (panel->ui->cols >= 60)
        buf_printf(right, "1-%zu %s o opens %s y copies %s s shows", h->n,
                   ui_glyph(panel->ui, GLYPH_DOT), ui_glyph(panel->ui, GLYPH_DOT),
                   ui_glyph(panel->ui, GLYPH_DOT));
}

// The words that carry the link, for those who are told that it was opened.
static char *words_of(const struct doc *d, uint32_t link)
{
    for (uint32_t i = 0; i < d->nspans; i++) {
        const struct doc_span *s = &d->spans[i];
        if (s->kind == SPAN_LINK && s->ref == link)
            return utf8_clean_dup(d->text + s->off, s->len, UTF8_LINE);
    }
    return mem_strdup(d->links[link].title ? d->links[link].title : "(picture)");
}

// The panel is gone afterwards.
static void follow(struct ui *u, struct view *reader, const struct doc *d, uint32_t link,
                   enum deed deed)
{
    uint32_t target = d->links[link].target;
    const char *url = d->links[link].url; // the essay's, which stays
    char *words = words_of(d, link);
    ui_panel(u, NULL);
    if (target != DOC_NONE && deed == DEED_OPEN)
        reader_show(reader, target);
    else if (!url || !*url)
        ui_hint(u, "This link leads to a place in this essay");
    else if (deed == DEED_COPY)
        item_copy(u, url);
    else if (deed == DEED_SHOW)
        item_handoff(u, url, words);
    else
        item_browse(u, url, words);
    free(words);
}

static void follow_item(struct hints *h, size_t item)
{
    follow(h->panel.ui, h->reader, h->doc, h->items[item].link, h->deed);
}

bool hints_click(struct ui *u, struct view *reader, const struct layout *l, size_t line, int col)
{
    const struct line *on = &l->lines[line];
    int at = l->margin + on->indent;
    for (uint32_t k = 0; k < on->nruns; k++) {
        const struct run *r = &l->runs[on->run + k];
        if (col >= at && col < at + r->cols) {
            uint32_t note = r->note;
            if (note < l->doc->nnotes && l->doc->notes[note].block != DOC_NONE)
                ui_panel(u, peek_new(u, l, &note, 1));
            else if (r->link < l->doc->nlinks)
                follow(u, reader, l->doc, r->link, DEED_OPEN);
            else
                return false;
            return true;
        }
        at += r->cols;
    }
    return false;
}

static bool hints_key(struct panel *panel, int key)
{
    struct hints *h = (struct hints *)panel;
    if (key >= '0' && key <= '9') {
        size_t typed = h->typed * 10 + (size_t)(key - '0');
        if (typed < 1 || typed > h->n) {
            ui_hint(panel->ui, "There is no link %zu on this page", typed);
            return true;
        }
        h->typed = typed;
        if (typed * 10 > h->n) // no longer number begins so
            follow_item(h, typed - 1);
        return true;
    }
    switch (key) {
    case '\r':
    case '\n':
    case KEYS_ENTER:
        if (h->typed)
            follow_item(h, h->typed - 1);
        return true;
    case 127:
    case 8:
    case KEYS_BACKSPACE:
        if (!h->typed)
            return false;
        h->typed /= 10;
        return true;
    case 'o':
        h->deed = DEED_OPEN;
        return true;
    case 'y':
    case 'c':
        h->deed = DEED_COPY;
        return true;
    case 's':
        h->deed = DEED_SHOW;
        return true;
    case 'f':
        return false;
    default:
        return !panel_closes(key);
    }
}

static void hints_free(struct panel *panel)
{
    free(((struct hints *)panel)->items);
    free(panel);
}

struct panel *hints_new(struct ui *u, struct view *reader, const struct layout *l, size_t first,
                        size_t end, int row)
{
    static const struct panel_ops ops = {
        .height = hints_height,
        .draw = hints_draw,
        .status = hints_status,
        .key = hints_key,
        .free = hints_free,
    };
    struct hints *h = mem_alloc(sizeof *h);
    size_t cap = 0;
    h->panel = (struct panel){.ops = &ops, .ui = u, .of_page = true};
    h->reader = reader;
    h->doc = l->doc;
    for (size_t i = first; i < end; i++, row++) {
        int col = l->margin + l->lines[i].indent;
        for (uint32_t k = 0; k < l->lines[i].nruns; k++) {
            const struct run *r = &l->runs[l->lines[i].run + k];
            bool seen = r->link >= l->doc->nlinks;
            for (size_t j = 0; j < h->n && !seen; j++)
                seen = h->items[j].link == r->link;
            if (!seen) {
                h->items = mem_grow(h->items, &cap, h->n + 1, sizeof *h->items);
                h->items[h->n++] = (struct hint){row, col, r->link};
            }
            col += r->cols;
        }
    }
    if (h->n)
        return &h->panel;
    hints_free(&h->panel);
    return NULL;
}
