// Plain search over UTF-8, code point by code point, each folded to what a keyboard has. See
// match.h.
#include "lectern/match.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

uint32_t match_fold(uint32_t c, bool exact)
{
    if (c < 0x80)
        return c == '\n' || c == '\t' ? ' ' : !exact && c >= 'A' && c <= 'Z' ? c + 32 : c;
    switch (c) {
    case 0xA0:
    case 0x202F:
    case 0x2009:
        return ' ';
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x201C:
    case 0x201D:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2013:
    case 0x2014:
        return '-';
    default:
        return exact ? c : uc_tolower(c);
    }
}

struct pattern pattern_new(const char *what)
{
    struct pattern p = {0};
    size_t len = strlen(what), cap = 0;
    for (size_t i = 0; i < len;) {
        uint32_t c;
        i += utf8_decode(what + i, len - i, &c);
        if (c >= 0x80 ? uc_tolower(c) != c : c >= 'A' && c <= 'Z')
            p.exact = true;
    }
    for (size_t i = 0; i < len;) {
        uint32_t c;
        i += utf8_decode(what + i, len - i, &c);
        p.cp = mem_grow(p.cp, &cap, p.n + 1, sizeof *p.cp);
        p.cp[p.n++] = match_fold(c, p.exact);
    }
    return p;
}

void pattern_free(struct pattern *p)
{
    free(p->cp);
    *p = (struct pattern){0};
}

// Bytes of a match that begins at s; 0: none. Soft hyphens in the text are not there for it.
static size_t match_here(const struct pattern *p, const char *s, size_t len)
{
    size_t at = 0;
    for (size_t k = 0; k < p->n;) {
        uint32_t c;
        if (at >= len)
            return 0;
        at += utf8_decode(s + at, len - at, &c);
        if (c == 0xAD && k > 0)
            continue;
        if (match_fold(c, p->exact) != p->cp[k++])
            return 0;
    }
    return at;
}

bool match_next(const struct pattern *p, const char *text, size_t len, size_t from,
                struct match *out)
{
    for (size_t i = from; p->n && i < len;) {
        size_t n = match_here(p, text + i, len - i);
        if (n) {
            *out = (struct match){i, n};
            return true;
        }
        uint32_t c;
        i += utf8_decode(text + i, len - i, &c);
    }
    return false;
}
