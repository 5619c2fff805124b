// The essays of one shelf. Ids are all it holds (contents_ids.c); rows are read for what is on the
// screen. A line keeps its place when essays come in, and in lists of unread essays what was read
// just now stays until the list is left.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/doc.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "columns.h"
#include "contents.h"

static void tell_health(struct contents *v, const struct feed_row *f)
{
    struct buf words = {0}, story = {0};
    health_words(v->view.ui, f, false, &words);
    health_story(v->view.ui, f, &story);
    free(v->health);
    free(v->story);
    v->health = words.len ? buf_take(&words, NULL) : NULL;
    v->story = story.len ? buf_take(&story, NULL) : NULL;
    buf_free(&words);
    buf_free(&story);
}

// The line where the list ends: what is older can be had.
static void tell_older(struct contents *v, const struct feed_row *f)
{
    struct buf words = {0};
    free(v->older);
    v->older = older_line(v->view.ui, f, &words) ? buf_take(&words, NULL) : NULL;
    v->list.after = v->older != NULL;
    buf_free(&words);
}

static void count(struct contents *v)
{
    struct ui *u = v->view.ui;
    struct store *s = u->set.store;
    struct shelf_counts n = {0};
    if (v->find)
        return;
    struct arena *a = arena_new();
    v->total = v->unread = -1;
    if (v->shelf.kind == SHELF_FEED) {
        struct feed_row f;
        if (store_feed(s, v->shelf.feed, a, &f, NULL))
            v->total = f.total, v->unread = f.unread, tell_health(v, &f), tell_older(v, &f);
    } else if (v->shelf.kind == SHELF_TAG) {
        struct tag_row *tags = NULL;
        size_t ntags = 0;
        if (store_tags(s, a, &tags, &ntags, NULL))
            for (size_t i = 0; i < ntags; i++)
                if (strcmp(tags[i].tag, v->shelf.tag) == 0)
                    v->total = tags[i].total, v->unread = tags[i].unread;
    } else if (store_counts(s, ui_now(u), &n, NULL)) {
        v->total = v->shelf.kind == SHELF_ALL         ? n.total
                   : v->shelf.kind == SHELF_UNREAD    ? n.unread
                   : v->shelf.kind == SHELF_CONTINUE  ? n.started
                   : v->shelf.kind == SHELF_AUDIO     ? n.audio
                   : v->shelf.kind == SHELF_BOOKMARKS ? n.bookmarks
                                                      : n.week;
        if (v->shelf.kind == SHELF_ALL)
            v->unread = n.unread;
    }
    arena_free(a);
}

// ---- rows ----

static const struct item_row *row_at(struct contents *v, size_t i)
{
    static const struct item_row nothing = {.title = ""};
    if (i >= v->list.n)
        return &nothing;
    if (i < v->first || i >= v->first + v->nrows) {
        size_t window = v->list.rows, first = i > window ? i - window : 0, n = 3 * window;
        if (n > v->list.n - first)
            n = v->list.n - first;
        arena_free(v->arena);
        v->arena = arena_new();
        v->rows = arena_alloc(v->arena, n * sizeof *v->rows);
        struct err e = ERR_INIT;
        contents_know(v, first, n);
        int64_t *ids = arena_alloc(v->arena, n * sizeof *ids);
        for (size_t k = 0; k < n; k++)
            ids[k] = ids_at(v->ids, first + k);
        if (!store_rows(v->view.ui->set.store, ids, n, v->arena, v->rows, &e)) {
            ui_message(v->view.ui, true, "%s", e.msg);
            memset(v->rows, 0, n * sizeof *v->rows);
        }
        v->first = first;
        v->nrows = n;
    }
    return &v->rows[i - v->first];
}

static const struct item_row *current(struct contents *v)
{
    const struct item_row *r = row_at(v, v->list.cursor);
    if (r->id)
        return r;
    ui_hint(v->view.ui,
            v->list.n ? "This essay is no longer in the library" : "There is no essay here");
    return NULL;
}

static void contents_refresh(struct view *view, bool all)
{
    struct contents *v = (struct contents *)view;
    count(v);
    if (all || v->shelf.kind == SHELF_CONTINUE)
        contents_load(v, true);
    v->nrows = 0;
}

static void contents_resize(struct view *view)
{
    struct contents *v = (struct contents *)view;
    list_set(&v->list, v->list.n, ui_list_rows(v->view.ui) / (size_t)contents_lines(v));
    v->nrows = 0;
}

// ---- drawing ----

static const char *nothing_here(const struct contents *v)
{
    if (contents_waiting(v))
        return "";
    if (v->filter)
        return "No essay here is like that.";
    if (v->unread_only)
        return "Nothing unread here.";
    switch (v->shelf.kind) {
    case SHELF_CONTINUE:
        return "No essay is begun and unfinished.";
    case SHELF_UNREAD:
        return "Everything is read.";
    case SHELF_AUDIO:
        return "No essay here can be listened to.";
    case SHELF_BOOKMARKS:
        return "No bookmarks yet. b keeps an essay for good.";
    default:
        return v->story ? v->story : "No essays here yet.";
    }
}

// ---- days ----

static int64_t dated(const struct contents *v, const struct item_row *r)
{
    return v->shelf.kind == SHELF_BOOKMARKS && r->kept ? r->kept : r->published;
}

static bool days_shown(const struct contents *v)
{
    return v->by_day && !v->find && v->order == ORDER_DATE && v->list.rows >= 4;
}

// Does a day begin with this item, as the list stands on the screen?
static bool begins_day(struct contents *v, size_t i)
{
    if (i == v->list.top)
        return true;
    int64_t above = dated(v, row_at(v, i - 1)), here = dated(v, row_at(v, i));
    return !when_same_day(v->view.ui->when, above, here);
}

// Lines for days take rows from the items: the window follows until the cursor is in it.
static void follow_days(struct contents *v)
{
    for (;;) {
        size_t used = 0;
        for (size_t i = v->list.top; i <= v->list.cursor && i < v->list.n; i++)
            used += 1 + begins_day(v, i);
        if (used <= v->list.rows || v->list.top >= v->list.cursor)
            return;
        v->list.top++;
    }
}

static void draw_items(struct contents *v, struct canvas *c, int row, int left, int width)
{
    struct ui *u = v->view.ui;
    struct columns cols = columns_for(width, v->shelf.kind);
    bool days = days_shown(v);
    int lines = v->view.lines = contents_lines(v), end = row + (int)v->list.rows * lines;
    if (days)
        follow_days(v);
    if (v->find)
        contents_find_prepare(v);
    for (size_t i = v->list.top; i < list_end(&v->list) && row < end; i++, row += lines) {
        const struct item_row *r = row_at(v, i);
        if (days && begins_day(v, i)) {
            struct buf day = {0};
            when_heading(u->when, dated(v, r), ui_now(u), &day);
            ui_put(u, c, row++, left + 1, width - 2, day.data, STYLE(LIST_DIM));
            buf_free(&day);
            if (row == end)
                break;
            r = row_at(v, i);
        }
        columns_draw(u, c, row, left, &cols, r, i == v->list.cursor);
        if (lines > 1)
            contents_find_draw(v, c, row + 1, left, width, r->id);
    }
    bool whole = v->list.n && list_end(&v->list) == v->list.n && !contents_short(v);
    if (v->older && whole && !v->filter && v->order == ORDER_DATE && !v->reverse && row < end)
        ui_put(u, c, row, left + (width >= 48 ? 3 : 1), width - (width >= 48 ? 6 : 2), v->older,
               STYLE(LIST_DIM));
}

static void contents_draw(struct view *view, struct canvas *c)
{
    struct contents *v = (struct contents *)view;
    struct ui *u = view->ui;
    struct buf right = {0};
    if (v->total >= 0)
        buf_printf(&right, u->cols >= 60 ? "%lld essay%s" : "%lld", (long long)v->total,
                   v->total == 1 ? "" : "s");
    if (v->unread >= 0 && (u->cols >= 60 || v->unread)) {
        if (u->cols < 60)
            buf_clear(&right);
        buf_printf(&right, "%s%lld new", right.len ? ", " : "", (long long)v->unread);
    }
    if (v->health && u->cols >= 60)
        buf_printf(&right, " %s %s", ui_glyph(u, GLYPH_DOT), v->health);
    struct buf narrowed = {0};
    contents_narrow_words(v, &narrowed);
    if (narrowed.len) {
        buf_clear(&right);
        buf_str(&right, narrowed.data);
    }
    buf_free(&narrowed);
    ui_head(u, c, v->title, buf_cstr(&right));
    buf_free(&right);
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    canvas_cursor(c, row, left);
    if (v->list.n == 0) {
        struct buf why = {0};
        if (v->find && !v->filter)
            contents_find_nothing(v, &why);
        else
            buf_str(&why, nothing_here(v));
        ui_put_words(u, c, row, left + (width >= 48 ? 3 : 1), width - (width >= 48 ? 6 : 2),
                     ui_body(u) - row, buf_cstr(&why), STYLE(LIST_DIM), NULL);
        buf_free(&why);
    }
    draw_items(v, c, row, left, width);
}

static void contents_status(struct view *view, struct buf *left, struct buf *right)
{
    struct contents *v = (struct contents *)view;
    if (v->list.n == 0)
        return;
    const struct item_row *r = row_at(v, v->list.cursor);
    if (view->ui->cols >= 60 && r->subtitle)
        buf_str(left, r->subtitle);
    else if (view->ui->cols >= 60 && v->filter)
        buf_printf(left, "%s shows all again", ui_key_of(view->ui, VIEW_CONTENTS, ACT_SEARCH_END));
    buf_printf(right, "%zu/%zu", v->list.cursor + 1, v->list.n);
}

// ---- actions ----

static void open_current(struct contents *v)
{
    struct ui *u = v->view.ui;
    const struct item_row *r = current(v);
    struct err e = ERR_INIT;
    if (!r)
        return;
    int64_t id = r->id;
    struct view *reader = reader_new(u, id, &e);
    if (reader) {
        ui_push(u, reader);
        contents_opened(&v->view, reader, id);
    } else
        ui_message(u, true, "%s", e.msg);
}

int64_t contents_step(struct view *view, int64_t from, int dir, bool unread)
{
    struct contents *v = (struct contents *)view;
    struct ui *u = view->ui;
    int64_t id = 0;
    if (unread && (v->find || contents_arranged(v)))
        return contents_next_unread(v, from, dir);
    if (unread && v->shelf.kind != SHELF_BOOKMARKS)
        return store_next_unread(u->set.store, &v->shelf, ui_now(u), from, dir, &id, NULL) ? id : 0;
    size_t at;
    if (!contents_find_id(v, from, &at) || (dir < 0 && at == 0))
        return 0;
    return contents_id(v, dir < 0 ? at - 1 : at + 1);
}

void contents_show(struct view *view, int64_t id)
{
    struct contents *v = (struct contents *)view;
    size_t at;
    if (contents_find_id(v, id, &at))
        list_go(&v->list, at);
}

static void go_unread(struct contents *v, int dir)
{
    int64_t from = contents_id(v, v->list.cursor);
    int64_t id = from ? contents_step(&v->view, from, dir, true) : 0;
    if (id)
        contents_show(&v->view, id);
    else
        ui_hint(v->view.ui,
                dir > 0 ? "No unread essay further down" : "No unread essay further up");
}

static void toggle_read(struct contents *v)
{
    struct ui *u = v->view.ui;
    const struct item_row *r = current(v);
    if (!r || !ui_may_write(u))
        return;
    int64_t id = r->id > 0 ? r->id : r->entry;
    if (id <= 0)
        ui_hint(u, "A bookmark is neither read nor unread");
    else
        undo_read(u, &id, 1, r->flags & ITEM_UNREAD, r->title);
}

// What is listed and unread, and nothing that has come in since.
static void mark_listed(struct contents *v)
{
    struct ids listed = {0};
    if (!ui_may_write(v->view.ui))
        return;
    contents_finish(v);
    for (size_t i = 0; i < v->ids->n; i++)
        ids_add(&listed, ids_at(v->ids, i));
    marking_of(v->view.ui, listed, v->title);
}

// What is listed, as it is narrowed: tags parted by blanks, -TAG takes one away.
void contents_tag_all(struct ui *u, const char *words)
{
    struct contents *v = (struct contents *)ui_top(u);
    char **tags = NULL;
    size_t n = 0, count = 0;
    struct err e = ERR_INIT;
    if (v->view.ops->kind != VIEW_CONTENTS || v->shelf.kind != SHELF_BOOKMARKS) {
        ui_hint(u, "Many are tagged at once in Bookmarks");
    } else if (ui_may_write(u)) {
        contents_finish(v);
        int64_t *ids = mem_array(v->ids->n, sizeof *ids);
        for (size_t i = 0; i < v->ids->n; i++)
            if (ids_at(v->ids, i) < 0)
                ids[count++] = ids_at(v->ids, i);
        if (!conf_words(words, &tags, &n, &e))
            ui_message(u, true, "%s", e.msg);
        for (size_t i = 0; i < n; i++) {
            bool off = tags[i][0] == '-' && tags[i][1];
            bookmarks_tag(u, ids, count, tags[i] + off, !off);
        }
        free(ids);
        free(tags);
    }
}

static void switch_unread_only(struct contents *v)
{
    v->unread_only = !v->unread_only;
    contents_load(v, false);
    ui_hint(v->view.ui, v->unread_only ? "Only what is unread" : "All essays");
}

static void fetch_feed(struct contents *v)
{
    struct ui *u = v->view.ui;
    int64_t feed = v->shelf.kind == SHELF_FEED ? v->shelf.feed : row_at(v, v->list.cursor)->feed_id;
    if (!ui_may_write(u))
        return;
    if (!u->set.client)
        ui_message(u, true,
                   "Nothing can be fetched here: another Lectern does it for this library");
    else if (!feed)
        ui_message(u, false, "The feed this came from is no longer here");
    else if (!client_fetch_feed(u->set.client, feed))
        ui_message(u, true, "The fetcher is not running");
}

static bool act_on_row(struct contents *v, enum action a)
{
    struct ui *u = v->view.ui;
    const struct item_row *r = current(v);
    if (!r)
        return true;
    bool kept_here = v->shelf.kind == SHELF_BOOKMARKS;
    if (a == ACT_AUDIO)
        item_listen(u, r->id);
    else if (a == ACT_ENQUEUE)
        item_enqueue(u, r->id);
    else if (a == ACT_BROWSER || a == ACT_COPY || a == ACT_HANDOFF)
        item_address(u, a, r->url, r->title);
    else if (kept_here)
        item_let_go(u, r->id);
    else if (a == ACT_BOOKMARK)
        item_toggle_kept(u, r->id);
    else
        ui_hint(u, "Feeds are removed on the shelf");
    return true;
}

static void seek_end(struct contents *v)
{
    titles_free(v->seek);
    v->seek = NULL;
}

static bool contents_act(struct view *view, enum action a, int n)
{
    struct contents *v = (struct contents *)view;
    if (v->seek && a != ACT_SEARCH_NEXT && a != ACT_SEARCH_PREV)
        seek_end(v); // who goes on by hand has not waited for it
    if (a == ACT_NEXT_ITEM || a == ACT_PREV_ITEM)
        a = a == ACT_NEXT_ITEM ? ACT_DOWN : ACT_UP;
    if (contents_short(v) &&
        (a == ACT_BOTTOM || n || v->list.cursor + 2 * v->list.rows >= v->list.n))
        contents_finish(v);
    if (list_act(&v->list, a, n, NULL))
        return true;
    switch (a) {
    case ACT_OPEN:
        open_current(v);
        return true;
    case ACT_NEXT_UNREAD:
    case ACT_PREV_UNREAD:
        do
            go_unread(v, a == ACT_NEXT_UNREAD ? 1 : -1);
        while (--n > 0 && !v->view.ui->message.text); // until it says that there are no more
        return true;
    case ACT_TOGGLE_READ:
        toggle_read(v);
        return true;
    case ACT_MARK_ALL_READ:
        mark_listed(v);
        return true;
    case ACT_UNREAD_ONLY:
        switch_unread_only(v);
        return true;
    case ACT_FILTER:
    case ACT_SORT:
    case ACT_BY_DAY:
    case ACT_FITS:
    case ACT_SAVE_SEARCH:
    case ACT_SEARCH_END:
        return contents_narrow_act(v, a, n);
    case ACT_FETCH:
        fetch_feed(v);
        return true;
    case ACT_OLDER:
        older_act(v->view.ui,
                  v->shelf.kind == SHELF_FEED ? v->shelf.feed
                  : v->list.n                 ? row_at(v, v->list.cursor)->feed_id
                                              : 0,
                  n);
        return true;
    case ACT_FEED:
        if (v->shelf.kind == SHELF_FEED)
            feed_open(v->view.ui, v->shelf.feed);
        else
            feed_open(v->view.ui, current(v) ? current(v)->feed_id : 0);
        return true;
    case ACT_AUDIO:
    case ACT_ENQUEUE:
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
    case ACT_BOOKMARK:
    case ACT_REMOVE:
        return act_on_row(v, a);
    default:
        return false;
    }
}

// ---- search ----

static void seek_on(struct contents *v)
{
    struct ui *u = v->view.ui;
    size_t at;
    if (!v->all)
        return; // soon
    enum titles_result r = titles_step(v->seek, u->set.store, v->ids, &at);
    if (r == TITLES_MORE)
        return;
    u->dirty = true;
    if (r == TITLES_FOUND) {
        list_go(&v->list, at);
    } else {
        ui_hint(u, "No title here has “%s”", u->found);
        ui_search_end(u);
    }
    seek_end(v);
}

static void contents_spot(struct view *view, bool back)
{
    struct contents *v = (struct contents *)view;
    if (!back)
        v->spot = v->list.cursor;
    else
        list_go(&v->list, v->spot);
}

static void contents_find(struct view *view, const char *what, int dir)
{
    struct contents *v = (struct contents *)view;
    seek_end(v);
    v->seek = titles_new(what, v->list.cursor, dir);
    seek_on(v); // short lists at once; long ones go on when idle
}

static bool contents_busy(const struct view *view)
{
    const struct contents *v = (const struct contents *)view;
    return v->seek || v->arrangement || v->load || (v->find && contents_find_busy(v));
}

static void contents_idle(struct view *view)
{
    struct contents *v = (struct contents *)view;
    if (v->find)
        contents_find_idle(v);
    if (v->load)
        contents_load_on(v);
    else
        contents_arrange_on(v);
    if (v->seek && view->ui->found)
        seek_on(v);
    else
        seek_end(v);
}

static const char *contents_title(struct view *view)
{
    return ((struct contents *)view)->title;
}

static void contents_free(struct view *view)
{
    struct contents *v = (struct contents *)view;
    seek_end(v);
    free(v->health);
    free(v->story);
    free(v->older);
    arena_free(v->arena);
    contents_ids_free(v);
    contents_find_free(v);
    free(v->filter);
    free(v->before);
    free(v->tag);
    free(v->title);
    free(v);
}

static void contents_hand(struct view *view, struct hand *out)
{
    struct contents *v = (struct contents *)view;
    const struct item_row *r = current(v);
    out->item = r ? r->id : 0;
    out->feed = r ? r->feed_id : v->shelf.feed;
}

struct view *contents_new(struct ui *u, const struct shelf *sh, const char *title,
                          const char *words)
{
    static const struct view_ops ops = {
        .kind = VIEW_CONTENTS,
        .hand = contents_hand,
        .act = contents_act,
        .draw = contents_draw,
        .status = contents_status,
        .resize = contents_resize,
        .refresh = contents_refresh,
        .idle = contents_idle,
        .busy = contents_busy,
        .find = contents_find,
        .spot = contents_spot,
        .title = contents_title,
        .free = contents_free,
    };
    struct contents *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    v->shelf = *sh;
    v->shelf.tag = v->tag = mem_strdup(sh->tag);
    v->title = mem_strdup(title);
    struct err e = ERR_INIT;
    if (contents_find_of(words)) {
        contents_find_start(v, contents_find_of(words));
        return &v->view;
    }
    count(v);
    contents_load(v, false);
    if (words && !contents_set_filter(v, words, &e))
        ui_message(u, true, "%s: %s", title, e.msg);
    return &v->view;
}
