// The library made small again: the bin emptied, texts packed anew where most of a pack is of
// essays that are gone, free pages given back to the disk. Each step is a transaction of its own or
// several, may be ended at any time, and leaves a library that is whole; a reader that is open goes
// on reading.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/house.h"
#include "store/store.h"

// ---- the bin ----

bool tidy_bin(struct store *s, int64_t before, bool dry, int64_t *n, struct err *e)
{
    static const char count[] = "SELECT count(*) FROM bookmark WHERE removed > 0 AND removed < ?";
    if (!sql_int(s, e, 0, n, count, "i", before))
        return false;
    return dry || *n == 0 || bookmark_bin_empty(s, before, e);
}

// ---- texts ----

enum { LEAST_GAIN = 4096 };

// Who names what of which pack: one row for each.
static bool map_uses(struct store *s, struct err *e)
{
    static const char list[] =
        "SELECT l.name, l.wr FROM pragma_table_list l WHERE l.schema = 'main' AND l.type = 'table' "
        "AND l.name <> 'pack_live' AND EXISTS (SELECT 1 FROM pragma_table_info(l.name) c WHERE "
        "c.name = 'pack')";
    static const char whole[] = "SELECT count(*) FROM pragma_table_info(?) WHERE name IN ('off', "
                                "'len')";
    struct buf sql = {0};
    struct arena *a = arena_new();
    bool ok = sql_exec(s,
                       "DROP TABLE IF EXISTS temp.use; DROP TABLE IF EXISTS temp.fixed;"
                       "CREATE TEMP TABLE use(tab TEXT, row INTEGER, pack INTEGER, off INTEGER, "
                       "len INTEGER); CREATE TEMP TABLE fixed(pack INTEGER PRIMARY KEY)",
                       e);
    sqlite3_stmt *st = ok ? sql_get(s, list, e) : NULL;
    int got = st ? 0 : -1;
    while (st && (got = sql_step(s, st, e)) > 0) {
        const char *name = sql_text(st, 0, a);
        int64_t columns = 0;
        ok = ok && sql_int(s, e, 0, &columns, whole, "t", name);
        // What names a pack otherwise keeps it as it is.
        if (columns == 2 && !sql_col(st, 1))
            buf_printf(&sql,
                       "INSERT INTO temp.use SELECT '%s', rowid, pack, off, len FROM \"%s\" "
                       "WHERE pack <> 0;",
                       name, name);
        else
            buf_printf(&sql, "INSERT OR IGNORE INTO temp.fixed SELECT pack FROM \"%s\";", name);
    }
    ok = ok && got == 0 && sql_exec(s, buf_cstr(&sql), e) &&
         sql_exec(s, "CREATE INDEX temp.use_pack ON use(pack)", e);
    buf_free(&sql);
    arena_free(a);
    return ok;
}

// Packs of which less than half is of use: *packs, free().
static bool find_sparse(struct store *s, int64_t **packs, size_t *n, int64_t *gain, struct err *e)
{
    static const char query[] =
        "SELECT u.pack, (SELECT sum(len) FROM (SELECT DISTINCT "
        "off, len FROM temp.use d WHERE d.pack = u.pack)) FROM temp.use u WHERE u.pack NOT IN "
        "(SELECT pack FROM temp.fixed) GROUP BY u.pack";
    sqlite3_stmt *st = sql_get(s, query, e);
    sqlite3_blob *blob = NULL;
    int64_t *list = NULL;
    size_t count = 0, cap = 0;
    int got = st ? 0 : -1;
    *gain = 0;
    while (st && (got = sql_step(s, st, e)) > 0) {
        int64_t pack = sql_col(st, 0), live = sql_col(st, 1);
        unsigned char head[32];
        int code = blob ? sqlite3_blob_reopen(blob, pack)
                        : sqlite3_blob_open(s->db, "main", "pack", "data", pack, 0, &blob);
        if (code != SQLITE_OK) { // a text that is missing is not for us to mend
            sqlite3_blob_close(blob);
            blob = NULL;
            continue;
        }
        int len = sqlite3_blob_bytes(blob),
            head_len = len < (int)sizeof head ? len : (int)sizeof head;
        if (sqlite3_blob_read(blob, head, head_len, 0) != SQLITE_OK)
            continue;
        unsigned long long size = ZSTD_getFrameContentSize(head, (size_t)head_len);
        if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || live < 0 ||
            (unsigned long long)live * 2 > size || size - (unsigned long long)live < LEAST_GAIN)
            continue;
        *gain += (int64_t)((double)len * (double)(size - (unsigned long long)live) / (double)size);
        list = mem_grow(list, &cap, count + 1, sizeof *list);
        list[count++] = pack;
    }
    sqlite3_blob_close(blob);
    if (got < 0) {
        free(list);
        return false;
    }
    *packs = list;
    *n = count;
    return true;
}

struct piece {
    char *table; // in the arena
    int64_t row, off, len, at;
};

static bool read_pieces(struct store *s, int64_t pack, struct arena *a, struct piece **out,
                        size_t *n, struct err *e)
{
    static const char query[] =
        "SELECT tab, row, off, len FROM temp.use WHERE pack = ? ORDER BY off, len";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", pack);
    struct piece *list = NULL;
    size_t count = 0, cap = 0;
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        list = mem_grow(list, &cap, count + 1, sizeof *list);
        list[count++] =
            (struct piece){sql_text(st, 0, a), sql_col(st, 1), sql_col(st, 2), sql_col(st, 3), 0};
    }
    *out = list;
    *n = count;
    return got == 0;
}

// The pieces of a pack one behind the other; what is named twice is there once.
static bool gather(struct store *s, int64_t pack, struct piece *p, size_t n, struct buf *out,
                   struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        const char *bytes;
        if (i && p[i].off == p[i - 1].off && p[i].len == p[i - 1].len) {
            p[i].at = p[i - 1].at;
            continue;
        }
        p[i].at = (int64_t)out->len;
        if (p[i].off < 0 || p[i].len < 0 ||
            !pack_read(s, pack, (size_t)p[i].off, (size_t)p[i].len, &bytes, e))
            return false;
        buf_add(out, bytes, (size_t)p[i].len);
    }
    return true;
}

// Under a number of its own: another Lectern may have the old one unpacked before it.
static bool replace(struct store *s, int64_t pack, const struct piece *p, size_t n,
                    const struct buf *raw, struct err *e)
{
    static const char insert[] = "INSERT INTO pack(data) VALUES(?)",
                      live[] = "INSERT INTO pack_live VALUES(?, ?)",
                      drop[] = "DELETE FROM pack WHERE id = ?",
                      forget[] = "DELETE FROM pack_live WHERE pack = ?";
    struct packer packer = {0};
    size_t len;
    void *data = pack_compress(&packer, raw->data, raw->len, &len);
    packer_free(&packer);
    bool ok = sql_do(s, e, insert, "b", data, len);
    int64_t id = sqlite3_last_insert_rowid(s->db);
    free(data);
    for (size_t i = 0; ok && i < n; i++) {
        char *sql =
            mem_printf("UPDATE \"%s\" SET pack = %lld, off = %lld WHERE rowid = %lld AND pack "
                       "= %lld AND off = %lld",
                       p[i].table, (long long)id, (long long)p[i].at, (long long)p[i].row,
                       (long long)pack, (long long)p[i].off);
        ok = sql_exec(s, sql, e);
        free(sql);
    }
    return ok && sql_do(s, e, live, "ii", id, (int64_t)n) && sql_do(s, e, forget, "i", pack) &&
           sql_do(s, e, drop, "i", pack);
}

static bool rewrite(struct store *s, int64_t pack, int64_t *version, struct err *e)
{
    struct arena *a = arena_new();
    struct piece *pieces = NULL;
    struct buf raw = {0};
    size_t n = 0;
    bool ok = sql_write_begin(s, e);
    if (ok) {
        // Another Lectern wrote meanwhile: who names what is asked anew, and nobody can change it
        // now.
        if (store_version(s) != *version)
            ok = map_uses(s, e);
        *version = store_version(s);
        ok = ok && read_pieces(s, pack, a, &pieces, &n, e);
        if (ok && n) {
            struct err lost = ERR_INIT; // a text that cannot be read is left as it is
            if (gather(s, pack, pieces, n, &raw, &lost))
                ok = replace(s, pack, pieces, n, &raw, e);
        }
        ok = sql_write_end(s, ok, e);
    }
    buf_free(&raw);
    free(pieces);
    arena_free(a);
    return ok;
}

bool tidy_texts(struct store *s, bool dry, const volatile int *stop, int64_t *n, int64_t *gain,
                struct err *e)
{
    int64_t *packs = NULL, version = store_version(s);
    size_t count = 0, done = 0;
    bool ok = sql_read_begin(s, e);
    if (ok) {
        ok = map_uses(s, e) && find_sparse(s, &packs, &count, gain, e);
        sql_read_end(s);
    }
    for (; ok && !dry && done < count && !(stop && *stop); done++)
        ok = rewrite(s, packs[done], &version, e);
    sql_exec(s, "DROP TABLE IF EXISTS temp.use; DROP TABLE IF EXISTS temp.fixed", NULL);
    free(packs);
    *n = (int64_t)(dry ? count : done);
    return ok;
}

// ---- space ----

int64_t tidy_bytes(const struct store *s)
{
    static const char *const ends[] = {"", "-wal"};
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *file = mem_printf("%s%s", s->path, ends[i]);
        struct stat st;
        if (stat(file, &st) == 0)
            sum += st.st_size;
        free(file);
    }
    return sum;
}

int64_t tidy_room(const struct store *s)
{
    struct statvfs v;
    char *dir = mem_strdup(s->path), *slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir] = '\0';
    bool ok = statvfs(slash ? dir : ".", &v) == 0;
    free(dir);
    return ok ? (int64_t)v.f_bavail * (int64_t)v.f_frsize : -1;
}

bool tidy_free(struct store *s, int64_t *bytes, struct err *e)
{
    static const char pages[] = "PRAGMA freelist_count", size[] = "PRAGMA page_size";
    int64_t n, each;
    if (!sql_int(s, e, 0, &n, pages, "") || !sql_int(s, e, 4096, &each, size, ""))
        return false;
    *bytes = n * each;
    return true;
}

static int asked_to_stop(void *ctx)
{
    const volatile int *stop = ctx;
    return *stop != 0;
}

bool tidy_space(struct store *s, const volatile int *stop, struct err *e)
{
    static volatile int never;
    // The copy it makes goes to the disk: a library may be larger than the memory.
    bool ok = sql_exec(s, "PRAGMA temp_store = FILE", e);
    sql_close(s); // no statement may be at work
    sqlite3_progress_handler(s->db, 100, asked_to_stop, (void *)(stop ? stop : &never));
    ok = ok && sql_exec(s, "VACUUM", e);
    sqlite3_progress_handler(s->db, 0, NULL, NULL);
    sql_exec(s, "PRAGMA temp_store = MEMORY", NULL);
    return ok;
}

bool tidy_settle(struct store *s, struct err *e)
{
    return sql_exec(s, "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)", e);
}
