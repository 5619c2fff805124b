// Listening and browsing: what may be handed on, what the program started really gets (a fake
// player writes down its argv), how it is started, and the bytes for the clipboard.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/audio.h"
#include "lectern/mem.h"
#include "lectern/path.h"

static const char url[] = "https://audio.example/feed/podcast/1/0f3c.mp3";

// ---- a folder with fake programs that write what they were given into a pipe with a name ----
static char dir[64];
static char *old_path;

static int setup(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/lectern-audio.XXXXXX");
    char *fifo = mkdtemp(dir) ? path_join(dir, "said") : NULL;
    if (!fifo || mkfifo(fifo, 0600) != 0)
        return -1;
    setenv("SAID", fifo, 1);
    free(fifo);
    old_path = mem_strdup(getenv("PATH"));
    setenv("PATH", dir, 1);
    static const char *const away[] = {"BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "TMUX",
                                       "STY",     "SSH_TTY", "SSH_CONNECTION"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        unsetenv(away[i]);
    alarm(60); // a program that never speaks ends the test
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    setenv("PATH", old_path, 1);
    free(old_path);
    char *command = mem_printf("rm -rf '%s'", dir);
    int code = system(command);
    free(command);
    return code;
}

static void fake(const char *name, const char *script, mode_t mode)
{
    char *path = path_join(dir, name);
    struct err e = ERR_INIT;
    assert_true(buf_write_file(path, script, strlen(script), mode, &e));
    free(path);
}

static void fake_player(const char *name)
{
    fake(name, "#!/bin/sh\nfor a; do printf '%s\\0' \"$a\"; done >\"$SAID\"\n", 0700);
}

static void take_away(const char *name)
{
    char *path = path_join(dir, name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

// All that the started program says, up to its end.
static void heard(struct buf *b)
{
    int fd = open(getenv("SAID"), O_RDONLY);
    assert_true(fd >= 0);
    char bytes[4096];
    for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) != 0;) {
        assert_true(n > 0 || errno == EINTR);
        if (n > 0)
            buf_add(b, bytes, (size_t)n);
    }
    close(fd);
}

// The arguments heard, each ended by a NUL, are exactly these.
static void assert_heard(const char *const *want)
{
    struct buf b = {0};
    heard(&b);
    const char *p = buf_cstr(&b), *end = p + b.len;
    for (; *want; want++) {
        assert_true(p < end);
        assert_string_equal(p, *want);
        p += strlen(p) + 1;
    }
    assert_ptr_equal(p, end);
    buf_free(&b);
}

static struct conf *with(const char *option, const char *value)
{
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    if (option)
        assert_true(conf_set(c, option, value, &e));
    return c;
}

// ---- addresses ----
static void addresses_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://a",
        "https://a.example/x?y=%20&z=$(id)`id`'\";#f",
        "HTTPS://A.example/",
        "https://b\xc3\xbc"
        "cher.example/\xe6\x9c\xac",
    };
    static const char *const bad[] = {
        "",
        "a.example",
        "ftp://a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "-https://a",
        " https://a",
        "https://",
        "https:///x",
        "https://?x",
        "http:/a",
        "https://:80/",
        "https://a b",
        "https://a\nb",
        "https://a\tb",
        "https://a\x1b]52;c;x\a",
        "https://a\x7f",
        "https://a\xc2\x9b"
        "31m",
        "https://a\xff",
        "https://a\xe2\x80\xae"
        "b",
        "https://a\xc2\xa0"
        "b",
        "https://a\xe2\x80\x8b"
        "b",
        "--https://a",
        "data:text/html,x",
        "edl://x",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(audio_address_ok(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(audio_address_ok(bad[i]));
    assert_false(audio_address_ok(NULL));
    char *huge = mem_alloc(100001);
    memset(huge, 'a', 100000);
    memcpy(huge, "https://", 8);
    assert_false(audio_address_ok(huge));
    huge[32768] = '\0';
    assert_true(audio_address_ok(huge));
    free(huge);
}

static void enclosures_are_picked(void **state)
{
    (void)state;
    const struct enclosure all[] = {
        {"https://a.example/cover.jpg", "image/jpeg", NULL, 0, 0, ENCLOSURE_IMAGE},
        {"https://a.example/list.m3u", "audio/x-mpegurl", NULL, 0, 0, ENCLOSURE_AUDIO},
        {"https://a.example/x.ogg", "audio/ogg", NULL, 0, 0, ENCLOSURE_AUDIO},
        {"https://a.example/x.mp3", "audio/mpeg", "one", 0, 0, ENCLOSURE_AUDIO},
        {"https://a.example/x.mp4", "video/mp4", NULL, 0, 0, ENCLOSURE_VIDEO},
        {"https://a.example/x.mp3", "audio/mpeg", "again", 0, 0, ENCLOSURE_AUDIO},
        {"file:///etc/passwd", "audio/mpeg", NULL, 0, 0, ENCLOSURE_AUDIO},
        {"https://a.example/y.mp3", "", NULL, 0, 0, ENCLOSURE_AUDIO},
        {NULL, "audio/mpeg", NULL, 0, 0, ENCLOSURE_AUDIO},
    };
    const struct enclosure *out[8];
    assert_int_equal(audio_pick(all, sizeof all / sizeof *all, out, 8), 4);
    assert_ptr_equal(out[0], &all[3]);
    assert_ptr_equal(out[1], &all[2]);
    assert_ptr_equal(out[2], &all[7]);
    assert_ptr_equal(out[3], &all[1]);
    assert_int_equal(audio_pick(all, sizeof all / sizeof *all, out, 1), 1);
    assert_ptr_equal(out[0], &all[3]);
    assert_int_equal(audio_pick(NULL, 0, out, 8), 0);
}

static void places_are_known_by_the_environment(void **state)
{
    (void)state;
    assert_false(audio_remote());
    setenv("SSH_TTY", "/dev/pts/1", 1);
    assert_true(audio_remote());
    unsetenv("SSH_TTY");
    setenv("SSH_CONNECTION", "1 2 3 4", 1);
    assert_true(audio_remote());
    unsetenv("SSH_CONNECTION");
#ifndef __APPLE__
    assert_false(audio_display());
    setenv("DISPLAY", "", 1);
    assert_false(audio_display());
    setenv("WAYLAND_DISPLAY", "wayland-0", 1);
    assert_true(audio_display());
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("DISPLAY");
#endif
}

// ---- playing ----
static void without_a_player_the_message_helps(void **state)
{
    (void)state;
    struct conf *c = with(NULL, NULL);
    struct err e = ERR_INIT;
    char name[32] = "untouched";
    assert_false(audio_play(c, url, "T", name, sizeof name, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_non_null(strstr(e.msg, "install mpv"));
    assert_string_equal(name, "untouched");
    conf_free(c);
    c = with("player", "nosuchplayer --x");
    assert_false(audio_play(c, url, "T", name, sizeof name, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_non_null(strstr(e.msg, "nosuchplayer"));
    conf_free(c);
    c = with("player", "''");
    assert_false(audio_play(c, url, "T", name, sizeof name, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    conf_free(c);
}

static void the_first_known_player_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *name, *args[12];
    } table[] = {
        {"mpg123", {"-q", url, NULL}},
        {"ffplay", {"-nodisp", "-autoexit", "-loglevel", "quiet", "--", url, NULL}},
        {"mplayer",
         {"-really-quiet", "-vo", "null", "-noconsolecontrols", "-nolirc", "--", url, NULL}},
        {"cvlc",
         {"--quiet", "--no-video", "--play-and-exit", "--meta-title=On $(id) `x`", "--", url,
          NULL}},
        {"vlc",
         {"-I", "dummy", "--quiet", "--no-video", "--play-and-exit", "--meta-title=On $(id) `x`",
          "--", url, NULL}},
        {"mpv",
         {"--no-video", "--no-terminal", "--really-quiet", "--force-window=no", "--ytdl=no",
          "--force-media-title=On $(id) `x`", "--", url, NULL}},
    };
    struct conf *c = with(NULL, NULL);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        fake_player(table[i].name); // each is preferred to those before it
        struct err e = ERR_INIT;
        char name[32] = "";
        assert_true(audio_play(c, url, "On $(id)\n`x`", name, sizeof name, &e));
        assert_string_equal(name, table[i].name);
        assert_heard(table[i].args);
    }
    conf_free(c);
    // The bare name of a known player as the option gets the same words.
    c = with("player", "mplayer");
    struct err e = ERR_INIT;
    char name[32] = "";
    assert_true(audio_play(c, url, NULL, name, sizeof name, &e));
    assert_string_equal(name, "mplayer");
    assert_heard(table[2].args);
    conf_free(c);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        take_away(table[i].name);
}

static void the_option_is_words_and_places(void **state)
{
    (void)state;
    fake_player("play er");
    static const struct {
        const char *option, *title, *args[6];
    } table[] = {
        {"'play er'", "T", {url, NULL}},
        {"'play er' -a '{title}' \"b c\"", "It's \"q\"", {"-a", "It's \"q\"", "b c", url, NULL}},
        {"'play er' --in={url}! {file}",
         NULL,
         {"--in=https://audio.example/feed/podcast/1/0f3c.mp3!", url, NULL}},
        // Nothing in a title is an option, a place or a control.
        {"'play er' {title} -- {url}",
         "--script=/tmp/x {url}\x1b[2J",
         {"script=/tmp/x {url} [2J", "--", url, NULL}},
        {"'play er' t={title} {url}", "--x", {"t=--x", url, NULL}},
        {"'play er' $HOME * ;", "x", {"$HOME", "*", ";", url, NULL}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct conf *c = with("player", table[i].option);
        struct err e = ERR_INIT;
        char name[32] = "";
        assert_true(audio_play(c, url, table[i].title, name, sizeof name, &e));
        assert_string_equal(name, "play er");
        assert_heard(table[i].args);
        conf_free(c);
    }
}

static void hostile_addresses_are_one_argument_or_none(void **state)
{
    (void)state;
    fake_player("p");
    struct conf *c = with("player", "p {title} {url}");
    static const char *const urls[] = {
        "https://a.example/';touch${IFS}x;'",
        "https://a.example/\"$(touch${IFS}x)\"",
        "https://a.example/`id`|&<>(){}[]*?!\\",
        "http://-x@a.example/--y",
    };
    struct err e = ERR_INIT;
    char name[32] = "";
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        const char *want[] = {"t", urls[i], NULL};
        if (!audio_play(c, urls[i], "t", name, sizeof name, &e))
            fail_msg("%s", e.msg);
        assert_heard(want);
    }
    assert_false(audio_play(c, "--config=/tmp/x", "t", name, sizeof name, &e));
    assert_false(audio_play(c, "https://a.example/\n--x", "t", name, sizeof name, &e));
    assert_false(audio_play(c, NULL, "t", name, sizeof name, &e));
    char *huge = mem_alloc(100001);
    memset(huge, 'a', 100000);
    memcpy(huge, "https://", 8);
    assert_false(audio_play(c, huge, "t", name, sizeof name, &e));

    // A title of 100 kB is cut, between characters.
    for (size_t i = 0; i + 3 <= 100000; i += 3)
        memcpy(huge + i, "\xe2\x80\xa6", 3);
    assert_true(audio_play(c, url, huge, name, sizeof name, &e));
    huge[399] = '\0';
    const char *want[] = {huge, url, NULL};
    assert_heard(want);
    free(huge);
    conf_free(c);
}

static void it_runs_by_itself(void **state)
{
    (void)state;
    fake("alone",
         "#!/bin/sh\n"
         "read -r pid comm state ppid pgrp sid rest </proc/$$/stat\n"
         "{ echo $sid; for f in /proc/$$/fd/*; do echo ${f##*/}; done; } >\"$SAID\"\n"
         "[ -t 0 ] || [ -t 1 ] || [ -t 2 ] && echo tty\n"
         "exit 0\n",
         0700);
    int open_here = open("/dev/null", O_RDONLY); // without FD_CLOEXEC
    assert_int_equal(dup2(open_here, 200), 200);
    signal(SIGCHLD, SIG_IGN); // the harder case for waitpid
    struct conf *c = with("player", "alone");
    struct err e = ERR_INIT;
    char name[32];
    assert_true(audio_play(c, url, "t", name, sizeof name, &e));
    signal(SIGCHLD, SIG_DFL);
    struct buf b = {0};
    heard(&b);
#ifdef __linux__
    char *end;
    long sid = strtol(buf_cstr(&b), &end, 10);
    assert_true(sid > 1 && sid != getsid(0));
    for (char *line = strtok(end, "\n"); line; line = strtok(NULL, "\n"))
        assert_int_not_equal(atoi(line), 200);
#endif
    buf_free(&b);
    close(open_here);
    close(200);
    assert_true(audio_play(c, url, "t", name, sizeof name, &e));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no child is left, dead or alive
    assert_int_equal(errno, ECHILD);
    heard(&b);
    buf_free(&b);
    conf_free(c);

    // A program that is there and cannot be run: the reason comes back.
    fake("broken",
         "\x7f"
         "ELF but not really",
         0700);
    c = with("player", "broken");
    assert_false(audio_play(c, url, "t", name, sizeof name, &e));
    assert_non_null(strstr(e.msg, "cannot start"));
    conf_free(c);
    fake("plain", "#!/bin/sh\n", 0600);
    c = with("player", "plain");
    assert_false(audio_play(c, url, "t", name, sizeof name, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    conf_free(c);
}

// ---- browsing ----
static void browsers_are_tried_in_order(void **state)
{
    (void)state;
    struct conf *c = with(NULL, NULL);
    struct err e = ERR_INIT;
    assert_false(audio_browse(c, url, &e)); // no display
    assert_int_equal(e.kind, ERR_MISSING);
    setenv("DISPLAY", ":0", 1);
#ifndef __APPLE__
    assert_false(audio_browse(c, url, &e)); // no xdg-open
    assert_non_null(strstr(e.msg, "xdg-utils"));
    fake_player("xdg-open");
    assert_true(audio_browse(c, url, &e));
    assert_heard((const char *const[]){url, NULL});
#endif
    fake_player("fox");
    setenv("BROWSER", "nosuch %s:'unfinished:fox --new 'a b' u=%s%%:other", 1);
    assert_true(audio_browse(c, url, &e));
    assert_heard((const char *const[]){"--new", "a b",
                                       "u=https://audio.example/feed/podcast/1/0f3c.mp3%", NULL});
    setenv("BROWSER", "fox", 1);
    assert_true(audio_browse(c, url, &e));
    assert_heard((const char *const[]){url, NULL});
    setenv("BROWSER", "nosuch::alsonot", 1);
    assert_false(audio_browse(c, url, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(audio_browse(c, "javascript:alert(1)", &e));
    conf_free(c);
    c = with("browser", "fox -tab {url} -end");
    assert_true(audio_browse(c, url, &e));
    assert_heard((const char *const[]){"-tab", url, "-end", NULL});
    conf_free(c);
    unsetenv("BROWSER");
    unsetenv("DISPLAY");
}

// ---- clipboard ----
static void own_machine_opens_by_option_alone(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    struct conf *c = with("open-remote", "");
    assert_false(audio_open_remote(c, url, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    conf_free(c);
    fake_player("to-my-desk");
    c = with("open-remote", "to-my-desk open --url={url} '; rm -rf $HOME'");
    assert_true(audio_open_remote(c, "https://a.example/$(id)`id`';\"|&", &e));
    const char *const want[] = {"open", "--url=https://a.example/$(id)`id`';\"|&", "; rm -rf $HOME",
                                NULL};
    assert_heard(want);
    assert_false(audio_open_remote(c, "file:///etc/passwd", &e));
    assert_false(audio_open_remote(c, "https://a.example/\n-x", &e));
    take_away("to-my-desk");
    assert_false(audio_open_remote(c, url, &e));
    assert_non_null(strstr(e.msg, "open-remote"));
    conf_free(c);
}

static void clipboard_bytes(void **state)
{
    (void)state;
    struct buf b = {0};
    struct err e = ERR_INIT;
    assert_true(audio_osc52(&b, "https://a.example/?q", &e));
    assert_string_equal(b.data, "\033]52;c;aHR0cHM6Ly9hLmV4YW1wbGUvP3E=\a");
    buf_clear(&b);
    setenv("TMUX", "/tmp/tmux-0/default,1,0", 1);
    assert_true(audio_osc52(&b, "http://a.e", &e));
    assert_string_equal(b.data, "\033]52;c;aHR0cDovL2EuZQ==\a"
                                "\033Ptmux;\033\033]52;c;aHR0cDovL2EuZQ==\a\033\\");
    unsetenv("TMUX");
    buf_clear(&b);
    setenv("STY", "1.pts", 1);
    char address[301] = "https://";
    memset(address + 8, 'a', 292);
    address[300] = '\0';
    assert_true(audio_osc52(&b, address, &e));
    size_t chunks = 0, bytes = 0;
    for (const char *p = b.data; *p;) { // \033P ... \033\ again and again, each short
        assert_memory_equal(p, "\033P", 2);
        const char *end = strstr(p, "\033\\");
        assert_non_null(end);
        assert_true(end - p < 120);
        bytes += (size_t)(end - p - 2);
        chunks++;
        p = end + 2;
    }
    assert_int_equal(chunks, 6);
    assert_int_equal(bytes, 400 + strlen("\033]52;c;") + 1);
    unsetenv("STY");
    buf_clear(&b);
    assert_false(audio_osc52(&b, "rm -rf /", &e));
    assert_false(audio_osc52(&b, "https://a\033]0;x\a", &e));
    assert_false(audio_osc52(&b, NULL, &e));
    char *huge = mem_alloc(80001);
    memset(huge, 'a', 80000);
    memcpy(huge, "https://", 8);
    assert_false(audio_osc52(&b, huge, &e));
    assert_non_null(strstr(e.msg, "too long"));
    free(huge);
    assert_int_equal(b.len, 0);
    buf_free(&b);
}

// ---- what can be listened to, of every kind that there is ----
static void every_variant_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *title, *labels;
        const char *first; // what is played
    } table[] = {
        {"enclosure", "Episode · 31:04",
         "https://api.substack.com/feed/podcast/1/0123456789abcdef0123456789abcdef.mp3"},
        {"cover", "", NULL},
        {"several", "en.mp3 · 14.2 MB|de.mp3 · 9.0 MB", "https://sounds.example/en.mp3"},
        {"media rss", "high.mp3 · 1:02 · 2.5 MB|Low quality · 1:02 · 0.5 MB",
         "https://sounds.example/high.mp3"},
        {"podcasting 2.0", "e5.mp3 · 2.0 MB|Small · 0.7 MB · opus|Small · 0.7 MB · flac",
         "https://sounds.example/e5.mp3"},
        {"audio tags", "two.ogg|one.mp3", "https://sounds.example/two.ogg"},
        {"links", "whole talk|one of this site", "https://sounds.example/talk.mp3?from=feed"},
        {"clips", "The bells · 3:03 · clip|Clip",
         "https://api.substack.com/api/v1/audio/upload/0a1b2c3d-0000-4000-8000-00000000abcd/src"},
        {"hostile ids", "", NULL},
        {"episode and clip", "Episode|An outtake · 0:20 · clip",
         "https://api.substack.com/feed/podcast/2/0123456789abcdef0123456789abcdef.mp3"},
        {"players", "", NULL}, // pages: links of the text
    };
    const char *root = getenv("LECTERN_ROOT");
    char *path = path_join(root ? root : ".", "tests/golden/feed/audio-variants.xml");
    struct buf in = {0}, got = {0};
    struct err e = ERR_INIT;
    struct feed_update *u;
    if (!buf_read_file(&in, path, 1 << 20, &e) || !feed_parse(in.data, in.len, NULL, &u, &e))
        fail_msg("%s", e.msg);
    assert_int_equal(u->nentries, sizeof table / sizeof *table);
    for (size_t i = 0; i < u->nentries; i++) {
        const struct enclosure *out[9];
        size_t n = audio_pick(u->entries[i].enclosures, u->entries[i].nenclosures, out, 9);
        buf_clear(&got);
        for (size_t k = 0; k < n; k++) {
            if (k)
                buf_char(&got, '|');
            audio_label(out[k], false, &got);
        }
        assert_string_equal(u->entries[i].title, table[i].title);
        assert_string_equal(buf_cstr(&got), table[i].labels);
        if (table[i].first)
            assert_string_equal(out[0]->url, table[i].first);
    }
    feed_free(u);
    buf_free(&in);
    buf_free(&got);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_is_found),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(enclosures_are_picked),
        cmocka_unit_test(places_are_known_by_the_environment),
        cmocka_unit_test(without_a_player_the_message_helps),
        cmocka_unit_test(the_first_known_player_is_taken),
        cmocka_unit_test(the_option_is_words_and_places),
        cmocka_unit_test(hostile_addresses_are_one_argument_or_none),
        cmocka_unit_test(it_runs_by_itself),
        cmocka_unit_test(browsers_are_tried_in_order),
        cmocka_unit_test(own_machine_opens_by_option_alone),
        cmocka_unit_test(clipboard_bytes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
