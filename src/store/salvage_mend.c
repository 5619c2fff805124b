// What was read out of a wreck, made to agree. Texts are opened one by one: what cannot be opened
// is taken from where the same words stand elsewhere (an essay and its bookmark have them both),
// else the essay stays without and is fetched anew when its feed still lists it. A text without a
// bookmark becomes one again.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/buf.h"
#include "store/salvage.h"

static const char LOST[] = "The text of this bookmark could not be saved from the damaged library.";

// ---- is this the text it should be? ----

enum verdict { UNREADABLE, READABLE, EXACT };

// `text` is the hash that was taken when it was stored: of an entry's words, or of a page's.
static enum verdict judge(const char *bytes, size_t len, const char *title, const char *subtitle,
                          int64_t text)
{
    struct arena *a = arena_new();
    struct item_body b = {0};
    enum verdict v = UNREADABLE;
    if (record_read(bytes, len, a, &b, NULL)) {
        v = READABLE;
        for (int i = 0; i < 2 && v != EXACT; i++) { // a title that was not there is stored empty
            const char *t = i && !*title ? NULL : title;
            struct feed_entry en = {.title = t,
                                    .subtitle = subtitle,
                                    .content = b.content,
                                    .content_len = b.content_len,
                                    .summary = b.summary};
            uint64_t page = hash_bytes(b.content, b.content ? b.content_len : 0, hash_string(t, 0));
            if (entry_text_hash(&en) == (uint64_t)text || (b.content && page == (uint64_t)text))
                v = EXACT;
        }
    }
    arena_free(a);
    return v;
}

static const char *column(sqlite3_stmt *st, int i)
{
    const char *s = (const char *)sqlite3_column_text(st, i);
    return s ? s : "";
}

static enum verdict judge_blob(struct salvage *v, sqlite3_stmt *st, int data, int title)
{
    struct arena *a = arena_new();
    const char *bytes;
    size_t len;
    const void *packed = sqlite3_column_blob(st, data);
    enum verdict is = UNREADABLE;
    if (packed &&
        pack_expand(v->out, packed, (size_t)sqlite3_column_bytes(st, data), a, &bytes, &len, NULL))
        is = judge(bytes, len, column(st, title), (const char *)sqlite3_column_text(st, title + 1),
                   sql_col(st, title + 2));
    arena_free(a);
    return is;
}

// Runs `act` for each row's first column; rows may be changed meanwhile, so the ids come first.
static bool each(struct salvage *v, const char *query,
                 bool (*act)(struct salvage *, int64_t, struct err *), struct err *e)
{
    int64_t *ids = NULL;
    size_t n = 0, cap = 0;
    sqlite3_stmt *st = sql_get(v->out, query, e);
    int got = st ? 0 : -1;
    while (st && (got = sql_step(v->out, st, e)) > 0) {
        ids = mem_grow(ids, &cap, n + 1, sizeof *ids);
        ids[n++] = sql_col(st, 0);
    }
    bool ok = got == 0;
    for (size_t i = 0; ok && i < n; i++)
        ok = act(v, ids[i], e);
    free(ids);
    return ok;
}

// ---- texts of which it is not known whose they are ----

static bool place_strays(struct salvage *v, struct err *e)
{
    static const char query[] = "SELECT s.at, s.data, b.title, b.subtitle, b.text FROM temp.stray "
                                "s JOIN bookmark b ON b.id "
                                "= s.id WHERE s.id NOT IN (SELECT bookmark FROM bookmark_body)";
    static const char mark[] = "INSERT INTO temp.ours VALUES(?)";
    if (!v->ambiguous)
        return true;
    if (!sql_exec(v->out, "CREATE TEMP TABLE ours(at INTEGER PRIMARY KEY)", e))
        return false;
    sqlite3_stmt *st = sql_get(v->out, query, e);
    int got = st ? 0 : -1;
    bool ok = st != NULL;
    while (ok && (got = sql_step(v->out, st, e)) > 0)
        if (judge_blob(v, st, 1, 2) == EXACT)
            ok = sql_do(v->out, e, mark, "i", sql_col(st, 0));
    sql_done(st);
    // What is no bookmark's for certain is an essay's where one names it, else a bookmark's after
    // all.
    return ok && got == 0 &&
           sql_exec(
               v->out,
               "INSERT OR IGNORE INTO bookmark_body SELECT id, data FROM temp.stray WHERE at "
               "IN (SELECT at FROM temp.ours);"
               "INSERT OR IGNORE INTO pack SELECT id, data FROM temp.stray WHERE at NOT IN "
               "(SELECT at FROM temp.ours) AND id IN (SELECT pack FROM entry UNION SELECT pack "
               "FROM revision);"
               "INSERT OR IGNORE INTO bookmark_body SELECT id, data FROM temp.stray WHERE id "
               "NOT IN (SELECT id FROM pack) AND id IN (SELECT id FROM bookmark)",
               e);
}

// ---- essays ----

static bool check_essays(struct salvage *v, struct err *e)
{
    static const char query[] = "SELECT id, pack, off, len, title, subtitle, text FROM entry WHERE "
                                "pack <> 0 ORDER BY pack, off";
    static const char poor[] = "INSERT INTO temp.poor VALUES(?, ?)";
    if (!sql_exec(v->out, "CREATE TEMP TABLE poor(id INTEGER PRIMARY KEY, verdict INTEGER)", e))
        return false;
    sqlite3_stmt *st = sql_get(v->out, query, e);
    int got = st ? 0 : -1;
    bool ok = st != NULL;
    while (ok && (got = sql_step(v->out, st, e)) > 0) {
        const char *bytes;
        enum verdict is = UNREADABLE;
        int64_t off = sql_col(st, 2), len = sql_col(st, 3);
        if (off >= 0 && len >= 0 &&
            pack_read(v->out, sql_col(st, 1), (size_t)off, (size_t)len, &bytes, NULL))
            is = judge(bytes, (size_t)len, column(st, 4), (const char *)sqlite3_column_text(st, 5),
                       sql_col(st, 6));
        if (is != EXACT)
            ok = sql_do(v->out, e, poor, "ii", sql_col(st, 0), (int64_t)is);
    }
    sql_done(st);
    return ok && got == 0 &&
           sql_exec(v->out,
                    "UPDATE entry SET pack = 0, off = 0, len = 0 WHERE id IN (SELECT id FROM "
                    "temp.poor WHERE verdict = 0)",
                    e);
}

// From the bookmark of the same words.
static bool refill_essay(struct salvage *v, int64_t id, struct err *e)
{
    static const char query[] =
        "SELECT x.data, b.title, b.subtitle, b.text FROM bookmark b JOIN bookmark_body x ON "
        "x.bookmark = b.id JOIN entry n ON n.id = b.entry AND n.text = b.text WHERE b.entry = ?";
    static const char insert[] = "INSERT INTO pack(data) VALUES(?)",
                      update[] = "UPDATE entry SET pack = ?2, off = 0, len = ?3 WHERE id = ?1",
                      know[] = "DELETE FROM temp.poor WHERE id = ?";
    sqlite3_stmt *st = sql_get(v->out, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    int got;
    bool ok = true;
    while (ok && (got = sql_step(v->out, st, e)) > 0) {
        if (judge_blob(v, st, 0, 1) != EXACT)
            continue;
        const void *data = sqlite3_column_blob(st, 0);
        size_t len = (size_t)sqlite3_column_bytes(st, 0);
        int64_t size = (int64_t)ZSTD_getFrameContentSize(data, len);
        ok = sql_do(v->out, e, insert, "b", data, len) &&
             sql_do(v->out, e, update, "iii", id, sqlite3_last_insert_rowid(v->out->db), size) &&
             sql_do(v->out, e, know, "i", id);
        break;
    }
    sql_done(st);
    return ok;
}

// What is not exact is asked for again at the next fetch, and the feeds send what they have not
// changed since.
static bool ask_again(struct salvage *v, struct err *e)
{
    static const char poor[] = "SELECT count(*) FROM temp.poor";
    int64_t n;
    if (!sql_int(v->out, e, 0, &n, poor, ""))
        return false;
    return (!n && !v->result->damages) ||
           sql_exec(
               v->out,
               "UPDATE known SET hash = -1 WHERE entry IN (SELECT id FROM temp.poor);"
               "UPDATE fetch SET etag = NULL, last_modified = NULL, body_hash = 0, next_due = 0",
               e);
}

// Older versions that cannot be read are let go.
static bool check_revisions(struct salvage *v, struct err *e)
{
    static const char query[] = "SELECT id, pack, off, len FROM revision ORDER BY pack, off",
                      drop[] = "DELETE FROM revision WHERE id = ?";
    int64_t *bad = NULL;
    size_t n = 0, cap = 0;
    sqlite3_stmt *st = sql_get(v->out, query, e);
    int got = st ? 0 : -1;
    while (st && (got = sql_step(v->out, st, e)) > 0) {
        const char *bytes;
        int64_t off = sql_col(st, 2), len = sql_col(st, 3);
        if (off >= 0 && len >= 0 &&
            pack_read(v->out, sql_col(st, 1), (size_t)off, (size_t)len, &bytes, NULL) &&
            judge(bytes, (size_t)len, "", NULL, 0) != UNREADABLE)
            continue;
        bad = mem_grow(bad, &cap, n + 1, sizeof *bad);
        bad[n++] = sql_col(st, 0);
    }
    bool ok = got == 0;
    for (size_t i = 0; ok && i < n; i++)
        ok = sql_do(v->out, e, drop, "i", bad[i]);
    free(bad);
    return ok;
}

// ---- bookmarks ----

static bool store_body(struct salvage *v, int64_t bookmark, const char *record, size_t len,
                       struct err *e)
{
    static const char insert[] = "INSERT OR REPLACE INTO bookmark_body VALUES(?, ?)";
    struct packer p = {0};
    size_t packed_len;
    void *packed = pack_compress(&p, record, len, &packed_len);
    bool ok = sql_do(v->out, e, insert, "ib", bookmark, packed, packed_len);
    packer_free(&p);
    free(packed);
    return ok;
}

static bool refill_bookmark(struct salvage *v, int64_t id, struct err *e)
{
    static const char query[] =
        "SELECT n.pack, n.off, n.len, b.title, b.subtitle, b.text FROM bookmark b JOIN entry n ON "
        "n.id = b.entry AND n.text = b.text WHERE b.id = ? AND n.pack <> 0";
    sqlite3_stmt *st = sql_get(v->out, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", id);
    const char *bytes;
    bool ok = true, filled = false;
    if (sql_step(v->out, st, e) > 0) {
        size_t len = (size_t)sql_col(st, 2);
        if (pack_read(v->out, sql_col(st, 0), (size_t)sql_col(st, 1), len, &bytes, NULL) &&
            judge(bytes, len, column(st, 3), (const char *)sqlite3_column_text(st, 4),
                  sql_col(st, 5)) == EXACT) {
            filled = true;
            ok = store_body(v, id, bytes, len, e);
        }
    }
    sql_done(st);
    if (filled || !ok)
        return ok;
    static const char there[] = "SELECT count(*) FROM bookmark_body WHERE bookmark = ?",
                      live[] = "SELECT count(*) FROM bookmark WHERE id = ? AND removed = 0";
    int64_t has, counts;
    if (!sql_int(v->out, e, 0, &has, there, "i", id) ||
        !sql_int(v->out, e, 0, &counts, live, "i", id))
        return false;
    if (has)
        return true; // readable, if not to the letter
    v->result->bare_bookmarks += counts;
    struct buf record = {0};
    struct feed_entry en = {
        .guid = "", .content = LOST, .content_len = sizeof LOST - 1, .type = CONTENT_TEXT};
    record_write(&record, &en, NULL);
    ok = store_body(v, id, record.data, record.len, e);
    buf_free(&record);
    return ok;
}

// A text whose bookmark's own row is lost.
static bool name_bookmark(struct salvage *v, int64_t id, struct err *e)
{
    static const char insert[] =
        "INSERT OR IGNORE INTO bookmark(id, entry, feed, kept, flags, words, published, text, "
        "naudio, audio_seconds, title) VALUES(?1, NULL, 0, ?2, 0, 0, ?2, 0, 0, 0, ?3)";
    char title[64];
    snprintf(title, sizeof title, "Salvaged bookmark b%lld", (long long)id);
    v->result->nameless++;
    return id <= 0 || sql_do(v->out, e, insert, "iit", id, (int64_t)time(NULL), title);
}

static bool check_bookmarks(struct salvage *v, struct err *e)
{
    static const char query[] = "SELECT x.bookmark, x.data, b.title, b.subtitle, b.text FROM "
                                "bookmark_body x LEFT JOIN bookmark b ON b.id = x.bookmark";
    static const char poor[] = "INSERT INTO temp.poor VALUES(?, ?)";
    static const char nameless[] =
        "SELECT bookmark FROM bookmark_body WHERE bookmark NOT IN (SELECT id FROM bookmark)";
    static const char bare[] = "SELECT id FROM bookmark WHERE id NOT IN (SELECT bookmark FROM "
                               "bookmark_body) OR id IN (SELECT id FROM temp.poor)";
    if (!sql_exec(v->out, "DELETE FROM temp.poor", e))
        return false;
    sqlite3_stmt *st = sql_get(v->out, query, e);
    int got = st ? 0 : -1;
    bool ok = st != NULL;
    while (ok && (got = sql_step(v->out, st, e)) > 0) {
        enum verdict is = judge_blob(v, st, 1, 2);
        if (is != EXACT)
            ok = sql_do(v->out, e, poor, "ii", sql_col(st, 0), (int64_t)is);
    }
    sql_done(st);
    return ok && got == 0 &&
           sql_exec(v->out,
                    "DELETE FROM bookmark_body WHERE bookmark IN (SELECT id FROM temp.poor WHERE "
                    "verdict = 0)",
                    e) &&
           each(v, nameless, name_bookmark, e) && each(v, bare, refill_bookmark, e);
}

// ---- ids ----

static bool raise_sequences(struct salvage *v, struct err *e)
{
    static const char raise[] = "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
                      add[] =
                          "INSERT INTO sqlite_sequence(name, seq) SELECT ?1, ?2 WHERE NOT EXISTS "
                          "(SELECT 1 FROM sqlite_sequence WHERE name = ?1) AND EXISTS (SELECT 1 "
                          "FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    for (size_t i = 0; i < v->nsequences; i++) {
        const struct salvage_sequence *q = &v->sequences[i];
        if (q->last < 0 || q->last > INT64_MAX / 2)
            continue;
        if (!sql_do(v->out, e, add, "ti", q->table, q->last) ||
            !sql_do(v->out, e, raise, "ti", q->table, q->last))
            return false;
    }
    return true;
}

// Names of feeds that are left of them only by their essays: the host these lead to says more.
static bool name_feeds(struct salvage *v, struct err *e)
{
    static const char count[] =
        "SELECT count(*) FROM feed WHERE url GLOB 'lectern:ingest/salvaged-*'";
    int64_t n;
    if (!sql_int(v->out, e, 0, &n, count, ""))
        return false;
    v->result->nameless += n;
    return sql_exec(v->out,
                    "UPDATE feed SET own_title = coalesce((SELECT 'Salvaged: ' || substr(rest, 1, "
                    "instr(rest || '/', '/') - 1) FROM (SELECT substr(url, instr(url, '://') + 3) "
                    "rest FROM entry WHERE feed = feed.id AND instr(url, '://') LIMIT 1)), "
                    "own_title) WHERE url GLOB 'lectern:ingest/salvaged-*';"
                    "UPDATE feed SET name = own_title, fold = lower(own_title) WHERE url GLOB "
                    "'lectern:ingest/salvaged-*'",
                    e);
}

bool salvage_mend(struct salvage *v, struct err *e)
{
    static const char empty[] = "SELECT id FROM entry WHERE pack = 0",
                      bare[] = "SELECT count(*) FROM entry WHERE pack = 0 AND id IN (SELECT entry "
                               "FROM known WHERE hash = -1)";
    struct house_fault *faults = NULL;
    size_t n;
    bool ok = place_strays(v, e) && check_essays(v, e) && each(v, empty, refill_essay, e) &&
              ask_again(v, e) && check_revisions(v, e) && check_bookmarks(v, e) &&
              raise_sequences(v, e) && house_agree(v->out, true, &faults, &n, e) &&
              sql_int(v->out, e, 0, &v->result->bare_essays, bare, "") && name_feeds(v, e);
    free(faults);
    return ok;
}
