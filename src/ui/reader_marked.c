// Highlights on the page: their words marked, a sign beside the line where one with a note begins;
// ways from one to the next, and a look at those of the page.
#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/utf8.h"
#include "line.h"
#include "panel.h"
#include "reader.h"

void reader_marked_load(struct reader *r)
{
    struct arena *a = arena_new();
    struct highlight *all = NULL;
    size_t n = 0;
    if (essay_highlights(r->view.ui->set.store, r->id, r->doc, a, &all, &n, NULL)) {
        arena_free(r->marked_arena);
        r->marked_arena = a;
        r->marked = all;
        r->nmarked = n;
    } else {
        arena_free(a);
    }
}

// In the margin; where there is none, behind the line.
static void put_sign(const struct reader *r, struct canvas *c, int row, size_t line)
{
    const struct layout *l = r->layout;
    const struct line *ln = &l->lines[line];
    int col = l->margin + ln->indent;
    for (uint32_t i = 0; i < ln->nruns; i++)
        col += l->runs[ln->run + i].cols;
    canvas_str(c, row, l->margin >= 2 ? l->margin - 2 : col, 1, "*", STYLE(NOTE_LABEL));
}

void reader_marked_draw(const struct reader *r, struct canvas *c, int row, size_t line)
{
    const struct layout *l = r->layout;
    const struct line *ln = &l->lines[line];
    if (ln->flags & (LINE_HEAD | LINE_BLANK))
        return;
    for (size_t i = 0; i < r->nmarked && r->marked[i].from < ln->end; i++) {
        const struct highlight *h = &r->marked[i];
        if (h->gone || h->to <= ln->off)
            continue;
        line_mark(c, row, l, line, h->from, h->to, MARK_MARKED);
        if (h->note && h->from >= ln->off && !ui_in_words(r->view.ui))
            put_sign(r, c, row, line);
    }
}

// When it was kept, its tags, its note.
void reader_kept_told(const struct reader *r, struct buf *out)
{
    const struct ui *u = r->view.ui;
    const struct item_row *row = &r->item.row;
    const char *dot = u->set.ascii || ui_in_words(u) ? " - " : " · ";
    struct buf part = {0};
    if (r->id > 0 || !row->kept)
        return;
    when_long(u->when, row->kept, &part);
    buf_printf(out, "%skept %s", out->len ? dot : "", buf_cstr(&part));
    for (size_t i = 0; row->tags[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : dot, row->tags[i]);
    buf_free(&part);
    if (r->item.note) {
        enum { COLUMNS = 200 }; // the whole is a key away
        char *line = utf8_clean_dup(r->item.note, strlen(r->item.note), UTF8_LINE);
        buf_printf(out, "%snote: ", dot);
        utf8_ellipsize(out, line, strlen(line), COLUMNS, u->set.ascii);
        free(line);
    }
}

// Those of which something is on the page: [*first, *end) holds them, others may be between.
static size_t on_page(const struct reader *r, size_t *first)
{
    size_t end = reader_shown_end(r), n = 0;
    if (end <= r->top || !r->nmarked)
        return 0;
    uint32_t from = r->layout->lines[r->top].off, to = r->layout->lines[end - 1].end;
    for (size_t i = 0; i < r->nmarked; i++) {
        const struct highlight *h = &r->marked[i];
        if (h->gone || h->from >= to || h->to <= from)
            continue;
        if (n++ == 0)
            *first = i;
    }
    return n;
}

size_t reader_marked_words(const struct reader *r, struct buf *out)
{
    size_t first = 0, n = on_page(r, &first);
    if (n)
        buf_printf(out, "%zu highlight%s here", n, n == 1 ? "" : "s");
    return n;
}

static void step(struct reader *r, int dir)
{
    struct ui *u = r->view.ui;
    size_t at = r->nmarked;
    uint32_t here = r->marked_at != UINT32_MAX ? r->marked_at : r->place;
    bool exact = r->marked_at != UINT32_MAX;
    for (size_t i = 0; i < r->nmarked; i++) {
        const struct highlight *h = &r->marked[i];
        if (h->gone)
            continue;
        if (dir > 0 && (exact ? h->from > here : h->from >= here)) {
            at = i;
            break;
        }
        if (dir < 0 && h->from < here)
            at = i;
    }
    if (at == r->nmarked) {
        ui_hint(u,
                !r->nmarked ? "Nothing is highlighted in this essay: %s selects"
                : dir > 0   ? "No highlight further on"
                            : "No highlight before this",
                ui_key_of(u, VIEW_READER, ACT_SELECT));
        return;
    }
    reader_show_offset(r, r->marked[at].from);
    r->marked_at = r->marked[at].from;
    if (r->marked[at].note)
        ui_hint(u, "%s", r->marked[at].note);
}

bool reader_marked_act(struct reader *r, enum action a, int count)
{
    struct ui *u = r->view.ui;
    size_t first = 0;
    switch (a) {
    case ACT_SELECT:
        ui_panel(u, select_new(r));
        return true;
    case ACT_NEXT_HIGHLIGHT:
    case ACT_PREV_HIGHLIGHT:
        for (int i = 0; i < (count > 0 ? count : 1); i++)
            step(r, a == ACT_NEXT_HIGHLIGHT ? 1 : -1);
        return true;
    case ACT_HIGHLIGHT:
        if (on_page(r, &first))
            ui_panel(u, marked_new(u, &r->view, r->marked[first].id));
        else
            ui_hint(u, "No highlight on this page");
        return true;
    case ACT_HIGHLIGHTS:
        if (r->nmarked)
            ui_push(u, highlights_new(u, r->id));
        else
            ui_hint(u, "Nothing is highlighted in this essay: %s selects",
                    ui_key_of(u, VIEW_READER, ACT_SELECT));
        return true;
    default:
        return false;
    }
}

// The next highlight of the page after one (dir 1), or before it; 0: none.
int64_t reader_marked_step(const struct view *view, int64_t id, int dir)
{
    const struct reader *r = (const struct reader *)view;
    size_t at = 0;
    while (at < r->nmarked && r->marked[at].id != id)
        at++;
    if (at == r->nmarked)
        return 0;
    for (size_t i = at; dir > 0 ? ++i < r->nmarked : i-- > 0;)
        if (!r->marked[i].gone)
            return r->marked[i].id;
    return 0;
}
