// The keys of a view, made of the table of actions and the bindings as they are, the reader's own
// first; then what can be typed behind `:`, and the keys of the other views. What is typed behind
// `/` leaves only the lines that have it.
#include <stdlib.h>
#include <string.h>

#include "ex.h"
#include "list.h"
#include "lectern/match.h"
#include "prompt.h"
#include "lectern/utf8.h"

struct help_row {
    const char *heading;     // else NULL
    const char *keys, *what; // of a line
    const char *also;        // words it is found by: the action's name
    int cols;                // of keys
};
struct help {
    struct view view;
    enum view_kind of;
    struct arena *arena;
    struct help_row *rows;
    size_t n, cap;
    size_t *shown; // rows that have what is looked for; SIZE_MAX: an empty line
    size_t shown_cap;
    char *about; // "": all
    struct list list;
    int keys; // columns of the widest keys
};

// ---- rows ----

static struct help_row *add_row(struct help *v)
{
    v->rows = mem_grow(v->rows, &v->cap, v->n + 1, sizeof *v->rows);
    v->rows[v->n] = (struct help_row){NULL, "", "", "", 0};
    return &v->rows[v->n++];
}

// The heading goes before the first line that follows it.
static void add(struct help *v, const char **heading, const char *keys, const char *what,
                const char *also)
{
    if (*heading)
        add_row(v)->heading = *heading;
    *heading = NULL;
    struct help_row *r = add_row(v);
    r->keys = arena_strdup(v->arena, keys);
    r->what = what;
    r->also = also;
    r->cols = ui_cols_of(v->view.ui, keys);
}

static void add_macros(struct help *v, const char **heading, enum view_kind of)
{
    struct buf keys = {0};
    const char *does;
    for (size_t i = 0; keymap_macro(v->view.ui->set.keymap, of, i, &keys, &does); i++) {
        add(v, heading, keys.data, arena_strdup(v->arena, does), "");
        buf_clear(&keys);
    }
    buf_free(&keys);
}

static void add_actions(struct help *v)
{
    struct buf keys = {0};
    for (int g = 0; g < GROUP_COUNT; g++) {
        const char *heading = action_groups[g];
        for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
            buf_clear(&keys);
            if ((int)action_table[a].group == g)
                keymap_keys(v->view.ui->set.keymap, v->of, (enum action)a, &keys);
            if (keys.len)
                add(v, &heading, keys.data, action_table[a].what, action_table[a].name);
        }
    }
    buf_free(&keys);
}

static void add_commands(struct help *v)
{
    const char *heading = "Commands";
    for (size_t i = 0; i < ex_count; i++) {
        const struct ex_command *c = &ex_table[i];
        struct buf line = {0};
        buf_printf(&line, ":%s%s%s", c->name, *c->args ? " " : "", c->args);
        add(v, &heading, line.data, c->what, "");
        buf_free(&line);
    }
    add(v, &heading, ":12", "to line or page 12", "");
}

// Of another view only what is not the same here.
static void add_elsewhere(struct help *v, enum view_kind other)
{
    const struct keymap *k = v->view.ui->set.keymap;
    const char *heading = arena_printf(v->arena, "In %s", view_kind_title(other));
    struct buf here = {0}, there = {0};
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
        buf_clear(&here);
        buf_clear(&there);
        keymap_keys(k, v->of, (enum action)a, &here);
        keymap_keys(k, other, (enum action)a, &there);
        if (there.len && strcmp(buf_cstr(&here), buf_cstr(&there)) != 0)
            add(v, &heading, there.data, action_table[a].what, action_table[a].name);
    }
    add_macros(v, &heading, other);
    buf_free(&here);
    buf_free(&there);
}

static void add_keyless(struct help *v)
{
    const char *heading = "Without a key";
    struct buf keys = {0};
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
        buf_clear(&keys);
        for (int k = 0; k < VIEW_KIND_COUNT; k++)
            keymap_keys(v->view.ui->set.keymap, (enum view_kind)k, (enum action)a, &keys);
        if (keys.len == 0)
            add(v, &heading, arena_printf(v->arena, ":%s", action_table[a].name),
                action_table[a].what, "");
    }
    buf_free(&keys);
}

// ---- what is shown ----

static bool is_about(const struct help *v, const struct help_row *r)
{
    return !*v->about || ui_contains(r->what, v->about) || ui_contains(r->keys, v->about) ||
           ui_contains(r->also, v->about);
}

static void show_row(struct help *v, size_t *n, size_t row)
{
    v->shown = mem_grow(v->shown, &v->shown_cap, *n + 1, sizeof *v->shown);
    v->shown[(*n)++] = row;
}

static void filter(struct help *v, const char *about)
{
    free(v->about);
    v->about = utf8_clean_dup(about, strlen(about), UTF8_LINE);
    size_t n = 0, heading = SIZE_MAX;
    v->keys = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (v->rows[i].heading) {
            heading = i;
            continue;
        }
        if (!is_about(v, &v->rows[i]))
            continue;
        if (heading != SIZE_MAX && n)
            show_row(v, &n, SIZE_MAX);
        if (heading != SIZE_MAX)
            show_row(v, &n, heading);
        heading = SIZE_MAX;
        show_row(v, &n, i);
        // What is seen on other screens, or is a command, may be cut.
        if (v->rows[i].cols > v->keys && v->rows[i].cols <= 28)
            v->keys = v->rows[i].cols;
    }
    v->list.cursor = v->list.top = 0;
    list_set(&v->list, n, ui_list_rows(v->view.ui));
    v->view.ui->dirty = true;
}

static void typed(struct ui *u, struct view *view, const char *text)
{
    (void)u;
    if (view->ops->kind == VIEW_HELP)
        filter((struct help *)view, text ? text : "");
}

static void build(struct help *v)
{
    arena_free(v->arena);
    v->arena = arena_new();
    v->n = 0;
    const char *own = "Your own";
    add_macros(v, &own, v->of);
    add_actions(v);
    add_commands(v);
    for (int k = 0; k < VIEW_KIND_COUNT; k++)
        if ((enum view_kind)k != v->of)
            add_elsewhere(v, (enum view_kind)k);
    add_keyless(v);
}

static void help_resize(struct view *view)
{
    struct help *v = (struct help *)view;
    list_set(&v->list, v->list.n, ui_list_rows(v->view.ui));
}

// ---- drawing ----

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
    struct help *v = (struct help *)view;
    struct ui *u = view->ui;
    const char *find = ui_key_of(u, VIEW_HELP, ACT_SEARCH);
    const char *all = ui_key_of(u, VIEW_HELP, ACT_SEARCH_END);
    (void)right;
    if (*v->about && *all)
        buf_printf(left, "%s all keys  ", all);
    else if (*find && u->cols >= 30)
        buf_printf(left, "%s find  ", find);
    buf_printf(left, "%s back", ui_key_of(u, VIEW_HELP, ACT_BACK));
}

static void mark_found(const struct help *v, struct canvas *c, int row, int col, int cols,
                       const char *text)
{
    struct pattern p = pattern_new(v->about);
    struct match m;
    for (size_t from = 0; *v->about && match_next(&p, text, strlen(text), from, &m);
         from = m.off + m.len) {
        int at = utf8_cols(text, m.off), wide = utf8_cols(text + m.off, m.len);
        if (at + wide <= cols)
            canvas_mark(c, row, col + at, wide, MARK_MATCH);
    }
    pattern_free(&p);
}

static void help_draw(struct view *view, struct canvas *c)
{
    struct help *v = (struct help *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    struct buf title = {0}, right = {0}, text = {0};
    ui_list_block(u, &left, &width);
    buf_printf(&title, "Keys of %s", view_kind_title(v->of));
    if (*v->about && !u->prompt.edit)
        buf_printf(&right, "with “%s”", v->about);
    ui_head(u, c, title.data, buf_cstr(&right));
    canvas_cursor(c, row < ui_body(u) ? row : 0, left);
    int indent = width >= 48 ? 3 : 1, most = width / 3, keys = v->keys < most ? v->keys : most;
    if (v->list.n == 0)
        ui_put(u, c, row, left + indent, width - indent, "No key here is about that.",
               STYLE(LIST_DIM));
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct help_row *r = v->shown[i] == SIZE_MAX ? NULL : &v->rows[v->shown[i]];
        if (r && r->heading) {
            ui_put(u, c, row, left + indent, width - indent, r->heading, STYLE(LIST_DIM));
        } else if (r) {
            int at = indent + keys + 2;
            buf_clear(&text);
            buf_str(&text, r->keys);
            whole_keys(&text, keys);
            ui_put(u, c, row, left + indent, keys, buf_cstr(&text), STYLE(KEY));
            ui_put(u, c, row, left + at, width - at - 1, r->what, STYLE(TEXT));
            mark_found(v, c, row, left + at, width - at - 1, r->what);
        }
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + indent);
        }
    }
    buf_free(&text);
    buf_free(&title);
    buf_free(&right);
}

// ---- actions ----

static bool help_act(struct view *view, enum action a, int count)
{
    struct help *v = (struct help *)view;
    struct ui *u = view->ui;
    switch (a) {
    case ACT_HELP:
    case ACT_OPEN:
        return true;
    case ACT_SEARCH:
        prompt_open(
            u,
            &(struct prompt_kind){.label = "Find: ", .done = typed, .typed = typed, .history = '/'},
            v->about);
        return true;
    case ACT_SEARCH_END:
        if (*v->about)
            filter(v, "");
        else
            ui_pop(u); // v is gone
        return true;
    default:
        return list_act(&v->list, a, count, NULL);
    }
}

static void help_find(struct view *view, const char *what, int dir)
{
    if (dir == 0)
        filter((struct help *)view, what);
    ui_search_end(view->ui); // what is shown is what was found
}

static void help_free(struct view *view)
{
    struct help *v = (struct help *)view;
    arena_free(v->arena);
    free(v->rows);
    free(v->shown);
    free(v->about);
    free(v);
}

struct view *help_new(struct ui *u, enum view_kind of, const char *about)
{
    static const struct view_ops ops = {
        .kind = VIEW_HELP,
        .act = help_act,
        .draw = help_draw,
        .status = help_status,
        .resize = help_resize,
        .find = help_find,
        .free = help_free,
    };
    struct help *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->of = of;
    build(v);
    filter(v, about);
    return &v->view;
}
