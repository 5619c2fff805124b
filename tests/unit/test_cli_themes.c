// `lectern themes` as people run it: the list, a page in a theme, what is wrong in one's own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/theme.h"
#include "../support/program.h"

static void says(const struct buf *out, const char *part)
{
    if (!strstr(buf_cstr(out), part))
        fail_msg("'%s' is not in:\n%s", part, buf_cstr(out));
}

static void says_not(const struct buf *out, const char *part)
{
    if (strstr(buf_cstr(out), part))
        fail_msg("'%s' is in:\n%s", part, buf_cstr(out));
}

static char *own_theme(const char *name, const char *text)
{
    char *config = path_config_dir(), *dir = path_join(config, "themes"),
         *file = path_join(dir, name);
    struct err e = ERR_INIT;
    if (!path_make_dir(dir, &e) || !buf_write_file(file, text, strlen(text), 0600, &e))
        fail_msg("%s", e.msg);
    free(dir);
    free(config);
    return file;
}

static void all_are_listed(void **state)
{
    (void)state;
    struct buf b = {0};
    char *mine = own_theme("mine.theme", "# For me \x1b[2J alone.\ntext default\n");
    assert_int_equal(program_run("themes", &b, NULL), 0);
    says(&b, "*\tdefault\tFor everybody: ");
    says(&b, "\n\tsepia\tFor evenings with a lamp: brown ink on old paper.\t");
    says(&b, "\n\tmine\tFor me [2J alone.\t");
    says(&b, "mine.theme\n");
    char *config = program_file("themes-config", "theme mine\n"),
         *line = mem_printf("--config '%s' themes --json", config);
    assert_int_equal(program_run(line, &b, NULL), 0);
    json_t *all = json_loads(buf_cstr(&b), 0, NULL);
    assert_non_null(all);
    assert_true(json_array_size(all) >= 16);
    size_t i, current = 0, own = 0;
    json_t *o;
    json_array_foreach(all, i, o)
    {
        bool is_mine = strcmp(json_string_value(json_object_get(o, "name")), "mine") == 0;
        assert_int_equal(json_is_true(json_object_get(o, "current")), is_mine);
        assert_int_equal(json_is_true(json_object_get(o, "own")), is_mine);
        current += json_is_true(json_object_get(o, "current"));
        own += json_is_true(json_object_get(o, "own"));
    }
    assert_int_equal(current, 1);
    assert_int_equal(own, 1);
    json_decref(all);
    free(line);
    free(config);
    unlink(mine);
    free(mine);
    buf_free(&b);
}

static void one_is_shown(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_int_equal(program_run("themes --show sepia", &b, NULL), 0);
    says(&b, "\n  sepia\n  For evenings with a lamp: ");
    says(&b, "\n  contrast in true colour\n");
    says(&b, "\n  text           10.2  #433422 on #f4ecd8\n");
    says(&b, "\n  link            9.5  #5c2f14 on #f4ecd8 underline\n");
    says_not(&b, "\x1b");
    says_not(&b, "hard to read");
    for (int i = 0; i < ROLE_COUNT + MARK_COUNT; i++) {
        char name[40];
        snprintf(name, sizeof name, "\n  %s ",
                 i < ROLE_COUNT ? role_table[i].name : mark_table[i - ROLE_COUNT].name);
        says(&b, name);
    }
    // In its colours, as deep as the terminal goes; every line has the theme's background.
    static const struct {
        const char *term, *deep, *text, *head;
    } table[] = {{"xterm-256color", "truecolor", "\x1b[0;38;2;201;196;186;48;2;28;27;25m",
                  "contrast in true colour"},
                 {"xterm-256color", NULL, "\x1b[0;38;5;251;48;5;234m", "contrast with 256 colours"},
                 {"xterm", NULL, "\x1b[0;37;40m", "contrast with 8 colours"},
                 {"vt100", NULL, "\x1b[0;1mOf Ink and Paper\x1b[0m", "contrast without colours"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        setenv("TERM", table[i].term, 1);
        if (table[i].deep)
            setenv("COLORTERM", table[i].deep, 1);
        else
            unsetenv("COLORTERM");
        assert_int_equal(program_run("themes --color --show dark", &b, NULL), 0);
        says(&b, table[i].text);
        says(&b, table[i].head);
        for (const char *s = buf_cstr(&b); i < 3 && *s; s += strcspn(s, "\n") + 1)
            assert_int_equal(*s, '\x1b');
    }
    setenv("NO_COLOR", "1", 1);
    assert_int_equal(program_run("themes --color --show dark", &b, NULL), 0);
    unsetenv("NO_COLOR");
    says_not(&b, ";3;38");
    says_not(&b, ";37");
    says(&b, "contrast without colours");
    // Without a name, the one in use.
    char *config = program_file("themes-config", "theme green\n"),
         *line = mem_printf("--config '%s' themes --show", config);
    assert_int_equal(program_run(line, &b, NULL), 0);
    says(&b, "\n  green\n  For those who miss the green screen.\n");
    free(line);
    free(config);
    buf_free(&b);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    struct buf b = {0}, wrong = {0};
    char *file = program_file("wrong.theme", "# For no one.\ntext #333 on #222\ntitel bold\n");
    char *line = mem_printf("themes --show '%s'", file), *told = mem_printf("%s:3: ", file);
    assert_int_equal(program_run(line, &b, &wrong), 1);
    says(&wrong, told);
    says(&wrong, "there is no role or mark 'titel'\n");
    says(&b, "\n  For no one.\n");
    says(&b, "line 2 names no stand-in");
    says(&b, "#333333 on #222222  hard to read\n");
    assert_int_equal(program_run("themes --show nowhere", &b, &wrong), 1);
    assert_string_equal(buf_cstr(&b), "");
    says(&wrong, "lectern themes: there is no theme 'nowhere' in ");
    assert_int_equal(program_run("themes --show no/where.theme", &b, &wrong), 1);
    assert_int_equal(program_run("themes --show a b", &b, &wrong), 2);
    assert_int_equal(program_run("themes --json --show dark", &b, &wrong), 2);
    free(told);
    free(line);
    unlink(file);
    free(file);
    buf_free(&b);
    buf_free(&wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_listed),
        cmocka_unit_test(one_is_shown),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
