// Character references: the names of HTML that feeds use without declaring them, and numbers. XML
// knows five names; a document that uses another one is not well-formed, and nearly every reader
// takes it all the same.
#include "markup.h"

#include <string.h>

#include "lectern/entity.h"

// What browsers make of numbers 128..159: windows-1252 was meant (HTML, "numeric character
// reference end state").
static const uint16_t c1[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

static size_t number(const char *s, size_t len, uint32_t *cp)
{
    size_t i = 2, digits = 0;
    uint32_t v = 0;
    bool hex = i < len && (s[i] == 'x' || s[i] == 'X');
    if (hex)
        i++;
    for (; i < len; i++, digits++) {
        unsigned char c = (unsigned char)s[i];
        uint32_t d = 99;
        if (c >= '0' && c <= '9')
            d = c - '0';
        else if (hex && (c | 32) >= 'a' && (c | 32) <= 'f')
            d = (c | 32U) - 'a' + 10;
        if (d == 99)
            break;
        if (v <= 0x10FFFF)
            v = v * (hex ? 16 : 10) + d;
    }
    if (!digits)
        return 0;
    if (v >= 0x80 && v <= 0x9F)
        v = c1[v - 0x80];
    if (v == 0 || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        v = 0xFFFD;
    *cp = v;
    return i + (i < len && s[i] == ';');
}

size_t entity_at(const char *s, size_t len, uint32_t *cp)
{
    if (len < 3)
        return 0;
    if (s[1] == '#')
        return number(s, len, cp);
    size_t n = 1;
    while (n < len && n < 33 &&
           ((unsigned char)((s[n] | 32) - 'a') < 26 || (unsigned char)(s[n] - '0') < 10))
        n++;
    if (n == 1 || n >= len || s[n] != ';') // "&copy=2" in an address is no copyright sign
        return 0;
    uint32_t both[2];
    if (entity_find(s + 1, n - 1, both) != 1) // the few that stand for two stay as they are
        return 0;
    *cp = both[0];
    return n + 1;
}

void entity_decode(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        const char *amp = memchr(s + i, '&', len - i);
        size_t until = amp ? (size_t)(amp - s) : len;
        buf_add(out, s + i, until - i);
        if (!amp)
            return;
        uint32_t cp;
        size_t n = entity_at(amp, len - until, &cp);
        if (n)
            buf_utf8(out, cp);
        else
            buf_char(out, '&');
        i = until + (n ? n : 1);
    }
}
