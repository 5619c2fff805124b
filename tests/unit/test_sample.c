// The sample newsletter: the bytes in the program are those of the file, and plain enough for any
// reader of feeds.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/path.h"
#include "lectern/sample.h"

static void program_holds_the_file(void **state)
{
    (void)state;
    const char *root = getenv("LECTERN_ROOT");
    char *path = path_join(root ? root : ".", "src/sample/slow-letters.xml");
    struct buf file = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&file, path, 1 << 20, &e));
    assert_int_equal(file.len, (size_t)(sample_feed_end - sample_feed));
    assert_memory_equal(file.data, sample_feed, file.len);
    assert_int_equal(*sample_feed_end, '\0');
    assert_int_equal(strlen(sample_feed), file.len);
    for (size_t i = 0; i < file.len; i++)
        assert_true((unsigned char)file.data[i] < 0x7F);
    buf_free(&file);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_holds_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
