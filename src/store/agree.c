// Rows that name one another, and counts of them. Triggers and transactions keep all this right; a
// damaged disk, another program's hand or a salvage may not. Each rule says what it looks for in
// words, counts it, and knows how to put it right. Ids are never used twice, so what is left of
// something that is gone can be told from something new.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/house.h"
#include "store/store.h"

// @users: all that names a pack, as a query of one column.
#define DANGLING_TEXT "pack <> 0 AND pack NOT IN (SELECT id FROM pack)"
// So that the feeds send again what they have.
#define SEND_AGAIN \
    "; UPDATE fetch SET etag = NULL, last_modified = NULL, body_hash = 0, next_due = 0"
#define LIVE "(SELECT b.id FROM bookmark b WHERE b.entry = entry.id AND b.removed = 0)"
#define TALLIED                                                                                   \
    "(SELECT f.id, count(e.id) total, ifnull(sum(e.unread), 0) unread, ifnull(sum(e.started = "   \
    "1), 0) started, ifnull(sum(e.naudio > 0), 0) audio FROM feed f LEFT JOIN entry e ON e.feed " \
    "= f.id GROUP BY f.id)"
#define TAGS_KEPT                                                                       \
    "(SELECT min(t.tag) tag, sum(b.id IS NOT NULL) kept FROM bookmark_tag t LEFT JOIN " \
    "bookmark b ON b.id = t.bookmark AND b.removed = 0 GROUP BY t.tag)"
static const struct rule {
    const char *needs; // a table or TABLE.COLUMN without which there is nothing to look at
    const char *what, *count, *mend;
} rules[] = {
    {"entry", "essays whose feed is gone",
     "SELECT count(*) FROM entry WHERE feed NOT IN (SELECT id FROM feed)",
     "INSERT OR IGNORE INTO feed(id, url, key, name, fold, own_title) SELECT DISTINCT feed, "
     "'lectern:ingest/salvaged-' || feed, 'lectern:ingest/salvaged-' || feed, 'Salvaged feed ' || "
     "feed, 'salvaged feed ' || feed, 'Salvaged feed ' || feed FROM entry WHERE feed NOT IN "
     "(SELECT id FROM feed)"},
    {"fetch", "feeds that could not be fetched",
     "SELECT count(*) FROM feed WHERE id NOT IN (SELECT feed FROM fetch)",
     "INSERT INTO fetch(feed) SELECT id FROM feed WHERE id NOT IN (SELECT feed FROM fetch)"},
    {"fetch", "facts about feeds that are gone",
     "SELECT (SELECT count(*) FROM fetch WHERE feed NOT IN (SELECT id FROM feed)) + (SELECT "
     "count(*) FROM feed_tag WHERE feed NOT IN (SELECT id FROM feed)) + (SELECT count(*) FROM "
     "known "
     "WHERE feed NOT IN (SELECT id FROM feed))",
     "DELETE FROM fetch WHERE feed NOT IN (SELECT id FROM feed); DELETE FROM feed_tag WHERE feed "
     "NOT IN (SELECT id FROM feed); DELETE FROM known WHERE feed NOT IN (SELECT id FROM feed)"},
    {"known", "essays that are known and not there",
     "SELECT count(*) FROM known WHERE entry > 0 AND entry NOT IN (SELECT id FROM entry)",
     "DELETE FROM known WHERE entry > 0 AND entry NOT IN (SELECT id FROM entry)" SEND_AGAIN},
    {"known", "essays that would be fetched twice",
     "SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.feed = e.feed "
     "AND k.guid = e.guid)",
     "INSERT OR IGNORE INTO known SELECT feed, guid, -1, id FROM entry e WHERE NOT EXISTS (SELECT "
     "1 "
     "FROM known k WHERE k.feed = e.feed AND k.guid = e.guid)"},
    {"entry", "essays whose text is gone", "SELECT count(*) FROM entry WHERE " DANGLING_TEXT,
     "UPDATE known SET hash = -1 WHERE entry IN (SELECT id FROM entry WHERE " DANGLING_TEXT
     "); UPDATE entry SET pack = 0, off = 0, len = 0 WHERE " DANGLING_TEXT SEND_AGAIN},
    {"revision", "older versions of essays that are gone",
     "SELECT count(*) FROM revision WHERE entry NOT IN (SELECT id FROM entry) OR " DANGLING_TEXT,
     "DELETE FROM revision WHERE entry NOT IN (SELECT id FROM entry) OR " DANGLING_TEXT},
    {"bookmark", "bookmarks that name an essay or feed that is gone",
     "SELECT count(*) FROM bookmark WHERE (entry > 0 AND entry NOT IN (SELECT id FROM entry)) OR "
     "(feed <> 0 AND "
     "feed NOT IN (SELECT id FROM feed))",
     "UPDATE bookmark SET entry = NULL WHERE entry NOT IN (SELECT id FROM entry); UPDATE bookmark "
     "SET feed = 0 WHERE feed <> 0 AND feed NOT IN (SELECT id FROM feed)"},
    {"bookmark", "essays that name the wrong bookmark",
     "SELECT count(*) FROM entry WHERE bookmark <> coalesce(" LIVE ", 0)",
     "UPDATE entry SET bookmark = coalesce(" LIVE ", 0) WHERE bookmark <> coalesce(" LIVE ", 0)"},
    {"bookmark_body", "texts and tags of bookmarks that are gone",
     "SELECT (SELECT count(*) FROM bookmark_body WHERE bookmark NOT IN (SELECT id FROM bookmark)) "
     "+ "
     "(SELECT count(*) FROM bookmark_tag WHERE bookmark NOT IN (SELECT id FROM bookmark))",
     "DELETE FROM bookmark_body WHERE bookmark NOT IN (SELECT id FROM bookmark); DELETE FROM "
     "bookmark_tag WHERE bookmark NOT IN (SELECT id FROM bookmark)"},
    {"highlight_at", "places of highlights that are gone",
     "SELECT count(*) FROM highlight_at WHERE highlight NOT IN (SELECT id FROM highlight)",
     "DELETE FROM highlight_at WHERE highlight NOT IN (SELECT id FROM highlight)"},
    {"page.entry", "pages of essays that are gone",
     "SELECT count(*) FROM page WHERE entry NOT IN (SELECT id FROM entry)",
     "DELETE FROM page WHERE entry NOT IN (SELECT id FROM entry)"},
    {"pack", "texts that no essay has",
     "SELECT count(*) FROM pack WHERE id NOT IN (SELECT pack FROM (@users))",
     "DELETE FROM pack WHERE id NOT IN (SELECT pack FROM (@users))"},
    // From here on only what is counted.
    {"pack_live", "texts whose essays are counted wrongly",
     "SELECT count(*) FROM (SELECT pack, live FROM pack_live EXCEPT SELECT pack, count(*) FROM "
     "(@users) WHERE pack <> 0 GROUP BY pack UNION ALL SELECT pack, count(*) FROM (@users) WHERE "
     "pack <> 0 AND pack NOT IN (SELECT pack FROM pack_live) GROUP BY pack)",
     "DELETE FROM pack_live; INSERT INTO pack_live SELECT pack, count(*) FROM (@users) WHERE pack "
     "<> 0 GROUP BY pack"},
    {"tally", "feeds whose essays are counted wrongly",
     "SELECT count(*) FROM (SELECT * FROM " TALLIED
     " EXCEPT SELECT feed, total, unread, started, audio FROM tally UNION ALL SELECT feed, 0, 0, "
     "0, 0 "
     "FROM tally WHERE feed NOT IN (SELECT id FROM feed))",
     "DELETE FROM tally; INSERT INTO tally SELECT * FROM " TALLIED},
    {"bookmark_tally", "bookmarks counted wrongly",
     "SELECT abs((SELECT count(*) FROM bookmark WHERE removed = 0) - coalesce((SELECT sum(kept) "
     "FROM bookmark_tally), -1))",
     "INSERT OR IGNORE INTO bookmark_tally(one, kept) VALUES(1, 0); UPDATE bookmark_tally SET kept "
     "= (SELECT count(*) FROM bookmark WHERE removed = 0)"},
    {"bookmark_tally.highlights", "highlights counted wrongly",
     "SELECT abs((SELECT count(*) FROM highlight WHERE removed = 0) - coalesce((SELECT "
     "sum(highlights) FROM bookmark_tally), -1))",
     "UPDATE bookmark_tally SET highlights = (SELECT count(*) FROM highlight WHERE removed = 0)"},
    {"kept_tag", "tags whose bookmarks are counted wrongly",
     "SELECT count(*) FROM (SELECT tag, kept FROM " TAGS_KEPT
     " WHERE kept > 0 EXCEPT SELECT tag, kept FROM kept_tag)",
     "DELETE FROM kept_tag; INSERT INTO kept_tag SELECT tag, kept FROM " TAGS_KEPT},
    {"counter", "numbers that would be given twice",
     "SELECT count(*) FROM (SELECT max(id) n FROM entry UNION ALL SELECT max(entry) FROM known) "
     "WHERE n > coalesce((SELECT entry FROM counter), -1)",
     "INSERT OR IGNORE INTO counter(one, entry) VALUES(1, 0); UPDATE counter SET entry = "
     "max(entry, "
     "(SELECT coalesce(max(id), 0) FROM entry), (SELECT coalesce(max(entry), 0) FROM known))"},
};
enum { RULES = sizeof rules / sizeof *rules };

static bool has(struct store *s, const char *needs, bool *there, struct err *e)
{
    static const char table[] = "SELECT count(*) FROM pragma_table_info(?)",
                      column[] = "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?";
    char *name = mem_strdup(needs), *dot = strchr(name, '.');
    int64_t n;
    if (dot)
        *dot = '\0';
    bool ok = dot ? sql_int(s, e, 0, &n, column, "tt", name, dot + 1)
                  : sql_int(s, e, 0, &n, table, "t", name);
    *there = ok && n > 0;
    free(name);
    return ok;
}

bool pack_users(struct store *s, struct buf *out, struct err *e)
{
    static const char list[] =
        "SELECT l.name FROM pragma_table_list l JOIN pragma_table_info(l.name) c ON c.name = "
        "'pack' "
        "WHERE l.schema = 'main' AND l.type = 'table' AND l.name <> 'pack_live'";
    sqlite3_stmt *st = sql_get(s, list, e);
    int got = st ? 0 : -1, n = 0;
    while (st && (got = sql_step(s, st, e)) > 0)
        buf_printf(out, "%sSELECT pack FROM \"%s\"", n++ ? " UNION ALL " : "",
                   (const char *)sqlite3_column_text(st, 0));
    return got == 0;
}

static char *filled(const char *sql, const char *users)
{
    struct buf b = {0};
    for (const char *at; (at = strstr(sql, "@users")); sql = at + 6) {
        buf_add(&b, sql, (size_t)(at - sql));
        buf_str(&b, users);
    }
    buf_str(&b, sql);
    return buf_take(&b, NULL);
}

static bool count(struct store *s, const char *sql, int64_t *n, struct err *e)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
        return sql_error(s, "cannot look through the library", e);
    int got = sql_step(s, st, e);
    *n = got > 0 ? sql_col(st, 0) : 0;
    sqlite3_finalize(st);
    return got >= 0;
}

bool house_agree(struct store *s, bool mend, struct house_fault **faults, size_t *n, struct err *e)
{
    struct house_fault *list = mem_array(RULES, sizeof *list);
    struct buf users = {0};
    size_t found = 0;
    bool ok = mend ? sql_write_begin(s, e) : sql_read_begin(s, e);
    if (!ok) {
        free(list);
        return false;
    }
    ok = pack_users(s, &users, e);
    for (size_t i = 0; ok && i < RULES; i++) {
        const struct rule *r = &rules[i];
        bool there;
        int64_t wrong = 0;
        char *sql = filled(r->count, users.data);
        ok = has(s, r->needs, &there, e) && (!there || count(s, sql, &wrong, e));
        free(sql);
        if (!ok || !wrong)
            continue;
        list[found++] = (struct house_fault){r->what, wrong, mend};
        sql = filled(r->mend, users.data);
        ok = !mend || sql_exec(s, sql, e);
        free(sql);
    }
    if (mend)
        ok = sql_write_end(s, ok, e);
    else
        sql_read_end(s);
    buf_free(&users);
    if (!ok) {
        free(list);
        return false;
    }
    *faults = list;
    *n = found;
    return true;
}

bool house_sound(struct store *s, struct buf *words, struct err *e)
{
    static const char check[] = "PRAGMA quick_check(20)";
    sqlite3_stmt *st = sql_get(s, check, e);
    int got = st ? 0 : -1;
    struct err why = ERR_INIT;
    while (st && (got = sql_step(s, st, &why)) > 0) {
        const char *line = (const char *)sqlite3_column_text(st, 0);
        if (line && strcmp(line, "ok") != 0)
            buf_printf(words, "%s%s", words->len ? "; " : "", line);
    }
    if (got < 0 && why.kind == ERR_DAMAGED) { // too damaged even to be looked through
        buf_printf(words, "%s%s", words->len ? "; " : "", why.msg);
        return true;
    }
    if (got < 0 && e)
        *e = why;
    return got == 0;
}
