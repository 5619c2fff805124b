// What a flow is made of between the places where Unicode allows a break (UAX #14): pieces, each
// with its columns and the gap after it. libunistring knows the rules, but most tokens need none of
// them: letters and usual punctuation between two blanks. Those are found by a table of bytes; only
// what is left is handed over. What no line has room for is broken where addresses are parted, else
// between any two clusters.
#include "setting.h"

#include <string.h>
#include <unictype.h>
#include <unilbrk.h>

#include "lectern/eight.h"
#include "lectern/utf8.h"

enum byte_class {
    B_SLOW,  // let libunistring see it
    B_ALNUM, // ASCII letters, digits
    B_LATIN, // leads of Latin, Greek and Cyrillic letters
    B_PUNCT, // never breaks from its neighbours inside a token
    B_OPEN,
    B_CLOSE,
    B_HYPHEN,
    B_SPACE,
    B_C2, // leads of no-break space, guillemets, soft hyphen
    B_E2, // leads of quotes, dashes, ellipsis
};

static uint8_t byte_class(unsigned char c)
{
    static const uint8_t table[256] = {
        [' '] = B_SPACE,  ['-'] = B_HYPHEN, ['('] = B_OPEN,   ['['] = B_OPEN,   ['{'] = B_OPEN,
        [')'] = B_CLOSE,  [']'] = B_CLOSE,  ['}'] = B_CLOSE,  ['!'] = B_CLOSE,  ['?'] = B_CLOSE,
        ['%'] = B_CLOSE,  ['\''] = B_PUNCT, ['"'] = B_PUNCT,  [','] = B_PUNCT,  ['.'] = B_PUNCT,
        [';'] = B_PUNCT,  [':'] = B_PUNCT,  ['&'] = B_PUNCT,  ['*'] = B_PUNCT,  ['<'] = B_PUNCT,
        ['='] = B_PUNCT,  ['>'] = B_PUNCT,  ['@'] = B_PUNCT,  ['^'] = B_PUNCT,  ['_'] = B_PUNCT,
        ['`'] = B_PUNCT,  ['~'] = B_PUNCT,  ['#'] = B_PUNCT,  ['$'] = B_PUNCT,  [0x1F] = B_PUNCT,
        ['0'] = B_ALNUM,  ['1'] = B_ALNUM,  ['2'] = B_ALNUM,  ['3'] = B_ALNUM,  ['4'] = B_ALNUM,
        ['5'] = B_ALNUM,  ['6'] = B_ALNUM,  ['7'] = B_ALNUM,  ['8'] = B_ALNUM,  ['9'] = B_ALNUM,
#define AB(c) [c] = B_ALNUM, [c + 32] = B_ALNUM
        AB('A'),          AB('B'),          AB('C'),          AB('D'),          AB('E'),
        AB('F'),          AB('G'),          AB('H'),          AB('I'),          AB('J'),
        AB('K'),          AB('L'),          AB('M'),          AB('N'),          AB('O'),
        AB('P'),          AB('Q'),          AB('R'),          AB('S'),          AB('T'),
        AB('U'),          AB('V'),          AB('W'),          AB('X'),          AB('Y'),
        AB('Z'),
#undef AB
        [0xC2] = B_C2,    [0xC3] = B_LATIN, [0xC4] = B_LATIN, [0xC5] = B_LATIN, [0xC6] = B_LATIN,
        [0xC7] = B_LATIN, [0xC8] = B_LATIN, [0xC9] = B_LATIN, [0xCA] = B_LATIN, [0xCE] = B_LATIN,
        [0xCF] = B_LATIN, [0xD0] = B_LATIN, [0xD1] = B_LATIN, [0xE2] = B_E2,
    };
    return table[c];
}

uint32_t flow_cols(const struct flow *f, uint32_t at, uint32_t end)
{
    int cols = utf8_cols(f->text + at, end - at);
    if (f->invisible) // a soft hyphen has a width of its own by wcwidth, but is never shown
        for (const char *p = f->text + at, *e = f->text + end;
             (p = memchr(p, 0xC2, (size_t)(e - p))); p++)
            if (p + 1 < e && (unsigned char)p[1] == 0xAD)
                cols--;
    if (f->levels)
        cols -= (int)bidi_joined(f, at, end);
    return (uint32_t)cols;
}

static void add_piece(struct setter *s, uint32_t at, uint32_t end, uint32_t cols, uint32_t gap,
                      uint32_t flags)
{
    struct piece *before = s->npieces ? &s->pieces[s->npieces - 1] : NULL;
    if (cols == 0 && before &&
        before->end == at) { // no columns, no choice: a line could begin at any of thousands
        before->end = end;
        s->x += gap;
        return;
    }
    s->pieces = mem_grow(s->pieces, &s->pieces_cap, s->npieces + 1, sizeof *s->pieces);
    s->pieces[s->npieces++] = (struct piece){at, end, s->x, cols, flags};
    s->x += cols + gap;
}

// After these an address may be broken without a reader being misled: best after what parts its
// steps, else after what parts the words of a step.
static bool parts_steps(const char *t, uint32_t p, uint32_t end)
{
    char c = t[p];
    if (c == '?' || c == '&' || c == '#')
        return true;
    bool scheme = c == '/' && p >= 2 && t[p - 1] == '/' && t[p - 2] == ':';
    return c == '/' && !scheme && (p + 1 == end || t[p + 1] != '/');
}

static bool parts_words(char c)
{
    return c && strchr("=-_.,;:%+~@|\\", c);
}

// The one word in [at, end): letters, with signs around it. False where there is more or less than
// one, or something that is no word of a language: addresses, numbers, divided words.
static bool find_word(const char *t, uint32_t at, uint32_t end, uint32_t *from, uint32_t *to)
{
    enum { BEFORE, WITHIN, AFTER } where = BEFORE;
    for (uint32_t p = at; p < end;) {
        uint32_t cp;
        uint32_t n = (uint32_t)utf8_decode(t + p, end - p, &cp);
        if (cp == 0xAD || (cp < 0x80 && strchr("0123456789/@_\\~#", (int)cp)))
            return false;
        bool letter = uc_is_property_alphabetic(cp);
        if (letter && where == BEFORE) {
            *from = p;
            where = WITHIN;
        } else if (!letter && where == WITHIN) {
            *to = p;
            where = AFTER;
            if (cp == '\'' || cp == 0x2019) // "editor's": the word is what comes before
                return true;
        } else if (letter && where == AFTER) {
            return false;
        }
        p += n;
    }
    if (where == WITHIN)
        *to = end;
    return where != BEFORE;
}

// Broken between these two letters a word shows that it goes on.
static bool hyphen_between(const char *t, uint32_t at, uint32_t cut, uint32_t end)
{
    uint32_t p = cut - 1, before, after;
    while (p > at && ((unsigned char)t[p] & 0xC0) == 0x80)
        p--;
    utf8_decode(t + p, cut - p, &before);
    utf8_decode(t + cut, end - cut, &after);
    return uc_is_property(before, UC_PROPERTY_CASED) && uc_is_property(after, UC_PROPERTY_CASED);
}

// Too wide for any line: broken after the signs that part addresses, and where that does not help
// anywhere.
static void add_wide(struct setter *s, const struct flow *f, uint32_t at, uint32_t end,
                     uint32_t gap, uint32_t flags)
{
    const char *t = f->text;
    enum { HYPHENATED = 6 }; // columns there are at least for a part of a word and its hyphen
    uint32_t from, to;
    bool word = s->room >= HYPHENATED && !(f->segs[seg_at(f, at)].marks & MARK_CODE) &&
                f->segs[seg_at(f, at)].role != ROLE_CODE_BLOCK && find_word(t, at, end, &from, &to);
    while (at < end) {
        uint32_t step = at, words = at, cols = 0;
        for (uint32_t p = at; p < end && step == at;) {
            uint32_t n = (uint32_t)utf8_cluster(t + p, end - p);
            cols += flow_cols(f, p, p + n);
            if (cols > s->room)
                break;
            p += n;
            if (p == end || parts_steps(t, p - 1, end))
                step = p;
            else if (parts_words(t[p - 1]) && !parts_words(t[p]) && t[p] != '/')
                words = p; // the last of them
        }
        uint32_t stop = step > at ? step : words;
        if (stop == end) { // the hyphen goes where not even that fits
            cols = flow_cols(f, at, end);
            add_piece(s, at, end, cols, gap,
                      cols < s->room ? flags : flags & ~(uint32_t)PIECE_HYPHEN);
            return;
        }
        if (stop > at) {
            add_piece(s, at, stop, flow_cols(f, at, stop), 0, PIECE_DASH);
            at = stop;
            continue;
        }
        // No sign within reach: one line's worth of single letters.
        for (uint32_t used = 0; at < end && used <= s->room;) {
            uint32_t n = (uint32_t)utf8_cluster(t + at, end - at), w = flow_cols(f, at, at + n);
            if (w > s->room) {
                n = (uint32_t)utf8_grapheme(t + at, end - at);
                w = flow_cols(f, at, at + n);
            }
            used += w;
            if (used > s->room && used > w)
                break;
            at += n;
            uint32_t how = w < s->room ? flags : flags & ~(uint32_t)PIECE_HYPHEN;
            if (at < end)
                how = word && hyphen_between(t, at - n, at, end) ? PIECE_EMERGENCY | PIECE_HYPHEN
                                                                 : PIECE_EMERGENCY;
            add_piece(s, at - n, at, w, at == end ? gap : 0, how);
        }
    }
}

static void push_whole(struct setter *s, const struct flow *f, uint32_t at, uint32_t end,
                       uint32_t cols, uint32_t gap, uint32_t flags)
{
    if (f->invisible && end >= at + 2 && memcmp(f->text + end - 2, "\xc2\xad", 2) == 0)
        flags |= PIECE_HYPHEN;
    if (cols + (flags & PIECE_HYPHEN ? 1 : 0) <= s->room)
        add_piece(s, at, end, cols, gap, flags);
    else
        add_wide(s, f, at, end, gap, flags);
}

static const char *language_at(const struct setter *s, const struct flow *f, uint32_t at)
{
    const struct seg *g = &f->segs[seg_at(f, at)];
    if (g->marks & MARK_CODE)
        return NULL;
    return g->lang ? s->d->strings + g->lang - 1 : s->d->language ? s->d->language : s->o->language;
}

// The parts of a word that may be divided are pieces that end in a hyphen.
static void push_divided(struct setter *s, const struct flow *f, uint32_t at, uint32_t end,
                         uint32_t cols, uint32_t gap, uint32_t flags)
{
    uint32_t points[WORD_MOST], from = at, to = at;
    size_t n = 0;
    if (end - at <= 8 * WORD_MOST && find_word(f->text, at, end, &from, &to))
        n = hyphens_points(s->o->hyphens, language_at(s, f, from), f->text + from, to - from,
                           points);
    for (size_t i = 0; i < n; i++) {
        uint32_t stop = from + points[i], part = flow_cols(f, at, stop);
        push_whole(s, f, at, stop, part, 0, PIECE_HYPHEN);
        cols -= part;
        at = stop;
    }
    push_whole(s, f, at, end, cols, gap, flags);
}

static void push(struct setter *s, const struct flow *f, uint32_t at, uint32_t end, uint32_t cols,
                 uint32_t gap, uint32_t flags)
{
    if (f->divide && cols >= WORD_LEAST && !(flags & PIECE_DASH))
        push_divided(s, f, at, end, cols, gap, flags);
    else
        push_whole(s, f, at, end, cols, gap, flags);
}

static bool glued_at(const struct flow *f, uint32_t at)
{
    uint32_t lo = 0, hi = f->nsegs;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->segs[mid].at < at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < f->nsegs && f->segs[lo].at == at && f->segs[lo].glued && at > 0;
}

static bool is_hangul(const char *t, uint32_t at, uint32_t end)
{
    uint32_t cp;
    if (at + 2 >= end || (unsigned char)t[at] < 0xEA || (unsigned char)t[at] > 0xED)
        return false;
    utf8_decode(t + at, 3, &cp);
    return cp >= 0xAC00 && cp <= 0xD7A3;
}

// Within a Korean word: lines may end there, but better do between words.
static bool hangul_meets(const char *t, uint32_t i, uint32_t end)
{
    uint32_t cp;
    if (t[i - 1] == ' ' || is_hangul(t, i, end))
        return t[i - 1] != ' ';
    utf8_decode(t + i, end - i, &cp);
    return i >= 3 && is_hangul(t, i - 3, end) && uc_is_property_alphabetic(cp);
}

static bool of_word(uint32_t cp)
{
    return cp &&
           (uc_is_property_alphabetic(cp) || uc_decimal_value(cp) >= 0 || utf8_char_cols(cp) == 0);
}

// The code point before `at`, which moves to where it begins; 0 at `from`.
static uint32_t back(const char *t, uint32_t from, uint32_t *at)
{
    uint32_t cp, end = *at;
    if (end <= from)
        return 0;
    do
        (*at)--;
    while (*at > from && ((unsigned char)t[*at] & 0xC0) == 0x80);
    utf8_decode(t + *at, end - *at, &cp);
    return cp;
}

// A hyphen before i has but one letter on a side of it: "e-mail", "t-shirt", "plan-B".
static bool lone_letter(const char *t, uint32_t at, uint32_t i, uint32_t end)
{
    uint32_t p = i - 1, cp;
    if (i < at + 2 || t[p] != '-' || !uc_is_property_alphabetic(back(t, at, &p)))
        return false;
    if (!of_word(back(t, at, &p)))
        return true;
    p = i + (uint32_t)utf8_decode(t + i, end - i, &cp);
    if (!uc_is_property_alphabetic(cp))
        return false;
    if (p < end)
        utf8_decode(t + p, end - p, &cp);
    return p >= end || !(of_word(cp) || cp == '-');
}

// Digits as wide as ideographs are still one number.
static bool digits_meet(const char *t, uint32_t i, uint32_t end)
{
    return i >= 3 && i + 2 < end && memcmp(t + i, "\xef\xbc", 2) == 0 &&
           memcmp(t + i - 3, "\xef\xbc", 2) == 0 && (unsigned char)t[i + 2] >= 0x90 &&
           (unsigned char)t[i + 2] <= 0x99 && (unsigned char)t[i - 1] >= 0x90 &&
           (unsigned char)t[i - 1] <= 0x99;
}

// The rules themselves, for [at, end) that begins and ends where a break is allowed.
static void pieces_by_rule(struct setter *s, const struct flow *f, uint32_t at, uint32_t end)
{
    const char *t = f->text;
    uint32_t n = end - at;
    s->breaks = mem_grow(s->breaks, &s->breaks_cap, n, 1);
    u8_possible_linebreaks((const uint8_t *)t + at, n, "UTF-8", s->breaks);
    words_breaks(t + at, n, s->breaks);
    uint32_t from = at;
    bool address = false; // within one
    for (uint32_t i = at + 1; i <= end; i++) {
        if (i < end) {
            if (t[i - 1] == ' ')
                address = false;
            else if (t[i - 1] == '/' && i - at >= 3 && t[i - 2] == '/' && t[i - 3] == ':') {
                address = true;
                continue; // not between the scheme and the rest
            }
            if (s->breaks[i - at] != UC_BREAK_POSSIBLE && s->breaks[i - at] != BREAK_SYLLABLE)
                continue;
            if (digits_meet(t, i, end) || lone_letter(t, at, i, end))
                continue;
            if (i + 1 < end && memcmp(t + i, "\xc2\xb7", 2) == 0 && t[i - 1] != ' ')
                continue; // nor does a line begin with the dot between two words
            if (i + 2 < end && memcmp(t + i, "\xe2\x80\x94", 3) == 0 && t[i - 1] != ' ')
                continue; // a dash stays with the word before it
            if (address && t[i - 1] != ' ' && !parts_steps(t, i - 1, end))
                continue;
            if (strchr(".,:;", t[i - 1]) && t[i] != ' ' &&
                byte_class((unsigned char)t[i]) <= B_LATIN &&
                byte_class((unsigned char)t[i]) != B_SLOW)
                continue; // LB29, which older libraries do not know: "foo.bar" is one word
            if (f->glue && glued_at(f, i))
                continue;
        }
        uint32_t stop = i;
        while (stop > from && t[stop - 1] == ' ')
            stop--;
        if (stop == from && i < end)
            continue; // blanks alone: with what follows
        uint32_t flags = 0;
        if (stop == i && i < end)
            flags = t[i - 1] == '-'                                                  ? PIECE_DASH
                    : s->breaks[i - at] == BREAK_SYLLABLE || hangul_meets(t, i, end) ? PIECE_WITHIN
                                                                                     : 0;
        push(s, f, from, stop, flow_cols(f, from, stop), i - stop, flags);
        from = i;
    }
}

// May a line begin with what is at p, after a blank? (Closing marks stay with what they close,
// blank or not.)
static bool opens_line(const char *t, uint32_t p, uint32_t end)
{
    switch (byte_class((unsigned char)t[p])) {
    case B_ALNUM:
    case B_LATIN:
    case B_OPEN:
    case B_HYPHEN:
        return true;
    case B_PUNCT:
        return strchr(".,;:", t[p]) == NULL;
    case B_E2:
        return p + 2 < end && (unsigned char)t[p + 1] == 0x80 && (unsigned char)t[p + 2] >= 0x93 &&
               (unsigned char)t[p + 2] <= 0x9E;
    default:
        return false;
    }
}

// One token of plain kind from p: returns its end, or 0 where the rules are needed. Dashes inside
// it part pieces.
static uint32_t plain_token(struct setter *s, const struct flow *f, uint32_t p, uint32_t end)
{
    const unsigned char *t = (const unsigned char *)f->text;
    size_t before = s->npieces;
    uint32_t x_before = s->x, from = p, cols = 0;
    enum { LEADING, BODY, TRAILING } state = LEADING;
    while (p < end && t[p] != ' ') {
        bool part = false; // may the line end after this character?
        switch (byte_class(t[p])) {
        case B_ALNUM:
            if (state == TRAILING)
                goto rules;
            state = BODY;
            cols++;
            p++;
            continue;
        case B_PUNCT:
            cols++;
            p++;
            continue;
        case B_LATIN:
            if (state == TRAILING || p + 1 >= end)
                goto rules;
            state = BODY;
            cols++;
            p += 2;
            continue;
        case B_OPEN:
            if (state != LEADING)
                goto rules;
            cols++;
            p++;
            continue;
        case B_CLOSE:
            state = TRAILING;
            cols++;
            p++;
            continue;
        case B_HYPHEN: {
            uint8_t next = p + 1 < end ? byte_class(t[p + 1]) : B_SPACE;
            bool letter = next == B_LATIN || (next == B_ALNUM && t[p + 1] > '9');
            if (state == TRAILING)
                goto rules;
            cols++;
            p++;
            part = state == BODY && (letter || (t[p - 2] == '-' && next == B_ALNUM)) &&
                   !lone_letter(f->text, from, p, end);
            break;
        }
        case B_C2:
            if (p + 1 < end && (t[p + 1] == 0xA0 || t[p + 1] == 0xAB || t[p + 1] == 0xBB)) {
                cols++;
                p += 2;
                continue;
            }
            goto rules;
        case B_E2: {
            if (p + 2 >= end || t[p + 1] != 0x80)
                goto rules;
            unsigned char c = t[p + 2];
            uint8_t next = p + 3 < end ? byte_class(t[p + 3]) : B_SPACE;
            bool opening = next == B_E2 && p + 5 < end && t[p + 4] == 0x80 &&
                           (t[p + 5] == 0x98 || t[p + 5] == 0x9C);
            bool word = next == B_ALNUM || next == B_LATIN || next == B_OPEN || opening;
            if (c == 0x93 || c == 0x94 || c == 0x90) {
                part = state != LEADING && word;
                if (c == 0x94)
                    state = state == LEADING ? LEADING : BODY;
                if (state == TRAILING && word)
                    goto rules;
            } else if (!((c >= 0x98 && c <= 0x9F) || c == 0xA6 || c == 0x91 || c == 0xAF)) {
                goto rules;
            }
            cols++;
            p += 3;
            break;
        }
        default:
            goto rules;
        }
        if (part && !(f->glue && glued_at(f, p))) {
            push(s, f, from, p, cols, 0, PIECE_DASH);
            from = p;
            cols = 0;
            state = LEADING;
        }
    }
    if (state == LEADING && p > from && byte_class(t[p - 1]) == B_OPEN)
        goto rules; // "( " keeps what follows
    uint32_t next = p;
    while (next < end && t[next] == ' ')
        next++;
    if (next < end && (!opens_line(f->text, next, end) || (f->glue && glued_at(f, next))))
        goto rules;
    push(s, f, from, p, cols, next - p, 0);
    return next;
rules:
    s->npieces = before;
    s->x = x_before;
    return 0;
}

// One bit for every byte of an answer.
static uint64_t bits(uint64_t tops)
{
    return (tops >> 7) * 0x0102040810204080u >> 56;
}

// Words of ASCII with usual punctuation, single blanks between them, from p on: most of most texts.
// Looks at 64 bytes at once; returns where the first word begins that may be something else.
static uint32_t plain_words(struct setter *s, const struct flow *f, uint32_t p, uint32_t end)
{
    for (;;) {
        char tail[64] = {0};
        const char *t = f->text + p;
        uint32_t some = end - p < sizeof tail ? end - p : sizeof tail;
        if (some < sizeof tail) // what is behind the end is no part of a word
            t = memcpy(tail, t, some);
        uint64_t word = 0, blank = 0, alnum = 0;
        for (uint32_t i = 0; i < some; i += 8) {
            uint64_t eight = eight_load(t + i), own = ~eight & EIGHT_TOPS;
            eight &= ~EIGHT_TOPS;
            uint64_t an = eight_alnum(eight) & own;
            uint64_t sign = (eight_from(eight, '"') & ~eight_from(eight, '%')) |
                            (eight_from(eight, ':') & ~eight_from(eight, '?')) |
                            eight_is(eight, ',') | eight_is(eight, '.') | eight_is(eight, '\'');
            alnum |= bits(an) << i;
            word |= bits(an | (sign & own)) << i;
            blank |= bits(eight_is(eight, ' ') & own) << i;
        }
        uint64_t ends = blank & alnum >> 1, other = ~word & ~ends;
        ends &= (other & (0 - other)) - 1; // before the first other one
        uint32_t from = 0;
        s->pieces = mem_grow(s->pieces, &s->pieces_cap, s->npieces + 32, sizeof *s->pieces);
        for (; ends; ends &= ends - 1) {
            uint32_t stop = (uint32_t)__builtin_ctzll(ends), cols = stop - from;
            if (cols > s->room || !cols)
                return p + from;
            s->pieces[s->npieces++] = (struct piece){p + from, p + stop, s->x, cols, 0};
            s->x += cols + 1;
            from = stop + 1;
        }
        p += from;
        if (!from)
            return p;
    }
}

// From p on, where does the first gap come after which everything is simple again?
static uint32_t safe_gap(const struct flow *f, uint32_t p, uint32_t end)
{
    const char *t = f->text;
    for (;;) {
        const char *gap = p < end ? memchr(t + p, ' ', end - p) : NULL;
        if (!gap)
            return end;
        p = (uint32_t)(gap - t);
        unsigned char before = p ? (unsigned char)t[p - 1] : ' ';
        while (p < end && t[p] == ' ')
            p++;
        if (p == end)
            return end;
        if (before < 0x80 && byte_class(before) != B_OPEN && opens_line(t, p, end) &&
            !(f->glue && glued_at(f, p)))
            return p;
    }
}

void flow_pieces(struct setter *s, const struct flow *f, uint32_t at, uint32_t end)
{
    s->npieces = 0;
    s->x = 0;
    uint32_t p = at;
    bool plain = !f->glue && !f->divide;
    while (p < end) {
        if (plain && byte_class((unsigned char)f->text[p]) == B_ALNUM)
            p = plain_words(s, f, p, end);
        uint32_t next = plain_token(s, f, p, end);
        if (!next) {
            next = safe_gap(f, p, end);
            pieces_by_rule(s, f, p, next);
        }
        p = next;
    }
}
