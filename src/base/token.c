// Cutting and folding, a code point at a time: ASCII and the Latin of Europe by table, the rest by
// what Unicode says of it. See token.h.
#include "lectern/token.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

// U+00C0 to U+017F; "": part words.
static const char latin[][4] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",  "e",  "e", "e", "e", "i",  "i",  "i", "i", "d", "n",
    "o", "o", "o",  "o",  "o", "",  "o",  "u",  "u",  "u", "u", "y", "th", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i", "d",  "n",  "o", "o", "o", "o",
    "o", "",  "o",  "u",  "u", "u", "u",  "y",  "th", "y", "a", "a", "a",  "a",  "a", "a", "c", "c",
    "c", "c", "c",  "c",  "c", "c", "d",  "d",  "d",  "d", "e", "e", "e",  "e",  "e", "e", "e", "e",
    "e", "e", "g",  "g",  "g", "g", "g",  "g",  "g",  "g", "h", "h", "h",  "h",  "i", "i", "i", "i",
    "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j",  "j", "k", "k", "k",  "l",  "l", "l", "l", "l",
    "l", "l", "l",  "l",  "l", "n", "n",  "n",  "n",  "n", "n", "n", "n",  "n",  "o", "o", "o", "o",
    "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r",  "r", "s", "s", "s",  "s",  "s", "s", "s", "s",
    "t", "t", "t",  "t",  "t", "t", "u",  "u",  "u",  "u", "u", "u", "u",  "u",  "u", "u", "u", "u",
    "w", "w", "y",  "y",  "y", "z", "z",  "z",  "z",  "z", "z", "s"};
enum { LATIN = 0xC0, LATIN_END = 0x180, DEEPEST = 4 };

enum kind { PARTS, WORD, DENSE, UNSEEN };

static bool in(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

// Marks that are left out of words: accents, points, and what only says how letters join.
static bool unseen(uint32_t c)
{
    return in(c, 0x300, 0x36F) || in(c, 0x483, 0x487) || in(c, 0x591, 0x5BD) || c == 0x5BF ||
           in(c, 0x5C1, 0x5C2) || in(c, 0x5C4, 0x5C5) || in(c, 0x610, 0x61A) || c == 0x640 ||
           in(c, 0x64B, 0x65F) || c == 0x670 || in(c, 0x6D6, 0x6DC) || in(c, 0x1AB0, 0x1AFF) ||
           in(c, 0x1DC0, 0x1DFF) || in(c, 0x20D0, 0x20FF) || in(c, 0xFE00, 0xFE0F) ||
           in(c, 0xFE20, 0xFE2F) || c == 0xAD || in(c, 0x200B, 0x200F) || c == 0x2060 ||
           c == 0xFEFF || in(c, 0xE0100, 0xE01EF);
}

static bool letter(uint32_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                   UC_CATEGORY_MASK_M);
}

// Scripts without blanks between words.
static bool dense(uint32_t c)
{
    if (c < 0xE00 || in(c, 0x10A0, 0x177F) || in(c, 0x1800, 0x2E7F))
        return false;
    if (in(c, 0x2E80, 0x2FDF) || in(c, 0x3400, 0x4DBF) || in(c, 0x4E00, 0x9FFF) ||
        in(c, 0xAC00, 0xD7A3) || in(c, 0xF900, 0xFAFF) || in(c, 0x20000, 0x323AF))
        return true;
    if (in(c, 0xE00, 0xEFF) || in(c, 0x1000, 0x109F) || in(c, 0x1780, 0x17FF) ||
        in(c, 0x3005, 0x3007) || in(c, 0x3021, 0x3029) || in(c, 0x3031, 0x303C) ||
        in(c, 0x3041, 0x31BF) || in(c, 0x31F0, 0x31FF) || in(c, 0xFF66, 0xFF9F))
        return letter(c);
    return false;
}

static enum kind kind_of(uint32_t c)
{
    if (c < 0x80)
        return (c | 32) - 'a' < 26 || c - '0' < 10 ? WORD : PARTS;
    if (in(c, LATIN, LATIN_END - 1))
        return *latin[c - LATIN] ? WORD : PARTS;
    if (unseen(c))
        return UNSEEN;
    if (dense(c))
        return DENSE;
    return letter(c) ? WORD : PARTS;
}

static const char *stand_in(uint32_t c)
{
    switch (c) {
    case 0x3C2:
        return "σ";
    case 0x401:
    case 0x451:
        return "е"; // the Cyrillic one
    case 0x1E9E:
        return "ss";
    case 0x1C4:
    case 0x1C5:
    case 0x1C6:
        return "dz";
    default:
        return NULL;
    }
}

// Appends what a letter is folded to.
static void fold(struct buf *out, uint32_t c, int depth)
{
    if (c < 0x80) {
        if (kind_of(c) == WORD)
            buf_char(out, (char)(in(c, 'A', 'Z') ? c + 32 : c));
        return;
    }
    if (in(c, LATIN, LATIN_END - 1)) {
        buf_str(out, latin[c - LATIN]);
        return;
    }
    if (depth && kind_of(c) != WORD && kind_of(c) != DENSE)
        return;
    const char *other = stand_in(c);
    if (other) {
        buf_str(out, other);
        return;
    }
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag, n = 0;
    bool whole = in(c, 0x400, 0x52F) || in(c, 0x3040, 0x30FF) || in(c, 0xAC00, 0xD7A3);
    if (!whole && depth < DEEPEST)
        n = uc_decomposition(c, &tag, parts);
    if (n <= 0) {
        uint32_t low = uc_tolower(c);
        if (low != c && depth < DEEPEST)
            fold(out, low, DEEPEST);
        else
            buf_utf8(out, low);
        return;
    }
    for (int i = 0; i < n; i++)
        fold(out, parts[i], depth + 1);
}

// ---- cutting ----

struct cutter {
    struct tokens *out;
    struct buf folded;
    size_t cap;
};

static struct token *token_begin(struct cutter *k, size_t off)
{
    if (k->out->n)
        buf_char(&k->folded, ' ');
    k->out->items = mem_grow(k->out->items, &k->cap, k->out->n + 1, sizeof *k->out->items);
    struct token *t = &k->out->items[k->out->n++];
    *t = (struct token){.off = (uint32_t)off, .at = (uint32_t)k->folded.len};
    return t;
}

// Ends at `end`. What folded to nothing is no word; what is too long ends between letters.
static void token_end(struct cutter *k, size_t end)
{
    struct token *t = &k->out->items[k->out->n - 1];
    size_t n = k->folded.len - t->at;
    if (n > TOKEN_MOST) {
        n = TOKEN_MOST;
        while (n && ((unsigned char)k->folded.data[t->at + n] & 0xC0) == 0x80)
            n--;
    }
    t->n = (uint8_t)n;
    t->len = (uint32_t)(end - t->off);
    k->folded.len = t->at + n;
    if (n)
        return;
    k->out->n--;
    if (k->out->n) // its blank
        k->folded.len--;
}

// A word from i on; returns where it ends.
static size_t take_word(struct cutter *k, const char *s, size_t len, size_t i)
{
    size_t end = i;
    token_begin(k, i);
    while (i < len) {
        uint32_t c = (unsigned char)s[i];
        size_t used = 1;
        if (c >= 0x80)
            used = utf8_decode(s + i, len - i, &c);
        enum kind what = kind_of(c);
        if (what == PARTS || what == DENSE)
            break;
        i += used;
        if (what == UNSEEN)
            continue;
        end = i;
        if (k->folded.len - k->out->items[k->out->n - 1].at <= TOKEN_MOST)
            fold(&k->folded, c, 0);
    }
    token_end(k, end);
    return i;
}

// The letter of a run of pairs at or after i; false: the run ends.
static bool next_dense(const char *s, size_t len, size_t *i, size_t *end, uint32_t *c)
{
    while (*i < len) {
        size_t used = utf8_decode(s + *i, len - *i, c);
        enum kind what = kind_of(*c);
        *end = *i + used;
        if (what == DENSE)
            return true;
        if (what != UNSEEN)
            return false;
        *i = *end;
    }
    return false;
}

static size_t take_pairs(struct cutter *k, const char *s, size_t len, size_t i)
{
    uint32_t here, there;
    size_t end = i;
    next_dense(s, len, &i, &end, &here);
    for (bool more = true; more;) {
        size_t next = end, next_end = end;
        more = next_dense(s, len, &next, &next_end, &there);
        struct token *t = token_begin(k, i);
        t->first = (uint8_t)(end - i);
        t->single = !more;
        fold(&k->folded, here, 0);
        if (more)
            fold(&k->folded, there, 0);
        token_end(k, more ? next_end : end);
        if (more) {
            i = next;
            end = next_end;
            here = there;
        }
    }
    return end;
}

struct tokens tokens_new(const char *text, size_t len)
{
    struct tokens out = {0};
    struct cutter k = {.out = &out};
    buf_reserve(&k.folded, len + 1);
    for (size_t i = 0; i < len;) {
        uint32_t c = (unsigned char)text[i];
        size_t used = 1;
        if (c >= 0x80)
            used = utf8_decode(text + i, len - i, &c);
        enum kind what = kind_of(c);
        if (what == WORD)
            i = take_word(&k, text, len, i);
        else if (what == DENSE)
            i = take_pairs(&k, text, len, i);
        else
            i += used;
    }
    out.folded = buf_take(&k.folded, &out.len);
    out.folded[out.len] = '\0';
    return out;
}

void tokens_free(struct tokens *t)
{
    free(t->folded);
    free(t->items);
    *t = (struct tokens){0};
}

// ---- phrases ----

struct phrase phrase_new(const char *typed, size_t len, bool prefix)
{
    struct phrase p = {.words = tokens_new(typed, len), .prefix = prefix};
    size_t n = p.words.n;
    if (!n || !p.words.items[n - 1].single)
        return p;
    // The last letter of a run may go on in the text; it stands in the pair before it already.
    const struct token *last = &p.words.items[n - 1], *before = n > 1 ? last - 1 : NULL;
    if (before && before->first && !before->single) {
        p.words.n--;
        p.prefix = false;
    } else {
        p.prefix = true;
    }
    return p;
}

void phrase_free(struct phrase *p)
{
    tokens_free(&p->words);
}

bool phrase_at(const struct phrase *p, const struct tokens *t, size_t i, struct match *out)
{
    size_t n = p->words.n;
    if (!n || i > t->n || n > t->n - i)
        return false;
    for (size_t k = 0; k < n; k++) {
        const struct token *want = &p->words.items[k], *there = &t->items[i + k];
        bool begins = p->prefix && k == n - 1;
        if ((begins ? there->n < want->n : there->n != want->n) ||
            memcmp(p->words.folded + want->at, t->folded + there->at, want->n) != 0)
            return false;
    }
    const struct token *last = &t->items[i + n - 1];
    bool letter_alone = p->prefix && p->words.items[n - 1].single;
    if (out) {
        out->off = t->items[i].off;
        out->len = last->off + (letter_alone ? last->first : last->len) - out->off;
    }
    return true;
}
