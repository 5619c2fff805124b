// Plain text does not need the parser, which reads it a character at a time and takes most of its
// time for it. So long stretches of it, in text and in attributes, are lifted out of the source, a
// short mark in the place of each, and put back into what the parser made of the rest. The mark is
// a character that no text uses and the number of the stretch: wherever it comes out it is known
// again. Pictures drawn in SVG, which nothing here shows, and attributes that nobody asks for are
// left out.
#include "html.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/entity.h"

#define MARK "\xf4\x8f\xbf\xb0" // U+10FFF0: private use
enum { MARK_LEN = 4, DIGITS = 5, TOKEN = MARK_LEN + DIGITS, LEAST = 24, LEAST_VALUE = 16 };

static void put_run(struct html_lift *l, const char *s, size_t len)
{
    char token[TOKEN];
    memcpy(token, MARK, MARK_LEN);
    size_t n = l->nruns;
    for (int i = DIGITS; i-- > 0; n >>= 5)
        token[MARK_LEN + i] = (char)('A' + (n & 31)); // 'A' to '`': nothing that means something
    l->runs = mem_grow(l->runs, &l->runs_cap, l->nruns + 1, sizeof *l->runs);
    l->runs[l->nruns].s = s;
    l->runs[l->nruns++].len = len;
    buf_add(&l->html, token, TOKEN);
}

static bool white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

// The name at an "&": how many characters it stands for, and the bytes it takes. The parser knows
// the names of HTML 4; HTML has a few more by now. In text old names stand without their ";" too
// ("&copy 2024"); in addresses that is a word.
static int named_entity(const char *amp, const char *end, bool text, uint32_t cp[2], size_t *len)
{
    size_t n = 1, most = end - amp < 34 ? (size_t)(end - amp) : 34;
    while (n < most &&
           ((amp[n] >= '0' && amp[n] <= '9') || ((amp[n] | 32) >= 'a' && (amp[n] | 32) <= 'z')))
        n++;
    bool ends = n < most && amp[n] == ';';
    int ncp = n > 1 && (ends || text) ? entity_find(amp + 1, n - 1, cp) : 0;
    *len = n + ends;
    return ncp && !ends && (cp[0] < 0xA0 || cp[0] > 0xFF) ? 0 : ncp;
}

// Returns where the name ends. A number, or what is no name, is the parser's affair.
static const char *put_entity(struct html_lift *l, const char *amp, const char *end, bool text)
{
    uint32_t cp[2];
    size_t n;
    int ncp = named_entity(amp, end, text, cp, &n);
    for (int i = 0; i < ncp; i++)
        buf_printf(&l->html, "&#%u;", cp[i]);
    if (!ncp)
        buf_char(&l->html, '&');
    return amp + (ncp ? n : 1);
}

// A number as the parser reads it: "&#38;", "&#x26;", the ";" may be missing. Returns where it
// ends; *cp is 0 where it is no character.
static const char *read_number(const char *s, const char *end, uint32_t *cp)
{
    uint32_t base = end - s > 2 && (s[2] | 32) == 'x' ? 16 : 10, v = 0;
    for (s += base == 16 ? 3 : 2; s < end; s++) {
        uint32_t c = (unsigned char)*s, digit = c - '0';
        if (digit > 9)
            digit = (c | 32) >= 'a' ? (c | 32) - 'a' + 10 : base;
        if (digit >= base)
            break;
        v = v < 0x110000 ? v * base + digit : v;
    }
    bool fine = v == '\t' || v == '\n' || v == '\r' || (v >= ' ' && v < 0xD800) ||
                (v >= 0xE000 && v < 0x110000 && v != 0xFFFE && v != 0xFFFF);
    *cp = fine ? v : 0;
    return s + (s < end && *s == ';');
}

// A stretch with its entities read as the parser reads them. False where that is better left to it.
static bool read_entities(struct buf *out, const char *s, const char *end, bool text)
{
    for (const char *amp; (amp = memchr(s, '&', (size_t)(end - s)));) {
        uint32_t cp[2];
        buf_add(out, s, (size_t)(amp - s));
        if (end - amp > 1 && amp[1] == '#') {
            s = read_number(amp, end, cp);
            if (cp[0])
                buf_utf8(out, text ? html_windows(cp[0]) : cp[0]);
            else if (!text)
                return false;
            continue;
        }
        size_t len;
        int n = named_entity(amp, end, text, cp, &len);
        for (int i = 0; i < n; i++)
            buf_utf8(out, cp[i]);
        if (!n)
            buf_char(out, '&');
        s = amp + (n ? len : 1);
    }
    buf_add(out, s, (size_t)(end - s));
    return true;
}

// [s, end) as a run; its entities are read first. False where that is better left to the parser.
static bool put_stretch(struct html_lift *l, const char *s, const char *end, bool text)
{
    if (!memchr(s, '&', (size_t)(end - s))) {
        put_run(l, s, (size_t)(end - s));
        return true;
    }
    buf_clear(&l->read);
    if (!read_entities(&l->read, s, end, text))
        return false;
    if (!l->values)
        l->values = arena_new();
    put_run(l, arena_strndup(l->values, buf_cstr(&l->read), l->read.len), l->read.len);
    return true;
}

// What stands between quotes in a tag.
static void put_value(struct html_lift *l, const char *s, const char *end)
{
    if (end - s >= LEAST_VALUE && put_stretch(l, s, end, false))
        return;
    for (const char *amp; (amp = memchr(s, '&', (size_t)(end - s)));) {
        buf_add(&l->html, s, (size_t)(amp - s));
        s = put_entity(l, amp, end, false);
    }
    buf_add(&l->html, s, (size_t)(end - s));
}

// Text up to the next tag, without the white space around it.
static void put_text(struct html_lift *l, const char *s, const char *end)
{
    const char *from = s, *to = end;
    while (from < end && white(*from))
        from++;
    while (to > from && white(to[-1]))
        to--;
    if (to - from >= LEAST) {
        buf_add(&l->html, s, (size_t)(from - s));
        put_stretch(l, from, to, true);
        s = to;
    }
    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s));
        buf_add(&l->html, s, (size_t)((amp ? amp : end) - s));
        s = amp ? put_entity(l, amp, end, true) : end;
    }
}

static bool starts_name(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == ':' || c == '.';
}

static bool name_char(char c)
{
    return starts_name(c) || (c >= '0' && c <= '9') || c == '-';
}

static bool named(const char *s, const char *end, const char *name)
{
    size_t n = strlen(name);
    return (size_t)(end - s) > n && strncasecmp(s, name, n) == 0 && !name_char(s[n]);
}

// The parser ends these where a paragraph starts, which no browser does: it is given a name that it
// does not know. Returns what of the tag is written then.
static const char *put_name(struct html_lift *l, const char *s, const char *end)
{
    static const char *const ended[] = {"b", "i", "s", "u", "tt", "big", "small", "strike", "font"};
    const char *name = s + 1 + (end - s > 1 && s[1] == '/');
    if (name >= end || !strchr("bBiIsSuUtTfF", *name))
        return s;
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++)
        if (named(name, end, ended[i])) {
            buf_add(&l->html, s, (size_t)(name - s));
            buf_str(&l->html, HTML_RENAMED);
            return name;
        }
    return s;
}

static const char *skip_white(const char *s, const char *end)
{
    while (s < end && white(*s))
        s++;
    return s;
}

// Copies the tag at *s == '<', cut into attributes as the parser does it, and returns where it
// ends; NULL where it does not.
static const char *put_tag(struct html_lift *l, const char *s, const char *end)
{
    const char *from = put_name(l, s, end);
    if (strchr("/!?", s[1])) {
        s = memchr(s, '>', (size_t)(end - s));
        if (s)
            buf_add(&l->html, from, (size_t)(s + 1 - from));
        return s ? s + 1 : NULL;
    }
    for (s++; s < end && name_char(*s);)
        s++;
    while ((s = skip_white(s, end)) < end && *s != '>') {
        const char *name = s, *name_end;
        while (s < end && name_char(*s))
            s++;
        name_end = s;
        if (s == name || !starts_name(*name)) { // no attribute: it goes on after a blank
            while (s < end && *s != '>' && !white(*s))
                s++;
            continue;
        }
        s = skip_white(s, end);
        if (s >= end || *s != '=')
            continue;
        s = skip_white(s + 1, end);
        if (s >= end || (*s != '"' && *s != '\'')) {
            while (s < end && *s != '>' && !white(*s))
                s++;
            continue;
        }
        const char *close = memchr(s + 1, *s, (size_t)(end - s - 1));
        if (!close)
            return NULL;
        if (html_attr_named(name, (size_t)(name_end - name)) < 0) {
            buf_add(&l->html, from, (size_t)(name - from));
            from = close + 1;
        } else {
            buf_add(&l->html, from, (size_t)(s + 1 - from));
            put_value(l, s + 1, close);
            from = close;
        }
        s = close + 1;
    }
    if (s >= end)
        return NULL;
    buf_add(&l->html, from, (size_t)(s + 1 - from));
    return s + 1;
}

static const char *find_close(const char *s, const char *end, const char *name)
{
    for (; (s = memchr(s, '<', (size_t)(end - s))); s++)
        if (end - s > 2 && s[1] == '/' && named(s + 2, end, name))
            return s;
    return NULL;
}

// Elements whose text is no markup: as they are.
static const char *raw_end(const char *tag, const char *s, const char *end)
{
    static const char *const raw[] = {"script", "style", "textarea", "xmp", "title", "noscript"};
    if (!strchr("sStTxXnN", tag[1]))
        return s;
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        if (named(tag + 1, end, raw[i])) {
            const char *close = find_close(s, end, raw[i]);
            return close ? close : end;
        }
    return s;
}

bool html_lift(struct html_lift *l, const char *html, size_t len)
{
    const char *s = html, *end = html + len;
    for (const char *p = html; (p = memchr(p, 0xf4, (size_t)(end - p))); p++)
        if (end - p >= MARK_LEN && memcmp(p, MARK, MARK_LEN) == 0)
            return false;
    buf_reserve(&l->html, len / 2);
    while (s < end) {
        const char *lt = memchr(s, '<', (size_t)(end - s));
        put_text(l, s, lt ? lt : end);
        if (!lt)
            break;
        s = lt;
        const char *next = NULL;
        if (end - s > 4 && memcmp(s, "<!--", 4) == 0) {
            next = memmem(s + 4, (size_t)(end - s - 4), "-->", 3);
            if (next)
                buf_add(&l->html, s, (size_t)(next + 3 - s));
            next = next ? next + 3 : NULL;
        } else if (end - s > 8 && memcmp(s, "<![", 3) == 0 && memcmp(s + 3, "CDATA", 5) != 0) {
            next = memchr(s, '>', (size_t)(end - s)); // Word's <![if ...]>
            next = next ? next + 1 : NULL;
        } else if (end - s > 4 && (s[1] | 32) == 's' && named(s + 1, end, "svg")) {
            next = find_close(s, end, "svg");
            next = next ? memchr(next, '>', (size_t)(end - next)) : NULL;
            next = next ? next + 1 : NULL;
        } else if (end - s < 2 ||
                   !(starts_name(s[1]) || strchr("/!?", s[1]))) { // a "<" that is text
            next = s + 1;
            buf_char(&l->html, '<');
        } else {
            next = put_tag(l, s, end);
            if (next) {
                const char *raw = raw_end(s, next, end);
                buf_add(&l->html, next, (size_t)(raw - next));
                next = raw;
            }
        }
        if (!next) { // it never ends: the parser's affair
            buf_add(&l->html, s, (size_t)(end - s));
            break;
        }
        s = next;
    }
    return true;
}

void html_lift_back(const struct html_lift *l, const char *s, size_t len, struct buf *out)
{
    const char *end = s + len;
    for (const char *from = s, *p = s;;) {
        p = end - p >= TOKEN ? memchr(p, 0xf4, (size_t)(end - p)) : NULL;
        if (!p || end - p < TOKEN) {
            buf_add(out, from, (size_t)(end - from));
            return;
        }
        size_t n = 0;
        bool ok = memcmp(p, MARK, MARK_LEN) == 0;
        for (int i = 0; i < DIGITS && ok; i++) {
            unsigned digit = (unsigned char)p[MARK_LEN + i] - (unsigned)'A';
            ok = digit < 32;
            n = n << 5 | digit;
        }
        if (!ok || n >= l->nruns) {
            p++;
            continue;
        }
        buf_add(out, from, (size_t)(p - from));
        buf_add(out, l->runs[n].s, l->runs[n].len);
        from = p += TOKEN;
    }
}

void html_lift_free(struct html_lift *l)
{
    buf_free(&l->html);
    buf_free(&l->read);
    arena_free(l->values);
    free(l->runs);
}
