// What servers pack answers in: every coding, torn, lying and swollen.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "fetch/unpack.h"
#include "lectern/mem.h"

enum { MAX = 1 << 20 };

static struct buf words(size_t len)
{
    struct buf b = {0};
    for (unsigned n = 1; b.len < len; n = n * 1103515245 + 12345)
        buf_printf(&b, "word%u ", n >> 20);
    b.len = len;
    b.data[len] = '\0';
    return b;
}

// wbits 31 gzip, 15 zlib's dress, -15 bare.
static void squeeze(struct buf *out, const void *bytes, size_t len, int wbits)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, wbits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t most = deflateBound(&z, len);
    buf_reserve(out, most);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)len;
    z.next_out = (unsigned char *)out->data + out->len;
    z.avail_out = (unsigned)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += z.total_out;
    deflateEnd(&z);
}

static void same(struct unpacker *u, const char *coding, const struct buf *packed,
                 const struct buf *plain)
{
    struct buf out = {0};
    assert_int_equal(unpack_bytes(u, coding, packed->data, packed->len, MAX, &out), UNPACKED);
    assert_int_equal(out.len, plain->len);
    assert_memory_equal(out.data, plain->data, plain->len);
    assert_int_equal(out.data[out.len], '\0');
    buf_free(&out);
}

static void every_coding_comes_apart(void **state)
{
    (void)state;
    struct unpacker *u = unpacker_new();
    static const size_t sizes[] = {1, 17, 4095, 65536, 300000, MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buf plain = words(sizes[i]), gz = {0}, twice = {0}, zlibs = {0}, bare = {0};
        squeeze(&gz, plain.data, plain.len, 31);
        same(u, "gzip", &gz, &plain);
        same(u, " X-GZIP ", &gz, &plain);
        same(u, "utf-8, gzip", &gz, &plain);
        squeeze(&zlibs, plain.data, plain.len, 15);
        same(u, "deflate", &zlibs, &plain);
        squeeze(&bare, plain.data, plain.len, -15);
        same(u, "deflate", &bare, &plain);
        squeeze(&twice, gz.data, gz.len, 31);
        same(u, "gzip, gzip", &twice, &plain);
        struct buf z = {0};
        buf_reserve(&z, ZSTD_compressBound(plain.len));
        z.len = ZSTD_compress(z.data, z.cap, plain.data, plain.len, 3);
        same(u, "zstd", &z, &plain);
        buf_clear(&twice);
        squeeze(&twice, z.data, z.len, 31);
        same(u, "zstd,gzip", &twice, &plain);
        buf_free(&plain), buf_free(&gz), buf_free(&twice), buf_free(&zlibs), buf_free(&bare),
            buf_free(&z);
    }
    if (strstr(unpack_accepted(), "br")) {
        static const char brotli[] =
            "\x13\x9f\x0f\xf8\x8d\x94\xae\xc6\x52\x19\x06\x42\x96\x6e\x69\x67"
            "\x71\x60\x28\x00\xd4\x01\x00\x27\x0b";
        struct buf packed = {0}, plain = {0};
        buf_add(&packed, brotli, sizeof brotli - 1);
        for (int i = 0; i < 400; i++)
            buf_str(&plain, "and again ");
        same(u, "br", &packed, &plain);
        buf_free(&packed), buf_free(&plain);
    }
    unpacker_free(u);
}

static void unusual_streams_are_read(void **state)
{
    (void)state;
    struct unpacker *u = unpacker_new();
    struct buf plain = words(200000), packed = {0}, out = {0};
    squeeze(&packed, plain.data, 120000, 31); // two streams are one text
    squeeze(&packed, plain.data + 120000, 80000, 31);
    same(u, "gzip", &packed, &plain);
    buf_str(&packed, "what some server wrote after the end");
    same(u, "gzip", &packed, &plain);
    buf_clear(&packed);
    squeeze(&packed, plain.data, plain.len, 31);
    // Torn: what there is.
    for (size_t cut = 1; cut < packed.len; cut += packed.len / 7) {
        assert_int_equal(unpack_bytes(u, "gzip", packed.data, packed.len - cut, MAX, &out),
                         UNPACKED);
        assert_true(out.len <= plain.len);
        assert_memory_equal(out.data, plain.data, out.len);
    }
    packed.data[packed.len / 2] ^= 0x55;
    packed.data[packed.len / 2 + 1] ^= 0x55;
    assert_int_equal(unpack_bytes(u, "gzip", packed.data, packed.len, MAX, &out), UNPACKED_BROKEN);
    assert_int_equal(out.len, 0);
    static const char *const all[] = {"gzip", "deflate", "zstd"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(unpack_bytes(u, all[i], "this is no stream at all", 24, MAX, &out),
                         UNPACKED_BROKEN);
    assert_int_equal(unpack_bytes(u, "gzip,gzip,gzip,gzip,gzip,gzip", "x", 1, MAX, &out),
                     UNPACKED_BROKEN);
    assert_int_equal(unpack_bytes(u, NULL, "x", 1, MAX, &out), UNPACKED_AS_IS);
    assert_int_equal(unpack_bytes(u, "identity", "x", 1, MAX, &out), UNPACKED_AS_IS);
    assert_int_equal(unpack_bytes(u, "UTF-8", "x", 1, MAX, &out), UNPACKED_AS_IS);
    assert_int_equal(unpack_bytes(u, "gzip", "", 0, MAX, &out), UNPACKED_AS_IS);
    buf_free(&plain), buf_free(&packed), buf_free(&out);
    unpacker_free(u);
}

static void sizes_are_not_believed(void **state)
{
    (void)state;
    struct unpacker *u = unpacker_new();
    struct buf zeros = {0}, packed = {0}, z = {0}, out = {0};
    buf_reserve(&zeros, 64 << 20);
    memset(zeros.data, 0, 64 << 20);
    zeros.len = 64 << 20;
    squeeze(&packed, zeros.data, zeros.len, 31);
    buf_reserve(&z, ZSTD_compressBound(zeros.len));
    z.len = ZSTD_compress(z.data, z.cap, zeros.data, zeros.len, 3);
    for (int lie = 0; lie < 3; lie++) { // the size at the end: true, none, more than there can be
        if (lie)
            memset(packed.data + packed.len - 4, lie == 1 ? 0 : 0xFF, 4);
        assert_int_equal(unpack_bytes(u, "gzip", packed.data, packed.len, MAX, &out),
                         UNPACKED_TOO_LARGE);
        assert_true(out.cap <= 4 * MAX);
    }
    assert_int_equal(unpack_bytes(u, "zstd", z.data, z.len, MAX, &out), UNPACKED_TOO_LARGE);
    assert_true(out.cap <= 4 * MAX);
    struct buf nested = {0};
    squeeze(&nested, packed.data, packed.len, 31);
    assert_int_equal(unpack_bytes(u, "gzip, gzip", nested.data, nested.len, MAX, &out),
                     UNPACKED_TOO_LARGE);
    buf_clear(&packed);
    squeeze(&packed, zeros.data, MAX + 1, 31);
    assert_int_equal(unpack_bytes(u, "gzip", packed.data, packed.len, MAX, &out),
                     UNPACKED_TOO_LARGE);
    buf_free(&zeros), buf_free(&packed), buf_free(&z), buf_free(&out), buf_free(&nested);
    unpacker_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_coding_comes_apart),
        cmocka_unit_test(unusual_streams_are_read),
        cmocka_unit_test(sizes_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
