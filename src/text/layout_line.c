// Lines and runs: bars and markers at their columns, then the pieces of a flow, each in its style.
#include "setting.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"

static const char BLANKS[] =
    "                                                                                "
    "                                                                                ";

enum { TOGETHER = 5 }; // lines of a caption that stay on one page
// To a gap between words, at most: a line that would need more is better left short.
enum { MOST_ADDED = 1 };

static struct line *add_line(struct setter *s)
{
    struct layout *l = s->l;
    l->lines = mem_grow(l->lines, &s->lines_cap, l->nlines + 1, sizeof *l->lines);
    struct line *n = &l->lines[l->nlines++];
    *n = (struct line){
        .off = DOC_NONE, .end = DOC_NONE, .run = (uint32_t)l->nruns, .block = DOC_NONE};
    s->col = 0;
    s->line_off = DOC_NONE;
    s->line_end = 0;
    s->nparts = 0;
    return n;
}

static struct run *add_run(struct setter *s)
{
    struct layout *l = s->l;
    l->runs = mem_grow(l->runs, &s->runs_cap, l->nruns + 1, sizeof *l->runs);
    return &l->runs[l->nruns++];
}

// What comes next is one thing where the line is turned round.
static void begin_part(struct setter *s)
{
    if (!s->mirror)
        return;
    s->parts = mem_grow(s->parts, &s->parts_cap, s->nparts + 1, sizeof *s->parts);
    s->parts[s->nparts++] = (uint32_t)s->l->nruns;
}

static void add_own(struct setter *s, const char *text, uint32_t len, uint32_t cols, uint8_t role,
                    uint16_t marks, uint32_t note)
{
    *add_run(s) = (struct run){.text = text,
                               .len = len,
                               .off = DOC_NONE,
                               .link = DOC_NONE,
                               .note = note,
                               .cols = (uint16_t)cols,
                               .marks = marks,
                               .role = role};
    s->col += (int)cols;
}

void line_own(struct setter *s, const char *text, uint32_t len, uint32_t cols, uint8_t role,
              uint16_t marks, uint32_t note)
{
    begin_part(s);
    add_own(s, text, len, cols, role, marks, note);
}

void line_blanks(struct setter *s, uint32_t n, uint8_t role, uint16_t marks)
{
    while (n) {
        uint32_t some = n < sizeof BLANKS - 1 ? n : (uint32_t)sizeof BLANKS - 1;
        add_own(s, BLANKS, some, some, role, marks, DOC_NONE);
        n -= some;
    }
}

// The other way round: what began at the left edge of the measure ends at its right one.
static void turn_line(struct setter *s, struct line *n)
{
    struct layout *l = s->l;
    size_t first = n->run, count = l->nruns - first;
    int indent = l->measure - s->col;
    n->indent = (uint16_t)(count && indent > 0 ? indent : 0);
    if (!count)
        return;
    struct run *copy = mem_alloc(count * sizeof *copy), *out = l->runs + first;
    memcpy(copy, out, count * sizeof *copy);
    size_t end = l->nruns;
    for (size_t k = s->nparts; k-- > 0;) {
        size_t part = end - s->parts[k];
        memcpy(out, copy + (s->parts[k] - first), part * sizeof *copy);
        out += part;
        end = s->parts[k];
    }
    free(copy);
}

void line_to(struct setter *s, int col)
{
    struct line *n = &s->l->lines[s->l->nlines - 1];
    if (col <= s->col)
        return;
    if (n->run == s->l->nruns) {
        n->indent = (uint16_t)col;
        s->col = col;
    } else {
        begin_part(s);
        line_blanks(s, (uint32_t)(col - s->col), ROLE_TEXT, 0);
    }
}

// Bars [from, to), as far as they stand left of column `col`. Returns the first that was not drawn.
static int draw_bars(struct setter *s, int from, int to, int col)
{
    for (; from < to && from < MAX_BARS && s->bars[from] < col; from++) {
        line_to(s, s->bars[from]);
        if (s->o->ascii)
            line_own(s, "|", 1, 1, ROLE_QUOTE_BAR, 0, DOC_NONE);
        else
            line_own(s, "\xe2\x94\x82", 3, 1, ROLE_QUOTE_BAR, 0, DOC_NONE);
    }
    return from;
}

void line_owe(struct setter *s, const struct place *p, int n)
{
    if (n >= s->blanks) {
        s->blanks = n;
        s->blank_bars = p->bars;
    }
}

void line_open(struct setter *s, const struct place *p)
{
    s->mirror = p->rtl;
    while (s->blanks > 0) {
        struct line *n = add_line(s);
        n->flags = LINE_BLANK;
        draw_bars(s, 0, s->blank_bars, INT_MAX);
        if (s->mirror)
            turn_line(s, n);
        n->nruns = (uint32_t)s->l->nruns - n->run;
        s->blanks--;
    }
    s->blank_bars = 0;
    add_line(s);
    int bar = 0;
    for (int i = 0; i < s->nmarkers; i++) {
        const struct marker *m = &s->markers[i];
        bar = draw_bars(s, bar, p->bars, m->col);
        line_to(s, m->col);
        line_own(s, m->text, m->len, m->cols, m->role, 0, m->note);
    }
    draw_bars(s, bar, p->bars, INT_MAX);
    s->nmarkers = 0;
}

void line_marker(struct setter *s, const struct marker *m)
{
    if (s->nmarkers < MAX_MARKERS)
        s->markers[s->nmarkers++] = *m;
}

// Where in the document a place of the flow is that is in seg `g`, or just behind it.
static uint32_t doc_end(const struct flow *f, const struct seg *g, uint32_t end)
{
    const struct seg *last = g;
    while (last + 1 < f->segs + f->nsegs && last[1].at < end) // a ligature over two segs
        last++;
    if (last->off == DOC_NONE)
        last = g;
    return last->stands ? last->off + last->stands : last->off + (end - last->at);
}

void line_put(struct setter *s, const struct flow *f, const struct seg *g, uint32_t at,
              uint32_t end, const char *text, uint32_t len, uint32_t cols, bool turned)
{
    struct run r = {.text = text,
                    .len = len,
                    .off = g->off,
                    .link = g->link,
                    .note = g->note,
                    .cols = (uint16_t)cols,
                    .marks = g->marks,
                    .role = g->role,
                    .flags = turned && !g->stands ? RUN_RTL : 0};
    if (g->off != DOC_NONE) {
        if (!g->stands)
            r.off = g->off + (at - g->at);
        uint32_t last = doc_end(f, g, end), stands = last - r.off;
        if (g->stands || turned)
            r.stands = (uint16_t)(stands < UINT16_MAX ? stands : UINT16_MAX);
        if (r.off < s->line_off)
            s->line_off = r.off;
        if (last > s->line_end)
            s->line_end = last;
    }
    *add_run(s) = r;
    s->col += (int)cols;
}

static void add_text(struct setter *s, const struct flow *f, const struct seg *g, uint32_t at,
                     uint32_t end)
{
    line_put(s, f, g, at, end, f->text + at, end - at, (uint32_t)utf8_cols(f->text + at, end - at),
             false);
}

// [at, end) of one seg, without what is not shown.
static void add_visible(struct setter *s, const struct flow *f, const struct seg *g, uint32_t at,
                        uint32_t end)
{
    while (f->invisible && at < end) {
        const char *t = f->text;
        uint32_t p = at, n = 0;
        for (; p < end && !n; p++) {
            if (p + 1 < end && memcmp(t + p, "\xc2\xad", 2) == 0)
                n = 2;
            else if (p + 2 < end && memcmp(t + p, "\xe2\x80\x8b", 3) == 0)
                n = 3;
        }
        if (!n)
            break;
        p--;
        if (p > at)
            add_text(s, f, g, at, p);
        at = p + n;
    }
    if (at < end)
        add_text(s, f, g, at, end);
}

uint32_t seg_at(const struct flow *f, uint32_t at)
{
    uint32_t lo = 0, hi = f->nsegs;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->segs[mid].at <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

// A blank or, in ASCII, what stands for one that does not break.
static bool is_gap(char c)
{
    return c == ' ' || c == 0x1F;
}

static uint32_t count_gaps(const char *t, uint32_t at, uint32_t end)
{
    uint32_t n = 0;
    for (uint32_t i = at + 1; i < end; i++)
        n += is_gap(t[i]) && !is_gap(t[i - 1]);
    return n;
}

uint32_t line_cols(struct setter *s, const struct flow *f, const struct cut *c)
{
    return f->levels ? bidi_line(s, f, c) : c->cols;
}

void line_flow(struct setter *s, const struct flow *f, const struct cut *c, uint32_t stretch)
{
    if (c->at >= c->end)
        return;
    begin_part(s);
    if (f->levels) {
        bidi_draw(s, f, c, stretch);
        return;
    }
    if (s->o->ascii &&
        f->text != s->d->text + f->segs[0].off) // no-break spaces have done their work
        for (char *p = (char *)(uintptr_t)f->text + c->at, *e = (char *)(uintptr_t)f->text + c->end;
             (p = memchr(p, 0x1F, (size_t)(e - p)));)
            *p = ' ';
    uint32_t k = seg_at(f, c->at), at = c->at;
    if (!stretch && !f->invisible && !c->hyphen &&
        (k + 1 == f->nsegs || f->segs[k + 1].at >= c->end)) { // all of it in one style: most lines
        line_put(s, f, &f->segs[k], at, c->end, f->text + at, c->end - at, c->cols, false);
        return;
    }
    uint32_t gaps = stretch ? count_gaps(f->text, c->at, c->end) : 0, gap = 0, given = 0;
    // Uneven columns go to the right on one line and to the left on the next, lest holes run down
    // the page.
    bool late = s->l->nlines % 2;
    while (at < c->end) {
        const struct seg *g = &f->segs[k];
        uint32_t end = k + 1 < f->nsegs && f->segs[k + 1].at < c->end ? f->segs[k + 1].at : c->end;
        for (uint32_t p = at; gaps && p < end;) {
            const char *sp = memchr(f->text + p, ' ', end - p);
            if (!sp)
                break;
            p = (uint32_t)(sp - f->text) + 1;
            if (p - 1 == c->at || f->text[p - 2] == ' ')
                continue;
            gap++;
            uint32_t due = late ? (gap * stretch + gaps - 1) / gaps : gap * stretch / gaps;
            if (due > given) {
                add_visible(s, f, g, at, p);
                at = p;
                line_blanks(s, due - given, g->role, g->marks & MARK_LINK);
                given = due;
            }
        }
        add_visible(s, f, g, at, end);
        at = end;
        k++;
    }
    if (c->hyphen) {
        const struct run *r = &s->l->runs[s->l->nruns - 1];
        add_own(s, "-", 1, 1, r->role, r->marks, DOC_NONE);
    }
}

void line_close(struct setter *s, uint32_t block, uint16_t flags)
{
    struct line *n = &s->l->lines[s->l->nlines - 1];
    if (s->mirror)
        turn_line(s, n);
    n->nruns = (uint32_t)s->l->nruns - n->run;
    n->off = s->line_off;
    n->end = s->line_off == DOC_NONE ? DOC_NONE : s->line_end;
    n->block = block;
    n->flags |= flags;
}

uint32_t line_place(const struct setter *s, const struct flow *f, uint32_t at, uint32_t block)
{
    const struct doc_block *b = &s->d->blocks[block];
    for (uint32_t k = f->nsegs ? seg_at(f, at) : 0; k < f->nsegs; k++) {
        const struct seg *g = &f->segs[k];
        uint32_t into = at > g->at ? at - g->at : 0;
        if (g->off != DOC_NONE)
            return g->off + (g->stands && into ? g->stands : into);
    }
    return f->len ? b->off + b->len : b->off;
}

void line_fill(struct setter *s, const struct place *p, const struct flow *f, uint32_t block,
               enum breaking how, const struct fill *fill)
{
    int room = p->right - p->left;
    flow_cut(s, f, room - fill->first, room - fill->rest, how);
    size_t n = s->ncuts;
    for (size_t i = 0; i < n; i++) {
        const struct cut *c = &s->cuts[i];
        uint16_t flags = fill->flags;
        if (fill->whole && n > 1)
            flags |= i == 0 ? LINE_FIRST : i == n - 1 ? LINE_LAST : 0;
        if (fill->together && n <= TOGETHER && i + 1 < n)
            flags |= LINE_KEEP_NEXT;
        int indent = c->wrapped ? fill->rest : fill->first;
        line_open(s, p);
        if (c->at == c->end && block != DOC_NONE) { // an empty line has a place too
            s->line_off = s->line_end = line_place(s, f, c->at, block);
            line_close(s, block, flags | LINE_BLANK);
            continue;
        }
        uint32_t wide = room > indent ? (uint32_t)(room - indent) : 0, stretch = 0;
        uint32_t cols = line_cols(s, f, c);
        if (fill->justify && !c->last && cols < wide) {
            uint32_t gaps = f->levels ? bidi_gaps(s, f, c) : count_gaps(f->text, c->at, c->end);
            if (wide - cols <= MOST_ADDED * gaps)
                stretch = wide - cols;
        }
        if (stretch || (fill->justify && !c->last && cols == wide))
            flags |= LINE_JUSTIFIED;
        if (f->rtl)
            flags |= LINE_RTL;
        cols += stretch;
        // Text that runs against its surroundings keeps to the other side.
        bool against = f->rtl != p->rtl;
        int start = p->left + indent;
        if (against && cols <= wide)
            start = p->right - indent - (int)cols;
        const char *sign = NULL;
        if (fill->mark && c->wrapped && fill->rest >= 2)
            sign = s->o->ascii ? "\\ " : "\xe2\x86\xaa ";
        line_to(s, start - (sign && !against ? 2 : 0));
        if (sign && !against)
            line_own(s, sign, (uint32_t)strlen(sign), 2, ROLE_CODE_BLOCK, MARK_SMALL, DOC_NONE);
        line_flow(s, f, c, stretch);
        if (sign && against) // comes out on the left
            line_own(s, sign, (uint32_t)strlen(sign), 2, ROLE_CODE_BLOCK, MARK_SMALL, DOC_NONE);
        line_close(s, block, flags);
    }
}
