// Bookmarks: what was kept stays, whatever becomes of the feed, the entry or the text it came from.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "../support/library.h"

#define T0 1700000000

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    int64_t feed, ids[2];
    struct feed_update *u;
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("bookmarks");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    f->feed = library_feed(f->s, "https://example.org/feed");
    assert_true(store_feed_tag(f->s, f->feed, "letters", true, &f->e));
    f->u = update_new("Slow Letters", 2);
    struct feed_entry *e = update_add(f->u, "one", "One", T0, "<p>the first text</p>");
    update_audio(f->u, e, "https://example.org/1.mp3", 60);
    update_add(f->u, "two", "Two", T0 - 1, "<p>the second text</p>");
    library_apply(f->s, f->feed, f->u, T0);
    int64_t *ids;
    size_t n;
    assert_true(store_ids(f->s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &f->e));
    memcpy(f->ids, ids, sizeof f->ids);
    free(ids);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    update_free(f->u);
    arena_free(f->a);
    free(library_path("bookmarks"));
    free(f->path);
    free(f);
    return 0;
}

static struct item_body item(struct fixture *f, int64_t id)
{
    struct item_body b = {0};
    if (!store_item(f->s, id, f->a, &b, &f->e))
        fail_msg("%s", f->e.msg);
    return b;
}

static int64_t keep(struct fixture *f, int64_t entry, bool *existed)
{
    int64_t id = 0;
    if (!store_bookmark_entry(f->s, entry, T0 + 100, &id, existed, &f->e))
        fail_msg("%s", f->e.msg);
    assert_true(id < 0);
    return id;
}

static size_t shelf(struct fixture *f, enum shelf_kind kind, const char *tag, int64_t out[8])
{
    int64_t *ids;
    size_t n;
    assert_true(
        store_ids(f->s, &(struct shelf){.kind = kind, .tag = tag}, false, T0, 0, &ids, &n, &f->e));
    assert_true(n <= 8);
    memcpy(out, ids, n * sizeof *ids);
    free(ids);
    return n;
}

static void a_bookmark_is_the_whole_essay(void **state)
{
    struct fixture *f = *state;
    bool existed = true;
    int64_t id = keep(f, f->ids[0], &existed), ids[8];
    assert_false(existed);
    struct item_body b = item(f, id);
    assert_string_equal(b.content, "<p>the first text</p>");
    assert_string_equal(b.row.title, "One");
    assert_string_equal(b.row.feed_title, "Slow Letters");
    assert_string_equal(b.row.url, "https://example.org/one");
    assert_string_equal(b.row.tags[0], "letters");
    assert_int_equal(b.row.published, T0);
    assert_int_equal(b.row.kept, T0 + 100);
    assert_int_equal(b.row.entry, f->ids[0]);
    assert_int_equal(b.row.flags, ITEM_BOOKMARKED | ITEM_AUDIO | ITEM_UNREAD);
    assert_int_equal(b.nenclosures, 1);
    assert_string_equal(b.enclosures[0].url, "https://example.org/1.mp3");
    b = item(f, f->ids[0]);
    assert_int_equal(b.row.bookmark, id);
    assert_true(b.row.flags & ITEM_BOOKMARKED);
    assert_int_equal(keep(f, f->ids[0], &existed), id); // again: the same
    assert_true(existed);
    assert_int_equal(keep(f, id, &existed), id); // of itself, too
    assert_true(existed);
    assert_int_equal(shelf(f, SHELF_BOOKMARKS, NULL, ids), 1);
    int64_t none;
    assert_false(store_bookmark_entry(f->s, 999, T0, &none, &existed, &f->e));
    assert_int_equal(f->e.kind, ERR_MISSING);
}

static void it_outlives_its_feed(void **state)
{
    struct fixture *f = *state;
    int64_t id = keep(f, f->ids[0], NULL), ids[8];
    store_set_place(f->s, id, 5, 0.5, T0 + 7);
    assert_true(store_flush(f->s, 1000, &f->e));
    assert_true(store_feed_remove(f->s, f->feed, &f->e));
    store_close(f->s);
    f->s = library_open(f->path, STORE_READER);
    struct item_body b = item(f, id);
    assert_string_equal(b.content, "<p>the first text</p>");
    assert_string_equal(b.row.feed_title, "Slow Letters");
    assert_int_equal(b.row.entry, 0);
    assert_int_equal(b.row.feed_id, 0);
    assert_int_equal(b.row.place, 5);
    assert_int_equal(shelf(f, SHELF_CONTINUE, NULL, ids), 1); // and is still being read
    assert_int_equal(ids[0], id);
    assert_int_equal(shelf(f, SHELF_ALL, NULL, ids), 0);
    // Subscribed again, the essays are new ones; ids are never used twice.
    library_apply(f->s, library_feed(f->s, "https://example.org/feed"), f->u, T0 + 50);
    assert_int_equal(shelf(f, SHELF_ALL, NULL, ids), 2);
    assert_true(ids[0] > f->ids[0] && ids[0] > f->ids[1] && ids[1] > f->ids[1]);
    assert_int_equal(item(f, ids[0]).row.bookmark, 0);
}

static void it_keeps_the_text_that_was_kept(void **state)
{
    struct fixture *f = *state;
    int64_t id = keep(f, f->ids[0], NULL);
    f->u->entries[0].content = "<p>mended</p>";
    f->u->entries[0].content_len = 13;
    assert_int_equal(library_apply(f->s, f->feed, f->u, T0 + 10).changed, 1);
    assert_string_equal(item(f, id).content, "<p>the first text</p>");
    assert_string_equal(item(f, f->ids[0]).content, "<p>mended</p>");
    // From here on they are two texts and two places.
    store_set_place(f->s, f->ids[0], 3, 0.3, T0 + 20);
    store_set_place(f->s, id, 8, 0.8, T0 + 21);
    assert_true(store_flush(f->s, 0, &f->e));
    assert_int_equal(item(f, f->ids[0]).row.place, 3);
    assert_int_equal(item(f, id).row.place, 8);
}

// All that was sent with an essay is in it, and none of what happens to the essay reaches it.
static void it_is_whole_for_good(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "<p lang=fr>Un mot<a href='#n1' id=r1>1</a>, <a "
                               "href='https://e.example/x'>a link</a>.</p><ol><li id=n1>The "
                               "note.</li></ol>";
    struct feed_entry *en = &f->u->entries[0];
    en->content = text;
    en->content_len = sizeof text - 1;
    en->language = "fr";
    en->base = "https://example.org/base/";
    en->image = "https://example.org/i.png";
    en->external_url = "https://elsewhere.example/";
    en->comments = "https://example.org/talk";
    en->subtitle = "Below";
    library_apply(f->s, f->feed, f->u, T0 + 5);
    int64_t id = keep(f, f->ids[0], NULL);
    store_set_note(f->s, id, "mine");
    for (int round = 0; round < 4; round++) {
        struct item_body b = item(f, id);
        assert_string_equal(b.content, text);
        assert_string_equal(b.language, "fr");
        assert_string_equal(b.base, "https://example.org/base/");
        assert_string_equal(b.image, "https://example.org/i.png");
        assert_string_equal(b.external_url, "https://elsewhere.example/");
        assert_string_equal(b.comments, "https://example.org/talk");
        assert_string_equal(b.row.title, "One");
        assert_string_equal(b.row.subtitle, "Below");
        assert_string_equal(b.row.url, "https://example.org/one");
        assert_string_equal(b.row.feed_title, "Slow Letters");
        assert_string_equal(b.enclosures[0].url, "https://example.org/1.mp3");
        assert_string_equal(b.note, "mine");
        assert_int_equal(b.row.published, T0);
        if (round == 0) { // revised
            *en = (struct feed_entry){.guid = "one",
                                      .title = "Other",
                                      .content = "x",
                                      .content_len = 1,
                                      .type = CONTENT_HTML,
                                      .published = T0 + 3};
            assert_int_equal(library_apply(f->s, f->feed, f->u, T0 + 10).changed, 1);
        } else if (round == 1) { // thrown away
            assert_true(store_entries_remove(f->s, f->ids, 1, &f->e));
        } else if (round == 2) { // its feed too
            assert_true(store_feed_remove(f->s, f->feed, &f->e));
            store_close(f->s);
            f->s = library_open(f->path, STORE_WRITE);
        }
    }
}

static char *letters(struct fixture *f, int64_t id)
{
    struct place_mark m[PLACE_MARKS];
    size_t n;
    struct buf out = {0};
    assert_true(store_marks(f->s, id, m, &n, &f->e));
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%c%u", m[i].letter, m[i].off);
    char *said = arena_strdup(f->a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static void letters_mark_places(void **state)
{
    struct fixture *f = *state;
    int64_t one = f->ids[0], two = f->ids[1];
    assert_string_equal(letters(f, one), "");
    store_set_mark(f->s, (struct place_mark){one, 'b', 4});
    store_set_mark(f->s, (struct place_mark){one, 'a', 9});
    store_set_mark(f->s, (struct place_mark){two, 'A', 3});
    for (int written = 0; written < 2; written++) { // seen before and after they are written
        assert_string_equal(letters(f, one), "A3a9b4");
        assert_string_equal(letters(f, two), "A3");
        assert_true(store_flush(f->s, 0, &f->e));
        assert_int_equal(store_pending(f->s), 0);
    }
    store_set_mark(f->s, (struct place_mark){one, 'a', 1}); // a mark moves
    store_set_mark(f->s, (struct place_mark){one, 'A', 2}); // and a capital from essay to essay
    store_close(f->s);
    f->s = library_open(f->path, STORE_READER);
    assert_string_equal(letters(f, one), "A2a1b4");
    assert_string_equal(letters(f, two), "A2");
    // A bookmark of the essay has them from its beginning, and shares what is set later.
    int64_t kept = keep(f, one, NULL);
    assert_string_equal(letters(f, kept), "A2a1b4");
    store_set_mark(f->s, (struct place_mark){kept, 'c', 5});
    assert_string_equal(letters(f, one), "A2a1b4c5");
    assert_true(store_flush(f->s, 1000, &f->e));
    assert_true(store_feed_remove(f->s, f->feed, &f->e));
    assert_string_equal(letters(f, kept), "A2a1b4c5");
}

static void an_essay_and_its_bookmark_are_one_place(void **state)
{
    struct fixture *f = *state;
    store_set_place(f->s, f->ids[0], 4, 0.25, T0 + 1); // not written yet when it is kept
    int64_t id = keep(f, f->ids[0], NULL), ids[8];
    assert_int_equal(item(f, id).row.place, 4);
    store_set_place(f->s, id, 9, 0.5, T0 + 2);
    assert_int_equal(item(f, f->ids[0]).row.place, 9); // before
    assert_true(store_flush(f->s, 0, &f->e));
    assert_int_equal(item(f, f->ids[0]).row.place, 9); // and after
    assert_int_equal(shelf(f, SHELF_CONTINUE, NULL, ids), 1);
    assert_int_equal(ids[0], f->ids[0]);
    store_set_read(f->s, &id, 1, true);
    assert_false(item(f, f->ids[0]).row.flags & ITEM_UNREAD);
    assert_false(item(f, id).row.flags & ITEM_UNREAD);
}

static void the_bin_gives_back(void **state)
{
    struct fixture *f = *state;
    int64_t id = keep(f, f->ids[0], NULL), ids[8];
    struct shelf_counts c;
    assert_true(store_bookmark_remove(f->s, id, &f->e));
    assert_false(store_bookmark_remove(f->s, id, &f->e));
    assert_int_equal(f->e.kind, ERR_MISSING);
    assert_int_equal(shelf(f, SHELF_BOOKMARKS, NULL, ids), 0);
    assert_int_equal(item(f, f->ids[0]).row.bookmark, 0);
    assert_true(store_counts(f->s, T0, &c, &f->e));
    assert_int_equal(c.bookmarks, 0);
    store_close(f->s); // a later session
    f->s = library_open(f->path, STORE_WRITE);
    assert_true(store_bookmark_restore(f->s, id, &f->e));
    assert_int_equal(item(f, f->ids[0]).row.bookmark, id);
    assert_string_equal(item(f, id).content, "<p>the first text</p>");
    // Kept anew after it was thrown away: the same one comes back with its tags.
    assert_true(store_bookmark_tag(f->s, id, "mine", true, &f->e));
    assert_true(store_bookmark_remove(f->s, id, &f->e));
    bool existed = true;
    assert_int_equal(keep(f, f->ids[0], &existed), id);
    assert_false(existed);
    assert_string_equal(item(f, id).row.tags[1], "mine");
    // Thrown away, its text changed, kept anew: two texts, both can be had.
    assert_true(store_bookmark_remove(f->s, id, &f->e));
    f->u->entries[0].content = "<p>mended</p>";
    f->u->entries[0].content_len = 13;
    library_apply(f->s, f->feed, f->u, T0 + 10);
    int64_t second = keep(f, f->ids[0], NULL);
    assert_int_not_equal(second, id);
    assert_true(store_bookmark_restore(f->s, id, &f->e));
    assert_int_equal(shelf(f, SHELF_BOOKMARKS, NULL, ids), 2);
    assert_string_equal(item(f, id).content, "<p>the first text</p>");
    assert_int_equal(item(f, id).row.entry, 0);
    assert_int_equal(item(f, f->ids[0]).row.bookmark, second);
    assert_false(store_bookmark_restore(f->s, -77, &f->e));
}

static void tags_and_pages_of_any_kind(void **state)
{
    struct fixture *f = *state;
    struct enclosure audio = {.url = "https://a.example/x.ogg",
                              .type = "audio/ogg",
                              .kind = ENCLOSURE_AUDIO,
                              .seconds = 5};
    struct snapshot sn = {.title = "A page\nI found",
                          .author = "Somebody",
                          .url = "https://found.example/page",
                          .content = "# Found",
                          .content_len = 7,
                          .type = CONTENT_MARKDOWN,
                          .words = 1,
                          .enclosures = &audio,
                          .nenclosures = 1};
    int64_t id, ids[8];
    assert_true(store_bookmark_snapshot(f->s, &sn, T0, &id, &f->e));
    struct item_body b = item(f, id);
    assert_string_equal(b.row.title, "A page I found");
    assert_null(b.row.feed_title);
    assert_string_equal(b.content, "# Found");
    assert_int_equal(b.type, CONTENT_MARKDOWN);
    assert_string_equal(b.row.audio, "https://a.example/x.ogg");
    assert_int_equal(b.row.flags, ITEM_BOOKMARKED | ITEM_AUDIO);
    int64_t other = keep(f, f->ids[0], NULL);
    assert_true(store_bookmark_tag(f->s, id, " To Keep ", true, &f->e) &&
                store_bookmark_tag(f->s, id, "to keep", true, &f->e));
    b = item(f, id);
    assert_string_equal(b.row.tags[0], "To Keep");
    assert_null(b.row.tags[1]);
    assert_int_equal(shelf(f, SHELF_BOOKMARKS, "TO KEEP", ids), 1);
    assert_int_equal(ids[0], id);
    assert_int_equal(shelf(f, SHELF_BOOKMARKS, NULL, ids), 2);
    assert_int_equal(ids[0], other); // kept later
    assert_true(store_bookmark_tag(f->s, id, "To keep", false, &f->e));
    assert_null(item(f, id).row.tags[0]);
    assert_false(store_bookmark_tag(f->s, id, " ", true, &f->e));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_bookmark_is_the_whole_essay),
        T(it_outlives_its_feed),
        T(it_keeps_the_text_that_was_kept),
        T(it_is_whole_for_good),
        T(letters_mark_places),
        T(an_essay_and_its_bookmark_are_one_place),
        T(the_bin_gives_back),
        T(tags_and_pages_of_any_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
