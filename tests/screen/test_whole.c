// An essay and its page: asked for, come, looked at, one key apart, and kept in its place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/client.h"
#include "lectern/narration.h"
#include "lectern/whole.h"
#include "ui/view.h"
#include "../support/library.h"
#include "../support/screen.h"

static int64_t open_one(struct screen *s)
{
    screen_do(s, "search 'harbour' <enter> open open");
    return ui_hand(s->ui).item;
}

static void put(struct screen *s, int64_t id, bool paywalled)
{
    static const char html[] =
        "<p>This is the article of the page, and its first paragraph.</p>"
        "<h2>A heading of the page</h2><p>The second paragraph of the page.</p>";
    const struct whole w = {.content = html,
                            .content_len = sizeof html - 1,
                            .url = "https://harbour.example/p",
                            .words = 600,
                            .paywalled = paywalled,
                            .why = paywalled ? "the page says that it is not free to read" : NULL,
                            .fetched = 1};
    struct err e = ERR_INIT;
    if (!store_whole_put(s->store, id, &w, &e))
        fail_msg("%s", e.msg);
}

static void came(struct screen *s, int64_t id, const char *why, bool unasked)
{
    struct client_event ev = {.kind = CLIENT_PAGE, .item = id, .existed = unasked};
    strcpy(ev.text, why);
    ui_event(s->ui, &ev);
}

static void page_and_feed_are_one_key_apart(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    int64_t id = open_one(s);
    screen_do(s, "whole"); // there is no fetcher in this test
    screen_says(s, "Nothing can be fetched here");
    put(s, id, false);
    came(s, id, "", true); // nobody asked: nothing moves
    assert_null(strstr(screen_text(s), "article of the page"));
    came(s, id, "", false);
    screen_has(s, "This is the article of the page");
    screen_has(s, "from its page");
    screen_do(s, "whole");
    assert_null(strstr(screen_text(s), "article of the page"));
    screen_says(s, "What the feed sent");
    screen_do(s, "back open"); // it stays as it was left
    assert_null(strstr(screen_text(s), "article of the page"));
    screen_do(s, "whole source");
    assert_null(strstr(screen_text(s), "article of the page")); // the source is the feed's
    screen_do(s, "back next-heading");
    screen_has(s, "A heading of the page");
    screen_again(s, STORE_READER);
    open_one(s);
    screen_has(s, "A heading of the page");
    screen_close(s);
}

static void what_is_not_free_is_told(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    int64_t id = open_one(s);
    put(s, id, true);
    came(s, id, "the page says that it is not free to read", false);
    screen_says(s, "not free to read");
    screen_has(s, "it may not be all");
    struct client_event ev = {.kind = CLIENT_PAGE_ERR, .item = id};
    strcpy(ev.text, "HTTP 404: there is nothing at this address");
    ui_event(s->ui, &ev);
    screen_says(s, "HTTP 404");
    screen_has(s, "article of the page"); // what there was stays
    screen_close(s);
}

static const struct narrations voices = {
    .asked = 1,
    .n = 2,
    .items = {{NARRATION_AUTHOR, "https://api.substack.com/api/v1/audio/upload/1/src", 611},
              {NARRATION_MACHINE, "https://sounds.example/tts.mp3", 0}}};

static void said_to_be_read(struct screen *s, int64_t id, const struct narrations *w)
{
    struct client_event ev = {.kind = CLIENT_NARRATION, .item = id, .added = (int64_t)w->n};
    struct err e = ERR_INIT;
    if (!store_narrations_put(s->store, id, w, &e))
        fail_msg("%s", e.msg);
    strcpy(ev.text, w->why ? w->why : "");
    ui_event(s->ui, &ev);
}

static int64_t open_post(struct screen *s)
{
    shelves_add_html(s->store, 1, "Slow Letters", "A Kettle Aloud",
                     "<p>Words.</p><img src='https://substackcdn.com/image/fetch/x.png'>",
                     SCREEN_NOW - 60);
    library_run(s->path, "UPDATE entry SET url = 'https://slow.example/p/kettle' WHERE title = "
                         "'A Kettle Aloud'");
    screen_again(s, STORE_WRITE);
    screen_do(s, "search 'Slow Letters' <enter> open search 'Kettle Aloud' <enter> open");
    screen_has(s, "A Kettle Aloud");
    return ui_hand(s->ui).item;
}

static void who_reads_it_aloud_is_told_when_it_is_known(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    int64_t id = open_post(s);
    screen_has_not(s, "♪");
    screen_do(s, "audio"); // there is no fetcher in this test
    screen_says(s, "Nothing can be fetched here");
    const struct narrations none = {.asked = SCREEN_NOW, .why = "nobody reads it aloud"};
    said_to_be_read(s, id, &none);
    screen_says(s, "Nothing to listen to: nobody reads it aloud");
    screen_do(s, "audio"); // known for a day
    screen_says(s, "Nothing to listen to: nobody reads it aloud");
    s->ui->listening_for = id;
    said_to_be_read(s, id, &voices);
    screen_has(s, "♪ 10:11"); // under the title
    screen_has(s, "Narrated by the author · 10:11");
    screen_has(s, "Machine voice");
    screen_do(s, "<enter>");
    assert_string_equal(buf_cstr(&s->played),
                        "https://api.substack.com/api/v1/audio/upload/1/src\n");
    screen_close(s);
}

// The answer comes when the reader is elsewhere: nothing starts to play by itself.
static void what_comes_late_does_not_play(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    int64_t id = open_post(s);
    s->ui->listening_for = id;
    screen_do(s, "back back");
    said_to_be_read(s, id, &voices);
    screen_says(s, "can be listened to");
    assert_int_equal(s->played.len, 0);
    struct client_event ev = {.kind = CLIENT_NARRATION_ERR, .item = id};
    strcpy(ev.text, "asking who reads this essay aloud: HTTP 404");
    ui_event(s->ui, &ev);
    screen_says(s, "HTTP 404");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_feed_are_one_key_apart),
        cmocka_unit_test(what_is_not_free_is_told),
        cmocka_unit_test(who_reads_it_aloud_is_told_when_it_is_known),
        cmocka_unit_test(what_comes_late_does_not_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
