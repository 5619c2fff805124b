// Text for terminals that show nothing beyond ASCII. What has a customary spelling is in the table
// (quotes, dashes, fractions, currencies, Greek and Cyrillic letters); everything else that Unicode
// takes apart into one ASCII character and marks (letters with accents, full-width forms, circled
// digits) is found there and needs no table.
#include "lectern/utf8.h"

#include <string.h>
#include <unictype.h>
#include <uninorm.h>

static const struct stand_in {
    uint16_t cp;
    char text[10];
} stand_ins[] = {
    {0xA1, "!"},       {0xA2, "c"},       {0xA3, "GBP"},        {0xA5, "JPY"},
    {0xA6, "|"},       {0xA7, "S."},      {0xA9, "(c)"},        {0xAB, "<<"},
    {0xAC, "not "},    {0xAD, ""},        {0xAE, "(R)"},        {0xAF, "-"},
    {0xB0, "deg"},     {0xB1, "+-"},      {0xB4, "'"},          {0xB5, "u"},
    {0xB6, "P."},      {0xB7, "-"},       {0xBB, ">>"},         {0xBC, "1/4"},
    {0xBD, "1/2"},     {0xBE, "3/4"},     {0xBF, "?"},          {0xC6, "AE"},
    {0xD0, "D"},       {0xD7, "x"},       {0xD8, "O"},          {0xDE, "Th"},
    {0xDF, "ss"},      {0xE6, "ae"},      {0xF0, "d"},          {0xF7, "/"},
    {0xF8, "o"},       {0xFE, "th"},      {0x110, "D"},         {0x111, "d"},
    {0x126, "H"},      {0x127, "h"},      {0x131, "i"},         {0x132, "IJ"},
    {0x133, "ij"},     {0x138, "k"},      {0x13F, "L"},         {0x140, "l"},
    {0x141, "L"},      {0x142, "l"},      {0x149, "'n"},        {0x14A, "Ng"},
    {0x14B, "ng"},     {0x152, "OE"},     {0x153, "oe"},        {0x166, "T"},
    {0x167, "t"},      {0x17F, "s"},      {0x180, "b"},         {0x18F, "E"},
    {0x192, "f"},      {0x1C0, "|"},      {0x1DD, "e"},         {0x237, "j"},
    {0x259, "e"},      {0x2B9, "'"},      {0x2BA, "\""},        {0x2BB, "'"},
    {0x2BC, "'"},      {0x2BD, "'"},      {0x2BE, "'"},         {0x2BF, "'"},
    {0x2C6, "^"},      {0x2C8, "'"},      {0x2D0, ":"},         {0x2DC, "~"},
    {0x37E, ";"},      {0x387, "-"},      {0x391, "A"},         {0x392, "B"},
    {0x393, "G"},      {0x394, "D"},      {0x395, "E"},         {0x396, "Z"},
    {0x397, "I"},      {0x398, "Th"},     {0x399, "I"},         {0x39A, "K"},
    {0x39B, "L"},      {0x39C, "M"},      {0x39D, "N"},         {0x39E, "X"},
    {0x39F, "O"},      {0x3A0, "P"},      {0x3A1, "R"},         {0x3A3, "S"},
    {0x3A4, "T"},      {0x3A5, "Y"},      {0x3A6, "F"},         {0x3A7, "Ch"},
    {0x3A8, "Ps"},     {0x3A9, "O"},      {0x3B1, "a"},         {0x3B2, "b"},
    {0x3B3, "g"},      {0x3B4, "d"},      {0x3B5, "e"},         {0x3B6, "z"},
    {0x3B7, "i"},      {0x3B8, "th"},     {0x3B9, "i"},         {0x3BA, "k"},
    {0x3BB, "l"},      {0x3BC, "m"},      {0x3BD, "n"},         {0x3BE, "x"},
    {0x3BF, "o"},      {0x3C0, "p"},      {0x3C1, "r"},         {0x3C2, "s"},
    {0x3C3, "s"},      {0x3C4, "t"},      {0x3C5, "y"},         {0x3C6, "f"},
    {0x3C7, "ch"},     {0x3C8, "ps"},     {0x3C9, "o"},         {0x401, "Yo"},
    {0x402, "Dj"},     {0x403, "Gj"},     {0x404, "Ye"},        {0x405, "Dz"},
    {0x406, "I"},      {0x407, "Yi"},     {0x408, "J"},         {0x409, "Lj"},
    {0x40A, "Nj"},     {0x40B, "C"},      {0x40C, "Kj"},        {0x40E, "U"},
    {0x40F, "Dzh"},    {0x410, "A"},      {0x411, "B"},         {0x412, "V"},
    {0x413, "G"},      {0x414, "D"},      {0x415, "E"},         {0x416, "Zh"},
    {0x417, "Z"},      {0x418, "I"},      {0x419, "Y"},         {0x41A, "K"},
    {0x41B, "L"},      {0x41C, "M"},      {0x41D, "N"},         {0x41E, "O"},
    {0x41F, "P"},      {0x420, "R"},      {0x421, "S"},         {0x422, "T"},
    {0x423, "U"},      {0x424, "F"},      {0x425, "Kh"},        {0x426, "Ts"},
    {0x427, "Ch"},     {0x428, "Sh"},     {0x429, "Shch"},      {0x42A, ""},
    {0x42B, "Y"},      {0x42C, "'"},      {0x42D, "E"},         {0x42E, "Yu"},
    {0x42F, "Ya"},     {0x430, "a"},      {0x431, "b"},         {0x432, "v"},
    {0x433, "g"},      {0x434, "d"},      {0x435, "e"},         {0x436, "zh"},
    {0x437, "z"},      {0x438, "i"},      {0x439, "y"},         {0x43A, "k"},
    {0x43B, "l"},      {0x43C, "m"},      {0x43D, "n"},         {0x43E, "o"},
    {0x43F, "p"},      {0x440, "r"},      {0x441, "s"},         {0x442, "t"},
    {0x443, "u"},      {0x444, "f"},      {0x445, "kh"},        {0x446, "ts"},
    {0x447, "ch"},     {0x448, "sh"},     {0x449, "shch"},      {0x44A, ""},
    {0x44B, "y"},      {0x44C, "'"},      {0x44D, "e"},         {0x44E, "yu"},
    {0x44F, "ya"},     {0x451, "yo"},     {0x452, "dj"},        {0x453, "gj"},
    {0x454, "ye"},     {0x455, "dz"},     {0x456, "i"},         {0x457, "yi"},
    {0x458, "j"},      {0x459, "lj"},     {0x45A, "nj"},        {0x45B, "c"},
    {0x45C, "kj"},     {0x45E, "u"},      {0x45F, "dzh"},       {0x490, "G"},
    {0x491, "g"},      {0x5BE, "-"},      {0x5F3, "'"},         {0x5F4, "\""},
    {0x60C, ","},      {0x61B, ";"},      {0x61F, "?"},         {0x66A, "%"},
    {0x66B, "."},      {0x66C, ","},      {0x6D4, "."},         {0x964, "."},
    {0x965, "."},      {0x2010, "-"},     {0x2011, "-"},        {0x2012, "-"},
    {0x2013, "-"},     {0x2014, "--"},    {0x2015, "--"},       {0x2016, "||"},
    {0x2017, "_"},     {0x2018, "'"},     {0x2019, "'"},        {0x201A, ","},
    {0x201B, "'"},     {0x201C, "\""},    {0x201D, "\""},       {0x201E, "\""},
    {0x201F, "\""},    {0x2020, "+"},     {0x2021, "++"},       {0x2022, "*"},
    {0x2023, ">"},     {0x2024, "."},     {0x2025, ".."},       {0x2026, "..."},
    {0x2027, "-"},     {0x2030, "0/00"},  {0x2032, "'"},        {0x2033, "\""},
    {0x2034, "'''"},   {0x2035, "`"},     {0x2036, "\""},       {0x2039, "<"},
    {0x203A, ">"},     {0x203B, "*"},     {0x203C, "!!"},       {0x203D, "?!"},
    {0x203F, "_"},     {0x2042, "* * *"}, {0x2043, "-"},        {0x2044, "/"},
    {0x2047, "\?\?"},  {0x2048, "?!"},    {0x2049, "!?"},       {0x204E, "*"},
    {0x2051, "**"},    {0x2053, "~"},     {0x20A4, "L"},        {0x20A6, "NGN"},
    {0x20A9, "KRW"},   {0x20AA, "ILS"},   {0x20AB, "VND"},      {0x20AC, "EUR"},
    {0x20B1, "PHP"},   {0x20B4, "UAH"},   {0x20B9, "INR"},      {0x20BA, "TRY"},
    {0x20BD, "RUB"},   {0x20BF, "BTC"},   {0x2103, "degC"},     {0x2109, "degF"},
    {0x2116, "No."},   {0x2117, "(P)"},   {0x2120, "SM"},       {0x2122, "TM"},
    {0x2126, "Ohm"},   {0x212E, "e"},     {0x2153, "1/3"},      {0x2154, "2/3"},
    {0x2155, "1/5"},   {0x2156, "2/5"},   {0x2157, "3/5"},      {0x2158, "4/5"},
    {0x2159, "1/6"},   {0x215A, "5/6"},   {0x215B, "1/8"},      {0x215C, "3/8"},
    {0x215D, "5/8"},   {0x215E, "7/8"},   {0x2190, "<-"},       {0x2191, "^"},
    {0x2192, "->"},    {0x2193, "v"},     {0x2194, "<->"},      {0x2197, "/^"},
    {0x21A9, "<-"},    {0x21AA, "->"},    {0x21B5, "<-"},       {0x21D0, "<="},
    {0x21D2, "=>"},    {0x21D4, "<=>"},   {0x2200, "for all "}, {0x2203, "exists "},
    {0x2208, " in "},  {0x2211, "sum "},  {0x2212, "-"},        {0x2213, "-+"},
    {0x2215, "/"},     {0x2217, "*"},     {0x2218, "o"},        {0x2219, "-"},
    {0x221A, "sqrt "}, {0x221E, "inf"},   {0x2223, "|"},        {0x2225, "||"},
    {0x2227, "^"},     {0x2228, "v"},     {0x222B, "int "},     {0x2236, ":"},
    {0x223C, "~"},     {0x2243, "~="},    {0x2245, "~="},       {0x2248, "~"},
    {0x2260, "!="},    {0x2261, "=="},    {0x2264, "<="},       {0x2265, ">="},
    {0x226A, "<<"},    {0x226B, ">>"},    {0x22C5, "-"},        {0x22EE, ":"},
    {0x22EF, "..."},   {0x25A0, "#"},     {0x25A1, "[]"},       {0x25A3, "#"},
    {0x25AA, "-"},     {0x25AB, "-"},     {0x25B2, "^"},        {0x25B6, ">"},
    {0x25B8, ">"},     {0x25BA, ">"},     {0x25BC, "v"},        {0x25BE, "v"},
    {0x25C0, "<"},     {0x25C6, "*"},     {0x25C7, "*"},        {0x25C9, "(o)"},
    {0x25CA, "*"},     {0x25CB, "o"},     {0x25CF, "*"},        {0x25D0, "o"},
    {0x25E6, "o"},     {0x2605, "*"},     {0x2606, "*"},        {0x2610, "[ ]"},
    {0x2611, "[x]"},   {0x2612, "[x]"},   {0x2639, ":("},       {0x263A, ":)"},
    {0x2665, "<3"},    {0x266A, "~"},     {0x266B, "~"},        {0x266D, "b"},
    {0x266F, "#"},     {0x2713, "v"},     {0x2714, "v"},        {0x2715, "x"},
    {0x2716, "x"},     {0x2717, "x"},     {0x2718, "x"},        {0x2733, "*"},
    {0x2736, "*"},     {0x273B, "*"},     {0x2753, "?"},        {0x2756, "*"},
    {0x2757, "!"},     {0x2764, "<3"},    {0x2766, "*"},        {0x2767, "*"},
    {0x27F5, "<--"},   {0x27F6, "-->"},   {0x2BFC, "#"},        {0x3000, "  "},
    {0x3001, ", "},    {0x3002, ". "},    {0x3003, "\""},       {0x3008, "<"},
    {0x3009, ">"},     {0x300A, "<<"},    {0x300B, ">>"},       {0x300C, "\""},
    {0x300D, "\""},    {0x300E, "\""},    {0x300F, "\""},       {0x3010, "["},
    {0x3011, "]"},     {0x3014, "["},     {0x3015, "]"},        {0x301C, "~"},
    {0x30FB, "-"},     {0xFB00, "ff"},    {0xFB01, "fi"},       {0xFB02, "fl"},
    {0xFB03, "ffi"},   {0xFB04, "ffl"},   {0xFB05, "st"},       {0xFB06, "st"},
    {0xFFFD, "?"},
};

// Strings of one character for what decomposes to it.
static const char printable[][2] = {
    " ", "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", "+", ",",  "-", ".", "/",
    "0", "1", "2",  "3", "4", "5", "6", "7", "8", "9", ":", ";", "<",  "=", ">", "?",
    "@", "A", "B",  "C", "D", "E", "F", "G", "H", "I", "J", "K", "L",  "M", "N", "O",
    "P", "Q", "R",  "S", "T", "U", "V", "W", "X", "Y", "Z", "[", "\\", "]", "^", "_",
    "`", "a", "b",  "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",  "m", "n", "o",
    "p", "q", "r",  "s", "t", "u", "v", "w", "x", "y", "z", "{", "|",  "}", "~"};

static const char *in_table(uint32_t cp)
{
    size_t lo = 0, hi = sizeof stand_ins / sizeof *stand_ins;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (stand_ins[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < sizeof stand_ins / sizeof *stand_ins && stand_ins[lo].cp == cp ? stand_ins[lo].text
                                                                               : NULL;
}

// Lines, corners and blocks: U+2500 to U+259F.
static const char *drawn(uint32_t cp)
{
    if (cp >= 0x2580)
        return "#";
    if (cp <= 0x250B) // two lines across, two down, and the same again dashed in three and in four
        return (cp & 2) != 0 ? "|" : "-";
    if (cp == 0x2550 || cp == 0x254C || cp == 0x254D || cp == 0x2574 || cp == 0x2576)
        return "-";
    if (cp == 0x2551 || cp == 0x254E || cp == 0x254F || cp == 0x2575 || cp == 0x2577)
        return "|";
    return "+";
}

const char *utf8_ascii(uint32_t cp)
{
    // Three steps are enough for the deepest decomposition that ends in ASCII.
    for (int depth = 0; depth < 4; depth++) {
        if (cp >= 0x20 && cp < 0x7F)
            return printable[cp - 0x20];
        const char *text = in_table(cp);
        if (text)
            return text;
        if (cp >= 0x2500 && cp <= 0x259F)
            return drawn(cp);
        if (utf8_char_cols(cp) == 0)
            return "";
        int tag;
        ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
        int n = uc_decomposition(cp, &tag, parts);
        if (n < 1)
            return NULL;
        for (int i = 1; i < n; i++)
            if (utf8_char_cols(parts[i]) != 0)
                return NULL; // more letters than one string of the table can give
        cp = parts[0];
    }
    return NULL;
}

void utf8_to_ascii(struct buf *out, const char *s, size_t len)
{
    buf_reserve(out, len);
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t cp;
        if ((unsigned char)s[i] < 0x80) { // newlines and tabs too
            n = 1;
            while (i + n < len && (unsigned char)s[i + n] < 0x80)
                n++;
            buf_add(out, s + i, n);
            continue;
        }
        n = utf8_decode(s + i, len - i, &cp);
        const char *text = utf8_ascii(cp);
        buf_str(out, text ? text : "?");
    }
}
