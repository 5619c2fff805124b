// The contents of an essay: its headings as a list, each with how far in it stands and how long it
// takes; Enter goes there.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/doc.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct stop {
    char *words;
    uint32_t off;
    int depth; // 0 for the essay's title, its notes, and headings of the first level
    int percent, minutes;
};
struct outline {
    struct view view;
    struct arena *arena;
    struct stop *stops;
    struct list list;
};

static void outline_resize(struct view *view)
{
    struct outline *v = (struct outline *)view;
    list_set(&v->list, v->list.n, ui_list_rows(view->ui));
}

static void outline_draw(struct view *view, struct canvas *c)
{
    struct outline *v = (struct outline *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    ui_head(u, c, "Contents of this essay", "");
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct stop *s = &v->stops[i];
        int at = left + 1 + (width >= 30 ? 3 : 1) * s->depth, used = 0;
        struct buf figure = {0};
        if (width >= 50)
            buf_printf(&figure, "%3d%% %7d min", s->percent, s->minutes);
        else if (width >= 30)
            buf_printf(&figure, "%3d%%", s->percent);
        if (figure.len)
            used =
                2 + ui_put_right(u, c, row, left + width - 1, width, figure.data, STYLE(LIST_DIM));
        ui_put(u, c, row, at, left + width - 1 - used - at, s->words, STYLE(LIST_TITLE));
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, at);
        }
        buf_free(&figure);
    }
}

static bool outline_act(struct view *view, enum action a, int count)
{
    struct outline *v = (struct outline *)view;
    struct ui *u = view->ui;
    if (list_act(&v->list, a, count, NULL))
        return true;
    if (a != ACT_OPEN)
        return false;
    struct view *reader = ui_below(u, view, VIEW_READER);
    uint32_t off = v->stops[v->list.cursor].off;
    ui_pop(u); // v is gone
    if (reader)
        reader_go(reader, off);
    return true;
}

static bool stop_has(struct view *view, size_t i, const char *what)
{
    return ui_contains(((struct outline *)view)->stops[i].words, what);
}

static void outline_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct outline *)view)->list, what, dir, stop_has, "No heading has");
}

static void outline_free(struct view *view)
{
    struct outline *v = (struct outline *)view;
    arena_free(v->arena);
    free(v);
}

static uint32_t words_between(const struct doc *d, uint32_t from, uint32_t to)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++)
        n += (unsigned char)d->text[i] > ' ' && (i == 0 || (unsigned char)d->text[i - 1] <= ' ');
    return n;
}

static void add(struct outline *v, const char *words, size_t len, uint32_t off, int depth)
{
    char *clean = utf8_clean_dup(words, len, UTF8_LINE);
    v->stops[v->list.n++] = (struct stop){arena_strdup(v->arena, clean), off, depth, 0, 0};
    free(clean);
}

struct view *outline_new(struct ui *u, const struct doc *d, const char *title, uint32_t place)
{
    static const struct view_ops ops = {
        .kind = VIEW_OUTLINE,
        .act = outline_act,
        .draw = outline_draw,
        .resize = outline_resize,
        .find = outline_find,
        .free = outline_free,
    };
    struct outline *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->arena = arena_new();
    size_t most = 2;
    for (uint32_t i = 0; i < d->nblocks; i++)
        most += d->blocks[i].kind == BLOCK_HEADING;
    v->stops = arena_alloc(v->arena, most * sizeof *v->stops);
    uint32_t notes = d->len;
    for (uint32_t i = 0; i < d->nnotes; i++)
        if (d->notes[i].block != DOC_NONE && d->blocks[d->notes[i].block].off < notes)
            notes = d->blocks[d->notes[i].block].off;
    add(v, title, strlen(title), 0, 0);
    for (uint32_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *b = &d->blocks[i];
        if (b->kind == BLOCK_HEADING && b->len && b->off < notes)
            add(v, d->text + b->off, b->len, b->off, b->level > 1 ? b->level - 1 : 0);
    }
    if (notes < d->len)
        add(v, "Notes", 5, notes, 0);
    if (v->list.n < 2) {
        outline_free(&v->view);
        return NULL;
    }
    size_t at = 0;
    for (size_t i = 0; i < v->list.n; i++) {
        struct stop *s = &v->stops[i];
        uint32_t end = i + 1 < v->list.n ? v->stops[i + 1].off : d->len;
        s->percent = d->len ? (int)(100.0 * s->off / d->len) : 0;
        s->minutes = doc_minutes(words_between(d, s->off, end));
        if (s->off <= place)
            at = i;
    }
    list_set(&v->list, v->list.n, ui_list_rows(u));
    list_go(&v->list, at);
    return &v->view;
}
