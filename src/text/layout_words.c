// Scripts that write without blanks between words: Thai, Lao, Khmer, Burmese. Unicode leaves their
// line breaks to dictionaries (class SA of UAX #14). For Thai there is one, libthai's; where it is
// not built in or does not know the text, and for the others, lines may end between syllables that
// can be told apart by their letters alone. What cannot be told stays together. And Chinese, whose
// quotation marks need a look at what stands beside them.
#include "setting.h"

#include <string.h>
#include <unictype.h>
#include <unilbrk.h>

#include "lectern/utf8.h"

#ifdef HAVE_THAI
#include <thai/thbrk.h>
#endif

// The letters of a script without blanks; digits and signs between sentences are not among them.
enum script { OTHER, THAI, LAO, BURMESE, KHMER };

static enum script script_of(uint32_t cp)
{
    if (cp < 0x0E00 || cp > 0x17FF)
        return OTHER;
    if (cp >= 0x0E01 && cp <= 0x0E4E && cp != 0x0E3F)
        return THAI;
    if (cp >= 0x0E81 && cp <= 0x0ECE)
        return LAO;
    if ((cp >= 0x1000 && cp <= 0x103F) || (cp >= 0x1050 && cp <= 0x108F))
        return BURMESE;
    if (cp >= 0x1780 && cp <= 0x17D3)
        return KHMER;
    return OTHER;
}

enum { AHEAD = 6 };

// A consonant that has a vowel of its own, under it or under what is stacked below it. A bare one
// may close the syllable before.
static bool khmer_begins(const uint32_t next[AHEAD])
{
    int i = 0;
    while (i + 2 < AHEAD && next[i] == 0x17D2)
        i += 2;
    if (next[i] == 0x17C9 || next[i] == 0x17CA) // another sound of the same letter
        i++;
    return next[i] >= 0x17B6 && next[i] <= 0x17C5;
}

// Does a syllable begin with `cp`? `next` are the code points after it.
static bool begins_syllable(uint32_t before, uint32_t cp, const uint32_t next[AHEAD])
{
    enum script s = script_of(cp);
    if (s == OTHER || s != script_of(before))
        return false;
    switch (s) {
    case THAI:
    case LAO: {
        // A vowel that is written before its consonant opens a syllable, two others close one.
        uint32_t c = cp & 0x7F, b = before & 0x7F; // the two blocks are laid out alike
        bool vowel = c >= 0x40 && c <= 0x44, open = b >= 0x40 && b <= 0x44;
        return !open && (vowel || ((b == 0x30 || b == 0x33) && c >= 0x01 && c <= 0x2E));
    }
    case BURMESE:
        // A consonant without the sign that takes its vowel away, and not stacked below another.
        return cp <= 0x102A && before != 0x1039 && next[0] != 0x103A && next[0] != 0x1039 &&
               !(next[0] == 0x1037 && next[1] == 0x103A);
    case KHMER:
        return cp <= 0x17B3 && before != 0x17D2 && khmer_begins(next);
    case OTHER:
        break;
    }
    return false;
}

static void by_syllables(const char *t, uint32_t from, uint32_t end, char *breaks)
{
    uint32_t before = 0, cp, next[AHEAD];
    for (uint32_t at = from; at < end;) {
        uint32_t n = (uint32_t)utf8_decode(t + at, end - at, &cp), p = at + n;
        for (int k = 0; k < AHEAD; k++) {
            next[k] = 0;
            if (p < end)
                p += (uint32_t)utf8_decode(t + p, end - p, &next[k]);
        }
        if (at > from && begins_syllable(before, cp, next))
            breaks[at] = BREAK_SYLLABLE;
        before = cp;
        at += n;
    }
}

// The letters of [from, end) are Thai, three bytes each. False where no word was found in what must
// be several.
static bool by_dictionary(const char *t, uint32_t from, uint32_t end, char *breaks)
{
#ifdef HAVE_THAI
    enum { LETTERS = 600, LONG = 24 };
    thchar_t tis[LETTERS + 1];
    int places[LETTERS];
    bool any = false;
    for (uint32_t at = from; at < end;) {
        int n = 0;
        for (uint32_t p = at; p < end && n < LETTERS; p += 3) {
            uint32_t cp;
            utf8_decode(t + p, end - p, &cp);
            tis[n++] = (thchar_t)(cp - 0x0E00 + 0xA0);
        }
        tis[n] = 0;
        int found = th_brk_find_breaks(NULL, tis, places, LETTERS);
        for (int i = 0; i < found; i++)
            if (places[i] > 0 && places[i] < n)
                breaks[at + 3 * (uint32_t)places[i]] = UC_BREAK_POSSIBLE;
        any |= found > 0;
        // The last word may go on behind what was looked at.
        if (n == LETTERS && found > 0 && places[found - 1] > LETTERS / 2 &&
            places[found - 1] < LETTERS)
            n = places[found - 1];
        at += 3 * (uint32_t)n;
    }
    return any || end - from < 3 * LONG;
#else
    (void)t, (void)from, (void)end, (void)breaks;
    return false;
#endif
}

// The quotation marks that Chinese shares with Latin open and close by their look, but the classes
// of UAX #14 cannot tell; among ideographs, whose neighbours may always be parted, they can be
// told.
static void around_quotes(const char *t, uint32_t n, char *breaks)
{
    const char *end = t + n;
    for (const char *q = t; (q = memmem(q, (size_t)(end - q), "\xe2\x80", 2)); q += 2) {
        uint32_t at = (uint32_t)(q - t), before, after;
        if (at < 3 || at + 5 >= n)
            continue;
        unsigned char c = (unsigned char)q[2];
        bool opens = c == 0x98 || c == 0x9C, closes = c == 0x99 || c == 0x9D;
        if (!opens && !closes)
            continue;
        if (utf8_decode(q - 3, 3, &before) != 3 || utf8_decode(q + 3, n - at - 3, &after) != 3 ||
            utf8_char_cols(before) != 2 || utf8_char_cols(after) != 2)
            continue;
        if (opens && !uc_is_general_category(before, UC_OPEN_PUNCTUATION))
            breaks[at] = UC_BREAK_POSSIBLE;
        if (closes && (uc_is_general_category(after, UC_LETTER) ||
                       uc_is_general_category(after, UC_OPEN_PUNCTUATION)))
            breaks[at + 3] = UC_BREAK_POSSIBLE;
    }
}

// Leads of the blocks above.
static bool may_be(const unsigned char *p)
{
    return (p[0] == 0xE0 && p[1] >= 0xB8) ||
           (p[0] == 0xE1 && (p[1] <= 0x82 || p[1] == 0x9E || p[1] == 0x9F));
}

void words_breaks(const char *t, uint32_t n, char *breaks)
{
    around_quotes(t, n, breaks);
    bool marked = false, asked = false; // where the author has marked the words himself
    for (uint32_t at = 0; at + 2 < n;) {
        uint32_t cp;
        if (!may_be((const unsigned char *)t + at)) {
            at++;
            continue;
        }
        uint32_t from = at;
        utf8_decode(t + at, n - at, &cp);
        enum script s = script_of(cp);
        do {
            at += 3;
            cp = 0;
            if (at + 2 < n)
                utf8_decode(t + at, n - at, &cp);
        } while (s != OTHER && script_of(cp) == s);
        if (s == OTHER || at - from < 6 || (s == THAI && by_dictionary(t, from, at, breaks)))
            continue;
        if (!asked)
            marked = memmem(t, n, "\xe2\x80\x8b", 3) != NULL;
        asked = true;
        if (!marked)
            by_syllables(t, from, at, breaks);
    }
}
