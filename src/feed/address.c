// Addresses: a reference resolved against its base as RFC 3986, section 5 has it, and cleaned. Only
// http and https come out; characters that may not stand in an address are percent-encoded, so that
// what is shown is what is asked for.
#include "lectern/feed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { LONGEST_ADDRESS = 8192 };

struct part {
    const char *s;
    size_t len;
    bool there;
};
struct address {
    struct part scheme, authority, path, query, fragment;
};

// RFC 3986, appendix B.
static struct address split(const char *s)
{
    struct address a = {0};
    size_t n = 0;
    while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
           (n && ((s[n] >= '0' && s[n] <= '9') || s[n] == '+' || s[n] == '-' || s[n] == '.')))
        n++;
    if (n && s[n] == ':') {
        a.scheme = (struct part){s, n, true};
        s += n + 1;
    }
    if (s[0] == '/' && s[1] == '/') {
        n = strcspn(s + 2, "/?#");
        a.authority = (struct part){s + 2, n, true};
        s += 2 + n;
    }
    n = strcspn(s, "?#");
    a.path = (struct part){s, n, true};
    s += n;
    if (*s == '?') {
        n = strcspn(s + 1, "#");
        a.query = (struct part){s + 1, n, true};
        s += 1 + n;
    }
    if (*s == '#')
        a.fragment = (struct part){s + 1, strlen(s + 1), true};
    return a;
}

// Section 5.2.4: "." and ".." taken out of a path, appended.
static void add_path(struct buf *out, const char *p, size_t len)
{
    size_t start = out->len;
    const char *end = p + len;
    while (p < end) {
        const char *slash = memchr(p + 1, '/', (size_t)(end - p - 1));
        const char *stop = slash ? slash : end;
        size_t n = (size_t)(stop - p);
        const char *segment = *p == '/' ? p + 1 : p;
        size_t m = n - (size_t)(segment - p);
        bool up = m == 2 && segment[0] == '.' && segment[1] == '.';
        if (up || (m == 1 && segment[0] == '.')) {
            if (up) {
                while (out->len > start && out->data[out->len - 1] != '/')
                    out->len--;
                if (out->len > start)
                    out->len--;
                buf_add(out, "", 0);
            }
            if (stop == end)
                buf_char(out, '/');
        } else {
            buf_add(out, p, n);
        }
        p = stop;
    }
}

static bool is(const struct part *p, const char *name)
{
    return p->there && p->len == strlen(name) && strncasecmp(p->s, name, p->len) == 0;
}

static bool web(const struct address *a)
{
    return (is(&a->scheme, "http") || is(&a->scheme, "https")) && a->authority.there &&
           a->authority.len;
}

// What may not stand in an address as it is (blanks are gone already).
static bool must_escape(unsigned char c)
{
    return c <= 0x20 || c >= 0x7F || strchr("\"<>\\^`{|}", c) != NULL;
}

static void add_part(struct buf *out, const char *lead, const struct part *p)
{
    if (!p->there)
        return;
    buf_str(out, lead);
    for (size_t i = 0; i < p->len; i++) {
        unsigned char c = (unsigned char)p->s[i];
        if (must_escape(c))
            buf_printf(out, "%%%02X", c);
        else
            buf_char(out, (char)c);
    }
}

static void add_host(struct buf *out, const struct part *p)
{
    buf_str(out, "://");
    const char *at = memrchr(p->s, '@', p->len);
    size_t user = at ? (size_t)(at - p->s) + 1 : 0;
    for (size_t i = 0; i < p->len; i++) {
        char c = p->s[i];
        buf_char(out, i >= user && c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
    }
}

static bool host_ok(const struct part *p)
{
    for (size_t i = 0; i < p->len; i++)
        if ((unsigned char)p->s[i] <= 0x20 || p->s[i] == 0x7F || strchr("\"<>\\^`{|}", p->s[i]))
            return false;
    return true;
}

char *feed_resolve(const char *base, const char *ref)
{
    if (!ref || strlen(ref) > LONGEST_ADDRESS)
        return NULL;
    char *clean = utf8_clean_dup(ref, strlen(ref), UTF8_ADDRESS);
    char *clean_base = base ? utf8_clean_dup(base, strlen(base), UTF8_ADDRESS) : mem_strdup("");
    struct address r = split(clean), b = split(clean_base), t = {0};
    struct buf path = {0}, out = {0};
    bool based = web(&b);
    if (r.scheme.there && !(based && is(&r.scheme, "http") && !r.authority.there)) {
        t = r;
        add_path(&path, r.path.s, r.path.len);
    } else if (based) {
        t.scheme = b.scheme;
        t.authority = r.authority.there ? r.authority : b.authority;
        t.query = r.query;
        if (r.authority.there || (r.path.len && r.path.s[0] == '/')) {
            add_path(&path, r.path.s, r.path.len);
        } else if (r.path.len == 0) {
            add_path(&path, b.path.s, b.path.len);
            if (!r.query.there)
                t.query = b.query;
        } else { // section 5.2.3
            struct buf merged = {0};
            size_t dir = b.path.len;
            while (dir && b.path.s[dir - 1] != '/')
                dir--;
            if (dir)
                buf_add(&merged, b.path.s, dir);
            else
                buf_char(&merged, '/');
            buf_add(&merged, r.path.s, r.path.len);
            add_path(&path, merged.data, merged.len);
            buf_free(&merged);
        }
        t.fragment = r.fragment;
    }
    t.path = (struct part){buf_cstr(&path), path.len, true};
    char *result = NULL;
    if (web(&t) && host_ok(&t.authority)) {
        buf_str(&out, is(&t.scheme, "http") ? "http" : "https");
        add_host(&out, &t.authority);
        if (t.path.len && t.path.s[0] != '/')
            buf_char(&out, '/');
        add_part(&out, "", &t.path);
        add_part(&out, "?", &t.query);
        add_part(&out, "#", &t.fragment);
        result = buf_take(&out, NULL);
    }
    buf_free(&path);
    free(clean);
    free(clean_base);
    return result;
}

char *feed_shown(const char *url)
{
    struct address a = split(url);
    bool web = (a.scheme.len == 4 && strncasecmp(a.scheme.s, "http", 4) == 0) ||
               (a.scheme.len == 5 && strncasecmp(a.scheme.s, "https", 5) == 0);
    if (!web || !a.authority.there)
        return mem_strdup(url);
    const char *from = a.authority.s, *to = from + strcspn(from, "/?#\\"), *host = from;
    for (const char *p = from; p < to; p++)
        if (*p == '@')
            host = p + 1;
    return mem_printf("%.*s%s", (int)(from - url), url, host);
}
