// The sample newsletter: the bytes in the program are those of the file; as a feed it is what a
// Substack serves; and its essays say the same, word for word, as the Markdown files they were made
// of.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/audio.h"
#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
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

static struct doc *from_feed(const struct feed_entry *x)
{
    struct doc_source src = {.url = x->url, .title = x->title};
    return doc_from_html(x->content, x->content_len, &src);
}

static struct doc *from_markdown(const struct feed_entry *x)
{
    struct buf b = {0};
    char *name = mem_printf("%s.md", strrchr(x->url, '/') + 1);
    read_source(&b, name);
    struct doc_source src = {.url = x->url, .title = x->title};
    struct doc *d = doc_from_markdown(b.data, b.len, &src);
    free(name);
    buf_free(&b);
    return d;
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

// Words alone, parted by single blanks.
static void words_of(const struct doc *d, struct buf *out)
{
    for (uint32_t i = 0; i < d->len;) {
        size_t blank = strspn(d->text + i, " \n\t"), word = strcspn(d->text + i + blank, " \n\t");
        buf_add(out, d->text + i + blank, word);
        buf_char(out, ' ');
        i += (uint32_t)(blank + word);
    }
}

static size_t count(const struct doc *d, enum block_kind kind)
{
    size_t n = 0;
    for (uint32_t i = 0; i < d->nblocks; i++)
        n += d->blocks[i].kind == kind;
    return n;
}

static void feed_and_markdown_say_the_same(void **state)
{
    (void)state;
    static const enum block_kind kinds[] = {
        BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_FIGURE, BLOCK_PULLQUOTE, BLOCK_QUOTE, BLOCK_LIST,
        BLOCK_ITEM,      BLOCK_CODE,    BLOCK_VERSE,  BLOCK_NOTE,      BLOCK_RULE,
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    size_t all[KINDS] = {0};
    struct feed_update *u = sample();
    for (size_t i = 0; i < u->nentries; i++) {
        const struct feed_entry *x = &u->entries[i];
        struct doc *h = from_feed(x), *m = from_markdown(x);
        assert_string_equal(m->title, x->title);
        assert_string_equal(m->author, "The Editors");
        struct buf a = {0}, b = {0};
        words_of(h, &a);
        words_of(m, &b);
        size_t same = 0;
        while (a.data[same] && a.data[same] == b.data[same])
            same++;
        if (a.data[same] || b.data[same])
            fail_msg("%s: the feed says '%.80s', the file '%.80s'", x->title,
                     a.data + (same > 20 ? same - 20 : 0), b.data + (same > 20 ? same - 20 : 0));
        assert_null(strstr(a.data, "Subscribe for free"));
        assert_null(strstr(a.data, "original spacing"));
        for (size_t k = 0; k < KINDS; k++) {
            if (count(h, kinds[k]) != count(m, kinds[k]))
                fail_msg("%s: %zu %s in the feed, %zu in the file", x->title, count(h, kinds[k]),
                         doc_block_name(kinds[k]), count(m, kinds[k]));
            all[k] += count(h, kinds[k]);
        }
        assert_int_equal(h->nnotes, m->nnotes);
        for (uint32_t n = 0; n < h->nnotes; n++)
            assert_int_not_equal(h->notes[n].block, DOC_NONE);
        buf_free(&a);
        buf_free(&b);
        doc_free(h);
        doc_free(m);
    }
    for (size_t k = 0; k < KINDS; k++)
        if (!all[k])
            fail_msg("no essay has a %s", doc_block_name(kinds[k]));
    feed_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_holds_the_file),
        cmocka_unit_test(it_is_a_feed_of_essays),
        cmocka_unit_test(feed_and_markdown_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
