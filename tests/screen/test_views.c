// Every view at every size, and everything a key does, without a terminal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "../support/library.h"
#include "../support/screen.h"

// To the feed of that name, and into it.
static void into(struct screen *s, const char *feed)
{
    char *script = mem_printf("search '%s' <enter> open", feed);
    screen_do(s, script);
    free(script);
}

static int64_t unread_of(struct screen *s, int64_t feed)
{
    struct arena *a = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    assert_true(store_feed(s->store, feed, a, &f, &e));
    int64_t n = f.unread;
    arena_free(a);
    return n;
}

// ---- pictures ----

static void lists_look(void **state)
{
    (void)state;
    screen_picture("shelf", "");
    screen_picture("contents", "search 'slow' <enter> open idle");
    screen_picture("contents-all", "bottom search 'all' <enter> open idle");
    screen_picture("bookmarks", "search 'bookmarks' <enter> open idle");
    screen_picture("links", "search 'slow' <enter> open open links");
    screen_picture("feed", "search 'slow' <enter> feed");
    screen_picture("messages", "search 'slow' <enter> open bookmark mark-all-read undo messages");
}

static void first_run_looks(void **state)
{
    (void)state;
    setenv("HOME", "/nowhere", 1); // whoever runs this may have another reader
    unsetenv("XDG_CONFIG_HOME");
    for (size_t i = 0; i < SCREEN_SIZES; i++) {
        struct screen *s = screen_open_empty(screen_sizes[i].cols, screen_sizes[i].rows);
        screen_golden(s, "first-run");
        screen_close(s);
    }
}

static void essays_look(void **state)
{
    (void)state;
    screen_picture("essay", "search 'slow' <enter> open open");
    screen_picture("essay-page2", "search 'slow' <enter> open open page-down");
    screen_picture("essay-end", "search 'slow' <enter> open open bottom");
    screen_picture("note", "search 'slow' <enter> open open search 'any one man' <enter> note");
    screen_picture("search", "search 'slow' <enter> open open search 'letter' <enter> search-next");
}

static void help_looks(void **state)
{
    (void)state;
    screen_picture("help-shelf", "help");
    screen_picture("help-essay", "search 'slow' <enter> open open help");
}

static void handoff_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCREEN_SIZES; i++) {
        struct screen *s = screen_open(screen_sizes[i].cols, screen_sizes[i].rows);
        setenv("SSH_CONNECTION", "1 2 3 4", 1);
        screen_do(s, "search 'slow' <enter> open open audio");
        screen_golden(s, "handoff");
        screen_close(s);
    }
}

static void is_ascii(struct screen *s)
{
    for (const char *p = screen_text(s); *p; p++)
        assert_true((unsigned char)*p < 0x80);
}

static void ascii_looks(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_ascii(s);
    is_ascii(s);
    screen_do(s, "bottom search 'all' <enter> open idle");
    screen_golden(s, "ascii-contents");
    is_ascii(s);
    screen_do(s, "back");
    into(s, "slow");
    screen_do(s, "open");
    screen_golden(s, "ascii-essay");
    is_ascii(s);
    screen_close(s);
}

static void prompts_look(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'harbour'");
    screen_golden(s, "prompt");
    screen_do(s, "<enter> remove");
    screen_golden(s, "question");
    screen_close(s);
}

// ---- reading ----

static void opening_marks_read_and_undo_takes_it_back(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    assert_int_equal(unread_of(s, 1), 2);
    into(s, "slow");
    screen_do(s, "3*down up bottom top down up page-down page-up");
    assert_int_equal(unread_of(s, 1), 2); // no cursor marks anything
    screen_do(s, "top open");
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "page-down back open back"); // once, however often
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "undo");
    assert_int_equal(unread_of(s, 1), 2);
    screen_says(s, "Unread again: The Quiet Return of the Letter");
    screen_do(s, "undo");
    screen_says(s, "Nothing left to undo");
    screen_close(s);
}

static void undo_has_many_levels(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "toggle-read down toggle-read");
    assert_int_equal(unread_of(s, 1), 0);
    screen_do(s, "toggle-read");
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "mark-all-read back");
    assert_int_equal(unread_of(s, 1), 0);
    screen_do(s, "undo");
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "undo");
    assert_int_equal(unread_of(s, 1), 0);
    screen_do(s, "undo undo");
    assert_int_equal(unread_of(s, 1), 2);
    screen_close(s);
}

static void mark_all_is_the_listed_ones(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "idle");
    screen_new_essay(s, 1, "Came In Meanwhile", SCREEN_NOW - 60);
    screen_do(s, "mark-all-read"); // not seen yet, so not meant
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "undo");
    assert_int_equal(unread_of(s, 1), 3);
    screen_close(s);
}

static void new_essays_do_not_move_the_line(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    int row, col, row_after, col_after;
    into(s, "slow");
    screen_do(s, "idle 2*down");
    screen_on(s, "On Being Interrupted");
    screen_size(s, 80, 6); // few enough rows for the list to scroll
    canvas_cursor_at(s->canvas, &row, &col);
    screen_new_essay(s, 1, "Came In Meanwhile", SCREEN_NOW - 60);
    screen_do(s, "idle");
    screen_on(s, "On Being Interrupted");
    canvas_cursor_at(s->canvas, &row_after, &col_after);
    assert_int_equal(row, row_after);
    screen_do(s, "top");
    screen_on(s, "Came In Meanwhile");
    screen_close(s);
}

static void unread_lists_keep_what_was_just_read(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'unread' <enter> open idle");
    screen_on(s, "Fog, and What It Hides");
    screen_do(s, "open back");
    screen_on(s, "Fog, and What It Hides");
    screen_new_essay(s, 1, "Came In Meanwhile", SCREEN_NOW - 60);
    screen_do(s, "idle");
    screen_on(s, "Fog, and What It Hides");
    screen_has(s, "Came In Meanwhile");
    screen_do(s, "back open idle");
    screen_has_not(s, "Fog, and What It Hides");
    screen_close(s);
}

static void next_unread_goes_through_the_issue(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "open bottom");
    screen_says(s, "End · n next: What a Margin Is For");
    screen_do(s, "next-unread");
    screen_has(s, "Room for the thumb");
    screen_do(s, "next-unread");
    screen_says(s, "No unread essay further down this list");
    screen_do(s, "next-essay");
    assert_string_equal(ui_terminal_title(s->ui), "On Being Interrupted");
    screen_do(s, "back");
    screen_on(s, "On Being Interrupted");
    screen_do(s, "back");
    assert_string_equal(ui_terminal_title(s->ui), "Lectern");
    screen_close(s);
}

static void unread_only_leaves_out_what_is_read(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "unread-only");
    screen_has_not(s, "Field Notes");
    screen_has(s, "Compiler Weekly");
    screen_do(s, "unread-only");
    screen_has(s, "Field Notes");
    into(s, "slow");
    screen_do(s, "unread-only");
    screen_has_not(s, "On Being Interrupted");
    screen_has(s, "What a Margin Is For");
    screen_do(s, "unread-only idle");
    screen_has(s, "On Being Interrupted");
    screen_close(s);
}

static void two_keys_lead_to_something_to_read(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_on(s, "Continue reading");
    screen_do(s, "open open bottom idle back back");
    screen_again(s, STORE_READER); // nothing is half-read any more
    screen_on(s, "Unread");
    screen_do(s, "open open");
    screen_has(s, "That is all.");
    screen_close(s);
}

// ---- the place ----

// The first words of the text on the page.
static void first_words(struct screen *s, char out[17])
{
    const char *text = screen_text(s);
    while (*text == ' ' || *text == '\n')
        text++;
    snprintf(out, 17, "%.16s", text);
}

static void place_survives_width_and_reopening(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    char before[17], after[17];
    into(s, "slow");
    screen_do(s, "open page-down");
    first_words(s, before);
    screen_size(s, 200, 60);
    screen_size(s, 40, 12);
    screen_size(s, 1, 1);
    screen_size(s, 33, 9);
    screen_size(s, 80, 24);
    first_words(s, after);
    assert_string_equal(before, after);
    screen_again(s, STORE_READER); // ui_free saves
    screen_do(s, "top open open"); // continue reading
    assert_string_equal(ui_terminal_title(s->ui), "The Quiet Return of the Letter");
    first_words(s, after);
    assert_string_equal(before, after);
    screen_do(s, "back back");
    into(s, "slow");
    screen_do(s, "open narrower narrower wider wider");
    first_words(s, after);
    assert_string_equal(before, after);
    screen_do(s, "narrower justify indent wider indent justify");
    first_words(s, after);
    assert_string_equal(before, after);
    screen_close(s);
}

// What a line can be is said where it can be no more, and what a key changed is changed back by it.
static void lines_are_set_by_keys(void **state)
{
    (void)state;
    struct screen *s = screen_open(120, 30);
    into(s, "slow");
    screen_do(s, "open");
    char *before = mem_strdup(screen_text(s));
    screen_do(s, "wider");
    assert_non_null(strstr(screen_row(s, -1), "Lines of 72 columns"));
    screen_do(s, "9*wider");
    assert_non_null(strstr(screen_row(s, -1), "Lines of 100 columns, the longest"));
    screen_size(s, 80, 30);
    screen_do(s, "wider");
    assert_non_null(
        strstr(screen_row(s, -1), "Lines of 72 columns: the screen has no room for more"));
    screen_do(s, "narrower");
    assert_non_null(strstr(screen_row(s, -1), "Lines of 68 columns"));
    screen_do(s, "9*narrower");
    assert_non_null(strstr(screen_row(s, -1), "Lines of 40 columns, the shortest"));
    screen_size(s, 40, 30);
    screen_do(s, "narrower");
    assert_non_null(strstr(screen_row(s, -1), "Lines of 36 columns, the shortest"));
    screen_size(s, 120, 30);
    screen_do(s, "7*wider");
    screen_do(s, "justify");
    assert_non_null(strstr(screen_row(s, -1), "Both margins even"));
    screen_do(s, "indent");
    assert_non_null(strstr(screen_row(s, -1), "Indents between paragraphs"));
    screen_do(s, "justify");
    assert_non_null(strstr(screen_row(s, -1), "The right margin ragged"));
    screen_do(s, "indent");
    screen_do(s, "down up top");
    assert_string_equal(screen_text(s), before);
    free(before);
    screen_close(s);
}

static void place_is_written_when_keys_rest(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct err e = ERR_INIT;
    struct store *other;
    struct item_row r;
    struct shelf slow = {SHELF_FEED, 1, NULL};
    int64_t *ids;
    size_t n;
    into(s, "slow");
    screen_do(s, "open page-down idle");
    assert_true(store_open(s->path, STORE_READ, &other, &e)); // as after a kill
    assert_true(store_ids(other, &slow, false, SCREEN_NOW, 1, &ids, &n, &e));
    struct arena *a = arena_new();
    assert_true(store_rows(other, ids, 1, a, &r, &e));
    assert_true(r.place > 0);
    assert_true(r.flags & ITEM_STARTED);
    assert_true(r.progress > 0.1 && r.progress < 0.99);
    arena_free(a);
    free(ids);
    store_close(other);
    screen_close(s);
}

static void what_was_only_looked_at_is_not_begun(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "open idle back back top open idle");
    screen_has_not(s, "The Quiet Return of the Letter");
    screen_has(s, "On Being Interrupted");
    screen_close(s);
}

static void pages_are_counted(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "open");
    screen_says(s, " 1/");
    screen_says(s, "min left");
    screen_do(s, "2*bottom");
    screen_says(s, " 2/");
    screen_do(s, "9*page-down");
    screen_says(s, "End");
    screen_do(s, "top next-heading");
    screen_says(s, "What the post carried");
    screen_do(s, "prev-heading");
    screen_says(s, "The Quiet Return of the Letter");
    screen_do(s, "down half-down half-up up");
    screen_says(s, " 1/");
    screen_close(s);
}

static void summaries_say_where_the_rest_is(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "bottom open");
    screen_has(s, "a woman sorts the mail");
    screen_has(s, "The feed brings only this summary");
    screen_has(s, "https://letters.example/p/1-5");
    screen_close(s);
}

// ---- bookmarks ----

static void bookmarks_are_kept_and_let_go(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "open bookmark");
    screen_says(s, "Kept for good: The Quiet Return of the Letter");
    screen_do(s, "bookmark");
    screen_says(s, "Kept since 22 November 2026");
    screen_do(s, "undo");
    screen_says(s, "No longer kept");
    screen_do(s, "bookmark back back search 'bookmarks' <enter> open idle");
    screen_has(s, "2 essays");
    screen_on(s, "The Quiet Return");
    screen_do(s, "bookmark");
    screen_says(s, "Let go: The Quiet Return of the Letter");
    screen_do(s, "idle down");
    screen_has_not(s, "The Quiet Return");
    screen_do(s, "undo top");
    screen_on(s, "The Quiet Return");
    screen_close(s);
}

static void bookmarks_outlive_their_feed(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "bookmark back remove");
    screen_says(s, "Remove Slow Letters and its 6 essays?");
    screen_do(s, "'n'");
    screen_on(s, "Slow Letters");
    screen_do(s, "remove 'y'");
    screen_says(s, "Slow Letters is gone");
    screen_do(s, "search 'bookmarks' <enter> open open");
    screen_has(s, "In the winter of 1690");
    screen_do(s, "page-down back back undo");
    screen_says(s, "Slow Letters is on the shelf again");
    screen_do(s, "search 'slow' <enter> open");
    screen_has(s, "6 essays, 2 new"); // what was read, kept and begun is so again
    screen_do(s, "open bookmark");
    screen_says(s, "Kept since 22 November 2026");
    screen_close(s);
}

// ---- audio, addresses ----

static const char podcast[] = "https://api.letters.example/feed/podcast/168/0f3c.mp3";

static void audio_plays_here(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "audio");
    screen_says(s, "Playing in mpv: The Quiet Return of the Letter");
    assert_string_equal(buf_cstr(&s->played),
                        "https://api.letters.example/feed/podcast/168/0f3c.mp3\n");
    screen_do(s, "down audio"); // has an image only
    screen_says(s, "This essay has no audio");
    screen_do(s, "2*down audio"); // has two
    screen_has(s, "1  a.mp3");
    screen_has(s, "2  The talk");
    screen_do(s, "'2'");
    assert_non_null(strstr(s->played.data, "https://letters.example/talk.ogg\n"));
    assert_false(ui_prompting(s->ui));
    screen_close(s);
}

static void audio_travels_over_ssh(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    setenv("SSH_CONNECTION", "1 2 3 4", 1);
    into(s, "slow");
    screen_do(s, "open audio");
    assert_string_equal(buf_cstr(&s->played), "");
    screen_has(s, podcast);
    assert_int_equal(strncmp(buf_cstr(&s->sent), "\x1b]52;c;", 7), 0);
    buf_clear(&s->sent);
    screen_do(s, "'c'");
    assert_int_equal(strncmp(buf_cstr(&s->sent), "\x1b]52;c;", 7), 0);
    screen_do(s, "'p'");
    assert_non_null(strstr(buf_cstr(&s->played), podcast));
    assert_false(ui_prompting(s->ui));
    unsetenv("SSH_CONNECTION");
    s->no_player = true; // nor a panel key that would need one
    screen_do(s, "audio");
    screen_has(s, podcast);
    screen_has(s, "No player was found");
    screen_do(s, "<esc>");
    assert_false(ui_prompting(s->ui));
    screen_size(s, 30, 12);
    screen_do(
        s, "audio"); // the address goes on from edge to edge, so that it can be picked up by hand
    screen_has(s, "\nhttps://api.letters.example/fe\ned/podcast/168/0f3c.mp3\n");
    screen_close(s);
}

static void addresses_open_and_copy(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "browser");
    assert_string_equal(buf_cstr(&s->browsed), "https://letters.example/p/1-0\n");
    screen_do(s, "copy");
    assert_true(s->sent.len > 0);
    screen_do(s, "open links");
    screen_on(s, "avvisi");
    screen_do(s, "open");
    assert_non_null(strstr(s->browsed.data, "https://letters.example/avvisi\n"));
    screen_close(s);
}

// ---- searching ----

static void search_goes_round(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    into(s, "slow");
    screen_do(s, "open search 'never written here' <enter>");
    screen_says(s, "Not in this essay: never written here");
    screen_do(s, "search 'carried' <enter>");
    screen_says(s, "carried: 1 of 1");
    screen_do(s, "search 'Rialto, thought' <enter>");
    screen_says(s, "Rialto, thought: 1 of 1");
    screen_do(s, "top search 'dunton' <enter>");
    screen_says(s, "dunton: 1 of 3");
    screen_do(s, "next-unread"); // n is the next match while a search is on
    screen_says(s, "dunton: 2 of 3");
    screen_do(s, "search-prev search-prev");
    screen_says(s, "dunton: 3 of 3");
    screen_do(s, "search-end");
    screen_do(s, "next-unread");
    assert_string_equal(ui_terminal_title(s->ui), "What a Margin Is For");
    screen_close(s);
}

static void search_finds_titles(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "bottom search 'all' <enter> open search 'issue 913' <enter>");
    screen_on(s, "Issue 913");
    screen_do(s, "search 'footnote' <enter>");
    screen_on(s, "A Short History of the");
    screen_do(s, "search 'cafe' <enter>");
    screen_says(s, "No title here has");
    screen_do(s, "search 'na\u00efve' <enter>");
    screen_on(s, "Na\u00efve");
    screen_close(s);
}

// ---- the worker ----

static void older_essays_come_quietly(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct client_event ev = {.kind = CLIENT_OLDER, .feed = 1, .added = 12, .changed = 1420070400};
    ui_event(s->ui, &ev);
    screen_has(s, "12 older, back to 2015");
    ev = (struct client_event){.kind = CLIENT_OLDER_END, .feed = 1, .added = 14, .more = true};
    strcpy(ev.text, "14 older essays");
    ui_event(s->ui, &ev);
    screen_has_not(s, "back to 2015");
    screen_has(s, "14 older essays; there is more, O goes on");
    ev = (struct client_event){.kind = CLIENT_OLDER_ERR, .feed = 1, .added = 2, .text = "HTTP 500"};
    ui_event(s->ui, &ev);
    screen_has(s, "HTTP 500; 2 older essays came before that, and O goes on");
    screen_do(s, "search 'harbour' <enter> open older");
    screen_has(s, "Nothing can be fetched here");
    screen_close(s);
}

static void events_are_told_in_words(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct client_event ev = {.kind = CLIENT_BEGIN, .total = 3};
    screen_do(s, "search 'compiler' <enter>");
    ui_event(s->ui, &ev);
    screen_has(s, "fetching 0/3");
    ev = (struct client_event){.kind = CLIENT_OK, .feed = 1, .added = 2};
    ui_event(s->ui, &ev);
    ev = (struct client_event){.kind = CLIENT_ERR, .feed = 2, .text = "no answer for 30 s"};
    ui_event(s->ui, &ev);
    screen_has(s, "fetching 2/3");
    ev = (struct client_event){.kind = CLIENT_SAME, .feed = 4};
    ui_event(s->ui, &ev);
    ev = (struct client_event){.kind = CLIENT_END, .added = 2, .failed = 1};
    ui_event(s->ui, &ev);
    screen_has_not(s, "fetching");
    screen_has(s, "2 new essays; one feed could not be fetched");
    screen_on(s, "Compiler Weekly");
    screen_do(s, "messages");
    screen_has(s, "The Harbour Post: no answer for 30 s");
    screen_has(s, "Slow Letters: 2 new essays");
    screen_close(s);
}

static void a_feed_has_a_page(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'harbour' <enter> feed");
    screen_has(s, "Address");
    screen_has(s, "Last tried");
    screen_do(s, "back");
    screen_on(s, "The Harbour Post");
    screen_do(s, "open feed");
    screen_has(s, "Last good");
    screen_do(s, "back back top feed"); // a shelf of the library's own
    screen_has(s, "There is no feed under the cursor");
    screen_close(s);
}

static void first_run_leads_to_the_first_essay(void **state)
{
    (void)state;
    struct screen *s = screen_open_empty(80, 24);
    struct err e = ERR_INIT;
    int64_t id;
    bool existed;
    struct store *other;
    screen_has(s, "look at the sample newsletter");
    screen_do(s, "down open up"); // nothing there to move on
    screen_do(s, "sample");
    screen_says(s, "Nothing can be fetched here"); // this test has no worker
    assert_true(store_open(s->path, STORE_WRITE, &other, &e));
    assert_true(store_feed_add(other, "lectern:sample", NULL, &id, &existed, &e));
    store_close(other);
    screen_new_essay(s, id, "How to Read This", SCREEN_NOW - 60);
    struct client_event ev = {.kind = CLIENT_ADDED, .feed = id, .added = 1, .text = "Lectern"};
    screen_do(s, "sample");
    ui_event(s->ui, &ev);
    screen_do(s, "idle open open");
    assert_string_equal(ui_terminal_title(s->ui), "How to Read This");
    screen_has(s, "Just arrived.");
    screen_close(s);
}

static void first_run_offers_what_another_reader_has(void **state)
{
    (void)state;
    struct screen *s = screen_open_empty(80, 24);
    char *home = mem_printf("%s.home", s->path), *dir = path_join(home, ".newsboat");
    char *urls = path_join(dir, "urls");
    struct err e = ERR_INIT;
    assert_true(path_make_dir(dir, &e));
    assert_true(buf_write_file(urls, "https://a.example\n", 18, 0600, &e));
    screen_close(s);
    setenv("HOME", home, 1);
    s = screen_open_empty(80, 24);
    screen_has(s, "bring all that newsboat has, from ~/.newsboat");
    screen_do(s, "import");
    screen_says(s, "Nothing can be fetched here"); // this test has no worker
    screen_close(s);
    setenv("HOME", "/nowhere", 1);
    unlink(urls);
    rmdir(dir);
    rmdir(home);
    free(urls);
    free(dir);
    free(home);
}

static void a_library_that_can_only_be_read_says_so(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_again(s, STORE_READ);
    screen_says(s, "can only be read");
    into(s, "slow");
    screen_do(s, "bookmark");
    screen_says(s, "can only be read");
    screen_do(s, "open page-down idle back");
    assert_int_equal(unread_of(s, 1), 2);
    screen_close(s);
}

// What is wrong stays to be read; that a fetch brought nothing is no news.
static void errors_outlast_nothing_new(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct client_event end = {.kind = CLIENT_END};
    ui_message(s->ui, true, "config:2: there is no action 'donw': did you mean 'down'?");
    ui_event(s->ui, &end);
    screen_says(s, "there is no action 'donw'");
    end.added = 1;
    ui_event(s->ui, &end);
    screen_says(s, "1 new essay");
    end.added = 0;
    ui_event(s->ui, &end);
    screen_says(s, "Nothing new");
    screen_do(s, "messages");
    screen_has(s, "there is no action 'donw'");
    screen_close(s);
}

static void messages_pass(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    ui_message(s->ui, true,
               "Harbour Post: no answer for 30 s, and none for the thirty before; the next try is "
               "at 09:10 (r tries now)");
    screen_has(s, "(r tries now)"); // the end of it, too
    screen_later(60);
    screen_do(s, "idle");
    screen_has_not(s, "Harbour Post: no answer");
    screen_close(s);
}

static void a_feed_that_fails_says_why_where_its_essays_would_be(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct err e = ERR_INIT;
    int64_t feed = library_feed(s->store, "https://gone.example/feed");
    assert_true(store_feed_rename(s->store, feed, "The Lost Page", &e));
    screen_again(s, STORE_READER);
    screen_do(s, "search 'lost page' <enter> open");
    screen_has(s, "Not fetched yet. r fetches it now.");
    struct fetch_outcome o = {.when = SCREEN_NOW,
                              .http_status = 404,
                              .error = "the server says there is nothing at this address (404)",
                              .next_due = SCREEN_NOW + 3600};
    assert_true(store_apply(s->store, feed, NULL, &o, NULL, &e));
    ui_event(s->ui, &(struct client_event){.kind = CLIENT_ERR, .feed = feed, .text = "nothing"});
    screen_has(s, "The server says there is nothing at this address (404). Look on its site");
    screen_has(s, "for a new address, then `lectern move`. Next try 09:15; r tries now.");
    screen_has(s, "failing");
    screen_size(s, 20, 5);
    screen_has(s, "The server says");
    screen_close(s);
}

// A search in a long list takes turns with the keys.
static void idle_to_the_end(struct screen *s)
{
    for (int i = 0; i == 0 || ui_busy(s->ui); i++) {
        assert_true(i < 20);
        screen_do(s, "idle");
    }
}

static void a_long_list_is_searched_in_steps(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct feed_update *u = update_new("Slow Letters", 6000);
    for (int i = 0; i < 6000; i++) {
        char guid[24], title[24];
        snprintf(guid, sizeof guid, "old-%d", i);
        snprintf(title, sizeof title, "Number %d of old", i);
        update_add(u, guid, title, 1000000000 - i, "");
    }
    library_apply(s->store, 1, u, SCREEN_NOW);
    update_free(u);
    screen_do(s, "idle search 'slow' <enter> open");
    idle_to_the_end(s);
    screen_do(s, "search 'number 5998' <enter>");
    screen_on(s, "The Quiet Return");
    idle_to_the_end(s);
    screen_on(s, "Number 5998");
    screen_do(s, "top search 'number 5997' <enter> down idle"); // a key ends it
    screen_on(s, "What a Margin Is For");
    assert_false(ui_busy(s->ui));
    screen_do(s, "top search 'nowhere' <enter>");
    idle_to_the_end(s);
    screen_says(s, "No title here has");
    screen_do(s, "bottom search 'number' <enter>");
    screen_on(s, "Number 5999");
    screen_do(s, "search-prev");
    screen_on(s, "Number 5998");
    screen_do(s, "top search-prev");
    screen_on(s, "Number 5999");
    screen_close(s);
}

// The first keys stand in the last line for a week, or as long as is wanted.
static void the_legend_goes_away_by_itself(void **state)
{
    (void)state;
    enum { DAY = 24 * 3600 };
    struct screen *s = screen_open(80, 24);
    screen_do(s, "idle");
    screen_says(s, "? help");
    screen_later(6 * DAY);
    screen_again(s, STORE_READER);
    screen_says(s, "? help");
    screen_later(DAY);
    screen_do(s, "idle down");
    assert_null(strstr(screen_row(s, -1), "help"));
    screen_again(s, STORE_READER);
    assert_null(strstr(screen_row(s, -1), "help"));
    screen_do(s, "command 'set legend yes' <enter> top");
    screen_says(s, "? help");
    screen_close(s);
    s = screen_configured(80, 24, "legend no\n");
    assert_null(strstr(screen_row(s, -1), "help"));
    screen_do(s, "idle");
    screen_close(s);
    s = screen_open_empty(80, 24); // who has nothing yet needs them
    screen_do(s, "command 'set legend no' <enter> down");
    screen_says(s, "? help");
    screen_close(s);
}

static void an_import_says_what_came_of_it(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "import"); // there is no worker in these tests
    screen_says(s, "Nothing can be fetched here");
    struct client_event ev = {.kind = CLIENT_IMPORTED, .added = 5, .changed = 2, .failed = 1};
    ui_event(s->ui, &(struct client_event){.kind = CLIENT_NOTE, .text = "line 3 was not taken"});
    ui_event(s->ui, &ev);
    screen_says(s, "5 feeds added; 2 on the shelf already; 1 not taken (E says why)");
    screen_do(s, "messages");
    screen_has(s, "line 3 was not taken");
    ui_event(s->ui, &(struct client_event){.kind = CLIENT_IMPORTED});
    screen_says(s, "Nothing was added");
    screen_close(s);
}

// ---- sizes ----

static void no_size_does_damage(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "",
        "open",
        "bottom search 'all' <enter> open",
        "search 'slow' <enter> open open",
        "search 'slow' <enter> open open bottom",
        "search 'slow' <enter> open open links",
        "help",
        "search 'slow' <enter> open bookmark messages",
        "search 'slow' <enter> open open search 'dunton asked' <enter> note",
        "import",
        "search 'slow' <enter> open 3*down audio",
    };
    static const int widths[] = {1, 2, 3, 7, 19, 25, 26, 31, 39, 59, 71, 103, 300},
                     heights[] = {1, 2, 3, 4, 8, 15, 60};
    for (size_t k = 0; k < sizeof scripts / sizeof *scripts; k++) {
        struct screen *s = screen_open(80, 24);
        screen_do(s, scripts[k]);
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            for (size_t h = 0; h < sizeof heights / sizeof *heights; h++) {
                int row, col;
                screen_size(s, widths[w], heights[h]);
                canvas_cursor_at(s->canvas, &row, &col);
                assert_in_range(row, 0, heights[h] - 1);
                assert_in_range(col, 0, widths[w] - 1);
            }
        screen_close(s);
    }
}

// Whatever is pressed, at whatever size, while essays come in: no damage, and the library is right
// at the end.
static void any_keys_at_any_size(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    const char *wanted = getenv("LECTERN_SOAK"); // how many; a night's worth for those who want it
    uint32_t seed = 20261122;
    int times = wanted ? atoi(wanted) : 4000;
    for (int i = 0; i < times; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t dice = seed >> 8;
        if (dice % 23 == 0)
            screen_size(s, 1 + (int)(dice / 23 % 120), 1 + (int)(dice / 3001 % 40));
        else if (dice % 97 == 0)
            screen_new_essay(s, 1 + dice / 97 % 2, "Came In Meanwhile", SCREEN_NOW - i);
        else if (ui_prompting(s->ui))
            ui_key(s->ui, dice % 5 == 0   ? KEYS_ENTER
                          : dice % 7 == 0 ? KEYS_ESCAPE
                                          : (int)('a' + dice / 7 % 26));
        else
            ui_act(s->ui, (enum action)(dice % ACT_COUNT),
                   dice % 11 == 0 ? (int)(dice / 11 % 50) : 0);
        if (dice % 13 == 0)
            ui_idle(s->ui);
        screen_text(s);
    }
    struct shelf_counts n;
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct feed_rows feeds;
    int64_t unread = 0, total = 0;
    assert_true(store_counts(s->store, SCREEN_NOW, &n, &e));
    assert_true(store_feeds(s->store, a, &feeds, &e));
    for (size_t i = 0; i < feeds.n; i++)
        unread += feeds.items[i].unread, total += feeds.items[i].total;
    assert_int_equal(n.unread, unread);
    assert_int_equal(n.total, total);
    arena_free(a);
    screen_close(s);
}

static void the_current_line_is_seen_at_twenty_by_five(void **state)
{
    (void)state;
    struct screen *s = screen_open(20, 5);
    screen_do(s, "search 'compiler' <enter>");
    screen_on(s, "Compiler");
    screen_do(s, "open 17*down");
    screen_on(s, "Issue 934");
    screen_do(s, "bottom");
    screen_on(s, "Issue 912");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_look),
        cmocka_unit_test(first_run_looks),
        cmocka_unit_test(essays_look),
        cmocka_unit_test(help_looks),
        cmocka_unit_test(handoff_looks),
        cmocka_unit_test(ascii_looks),
        cmocka_unit_test(prompts_look),
        cmocka_unit_test(opening_marks_read_and_undo_takes_it_back),
        cmocka_unit_test(undo_has_many_levels),
        cmocka_unit_test(mark_all_is_the_listed_ones),
        cmocka_unit_test(new_essays_do_not_move_the_line),
        cmocka_unit_test(unread_lists_keep_what_was_just_read),
        cmocka_unit_test(next_unread_goes_through_the_issue),
        cmocka_unit_test(unread_only_leaves_out_what_is_read),
        cmocka_unit_test(two_keys_lead_to_something_to_read),
        cmocka_unit_test(place_survives_width_and_reopening),
        cmocka_unit_test(lines_are_set_by_keys),
        cmocka_unit_test(place_is_written_when_keys_rest),
        cmocka_unit_test(what_was_only_looked_at_is_not_begun),
        cmocka_unit_test(pages_are_counted),
        cmocka_unit_test(summaries_say_where_the_rest_is),
        cmocka_unit_test(bookmarks_are_kept_and_let_go),
        cmocka_unit_test(bookmarks_outlive_their_feed),
        cmocka_unit_test(audio_plays_here),
        cmocka_unit_test(audio_travels_over_ssh),
        cmocka_unit_test(addresses_open_and_copy),
        cmocka_unit_test(search_goes_round),
        cmocka_unit_test(search_finds_titles),
        cmocka_unit_test(events_are_told_in_words),
        cmocka_unit_test(older_essays_come_quietly),
        cmocka_unit_test(first_run_leads_to_the_first_essay),
        cmocka_unit_test(first_run_offers_what_another_reader_has),
        cmocka_unit_test(a_library_that_can_only_be_read_says_so),
        cmocka_unit_test(errors_outlast_nothing_new),
        cmocka_unit_test(messages_pass),
        cmocka_unit_test(a_feed_has_a_page),
        cmocka_unit_test(a_feed_that_fails_says_why_where_its_essays_would_be),
        cmocka_unit_test(a_long_list_is_searched_in_steps),
        cmocka_unit_test(an_import_says_what_came_of_it),
        cmocka_unit_test(the_legend_goes_away_by_itself),
        cmocka_unit_test(no_size_does_damage),
        cmocka_unit_test(any_keys_at_any_size),
        cmocka_unit_test(the_current_line_is_seen_at_twenty_by_five),
    };
    return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
