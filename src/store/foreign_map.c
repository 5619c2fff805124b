// newsboat's and newsraft's columns as items. Every value may be of another kind than its column
// says; SQLite turns it into what is asked for.
#include "store/foreign_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The validator as it stood in the header: these readers keep its time alone.
static const char *http_date(int64_t t, struct arena *a)
{
    static const char days[] = "SunMonTueWedThuFriSat", *const months =
                                                            "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t when = (time_t)t;
    struct tm tm;
    if (t <= 0 || t > INT64_C(1) << 40 || !gmtime_r(&when, &tm))
        return NULL;
    return arena_printf(a, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT", days + tm.tm_wday * 3,
                        tm.tm_mday, months + tm.tm_mon * 3, tm.tm_year + 1900, tm.tm_hour,
                        tm.tm_min, tm.tm_sec);
}

static void content(sqlite3_stmt *st, int column, struct foreign_item *out, struct arena *a)
{
    const char *s = (const char *)sqlite3_column_text(st, column);
    int len = sqlite3_column_bytes(st, column);
    if (!s || len <= 0)
        return;
    out->content = arena_strndup(a, s, (size_t)len);
    out->content_len = (size_t)len;
}

static void enclosure(struct foreign_item *out, struct arena *a, const char *url, const char *type,
                      int64_t size, int64_t seconds)
{
    if (!url || !*url)
        return;
    struct foreign_enclosure *more = arena_alloc(a, (out->nenclosures + 1) * sizeof *more);
    if (out->nenclosures)
        memcpy(more, out->enclosures, out->nenclosures * sizeof *more);
    more[out->nenclosures++] = (struct foreign_enclosure){url, type, size, seconds};
    out->enclosures = more;
}

// ---- newsboat ----

enum {
    N_GUID = 1,
    N_TITLE,
    N_AUTHOR,
    N_URL,
    N_DATE,
    N_CONTENT,
    N_MIME,
    N_UNREAD,
    N_ENCLOSURE,
    N_TYPE,
    N_FLAGS,
    N_DELETED,
    N_BASE
};
static const char *const newsboat_items[] = {
    "guid",   "title",         "author",         "url",   "pubDate", "content", "content_mime_type",
    "unread", "enclosure_url", "enclosure_type", "flags", "deleted", "base",    NULL};
static const char *const newsboat_feeds[] = {"rssurl",       "url",  "title",
                                             "lastmodified", "etag", NULL};

static void newsboat_item(sqlite3_stmt *st, struct foreign_item *out, struct arena *a)
{
    out->guid = foreign_text(st, N_GUID, a);
    out->title = foreign_text(st, N_TITLE, a);
    out->html_title = true;
    out->author = foreign_text(st, N_AUTHOR, a);
    out->url = foreign_text(st, N_URL, a);
    out->base = foreign_text(st, N_BASE, a);
    out->published = sqlite3_column_int64(st, N_DATE);
    out->read = sqlite3_column_int64(st, N_UNREAD) == 0;
    out->deleted = sqlite3_column_int64(st, N_DELETED) != 0;
    content(st, N_CONTENT, out, a);
    const char *mime = foreign_text(st, N_MIME, a);
    out->plain = mime && strncmp(mime, "text/plain", 10) == 0;
    enclosure(out, a, foreign_text(st, N_ENCLOSURE, a), foreign_text(st, N_TYPE, a), 0, 0);
    // A flag is a letter; the bookmark bears it as a tag.
    const char *flags = foreign_text(st, N_FLAGS, a);
    size_t n = 0, most = sizeof out->marks / sizeof *out->marks;
    for (; flags && *flags && n < most; flags++)
        if ((*flags >= 'a' && *flags <= 'z') || (*flags >= 'A' && *flags <= 'Z'))
            out->marks[n++] = arena_strndup(a, flags, 1);
}

static void newsboat_feed(sqlite3_stmt *st, struct foreign_feed *out, struct arena *a)
{
    out->home = foreign_text(st, 2, a);
    out->title = foreign_text(st, 3, a);
    out->last_modified = http_date(sqlite3_column_int64(st, 4), a);
    out->etag = foreign_text(st, 5, a);
}

// ---- newsraft ----

enum {
    R_GUID = 1,
    R_TITLE,
    R_LINK,
    R_CONTENT,
    R_ATTACHMENTS,
    R_PERSONS,
    R_EXTRAS,
    R_PUBLISHED,
    R_UPDATED,
    R_UNREAD,
    R_IMPORTANT
};
static const char *const newsraft_items[] = {
    "guid",        "title",   "link",      "content",
    "attachments", "persons", "extras",    "publication_date",
    "update_date", "unread",  "important", NULL};
static const char *const newsraft_feeds[] = {
    "feed_url", "link", "title", "http_header_last_modified", "http_header_etag", NULL};

static int64_t number(const char *s)
{
    long long v = s ? strtoll(s, NULL, 10) : 0;
    return v > 0 && v < INT64_C(1) << 50 ? v : 0;
}

static void texts(const char *s, struct foreign_item *out, struct arena *a)
{
    static const char *const keys[] = {"text", "type"};
    const char *value[2];
    size_t at = 0;
    while (s && newsraft_group(s, strlen(s), &at, keys, 2, value, a)) {
        size_t len = value[0] ? strlen(value[0]) : 0;
        if (len <= out->content_len)
            continue;
        out->content = value[0]; // the longest of its texts
        out->content_len = len;
        out->plain = !value[1] || (!strstr(value[1], "html") && !strstr(value[1], "HTML"));
    }
}

static void newsraft_item(sqlite3_stmt *st, struct foreign_item *out, struct arena *a)
{
    static const char *const files[] = {"url", "type", "size", "duration"};
    static const char *const people[] = {"type", "name", "email"};
    static const char *const extras[] = {"category"};
    const char *value[4], *s;
    size_t at = 0;
    out->guid = foreign_text(st, R_GUID, a);
    out->title = foreign_text(st, R_TITLE, a);
    out->url = foreign_text(st, R_LINK, a);
    texts(foreign_text(st, R_CONTENT, a), out, a);
    s = foreign_text(st, R_ATTACHMENTS, a);
    while (s && newsraft_group(s, strlen(s), &at, files, 4, value, a))
        enclosure(out, a, value[0], value[1], number(value[2]), number(value[3]));
    s = foreign_text(st, R_PERSONS, a);
    for (at = 0; s && newsraft_group(s, strlen(s), &at, people, 3, value, a);)
        if (!out->author && (!value[0] || strcmp(value[0], "author") == 0))
            out->author = value[1] ? value[1] : value[2];
    s = foreign_text(st, R_EXTRAS, a);
    for (at = 0; s && newsraft_group(s, strlen(s), &at, extras, 1, value, a);)
        out->categories =
            out->categories ? arena_printf(a, "%s|%s", out->categories, value[0]) : value[0];
    out->published = sqlite3_column_int64(st, R_PUBLISHED);
    if (out->published <= 0)
        out->published = sqlite3_column_int64(st, R_UPDATED);
    out->read = sqlite3_column_int64(st, R_UNREAD) == 0;
    if (sqlite3_column_int64(st, R_IMPORTANT))
        out->marks[0] = "important";
}

static void newsraft_feed(sqlite3_stmt *st, struct foreign_feed *out, struct arena *a)
{
    newsboat_feed(st, out, a); // the same five
}

const struct foreign_map foreign_maps[] = {
    {FOREIGN_NEWSBOAT, "rss_item", "rss_feed", newsboat_items, newsboat_feeds, newsboat_item,
     newsboat_feed},
    {FOREIGN_NEWSRAFT, "items", "feeds", newsraft_items, newsraft_feeds, newsraft_item,
     newsraft_feed},
    {FOREIGN_NONE, NULL, NULL, NULL, NULL, NULL, NULL},
};
