// The reader in a real terminal: it starts, answers keys, follows sizes, stops and goes on, and
// leaves the terminal as it was on every way out. Bytes are counted, since on a slow line they are
// what a key costs.
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
#include "lectern/mem.h"
#include "lectern/utf8.h"

static char *library; // with forty essays in one feed

// Paragraphs that tell where they stand, of words that do not come again in the same order.
static char *long_text(int number)
{
    static const char *const words[] = {"letter", "the",     "margin",  "of",    "a",   "printer",
                                        "who",    "evening", "quietly", "reads", "and", "under",
                                        "lamps",  "by",      "post",    "slow"};
    unsigned seed = (unsigned)number;
    struct buf b = {0};
    for (int p = 1; p <= 60; p++) {
        buf_printf(&b, "Paragraph %d of essay %d says", p, number);
        for (int i = 0; i < 40; i++) {
            seed = seed * 1103515245u + 12345u;
            buf_printf(&b, " %s", words[(seed >> 16) % 16]);
        }
        buf_str(&b, ".\n\n");
    }
    return buf_take(&b, NULL);
}

static int make_library(void **state)
{
    (void)state;
    library = library_path("terminal.db");
    struct store *s = library_open(library, STORE_WRITE);
    int64_t feed = library_feed(s, "https://letters.example.org/feed");
    struct feed_update *u = update_new("Slow Letters", 40);
    for (int i = 1; i <= 40; i++) {
        char guid[32], title[64];
        snprintf(guid, sizeof guid, "guid-%d", i);
        snprintf(title, sizeof title, "Essay %02d: On Letters", i);
        char *body = long_text(i);
        struct feed_entry *e = update_add(u, guid, title, 1700000000 - i * 86400, body);
        e->type = CONTENT_TEXT;
        static const char *const subtitles[] = {
            NULL, "What an evening under the lamps has to do with the post, in three parts",
            "Notes on margins, from parchment to the grid of a terminal, and what for",
            "Attention, its enemies, and one or two of the friends it has had so far"};
        if (i <= 3)
            e->subtitle = subtitles[i];
        free(body);
    }
    library_apply(s, feed, u, 1700000000);
    update_free(u);
    store_close(s);
    return 0;
}

static int drop_library(void **state)
{
    (void)state;
    remove(library);
    free(library);
    return 0;
}

static struct pty *lectern_at(const char *settings, int cols, int rows, const char *const *more,
                              bool mute)
{
    char *own = mem_printf("LECTERN_LIBRARY=%s", library);
    const char *env[12] = {own};
    size_t n = 1;
    for (; more && *more && n < 11; more++)
        env[n++] = *more;
    char *config = mem_printf("%s/config", getenv("LECTERN_TMP") ? getenv("LECTERN_TMP") : "/tmp");
    FILE *f = fopen(config, "w");
    assert_non_null(f);
    fprintf(f, "fetch-on-start no\n%s", settings);
    fclose(f);
    const char *argv[] = {getenv("LECTERN_BIN") ? getenv("LECTERN_BIN") : "build/main/lectern",
                          "--config", config, NULL};
    struct pty_setup s = {.argv = argv, .env = env, .cols = cols, .rows = rows, .mute = mute};
    struct pty *p = pty_start(&s);
    free(own);
    free(config);
    return p;
}

static struct pty *lectern_with(const char *settings, int cols, int rows, const char *const *more)
{
    return lectern_at(settings, cols, rows, more, false);
}

static struct pty *lectern(int cols, int rows, const char *const *more)
{
    return lectern_with("", cols, rows, more);
}

static struct pty *started(int cols, int rows, const char *const *env)
{
    struct pty *p = lectern(cols, rows, env);
    if (!pty_idle(p))
        fail_msg("it did not start:\n%s", pty_screen(p));
    return p;
}

static void given_back(struct pty *p)
{
    assert_true(pty_cooked(p));
    assert_false(pty_alternate(p));
    assert_true(pty_cursor_shown(p));
    size_t n;
    const char *raw = pty_raw(p, &n);
    const char *on = NULL, *off = NULL;
    for (const char *s = raw; (s = strstr(s, "\x1b[?2004h")); s++)
        on = s;
    for (const char *s = raw; (s = strstr(s, "\x1b[?2004l")); s++)
        off = s;
    assert_true(!on || (off && off > on));
}

// Into the feed's contents, wherever the shelf's cursor stands at the start.
static void open_contents(struct pty *p)
{
    pty_press(p, "G\r");
    assert_true(pty_shows(p, "Essay 01: On Letters"));
}

static void starts_reads_and_quits(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    assert_true(pty_alternate(p));
    assert_true(pty_shows(p, "Slow Letters"));
    assert_string_equal(pty_title(p), "Lectern");
    open_contents(p);
    pty_press(p, "\r");
    assert_true(pty_shows(p, "Paragraph 1 of essay 1 "));
    assert_non_null(strstr(pty_title(p), "Essay 01"));
    pty_press(p, " ");
    assert_true(pty_hides(p, "Paragraph 1 of essay 1 "));
    pty_press(p, "\x1b[5~"); // PgUp
    assert_true(pty_shows(p, "Paragraph 1 of essay 1 "));
    pty_press(p, "q");
    assert_true(pty_shows(p, "Essay 02: On Letters"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
}

static void keys_come_in_every_way(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    int row, col, was;
    pty_cursor(p, &was, &col);
    pty_press(p, "jj");
    pty_press(p, "\x1bOB"); // Down as terminfo has it
    pty_press(p, "\x1b[B"); // and in the other mode
    pty_press(p, "\x1b");   // a lone Escape means nothing
    pty_press(p, "k");
    pty_cursor(p, &row, &col);
    assert_int_equal(row, was + 3);
    pty_press(p, "\x1b[200~QQjj\r\x1b[201~"); // a paste is not typed
    pty_cursor(p, &row, &col);
    assert_int_equal(row, was + 3);
    pty_press(p, "5j");
    pty_cursor(p, &row, &col);
    assert_int_equal(row, was + 8);
    pty_press(p, "X");
    assert_true(pty_shows(p, "X means nothing here"));
    pty_press(p, "\xff\xc3\xa9"); // not a character, and one without meaning
    pty_send(p, "\x03");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
}

static void every_way_out_gives_the_terminal_back(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT,
                                  SIGBUS,  SIGFPE, SIGILL, SIGQUIT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty *p =
            started(80, 24,
                    (const char *const[]){"ASAN_OPTIONS=handle_segv=0:handle_abort=0:handle_sigbus="
                                          "0:handle_sigfpe=0:handle_sigill=0",
                                          NULL});
        pty_signal(p, signals[i]);
        assert_int_equal(pty_wait(p), 128 + signals[i]);
        given_back(p);
        pty_end(p);
    }
}

static void place_is_kept_whatever_ends_it(void **state)
{
    (void)state;
    enum { QUIT, TERM, HANG_UP, KILL, WAYS };
    for (int way = 0; way < WAYS; way++) {
        char first[64];
        struct pty *p = started(80, 24, NULL);
        open_contents(p);
        for (int i = 0; i <= way; i++) // another essay for every way
            pty_press(p, "j");
        pty_press(p, "\r");
        pty_press(p, "   ");
        const char *at = strstr(pty_screen(p), "Paragraph ");
        assert_non_null(at);
        snprintf(first, sizeof first, "%.30s", at);
        assert_null(strstr(first, "Paragraph 1 "));
        if (way == QUIT)
            pty_send(p, "Q");
        else if (way == HANG_UP)
            pty_hang_up(p);
        else
            pty_signal(p, way == TERM ? SIGTERM : SIGKILL);
        pty_wait(p);
        pty_end(p);
        p = started(120, 30, NULL); // another size, too
        open_contents(p);
        for (int i = 0; i <= way; i++)
            pty_press(p, "j");
        pty_press(p, "\r");
        if (!pty_shows(p, first))
            fail_msg("the place was lost (way %d)", way);
        pty_end(p);
    }
}

// A terminal that takes nothing any more holds up neither keys nor the end.
static void a_deaf_terminal_holds_up_nothing(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, 0};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty *p = started(200, 60, NULL);
        open_contents(p);
        for (size_t k = 0; k < 10 + i; k++) // another essay each time
            pty_press(p, "j");
        pty_press(p, "\r");
        pty_deaf(p);
        // Far more than a line holds; the last page is turned when it has been full for long.
        for (int k = 0; k < 100; k++)
            pty_send(p, k % 2 ? "\x0c" : " ");
        if (signals[i])
            pty_signal(p, signals[i]);
        else
            pty_send(p, "Q");
        assert_int_equal(pty_wait(p), signals[i] ? 128 + signals[i] : 0);
        assert_true(pty_cooked(p));
        pty_end(p);
        p = started(200, 60, NULL);
        open_contents(p);
        for (size_t k = 0; k < 10 + i; k++)
            pty_press(p, "j");
        pty_press(p, "\r");
        if (!signals[i]) // keys were answered to the last: the end of the essay
            assert_true(pty_shows(p, "Paragraph 60 of essay"));
        pty_end(p);
    }
}

static void suspends_and_goes_on(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    for (int way = 0; way < 2; way++) {
        if (way == 0)
            pty_send(p, "\x1a");
        else
            pty_signal(p, SIGTSTP);
        assert_true(pty_stopped(p));
        given_back(p);
        if (way == 1)
            pty_resize(p, 60, 20); // while it is stopped
        pty_signal(p, SIGCONT);
        assert_true(pty_idle(p));
        assert_true(pty_alternate(p));
        assert_false(pty_cooked(p));
        assert_true(pty_shows(p, "Essay 01: On Letters"));
        pty_press(p, "j");
    }
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
}

static void follows_every_size(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    pty_press(p, "\r");
    pty_press(p, "  ");
    pty_resize(p, 40, 12);
    assert_true(pty_idle(p));
    assert_true(pty_shows(p, "Paragraph"));
    pty_resize(p, 200, 60);
    assert_true(pty_idle(p));
    assert_true(pty_shows(p, "Paragraph"));
    // A storm, without waiting; through sizes where nothing fits.
    static const int sizes[][2] = {{1, 1},  {2, 1},   {1, 50}, {300, 1}, {3, 3},
                                   {20, 5}, {80, 24}, {1, 1},  {5, 2},   {80, 24}};
    for (int round = 0; round < 10; round++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            pty_resize(p, sizes[i][0], sizes[i][1]);
            if ((round + (int)i) % 3 == 0)
                pty_send(p, i % 2 ? "j" : " ");
        }
    assert_true(pty_shows(p, "of essay 1"));
    pty_press(p, "q");
    assert_true(pty_shows(p, "Essay 02: On Letters"));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes;
         i++) { // and each on its own, in every view
        pty_resize(p, sizes[i][0], sizes[i][1]);
        assert_true(pty_idle(p));
        pty_press(p, "?");
        pty_press(p, "q");
        pty_press(p, "\r");
        pty_press(p, "q");
        pty_press(p, "qG\r");
    }
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
}

// A size that came and went before it was looked at: the terminal may have lost what it cut off.
static void a_size_may_come_and_go_unseen(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    pty_press(p, "\rgg");
    size_t n, before = pty_bytes(p);
    pty_signal(p, SIGWINCH);
    assert_true(pty_idle(p));
    assert_non_null(strstr(pty_raw(p, &n) + before, "Paragraph 1 of"));
    pty_end(p);
}

// Linux's console has few glyphs: it gets those that its fonts have, and the letters of any
// language, which its user chose a font for.
static void the_console_gets_what_its_fonts_have(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, (const char *const[]){"TERM=linux", NULL});
    open_contents(p);
    pty_press(p, "G\r q"); // an essay that is started
    assert_true(pty_shows(p, "\u25cf"));
    pty_press(p, "/\u2605\u25d0\u00e9\u0151\U0001f33fe\u0301x\u25cf");
    assert_true(pty_shows(p, "*o\u00e9\u0151* ex\u25cf"));
    pty_press(p, "\x1b");
    size_t n;
    const char *raw = pty_raw(p, &n);
    static const char *const unknown[] = {"\u25d0", "\u2605", "\u266a", "\u25a3", "\u2042"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (strstr(raw, unknown[i]))
            fail_msg("%s was sent; the screen:\n%s", unknown[i], pty_screen(p));
    pty_end(p);
}

static void refuses_what_is_no_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *term, *says;
    } cases[] = {
        {"TERM=dumb", "the terminal 'dumb' (TERM) cannot place its cursor"},
        {"TERM=no-such-terminal",
         "the terminal 'no-such-terminal' (TERM) is not known on this machine"},
        {"TERM=", "TERM is not set"},
        {"TERM", "TERM is not set"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pty *p = lectern(300, 24, (const char *const[]){cases[i].term, NULL});
        assert_int_equal(pty_wait(p), 1);
        assert_true(pty_shows(p, cases[i].says));
        assert_non_null(
            strstr(pty_screen(p), "`lectern list` and `lectern read` work without a terminal"));
        given_back(p);
        pty_end(p);
    }
    char *command =
        mem_printf("%s </dev/null >/dev/null 2>&1",
                   getenv("LECTERN_BIN") ? getenv("LECTERN_BIN") : "build/main/lectern");
    assert_int_equal(system(command) >> 8, 1);
    free(command);
}

// Every kind of terminal shows the same essay; those without a second screen or colours, too.
static void terminals_of_all_kinds(void **state)
{
    (void)state;
    static const char *const names[] = {
        "xterm", "xterm-256color", "tmux",          "tmux-256color", "screen", "screen-256color",
        "linux", "vt100",          "vt220",         "alacritty",     "kitty",  "xterm-kitty",
        "foot",  "st-256color",    "xterm-ghostty", "rxvt-unicode",  "ansi",   "vt52"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *term = mem_printf("TERM=%s", names[i]);
        struct pty *p = started(80, 24, (const char *const[]){term, NULL});
        if (strcmp(names[i], "vt52") != 0) { // the emulator speaks another language
            open_contents(p);
            pty_press(p, "\rgg"); // the one before left it further on
            assert_true(pty_shows(p, "of essay 1 says"));
            pty_press(p, " \x1b[B\x1bOA"); // both kinds of arrows
            assert_true(pty_shows(p, "of essay 1 says"));
            pty_resize(p, 60, 20);
            assert_true(pty_idle(p));
            assert_true(pty_shows(p, "of essay 1 says"));
            pty_press(p, "q");
            assert_true(pty_shows(p, "Essay 02: On Letters"));
        }
        pty_send(p, "Q");
        assert_int_equal(pty_wait(p), 0);
        assert_true(pty_cooked(p));
        assert_true(pty_cursor_shown(p));
        pty_end(p);
        free(term);
    }
}

static void the_mouse_by_option(void **state)
{
    (void)state;
    struct pty *p = lectern_with("mouse yes\n", 80, 24, NULL);
    assert_true(pty_idle(p));
    assert_true(pty_sent(p, "\x1b[?1000h\x1b[?1006h"));
    open_contents(p);
    int was, row, col;
    pty_cursor(p, &was, &col);
    pty_press(p, "\x1b[<65;10;12M"); // the wheel
    pty_cursor(p, &row, &col);
    assert_int_equal(row, was + 3);
    pty_press(p, "\x1b[<64;10;12M");
    pty_press(p, "\x1b[<0;20;10M\x1b[<0;20;10m"); // a click on the tenth row
    pty_cursor(p, &row, &col);
    assert_int_equal(row, 9);
    pty_press(p, "\x1b[<0;20;10M\x1b[<0;20;10m"); // and again
    assert_true(pty_shows(p, "Paragraph 1 of essay 8 says"));
    pty_press(p, "\x1b[<65;10;12M");
    assert_true(pty_hides(p, "Essay 08: On Letters\n"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    assert_true(pty_sent(p, "\x1b[?1006l\x1b[?1000l"));
    given_back(p);
    pty_end(p);
    p = started(80, 24, NULL); // not otherwise, before it is set
    assert_null(strstr(pty_raw(p, &(size_t){0}), "\x1b[?1000"));
    pty_press(p, ":set mouse yes\r");
    assert_true(pty_sent(p, "\x1b[?1000h\x1b[?1006h"));
    pty_press(p, ":set theme-light dark\r:set background light\r");
    assert_true(pty_sent(p, "\x1b[48;5;") || pty_sent(p, ";48;5;")); // its background
    pty_press(p, ":theme mono\r");
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
}

static void the_title_by_option(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, (const char *const[]){"TERM=tmux-256color", NULL});
    open_contents(p);
    size_t n;
    assert_non_null(strstr(pty_raw(p, &n), "\x1b[22;2t")); // terminfo does not keep it there
    assert_string_equal(pty_title(p), "Slow Letters");
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    assert_non_null(strstr(pty_raw(p, &n), "\x1b[23;2t"));
    pty_end(p);
    p = lectern_with("terminal-title no\n", 80, 24,
                     (const char *const[]){"TERM=tmux-256color", NULL});
    assert_true(pty_idle(p));
    open_contents(p);
    assert_null(strstr(pty_raw(p, &n), "\x1b]2;"));
    assert_null(strstr(pty_raw(p, &n), "\x1b[22;"));
    pty_end(p);
}

static void no_colour_where_none_is_wanted(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, (const char *const[]){"NO_COLOR=1", NULL});
    open_contents(p);
    pty_press(p, "\r");
    pty_press(p, " ");
    size_t n;
    for (const char *s = pty_raw(p, &n); (s = strstr(s, "\x1b[")); s++) {
        const char *end = s + 2;
        while (*end && strchr("0123456789;:", *end))
            end++;
        if (*end != 'm')
            continue;
        for (const char *q = s + 2; q < end; q++) { // no 30-38, 40-48, 90-107
            int v = atoi(q);
            assert_false((v >= 30 && v <= 38) || (v >= 40 && v <= 48) || (v >= 90 && v <= 107));
            while (q < end && *q != ';')
                q++;
        }
    }
    pty_end(p);
}

static void plain_ascii_where_the_locale_has_no_more(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, (const char *const[]){"LANG=C", "LC_ALL=C", NULL});
    open_contents(p);
    pty_press(p, "\r");
    pty_press(p, " ");
    pty_press(p, "qq?");
    size_t n;
    const char *raw = pty_raw(p, &n);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)raw[i] >= 0x80)
            fail_msg("a byte %02x was sent; the screen:\n%s", (unsigned char)raw[i], pty_screen(p));
    pty_end(p);
}

static void the_line_is_cheap(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    size_t before = pty_bytes(p);
    pty_press(p, "j"); // and what the bottom line tells at rest
    print_message("a cursor move and its rest: %zu bytes\n", pty_bytes(p) - before);
    assert_in_range(pty_bytes(p) - before, 1, 200);
    before = pty_bytes(p);
    pty_press(p, "jj");
    pty_press(p, "j");
    size_t move = (pty_bytes(p) - before) / 3;
    print_message("a cursor move: %zu bytes\n", move);
    assert_in_range(move, 1, 150);
    before = pty_bytes(p);
    for (int i = 0; i < 25; i++) // scrolls
        pty_press(p, "j");
    print_message("a cursor move on average, with scrolling: %zu bytes\n",
                  (pty_bytes(p) - before) / 25);
    assert_in_range((pty_bytes(p) - before) / 25, 1, 250);
    pty_press(p, "\r");
    pty_press(p, " ");
    before = pty_bytes(p);
    pty_press(p, " ");
    size_t page = pty_bytes(p) - before, shown = strlen(pty_screen(p));
    print_message("a page turn: %zu bytes for a page of %zu\n", page, shown);
    assert_in_range(page, 1, shown * 5 / 4);
    before = pty_bytes(p);
    pty_press(p, "j");
    print_message("a line down: %zu bytes\n", pty_bytes(p) - before);
    assert_in_range(pty_bytes(p) - before, 1, 250);
    before = pty_bytes(p);
    pty_press(p, "g"); // to be sure that something is drawn
    pty_press(p, "g"); // and then nothing
    size_t still = pty_bytes(p);
    pty_press(p, "g");
    assert_true(pty_bytes(p) - still < 20);
    pty_end(p);
}

static void prompts_take_text_as_it_comes(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    pty_press(p, "a");
    pty_press(p, "caf\xc3\xa9 ");
    pty_press(p, "\x1b[200~https://example.org/\r\nfeed\x1b[201~");
    assert_true(pty_shows(p, "café https://example.org/ feed")); // a pasted Enter is no Enter
    pty_press(p, "\x01\xe6\x97\xa5\x0b"); // to the start, a wide letter, cut the rest
    assert_true(pty_hides(p, "example.org"));
    assert_true(pty_shows(p, "日"));
    int row, col;
    pty_cursor(p, &row, &col);
    assert_int_equal(row, 23);
    pty_press(p, "\x1b");
    assert_true(pty_hides(p, "日"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
}

static void mistakes_in_the_configuration_are_shown(void **state)
{
    (void)state;
    struct pty *p = lectern_with("bind essay x donw\nbind all X down\n", 120, 24, NULL);
    assert_true(pty_idle(p));
    assert_true(pty_shows(p, "there is no action 'donw': did you mean 'down'?"));
    assert_true(pty_shows(p, "config:2"));
    open_contents(p);
    int was, row, col;
    pty_cursor(p, &was, &col);
    pty_press(p, "X"); // the rest works
    pty_cursor(p, &row, &col);
    assert_int_equal(row, was + 1);
    pty_end(p);
    p = lectern_with("theme no-such-theme\n", 120, 24, NULL);
    assert_true(pty_idle(p));
    assert_true(pty_shows(p, "there is no theme 'no-such-theme'"));
    pty_end(p);
}

static void updates_are_whole_where_the_terminal_can(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, (const char *const[]){"TERM=xterm-kitty", NULL});
    open_contents(p);
    size_t n, begins = 0, ends = 0;
    const char *raw = pty_raw(p, &n);
    for (const char *s = raw; (s = strstr(s, "\x1b[?2026h")); s++)
        begins++;
    for (const char *s = raw; (s = strstr(s, "\x1b[?2026l")); s++)
        ends++;
    assert_true(begins >= 2);
    assert_int_equal(begins, ends);
    pty_end(p);
}

// What the terminal says of itself counts when it comes, in whatever pieces, and is never a key.
static void the_terminal_is_asked_and_may_answer(void **state)
{
    (void)state;
    static const char settings[] = "theme-light light\ntheme-dark dark\n";
    struct pty *p = lectern_at(settings, 80, 24, NULL, true);
    assert_true(pty_sent(p, "\x1b]11;?\x1b\\\x1b[c"));
    assert_null(strstr(pty_raw(p, &(size_t){0}), "\x1b[?2026$p"));
    pty_send(p, "\x1b]11;rgb:fafa/fbfb");
    pty_send(p, "/f0f0\x1b\\\x1b[?62;4c");
    // One of the later kind is asked more.
    assert_true(pty_sent(p, "\x1b[?2026$p\x1bP+q5463;524742\x1b\\\x1b[c"));
    assert_true(pty_sent(p, "\x1b[38;5;") || pty_sent(p, "\x1b[0;38;5;"));
    pty_press(p, "\x1b[?2026;2$y\x1bP1+r5463=31\x1b\\\x1b[?62;4c");
    assert_true(pty_sent(p, ";2;")); // true colour from here on
    pty_press(p, "G\r");
    assert_true(pty_shows(p, "Essay 01: On Letters"));
    assert_true(pty_sent(p, "\x1b[?2026h"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    given_back(p);
    pty_end(p);
    // One that says nothing holds up nobody, and neither does one that does so at the end.
    p = lectern_at(settings, 80, 24, NULL, true);
    assert_true(pty_idle(p));
    pty_press(p, "G\r");
    assert_true(pty_shows(p, "Essay 01: On Letters"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
    // Others are not asked.
    static const char *const simple[] = {"TERM=linux", "TERM=vt100", "TERM=vt220", "TERM=ansi"};
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++) {
        p = lectern_at(settings, 80, 24, (const char *const[]){simple[i], NULL}, true);
        assert_true(pty_idle(p));
        assert_null(strstr(pty_raw(p, &(size_t){0}), "\x1b]"));
        assert_null(strstr(pty_raw(p, &(size_t){0}), "\x1b[c"));
        pty_end(p);
    }
}

static void nothing_is_sent_while_nothing_happens(void **state)
{
    (void)state;
    struct pty *p = started(80, 24, NULL);
    open_contents(p);
    pty_press(p, "j");
    assert_true(pty_quiet(p, 1300)); // longer than a tick of the loop
    pty_end(p);
}

static void two_may_read_one_library(void **state)
{
    (void)state;
    struct pty *one = started(80, 24, NULL), *two = started(80, 24, NULL);
    open_contents(one);
    open_contents(two);
    pty_press(one, "G\r");
    assert_true(pty_shows(one, "of essay 40 says"));
    pty_press(two, "jj\r");
    assert_true(pty_shows(two, "of essay 3 says"));
    pty_send(one, "Q");
    pty_send(two, "Q");
    assert_int_equal(pty_wait(one), 0);
    assert_int_equal(pty_wait(two), 0);
    pty_end(one);
    pty_end(two);
}

// A library that may not be written is read all the same, and says so.
static void a_library_may_only_be_read(void **state)
{
    (void)state;
    char *copy = library_path("read-only.db");
    char *command = mem_printf("cp '%s' '%s' && chmod 400 '%s'", library, copy, copy);
    assert_int_equal(system(command), 0);
    free(command);
    char *own = mem_printf("LECTERN_LIBRARY=%s", copy);
    struct pty *p = started(80, 24, (const char *const[]){own, NULL});
    if (geteuid() != 0) // whom nothing is forbidden
        assert_true(pty_shows(p, "This library can only be read"));
    open_contents(p);
    pty_press(p, "\r");
    assert_true(pty_shows(p, "of essay 1 says"));
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
    remove(copy);
    free(copy);
    free(own);
}

static void a_bench_may_leave_after_the_first_paint(void **state)
{
    (void)state;
    struct pty *p = lectern(80, 24, (const char *const[]){"LECTERN_EXIT_AFTER_PAINT=1", NULL});
    assert_int_equal(pty_wait(p), 0);
    size_t n;
    assert_non_null(strstr(pty_raw(p, &n), "Slow Letters"));
    given_back(p);
    pty_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_reads_and_quits),
        cmocka_unit_test(keys_come_in_every_way),
        cmocka_unit_test(every_way_out_gives_the_terminal_back),
        cmocka_unit_test(place_is_kept_whatever_ends_it),
        cmocka_unit_test(a_deaf_terminal_holds_up_nothing),
        cmocka_unit_test(suspends_and_goes_on),
        cmocka_unit_test(follows_every_size),
        cmocka_unit_test(a_size_may_come_and_go_unseen),
        cmocka_unit_test(the_console_gets_what_its_fonts_have),
        cmocka_unit_test(refuses_what_is_no_terminal),
        cmocka_unit_test(terminals_of_all_kinds),
        cmocka_unit_test(the_mouse_by_option),
        cmocka_unit_test(the_title_by_option),
        cmocka_unit_test(no_colour_where_none_is_wanted),
        cmocka_unit_test(plain_ascii_where_the_locale_has_no_more),
        cmocka_unit_test(the_line_is_cheap),
        cmocka_unit_test(prompts_take_text_as_it_comes),
        cmocka_unit_test(mistakes_in_the_configuration_are_shown),
        cmocka_unit_test(updates_are_whole_where_the_terminal_can),
        cmocka_unit_test(the_terminal_is_asked_and_may_answer),
        cmocka_unit_test(nothing_is_sent_while_nothing_happens),
        cmocka_unit_test(two_may_read_one_library),
        cmocka_unit_test(a_library_may_only_be_read),
        cmocka_unit_test(a_bench_may_leave_after_the_first_paint),
    };
    return cmocka_run_group_tests(tests, make_library, drop_library);
}
