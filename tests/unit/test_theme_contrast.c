// Every theme that comes with Lectern can be read: the contrast of WCAG 2.1 of every role with
// every mark, and every two marks, laid over it, on every kind of terminal. And nothing is said by
// colour alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/path.h"
#include "lectern/theme.h"

enum { FEWEST = 12 }; // themes there are at least
static const struct look_means means[] = {
    {1 << 24, true, true}, {256, true, true},   {16, true, true},  {8, true, true},
    {0, true, true},       {256, false, false}, {8, false, false}, {0, false, false},
};
enum { MEANS = sizeof means / sizeof *means };

static char *folder(void)
{
    const char *root = getenv("LECTERN_ROOT");
    return path_join(root ? root : ".", "themes");
}

static int each_theme(void (*check)(const char *name, const struct theme *t))
{
    char *dir = folder();
    DIR *d = opendir(dir);
    assert_non_null(d);
    int n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (!strstr(e->d_name, ".theme"))
            continue;
        char *path = path_join(dir, e->d_name);
        struct err why = ERR_INIT;
        struct theme *t = theme_load(path, &why);
        assert_string_equal(why.msg, "");
        check(e->d_name, t);
        theme_free(t);
        free(path);
        n++;
    }
    closedir(d);
    free(dir);
    return n;
}

// ---- the measure itself ----

static void contrast_is_that_of_wcag(void **state)
{
    (void)state;
    // Ratios as the working group's own examples and common checkers give them.
    static const struct {
        uint32_t ink, paper;
        double ratio;
    } known[] = {
        {0x000000, 0xffffff, 21.0}, {0xffffff, 0xffffff, 1.0},   {0x777777, 0xffffff, 4.48},
        {0x767676, 0xffffff, 4.54}, {0xff0000, 0xffffff, 4.0},   {0x0000ff, 0xffffff, 8.59},
        {0x008000, 0xffffff, 5.14}, {0xffff00, 0x000000, 19.56}, {0x595959, 0xffffff, 7.0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct look l = {(int32_t)(LOOK_RGB | known[i].ink), (int32_t)(LOOK_RGB | known[i].paper),
                         0};
        double c = look_contrast(l, (struct look_paper){0, 0});
        if (fabs(c - known[i].ratio) > 0.01)
            fail_msg("%06x on %06x: %.3f, not %.2f", known[i].ink, known[i].paper, c,
                     known[i].ratio);
        l.attrs = LOOK_REVERSE;
        assert_true(fabs(look_contrast(l, (struct look_paper){0, 0}) - c) < 1e-9);
    }
    struct look own = {LOOK_DEFAULT, LOOK_DEFAULT, 0},
                faint = {LOOK_DEFAULT, LOOK_DEFAULT, LOOK_DIM};
    assert_true(look_contrast(own, (struct look_paper){0x777777, 0xffffff}) < 4.5);
    assert_true(look_contrast_least(own) > 20.9);
    double c = look_contrast(faint, (struct look_paper){0x000000, 0xffffff}); // as #555555
    assert_true(fabs(c - 7.46) < 0.01);
    struct look blue = {LOOK_RGB | 0x0000ff, LOOK_DEFAULT, 0};
    assert_true(look_contrast_least(blue) < 2.5); // on black
}

// ---- the themes ----

static void named(char out[160], struct style st)
{
    size_t n = (size_t)snprintf(out, 160, "%s", role_table[st.role].name);
    for (int i = 0; i < MARK_COUNT; i++)
        if (st.marks & 1u << i)
            n += (size_t)snprintf(out + n, 160 - n, " + %s", mark_table[i].name);
}

static int unclear; // how many looks

static void is_clear(const char *name, const struct theme *t, struct style st, double least)
{
    for (size_t m = 0; m < MEANS; m++) {
        struct look l = theme_look(t, st, means[m]);
        double c = look_contrast_least(l);
        if (c < least) {
            char what[160];
            named(what, st);
            if (unclear++ < 40)
                print_error("%s: %s with %d colours: contrast %.2f (%x on %x, %x)\n", name, what,
                            means[m].colours, c, (unsigned)l.fg, (unsigned)l.bg, l.attrs);
        }
    }
}

static void can_be_read(const char *name, const struct theme *t)
{
    double least = strncmp(name, "high-contrast", 13) == 0 ? 7 : 4.5;
    size_t wrong;
    theme_problems(t, &wrong);
    assert_int_equal(wrong, 0);
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int a = 0; a <= MARK_COUNT; a++)
            for (int b = a; b <= MARK_COUNT; b++) {
                unsigned marks = ((1u << a) | (1u << b)) & ((1u << MARK_COUNT) - 1);
                is_clear(name, t, (struct style){(uint8_t)role, (uint16_t)marks}, least);
            }
}

static void every_role_can_be_read(void **state)
{
    (void)state;
    assert_true(each_theme(can_be_read) >= FEWEST);
    assert_int_equal(unclear, 0);
}

// What must be seen differs from the text beside it in more than colour, on every terminal.
static void differ(const char *name, const struct theme *t, struct style a, struct style b)
{
    for (size_t m = 0; m < MEANS; m++)
        if (theme_look(t, a, means[m]).attrs == theme_look(t, b, means[m]).attrs) {
            char what[160], than[160];
            named(what, a);
            named(than, b);
            fail_msg("%s: with %d colours, only colour tells %s from %s", name, means[m].colours,
                     what, than);
        }
}

static void tells_without_colour(const char *name, const struct theme *t)
{
    static const uint16_t marks[] = {MARK_LINK, MARK_MATCH,  MARK_CURRENT, MARK_HINT,
                                     MARK_EM,   MARK_STRONG, MARK_INSERT};
    static const uint8_t bodies[] = {ROLE_TEXT, ROLE_QUOTE, ROLE_LIST_TITLE, ROLE_NOTE, ROLE_VERSE};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++)
            differ(name, t, (struct style){bodies[k], marks[i]}, (struct style){bodies[k], 0});
    differ(name, t, STYLE(ERROR), STYLE(TEXT));
    differ(name, t, STYLE(ERROR), STYLE(MESSAGE));
    differ(name, t, STYLE(LIST_UNREAD), STYLE(LIST_TITLE));
    differ(name, t, STYLE(TITLE), STYLE(TEXT));
    differ(name, t, STYLE(HEADING1), STYLE(TEXT));
    differ(name, t, STYLE(HEADING2), STYLE(TEXT));
    differ(name, t, STYLE(KEY), STYLE(TEXT));
}

// What lies on the line under the cursor must not be lost there, nor that line among unread ones.
static void shows(const char *name, const struct theme *t, struct style a, struct style b)
{
    for (size_t m = 0; m < MEANS; m++) {
        struct look x = theme_look(t, a, means[m]), y = theme_look(t, b, means[m]);
        if (x.fg == y.fg && x.bg == y.bg && x.attrs == y.attrs) {
            char what[160], than[160];
            named(what, a);
            named(than, b);
            fail_msg("%s: with %d colours nothing tells %s from %s", name, means[m].colours, what,
                     than);
        }
    }
}

static void is_told_apart(const char *name, const struct theme *t)
{
    static const uint8_t rows[] = {ROLE_LIST_TITLE, ROLE_LIST_UNREAD, ROLE_TEXT, ROLE_ERROR};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct style row = {rows[i], 0}, current = {rows[i], MARK_CURRENT},
                     found = {rows[i], MARK_CURRENT | MARK_MATCH}, match = {rows[i], MARK_MATCH};
        shows(name, t, current, row);
        shows(name, t, found, current);
        shows(name, t, match, row);
    }
    shows(name, t, STYLE(HEADING2), STYLE(TEXT));
    shows(name, t, (struct style){ROLE_TEXT, MARK_CODE}, STYLE(TEXT));
    shows(name, t, (struct style){ROLE_TEXT, MARK_HIGHLIGHT}, STYLE(TEXT));
    shows(name, t, (struct style){ROLE_TEXT, MARK_HIGHLIGHT | MARK_MATCH},
          (struct style){ROLE_TEXT, MARK_HIGHLIGHT});
}

static void nothing_is_lost_on_another(void **state)
{
    (void)state;
    each_theme(is_told_apart);
}

static void colour_is_never_the_only_sign(void **state)
{
    (void)state;
    each_theme(tells_without_colour);
}

// A theme that colours the background colours all of it: no role of running text falls back.
static void fills(const char *name, const struct theme *t)
{
    for (size_t m = 0; m < MEANS; m++) {
        struct look text = theme_look(t, STYLE(TEXT), means[m]);
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct look l = theme_look(t, (struct style){(uint8_t)role, 0}, means[m]);
            if ((l.bg == LOOK_DEFAULT) != (text.bg == LOOK_DEFAULT) ||
                (l.bg != LOOK_DEFAULT && l.fg == LOOK_DEFAULT))
                fail_msg("%s: %s stands on another kind of background", name,
                         role_table[role].name);
        }
    }
}

static void one_background_fills_the_screen(void **state)
{
    (void)state;
    each_theme(fills);
}

// Each file names each role and mark, and begins with a line on who it is for.
static void says_it_all(const char *name, const struct theme *t)
{
    char *dir = folder(), *path = path_join(dir, name), line[64];
    struct buf b = {0};
    assert_true(buf_read_file(&b, path, 1 << 20, NULL));
    if (strncmp(theme_about(t), "For ", 4) != 0)
        fail_msg("%s does not begin with who it is for: '%s'", name, theme_about(t));
    for (int i = 0; i < ROLE_COUNT + MARK_COUNT; i++) {
        const char *what = i < ROLE_COUNT ? role_table[i].name : mark_table[i - ROLE_COUNT].name;
        snprintf(line, sizeof line, "\n%s ", what);
        const char *at = strstr(buf_cstr(&b), line);
        if (!at || strstr(at + 1, line))
            fail_msg("%s names %s %s", name, what, at ? "twice" : "nowhere");
    }
    buf_free(&b);
    free(path);
    free(dir);
}

static void files_name_every_role(void **state)
{
    (void)state;
    each_theme(says_it_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(every_role_can_be_read),
        cmocka_unit_test(nothing_is_lost_on_another),
        cmocka_unit_test(colour_is_never_the_only_sign),
        cmocka_unit_test(one_background_fills_the_screen),
        cmocka_unit_test(files_name_every_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
