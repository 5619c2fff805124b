// gzip and deflate by libdeflate where it is there and all is well, by zlib otherwise; zstd; brotli
// where it is there. No size that a stream claims is believed: room grows by doubling, up to what
// is allowed, so a bomb costs no more than the largest honest answer.
#include "unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>
#ifdef HAVE_BROTLI
#include <brotli/decode.h>
#endif
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "lectern/mem.h"

enum { MOST_CODINGS = 5, FIRST_ROOM = 64 << 10, PIECE = 1 << 30 };
enum coding { OTHER, GZIP, DEFLATE, ZSTD, BROTLI };

struct unpacker {
    ZSTD_DCtx *zstd;
#ifdef HAVE_LIBDEFLATE
    struct libdeflate_decompressor *deflate;
#endif
};

struct unpacker *unpacker_new(void)
{
    return mem_alloc(sizeof(struct unpacker));
}

void unpacker_free(struct unpacker *u)
{
    if (!u)
        return;
    ZSTD_freeDCtx(u->zstd);
#ifdef HAVE_LIBDEFLATE
    if (u->deflate)
        libdeflate_free_decompressor(u->deflate);
#endif
    free(u);
}

const char *unpack_accepted(void)
{
#ifdef HAVE_BROTLI
    return "gzip, deflate, br, zstd";
#else
    return "gzip, deflate, zstd";
#endif
}

// Room for more, but for no more than max in all and a byte by which too much is seen.
static size_t room(struct buf *out, size_t max)
{
    size_t want = out->cap < FIRST_ROOM ? FIRST_ROOM : out->cap;
    if (want > max + 1 - out->len)
        want = max + 1 - out->len;
    if (out->cap - out->len < 4096)
        buf_reserve(out, want);
    size_t there = out->cap ? out->cap - out->len - 1 : 0;
    if (there > max + 1 - out->len)
        there = max + 1 - out->len;
    return there > PIECE ? PIECE : there;
}

// One stream after the other, as `cat a.gz b.gz` makes them. wbits: what zlib calls the dress.
static enum unpacked by_zlib(const char *bytes, size_t len, int wbits, size_t max, struct buf *out)
{
    z_stream z = {0};
    if (inflateInit2(&z, wbits) != Z_OK)
        return UNPACKED_BROKEN;
    int r = Z_OK;
    size_t at = 0;
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    while (out->len <= max) {
        size_t there = room(out, max), piece = len - at > PIECE ? PIECE : len - at;
        z.avail_in = (unsigned)piece;
        z.next_out = (unsigned char *)out->data + out->len;
        z.avail_out = (unsigned)there;
        r = inflate(&z, Z_NO_FLUSH);
        at += piece - z.avail_in;
        out->len += there - z.avail_out;
        if (r == Z_STREAM_END && wbits > 15 && len - at > 2 && z.next_in[0] == 0x1f &&
            z.next_in[1] == 0x8b)
            r = inflateReset(&z);
        if (r != Z_OK)
            break;
    }
    inflateEnd(&z);
    return out->len > max                          ? UNPACKED_TOO_LARGE
           : r == Z_STREAM_END || r == Z_BUF_ERROR ? UNPACKED
                                                   : UNPACKED_BROKEN;
}

#ifdef HAVE_LIBDEFLATE
// Whole streams of gzip at once. False: something is unusual, and zlib shall say what.
static bool at_once(struct unpacker *u, const char *bytes, size_t len, size_t max, struct buf *out)
{
    if (!u->deflate)
        u->deflate = libdeflate_alloc_decompressor();
    if (!u->deflate || len < 18)
        return false;
    uint32_t says = 0; // how long the last stream was, if this is one
    for (size_t i = 0; i < 4; i++)
        says |= (uint32_t)(unsigned char)bytes[len - 4 + i] << 8 * i;
    if (says <= max && says / 1032 <= len)
        buf_reserve(out, says + 1);
    for (size_t at = 0;;) {
        size_t there = room(out, max), used, n;
        enum libdeflate_result r = libdeflate_gzip_decompress_ex(
            u->deflate, bytes + at, len - at, out->data + out->len, there, &used, &n);
        if (r == LIBDEFLATE_INSUFFICIENT_SPACE && out->len + there <= max) {
            buf_reserve(out, there < max / 2 ? there * 2 : max + 1 - out->len);
            continue;
        }
        if (r == LIBDEFLATE_INSUFFICIENT_SPACE)
            out->len = max + 1;
        if (r != LIBDEFLATE_SUCCESS)
            return out->len > max;
        out->len += n;
        at += used;
        if (out->len > max || len - at < 2 || (unsigned char)bytes[at] != 0x1f ||
            (unsigned char)bytes[at + 1] != 0x8b)
            return true;
    }
}
#endif

static enum unpacked gunzip(struct unpacker *u, const char *bytes, size_t len, size_t max,
                            struct buf *out)
{
#ifdef HAVE_LIBDEFLATE
    if (at_once(u, bytes, len, max, out))
        return out->len > max ? UNPACKED_TOO_LARGE : UNPACKED;
    buf_clear(out);
#else
    (void)u;
#endif
    return by_zlib(bytes, len, 15 + 16, max, out);
}

// In zlib's dress, as it is written; or bare, as some send it.
static enum unpacked undeflate(const char *bytes, size_t len, size_t max, struct buf *out)
{
    enum unpacked how = by_zlib(bytes, len, 15, max, out);
    if (how != UNPACKED_BROKEN || out->len)
        return how;
    return by_zlib(bytes, len, -15, max, out);
}

static enum unpacked unzstd(struct unpacker *u, const char *bytes, size_t len, size_t max,
                            struct buf *out)
{
    if (!u->zstd)
        u->zstd = ZSTD_createDCtx();
    if (!u->zstd)
        return UNPACKED_BROKEN;
    ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
    ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, 23); // RFC 9659: 8 MB
    ZSTD_inBuffer in = {bytes, len, 0};
    while (out->len <= max) {
        size_t there = room(out, max);
        ZSTD_outBuffer to = {out->data + out->len, there, 0};
        size_t r = ZSTD_decompressStream(u->zstd, &to, &in);
        out->len += to.pos;
        if (ZSTD_isError(r))
            return UNPACKED_BROKEN;
        if (in.pos == in.size && to.pos < to.size)
            break;
    }
    return out->len > max ? UNPACKED_TOO_LARGE : UNPACKED;
}

#ifdef HAVE_BROTLI
static enum unpacked unbrotli(const char *bytes, size_t len, size_t max, struct buf *out)
{
    BrotliDecoderState *b = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!b)
        return UNPACKED_BROKEN;
    const uint8_t *in = (const uint8_t *)bytes;
    BrotliDecoderResult r = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && out->len <= max) {
        size_t there = room(out, max), left = there;
        uint8_t *to = (uint8_t *)out->data + out->len;
        r = BrotliDecoderDecompressStream(b, &len, &in, &left, &to, NULL);
        out->len += there - left;
    }
    BrotliDecoderDestroyInstance(b);
    return out->len > max                     ? UNPACKED_TOO_LARGE
           : r == BROTLI_DECODER_RESULT_ERROR ? UNPACKED_BROKEN
                                              : UNPACKED;
}
#endif

// The codings of a header, without "identity" and what is no coding ("utf-8" and the like, which
// some servers say). Returns how many; more than anybody means are as good as broken.
static int codings(const char *header, enum coding list[MOST_CODINGS])
{
    static const struct {
        const char *name;
        enum coding is;
    } names[] = {{"gzip", GZIP},
                 {"x-gzip", GZIP},
                 {"deflate", DEFLATE},
                 {"zstd", ZSTD},
#ifdef HAVE_BROTLI
                 {"br", BROTLI}
#endif
    };
    int n = 0;
    while (*header) {
        size_t len = strcspn(header, ", \t");
        for (size_t i = 0; len && i < sizeof names / sizeof *names; i++)
            if (strlen(names[i].name) == len && strncasecmp(header, names[i].name, len) == 0) {
                if (n == MOST_CODINGS)
                    return n + 1;
                list[n++] = names[i].is;
            }
        header += len;
        header += strspn(header, ", \t");
    }
    return n;
}

static enum unpacked undo(struct unpacker *u, enum coding c, const char *bytes, size_t len,
                          size_t max, struct buf *out)
{
    switch (c) {
    case GZIP:
        return gunzip(u, bytes, len, max, out);
    case DEFLATE:
        return undeflate(bytes, len, max, out);
    case ZSTD:
        return unzstd(u, bytes, len, max, out);
    case BROTLI:
#ifdef HAVE_BROTLI
        return unbrotli(bytes, len, max, out);
#endif
    case OTHER:
        break;
    }
    return UNPACKED_BROKEN;
}

enum unpacked unpack_bytes(struct unpacker *u, const char *coding, const char *bytes, size_t len,
                           size_t max, struct buf *out)
{
    enum coding list[MOST_CODINGS];
    int n = coding ? codings(coding, list) : 0;
    buf_clear(out);
    if (n == 0 || len == 0)
        return UNPACKED_AS_IS;
    if (n > MOST_CODINGS)
        return UNPACKED_BROKEN;
    struct buf from = {0};
    enum unpacked how = UNPACKED;
    while (n-- > 0 && how == UNPACKED) {
        how = undo(u, list[n], bytes, len, max, out);
        if (n == 0 || how != UNPACKED)
            break;
        struct buf swap = from;
        from = *out;
        *out = swap;
        bytes = buf_cstr(&from);
        len = from.len;
        buf_clear(out);
    }
    buf_free(&from);
    if (how != UNPACKED)
        buf_clear(out);
    else if (out->data)
        out->data[out->len] = '\0';
    return how;
}
