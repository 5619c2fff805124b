// Feeds that were taken away and may come back before this library is closed: all their rows wait
// in temporary tables of this connection, essays, marks, places and texts, and go back as they
// were. Ids are never given twice (schema.c), so nothing can have taken their place.
#include <stdio.h>
#include <stdlib.h>

#include "store/store.h"

#define PACKS                                                                     \
    "IN (SELECT pack FROM main.entry WHERE feed = %lld UNION SELECT r.pack FROM " \
    "main.revision r JOIN main.entry n ON n.id = r.entry WHERE n.feed = %lld)"

// In the order they go back in: a tally before the entries whose triggers count in it.
static const struct {
    const char *table, *which, *into; // which rows; how they are put back
} kept[] = {
    {"feed", "id = %lld", "INSERT"},
    {"feed_tag", "feed = %lld", "INSERT"},
    {"fetch", "feed = %lld", "INSERT"},
    {"known", "feed = %lld", "INSERT"},
    {"pack", "id " PACKS, "INSERT OR REPLACE"},
    {"pack_live", "pack " PACKS, "INSERT OR REPLACE"},
    {"entry", "feed = %lld", "INSERT"},
    {"value", "key GLOB 'fetch.[a-z]*.' || %lld", "INSERT OR REPLACE"}, // where it lived before
    {"page", "entry IN (SELECT id FROM main.entry WHERE feed = %lld)", "INSERT"},
    {"revision", "entry IN (SELECT id FROM main.entry WHERE feed = %lld)", "INSERT"},
};
enum { KEPT = sizeof kept / sizeof *kept };

static bool run(struct store *s, struct err *e, char *sql)
{
    bool ok = sql_exec(s, sql, e);
    free(sql);
    return ok;
}

static bool put_aside(struct store *s, long long id, struct err *e)
{
    for (size_t i = 0; i < KEPT; i++) {
        char *which = mem_printf(kept[i].which, id, id);
        bool ok = run(s, e,
                      mem_printf("CREATE TEMP TABLE bin%lld_%s AS SELECT * FROM main.%s WHERE %s",
                                 id, kept[i].table, kept[i].table, which));
        free(which);
        if (!ok)
            return false;
    }
    return run(s, e,
               mem_printf("CREATE TEMP TABLE bin%lld_bookmark AS SELECT id, entry FROM "
                          "main.bookmark WHERE feed = %lld",
                          id, id));
}

static bool put_back(struct store *s, long long id, struct err *e)
{
    bool ok = run(s, e, mem_printf("INSERT INTO main.tally(feed) VALUES(%lld)", id));
    for (size_t i = 0; ok && i < KEPT; i++)
        ok = run(s, e,
                 mem_printf("%s INTO main.%s SELECT * FROM temp.bin%lld_%s; DROP TABLE "
                            "temp.bin%lld_%s",
                            kept[i].into, kept[i].table, id, kept[i].table, id, kept[i].table));
    // What was not in the index of words when it went may be taken for something that is.
    ok =
        ok && run(s, e,
                  mem_printf("INSERT OR IGNORE INTO main.find_todo SELECT id FROM main.entry WHERE "
                             "feed = %lld AND id <= (SELECT entry FROM main.find_state)",
                             id));
    // A bookmark may have been let go meanwhile.
    return ok &&
           run(s, e,
               mem_printf("UPDATE OR IGNORE main.bookmark SET feed = %lld, entry = (SELECT entry "
                          "FROM temp.bin%lld_bookmark b WHERE b.id = bookmark.id) WHERE id IN "
                          "(SELECT id FROM temp.bin%lld_bookmark);"
                          "UPDATE main.entry SET bookmark = coalesce((SELECT b.id FROM "
                          "main.bookmark b WHERE b.entry = entry.id AND b.removed = 0), 0) WHERE "
                          "feed = %lld;"
                          "DROP TABLE temp.bin%lld_bookmark",
                          id, id, id, id, id));
}

bool store_feed_bin(struct store *s, int64_t id, struct err *e)
{
    if (!sql_write_begin(s, e))
        return false;
    bool ok = pending_write(s, e) && put_aside(s, id, e) && store_feed_remove(s, id, e);
    if (!sql_write_end(s, ok, e))
        return false;
    pending_written(s);
    return true;
}

bool store_feed_restore(struct store *s, int64_t id, struct err *e)
{
    static const char there[] = "SELECT count(*) FROM sqlite_temp_schema WHERE name = ?",
                      again[] = "SELECT id FROM main.feed WHERE key = (SELECT key FROM %s)";
    char *table = mem_printf("bin%lld_feed", (long long)id);
    int64_t have = 0, other = 0;
    bool ok = sql_int(s, e, 0, &have, there, "t", table);
    if (ok && !have)
        ok = err_set(e, ERR_MISSING, "feed %lld is not there to be brought back any more",
                     (long long)id);
    if (ok && (ok = sql_write_begin(s, e))) {
        char *query = mem_printf(again, table);
        sqlite3_stmt *st = NULL;
        if (sqlite3_prepare_v2(s->db, query, -1, &st, NULL) == SQLITE_OK &&
            sqlite3_step(st) == SQLITE_ROW)
            other = sqlite3_column_int64(st, 0);
        sqlite3_finalize(st);
        free(query);
        if (other)
            ok = err_set(e, ERR_OTHER, "this feed was added anew meanwhile, as feed %lld",
                         (long long)other);
        ok = sql_write_end(s, ok && put_back(s, id, e), e);
    }
    free(table);
    return ok;
}
