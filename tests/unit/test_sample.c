// The sample newsletter: the bytes in the program are those of the file; as a feed it is what a
// Substack serves; and its essays say the same, word for word, as the Markdown files they were made
// of.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/audio.h"
#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/path.h"
#include "lectern/sample.h"

static void read_source(struct buf *b, const char *name)
{
    const char *root = getenv("LECTERN_ROOT");
    char *dir = path_join(root ? root : ".", "src/sample"), *path = path_join(dir, name);
    struct err e = ERR_INIT;
    if (!buf_read_file(b, path, 1 << 20, &e))
        fail_msg("%s", e.msg);
    free(path);
    free(dir);
}

static struct feed_update *sample(void)
{
    struct feed_source src = {.url = SAMPLE_ADDRESS, .content_type = SAMPLE_CONTENT_TYPE};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    if (!feed_parse(sample_feed, (size_t)(sample_feed_end - sample_feed), &src, &u, &e))
        fail_msg("%s", e.msg);
    return u;
}

static void program_holds_the_file(void **state)
{
    (void)state;
    struct buf file = {0};
    read_source(&file, "slow-letters.xml");
    assert_int_equal(file.len, (size_t)(sample_feed_end - sample_feed));
    assert_memory_equal(file.data, sample_feed, file.len);
    assert_int_equal(*sample_feed_end, '\0');
    assert_int_equal(strlen(sample_feed), file.len);
    for (size_t i = 0; i < file.len; i++)
        assert_true((unsigned char)file.data[i] < 0x7F);
    buf_free(&file);
}

static void it_is_a_feed_of_essays(void **state)
{
    (void)state;
    struct feed_update *u = sample();
    assert_int_equal(u->format, FEED_RSS2);
    assert_int_equal(u->nwarnings, 0);
    assert_string_equal(u->title, "Slow Letters");
    assert_string_equal(u->generator, "Substack");
    assert_string_equal(u->language, "en");
    assert_true(u->nentries >= 5);
    size_t with_audio = 0;
    for (size_t i = 0; i < u->nentries; i++) {
        const struct feed_entry *x = &u->entries[i];
        assert_true(*x->title && x->subtitle && *x->subtitle);
        assert_string_equal(x->guid, x->url);
        assert_int_equal(x->nauthors, 1);
        assert_string_equal(x->authors[0].name, "The Editors");
        assert_int_equal(x->type, CONTENT_HTML);
        assert_false(x->preview);
        assert_in_range(x->words, 1500, 2600);
        assert_int_equal(x->nenclosures, 1);
        const struct enclosure *best;
        with_audio += audio_pick(x->enclosures, x->nenclosures, &best, 1);
        // Newest first, a letter a week, the newest of 18 November 2026.
        assert_int_equal(x->published, 1794988800 - (int64_t)i * 7 * 86400);
    }
    assert_int_equal(with_audio, 2);
    feed_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_holds_the_file),
        cmocka_unit_test(it_is_a_feed_of_essays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
