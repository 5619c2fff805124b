// Packs: the bodies of several essays of one feed, compressed together by zstd. Essays of one
// writer share their dress, so this is tighter and quicker than one by one; a pack is small enough
// that opening any essay of it costs a fraction of a millisecond, and the last one stays open for
// the neighbour that is read next.
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { LARGEST = 256 << 20 }; // what a frame may claim to hold: more is damage

void *pack_compress(const void *raw, size_t len, int level, ZSTD_CCtx *cctx, size_t *packed_len)
{
    size_t room = ZSTD_compressBound(len);
    void *out = mem_alloc(room);
    size_t n = ZSTD_compressCCtx(cctx, out, room, raw, len, level);
    if (ZSTD_isError(n)) { // cannot be, with that room, but for want of memory
        free(out);
        return mem_alloc(*packed_len = 0);
    }
    *packed_len = n;
    return mem_realloc(out, n);
}

static bool damaged(struct err *e)
{
    return err_set(e, ERR_FORMAT,
                   "the text of this essay is damaged in the library; `lectern fetch --force` may "
                   "bring it back");
}

static bool unpack(struct store *s, const void *packed, size_t len, char *out, size_t size)
{
    if (!s->zstd)
        s->zstd = ZSTD_createDCtx();
    return s->zstd && ZSTD_decompressDCtx(s->zstd, out, size, packed, len) == size;
}

static bool frame_size(const void *packed, size_t len, size_t *size)
{
    unsigned long long n = ZSTD_getFrameContentSize(packed, len);
    if (!len || n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR || n > LARGEST)
        return false;
    *size = (size_t)n;
    return true;
}

static bool load(struct store *s, int64_t pack, struct err *e)
{
    static const char query[] = "SELECT data FROM pack WHERE id = ?";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", pack);
    int got = sql_step(s, st, e);
    if (got < 0)
        return false;
    bool ok = got > 0;
    size_t size;
    if (ok) {
        const void *data = sqlite3_column_blob(st, 0);
        size_t len = (size_t)sqlite3_column_bytes(st, 0);
        ok = frame_size(data, len, &size);
        if (ok) {
            char *raw = mem_alloc(size);
            ok = unpack(s, data, len, raw, size);
            free(ok ? s->unpacked : raw);
            if (ok) {
                s->unpacked = raw;
                s->unpacked_len = size;
                s->pack = pack;
            }
        }
        sql_done(st);
    }
    return ok || damaged(e);
}

bool pack_read(struct store *s, int64_t pack, size_t off, size_t len, const char **out,
               struct err *e)
{
    if (pack == 0 && len == 0) {
        *out = "";
        return true;
    }
    if (s->pack != pack && !load(s, pack, e))
        return false;
    if (off > s->unpacked_len || len > s->unpacked_len - off)
        return damaged(e);
    *out = s->unpacked + off;
    return true;
}

bool pack_expand(struct store *s, const void *packed, size_t len, struct arena *a, const char **out,
                 size_t *out_len, struct err *e)
{
    size_t size;
    if (!frame_size(packed, len, &size))
        return damaged(e);
    char *raw = arena_alloc(a, size + 1);
    if (!unpack(s, packed, len, raw, size))
        return damaged(e);
    *out = raw;
    *out_len = size;
    return true;
}
