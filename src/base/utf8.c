// UTF-8 as RFC 3629 has it, and the one filter that all text from outside passes.
#include "lectern/utf8.h"

#include <string.h>

#include "lectern/eight.h"

size_t utf8_decode(const char *s, size_t len, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s;
    unsigned char c = p[0];
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    *cp = 0xFFFD;
    if (c < 0xC2 || c > 0xF4 || len < need)
        return 1;
    uint32_t v = c & (0xFF >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 1;
        v = v << 6 | (p[i] & 0x3F);
    }
    if ((need == 3 && v < 0x800) || (need == 4 && v < 0x10000) || v > 0x10FFFF ||
        (v >= 0xD800 && v <= 0xDFFF))
        return 1;
    *cp = v;
    return need;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = 0xFFFD;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_plain(const char *s, size_t len)
{
    size_t i = 0;
    while (i + 32 <= len && !((eight_load(s + i) | eight_load(s + i + 8) | eight_load(s + i + 16) |
                               eight_load(s + i + 24)) &
                              EIGHT_TOPS))
        i += 32;
    while (i + 8 <= len && !(eight_load(s + i) & EIGHT_TOPS))
        i += 8;
    while (i < len && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

bool utf8_valid(const char *s, size_t len)
{
    for (size_t i = 0; (i += utf8_plain(s + i, len - i)) < len;) {
        uint32_t cp;
        size_t n = utf8_decode(s + i, len - i, &cp);
        if (n == 1)
            return false;
        i += n;
    }
    return true;
}

// Steers text unseen, or is no character at all.
static bool is_steering(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0x206A && c <= 0x206F) || (c >= 0xFFF9 && c <= 0xFFFB) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE007F) || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

// Invisible, without harm in running text, and of no use in titles and addresses.
static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0x200B || c == 0x2060 || c == 0x180E || c == 0x200E || c == 0x200F ||
           c == 0x61C || (c >= 0x2061 && c <= 0x2064);
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x205F || c == 0x3000;
}

void utf8_clean(struct buf *out, const char *s, size_t len, enum utf8_mode mode)
{
    size_t start = out->len;
    bool gap = false; // LINE: a blank is owed before the next character
    buf_reserve(out, len);
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t c;
        unsigned char byte = (unsigned char)s[i];
        if (byte > 0x20 && byte < 0x7F && !gap) { // the long stretches of plain text
            size_t j = i + 1;
            while (j < len && (unsigned char)s[j] > 0x20 && (unsigned char)s[j] < 0x7F)
                j++;
            buf_add(out, s + i, j - i);
            n = j - i;
            continue;
        }
        n = utf8_decode(s + i, len - i, &c);
        if (mode == UTF8_TEXT) {
            if (c == '\r') {
                if (i + 1 < len && s[i + 1] == '\n')
                    n = 2;
                c = '\n';
            } else if (c == 0x2028 || c == 0x2029 || c == 0x85 || c == '\f' || c == '\v') {
                c = '\n';
            }
            if (c != '\n' && c != '\t' && (c < 0x20 || (c >= 0x7F && c < 0xA0) || is_steering(c)))
                continue;
            buf_utf8(out, c);
            continue;
        }
        bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
        if (is_steering(c) || is_invisible(c))
            continue;
        if (control || is_blank(c) || (mode == UTF8_ADDRESS && c == 0xA0)) {
            gap = mode == UTF8_LINE && out->len > start;
            continue;
        }
        if (gap)
            buf_char(out, ' ');
        gap = false;
        buf_utf8(out, c);
    }
}

char *utf8_clean_dup(const char *s, size_t len, enum utf8_mode mode)
{
    struct buf b = {0};
    utf8_clean(&b, s, len, mode);
    return buf_take(&b, NULL);
}
