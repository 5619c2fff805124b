// Setting a document: the head, then every block, into one array of lines and one of runs. Pure:
// what is on a line depends on the document, the width and the options, and on nothing else.
#include "lectern/layout.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"
#include "setting.h"

enum { MEASURE = 68, WIDEST = 4000 };

// Margins are the first thing to go on a narrow screen, but not before the text needs every column.
static int least_margin(int width)
{
    return width >= 60 ? 4 : width >= 40 ? 2 : width >= 28 ? 1 : 0;
}

// Lines that show nothing of the text (blanks, rules, the head) have the place of what follows
// them.
static void settle_offsets(struct layout *l, size_t from)
{
    uint32_t next = l->doc->len;
    for (size_t i = l->nlines; i-- > from;) {
        struct line *n = &l->lines[i];
        if (n->off == DOC_NONE)
            n->off = n->end = next;
        next = n->off;
    }
}

static void setter_free(struct setter *s)
{
    if (!s)
        return;
    buf_free(&s->text);
    free(s->segs);
    free(s->ends);
    free(s->pieces);
    free(s->breaks);
    free(s->costs);
    free(s->froms);
    free(s->cuts);
    free(s->parts);
    bidi_free(s);
    free(s);
}

struct layout *layout_begin(const struct doc *d, const struct layout_opts *o)
{
    struct layout *l = mem_alloc(sizeof *l);
    int width = o->width < 1 ? 1 : o->width > WIDEST ? WIDEST : o->width;
    int measure = o->measure > 0 ? o->measure : MEASURE;
    if (measure > width - 2 * least_margin(width))
        measure = width - 2 * least_margin(width);
    l->arena = arena_new();
    l->doc = d;
    l->measure = measure;
    l->margin = (width - measure) / 2;

    struct setter *s = l->setter = mem_alloc(sizeof *s);
    s->d = d;
    s->l = l;
    s->opts = *o;
    s->o = &s->opts;
    s->top = (struct siblings){.end = d->nblocks, .prev = DOC_NONE};
    s->page = (struct place){.left = 0, .right = measure, .role = ROLE_TEXT};
    // What most essays need, so that growing rarely copies.
    s->lines_cap = d->len / (size_t)measure + d->nblocks * 2 + 16;
    s->runs_cap = s->lines_cap + d->nspans * 2;
    l->lines = mem_realloc(NULL, s->lines_cap * sizeof *l->lines);
    l->runs = mem_realloc(NULL, s->runs_cap * sizeof *l->runs);
    s->sided = bidi_needed(d, o);
    if (s->sided && !o->bidi_off)
        bidi_new(s);
    set_head(s, &s->page);
    s->opts.head = (struct layout_head){0};
    return l;
}

// The end: nothing more is kept than is needed.
static void finish(struct layout *l)
{
    settle_offsets(l, l->setter->settled);
    setter_free(l->setter);
    l->setter = NULL;
    l->done = true;
    l->lines = mem_realloc(l->lines, l->nlines * sizeof *l->lines);
    l->runs = mem_realloc(l->runs, l->nruns * sizeof *l->runs);
}

// May it stop here? Not behind lines without a place of their own, which what follows gives them,
// and not before a quotation, whose attribution may hold the line before it.
static bool may_stop(const struct layout *l)
{
    const struct siblings *b = &l->setter->top;
    const struct doc_block *blocks = l->doc->blocks;
    uint32_t i = b->next; // rules and pictures without words may show nothing
    while (i < b->end &&
           (blocks[i].kind == BLOCK_RULE || (blocks[i].kind == BLOCK_FIGURE && blocks[i].len == 0)))
        i = blocks[i].end;
    uint8_t kind = i < b->end ? blocks[i].kind : BLOCK_PARAGRAPH;
    return l->nlines && l->lines[l->nlines - 1].off != DOC_NONE && kind != BLOCK_QUOTE &&
           kind != BLOCK_PULLQUOTE;
}

bool layout_more(struct layout *l, size_t lines)
{
    struct setter *s = l->setter;
    if (l->done || (lines <= l->nlines && l->nlines == s->settled))
        return l->done;
    while (s->top.next < s->top.end && (l->nlines < lines || !may_stop(l)))
        set_next(s, &s->page, &s->top);
    if (s->top.next >= s->top.end) {
        finish(l);
    } else {
        settle_offsets(l, s->settled);
        s->settled = l->nlines;
    }
    return l->done;
}

bool layout_reach(struct layout *l, uint32_t off)
{
    while (!l->done && (!l->nlines || l->lines[l->nlines - 1].off == DOC_NONE ||
                        l->lines[l->nlines - 1].off <= off))
        layout_more(l, l->nlines + 1);
    return l->done;
}

struct layout *layout_new(const struct doc *d, const struct layout_opts *o)
{
    struct layout *l = layout_begin(d, o);
    layout_more(l, SIZE_MAX);
    return l;
}

void layout_free(struct layout *l)
{
    if (!l)
        return;
    setter_free(l->setter);
    arena_free(l->arena);
    free(l->tables);
    free(l->lines);
    free(l->runs);
    free(l);
}

size_t layout_line_at(const struct layout *l, uint32_t off)
{
    size_t lo = 0, hi = l->nlines;
    while (lo < hi) { // the first line that begins after it
        size_t mid = lo + (hi - lo) / 2;
        if (l->lines[mid].off <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    size_t i = lo ? lo - 1 : 0;
    while (i > 0 && l->lines[i].flags & LINE_BLANK)
        i--;
    return i;
}

void layout_line_text(const struct layout *l, size_t line, struct buf *out)
{
    const struct line *n = &l->lines[line];
    size_t start = out->len;
    buf_reserve(out, n->indent);
    for (int i = 0; i < n->indent; i++)
        buf_char(out, ' ');
    for (uint32_t i = 0; i < n->nruns; i++)
        buf_add(out, l->runs[n->run + i].text, l->runs[n->run + i].len);
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

// From the right: each cluster of the run is the next of the document's.
static bool find_turned(const struct layout *l, const struct run *r, uint32_t from, uint32_t to,
                        int *col, int *cols)
{
    const char *doc = l->doc->text;
    uint32_t *starts = mem_array(r->len + 1, sizeof *starts), n = 0;
    for (uint32_t p = 0; p < r->len; p += (uint32_t)utf8_cluster(r->text + p, r->len - p))
        starts[n++] = p;
    starts[n] = r->len;
    uint32_t at = r->off, end = r->off + r->stands, cp;
    int right = r->cols, low = -1, high = -1;
    for (; n > 0 && at < end; n--) {
        uint32_t was = at, p = starts[n - 1];
        int w = utf8_cols(r->text + p, starts[n] - p);
        while (p < starts[n] && at < end) {
            p += (uint32_t)utf8_decode(r->text + p, starts[n] - p, &cp);
            bool two = cp >= 0xFEF5 && cp <= 0xFEFC; // lam and alef
            at += (uint32_t)utf8_decode(doc + at, end - at, &cp);
            if (two && at < end)
                at += (uint32_t)utf8_decode(doc + at, end - at, &cp);
        }
        if (was < to && at > from) {
            high = high < 0 ? right : high;
            low = right - w;
        }
        right -= w;
    }
    free(starts);
    *col = low;
    *cols = high - low;
    return low >= 0;
}

bool layout_run_find(const struct layout *l, const struct run *r, uint32_t from, uint32_t to,
                     int *col, int *cols)
{
    uint32_t off = r->off, end = off + (r->stands ? r->stands : r->len);
    if (off == DOC_NONE || to <= off || from >= end || from >= to)
        return false;
    if (r->flags & RUN_RTL)
        return find_turned(l, r, from, to, col, cols);
    *col = 0;
    *cols = r->cols;
    if (r->stands)
        return true;
    uint32_t a = from > off ? from - off : 0, b = to < end ? to - off : r->len;
    *col = utf8_cols(r->text, a);
    *cols = utf8_cols(r->text + a, b - a);
    return true;
}

// The letter of the first mark that is set, else of the role.
static char role_letter(const struct run *r)
{
    for (int bit = 0; bit < MARK_COUNT; bit++)
        if (r->marks & 1u << bit)
            return mark_table[bit].letter;
    return r->role == ROLE_TEXT ? ' ' : role_table[r->role].letter;
}

void layout_dump(const struct layout *l, struct buf *out, bool roles)
{
    struct buf map = {0};
    for (size_t i = 0; i < l->nlines; i++) {
        layout_line_text(l, i, out);
        buf_char(out, '\n');
        if (!roles)
            continue;
        buf_clear(&map);
        const struct line *n = &l->lines[i];
        for (int k = 0; k < n->indent; k++)
            buf_char(&map, ' ');
        for (uint32_t k = 0; k < n->nruns; k++) {
            const struct run *r = &l->runs[n->run + k];
            for (int c = 0; c < r->cols; c++)
                buf_char(&map, role_letter(r));
        }
        while (map.len && map.data[map.len - 1] == ' ')
            map.len--;
        if (map.len) {
            buf_add(out, map.data, map.len);
            buf_char(out, '\n');
        }
    }
    buf_free(&map);
}
