// Wide screens can show where one came from beside what is read: the shelf, then the list, then the
// essay, as far as what is on top keeps a readable width. Each view is drawn on a canvas of its own
// width and knows nothing of its neighbours; keys are for the one on top.
#include "view.h"

enum { WIDE = 120, READABLE = 72, SHELF_COLS = 40, LIST_LEAST = 44, LIST_MOST = 64, GAP = 2 };

static bool wide(const struct ui *u)
{
    return u->side && u->all_cols >= WIDE && !ui_in_words(u);
}

static void give(struct ui *u, struct view *v, int left, int cols)
{
    v->left = left;
    if (v->cols == cols)
        return;
    v->cols = cols;
    u->cols = cols;
    if (v->ops->resize)
        v->ops->resize(v);
}

void panes_settle(struct ui *u)
{
    struct view *top = ui_top(u), *list = NULL, *shelf = NULL;
    int room = u->all_cols, left = 0, list_cols = room / 3;
    list_cols = list_cols < LIST_LEAST ? LIST_LEAST : list_cols > LIST_MOST ? LIST_MOST : list_cols;
    for (size_t i = 0; i < u->depth; i++)
        u->stack[i]->beside = false;
    if (wide(u) && top->ops->kind != VIEW_CONTENTS)
        list = ui_below(u, top, VIEW_CONTENTS);
    if (wide(u) && u->depth > 1)
        shelf = u->stack[0];
    if (list && room - list_cols - GAP >= READABLE)
        room -= list_cols + GAP;
    else
        list = NULL;
    if (shelf && room - SHELF_COLS - GAP >= READABLE) {
        shelf->beside = true;
        give(u, shelf, 0, SHELF_COLS);
        left = SHELF_COLS + GAP;
        room -= left;
    }
    if (list) {
        list->beside = true;
        give(u, list, left, list_cols);
        left += list_cols + GAP;
    }
    give(u, top, left, room);
    u->cols = top->cols;
}

void panes_draw(struct ui *u, struct canvas *c)
{
    if (!u->pane)
        u->pane = canvas_new(1, 1);
    for (size_t i = 0; i < u->depth; i++) {
        struct view *v = u->stack[i];
        if (!v->beside)
            continue;
        u->cols = v->cols;
        canvas_resize(u->pane, v->cols, u->rows);
        ui_draw_view(v, u->pane);
        canvas_blit(c, v->left, u->pane);
    }
    u->cols = ui_top(u)->cols;
}

void panes_switch(struct ui *u)
{
    u->side = !u->side;
    panes_settle(u);
    if (u->side && u->all_cols < WIDE)
        ui_hint(u, "Side by side where the screen has %d columns or more", WIDE);
    else
        ui_hint(u, u->side ? "Side by side" : "One view at a time");
}
