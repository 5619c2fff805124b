// A leaf's text as it will be shown: spans become segs of one style, note marks and indices
// superscript and subscript digits, tabs blanks and, for terminals without UTF-8, letters their
// stand-ins. Most leaves need none of that: their flow is the document's own text, uncopied.
#include "setting.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"

enum {
    TAB = 4,
    NO_BREAK = 0x1F
}; // NO_BREAK: a no-break space while an ASCII flow is broken into lines

static struct seg *add_seg(struct setter *s, const struct seg *style, uint32_t at, uint32_t off,
                           uint32_t stands)
{
    s->segs = mem_grow(s->segs, &s->segs_cap, s->nsegs + 1, sizeof *s->segs);
    struct seg *g = &s->segs[s->nsegs++];
    *g = *style;
    g->at = at;
    g->off = off;
    g->stands = stands;
    return g;
}

static bool has_invisible(const char *p, size_t len)
{
    const char *end = p + len;
    for (const char *q = p; (q = memchr(q, 0xC2, (size_t)(end - q))); q++)
        if (q + 1 < end && (unsigned char)q[1] == 0xAD)
            return true;
    for (const char *q = p; (q = memchr(q, 0xE2, (size_t)(end - q))); q++)
        if (end - q > 2 && memcmp(q, "\xe2\x80\x8b", 3) == 0)
            return true;
    return false;
}

// Superscripts and subscripts of what has them: digits, signs, brackets; n and i above.
static const char *raised(char c, bool sub)
{
    static const char *const up[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
                                     "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
                                     "\xe2\x81\xb8", "\xe2\x81\xb9"};
    static const char *const down[] = {
        "\xe2\x82\x80", "\xe2\x82\x81", "\xe2\x82\x82", "\xe2\x82\x83", "\xe2\x82\x84",
        "\xe2\x82\x85", "\xe2\x82\x86", "\xe2\x82\x87", "\xe2\x82\x88", "\xe2\x82\x89"};
    if (c >= '0' && c <= '9')
        return sub ? down[c - '0'] : up[c - '0'];
    switch (c) {
    case '+':
        return sub ? "\xe2\x82\x8a" : "\xe2\x81\xba";
    case '-':
        return sub ? "\xe2\x82\x8b" : "\xe2\x81\xbb";
    case '=':
        return sub ? "\xe2\x82\x8c" : "\xe2\x81\xbc";
    case '(':
        return sub ? "\xe2\x82\x8d" : "\xe2\x81\xbd";
    case ')':
        return sub ? "\xe2\x82\x8e" : "\xe2\x81\xbe";
    case 'n':
        return sub ? "\xe2\x82\x99" : "\xe2\x81\xbf";
    case 'i':
        return sub ? NULL : "\xe2\x81\xb1";
    default:
        return NULL;
    }
}

static bool all_raised(const char *p, size_t len, bool sub)
{
    for (size_t i = 0; i < len; i++)
        if (!raised(p[i], sub))
            return false;
    return len > 0;
}

// Does the text so far end in a digit, so that a digit put after it would join it?
static bool ends_in_digit(const struct buf *b)
{
    if (!b->len)
        return false;
    unsigned char c = (unsigned char)b->data[b->len - 1];
    if (c < 0x80)
        return c >= '0' && c <= '9';
    size_t i = b->len - 1;
    while (i > 0 && ((unsigned char)b->data[i] & 0xC0) == 0x80)
        i--;
    uint32_t cp;
    utf8_decode(b->data + i, b->len - i, &cp);
    return cp == 0xB2 || cp == 0xB3 || cp == 0xB9 || (cp >= 0x2070 && cp <= 0x2079) ||
           (cp >= 0x2080 && cp <= 0x2089);
}

// Text of the document that is not one of the special cases: as it is, with tabs and stand-ins.
static void put_plain(struct setter *s, const struct seg *style, uint32_t off, uint32_t len)
{
    const char *p = s->d->text + off;
    const char *language = style->lang      ? s->d->strings + style->lang - 1
                           : s->d->language ? s->d->language
                                            : s->o->language;
    for (uint32_t i = 0; i < len;) {
        uint32_t n = 0;
        while (i + n < len && p[i + n] != '\t' && !(s->o->ascii && p[i + n] & 0x80))
            n++;
        if (n) {
            add_seg(s, style, (uint32_t)s->text.len, off + i, 0);
            buf_add(&s->text, p + i, n);
            i += n;
            continue;
        }
        uint32_t at = (uint32_t)s->text.len;
        if (p[i] == '\t') {
            // Columns since the last tab or the beginning of the line, whichever is nearer.
            uint32_t from = s->tab_end;
            const char *nl = at > from ? memrchr(s->text.data + from, '\n', at - from) : NULL;
            uint32_t cols = nl ? 0 : s->tab_cols;
            if (nl)
                from = (uint32_t)(nl - s->text.data) + 1;
            if (at > from) // there may be no text at all yet
                cols += (uint32_t)utf8_cols(s->text.data + from, at - from);
            buf_add(&s->text, "    ", TAB - cols % TAB);
            s->tab_end = (uint32_t)s->text.len;
            s->tab_cols = (cols / TAB + 1) * TAB;
            n = 1;
        } else {
            // A few letters a seg, so that every line knows where in the document it is.
            for (int letters = 0; letters < 8 && i + n < len && p[i + n] & 0x80; letters++) {
                uint32_t cp;
                uint32_t took = (uint32_t)utf8_decode(p + i + n, len - i - n, &cp);
                if (cp == 0xA0 || cp == 0x202F || cp == 0x2007)
                    buf_char(&s->text, NO_BREAK);
                else if (cp == 0xAD)
                    buf_add(&s->text, p + i + n, took);
                else {
                    const char *text;
                    utf8_ascii_at(s->d->text, s->d->len, off + i + n, language, &text);
                    buf_str(&s->text, text);
                }
                n += took;
            }
        }
        struct seg *last = s->nsegs ? &s->segs[s->nsegs - 1] : NULL;
        if (s->text.len > at)
            add_seg(s, style, at, off + i, n);
        else if (last && last->stands && last->off + last->stands == off + i)
            last->stands += n; // it stands for these, too
        i += n;
    }
}

// A note's mark never joins what is before it: "100" and note 1 are neither 1001 nor 100 to the
// first.
static void put_note_mark(struct setter *s, const struct seg *style, uint32_t off, uint32_t len)
{
    const char *label = s->d->text + off;
    bool digits =
        !s->o->ascii && all_raised(label, len, false) && label[0] >= '0' && label[0] <= '9';
    struct seg st = *style;
    st.glued = true;
    if (digits && ends_in_digit(&s->text)) {
        struct seg gap = st;
        gap.marks = 0;
        gap.note = gap.link = DOC_NONE;
        add_seg(s, &gap, (uint32_t)s->text.len, DOC_NONE, 0);
        buf_str(&s->text, "\xc2\xa0");
    }
    add_seg(s, &st, (uint32_t)s->text.len, off, len);
    if (digits) {
        for (uint32_t i = 0; i < len; i++)
            buf_str(&s->text, raised(label[i], false));
        return;
    }
    bool bracketed = len >= 2 && label[0] == '[';
    if (!bracketed)
        buf_char(&s->text, '[');
    if (s->o->ascii)
        utf8_to_ascii(&s->text, label, len);
    else
        buf_add(&s->text, label, len);
    if (!bracketed)
        buf_char(&s->text, ']');
}

static void put_raised(struct setter *s, const struct seg *style, uint32_t off, uint32_t len,
                       bool sub)
{
    const char *p = s->d->text + off;
    if (!s->o->ascii && all_raised(p, len, sub)) {
        add_seg(s, style, (uint32_t)s->text.len, off, len);
        for (uint32_t i = 0; i < len; i++)
            buf_str(&s->text, raised(p[i], sub));
        return;
    }
    // "10^6", but "H2O": below the line a digit is understood unless it would join another.
    bool digit = p[0] >= '0' && p[0] <= '9';
    bool after = s->text.len && s->text.data[s->text.len - 1] != ' ';
    if (digit && (sub ? ends_in_digit(&s->text) : after)) {
        add_seg(s, style, (uint32_t)s->text.len, DOC_NONE, 0);
        buf_char(&s->text, sub ? '_' : '^');
    }
    put_plain(s, style, off, len);
}

static uint16_t mark_of(uint8_t kind)
{
    switch (kind) {
    case SPAN_EM:
    case SPAN_CITE:
        return MARK_EM;
    case SPAN_STRONG:
        return MARK_STRONG;
    case SPAN_CODE:
    case SPAN_KBD:
    case SPAN_MATH:
        return MARK_CODE;
    case SPAN_STRIKE:
        return MARK_STRIKE;
    case SPAN_INSERT:
        return MARK_INSERT;
    case SPAN_MARK:
        return MARK_HIGHLIGHT;
    case SPAN_SMALL:
        return MARK_SMALL;
    case SPAN_LINK:
        return MARK_LINK;
    case SPAN_NOTE_MARK:
        return MARK_NOTE_MARK;
    default:
        return 0;
    }
}

static uint32_t first_span(const struct doc *d, uint32_t off)
{
    uint32_t lo = 0, hi = d->nspans;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->spans[mid].off < off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

// Spans [i, j) laid over [off, end): one seg for every stretch in which the same spans are open.
static void sweep(struct setter *s, uint32_t i, uint32_t j, uint32_t off, uint32_t end,
                  const struct seg *base, bool rewrite)
{
    const struct doc_span *sp = s->d->spans;
    uint32_t n = j - i;
    s->ends = mem_grow(s->ends, &s->ends_cap, n + 1, sizeof *s->ends);
    for (uint32_t k = 0; k < n; k++)
        s->ends[k] = sp[i + k].off + sp[i + k].len;
    qsort(s->ends, n, sizeof *s->ends, by_value);
    struct doc_span
        open[64]; // more that overlap at one place than any text needs; the rest is left unmarked
    int nopen = 0;
    uint32_t at = off, e = 0;
    while (at < end) {
        while (i < j && sp[i].off <= at) {
            if (nopen < 64)
                open[nopen++] = sp[i];
            i++;
        }
        while (e < n && s->ends[e] <= at)
            e++;
        int kept = 0;
        for (int k = 0; k < nopen; k++)
            if (open[k].off + open[k].len > at)
                open[kept++] = open[k];
        nopen = kept;
        uint32_t next = end;
        if (i < j && sp[i].off < next)
            next = sp[i].off;
        if (e < n && s->ends[e] < next)
            next = s->ends[e];
        struct seg style = *base;
        const struct doc_span *mark = NULL;
        bool sub = false, sup = false;
        for (int k = 0; k < nopen; k++) {
            style.marks |= mark_of(open[k].kind);
            sub |= open[k].kind == SPAN_SUB;
            sup |= open[k].kind == SPAN_SUP;
            if (open[k].kind == SPAN_LINK && open[k].ref < s->d->nlinks)
                style.link = open[k].ref;
            if (open[k].kind == SPAN_NOTE_MARK)
                mark = &open[k];
            if (open[k].kind == SPAN_LANG && open[k].ref < s->d->nstrings)
                style.lang = open[k].ref + 1;
        }
        if (mark) {
            if (mark->ref < s->d->nnotes)
                style.note = mark->ref;
            next = mark->off + mark->len < end ? mark->off + mark->len
                                               : end; // whole, whatever lies over it
            put_note_mark(s, &style, at, next - at);
        } else if (sub || sup) {
            put_raised(s, &style, at, next - at, sub);
        } else if (rewrite) {
            put_plain(s, &style, at, next - at);
        } else {
            add_seg(s, &style, at - off, at, 0);
        }
        at = next;
    }
}

struct flow flow_of(struct setter *s, uint32_t off, uint32_t len, uint8_t role, uint16_t marks,
                    const char *prefix, uint8_t prefix_role)
{
    const struct doc *d = s->d;
    struct seg base = {.link = DOC_NONE, .note = DOC_NONE, .marks = marks, .role = role};
    uint32_t i = d->nspans ? first_span(d, off) : 0, j = i;
    bool rewrite = prefix || (s->o->ascii && utf8_plain(d->text + off, len) < len) ||
                   memchr(d->text + off, '\t', len);
    bool glue = false;
    for (; j < d->nspans && d->spans[j].off < off + len; j++) {
        uint8_t kind = d->spans[j].kind;
        glue |= kind == SPAN_NOTE_MARK;
        rewrite |= kind == SPAN_NOTE_MARK || kind == SPAN_SUB || kind == SPAN_SUP;
    }
    s->nsegs = 0;
    s->tab_end = s->tab_cols = 0;
    buf_clear(&s->text);
    if (prefix) {
        struct seg own = base;
        own.role = prefix_role;
        own.marks = 0;
        add_seg(s, &own, 0, DOC_NONE, 0);
        buf_str(&s->text, prefix);
    }
    if (i < j)
        sweep(s, i, j, off, off + len, &base, rewrite);
    else if (rewrite)
        put_plain(s, &base, off, len);
    else
        add_seg(s, &base, 0, off, 0);
    struct flow f = {.text = d->text + off,
                     .len = len,
                     .segs = s->segs,
                     .nsegs = (uint32_t)s->nsegs,
                     .glue = glue};
    if (rewrite) {
        f.text = arena_strndup(s->l->arena, buf_cstr(&s->text), s->text.len);
        f.len = (uint32_t)s->text.len;
    }
    f.invisible = has_invisible(f.text, f.len);
    return f;
}

struct flow flow_own(struct setter *s, const char *text, uint8_t role)
{
    struct seg base = {.link = DOC_NONE, .note = DOC_NONE, .role = role};
    buf_clear(&s->text);
    if (s->o->ascii)
        utf8_to_ascii(&s->text, text, strlen(text));
    else
        buf_str(&s->text, text);
    s->nsegs = 0;
    add_seg(s, &base, 0, DOC_NONE, 0);
    struct flow f = {.text = arena_strndup(s->l->arena, s->text.data, s->text.len),
                     .len = (uint32_t)s->text.len,
                     .segs = s->segs,
                     .nsegs = 1};
    f.invisible = has_invisible(f.text, f.len);
    return f;
}
