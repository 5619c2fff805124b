// Themes: what a file may say, what becomes of it on terminals that can do less, and whether the
// ones that come with Lectern can be read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/theme.h"
#include "lectern/utf8.h"

static const struct look_means everything = {1 << 24, true, true}, many = {256, true, true},
                               sixteen = {16, true, true}, eight = {8, true, true},
                               none = {0, false, false};

extern const char theme_default_text[], theme_mono_text[];

static struct theme *parse(const char *text)
{
    return theme_parse(text, strlen(text), "t.theme");
}

static void lines_say_how_roles_look(void **state)
{
    (void)state;
    struct theme *t = parse("# a comment\n\n"
                            "text   #222/0 on #f4ecd8/15\n"
                            "title  bright-red bold underline # why not\n"
                            "status dim\n"
                            "link   31/magenta UNDERLINE\r\n"
                            "current on 3 bold\n"
                            "emphasis italic\n");
    size_t n;
    theme_problems(t, &n);
    assert_int_equal(n, 0);
    struct look l = theme_look(t, STYLE(TEXT), everything);
    assert_int_equal(l.fg, LOOK_RGB | 0x222222);
    assert_int_equal(l.bg, LOOK_RGB | 0xf4ecd8);
    l = theme_look(t, STYLE(TITLE), everything);
    assert_int_equal(l.fg, 9);
    assert_int_equal(l.bg, LOOK_RGB | 0xf4ecd8); // as in text
    assert_int_equal(l.attrs, LOOK_BOLD | LOOK_UNDERLINE);
    assert_int_equal(theme_look(t, STYLE(TITLE), eight).fg, 1);
    l = theme_look(t, (struct style){ROLE_STATUS, MARK_LINK}, many);
    assert_int_equal(l.fg, 31);
    assert_int_equal(l.attrs, LOOK_UNDERLINE); // the faintness was not of this colour
    assert_int_equal(theme_look(t, (struct style){ROLE_TEXT, MARK_LINK}, eight).fg, 5);
    assert_int_equal(theme_look(t, STYLE(TEXT), sixteen).bg, 15);
    assert_int_equal(theme_look(t, STYLE(TEXT), eight).bg, 7);
    assert_int_equal(theme_look(t, STYLE(TEXT), many).fg, 235);
    l = theme_look(t, (struct style){ROLE_STATUS, MARK_CURRENT}, many);
    assert_int_equal(l.bg, 3);
    assert_int_equal(l.attrs, LOOK_BOLD); // never faint
    // Without italics emphasis still shows; without anything nothing breaks.
    assert_int_equal(theme_look(t, (struct style){ROLE_TEXT, MARK_EM}, many).attrs, LOOK_ITALIC);
    l = theme_look(t, (struct style){ROLE_STATUS, MARK_EM}, none);
    assert_int_equal(l.attrs, LOOK_UNDERLINE);
    assert_int_equal(l.fg, LOOK_DEFAULT);
    theme_look(t, (struct style){255, 0xFFFF}, many);
    theme_free(t);
}

static void colours_have_stand_ins(void **state)
{
    (void)state;
    struct theme *t = parse("text #fff/red on #433422/black\n"
                            "title #102030/31/blue\nkey #102030/blue/31\nlink #102030/default\n"
                            "code 31/5\n");
    assert_int_equal(theme_lacks(t), 0);
    assert_int_equal(theme_look(t, STYLE(TITLE), everything).fg, LOOK_RGB | 0x102030);
    assert_int_equal(theme_look(t, STYLE(TITLE), many).fg, 31);
    assert_int_equal(theme_look(t, STYLE(KEY), many).fg, 31);
    assert_int_equal(theme_look(t, STYLE(TITLE), sixteen).fg, 4);
    assert_int_equal(theme_look(t, STYLE(TEXT), many).fg, 231); // the nearest
    struct style link = {ROLE_TEXT, MARK_LINK}, code = {ROLE_TEXT, MARK_CODE};
    assert_int_equal(theme_look(t, link, eight).fg, LOOK_DEFAULT);
    assert_int_equal(theme_look(t, code, many).fg, 31);
    assert_int_equal(theme_look(t, code, eight).fg, 5);
    theme_free(t);
    // One colour without a stand-in, and all of it looks as mono does there.
    t = parse("text white on black\ntitle #102030\n");
    assert_int_equal(theme_lacks(t), 2);
    assert_int_equal(theme_look(t, STYLE(TEXT), sixteen).bg, LOOK_DEFAULT);
    assert_int_equal(theme_look(t, STYLE(TITLE), sixteen).attrs, LOOK_BOLD);
    assert_int_equal(theme_look(t, STYLE(TEXT), many).bg, 0);
    theme_free(t);
}

static void without_colours_attributes_speak(void **state)
{
    (void)state;
    struct theme *t = parse("text white on black\nlist-unread yellow\ncurrent on blue\n");
    struct style current = {ROLE_LIST_TITLE, MARK_CURRENT};
    assert_int_equal(theme_look(t, STYLE(LIST_UNREAD), none).attrs, LOOK_BOLD); // as in mono
    assert_int_equal(theme_look(t, current, none).attrs, LOOK_BOLD | LOOK_UNDERLINE);
    theme_free(t);
    t = parse("list-unread reverse\ncurrent underline\n"); // one that needs no colour stays itself
    assert_int_equal(theme_look(t, STYLE(LIST_UNREAD), none).attrs, LOOK_REVERSE);
    assert_int_equal(theme_look(t, current, none).attrs, LOOK_UNDERLINE);
    theme_free(t);
}

static void escape_sequences_say_it_all(void **state)
{
    (void)state;
    static const struct {
        struct look look;
        const char *says;
    } table[] = {
        {{LOOK_DEFAULT, LOOK_DEFAULT, 0}, "\x1b[0m"},
        {{LOOK_DEFAULT, LOOK_DEFAULT, LOOK_BOLD | LOOK_UNDERLINE}, "\x1b[0;1;4m"},
        {{LOOK_DEFAULT, LOOK_DEFAULT, LOOK_DIM | LOOK_ITALIC | LOOK_REVERSE}, "\x1b[0;2;3;7m"},
        {{3, 12, 0}, "\x1b[0;33;104m"},
        {{9, 0, 0}, "\x1b[0;91;40m"},
        {{31, 230, 0}, "\x1b[0;38;5;31;48;5;230m"},
        {{LOOK_RGB | 0x0102ff, LOOK_RGB, LOOK_BOLD}, "\x1b[0;1;38;2;1;2;255;48;2;0;0;0m"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf b = {0};
        look_sgr(table[i].look, &b);
        assert_string_equal(buf_cstr(&b), table[i].says);
        buf_free(&b);
    }
}

static void the_environment_says_what_can_be_shown(void **state)
{
    (void)state;
    static const struct {
        const char *term, *colorterm, *no_color;
        int colours;
        bool italic;
    } table[] = {{"xterm-256color", NULL, NULL, 256, true},
                 {"xterm-256color", "truecolor", NULL, 1 << 24, true},
                 {"xterm-256color", "24bit", "", 1 << 24, true},
                 {"xterm-256color", "truecolor", "1", 0, true},
                 {"xterm-kitty", NULL, NULL, 1 << 24, true},
                 {"xterm-direct", NULL, NULL, 1 << 24, true},
                 {"screen-256color", "truecolor", NULL, 256, false},
                 {"xterm", NULL, NULL, 8, true},
                 {"linux", NULL, NULL, 8, false},
                 {"rxvt-16color", NULL, NULL, 16, true},
                 {"vt100", NULL, NULL, 0, false},
                 {"dumb", "truecolor", NULL, 0, false},
                 {NULL, NULL, NULL, 0, false}};
    static const char *const names[] = {"TERM", "COLORTERM", "NO_COLOR"};
    char *before[3];
    for (int k = 0; k < 3; k++)
        before[k] = getenv(names[k]) ? mem_strdup(getenv(names[k])) : NULL;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *values[] = {table[i].term, table[i].colorterm, table[i].no_color};
        for (int k = 0; k < 3; k++)
            if (values[k])
                setenv(names[k], values[k], 1);
            else
                unsetenv(names[k]);
        struct look_means m = look_means_here();
        assert_int_equal(m.colours, table[i].colours);
        assert_int_equal(m.italic, table[i].italic);
    }
    for (int k = 0; k < 3; k++) {
        if (before[k])
            setenv(names[k], before[k], 1);
        else
            unsetenv(names[k]);
        free(before[k]);
    }
}

static void mistakes_are_told_and_left_out(void **state)
{
    (void)state;
    struct theme *t =
        parse("text default\ntitel bold\ntitle blod\ntitle #12345\ntitle 256\nstatus dim\n"
              "title red/31/32\ntitle on\ncode on red on blue\n");
    static const struct {
        int line;
        const char *says;
    } expected[] = {{2, "there is no role or mark 'titel'"},
                    {3, "'blod' is no colour"},
                    {4, "'#12345' is no colour"},
                    {5, "'256' is no colour"},
                    {7, "'red/31/32' is no colour"},
                    {9, "'on' is no colour"}};
    size_t n;
    const struct conf_problem *p = theme_problems(t, &n);
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(p[i].line, expected[i].line);
        assert_string_equal(p[i].file, "t.theme");
        assert_ptr_equal(strstr(p[i].message, expected[i].says), p[i].message);
    }
    assert_int_equal(theme_look(t, STYLE(STATUS), many).attrs, LOOK_DIM);
    theme_free(t);
}

static void any_bytes_are_taken(void **state)
{
    (void)state;
    char junk[4096];
    unsigned seed = 5;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof junk; i++) {
            seed = seed * 1103515245u + 12345u;
            junk[i] = "text title on #/09 bold\n\n\0\xff"[(seed >> 8) % 27];
        }
        struct theme *t = theme_parse(junk, sizeof junk, "junk");
        theme_look(t, STYLE(TITLE), many);
        theme_free(t);
    }
}

static char *themes_path(const char *name)
{
    const char *root = getenv("LECTERN_ROOT");
    return mem_printf("%s/themes/%s.theme", root ? root : ".", name);
}

static void files_and_built_in_themes_agree(void **state)
{
    (void)state;
    static const char *const names[] = {"default", "mono"};
    for (size_t i = 0; i < 2; i++) {
        char *path = themes_path(names[i]);
        struct buf b = {0};
        assert_true(buf_read_file(&b, path, 1 << 20, NULL));
        assert_string_equal(buf_cstr(&b), i ? theme_mono_text : theme_default_text);
        buf_free(&b);
        free(path);
    }
}

static void own_themes_come_first(void **state)
{
    (void)state;
    char *config = path_config_dir(), *dir = path_join(config, "themes"),
         *file = path_join(dir, "mine.theme");
    struct err e = ERR_INIT;
    assert_true(path_make_dir(dir, &e));
    assert_true(buf_write_file(file, "text 1\n", 7, 0600, &e));
    struct theme *t = theme_load("mine", &e);
    assert_string_equal(e.msg, "");
    assert_int_equal(theme_look(t, STYLE(TEXT), many).fg, 1);
    theme_free(t);
    t = theme_load(file, &e);
    assert_int_equal(theme_look(t, STYLE(TEXT), many).fg, 1);
    theme_free(t);
    t = theme_load("nowhere", &e);
    assert_non_null(strstr(e.msg, "there is no theme 'nowhere' in "));
    assert_int_equal(theme_look(t, STYLE(TITLE), many).attrs, LOOK_BOLD); // the default instead
    theme_free(t);
    // It is in the list, and hides one of the same name.
    char *hides = path_join(dir, "sepia.theme");
    assert_true(buf_write_file(hides, "# For me.\ntext 1\n", 17, 0600, &e));
    struct arena *a = arena_new();
    struct theme_entry *all;
    size_t n = theme_list(a, &all), mine = 0, own = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || strcmp(all[i - 1].name, all[i].name) < 0);
        mine += strcmp(all[i].name, "mine") == 0;
        own += all[i].own;
        if (strcmp(all[i].name, "sepia") == 0) {
            assert_string_equal(all[i].about, "For me.");
            assert_string_equal(all[i].path, hides);
        }
        if (strcmp(all[i].name, "default") == 0)
            assert_null(all[i].path);
    }
    assert_int_equal(mine, 1);
    assert_int_equal(own, 2);
    assert_true(n >= 4);
    arena_free(a);
    remove(hides);
    free(hides);
    remove(file);
    free(file);
    free(dir);
    free(config);
}

// ---- what goes with them ----

static void the_sample_shows_everything(void **state)
{
    (void)state;
    unsigned marks = 0;
    bool roles[ROLE_COUNT] = {false};
    int cols = 0;
    for (const struct theme_piece *p = theme_sample; p->text; p++) {
        roles[p->style.role] = true;
        marks |= p->style.marks;
        cols = strcmp(p->text, "\n") == 0 ? 0 : cols + utf8_cols(p->text, strlen(p->text));
        if (cols > 66)
            fail_msg("too wide: %s", p->text);
    }
    for (int i = 0; i < ROLE_COUNT; i++)
        if (!roles[i])
            fail_msg("the sample has no %s", role_table[i].name);
    for (int i = 0; i < MARK_COUNT; i++)
        if (!(marks & 1u << i))
            fail_msg("the sample has no %s", mark_table[i].name);
}

static void the_manual_names_everything(void **state)
{
    (void)state;
    const char *root = getenv("LECTERN_ROOT");
    char *path = path_join(root ? root : ".", "man/lectern-theme.5"), line[64];
    struct buf b = {0};
    assert_true(buf_read_file(&b, path, 1 << 20, NULL));
    const char *roles = strstr(buf_cstr(&b), "\n.\\\" roles\n"),
               *marks = strstr(buf_cstr(&b), "\n.\\\" marks\n");
    assert_non_null(roles);
    assert_non_null(marks);
    for (int i = 0; i < ROLE_COUNT + MARK_COUNT; i++) {
        bool role = i < ROLE_COUNT;
        const char *name = role ? role_table[i].name : mark_table[i - ROLE_COUNT].name;
        snprintf(line, sizeof line, "\n.It Cm %s\n", name);
        const char *at = strstr(role ? roles : marks, line); // and in the table's order
        if (!at)
            fail_msg("lectern-theme(5) does not tell of %s where the order wants it", name);
        *(role ? &roles : &marks) = at;
    }
    buf_free(&b);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_say_how_roles_look),
        cmocka_unit_test(colours_have_stand_ins),
        cmocka_unit_test(without_colours_attributes_speak),
        cmocka_unit_test(escape_sequences_say_it_all),
        cmocka_unit_test(the_environment_says_what_can_be_shown),
        cmocka_unit_test(mistakes_are_told_and_left_out),
        cmocka_unit_test(any_bytes_are_taken),
        cmocka_unit_test(files_and_built_in_themes_agree),
        cmocka_unit_test(own_themes_come_first),
        cmocka_unit_test(the_sample_shows_everything),
        cmocka_unit_test(the_manual_names_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
