// A look at a note without leaving the page: its lines as they are set at the end of the essay, in
// a window below.
#include <stdlib.h>
#include <string.h>

#include "lectern/layout.h"
#include "lectern/mem.h"
#include "line.h"
#include "panel.h"

struct peek {
    struct panel panel;
    const struct layout *layout;
    uint32_t *notes;
    size_t n, at;
    size_t top; // of the note's lines, when it is longer than the window
    size_t shown;
};

// The lines of a note: first and one past the last.
static void note_lines(const struct peek *p, size_t *first, size_t *end)
{
    const struct doc *d = p->layout->doc;
    uint32_t block = d->notes[p->notes[p->at]].block,
             last = block < d->nblocks ? d->blocks[block].end : 0;
    *first = *end = 0;
    for (size_t i = 0; i < p->layout->nlines; i++) {
        const struct line *l = &p->layout->lines[i];
        if (l->block == DOC_NONE || l->block < block || l->block >= last || l->flags & LINE_BLANK)
            continue;
        if (!*end)
            *first = i;
        *end = i + 1;
    }
}

static int peek_height(struct panel *panel, int cols, int room)
{
    struct peek *p = (struct peek *)panel;
    (void)cols;
    size_t first, end;
    note_lines(p, &first, &end);
    size_t want = end - first + 2, most = room >= 12 ? (size_t)room * 2 / 3 : (size_t)room;
    return (int)(want < most ? want : most);
}

static void peek_draw(struct panel *panel, struct canvas *c, int row, int rows)
{
    struct peek *p = (struct peek *)panel;
    struct ui *u = panel->ui;
    size_t first, end;
    note_lines(p, &first, &end);
    int text = rows - (rows > 2) - (rows > 3);
    if (rows > 2)
        panel_rule(u, c, row++);
    p->shown = (size_t)text;
    size_t n = end - first;
    if (p->top + p->shown > n)
        p->top = n > p->shown ? n - p->shown : 0;
    canvas_cursor(c, row, p->layout->margin);
    for (int i = 0; i < text && first + p->top + (size_t)i < end; i++)
        line_draw(c, row + i, p->layout, first + p->top + (size_t)i, NULL, 0);
    if (rows > 3) {
        struct buf foot = {0};
        if (p->top + p->shown < n)
            buf_str(&foot, u->set.ascii ? "more j  " : "more ↓  ");
        if (p->n > 1)
            buf_printf(&foot, "%zu/%zu  next %s  ", p->at + 1, p->n, u->set.ascii ? "Enter" : "⏎");
        buf_str(&foot, "q");
        ui_put_right(u, c, row + text, u->cols - (u->cols >= 40 ? 2 : 0), u->cols, foot.data,
                     STYLE(LIST_DIM));
        buf_free(&foot);
    }
}

static bool peek_key(struct panel *panel, int key)
{
    struct peek *p = (struct peek *)panel;
    size_t first, end;
    note_lines(p, &first, &end);
    switch (key) {
    case '\r':
    case '\n':
    case 'n':
    case KEYS_ENTER:
    case KEYS_TAB:
    case '\t':
        p->top = 0;
        return ++p->at < p->n;
    case 'p':
    case KEYS_BACKTAB:
        p->top = 0;
        p->at -= p->at > 0;
        return true;
    case 'j':
    case KEYS_DOWN:
        p->top += p->top + p->shown < end - first;
        return true;
    case 'k':
    case KEYS_UP:
        p->top -= p->top > 0;
        return true;
    case ' ':
    case KEYS_PAGE_DOWN:
        if (p->top + p->shown >= end - first)
            return false;
        p->top += p->shown;
        return true;
    default:
        return !panel_closes(key);
    }
}

static void peek_free(struct panel *panel)
{
    free(((struct peek *)panel)->notes);
    free(panel);
}

struct panel *peek_new(struct ui *u, const struct layout *l, const uint32_t *notes, size_t n)
{
    static const struct panel_ops ops = {
        .height = peek_height, .draw = peek_draw, .key = peek_key, .free = peek_free};
    struct peek *p = mem_alloc(sizeof *p);
    p->panel = (struct panel){.ops = &ops, .ui = u, .of_page = true};
    p->layout = l;
    p->notes = mem_array(n, sizeof *p->notes);
    memcpy(p->notes, notes, n * sizeof *p->notes);
    p->n = n;
    return &p->panel;
}
