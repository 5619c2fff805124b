// Words found again, letter by letter and typeset otherwise. See anchor.h. All comparing is done by
// memmem over letters of four bytes each, which takes the same time for kind and for hostile text.
#include "lectern/anchor.h"

#include <stdlib.h>
#include <string.h>

#include "anchor_text.h"
#include "lectern/match.h"
#include "lectern/utf8.h"

enum {
    CONTEXT = 64,      // bytes remembered on either side
    EVIDENCE = 24,     // letters that make a place believed
    PLACES = 256,      // equal words that are looked at, in each part of the text
    NEARBY = 16 << 10, // letters on either side of the guess that are looked through first
    WORK = 64 << 20,   // letters that are compared for one text, about
};

// ---- letters ----

static void push(struct letters *l, uint32_t cp, size_t at, bool places)
{
    l->cp = mem_grow(l->cp, &l->cap, l->n + 1, sizeof *l->cp);
    l->cp[l->n] = cp;
    if (places) {
        l->at = mem_grow(l->at, &l->at_cap, l->n + 1, sizeof *l->at);
        l->at[l->n] = (uint32_t)at;
    }
    l->n++;
}

static bool invisible(uint32_t c)
{
    return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0F);
}

void letters_fold(struct letters *l, const char *text, size_t len, bool places)
{
    for (size_t i = 0; i < len;) {
        uint32_t c;
        size_t at = i;
        i += utf8_decode(text + i, len - i, &c);
        if (invisible(c))
            continue;
        c = match_fold(c, false);
        bool blank = c == ' ' || c == '\r' || c == 0x3000;
        if (blank && (l->n == 0 || l->cp[l->n - 1] == ' '))
            continue;
        for (int k = c == 0x2026 ? 3 : 1; k; k--) // an ellipsis may be three dots
            push(l, blank ? ' ' : c == 0x2026 ? '.' : c, at, places);
    }
}

void letters_free(struct letters *l)
{
    free(l->cp);
    free(l->at);
    *l = (struct letters){0};
}

static void trim(struct letters *l)
{
    while (l->n && l->cp[l->n - 1] == ' ')
        l->n--; // none at the beginning: see letters_fold
}

static size_t end_of(const struct anchors *t, size_t letter) // one past its last byte
{
    size_t next = letter + 1;
    while (next < t->l.n && t->l.at[next] == t->l.at[letter])
        next++;
    return next < t->l.n ? t->l.at[next] : t->len;
}

static size_t letter_at(const struct anchors *t, size_t byte) // the first at or after it
{
    size_t low = 0, high = t->l.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->l.at[mid] < byte)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

// ---- what is believed ----

size_t anchor_agree(const struct anchors *t, const struct wanted *w, size_t from, size_t to)
{
    const struct letters *l = &t->l, *b = &w->before, *a = &w->after;
    size_t before = 0, after = 0;
    from -= from > 0 && l->cp[from - 1] == ' '; // what is wanted has no blanks at its ends
    while (before < b->n && before < from && l->cp[from - before - 1] == b->cp[b->n - before - 1])
        before++;
    to += to < l->n && l->cp[to] == ' ';
    while (after < a->n && to + after < l->n && l->cp[to + after] == a->cp[after])
        after++;
    return before + after;
}

size_t anchor_needs(const struct wanted *w, bool only)
{
    size_t all = w->quote.n + w->before.n + w->after.n, needs = only ? EVIDENCE / 2 : EVIDENCE;
    return all < needs ? all : needs;
}

// ---- equal words ----

struct best {
    size_t from, agree, away; // away SIZE_MAX: none yet
    size_t places;            // that were found by looking
};

static void look_at(const struct anchors *t, const struct wanted *w, size_t from, struct best *b)
{
    size_t agree = anchor_agree(t, w, from, from + w->quote.n),
           away = from > w->guess ? from - w->guess : w->guess - from;
    if (b->away == SIZE_MAX || agree > b->agree || (agree == b->agree && away < b->away))
        *b = (struct best){from, agree, away, b->places};
}

// All that was around it is there as well: no other place can be better.
static bool is_best(const struct wanted *w, const struct best *b)
{
    return b->away != SIZE_MAX && b->agree == w->before.n + w->after.n && b->agree >= EVIDENCE;
}

// The places of the words in letters [low, high).
static void look_through(struct anchors *t, const struct wanted *w, size_t low, size_t high,
                         struct best *b)
{
    const uint32_t *cp = t->l.cp;
    size_t m = w->quote.n, most = b->places + PLACES;
    while (low < high && high - low >= m && b->places < most && t->left > 0 && !is_best(w, b)) {
        const char *hay = (const char *)(cp + low),
                   *hit = memmem(hay, (high - low) * sizeof *cp, w->quote.cp, m * sizeof *cp);
        size_t off = hit ? (size_t)(hit - hay) : (high - low) * sizeof *cp;
        t->left -= (int64_t)(off / sizeof *cp + m);
        if (!hit)
            return;
        if (off % sizeof *cp == 0) {
            look_at(t, w, low + off / sizeof *cp, b);
            b->places++;
        }
        low += off / sizeof *cp + 1;
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool look_for(struct anchors *t, const struct wanted *w, size_t *from, size_t *to)
{
    struct best b = {.away = SIZE_MAX};
    size_t g = w->guess, n = t->l.n, m = w->quote.n, low = g > NEARBY ? g - NEARBY : 0,
           high = least(g + m + NEARBY, n);
    if (g < n && m <= n - g && memcmp(t->l.cp + g, w->quote.cp, m * sizeof *w->quote.cp) == 0)
        look_at(t, w, g, &b);
    look_through(t, w, low, high, &b);
    look_through(t, w, high > m ? high - m + 1 : 0, n, &b);
    look_through(t, w, 0, least(low + m - 1, n), &b);
    if (b.away == SIZE_MAX || m + b.agree < anchor_needs(w, b.places <= 1))
        return false;
    *from = b.from;
    *to = b.from + m;
    return true;
}

// ---- the whole ----

static bool is_there(const struct anchors *t, const struct anchor *a, size_t quote)
{
    size_t before = strlen(a->before), after = strlen(a->after), from = a->from;
    return from <= t->len && quote <= t->len - from && before <= from &&
           after <= t->len - from - quote && memcmp(t->text + from, a->quote, quote) == 0 &&
           memcmp(t->text + from - before, a->before, before) == 0 &&
           memcmp(t->text + from + quote, a->after, after) == 0;
}

static size_t guess(const struct anchors *t, const struct anchor *a)
{
    int64_t at = (int64_t)a->from + t->shift;
    return letter_at(t, at < 0 ? 0 : at > (int64_t)t->len ? t->len : (size_t)at);
}

struct anchors *anchors_new(const char *text, size_t len)
{
    struct anchors *t = mem_alloc(sizeof *t);
    t->text = text;
    t->len = len;
    t->left = WORK;
    return t;
}

void anchors_free(struct anchors *t)
{
    if (!t)
        return;
    letters_free(&t->l);
    free(t);
}

bool anchors_tired(const struct anchors *t)
{
    return t->left <= 0;
}

static enum anchored search(struct anchors *t, const struct anchor *a, size_t quote, uint32_t *from,
                            uint32_t *to)
{
    struct wanted w = {0};
    enum anchored found = ANCHOR_GONE;
    size_t first = 0, end = 0;
    if (t->left <= 0)
        return ANCHOR_GONE;
    t->left -= (int64_t)quote;
    if (!t->folded)
        letters_fold(&t->l, t->text, t->len, true);
    t->folded = true;
    letters_fold(&w.quote, a->quote, quote, false);
    letters_fold(&w.before, a->before, strlen(a->before), false);
    letters_fold(&w.after, a->after, strlen(a->after), false);
    trim(&w.quote);
    trim(&w.before);
    trim(&w.after);
    w.guess = guess(t, a);
    if (w.quote.n && look_for(t, &w, &first, &end))
        found = ANCHOR_FOLDED;
    else if (w.quote.n && anchor_near(t, &w, &first, &end))
        found = ANCHOR_NEAR;
    letters_free(&w.quote);
    letters_free(&w.before);
    letters_free(&w.after);
    if (!found)
        return found;
    size_t at = t->l.at[first], past = end_of(t, end - 1);
    if (found == ANCHOR_FOLDED && quote <= t->len - at &&
        memcmp(t->text + at, a->quote, quote) == 0)
        found = at == a->from ? ANCHOR_THERE : ANCHOR_MOVED;
    *from = (uint32_t)at;
    *to = (uint32_t)(found == ANCHOR_THERE || found == ANCHOR_MOVED ? at + quote : past);
    t->shift = (int64_t)at - a->from;
    return found;
}

enum anchored anchor_find(struct anchors *t, const struct anchor *a, uint32_t *from, uint32_t *to)
{
    size_t quote = strlen(a->quote);
    if (!quote)
        return ANCHOR_GONE;
    if (!is_there(t, a, quote))
        return search(t, a, quote, from, to);
    *from = a->from;
    *to = a->from + (uint32_t)quote;
    t->shift = 0;
    return ANCHOR_THERE;
}

static bool inside(char c) // of a character, not its first byte
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

void anchor_around(const char *text, size_t len, uint32_t from, uint32_t to, struct arena *a,
                   const char **before, const char **after)
{
    size_t begin = from > CONTEXT ? from - CONTEXT : 0,
           end = len - to > CONTEXT ? to + CONTEXT : len;
    while (begin < from && inside(text[begin]))
        begin++;
    while (end > to && end < len && inside(text[end]))
        end--;
    *before = arena_strndup(a, text + begin, from - begin);
    *after = arena_strndup(a, text + to, end - to);
}
