// What mpv says, line by line, and how it is spoken to: a socket pair of the test's own in its
// place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../support/program.h"
#include "audio/mpv_line.h"
#include "lectern/mem.h"

static void lines_are_read(void **state)
{
    (void)state;
    struct mpv_line l = {0};
    struct mpv_event ev;
#define READ(text) mpv_line_read(&l, text, strlen(text), &ev)
    READ("{\"event\":\"property-change\",\"id\":1,\"name\":\"duration\",\"data\":61.5}");
    assert_int_equal(ev.kind, MPV_PROPERTY);
    assert_string_equal(ev.name, "duration");
    assert_true(ev.known && ev.number == 61.5);
    READ("{\"event\":\"property-change\",\"id\":1,\"name\":\"pause\",\"data\":true}");
    assert_true(ev.known && ev.number == 1);
    READ("{\"event\":\"property-change\",\"id\":1,\"name\":\"duration\"}");
    assert_int_equal(ev.kind, MPV_PROPERTY);
    assert_false(ev.known);
    READ("{\"event\":\"property-change\",\"name\":\"chapter-metadata\",\"data\":{\"TITLE\":\"Of "
         "\\u001b]0;x\\u0007 Ink\"}}");
    assert_string_equal(ev.text, "Of ]0;x Ink"); // no escape reaches the screen
    READ("{\"data\":12.25,\"request_id\":100,\"error\":\"success\"}");
    assert_int_equal(ev.kind, MPV_PROPERTY);
    assert_string_equal(ev.name, "time-pos");
    assert_true(ev.number == 12.25);
    READ("{\"data\":null,\"request_id\":100,\"error\":\"property unavailable\"}");
    assert_false(ev.known);
    READ("{\"event\":\"end-file\",\"reason\":\"error\",\"file_error\":\"loading failed\"}");
    assert_int_equal(ev.kind, MPV_ENDED);
    assert_string_equal(ev.name, "error");
    assert_string_equal(ev.text, "loading failed");
    READ("{\"event\":\"client-message\",\"args\":[\"lectern\",\"play\",7,\"\"]}");
    assert_int_equal(ev.kind, MPV_MESSAGE);
    assert_int_equal(ev.nwords, 4);
    assert_string_equal(ev.words[1], "play");
    assert_string_equal(ev.words[2], ""); // no word of ours
    READ("{\"event\":\"file-loaded\"}");
    assert_int_equal(ev.kind, MPV_LOADED);
    static const char *const nothing[] = {"",
                                          "{",
                                          "[]",
                                          "null",
                                          "{\"event\":7}",
                                          "\xff",
                                          "{\"event\":\"idle\"}",
                                          "{\"request_id\":\"100\"}"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        READ(nothing[i]);
        assert_int_equal(ev.kind, MPV_NOTHING);
    }
    char deep[4000];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    READ(deep);
    assert_int_equal(ev.kind, MPV_NOTHING);
    mpv_line_free(&l);
}

struct ends { // of the socket
    char *path;
    int listening, fd;
    struct mpv *m;
};

static void open_ends(struct ends *x)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct err e = ERR_INIT;
    x->path = mem_printf("/tmp/lectern-mpv-test-%d", (int)getpid());
    snprintf(at.sun_path, sizeof at.sun_path, "%s", x->path);
    unlink(x->path);
    assert_false(mpv_connect(x->path, &x->m, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    x->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(x->listening, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(x->listening, 1), 0);
    assert_true(mpv_connect(x->path, &x->m, &e));
    x->fd = accept(x->listening, NULL, NULL);
}

static void close_ends(struct ends *x)
{
    mpv_free(x->m);
    close(x->fd);
    close(x->listening);
    unlink(x->path);
    free(x->path);
}

static void heard(struct ends *x, const char *want)
{
    char got[4096];
    ssize_t n = recv(x->fd, got, sizeof got - 1, 0);
    assert_true(n > 0);
    got[n] = '\0';
    assert_string_equal(got, want);
}

static void say(struct ends *x, const char *bytes, size_t len)
{
    while (len) {
        struct mpv_event ev;
        bool gone = false;
        ssize_t n = send(x->fd, bytes, len, MSG_DONTWAIT);
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else {
            mpv_next(x->m, &ev, &gone); // makes room
        }
    }
}

static void say_text(struct ends *x, const char *text)
{
    say(x, text, strlen(text));
}

static void commands_are_words_in_json(void **state)
{
    (void)state;
    struct ends x;
    open_ends(&x);
    MPV_DO(x.m, "loadfile", "https://a.example/\"';$(id)\n", "replace");
    heard(&x, "{\"command\":[\"loadfile\",\"https://a.example/\\\"';$(id)\\n\",\"replace\"]}\n");
    mpv_watch(x.m, "pause");
    heard(&x, "{\"command\":[\"observe_property\",1,\"pause\"]}\n");
    mpv_ask(x.m, "time-pos");
    heard(&x, "{\"command\":[\"get_property\",\"time-pos\"],\"request_id\":100}\n");
    close_ends(&x);
}

static void lines_come_in_pieces(void **state)
{
    (void)state;
    struct ends x;
    struct mpv_event ev;
    bool gone = false;
    open_ends(&x);
    assert_false(mpv_next(x.m, &ev, &gone));
    assert_false(gone);
    say_text(&x, "{\"event\":\"file-");
    assert_false(mpv_next(x.m, &ev, &gone));
    say_text(&x, "loaded\"}\n{\"event\":\"idle\"}\n{\"event\":\"end-file\",\"reason\":\"eof\"}\n{");
    assert_true(mpv_next(x.m, &ev, &gone));
    assert_int_equal(ev.kind, MPV_LOADED);
    assert_true(mpv_next(x.m, &ev, &gone));
    assert_int_equal(ev.kind, MPV_ENDED);
    assert_string_equal(ev.name, "eof");
    assert_false(mpv_next(x.m, &ev, &gone));

    // A line without an end is not kept for ever, and what comes after it is read.
    char *long_line = mem_alloc(3 << 20);
    memset(long_line, 'x', 3 << 20);
    say(&x, long_line, 3 << 20);
    free(long_line);
    say_text(&x, "\n{\"event\":\"file-loaded\"}\n");
    int kinds = 0;
    for (int i = 0; i < 1000 && !kinds; i++)
        if (mpv_next(x.m, &ev, &gone))
            kinds += ev.kind == MPV_LOADED;
    assert_int_equal(kinds, 1);

    close(x.fd);
    x.fd = -1;
    assert_false(mpv_next(x.m, &ev, &gone));
    assert_true(gone);
    MPV_DO(x.m, "quit"); // to nobody: nothing happens
    close_ends(&x);
}

static void it_is_known_whether_mpv_is_meant(void **state)
{
    (void)state;
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    char *dir = program_path("mpv-path");
    struct buf was = {0};
    buf_str(&was, getenv("PATH"));
    char *make = mem_printf("mkdir -p %s && printf '#!/bin/sh\\n' >%s/mpv && chmod 700 %s/mpv", dir,
                            dir, dir);
    assert_int_equal(system(make), 0); // NOLINT: a fixed command of the test's own
    setenv("PATH", dir, 1);
    assert_true(mpv_wanted(c));
    assert_true(conf_set(c, "player", "mpv --ao=null", &e));
    assert_true(mpv_wanted(c));
    assert_true(conf_set(c, "player", "vlc -I dummy", &e));
    assert_false(mpv_wanted(c));
    assert_true(conf_set(c, "player", "/nowhere/mpv", &e));
    assert_false(mpv_wanted(c));
    assert_true(conf_set(c, "player", "'unfinished", &e) || true);
    setenv("PATH", "/nowhere", 1);
    assert_true(conf_set(c, "player", "", &e));
    assert_false(mpv_wanted(c));
    setenv("PATH", was.data, 1);
    buf_free(&was);
    free(make);
    free(dir);
    conf_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(commands_are_words_in_json),
        cmocka_unit_test(lines_come_in_pieces),
        cmocka_unit_test(it_is_known_whether_mpv_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
