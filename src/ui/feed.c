// A feed's page: what it is, where it lives, how it does, and what to do about what is wrong. Facts
// are pairs of a name and some words; where not all fit, moving the cursor moves the page.
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/house.h"
#include "lectern/mem.h"
#include "list.h"
#include "view.h"

struct fact {
    const char *name;
    char *words;
    uint8_t role;
};
struct feed_page {
    struct view view;
    int64_t id;
    char *title;
    struct fact facts[16];
    size_t n;
    struct list list;
};

enum { NAME_COLS = 13 };

static void fact(struct feed_page *v, const char *name, const char *words, uint8_t role)
{
    if (words && *words && v->n < sizeof v->facts / sizeof *v->facts)
        v->facts[v->n++] = (struct fact){name, mem_strdup(words), role};
}

static void forget(struct feed_page *v)
{
    for (size_t i = 0; i < v->n; i++)
        free(v->facts[i].words);
    free(v->title);
    v->title = NULL;
    v->n = 0;
}

static void time_fact(struct feed_page *v, const char *name, int64_t t, const char *none)
{
    struct buf b = {0};
    if (t)
        when_clock(v->view.ui->when, t, ui_now(v->view.ui), &b);
    fact(v, name, t ? buf_cstr(&b) : none, ROLE_TEXT);
    buf_free(&b);
}

static void read_facts(struct feed_page *v, const struct feed_row *r)
{
    struct ui *u = v->view.ui;
    struct buf b = {0};
    v->title = mem_strdup(r->title);
    fact(v, "", r->subtitle, ROLE_SUBTITLE);
    fact(v, "Address", r->url, ROLE_TEXT);
    fact(v, "Site", r->home, ROLE_TEXT);
    for (const char **t = r->tags; t && *t; t++)
        buf_printf(&b, t == r->tags ? "%s" : ", %s", *t);
    fact(v, "Tags", buf_cstr(&b), ROLE_TEXT);
    buf_clear(&b);
    buf_printf(&b, "%lld, %lld unread", (long long)r->total, (long long)r->unread);
    if (r->bytes)
        buf_printf(&b, "; the last document had %lld kB", (long long)((r->bytes + 999) / 1000));
    fact(v, "Essays", b.data, ROLE_TEXT);
    buf_clear(&b);
    health_words(u, r, false, &b);
    if (!b.len)
        buf_str(&b, "all is well");
    if (r->http_status)
        buf_printf(&b, " (HTTP %d)", r->http_status);
    fact(v, "State", b.data, r->error ? ROLE_ERROR : ROLE_TEXT);
    buf_clear(&b);
    health_story(u, r, &b);
    fact(v, r->error ? "Trouble" : "Note", buf_cstr(&b), ROLE_TEXT);
    buf_clear(&b);
    if (r->moved_to)
        buf_printf(&b,
                   "its server leads on for good to %s; if it says so again, that is the address "
                   "from then on",
                   r->moved_to);
    fact(v, "Moving", buf_cstr(&b), ROLE_TEXT);
    time_fact(v, "Last tried", r->last_tried, "never");
    time_fact(v, "Last good", r->last_good, "never");
    if (r->health == HEALTH_PARKED)
        fact(v, "Next", "never: it is parked", ROLE_TEXT);
    else
        time_fact(v, "Next", r->next_due > ui_now(u) ? r->next_due : 0,
                  "when feeds are fetched next");
    buf_clear(&b);
    if (r->interval)
        buf_printf(&b, "every %lld minutes, by your own word", (long long)(r->interval / 60));
    fact(v, "Interval", buf_cstr(&b), ROLE_TEXT);
    struct keep_rule rule = keep_rule_of(u->set.conf, r->address);
    buf_clear(&b);
    if (!keep_all(&rule))
        keep_words(&rule, &b);
    fact(v, "Keeps", buf_cstr(&b), ROLE_TEXT);
    buf_free(&b);
}

static bool load(struct feed_page *v, struct err *e)
{
    struct arena *a = arena_new();
    struct feed_row row;
    bool ok = store_feed(v->view.ui->set.store, v->id, a, &row, e);
    if (ok) {
        forget(v);
        read_facts(v, &row);
        list_set(&v->list, v->n, 1);
    }
    arena_free(a);
    return ok;
}

static void page_refresh(struct view *view, bool all)
{
    (void)all;
    load((struct feed_page *)view, NULL); // a feed that is gone keeps its last words
}

// Sets the facts from `first` on; c NULL only counts. On narrow screens a fact's name stands before
// its words. Returns the row after them.
static int set(const struct feed_page *v, struct canvas *c, size_t first, int row, int end)
{
    const struct ui *u = v->view.ui;
    int left, width;
    ui_list_block(u, &left, &width);
    bool wide = width >= 40;
    for (size_t i = first; i < v->n && row < end; i++) {
        const struct fact *f = &v->facts[i];
        int in = wide ? 3 : 1;
        struct buf words = {0};
        if (wide && *f->name) {
            if (c)
                ui_put(u, c, row, left + in, NAME_COLS - 1, f->name, STYLE(LIST_DIM));
            in += NAME_COLS;
        } else if (*f->name) {
            buf_printf(&words, "%s: ", f->name);
        }
        buf_str(&words, f->words);
        int cols = width - in - 1;
        row += ui_put_words(u, c, row, left + in, cols < 1 ? 1 : cols, end - row, words.data,
                            (struct style){f->role, 0}, NULL);
        row += f->role == ROLE_SUBTITLE;
        buf_free(&words);
    }
    return row;
}

static void page_draw(struct view *view, struct canvas *c)
{
    struct feed_page *v = (struct feed_page *)view;
    struct ui *u = view->ui;
    int row = ui_head_rows(u), end = ui_body(u), left, width;
    ui_list_block(u, &left, &width);
    ui_head(u, c, v->title, "");
    bool fits = set(v, NULL, 0, row, 100000) <= end;
    set(v, c, fits ? 0 : v->list.cursor, row, end);
    canvas_cursor(c, row, left);
}

static void remove_it(struct ui *u, struct view *view, const char *text)
{
    struct feed_page *v = (struct feed_page *)view;
    struct arena *a = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    (void)text;
    if (view->ops->kind != VIEW_FEED)
        ;
    else if (store_feed(u->set.store, v->id, a, &f, &e) && undo_feed(u, &f, &e))
        ui_pop(u); // v is gone
    else
        ui_message(u, true, "%s", e.msg);
    arena_free(a);
}

static bool with_row(struct feed_page *v, enum action a)
{
    struct ui *u = v->view.ui;
    struct arena *arena = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    if (!store_feed(u->set.store, v->id, arena, &f, &e))
        ui_message(u, true, "%s", e.msg);
    else if (a == ACT_COPY)
        item_copy(u, f.url);
    else if (a == ACT_BROWSER || a == ACT_HANDOFF)
        item_address(u, a, f.home ? f.home : f.url, f.title);
    else if (ui_may_write(u))
        ui_ask(u, remove_it, "Remove %s and its %lld essay%s? Bookmarks stay. (y/n)", f.title,
               (long long)f.total, f.total == 1 ? "" : "s");
    arena_free(arena);
    return true;
}

// The keys of the page, where there is room.
static void page_status(struct view *view, struct buf *left, struct buf *right)
{
    static const struct {
        enum action action;
        const char *what;
    } keys[] = {{ACT_RENAME, "name"},  {ACT_TAG, "tags"},      {ACT_INTERVAL, "interval"},
                {ACT_MOVE, "address"}, {ACT_REMOVE, "remove"}, {ACT_FETCH, "fetch"}};
    (void)right;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *key = ui_key_of(view->ui, VIEW_FEED, keys[i].action);
        if (*key && left->len + strlen(key) + strlen(keys[i].what) + 4 < (size_t)view->ui->cols)
            buf_printf(left, "%s%s %s", left->len ? "  " : "", key, keys[i].what);
    }
}

static bool page_act(struct view *view, enum action a, int count)
{
    struct feed_page *v = (struct feed_page *)view;
    struct ui *u = view->ui;
    if (a == ACT_FETCH) {
        if (!u->set.client || !client_fetch_feed(u->set.client, v->id))
            ui_message(u, true, "Nothing can be fetched from here");
        return true;
    }
    switch (a) {
    case ACT_OLDER:
        older_act(u, v->id, count);
        return true;
    case ACT_FEED:
    case ACT_OPEN:
        return true;
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
    case ACT_REMOVE:
        return with_row(v, a);
    default:
        break;
    }
    return list_act(&v->list, a, count, NULL);
}

static void page_hand(struct view *view, struct hand *out)
{
    out->feed = ((const struct feed_page *)view)->id;
}

static void page_free(struct view *view)
{
    struct feed_page *v = (struct feed_page *)view;
    forget(v);
    free(v);
}

struct view *feed_new(struct ui *u, int64_t id, struct err *e)
{
    static const struct view_ops ops = {
        .kind = VIEW_FEED,
        .act = page_act,
        .draw = page_draw,
        .status = page_status,
        .refresh = page_refresh,
        .hand = page_hand,
        .free = page_free,
    };
    struct feed_page *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->id = id;
    if (!load(v, e)) {
        page_free(&v->view);
        return NULL;
    }
    return &v->view;
}

void feed_open(struct ui *u, int64_t id)
{
    struct err e = ERR_INIT;
    struct view *v = id ? feed_new(u, id, &e) : NULL;
    if (v)
        ui_push(u, v);
    else if (id)
        ui_message(u, true, "%s", e.msg);
    else
        ui_hint(u, "There is no feed under the cursor");
}
