// The source before the parser sees it: whole characters only, no more of them than there is room
// for, no tag with thousands of attributes, and markup that a feed escaped twice is markup.
#include "html.h"

#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

enum { MAX_ATTRS_OF_TAG = 400 };

// Length of the tag at s[0] == '<'; *attrs_end: where its attributes become too many, 0 if they do
// not.
static size_t scan_tag(const char *s, size_t len, size_t *attrs_end)
{
    size_t i = 1, words = 0;
    *attrs_end = 0;
    bool blank = false;
    while (i < len && s[i] != '>') {
        char c = s[i];
        if (c == '=') {
            i++;
            while (i < len && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t'))
                i++;
            if (i < len && (s[i] == '"' || s[i] == '\'')) {
                const char *q = memchr(s + i + 1, s[i], len - i - 1);
                if (!q)
                    return len;
                i = (size_t)(q - s) + 1;
                blank = true; // the next attribute may follow at once
            }
            continue;
        }
        bool white = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '/';
        if (!white && blank && ++words > MAX_ATTRS_OF_TAG && !*attrs_end)
            *attrs_end = i;
        blank = white;
        i++;
    }
    return i;
}

// "<![CDATA[" and its end, from feeds that wrap twice: what is between them was meant.
static void unwrap_cdata(const char *s, size_t len, struct buf *out)
{
    static const char open[] = "<![CDATA[", close[] = "]]>";
    for (bool in = false; len; in = !in) {
        const char *mark = in ? close : open;
        size_t n = strlen(mark);
        const char *at = memmem(s, len, mark, n);
        buf_add(out, s, at ? (size_t)(at - s) : len);
        if (!at)
            return;
        len -= (size_t)(at - s) + n;
        s = at + n;
    }
}

// Some feeds escape their markup once too often: there is no tag in it, but the text is full of
// them.
static bool escaped_twice(const char *html, size_t n)
{
    static const char *const tags[] = {"p&gt;", "p ",     "div",    "br",         "h1",
                                       "h2",    "h3",     "ul&gt;", "ol&gt;",     "a href",
                                       "img ",  "strong", "em&gt;", "blockquote", "figure"};
    if (memchr(html, '<', n) || !memmem(html, n, "&lt;/", 5))
        return false;
    const char *end = html + n, *s = html;
    while (s < end && strchr(" \t\r\n", *s))
        s++;
    if (end - s < 4 || memcmp(s, "&lt;", 4) != 0)
        return false;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t k = strlen(tags[i]);
        if ((size_t)(end - s) > k + 4 && strncasecmp(s + 4, tags[i], k) == 0)
            return true;
    }
    return false;
}

static void unescape_once(struct buf *out, const char *s, size_t n)
{
    static const char *const names[][2] = {{"&lt;", "<"},   {"&gt;", ">"},  {"&quot;", "\""},
                                           {"&#34;", "\""}, {"&#39;", "'"}, {"&apos;", "'"},
                                           {"&amp;", "&"}};
    for (const char *end = s + n, *amp; s < end;) {
        amp = memchr(s, '&', (size_t)(end - s));
        buf_add(out, s, (size_t)((amp ? amp : end) - s));
        if (!amp)
            break;
        size_t k = 0, count = sizeof names / sizeof *names;
        while (k < count && ((size_t)(end - amp) < strlen(names[k][0]) ||
                             memcmp(amp, names[k][0], strlen(names[k][0])) != 0))
            k++;
        buf_str(out, k < count ? names[k][1] : "&");
        s = amp + (k < count ? strlen(names[k][0]) : 1);
    }
}

const char *html_prepare(const char *html, size_t *len, struct buf *own, bool *cut)
{
    size_t n = *len;
    *cut = n > DOC_MAX_INPUT;
    if (*cut) {
        n = DOC_MAX_INPUT;
        while (n > DOC_MAX_INPUT - 4 && ((unsigned char)html[n] & 0xC0) == 0x80)
            n--;
    }
    if (n >= 3 && memcmp(html, "\xef\xbb\xbf", 3) == 0) {
        html += 3;
        n -= 3;
    }
    size_t last = n;
    while (last && strchr(" \t\r\n", html[last - 1]))
        last--;
    if (last >= 3 && memcmp(html + last - 3, "]]>", 3) == 0 && !memmem(html, n, "<![CDATA[", 9))
        n = last - 3; // the end of a feed's wrapping, its beginning is elsewhere
    *len = n;
    if (memchr(html, '\0', n) || !utf8_valid(html, n)) {
        utf8_clean(own, html, n, UTF8_TEXT);
        html = own->data;
        *len = n = own->len;
    }
    if (memmem(html, n, "<![CDATA[", 9)) {
        struct buf plain = {0};
        buf_reserve(&plain, n);
        unwrap_cdata(html, n, &plain);
        buf_free(own);
        *own = plain;
        html = buf_cstr(own);
        *len = n = own->len;
    }
    if (escaped_twice(html, n)) {
        struct buf once = {0};
        unescape_once(&once, html, n);
        buf_free(own);
        *own = once;
        html = own->data;
        *len = n = own->len;
    }
    for (const char *p = html, *end = html + n; (p = memchr(p, '<', (size_t)(end - p)));) {
        if (end - p < MAX_ATTRS_OF_TAG * 2)
            break;
        if (!((p[1] | 32) >= 'a' && (p[1] | 32) <= 'z')) {
            p++;
            continue;
        }
        size_t from;
        size_t tag = scan_tag(p, (size_t)(end - p), &from);
        if (from) {
            size_t at = (size_t)(p - html);
            if (html != own->data) {
                buf_clear(own);
                buf_add(own, html, n);
                html = own->data;
                end = html + n;
            }
            memset(own->data + at + from, ' ', tag - from);
            p = html + at;
        }
        p += tag;
    }
    return html;
}
