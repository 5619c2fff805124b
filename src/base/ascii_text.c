// Text in ASCII, letter by letter from the table of ascii.c, but for what depends on the language
// or on the letters beside it: "ü" is "ue" in German, the Greek upsilon is a "u" after another
// vowel, a half after a three is not thirty-one halves, Hebrew and Arabic write some consonants
// where they mean vowels. What has no stand-in is a single "?", however many such letters follow
// each other: rows of question marks tell no more.
#include "lectern/utf8.h"

#include <string.h>
#include <unictype.h>

static const struct custom {
    char language[4];
    uint16_t cp;
    char text[6], caps[6]; // beside another large letter; "": the same
} customs[] = {
    {"de", 0xC4, "Ae", "AE"}, {"de", 0xD6, "Oe", "OE"}, {"de", 0xDC, "Ue", "UE"},
    {"de", 0xE4, "ae", ""},   {"de", 0xF6, "oe", ""},   {"de", 0xFC, "ue", ""},
    {"da", 0xC5, "Aa", "AA"}, {"da", 0xE5, "aa", ""},   {"da", 0xD8, "Oe", "OE"},
    {"da", 0xF8, "oe", ""},   {"nb", 0xC5, "Aa", "AA"}, {"nb", 0xE5, "aa", ""},
    {"nb", 0xD8, "Oe", "OE"}, {"nb", 0xF8, "oe", ""},   {"no", 0xC5, "Aa", "AA"},
    {"no", 0xE5, "aa", ""},   {"no", 0xD8, "Oe", "OE"}, {"no", 0xF8, "oe", ""},
    {"uk", 0x418, "Y", ""},   {"uk", 0x438, "y", ""},   {"uk", 0x413, "H", ""},
    {"uk", 0x433, "h", ""},   {"uk", 0x42C, "", ""},    {"uk", 0x44C, "", ""},
    {"be", 0x413, "H", ""},   {"be", 0x433, "h", ""},   {"bg", 0x429, "Sht", "SHT"},
    {"bg", 0x449, "sht", ""}, {"bg", 0x42A, "A", ""},   {"bg", 0x44A, "a", ""},
    {"bg", 0x425, "H", ""},   {"bg", 0x445, "h", ""},   {"sr", 0x425, "H", ""},
    {"sr", 0x445, "h", ""},   {"sr", 0x426, "C", ""},   {"sr", 0x446, "c", ""},
    {"sr", 0x416, "Z", ""},   {"sr", 0x436, "z", ""},   {"sr", 0x427, "C", ""},
    {"sr", 0x447, "c", ""},   {"sr", 0x428, "S", ""},   {"sr", 0x448, "s", ""},
    {"mk", 0x425, "H", ""},   {"mk", 0x445, "h", ""},   {"mk", 0x426, "C", ""},
    {"mk", 0x446, "c", ""},
};

// What stands beside a character: the next letter on either side, marks left out; 0 at the ends.
struct beside {
    uint32_t before, before_that, after;
};

// No letter has more marks than this: who puts down thousands is not to be looked through for each.
enum { MARKS_MOST = 16 };

static uint32_t letter_before(const char *s, size_t *at)
{
    for (int i = 0; *at > 0 && i <= MARKS_MOST; i++) {
        size_t p = *at - 1;
        uint32_t cp;
        while (p > 0 && ((unsigned char)s[p] & 0xC0) == 0x80)
            p--;
        utf8_decode(s + p, *at - p, &cp);
        *at = p;
        if (utf8_char_cols(cp) != 0)
            return cp;
    }
    return 0;
}

static uint32_t letter_after(const char *s, size_t len, size_t at)
{
    for (int i = 0; at < len && i <= MARKS_MOST; i++) {
        uint32_t cp;
        at += utf8_decode(s + at, len - at, &cp);
        if (utf8_char_cols(cp) != 0)
            return cp;
    }
    return 0;
}

static bool is_large(uint32_t cp)
{
    return cp && uc_is_general_category(cp, UC_UPPERCASE_LETTER);
}

static const char *custom_of(uint32_t cp, const struct beside *b, const char *language)
{
    size_t n = language ? strcspn(language, "-_") : 0;
    if (n < 2 || n > 3)
        return NULL;
    for (size_t i = 0; i < sizeof customs / sizeof *customs; i++) {
        const struct custom *c = &customs[i];
        if (c->cp == cp && strncmp(c->language, language, n) == 0 && c->language[n] == '\0')
            return c->caps[0] && (is_large(b->after) || (!b->after && is_large(b->before)))
                       ? c->caps
                       : c->text;
    }
    return NULL;
}

static bool is_greek(uint32_t cp)
{
    return (cp >= 0x370 && cp <= 0x3FF) || (cp >= 0x1F00 && cp <= 0x1FFF);
}

// "ου" is "ou", "γγ" is "ng".
static const char *greek(uint32_t cp, const struct beside *b)
{
    if (cp == 0xB7) // the Greek semicolon
        return ";";
    if (cp == 0x3B3 && (b->after == 0x3B3 || b->after == 0x3BE || b->after == 0x3C7))
        return "n";
    const char *vowel = utf8_ascii(b->before);
    if ((cp == 0x3C5 || cp == 0x3CD || cp == 0x1F7B || cp == 0x1FE6 ||
         (cp >= 0x1F50 && cp <= 0x1F57)) &&
        is_greek(b->before) && vowel && strchr("aeoAEO", *vowel) && vowel[0] && !vowel[1] &&
        b->before != 0x3C9 && b->before != 0x3B7)
        return "u";
    return NULL;
}

static bool is_hebrew(uint32_t cp)
{
    return cp >= 0x5D0 && cp <= 0x5EA;
}

static bool is_arabic(uint32_t cp)
{
    return (cp >= 0x620 && cp <= 0x64A) || (cp >= 0x66E && cp <= 0x6D5);
}

static bool is_alef(uint32_t cp)
{
    return cp == 0x627 || cp == 0x622 || cp == 0x649;
}

// Waw and yod within a word are vowels more often than not.
static const char *semitic(uint32_t cp, const struct beside *b, const char *language)
{
    if (is_hebrew(b->before)) {
        if (cp == 0x5D5)
            return b->before == 0x5D5 ? "" : b->after == 0x5D5 ? "v" : "o";
        if (cp == 0x5D9)
            return b->before == 0x5D9 ? "" : "i";
    }
    if (!is_arabic(b->before))
        return NULL;
    bool vowel = is_alef(b->before) || is_alef(b->after);
    if (cp == 0x648 && !vowel)
        return "u";
    if ((cp == 0x64A || cp == 0x6CC) && !vowel)
        return "i";
    bool persian = language && (strncmp(language, "fa", 2) == 0 || strncmp(language, "ur", 2) == 0);
    if (cp == 0x644 && b->before == 0x627 && !is_arabic(b->before_that) && is_arabic(b->after) &&
        !persian)
        return "l-"; // the article
    return NULL;
}

// Devanagari: a consonant has an "a" unless another vowel, or the sign for none, is written at it,
// or the word ends.
static const char *devanagari(const char *s, size_t len, size_t at, uint32_t cp,
                              const struct beside *b)
{
    static const char consonants[][2][5] =
        {{"k", "ka"},     {"kh", "kha"}, {"g", "ga"},   {"gh", "gha"}, {"ng", "nga"}, {"ch", "cha"},
         {"chh", "chha"}, {"j", "ja"},   {"jh", "jha"}, {"ny", "nya"}, {"t", "ta"},   {"th", "tha"},
         {"d", "da"},     {"dh", "dha"}, {"n", "na"},   {"t", "ta"},   {"th", "tha"}, {"d", "da"},
         {"dh", "dha"},   {"n", "na"},   {"n", "na"},   {"p", "pa"},   {"ph", "pha"}, {"b", "ba"},
         {"bh", "bha"},   {"m", "ma"},   {"y", "ya"},   {"r", "ra"},   {"r", "ra"},   {"l", "la"},
         {"l", "la"},     {"l", "la"},   {"v", "va"},   {"sh", "sha"}, {"sh", "sha"}, {"s", "sa"},
         {"h", "ha"}},
                      dotted[][2][5] = {{"q", "qa"}, {"kh", "kha"}, {"gh", "gha"}, {"z", "za"},
                                        {"r", "ra"}, {"rh", "rha"}, {"f", "fa"},   {"y", "ya"}};
    bool letter = cp >= 0x915 && cp <= 0x939;
    if (!letter && !(cp >= 0x958 && cp <= 0x95F))
        return NULL;
    const char(*as)[5] = letter ? consonants[cp - 0x915] : dotted[cp - 0x958];
    uint32_t next = 0;
    for (size_t p = at + 3; p < len;) {
        static const uint16_t dots[] = {0x915, 0x916, 0x917, 0x91C, 0x921, 0x922, 0x92B, 0x92F};
        p += utf8_decode(s + p, len - p, &next);
        if (next != 0x93C) // a dot of its own makes another letter
            break;
        for (size_t i = 0; i < sizeof dots / sizeof *dots; i++)
            as = cp == dots[i] ? dotted[i] : as;
    }
    bool vowel = (next >= 0x93E && next <= 0x94D) || next == 0x962 || next == 0x963;
    bool last = !(next >= 0x900 && next <= 0x963) && b->before >= 0x900 && b->before <= 0x97F;
    return as[vowel || last ? 0 : 1];
}

// A fraction is parted from the number before it.
static const char *fraction(uint32_t cp, const struct beside *b)
{
    static const struct {
        uint16_t cp;
        char text[6];
    } parted[] = {{0xBC, " 1/4"},   {0xBD, " 1/2"},   {0xBE, " 3/4"},   {0x2153, " 1/3"},
                  {0x2154, " 2/3"}, {0x2155, " 1/5"}, {0x2156, " 2/5"}, {0x2157, " 3/5"},
                  {0x2158, " 4/5"}, {0x2159, " 1/6"}, {0x215A, " 5/6"}, {0x215B, " 1/8"},
                  {0x215C, " 3/8"}, {0x215D, " 5/8"}, {0x215E, " 7/8"}};
    if (uc_decimal_value(b->before) < 0)
        return NULL;
    for (size_t i = 0; i < sizeof parted / sizeof *parted; i++)
        if (parted[i].cp == cp)
            return parted[i].text;
    return NULL;
}

size_t utf8_ascii_at(const char *s, size_t len, size_t at, const char *language, const char **text)
{
    uint32_t cp, last = 0;
    size_t n = utf8_decode(s + at, len - at, &cp), p = at;
    const char *t = NULL;
    struct beside b = {.after = letter_after(s, len, at + n)};
    b.before = letter_before(s, &p);
    b.before_that = letter_before(s, &p);
    t = custom_of(cp, &b, language);
    if (!t && (is_greek(cp) || cp == 0xB7) && is_greek(b.before))
        t = greek(cp, &b);
    if (!t && (is_hebrew(cp) || is_arabic(cp)))
        t = semitic(cp, &b, language);
    if (!t && cp >= 0x900 && cp <= 0x97F)
        t = devanagari(s, len, at, cp, &b);
    if (!t)
        t = fraction(cp, &b);
    if (!t && at >= 3 && utf8_decode(s + at - 3, 3, &last) == 3 && last == 0x200D &&
        uc_is_property(cp, UC_PROPERTY_EXTENDED_PICTOGRAPHIC))
        t = ""; // it is joined to the picture before
    if (!t)
        t = utf8_ascii(cp);
    if (!t)
        t = b.before >= 0x80 && at > 0 && !utf8_ascii(b.before) ? "" : "?";
    *text = t;
    return n;
}

void utf8_to_ascii(struct buf *out, const char *s, size_t len)
{
    buf_reserve(out, len);
    for (size_t i = 0, n; i < len; i += n) {
        if ((unsigned char)s[i] < 0x80) { // newlines and tabs too
            n = 1;
            while (i + n < len && (unsigned char)s[i + n] < 0x80)
                n++;
            buf_add(out, s + i, n);
            continue;
        }
        const char *text;
        n = utf8_ascii_at(s, len, i, NULL, &text);
        buf_str(out, text);
    }
}
