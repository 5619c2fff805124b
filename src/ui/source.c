// What the feed delivered, as it is: the markup of an essay, for those who wonder what became of
// it. Lines are cut where the screen ends; nothing is interpreted.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "list.h"
#include "lectern/match.h"
#include "view.h"

struct piece {
    size_t off, len;
};
struct source {
    struct view view;
    char *text;
    size_t len;
    char *title, *url, *figure;
    struct piece *pieces; // rows at this width
    size_t cap;
    struct list list;
};

static void lay(struct source *v)
{
    struct ui *u = v->view.ui;
    int left, width;
    ui_list_block(u, &left, &width);
    int cols = width > 4 ? width - 2 : width;
    size_t n = 0, at = v->list.cursor < v->list.n ? v->pieces[v->list.cursor].off : 0, cursor = 0;
    for (size_t off = 0; off < v->len || n == 0;) {
        const char *s = v->text + off, *end = memchr(s, '\n', v->len - off);
        size_t line = end ? (size_t)(end - s) : v->len - off, fit = utf8_fit(s, line, cols, NULL);
        if (fit < line) { // a tag or a word is kept whole where that costs little
            size_t cut = fit;
            while (cut > fit / 2 && s[cut - 1] != ' ' && s[cut] != '<')
                cut--;
            fit = cut > fit / 2 ? cut : fit ? fit : utf8_grapheme(s, line);
        }
        v->pieces = mem_grow(v->pieces, &v->cap, n + 1, sizeof *v->pieces);
        v->pieces[n] = (struct piece){off, fit};
        if (off <= at)
            cursor = n;
        n++;
        off += fit + (fit == line);
    }
    list_set(&v->list, n, ui_list_rows(u));
    list_go(&v->list, cursor);
}

static void source_resize(struct view *view)
{
    lay((struct source *)view);
}

static void mark_found(struct source *v, struct canvas *c, int row, int left, const struct piece *p,
                       const struct pattern *what)
{
    struct match m;
    size_t from = p->off > 200 ? p->off - 200 : 0; // one may begin on the row above
    while (from > 0 && ((unsigned char)v->text[from] & 0xC0) == 0x80)
        from--;
    while (match_next(what, v->text, v->len, from, &m) && m.off < p->off + p->len) {
        size_t a = m.off > p->off ? m.off : p->off, end = m.off + m.len;
        end = end < p->off + p->len ? end : p->off + p->len;
        if (end > a)
            canvas_mark(c, row, left + utf8_cols(v->text + p->off, a - p->off),
                        utf8_cols(v->text + a, end - a), MARK_MATCH);
        from = m.off + m.len;
    }
}

static void source_draw(struct view *view, struct canvas *c)
{
    struct source *v = (struct source *)view;
    struct ui *u = view->ui;
    int left, width, row = ui_head_rows(u);
    ui_list_block(u, &left, &width);
    struct buf head = {0};
    buf_printf(&head, "Source of %s", v->title);
    ui_head(u, c, head.data, v->figure);
    buf_free(&head);
    struct pattern what = pattern_new(u->found ? u->found : "");
    left += width > 4;
    for (size_t i = v->list.top; i < list_end(&v->list); i++, row++) {
        const struct piece *p = &v->pieces[i];
        char *line = mem_printf("%.*s", (int)p->len, v->text + p->off);
        ui_put(u, c, row, left, width, line, STYLE(TEXT));
        free(line);
        if (u->found && !u->set.ascii)
            mark_found(v, c, row, left, p, &what);
        if (i == v->list.cursor)
            canvas_cursor(c, row, left);
    }
    pattern_free(&what);
}

static void source_status(struct view *view, struct buf *left, struct buf *right)
{
    struct source *v = (struct source *)view;
    buf_str(left, v->url ? v->url : "");
    size_t end = list_end(&v->list);
    buf_printf(right, "%d%%", v->list.n ? (int)(100 * end / v->list.n) : 100);
}

static bool source_act(struct view *view, enum action a, int count)
{
    struct source *v = (struct source *)view;
    size_t n = count > 0 ? (size_t)count : 1,
           last = v->list.n > v->list.rows ? v->list.n - v->list.rows : 0;
    switch (a) { // it moves like a page, not like a list
    case ACT_DOWN:
        v->list.top = v->list.top + n < last ? v->list.top + n : last;
        break;
    case ACT_UP:
        v->list.top -= v->list.top < n ? v->list.top : n;
        break;
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
        item_address(view->ui, a, v->url, v->title);
        return true;
    default:
        return list_act(&v->list, a, count, NULL);
    }
    v->list.cursor = v->list.top;
    return true;
}

static void source_find(struct view *view, const char *what, int dir)
{
    struct source *v = (struct source *)view;
    struct pattern p = pattern_new(what);
    struct match m;
    size_t at = v->pieces[v->list.cursor].off, found = SIZE_MAX, from = 0, row = 0;
    if (dir < 0) { // the last one before the row, else the last of all
        while (match_next(&p, v->text, v->len, from, &m)) {
            if (m.off >= at && found != SIZE_MAX && found < at)
                break;
            found = m.off;
            from = m.off + m.len;
        }
    } else {
        size_t next = at + (dir > 0 ? v->pieces[v->list.cursor].len : 0);
        if (match_next(&p, v->text, v->len, next, &m) || match_next(&p, v->text, v->len, 0, &m))
            found = m.off;
    }
    pattern_free(&p);
    if (found == SIZE_MAX) {
        ui_hint(view->ui, "Not in the source: %s", what);
        ui_search_end(view->ui);
        return;
    }
    while (row + 1 < v->list.n && v->pieces[row + 1].off <= found)
        row++;
    list_go(&v->list, row);
}

static void source_free(struct view *view)
{
    struct source *v = (struct source *)view;
    free(v->text);
    free(v->title);
    free(v->url);
    free(v->figure);
    free(v->pieces);
    free(v);
}

struct view *source_new(struct ui *u, const struct item_body *item, double at)
{
    static const struct view_ops ops = {
        .kind = VIEW_SOURCE,
        .act = source_act,
        .draw = source_draw,
        .status = source_status,
        .resize = source_resize,
        .find = source_find,
        .free = source_free,
    };
    static const char *const types[] = {"", "HTML", "plain text", "Markdown"};
    const char *text = item->content ? item->content : item->summary;
    enum content_type type = item->content ? item->type : item->summary_type;
    if (!text)
        return NULL;
    struct source *v = mem_alloc(sizeof *v);
    struct buf clean = {0};
    v->view = (struct view){.ops = &ops, .ui = u};
    size_t len = item->content ? item->content_len : strlen(text);
    utf8_clean(&clean, text, len, UTF8_TEXT);
    for (size_t i = 0; i < clean.len; i++)
        if (clean.data[i] == '\t')
            clean.data[i] = ' ';
    v->len = clean.len;
    v->text = mem_strdup(buf_cstr(&clean));
    buf_free(&clean);
    v->title = mem_strdup(item->row.title);
    v->url = item->row.url ? mem_strdup(item->row.url) : NULL;
    v->figure = len < 10000 ? mem_printf("%s, %zu bytes", types[type], len)
                            : mem_printf("%s, %zu kB", types[type], len / 1000);
    lay(v);
    size_t row = 0;
    while (row + 1 < v->list.n && (double)v->pieces[row + 1].off <= at * (double)v->len)
        row++;
    list_go(&v->list, row);
    v->list.top = v->list.cursor;
    list_set(&v->list, v->list.n, v->list.rows);
    return &v->view;
}
