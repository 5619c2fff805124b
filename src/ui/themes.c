// Trying themes on: a short list over the bottom of whatever is shown. Where the cursor stands, the
// whole screen looks at once; Enter keeps it until the end, all else takes the old one back.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/theme.h"
#include "list.h"
#include "panel.h"

struct themes {
    struct panel panel;
    struct arena *arena;
    struct theme_entry *items;
    struct list list;
    char *before; // what was worn when it opened; NULL: the choice is made
};

static const char *worn(const struct ui *u)
{
    return conf_str(u->set.conf, CONF_THEME);
}

// As `:theme NAME`, without a word when it goes well.
static void wear(struct ui *u, const char *name)
{
    struct err e = ERR_INIT, again = ERR_INIT;
    char *before = mem_strdup(worn(u));
    if (!conf_set(u->set.conf, "theme", name, &e)) {
        ui_message(u, true, "%s", e.msg);
    } else if (u->set.changed && !u->set.changed(u->set.ctx, "theme", &e)) {
        conf_set(u->set.conf, "theme", before, &again);
        ui_message(u, true, "%s", e.msg);
    }
    u->dirty = true;
    free(before);
}

// As many as there are, but at least half of the page stays to be looked at.
static int themes_height(struct panel *p, int cols, int room)
{
    int all = (int)((struct themes *)p)->list.n + 2, most = room / 2;
    (void)cols;
    return all < most ? all : most < 4 ? 4 : most;
}

static void themes_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    struct themes *v = (struct themes *)p;
    struct ui *u = p->ui;
    int edge = u->cols >= 40 ? 3 : 0, heads = rows >= 4 ? 2 : rows >= 2 ? 1 : 0, names = 0;
    int width = u->cols - 2 * edge;
    if (heads)
        panel_rule(u, c, row);
    if (heads == 2)
        ui_put(u, c, row + 1, edge, width, "Themes", STYLE(VIEW_TITLE));
    list_set(&v->list, v->list.n, (size_t)(rows - heads > 0 ? rows - heads : 1));
    row += heads;
    for (size_t i = 0; i < v->list.n; i++) {
        int cols = ui_cols_of(u, v->items[i].name);
        names = cols > names ? cols : names;
    }
    names = names > width / 2 ? width / 2 : names;
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        ui_put(u, c, row, edge, width >= 60 ? names : width, v->items[i].name, STYLE(LIST_TITLE));
        if (width >= 60)
            ui_put(u, c, row, edge + names + 2, width - names - 2, v->items[i].about,
                   STYLE(LIST_DIM));
        if (i == v->list.cursor) {
            canvas_mark(c, row, edge, width, MARK_CURRENT);
            canvas_cursor(c, row, edge);
        }
    }
}

static void themes_status(struct panel *p, struct buf *left, struct buf *right)
{
    (void)p, (void)right;
    buf_str(left, "Enter keeps it, q the old one");
}

static enum action move_of(int key)
{
    switch (key) {
    case 'j':
    case KEYS_DOWN:
        return ACT_DOWN;
    case 'k':
    case KEYS_UP:
        return ACT_UP;
    case ' ':
    case KEYS_PAGE_DOWN:
        return ACT_PAGE_DOWN;
    case KEYS_PAGE_UP:
    case KEYS_BACKSPACE:
        return ACT_PAGE_UP;
    case 'g':
    case KEYS_HOME:
        return ACT_TOP;
    case 'G':
    case KEYS_END:
        return ACT_BOTTOM;
    default:
        return ACT_NONE;
    }
}

static bool themes_key(struct panel *p, int key)
{
    struct themes *v = (struct themes *)p;
    struct ui *u = p->ui;
    enum action a = key == 'T' ? ACT_DOWN : move_of(key);
    size_t was = v->list.cursor;
    if (key == 'T' && was + 1 == v->list.n) // the key that opens it goes round
        a = ACT_TOP;
    if (a != ACT_NONE) {
        list_act(&v->list, a, 0, NULL);
        if (v->list.cursor != was)
            wear(u, v->items[v->list.cursor].name);
        return true;
    }
    if (key == '\r' || key == '\n' || key == KEYS_ENTER) {
        free(v->before);
        v->before = NULL;
        ui_hint(u, "theme is %s for now; `:always theme` keeps it", worn(u));
        return false;
    }
    return !panel_closes(key);
}

static void themes_free(struct panel *p)
{
    struct themes *v = (struct themes *)p;
    if (v->before && strcmp(v->before, worn(p->ui)) != 0)
        wear(p->ui, v->before);
    free(v->before);
    arena_free(v->arena);
    free(v);
}

struct panel *themes_new(struct ui *u)
{
    static const struct panel_ops ops = {.height = themes_height,
                                         .draw = themes_draw,
                                         .status = themes_status,
                                         .key = themes_key,
                                         .free = themes_free};
    struct themes *v = mem_alloc(sizeof *v);
    struct theme_entry *all;
    v->panel = (struct panel){.ops = &ops, .ui = u};
    v->arena = arena_new();
    v->before = mem_strdup(worn(u));
    size_t n = theme_list(v->arena, &all), at = 0;
    while (at < n && strcmp(all[at].name, worn(u)) != 0)
        at++;
    v->items = arena_alloc(v->arena, (n + 1) * sizeof *v->items);
    bool path = at == n; // one that is worn by its path stands first
    if (path) {
        v->items[0] = (struct theme_entry){arena_strdup(v->arena, worn(u)), "", NULL, true};
        at = 0;
    }
    memcpy(v->items + path, all, n * sizeof *all);
    list_set(&v->list, n + path, n + path);
    list_go(&v->list, at);
    return &v->panel;
}
