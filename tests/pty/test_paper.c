// A theme's background fills the screen of a real terminal: margins, blank rows, lists, after a
// resize and after another theme is put on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/library.h"
#include "../support/program.h"
#include "../support/pty.h"
#include "lectern/mem.h"
#include "lectern/theme.h"

static char *library;

static int make_library(void **state)
{
    (void)state;
    library = library_path("paper.db");
    struct store *s = library_open(library, STORE_WRITE);
    int64_t feed = library_feed(s, "https://letters.example.org/feed");
    struct feed_update *u = update_new("Slow Letters", 2);
    for (int i = 1; i <= 2; i++) {
        char guid[32];
        snprintf(guid, sizeof guid, "guid-%d", i);
        struct feed_entry *e =
            update_add(u, guid, "Of Ink and Paper", 1700000000 - i * 86400,
                       "<p>Ink is <em>never</em> only <a href=https://example.org/>black</a>.</p>"
                       "<blockquote><p>Paper forgives.</p></blockquote><pre>make check</pre>");
        e->type = CONTENT_HTML;
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

static struct pty *lectern(const char *settings, const char *term, const char *deep)
{
    char *own = mem_printf("LECTERN_LIBRARY=%s", library), *kind = mem_printf("TERM=%s", term);
    char *text = mem_printf("fetch-on-start no\n%s", settings),
         *config = program_file("paper-config", text);
    const char *env[] = {own, kind, deep, NULL};
    const char *argv[] = {getenv("LECTERN_BIN") ? getenv("LECTERN_BIN") : "build/main/lectern",
                          "--config", config, NULL};
    struct pty *p = pty_start(&(struct pty_setup){.argv = argv, .env = env});
    if (!pty_idle(p))
        fail_msg("it did not start:\n%s", pty_screen(p));
    free(config);
    free(text);
    free(kind);
    free(own);
    return p;
}

// What the theme gives text and what it gives the other backgrounds it has.
static void papers(const char *name, struct look_means m, bool is[257])
{
    struct err e = ERR_INIT;
    const char *root = getenv("LECTERN_ROOT");
    char *path = mem_printf("%s/themes/%s.theme", root ? root : ".", name);
    struct theme *t = theme_load(path, &e);
    assert_string_equal(e.msg, "");
    memset(is, 0, 257 * sizeof *is);
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int mark = -1; mark < MARK_COUNT; mark++) {
            struct style st = {(uint8_t)role, mark < 0 ? 0 : (uint16_t)(1u << mark)};
            is[1 + theme_look(t, st, m).bg] = true;
        }
    theme_free(t);
    free(path);
}

static void filled(struct pty *p, int cols, int rows, const char *name, int paper)
{
    bool is[257];
    int blank = 0;
    papers(name, (struct look_means){256, true, true}, is);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++) {
            int at = pty_paper(p, row, col);
            if (at < -1 || at > 255 || !is[1 + at])
                fail_msg("%s: row %d, column %d has the background %d:\n%s", name, row, col, at,
                         pty_screen(p));
            blank += at == paper;
        }
    assert_true(blank > cols * rows / 2);
    assert_int_equal(pty_paper(p, 0, 0), paper);
    assert_int_equal(pty_paper(p, rows - 1, cols - 1), paper);
}

static void the_background_fills_the_screen(void **state)
{
    (void)state;
    struct pty *p = lectern("theme sepia\n", "xterm-256color", NULL);
    filled(p, 80, 24, "sepia", 230); // the shelf
    pty_press(p, "\r");
    filled(p, 80, 24, "sepia", 230); // the contents
    pty_press(p, "\r");
    assert_true(pty_shows(p, "Paper forgives."));
    filled(p, 80, 24, "sepia", 230);
    pty_resize(p, 132, 40);
    assert_true(pty_idle(p));
    filled(p, 132, 40, "sepia", 230);
    pty_resize(p, 40, 12);
    assert_true(pty_idle(p));
    filled(p, 40, 12, "sepia", 230);
    pty_press(p, "?");
    filled(p, 40, 12, "sepia", 230);
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
}

static void another_theme_is_put_on_at_once(void **state)
{
    (void)state;
    struct pty *p = lectern("", "xterm-256color", NULL);
    filled(p, 80, 24, "default", -1);
    pty_press(p, "T");
    pty_press(p, "k"); // before default comes dark
    assert_true(pty_shows(p, "Themes"));
    filled(p, 80, 24, "dark", 234);
    pty_press(p, "\r");
    filled(p, 80, 24, "dark", 234);
    pty_press(p, "T");
    pty_press(p, "j");
    filled(p, 80, 24, "default", -1);
    pty_press(p, "q");
    filled(p, 80, 24, "dark", 234);
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    assert_int_equal(pty_paper(p, 0, 0), -1); // the terminal's own again
    pty_end(p);
}

static void every_colour_where_it_can_be_shown(void **state)
{
    (void)state;
    struct pty *p = lectern("theme sepia\n", "xterm-256color", "COLORTERM=truecolor");
    for (int row = 0; row < 24; row += 23)
        for (int col = 0; col < 80; col++)
            assert_int_equal(pty_paper(p, row, col), LOOK_RGB | 0xf4ecd8);
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
}

static void without_colours_none_is_sent(void **state)
{
    (void)state;
    struct pty *p = lectern("theme sepia\n", "vt100", NULL);
    filled(p, 80, 24, "mono", -1);
    pty_send(p, "Q");
    assert_int_equal(pty_wait(p), 0);
    pty_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_background_fills_the_screen),
        cmocka_unit_test(another_theme_is_put_on_at_once),
        cmocka_unit_test(every_colour_where_it_can_be_shown),
        cmocka_unit_test(without_colours_none_is_sent),
    };
    return cmocka_run_group_tests_name("paper", tests, make_library, drop_library);
}
