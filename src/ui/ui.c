// The stack of views, what every view has in common, what keys mean everywhere. No terminal here:
// app.c brings keys and takes the canvas; tests do the same from a script.
#include "panel.h"
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ex.h"
#include "list.h"
#include "player.h"
#include "prompt.h"
#include "lectern/match.h"
#include "lectern/search.h"
#include "lectern/layout.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { LIST_MEASURE = 104 };

// ---- the stack ----

struct view *ui_top(const struct ui *u)
{
    return u->stack[u->depth - 1];
}

static void view_drop(struct view *v)
{
    if (v->ops->save)
        v->ops->save(v);
    if (v->ops->free)
        v->ops->free(v);
    else
        free(v);
}

void ui_search_end(struct ui *u)
{
    free(u->found);
    u->found = NULL;
}

void ui_push(struct ui *u, struct view *v)
{
    ui_search_end(u);
    u->stack = mem_grow(u->stack, &u->stack_cap, u->depth + 1, sizeof *u->stack);
    v->cols = u->cols; // as it was made
    u->stack[u->depth++] = v;
    panes_settle(u);
    u->dirty = true;
}

void ui_pop(struct ui *u)
{
    if (u->depth < 2)
        return;
    ui_search_end(u);
    ui_panel(u, NULL);
    view_drop(u->stack[--u->depth]);
    panes_settle(u);
    u->dirty = true;
}

void ui_replace(struct ui *u, struct view *v)
{
    ui_search_end(u);
    ui_panel(u, NULL);
    view_drop(ui_top(u));
    v->cols = u->cols;
    u->stack[u->depth - 1] = v;
    panes_settle(u);
    u->dirty = true;
}

struct view *ui_below(const struct ui *u, const struct view *v, enum view_kind kind)
{
    size_t at = u->depth;
    while (at > 0 && u->stack[at - 1] != v)
        at--;
    for (; at > 1; at--)
        if (u->stack[at - 2]->ops->kind == kind)
            return u->stack[at - 2];
    return NULL;
}

void ui_panel(struct ui *u, struct panel *p)
{
    struct panel *old = u->panel;
    u->panel = p;
    u->dirty = true;
    if (old && old->ops->free)
        old->ops->free(old);
    else
        free(old);
}

void ui_touch(struct ui *u)
{
    for (size_t i = 0; i < u->depth; i++)
        u->stack[i]->stale = STALE_ALL;
    u->dirty = true;
}

void ui_touch_marks(struct ui *u)
{
    for (size_t i = 0; i < u->depth; i++)
        if (u->stack[i]->stale == FRESH)
            u->stack[i]->stale = STALE_MARKS;
    u->dirty = true;
}

static void freshen(struct view *v)
{
    bool all = v->stale == STALE_ALL;
    if (v->stale == FRESH)
        return;
    v->stale = FRESH;
    if (v->ops->refresh)
        v->ops->refresh(v, all);
}

// ---- small things all views use ----

int64_t ui_now(const struct ui *u)
{
    return u->set.clock ? u->set.clock() : (int64_t)time(NULL);
}

int ui_body(const struct ui *u)
{
    return u->rows > 1 ? u->rows - 1 : 1;
}

void ui_list_block(const struct ui *u, int *left, int *width)
{
    *width = u->cols < LIST_MEASURE ? u->cols : LIST_MEASURE;
    *left = (u->cols - *width) / 2;
}

int ui_head_rows(const struct ui *u)
{
    int body = ui_body(u);
    return body >= 8 ? 2 : body >= 3 ? 1 : 0;
}

size_t ui_list_rows(const struct ui *u)
{
    int rows = ui_body(u) - ui_head_rows(u);
    return rows > 0 ? (size_t)rows : 1;
}

void ui_head(struct ui *u, struct canvas *c, const char *title, const char *right)
{
    int left, width;
    ui_list_block(u, &left, &width);
    if (ui_head_rows(u) < 1)
        return;
    struct buf figure = {0};
    if (u->fetch.on)
        buf_printf(&figure, "fetching %d/%d", u->fetch.done, u->fetch.total);
    else if (u->cols >= 60)
        older_figure(u, &figure);
    if (figure.len)
        right = figure.data;
    int want = ui_cols_of(u, title), used = 0, there = ui_cols_of(u, right);
    if (*right && (want + there + 4 <= width || there + 12 <= width))
        used = ui_put_right(u, c, 0, left + width - 1, there, right, STYLE(LIST_DIM)) + 2;
    ui_put(u, c, 0, left + 1, width - 2 - used, title, STYLE(VIEW_TITLE));
    buf_free(&figure);
}

bool ui_contains(const char *text, const char *what)
{
    struct pattern p = pattern_new(what);
    struct match m;
    bool found = match_next(&p, text, strlen(text), 0, &m);
    pattern_free(&p);
    return found;
}

bool ui_may_write(struct ui *u)
{
    if (store_writable(u->set.store))
        return true;
    ui_message(u, true, "This library can only be read: nothing is marked or kept");
    return false;
}

static const char *shown(const struct ui *u, const char *s, struct buf *b)
{
    if (!u->set.ascii)
        return s;
    utf8_to_ascii(b, s, strlen(s));
    return buf_cstr(b);
}

int ui_cols_of(const struct ui *u, const char *s)
{
    struct buf b = {0};
    const char *text = shown(u, s, &b);
    int cols = utf8_cols(text, strlen(text));
    buf_free(&b);
    return cols;
}

int ui_put(const struct ui *u, struct canvas *c, int row, int col, int max, const char *s,
           struct style st)
{
    struct buf b = {0};
    int used = max > 0 ? canvas_str_fit(c, row, col, max, shown(u, s, &b), st, u->set.ascii) : 0;
    buf_free(&b);
    return used;
}

int ui_put_right(const struct ui *u, struct canvas *c, int row, int right, int max, const char *s,
                 struct style st)
{
    int cols = ui_cols_of(u, s);
    if (cols > max)
        cols = max;
    return ui_put(u, c, row, right - cols, cols, s, st);
}

const char *ui_key_of(struct ui *u, enum view_kind v, enum action a)
{
    char *out = u->keys[u->nkeys++ % (sizeof u->keys / sizeof *u->keys)];
    struct buf all = {0};
    keymap_keys(u->set.keymap, v, a, &all);
    const char *keys = buf_cstr(&all);
    size_t len = strcspn(keys, ","); // a comma may be the key itself
    len = len ? len : strlen(keys);
    snprintf(out, sizeof u->keys[0], "%.*s", (int)len, keys);
    buf_free(&all);
    return out;
}

const char *ui_glyph(const struct ui *u, enum glyph g)
{
    static const char *const glyphs[GLYPH_COUNT][2] = {
        [GLYPH_UNREAD] = {"●", "N"}, [GLYPH_STARTED] = {"◐", "o"}, [GLYPH_AUDIO] = {"♪", "A"},
        [GLYPH_KEPT] = {"★", "*"},   [GLYPH_DOT] = {"·", "-"},     [GLYPH_RULE] = {"─", "-"},
        [GLYPH_DASH] = {"–", "-"},
    };
    static const char *const words[GLYPH_COUNT] = {
        [GLYPH_UNREAD] = "unread", [GLYPH_STARTED] = "started", [GLYPH_AUDIO] = "audio",
        [GLYPH_KEPT] = "bookmark", [GLYPH_DOT] = "-",           [GLYPH_RULE] = " ",
        [GLYPH_DASH] = "-",
    };
    return ui_in_words(u) ? words[g] : glyphs[g][u->set.ascii];
}

void ui_pending_keys(struct ui *u, const char *text)
{
    if (strcmp(u->pending, text) == 0)
        return;
    snprintf(u->pending, sizeof u->pending, "%s", text);
    u->dirty = true;
}

// ---- search in whatever view is on top ----

void ui_find(struct ui *u, struct view *v, const char *text)
{
    if (!v->ops->find)
        return;
    ui_search_end(u);
    if (*text) {
        u->found = mem_strdup(text);
        v->ops->find(v, text, 0);
    }
}

void ui_list_seek(struct view *v, struct list *l, const char *what, int dir,
                  bool (*has)(struct view *v, size_t item, const char *what), const char *none)
{
    size_t n = l->n, at = l->cursor;
    for (size_t i = dir == 0 ? 0 : 1; i <= n && n; i++) {
        size_t k = (dir < 0 ? at + n - i % n : at + i) % n;
        if (has(v, k, what)) {
            list_go(l, k);
            return;
        }
    }
    ui_hint(v->ui, "%s “%s”", none, what);
    ui_search_end(v->ui);
}

// While words are typed the view follows them, each time from where it stood.
static void find_typed(struct ui *u, struct view *v, const char *text)
{
    if (!v->ops->spot)
        return;
    v->ops->spot(v, true);
    ui_search_end(u);
    if (text)
        ui_find(u, v, text);
}

static void find_done(struct ui *u, struct view *v, const char *text)
{
    if (v->ops->spot)
        v->ops->spot(v, true);
    ui_find(u, v, text);
    if (*text && !u->found &&
        v->ops->kind == VIEW_SHELF) { // the shelf stands for all that is in it
        status_clear(u);
        find_words(u, text);
    }
}

void ui_list_find(struct view *v, enum action a)
{
    struct ui *u = v->ui;
    if (a == ACT_SEARCH && v->ops->spot)
        v->ops->spot(v, false);
    if (a == ACT_SEARCH)
        prompt_open(u,
                    &(struct prompt_kind){
                        .label = "Find: ", .done = find_done, .typed = find_typed, .history = '/'},
                    "");
    else if (u->found)
        v->ops->find(v, u->found, a == ACT_SEARCH_NEXT ? 1 : -1);
    else
        ui_hint(u, "Nothing has been searched for yet");
}

// ---- actions that mean the same everywhere ----

// What plays may go on without us.
static void end(struct ui *u)
{
    const char *then = conf_str(u->set.conf, CONF_AUDIO_AT_END);
    if (player_on(u) && strcmp(then, "ask") == 0) {
        ui_panel(u, farewell_new(u));
        return;
    }
    if (player_on(u) && strcmp(then, "stop") == 0)
        player_act(u, ACT_STOP_SOUND, 0);
    u->done = true;
}

static bool act_anywhere(struct ui *u, struct view *v, enum action a, int count)
{
    switch (a) {
    case ACT_BACK:
        if (u->depth > 1)
            ui_pop(u);
        else
            end(u);
        return true;
    case ACT_QUIT:
        end(u);
        return true;
    case ACT_HELP:
        ui_push(u, help_new(u, v->ops->kind, ""));
        return true;
    case ACT_THEMES:
        ui_panel(u, themes_new(u));
        return true;
    case ACT_MESSAGES:
        ui_push(u, messages_new(u));
        return true;
    case ACT_HIGHLIGHTS:
        ui_push(u, highlights_new(u, 0));
        return true;
    case ACT_BOOKMARK_NOTE:
        bookmark_ask(u);
        return true;
    case ACT_SEARCH_END:
        ui_search_end(u);
        return true;
    case ACT_REDRAW:
        if (u->set.redraw)
            u->set.redraw(u->set.ctx);
        return true;
    case ACT_NONE:
        return true;
    case ACT_UNDO:
        undo_last(u);
        return true;
    case ACT_SEARCH:
    case ACT_SEARCH_NEXT:
    case ACT_SEARCH_PREV:
        if (v->ops->find)
            ui_list_find(v, a);
        return v->ops->find != NULL;
    case ACT_FIND:
        find_ask(u);
        return true;
    case ACT_COMMAND:
        ex_ask(u);
        return true;
    case ACT_SIDE:
        panes_switch(u);
        return true;
    case ACT_RENAME:
        feed_ask(u, FIELD_NAME);
        return true;
    case ACT_TAG:
        feed_ask(u, FIELD_TAGS);
        return true;
    case ACT_INTERVAL:
        feed_ask(u, FIELD_INTERVAL);
        return true;
    case ACT_MOVE:
        feed_ask(u, FIELD_ADDRESS);
        return true;
    default:
        return player_act(u, a, count) || subscribe_act(u, a);
    }
}

void ui_act(struct ui *u, enum action a, int count)
{
    struct view *v = ui_top(u);
    status_clear(u);
    u->moving.on = a == ACT_DOWN || a == ACT_UP;
    u->dirty = true;
    freshen(v);
    if (u->found && a == ACT_NEXT_UNREAD)
        a = ACT_SEARCH_NEXT;
    if (v->ops->act(v, a, count) || act_anywhere(u, v, a, count))
        return;
    ui_hint(u, "That means nothing here");
}

// Is all that another process has changed the index of words?
static bool only_indexed(struct ui *u)
{
    struct search_stamp now, was = u->stamp;
    if (!search_stamp(u->set.store, &now, NULL))
        return false;
    u->stamp = now;
    return now.index != was.index && now.rest == was.rest;
}

// Once, when the reader has begun: what is not in the index is taken into it meanwhile.
static void ask_index(struct ui *u)
{
    int64_t left, of;
    if (u->index_asked || !u->set.client || !store_writable(u->set.store))
        return;
    u->index_asked = true;
    if (search_progress(u->set.store, &left, &of, NULL) && left > 0)
        client_index(u->set.client);
}

void ui_idle(struct ui *u)
{
    ask_index(u);
    struct view *v = ui_top(u);
    if (u->message.text && ui_now(u) >= u->message.until)
        status_clear(u);
    int64_t version = store_version(u->set.store);
    if (version != u->version && only_indexed(u)) {
        u->version = version;
        player_look(u); // it may have been written with the index
    }
    if (version != u->version && (!(u->fetch.on || u->older.on) || ui_now(u) - u->looked >= 2)) {
        u->version =
            version; // while a fetch writes batch after batch, now and then is often enough
        u->looked = ui_now(u);
        ui_touch(u);
        player_look(u);
    }
    if (!u->player)
        player_look(u);
    player_tick(u);
    for (size_t i = 0; i < u->depth; i++) {
        struct view *shown = u->stack[i];
        if ((shown != v && !shown->beside) || !shown->ops->idle)
            continue;
        u->cols = shown->cols;
        shown->ops->idle(shown);
    }
    u->cols = v->cols;
    marking_on(u);
    struct err e = ERR_INIT;
    if (store_pending(u->set.store) && !store_flush(u->set.store, 0, &e) && e.kind != ERR_BUSY) {
        if (!u->flush_failed)
            ui_message(u, true, "%s", e.msg);
        u->flush_failed = true;
    }
}

bool ui_busy(const struct ui *u)
{
    for (size_t i = 0; i < u->depth; i++) {
        struct view *v = u->stack[i];
        if ((v == ui_top(u) || v->beside) && v->ops->busy && v->ops->busy(v))
            return true;
    }
    return marking_busy(u);
}

// ---- life ----

struct ui *ui_new(const struct ui_setup *s, int cols, int rows)
{
    struct ui *u = mem_alloc(sizeof *u);
    u->set = *s;
    u->when.utc_offset = s->utc_offset;
    u->cols = u->all_cols = cols > 0 ? cols : 1;
    u->rows = rows > 0 ? rows : 1;
    u->side = conf_bool(s->conf, CONF_SIDE);
    u->version = store_version(s->store);
    search_stamp(s->store, &u->stamp, NULL);
    u->dirty = true;
    u->history = history_new(s->history, (size_t)conf_int(s->conf, CONF_HISTORY));
    ui_push(u, shelf_new(u));
    if (store_notice(s->store))
        ui_message(u, false, "%s", store_notice(s->store));
    else if (!store_writable(s->store))
        ui_message(u, false, "This library can only be read: nothing is marked or kept");
    return u;
}

void ui_free(struct ui *u)
{
    if (!u)
        return;
    ui_panel(u, NULL);
    marking_end(u);
    while (u->depth)
        view_drop(u->stack[--u->depth]);
    prompt_end(u);
    history_free(u->history);
    player_free(u->player);
    ui_search_end(u);
    undo_free(u);
    for (size_t i = 0; i < u->nsaid; i++)
        free(u->said[i].text);
    free(u->said);
    free(u->message.text);
    free(u->moving.left);
    canvas_free(u->pane);
    free(u->stack);
    hyphens_free(u->hyphens);
    free(u);
}

void ui_resize(struct ui *u, int cols, int rows)
{
    u->all_cols = cols > 0 ? cols : 1;
    u->rows = rows > 0 ? rows : 1;
    ui_relayout(u);
}

void ui_relayout(struct ui *u)
{
    u->dirty = true;
    for (size_t i = 0; i < u->depth; i++)
        u->stack[i]->cols = 0; // each is asked anew when it is seen
    panes_settle(u);
}

void ui_ascii(struct ui *u, bool ascii)
{
    u->set.ascii = ascii;
    ui_relayout(u);
}

struct hand ui_hand(const struct ui *u)
{
    struct hand h = {0, 0};
    struct view *v = ui_top(u);
    if (v->ops->hand)
        v->ops->hand(v, &h);
    return h;
}

void ui_save(struct ui *u)
{
    for (size_t i = 0; i < u->depth; i++)
        if (u->stack[i]->ops->save)
            u->stack[i]->ops->save(u->stack[i]);
}

enum view_kind ui_view(const struct ui *u)
{
    return ui_top(u)->ops->kind;
}

bool ui_done(const struct ui *u)
{
    return u->done;
}

bool ui_dirty(const struct ui *u)
{
    return u->dirty;
}

// What is seen beside the top view is what one came from: a click there goes back to it.
static bool go_beside(struct ui *u, int col)
{
    for (size_t i = 0; i < u->depth; i++) {
        struct view *v = u->stack[i];
        if (!v->beside || col < v->left || col >= v->left + v->cols)
            continue;
        while (ui_top(u) != v)
            ui_pop(u);
        return true;
    }
    return false;
}

void ui_click(struct ui *u, int row, int col)
{
    if (go_beside(u, col))
        return;
    struct view *v = ui_top(u);
    int lines = v->lines > 1 ? v->lines : 1, away = row - u->cursor_row;
    away = away < 0 ? -((lines - 1 - away) / lines) : away / lines;
    if (v->ops->click) {
        status_clear(u);
        u->dirty = true;
        v->ops->click(v, row, col - v->left);
    } else if (row < ui_head_rows(u) || row >= ui_body(u)) {
        return;
    } else if (away) {
        ui_act(u, away > 0 ? ACT_DOWN : ACT_UP, away > 0 ? away : -away);
    } else {
        ui_act(u, ACT_OPEN, 0);
    }
}

bool ui_restless(const struct ui *u)
{
    return u->moving.on && u->moving.waits;
}

void ui_rest(struct ui *u)
{
    u->dirty |= ui_restless(u);
    u->moving.on = u->moving.waits = false;
}

void ui_redraw(struct ui *u)
{
    u->dirty = true;
}

const char *ui_terminal_title(const struct ui *u)
{
    struct view *v = ui_top(u);
    const char *title = v->ops->title ? v->ops->title(v) : NULL;
    return title && *title ? title : "Lectern";
}

void ui_draw_view(struct view *v, struct canvas *c)
{
    freshen(v);
    canvas_clear(c);
    v->ops->draw(v, c);
}

static void draw_top(struct ui *u, struct canvas *c)
{
    ui_draw_view(ui_top(u), c);
    canvas_cursor_at(c, &u->cursor_row, &(int){0});
    if (u->panel) {
        int room = u->rows - status_rows(u); // a long message stands below it
        room = room < 1 ? 1 : room;
        int rows = u->panel->ops->height(u->panel, u->cols, room);
        rows = rows > room ? room : rows < 0 ? 0 : rows;
        for (int row = room - rows; row < room; row++)
            canvas_fill(c, row, 0, u->cols, " ", STYLE(TEXT));
        u->panel->ops->draw(u->panel, c, room - rows, rows);
    }
    status_draw(u, c);
    if (ui_in_words(u))
        words_hush(c);
}

void ui_draw(struct ui *u, struct canvas *c)
{
    const struct view *v = ui_top(u);
    if (v->left == 0) {
        draw_top(u, c);
    } else {
        canvas_clear(c);
        panes_draw(u, c);
        canvas_resize(u->pane, v->cols, u->rows);
        draw_top(u, u->pane);
        canvas_blit(c, v->left, u->pane);
    }
    u->dirty = false;
}
