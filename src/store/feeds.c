// Feeds: what is subscribed to, under which name and which tags. An address is one feed however it
// is spelled; names are folded once when they change, so that lists come sorted from an index.
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicase.h>
#include <uninorm.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "store/store.h"

char *fold(const char *text)
{
    size_t len;
    uint8_t *f = u8_casefold((const uint8_t *)text, strlen(text), NULL, UNINORM_NFKD, NULL, &len);
    char *out = f ? mem_strndup((const char *)f, len) : mem_strdup(text);
    free(f);
    return out;
}

// "https://Example.org:443/feed/" and "http://example.org/feed#top" are one feed.
char *feed_key(const char *url)
{
    struct buf out = {0};
    const char *p = url, *colon = strstr(url, "://");
    bool web = false;
    if (colon && (strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0)) {
        web = true;
        p = colon + 3;
        size_t host = strcspn(p, "/?#");
        for (size_t i = 0; i < host; i++)
            buf_char(&out, (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]));
        const char *port = url[4] == 's' || url[4] == 'S' ? ":443" : ":80";
        size_t n = strlen(port);
        if (out.len > n && memcmp(out.data + out.len - n, port, n) == 0)
            out.data[out.len -= n] = '\0';
        p += host;
    }
    buf_add(&out, p, web ? strcspn(p, "#") : strlen(p));
    while (out.len > 1 && out.data[out.len - 1] == '/')
        out.data[--out.len] = '\0';
    return buf_take(&out, NULL);
}

bool tag_clean(const char *tag, char **out, struct err *e)
{
    char *clean = utf8_clean_dup(tag, strlen(tag), UTF8_LINE);
    if (*clean) {
        *out = clean;
        return true;
    }
    free(clean);
    return err_set(e, ERR_USAGE, "a tag needs at least one character");
}

bool feed_name_refresh(struct store *s, int64_t id, struct err *e)
{
    static const char query[] = "SELECT coalesce(own_title, title, url) FROM feed WHERE id = ?";
    static const char update[] = "UPDATE feed SET name = ?2, fold = ?3 WHERE id = ?1";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    char *name = feed_shown((const char *)sqlite3_column_text(st, 0)), *folded = fold(name);
    sql_done(st);
    bool ok = sql_do(s, e, update, "itt", id, name, folded);
    free(name);
    free(folded);
    return ok;
}

#define COLUMNS                                                                             \
    "f.id, f.url, f.name, f.own_title, f.home, f.subtitle, f.language, t.total, t.unread, " \
    "f.cut_short, f.interval,"                                                              \
    " x.error, x.http_status, x.last_tried, x.last_good, x.next_due, x.bytes, x.failures, " \
    "x.parked, x.moved_to"                                                                  \
    " FROM feed f JOIN tally t ON t.feed = f.id JOIN fetch x ON x.feed = f.id"

static const char *shown(const char *url, struct arena *a)
{
    if (!url || !strchr(url, '@'))
        return url;
    char *s = feed_shown(url);
    url = arena_strdup(a, s);
    free(s);
    return url;
}

static void read_row(struct store *s, sqlite3_stmt *st, struct arena *a, struct feed_row *r)
{
    static const char *no_tags[] = {NULL};
    (void)s;
    r->id = sql_col(st, 0);
    r->address = sql_text(st, 1, a);
    r->url = shown(r->address, a);
    r->title = sql_text(st, 2, a);
    r->own_title = sql_text(st, 3, a);
    r->home = sql_text(st, 4, a);
    r->subtitle = sql_text(st, 5, a);
    r->language = sql_text(st, 6, a);
    r->total = sql_col(st, 7);
    r->unread = sql_col(st, 8);
    r->interval = sql_col(st, 10);
    r->error = sql_text(st, 11, a);
    r->http_status = (int)sql_col(st, 12);
    r->last_tried = sql_col(st, 13);
    r->last_good = sql_col(st, 14);
    r->next_due = sql_col(st, 15);
    r->bytes = sql_col(st, 16);
    r->health = sql_col(st, 18)   ? HEALTH_PARKED
                : sql_col(st, 17) ? HEALTH_FAILING
                : sql_col(st, 9)  ? HEALTH_CUT_SHORT
                : r->last_good    ? HEALTH_OK
                                  : HEALTH_NEW;
    r->moved_to = shown(sql_text(st, 19, a), a);
    r->tags = no_tags;
}

// Tags of one feed (or of all: id 0) as runs of (feed, tag); handed to the rows that ask by id.
static bool add_tag(struct feed_row *r, struct arena *a, const char *tag)
{
    size_t n = 0;
    while (r->tags[n])
        n++;
    const char **more = arena_alloc(a, (n + 2) * sizeof *more);
    memcpy(more, r->tags, n * sizeof *more);
    more[n] = tag;
    r->tags = more;
    return true;
}

struct place_of { // a row's place, to find it by id
    int64_t id;
    size_t at;
};

static int by_id(const void *x, const void *y)
{
    const struct place_of *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool read_tags(struct store *s, struct arena *a, struct feed_rows *rows, struct err *e)
{
    static const char query[] = "SELECT feed, tag FROM feed_tag ORDER BY feed, tag";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    struct place_of *places = mem_array(rows->n, sizeof *places);
    for (size_t i = 0; i < rows->n; i++)
        places[i] = (struct place_of){rows->items[i].id, i};
    qsort(places, rows->n, sizeof *places, by_id);
    size_t at = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        while (at < rows->n && places[at].id < sql_col(st, 0))
            at++;
        if (at < rows->n && places[at].id == sql_col(st, 0))
            add_tag(&rows->items[places[at].at], a, sql_text(st, 1, a));
    }
    free(places);
    return got == 0;
}

bool store_feeds(struct store *s, struct arena *a, struct feed_rows *out, struct err *e)
{
    static const char query[] = "SELECT " COLUMNS " ORDER BY f.fold, f.id";
    struct feed_rows rows = {0};
    size_t cap = 0;
    if (!sql_read_begin(s, e))
        return false;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        rows.items = mem_grow(rows.items, &cap, rows.n + 1, sizeof *rows.items);
        rows.items[rows.n] = (struct feed_row){0};
        read_row(s, st, a, &rows.items[rows.n++]);
    }
    bool ok = got == 0 && read_tags(s, a, &rows, e);
    for (size_t i = 0; ok && s->npending && i < rows.n; i++) {
        struct tally_delta d;
        ok = pending_delta(s, rows.items[i].id, &d, e);
        rows.items[i].unread += ok ? d.unread : 0;
    }
    sql_read_end(s);
    if (ok) {
        out->n = rows.n;
        out->items = arena_alloc(a, rows.n * sizeof *out->items);
        if (rows.n)
            memcpy(out->items, rows.items, rows.n * sizeof *out->items);
    }
    free(rows.items);
    return ok;
}

static bool one(struct store *s, int64_t id, struct arena *a, struct feed_row *out, bool *found,
                struct err *e)
{
    static const char query[] = "SELECT " COLUMNS " WHERE f.id = ?",
                      tags[] = "SELECT tag FROM feed_tag WHERE feed = ? ORDER BY tag";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    int got = sql_step(s, st, e);
    *found = got > 0;
    if (got <= 0)
        return got == 0;
    struct feed_row row = {0};
    read_row(s, st, a, &row);
    sql_done(st);
    if (!(st = sql_get(s, tags, e)))
        return false;
    sql_bind(st, "i", id);
    while ((got = sql_step(s, st, e)) > 0)
        add_tag(&row, a, sql_text(st, 0, a));
    struct tally_delta d;
    if (got < 0 || !pending_delta(s, id, &d, e))
        return false;
    row.unread += d.unread;
    *out = row;
    return true;
}

bool store_feed(struct store *s, int64_t id, struct arena *a, struct feed_row *out, struct err *e)
{
    bool found;
    if (!one(s, id, a, out, &found, e))
        return false;
    return found ||
           err_set(e, ERR_MISSING, "there is no feed %lld; `lectern feeds` lists what there is",
                   (long long)id);
}

// A number that is no feed's (any more) is not looked for inside titles: who removes feed 3 twice
// means nothing else.
static bool is_number(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n < 19 && strspn(name, "0123456789") == n;
}

static bool by_title(struct store *s, const char *name, int64_t *id, struct err *e)
{
    static const char query[] = "SELECT id, fold, name FROM feed ORDER BY fold";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    char *wanted = fold(name);
    int64_t exact = 0, part = 0;
    int nexact = 0, nparts = 0, got;
    struct buf names = {0};
    while ((got = sql_step(s, st, e)) > 0) {
        const char *folded = (const char *)sqlite3_column_text(st, 1);
        if (!*wanted || !strstr(folded, wanted) || (is_number(name) && strcmp(folded, wanted) != 0))
            continue;
        part = sql_col(st, 0);
        if (nparts++ < 4)
            buf_printf(&names, "%s%s", names.len ? ", " : "",
                       (const char *)sqlite3_column_text(st, 2));
        if (strcmp(folded, wanted) == 0) {
            exact = part;
            nexact++;
        }
    }
    free(wanted);
    bool ok = got == 0;
    if (ok && nexact == 1)
        *id = exact;
    else if (ok && nparts == 1)
        *id = part;
    else if (ok && nparts == 0)
        ok = err_set(e, ERR_MISSING, "no feed is called '%s'; `lectern feeds` lists what there is",
                     name);
    else if (ok)
        ok =
            err_set(e, ERR_MISSING,
                    "'%s' fits %d feeds (%s%s); say more of it, or its number from `lectern feeds`",
                    name, nexact ? nexact : nparts, names.data, nparts > 4 ? " ..." : "");
    buf_free(&names);
    return ok;
}

// An address as it is shown, of a feed whose address has a user and password in it.
static bool by_shown(struct store *s, const char *key, const char *other, int64_t *id,
                     struct err *e)
{
    static const char query[] = "SELECT id, url FROM feed WHERE instr(url, '@') ORDER BY id";
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 0 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        char *url = feed_shown((const char *)sqlite3_column_text(st, 1)), *its = feed_key(url);
        if (!*id && (strcmp(its, key) == 0 || strcmp(its, other) == 0))
            *id = sql_col(st, 0);
        free(url);
        free(its);
    }
    return got == 0;
}

bool store_feed_find(struct store *s, const char *name, struct arena *a, struct feed_row *out,
                     struct err *e)
{
    static const char by_key[] = "SELECT id FROM feed WHERE key = ? OR key = ?",
                      by_number[] = "SELECT id FROM feed WHERE id = ?";
    int64_t id = 0;
    if (is_number(name) && !sql_int(s, e, 0, &id, by_number, "i", (int64_t)strtoll(name, NULL, 10)))
        return false;
    if (!id) {
        // Without a scheme the name may be an address as people say it.
        char *with = mem_printf("https://%s", name), *key = feed_key(name), *other = feed_key(with);
        bool ok = sql_int(s, e, 0, &id, by_key, "tt", key, other) &&
                  (id || by_shown(s, key, other, &id, e));
        free(with);
        free(key);
        free(other);
        if (!ok)
            return false;
    }
    if (!id && !by_title(s, name, &id, e))
        return false;
    return store_feed(s, id, a, out, e);
}

bool store_feed_add(struct store *s, const char *url, const char *const *tags, int64_t *id,
                    bool *existed, struct err *e)
{
    static const char find[] = "SELECT id FROM feed WHERE key = ?";
    static const char insert[] =
        "INSERT INTO feed(url, key, name, fold, added) VALUES(?1, ?2, ?5, ?3, ?4)";
    static const char fetch[] = "INSERT INTO fetch(feed) VALUES(?)",
                      tally[] = "INSERT INTO tally(feed) VALUES(?)";
    char *clean = utf8_clean_dup(url, strlen(url), UTF8_ADDRESS);
    if (!*clean) {
        free(clean);
        return err_set(e, ERR_USAGE, "a feed needs an address");
    }
    char *key = feed_key(clean), *name = feed_shown(clean), *folded = fold(name);
    int64_t there = 0, made = 0;
    bool ok = sql_write_begin(s, e);
    if (ok) {
        ok = sql_int(s, e, 0, &there, find, "t", key);
        made = there;
        if (ok && !there) {
            ok = sql_do(s, e, insert, "tttit", clean, key, folded, (int64_t)time(NULL), name);
            made = sqlite3_last_insert_rowid(s->db);
            ok = ok && sql_do(s, e, fetch, "i", made) && sql_do(s, e, tally, "i", made);
        }
        for (; ok && tags && *tags; tags++)
            ok = store_feed_tag(s, made, *tags, true, e);
        ok = sql_write_end(s, ok, e);
    }
    free(clean);
    free(key);
    free(name);
    free(folded);
    if (ok) {
        *id = made;
        *existed = there != 0;
    }
    return ok;
}

// Runs one change of a feed; it has to be there.
static bool must_change(struct store *s, int64_t id, bool ok, struct err *e)
{
    if (ok && sqlite3_changes(s->db) == 0)
        return err_set(e, ERR_MISSING, "there is no feed %lld any more", (long long)id);
    return ok;
}

bool store_feed_remove(struct store *s, int64_t id, struct err *e)
{
    // Entries first: their triggers count down and let go of texts and bookmarks.
    static const char entries[] = "DELETE FROM entry WHERE feed = ?",
                      known[] = "DELETE FROM known WHERE feed = ?",
                      tags[] = "DELETE FROM feed_tag WHERE feed = ?",
                      tally[] = "DELETE FROM tally WHERE feed = ?",
                      fetch[] = "DELETE FROM fetch WHERE feed = ?",
                      feed[] = "DELETE FROM feed WHERE id = ?",
                      values[] = "DELETE FROM value WHERE key GLOB 'fetch.[a-z]*.' || ?",
                      kept[] = "UPDATE bookmark SET feed = 0 WHERE feed = ?";
    if (!sql_write_begin(s, e))
        return false;
    bool ok = sql_do(s, e, entries, "i", id) && sql_do(s, e, known, "i", id) &&
              sql_do(s, e, tags, "i", id) && sql_do(s, e, tally, "i", id) &&
              sql_do(s, e, fetch, "i", id) && sql_do(s, e, kept, "i", id) &&
              sql_do(s, e, values, "i", id) && must_change(s, id, sql_do(s, e, feed, "i", id), e);
    return sql_write_end(s, ok, e);
}

bool store_feed_rename(struct store *s, int64_t id, const char *title, struct err *e)
{
    static const char update[] = "UPDATE feed SET own_title = ?2 WHERE id = ?1";
    char *clean = title ? utf8_clean_dup(title, strlen(title), UTF8_LINE) : NULL;
    if (clean && !*clean) {
        free(clean);
        clean = NULL;
    }
    bool ok = sql_write_begin(s, e);
    if (ok) {
        ok = must_change(s, id, sql_do(s, e, update, "it", id, clean), e) &&
             feed_name_refresh(s, id, e);
        ok = sql_write_end(s, ok, e);
    }
    free(clean);
    return ok;
}

bool store_feed_tag(struct store *s, int64_t id, const char *tag, bool on, struct err *e)
{
    static const char insert[] =
        "INSERT OR IGNORE INTO feed_tag SELECT id, ?2 FROM feed WHERE id = ?1";
    static const char remove[] = "DELETE FROM feed_tag WHERE feed = ? AND tag = ?";
    char *clean = NULL;
    if (!tag_clean(tag, &clean, e))
        return false;
    bool ok = sql_write_begin(s, e);
    if (ok)
        ok = sql_write_end(s, sql_do(s, e, on ? insert : remove, "it", id, clean), e);
    free(clean);
    return ok;
}

bool store_feed_move(struct store *s, int64_t id, const char *url, struct err *e)
{
    static const char find[] = "SELECT id FROM feed WHERE key = ?";
    static const char update[] = "UPDATE feed SET url = ?2, key = ?3 WHERE id = ?1";
    static const char forget[] = "UPDATE fetch SET etag = NULL, last_modified = NULL, moved_to = "
                                 "NULL, body_hash = 0, parked = 0, failures = 0, error = NULL, "
                                 "next_due = 0 WHERE feed = ?";
    char *clean = utf8_clean_dup(url, strlen(url), UTF8_ADDRESS), *key = feed_key(clean);
    int64_t other = 0;
    bool ok = *clean || err_set(e, ERR_USAGE, "a feed needs an address");
    if (ok && (ok = sql_write_begin(s, e))) {
        ok = sql_int(s, e, 0, &other, find, "t", key);
        if (ok && other && other != id)
            ok = err_set(e, ERR_OTHER, "this address is subscribed to already, as feed %lld",
                         (long long)other);
        ok = ok && must_change(s, id, sql_do(s, e, update, "itt", id, clean, key), e) &&
             sql_do(s, e, forget, "i", id) && feed_name_refresh(s, id, e);
        ok = sql_write_end(s, ok, e);
    }
    free(clean);
    free(key);
    return ok;
}

bool store_feed_set_interval(struct store *s, int64_t id, int64_t seconds, struct err *e)
{
    static const char update[] = "UPDATE feed SET interval = ?2 WHERE id = ?1";
    if (!sql_write_begin(s, e))
        return false;
    return sql_write_end(s, must_change(s, id, sql_do(s, e, update, "ii", id, seconds), e), e);
}
