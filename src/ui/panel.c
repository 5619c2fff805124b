// What the small windows share - a rule over them parts them from the page; all keys are theirs
// until they are gone - and the smallest of them: a short list to choose from.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "list.h"
#include "panel.h"

void panel_rule(struct ui *u, struct canvas *c, int row)
{
    int edge = u->cols >= 40 ? 2 : 0;
    canvas_fill(c, row, edge, u->cols - 2 * edge, ui_glyph(u, GLYPH_RULE), STYLE(LIST_DIM));
}

bool panel_closes(int key)
{
    return key == 'q' || key == 'h' || key == KEYS_ESCAPE || key == KEYS_LEFT || key == 3;
}

struct chooser {
    struct panel panel;
    char *head, *title;
    int64_t item;
    struct choice *items;
    struct list list;
};

static int chooser_height(struct panel *p, int cols, int room)
{
    (void)cols, (void)room;
    return (int)((struct chooser *)p)->list.n + 2;
}

static void chooser_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    struct chooser *h = (struct chooser *)p;
    struct ui *u = p->ui;
    int edge = u->cols >= 40 ? 3 : 0, heads = rows >= 4 ? 2 : rows >= 2 ? 1 : 0;
    if (heads)
        panel_rule(u, c, row);
    if (heads == 2)
        ui_put(u, c, row + 1, edge, u->cols - edge, h->head, STYLE(VIEW_TITLE));
    list_set(&h->list, h->list.n, (size_t)(rows - heads));
    row += heads;
    for (size_t i = h->list.top; i < list_end(&h->list); i++, row++) {
        char number[4] = {(char)('1' + i), ' ', ' ', 0};
        int at = edge + ui_put(u, c, row, edge, 3, number, STYLE(KEY));
        ui_put(u, c, row, at, u->cols - at, h->items[i].label, STYLE(LIST_TITLE));
        if (i == h->list.cursor) {
            canvas_mark(c, row, edge, u->cols - 2 * edge, MARK_CURRENT);
            canvas_cursor(c, row, edge);
        }
    }
}

static bool chooser_key(struct panel *p, int key)
{
    struct chooser *h = (struct chooser *)p;
    if (key >= '1' && key < '1' + (int)h->list.n) {
        list_go(&h->list, (size_t)(key - '1'));
        key = KEYS_ENTER;
    }
    switch (key) {
    case 'j':
    case KEYS_DOWN:
        list_act(&h->list, ACT_DOWN, 0, NULL);
        return true;
    case 'k':
    case KEYS_UP:
        list_act(&h->list, ACT_UP, 0, NULL);
        return true;
    case '\r':
    case '\n':
    case KEYS_ENTER: {
        struct choice *it = &h->items[h->list.cursor];
        struct ui *u = p->ui;
        int64_t item = h->item;
        char *url = mem_strdup(it->url), *title = mem_strdup(h->title),
             *head = mem_strdup(it->label);
        ui_panel(u, NULL); // another may take its place
        item_sound(u, item, url, title, head);
        free(url);
        free(title);
        free(head);
        return true;
    }
    default:
        return !panel_closes(key);
    }
}

static void chooser_free(struct panel *p)
{
    struct chooser *h = (struct chooser *)p;
    for (size_t i = 0; i < h->list.n; i++) {
        free(h->items[i].label);
        free(h->items[i].url);
    }
    free(h->items);
    free(h->head);
    free(h->title);
    free(h);
}

struct panel *choice_new(struct ui *u, int64_t item, const char *head, const char *title,
                         struct choice *items, size_t n)
{
    static const struct panel_ops ops = {
        .height = chooser_height, .draw = chooser_draw, .key = chooser_key, .free = chooser_free};
    struct chooser *h = mem_alloc(sizeof *h);
    h->panel = (struct panel){.ops = &ops, .ui = u};
    h->head = mem_strdup(head);
    h->title = mem_strdup(title);
    h->item = item;
    h->items = items;
    list_set(&h->list, n, n);
    return &h->panel;
}
