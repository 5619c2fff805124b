// The database of another reader: a file from outside like any other, so it is hostile until it has
// been read. Its rows are walked by number and read one by one: an index of theirs that lies, a
// page that is gone or a value of gigabytes costs the items concerned and no others.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/take.h"
#include "lectern/utf8.h"
#include "store/foreign_map.h"
#include "store/store.h"

enum { TRIES = 8, CHUNK_BYTES = 8 << 20, LARGEST_VALUE = 32 << 20, STEPS = 1 << 20, MOST = 4000 };

struct group { // the rows of one feed
    int64_t *rows;
    size_t n, cap, next;
};
struct foreign_db {
    sqlite3 *db;
    char *path; // as named
    struct arena *arena;
    const struct foreign_map *map;
    struct foreign_feed *feeds;
    struct group *groups;
    size_t n, cap, groups_cap;
    size_t *slots, nslots; // open hash of addresses: index + 1
    sqlite3_stmt *one;
    size_t lost;
    const char *damage;
    int steps;
};

// ---- the copy ----

struct seen { // a file as it was before it was copied
    bool there;
    struct stat st;
};

static void see(const char *path, struct seen *s)
{
    *s = (struct seen){0};
    s->there = stat(path, &s->st) == 0;
}

static bool same(const struct seen *a, const struct seen *b)
{
    return a->there == b->there &&
           (!a->there || (a->st.st_ino == b->st.st_ino && a->st.st_size == b->st.st_size &&
                          a->st.st_mtim.tv_sec == b->st.st_mtim.tv_sec &&
                          a->st.st_mtim.tv_nsec == b->st.st_mtim.tv_nsec));
}

static bool copy_file(const char *from, const char *to, bool may_lack, struct err *e)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return (may_lack && errno == ENOENT) ||
               err_set(e, ERR_OTHER, "cannot read %s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = out >= 0;
    char *bytes = mem_alloc(1 << 18);
    ssize_t n = 0;
    while (ok && (n = read(in, bytes, 1 << 18)) > 0)
        for (ssize_t at = 0, k; ok && at < n; at += k)
            ok = (k = write(out, bytes + at, (size_t)(n - at))) > 0;
    int why = errno;
    free(bytes);
    if (out >= 0 && close(out) != 0)
        ok = false;
    close(in);
    if (ok && n < 0)
        return err_set(e, ERR_OTHER, "cannot read %s: %s", from, strerror(why));
    return ok ||
           err_set(e, why == ENOSPC ? ERR_FULL : ERR_OTHER,
                   "cannot copy %s to %s: %s; TMPDIR names another place", from, to, strerror(why));
}

static const char *const parts[] = {"", "-wal", "-journal"};
enum { PARTS = sizeof parts / sizeof *parts };

// The files as they are at one moment: again where that reader wrote meanwhile.
static bool copy_all(const char *from, const char *to, struct err *e)
{
    for (int i = 0; i < TRIES; i++) {
        bool still = true;
        struct seen before[PARTS], after;
        for (size_t k = 0; k < PARTS; k++) {
            char *name = mem_printf("%s%s", from, parts[k]);
            see(name, &before[k]);
            free(name);
        }
        for (size_t k = 0; k < PARTS; k++) {
            char *a = mem_printf("%s%s", from, parts[k]), *b = mem_printf("%s%s", to, parts[k]);
            unlink(b);
            bool ok = copy_file(a, b, k > 0, e);
            free(a);
            free(b);
            if (!ok)
                return false;
        }
        for (size_t k = 0; k < PARTS; k++) {
            char *name = mem_printf("%s%s", from, parts[k]);
            see(name, &after);
            still = still && same(&before[k], &after);
            free(name);
        }
        if (still)
            return true;
        sqlite3_sleep(50 << i);
    }
    return err_set(e, ERR_BUSY, "%s is being written to all the time; end that reader first", from);
}

// ---- opening ----

static int authorize(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    (void)ctx, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
                   action == SQLITE_PRAGMA
               ? SQLITE_OK
               : SQLITE_DENY;
}

// No row may take longer than a moment.
static int step(void *ctx)
{
    struct foreign_db *db = ctx;
    return ++db->steps > MOST;
}

static bool told(const struct foreign_db *db, struct err *e)
{
    int code = sqlite3_errcode(db->db);
    return err_set(e, ERR_FORMAT, "%s cannot be read: %s%s", db->path, sqlite3_errmsg(db->db),
                   code == SQLITE_CORRUPT || code == SQLITE_NOTADB
                       ? "; `sqlite3 FILE .recover` may save what is in it"
                       : "");
}

static void restrict_all(struct foreign_db *db)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        sqlite3_db_config(db->db, options[i].option, options[i].value, NULL);
    sqlite3_limit(db->db, SQLITE_LIMIT_LENGTH, LARGEST_VALUE);
    sqlite3_limit(db->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(db->db, STEPS, step, db);
}

// Opens the copy and lets go of its names: what is open stays until it is closed.
static bool open_copy(struct foreign_db *db, const char *dir, struct err *e)
{
    char *copy = mem_printf("%s/copy", dir);
    bool ok = copy_all(db->path, copy, e);
    if (ok) {
        int code =
            sqlite3_open_v2(copy, &db->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        restrict_all(db);
        // The first look brings a log or a journal in.
        if (code == SQLITE_OK)
            code = sqlite3_exec(db->db,
                                "PRAGMA temp_store = MEMORY; PRAGMA query_only = 1;"
                                "SELECT count(*) FROM sqlite_schema",
                                NULL, NULL, NULL);
        ok = code == SQLITE_OK || told(db, e);
        sqlite3_set_authorizer(db->db, authorize, db);
    }
    static const char *const left[] = {"", "-wal", "-journal", "-shm"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char *name = mem_printf("%s%s", copy, left[i]);
        unlink(name);
        free(name);
    }
    free(copy);
    return ok;
}

// A real table of that name? A view or a virtual one could be anything.
static bool is_table(struct foreign_db *db, const char *name)
{
    static const char query[] = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?";
    sqlite3_stmt *st = NULL;
    bool yes = false;
    if (sqlite3_prepare_v2(db->db, query, -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        const char *sql =
            sqlite3_step(st) == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : NULL;
        yes = sql && strncasecmp(sql, "CREATE TABLE", 12) == 0;
    }
    sqlite3_finalize(st);
    return yes;
}

// A column that is an expression of the file's own could cost as much as it likes: it is none.
static bool has_column(struct foreign_db *db, const char *table, const char *column)
{
    char *sql = mem_printf("PRAGMA table_xinfo(\"%s\")", table);
    sqlite3_stmt *st = NULL;
    bool has = false;
    if (sqlite3_prepare_v2(db->db, sql, -1, &st, NULL) == SQLITE_OK)
        while (!has && sqlite3_step(st) == SQLITE_ROW) {
            const char *name = (const char *)sqlite3_column_text(st, 1);
            has = name && sqlite3_stricmp(name, column) == 0 && sqlite3_column_int(st, 6) == 0;
        }
    sqlite3_finalize(st);
    free(sql);
    return has;
}

// "SELECT a, NULL, b FROM table": what this version of that reader has not is NULL.
static sqlite3_stmt *select_columns(struct foreign_db *db, const char *table,
                                    const char *const *columns, const char *where, struct err *e)
{
    struct buf sql = {0};
    sqlite3_stmt *st = NULL;
    buf_str(&sql, "SELECT rowid");
    for (; *columns; columns++)
        buf_printf(&sql, has_column(db, table, *columns) ? ", \"%s\"" : ", NULL", *columns);
    buf_printf(&sql, " FROM \"%s\" NOT INDEXED %s", table, where);
    if (sqlite3_prepare_v2(db->db, sql.data, -1, &st, NULL) != SQLITE_OK)
        told(db, e);
    buf_free(&sql);
    return st;
}

// ---- feeds and the numbers of their rows ----

static void index_all(struct foreign_db *db)
{
    free(db->slots);
    db->nslots = db->nslots ? db->nslots * 2 : 256;
    db->slots = mem_array(db->nslots, sizeof *db->slots);
    for (size_t i = 0; i < db->n; i++) {
        size_t at = (size_t)hash_string(db->feeds[i].url, 0) & (db->nslots - 1);
        while (db->slots[at])
            at = (at + 1) & (db->nslots - 1);
        db->slots[at] = i + 1;
    }
}

static size_t feed_index(struct foreign_db *db, const char *url)
{
    if (db->n * 2 >= db->nslots)
        index_all(db);
    size_t at = (size_t)hash_string(url, 0) & (db->nslots - 1);
    for (; db->slots[at]; at = (at + 1) & (db->nslots - 1))
        if (strcmp(db->feeds[db->slots[at] - 1].url, url) == 0)
            return db->slots[at] - 1;
    db->feeds = mem_grow(db->feeds, &db->cap, db->n + 1, sizeof *db->feeds);
    db->groups = mem_grow(db->groups, &db->groups_cap, db->n + 1, sizeof *db->groups);
    db->feeds[db->n] = (struct foreign_feed){.url = arena_strdup(db->arena, url)};
    db->groups[db->n] = (struct group){0};
    db->slots[at] = db->n + 1;
    return db->n++;
}

const char *foreign_text(sqlite3_stmt *st, int column, struct arena *a)
{
    const char *s = (const char *)sqlite3_column_text(st, column);
    int len = sqlite3_column_bytes(st, column);
    if (!s || len <= 0)
        return NULL;
    char *copy = arena_strndup(a, s, (size_t)len);
    for (int i = 0; i < len; i++)
        copy[i] = copy[i] ? copy[i] : ' ';
    return copy;
}

// A walk that breaks off: what came before is kept, and the file is called damaged.
static bool ended(struct foreign_db *db, int code)
{
    if (code != SQLITE_DONE && !db->damage)
        db->damage = arena_printf(db->arena, "%s is damaged (%s): what can be read of it is taken",
                                  db->path, sqlite3_errmsg(db->db));
    return code == SQLITE_DONE;
}

static bool read_feeds(struct foreign_db *db, struct err *e)
{
    const struct foreign_map *m = db->map;
    int code;
    if (is_table(db, m->feeds)) {
        sqlite3_stmt *st = select_columns(db, m->feeds, m->feed_columns, "", e);
        if (!st)
            return false;
        db->steps = 0;
        while ((code = sqlite3_step(st)) == SQLITE_ROW) {
            const char *url = foreign_text(st, 1, db->arena);
            size_t at = url ? feed_index(db, url) : 0;
            if (url)
                m->read_feed(st, &db->feeds[at], db->arena);
        }
        ended(db, code);
        sqlite3_finalize(st);
    }
    static const char *const address[2][2] = {{"feedurl", NULL}, {"feed_url", NULL}};
    sqlite3_stmt *st = select_columns(db, m->items, address[m->kind == FOREIGN_NEWSRAFT], "", e);
    if (!st)
        return false;
    struct arena *a = arena_new();
    db->steps = 0;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        const char *url = foreign_text(st, 1, a);
        if (!url) {
            db->lost++;
            continue;
        }
        size_t at = feed_index(db, url);
        struct group *g = &db->groups[at];
        g->rows = mem_grow(g->rows, &g->cap, g->n + 1, sizeof *g->rows);
        g->rows[g->n++] = sqlite3_column_int64(st, 0);
        db->steps = 0;
    }
    ended(db, code);
    arena_free(a);
    sqlite3_finalize(st);
    for (size_t i = 0; i < db->n; i++)
        db->feeds[i].n = db->groups[i].n;
    return true;
}

bool foreign_db_open(const char *path, struct foreign_db **out, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = mem_printf("%s/lectern-import-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
    struct foreign_db *db = mem_alloc(sizeof *db);
    db->path = mem_strdup(path);
    db->arena = arena_new();
    bool ok =
        mkdtemp(dir) || err_set(e, ERR_OTHER, "cannot make a folder for a copy of %s in %s: %s",
                                path, dir, strerror(errno));
    if (ok) {
        ok = open_copy(db, dir, e);
        rmdir(dir);
    }
    free(dir);
    for (size_t i = 0; ok && !db->map && foreign_maps[i].items; i++)
        if (is_table(db, foreign_maps[i].items))
            db->map = &foreign_maps[i];
    if (ok && !db->map)
        ok =
            err_set(e, ERR_FORMAT, "%s is a database, but neither newsboat's nor newsraft's", path);
    ok = ok && read_feeds(db, e) &&
         (db->one = select_columns(db, db->map->items, db->map->item_columns, "WHERE rowid = ?",
                                   e)) != NULL;
    if (!ok) {
        foreign_db_close(db);
        return false;
    }
    *out = db;
    return true;
}

void foreign_db_close(struct foreign_db *db)
{
    if (!db)
        return;
    sqlite3_finalize(db->one);
    sqlite3_close(db->db);
    for (size_t i = 0; i < db->n; i++)
        free(db->groups[i].rows);
    free(db->groups);
    free(db->feeds);
    free(db->slots);
    free(db->path);
    arena_free(db->arena);
    free(db);
}

enum foreign_kind foreign_db_kind(const struct foreign_db *db)
{
    return db->map->kind;
}

size_t foreign_db_feeds(const struct foreign_db *db, const struct foreign_feed **out)
{
    *out = db->feeds;
    return db->n;
}

bool foreign_db_items(struct foreign_db *db, size_t feed, struct arena *a,
                      struct foreign_item **out, size_t *n, struct err *e)
{
    (void)e;
    struct group *g = &db->groups[feed];
    size_t left = g->n - g->next, room = left < FOREIGN_CHUNK ? left : FOREIGN_CHUNK;
    struct foreign_item *items = arena_alloc(a, room * sizeof *items);
    *n = 0;
    while (g->next < g->n && *n < room && arena_bytes(a) < CHUNK_BYTES) {
        sqlite3_reset(db->one);
        sqlite3_bind_int64(db->one, 1, g->rows[g->next++]);
        db->steps = 0;
        int code = sqlite3_step(db->one);
        if (code == SQLITE_ROW) {
            items[*n] = (struct foreign_item){0};
            db->map->read_item(db->one, &items[*n], a);
            ++*n;
        } else {
            db->lost++;
            if ((code & 0xFF) == SQLITE_CORRUPT)
                ended(db, code);
        }
    }
    sqlite3_reset(db->one);
    *out = items;
    return true;
}

size_t foreign_db_lost(const struct foreign_db *db)
{
    return db->lost;
}

const char *foreign_db_damage(const struct foreign_db *db)
{
    return db->damage;
}
