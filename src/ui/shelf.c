// The first view: the library's own shelves, then the feeds - those without a tag, then each tag
// with its feeds below. Rows are made of the store's counts, which cost nothing; the cursor keeps
// to its row by what the row is, not by where.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/foreign.h"
#include "lectern/highlight.h"
#include "lectern/listen.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct row {
    bool gap, heading;
    const char *label, *under; // under: the tag whose heading it stands below; NULL
    struct shelf shelf;
    int64_t total, unread;             // unread < 0: not shown
    const struct feed_row *feed;       // NULL: not a feed
    const char *words;                 // of a saved search; NULL: none
    struct view *(*own)(struct ui *u); // it leads to a view of its own; NULL: to a list of essays
};
struct shelf_view {
    struct view view;
    struct arena *arena; // of rows and all they point to
    struct row *rows;
    size_t nrows, cap;
    struct list list;
    bool empty; // nothing at all yet: the first-run page
    bool unread_only;
    size_t spot;      // the row where a search began
    int64_t removing; // the feed that a question is about
    bool follow;      // nothing was moved since an address was typed: the new feed gets the cursor
    int64_t unread, last_fetch;
    int64_t first_used; // when somebody first came here; 0: not known
    bool looked;        // for another reader, once
    char *elsewhere;    // the folder where one keeps its things, NULL: none
    const char *reader; // its name
};

// ---- rows ----

static struct row *add_row(struct shelf_view *v)
{
    v->rows = mem_grow(v->rows, &v->cap, v->nrows + 1, sizeof *v->rows);
    v->rows[v->nrows] = (struct row){0};
    return &v->rows[v->nrows++];
}

static void add_own(struct shelf_view *v, const char *label, enum shelf_kind kind, int64_t total)
{
    struct row *r = add_row(v);
    r->label = label;
    r->shelf.kind = kind;
    r->total = total;
    r->unread = -1;
}

static void add_feed(struct shelf_view *v, const struct feed_row *f, const char *under)
{
    struct row *r = add_row(v);
    r->label = f->title;
    r->under = under;
    r->shelf = (struct shelf){SHELF_FEED, f->id, NULL};
    r->total = f->total;
    r->unread = f->unread;
    r->feed = f;
}

static void add_queue(struct shelf_view *v)
{
    struct queue_row *rows;
    size_t n;
    if (!store_queue(v->view.ui->set.store, v->arena, &rows, &n, NULL) || n == 0)
        return;
    add_own(v, "Listen later", SHELF_ALL, (int64_t)n);
    v->rows[v->nrows - 1].own = queue_new;
}

// How many essays a search finds is known when it is opened, not before.
static void add_searches(struct shelf_view *v)
{
    struct saved_search *all = NULL;
    size_t n = 0;
    if (!store_searches(v->view.ui->set.store, v->arena, &all, &n, NULL) || n == 0)
        return;
    add_row(v)->gap = true;
    for (size_t i = 0; i < n; i++) {
        add_own(v, all[i].name, SHELF_ALL, -1);
        v->rows[v->nrows - 1].words = all[i].query;
    }
}

static struct view *all_highlights(struct ui *u)
{
    return highlights_new(u, 0);
}

// What is below the bookmarks: their tags, but for one that all of them have, and what is
// highlighted in them and elsewhere.
static void add_kept(struct shelf_view *v, int64_t bookmarks)
{
    static const char under[] = "Bookmarks";
    struct store *s = v->view.ui->set.store;
    struct tag_row *tags = NULL;
    size_t n = 0;
    int64_t highlights = 0;
    if (!store_bookmark_tags(s, v->arena, &tags, &n, NULL))
        n = 0;
    for (size_t i = 0; i < n; i++) {
        if (tags[i].total >= bookmarks)
            continue;
        add_own(v, tags[i].tag, SHELF_BOOKMARKS, tags[i].total);
        v->rows[v->nrows - 1].shelf.tag = tags[i].tag;
        v->rows[v->nrows - 1].under = under;
    }
    if (store_highlight_count(s, &highlights, NULL) && highlights) {
        add_own(v, "Highlights", SHELF_BOOKMARKS, highlights);
        v->rows[v->nrows - 1].own = all_highlights;
    }
}

static bool has_tag(const struct feed_row *f, const char *tag)
{
    for (const char **t = f->tags; t && *t; t++)
        if (strcmp(*t, tag) == 0)
            return true;
    return false;
}

static bool same_row(const struct row *a, const struct row *b)
{
    if (a->own || b->own)
        return a->own == b->own;
    if (a->words || b->words)
        return a->words && b->words && strcmp(a->label, b->label) == 0;
    if (a->gap || b->gap || a->shelf.kind != b->shelf.kind || a->shelf.feed != b->shelf.feed)
        return false;
    const char *at = a->shelf.tag ? a->shelf.tag : "", *bt = b->shelf.tag ? b->shelf.tag : "";
    const char *au = a->under ? a->under : "", *bu = b->under ? b->under : "";
    return strcmp(at, bt) == 0 && strcmp(au, bu) == 0;
}

static void build(struct shelf_view *v, struct err *e)
{
    struct ui *u = v->view.ui;
    struct store *s = u->set.store;
    struct shelf_counts n = {0};
    struct feed_rows feeds = {0};
    struct tag_row *tags = NULL;
    size_t ntags = 0;
    if (!store_counts(s, ui_now(u), &n, e) || !store_feeds(s, v->arena, &feeds, e) ||
        !store_tags(s, v->arena, &tags, &ntags, e))
        ui_message(u, true, "%s", e->msg);
    v->empty = feeds.n == 0 && n.total == 0 && n.bookmarks == 0;
    v->unread = n.unread;
    v->last_fetch = 0;
    add_own(v, "Continue reading", SHELF_CONTINUE, n.started);
    add_own(v, "Unread", SHELF_UNREAD, n.unread);
    add_own(v, "With audio", SHELF_AUDIO, n.audio);
    add_queue(v);
    add_own(v, "Bookmarks", SHELF_BOOKMARKS, n.bookmarks);
    add_kept(v, n.bookmarks);
    add_own(v, "This week", SHELF_WEEK, n.week);
    add_own(v, "All", SHELF_ALL, n.total);
    add_searches(v);
    bool first = true;
    for (size_t i = 0; i < feeds.n; i++) {
        const struct feed_row *f = &feeds.items[i];
        if (f->last_tried > v->last_fetch)
            v->last_fetch = f->last_tried;
        if ((f->tags && f->tags[0]) || (v->unread_only && !f->unread))
            continue;
        if (first)
            add_row(v)->gap = true;
        first = false;
        add_feed(v, f, NULL);
    }
    for (size_t t = 0; t < ntags; t++) {
        if (v->unread_only && !tags[t].unread)
            continue;
        add_row(v)->gap = true;
        struct row *r = add_row(v);
        r->heading = true;
        r->label = tags[t].tag;
        r->shelf = (struct shelf){SHELF_TAG, 0, tags[t].tag};
        r->total = tags[t].total;
        r->unread = tags[t].unread;
        for (size_t i = 0; i < feeds.n; i++)
            if (has_tag(&feeds.items[i], tags[t].tag) && (!v->unread_only || feeds.items[i].unread))
                add_feed(v, &feeds.items[i], tags[t].tag);
    }
}

// Off a gap, on in the direction the cursor came from.
static void leave_gap(struct shelf_view *v, bool up)
{
    size_t at = v->list.cursor;
    while (up && at > 0 && v->rows[at].gap)
        at--;
    while (at < v->nrows && v->rows[at].gap)
        at++;
    list_go(&v->list, at);
}

static void shelf_refresh(struct view *view, bool all)
{
    (void)all;
    struct shelf_view *v = (struct shelf_view *)view;
    struct arena *old = v->arena;
    struct row was = {.gap = true};
    size_t screen_row = v->list.cursor - v->list.top;
    if (v->list.cursor < v->nrows)
        was = v->rows[v->list.cursor];
    struct err e = ERR_INIT;
    v->arena = arena_new();
    v->nrows = 0;
    build(v, &e);
    size_t at = v->list.cursor;
    for (size_t i = 0; i < v->nrows; i++)
        if (same_row(&v->rows[i], &was))
            at = i;
    v->list.top = at > screen_row ? at - screen_row : 0;
    v->list.cursor = at;
    list_set(&v->list, v->nrows, ui_list_rows(v->view.ui));
    leave_gap(v, true);
    arena_free(old);
}

static void shelf_resize(struct view *view)
{
    struct shelf_view *v = (struct shelf_view *)view;
    list_set(&v->list, v->nrows, ui_list_rows(v->view.ui));
}

void shelf_added(struct view *view, int64_t feed)
{
    struct shelf_view *v = (struct shelf_view *)view;
    shelf_refresh(view, true);
    view->stale = FRESH;
    for (size_t i = 0; v->follow && i < v->nrows; i++)
        if (v->rows[i].feed && v->rows[i].feed->id == feed) {
            list_go(&v->list, i);
            break;
        }
    v->follow = false;
}

// ---- drawing ----

static void draw_words(struct ui *u, struct canvas *c, int row, int left, int width,
                       const struct row *r, bool current)
{
    struct buf health = {0}, b = {0};
    if (r->feed && r->feed->health != HEALTH_OK)
        health_words(u, r->feed, false, &health);
    words_shelf(r->label, r->unread, r->total, buf_cstr(&health), &b);
    ui_put(u, c, row, left, width, buf_cstr(&b),
           r->heading      ? STYLE(LIST_DIM)
           : r->unread > 0 ? STYLE(LIST_UNREAD)
                           : STYLE(LIST_TITLE));
    if (current) {
        canvas_mark(c, row, left, width, MARK_CURRENT);
        canvas_cursor(c, row, left);
    }
    buf_free(&health);
    buf_free(&b);
}

static void draw_row(struct shelf_view *v, struct canvas *c, int row, const struct row *r,
                     bool current)
{
    struct ui *u = v->view.ui;
    int left, width;
    ui_list_block(u, &left, &width);
    if (ui_in_words(u)) {
        draw_words(u, c, row, left, width, r, current);
        return;
    }
    bool wide = width >= 48, small = width < 28;
    int indent = wide ? 3 : 1;
    if (r->under)
        indent += small ? 1 : 2;
    int total_at = width - (wide ? 4 : 1), unread_at = small ? width - 1 : total_at - 7;
    bool news = r->unread > 0;
    struct style plain = STYLE(LIST_TITLE), strong = STYLE(LIST_UNREAD), dim = STYLE(LIST_DIM);
    char figure[24];
    int64_t one = small && r->unread >= 0 ? r->unread
                                          : r->total; // the small screen has one column of figures
    if (one >= 0 && (!small || one > 0)) {
        snprintf(figure, sizeof figure, "%lld", (long long)one);
        canvas_str_right(c, row, left + total_at, figure, small && news ? strong : dim);
    }
    if (!small && news) {
        snprintf(figure, sizeof figure, "%lld", (long long)r->unread);
        canvas_str_right(c, row, left + unread_at, figure, strong);
    }
    int room = unread_at - 6 - indent;
    if (r->feed && r->feed->health != HEALTH_OK && !small) {
        struct buf words = {0};
        health_words(u, r->feed, !wide, &words);
        int cols = ui_cols_of(u, buf_cstr(&words)), half = room / 2;
        int title = ui_cols_of(u, r->label);
        int at = title > half ? title : half;
        if (at > room - cols - 2)
            at = room - cols - 2;
        if (at >= 8) {
            ui_put(u, c, row, left + indent + at + 2, cols, buf_cstr(&words), dim);
            room = at;
        }
        buf_free(&words);
    }
    ui_put(u, c, row, left + indent, room, r->label, r->heading ? dim : news ? strong : plain);
    if (current) {
        canvas_mark(c, row, left, width, MARK_CURRENT);
        canvas_cursor(c, row, left + indent);
    }
}

static void draw_first_run(struct shelf_view *v, struct canvas *c)
{
    struct ui *u = v->view.ui;
    struct {
        enum action action;
        const char *what, *brief;
    } lines[] = {
        {ACT_ADD, "add a newsletter: any address of it will do", "add a newsletter"},
        {ACT_IMPORT, "bring subscriptions: OPML, newsboat's urls, or a list of addresses",
         "bring yours"},
        {ACT_SAMPLE, "look at the sample newsletter", "see a sample"},
    };
    char what[160], brief[40];
    if (!v->looked)
        v->elsewhere = foreign_home(&v->reader);
    v->looked = true;
    if (v->elsewhere) {
        snprintf(what, sizeof what, "bring all that %s has, from %s", v->reader, v->elsewhere);
        snprintf(brief, sizeof brief, "bring %s", v->reader);
        lines[1].what = what;
        lines[1].brief = brief;
    }
    int left, width, row = ui_head_rows(u), body = ui_body(u);
    ui_list_block(u, &left, &width);
    int indent = width >= 48 ? 3 : 1;
    if (body >= 8)
        ui_put(u, c, row, left + indent, width - indent,
               width >= 48 ? "A reading desk for newsletters. Nothing lies on it yet."
                           : "Nothing here yet.",
               STYLE(LIST_DIM)),
            row += 2;
    canvas_cursor(c, row < body ? row : body - 1, left + indent);
    for (size_t i = 0; i < 3; i++, row++) {
        if (row >= body)
            break;
        ui_put(u, c, row, left + indent, 6, ui_key_of(u, VIEW_SHELF, lines[i].action), STYLE(KEY));
        int at = indent + (width >= 48 ? 4 : 3);
        ui_put(u, c, row, left + at, width - at - 1, width >= 60 ? lines[i].what : lines[i].brief,
               STYLE(LIST_TITLE));
    }
}

static void shelf_draw(struct view *view, struct canvas *c)
{
    struct shelf_view *v = (struct shelf_view *)view;
    struct ui *u = view->ui;
    struct buf right = {0};
    if (!v->empty) {
        buf_printf(&right, "%lld new", (long long)v->unread);
        if (v->last_fetch && u->cols >= 40) {
            buf_str(&right, " · ");
            when_clock(u->when, v->last_fetch, ui_now(u), &right);
        }
    }
    ui_head(u, c, "Lectern", buf_cstr(&right));
    buf_free(&right);
    if (v->empty) {
        draw_first_run(v, c);
        return;
    }
    int row = ui_head_rows(u);
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++)
        if (!v->rows[i].gap)
            draw_row(v, c, row, &v->rows[i], i == v->list.cursor);
}

// ---- the first keys one needs, as long as one needs them ----

static const char first_used[] = "first-used"; // in the library, by seconds

static void recall_first_use(struct shelf_view *v)
{
    struct arena *a = arena_new();
    const char *when = NULL;
    if (store_get(v->view.ui->set.store, first_used, a, &when, NULL) && when)
        v->first_used = strtoll(when, NULL, 10);
    arena_free(a);
}

static void shelf_idle(struct view *view)
{
    struct shelf_view *v = (struct shelf_view *)view;
    struct store *s = view->ui->set.store;
    char when[24];
    if (v->first_used > 0 || !store_writable(s))
        return;
    snprintf(when, sizeof when, "%lld", (long long)ui_now(view->ui));
    if (store_put(s, first_used, when, NULL)) // else another is writing: soon
        v->first_used = ui_now(view->ui);
}

static bool legend_shown(const struct shelf_view *v)
{
    enum { FIRST_DAYS = 7 * 24 * 3600 };
    const char *legend = conf_str(v->view.ui->set.conf, CONF_LEGEND);
    if (v->empty || strcmp(legend, "auto") != 0)
        return v->empty || strcmp(legend, "yes") == 0;
    return v->first_used <= 0 || ui_now(v->view.ui) - v->first_used < FIRST_DAYS;
}

// A feed in trouble says what it is; else the legend.
static void shelf_status(struct view *view, struct buf *left, struct buf *right)
{
    struct shelf_view *v = (struct shelf_view *)view;
    struct ui *u = view->ui;
    (void)right;
    const struct feed_row *f = v->list.cursor < v->nrows ? v->rows[v->list.cursor].feed : NULL;
    if (!v->empty && f && f->error) {
        buf_str(left, f->error);
        health_next(u, f, left);
        return;
    }
    static const struct {
        enum action action;
        const char *what;
        bool first_run;
    } legend[] = {{ACT_HELP, "help", true},
                  {ACT_ADD, "add", false},
                  {ACT_FETCH_ALL, "fetch", false},
                  {ACT_SEARCH, "find", false},
                  {ACT_QUIT, "leave", true}};
    if (!legend_shown(v))
        return;
    for (size_t i = 0; i < sizeof legend / sizeof *legend; i++) {
        const char *key = ui_key_of(u, VIEW_SHELF, legend[i].action);
        bool fits = left->len + strlen(key) + strlen(legend[i].what) + 4 < (size_t)u->cols;
        if (*key && fits && (!v->empty || legend[i].first_run))
            buf_printf(left, "%s%s %s", left->len ? "  " : "", key, legend[i].what);
    }
}

// ---- actions ----

static void remove_feed(struct ui *u, struct view *view, const char *text)
{
    struct shelf_view *v = (struct shelf_view *)view;
    (void)text;
    const struct feed_row *f = v->list.cursor < v->nrows ? v->rows[v->list.cursor].feed : NULL;
    struct err e = ERR_INIT;
    if (f && f->id == v->removing && !undo_feed(u, f, &e))
        ui_message(u, true, "%s", e.msg);
}

static void ask_remove(struct shelf_view *v, const struct feed_row *f)
{
    struct ui *u = v->view.ui;
    if (!f)
        ui_hint(u, "The cursor is not on a feed");
    else if (ui_may_write(u) && (v->removing = f->id))
        ui_ask(u, remove_feed, "Remove %s and its %lld essay%s? Bookmarks stay. (y/n)", f->title,
               (long long)f->total, f->total == 1 ? "" : "s");
}

static void fetch_row(struct shelf_view *v, const struct row *r)
{
    struct ui *u = v->view.ui;
    if (!ui_may_write(u))
        return;
    if (!u->set.client) {
        ui_message(u, true,
                   "Nothing can be fetched here: another Lectern does it for this library");
        return;
    }
    bool asked = true;
    if (r->feed) {
        asked = client_fetch_feed(u->set.client, r->feed->id);
    } else if (r->heading) {
        for (size_t i = 0; i < v->nrows && asked; i++)
            if (v->rows[i].under && strcmp(v->rows[i].under, r->label) == 0)
                asked = client_fetch_feed(u->set.client, v->rows[i].feed->id);
    } else {
        asked = client_fetch_all(u->set.client, true);
    }
    if (!asked)
        ui_message(u, true, "The fetcher is not running");
}

static void mark_all(struct shelf_view *v, const struct row *r)
{
    struct ui *u = v->view.ui;
    if (!ui_may_write(u))
        return;
    if (r->words || r->own)
        ui_hint(u, "Open it first: what it lists is marked there");
    else
        marking_of_shelf(u, &r->shelf, r->label);
}

static void next_with_news(struct shelf_view *v, int dir)
{
    size_t at = v->list.cursor;
    while (dir > 0 ? ++at < v->nrows : at-- > 0)
        if (v->rows[at].feed && v->rows[at].unread > 0) {
            list_go(&v->list, at);
            return;
        }
    ui_hint(v->view.ui, dir > 0 ? "No feed further down has unread essays"
                                : "No feed further up has unread essays");
}

static bool shelf_act(struct view *view, enum action a, int count)
{
    struct shelf_view *v = (struct shelf_view *)view;
    struct ui *u = view->ui;
    v->follow = a == ACT_ADD || a == ACT_SAMPLE || (v->follow && a == ACT_NONE);
    if (v->empty)
        return a == ACT_OPEN || a == ACT_DOWN || a == ACT_UP;
    const struct row *r = v->list.cursor < v->nrows ? &v->rows[v->list.cursor] : NULL;
    size_t before = v->list.cursor;
    if (list_act(&v->list, a, count, NULL)) {
        leave_gap(v, v->list.cursor < before);
        return true;
    }
    switch (a) {
    case ACT_OPEN:
        if (r)
            ui_push(u, r->own ? r->own(u) : contents_new(u, &r->shelf, r->label, r->words));
        return true;
    case ACT_NEXT_UNREAD:
    case ACT_PREV_UNREAD:
        next_with_news(v, a == ACT_NEXT_UNREAD ? 1 : -1);
        return true;
    case ACT_FETCH:
        if (r)
            fetch_row(v, r);
        return true;
    case ACT_FEED:
        feed_open(u, r && r->feed ? r->feed->id : 0);
        return true;
    case ACT_REMOVE:
        if (r && r->words)
            undo_search(u, r->label, r->words);
        else
            ask_remove(v, r ? r->feed : NULL);
        return true;
    case ACT_MARK_ALL_READ:
        if (r)
            mark_all(v, r);
        return true;
    case ACT_UNREAD_ONLY:
        v->unread_only = !v->unread_only;
        shelf_refresh(view, true);
        ui_hint(u, v->unread_only ? "Only feeds with unread essays" : "All feeds");
        return true;
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
        if (!r || !r->feed)
            ui_hint(u, "The cursor is not on a feed");
        else if (a == ACT_COPY)
            item_copy(u, r->feed->url);
        else
            item_address(u, a, r->feed->home ? r->feed->home : r->feed->url, r->feed->title);
        return true;
    default:
        return false;
    }
}

static void shelf_spot(struct view *view, bool back)
{
    struct shelf_view *v = (struct shelf_view *)view;
    if (!back)
        v->spot = v->list.cursor;
    else
        list_go(&v->list, v->spot);
}

static bool row_has(struct view *view, size_t i, const char *what)
{
    const struct row *r = &((struct shelf_view *)view)->rows[i];
    return !r->gap && ui_contains(r->label, what);
}

static void shelf_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct shelf_view *)view)->list, what, dir, row_has,
                 "Nothing here is called");
}

static void shelf_hand(struct view *view, struct hand *out)
{
    const struct shelf_view *v = (const struct shelf_view *)view;
    if (v->list.cursor < v->nrows && v->rows[v->list.cursor].feed)
        out->feed = v->rows[v->list.cursor].feed->id;
}

static void shelf_free(struct view *view)
{
    struct shelf_view *v = (struct shelf_view *)view;
    arena_free(v->arena);
    free(v->elsewhere);
    free(v->rows);
    free(v);
}

struct view *shelf_new(struct ui *u)
{
    static const struct view_ops ops = {
        .kind = VIEW_SHELF,
        .act = shelf_act,
        .draw = shelf_draw,
        .status = shelf_status,
        .resize = shelf_resize,
        .refresh = shelf_refresh,
        .idle = shelf_idle,
        .find = shelf_find,
        .spot = shelf_spot,
        .hand = shelf_hand,
        .free = shelf_free,
    };
    struct shelf_view *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    shelf_refresh(&v->view, true);
    recall_first_use(v);
    size_t first = 0; // Enter, Enter, and one reads
    while (first < v->nrows && (v->rows[first].gap || v->rows[first].total < 1))
        first++;
    list_go(&v->list, first < v->nrows ? first : 0);
    return &v->view;
}
