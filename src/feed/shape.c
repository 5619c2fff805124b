// Which addresses of a site are essays, told by those that are known: "/p/on-margins" and
// "/p/the-desk" have the shape "/p/*", "/2024/05/on-margins/" has "/#4/#2/*". A part that differs
// from one known essay to the next (the name of a section) may be anything.
#include "lectern/archive.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"

enum { MOST_SHAPES = 40, SECTIONS = 3, MOST_PARTS = 12 };

// Pages of the house, no essays.
static bool is_house_page(const char *name)
{
    static const char *const pages[] = {
        "about",
        "about-us",
        "account",
        "archive",
        "archives",
        "author",
        "authors",
        "blog",
        "cart",
        "contact",
        "cookies",
        "donate",
        "events",
        "faq",
        "feed",
        "home",
        "imprint",
        "impressum",
        "index",
        "jobs",
        "legal",
        "links",
        "login",
        "members",
        "membership",
        "newsletter",
        "podcast",
        "posts",
        "press",
        "privacy",
        "privacy-policy",
        "projects",
        "recommendations",
        "rss",
        "search",
        "shop",
        "signin",
        "sign-in",
        "signup",
        "sign-up",
        "sitemap",
        "store",
        "subscribe",
        "support",
        "tag",
        "tags",
        "team",
        "terms",
        "terms-of-service",
        "thanks",
        "topics",
        "work",
        "writing",
        "welcome",
    };
    size_t len = strcspn(name, "./?#");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strlen(pages[i]) == len && strncasecmp(pages[i], name, len) == 0)
            return true;
    return false;
}

static bool all_digits(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isdigit((unsigned char)s[i]))
            return false;
    return len > 0;
}

static const char *ending(const char *s, size_t len)
{
    const char *dot = memrchr(s, '.', len);
    size_t n = dot ? len - (size_t)(dot - s) : 0;
    return n > 1 && n <= 6 ? dot : s + len;
}

// "host/parts" of an address, one string a part; false when it cannot be an essay's.
static bool parts_of(const char *url, struct buf *parts, size_t at[MOST_PARTS], size_t *n)
{
    const char *p = strstr(url, "://");
    if (!p)
        return false;
    p += 3;
    if (strncasecmp(p, "www.", 4) == 0)
        p += 4;
    size_t len = strcspn(p, "/?#");
    *n = 0;
    at[(*n)++] = parts->len;
    for (size_t i = 0; i < len; i++)
        buf_char(parts, (char)tolower((unsigned char)p[i]));
    buf_char(parts, '\0');
    for (p += len; *p == '/';) {
        p++;
        len = strcspn(p, "/?#");
        if (!len)
            continue;
        if (*n == MOST_PARTS)
            return false;
        at[(*n)++] = parts->len;
        const char *rest = p + len + strspn(p + len, "/");
        bool last = !*rest || *rest == '?' || *rest == '#';
        const char *end = ending(p, len);
        if (all_digits(p, (size_t)((last ? end : p + len) - p)))
            buf_printf(parts, "#%d", last ? 0 : (int)len);
        else if (last)
            buf_char(parts, '*');
        else
            buf_add(parts, p, len);
        if (last)
            buf_add(parts, end, len - (size_t)(end - p));
        buf_char(parts, '\0');
        p += len;
    }
    const char *query = *p == '?' ? p : "";
    if (strncmp(query, "?p=", 3) == 0) { // a plain WordPress
        at[(*n)++ % MOST_PARTS] = parts->len;
        buf_str(parts, "?p=");
        buf_char(parts, '\0');
    }
    return *n > 1 && *n <= MOST_PARTS;
}

static void line_of(const struct buf *parts, const size_t *at, size_t n, size_t any,
                    struct buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? "/" : "", i == any ? "?" : parts->data + at[i]);
}

static bool has_line(const char *lines, const char *line)
{
    size_t len = strlen(line);
    for (const char *p = lines; p && *p; p = strchr(p, '\n'), p += p != NULL)
        if (strncmp(p, line, len) == 0 && p[len] == '\n')
            return true;
    return false;
}

// How many different ones of `lines` are `line` but for the part that is "?" there.
static int alike(const char *lines, const char *line)
{
    int n = 0;
    const char *any = strchr(line, '?');
    if (!any)
        return 0;
    size_t before = (size_t)(any - line), after = strlen(any + 1);
    for (const char *p = lines; p && *p; p = strchr(p, '\n'), p += p != NULL) {
        size_t len = strcspn(p, "\n");
        n += len >= before + after && strncmp(p, line, before) == 0 &&
             strncmp(p + len - after, any + 1, after) == 0 &&
             !memchr(p + before, '/', len - before - after);
    }
    return n;
}

void archive_shapes(const char *const *urls, size_t n, struct buf *out)
{
    struct buf parts = {0}, line = {0}, plain = {0};
    size_t at[MOST_PARTS], np, lines = 0;
    buf_reserve(&plain, 1);
    buf_clear(&plain);
    for (size_t i = 0; i < n && lines < MOST_SHAPES; i++) {
        buf_clear(&parts);
        if (!parts_of(urls[i], &parts, at, &np))
            continue;
        line_of(&parts, at, np, np, &line);
        if (has_line(buf_cstr(&plain), line.data))
            continue;
        buf_printf(&plain, "%s\n", line.data);
        lines++;
    }
    buf_str(out, buf_cstr(&plain));
    for (size_t i = 0; i < n && lines < 2 * MOST_SHAPES; i++) {
        buf_clear(&parts);
        if (!parts_of(urls[i], &parts, at, &np))
            continue;
        for (size_t k = 1; k + 1 < np; k++) {
            line_of(&parts, at, np, k, &line);
            if (alike(buf_cstr(&plain), line.data) < SECTIONS || has_line(buf_cstr(out), line.data))
                continue;
            buf_printf(out, "%s\n", line.data);
            lines++;
        }
    }
    buf_free(&parts);
    buf_free(&line);
    buf_free(&plain);
}

bool archive_fits(const char *shapes, const char *url)
{
    struct buf parts = {0}, line = {0};
    size_t at[MOST_PARTS], n;
    bool fits = false;
    if (parts_of(url, &parts, at, &n)) {
        const char *end = url + strlen(url);
        while (end > url && end[-1] == '/')
            end--;
        const char *name = memrchr(url, '/', (size_t)(end - url));
        bool house = name && is_house_page(name + 1);
        for (size_t any = n; !house && any > 0 && !fits; any--) {
            line_of(&parts, at, n, any, &line);
            fits = has_line(shapes, line.data);
        }
    }
    buf_free(&parts);
    buf_free(&line);
    return fits;
}

int64_t archive_date(const char *url)
{
    for (const char *p = url; (p = strchr(p, '/')); p++) {
        int y, m, d = 1, len = 0;
        if (sscanf(p, "/%4d/%2d%n", &y, &m, &len) != 2 || len < 7 || y < 1990 || y > 2100 ||
            m < 1 || m > 12)
            continue;
        if (p[len] != '/' || sscanf(p + len, "/%2d%n", &d, &len) != 1 || d < 1 || d > 31)
            d = 1;
        char text[32];
        int64_t t = 0;
        snprintf(text, sizeof text, "%04d-%02d-%02dT12:00:00Z", y, m, d);
        return date_parse(text, &t) ? t : 0;
    }
    return 0;
}
