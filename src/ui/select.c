// Words of an essay taken by keys. A cursor goes through the text as vi's does; what is selected is
// the sentence it stands in, until v says from where, and then all from there to it. Enter
// highlights it, a adds a note, y copies it.
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "lectern/utf8.h"
#include "line.h"
#include "panel.h"
#include "reader.h"

enum { COUNT_MAX = 10000 };
#define NOWHERE UINT32_MAX

struct select {
    struct panel panel;
    struct reader *r;
    uint32_t at, from; // the cursor; where it began, NOWHERE: the sentence
    int count;
    size_t match; // of the reader's search that the cursor has gone to
};

// ---- the text ----

static bool blank(const struct doc *d, uint32_t i)
{
    return i >= d->len || d->text[i] == ' ' || d->text[i] == '\n' || d->text[i] == '\t';
}

static bool inside(const struct doc *d, uint32_t i)
{
    return i < d->len && ((unsigned char)d->text[i] & 0xC0) == 0x80;
}

static void leaf_of(const struct doc *d, uint32_t at, uint32_t *from, uint32_t *to)
{
    uint32_t leaf = doc_leaf_at(d, at);
    *from = leaf == DOC_NONE ? 0 : d->blocks[leaf].off;
    *to = leaf == DOC_NONE ? d->len : *from + d->blocks[leaf].len;
}

// Does a sentence end before byte i (where a blank stands)?
static bool ends_before(const struct doc *d, uint32_t low, uint32_t i, uint32_t high)
{
    static const char *const after[] = {"\"", "'", ")", "]", "\u2019", "\u201D", "\u00BB"};
    static const char *const stops[] = {".", "!", "?", "\u2026"};
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 0; k < sizeof after / sizeof *after && !more; k++) {
            size_t n = strlen(after[k]);
            if (i >= low + n && memcmp(d->text + i - n, after[k], n) == 0)
                i -= (uint32_t)n, more = true;
        }
    }
    bool stop = false;
    for (size_t k = 0; k < sizeof stops / sizeof *stops && !stop; k++) {
        size_t n = strlen(stops[k]);
        stop = i >= low + n && memcmp(d->text + i - n, stops[k], n) == 0;
    }
    while (i < high && !blank(d, i))
        i++;
    while (i < high && blank(d, i))
        i++;
    return stop && (i >= high || d->text[i] < 'a' || d->text[i] > 'z');
}

static void sentence_of(const struct doc *d, uint32_t at, uint32_t *from, uint32_t *to)
{
    uint32_t low, high;
    leaf_of(d, at, &low, &high);
    *from = low;
    for (uint32_t i = low; i < at && i < high; i++)
        if (blank(d, i) && !blank(d, i + 1) && ends_before(d, low, i, high) && i + 1 <= at)
            *from = i + 1;
    *to = high;
    for (uint32_t i = *from; i < high; i++)
        if (blank(d, i) && i >= at && ends_before(d, low, i, high)) {
            *to = i;
            break;
        }
}

static uint32_t word_end(const struct doc *d, uint32_t at) // one past it
{
    while (at < d->len && !blank(d, at))
        at++;
    return at;
}

static uint32_t next_word(const struct doc *d, uint32_t at)
{
    uint32_t i = word_end(d, at);
    while (i < d->len && blank(d, i))
        i++;
    return i < d->len ? i : at;
}

static uint32_t prev_word(const struct doc *d, uint32_t at)
{
    uint32_t i = at;
    while (i > 0 && blank(d, i - 1))
        i--;
    while (i > 0 && !blank(d, i - 1))
        i--;
    return i;
}

static uint32_t last_letter(const struct doc *d, uint32_t end) // before `end`
{
    do
        end -= end > 0;
    while (end > 0 && inside(d, end));
    return end;
}

static uint32_t leaf_step(const struct doc *d, uint32_t at, int dir)
{
    uint32_t leaf = doc_leaf_at(d, at);
    if (leaf == DOC_NONE)
        return at;
    if (dir < 0 && at > d->blocks[leaf].off)
        return d->blocks[leaf].off;
    for (uint32_t i = leaf; dir > 0 ? ++i < d->nblocks : i-- > 0;)
        if (doc_is_leaf(d->blocks[i].kind) && d->blocks[i].len)
            return d->blocks[i].off;
    return at;
}

static uint32_t sentence_step(const struct doc *d, uint32_t at, int dir)
{
    uint32_t from, to;
    sentence_of(d, at, &from, &to);
    if (dir > 0) {
        while (to < d->len && blank(d, to))
            to++;
        return to < d->len ? to : at;
    }
    if (from < at)
        return from;
    while (from > 0 && blank(d, from - 1))
        from--;
    if (from == 0)
        return at;
    sentence_of(d, last_letter(d, from), &from, &to);
    return from;
}

// What is selected now.
static void range(const struct select *s, uint32_t *from, uint32_t *to)
{
    const struct doc *d = s->r->doc;
    if (s->from == NOWHERE) {
        sentence_of(d, s->at, from, to);
    } else {
        uint32_t a = s->from < s->at ? s->from : s->at, b = s->from < s->at ? s->at : s->from;
        *from = a;
        *to = b + (b < d->len ? (uint32_t)utf8_cluster(d->text + b, d->len - b) : 0);
    }
    while (*from < *to && blank(d, *from))
        ++*from;
    while (*to > *from && blank(d, *to - 1))
        --*to;
}

// ---- lines ----

static size_t line_of(struct select *s)
{
    layout_reach(s->r->layout, s->at);
    return layout_line_at(s->r->layout, s->at);
}

static int column_of(const struct layout *l, size_t line, uint32_t at)
{
    const struct line *ln = &l->lines[line];
    int col = ln->indent;
    for (uint32_t i = 0; i < ln->nruns; i++) {
        const struct run *run = &l->runs[ln->run + i];
        int c, cols;
        if (layout_run_find(l, run, at, at + 1, &c, &cols))
            return col + c;
        col += run->cols;
    }
    return ln->indent;
}

static uint32_t at_column(const struct layout *l, size_t line, int want)
{
    const struct line *ln = &l->lines[line];
    uint32_t at = ln->off;
    const struct doc *d = l->doc;
    for (uint32_t i = ln->off; i < ln->end && i < d->len;
         i += (uint32_t)utf8_cluster(d->text + i, d->len - i))
        if (column_of(l, line, i) <= want && d->text[i] != '\n')
            at = i;
    return at;
}

static void go_line(struct select *s, int by)
{
    struct layout *l = s->r->layout;
    size_t line = line_of(s);
    int want = column_of(l, line, s->at), left = by < 0 ? -by : by;
    while (left > 0) {
        reader_reach(s->r, line + 1);
        if (by > 0 ? line + 1 >= l->nlines : line == 0)
            break;
        line += by > 0 ? 1 : (size_t)-1;
        if (l->lines[line].flags & LINE_HEAD)
            return;
        left -= !(l->lines[line].flags & LINE_BLANK) && l->lines[line].end > l->lines[line].off;
    }
    if (!(l->lines[line].flags & (LINE_HEAD | LINE_BLANK)))
        s->at = at_column(l, line, want);
}

static void go_page(struct select *s, enum action a)
{
    struct reader *r = s->r;
    reader_move(r, a, 0);
    for (size_t i = r->top; i < reader_shown_end(r); i++)
        if (!(r->layout->lines[i].flags & (LINE_HEAD | LINE_BLANK)) &&
            r->layout->lines[i].end > r->layout->lines[i].off) {
            s->at = r->layout->lines[i].off;
            return;
        }
}

// ---- the panel ----

static int select_height(struct panel *panel, int cols, int room)
{
    (void)panel, (void)cols, (void)room;
    return 0;
}

static void follow_search(struct select *s)
{
    struct reader *r = s->r;
    if (!r->view.ui->found || !r->nmatches || r->match == s->match)
        return;
    s->match = r->match;
    s->at = (uint32_t)r->matches[r->match].off;
}

static void select_draw(struct panel *panel, struct canvas *c, int row, int rows)
{
    struct select *s = (struct select *)panel;
    struct reader *r = s->r;
    const struct layout *l = r->layout;
    uint32_t from, to;
    size_t head, repeated = r->bare ? 0 : page_head(l, r->top, r->height, &head);
    (void)rows, (void)row;
    follow_search(s);
    range(s, &from, &to);
    int at = r->above + (int)repeated;
    for (size_t i = r->top; i < reader_shown_end(r); i++, at++) {
        const struct line *ln = &l->lines[i];
        if (ln->flags & (LINE_HEAD | LINE_BLANK))
            continue;
        if (from < ln->end && to > ln->off)
            line_mark(c, at, l, i, from, to, MARK_MATCH);
        if (s->at >= ln->off && s->at < ln->end)
            canvas_cursor(c, at, l->margin + column_of(l, i, s->at));
    }
}

static void select_status(struct panel *panel, struct buf *left, struct buf *right)
{
    struct select *s = (struct select *)panel;
    const struct ui *u = panel->ui;
    uint32_t from, to, words = 0;
    range(s, &from, &to);
    for (uint32_t i = from; i < to; i++)
        words += !blank(s->r->doc, i) && (i == from || blank(s->r->doc, i - 1));
    buf_printf(left, "%s%s: %u word%s", s->from == NOWHERE ? "Sentence" : "Selected",
               u->cols >= 60 ? "" : "", words, words == 1 ? "" : "s");
    if (ui_in_words(u) && from < to) {
        char *text =
            utf8_clean_dup(s->r->doc->text + from, to - from < 400 ? to - from : 400, UTF8_LINE);
        buf_printf(left, ", %s", text);
        free(text);
    } else if (u->cols >= 70) {
        buf_printf(right, "%s highlight  a note  c %s  y copy  v %s", u->set.ascii ? "Enter" : "⏎",
                   highlight_colours[u->highlight_colour],
                   s->from == NOWHERE ? "from here" : "sentence");
    } else if (u->cols >= 36) {
        buf_str(right, u->set.ascii ? "Enter keeps" : "⏎ keeps");
    }
}

static bool keep(struct select *s, bool note)
{
    struct ui *u = s->panel.ui;
    uint32_t from, to;
    range(s, &from, &to);
    if (!ui_may_write(u))
        return false;
    int64_t id = highlight_make(u, s->r->id, s->r->doc, from, to);
    if (id)
        ui_message(u, false, "Highlighted, %s (%s undoes)", highlight_colours[u->highlight_colour],
                   ui_key_of(u, VIEW_READER, ACT_UNDO));
    ui_panel(u, NULL); // s is gone
    if (id && note)
        highlight_ask(u, id);
    return true;
}

static bool copy(struct select *s)
{
    uint32_t from, to;
    range(s, &from, &to);
    char *text = mem_strndup(s->r->doc->text + from, to - from);
    item_copy_text(s->panel.ui, text);
    free(text);
    return false;
}

static bool move(struct select *s, int key, int n)
{
    const struct doc *d = s->r->doc;
    uint32_t from, to;
    for (int i = 0; i < n; i++)
        switch (key) {
        case 'w':
        case 'W':
            s->at = next_word(d, s->at);
            break;
        case 'b':
        case 'B':
            s->at = prev_word(d, s->at);
            break;
        case 'e':
        case 'E':
            to = word_end(d, s->at);
            if (last_letter(d, to) == s->at)
                to = word_end(d, next_word(d, s->at));
            s->at = last_letter(d, to);
            break;
        case 'h':
        case KEYS_LEFT:
            s->at = last_letter(d, s->at);
            break;
        case 'l':
        case KEYS_RIGHT:
            from = s->at + (uint32_t)utf8_cluster(d->text + s->at, d->len - s->at);
            s->at = from < d->len ? from : s->at;
            break;
        case ')':
        case '(':
            s->at = sentence_step(d, s->at, key == ')' ? 1 : -1);
            break;
        case '}':
        case '{':
            s->at = leaf_step(d, s->at, key == '}' ? 1 : -1);
            break;
        case 'j':
        case KEYS_DOWN:
        case 'k':
        case KEYS_UP:
            go_line(s, key == 'j' || key == KEYS_DOWN ? 1 : -1);
            break;
        case '0':
        case '^':
        case KEYS_HOME:
            s->at = s->r->layout->lines[line_of(s)].off;
            break;
        case '$':
        case KEYS_END:
            s->at = last_letter(d, s->r->layout->lines[line_of(s)].end);
            break;
        case ' ':
        case 6:
        case KEYS_PAGE_DOWN:
            go_page(s, ACT_PAGE_DOWN);
            break;
        case 2:
        case KEYS_PAGE_UP:
            go_page(s, ACT_PAGE_UP);
            break;
        case 4:
            go_line(s, s->r->height / 2);
            break;
        case 21:
            go_line(s, -s->r->height / 2);
            break;
        case 'g':
            s->at = 0;
            break;
        case 'G':
            s->at = last_letter(d, d->len);
            break;
        default:
            return false;
        }
    reader_show_offset(s->r, s->at);
    return true;
}

static void whole_paragraph(struct select *s)
{
    uint32_t from, to;
    leaf_of(s->r->doc, s->at, &from, &to);
    s->from = from;
    s->at = last_letter(s->r->doc, to);
    reader_show_offset(s->r, s->at);
}

static bool select_key(struct panel *panel, int key)
{
    struct select *s = (struct select *)panel;
    struct ui *u = panel->ui;
    uint32_t was = s->at;
    if (key >= '0' && key <= '9' && (key > '0' || s->count)) {
        s->count = s->count * 10 + key - '0';
        s->count = s->count < COUNT_MAX ? s->count : COUNT_MAX;
        return true;
    }
    int n = s->count ? s->count : 1;
    s->count = 0;
    if (move(s, key, n))
        return true;
    switch (key) {
    case 'v':
        s->from = s->from == NOWHERE ? s->at : NOWHERE;
        return true;
    case 'V':
        whole_paragraph(s);
        return true;
    case 'o':
        if (s->from != NOWHERE) {
            s->at = s->from;
            s->from = was;
            reader_show_offset(s->r, s->at);
        }
        return true;
    case 'c':
        u->highlight_colour = (u->highlight_colour + 1) % HIGHLIGHT_COLOUR_COUNT;
        return true;
    case '/':
        ui_list_find(&s->r->view, ACT_SEARCH);
        return true;
    case 'n':
    case 'N':
        ui_list_find(&s->r->view, key == 'n' ? ACT_SEARCH_NEXT : ACT_SEARCH_PREV);
        return true;
    case 'a':
        return keep(s, true);
    case '\r':
    case '\n':
    case KEYS_ENTER:
        return keep(s, false);
    case 'y':
        return copy(s);
    case KEYS_ESCAPE:
    case 'q':
    case 3:
        return false;
    default:
        ui_hint(u, "w b e ( ) { } j k move, v from here, Enter highlights, Esc leaves");
        return true;
    }
}

struct panel *select_new(struct reader *r)
{
    static const struct panel_ops ops = {
        .height = select_height, .draw = select_draw, .status = select_status, .key = select_key};
    struct select *s = mem_alloc(sizeof *s);
    s->panel = (struct panel){.ops = &ops, .ui = r->view.ui};
    s->r = r;
    s->from = NOWHERE;
    s->match = r->match;
    for (size_t i = r->top; i < reader_shown_end(r); i++)
        if (!(r->layout->lines[i].flags & (LINE_HEAD | LINE_BLANK)) &&
            r->layout->lines[i].end > r->layout->lines[i].off) {
            s->at = r->layout->lines[i].off;
            break;
        }
    if (r->view.ui->found && r->nmatches)
        s->at = (uint32_t)r->matches[r->match].off;
    return &s->panel;
}
