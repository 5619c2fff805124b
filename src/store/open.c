// Opening and closing the library. Opening reads one page and checks two numbers in it: whether the
// file is sound is found out by using it, not by reading all of it at every start. Other files may
// be in the way in many ways; each gets its own sentence.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/path.h"
#include "store/store.h"

enum { DEFAULT_WAIT_MS = 10000, READ_WAIT_MS = 3000 };

// A write waits as long as it was told to; a read only ever meets a lock for the moment in which
// another Lectern is the last to close, and waits for that.
static int busy(void *ctx, int tried)
{
    struct store *s = ctx;
    int limit = s->taking ? s->wait_ms : READ_WAIT_MS;
    int pause = tried < 5 ? 1 : tried < 20 ? 5 : 20; // milliseconds
    int waited = tried < 5 ? tried : tried < 20 ? 5 + (tried - 5) * 5 : 80 + (tried - 20) * 20;
    if (waited + pause > limit)
        return 0;
    sqlite3_sleep(pause);
    return 1;
}

// The file is made here and not by SQLite, so that it is never readable for others, not even for a
// moment.
static bool make_file(const char *path, struct err *e)
{
    char *dir = mem_strdup(path), *slash = strrchr(dir, '/');
    bool ok = true;
    if (slash && slash != dir) {
        *slash = '\0';
        ok = path_make_dir(dir, e);
    }
    free(dir);
    if (!ok)
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(e, errno == ENOSPC ? ERR_FULL : ERR_OTHER, "cannot make the library %s: %s",
                       path, strerror(errno));
    close(fd);
    return true;
}

static bool has_log(const char *path)
{
    char *log = mem_printf("%s-wal", path);
    struct stat st;
    bool has = stat(log, &st) == 0 && st.st_size > 0;
    free(log);
    return has;
}

static bool look(const char *path, bool write, bool *missing, struct err *e)
{
    struct stat st;
    *missing = stat(path, &st) != 0;
    // SQLite would take a log without its library for rubbish, and it has what was written last.
    if ((*missing ? errno == ENOENT : S_ISREG(st.st_mode) && st.st_size == 0) && has_log(path))
        return err_set(e, ERR_DAMAGED,
                       *missing ? "the library %s is gone, but its log %s-wal is there: put the "
                                  "library back, or take the log away to begin anew"
                                : "the library %s is empty, but its log %s-wal is not: `lectern "
                                  "salvage` saves what can be read",
                       path, path);
    if (*missing && errno != ENOENT)
        return err_set(e, ERR_OTHER, "cannot open the library %s: %s", path, strerror(errno));
    if (*missing && !write)
        return err_set(e, ERR_MISSING, "there is no library at %s; `lectern add ADDRESS` makes one",
                       path);
    if (!*missing && S_ISDIR(st.st_mode))
        return err_set(e, ERR_OTHER, "%s is a directory, not a library", path);
    if (!*missing && !S_ISREG(st.st_mode))
        return err_set(e, ERR_OTHER, "%s is not a file, and a library is one", path);
    return true;
}

static void close_db(struct store *s)
{
    sql_close(s);
    sqlite3_close(s->db);
    s->db = NULL;
}

static bool open_db(struct store *s, const char *name, int flags, struct err *e)
{
    // Counting every allocation takes a lock and a tenth of the time. Says no, harmlessly, once
    // SQLite is in use.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int code =
        sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) {
        sql_error_code(s->db, code, s->path, "cannot open", e);
        sqlite3_close(s->db);
        s->db = NULL;
        return false;
    }
    sqlite3_busy_handler(s->db, busy, s);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return true;
}

// Is it a library, and of which version? *version 0: an empty file.
static bool identify(struct store *s, int64_t *version, struct err *e)
{
    int64_t application, tables = 0;
    if (!sql_int(s, e, 0, version, "PRAGMA user_version", "") ||
        !sql_int(s, e, 0, &application, "PRAGMA application_id", ""))
        return err_wrap(e, "opening the library");
    if (application == SCHEMA_APPLICATION) {
        const struct schema_step *last = schema_steps;
        while (last[1].version)
            last++;
        if (*version > last->version)
            return err_set(e, ERR_NEWER,
                           "the library %s was made by a newer Lectern (its version is %d, this "
                           "one knows %d); use that one, or "
                           "another --library",
                           s->path, (int)*version, last->version);
        return true;
    }
    if (!sql_int(s, e, 0, &tables, "SELECT count(*) FROM sqlite_schema", ""))
        return err_wrap(e, "opening the library");
    if (application != 0 || *version != 0 || tables != 0)
        return err_set(e, ERR_FORMAT, "%s is a database of another program, not a Lectern library",
                       s->path);
    return true;
}

static bool set_up_writing(struct store *s, struct err *e)
{
    // secure_delete costs a second write of every page that is freed, and essays are no secrets.
    if (!sql_exec(
            s,
            "PRAGMA secure_delete = OFF; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
            "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000; PRAGMA "
            "journal_size_limit = 8388608",
            e))
        return false;
    sqlite3_stmt *st = sql_get(s, "PRAGMA journal_mode", e);
    int got = st ? sql_step(s, st, e) : -1;
    if (got < 0)
        return false;
    bool wal = got && strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
    sql_done(st);
    if (wal)
        return true;
    // Only takes at the first time. A disk without shared memory (a network disk) says no, and
    // works with a plain journal.
    st = sql_get(s, "PRAGMA journal_mode = WAL", e);
    got = st ? sql_step(s, st, NULL) : -1;
    wal = got > 0 && strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
    sql_done(st);
    if (!wal)
        s->notice = "The library is on a disk that cannot share memory between programs; one "
                    "Lectern at a time is quickest.";
    return true;
}

static bool open_writing(struct store *s, bool missing, struct err *e)
{
    if (missing && !make_file(s->path, e))
        return false;
    if (!open_db(s, s->path, SQLITE_OPEN_READWRITE, e))
        return false;
    s->writable = true;
    if (sqlite3_db_readonly(s->db, "main") == 1) // SQLite falls back by itself, silently
        return err_set(e, ERR_OTHER,
                       "the library %s may not be written; look at its owner and permissions",
                       s->path);
    struct stat st;
    if (stat(s->path, &st) == 0 && st.st_size == 0 &&
        !sql_exec(s, "PRAGMA page_size = 4096", e)) // only takes while empty
        return false;
    int64_t version;
    s->taking = true; // opening waits, whatever comes later
    bool ok =
        identify(s, &version, e) && set_up_writing(s, e) && schema_migrate(s, schema_steps, e);
    s->taking = false;
    return ok;
}

static bool open_reading(struct store *s, struct err *e)
{
    int64_t version;
    s->writable = false;
    if (!open_db(s, s->path, SQLITE_OPEN_READONLY, e))
        return false;
    bool ok = identify(s, &version, e);
    int code = sqlite3_extended_errcode(s->db) & 0xFF;
    if (!ok && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)) {
        // The directory may not be written either, so the log's index cannot be made: read the file
        // as it lies there.
        close_db(s);
        struct buf name = {0};
        buf_str(&name, "file:");
        for (const char *p = s->path; *p; p++)
            buf_printf(&name, strchr("%?#", *p) ? "%%%02X" : "%c", (unsigned char)*p);
        buf_str(&name, "?immutable=1");
        ok = open_db(s, name.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e) &&
             identify(s, &version, e);
        buf_free(&name);
        if (ok && has_log(s->path))
            s->notice =
                "The library may not be written here, so what was changed last is not shown.";
    }
    if (ok && version == 0)
        return err_set(e, ERR_MISSING, "the library %s is empty; `lectern add ADDRESS` fills it",
                       s->path);
    const struct schema_step *last = schema_steps;
    while (last[1].version)
        last++;
    if (ok && version < last->version)
        return err_set(e, ERR_OTHER,
                       "the library %s was made by an older Lectern and may not be written; it has "
                       "to be brought up to date once where it may",
                       s->path);
    return ok && sql_exec(s, "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000", e);
}

bool store_open(const char *path, enum store_mode mode, struct store **out, struct err *e)
{
    struct store *s = mem_alloc(sizeof *s);
    s->path = mem_strdup(path);
    s->wait_ms = DEFAULT_WAIT_MS;
    bool missing, ok = look(path, mode != STORE_READ, &missing, e);
    if (ok && mode != STORE_READ) {
        struct err why = ERR_INIT;
        ok = open_writing(s, missing, &why);
        if (!ok && mode == STORE_READER && !missing && why.kind != ERR_NEWER &&
            why.kind != ERR_FORMAT && why.kind != ERR_DAMAGED) {
            close_db(s);
            ok = open_reading(s, e);
            if (!ok && why.kind == ERR_FULL && e) // which is why an older library stayed as it is
                *e = why;
            if (ok && !s->notice)
                s->notice = "The library may not be written: places and bookmarks of this session "
                            "are not kept.";
        } else if (!ok && e) {
            *e = why;
        }
    } else if (ok) {
        ok = open_reading(s, e);
    }
    // One who reads goes over long lists and comes back to little of them: the system keeps pages
    // as well, and once for all.
    ok = ok && (mode != STORE_READER || sql_exec(s, "PRAGMA cache_size = -1000", e));
    if (!ok) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

bool store_make(const char *path, int version, struct store **out, struct err *e)
{
    struct schema_step *steps = NULL;
    size_t n = 0, cap = 0;
    for (const struct schema_step *step = schema_steps; step->version; step++) {
        if (step->version > version)
            continue;
        steps = mem_grow(steps, &cap, n + 2, sizeof *steps);
        steps[n++] = *step;
        steps[n] = (struct schema_step){0, {NULL}};
    }
    struct store *s = mem_alloc(sizeof *s);
    s->path = mem_strdup(path);
    s->wait_ms = DEFAULT_WAIT_MS;
    s->writable = true;
    bool ok = make_file(path, e) && open_db(s, path, SQLITE_OPEN_READWRITE, e) &&
              sql_exec(s, "PRAGMA page_size = 4096", e) && set_up_writing(s, e) && steps &&
              schema_migrate(s, steps, e);
    free(steps);
    if (!ok) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->db && s->writable && (store_pending(s) || s->unsynced)) {
        s->unsynced = true;
        store_flush(s, DEFAULT_WAIT_MS, NULL);
    }
    close_db(s);
    for (size_t i = 0; i < s->npending; i++)
        free(s->pending[i].note);
    highlights_written(s);
    ZSTD_freeDCtx(s->zstd);
    free(s->unpacked);
    free(s->pending);
    free(s->marks);
    free(s->deltas);
    free(s->path);
    free(s);
}

bool store_writable(const struct store *s)
{
    return s->writable;
}

const char *store_notice(const struct store *s)
{
    return s->notice;
}

void store_set_wait(struct store *s, int ms)
{
    s->wait_ms = ms;
}

int64_t store_version(struct store *s)
{
    static const char query[] = "PRAGMA data_version";
    int64_t v = 0;
    sql_int(s, NULL, 0, &v, query, "");
    return v;
}
