// Where lines end. A flow is cut into pieces (layout_piece.c); then either every line takes what
// fits (first fit), or the whole paragraph is looked at and the breaks chosen that leave the right
// edge least ragged (the sum of the cubes of what lines fall short), without a short last line or
// broken words if that can be helped. Both are linear in practice: a line begins at most some
// twenty pieces before its end.
#include "setting.h"

#include <string.h>

#include "lectern/utf8.h"

static void add_cut(struct setter *s, uint32_t i, uint32_t j, bool last, bool wrapped)
{
    s->cuts = mem_grow(s->cuts, &s->cuts_cap, s->ncuts + 1, sizeof *s->cuts);
    const struct piece *a = &s->pieces[i], *b = &s->pieces[j - 1];
    bool hyphen = !last && b->flags & PIECE_HYPHEN;
    s->cuts[s->ncuts++] = (struct cut){a->at,  b->end, b->x + b->cols - a->x + (hyphen ? 1 : 0),
                                       hyphen, last,   wrapped};
}

// Columns of a line that ends after piece j - 1.
static uint32_t end_of(const struct piece *p, size_t j, size_t n)
{
    return p[j - 1].x + p[j - 1].cols + (j < n && p[j - 1].flags & PIECE_HYPHEN ? 1 : 0);
}

static void first_fit(struct setter *s, uint32_t first, uint32_t rest)
{
    const struct piece *p = s->pieces;
    size_t n = s->npieces, i = 0;
    while (i < n) {
        uint32_t room = i == 0 ? first : rest;
        size_t j = i + 1, good = 0;
        if (!(p[i].flags & PIECE_EMERGENCY))
            good = j;
        // The furthest end that fits, and the furthest of those that is not in the middle of a
        // word.
        for (size_t k = i + 2; k <= n && p[k - 1].x + p[k - 1].cols - p[i].x <= room; k++) {
            if (end_of(p, k, n) - p[i].x > room)
                continue;
            j = k;
            if (!(p[k - 1].flags & PIECE_EMERGENCY))
                good = k;
        }
        if (j < n && good)
            j = good;
        add_cut(s, (uint32_t)i, (uint32_t)j, j == n, i > 0);
        i = j;
    }
}

static uint64_t cube(uint64_t x)
{
    return x * x * x;
}

// The best of the pieces from `lo` on to begin a line with that ends at column x, neither the first
// of its paragraph nor the last. All of them fit in `rest`; lines that fall short by more than
// `loose` are only looked at where there is no other.
static size_t best_start(const struct piece *p, const uint64_t *cost, size_t lo, size_t j,
                         uint32_t x, uint32_t rest, uint32_t loose, uint64_t *best)
{
    uint32_t left = x - rest; // may wrap: only the difference counts
    size_t arg = lo;
    uint64_t least = cost[lo] + cube(p[lo].x - left);
    for (size_t i = lo + 1; i < j; i++) {
        uint32_t room = p[i].x - left;
        if (room > loose)
            break;
        uint64_t c = cost[i] + cube(room);
        arg = c < least ? i : arg;
        least = c < least ? c : least;
    }
    *best = least;
    return arg;
}

static void optimum(struct setter *s, uint32_t first, uint32_t rest)
{
    const struct piece *p = s->pieces;
    size_t n = s->npieces;
    s->costs = mem_grow(s->costs, &s->costs_cap, n + 1, sizeof *s->costs);
    s->froms = mem_grow(s->froms, &s->froms_cap, n + 1, sizeof *s->froms);
    uint64_t *cost = s->costs;
    uint32_t *from = s->froms;
    uint64_t broken_word = cube(rest) * 2, hyphen = cube(rest / 8 + 1), dash = cube(rest / 16 + 1),
             within = s->o->justify ? dash : cube(rest / 4 + 1), short_last = cube(rest / 10 + 5);
    uint32_t enough = rest / 6 + 2 < rest / 3 ? rest / 6 + 2 : rest / 3, loose = rest / 3 + 2;
    size_t lo = 0;
    cost[0] = 0;
    for (size_t j = 1; j <= n; j++) {
        uint32_t x = end_of(p, j, n);
        while (lo < j - 1 && x - p[lo].x > (lo == 0 ? first : rest))
            lo++;
        uint64_t best = UINT64_MAX, here = 0;
        if (j < n) {
            uint32_t flags = p[j - 1].flags;
            here = flags & PIECE_EMERGENCY ? broken_word
                   : flags & PIECE_HYPHEN  ? hyphen
                   : flags & PIECE_WITHIN  ? within
                   : flags & PIECE_DASH    ? dash
                                           : 0;
        }
        bool divided = j < n && p[j - 1].flags & PIECE_HYPHEN;
        if (lo > 0 && j < n && !divided && x - p[lo].x <= rest) {
            from[j] = (uint32_t)best_start(p, cost, lo, j, x, rest, loose, &cost[j]);
            cost[j] += here;
            continue;
        }
        uint32_t arg = (uint32_t)lo;
        for (size_t i = lo; i < j; i++) {
            uint32_t room = i == 0 ? first : rest, cols = x - p[i].x;
            uint64_t c = cost[i];
            if (cols > room) { // one piece wider than the room: no choice
                if (i + 1 < j)
                    continue;
            } else if (j == n) {
                if (i > 0 && cols < enough)
                    c += short_last * (2 * enough - cols) / (2 * enough);
            } else {
                if (room - cols > loose && best != UINT64_MAX)
                    break;
                c += cube(room - cols);
            }
            if (divided && i > 0 && p[i - 1].flags & PIECE_HYPHEN)
                c += 3 * hyphen; // one below the other they look like a ladder
            if (c < best) {
                best = c;
                arg = (uint32_t)i;
            }
        }
        cost[j] = best + here;
        from[j] = arg;
    }
    // Back along the best way, turning it round in place: from[] becomes the ends of lines.
    size_t lines = 0;
    for (size_t j = n; j > 0; j = from[j])
        lines++;
    size_t base = s->ncuts;
    s->cuts = mem_grow(s->cuts, &s->cuts_cap, base + lines, sizeof *s->cuts);
    s->ncuts = base + lines;
    size_t k = base + lines;
    for (size_t j = n; j > 0; j = from[j]) {
        s->ncuts = --k;
        add_cut(s, from[j], (uint32_t)j, j == n, from[j] > 0);
    }
    s->ncuts = base + lines;
}

// Code: a line that is too long is cut behind a blank or a sign that parts in its last third,
// else at the last column between any two clusters; blanks are kept.
static void cut_anywhere(struct setter *s, const struct flow *f, uint32_t at, uint32_t end,
                         uint32_t first, uint32_t rest)
{
    uint32_t p = at;
    do {
        uint32_t room = p == at ? first : rest, cols = 0, q = p, gap = p, gap_cols = 0;
        while (q < end) {
            uint32_t n = (uint32_t)utf8_cluster(f->text + q, end - q), w = flow_cols(f, q, q + n);
            if (w > room) {
                n = (uint32_t)utf8_grapheme(f->text + q, end - q);
                w = flow_cols(f, q, q + n);
            }
            if (cols + w > room && q > p)
                break;
            cols += w;
            q += n;
            if (cols * 3 >= room * 2 && strchr(" ,;(/", f->text[q - 1])) {
                gap = q;
                gap_cols = cols;
            }
        }
        if (q < end && gap > p) {
            q = gap;
            cols = gap_cols;
        }
        s->cuts = mem_grow(s->cuts, &s->cuts_cap, s->ncuts + 1, sizeof *s->cuts);
        s->cuts[s->ncuts++] = (struct cut){p, q, cols, false, q == end, p > at};
        p = q;
    } while (p < end);
}

enum { OPTIMUM_MOST = 1 << 20 }; // pieces; beyond, the paragraph is no paragraph

void flow_cut(struct setter *s, const struct flow *f, int first, int rest, enum breaking how)
{
    uint32_t w1 = first < 1 ? 1 : (uint32_t)first, w2 = rest < 1 ? 1 : (uint32_t)rest;
    s->ncuts = 0;
    s->room = w1 < w2 ? w1 : w2;
    for (uint32_t at = 0; at <= f->len;) {
        const char *nl = at < f->len ? memchr(f->text + at, '\n', f->len - at) : NULL;
        uint32_t end = nl ? (uint32_t)(nl - f->text) : f->len;
        size_t before = s->ncuts;
        if (how == BREAK_ANYWHERE) {
            cut_anywhere(s, f, at, end, w1, w2);
        } else {
            flow_pieces(s, f, at, end);
            if (how == BREAK_OPTIMUM && s->npieces <= OPTIMUM_MOST)
                optimum(s, w1, w2);
            else
                first_fit(s, w1, w2);
        }
        if (s->ncuts == before) { // an empty line the author made
            s->cuts = mem_grow(s->cuts, &s->cuts_cap, s->ncuts + 1, sizeof *s->cuts);
            s->cuts[s->ncuts++] = (struct cut){.at = at, .end = at, .last = true};
        }
        at = end + 1;
    }
}

void flow_widths(struct setter *s, const struct flow *f, uint32_t *natural, uint32_t *narrowest)
{
    *natural = *narrowest = 0;
    s->room = UINT32_MAX;
    for (uint32_t at = 0; at < f->len;) {
        const char *nl = memchr(f->text + at, '\n', f->len - at);
        uint32_t end = nl ? (uint32_t)(nl - f->text) : f->len;
        flow_pieces(s, f, at, end);
        for (size_t i = 0; i < s->npieces; i++) {
            const struct piece *p = &s->pieces[i];
            uint32_t cols = p->cols + (p->flags & PIECE_HYPHEN ? 1 : 0);
            if (cols > *narrowest)
                *narrowest = cols;
            if (p->x + p->cols > *natural)
                *natural = p->x + p->cols;
        }
        at = end + 1;
    }
}
