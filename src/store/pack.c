// Packs: the bodies of several essays of one feed, compressed together by zstd. Essays of one
// writer share their dress, so this is tighter and quicker than one by one; a pack is small enough
// that opening any essay of it costs a fraction of a millisecond, and the last one stays open for
// the neighbour that is read next.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "store/store.h"

enum { LARGEST = 256 << 20 }; // what a frame may claim to hold: more is damage

// A first fetch packs all that a feed has, and is waited for: large packs take the quick road (a
// table that stays in the nearest cache, no short matches: a third less time for a tenth more
// bytes). What comes later comes in small packs, and those are packed well.
enum {
    LARGE = 64 << 10,
    QUICK_LEVEL = 1,
    QUICK_HASH = 12,
    QUICK_MATCH = 7,
    QUICK_STEP = 4,
    PACK_LITERALS = 1,
    LEVEL = 3
};

static void set_level(ZSTD_CCtx *c, int level, size_t len)
{
    bool quick = !level && len >= LARGE;
    ZSTD_CCtx_reset(c, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, quick ? QUICK_LEVEL : level ? level : LEVEL);
    if (!quick)
        return;
    ZSTD_CCtx_setParameter(c, ZSTD_c_strategy, ZSTD_fast);
    ZSTD_CCtx_setParameter(c, ZSTD_c_hashLog, QUICK_HASH);
    ZSTD_CCtx_setParameter(c, ZSTD_c_minMatch, QUICK_MATCH);
    // Longer steps, which by itself would also leave literals as they are: that is said apart, and
    // where it cannot be said (it is not yet settled in zstd), steps stay short.
    if (!ZSTD_isError(ZSTD_CCtx_setParameter(c, ZSTD_c_experimentalParam5, PACK_LITERALS)))
        ZSTD_CCtx_setParameter(c, ZSTD_c_targetLength, QUICK_STEP);
}

void *pack_compress(struct packer *p, const void *raw, size_t len, size_t *packed_len)
{
    size_t room = ZSTD_compressBound(len), n = 0;
    if (!p->zstd)
        p->zstd = ZSTD_createCCtx();
    buf_clear(&p->out);
    buf_reserve(&p->out, room);
    bool ok = p->zstd != NULL;
    if (ok) {
        set_level(p->zstd, p->level, len);
        n = ZSTD_compress2(p->zstd, p->out.data, room, raw, len);
        ok = !ZSTD_isError(n);
    }
    if (!ok) // cannot be, with that room, but for want of memory
        return mem_alloc(*packed_len = 0);
    void *copy = mem_realloc(NULL, n);
    memcpy(copy, p->out.data, n);
    *packed_len = n;
    if (p->out.cap > 4 * PACK_SIZE)
        buf_free(&p->out);
    return copy;
}

void packer_free(struct packer *p)
{
    ZSTD_freeCCtx(p->zstd);
    buf_free(&p->out);
    *p = (struct packer){0};
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
