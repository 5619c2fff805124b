// An essay on the screen: pages of set lines, and a place in it - the text offset of the first line
// shown - that every change of width and every new beginning comes back to. Opening marks it read;
// where one was is written whenever the keys rest.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/find.h"
#include "lectern/client.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "lectern/whole.h"
#include "line.h"
#include "panel.h"
#include "reader.h"

enum {
    MEASURE_STEP = 4,
    PAGE_NOTES = 32,
    AT_ONCE =
        2000, // lines that are set before the first look; the rest of a longer essay when idle
};

// ---- setting ----

static uint32_t reader_place_of(const struct reader *r, size_t line)
{
    if (line == 0 || line >= r->layout->nlines || r->layout->lines[line].flags & LINE_HEAD)
        return 0;
    return r->layout->lines[line].off;
}

// What is only known of the whole essay.
static void note_end(struct reader *r)
{
    if (!r->layout->done || r->pages)
        return;
    size_t n = r->layout->nlines;
    r->pages = pages_new(r->layout, r->height);
    r->last_top = n > (size_t)r->height ? n - (size_t)r->height : 0;
    while (r->last_top + 1 < n && page_end(r->layout, r->last_top, r->height) < n)
        r->last_top++;
}

// Sets so much that pages around a line, forward and back, are what they are in the whole.
void reader_reach(struct reader *r, size_t line)
{
    size_t ahead = 4 * (size_t)r->height + 64;
    layout_more(r->layout, line < SIZE_MAX - ahead ? line + ahead : SIZE_MAX);
    note_end(r);
}

size_t reader_line_of(struct reader *r, uint32_t place)
{
    if (place == 0)
        return 0;
    layout_reach(r->layout, place);
    size_t line = layout_line_at(r->layout, place);
    reader_reach(r, line);
    return line;
}

void reader_go_line(struct reader *r, size_t line)
{
    reader_reach(r, line);
    if (line >= r->layout->nlines)
        line = r->layout->nlines ? r->layout->nlines - 1 : 0;
    r->top = line;
    r->bare = false;
    r->place = reader_place_of(r, line);
}

static void set(struct reader *r)
{
    struct ui *u = r->view.ui;
    int body = ui_body(u);
    r->above = body >= 45 ? 2 : body >= 10 ? 1 : 0;
    r->height = body - r->above - (body >= 45 ? 2 : body >= 16 ? 1 : 0);
    struct buf byline = {0}, title = {0}, subtitle = {0};
    const struct item_row *row = &r->item.row;
    essay_byline(row, r->doc->words, u->when, u->set.ascii || ui_in_words(u), &byline);
    whole_told(r, &byline);
    reader_kept_told(r, &byline);
    buf_str(&title, row->title);
    buf_str(&subtitle, row->subtitle ? row->subtitle : "");
    struct layout_opts o = {
        .width = u->cols,
        .ascii = u->set.ascii,
        .head = {.title = title.len ? title.data : NULL,
                 .subtitle = subtitle.len && r->height >= 8 ? subtitle.data : NULL,
                 .byline = byline.len && r->height >= 6 ? byline.data : NULL},
    };
    layout_configure(&o, u->set.conf, true);
    if (u->measure)
        o.measure = u->measure;
    if (u->justify)
        layout_align(&o, u->set.conf, u->justify > 0);
    if (u->indent)
        o.indent = u->indent > 0;
    if (o.hyphenate && !u->hyphens)
        u->hyphens = hyphens_new(NULL, false);
    o.hyphens = u->hyphens;
    o.language = r->item.language;
    if (u->panel && u->panel->of_page) // it shows lines of the layout that goes
        ui_panel(u, NULL);
    layout_free(r->layout);
    pages_free(r->pages);
    r->layout = layout_begin(r->doc, &o);
    r->pages = NULL;
    r->last_top = SIZE_MAX;
    r->unfinished = hyphens_busy(o.hyphens);
    reader_reach(r, AT_ONCE);
    r->top = reader_line_of(r, r->place);
    r->bare = false;
    buf_free(&byline);
    buf_free(&title);
    buf_free(&subtitle);
}

// ---- how far ----

size_t reader_shown_end(const struct reader *r)
{
    return r->bare ? page_end_bare(r->layout, r->top, r->height)
                   : page_end(r->layout, r->top, r->height);
}

bool reader_at_end(const struct reader *r)
{
    return reader_shown_end(r) >= r->layout->nlines;
}

static double fraction(const struct reader *r)
{
    size_t end = reader_shown_end(r);
    if (end >= r->layout->nlines || r->doc->len == 0)
        return 1;
    return (double)r->layout->lines[end].off / r->doc->len;
}

static void mark_read(struct reader *r)
{
    struct ui *u = r->view.ui;
    if (r->unread && r->id > 0 && store_writable(u->set.store))
        undo_read(u, &r->id, 1, true, r->item.row.title);
    r->unread = false;
}

static void reader_save(struct view *view)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    bool end = reader_at_end(r);
    if (end && r->unread && strcmp(conf_str(u->set.conf, CONF_MARK_READ), "end") == 0) {
        mark_read(r);
        view->stale = FRESH;
    }
    if ((r->saved == r->place && (!end || r->end_saved)) || !store_writable(u->set.store))
        return;
    bool begun = r->place > 0 || end;
    store_set_place(u->set.store, r->id, r->place, begun ? fraction(r) : 0, ui_now(u));
    r->saved = r->place;
    r->end_saved = end;
    ui_touch_marks(u);
    view->stale = FRESH;
}

static bool reader_busy(const struct view *view)
{
    return !((const struct reader *)view)->layout->done;
}

static void reader_idle(struct view *view)
{
    struct reader *r = (struct reader *)view;
    if (!r->layout->done) {
        reader_reach(r, r->layout->nlines + AT_ONCE);
        view->ui->dirty |= r->layout->done; // the number of pages
        return;
    }
    if (r->unfinished && !hyphens_busy(view->ui->hyphens)) {
        set(r);
        view->ui->dirty = true;
    }
    reader_save(view);
}

static void reader_resize(struct view *view)
{
    set((struct reader *)view);
}

// ---- drawing ----

static void reader_draw(struct view *view, struct canvas *c)
{
    struct reader *r = (struct reader *)view;
    bool searched = view->ui->found && r->nmatches;
    size_t end = reader_shown_end(r);
    int row = r->above;
    size_t head = 0, nhead = r->bare ? 0 : page_head(r->layout, r->top, r->height, &head);
    for (size_t i = 0; i < nhead; i++, row++)
        line_draw(c, row, r->layout, head + i, r->matches, searched ? r->nmatches : 0);
    canvas_cursor(c, row,
                  r->layout->margin +
                      (r->top < r->layout->nlines ? r->layout->lines[r->top].indent : 0));
    for (size_t i = r->top; i < end; i++, row++) {
        const struct line *l = &r->layout->lines[i];
        line_draw(c, row, r->layout, i, r->matches, searched ? r->nmatches : 0);
        reader_marked_draw(r, c, row, i);
        if (conf_bool(view->ui->set.conf, CONF_HYPERLINKS))
            line_links(c, row, r->layout, i);
        if (searched && r->matches[r->match].off >= l->off && r->matches[r->match].off < l->end)
            canvas_cursor(c, row, r->layout->margin + l->indent);
    }
}

// The heading one is under: the last one above the first line shown.
static void section_title(const struct reader *r, struct buf *out)
{
    const struct doc_block *last = NULL;
    for (uint32_t i = 0; i < r->doc->nblocks; i++) {
        const struct doc_block *b = &r->doc->blocks[i];
        if (b->kind == BLOCK_HEADING && b->off > r->place)
            break;
        if (b->kind == BLOCK_HEADING && b->len)
            last = b;
    }
    for (uint32_t i = 0; i < r->doc->nnotes; i++) {
        uint32_t note = r->doc->notes[i].block;
        if (note != DOC_NONE && r->place > 0 && r->doc->blocks[note].off <= r->place) {
            buf_str(out, "Notes");
            return;
        }
    }
    if (r->place == 0 || !last) {
        buf_str(out, r->item.row.title);
        return;
    }
    char *clean = utf8_clean_dup(r->doc->text + last->off, last->len, UTF8_LINE);
    buf_str(out, clean);
    free(clean);
}

static int64_t neighbour(struct reader *r, int dir, bool unread)
{
    struct view *list = ui_below(r->view.ui, &r->view, VIEW_CONTENTS);
    return list ? contents_step(list, r->id, dir, unread) : 0;
}

static const char *next_title(struct reader *r)
{
    if (r->next_title)
        return r->next_title;
    int64_t id = neighbour(r, 1, true);
    struct item_row row = {0};
    struct arena *a = arena_new();
    if (id && store_rows(r->view.ui->set.store, &id, 1, a, &row, NULL) && row.id)
        r->next_title = mem_strdup(row.title);
    else
        r->next_title = mem_strdup("");
    arena_free(a);
    return r->next_title;
}

static void reader_status(struct view *view, struct buf *left, struct buf *right)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    const char *dot = ui_glyph(u, GLYPH_DOT);
    if (u->found && r->nmatches)
        buf_printf(left, "%s: %zu of %zu", u->found, r->match + 1, r->nmatches);
    else if (!ui_in_words(u) || !reader_marked_words(r, left))
        section_title(r, left);
    if (reader_at_end(r)) {
        const char *next = next_title(r);
        const char *key = ui_key_of(u, VIEW_READER, ACT_NEXT_UNREAD);
        buf_str(right, "End");
        if (*next && !u->found && u->cols >= 60) {
            struct buf fit = {0};
            utf8_ellipsize(&fit, next, strlen(next), u->cols / 2, u->set.ascii);
            buf_printf(right, " %s %s next: %s", dot, key, fit.data);
            buf_free(&fit);
        } else if (*next && u->cols >= 30) {
            buf_printf(right, " %s %s next", dot, key);
        }
        return;
    }
    double read = fraction(r);
    if (u->cols >= 30 && r->pages)
        buf_printf(right, "%zu/%zu %s ", pages_at(r->pages, r->top) + 1, r->pages->n, dot);
    buf_printf(right, "%d%%", (int)(read * 100));
    if (u->cols >= 60)
        buf_printf(right, " %s %d min left", dot,
                   doc_minutes((uint32_t)((1 - read) * r->doc->words)));
}

// ---- the rest of what keys do ----

static void open_neighbour(struct reader *r, int dir, bool unread, int count)
{
    struct ui *u = r->view.ui;
    struct view *list = ui_below(u, &r->view, VIEW_CONTENTS);
    int64_t id = neighbour(r, dir, unread), next_id;
    struct err e = ERR_INIT;
    while (id && --count > 0 && (next_id = contents_step(list, id, dir, unread)))
        id = next_id;
    if (!id) {
        ui_hint(u, "No %sessay further %s this list", unread ? "unread " : "",
                dir > 0 ? "down" : "up");
        return;
    }
    struct view *next = reader_new(u, id, &e);
    if (!next) {
        ui_message(u, true, "%s", e.msg);
        return;
    }
    contents_show(list, id);
    ui_replace(u, next); // r is gone
    contents_opened(list, next, id);
}

static void peek(struct reader *r)
{
    uint32_t notes[PAGE_NOTES];
    size_t n = 0, end = reader_shown_end(r);
    const struct layout *l = r->layout;
    for (size_t i = r->top; i < end; i++)
        for (uint32_t k = 0; k < l->lines[i].nruns && n < PAGE_NOTES; k++) {
            uint32_t note = l->runs[l->lines[i].run + k].note;
            bool twice = note >= r->doc->nnotes || r->doc->notes[note].block == DOC_NONE;
            for (size_t j = 0; j < n && !twice; j++)
                twice = notes[j] == note;
            if (!twice)
                notes[n++] = note;
        }
    reader_reach(r, SIZE_MAX); // notes stand at the end
    if (n)
        ui_panel(r->view.ui, peek_new(r->view.ui, l, notes, n));
    else
        ui_hint(r->view.ui, "No notes on this page");
}

static void hint_links(struct reader *r)
{
    struct ui *u = r->view.ui;
    size_t head, repeated = r->bare ? 0 : page_head(r->layout, r->top, r->height, &head);
    struct panel *p =
        hints_new(u, &r->view, r->layout, r->top, reader_shown_end(r), r->above + (int)repeated);
    if (p)
        ui_panel(u, p);
    else
        ui_hint(u, "No links on this page");
}

static void reader_click(struct view *view, int row, int col)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    size_t head, repeated = r->bare ? 0 : page_head(r->layout, r->top, r->height, &head);
    int first = r->above + (int)repeated;
    size_t line = r->top + (size_t)(row > first ? row - first : 0);
    if (u->panel) { // what it showed has been seen
        ui_panel(u, NULL);
    } else if (row >= first && line < reader_shown_end(r)) {
        reader_reach(r, SIZE_MAX); // notes stand at the end
        hints_click(u, view, r->layout, line, col);
    }
}

// What stays is the place, whatever the lines become.
static void set_again(struct reader *r)
{
    uint32_t place = r->place;
    set(r);
    r->place = place;
}

static void set_measure(struct reader *r, int by)
{
    struct ui *u = r->view.ui;
    int was = u->measure ? u->measure : conf_int(u->set.conf, CONF_MEASURE);
    int shown = r->layout->measure, now = (shown < was ? shown : was) + by;
    now = now < MEASURE_LEAST ? MEASURE_LEAST : now > MEASURE_MOST ? MEASURE_MOST : now;
    if (by < 0 ? now < shown : shown == was && now > was) {
        u->measure = now;
        set_again(r);
    }
    if (by < 0 && r->layout->measure <= MEASURE_LEAST)
        ui_hint(u, "Lines of %d columns, the shortest", r->layout->measure);
    else if (by > 0 && r->layout->measure < now)
        ui_hint(u, "Lines of %d columns: the screen has no room for more", r->layout->measure);
    else if (by > 0 && now == MEASURE_MOST)
        ui_hint(u, "Lines of %d columns, the longest", now);
    else
        ui_hint(u, "Lines of %d columns", r->layout->measure);
}

static void toggle_justify(struct reader *r)
{
    struct ui *u = r->view.ui;
    bool now = u->justify ? u->justify < 0 : !conf_bool(u->set.conf, CONF_JUSTIFY);
    u->justify = now ? 1 : -1;
    set_again(r);
    ui_hint(u, now ? "Both margins even" : "The right margin ragged");
}

static void toggle_indent(struct reader *r)
{
    struct ui *u = r->view.ui;
    bool now = u->indent ? u->indent < 0 : !conf_bool(u->set.conf, CONF_INDENT);
    u->indent = now ? 1 : -1;
    set_again(r);
    ui_hint(u, now ? "Indents between paragraphs" : "Blank lines between paragraphs");
}

static void toggle_read(struct reader *r)
{
    struct ui *u = r->view.ui;
    int64_t id = r->id > 0 ? r->id : r->item.row.entry;
    struct item_row row = {0};
    struct arena *a = arena_new();
    if (id <= 0)
        ui_hint(u, "A bookmark is neither read nor unread");
    else if (ui_may_write(u) && store_rows(u->set.store, &id, 1, a, &row, NULL) && row.id) {
        bool unread = row.flags & ITEM_UNREAD;
        undo_read(u, &id, 1, unread, row.title);
        ui_hint(u, unread ? "Marked read" : "Marked unread");
    }
    arena_free(a);
}

// What the feed sent, even where the article of the page is read.
static struct view *source_of(struct reader *r)
{
    struct ui *u = r->view.ui;
    double at = r->doc->len ? (double)r->place / r->doc->len : 0;
    struct item_body sent;
    struct arena *a = arena_new();
    bool other = r->item.whole && store_item_sent(u->set.store, r->id, a, &sent, NULL);
    struct view *v = source_new(u, other ? &sent : &r->item, other ? 0 : at);
    arena_free(a);
    return v;
}

static bool reader_act(struct view *view, enum action a, int count)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    if (reader_move(r, a, count)) {
        r->marked_at = UINT32_MAX;
        return true;
    }
    if (reader_marked_act(r, a, count))
        return true;
    switch (a) {
    case ACT_NEXT_UNREAD:
    case ACT_PREV_UNREAD:
        open_neighbour(r, a == ACT_NEXT_UNREAD ? 1 : -1, true, count);
        return true;
    case ACT_NEXT_ITEM:
    case ACT_PREV_ITEM:
        open_neighbour(r, a == ACT_NEXT_ITEM ? 1 : -1, false, count);
        return true;
    case ACT_NOTE:
    case ACT_OPEN:
        peek(r);
        return true;
    case ACT_HINTS:
        hint_links(r);
        return true;
    case ACT_MARK:
        if (ui_may_write(u))
            ui_panel(u, marks_new(u, view, r->doc, r->id, r->place, true));
        return true;
    case ACT_GO_MARK:
        ui_panel(u, marks_new(u, view, r->doc, r->id, r->place, false));
        return true;
    case ACT_WHOLE:
        whole_act(r, count);
        return true;
    case ACT_OUTLINE:
    case ACT_SOURCE: {
        struct view *v =
            a == ACT_OUTLINE ? outline_new(u, r->doc, r->item.row.title, r->place) : source_of(r);
        if (v)
            ui_push(u, v);
        else
            ui_hint(u, a == ACT_OUTLINE ? "This essay has no headings" : "The feed sent no text");
        return true;
    }
    case ACT_LINKS:
        if (r->doc->nlinks)
            ui_push(u, links_new(u, r->doc, r->place));
        else
            ui_hint(u, "This essay has no links");
        return true;
    case ACT_WIDER:
    case ACT_NARROWER:
        set_measure(r, (a == ACT_WIDER ? MEASURE_STEP : -MEASURE_STEP) * (count > 0 ? count : 1));
        return true;
    case ACT_JUSTIFY:
        toggle_justify(r);
        return true;
    case ACT_INDENT:
        toggle_indent(r);
        return true;
    case ACT_BOOKMARK:
        item_toggle_kept(u, r->id);
        return true;
    case ACT_AUDIO:
        item_listen(u, r->id);
        return true;
    case ACT_ENQUEUE:
        item_enqueue(u, r->id);
        return true;
    case ACT_BROWSER:
    case ACT_COPY:
    case ACT_HANDOFF:
        item_address(u, a, r->item.row.url, r->item.row.title);
        return true;
    case ACT_TOGGLE_READ:
        toggle_read(r);
        return true;
    case ACT_FETCH:
        subscribe_fetch(u, r->item.row.feed_id);
        return true;
    case ACT_FEED:
        feed_open(u, r->item.row.feed_id);
        return true;
    default:
        return false;
    }
}

static void reader_find(struct view *view, const char *what, int dir)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    if (dir == 0) {
        struct pattern p = pattern_new(what);
        struct match m;
        size_t cap = 0, from = 0;
        free(r->matches);
        r->matches = NULL;
        r->nmatches = r->match = 0;
        while (match_next(&p, r->doc->text, r->doc->len, from, &m)) {
            r->matches = mem_grow(r->matches, &cap, r->nmatches + 1, sizeof m);
            r->matches[r->nmatches++] = m;
            from = m.off + m.len;
        }
        pattern_free(&p);
        while (r->match + 1 < r->nmatches && r->matches[r->match].off < r->place)
            r->match++;
        if (r->nmatches && r->matches[r->match].off < r->place)
            r->match = 0;
    } else if (r->nmatches) {
        r->match = (r->match + (dir > 0 ? 1 : r->nmatches - 1)) % r->nmatches;
    }
    if (r->nmatches) {
        reader_show_offset(r, (uint32_t)r->matches[r->match].off);
    } else {
        ui_hint(u, "Not in this essay: %s", what);
        ui_search_end(u);
    }
}

void reader_found(struct view *view, const struct finding *f, const char *what, uint32_t off)
{
    struct reader *r = (struct reader *)view;
    struct ui *u = view->ui;
    free(r->matches);
    r->matches = finding_marks_doc(f, r->doc, &r->nmatches);
    r->match = 0;
    if (!r->nmatches)
        return;
    ui_search_end(u);
    u->found = mem_strdup(what);
    while (off != DOC_NONE && r->match + 1 < r->nmatches && r->matches[r->match].off < off)
        r->match++;
    reader_show_offset(r, (uint32_t)r->matches[r->match].off);
}

static void reader_hand(struct view *view, struct hand *out)
{
    const struct reader *r = (const struct reader *)view;
    out->item = r->id;
    out->feed = r->item.row.feed_id;
}

static void reader_spot(struct view *view, bool back)
{
    struct reader *r = (struct reader *)view;
    if (!back) {
        r->spot = r->place;
        r->spot_top = r->top;
    } else { // lines of the head are one place; and the page may have been set anew meanwhile
        bool same = r->spot_top < r->layout->nlines && reader_place_of(r, r->spot_top) == r->spot;
        reader_go_line(r, same ? r->spot_top : reader_line_of(r, r->spot));
    }
}

static const char *reader_title(struct view *view)
{
    return ((struct reader *)view)->item.row.title;
}

static void reader_free(struct view *view)
{
    struct reader *r = (struct reader *)view;
    layout_free(r->layout);
    pages_free(r->pages);
    doc_free(r->doc);
    arena_free(r->arena);
    arena_free(r->marked_arena);
    free(r->matches);
    free(r->next_title);
    free(r);
}

static void reader_refresh(struct view *view, bool all)
{
    struct reader *r = (struct reader *)view;
    (void)all;
    free(r->next_title); // the essay itself stays as it was opened
    r->next_title = NULL;
    reader_marked_load(r);
}

void reader_take(struct reader *r, struct arena *a, const struct item_body *item, struct doc *d,
                 uint32_t place)
{
    if (r->view.ui->panel && r->view.ui->panel->of_page)
        ui_panel(r->view.ui, NULL);
    doc_free(r->doc);
    arena_free(r->arena);
    free(r->matches);
    r->matches = NULL;
    r->nmatches = r->match = 0;
    r->trail = (struct trail){0}; // its places are of the other text
    r->arena = a;
    r->item = *item;
    r->doc = d;
    r->place = place;
    r->end_saved = false;
    reader_marked_load(r);
    set(r);
    r->place = place;
}

struct view *reader_new(struct ui *u, int64_t id, struct err *e)
{
    static const struct view_ops ops = {
        .kind = VIEW_READER,
        .act = reader_act,
        .draw = reader_draw,
        .status = reader_status,
        .resize = reader_resize,
        .refresh = reader_refresh,
        .idle = reader_idle,
        .busy = reader_busy,
        .save = reader_save,
        .find = reader_find,
        .spot = reader_spot,
        .title = reader_title,
        .hand = reader_hand,
        .click = reader_click,
        .free = reader_free,
    };
    struct arena *a = arena_new();
    struct item_body item;
    if (!store_item(u->set.store, id, a, &item, e)) {
        arena_free(a);
        return NULL;
    }
    struct reader *r = mem_alloc(sizeof *r);
    r->view = (struct view){.ops = &ops, .ui = u};
    r->id = id;
    r->arena = a;
    r->item = item;
    r->doc = essay_document(&item);
    r->place = item.row.place < r->doc->len ? item.row.place : 0;
    r->saved = r->place;
    r->end_saved = item.row.flags & ITEM_FINISHED;
    r->marked_at = UINT32_MAX;
    reader_marked_load(r);
    set(r);
    r->unread = item.row.flags & ITEM_UNREAD;
    if (strcmp(conf_str(u->set.conf, CONF_MARK_READ), "opened") == 0)
        mark_read(r);
    if (!item.content && id > 0 && item.row.url && !u->message.text)
        ui_hint(u, "Only a summary; %s brings the whole essay from its page",
                ui_key_of(u, VIEW_READER, ACT_WHOLE));
    return &r->view;
}
