// Listen later: recordings in the order in which they will be heard. What plays just now stands
// first in it only if it was put there; when it has been heard it goes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/listen.h"
#include "lectern/mem.h"
#include "list.h"
#include "player.h"

enum { PATIENCE_MS = 400, LENGTH_COLS = 17, FEED_COLS = 24 };

struct queue_view {
    struct view view;
    struct arena *arena;
    struct queue_row *rows;
    struct list list;
};

// ---- undo: a row that came, one that went, a move. A row that went and came again has another id:
// it is known by its address ----
struct change {
    enum { CAME, WENT, MOVED } what;
    struct queue_row row;
    int64_t before; // WENT: where it stood
    int by;         // MOVED
};

static char *copy(const char *s)
{
    return s ? mem_strdup(s) : NULL;
}

static void change_free(void *data)
{
    struct change *c = data;
    free((char *)c->row.address);
    free((char *)c->row.title);
    free((char *)c->row.feed_title);
    free((char *)c->row.type);
    free(c);
}

static int64_t row_of(struct store *s, const char *address)
{
    struct arena *a = arena_new();
    struct queue_row *rows;
    size_t n = 0;
    int64_t id = 0;
    if (store_queue(s, a, &rows, &n, NULL))
        for (size_t i = 0; i < n && !id; i++)
            if (strcmp(rows[i].address, address) == 0)
                id = rows[i].id;
    arena_free(a);
    return id;
}

static bool change_back(struct ui *u, void *data, struct err *e)
{
    struct change *c = data;
    struct store *s = u->set.store;
    int64_t id;
    bool existed;
    if (c->what == MOVED)
        return store_queue_move(s, row_of(s, c->row.address), -c->by, e);
    if (c->what == CAME ? !store_queue_remove(s, row_of(s, c->row.address), e)
                        : !store_queue_add(s, &c->row, c->before, &id, &existed, e))
        return false;
    ui_message(u, false, c->what == CAME ? "No longer to be heard: %s" : "To be heard again: %s",
               c->row.title);
    return true;
}

static struct change *remember(struct ui *u, const struct queue_row *r)
{
    struct change *c = mem_alloc(sizeof *c);
    c->row = (struct queue_row){.item = r->item,
                                .address = copy(r->address),
                                .title = copy(r->title),
                                .feed_title = copy(r->feed_title),
                                .type = copy(r->type),
                                .length = r->length};
    undo_own(u, r->title, c, change_back, change_free);
    return c;
}

void undo_queued(struct ui *u, const struct queue_row *r)
{
    remember(u, r)->what = CAME;
}

// ---- rows ----

static void queue_load(struct queue_view *v)
{
    struct err e = ERR_INIT;
    struct arena *old = v->arena;
    size_t n = 0;
    int64_t at = v->list.cursor < v->list.n ? v->rows[v->list.cursor].id : 0;
    v->arena = arena_new();
    v->rows = NULL;
    if (!store_queue(v->view.ui->set.store, v->arena, &v->rows, &n, &e))
        ui_message(v->view.ui, true, "%s", e.msg);
    list_set(&v->list, n, ui_list_rows(v->view.ui));
    for (size_t i = 0; i < n; i++)
        if (v->rows[i].id == at)
            list_go(&v->list, i);
    arena_free(old);
}

static void queue_resize(struct view *view)
{
    struct queue_view *v = (struct queue_view *)view;
    list_set(&v->list, v->list.n, ui_list_rows(view->ui));
}

static void queue_refresh(struct view *view, bool all)
{
    (void)all;
    queue_load((struct queue_view *)view);
}

static struct queue_row *current(struct queue_view *v)
{
    return v->list.cursor < v->list.n ? &v->rows[v->list.cursor] : NULL;
}

// "12:31/31:04", "31:04"; nothing where nothing is known.
static void length_words(const struct queue_row *r, struct buf *out)
{
    if (r->heard.at >= 1) {
        when_length((int64_t)r->heard.at, out);
        if (r->length >= 1)
            buf_char(out, '/');
    }
    if (r->length >= 1)
        when_length((int64_t)r->length, out);
}

static void total_words(const struct queue_view *v, struct buf *out)
{
    double left = 0;
    for (size_t i = 0; i < v->list.n; i++)
        left += v->rows[i].length - v->rows[i].heard.at > 0
                    ? v->rows[i].length - v->rows[i].heard.at
                    : 0;
    buf_printf(out, "%zu recording%s", v->list.n, v->list.n == 1 ? "" : "s");
    if (left >= 1) {
        buf_str(out, ", ");
        when_length((int64_t)left, out);
    }
}

static void draw_row(const struct queue_view *v, struct canvas *c, size_t i, int row, int left,
                     int width)
{
    struct ui *u = v->view.ui;
    const struct queue_row *r = &v->rows[i];
    struct buf length = {0};
    bool plays = player_plays(u, r->address);
    int from = left + 3, right = left + width - 1, feed = width >= 70 ? FEED_COLS : 0;
    length_words(r, &length);
    if (length.len && width >= 30)
        right -= 2 + ui_put_right(u, c, row, right, LENGTH_COLS, length.data, STYLE(LIST_DIM));
    if (feed && r->feed_title) {
        right = left + width - 1 - LENGTH_COLS - feed;
        ui_put(u, c, row, right, feed - 2, r->feed_title, STYLE(LIST_DIM));
        right -= 2;
    }
    if (plays)
        ui_put(u, c, row, left + 1, 2, ui_glyph(u, GLYPH_AUDIO), STYLE(LIST_MARK));
    ui_put(u, c, row, from, right - from, r->title, plays ? STYLE(LIST_UNREAD) : STYLE(LIST_TITLE));
    buf_free(&length);
}

static void queue_draw(struct view *view, struct canvas *c)
{
    struct queue_view *v = (struct queue_view *)view;
    struct ui *u = view->ui;
    struct buf right = {0};
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    if (v->list.n)
        total_words(v, &right);
    ui_head(u, c, "Listen later", buf_cstr(&right));
    buf_free(&right);
    canvas_cursor(c, row, left);
    if (v->list.n == 0) {
        struct buf b = {0};
        buf_printf(&b, "Nothing waits to be heard. %s on an essay with audio (%s) puts it here.",
                   ui_key_of(u, VIEW_CONTENTS, ACT_ENQUEUE), ui_glyph(u, GLYPH_AUDIO));
        ui_put_words(u, c, row, left + 3, width - 4, 3, b.data, STYLE(LIST_DIM), NULL);
        buf_free(&b);
    }
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        draw_row(v, c, i, row, left, width);
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + 3);
        }
    }
}

static void queue_status(struct view *view, struct buf *left, struct buf *right)
{
    struct queue_view *v = (struct queue_view *)view;
    struct ui *u = view->ui;
    static const struct {
        enum action action;
        const char *does;
    } keys[] = {
        {ACT_OPEN, "play"}, {ACT_REMOVE, "take out"}, {ACT_MOVE_UP, "up"}, {ACT_MOVE_DOWN, "down"}};
    for (size_t i = 0; v->list.n && u->cols >= 60 && i < sizeof keys / sizeof *keys; i++)
        buf_printf(left, "%s%s %s", i ? "  " : "", ui_key_of(u, VIEW_QUEUE, keys[i].action),
                   keys[i].does);
    if (v->list.n)
        buf_printf(right, "%zu/%zu", v->list.cursor + 1, v->list.n);
}

// ---- what keys do ----

static void take_out(struct queue_view *v)
{
    struct ui *u = v->view.ui;
    struct queue_row *r = current(v);
    struct err e = ERR_INIT;
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = store_queue_remove(u->set.store, r->id, &e);
    store_set_wait(u->set.store, 0);
    if (!ok) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    struct change *c = remember(u, r);
    c->what = WENT;
    c->before = v->list.cursor + 1 < v->list.n ? v->rows[v->list.cursor + 1].id : 0;
    ui_message(u, false, "No longer to be heard: %s (%s undoes)", r->title,
               ui_key_of(u, VIEW_QUEUE, ACT_UNDO));
    size_t at = v->list.cursor;
    queue_load(v);
    list_go(&v->list, at);
}

static void move(struct queue_view *v, int by)
{
    struct ui *u = v->view.ui;
    struct queue_row *r = current(v);
    struct err e = ERR_INIT;
    size_t was = v->list.cursor;
    store_set_wait(u->set.store, PATIENCE_MS);
    bool ok = store_queue_move(u->set.store, r->id, by, &e);
    store_set_wait(u->set.store, 0);
    if (!ok) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    queue_load(v);
    if (v->list.cursor == was)
        return;
    struct change *c = remember(u, current(v));
    c->what = MOVED;
    c->by = (int)v->list.cursor - (int)was;
}

static bool queue_act(struct view *view, enum action a, int count)
{
    struct queue_view *v = (struct queue_view *)view;
    struct ui *u = view->ui;
    struct queue_row *r = current(v);
    int n = count > 0 ? count : 1;
    if (list_act(&v->list, a, count, NULL))
        return true;
    switch (a) {
    case ACT_QUEUE:
        return true;
    case ACT_OPEN:
    case ACT_AUDIO:
        if (r)
            item_sound(u, r->item, r->address, r->title, r->title);
        return true;
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
        if (r)
            item_address(u, a, r->address, r->title);
        return true;
    case ACT_REMOVE:
        if (r && ui_may_write(u))
            take_out(v);
        return true;
    case ACT_MOVE_UP:
    case ACT_MOVE_DOWN:
        if (r && ui_may_write(u))
            move(v, a == ACT_MOVE_UP ? -n : n);
        return true;
    default:
        return false;
    }
}

static bool row_has(struct view *view, size_t i, const char *what)
{
    const struct queue_row *r = &((struct queue_view *)view)->rows[i];
    return ui_contains(r->title, what) || (r->feed_title && ui_contains(r->feed_title, what));
}

static void queue_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct queue_view *)view)->list, what, dir, row_has,
                 "No recording here has");
}

static void queue_hand(struct view *view, struct hand *out)
{
    struct queue_row *r = current((struct queue_view *)view);
    out->item = r ? r->item : 0;
}

static void queue_free(struct view *view)
{
    struct queue_view *v = (struct queue_view *)view;
    arena_free(v->arena);
    free(v);
}

struct view *queue_new(struct ui *u)
{
    static const struct view_ops ops = {
        .kind = VIEW_QUEUE,
        .act = queue_act,
        .draw = queue_draw,
        .status = queue_status,
        .resize = queue_resize,
        .refresh = queue_refresh,
        .find = queue_find,
        .hand = queue_hand,
        .free = queue_free,
    };
    struct queue_view *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    queue_load(v);
    return &v->view;
}
