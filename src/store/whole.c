// Articles of pages, one row an entry. The text is a record of its own kind (record.c), packed
// alone: put behind the entry's own record it wins, field by field, and enclosures and categories
// of the feed stay. `shown` says which of the two is looked at.
#include "lectern/whole.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "store/store.h"

enum { LEVEL = 6, TRIES = 3, A_DAY = 24 * 3600, FEW_WORDS = 250 };
enum { WHOLE_PAYWALLED = 1, WHOLE_PREVIEW = 2 };

bool store_whole(struct store *s, int64_t entry, struct arena *a, struct whole *out, struct err *e)
{
    static const char query[] = "SELECT fetched, words, flags, url, author, why, failure, data "
                                "FROM page WHERE entry = ?";
    struct whole w = {0};
    struct item_body item = {0};
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", entry);
    int got = sql_step(s, st, e);
    bool ok = got >= 0;
    if (got > 0) {
        w.fetched = sql_col(st, 0);
        w.words = (uint32_t)sql_col(st, 1);
        w.paywalled = sql_col(st, 2) & WHOLE_PAYWALLED;
        w.preview = sql_col(st, 2) & WHOLE_PREVIEW;
        w.url = sql_text(st, 3, a);
        w.author = sql_text(st, 4, a);
        w.why = sql_text(st, 5, a);
        w.failure = sql_text(st, 6, a);
        const char *bytes;
        size_t len;
        if (sqlite3_column_type(st, 7) != SQLITE_NULL)
            ok = pack_expand(s, sqlite3_column_blob(st, 7), (size_t)sqlite3_column_bytes(st, 7), a,
                             &bytes, &len, e) &&
                 record_read(bytes, len, a, &item, e);
        w.content = item.content;
        w.content_len = item.content_len;
        w.language = item.language;
        w.image = item.image;
        sql_done(st);
    }
    if (ok)
        *out = w;
    return ok;
}

bool whole_record(struct store *s, int64_t entry, struct arena *a, const char **bytes, size_t *len,
                  bool *there, struct err *e)
{
    static const char query[] = "SELECT shown, data FROM page WHERE entry = ? AND data IS NOT NULL";
    *bytes = NULL;
    *len = 0;
    *there = false;
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", entry);
    int got = sql_step(s, st, e);
    if (got <= 0)
        return got == 0;
    *there = true;
    bool ok =
        sql_col(st, 0) == 0 || pack_expand(s, sqlite3_column_blob(st, 1),
                                           (size_t)sqlite3_column_bytes(st, 1), a, bytes, len, e);
    sql_done(st);
    return ok;
}

bool store_whole_put(struct store *s, int64_t entry, const struct whole *w, struct err *e)
{
    static const char there[] = "SELECT id FROM entry WHERE id = ?";
    static const char put[] =
        "INSERT INTO page(entry, fetched, tries, words, flags, shown, url, author, why, data) "
        "VALUES(?, ?, 0, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT(entry) DO UPDATE SET fetched = "
        "excluded.fetched, tries = 0, words = excluded.words, flags = excluded.flags, shown = 1, "
        "url = excluded.url, author = excluded.author, why = excluded.why, failure = NULL, data = "
        "excluded.data";
    static const char facts[] =
        "UPDATE entry SET words = ?2, flags = (flags & ~?3) | ?4, author = coalesce(author, ?5) "
        "WHERE id = ?1";
    struct feed_entry en = {.guid = NULL, .content = w->content, .content_len = w->content_len};
    en.type = CONTENT_HTML;
    en.base = w->url;
    en.language = w->language;
    en.image = w->image;
    struct buf record = {0};
    record_write(&record, &en, NULL);
    struct packer packer = {.level = LEVEL};
    size_t len;
    void *data = pack_compress(&packer, record.data, record.len, &len);
    int64_t flags = (w->paywalled ? WHOLE_PAYWALLED : 0) | (w->preview ? WHOLE_PREVIEW : 0), id = 0;
    bool ok = sql_write_begin(s, e);
    if (ok) {
        ok = sql_int(s, e, 0, &id, there, "i", entry);
        if (ok && !id)
            ok = err_set(e, ERR_MISSING, "there is no essay %lld any more", (long long)entry);
        ok = ok &&
             sql_do(s, e, put, "iiiitttb", entry, w->fetched, (int64_t)w->words, flags, w->url,
                    w->author, w->why, data, len) &&
             sql_do(s, e, facts, "iiiit", entry, (int64_t)w->words, (int64_t)ITEM_PREVIEW,
                    (int64_t)(w->preview ? ITEM_PREVIEW : 0), w->author) &&
             search_reworded(s, entry, e);
        ok = sql_write_end(s, ok, e);
    }
    packer_free(&packer);
    free(data);
    buf_free(&record);
    return ok;
}

bool store_whole_failed(struct store *s, int64_t entry, const char *why, int64_t now, struct err *e)
{
    static const char put[] =
        "INSERT INTO page(entry, fetched, tries, words, flags, shown, failure) SELECT id, ?2, 1, "
        "0, 0, 0, ?3 FROM entry WHERE id = ?1 ON CONFLICT(entry) DO UPDATE SET fetched = "
        "excluded.fetched, tries = tries + 1, failure = excluded.failure";
    bool ok = sql_write_begin(s, e);
    return ok && sql_write_end(s, sql_do(s, e, put, "iit", entry, now, why), e);
}

bool store_whole_show(struct store *s, int64_t entry, bool article, struct err *e)
{
    static const char set[] = "UPDATE page SET shown = ?2 WHERE entry = ?1 AND data IS NOT NULL";
    bool ok = sql_write_begin(s, e);
    return ok && sql_write_end(s,
                               sql_do(s, e, set, "ii", entry, (int64_t)article) &&
                                   search_reworded(s, entry, e),
                               e);
}

bool store_whole_due(struct store *s, int64_t feed, int64_t since, int64_t now, size_t limit,
                     int64_t **ids, size_t *n, struct err *e)
{
    static const char query[] =
        "SELECT e.id FROM entry e LEFT JOIN page p ON p.entry = e.id WHERE e.feed = ?1 AND e.seen "
        ">= ?2 AND e.url IS NOT NULL AND (e.words < ?6 OR e.flags & ?7) AND (p.entry IS NULL OR "
        "(p.data IS NULL AND p.tries < ?5 AND p.fetched < ?3)) ORDER BY e.sort DESC LIMIT ?4";
    int64_t *found = NULL;
    size_t count = 0, cap = 0;
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "iiiiiii", feed, since, now - A_DAY, (int64_t)limit, (int64_t)TRIES,
             (int64_t)FEW_WORDS, (int64_t)ITEM_PREVIEW);
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        found = mem_grow(found, &cap, count + 1, sizeof *found);
        found[count++] = sql_col(st, 0);
    }
    if (got < 0) {
        free(found);
        return false;
    }
    *ids = found;
    *n = count;
    return true;
}
