// The keys of a view, made of the table of actions and the bindings as they are - the reader's own
// included.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct help_row {
    const char *group; // a heading; else
    enum action action;
};
struct help {
    struct view view;
    enum view_kind of;
    struct help_row rows[2 * ACT_COUNT + 16];
    struct list list;
    int keys; // columns of the widest keys
};

static const struct {
    const char *name;
    enum action actions[16]; // up to NONE
} groups[] = {
    {"Going",
     {ACT_OPEN, ACT_BACK, ACT_NEXT_UNREAD, ACT_PREV_UNREAD, ACT_NEXT_ITEM, ACT_PREV_ITEM, ACT_NOTE,
      ACT_HINTS, ACT_LINKS, ACT_OUTLINE, ACT_SOURCE}},
    {"Moving",
     {ACT_DOWN, ACT_UP, ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_HALF_DOWN, ACT_HALF_UP, ACT_TOP, ACT_BOTTOM,
      ACT_NEXT_HEADING, ACT_PREV_HEADING, ACT_JUMP_BACK, ACT_JUMP_FORWARD, ACT_MARK, ACT_GO_MARK}},
    {"Doing",
     {ACT_BOOKMARK, ACT_AUDIO, ACT_BROWSER, ACT_COPY, ACT_TOGGLE_READ, ACT_MARK_ALL_READ,
      ACT_UNREAD_ONLY, ACT_WIDER, ACT_NARROWER, ACT_JUSTIFY, ACT_INDENT, ACT_UNDO}},
    {"Feeds", {ACT_ADD, ACT_FETCH, ACT_FETCH_ALL, ACT_FEED, ACT_REMOVE, ACT_SAMPLE, ACT_IMPORT}},
    {"Finding", {ACT_SEARCH, ACT_SEARCH_NEXT, ACT_SEARCH_PREV, ACT_SEARCH_END}},
    {"Lectern", {ACT_HELP, ACT_MESSAGES, ACT_REDRAW, ACT_QUIT}},
};

static bool grouped(enum action a)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t i = 0; groups[g].actions[i] != ACT_NONE; i++)
            if (groups[g].actions[i] == a)
                return true;
    return false;
}

static int keys_cols(struct help *v, enum action a, struct buf *out)
{
    buf_clear(out);
    keymap_keys(v->view.ui->set.keymap, v->of, a, out);
    return out->len ? ui_cols_of(v->view.ui, out->data) : 0;
}

static size_t add(struct help *v, size_t n, enum action a, const char **group)
{
    struct buf keys = {0};
    int cols = keys_cols(v, a, &keys);
    buf_free(&keys);
    if (!cols)
        return n;
    if (*group) {
        if (n)
            v->rows[n++] = (struct help_row){"", ACT_NONE};
        v->rows[n++] = (struct help_row){*group, ACT_NONE};
        *group = NULL;
    }
    if (cols > v->keys)
        v->keys = cols;
    v->rows[n++] = (struct help_row){NULL, a};
    return n;
}

static size_t list_rows(struct ui *u)
{
    int rows = ui_body(u) - ui_head_rows(u);
    return rows > 0 ? (size_t)rows : 1;
}

static void help_resize(struct view *view)
{
    struct help *v = (struct help *)view;
    list_set(&v->list, v->list.n, list_rows(view->ui));
}

// As many of "a, b, c" as go whole into that many columns.
static void whole_keys(struct buf *text, int cols)
{
    while (utf8_cols(text->data, text->len) > cols) {
        size_t at = text->len;
        while (at > 1 && !(text->data[at - 1] == ',' && text->data[at] == ' '))
            at--;
        if (at <= 1)
            return;
        text->data[text->len = at - 1] = '\0';
    }
}

static void help_status(struct view *view, struct buf *left, struct buf *right)
{
    (void)right;
    buf_printf(left, "%s back", ui_key_of(view->ui, VIEW_HELP, ACT_BACK));
}

static void help_draw(struct view *view, struct canvas *c)
{
    struct help *v = (struct help *)view;
    struct ui *u = view->ui;
    static const char *const titles[VIEW_KIND_COUNT] = {
        [VIEW_SHELF] = "Keys of the shelf",
        [VIEW_CONTENTS] = "Keys of a list of essays",
        [VIEW_READER] = "Keys of an essay",
        [VIEW_HELP] = "Keys of this page",
        [VIEW_MESSAGES] = "Keys of the messages",
        [VIEW_LINKS] = "Keys of the links",
        [VIEW_OUTLINE] = "Keys of an essay's contents",
        [VIEW_SOURCE] = "Keys of an essay's source",
    };
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    ui_head(u, c, titles[v->of], "");
    int indent = width >= 48 ? 3 : 1, most = width / 3, keys = v->keys < most ? v->keys : most;
    struct buf text = {0};
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct help_row *r = &v->rows[i];
        if (r->group) {
            ui_put(u, c, row, left + indent, width - indent, r->group, STYLE(LIST_DIM));
        } else {
            keys_cols(v, r->action, &text);
            whole_keys(&text, keys);
            ui_put(u, c, row, left + indent, keys, text.data, STYLE(KEY));
            int at = indent + keys + 2;
            ui_put(u, c, row, left + at, width - at - 1, action_table[r->action].what, STYLE(TEXT));
        }
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + indent);
        }
    }
    buf_free(&text);
}

static bool help_act(struct view *view, enum action a, int count)
{
    struct help *v = (struct help *)view;
    if (a == ACT_HELP || a == ACT_OPEN)
        return true;
    return list_act(&v->list, a, count, NULL);
}

static void help_find(struct view *view, const char *what, int dir)
{
    struct help *v = (struct help *)view;
    size_t n = v->list.n, at = v->list.cursor;
    struct buf keys = {0};
    for (size_t i = dir == 0 ? 0 : 1; i <= n && n; i++) {
        size_t k = (dir < 0 ? at + n - i % n : at + i) % n;
        if (v->rows[k].group)
            continue;
        keys_cols(v, v->rows[k].action, &keys);
        if (ui_contains(action_table[v->rows[k].action].what, what) ||
            ui_contains(buf_cstr(&keys), what)) {
            list_go(&v->list, k);
            buf_free(&keys);
            return;
        }
    }
    buf_free(&keys);
    ui_hint(view->ui, "No key here is about “%s”", what);
    ui_search_end(view->ui);
}

struct view *help_new(struct ui *u, enum view_kind of)
{
    static const struct view_ops ops = {
        .kind = VIEW_HELP,
        .act = help_act,
        .draw = help_draw,
        .status = help_status,
        .resize = help_resize,
        .find = help_find,
    };
    struct help *v = mem_alloc(sizeof *v);
    v->view = (struct view){&ops, u, FRESH};
    v->of = of;
    size_t n = 0;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        const char *name = groups[g].name;
        for (size_t i = 0; groups[g].actions[i] != ACT_NONE; i++)
            n = add(v, n, groups[g].actions[i], &name);
    }
    const char *more = "More";
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
        if (!grouped((enum action)a))
            n = add(v, n, (enum action)a, &more);
    list_set(&v->list, n, list_rows(u));
    return &v->view;
}
