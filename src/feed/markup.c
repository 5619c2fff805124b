// HTML looked at without a parser: enough for titles, attributes and tags. Whatever is not surely
// markup is text, since a title with "a < b" in it should come out as it was typed.
#include "markup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/feed.h"
#include "lectern/utf8.h"

void markup_escape(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0, start = 0; i <= len; i++) {
        const char *as = i == len      ? ""
                         : s[i] == '&' ? "&amp;"
                         : s[i] == '<' ? "&lt;"
                         : s[i] == '>' ? "&gt;"
                         : s[i] == '"' ? "&quot;"
                                       : NULL;
        if (!as)
            continue;
        buf_add(out, s + start, i - start);
        buf_str(out, as);
        start = i + 1;
    }
}

size_t markup_tag_end(const char *s, size_t len, size_t at)
{
    const char *p = s + at, *end = s + len, *gt = NULL;
    while (p < end) {
        if (!gt || gt < p)
            gt = memchr(p, '>', (size_t)(end - p));
        if (!gt)
            return len;
        const char *quote = memchr(p, '"', (size_t)(gt - p));
        if (!quote)
            return (size_t)(gt - s) + 1;
        const char *close = memchr(quote + 1, '"', (size_t)(end - quote - 1));
        if (!close) // a stray quote, not a value
            return (size_t)(gt - s) + 1;
        p = close + 1;
    }
    return len;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

bool markup_attr(const char *s, size_t len, const char *name, struct buf *out)
{
    size_t i = 1, want = strlen(name);
    while (i < len && !blank(s[i]) && s[i] != '>' && s[i] != '/')
        i++;
    while (i < len) {
        while (i < len && (blank(s[i]) || s[i] == '/'))
            i++;
        size_t start = i;
        while (i < len && !blank(s[i]) && s[i] != '=' && s[i] != '>' && s[i] != '/')
            i++;
        size_t n = i - start;
        while (i < len && blank(s[i]))
            i++;
        size_t value = i, value_len = 0;
        if (i < len && s[i] == '=') {
            i++;
            while (i < len && blank(s[i]))
                i++;
            if (i < len && (s[i] == '"' || s[i] == '\'')) {
                value = i + 1;
                const char *close = memchr(s + value, s[i], len - value);
                value_len = close ? (size_t)(close - s) - value : len - value;
                i = value + value_len + 1;
            } else {
                value = i;
                while (i < len && !blank(s[i]) && s[i] != '>')
                    i++;
                value_len = i - value;
            }
        }
        if (n == want && strncasecmp(s + start, name, want) == 0) {
            if (value + value_len <= len)
                entity_decode(out, s + value, value_len);
            return true;
        }
        if (n == 0) {
            if (i < len && s[i] == '>')
                return false;
            if (value_len == 0)
                i++;
        }
    }
    return false;
}

bool markup_tag_is(const char *s, size_t len, const char *name)
{
    size_t n = strlen(name);
    return len > n + 1 && s[0] == '<' && strncasecmp(s + 1, name, n) == 0 &&
           (blank(s[n + 1]) || s[n + 1] == '>' || s[n + 1] == '/');
}

static const char *const html_names[] = {
    "a",          "abbr",    "acronym",    "address", "article",  "aside",  "audio", "b",
    "big",        "blink",   "blockquote", "br",      "center",   "cite",   "code",  "dd",
    "del",        "details", "dfn",        "div",     "dl",       "dt",     "em",    "embed",
    "figcaption", "figure",  "font",       "footer",  "form",     "h1",     "h2",    "h3",
    "h4",         "h5",      "h6",         "head",    "header",   "hr",     "html",  "i",
    "iframe",     "img",     "input",      "ins",     "kbd",      "li",     "main",  "mark",
    "marquee",    "meta",    "nav",        "nobr",    "noscript", "object", "ol",    "p",
    "picture",    "pre",     "q",          "rp",      "rt",       "ruby",   "s",     "samp",
    "script",     "section", "small",      "span",    "strike",   "strong", "style", "sub",
    "summary",    "sup",     "svg",        "table",   "tbody",    "td",     "th",    "thead",
    "time",       "tr",      "tt",         "u",       "ul",       "var",    "video", "wbr",
};

static int by_name(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

// The name of the tag at s, in lower case; false if it is not a name followed by what may follow
// one.
static bool tag_name(const char *s, size_t len, char name[16], bool *closing)
{
    size_t i = 1, n = 0;
    *closing = i < len && s[i] == '/';
    if (*closing)
        i++;
    if (i >= len || !letter(s[i]))
        return false;
    for (; i < len && n < 15 && (letter(s[i]) || (s[i] >= '0' && s[i] <= '9')); i++)
        name[n++] = (char)(s[i] | 32);
    name[n] = '\0';
    return i < len &&
           (blank(s[i]) || s[i] == '>' || (s[i] == '/' && i + 1 < len && s[i + 1] == '>'));
}

static bool is_html(const char *name)
{
    return bsearch(name, html_names, sizeof html_names / sizeof *html_names, sizeof *html_names,
                   by_name) != NULL;
}

// Sorted. Tags that do not part the words on their two sides.
static const char *const inline_names[] = {
    "a",    "abbr",   "acronym", "b",   "big",  "cite", "code", "del", "dfn",  "em",
    "font", "i",      "ins",     "kbd", "mark", "nobr", "q",    "s",   "samp", "small",
    "span", "strike", "strong",  "sub", "sup",  "time", "tt",   "u",   "var",  "wbr",
};

static bool is_inline(const char *name)
{
    return bsearch(name, inline_names, sizeof inline_names / sizeof *inline_names,
                   sizeof *inline_names, by_name) != NULL;
}

bool markup_has_tags(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char name[16];
        bool closing;
        uint32_t cp;
        if (s[i] == '<' && tag_name(s + i, len - i, name, &closing) && is_html(name))
            return true;
        if (s[i] == '&' && entity_at(s + i, len - i, &cp))
            return true;
    }
    return false;
}

// One past the element that starts at `at` and holds no text for people (script, style).
static size_t skip_element(const char *s, size_t len, size_t at, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = at; i + n + 2 < len; i++) {
        const char *lt = memchr(s + i, '<', len - i - n - 2);
        if (!lt)
            break;
        i = (size_t)(lt - s);
        if (lt[1] == '/' && strncasecmp(lt + 2, name, n) == 0)
            return markup_tag_end(s, len, i);
    }
    return len;
}

// Tags out, references resolved.
static void strip(struct buf *out, const char *s, size_t len, bool all)
{
    for (size_t i = 0; i < len;) {
        char name[16];
        bool closing;
        uint32_t cp;
        size_t n;
        if (s[i] == '&' && (n = entity_at(s + i, len - i, &cp))) {
            buf_utf8(out, cp);
            i += n;
        } else if (s[i] == '<' && len - i > 3 && memcmp(s + i, "<!--", 4) == 0) {
            const char *end = memmem(s + i, len - i, "-->", 3);
            i = end ? (size_t)(end - s) + 3 : len;
        } else if (s[i] == '<' && tag_name(s + i, len - i, name, &closing) &&
                   (all || is_html(name))) {
            bool silent = strcmp(name, "script") == 0 || strcmp(name, "style") == 0;
            if (!is_inline(name))
                buf_char(out, ' ');
            i = silent && !closing ? skip_element(s, len, i, name) : markup_tag_end(s, len, i);
        } else {
            const char *next = s + i + 1, *end = s + len;
            while (next < end && *next != '<' && *next != '&')
                next++;
            buf_add(out, s + i, (size_t)(next - s) - i);
            i = (size_t)(next - s);
        }
    }
}

// References that only a machine writes: what was escaped once too often shows them.
static void resolve_leftovers(struct buf *out, const char *s, size_t len)
{
    static const char *const names[] = {"&amp;",   "&quot;",  "&apos;",  "&nbsp;",
                                        "&lsquo;", "&rsquo;", "&ldquo;", "&rdquo;",
                                        "&ndash;", "&mdash;", "&hellip;"};
    for (size_t i = 0; i < len;) {
        bool known = s[i] == '&' && i + 3 < len && s[i + 1] == '#';
        for (size_t k = 0; s[i] == '&' && !known && k < sizeof names / sizeof *names; k++)
            known = strncmp(s + i, names[k], strlen(names[k])) == 0;
        uint32_t cp;
        size_t n = known ? entity_at(s + i, len - i, &cp) : 0;
        if (n && s[i + n - 1] == ';') {
            buf_utf8(out, cp);
            i += n;
        } else {
            buf_char(out, s[i++]);
        }
    }
}

// "<em>x</em>" that is still there after tags were taken out: it was escaped twice.
static bool escaped_twice(const char *s)
{
    int tries = 8; // a title has no more
    for (const char *p = s; tries-- && (p = strstr(p, "</")); p += 2) {
        char name[16], open[18];
        bool closing;
        if (!tag_name(p, strlen(p), name, &closing) || !is_inline(name) || !strcmp(name, "code"))
            continue;
        strcpy(open, "<");
        strcat(open, name);
        const char *at = strcasestr(s, open);
        if (at && at < p)
            return true;
    }
    return false;
}

void markup_plain(struct buf *out, const char *s, size_t len, enum plain_mode mode)
{
    if (mode == PLAIN_TEXT || (!memchr(s, '<', len) && !memchr(s, '&', len))) {
        utf8_clean(out, s, len, UTF8_LINE);
        return;
    }
    struct buf once = {0}, twice = {0};
    if (mode == PLAIN_GUESS) {
        buf_add(&once, s, len);
    } else {
        strip(&once, s, len, mode == PLAIN_HTML);
        if (escaped_twice(buf_cstr(&once))) {
            strip(&twice, once.data, once.len, false);
            struct buf t = once;
            once = twice;
            twice = t;
            buf_clear(&twice);
        }
    }
    resolve_leftovers(&twice, buf_cstr(&once), once.len);
    utf8_clean(out, buf_cstr(&twice), twice.len, UTF8_LINE);
    buf_free(&once);
    buf_free(&twice);
}

char *feed_plain(const char *s, size_t len, bool html)
{
    struct buf b = {0};
    markup_plain(&b, s, len, html ? PLAIN_RSS : PLAIN_TEXT);
    return buf_take(&b, NULL);
}

bool markup_is_cut(const char *s, size_t len)
{
    static const char *const ends[] = {"…",
                                       "...",
                                       "[...]",
                                       "[…]",
                                       "(...)",
                                       "(more)",
                                       "(more…)",
                                       "Read more",
                                       "Read More",
                                       "Read more »",
                                       "Continue reading",
                                       "Continue reading →",
                                       "Read more →",
                                       "Read on",
                                       "Keep reading"};
    while (len && (blank(s[len - 1])))
        len--;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (len >= n && memcmp(s + len - n, ends[i], n) == 0)
            return true;
    }
    return false;
}
