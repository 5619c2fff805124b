// Many bookmarks at once: tags put on all of a list, how many have a tag, and what has changed
// since somebody looked last.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "store/store.h"

bool store_bookmarks_tag(struct store *s, const int64_t *ids, size_t n, const char *tag, bool on,
                         int64_t **changed, size_t *nchanged, struct err *e)
{
    static const char insert[] = "INSERT OR IGNORE INTO bookmark_tag SELECT id, ?2 FROM bookmark "
                                 "WHERE id = ?1 AND removed = 0",
                      remove[] = "DELETE FROM bookmark_tag WHERE bookmark = ?1 AND tag = ?2";
    char *text = NULL;
    if (!tag_clean(tag, &text, e))
        return false;
    bool ok = safe_begin(s, e);
    if (ok) {
        int64_t *made = mem_array(n, sizeof *made);
        size_t count = 0;
        for (size_t i = 0; ok && i < n; i++) {
            if (ids[i] >= 0)
                continue;
            ok = sql_do(s, e, on ? insert : remove, "it", -ids[i], text);
            if (ok && sqlite3_changes(s->db) > 0)
                made[count++] = ids[i];
        }
        ok = safe_end(s, ok, e);
        if (ok) {
            *changed = made;
            *nchanged = count;
        } else {
            free(made);
        }
    }
    free(text);
    return ok;
}

bool store_bookmark_tags(struct store *s, struct arena *a, struct tag_row **out, size_t *n,
                         struct err *e)
{
    static const char query[] = "SELECT tag, kept FROM kept_tag WHERE kept > 0 ORDER BY tag";
    struct tag_row *rows = NULL;
    size_t count = 0, cap = 0;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        rows = mem_grow(rows, &cap, count + 1, sizeof *rows);
        rows[count++] = (struct tag_row){sql_text(st, 0, a), sql_col(st, 1), 0};
    }
    if (got == 0) {
        *out = arena_alloc(a, (count + 1) * sizeof **out);
        if (count)
            memcpy(*out, rows, count * sizeof *rows);
        *n = count;
    }
    free(rows);
    return got == 0;
}

bool store_bookmarks_changed(struct store *s, int64_t since, int64_t **ids, size_t *n, int64_t *now,
                             struct err *e)
{
    static const char query[] = "SELECT -id FROM bookmark WHERE changed > ? ORDER BY changed, id",
                      moment[] = "SELECT changed FROM counter WHERE one = 1";
    int64_t *all = NULL;
    size_t count = 0, cap = 0;
    if (!sql_read_begin(s, e))
        return false;
    int64_t at = 0;
    sqlite3_stmt *st = sql_int(s, e, 0, &at, moment, "") ? sql_get(s, query, e) : NULL;
    int got = st ? 1 : -1;
    if (st)
        sql_bind(st, "i", since);
    while (st && (got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = sql_col(st, 0);
    }
    sql_read_end(s);
    if (got != 0) {
        free(all);
        return false;
    }
    *ids = all ? all : mem_array(0, sizeof *all);
    *n = count;
    *now = at;
    return true;
}
