// Statements, transactions and errors of SQLite for the rest of the store. Statements are found by
// the address of their text in a small open-addressing table, so the hundredth use costs nothing
// and nothing is prepared that is not used.
#include "store/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

bool sql_error_code(sqlite3 *db, int code, const char *path, const char *doing, struct err *e)
{
    int os = db ? sqlite3_system_errno(db) : 0;
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ERR_BUSY,
                       "%s: another Lectern is writing to the library %s; try again in a moment",
                       doing, path);
    case SQLITE_FULL:
        return err_set(
            e, ERR_FULL,
            "%s: no room left on the disk of %s; nothing was lost, make room and try again", doing,
            path);
    case SQLITE_IOERR:
        if (os == ENOSPC || os == EDQUOT || os == EFBIG)
            return err_set(e, ERR_FULL,
                           "%s: no room left on the disk of %s (%s); nothing was lost, make room "
                           "and try again",
                           doing, path, strerror(os));
        // Quotas and limits of the shell end here too, and SQLite forgets which it was.
        if (code == SQLITE_IOERR_WRITE && os == 0)
            return err_set(
                e, ERR_FULL,
                "%s: no room left for %s on its disk (or a quota, or the disk fails); nothing was "
                "lost, make room and try again",
                doing, path);
        return err_set(e, ERR_OTHER, "%s: the disk of the library %s fails: %s", doing, path,
                       os ? strerror(os) : sqlite3_errstr(code));
    case SQLITE_NOTADB:
        return err_set(e, ERR_FORMAT,
                       "%s: %s is not a Lectern library; name another file with --library, or, if "
                       "it was one, see with `lectern salvage` what can be saved",
                       doing, path);
    case SQLITE_CORRUPT:
        return err_set(e, ERR_DAMAGED,
                       "%s: the library %s is damaged (%s); `lectern salvage` saves what can be "
                       "read and keeps the damaged file",
                       doing, path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return err_set(e, ERR_OTHER,
                       "%s: the library %s may not be written; look at its owner and permissions",
                       doing, path);
    case SQLITE_CANTOPEN:
        return err_set(e, ERR_OTHER, "%s: cannot open the library %s: %s", doing, path,
                       os   ? strerror(os)
                       : db ? sqlite3_errmsg(db)
                            : sqlite3_errstr(code));
    case SQLITE_PROTOCOL:
        return err_set(e, ERR_BUSY,
                       "%s: the locks of the library %s do not work; is it on a network disk?",
                       doing, path);
    case SQLITE_NOMEM:
        return err_set(e, ERR_OTHER, "%s: out of memory", doing);
    default:
        return err_set(e, ERR_OTHER, "%s: library %s: %s", doing, path,
                       db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    }
}

bool sql_error(struct store *s, const char *doing, struct err *e)
{
    return sql_error_code(s->db, sqlite3_extended_errcode(s->db), s->path, doing, e);
}

static const char *doing(const struct store *s)
{
    return s->writes ? "cannot write" : "cannot read";
}

static size_t slot(const struct cached_statement *cache, size_t cap, const char *text)
{
    size_t i = (size_t)hash_bytes(&text, sizeof text, 0) & (cap - 1);
    while (cache[i].text && cache[i].text != text)
        i = (i + 1) & (cap - 1);
    return i;
}

static void cache_grow(struct store *s)
{
    size_t cap = s->cache_cap ? s->cache_cap * 2 : 64;
    struct cached_statement *cache = mem_array(cap, sizeof *cache);
    for (size_t i = 0; i < s->cache_cap; i++)
        if (s->cache[i].text)
            cache[slot(cache, cap, s->cache[i].text)] = s->cache[i];
    free(s->cache);
    s->cache = cache;
    s->cache_cap = cap;
}

sqlite3_stmt *sql_get(struct store *s, const char *text, struct err *e)
{
    if (s->ncache * 2 >= s->cache_cap)
        cache_grow(s);
    struct cached_statement *c = &s->cache[slot(s->cache, s->cache_cap, text)];
    if (!c->text) {
        sqlite3_stmt *st;
        if (sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) !=
            SQLITE_OK) {
            sql_error(s, doing(s), e);
            return NULL;
        }
        *c = (struct cached_statement){text, st};
        s->ncache++;
    }
    sqlite3_reset(c->st);
    return c->st;
}

static void bind_list(sqlite3_stmt *st, const char *types, va_list ap)
{
    int i = 1;
    for (const char *t = types; *t; t++, i++) {
        if (*t == 'i') {
            sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
        } else if (*t == 'd') {
            sqlite3_bind_double(st, i, va_arg(ap, double));
        } else if (*t == 't') {
            sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
        } else {
            const void *p = va_arg(ap, const void *);
            sqlite3_bind_blob64(st, i, p, va_arg(ap, size_t), SQLITE_STATIC);
        }
    }
}

void sql_bind(sqlite3_stmt *st, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    bind_list(st, types, ap);
    va_end(ap);
}

int sql_step(struct store *s, sqlite3_stmt *st, struct err *e)
{
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW)
        return 1;
    if (code != SQLITE_DONE)
        sql_error(s, doing(s), e);
    sqlite3_reset(st);
    return code == SQLITE_DONE ? 0 : -1;
}

void sql_done(sqlite3_stmt *st)
{
    sqlite3_reset(st);
}

bool sql_run(struct store *s, sqlite3_stmt *st, struct err *e)
{
    int got;
    while ((got = sql_step(s, st, e)) > 0)
        ;
    return got == 0;
}

bool sql_exec(struct store *s, const char *text, struct err *e)
{
    if (sqlite3_exec(s->db, text, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return sql_error(s, doing(s), e);
}

bool sql_do(struct store *s, struct err *e, const char *text, const char *types, ...)
{
    sqlite3_stmt *st = sql_get(s, text, e);
    if (!st)
        return false;
    va_list ap;
    va_start(ap, types);
    bind_list(st, types, ap);
    va_end(ap);
    return sql_run(s, st, e);
}

bool sql_int(struct store *s, struct err *e, int64_t otherwise, int64_t *out, const char *text,
             const char *types, ...)
{
    sqlite3_stmt *st = sql_get(s, text, e);
    if (!st)
        return false;
    va_list ap;
    va_start(ap, types);
    bind_list(st, types, ap);
    va_end(ap);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    *out = got ? sql_col(st, 0) : otherwise;
    sql_done(st);
    return true;
}

void sql_close(struct store *s)
{
    for (size_t i = 0; i < s->cache_cap; i++)
        sqlite3_finalize(s->cache[i].st);
    free(s->cache);
    s->cache = NULL;
    s->cache_cap = s->ncache = 0;
}

int64_t sql_col(sqlite3_stmt *st, int column)
{
    return sqlite3_column_int64(st, column);
}

char *sql_text(sqlite3_stmt *st, int column, struct arena *a)
{
    const char *text = (const char *)sqlite3_column_text(st, column);
    return text ? arena_strndup(a, text, (size_t)sqlite3_column_bytes(st, column)) : NULL;
}

bool sql_read_begin(struct store *s, struct err *e)
{
    static const char begin[] = "BEGIN";
    if (s->reads == 0 && s->writes == 0 && !sql_do(s, e, begin, ""))
        return false;
    s->reads++;
    return true;
}

void sql_read_end(struct store *s)
{
    static const char commit[] = "COMMIT";
    if (--s->reads == 0 && s->writes == 0)
        sql_do(s, NULL, commit, "");
}

bool sql_write_begin(struct store *s, struct err *e)
{
    static const char begin[] = "BEGIN IMMEDIATE", savepoint[] = "SAVEPOINT inner";
    if (!s->writable)
        return err_set(e, ERR_OTHER, "the library %s is open for reading only", s->path);
    s->writes++;
    s->taking = s->writes == 1;
    bool ok = sql_do(s, e, s->writes == 1 ? begin : savepoint, "");
    s->taking = false;
    if (!ok)
        s->writes--;
    return ok;
}

bool sql_write_end(struct store *s, bool ok, struct err *e)
{
    static const char commit[] = "COMMIT", rollback[] = "ROLLBACK", release[] = "RELEASE inner",
                      back[] = "ROLLBACK TO inner";
    bool outer = s->writes == 1;
    if (ok && sqlite3_get_autocommit(s->db))
        ok = err_set(e, ERR_OTHER,
                     "cannot write: the library %s took the whole change back; try again", s->path);
    else if (ok)
        ok = sql_do(s, e, outer ? commit : release, "");
    // A full disk may have taken the whole transaction back already.
    if (!ok && !sqlite3_get_autocommit(s->db)) {
        sql_do(s, NULL, outer ? rollback : back, "");
        if (!outer)
            sql_do(s, NULL, release, "");
    }
    s->writes--;
    return ok;
}
