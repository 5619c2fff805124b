// Errors, memory, buffers, paths, the filter for text from outside.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/err.h"
#include "lectern/mem.h"
#include "lectern/near.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

static void err_is_one_clean_line(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    assert_false(err_set(&e, ERR_FORMAT, "a\nb\x1b[2J\xc2\x9b%s", "c"));
    assert_string_equal(e.msg, "a b?[2J??c");
    assert_false(err_wrap(&e, "reading %s", "x"));
    assert_string_equal(e.msg, "reading x: a b?[2J??c");
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_false(err_set(NULL, ERR_OTHER, "nobody listens"));
}

static void err_cut_keeps_characters_whole(void **state)
{
    (void)state;
    char long_text[1000];
    for (size_t i = 0; i + 2 < sizeof long_text; i += 3)
        memcpy(long_text + i, "\xe2\x80\xa6", 3);
    long_text[999] = '\0';
    struct err e = ERR_INIT;
    for (int pad = 0; pad < 3; pad++) {
        err_set(&e, ERR_OTHER, "%.*s%s", pad, "xxx", long_text);
        assert_true(utf8_valid(e.msg, strlen(e.msg)));
    }
}

static void arena_keeps_its_pieces(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *pieces[500];
    for (int i = 0; i < 500; i++)
        pieces[i] = arena_printf(a, "%d:%0*d", i, i * 7, i);
    for (int i = 0; i < 500; i++) {
        char want[4000];
        snprintf(want, sizeof want, "%d:%0*d", i, i * 7, i);
        assert_string_equal(pieces[i], want);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
    }
    assert_true(arena_bytes(a) > 500 * 500 * 7 / 2);
    arena_free(a);
    arena_free(NULL);
}

static void clean_filters_what_steers(void **state)
{
    (void)state;
    static const struct {
        enum utf8_mode mode;
        const char *in, *out;
    } table[] = {
        {UTF8_TEXT, "a\r\nb\rc\n\td", "a\nb\nc\n\td"},
        {UTF8_TEXT, "x\x1b[31my\x07\x7f", "x[31my"},
        {UTF8_TEXT,
         "a\xe2\x80\xae"
         "b\xe2\x81\xa6"
         "c\xef\xbb\xbf",
         "abc"},
        {UTF8_TEXT, "bad \xff\xc3 end", "bad \xef\xbf\xbd\xef\xbf\xbd end"},
        {UTF8_TEXT,
         "c1 \xc2\x9b"
         "31m",
         "c1 31m"},
        {UTF8_TEXT, "soft\xc2\xadhyphen", "soft\xc2\xadhyphen"},
        {UTF8_LINE, "  The \n\t quiet\x01  return ", "The quiet return"},
        {UTF8_LINE, "soft\xc2\xadhyphen\xe2\x80\x8b", "softhyphen"},
        {UTF8_LINE, "", ""},
        {UTF8_ADDRESS, " https://e.org/a b\n\xe2\x80\xae", "https://e.org/ab"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *got = utf8_clean_dup(table[i].in, strlen(table[i].in), table[i].mode);
        assert_string_equal(got, table[i].out);
        free(got);
    }
}

static void decode_and_encode_agree(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 97) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char bytes[4];
        size_t n = utf8_encode(cp, bytes);
        uint32_t back;
        assert_int_equal(utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, cp);
    }
    static const char *const bad[] = {"\xc0\x80",         "\xe0\x80\x80", "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80", "\xe2\x80",     "\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    char text[33];
    for (size_t len = 0; len < sizeof text; len++)
        for (size_t at = 0; at <= len; at++) { // one letter that is not ASCII, at every place
            memset(text, 'a', len);
            if (at + 1 < len)
                memcpy(text + at, "\xc3\xa9", 2);
            bool plain = at + 1 >= len;
            assert_int_equal(utf8_plain(text, len), plain ? len : at);
            assert_true(utf8_valid(text, len));
            if (at < len)
                text[at] = '\x80';
            assert_int_equal(utf8_valid(text, len), at == len);
        }
}

static void files_are_whole_and_private(void **state)
{
    (void)state;
    char dir[] = "/tmp/lectern-base.XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *deep = path_join(dir, "a/b/c");
    struct err e = ERR_INIT;
    assert_true(path_make_dir(deep, &e));
    assert_true(path_make_dir(deep, &e));
    struct stat st;
    assert_int_equal(stat(deep, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    char *file = path_join(deep, "f");
    assert_true(buf_write_file(file, "words", 5, 0600, &e));
    assert_true(buf_write_file(file, "other", 5, 0600, &e));
    struct buf b = {0};
    assert_true(buf_read_file(&b, file, 100, &e));
    assert_string_equal(b.data, "other");
    assert_false(buf_read_file(&b, file, 4, &e));
    assert_non_null(strstr(e.msg, "larger"));
    assert_string_equal(b.data, "other"); // untouched
    assert_false(buf_read_file(&b, deep, 100, &e));
    assert_false(buf_read_file(&b, "/nowhere/at/all", 100, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(path_make_dir(file, &e));
    unlink(file);
    rmdir(deep);
    buf_free(&b);
    free(file);
    free(deep);
}

static void words_are_near_by_their_slips(void **state)
{
    (void)state;
    assert_int_equal(near_edits("measure", "measure"), 0);
    assert_int_equal(near_edits("mesure", "measure"), 1);
    assert_int_equal(near_edits("measrue", "measure"), 1); // neighbours swapped
    assert_int_equal(near_edits("", "abc"), 3);
    assert_int_equal(near_edits("justify", "indent"), near_edits("indent", "justify"));
    assert_int_equal(near_edits("abcdefghijklmnopqrstuvwxyz0123456789", "a"), NEAR_LONGEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_is_one_clean_line),
        cmocka_unit_test(err_cut_keeps_characters_whole),
        cmocka_unit_test(arena_keeps_its_pieces),
        cmocka_unit_test(clean_filters_what_steers),
        cmocka_unit_test(decode_and_encode_agree),
        cmocka_unit_test(files_are_whole_and_private),
        cmocka_unit_test(words_are_near_by_their_slips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
