// One quick pass over a body: how many words it has, whether it is set in paragraphs, whether there
// is sound in it. It runs over every byte that comes in, so plain text is counted 64 bytes at a
// time, without a jump for each of them, and tags are leapt over.
#include "markup.h"

#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "lectern/utf8.h"

bool markup_names_sound(const char *s, size_t len)
{
    static const char *const ends[] = {"mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "flac"};
    for (const char *p = s, *end = s + len; (p = memchr(p, '.', (size_t)(end - p))); p++)
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if ((size_t)(end - p) > strlen(ends[i]) + 1 &&
                strncasecmp(p + 1, ends[i], strlen(ends[i])) == 0)
                return true;
    return false;
}

enum { OTHER, BLANK, WORD, TAG, REFERENCE, HIGH };

// Blanks are 1, ASCII letters and digits 2, '<' 3, '&' 4, bytes of other characters 5.
static const unsigned char kind[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 3, 0, 0, 0,
    0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
    0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
};

static bool is_cjk(uint32_t c)
{
    return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
           (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

// Blanks, dashes between words, quotation marks and the like are no letters.
static bool is_blank(uint32_t c)
{
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000 || c == 0x85;
}

static bool is_mark(uint32_t c)
{
    return c < 0xC0 || (c >= 0x200C && c <= 0x206F) || (c >= 0x2190 && c <= 0x2BFF) ||
           (c >= 0x3001 && c <= 0x303F) || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0x1F000 && c <= 0x1FAFF);
}

struct counter {
    uint32_t words, cjk;
    bool inside;
};

static void high(struct counter *n, uint32_t c)
{
    if (is_cjk(c)) {
        n->cjk++;
        n->inside = false;
    } else if (is_blank(c)) {
        n->inside = false;
    } else if (c == 0x2014 || c == 0x2015) { // a dash that parts two words without blanks
        n->inside = false;
    } else if (!is_mark(c)) {
        n->words += !n->inside;
        n->inside = true;
    }
}

// What a tag at s (its length is len) does to the count; returns how many bytes to go on by.
static size_t tag(const char *s, size_t len, size_t rest, struct counter *n,
                  struct markup_facts *out)
{
    char a = (char)(s[1] | 32), b = (char)(s[2] | 32), after = s[2];
    bool one = after == '>' || after == ' ';
    if (s[1] == '/') {
        a = (char)(s[2] | 32);
        b = len > 3 ? (char)(s[3] | 32) : '>';
        one = len > 3 && s[3] == '>';
    }
    switch (a) {
    case 'a':
        if ((b == 'u' && markup_tag_is(s, len, "audio")) || (one && markup_names_sound(s, len)))
            out->sound = true;
        if (one || b == 'b' || b == 'c')
            return len;
        break;
    case 'b':
        if (one || (b == 'i' && len > 4 && (s[3] | 32) == 'g'))
            return len;
        out->blocks = out->blocks || b == 'r' || b == 'l';
        break;
    case 'e':
    case 'i':
    case 'u':
    case 'q':
        if (one || (b == 'm' && a == 'e') || (a == 'i' && b == 'n'))
            return len;
        break;
    case 's':
        if (one || b == 'p' || b == 'm' || b == 'u' ||
            (b == 't' && len > 4 && (s[3] | 32) == 'r') ||
            (b == 't' && len > 5 && s[1] == '/' && (s[4] | 32) == 'r'))
            return len;
        if (s[1] != '/' && (markup_tag_is(s, len, "script") || markup_tag_is(s, len, "style"))) {
            const char *close = strcasestr(s + len, b == 'c' ? "</script" : "</style");
            n->inside = false;
            return close && (size_t)(close - s) < rest ? (size_t)(close - s) : rest;
        }
        break;
    case 'd':
        out->sound = out->sound || (len > 40 && memmem(s, len, "native-audio-embed", 18));
        break;
    case 'c':
    case 'f':
    case 'm':
    case 't':
    case 'k':
    case 'v':
    case 'w':
        if ((a == 'c' && (b == 'o' || (b == 'i' && len > 4))) ||
            (a == 'f' && b == 'o' && len > 4 && (s[3] | 32) == 'n') ||
            (a == 'm' && b == 'a' && len > 5 && (s[4] | 32) == 'k') || (a == 'w' && b == 'b') ||
            (a == 'k' && b == 'b'))
            return len;
        break;
    default:
        break;
    }
    if (a == 'p' || a == 'h' || a == 'l' || a == 't')
        out->blocks = true;
    n->inside = false;
    return len;
}

// ---- plain text, 64 bytes at a time ----

// Of 64 bytes, a bit each: blanks, letters and digits, and what has to be looked at (bytes of other
// characters; in HTML '<' and '&' too).
struct block {
    uint64_t blank, word, look;
};

#ifdef __SSE2__
static __m128i at_most(__m128i v, char most) // unsigned
{
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(most)), v);
}

static __m128i between(__m128i v, char from, char to)
{
    return at_most(_mm_sub_epi8(v, _mm_set1_epi8(from)), (char)(to - from));
}

static void look_at(const char *s, bool html, struct block *out)
{
    *out = (struct block){0};
    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + 16 * i));
        __m128i blank = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), between(v, 9, 13));
        __m128i word = _mm_or_si128(between(_mm_or_si128(v, _mm_set1_epi8(32)), 'a', 'z'),
                                    between(v, '0', '9'));
        __m128i look = v;
        if (html)
            look = _mm_or_si128(look, _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('<')),
                                                   _mm_cmpeq_epi8(v, _mm_set1_epi8('&'))));
        out->blank |= (uint64_t)(unsigned)_mm_movemask_epi8(blank) << 16 * i;
        out->word |= (uint64_t)(unsigned)_mm_movemask_epi8(word) << 16 * i;
        out->look |= (uint64_t)(unsigned)_mm_movemask_epi8(look) << 16 * i;
    }
}
#else
static void look_at(const char *s, bool html, struct block *out)
{
    *out = (struct block){0};
    for (int i = 0; i < 64; i++) {
        unsigned k = kind[(unsigned char)s[i]];
        out->blank |= (uint64_t)(k == BLANK) << i;
        out->word |= (uint64_t)(k == WORD) << i;
        out->look |= (uint64_t)(k == HIGH || (html && k >= TAG)) << i;
    }
}
#endif

static unsigned bits(uint64_t v)
{
    v -= v >> 1 & 0x5555555555555555;
    v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
    v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return (unsigned)(v * 0x0101010101010101 >> 56);
}

// The block that was looked at last serves on behind a tag that ends within it.
struct text {
    const char *s;
    size_t len, at; // at: where the block begins
    bool html, looked;
    struct block block;
};

// How many bytes from i on the block at hand knows of; their bits come first in *out.
static size_t take_block(struct text *t, size_t i, struct block *out)
{
    if (!t->looked || i - t->at >= 64) {
        char rest[64];
        const char *p = t->s + i;
        if (t->len - i < 64) {
            memset(rest, '&', sizeof rest);
            memcpy(rest, p, t->len - i);
            p = rest;
        }
        look_at(p, t->html, &t->block);
        t->at = i;
        t->looked = true;
    }
    size_t past = i - t->at, known = 64 - past;
    *out = (struct block){t->block.blank >> past, t->block.word >> past, t->block.look >> past};
    return known < t->len - i ? known : t->len - i;
}

// Counts in plain text from i up to the first byte that has to be looked at; returns where that is.
// A word is a stretch without blanks with at least one letter in it. Where stretches are runs of
// ones, adding the letters makes each run that has some carry into the bit after it, once: into
// the blank that ends it, or into the next block.
static size_t plain(struct text *t, size_t i, struct counter *n)
{
    uint64_t inside = n->inside;
    uint32_t ended = 0;
    while (i < t->len) {
        struct block b;
        size_t known = take_block(t, i, &b), here = b.look ? (size_t)__builtin_ctzll(b.look) : 64;
        bool stop = here < known;
        if (!stop)
            here = known;
        uint64_t mine = here < 64 ? ((uint64_t)1 << here) - 1 : ~(uint64_t)0;
        uint64_t stretch = ~b.blank & mine, word = b.word & mine, sum = stretch + word;
        uint64_t over = sum < word;
        sum += inside;
        over |= sum < inside;
        inside = here < 64 ? sum >> here & 1 : over;
        ended += bits(sum & b.blank & mine);
        i += here;
        if (stop)
            break;
    }
    n->words += ended + (uint32_t)inside - n->inside; // they are counted where they begin
    n->inside = inside;
    return i;
}

void markup_facts(const char *s, size_t len, bool html, struct markup_facts *out)
{
    *out = (struct markup_facts){0};
    struct counter n = {0};
    struct text t = {.s = s, .len = len, .html = html};
    for (size_t i = 0; i < len;) {
        i = plain(&t, i, &n);
        if (i == len)
            break;
        uint32_t c;
        size_t used;
        unsigned k = kind[(unsigned char)s[i]];
        if (k == HIGH) {
            i += utf8_decode(s + i, len - i, &c);
            high(&n, c);
        } else if (k == REFERENCE && (used = entity_at(s + i, len - i, &c))) {
            if (c >= 0x80)
                high(&n, c);
            i += used;
        } else if (k == TAG && len - i > 2 &&
                   (s[i + 1] == '/' || s[i + 1] == '!' || kind[(unsigned char)s[i + 1]] == WORD)) {
            const char *end;
            if (len - i > 6 && memcmp(s + i, "<!--", 4) == 0) {
                end = memmem(s + i, len - i, "-->", 3);
                i = end ? (size_t)(end - s) + 3 : len;
            } else {
                i += tag(s + i, markup_tag_end(s, len, i) - i, len - i, &n, out);
            }
        } else {
            i++;
        }
    }
    out->words = n.words + (n.cjk + 1) / 2;
}
