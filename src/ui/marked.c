// A look at a highlight: its words, its note, and what can be done to it.
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "panel.h"

struct marked {
    struct panel panel;
    struct view *reader;
    struct arena *arena;
    struct highlight h;
};

static bool load(struct marked *m, int64_t id)
{
    struct arena *a = arena_new();
    struct highlight h;
    if (!store_highlight_rows(m->panel.ui->set.store, &id, 1, a, &h, NULL) || !h.id) {
        arena_free(a);
        return false;
    }
    arena_free(m->arena);
    m->arena = a;
    m->h = h;
    return true;
}

static int text_cols(const struct ui *u)
{
    return u->cols - (u->cols >= 40 ? 6 : 0);
}

static int marked_height(struct panel *panel, int cols, int room)
{
    struct marked *m = (struct marked *)panel;
    const struct ui *u = panel->ui;
    (void)cols;
    int quote = ui_put_words(u, NULL, 0, 0, text_cols(u), 3, m->h.quote, STYLE(TEXT), NULL);
    int note = m->h.note ? ui_put_words(u, NULL, 0, 0, text_cols(u), room / 2, m->h.note,
                                        STYLE(TEXT), NULL)
                         : 0;
    int all = 3 + quote + note;
    return all < room ? all : room;
}

static void marked_draw(struct panel *panel, struct canvas *c, int row, int rows)
{
    struct marked *m = (struct marked *)panel;
    struct ui *u = panel->ui;
    int edge = u->cols >= 40 ? 3 : 0, end = row + rows;
    struct buf head = {0}, when = {0};
    int quote = rows >= 8 ? 3 : rows >= 6 ? 2 : 1; // the note is what one looks for
    if (rows > 3)
        panel_rule(u, c, row++);
    when_long(u->when, m->h.made, &when);
    buf_printf(&head, "%s, %s", highlight_colours[m->h.colour], buf_cstr(&when));
    canvas_cursor(c, row, edge);
    if (rows > 4)
        ui_put(u, c, row++, edge, u->cols - edge, head.data, STYLE(LIST_DIM));
    row += ui_put_words(u, c, row, edge, text_cols(u), quote, m->h.quote, STYLE(QUOTE), NULL);
    if (row < end && m->h.note)
        row += ui_put_words(u, c, row, edge, text_cols(u), end - row, m->h.note, STYLE(NOTE), NULL);
    if (row < end)
        ui_put(u, c, row, edge, u->cols - edge,
               u->cols >= 60 ? "n note  c colour  D remove  y copy  Tab next  q back"
                             : "n note c colour D remove",
               STYLE(LIST_DIM));
    buf_free(&head);
    buf_free(&when);
}

static bool go(struct marked *m, int dir)
{
    int64_t id = reader_marked_step(m->reader, m->h.id, dir);
    if (!id || !load(m, id))
        return false;
    reader_show(m->reader, m->h.from);
    return true;
}

static bool marked_key(struct panel *panel, int key)
{
    struct marked *m = (struct marked *)panel;
    struct ui *u = panel->ui;
    int64_t id = m->h.id;
    switch (key) {
    case 'n':
    case 'a':
        ui_panel(u, NULL);
        highlight_ask(u, id);
        return true;
    case 'c':
        if (ui_may_write(u))
            highlight_colour(u, id, ((int)m->h.colour + 1) % HIGHLIGHT_COLOUR_COUNT);
        return load(m, id);
    case 'D':
    case 'd':
    case 'x':
        if (ui_may_write(u))
            highlight_drop(u, &m->h);
        return false;
    case 'y':
        item_copy_text(u, m->h.quote);
        return false;
    case '\t':
    case KEYS_TAB:
    case ')':
    case '\r':
    case '\n':
    case KEYS_ENTER:
        return go(m, 1);
    case KEYS_BACKTAB:
    case '(':
        return go(m, -1) || true;
    default:
        return !panel_closes(key);
    }
}

static void marked_free(struct panel *panel)
{
    arena_free(((struct marked *)panel)->arena);
    free(panel);
}

struct panel *marked_new(struct ui *u, struct view *reader, int64_t id)
{
    static const struct panel_ops ops = {
        .height = marked_height, .draw = marked_draw, .key = marked_key, .free = marked_free};
    struct marked *m = mem_alloc(sizeof *m);
    m->panel = (struct panel){.ops = &ops, .ui = u};
    m->reader = reader;
    if (load(m, id))
        return &m->panel;
    marked_free(&m->panel);
    return NULL;
}
