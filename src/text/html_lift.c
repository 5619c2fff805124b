// Plain text does not need the parser, which reads it a character at a time and takes most of its
// time for it. So long stretches of it are lifted out of the source, a short mark in the place of
// each, and put back into what the parser made of the rest. The mark is a character that no text
// uses and the number of the stretch: wherever it comes out, in text or (where tags are broken) in
// an attribute, it is known again. Pictures drawn in SVG, which nothing here shows, and the values
// of attributes that nobody asks for are left out.
#include "html.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/entity.h"

#define MARK "\xf4\x8f\xbf\xb0" // U+10FFF0: private use
enum { MARK_LEN = 4, DIGITS = 5, TOKEN = MARK_LEN + DIGITS, LEAST = 24 };

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

// The parser knows the names of HTML 4; HTML has a few more by now. Returns where the name ends.
// In text old names stand without their ";" too ("&copy 2024"); in addresses that is a word.
static const char *put_entity(struct html_lift *l, const char *amp, const char *end, bool text)
{
    size_t n = 1, most = end - amp < 34 ? (size_t)(end - amp) : 34;
    while (n < most &&
           ((amp[n] >= '0' && amp[n] <= '9') || ((amp[n] | 32) >= 'a' && (amp[n] | 32) <= 'z')))
        n++;
    uint32_t cp[2];
    bool ends = n < most && amp[n] == ';';
    int ncp = n > 1 && (ends || text) ? entity_find(amp + 1, n - 1, cp) : 0;
    if (ncp && !ends && (cp[0] < 0xA0 || cp[0] > 0xFF))
        ncp = 0;
    if (!ncp) { // a number, or a name without its ";": the parser knows, if all is there
        while (n < most && (amp[n] == '#' || (amp[n] >= '0' && amp[n] <= '9') ||
                            ((amp[n] | 32) >= 'a' && (amp[n] | 32) <= 'z')))
            n++;
        n += n < most && amp[n] == ';';
        buf_add(&l->html, amp, n);
        return amp + n;
    }
    for (int i = 0; i < ncp; i++)
        buf_printf(&l->html, "&#%u;", cp[i]);
    return amp + n + ends;
}

// What stands between quotes in a tag.
static void put_value(struct html_lift *l, const char *s, const char *end)
{
    for (const char *amp; (amp = memchr(s, '&', (size_t)(end - s)));) {
        buf_add(&l->html, s, (size_t)(amp - s));
        s = put_entity(l, amp, end, false);
    }
    buf_add(&l->html, s, (size_t)(end - s));
}

// Text up to the next tag: stretches between entities, without the white space around them.
static void put_text(struct html_lift *l, const char *s, const char *end)
{
    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s));
        const char *to = amp ? amp : end, *from = s;
        while (from < to && white(*from))
            from++;
        const char *last = to;
        while (last > from && white(last[-1]))
            last--;
        if (last - from >= LEAST) {
            buf_add(&l->html, s, (size_t)(from - s));
            put_run(l, from, (size_t)(last - from));
            s = last;
        }
        buf_add(&l->html, s, (size_t)(to - s));
        if (!amp)
            return;
        s = put_entity(l, amp, end, true);
    }
}

static bool name_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_' ||
           c == ':';
}

static bool named(const char *s, const char *end, const char *name)
{
    size_t n = strlen(name);
    return (size_t)(end - s) > n && strncasecmp(s, name, n) == 0 && !name_char(s[n]);
}

// Copies the tag at *s == '<' and returns where it ends, NULL where it does not.
static const char *put_tag(struct html_lift *l, const char *s, const char *end)
{
    const char *from = s, *word = NULL;
    for (s++; s < end && *s != '>';) {
        if (*s != '=') {
            if (!name_char(*s))
                word = NULL;
            else if (!word)
                word = s;
            s++;
            continue;
        }
        size_t name_len = word ? (size_t)(s - word) : 0;
        s++;
        while (s < end && (*s == ' ' || *s == '\n' || *s == '\t'))
            s++;
        if (s >= end || (*s != '"' && *s != '\'')) {
            word = NULL;
            continue;
        }
        const char *close = memchr(s + 1, *s, (size_t)(end - s - 1));
        if (!close)
            return NULL;
        buf_add(&l->html, from, (size_t)(s + 1 - from));
        if (!name_len || close - s <= LEAST || html_attr_named(word, name_len) >= 0)
            put_value(l, s + 1, close);
        from = close;
        s = close + 1;
        word = NULL;
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
        } else if (end - s > 4 && (s[1] | 32) == 's' && named(s + 1, end, "svg")) {
            next = find_close(s, end, "svg");
            next = next ? memchr(next, '>', (size_t)(end - next)) : NULL;
            next = next ? next + 1 : NULL;
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
    free(l->runs);
}
