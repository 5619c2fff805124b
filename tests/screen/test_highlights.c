// Words taken by keys and highlighted, with notes; the list of them; notes and tags of bookmarks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/screen.h"

static struct screen *reading(int cols, int rows)
{
    struct screen *s = screen_open(cols, rows);
    screen_do(s, "search 'slow' <enter> open search 'quiet' <enter> open");
    return s;
}

static void they_look(void **state)
{
    (void)state;
    static const char open[] = "search 'slow' <enter> open open ";
    static const char made[] =
        "search 'slow' <enter> open open `v``)``)``<enter>` `v` `}` `a` 'see the other' <enter> ";
    char *script = mem_printf("%s`v` `)` `v` `w` `w` `w`", open);
    screen_picture("select", script);
    free(script);
    screen_picture("highlighted", made);
    script = mem_printf("%s highlight", made);
    screen_picture("highlight-peek", script);
    free(script);
    script = mem_printf("%s back back highlights", made);
    screen_picture("highlights", script);
    free(script);
}

// Quotes in the order of the text, from the library.
static const char *quotes(struct screen *s, struct arena *a)
{
    int64_t *ids;
    size_t n;
    struct err e = ERR_INIT;
    struct buf out = {0};
    assert_true(store_highlight_ids(s->store, &ids, &n, &e));
    struct highlight *rows = arena_alloc(a, (n + 1) * sizeof *rows);
    assert_true(store_highlight_rows(s->store, ids, n, a, rows, &e));
    for (size_t i = n; i-- > 0;)
        buf_printf(&out, "%s[%s%s%s]", out.len ? " " : "", rows[i].quote, rows[i].note ? "/" : "",
                   rows[i].note ? rows[i].note : "");
    free(ids);
    const char *said = arena_strdup(a, buf_cstr(&out));
    buf_free(&out);
    return said;
}

static void keys_select(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    struct arena *a = arena_new();
    screen_do(s, "`g` `/` 'avvisi' <enter> `v`"); // the cursor begins where a search ended
    screen_says(s, "Sentence");
    screen_do(s, "`v` `e` `y`");
    screen_says(s, "clipboard");
    assert_non_null(strstr(buf_cstr(&s->sent), "YXZ2aXNp")); // "avvisi"
    screen_do(s, "`v` `v` `e` `<enter>`");
    screen_says(s, "Highlighted, yellow");
    const char *one = quotes(s, a);
    assert_non_null(strstr(one, "avvisi"));
    assert_null(strchr(one, ' '));
    screen_do(s, "undo");
    screen_says(s, "No longer highlighted");
    assert_string_equal(quotes(s, a), "");
    // From there to here, either end can be moved; Esc leaves all as it was.
    screen_do(s, "`v` `v` `w` `w` `o` `b` `<enter>`");
    assert_true(strlen(quotes(s, a)) > strlen(one));
    screen_do(s, "`v` `3w` `}` `{` `)` `(` `j` `k` `$` `0` `G` `g` `V` `x`");
    screen_says(s, "Enter highlights");
    screen_do(s, "`<esc>`");
    screen_has_not(s, "Selected");
    arena_free(a);
    screen_close(s);
}

static void they_are_gone_to_and_changed(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    struct arena *a = arena_new();
    screen_do(s, "next-highlight");
    screen_says(s, "Nothing is highlighted");
    screen_do(s, "highlight");
    screen_says(s, "No highlight on this page");
    screen_do(s, "`v` `c` `a` 'first words' <enter> bottom `v` `<enter>` top");
    screen_do(s, "highlight");
    screen_has(s, "first words");
    screen_has(s, "green");
    screen_do(s, "`c`");
    screen_has(s, "blue");
    screen_do(s, "`n` ' and more' <enter> highlight");
    screen_has(s, "first words and more");
    screen_do(s, "`q` undo highlight");
    screen_has_not(s, "and more");
    screen_do(s, "`q` next-highlight next-highlight");
    screen_do(s, "next-highlight");
    screen_says(s, "No highlight further on");
    screen_do(s, "prev-highlight");
    screen_says(s, "first words"); // its note
    screen_do(s, "highlight `D`");
    screen_says(s, "Highlight removed");
    screen_do(s, "undo");
    screen_says(s, "Highlighted again");
    screen_do(s, "highlights");
    screen_has(s, "Highlights of this essay");
    screen_on(s, "blue");
    screen_do(s, "down open");
    screen_has_not(s, "Highlights of this essay");
    screen_do(s, "back back `:highlights<enter>` `/` 'no such words' <enter>");
    screen_says(s, "No highlight has");
    screen_do(s, "top open"); // the newest: at its place in its essay
    screen_has_not(s, "The Quiet Return of the Letter is");
    arena_free(a);
    screen_close(s);
}

// Killed after the message was shown, nothing is lost: it is in the file by then.
static void what_is_told_is_written(void **state)
{
    (void)state;
    struct screen *s = reading(80, 24);
    screen_do(s, "`v` `<enter>`");
    screen_says(s, "Highlighted");
    assert_int_equal(store_pending(s->store), 0);
    struct store *other = library_open(s->path, STORE_READ);
    int64_t n = 0;
    struct err e = ERR_INIT;
    assert_true(store_highlight_count(other, &n, &e));
    assert_int_equal(n, 1);
    store_close(other);
    // While another writes, a key does not wait; the words are there all the same, and later.
    other = library_open(s->path, STORE_WRITE);
    assert_true(store_begin(other, &e));
    screen_do(s, "`v` `)` `<enter>` highlights");
    screen_has(s, "2");
    assert_true(store_pending(s->store) > 0);
    assert_true(store_commit(other, &e));
    store_close(other);
    assert_true(store_flush(s->store, 1000, &e));
    assert_true(store_highlight_count(s->store, &n, &e));
    assert_int_equal(n, 2);
    screen_close(s);
}

static void bookmarks_have_notes_and_tags(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'slow' <enter> open `:note x<enter>`");
    screen_says(s, "Only what is kept has a note");
    screen_do(s, "back search 'bookmarks' <enter> open `e` 'for the winter' <enter>");
    screen_says(s, "Noted");
    screen_do(s, "filter 'has:note' <enter>");
    screen_on(s, "On Being Interrupted");
    screen_do(s, "search-end filter '-has:note' <enter>");
    screen_has(s, "No essay here is like that");
    screen_do(s, "search-end undo");
    screen_says(s, "as it was");
    screen_do(s, "`:tagall later sea<enter>`");
    screen_says(s, "1 bookmark tagged sea");
    screen_do(s, "filter 'tag:later' <enter>");
    screen_on(s, "On Being Interrupted");
    screen_do(s, "search-end undo undo filter 'tag:later' <enter>");
    screen_has(s, "No essay here is like that");
    screen_do(s, "search-end filter 'kept:7d kept-before:today' <enter>");
    screen_on(s, "On Being Interrupted");
    screen_do(s, "search-end `:tagall -essays<enter>`");
    screen_says(s, "without the tag essays");
    screen_do(s, "`:tagall -essays<enter>`");
    screen_says(s, "No bookmark here has the tag");
    screen_do(s, "back search 'unread' <enter> open `:tagall x<enter>`");
    screen_says(s, "in Bookmarks");
    screen_close(s);
}

// Tags lead to shelves of their own below Bookmarks, unless all bookmarks have them.
static void the_shelf_leads_to_them(void **state)
{
    (void)state;
    struct screen *s = screen_open(120, 40);
    screen_has_not(s, "Highlights");
    screen_do(s, "search 'harbour' <enter> open bookmark open `v` `<enter>` back back `g`");
    screen_do(s, "search 'bookmarks' <enter> open `:tag sea<enter>` `e` 'for the winter' <enter>");
    screen_has(s, "sea");
    screen_on(s, "*");
    screen_do(s, "open");
    screen_has(s, "kept 22 November 2026");
    screen_has(s, "note: for the winter");
    screen_do(s, "back back `g` search 'highlights' <enter> open");
    screen_has(s, "Fog");
    screen_do(s, "back `g` search 'sea' <enter> open");
    screen_on(s, "Fog");
    screen_has_not(s, "On Being Interrupted");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_look),
        cmocka_unit_test(keys_select),
        cmocka_unit_test(they_are_gone_to_and_changed),
        cmocka_unit_test(what_is_told_is_written),
        cmocka_unit_test(bookmarks_have_notes_and_tags),
        cmocka_unit_test(the_shelf_leads_to_them),
    };
    return cmocka_run_group_tests_name("highlights", tests, NULL, NULL);
}
