// Searches that are kept under a name. What they say is read by who asks (sieve.h); here they are
// words.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "store/store.h"

bool store_searches(struct store *s, struct arena *a, struct saved_search **out, size_t *n,
                    struct err *e)
{
    static const char query[] = "SELECT name, query FROM search ORDER BY name";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    struct saved_search *all = NULL;
    size_t count = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        all[count++] = (struct saved_search){sql_text(st, 0, a), sql_text(st, 1, a)};
    }
    if (got == 0) {
        *out = arena_alloc(a, (count + 1) * sizeof *all);
        if (count)
            memcpy(*out, all, count * sizeof *all);
        *n = count;
    }
    free(all);
    return got == 0;
}

bool store_search_save(struct store *s, const char *name, const char *query, struct err *e)
{
    static const char save[] = "INSERT INTO search(name, query) VALUES(?1, ?2)"
                               " ON CONFLICT DO UPDATE SET query = excluded.query";
    static const char drop[] = "DELETE FROM search WHERE name = ?1";
    char *clean = utf8_clean_dup(name, strlen(name), UTF8_LINE);
    bool ok = *clean || err_set(e, ERR_USAGE, "a saved search needs a name");
    ok = ok && sql_write_begin(s, e);
    if (ok && query) {
        char *words = utf8_clean_dup(query, strlen(query), UTF8_LINE);
        ok = sql_write_end(s, sql_do(s, e, save, "tt", clean, words), e);
        free(words);
    } else if (ok) {
        ok = sql_write_end(s, sql_do(s, e, drop, "t", clean), e);
    }
    free(clean);
    return ok;
}
