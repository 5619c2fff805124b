// Text that runs from right to left, by the Unicode bidirectional algorithm (fribidi): levels once
// for every flow, and for every line the order in which its letters are drawn. Terminals that
// leave the order to programs draw letters as they come, so Arabic ones are given in the forms
// they have where they stand (lam and alef as one), and brackets are mirrored. A document without
// such letters never comes here.
#include "setting.h"

#include <fribidi.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"

// Bytes and columns of one flow that are looked at; beyond, the text is no paragraph.
enum { BIDI_MOST = 1 << 22 };

// A cluster of a line, in the order of the text.
struct glyph {
    uint32_t at, end;   // bytes in the flow; empty for a hyphen
    uint32_t text, len; // bytes in bidi.text
    uint32_t seg;
    uint32_t cols;
};

struct bidi {
    // of a flow's paragraph or a line: code points
    FriBidiChar *chars;
    FriBidiCharType *types;
    FriBidiBracketType *brackets;
    FriBidiLevel *levels;
    FriBidiJoiningType *joins;
    uint32_t *bytes; // where each begins
    size_t cap;
    struct buf of_flow; // a level for every byte of the flow at hand
    // the line at hand
    struct glyph *glyphs;
    FriBidiLevel *glyph_levels;
    FriBidiCharType *glyph_types;
    FriBidiStrIndex *order;
    size_t nglyphs, glyphs_cap;
    struct buf text;
};

// Leads of Hebrew, Arabic and their neighbours, of what may be one of the marks of direction, and
// of the blocks further up that have such letters.
static bool right_to_left(const unsigned char *p, size_t len)
{
    switch (p[0]) {
    case 0xE0:
        return len >= 2 && p[1] >= 0xA0 && p[1] <= 0xA3;
    case 0xE2:
        return len >= 3 && p[1] == 0x80 && p[2] == 0x8F;
    case 0xEF:
        return len >= 3 && ((p[1] == 0xAC && p[2] >= 0x9D) || (p[1] >= 0xAD && p[1] <= 0xB7) ||
                            (p[1] == 0xB9 && p[2] >= 0xB0) || (p[1] >= 0xBA && p[1] <= 0xBB));
    case 0xF0:
        return len >= 2 && ((p[1] == 0x90 && len >= 3 && p[2] >= 0xA0) || p[1] == 0x9E);
    default:
        return p[0] >= 0xD6 && p[0] <= 0xDF;
    }
}

static bool any_right_to_left(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t i = 0; (i += utf8_plain(text + i, len - i)) < len; i++)
        if (p[i] >= 0xD6 && right_to_left(p + i, len - i))
            return true;
    return false;
}

bool bidi_needed(const struct doc *d, const struct layout_opts *o)
{
    const char *head[] = {o->head.title, o->head.subtitle, o->head.byline};
    if (o->ascii || (o->bidi_off && !o->to_right))
        return false;
    for (int i = 0; i < 3; i++)
        if (head[i] && any_right_to_left(head[i], strlen(head[i])))
            return true;
    for (uint32_t i = 0; i < d->nblocks; i++)
        if (d->blocks[i].flags & BLOCK_RTL)
            return true;
    return any_right_to_left(d->text, d->len);
}

bool bidi_first(const char *text, size_t len, bool fallback)
{
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        i += utf8_decode(text + i, len - i, &cp);
        FriBidiCharType t = fribidi_get_bidi_type(cp);
        if (FRIBIDI_IS_LETTER(t))
            return FRIBIDI_IS_RTL(t);
    }
    return fallback;
}

void bidi_new(struct setter *s)
{
    s->bidi = mem_alloc(sizeof *s->bidi);
}

void bidi_free(struct setter *s)
{
    struct bidi *b = s->bidi;
    if (!b)
        return;
    free(b->chars);
    free(b->types);
    free(b->brackets);
    free(b->levels);
    free(b->joins);
    free(b->bytes);
    buf_free(&b->of_flow);
    free(b->glyphs);
    free(b->glyph_levels);
    free(b->glyph_types);
    free(b->order);
    buf_free(&b->text);
    free(b);
}

// The code points of [at, end) and their types; returns how many.
static size_t read_chars(struct bidi *b, const char *t, uint32_t at, uint32_t end)
{
    size_t need = end - at + 1;
    if (need > b->cap) {
        b->cap = need * 2 < 1024 ? 1024 : need * 2;
        b->chars = mem_realloc(b->chars, b->cap * sizeof *b->chars);
        b->types = mem_realloc(b->types, b->cap * sizeof *b->types);
        b->brackets = mem_realloc(b->brackets, b->cap * sizeof *b->brackets);
        b->levels = mem_realloc(b->levels, b->cap * sizeof *b->levels);
        b->joins = mem_realloc(b->joins, b->cap * sizeof *b->joins);
        b->bytes = mem_realloc(b->bytes, b->cap * sizeof *b->bytes);
    }
    size_t n = 0;
    while (at < end) {
        uint32_t cp;
        b->bytes[n] = at;
        at += (uint32_t)utf8_decode(t + at, end - at, &cp);
        b->chars[n++] = cp;
    }
    b->bytes[n] = end;
    fribidi_get_bidi_types(b->chars, (FriBidiStrIndex)n, b->types);
    return n;
}

void flow_turn(struct setter *s, struct flow *f, bool rtl)
{
    struct bidi *b = s->bidi;
    f->levels = NULL;
    f->rtl = rtl && s->sided; // which is all that is to be known where the terminal does the rest
    if (!b)
        return;
    f->rtl = false;
    if (!f->len || f->len > BIDI_MOST || (!rtl && !any_right_to_left(f->text, f->len)))
        return;
    buf_clear(&b->of_flow);
    buf_reserve(&b->of_flow, f->len);
    memset(b->of_flow.data, rtl, f->len);
    for (uint32_t at = 0; at < f->len;) {
        const char *nl = memchr(f->text + at, '\n', f->len - at);
        uint32_t end = nl ? (uint32_t)(nl - f->text) : f->len;
        FriBidiStrIndex n = (FriBidiStrIndex)read_chars(b, f->text, at, end);
        FriBidiParType base = rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
        fribidi_get_bracket_types(b->chars, n, b->types, b->brackets);
        if (n && fribidi_get_par_embedding_levels_ex(b->types, b->brackets, n, &base, b->levels))
            for (FriBidiStrIndex i = 0; i < n; i++)
                memset(b->of_flow.data + b->bytes[i], b->levels[i], b->bytes[i + 1] - b->bytes[i]);
        at = end + 1;
    }
    f->levels = (const uint8_t *)b->of_flow.data;
    f->rtl = rtl;
}

// Lam and the alef after it are drawn as one letter: columns saved in [at, end).
uint32_t bidi_joined(const struct flow *f, uint32_t at, uint32_t end)
{
    uint32_t n = 0;
    for (uint32_t p = at; p + 4 <= end; p++) {
        const unsigned char *t = (const unsigned char *)f->text + p;
        if (t[0] == 0xD9 && t[1] == 0x84 && t[2] == 0xD8 &&
            (t[3] == 0xA2 || t[3] == 0xA3 || t[3] == 0xA5 || t[3] == 0xA7) && f->levels[p] & 1 &&
            f->levels[p] == f->levels[p + 2])
            n++;
    }
    return n;
}

static struct glyph *add_glyph(struct bidi *b)
{
    if (b->nglyphs + 1 > b->glyphs_cap) {
        b->glyphs_cap = b->glyphs_cap ? b->glyphs_cap * 2 : 256;
        b->glyphs = mem_realloc(b->glyphs, b->glyphs_cap * sizeof *b->glyphs);
        b->glyph_levels = mem_realloc(b->glyph_levels, b->glyphs_cap * sizeof *b->glyph_levels);
        b->glyph_types = mem_realloc(b->glyph_types, b->glyphs_cap * sizeof *b->glyph_types);
        b->order = mem_realloc(b->order, b->glyphs_cap * sizeof *b->order);
    }
    return &b->glyphs[b->nglyphs++];
}

static bool invisible(FriBidiChar c)
{
    return c == 0xAD || c == 0x200B;
}

// The line's clusters as they are drawn: shaped, mirrored, without what is not shown.
static void read_glyphs(struct bidi *b, const struct flow *f, const struct cut *c)
{
    size_t n = read_chars(b, f->text, c->at, c->end);
    FriBidiStrIndex len = (FriBidiStrIndex)n;
    for (size_t i = 0; i < n; i++)
        b->levels[i] = (FriBidiLevel)f->levels[b->bytes[i]];
    fribidi_get_joining_types(b->chars, len, b->joins);
    fribidi_join_arabic(b->types, len, b->levels, b->joins);
    fribidi_shape_arabic(FRIBIDI_FLAG_SHAPE_ARAB_PRES | FRIBIDI_FLAG_SHAPE_ARAB_LIGA, b->levels,
                         len, b->joins, b->chars);
    uint32_t seg = seg_at(f, c->at), at = c->at, ligature = DOC_NONE;
    for (size_t i = 0; i < n;) {
        while (seg + 1 < f->nsegs && f->segs[seg + 1].at <= at)
            seg++;
        uint32_t stop =
            seg + 1 < f->nsegs && f->segs[seg + 1].at < c->end ? f->segs[seg + 1].at : c->end;
        uint32_t end = at + (uint32_t)utf8_cluster(f->text + at, stop - at);
        uint32_t text = (uint32_t)b->text.len;
        size_t first = i;
        for (size_t k = i + 1; k < n && b->bytes[k] < end; k++)
            if ((b->levels[k] ^ b->levels[first]) & 1)
                end = b->bytes[k]; // a sign and what it stands on, read in two directions
        for (; i < n && b->bytes[i] < end; i++) {
            FriBidiChar ch = b->chars[i], mirrored;
            if (ch == FRIBIDI_CHAR_FILL || invisible(ch))
                continue;
            if (b->levels[i] & 1 && fribidi_get_mirror_char(ch, &mirrored))
                ch = mirrored;
            buf_utf8(&b->text, ch);
        }
        if (b->text.len > text) {
            struct glyph *g = add_glyph(b);
            // A ligature is where its first letter is, in that one's style.
            *g = (struct glyph){.at = ligature == DOC_NONE ? at : ligature,
                                .end = end,
                                .text = text,
                                .len = (uint32_t)b->text.len - text,
                                .seg = seg};
            if (ligature != DOC_NONE)
                g->seg = seg_at(f, ligature);
            g->cols = (uint32_t)utf8_cols(b->text.data + text, g->len);
            b->glyph_levels[b->nglyphs - 1] = b->levels[first];
            b->glyph_types[b->nglyphs - 1] = b->types[first];
        }
        ligature = first < n && b->chars[first] == FRIBIDI_CHAR_FILL && b->text.len == text
                       ? at
                       : DOC_NONE;
        at = end;
    }
}

uint32_t bidi_line(struct setter *s, const struct flow *f, const struct cut *c)
{
    struct bidi *b = s->bidi;
    b->nglyphs = 0;
    buf_clear(&b->text);
    read_glyphs(b, f, c);
    if (c->hyphen && b->nglyphs) {
        struct glyph last = b->glyphs[b->nglyphs - 1], *g = add_glyph(b);
        *g = (struct glyph){.at = last.end,
                            .end = last.end,
                            .text = (uint32_t)b->text.len,
                            .len = 1,
                            .seg = last.seg,
                            .cols = 1};
        buf_char(&b->text, '-');
        b->glyph_levels[b->nglyphs - 1] = b->glyph_levels[b->nglyphs - 2];
        b->glyph_types[b->nglyphs - 1] = b->glyph_types[b->nglyphs - 2];
    }
    uint32_t cols = 0;
    for (size_t i = 0; i < b->nglyphs; i++) {
        b->order[i] = (FriBidiStrIndex)i;
        cols += b->glyphs[i].cols;
    }
    // Marks stay behind their letters, as terminals want them: clusters change places whole.
    if (b->nglyphs && !fribidi_reorder_line(FRIBIDI_FLAGS_DEFAULT & ~FRIBIDI_FLAG_REORDER_NSM,
                                            b->glyph_types, (FriBidiStrIndex)b->nglyphs, 0,
                                            f->rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR,
                                            b->glyph_levels, NULL, b->order))
        for (size_t i = 0; i < b->nglyphs; i++) // never seen; better than nothing
            b->order[i] = (FriBidiStrIndex)i;
    return cols;
}

// Does the text go on from glyph a to glyph b, drawn next to it, in one style and direction?
static bool goes_on(const struct bidi *b, size_t i, size_t next)
{
    const struct glyph *x = &b->glyphs[i], *y = &b->glyphs[next];
    if (x->seg != y->seg || (b->glyph_levels[i] ^ b->glyph_levels[next]) & 1 || x->at == x->end ||
        y->at == y->end)
        return false;
    return b->glyph_levels[i] & 1 ? y->end == x->at : x->end == y->at;
}

// Would the glyph become one letter with the one drawn before it? A mark without a letter of its
// own does, once the order is another; such a run could not be told apart again.
static bool merges(const struct buf *text, uint32_t last, const char *next, uint32_t len)
{
    char both[2 * UTF8_CLUSTER_MAX];
    size_t before = text->len - last, more = sizeof both - before;
    if (before > UTF8_CLUSTER_MAX)
        return true;
    more = len < more ? len : more;
    memcpy(both, text->data + last, before);
    memcpy(both + before, next, more);
    return utf8_cluster(both, before + more) > before;
}

static bool begins_gap(const struct flow *f, const struct cut *c, const struct glyph *g)
{
    return g->at > c->at && g->at < g->end && f->text[g->at] == ' ' && f->text[g->at - 1] != ' ';
}

uint32_t bidi_gaps(struct setter *s, const struct flow *f, const struct cut *c)
{
    uint32_t gaps = 0;
    for (size_t i = 0; i < s->bidi->nglyphs; i++)
        gaps += begins_gap(f, c, &s->bidi->glyphs[i]);
    return gaps;
}

void bidi_draw(struct setter *s, const struct flow *f, const struct cut *c, uint32_t stretch)
{
    const struct bidi *b = s->bidi;
    enum { RUN_MOST = 60000 }; // bytes of the document a run may stand for
    uint32_t gaps = stretch ? bidi_gaps(s, f, c) : 0, gap = 0, given = 0;
    bool late = s->l->nlines % 2;
    struct buf text = {0};
    for (size_t v = 0; v < b->nglyphs;) {
        size_t i = (size_t)b->order[v];
        const struct glyph *g = &b->glyphs[i];
        const struct seg *sg = &f->segs[g->seg];
        if (g->at == g->end) { // the hyphen
            line_own(s, "-", 1, 1, sg->role, sg->marks, DOC_NONE);
            v++;
            continue;
        }
        bool turned = b->glyph_levels[i] & 1, widen = false;
        uint32_t at = g->at, end = g->end, cols = 0, last = 0;
        buf_clear(&text);
        for (;;) {
            g = &b->glyphs[i];
            last = (uint32_t)text.len;
            at = g->at < at ? g->at : at;
            end = g->end > end ? g->end : end;
            cols += g->cols;
            buf_add(&text, b->text.data + g->text, g->len);
            widen = gaps && begins_gap(f, c, g);
            if (++v == b->nglyphs || widen || end - at > RUN_MOST ||
                !goes_on(b, i, (size_t)b->order[v]))
                break;
            i = (size_t)b->order[v];
            g = &b->glyphs[i];
            if (turned && merges(&text, last, b->text.data + g->text, g->len))
                break;
        }
        bool same = text.len == end - at && memcmp(text.data, f->text + at, text.len) == 0;
        const char *p = same ? f->text + at : arena_strndup(s->l->arena, text.data, text.len);
        line_put(s, f, sg, at, end, p, (uint32_t)text.len, cols, turned);
        if (widen) {
            uint32_t due = late ? (++gap * stretch + gaps - 1) / gaps : ++gap * stretch / gaps;
            if (due > given)
                line_blanks(s, due - given, sg->role, sg->marks & MARK_LINK);
            given = due > given ? due : given;
        }
    }
    buf_free(&text);
}
