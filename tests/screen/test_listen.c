// Listening, as the reader shows it: the queue, the figure in the bottom line, the player's window.
// The player itself is a socket of the test's own that writes down what it is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../support/screen.h"
#include "lectern/listen.h"
#include "lectern/mem.h"

static const char podcast[] = "https://api.letters.example/feed/podcast/168/0f3c.mp3";

struct fake {
    char *path;
    int listening, fd;
    struct buf told;
};

static void fake_plays(struct fake *f, struct screen *s, const char *address, const char *title)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    *f = (struct fake){.fd = -1};
    f->path = mem_printf("/tmp/lectern-listen-test-%d", (int)getpid());
    snprintf(at.sun_path, sizeof at.sun_path, "%s", f->path);
    unlink(f->path);
    f->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(f->listening, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(f->listening, 1), 0);
    // As a keeper does it: another process, to this handle.
    struct store *other;
    assert_true(store_open(s->path, STORE_WRITE, &other, NULL));
    struct playing p = {f->path, 1, address, title, NULL, SCREEN_NOW};
    assert_true(store_set_playing(other, &p, NULL));
    store_close(other);
    screen_do(s, "idle");
    f->fd = accept(f->listening, NULL, NULL);
}

static void fake_says(struct fake *f, struct screen *s, const char *line)
{
    assert_int_equal(send(f->fd, line, strlen(line), 0), strlen(line));
    ui_player(s->ui);
}

// What it has been told since it was asked last.
static const char *fake_told(struct fake *f)
{
    char piece[4096];
    ssize_t n;
    buf_clear(&f->told);
    while ((n = recv(f->fd, piece, sizeof piece, MSG_DONTWAIT)) > 0)
        buf_add(&f->told, piece, (size_t)n);
    return buf_cstr(&f->told);
}

static void told(struct fake *f, const char *words)
{
    const char *all = fake_told(f);
    if (!strstr(all, words))
        fail_msg("the player was told %s, not %s", all, words);
}

static void fake_end(struct fake *f)
{
    if (f->fd >= 0)
        close(f->fd);
    close(f->listening);
    unlink(f->path);
    free(f->path);
    buf_free(&f->told);
}

#define AT(seconds) "{\"data\":" seconds ",\"request_id\":100,\"error\":\"success\"}\n"
#define LONG(seconds) "{\"event\":\"property-change\",\"name\":\"duration\",\"data\":" seconds "}\n"
#define CHANGED(name, value) \
    "{\"event\":\"property-change\",\"name\":\"" name "\",\"data\":" value "}\n"

static void its_figure_is_in_the_bottom_line(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct fake f;
    screen_do(s, "search 'slow' <enter> open open");
    screen_has_not(s, "12:31");
    fake_plays(&f, s, podcast, "The Quiet Return of the Letter");
    screen_says(s, "loading");
    told(&f, "\"observe_property\",1,\"pause\"");
    fake_says(&f, s, LONG("1864") AT("751.4"));
    screen_says(s, "♪ 12:31/31:04");
    screen_says(s, "1/"); // the page's own figures stay
    screen_do(s, "pause");
    told(&f, "[\"cycle\",\"pause\"]");
    fake_says(&f, s, CHANGED("pause", "true"));
    screen_says(s, "♪ 12:31/31:04 paused");
    screen_size(s, 40, 12);
    screen_says(s, "♪ 12:31");
    screen_size(s, 20, 5);
    screen_size(s, 80, 24);
    unlink(f.path); // it is gone
    close(f.fd);
    f.fd = -1;
    ui_player(s->ui);
    screen_has_not(s, "12:31");
    screen_do(s, "pause");
    screen_says(s, "Nothing plays");
    fake_end(&f);
    screen_close(s);
}

static void the_window_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCREEN_SIZES; i++) {
        struct screen *s = screen_open(screen_sizes[i].cols, screen_sizes[i].rows);
        struct fake f;
        fake_plays(&f, s, podcast, "The Quiet Return of the Letter");
        fake_says(&f, s,
                  LONG("1864") AT("751.4") CHANGED("speed", "1.1") CHANGED("volume", "80")
                      CHANGED("chapter-metadata", "{\"title\":\"What the post carried\"}"));
        screen_do(s, "player");
        screen_golden(s, "player");
        fake_end(&f);
        screen_close(s);
    }
}

static void keys_of_the_window_are_the_players(void **state)
{
    (void)state;
    static const struct {
        const char *key, *told;
    } keys[] = {
        {"' '", "[\"cycle\",\"pause\"]"},
        {"<right>", "[\"seek\",\"10\",\"relative\"]"},
        {"<left>", "[\"seek\",\"-10\",\"relative\"]"},
        {"<up>", "[\"seek\",\"60\",\"relative\"]"},
        {"<down>", "[\"seek\",\"-60\",\"relative\"]"},
        {"']'", "[\"set\",\"speed\",\"1.1\"]"},
        {"'['", "[\"set\",\"speed\",\"0.9\"]"},
        {"'9'", "[\"set\",\"volume\",\"95\"]"},
        {"'0'", "[\"set\",\"volume\",\"105\"]"},
        {"'}'", "[\"add\",\"chapter\",\"1\"]"},
        {"'n'", "[\"script-message\",\"lectern\",\"next\"]"},
        {"'x'", "[\"script-message\",\"lectern\",\"stop\"]"},
    };
    struct screen *s = screen_open(80, 24);
    struct fake f;
    fake_plays(&f, s, podcast, "The Quiet Return of the Letter");
    fake_says(&f, s, LONG("1864") AT("751.4") CHANGED("speed", "1") CHANGED("volume", "100"));
    screen_do(s, "player");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        screen_do(s, keys[i].key);
        told(&f, keys[i].told);
    }
    screen_says(s, "Stopped"); // and the window is gone
    screen_do(s, "`6,l`");     // from any view, with a count
    told(&f, "[\"seek\",\"60\",\"relative\"]");
    screen_do(s, "`,h` `,]` `,,`");
    told(&f, "[\"seek\",\"-10\",\"relative\"]");
    fake_end(&f);
    screen_close(s);
}

static void what_plays_is_not_begun_again(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct fake f;
    fake_plays(&f, s, podcast, "The Quiet Return of the Letter");
    fake_says(&f, s, LONG("1864") AT("751.4"));
    screen_do(s, "search 'slow' <enter> open audio");
    screen_has(s, "space pause");
    assert_string_equal(buf_cstr(&s->played), "");
    fake_end(&f);
    screen_close(s);
}

static void leaving_asks_about_the_audio(void **state)
{
    (void)state;
    static const struct {
        const char *config, *keys, *told;
        bool done;
    } ways[] = {
        {"", "`Q` 'q'", NULL, false},
        {"", "`Q` <esc>", NULL, false},
        {"", "`Q` 'l'", NULL, true},
        {"", "`Q` 's'", "\"stop\"", true},
        {"", "`q` 's'", "\"stop\"", true},
        {"audio-at-end leave\n", "`Q`", NULL, true},
        {"audio-at-end stop\n", "`Q`", "\"stop\"", true},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct screen *s = screen_configured(80, 24, ways[i].config);
        struct fake f;
        fake_plays(&f, s, podcast, "The Quiet Return of the Letter");
        fake_says(&f, s, LONG("1864") AT("751.4"));
        fake_told(&f);
        screen_do(s, ways[i].keys);
        assert_int_equal(ui_done(s->ui), ways[i].done);
        const char *all = fake_told(&f);
        if (!ways[i].told)
            assert_null(strstr(all, "stop"));
        else
            assert_non_null(strstr(all, ways[i].told));
        fake_end(&f);
        screen_close(s);
    }
    struct screen *s = screen_open(80, 24); // nothing plays: no question
    screen_do(s, "`Q`");
    assert_true(ui_done(s->ui));
    screen_close(s);
}

static void failures_come_back_as_sentences(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    struct store *other;
    screen_do(s, "idle");
    assert_true(store_open(s->path, STORE_WRITE, &other, NULL));
    struct playing p = {NULL,
                        1,
                        podcast,
                        "The Quiet Return",
                        "The Quiet Return cannot be played: HTTP error 404",
                        SCREEN_NOW + 1};
    assert_true(store_set_playing(other, &p, NULL));
    store_close(other);
    screen_do(s, "idle");
    screen_says(s, "cannot be played: HTTP error 404");
    screen_again(s, STORE_READER); // it is told once, not at every start
    screen_do(s, "idle");
    screen_has_not(s, "404");
    screen_close(s);
}

static void queue_looks(void **state)
{
    (void)state;
    screen_picture("queue-empty", "queue");
    for (size_t i = 0; i < SCREEN_SIZES; i++) {
        struct screen *s = screen_open(screen_sizes[i].cols, screen_sizes[i].rows);
        struct heard h = {751, 1864, false, SCREEN_NOW};
        screen_do(s, "bottom search 'all' <enter>");
        screen_do(s, "search 'with audio' <enter> open listen-later down listen-later back");
        assert_true(store_set_heard(s->store, podcast, &h, NULL));
        screen_do(s, "queue");
        screen_golden(s, "queue");
        screen_close(s);
    }
}

static void queue_is_changed_and_taken_back(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'with audio' <enter> open listen-later down listen-later back");
    screen_has(s, "Listen later");
    screen_do(s, "search 'listen later' <enter> open");
    char *first = mem_strdup(screen_row(s, 2)), *second = mem_strdup(screen_row(s, 3));
    screen_do(s, "move-down");
    screen_on(s, first + 3);
    assert_string_equal(screen_row(s, 2), second);
    screen_do(s, "undo");
    assert_string_equal(screen_row(s, 2), first);
    screen_do(s, "top remove");
    assert_string_equal(screen_row(s, 2), second);
    screen_says(s, "No longer to be heard");
    screen_do(s, "undo");
    assert_string_equal(screen_row(s, 2), first);
    assert_string_equal(screen_row(s, 3), second);
    screen_do(s, "top open");
    assert_non_null(strstr(buf_cstr(&s->played), "https://"));
    screen_do(s, "undo undo"); // the two that came
    screen_has(s, "Nothing waits");
    screen_do(s, "back top listen-later");
    free(first);
    free(second);
    screen_close(s);
}

static void an_essay_without_audio_cannot_wait_to_be_heard(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "search 'slow' <enter> open down listen-later");
    screen_says(s, "no audio");
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_figure_is_in_the_bottom_line),
        cmocka_unit_test(the_window_looks),
        cmocka_unit_test(keys_of_the_window_are_the_players),
        cmocka_unit_test(what_plays_is_not_begun_again),
        cmocka_unit_test(leaving_asks_about_the_audio),
        cmocka_unit_test(failures_come_back_as_sentences),
        cmocka_unit_test(queue_looks),
        cmocka_unit_test(queue_is_changed_and_taken_back),
        cmocka_unit_test(an_essay_without_audio_cannot_wait_to_be_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
