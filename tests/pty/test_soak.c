// A long sitting: any keys, sizes, clicks and pastes, in any order, while feeds are fetched that
// grow, fail and hang. Nothing may crash, leak (under the sanitizers) or stop answering, and at the
// end the library is right. LECTERN_SOAK=N presses N keys instead of a few hundred.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/library.h"
#include "../support/pty.h"
#include "../support/server.h"
#include "lectern/mem.h"

enum { FEEDS = 12 };

// The feeds grow by an essay with every second look; some fail, one hangs now and then.
static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    int feed = atoi(q->path + 1);
    if (feed % 5 == 4)
        r->status = q->nth % 2 ? 500 : 404;
    else if (feed % 7 == 6 && q->nth % 3 == 2)
        r->hang = true;
    else
        server_feed(&r->body, "Letters", 3 + q->nth / 2, 3000);
}

static uint32_t seed = 20261122;
static unsigned dice(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

// Nothing that leaves the machine, starts a program or ends the sitting.
static void any_key(struct pty *p)
{
    static const char *const keys[] = {"j",
                                       "k",
                                       "j",
                                       "j",
                                       "g",
                                       "G",
                                       "\r",
                                       "\r",
                                       " ",
                                       "b",
                                       "q",
                                       "n",
                                       "N",
                                       "p",
                                       "u",
                                       "m",
                                       "f",
                                       "l",
                                       "t",
                                       "?",
                                       "/",
                                       "r",
                                       "R",
                                       "z",
                                       "1",
                                       "3",
                                       "x",
                                       "\t",
                                       "\x1b",
                                       "\x0c",
                                       "\x04",
                                       "\x15",
                                       "\x1b[5~",
                                       "\x1b[6~",
                                       "\x1b[B",
                                       "\x1b[A",
                                       "\x1b[C",
                                       "\x1b[D",
                                       "\x1b[H",
                                       "\x1b[F",
                                       "[",
                                       "]",
                                       "-",
                                       "+",
                                       "<",
                                       ">",
                                       "s",
                                       "v",
                                       "letter",
                                       "\xc3\xa9",
                                       "\x1b[200~some\r\npaste\x1b[201~",
                                       "\x1b[<0;9;5M\x1b[<0;9;5m",
                                       "\x1b[<65;9;5M",
                                       "\x1b[<64;9;5M",
                                       "\x1b]11;rgb:0/0/0\x1b\\",
                                       "\xff\xfe",
                                       "y"};
    pty_send(p, keys[dice(sizeof keys / sizeof *keys)]);
}

static struct pty *sit_down(const char *library)
{
    char *own = mem_printf("LECTERN_LIBRARY=%s", library);
    char *config =
        mem_printf("%s/soak.config", getenv("LECTERN_TMP") ? getenv("LECTERN_TMP") : "/tmp");
    FILE *f = fopen(config, "w");
    assert_non_null(f);
    // Words typed at prompts must not leave the machine.
    fputs("mouse yes\nplayer /bin/true\nbrowser /bin/true\nfetch-timeout 2\nfetch-per-host 8\n", f);
    fclose(f);
    const char *env[] = {own, NULL};
    const char *argv[] = {getenv("LECTERN_BIN") ? getenv("LECTERN_BIN") : "build/main/lectern",
                          "--config", config, NULL};
    struct pty_setup s = {.argv = argv, .env = env};
    struct pty *p = pty_start(&s);
    free(own);
    free(config);
    if (!pty_idle(p))
        fail_msg("it did not start:\n%s", pty_screen(p));
    return p;
}

static void stand_up(struct pty *p, size_t pressed)
{
    pty_signal(p, SIGTERM);
    int code = pty_wait(p);
    size_t n;
    if (code != 128 + SIGTERM)
        fail_msg("after %zu keys it ended with %d:\n%.3000s", pressed, code,
                 pty_raw(p, &n) + (n > 3000 ? n - 3000 : 0));
    assert_true(pty_cooked(p));
    assert_false(pty_alternate(p));
    pty_end(p);
}

static void a_long_sitting(void **state)
{
    (void)state;
    const char *wanted = getenv("LECTERN_SOAK");
    size_t times = wanted ? (size_t)atoi(wanted) : 400;
    struct server *server = server_start(serve, NULL);
    char *library = library_path("soak.db");
    struct store *s = library_open(library, STORE_WRITE);
    for (int i = 0; i < FEEDS; i++) {
        char path[16];
        snprintf(path, sizeof path, "/%d", i);
        char *url = server_url(server, NULL, path);
        library_feed(s, url);
        free(url);
    }
    store_close(s);
    struct pty *p = sit_down(library);
    for (size_t i = 0; i < times; i++) {
        if (dice(23) == 0)
            pty_resize(p, 1 + (int)dice(dice(5) ? 120 : 6), 1 + (int)dice(dice(5) ? 40 : 4));
        any_key(p);
        if (i % 5 == 4 && !pty_idle(p) && !pty_ended(p))
            fail_msg("after %zu keys it does not answer:\n%s", i, pty_screen(p));
        if (pty_ended(p)) { // q at the bottom of the stack
            int code = pty_wait(p);
            size_t n;
            if (code != 0)
                fail_msg("after %zu keys it ended with %d:\n%.3000s", i, code,
                         pty_raw(p, &n) + (n > 3000 ? n - 3000 : 0));
            assert_true(pty_cooked(p));
            pty_end(p);
            p = sit_down(library);
        }
    }
    stand_up(p, times);
    // What the counts say is what there is.
    s = library_open(library, STORE_WRITE);
    struct arena *a = arena_new();
    struct err e = ERR_INIT;
    struct feed_rows feeds;
    struct shelf_counts counts;
    int64_t unread = 0, total = 0, *ids;
    size_t n;
    assert_true(store_feeds(s, a, &feeds, &e));
    assert_true(store_counts(s, 2000000000, &counts, &e));
    for (size_t i = 0; i < feeds.n; i++)
        unread += feeds.items[i].unread, total += feeds.items[i].total;
    assert_true(total > 0);
    assert_int_equal(counts.total, total);
    assert_int_equal(counts.unread, unread);
    struct shelf all = {.kind = SHELF_ALL};
    assert_true(store_ids(s, &all, false, 2000000000, 0, &ids, &n, &e));
    assert_int_equal(n, total);
    free(ids);
    assert_true(store_ids(s, &all, true, 2000000000, 0, &ids, &n, &e));
    assert_int_equal(n, unread);
    free(ids);
    arena_free(a);
    store_close(s);
    server_stop(server);
    remove(library);
    free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_sitting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
