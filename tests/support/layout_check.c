// Looks at a layout from outside, with nothing but the document to compare it with.
#include "layout_check.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>

#include "lectern/mem.h"
#include "lectern/page.h"
#include "lectern/utf8.h"

static bool in_doc(const struct layout *l, const struct run *r)
{
    return r->off != DOC_NONE && r->text == l->doc->text + r->off;
}

static uint32_t mirrored(uint32_t c)
{
    ucs4_t other;
    return uc_mirror_char(c, &other) ? other : c;
}

// One cluster as the document has it: the forms of Arabic letters are those letters, brackets look
// the other way.
static size_t read_back(const char *p, size_t len, bool shaped, uint8_t *out, size_t room)
{
    size_t n = 0;
    while (len) {
        uint32_t cp;
        size_t used = utf8_decode(p, len, &cp);
        bool form = (cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC);
        char one[4];
        size_t bytes = utf8_encode(mirrored(cp), one), got = room - n;
        if (form && shaped) {
            u8_normalize(UNINORM_NFKC, (const uint8_t *)p, used, out + n, &got);
            n += got;
        } else {
            memcpy(out + n, one, bytes);
            n += bytes;
        }
        p += used;
        len -= used;
    }
    return n;
}

// A run that is read from the right, cluster by cluster from its end, is the document's text.
static bool check_turned(const struct layout *l, const struct run *r, uint8_t *shown, struct err *e)
{
    uint32_t *starts = mem_array(r->len + 1, sizeof *starts), n = 0, at = r->off;
    uint32_t end = r->off + r->stands;
    bool ok = end <= l->doc->len;
    for (uint32_t p = 0; p < r->len; p += (uint32_t)utf8_cluster(r->text + p, r->len - p))
        starts[n++] = p;
    starts[n] = r->len;
    for (; ok && n > 0; n--) {
        uint8_t back[4 * UTF8_CLUSTER_MAX];
        uint32_t p = starts[n - 1];
        const char *want = l->doc->text + at;
        size_t len = read_back(r->text + p, starts[n] - p, true, back, sizeof back);
        if (len > end - at || memcmp(back, want, len) != 0) {
            // Some texts are written in these forms to begin with, and some signs are mirrored that
            // are not known here.
            uint32_t cp;
            size_t one = utf8_decode(want, end - at, &cp);
            len = read_back(r->text + p, starts[n] - p, false, back, sizeof back);
            ok = len <= end - at &&
                 (memcmp(back, want, len) == 0 || (len == one && uc_mirror_char(cp, &(ucs4_t){0})));
        }
        at += (uint32_t)len;
    }
    ok = ok && at == end;
    for (uint32_t c = r->off; ok && c < end; c++)
        if (shown[c]++)
            ok = false;
    free(starts);
    return ok || err_set(e, ERR_OTHER, "bytes %u to %u are not what is read from the right: %.*s",
                         r->off, end, (int)r->len, r->text);
}

static bool check_line(const struct layout *l, const struct layout_opts *o, size_t i, struct err *e)
{
    const struct line *n = &l->lines[i];
    if (n->run + n->nruns > l->nruns)
        return err_set(e, ERR_OTHER, "line %zu: runs beyond the end", i);
    uint32_t cols = n->indent, smallest = DOC_NONE, wide = 0;
    for (uint32_t k = 0; k < n->nruns; k++) {
        const struct run *r = &l->runs[n->run + k];
        if (!utf8_valid(r->text, r->len))
            return err_set(e, ERR_OTHER, "line %zu run %u: not UTF-8", i, k);
        if (utf8_cols(r->text, r->len) != r->cols)
            return err_set(e, ERR_OTHER, "line %zu run %u: %d columns said, %d there", i, k,
                           r->cols, utf8_cols(r->text, r->len));
        for (uint32_t c = 0; c < r->len; c++) {
            unsigned char byte = (unsigned char)r->text[c];
            if (byte < 0x20 || byte == 0x7F)
                return err_set(e, ERR_OTHER, "line %zu run %u: control character %02x", i, k, byte);
            if (o->ascii && byte >= 0x80)
                return err_set(e, ERR_OTHER, "line %zu run %u: not ASCII", i, k);
        }
        if (r->role >= ROLE_COUNT || (r->link != DOC_NONE && r->link >= l->doc->nlinks) ||
            (r->note != DOC_NONE && r->note >= l->doc->nnotes))
            return err_set(e, ERR_OTHER, "line %zu run %u: role, link or note out of range", i, k);
        if (r->off != DOC_NONE && r->off < smallest)
            smallest = r->off;
        cols += r->cols;
        wide += r->cols > 0;
    }
    if (cols > (uint32_t)l->measure && !(l->measure < 2 && cols == 2 && wide == 1))
        return err_set(e, ERR_OTHER, "line %zu: %u columns in a measure of %d", i, cols,
                       l->measure);
    if (n->flags & LINE_JUSTIFIED && n->block != DOC_NONE && cols > (uint32_t)l->measure)
        return err_set(e, ERR_OTHER, "line %zu: justified too far", i);
    // A cell's line that shows nothing is on this line as well.
    const struct doc_block *cell = n->block == DOC_NONE ? NULL : &l->doc->blocks[n->block];
    bool row = cell && cell->kind == BLOCK_CELL && n->off < smallest &&
               n->off >= l->doc->blocks[cell->parent].off;
    if (smallest != DOC_NONE && n->off != smallest && !row)
        return err_set(e, ERR_OTHER, "line %zu: off %u, smallest offset %u", i, n->off, smallest);
    if (n->end < n->off)
        return err_set(e, ERR_OTHER, "line %zu: ends before it begins", i);
    if (i > 0 && l->lines[i - 1].off > n->off)
        return err_set(e, ERR_OTHER, "line %zu: off goes back from %u to %u", i,
                       l->lines[i - 1].off, n->off);
    return true;
}

// Paragraphs outside of quotes and lists reach the right edge exactly where they are justified.
static bool check_justified(const struct layout *l, size_t i, struct err *e)
{
    const struct line *n = &l->lines[i];
    if (!(n->flags & LINE_JUSTIFIED) || n->block == DOC_NONE ||
        l->doc->blocks[n->block].parent != DOC_NONE)
        return true;
    uint32_t cols = n->indent;
    for (uint32_t k = 0; k < n->nruns; k++)
        cols += l->runs[n->run + k].cols;
    if (n->flags & LINE_RTL) // its indent is on the right
        return n->indent == 0 ||
               err_set(e, ERR_OTHER, "line %zu: justified but for %d columns", i, n->indent);
    if (cols != (uint32_t)l->measure)
        return err_set(e, ERR_OTHER, "line %zu: justified to %u of %d", i, cols, l->measure);
    return true;
}

static bool invisible_at(const char *t, uint32_t len, uint32_t i)
{
    const unsigned char *p = (const unsigned char *)t;
    if (i + 1 < len && p[i] == 0xC2 && p[i + 1] == 0xAD)
        return true;
    if (i >= 1 && p[i - 1] == 0xC2 && p[i] == 0xAD)
        return true;
    for (uint32_t k = 0; k < 3; k++)
        if (i >= k && i - k + 2 < len && p[i - k] == 0xE2 && p[i - k + 1] == 0x80 &&
            p[i - k + 2] == 0x8B)
            return true;
    return false;
}

// Every byte of every leaf is shown once, in order, as it is or by a stand-in; blanks may go where
// lines end.
static bool check_words(const struct layout *l, const struct layout_opts *o, struct err *e)
{
    const struct doc *d = l->doc;
    uint8_t *shown = mem_alloc(d->len + 1), *replaced = mem_alloc(d->len + 1);
    uint32_t last = 0;
    bool ok = true, any = false;
    // Bytes that something else stands for: marks of notes, raised digits, tabs, and in ASCII all
    // that is not.
    uint8_t *other = mem_alloc(d->len + 1);
    for (uint32_t i = 0; i < d->nspans; i++)
        if (d->spans[i].kind == SPAN_NOTE_MARK || d->spans[i].kind == SPAN_SUP ||
            d->spans[i].kind == SPAN_SUB)
            memset(other + d->spans[i].off, 1, d->spans[i].len);
    for (size_t i = 0; ok && i < l->nlines; i++) {
        const struct line *n = &l->lines[i];
        bool mixed = false; // some of it is read from the right: only lines are in order
        for (uint32_t k = 0; k < n->nruns; k++)
            mixed |= l->runs[n->run + k].flags & RUN_RTL || n->flags & LINE_RTL;
        for (uint32_t k = 0; ok && k < n->nruns; k++) {
            const struct run *r = &l->runs[n->run + k];
            if (r->off == DOC_NONE)
                continue;
            bool cell = n->block != DOC_NONE && d->blocks[n->block].kind == BLOCK_CELL;
            bool turned = r->flags & RUN_RTL;
            if (any && !cell && !mixed && r->off < last)
                ok = err_set(e, ERR_OTHER, "line %zu run %u: order lost, %u after %u", i, k, r->off,
                             last);
            if (!cell || r->off > last)
                last = r->off;
            any = true;
            if (turned && r->stands) {
                ok = check_turned(l, r, shown, e);
            } else if (in_doc(l, r)) {
                for (uint32_t c = 0; ok && c < r->len; c++)
                    if (shown[r->off + c]++)
                        ok = err_set(e, ERR_OTHER, "line %zu: byte %u shown twice", i, r->off + c);
            } else if (r->off < d->len) {
                // ASCII flows are copies: the bytes must still be the document's where they are
                // ASCII.
                uint32_t c = 0;
                while (c < r->len && r->off + c < d->len && r->text[c] == d->text[r->off + c]) {
                    shown[r->off + c] = 1;
                    c++;
                }
                if (c == 0)
                    replaced[r->off] = 1;
            }
        }
    }
    for (uint32_t b = 0; ok && b < d->nblocks; b++) {
        const struct doc_block *k = &d->blocks[b];
        if (!doc_is_leaf((enum block_kind)k->kind))
            continue;
        if (k->kind == BLOCK_CELL) { // the head of a table set as records is said again in each of
                                     // them instead
            const struct doc_block *row = k->parent == DOC_NONE ? k : &d->blocks[k->parent];
            if (k->flags & BLOCK_HEADER || row->flags & BLOCK_HEADER)
                continue;
        }
        for (uint32_t c = k->off; ok && c < k->off + k->len; c++) {
            unsigned char byte = (unsigned char)d->text[c];
            if (byte == ' ' || byte == '\n' || byte == '\t' || (o->ascii && byte >= 0x80) ||
                shown[c] || replaced[c] || other[c])
                continue;
            if (!invisible_at(d->text, d->len, c))
                ok = err_set(e, ERR_OTHER, "byte %u of a %s is not shown", c,
                             doc_block_name((enum block_kind)k->kind));
        }
    }
    free(shown);
    free(replaced);
    free(other);
    return ok;
}

bool layout_check(const struct layout *l, const struct layout_opts *o, struct err *e)
{
    for (size_t i = 0; i < l->nlines; i++)
        if (!check_line(l, o, i, e) || !check_justified(l, i, e))
            return false;
    return check_words(l, o, e);
}

// The rules of a page's end, said again in the plainest way.
static bool bad_end(const struct layout *l, size_t top, size_t end)
{
    size_t a = end, b = end;
    while (a > top && l->lines[a - 1].flags & LINE_BLANK)
        a--;
    while (b < l->nlines && l->lines[b].flags & LINE_BLANK)
        b++;
    if (a == top || b >= l->nlines)
        return false;
    const struct line *x = &l->lines[a - 1], *y = &l->lines[b];
    bool heading = x->flags & (LINE_HEADING | LINE_KEEP_NEXT);
    bool split = x->block == y->block && x->block != DOC_NONE;
    return heading || (split && (x->flags & LINE_FIRST || y->flags & LINE_LAST));
}

// What a page shows: the lines of the head, then those from its top on. Returns the row of the
// first of these.
static size_t body_row(const struct layout *l, size_t top, int height, bool bare)
{
    size_t first;
    return bare ? 0 : page_head(l, top, height, &first);
}

// Line by line from the first to the last: whatever stays on the screen moves by one row, and the
// way up is the way down.
static bool check_steps(const struct layout *l, int height, struct err *e)
{
    bool bare = false;
    size_t steps = 0;
    for (size_t top = 0; top + 1 < l->nlines && height > 1;) {
        bool now = bare, back;
        size_t next = page_down(l, top, height, &now);
        size_t row = body_row(l, top, height, bare), to = body_row(l, next, height, now);
        // Where line x is: row + x - top before, to + x - next after.
        if (next >= l->nlines || row + next != to + top + 1)
            return err_set(e, ERR_OTHER, "height %d: from line %zu down to %zu moves by %ld",
                           height, top, next, (long)(row + next) - (long)(to + top));
        back = now;
        size_t up = page_up(l, next, height, &back);
        if (up != top || back != bare)
            return err_set(e, ERR_OTHER, "height %d: up from %zu is %zu, not %zu", height, next, up,
                           top);
        if (++steps > 2 * l->nlines)
            return err_set(e, ERR_OTHER, "height %d: no way down from line %zu", height, top);
        top = next;
        bare = now;
    }
    return true;
}

bool pages_check(const struct layout *l, int height, struct err *e)
{
    struct pages *p = pages_new(l, height);
    bool ok = true;
    if (p->n < 1 || p->tops[0] != 0)
        ok = err_set(e, ERR_OTHER, "the first page does not begin at the first line");
    for (size_t i = 0; ok && i < p->n && l->nlines; i++) {
        size_t top = p->tops[i], end = page_end(l, top, height), next = page_next(l, top, height);
        size_t head = 0, repeated = page_head(l, top, height, &head);
        size_t room = (size_t)height - repeated;
        if (repeated && (head + repeated > top || l->lines[head].flags & LINE_BLANK))
            ok = err_set(e, ERR_OTHER, "page %zu repeats lines from %zu", i, head);
        else if (end <= top || end - top > room)
            ok = err_set(e, ERR_OTHER, "page %zu: lines %zu to %zu", i, top, end);
        else if (i > 0 && l->lines[top].flags & LINE_BLANK)
            ok = err_set(e, ERR_OTHER, "page %zu begins with a blank", i);
        else if (next != (i + 1 < p->n ? p->tops[i + 1] : l->nlines))
            ok = err_set(e, ERR_OTHER, "page %zu: the next is not the next", i);
        else if (bad_end(l, top, end))
            for (size_t other = top + room; ok && other > top + room / 2; other--)
                if (!bad_end(l, top, other))
                    ok = err_set(e, ERR_OTHER, "page %zu ends badly at %zu, could at %zu", i, end,
                                 other);
        for (size_t k = end; ok && k < next; k++)
            if (!(l->lines[k].flags & LINE_BLANK))
                ok = err_set(e, ERR_OTHER, "line %zu is on no page", k);
        if (ok && (pages_at(p, top) != i || (end > top && pages_at(p, end - 1) != i)))
            ok = err_set(e, ERR_OTHER, "page %zu is not found by its lines", i);
    }
    pages_free(p);
    ok = ok && check_steps(l, height, e);
    // From any line, not only from tops of pages.
    for (size_t top = 0; ok && top < l->nlines; top++) {
        size_t prev = page_prev(l, top, height);
        if (top > 0 && prev >= top)
            ok = err_set(e, ERR_OTHER, "before line %zu comes %zu", top, prev);
        else if (top > 0 && !(l->lines[top].flags & LINE_BLANK) && page_next(l, prev, height) < top)
            ok = err_set(e, ERR_OTHER, "from %zu back to %zu loses lines", top, prev);
    }
    return ok;
}

static bool same_line(const struct layout *a, const struct layout *b, size_t i)
{
    const struct line *x = &a->lines[i], *y = &b->lines[i];
    if (x->off != y->off || x->end != y->end || x->run != y->run || x->nruns != y->nruns ||
        x->block != y->block || x->indent != y->indent || x->flags != y->flags)
        return false;
    for (uint32_t k = x->run; k < x->run + x->nruns; k++) {
        const struct run *r = &a->runs[k], *q = &b->runs[k];
        if (r->len != q->len || r->off != q->off || r->link != q->link || r->note != q->note ||
            r->cols != q->cols || r->marks != q->marks || r->stands != q->stands ||
            r->role != q->role || r->flags != q->flags || memcmp(r->text, q->text, r->len) != 0)
            return false;
    }
    return true;
}

bool steps_check(const struct layout *whole, const struct layout_opts *o, uint32_t seed,
                 struct err *e)
{
    struct layout *l = layout_begin(whole->doc, o);
    bool ok = true;
    for (size_t seen = 0; ok; seen = l->nlines) {
        seed = seed * 1664525u + 1013904223u;
        size_t want = l->nlines + 1 + (seed >> 8) % 40;
        uint32_t off = (seed >> 8) % (whole->doc->len + 1);
        bool reach = seed >> 31, done = reach ? layout_reach(l, off) : layout_more(l, want);
        if (done != l->done || (!done && l->nlines <= seen && !reach))
            ok = err_set(e, ERR_OTHER, "a step from %zu lines did nothing", seen);
        else if (!done && reach && layout_line_at(l, off) + 1 >= l->nlines)
            ok = err_set(e, ERR_OTHER, "offset %u is not reached", off);
        else if (!done && !reach && l->nlines < want)
            ok = err_set(e, ERR_OTHER, "%zu lines instead of %zu", l->nlines, want);
        else if (l->nlines > whole->nlines || (done && l->nlines != whole->nlines))
            ok = err_set(e, ERR_OTHER, "%zu lines, the whole has %zu", l->nlines, whole->nlines);
        for (size_t i = seen < l->nlines ? seen : 0; ok && i < l->nlines; i++)
            if (!same_line(l, whole, i))
                ok = err_set(e, ERR_OTHER, "line %zu is another than in the whole", i);
        if (!ok || done)
            break;
    }
    if (ok &&
        (l->ntables != whole->ntables || l->nruns != whole->nruns ||
         (l->ntables && memcmp(l->tables, whole->tables, l->ntables * sizeof *l->tables) != 0)))
        ok = err_set(e, ERR_OTHER, "other tables than in the whole");
    layout_free(l);
    return ok;
}
