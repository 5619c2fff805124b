// Addresses: absolute (RFC 3986), free of what only follows the reader about, and straight to where
// they lead when a redirecting address has its target plain in it (html_track.c knows which).
#include "html.h"

#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void link_unescape(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '%' && i + 2 < len && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
            buf_char(out, (char)(hex(s[i + 1]) << 4 | hex(s[i + 2])));
            i += 2;
        } else {
            buf_char(out, s[i]);
        }
    }
}

bool link_is_web(const char *s)
{
    return (strncasecmp(s, "https://", 8) == 0 && s[8] && s[8] != '/') ||
           (strncasecmp(s, "http://", 7) == 0 && s[7] && s[7] != '/');
}

const char *link_host(const char *url, size_t *len)
{
    const char *s = strstr(url, "://");
    s = s ? s + 3 : url;
    const char *end = s + strcspn(s, "/?#");
    for (const char *p = s; p < end; p++)
        if (*p == '@')
            s = p + 1;
    if (end - s > 4 && strncasecmp(s, "www.", 4) == 0)
        s += 4;
    *len = (size_t)(end - s);
    return s;
}

// What must not stand in an address as it is; non-ASCII stays, people read it.
static void escape(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' ||
            c == '{' || c == '|' || c == '}')
            buf_printf(out, "%%%02X", c);
        else
            buf_char(out, (char)c);
    }
}

// Resolves against the base with the library's code, which wants ASCII.
static bool resolve(struct buf *out, const char *ref, const char *base)
{
    if (!base || !link_is_web(base) || strlen(ref) > 4096)
        return false;
    struct buf ascii = {0};
    for (const char *p = ref; *p; p++)
        if ((unsigned char)*p >= 0x80)
            buf_printf(&ascii, "%%%02X", (unsigned char)*p);
        else
            buf_char(&ascii, *p);
    xmlChar *full = xmlBuildURI((const xmlChar *)buf_cstr(&ascii), (const xmlChar *)base);
    bool ok = full && link_is_web((const char *)full);
    if (ok)
        buf_str(out, (const char *)full);
    xmlFree(full);
    buf_free(&ascii);
    return ok;
}

static bool same_page(const char *href, const char *base, const char **name)
{
    if (*href == '#') {
        *name = href + 1;
        return true;
    }
    const char *frag = base ? strchr(href, '#') : NULL;
    if (!frag)
        return false;
    size_t len = strcspn(base, "#?"), mine = strcspn(href, "#?");
    while (len && base[len - 1] == '/')
        len--;
    while (mine && href[mine - 1] == '/')
        mine--;
    if (len != mine || strncmp(href, base, len) != 0)
        return false;
    *name = frag + 1;
    return true;
}

// A mail program's field that nobody filled in.
static bool is_field(const char *href)
{
    static const char *const fields[] = {"{{", "*|", "%%", "<<", "[unsub", "{unsub", "%7B%7B"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strncmp(href, fields[i], strlen(fields[i])) == 0)
            return true;
    return false;
}

bool link_clean(struct buf *out, const char *href, const char *base)
{
    buf_clear(out);
    href += strspn(href, " \t\r\n");
    if (is_field(href))
        return false;
    struct buf s = {0};
    size_t len = strlen(href);
    if (len > 16384)
        return false;
    utf8_clean(&s, href, len, UTF8_LINE);
    const char *name;
    bool ok = false;
    if (s.len && same_page(s.data, base, &name)) {
        if (*name) {
            buf_char(out, '#');
            link_unescape(out, name, strlen(name));
            ok = utf8_valid(out->data, out->len);
        }
        buf_free(&s);
        return ok;
    }
    struct buf e = {0};
    escape(&e, buf_cstr(&s), s.len);
    if (link_is_web(buf_cstr(&e))) {
        utf8_clean(out, e.data, e.len, UTF8_ADDRESS);
        ok = true;
    } else if (strncasecmp(buf_cstr(&e), "mailto:", 7) == 0) {
        size_t plain = strcspn(e.data, "?");
        utf8_clean(out, e.data, plain, UTF8_ADDRESS);
        ok = plain > 7 && memchr(e.data, '@', plain);
    } else if (e.len && !(strchr(e.data, ':') && strcspn(e.data, ":") < strcspn(e.data, "/?#"))) {
        if (strncmp(e.data, "//", 2) == 0 && e.data[2] && e.data[2] != '/') {
            buf_str(out, base && strncasecmp(base, "http:", 5) == 0 ? "http:" : "https:");
            utf8_clean(out, e.data, e.len, UTF8_ADDRESS);
            ok = true;
        } else {
            ok = resolve(out, e.data, base);
        }
    }
    buf_free(&s);
    buf_free(&e);
    if (ok && link_is_web(out->data)) {
        for (int i = 0; i < 3 && link_unwrap(out); i++)
            ;
        link_untrack(out, base);
    }
    return ok;
}

bool link_image(struct buf *out, const char *src, const char *base)
{
    if (!link_clean(out, src, base) || !link_is_web(out->data))
        return false;
    // .../image/fetch/OPTIONS/https%3A%2F%2Foriginal
    const char *s = strstr(out->data, "/image/fetch/"), *tail = s ? strstr(s, "/http") : NULL;
    if (tail && (strncmp(tail, "/https%3A", 9) == 0 || strncmp(tail, "/http%3A", 8) == 0 ||
                 strncmp(tail, "/https:/", 8) == 0)) {
        struct buf to = {0};
        link_unescape(&to, tail + 1, strlen(tail + 1));
        if (link_is_web(buf_cstr(&to)) && utf8_valid(to.data, to.len)) {
            buf_clear(out);
            utf8_clean(out, to.data, to.len, UTF8_ADDRESS);
        }
        buf_free(&to);
    }
    return true;
}
