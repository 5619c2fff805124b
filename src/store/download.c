// Recordings on this machine: one row an address, so that playing finds the file and a broken
// download its piece.
#include "lectern/listen.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define ROWS                                                                          \
    "SELECT address, title, item, folder, name, validator, file, size, error, since " \
    "FROM download"

static void read_row(sqlite3_stmt *st, struct arena *a, struct download *d)
{
    *d = (struct download){sql_text(st, 0, a), sql_text(st, 1, a), sql_col(st, 2),
                           sql_text(st, 3, a), sql_text(st, 4, a), sql_text(st, 5, a),
                           sql_text(st, 6, a), sql_col(st, 7),     sql_text(st, 8, a),
                           sql_col(st, 9)};
}

bool store_downloads(struct store *s, struct arena *a, struct download **out, size_t *n,
                     struct err *e)
{
    static const char query[] = ROWS " ORDER BY since DESC, address";
    struct download *all = NULL;
    size_t count = 0, cap = 0;
    sqlite3_stmt *st = sql_get(s, query, e);
    int got = st ? 1 : -1;
    while (got > 0 && (got = sql_step(s, st, e)) > 0) {
        all = mem_grow(all, &cap, count + 1, sizeof *all);
        read_row(st, a, &all[count++]);
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

bool store_download(struct store *s, const char *address, struct arena *a, struct download *out,
                    struct err *e)
{
    static const char query[] = ROWS " WHERE address = ?";
    struct download d = {0};
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "t", address);
    int got = sql_step(s, st, e);
    if (got > 0) {
        read_row(st, a, &d);
        sql_done(st);
    }
    if (got >= 0)
        *out = d;
    return got >= 0;
}

bool store_set_download(struct store *s, const struct download *d, struct err *e)
{
    static const char set[] =
        "INSERT OR REPLACE INTO download(address, title, item, folder, name, validator, file, size,"
        " error, since) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    return sql_write_begin(s, e) &&
           sql_write_end(s,
                         sql_do(s, e, set, "ttittttiti", d->address, d->title, d->item, d->folder,
                                d->name, d->validator, d->file, d->size, d->error, d->since),
                         e);
}

bool store_download_forget(struct store *s, const char *address, struct err *e)
{
    static const char drop[] = "DELETE FROM download WHERE address = ?";
    return sql_write_begin(s, e) && sql_write_end(s, sql_do(s, e, drop, "t", address), e);
}
