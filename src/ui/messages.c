// What happened so far, with times, whole: a long message takes as many lines as it needs. The
// newest is at the end, where one arrives.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "view.h"

struct piece {
    size_t message;
    size_t off, len; // of its text
};
struct messages {
    struct view view;
    struct piece *pieces;
    size_t cap;
    struct list list;
};

enum { TIME_COLS = 8 }; // "08:12" and space

static void messages_lay(struct messages *v)
{
    struct ui *u = v->view.ui;
    int left, width;
    ui_list_block(u, &left, &width);
    int cols = width - (width >= 30 ? TIME_COLS + 3 : 2);
    cols = cols < 1 ? 1 : cols;
    size_t n = 0;
    for (size_t i = 0; i < u->nsaid; i++) {
        const char *s = u->said[i].text;
        size_t len = strlen(s), off = 0;
        do {
            size_t fit = utf8_fit(s + off, len - off, cols, NULL), take = fit;
            if (off + fit < len)
                while (take > 0 && s[off + take] != ' ')
                    take--;
            take = take ? take : fit ? fit : len > off ? utf8_grapheme(s + off, len - off) : 0;
            v->pieces = mem_grow(v->pieces, &v->cap, n + 1, sizeof *v->pieces);
            v->pieces[n++] = (struct piece){i, off, take};
            off += take;
            while (off < len && s[off] == ' ')
                off++;
        } while (off < len);
    }
    bool last = v->list.cursor + 1 >= v->list.n;
    list_set(&v->list, n, ui_list_rows(u));
    if (last && n)
        list_go(&v->list, n - 1);
}

static void messages_resize(struct view *view)
{
    messages_lay((struct messages *)view);
}

static void messages_refresh(struct view *view, bool all)
{
    (void)all;
    messages_lay((struct messages *)view);
}

static void messages_draw(struct view *view, struct canvas *c)
{
    struct messages *v = (struct messages *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    int at = width >= 30 ? TIME_COLS + 2 : 1;
    ui_head(u, c, "Messages", "");
    canvas_cursor(c, row, left);
    if (v->list.n == 0)
        ui_put(u, c, row, left + 1, width - 1, "Nothing has happened yet.", STYLE(LIST_DIM));
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct piece *p = &v->pieces[i];
        const struct said *m = &u->said[p->message];
        if (p->off == 0 && at > 1) {
            struct buf time = {0};
            struct tm tm;
            when_local(u->when, m->at, &tm);
            buf_printf(&time, "%02d:%02d", tm.tm_hour, tm.tm_min);
            ui_put(u, c, row, left + 3, TIME_COLS - 3, time.data, STYLE(LIST_DIM));
            buf_free(&time);
        }
        char *text = mem_strndup(m->text + p->off, p->len);
        ui_put(u, c, row, left + at, width - at, text, m->error ? STYLE(ERROR) : STYLE(TEXT));
        free(text);
        if (i == v->list.cursor) {
            canvas_mark(c, row, left, width, MARK_CURRENT);
            canvas_cursor(c, row, left + at);
        }
    }
}

static bool messages_act(struct view *view, enum action a, int count)
{
    struct messages *v = (struct messages *)view;
    if (a == ACT_MESSAGES || a == ACT_OPEN)
        return true;
    return list_act(&v->list, a, count, NULL);
}

static bool message_has(struct view *view, size_t i, const char *what)
{
    const struct piece *p = &((struct messages *)view)->pieces[i];
    return p->off == 0 && ui_contains(view->ui->said[p->message].text, what);
}

static void messages_find(struct view *view, const char *what, int dir)
{
    ui_list_seek(view, &((struct messages *)view)->list, what, dir, message_has, "No message has");
}

static void messages_free(struct view *view)
{
    struct messages *v = (struct messages *)view;
    free(v->pieces);
    free(v);
}

struct view *messages_new(struct ui *u)
{
    static const struct view_ops ops = {
        .kind = VIEW_MESSAGES,
        .act = messages_act,
        .draw = messages_draw,
        .resize = messages_resize,
        .refresh = messages_refresh,
        .find = messages_find,
        .free = messages_free,
    };
    struct messages *v = mem_alloc(sizeof *v);
    v->view = (struct view){.ops = &ops, .ui = u};
    messages_lay(v);
    return &v->view;
}
