// Themes: what a file may say, what becomes of it on terminals that can do less, and whether the
// ones that come with Lectern can be read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "ui/theme.h"

static const struct look_means everything = {1 << 24, true, true}, many = {256, true, true},
                               sixteen = {16, true, true}, eight = {8, true, true},
                               none = {0, false, false};

static struct theme *parse(const char *text)
{
    return theme_parse(text, strlen(text), "t.theme");
}

static void lines_say_how_roles_look(void **state)
{
    (void)state;
    struct theme *t = parse("# a comment\n\n"
                            "text   #222 on #f4ecd8\n"
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
    assert_int_equal(l.attrs, LOOK_DIM | LOOK_UNDERLINE);
    assert_int_equal(theme_look(t, (struct style){ROLE_TEXT, MARK_LINK}, eight).fg, 5);
    assert_int_equal(theme_look(t, STYLE(TEXT), sixteen).bg, LOOK_DEFAULT); // no stand-in
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

static void mistakes_are_told_and_left_out(void **state)
{
    (void)state;
    struct theme *t =
        parse("text default\ntitel bold\ntitle blod\ntitle #12345\ntitle 256\nstatus dim\n"
              "title red/31\ntitle on\ncode on red on blue\n");
    static const struct {
        int line;
        const char *says;
    } expected[] = {{2, "there is no role or mark 'titel'"},
                    {3, "'blod' is no colour"},
                    {4, "'#12345' is no colour"},
                    {5, "'256' is no colour"},
                    {7, "'red/31' is no colour"},
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
        assert_string_equal(buf_cstr(&b), theme_builtin(names[i]));
        buf_free(&b);
        free(path);
    }
    assert_null(theme_builtin("sepia"));
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
    remove(file);
    free(file);
    free(dir);
    free(config);
}

// ---- contrast, as WCAG 2.1 counts it ----

static double light(uint32_t rgb)
{
    double sum = 0, weight[3] = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++) {
        double c = (rgb >> (16 - 8 * i) & 255) / 255.0;
        sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = light(a), y = light(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static void every_role_can_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double least;
    } themes[] = {{"default", 4}, {"mono", 4},    {"dark", 4.5},
                  {"light", 4.5}, {"sepia", 4.5}, {"high-contrast", 7}};
    static const uint32_t papers[] = {0x000000, 0x1e1e1e, 0xffffff, 0xf8f8f2};
    const struct look_means means[] = {everything, many};
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        char *path = themes_path(themes[i].name);
        struct err e = ERR_INIT;
        struct theme *t = theme_load(path, &e);
        assert_string_equal(e.msg, "");
        size_t n;
        theme_problems(t, &n);
        assert_int_equal(n, 0);
        for (int role = 0; role < ROLE_COUNT; role++)
            for (int mark = -1; mark < MARK_COUNT; mark++)
                for (size_t m = 0; m < 2; m++)
                    for (size_t p = 0; p < 4; p++) {
                        struct style st = {(uint8_t)role, mark < 0 ? 0 : (uint16_t)(1u << mark)};
                        struct look l = theme_look(t, st, means[m]);
                        bool own = l.bg != LOOK_DEFAULT;
                        if (l.fg == LOOK_DEFAULT || (l.fg == 1 && role == ROLE_ERROR))
                            continue; // the terminal's own choice, its own red
                        double c = contrast(theme_rgb(l.fg), own ? theme_rgb(l.bg) : papers[p]);
                        if (c < (own || p % 2 == 0 ? themes[i].least : 3.5))
                            fail_msg("%s: %s with %s: contrast %.2f", themes[i].name,
                                     role_table[role].name,
                                     mark < 0 ? "no mark" : mark_table[mark].name, c);
                    }
        // What is under the cursor shows without any colour.
        struct style st = {ROLE_LIST_TITLE, MARK_CURRENT};
        assert_true(theme_look(t, st, none).attrs != theme_look(t, STYLE(LIST_TITLE), none).attrs);
        theme_free(t);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_say_how_roles_look),
        cmocka_unit_test(mistakes_are_told_and_left_out),
        cmocka_unit_test(any_bytes_are_taken),
        cmocka_unit_test(files_and_built_in_themes_agree),
        cmocka_unit_test(own_themes_come_first),
        cmocka_unit_test(every_role_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
