// The links of an essay, in its order, each once: the words that carry it and where it leads. Open
// it, copy it, or go to the place when it leads to one in the same essay.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/doc.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct link {
    char *words;
    const char *url;
    uint32_t target;
};
struct links {
    struct view view;
    struct arena *arena;
    struct link *items;
    struct list list;
};

static void links_resize(struct view *view)
{
    struct links *v = (struct links *)view;
    list_set(&v->list, v->list.n, ui_list_rows(view->ui));
}

static const char *where_to(const struct link *l)
{
    return l->target != DOC_NONE ? "in this essay" : l->url ? l->url : "";
}

static void links_draw(struct view *view, struct canvas *c)
{
    struct links *v = (struct links *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    char figure[32];
    ui_list_block(u, &left, &width);
    snprintf(figure, sizeof figure, "%zu", v->list.n);
    ui_head(u, c, "Links", figure);
    canvas_cursor(c, row, left);
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct link *l = &v->items[i];
        int digits = v->list.n >= 100 ? 4 : v->list.n >= 10 ? 3 : 2, at = digits + 2;
        snprintf(figure, sizeof figure, "%zu", i + 1);
        ui_put_right(u, c, row, left + digits, digits, figure, STYLE(LIST_DIM));
        int room = width - at - 1, words = room >= 50 ? room * 9 / 20 : room;
        ui_put(u, c, row, left + at, words, l->words, STYLE(LIST_TITLE));
        if (room >= 50)
            ui_put(u, c, row, left + at + words + 2, room - words - 2, where_to(l),
                   STYLE(LIST_DIM));
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + at);
        }
    }
}

static void links_status(struct view *view, struct buf *left, struct buf *right)
{
    struct links *v = (struct links *)view;
    (void)right;
    buf_str(left, where_to(&v->items[v->list.cursor]));
}

static bool links_act(struct view *view, enum action a, int count)
{
    struct links *v = (struct links *)view;
    struct ui *u = view->ui;
    const struct link *l = &v->items[v->list.cursor];
    if (list_act(&v->list, a, count, NULL))
        return true;
    struct view *reader = ui_below(u, view, VIEW_READER);
    switch (a) {
    case ACT_OPEN:
    case ACT_BROWSER:
        if (l->target != DOC_NONE && reader) {
            uint32_t target = l->target;
            ui_pop(u); // v is gone
            reader_show(reader, target);
        } else {
            item_browse(u, l->url, l->words);
        }
        return true;
    case ACT_COPY:
    case ACT_HANDOFF:
        item_address(u, a, l->url, l->words);
        return true;
    default:
        return false;
    }
}

static bool link_has(struct view *view, size_t i, const char *what)
{
    const struct link *l = &((struct links *)view)->items[i];
    return ui_contains(l->words, what) || ui_contains(where_to(l), what);
}

static void links_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct links *)view)->list, what, dir, link_has, "No link here has");
}

static void links_free(struct view *view)
{
    struct links *v = (struct links *)view;
    arena_free(v->arena);
    free(v);
}

struct view *links_new(struct ui *u, const struct doc *d, uint32_t from)
{
    static const struct view_ops ops = {
        .kind = VIEW_LINKS,
        .act = links_act,
        .draw = links_draw,
        .status = links_status,
        .resize = links_resize,
        .find = links_find,
        .free = links_free,
    };
    struct links *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->arena = arena_new();
    v->items = arena_alloc(v->arena, (d->nlinks + 1) * sizeof *v->items);
    bool *seen = mem_array(d->nlinks + 1, sizeof *seen);
    size_t n = 0, at = SIZE_MAX;
    for (uint32_t i = 0; i < d->nspans; i++) {
        const struct doc_span *s = &d->spans[i];
        if (s->kind != SPAN_LINK || s->ref >= d->nlinks || seen[s->ref])
            continue;
        seen[s->ref] = true;
        if (at == SIZE_MAX && s->off >= from)
            at = n;
        char *words = utf8_clean_dup(d->text + s->off, s->len, UTF8_LINE);
        v->items[n++] =
            (struct link){arena_strdup(v->arena, words),
                          arena_strdup(v->arena, d->links[s->ref].url), d->links[s->ref].target};
        free(words);
    }
    for (uint32_t i = 0; i < d->nlinks; i++) // of pictures and cards
        if (!seen[i])
            v->items[n++] = (struct link){
                arena_strdup(v->arena, d->links[i].title ? d->links[i].title : "(picture)"),
                arena_strdup(v->arena, d->links[i].url), d->links[i].target};
    free(seen);
    list_set(&v->list, n, ui_list_rows(u));
    if (at != SIZE_MAX)
        list_go(&v->list, at);
    return &v->view;
}
