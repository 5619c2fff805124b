// What was read in another reader and is not here yet: its addresses and guids wait as hashes in
// the table of small values, and what comes in under one of them comes as read.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/take.h"
#include "store/store.h"

struct wanted {
    uint64_t *slots;
    size_t n; // a power of two
};

static void want(struct wanted *w, uint64_t h)
{
    size_t at = (size_t)h & (w->n - 1);
    while (w->slots[at] && w->slots[at] != h)
        at = (at + 1) & (w->n - 1);
    w->slots[at] = h;
}

static bool wanted(const struct wanted *w, uint64_t h)
{
    size_t at = (size_t)h & (w->n - 1);
    while (w->slots[at] && w->slots[at] != h)
        at = (at + 1) & (w->n - 1);
    return w->slots[at] == h;
}

static void key_of(uint64_t h, char out[32])
{
    snprintf(out, 32, "read.%016llx", (unsigned long long)h);
}

// One walk over what is here: marks what is wanted.
static bool mark_here(struct store *s, const struct wanted *w, bool dry, int64_t *marked,
                      struct err *e)
{
    static const char all[] = "SELECT id, guid, url FROM entry WHERE unread = 1";
    static const char set[] = "UPDATE entry SET unread = 0 WHERE id = ? AND unread = 1";
    int64_t *ids = NULL;
    size_t n = 0, cap = 0;
    sqlite3_stmt *st = sql_get(s, all, e);
    int got = st ? 0 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        const char *url = (const char *)sqlite3_column_text(st, 2);
        if (!wanted(w, (uint64_t)sql_col(st, 1)) && !(url && wanted(w, hash_string(url, 0))))
            continue;
        ids = mem_grow(ids, &cap, n + 1, sizeof *ids);
        ids[n++] = sql_col(st, 0);
    }
    bool ok = got == 0;
    for (size_t i = 0; ok && !dry && i < n; i++)
        ok = sql_do(s, e, set, "i", ids[i]);
    free(ids);
    *marked += (int64_t)n;
    return ok;
}

bool store_read_elsewhere(struct store *s, const char *const *names, size_t n, bool dry,
                          int64_t *marked, struct err *e)
{
    static const char put[] = "INSERT OR IGNORE INTO value VALUES(?, '1')";
    struct wanted w = {.n = 64};
    while (w.n < n * 2)
        w.n *= 2;
    w.slots = mem_array(w.n, sizeof *w.slots);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        uint64_t h = hash_string(names[i], 0);
        char key[32];
        want(&w, h);
        key_of(h, key);
        ok = dry || sql_do(s, e, put, "t", key);
    }
    ok = ok && mark_here(s, &w, dry, marked, e);
    free(w.slots);
    return ok;
}

bool elsewhere_any(struct store *s, bool *any, struct err *e)
{
    static const char query[] =
        "SELECT 1 FROM value WHERE key >= 'read.' AND key < 'read/' LIMIT 1";
    int64_t there;
    if (!sql_int(s, e, 0, &there, query, ""))
        return false;
    *any = there != 0;
    return true;
}

bool elsewhere_read(struct store *s, const struct prepared_entry *pe, bool *read, struct err *e)
{
    static const char query[] = "SELECT 1 FROM value WHERE key = ? OR key = ?";
    char guid[32], address[32];
    int64_t there;
    key_of(pe->guid, guid);
    key_of(hash_string(pe->url, 0), address);
    if (!sql_int(s, e, 0, &there, query, "tt", guid, address))
        return false;
    *read = there != 0;
    return true;
}
