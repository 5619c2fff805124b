// Figures of the shelf: sums over what the triggers keep for each feed, never over entries; a week
// is a range of an index.
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

bool store_counts(struct store *s, int64_t now, struct shelf_counts *out, struct err *e)
{
    static const char tally[] =
        "SELECT sum(total), sum(unread), sum(started), sum(audio) FROM tally";
    static const char kept[] = "SELECT kept FROM bookmark_tally WHERE one = 1";
    static const char alone[] =
        "SELECT count(*) FROM bookmark WHERE removed = 0 AND started = 1 AND NOT EXISTS"
        " (SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.text = bookmark.text)";
    static const char week[] = "SELECT count(*) FROM entry WHERE sort > ?";
    struct shelf_counts c = {0};
    int64_t started_alone;
    struct tally_delta d;
    if (!sql_read_begin(s, e))
        return false;
    sqlite3_stmt *st = sql_get(s, tally, e);
    bool ok = st && sql_step(s, st, e) > 0;
    if (ok) {
        c.total = sql_col(st, 0);
        c.unread = sql_col(st, 1);
        c.started = sql_col(st, 2);
        c.audio = sql_col(st, 3);
        sql_done(st);
    }
    ok = ok && sql_int(s, e, 0, &c.bookmarks, kept, "") &&
         sql_int(s, e, 0, &started_alone, alone, "") &&
         sql_int(s, e, 0, &c.week, week, "i", now - WEEK_SECONDS) &&
         pending_delta(s, STORE_ALL, &d, e);
    sql_read_end(s);
    if (!ok)
        return false;
    c.started += started_alone + d.started;
    c.unread += d.unread;
    *out = c;
    return true;
}

bool store_tags(struct store *s, struct arena *a, struct tag_row **out, size_t *n, struct err *e)
{
    static const char query[] = "SELECT g.tag, t.total, t.unread, t.feed FROM feed_tag g JOIN "
                                "tally t ON t.feed = g.feed ORDER BY g.tag";
    struct tag_row *rows = NULL;
    size_t count = 0, cap = 0;
    if (!sql_read_begin(s, e))
        return false;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        const char *tag = (const char *)sqlite3_column_text(st, 0);
        struct tally_delta d;
        if (!count || sqlite3_stricmp(rows[count - 1].tag, tag) != 0) {
            rows = mem_grow(rows, &cap, count + 1, sizeof *rows);
            rows[count++] = (struct tag_row){arena_strdup(a, tag), 0, 0};
        }
        rows[count - 1].total += sql_col(st, 1);
        rows[count - 1].unread += sql_col(st, 2);
        if (!pending_delta(s, sql_col(st, 3), &d, e)) {
            sql_done(st);
            got = -1;
            break;
        }
        rows[count - 1].unread += d.unread;
    }
    sql_read_end(s);
    if (got == 0) {
        *out = arena_alloc(a, count * sizeof **out);
        if (count)
            memcpy(*out, rows, count * sizeof *rows);
        *n = count;
    }
    free(rows);
    return got == 0;
}

bool store_entries_remove(struct store *s, const int64_t *ids, size_t n, struct err *e)
{
    // Its identity stays known, with no entry to it: a fetch finds it and lets it be. So does its
    // address, for archives that know no more of it.
    static const char forget[] = "UPDATE known SET entry = 0 WHERE (feed, guid) = (SELECT feed, "
                                 "guid FROM entry WHERE id = ?)";
    static const char remove[] = "DELETE FROM entry WHERE id = ?";
    if (!sql_write_begin(s, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = sql_do(s, e, forget, "i", ids[i]) && address_forget(s, ids[i], e) &&
             sql_do(s, e, remove, "i", ids[i]);
    return sql_write_end(s, ok, e);
}
