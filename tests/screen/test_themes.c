// Trying themes on: what the cursor of the list stands on is worn at once, Enter keeps it, all else
// takes the old one back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/path.h"
#include "../support/screen.h"

// Themes of one's own, so that the list begins with names that are known.
static int make_themes(void **state)
{
    (void)state;
    static const char *const names[] = {"aa-first", "aa-second", "broken"};
    char *config = path_config_dir(), *dir = path_join(config, "themes");
    struct err e = ERR_INIT;
    assert_true(path_make_dir(dir, &e));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *name = mem_printf("%s.theme", names[i]), *file = path_join(dir, name);
        assert_true(buf_write_file(file, "# For tests.\n", 13, 0600, &e));
        free(file);
        free(name);
    }
    free(dir);
    free(config);
    return 0;
}

static void has(struct screen *s, const char *what)
{
    if (!strstr(screen_text(s), what))
        fail_msg("“%s” is not on the screen:\n%s", what, screen_text(s));
}

static void worn(struct screen *s, const char *themes)
{
    assert_string_equal(buf_cstr(&s->worn), themes);
    buf_clear(&s->worn);
}

static void what_keeps_and_leaves_fits_at_40_columns(void **state)
{
    (void)state;
    struct screen *s = screen_open(40, 12);
    screen_do(s, "themes");
    has(s, "Enter keeps it, q the old one");
    screen_close(s);
}

static void the_cursor_tries_on_and_enter_keeps(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "themes");
    has(s, " Lectern "); // the page is still there
    has(s, "   Themes\n");
    has(s, "Enter keeps it, q the old one");
    assert_non_null(strstr(screen_current(s), "default"));
    worn(s, "");
    screen_do(s, "'g'");
    has(s, "   aa-first");
    assert_non_null(strstr(screen_current(s), "For tests."));
    screen_do(s, "<down> 'k' 'k'"); // the last one has nowhere to go
    worn(s, "aa-first\naa-second\naa-first\n");
    screen_do(s, "'j' <enter>");
    worn(s, "aa-second\n");
    has(s, "theme is aa-second for now; `:always theme` keeps it");
    assert_null(strstr(screen_text(s), "For tests."));
    screen_do(s, "themes"); // and it is where the list opens next
    assert_non_null(strstr(screen_current(s), "aa-second"));
    screen_do(s, "'q'");
    worn(s, "");
    screen_close(s);
}

static void all_else_takes_the_old_one_back(void **state)
{
    (void)state;
    static const char *const ways[] = {"'q'", "<esc>", "'h'"};
    struct screen *s = screen_open(80, 24);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        screen_do(s, "themes 'gj'");
        worn(s, "aa-first\naa-second\n");
        screen_do(s, ways[i]);
        worn(s, "default\n");
        assert_null(strstr(screen_text(s), "For tests."));
    }
    screen_do(s, "themes 'g'");
    screen_close(s); // and the end of the program leaves nothing behind
}

static void the_key_that_opens_it_goes_round(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "themes 'G'");
    buf_clear(&s->worn);
    screen_do(s, "'TT'");
    worn(s, "aa-first\naa-second\n");
    screen_close(s);
}

static void one_that_cannot_be_read_says_so(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "themes 'gjj'");
    assert_non_null(strstr(screen_current(s), "broken"));
    has(s, "There is no theme broken");
    worn(s, "aa-first\naa-second\n");
    screen_do(s, "<enter>"); // what is worn is kept
    has(s, "theme is aa-second for now");
    screen_close(s);
}

static void it_fits_every_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{200, 60}, {40, 12}, {20, 5}, {10, 2}, {1, 1}};
    struct screen *s = screen_open(80, 24);
    screen_do(s, "themes 'g'");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        screen_size(s, sizes[i][0], sizes[i][1]);
        screen_do(s, "'jk'");
        if (sizes[i][0] >= 20)
            assert_non_null(strstr(screen_current(s), "aa-first"));
    }
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keeps_and_leaves_fits_at_40_columns),
        cmocka_unit_test(the_cursor_tries_on_and_enter_keeps),
        cmocka_unit_test(all_else_takes_the_old_one_back),
        cmocka_unit_test(the_key_that_opens_it_goes_round),
        cmocka_unit_test(one_that_cannot_be_read_says_so),
        cmocka_unit_test(it_fits_every_size),
    };
    return cmocka_run_group_tests_name("themes", tests, make_themes, NULL);
}
