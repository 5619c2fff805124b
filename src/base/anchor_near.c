// Words that were changed a little. Their beginning and their end are looked for, each up to 64
// letters with one in four wrong (Myers, "A fast bit-vector algorithm for approximate string
// matching", 1999: a step a letter); where one of them was rewritten, what stood next to it tells
// the place. Of long quotes, half of what lies between must still be there.
#include <stdlib.h>
#include <string.h>

#include "anchor_text.h"

enum {
    BLOCK = 64,        // letters in a word of the machine
    WRONG = 4,         // one letter in so many
    NEARBY = 16 << 10, // letters on either side of the guess that are looked through first
    PIECES = 16,
    PIECE = 10, // letters
    PLAIN = 256,
    WORD = 24, // letters by which a place is moved to where a word begins
};

struct pattern64 {
    uint64_t plain[PLAIN];
    uint32_t other[BLOCK]; // letters that are not plain, and their bits
    uint64_t bits[BLOCK];
    size_t nother, n;
};

static void make(struct pattern64 *p, const uint32_t *cp, size_t n, bool backwards)
{
    *p = (struct pattern64){.n = n};
    for (size_t i = 0; i < n; i++) {
        uint32_t c = cp[backwards ? n - 1 - i : i];
        if (c < PLAIN) {
            p->plain[c] |= UINT64_C(1) << i;
            continue;
        }
        size_t k = 0;
        while (k < p->nother && p->other[k] != c)
            k++;
        p->other[k] = c;
        p->bits[k] |= UINT64_C(1) << i;
        p->nother += k == p->nother;
    }
}

static uint64_t bits_of(const struct pattern64 *p, uint32_t c)
{
    if (c < PLAIN)
        return p->plain[c];
    for (size_t k = 0; k < p->nother; k++)
        if (p->other[k] == c)
            return p->bits[k];
    return 0;
}

// Where in letters [low, high) the pattern ends best (backwards: begins, read from high down to
// low), with at most `most` letters wrong; of equally good ones the one nearest to `near`.
static bool scan(struct anchors *t, const struct pattern64 *p, size_t low, size_t high,
                 bool backwards, size_t near, size_t most, size_t *where, size_t *wrong)
{
    uint64_t vp = ~UINT64_C(0), vn = 0, last = UINT64_C(1) << (p->n - 1);
    size_t score = p->n, best = SIZE_MAX, best_away = 0;
    t->left -= (int64_t)(high - low);
    for (size_t i = 0; i < high - low; i++) {
        size_t at = backwards ? high - 1 - i : low + i;
        uint64_t x = bits_of(p, t->l.cp[at]) | vn, d0 = (((x & vp) + vp) ^ vp) | x, hn = vp & d0,
                 hp = vn | ~(vp | d0);
        score += (hp & last) != 0;
        score -= (hn & last) != 0;
        x = hp << 1;
        vn = x & d0;
        vp = (hn << 1) | ~(x | d0);
        size_t end = backwards ? at : at + 1, away = end > near ? end - near : near - end;
        if (score < best || (score == best && away < best_away)) {
            best = score;
            best_away = away;
            *where = end;
        }
    }
    *wrong = best;
    return best <= most;
}

// Letters [*from, *to) that are like cp[0..n), n at most BLOCK.
static bool like(struct anchors *t, const uint32_t *cp, size_t n, size_t low, size_t high,
                 size_t near, size_t *from, size_t *to, size_t *wrong)
{
    struct pattern64 p;
    size_t most = n / WRONG, back;
    if (n < 4 || low >= high)
        return false;
    make(&p, cp, n, false);
    if (!scan(t, &p, low, high, false, near + n, most, to, wrong))
        return false;
    make(&p, cp, n, true);
    size_t reach = n + *wrong < *to ? *to - n - *wrong : 0;
    if (!scan(t, &p, reach > low ? reach : low, *to, true, *to - (n < *to ? n : *to), most, from,
              &back))
        *from = *to > n ? *to - n : 0;
    return *from < *to;
}

static bool letter(uint32_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '\'';
}

// Where only a part of a word was found, the rest belongs to it; blanks do not.
static void settle(const struct anchors *t, size_t *from, size_t *to)
{
    const uint32_t *cp = t->l.cp;
    size_t low = *from > WORD ? *from - WORD : 0, high = t->l.n - *to > WORD ? *to + WORD : t->l.n,
           at = *from;
    while (*from < *to && cp[*from] == ' ')
        ++*from;
    while (*to > *from && cp[*to - 1] == ' ')
        --*to;
    if (*from == *to)
        return;
    for (at = *from; at > low && letter(cp[at]) && letter(cp[at - 1]) && cp[at] < 0x80; at--)
        ;
    *from = at == low && at > 0 ? *from : at;
    for (at = *to; at < high && letter(cp[at]) && letter(cp[at - 1]) && cp[at] < 0x80; at++)
        ;
    *to = at == high && at < t->l.n ? *to : at;
}

static bool half_is_there(struct anchors *t, const struct letters *quote, size_t from, size_t to)
{
    size_t room = quote->n - 2 * BLOCK, found = 0, n = 0;
    for (size_t i = 0; i < PIECES && room >= PIECE; i++, n++) {
        size_t at = BLOCK + (room - PIECE) * i / (PIECES - 1);
        found += memmem(t->l.cp + from, (to - from) * sizeof *t->l.cp, quote->cp + at,
                        PIECE * sizeof *t->l.cp) != NULL;
        t->left -= (int64_t)(to - from);
    }
    return 2 * found >= n;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// The end of what stood before it, and the beginning of what came after, are its own ends.
static bool begins(struct anchors *t, const struct wanted *w, size_t low, size_t high, size_t *from)
{
    size_t to, wrong, n = least(w->before.n, BLOCK);
    if (like(t, w->quote.cp, least(w->quote.n, BLOCK), low, high, w->guess, from, &to, &wrong))
        return true;
    if (n < BLOCK / 4 ||
        !like(t, w->before.cp + w->before.n - n, n, low, high, w->guess, &to, from, &wrong))
        return false;
    return *from < t->l.n;
}

static bool ends(struct anchors *t, const struct wanted *w, size_t low, size_t high, size_t near,
                 size_t *to)
{
    size_t from, past, wrong, n = least(w->quote.n, BLOCK);
    if (like(t, w->quote.cp + w->quote.n - n, n, low, high, near, &from, to, &wrong))
        return true;
    n = least(w->after.n, BLOCK);
    if (n < BLOCK / 4 || !like(t, w->after.cp, n, low, high, near, &from, &past, &wrong))
        return false;
    *to = from;
    return from > low;
}

static bool look_long(struct anchors *t, const struct wanted *w, size_t low, size_t high,
                      size_t *from, size_t *to)
{
    size_t m = w->quote.n;
    if (!begins(t, w, low, high, from))
        return false;
    size_t first = *from + m / 2, most = least(*from + 2 * m + BLOCK, t->l.n);
    return first < most && ends(t, w, first, most, *from + m, to) && *to > *from &&
           (m <= 2 * BLOCK || half_is_there(t, &w->quote, *from, *to));
}

static bool look(struct anchors *t, const struct wanted *w, size_t low, size_t high, size_t *from,
                 size_t *to)
{
    size_t m = w->quote.n, wrong;
    if (m > BLOCK)
        return look_long(t, w, low, high, from, to);
    if (!like(t, w->quote.cp, m, low, high, w->guess, from, to, &wrong))
        return false;
    size_t agree = anchor_agree(t, w, *from, *to);
    return m + agree >= 2 * wrong + anchor_needs(w, false);
}

bool anchor_near(struct anchors *t, const struct wanted *w, size_t *from, size_t *to)
{
    size_t low = w->guess > NEARBY ? w->guess - NEARBY : 0,
           high = least(w->guess + w->quote.n + NEARBY, t->l.n);
    if (t->left <= 0 || !t->l.n)
        return false;
    bool found = look(t, w, low, high, from, to);
    if (!found && t->left > (int64_t)(4 * t->l.n) && (low > 0 || high < t->l.n))
        found = look(t, w, 0, t->l.n, from, to);
    if (found)
        settle(t, from, to);
    return found && *from < *to;
}
