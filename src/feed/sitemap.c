// Sitemaps (sitemaps.org 0.9). They are XML of one simple kind, and so often almost XML that they
// are read as a row of tags: <loc> and <lastmod> of each <url> or <sitemap>, whatever prefix the
// names bear; what extensions say of pictures, films and translations is passed by. A file without
// tags is a list of addresses, one a line.
#include "lectern/archive.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "build.h"
#include "lectern/encoding.h"
#include "lectern/hash.h"
#include "lectern/mem.h"

enum { LONGEST_VALUE = 4096 };

struct sitemap {
    struct archive_list *list;
    const char *url; // of the document
    uint64_t *seen;  // open addressing over hashes of addresses; a power of two
    size_t seen_cap, cap;
    bool open; // inside a <url> or <sitemap>
    char *loc;
    int64_t date;
};

static bool seen(struct sitemap *m, const char *url)
{
    uint64_t h = hash_string(url, 0) | 1;
    if (!m->seen) {
        m->seen_cap = 2 * 65536;
        m->seen = mem_array(m->seen_cap, sizeof *m->seen);
    }
    size_t i = (size_t)h & (m->seen_cap - 1);
    for (; m->seen[i]; i = (i + 1) & (m->seen_cap - 1))
        if (m->seen[i] == h)
            return true;
    m->seen[i] = h;
    return false;
}

static void take(struct sitemap *m, const char *loc, int64_t date)
{
    struct archive_list *l = m->list;
    l->listed++;
    char *url = feed_resolve(m->url, loc);
    if (url && l->n == ARCHIVE_MAX_ITEMS) {
        l->cut = true;
    } else if (url && !seen(m, url)) {
        struct archive_item *items = mem_grow(l->items, &m->cap, l->n + 1, sizeof *items);
        l->items = items;
        items[l->n++] = (struct archive_item){.url = arena_strdup(l->arena, url), .date = date};
    }
    free(url);
}

// The name of a tag without its prefix; *other: the prefix is one of an extension.
static const char *local_name(const char *s, size_t *len, bool *other)
{
    size_t n = strcspn(s, " \t\r\n/>:");
    *other = false;
    if (s[n] == ':') {
        static const char *const extensions[] = {"image", "video", "news", "xhtml", "mobile"};
        for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
            *other =
                *other || (strlen(extensions[i]) == n && strncasecmp(s, extensions[i], n) == 0);
        s += n + 1;
        n = strcspn(s, " \t\r\n/>:");
    }
    *len = n;
    return s;
}

static bool named(const char *s, size_t len, const char *name)
{
    return strlen(name) == len && strncasecmp(s, name, len) == 0;
}

// What stands between this tag and the next, references resolved, blanks at the ends taken off.
static char *value(const char *from, const char *end)
{
    const char *to = memchr(from, '<', (size_t)(end - from));
    static const char cdata[] = "<![CDATA[";
    if (to && (size_t)(end - to) > sizeof cdata && memcmp(to, cdata, sizeof cdata - 1) == 0) {
        from = to + sizeof cdata - 1;
        to = memmem(from, (size_t)(end - from), "]]>", 3);
    }
    if (!to || to - from > LONGEST_VALUE)
        return NULL;
    struct buf b = {0};
    entity_decode(&b, from, (size_t)(to - from));
    size_t start = strspn(buf_cstr(&b), " \t\r\n");
    while (b.len > start && strchr(" \t\r\n", b.data[b.len - 1]))
        b.len--;
    char *v = mem_strndup(buf_cstr(&b) + start, b.len > start ? b.len - start : 0);
    buf_free(&b);
    return v;
}

static void end_of_item(struct sitemap *m)
{
    if (m->loc)
        take(m, m->loc, m->date);
    free(m->loc);
    m->loc = NULL;
    m->date = 0;
}

static void tag(struct sitemap *m, const char *s, const char *after, const char *end)
{
    size_t len;
    bool other, closes = *s == '/';
    const char *name = local_name(s + closes, &len, &other);
    if (other)
        return;
    if (named(name, len, "url") || named(name, len, "sitemap")) {
        end_of_item(m);
        m->open = !closes;
    } else if (closes) {
        return;
    } else if (named(name, len, "sitemapindex")) {
        m->list->index = true;
    } else if (named(name, len, "loc") && !m->loc) {
        m->loc = value(after, end);
    } else if (named(name, len, "lastmod")) {
        char *date = value(after, end);
        if (date)
            date_parse(date, &m->date);
        free(date);
    }
}

static void tags(struct sitemap *m, const char *s, const char *end)
{
    for (const char *p = s; (p = memchr(p, '<', (size_t)(end - p)));) {
        const char *close;
        p++;
        if (end - p >= 3 && memcmp(p, "!--", 3) == 0) {
            close = memmem(p, (size_t)(end - p), "-->", 3);
            if (close)
                p = close;
            continue;
        }
        close = memchr(p, '>', (size_t)(end - p));
        if (!close)
            break;
        tag(m, p, close + 1, end);
        p = close;
    }
    m->list->cut = m->list->cut || m->open;
    free(m->loc); // it broke off
    m->loc = NULL;
}

static void lines(struct sitemap *m, const char *s, const char *end)
{
    while (s < end) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        size_t len = (size_t)((nl ? nl : end) - s);
        char *line = len && len < LONGEST_VALUE ? mem_strndup(s, len) : NULL;
        if (line) {
            line[strcspn(line, " \t\r")] = '\0';
            if (strncmp(line, "http://", 7) == 0 || strncmp(line, "https://", 8) == 0)
                take(m, line, 0);
        }
        free(line);
        s += len + 1;
    }
}

bool archive_sitemap(const char *bytes, size_t len, const char *url, struct archive_list **out,
                     struct err *e)
{
    struct buf unpacked = {0};
    bool cut = false;
    if (feed_is_packed(bytes, len)) {
        if (!feed_unpack(bytes, len, &unpacked, &cut, NULL)) {
            buf_free(&unpacked);
            return err_set(e, ERR_FORMAT, "this sitemap cannot be unpacked");
        }
        bytes = unpacked.data;
        len = unpacked.len;
    }
    struct text_bytes t;
    encoding_read(&t, bytes, len, NULL);
    struct arena *a = arena_new();
    struct sitemap m = {.url = url, .list = arena_alloc(a, sizeof *m.list)};
    m.list->arena = a;
    m.list->cut = cut;
    if (memchr(t.s, '<', t.len))
        tags(&m, t.s, t.s + t.len);
    else
        lines(&m, t.s, t.s + t.len);
    free(m.seen);
    buf_free(&t.own);
    buf_free(&unpacked);
    struct archive_item *items = m.list->items;
    m.list->items = arena_alloc(a, m.list->n * sizeof *items);
    if (m.list->n)
        memcpy(m.list->items, items, m.list->n * sizeof *items);
    free(items);
    if (!m.list->listed) {
        archive_list_free(m.list);
        return err_set(e, ERR_FORMAT, "this is no sitemap: it names no address");
    }
    *out = m.list;
    return true;
}
