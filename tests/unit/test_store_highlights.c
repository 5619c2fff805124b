// Highlights: seen at once, shared with the bookmark, never lost with what they were made in. Notes
// and tags of bookmarks, many at once, and what tells that they have changed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "../support/library.h"

#define T0 1700000000

struct fixture {
    char *path;
    struct store *s;
    struct arena *a;
    int64_t feed, one, two;
    struct feed_update *u;
    struct err e;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("highlights");
    f->s = library_open(f->path, STORE_WRITE);
    f->a = arena_new();
    f->feed = library_feed(f->s, "https://example.org/feed");
    f->u = update_new("Slow Letters", 2);
    update_add(f->u, "one", "One", T0, "<p>the first text</p>");
    update_add(f->u, "two", "Two", T0 - 1, "<p>the second text</p>");
    library_apply(f->s, f->feed, f->u, T0);
    int64_t *ids;
    size_t n;
    assert_true(store_ids(f->s, &(struct shelf){.kind = SHELF_ALL}, false, T0, 0, &ids, &n, &f->e));
    assert_int_equal(n, 2);
    f->one = ids[0];
    f->two = ids[1];
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
    free(library_path("highlights"));
    free(f->path);
    free(f);
    return 0;
}

static void again(struct fixture *f)
{
    store_close(f->s);
    f->s = library_open(f->path, STORE_READER);
}

static int64_t add(struct fixture *f, int64_t item, uint32_t from, const char *quote, int64_t made)
{
    struct highlight h = {.from = from,
                          .to = from + (uint32_t)strlen(quote),
                          .quote = quote,
                          .before = "before ",
                          .after = " after",
                          .made = made};
    int64_t id = store_highlight_add(f->s, item, &h);
    assert_true(id > 0 && id < INT64_C(1) << 53);
    return id;
}

// "first@4 text@10/note!" of an item; "!" is gone.
static const char *told(struct fixture *f, int64_t item)
{
    struct highlight *h;
    size_t n;
    struct buf out = {0};
    if (!store_highlights(f->s, item, f->a, &h, &n, &f->e))
        fail_msg("%s", f->e.msg);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(h[i].item, item);
        buf_printf(&out, "%s%s@%u%s%s%s", i ? " " : "", h[i].quote, h[i].from, h[i].note ? "/" : "",
                   h[i].note ? h[i].note : "", h[i].gone ? "!" : "");
    }
    const char *said = arena_strdup(f->a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static const char *all(struct fixture *f) // quotes, newest first
{
    int64_t *ids, count;
    size_t n;
    struct buf out = {0};
    assert_true(store_highlight_ids(f->s, &ids, &n, &f->e));
    assert_true(store_highlight_count(f->s, &count, &f->e));
    assert_int_equal(count, n);
    struct highlight *rows = arena_alloc(f->a, (n + 1) * sizeof *rows);
    assert_true(store_highlight_rows(f->s, ids, n, f->a, rows, &f->e));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].id, ids[i]);
        buf_printf(&out, "%s%s", i ? " " : "", rows[i].quote);
    }
    free(ids);
    const char *said = arena_strdup(f->a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static struct highlight row(struct fixture *f, int64_t id)
{
    struct highlight h;
    assert_true(store_highlight_rows(f->s, &id, 1, f->a, &h, &f->e));
    return h;
}

static unsigned flags(struct fixture *f, int64_t id)
{
    struct item_row r;
    assert_true(store_rows(f->s, &id, 1, f->a, &r, &f->e));
    return r.flags;
}

static int64_t keep(struct fixture *f, int64_t entry)
{
    int64_t id = 0;
    if (!store_bookmark_entry(f->s, entry, T0 + 100, &id, NULL, &f->e))
        fail_msg("%s", f->e.msg);
    return id;
}

// Everything is asked before it is written and after, and in a later session.
static void what_is_marked_is_there_at_once(void **state)
{
    struct fixture *f = *state;
    int64_t text = add(f, f->one, 10, "text", T0 + 1), first = add(f, f->one, 4, "first", T0 + 2),
            other = add(f, f->two, 4, "second", T0 + 3);
    assert_int_equal(store_highlight_add(f->s, 999, &(struct highlight){.quote = "x"}), 0);
    assert_int_equal(store_highlight_add(f->s, f->one, &(struct highlight){.quote = ""}), 0);
    store_highlight_set_note(f->s, text, "why?");
    store_highlight_set_colour(f->s, text, HIGHLIGHT_RED);
    for (int round = 0; round < 3; round++) {
        assert_string_equal(told(f, f->one), "first@4 text@10/why?");
        assert_string_equal(told(f, f->two), "second@4");
        assert_string_equal(all(f), "second first text");
        struct highlight h = row(f, text);
        assert_int_equal(h.item, f->one);
        assert_int_equal(h.to, 14);
        assert_int_equal(h.colour, HIGHLIGHT_RED);
        assert_int_equal(h.made, T0 + 1);
        assert_string_equal(h.before, "before ");
        assert_string_equal(h.after, " after");
        assert_string_equal(h.title, "One");
        assert_string_equal(h.feed_title, "Slow Letters");
        assert_string_equal(h.url, "https://example.org/one");
        assert_true(flags(f, f->one) & ITEM_HIGHLIGHTED);
        if (round == 0)
            assert_true(store_flush(f->s, 0, &f->e));
        else
            again(f);
        assert_int_equal(store_pending(f->s), 0);
    }
    store_highlight_set_note(f->s, text, " \n");
    store_highlight_remove(f->s, first);
    store_highlight_remove(f->s, other);
    for (int round = 0; round < 2; round++) {
        assert_string_equal(told(f, f->one), "text@10");
        assert_string_equal(all(f), "text");
        assert_int_equal(row(f, first).id, 0);
        assert_false(flags(f, f->two) & ITEM_HIGHLIGHTED);
        if (round == 0)
            again(f);
    }
    store_highlight_restore(f->s, other);
    for (int round = 0; round < 2; round++) {
        assert_string_equal(all(f), "second text");
        assert_string_equal(told(f, f->two), "second@4");
        again(f);
    }
    store_highlight_remove(f->s, 12345); // what is not there is passed over
    store_highlight_restore(f->s, 12345);
    store_highlight_set_note(f->s, 12345, "x");
    assert_string_equal(all(f), "second text");
    assert_true(store_flush(f->s, 0, &f->e));
    assert_string_equal(all(f), "second text");
}

static void a_bookmark_has_them_too(void **state)
{
    struct fixture *f = *state;
    add(f, f->one, 4, "first", T0 + 1);
    int64_t kept = keep(f, f->one); // not written yet when it is kept
    assert_string_equal(told(f, kept), "first@4");
    int64_t text = add(f, kept, 10, "text", T0 + 2); // made in the bookmark: in the entry as well
    for (int round = 0; round < 2; round++) {
        assert_string_equal(told(f, f->one), "first@4 text@10");
        assert_string_equal(told(f, kept), "first@4 text@10");
        assert_string_equal(all(f), "text first"); // each is one
        assert_true(store_flush(f->s, 0, &f->e));
    }
    assert_int_equal(row(f, text).item, f->one);
    // The feed mends the entry: from here on each has its own places.
    f->u->entries[0].content = "<p>text</p>";
    f->u->entries[0].content_len = 11;
    assert_int_equal(library_apply(f->s, f->feed, f->u, T0 + 10).changed, 1);
    store_highlight_place(f->s, text, f->one, &(struct highlight){.from = 0, .to = 4, .seen = 77});
    struct highlight *h;
    size_t n;
    assert_true(store_highlights(f->s, f->one, f->a, &h, &n, &f->e));
    h[1].gone = true; // "first"
    store_highlight_place(f->s, h[1].id, f->one, &h[1]);
    for (int round = 0; round < 2; round++) {
        assert_string_equal(told(f, f->one), "text@0 first@4!");
        assert_string_equal(told(f, kept), "first@4 text@10");
        assert_true(store_flush(f->s, 0, &f->e));
    }
    assert_int_equal(row(f, h[1].id).item, kept); // rather where its words are
    add(f, f->one, 1, "ex", T0 + 5);
    assert_string_equal(told(f, kept), "first@4 text@10"); // of two texts
    assert_true(store_feed_remove(f->s, f->feed, &f->e));
    assert_string_equal(told(f, kept), "first@4 text@10");
    assert_string_equal(all(f), "ex text first");
    assert_int_equal(row(f, text).item, kept);
}

static void they_outlive_their_essay(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, f->one, 4, "first", T0 + 1), kept = keep(f, f->two);
    int64_t of_kept = add(f, kept, 4, "second", T0 + 2);
    assert_true(store_feed_bin(f->s, f->feed, &f->e));
    assert_int_equal(row(f, id).item, 0);
    assert_string_equal(row(f, id).title, "One");
    assert_string_equal(all(f), "second first");
    assert_true(store_feed_restore(f->s, f->feed, &f->e)); // and are there again with it
    assert_int_equal(row(f, id).item, f->one);
    assert_string_equal(told(f, f->one), "first@4");
    assert_true(store_entries_remove(f->s, &f->one, 1, &f->e));
    assert_true(store_feed_remove(f->s, f->feed, &f->e));
    assert_int_equal(row(f, id).item, 0);
    assert_int_equal(row(f, of_kept).item, kept);
    assert_true(store_bookmark_remove(f->s, kept, &f->e));
    assert_int_equal(row(f, of_kept).item, 0);
    assert_true(store_bookmark_restore(f->s, kept, &f->e));
    assert_int_equal(row(f, of_kept).item, kept);
    assert_string_equal(told(f, kept), "second@4");
}

static void one_that_is_kept_anew_catches_up(void **state)
{
    struct fixture *f = *state;
    int64_t kept = keep(f, f->one);
    assert_true(store_bookmark_remove(f->s, kept, &f->e));
    add(f, f->one, 4, "first", T0 + 1); // while it lay in the bin
    assert_int_equal(keep(f, f->one), kept);
    assert_string_equal(told(f, kept), "first@4");
    assert_true(store_bookmark_remove(f->s, kept, &f->e));
    add(f, f->one, 10, "text", T0 + 2);
    assert_true(store_flush(f->s, 0, &f->e));
    assert_true(store_bookmark_restore(f->s, kept, &f->e));
    assert_string_equal(told(f, kept), "first@4 text@10");
}

static void an_id_that_was_given_comes_back(void **state)
{
    struct fixture *f = *state;
    struct highlight h = {.id = 4711, .quote = "first", .from = 4, .to = 9, .note = "mine"};
    assert_int_equal(store_highlight_add(f->s, f->one, &h), 4711);
    assert_int_not_equal(store_highlight_add(f->s, f->one, &h), 4711);
    // Two Lecterns that cannot see each other give the same id: both stay.
    struct store *other = library_open(f->path, STORE_WRITE);
    h.note = "yours";
    assert_int_equal(store_highlight_add(other, f->two, &h), 4711);
    assert_true(store_flush(f->s, 1000, &f->e));
    store_highlight_set_colour(other, 4711, HIGHLIGHT_BLUE);
    store_close(other);
    assert_string_equal(told(f, f->two), "first@4/yours");
    assert_string_equal(row(f, 4711).note, "mine");
    assert_int_equal(row(f, 4711).colour, HIGHLIGHT_YELLOW);
}

static void hostile_sizes(void **state)
{
    struct fixture *f = *state;
    char *big = mem_alloc(HIGHLIGHT_MOST + 2);
    memset(big, 'x', HIGHLIGHT_MOST + 1);
    assert_int_equal(store_highlight_add(f->s, f->one, &(struct highlight){.quote = big}), 0);
    big[100000] = '\0';
    int64_t id = add(f, f->one, 0, big, T0);
    for (uint32_t i = 0; i < 10000; i++)
        add(f, f->two, 10000 - i, "q", T0 + i);
    assert_true(store_flush(f->s, 10000, &f->e));
    struct highlight *h;
    size_t n;
    assert_true(store_highlights(f->s, f->two, f->a, &h, &n, &f->e));
    assert_int_equal(n, 10000);
    for (size_t i = 1; i < n; i++)
        assert_true(h[i - 1].from < h[i].from);
    assert_int_equal(strlen(row(f, id).quote), 100000);
    store_highlight_set_note(f->s, id, "\033[31mred\n\xff");
    assert_string_equal(row(f, id).note, "[31mred\n\xEF\xBF\xBD");
    free(big);
}

static const char *note(struct fixture *f, int64_t id)
{
    const char *text;
    assert_true(store_note(f->s, id, f->a, &text, &f->e));
    return text ? text : "-";
}

static void a_bookmark_has_a_note(void **state)
{
    struct fixture *f = *state;
    int64_t kept = keep(f, f->one);
    struct item_body b;
    assert_string_equal(note(f, kept), "-");
    store_set_note(f->s, kept, "To be read again\nin winter");
    store_set_place(f->s, kept, 3, 0.5, T0);
    for (int round = 0; round < 3; round++) {
        assert_string_equal(note(f, kept), "To be read again\nin winter");
        assert_string_equal(note(f, f->one), "To be read again\nin winter"); // asked of its entry
        assert_true(store_item(f->s, kept, f->a, &b, &f->e));
        assert_string_equal(b.note, "To be read again\nin winter");
        assert_true(b.row.flags & ITEM_NOTED);
        assert_true(flags(f, f->one) & ITEM_NOTED);
        assert_false(flags(f, f->two) & ITEM_NOTED);
        again(f);
    }
    assert_true(store_bookmark_remove(f->s, kept, &f->e));
    assert_true(store_bookmark_restore(f->s, kept, &f->e));
    assert_string_equal(note(f, kept), "To be read again\nin winter");
    store_set_note(f->s, kept, "");
    assert_string_equal(note(f, kept), "-");
    assert_false(flags(f, kept) & ITEM_NOTED);
    store_set_note(f->s, f->two, "an entry has none");
    assert_true(store_flush(f->s, 0, &f->e));
    assert_string_equal(note(f, f->two), "-");
    assert_string_equal(note(f, kept), "-");
}

static const char *tags(struct fixture *f)
{
    struct tag_row *rows;
    size_t n;
    struct buf out = {0};
    assert_true(store_bookmark_tags(f->s, f->a, &rows, &n, &f->e));
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%s %d", i ? ", " : "", rows[i].tag, (int)rows[i].total);
    const char *said = arena_strdup(f->a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static void many_are_tagged_at_once(void **state)
{
    struct fixture *f = *state;
    int64_t ids[] = {keep(f, f->one), f->two, keep(f, f->two), -99}, *changed;
    size_t n;
    assert_true(store_bookmark_tag(f->s, ids[0], "Later", true, &f->e));
    assert_true(store_bookmarks_tag(f->s, ids, 4, " later ", true, &changed, &n, &f->e));
    assert_int_equal(n, 1); // the other had it, an entry has none, the last is not there
    assert_int_equal(changed[0], ids[2]);
    free(changed);
    assert_true(store_bookmarks_tag(f->s, ids, 4, "sea", true, &changed, &n, &f->e));
    assert_int_equal(n, 2);
    free(changed);
    assert_string_equal(tags(f), "Later 2, sea 2");
    assert_true(store_bookmark_remove(f->s, ids[0], &f->e)); // what lies in the bin counts nowhere
    assert_string_equal(tags(f), "Later 1, sea 1");
    assert_true(store_bookmarks_tag(f->s, ids, 4, "sea", false, &changed, &n, &f->e));
    assert_int_equal(n, 2);
    free(changed);
    assert_true(store_bookmark_restore(f->s, ids[0], &f->e));
    assert_string_equal(tags(f), "Later 2");
    assert_false(store_bookmarks_tag(f->s, ids, 4, " ", true, &changed, &n, &f->e));
}

static size_t moved(struct fixture *f, int64_t *since, int64_t out[8])
{
    int64_t *ids;
    size_t n;
    assert_true(store_flush(f->s, 0, &f->e));
    assert_true(store_bookmarks_changed(f->s, *since, &ids, &n, since, &f->e));
    assert_true(n <= 8);
    memcpy(out, ids, n * sizeof *ids);
    free(ids);
    return n;
}

static void what_changed_can_be_asked(void **state)
{
    struct fixture *f = *state;
    int64_t since = 0, out[8];
    assert_int_equal(moved(f, &since, out), 0);
    int64_t one = keep(f, f->one), two = keep(f, f->two);
    assert_int_equal(moved(f, &since, out), 2);
    assert_int_equal(moved(f, &since, out), 0);
    store_set_place(f->s, one, 3, 0.5, T0); // reading is no change of what it says
    assert_int_equal(moved(f, &since, out), 0);
#define CHANGES(what, which)                    \
    what;                                       \
    assert_int_equal(moved(f, &since, out), 1); \
    assert_int_equal(out[0], which)
    CHANGES(store_set_note(f->s, two, "n"), two);
    CHANGES(store_bookmark_tag(f->s, one, "t", true, &f->e), one);
    CHANGES(store_bookmark_tag(f->s, one, "t", false, &f->e), one);
    CHANGES(int64_t h = add(f, f->one, 4, "first", T0), one); // made in the entry
    CHANGES(store_highlight_set_note(f->s, h, "n"), one);
    CHANGES(store_highlight_set_colour(f->s, h, HIGHLIGHT_GREEN), one);
    CHANGES(store_highlight_remove(f->s, h), one);
    CHANGES(store_highlight_restore(f->s, h), one);
    CHANGES(store_bookmark_remove(f->s, two, &f->e), two);
    CHANGES(store_bookmark_restore(f->s, two, &f->e), two);
    store_set_note(f->s, two, "n"); // as it was
    assert_int_equal(moved(f, &since, out), 0);
    assert_true(store_feed_remove(f->s, f->feed, &f->e));
    assert_int_equal(moved(f, &since, out), 0);
}

// Each thing the child has said to be done is there after it was killed.
static void a_kill_loses_nothing_that_was_told(void **state)
{
    struct fixture *f = *state;
    int64_t kept = keep(f, f->one);
    unsigned seed = 5;
    long told_so_far = 0;
    for (int round = 0; round < 12; round++) {
        int ends[2];
        store_close(f->s);
        f->s = NULL;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct err e = ERR_INIT;
            struct store *s;
            if (!store_open(f->path, STORE_WRITE, &s, &e))
                _exit(2);
            for (long i = told_so_far;; i++) {
                char word[32];
                int64_t *changed;
                size_t n;
                snprintf(word, sizeof word, "w%ld", i);
                struct highlight h = {.quote = word, .note = word, .made = T0 + i};
                if (!store_highlight_add(s, kept, &h))
                    _exit(3);
                store_set_note(s, kept, word);
                if (!store_flush(s, 1000, &e) ||
                    !store_bookmarks_tag(s, &kept, 1, word, true, &changed, &n, &e) || n != 1 ||
                    write(ends[1], &i, sizeof i) != sizeof i)
                    _exit(4);
                free(changed);
            }
        }
        close(ends[1]);
        seed = seed * 1103515245u + 12345u;
        long last = -1;
        for (unsigned n = 1 + (seed >> 16) % 12; n; n--)
            assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
        kill(child, SIGKILL);
        while (read(ends[0], &last, sizeof last) == sizeof last)
            ; // what it said before it died
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(ends[0]);
        f->s = library_open(f->path, STORE_WRITE);
        struct item_body b;
        struct highlight *h;
        size_t n, ntags = 0;
        assert_true(store_highlights(f->s, kept, f->a, &h, &n, &f->e));
        assert_true(store_item(f->s, kept, f->a, &b, &f->e));
        while (b.row.tags[ntags])
            ntags++;
        assert_true((long)n >= last + 1);
        assert_true((long)ntags >= last + 1);
        assert_true(strtol(b.note + 1, NULL, 10) >= last);
        for (size_t i = 0; i < n; i++)
            assert_string_equal(h[i].quote, h[i].note);
        assert_string_equal(b.content, "<p>the first text</p>");
        told_so_far = (long)ntags; // of what was not told, its first half may be there
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_marked_is_there_at_once), T(a_bookmark_has_them_too),
        T(they_outlive_their_essay),        T(one_that_is_kept_anew_catches_up),
        T(an_id_that_was_given_comes_back), T(hostile_sizes),
        T(a_bookmark_has_a_note),           T(many_are_tagged_at_once),
        T(what_changed_can_be_asked),       T(a_kill_loses_nothing_that_was_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
