// Listening with the real mpv, from key presses to what the screen says: audio is made on the spot
// and served on loopback, in ranges; it goes nowhere (--ao=null). Where mpv is not installed there
// is nothing to prove here, and that is said.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../support/library.h"
#include "../support/program.h"
#include "../support/pty.h"
#include "../support/server.h"
#include "lectern/listen.h"
#include "lectern/mem.h"
#include "lectern/spawn.h"

enum { RATE = 8000, LONG_SECONDS = 120, SHORT_SECONDS = 1 };

// ---- what is served ----

static void put32(struct buf *b, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        buf_char(b, (char)(v >> 8 * i));
}

// A quiet tone: 8 bits, one channel.
static void wave(struct buf *b, uint32_t seconds)
{
    uint32_t bytes = seconds * RATE;
    buf_str(b, "RIFF");
    put32(b, 36 + bytes);
    buf_str(b, "WAVEfmt ");
    put32(b, 16);
    put32(b, 1 | 1 << 16); // PCM, one channel
    put32(b, RATE);
    put32(b, RATE);
    put32(b, 1 | 8 << 16);
    buf_str(b, "data");
    put32(b, bytes);
    for (uint32_t i = 0; i < bytes; i++)
        buf_char(b, (char)(i / 20 % 2 ? 126 : 130));
}

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    struct buf all = {0};
    const char *range = server_header(q, "Range");
    size_t from = 0;
    if (strstr(q->path, "/gone")) {
        r->status = 404;
        return;
    }
    if (strstr(q->path, "/stalled")) {
        r->hang = true;
        return;
    }
    if (strstr(q->path, "/moved")) {
        r->status = 307;
        server_set(r, "Location", "/long-elsewhere.wav");
        return;
    }
    wave(&all, strstr(q->path, "/short") ? SHORT_SECONDS : LONG_SECONDS);
    if (range && sscanf(range, "bytes=%zu-", &from) == 1 && from < all.len) {
        char value[80];
        snprintf(value, sizeof value, "bytes %zu-%zu/%zu", from, all.len - 1, all.len);
        r->status = 206;
        server_set(r, "Content-Range", value);
    }
    server_set(r, "Accept-Ranges", "bytes");
    server_set(r, "Content-Type", "audio/x-wav");
    buf_add(&r->body, all.data + from, all.len - from);
    buf_free(&all);
}

// ---- the world ----

struct world {
    struct server *server;
    char *library, *runtime, *config;
    struct pty *p;
};

static void essays(struct world *w, const char *const *paths, size_t n)
{
    struct store *s = library_open(w->library, STORE_WRITE);
    int64_t feed = library_feed(s, "https://letters.example.org/feed");
    struct feed_update *u = update_new("Spoken Letters", n);
    for (size_t i = 0; i < n; i++) {
        char guid[32], title[32];
        snprintf(guid, sizeof guid, "guid-%zu", i);
        snprintf(title, sizeof title, "Essay %zu", i + 1);
        struct feed_entry *e =
            update_add(u, guid, title, 1700000000 - (int64_t)i * 86400, "<p>Words.</p>");
        char *url = server_url(w->server, NULL, paths[i]);
        update_audio(u, e, url, 0);
        free(url);
    }
    library_apply(s, feed, u, 1700000000);
    update_free(u);
    store_close(s);
}

static void start(struct world *w)
{
    char *library = mem_printf("LECTERN_LIBRARY=%s", w->library),
         *runtime = mem_printf("XDG_RUNTIME_DIR=%s", w->runtime);
    const char *env[] = {library,          runtime,   "TERM=xterm-256color",
                         "SSH_CONNECTION", "SSH_TTY", NULL};
    const char *argv[] = {getenv("LECTERN_BIN") ? getenv("LECTERN_BIN") : "build/main/lectern",
                          "--config", w->config, NULL};
    w->p = pty_start(&(struct pty_setup){.argv = argv, .env = env});
    if (!pty_idle(w->p))
        fail_msg("it did not start:\n%s", pty_screen(w->p));
    free(library);
    free(runtime);
}

// Players begin and end when they like, on a busy machine late.
enum { PATIENCE = 6 };

static void shows(struct world *w, const char *text)
{
    bool there = false;
    for (int i = 0; i < PATIENCE && !there && !pty_ended(w->p); i++)
        there = pty_shows(w->p, text);
    if (!there)
        fail_msg("“%s” is not on the screen:\n%s", text, pty_screen(w->p));
}

static void hides(struct world *w, const char *text)
{
    bool gone = false;
    for (int i = 0; i < PATIENCE && !gone && !pty_ended(w->p); i++)
        gone = pty_hides(w->p, text);
    if (!gone)
        fail_msg("“%s” stays on the screen:\n%s", text, pty_screen(w->p));
}

static void press(struct world *w, const char *keys)
{
    pty_send(w->p, keys);
}

// The list of what can be heard, the cursor on the first.
static void to_the_list(struct world *w)
{
    press(w, "/with audio\r");
    press(w, "\r");
    shows(w, "Essay 1");
}

static int begin(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    w->server = server_start(serve, NULL);
    w->library = library_path("listen-pty.db");
    w->runtime = mem_strdup("/tmp/lectern-run-XXXXXX"); // short: a socket stands in it
    assert_non_null(mkdtemp(w->runtime));
    w->config = program_file("listen-config", "player mpv --ao=null --no-config\n"
                                              "fetch-on-start no\n");
    *state = w;
    return 0;
}

static struct playing playing(struct world *w, struct arena *a)
{
    struct playing p = {0};
    struct store *s = library_open(w->library, STORE_WRITE);
    assert_true(store_playing(s, a, &p, NULL));
    store_close(s);
    return p;
}

static bool lectern(struct world *w, const char *words)
{
    char *all = mem_printf("--library %s --config %s play %s", w->library, w->config, words);
    setenv("XDG_RUNTIME_DIR", w->runtime, 1);
    bool ok = program_run(all, NULL, NULL) == 0;
    free(all);
    return ok;
}

// The keeper ends by itself, and takes its socket along.
static void all_is_quiet(struct world *w)
{
    char *dir = mem_printf("%s/lectern", w->runtime);
    for (int i = 0; i < 200; i++) {
        DIR *d = opendir(dir);
        int left = 0;
        for (struct dirent *x; d && (x = readdir(d));)
            left += x->d_name[0] != '.';
        if (d)
            closedir(d);
        if (!left)
            break;
        if (i == 199)
            fail_msg("a socket is left in %s", dir);
        usleep(20000);
    }
    free(dir);
}

// Nothing is left: no socket, no directory that was made for one.
static int end(void **state)
{
    struct world *w = *state;
    lectern(w, "--stop");
    if (w->p)
        pty_end(w->p);
    char *dir = mem_printf("%s/lectern", w->runtime), *claim = mem_printf("%s-play", w->library);
    all_is_quiet(w);
    rmdir(dir);
    rmdir(w->runtime);
    remove(w->library);
    remove(claim);
    remove(w->config);
    server_stop(w->server);
    free(dir);
    free(claim);
    free(w->library);
    free(w->runtime);
    free(w->config);
    free(w);
    return 0;
}

// ---- what is promised ----

static void keys_play_pause_and_seek(void **state)
{
    struct world *w = *state;
    essays(w, (const char *const[]){"/long-1.wav"}, 1);
    start(w);
    to_the_list(w);
    press(w, "a");
    shows(w, "Playing: Essay 1");
    press(w, "P");
    shows(w, "2:00"); // its length is known
    press(w, " ");
    shows(w, "paused");
    press(w, "kl"); // a minute and ten seconds
    shows(w, "1:1");
    press(w, "]");
    shows(w, "speed 1.1");
    press(w, " ");
    shows(w, "playing");
    press(w, "q\r"); // on with reading: the figure is in the bottom line
    shows(w, "Words.");
    shows(w, "/2:00");
    press(w, ",x");
    shows(w, "its place is kept");
    hides(w, "/2:00");
    press(w, "a"); // goes on where it was
    shows(w, "Playing from 1:1");
    press(w, ",xQ");
    assert_int_equal(pty_wait(w->p), 0);
}

static void it_plays_on_when_the_reader_ends(void **state)
{
    struct world *w = *state;
    essays(w, (const char *const[]){"/long-1.wav"}, 1);
    start(w);
    to_the_list(w);
    press(w, "a");
    press(w, "P");
    shows(w, "2:00");
    press(w, "qQ");
    shows(w, "leave it playing");
    press(w, "l");
    assert_int_equal(pty_wait(w->p), 0);
    pty_end(w->p);
    start(w); // the next one finds it
    shows(w, "/2:00");
    pty_signal(w->p, SIGKILL); // and one that is killed takes nothing along
    pty_wait(w->p);
    pty_end(w->p);
    start(w);
    shows(w, "/2:00");
    to_the_list(w);
    press(w, "a"); // no second voice: it is shown
    shows(w, "space pause");
    press(w, "q");
    assert_true(lectern(w, "--pause"));
    shows(w, "paused");
    press(w, "Q");
    shows(w, "leave it playing");
    press(w, "s");
    assert_int_equal(pty_wait(w->p), 0);
    struct arena *a = arena_new();
    for (int i = 0; playing(w, a).socket && i < 200; i++)
        usleep(20000);
    assert_null(playing(w, a).socket);
    arena_free(a);
}

static void a_player_that_dies_is_told(void **state)
{
#ifdef SO_PEERCRED
    struct world *w = *state;
    essays(w, (const char *const[]){"/long-1.wav"}, 1);
    start(w);
    to_the_list(w);
    press(w, "a");
    press(w, "P");
    shows(w, "2:00");
    press(w, "q");
    struct arena *a = arena_new();
    struct playing now = playing(w, a);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct ucred who;
    socklen_t len = sizeof who;
    struct stat st;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", now.socket);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len), 0);
    close(fd);
    char *dir = mem_printf("%s/lectern", w->runtime); // nobody else gets at the socket
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    free(dir);
    assert_true(who.pid > 1);
    kill(who.pid, SIGKILL);
    shows(w, "ended by itself");
    hides(w, "/2:00");
    press(w, "a"); // and plays again
    shows(w, "Playing");
    press(w, "P");
    shows(w, "2:00");
    arena_free(a);
#else
    (void)state;
#endif
}

static void what_cannot_be_played_is_a_sentence(void **state)
{
    struct world *w = *state;
    essays(w, (const char *const[]){"/gone.wav", "/stalled.wav", "/moved.wav"}, 3);
    start(w);
    to_the_list(w);
    press(w, "a");
    shows(w, "Essay 1 cannot be played");
    press(w, "ja"); // nobody answers
    shows(w, "Playing: Essay 2");
    press(w, "P");
    shows(w, "loading");
    shows(w, "volume 100"); // it is there
    press(w, "x");
    shows(w, "Stopped: Essay 2");
    all_is_quiet(w);
    press(w, "ja"); // another address
    shows(w, "Playing: Essay 3");
    press(w, "P");
    shows(w, "2:00");
}

static void the_queue_is_gone_through(void **state)
{
    struct world *w = *state;
    essays(w, (const char *const[]){"/short-1.wav", "/short-2.wav", "/long-3.wav"}, 3);
    start(w);
    to_the_list(w);
    press(w, "jL");
    shows(w, "To be heard later: Essay 2");
    press(w, "jL");
    shows(w, "To be heard later: Essay 3");
    press(w, "gga");
    shows(w, "Playing: Essay 1");
    press(w, "P");
    shows(w, "♪ Essay 3"); // the second is through, too
    shows(w, "2:00");
    press(w, "q,q");
    shows(w, "1 recording");
    press(w, ",x");
    shows(w, "its place is kept");
}

static void without_a_player_it_says_what_to_install(void **state)
{
    struct world *w = *state;
    essays(w, (const char *const[]){"/long-1.wav"}, 1);
    remove(w->config);
    free(w->config);
    w->config = program_file("listen-config", "fetch-on-start no\n");
    char *path = mem_strdup(getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    start(w);
    setenv("PATH", path, 1);
    free(path);
    to_the_list(w);
    press(w, "a");
    shows(w, "install mpv");
    press(w, "q");
}

int main(void)
{
    char *mpv = spawn_find("mpv");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_play_pause_and_seek, begin, end),
        cmocka_unit_test_setup_teardown(it_plays_on_when_the_reader_ends, begin, end),
        cmocka_unit_test_setup_teardown(a_player_that_dies_is_told, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_played_is_a_sentence, begin, end),
        cmocka_unit_test_setup_teardown(the_queue_is_gone_through, begin, end),
        cmocka_unit_test_setup_teardown(without_a_player_it_says_what_to_install, begin, end),
    };
    if (!mpv) {
        puts("mpv is not installed: nothing is listened to");
        return 0;
    }
    free(mpv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
