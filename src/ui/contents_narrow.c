// Narrowing and sorting a list of essays: words that are followed as they are typed, one of four
// orders, what fits into the minutes there are, and a name for what is looked for again and again.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "lectern/mem.h"
#include "panel.h"
#include "prompt.h"

// ---- words ----

bool contents_set_filter(struct contents *v, const char *words, struct err *e)
{
    struct ui *u = v->view.ui;
    struct sieve *s = sieve_new(words, u->when, ui_now(u), e);
    if (!s)
        return false;
    bool none = sieve_empty(s);
    sieve_free(s);
    if (none ? !v->filter : v->filter && strcmp(v->filter, words) == 0)
        return true;
    free(v->filter);
    v->filter = none ? NULL : mem_strdup(words);
    contents_arrange(v);
    return true;
}

static struct contents *of(struct view *v)
{
    return v->ops->kind == VIEW_CONTENTS ? (struct contents *)v : NULL;
}

// While it is typed a word that is not understood yet changes nothing.
static void filter_typed(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    struct err e = ERR_INIT;
    (void)u;
    if (v)
        contents_set_filter(v, text ? text : v->before ? v->before : "", &e);
}

static void filter_done(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    struct err e = ERR_INIT;
    if (v && !contents_set_filter(v, text, &e))
        ui_message(u, true, "%s", e.msg);
}

static void ask_filter(struct contents *v)
{
    free(v->before);
    v->before = v->filter ? mem_strdup(v->filter) : NULL;
    prompt_open(v->view.ui,
                &(struct prompt_kind){.label = "Only: ",
                                      .done = filter_done,
                                      .typed = filter_typed,
                                      .complete = complete_filter,
                                      .history = '&'},
                v->filter ? v->filter : "");
}

static void fits_typed(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    struct err e = ERR_INIT;
    char words[64];
    char *end;
    long minutes = strtol(text, &end, 10);
    if (!v || !*text)
        return;
    if (end == text || minutes < 1 || minutes > 100000) {
        ui_hint(u, "Minutes are a number");
        return;
    }
    snprintf(words, sizeof words, "is:unread under:%ld", minutes);
    contents_set_filter(v, words, &e);
}

// ---- a name for it ----

static void save_typed(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    struct err e = ERR_INIT;
    struct buf words = {0};
    if (!v || (!v->filter && !v->find) || !*text)
        return;
    if (v->find)
        contents_find_saved(v, &words);
    else
        buf_str(&words, v->filter);
    bool kept = store_search_save(u->set.store, text, words.data, &e);
    buf_free(&words);
    if (!kept) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    ui_touch(u);
    ui_message(u, false, "“%s” is on the shelf now", text);
}

// ---- order ----

struct sorter {
    struct panel panel;
    struct contents *contents;
};

static int sorter_height(struct panel *p, int cols, int room)
{
    (void)p, (void)cols, (void)room;
    return 0;
}

static void sorter_draw(struct panel *p, struct canvas *c, int row, int rows)
{
    (void)p, (void)c, (void)row, (void)rows;
}

static void sorter_status(struct panel *p, struct buf *left, struct buf *right)
{
    bool found = ((struct sorter *)p)->contents->find != NULL;
    if (p->ui->cols >= 60)
        buf_printf(left, "Sort by  %sd date  t title  l length  f feed  a author",
                   found ? "b best  " : "");
    else
        buf_printf(left, "Sort: %sd t l f a", found ? "b " : "");
    if (p->ui->cols >= 72)
        buf_str(right, "again: the other way");
}

void contents_sort(struct contents *v, enum order order, bool reverse)
{
    v->order = order;
    v->reverse = reverse;
    contents_arrange(v);
    list_go(&v->list, 0);
}

static bool sorter_key(struct panel *p, int key)
{
    struct contents *v = ((struct sorter *)p)->contents;
    if (v->find && (key == 'b' || (key == 'd' && !contents_find_newest(v)))) {
        contents_find_order(v, key == 'd');
        return false;
    }
    for (int o = 0; o < ORDER_COUNT; o++)
        if (key == order_name((enum order)o)[0])
            contents_sort(v, (enum order)o, v->order == (enum order)o && !v->reverse);
    return false;
}

static void ask_order(struct contents *v)
{
    static const struct panel_ops ops = {
        .height = sorter_height, .draw = sorter_draw, .status = sorter_status, .key = sorter_key};
    struct sorter *s = mem_alloc(sizeof *s);
    s->panel = (struct panel){.ops = &ops, .ui = v->view.ui};
    s->contents = v;
    ui_panel(v->view.ui, &s->panel);
}

// ---- what is on ----

void contents_narrow_words(const struct contents *v, struct buf *out)
{
    bool wide = v->view.ui->cols >= 60;
    if (v->find)
        contents_find_words(v, out);
    if (out->len)
        return;
    if (contents_waiting(v))
        buf_str(out, "...");
    else if (v->filter)
        buf_printf(out, "%zu %s%.*s", v->list.n, wide ? "with " : "", wide ? 40 : 12, v->filter);
    else if (v->unread_only)
        buf_str(out, "unread only");
    if (v->order == ORDER_DATE && v->reverse)
        buf_printf(out, "%soldest first", out->len ? ", " : "");
    else if (v->order != ORDER_DATE)
        buf_printf(out, "%sby %s%s", out->len ? ", " : "", order_name(v->order),
                   v->reverse && wide ? ", reversed" : "");
}

bool contents_narrow_act(struct contents *v, enum action a, int count)
{
    struct ui *u = v->view.ui;
    char minutes[24];
    switch (a) {
    case ACT_FILTER:
        ask_filter(v);
        return true;
    case ACT_SORT:
        ask_order(v);
        return true;
    case ACT_BY_DAY:
        v->by_day = !v->by_day;
        if (v->by_day && v->order != ORDER_DATE)
            ui_hint(u, "Days show when the list is sorted by date");
        else
            ui_hint(u, v->by_day ? "A line for each day" : "Without lines for days");
        return true;
    case ACT_FITS:
        snprintf(minutes, sizeof minutes, "%d", count);
        if (count > 0)
            fits_typed(u, &v->view, minutes);
        else
            ui_prompt(u, "What fits in minutes: ", "", fits_typed);
        return true;
    case ACT_SAVE_SEARCH:
        if (!v->filter && !v->find)
            ui_hint(u, "%s narrows the list first; then it can be kept",
                    ui_key_of(u, VIEW_CONTENTS, ACT_FILTER));
        else if (ui_may_write(u))
            ui_prompt(u, "Keep this list as: ", "", save_typed);
        return true;
    case ACT_SEARCH_END:
        if (u->found || !v->filter)
            return false;
        contents_set_filter(v, "", NULL);
        ui_hint(u, "All essays again");
        return true;
    default:
        return false;
    }
}

// ---- as commands ----

static struct contents *on_top(struct ui *u)
{
    struct contents *v = of(ui_top(u));
    if (!v)
        ui_hint(u, "Only lists of essays are narrowed and sorted");
    return v;
}

void contents_filter(struct ui *u, const char *words)
{
    if (on_top(u))
        filter_done(u, ui_top(u), words);
}

void contents_order(struct ui *u, const char *name)
{
    struct contents *v = on_top(u);
    enum order order;
    if (v && order_find(name + (*name == '-'), &order))
        contents_sort(v, order, *name == '-');
    else if (v)
        ui_hint(u, "Lists are sorted by date, title, length, feed or author");
}

// ---- completion ----

void complete_filter(struct ui *u, const char *text, size_t cursor, struct completion *out)
{
    static const char *const words[] = {
        "after:",       "author:",     "before:",  "feed:",       "has:audio ",  "is:bookmarked ",
        "is:finished ", "is:preview ", "is:read ", "is:revised ", "is:started ", "is:unread ",
        "over:",        "tag:",        "title:",   "under:"};
    (void)u;
    size_t from = cursor;
    while (from > 0 && text[from - 1] != ' ')
        from--;
    from += from < cursor && text[from] == '-';
    out->from = from;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(words[i], text + from, cursor - from) == 0)
            completion_add(out, words[i]);
}
