// Highlights as a list: those of an essay in its order, or all of the library, newest first. Enter
// opens the essay at the words; what is gone from its essay says so.
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct highlights {
    struct view view;
    int64_t item; // 0: all
    int64_t *ids;
    struct list list;
    struct arena *arena; // of the rows on the screen
    struct highlight *rows;
    size_t first, nrows;
};

static void load(struct highlights *v)
{
    struct ui *u = v->view.ui;
    struct err e = ERR_INIT;
    size_t n = 0;
    free(v->ids);
    v->ids = NULL;
    if (v->item) {
        struct arena *a = arena_new();
        struct highlight *all;
        if (store_highlights(u->set.store, v->item, a, &all, &n, &e)) {
            v->ids = mem_array(n, sizeof *v->ids);
            for (size_t i = 0; i < n; i++)
                v->ids[i] = all[i].id;
        }
        arena_free(a);
    } else if (!store_highlight_ids(u->set.store, &v->ids, &n, &e)) {
        ui_message(u, true, "%s", e.msg);
        n = 0;
    }
    list_set(&v->list, n, ui_list_rows(u));
    v->nrows = 0;
}

static const struct highlight *row_at(struct highlights *v, size_t i)
{
    static const struct highlight none = {.quote = "", .title = ""};
    if (i >= v->list.n)
        return &none;
    if (i < v->first || i >= v->first + v->nrows) {
        size_t n = 2 * v->list.rows, first = i > v->list.rows / 2 ? i - v->list.rows / 2 : 0;
        n = n < v->list.n - first ? n : v->list.n - first;
        arena_free(v->arena);
        v->arena = arena_new();
        v->rows = arena_alloc(v->arena, (n + 1) * sizeof *v->rows);
        v->first = first;
        v->nrows = n;
        if (!store_highlight_rows(v->view.ui->set.store, v->ids + first, n, v->arena, v->rows,
                                  NULL))
            memset(v->rows, 0, n * sizeof *v->rows);
    }
    const struct highlight *h = &v->rows[i - v->first];
    return h->id ? h : &none;
}

static void highlights_resize(struct view *view)
{
    struct highlights *v = (struct highlights *)view;
    list_set(&v->list, v->list.n, ui_list_rows(view->ui));
    v->nrows = 0;
}

static void highlights_refresh(struct view *view, bool all)
{
    (void)all;
    load((struct highlights *)view);
}

static void words_of(const struct highlights *v, const struct highlight *h, struct buf *out)
{
    char *quote =
        utf8_clean_dup(h->quote, strlen(h->quote) < 400 ? strlen(h->quote) : 400, UTF8_LINE);
    buf_printf(out, "%s, %s", quote, highlight_colours[h->colour]);
    if (h->note)
        buf_printf(out, ", note: %s", h->note);
    if (h->gone)
        buf_str(out, ", no longer in the essay");
    if (!v->item)
        buf_printf(out, ", %s%s", h->title, h->item ? "" : ", an essay that is gone");
    free(quote);
}

static void draw_row(struct highlights *v, struct canvas *c, int row, int left, int width,
                     const struct highlight *h)
{
    struct ui *u = v->view.ui;
    struct buf b = {0};
    if (ui_in_words(u)) {
        words_of(v, h, &b);
        ui_put(u, c, row, left, width, buf_cstr(&b), STYLE(LIST_TITLE));
        buf_free(&b);
        return;
    }
    int at = left + 1, right = left + width - 1, used = 0;
    const char *beside = h->gone    ? "gone"
                         : v->item  ? highlight_colours[h->colour]
                         : !h->item ? "essay gone"
                                    : NULL;
    if (width >= 60 && !v->item) {
        buf_printf(&b, "%s%s%s", h->title, beside ? ", " : "", beside ? beside : "");
        used = 2 + ui_put_right(u, c, row, right, width / 3, buf_cstr(&b), STYLE(LIST_DIM));
    } else if (width >= 30 && beside) {
        used = 2 + ui_put_right(u, c, row, right, width / 3, beside, STYLE(LIST_DIM));
    }
    if (h->note)
        canvas_str(c, row, at, 1, "*", STYLE(LIST_MARK));
    at += 2;
    char *quote =
        utf8_clean_dup(h->quote, strlen(h->quote) < 800 ? strlen(h->quote) : 800, UTF8_LINE);
    ui_put(u, c, row, at, right - used - at, quote,
           h->gone || !h->item ? STYLE(LIST_DIM) : STYLE(LIST_TITLE));
    free(quote);
    buf_free(&b);
}

static void highlights_draw(struct view *view, struct canvas *c)
{
    struct highlights *v = (struct highlights *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    struct buf right = {0};
    ui_list_block(u, &left, &width);
    buf_printf(&right, "%zu", v->list.n);
    ui_head(u, c, v->item ? "Highlights of this essay" : "Highlights", right.data);
    buf_free(&right);
    canvas_cursor(c, row, left);
    if (!v->list.n)
        ui_put_words(u, c, row, left + 1, width - 2, ui_body(u) - row,
                     "Nothing is highlighted yet. In an essay, v selects and Enter highlights.",
                     STYLE(LIST_DIM), NULL);
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        draw_row(v, c, row, left, width, row_at(v, i));
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + 1);
        }
    }
}

static void highlights_status(struct view *view, struct buf *left, struct buf *right)
{
    struct highlights *v = (struct highlights *)view;
    if (!v->list.n)
        return;
    const struct highlight *h = row_at(v, v->list.cursor);
    if (h->note)
        buf_str(left, h->note);
    else if (h->gone)
        buf_str(left, "These words are no longer in the essay");
    buf_printf(right, "%zu/%zu", v->list.cursor + 1, v->list.n);
}

static void open_at(struct highlights *v)
{
    struct ui *u = v->view.ui;
    struct highlight h = *row_at(v, v->list.cursor);
    struct err e = ERR_INIT;
    if (!h.id)
        return;
    if (v->item) {
        struct view *reader = ui_below(u, &v->view, VIEW_READER);
        uint32_t off = h.from;
        bool gone = h.gone;
        ui_pop(u); // v is gone
        if (reader)
            reader_go(reader, off);
        if (gone)
            ui_hint(u, "These words are no longer in the essay; they were about here");
        return;
    }
    if (!h.item) {
        ui_hint(u, "The essay is no longer in the library; its words are kept here");
        return;
    }
    struct view *reader = reader_new(u, h.item, &e);
    if (!reader) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    // It may have been changed since, and the words found elsewhere just now.
    int64_t id = h.id;
    uint32_t off = h.from;
    struct arena *a = arena_new();
    struct highlight now;
    if (store_highlight_rows(u->set.store, &id, 1, a, &now, NULL) && now.id) {
        off = now.from;
        if (now.gone)
            ui_hint(u, "These words are no longer in the essay; they were about here");
    }
    arena_free(a);
    ui_push(u, reader);
    reader_go(reader, off);
}

static bool highlights_act(struct view *view, enum action a, int count)
{
    struct highlights *v = (struct highlights *)view;
    struct ui *u = view->ui;
    if (list_act(&v->list, a, count, NULL))
        return true;
    const struct highlight *h = row_at(v, v->list.cursor);
    switch (a) {
    case ACT_OPEN:
        open_at(v);
        return true;
    case ACT_REMOVE:
        if (h->id && ui_may_write(u))
            highlight_drop(u, h);
        return true;
    case ACT_HIGHLIGHT:
        if (h->id)
            highlight_ask(u, h->id);
        return true;
    case ACT_COPY:
        if (h->id)
            item_copy_text(u, h->quote);
        return true;
    default:
        return false;
    }
}

static bool row_has(struct view *view, size_t i, const char *what)
{
    const struct highlight *h = row_at((struct highlights *)view, i);
    return ui_contains(h->quote, what) || ui_contains(h->title, what) ||
           (h->note && ui_contains(h->note, what));
}

static void highlights_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct highlights *)view)->list, what, dir, row_has, "No highlight has");
}

static void highlights_hand(struct view *view, struct hand *out)
{
    struct highlights *v = (struct highlights *)view;
    out->item = row_at(v, v->list.cursor)->item;
}

static void highlights_free(struct view *view)
{
    struct highlights *v = (struct highlights *)view;
    arena_free(v->arena);
    free(v->ids);
    free(v);
}

struct view *highlights_new(struct ui *u, int64_t item)
{
    static const struct view_ops ops = {
        .kind = VIEW_HIGHLIGHTS,
        .act = highlights_act,
        .draw = highlights_draw,
        .status = highlights_status,
        .resize = highlights_resize,
        .refresh = highlights_refresh,
        .find = highlights_find,
        .hand = highlights_hand,
        .free = highlights_free,
    };
    struct highlights *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->item = item;
    load(v);
    return &v->view;
}
