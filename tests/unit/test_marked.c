// Highlights and the text they stand in: they move with their words when a feed changes an essay,
// are said to be gone when the words are, and are there again when those come back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/mem.h"
#include "../support/library.h"

#define T0 1700000000

static const char first[] =
    "<p>A letter is a slow thing. It waits in the box until the evening, and nobody minds.</p>"
    "<p>The ferry brings the post on Tuesdays, and on Fridays when the weather allows it.</p>"
    "<p>What is written by hand is read by hand, and kept in a drawer that does not shut.</p>";
static const char second[] =
    "<p>A preface, added later by the editors of this letter for those who asked.</p>"
    "<p>A letter is a slow thing. It waits in its box until evening, and nobody minds.</p>"
    "<p>What is written by hand is read by hand, and kept in a drawer that doesn’t shut.</p>";

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    struct feed_update *u;
    int64_t feed, item, when;
    struct doc *d;
    struct err e;
};

static void open_essay(struct fixture *f)
{
    struct item_body b;
    doc_free(f->d);
    if (!store_item(f->s, f->item, f->a, &b, &f->e))
        fail_msg("%s", f->e.msg);
    f->d = essay_document(&b);
}

static void revise(struct fixture *f, const char *html)
{
    f->u->entries[0].content = html;
    f->u->entries[0].content_len = strlen(html);
    assert_int_equal(library_apply(f->s, f->feed, f->u, f->when++).changed, 1);
    open_essay(f);
}

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("marked");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    f->when = T0;
    f->feed = library_feed(f->s, "https://example.org/feed");
    f->u = update_new("Slow Letters", 1);
    update_add(f->u, "one", "One", T0, first);
    library_apply(f->s, f->feed, f->u, f->when++);
    f->item = 1;
    open_essay(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    doc_free(f->d);
    update_free(f->u);
    arena_free(f->a);
    free(library_path("marked"));
    free(f->path);
    free(f);
    return 0;
}

static int64_t mark(struct fixture *f, const char *words)
{
    const char *at = strstr(f->d->text, words);
    assert_non_null(at);
    uint32_t from = (uint32_t)(at - f->d->text);
    int64_t id = essay_highlight(f->s, f->item, f->d, from, from + (uint32_t)strlen(words),
                                 HIGHLIGHT_GREEN, NULL, f->when);
    assert_true(id > 0);
    return id;
}

// What stands where they are said to be: "words|words"; "(gone)".
static const char *shown(struct fixture *f)
{
    struct highlight *h;
    size_t n;
    struct buf out = {0};
    if (!essay_highlights(f->s, f->item, f->d, f->a, &h, &n, &f->e))
        fail_msg("%s", f->e.msg);
    for (size_t i = 0; i < n; i++) {
        buf_str(&out, i ? "|" : "");
        if (h[i].gone)
            buf_str(&out, "(gone)");
        else
            buf_add(&out, f->d->text + h[i].from, h[i].to - h[i].from);
    }
    const char *said = arena_strdup(f->a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static void they_go_with_their_words(void **state)
{
    struct fixture *f = *state;
    mark(f, "It waits in the box until the evening");
    int64_t post = mark(f, "The ferry brings the post on Tuesdays"), hand = mark(f, "read by hand");
    int64_t last = mark(f, "kept in a drawer that does not shut");
    assert_int_equal(essay_highlight(f->s, f->item, f->d, 5, 5, HIGHLIGHT_RED, NULL, T0), 0);
    assert_int_equal(
        essay_highlight(f->s, f->item, f->d, 5, f->d->len + 1, HIGHLIGHT_RED, NULL, T0), 0);
    assert_int_equal(essay_highlight(f->s, 999, f->d, 5, 9, HIGHLIGHT_RED, NULL, T0), 0);
    static const char were[] = "It waits in the box until the evening|The ferry brings the post on "
                               "Tuesdays|read by hand|kept in a drawer that does not shut";
    static const char are[] = "It waits in its box until evening|(gone)|read by hand|kept in a "
                              "drawer that doesn’t shut";
    assert_string_equal(shown(f), were);
    int64_t kept;
    assert_true(store_bookmark_entry(f->s, f->item, T0, &kept, NULL, &f->e));
    revise(f, second);
    for (int round = 0; round < 2; round++) { // looked for, and as it was remembered
        assert_string_equal(shown(f), are);
        assert_int_equal(store_pending(f->s) > 0, round == 0);
        assert_true(store_flush(f->s, 0, &f->e));
    }
    // The words that were marked are kept as they were.
    struct highlight h[3];
    int64_t ids[] = {post, hand, last};
    assert_true(store_highlight_rows(f->s, ids, 3, f->a, h, &f->e));
    assert_string_equal(h[0].quote, "The ferry brings the post on Tuesdays");
    assert_string_equal(h[2].quote, "kept in a drawer that does not shut");
    assert_int_equal(h[0].item, kept); // where its words are still
    assert_int_equal(h[1].item, f->item);
    int64_t entry = f->item;
    f->item = kept;
    open_essay(f);
    assert_string_equal(shown(f), were);
    f->item = entry;
    revise(f, first); // taken back: all are there again
    assert_string_equal(shown(f), were);
}

static void ten_thousand_are_shown(void **state)
{
    struct fixture *f = *state;
    struct buf html = {0};
    for (int i = 0; i < 2000; i++)
        buf_printf(&html, "<p>Paragraph %d says that %d is not %d, and goes on for a while.</p>", i,
                   i * 7, i * 11);
    revise(f, arena_strdup(f->a, html.data));
    uint32_t step = f->d->len / 10000;
    for (uint32_t i = 0; i < 10000; i++)
        essay_highlight(f->s, f->item, f->d, i * step, i * step + step, HIGHLIGHT_BLUE, NULL, T0);
    buf_str(&html, "<p>And an end.</p>");
    char *now = mem_printf("<p>A beginning.</p>%s", html.data);
    revise(f, now);
    struct highlight *h;
    size_t n, gone = 0;
    assert_true(essay_highlights(f->s, f->item, f->d, f->a, &h, &n, &f->e));
    assert_int_equal(n, 10000);
    for (size_t i = 0; i < n; i++)
        gone += h[i].gone;
    assert_int_equal(gone, 0);
    free(now);
    buf_free(&html);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(they_go_with_their_words),
        T(ten_thousand_are_shown),
    };
    return cmocka_run_group_tests_name("marked", tests, NULL, NULL);
}
