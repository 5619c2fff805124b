// The screen kept with few bytes: whatever is to be shown after whatever was shown, on terminals of
// all kinds an emulator that gets the bytes shows it, and the bytes are few.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "ui/term_screen.h"

static const struct look plain = {LOOK_DEFAULT, LOOK_DEFAULT, 0};

struct fixture {
    struct caps *caps;
    struct screen *screen;
    VTerm *vt;
    VTermScreen *emulated;
    int cols, rows;
    struct buf out;
};

static void setup(struct fixture *f, const char *term, int cols, int rows)
{
    *f = (struct fixture){.cols = cols, .rows = rows};
    f->caps = caps_new(term, STDOUT_FILENO);
    assert_non_null(f->caps);
    f->screen = screen_new(f->caps);
    screen_resize(f->screen, cols, rows);
    f->vt = vterm_new(rows, cols);
    vterm_set_utf8(f->vt, 1);
    f->emulated = vterm_obtain_screen(f->vt);
    vterm_screen_reset(f->emulated, 1);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            screen_spots(f->screen, row)[col] = (struct spot){" ", 1, 0, plain};
}

static void teardown(struct fixture *f)
{
    screen_free(f->screen);
    caps_free(f->caps);
    vterm_free(f->vt);
    buf_free(&f->out);
}

static void text(struct fixture *f, int row, int col, const char *s, struct look look)
{
    for (; *s && col < f->cols; s++, col++) {
        struct spot *c = &screen_spots(f->screen, row)[col];
        *c = (struct spot){"", 1, 0, look};
        c->glyph[0] = *s;
    }
}

static size_t update(struct fixture *f, int row, int col)
{
    buf_clear(&f->out);
    screen_update(f->screen, row, col, plain, NULL, &f->out);
    vterm_input_write(f->vt, buf_cstr(&f->out), f->out.len);
    return f->out.len;
}

static bool blank(const struct spot *c)
{
    return c->glyph[0] == ' ' && !(c->look.attrs & (LOOK_UNDERLINE | LOOK_REVERSE));
}

// What the emulator shows is what was wanted: glyphs, attributes it knows, colours of the palette.
static void shown(struct fixture *f, int row, int col)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(f->vt), &at);
    assert_int_equal(at.row, row);
    assert_int_equal(at.col, col);
    for (int r = 0; r < f->rows; r++)
        for (int c = 0; c < f->cols; c++) {
            const struct spot *want = &screen_spots(f->screen, r)[c];
            VTermScreenCell cell;
            vterm_screen_get_cell(f->emulated, (VTermPos){.row = r, .col = c}, &cell);
            if (want->width == 0)
                continue;
            char glyph[32] = " ";
            size_t len = 0;
            for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
                len += utf8_encode(cell.chars[i], glyph + len);
            if (len)
                glyph[len] = '\0';
            if (strcmp(glyph, want->glyph) != 0)
                fail_msg("at %d,%d is '%s' for '%s'", r, c, glyph, want->glyph);
            bool no_ground = want->look.bg == LOOK_DEFAULT || !f->caps->means.colours;
            if (VTERM_COLOR_IS_DEFAULT_BG(&cell.bg) != no_ground)
                fail_msg("the background of %d,%d '%s' is wrong: %d for %d, after %s", r, c, glyph,
                         cell.bg.indexed.idx, (int)want->look.bg, buf_cstr(&f->out));
            if (blank(want))
                continue;
            assert_int_equal(cell.attrs.bold, (want->look.attrs & LOOK_BOLD) != 0);
            assert_int_equal(cell.attrs.reverse, (want->look.attrs & LOOK_REVERSE) != 0);
            if (f->caps->italic)
                assert_int_equal(cell.attrs.italic, (want->look.attrs & LOOK_ITALIC) != 0);
            bool coloured = want->look.fg != LOOK_DEFAULT || want->look.bg != LOOK_DEFAULT;
            if (!coloured || !(f->caps->bad_mix & 2)) // there, colours spoil underlines
                assert_int_equal(cell.attrs.underline != 0,
                                 (want->look.attrs & LOOK_UNDERLINE) != 0);
            if (f->caps->means.colours && want->look.fg != LOOK_DEFAULT)
                assert_int_equal(cell.fg.indexed.idx, want->look.fg);
        }
}

static unsigned seed;
static unsigned dice(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void put_any(struct spot *row, int col, int cols)
{
    static const char *const narrow[] = {" ", "a", "b", "\xc3\xa9", "\xe2\x80\x94", "e\xcc\x81"};
    static const char *const wide[] = {"\xe6\x97\xa5", "\xea\xb0\x80"};
    static const uint8_t attrs[] = {
        0, 0, 0, LOOK_BOLD, LOOK_ITALIC, LOOK_UNDERLINE, LOOK_REVERSE, LOOK_BOLD | LOOK_UNDERLINE};
    struct look look = {dice(3) ? LOOK_DEFAULT : (int)dice(8),
                        dice(5) ? LOOK_DEFAULT : (int)dice(8), attrs[dice(8)]};
    // The other half of what is overwritten becomes a blank, as on a canvas.
    for (int i = col; i < col + 2 && i < cols; i++) {
        if (row[i].width == 0 && i > 0)
            row[i - 1] = (struct spot){" ", 1, 0, plain};
        if (row[i].width == 2 && i + 1 < cols)
            row[i + 1] = (struct spot){" ", 1, 0, plain};
        row[i] = (struct spot){" ", 1, 0, plain};
    }
    bool two = col + 1 < cols && dice(6) == 0;
    row[col] = (struct spot){"", two ? 2 : 1, 0, look};
    // The emulator loses a mark that comes in the last column.
    strcpy(row[col].glyph, two ? wide[dice(2)] : narrow[dice(col + 1 < cols ? 6 : 5)]);
    if (two)
        row[col + 1] = (struct spot){"", 0, 0, look};
}

static void move_rows(struct fixture *f)
{
    int top = (int)dice((unsigned)f->rows), n = 1 + (int)dice(4);
    size_t line = (size_t)f->cols * sizeof(struct spot);
    if (top + n >= f->rows)
        return;
    if (dice(2))
        memmove(screen_spots(f->screen, top), screen_spots(f->screen, top + n),
                line * (size_t)(f->rows - top - n));
    else
        memmove(screen_spots(f->screen, top + n), screen_spots(f->screen, top),
                line * (size_t)(f->rows - top - n));
}

static void any_screen_after_any_other(void **state)
{
    (void)state;
    static const char *const terms[] = {"xterm-256color", "xterm", "tmux-256color", "screen",
                                        "linux",          "vt100", "vt220",         "rxvt-unicode"};
    seed = 20261122;
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++) {
        struct fixture f;
        setup(&f, terms[t], 24, 9);
        for (int i = 0; i < 1500; i++) {
            unsigned what = dice(10);
            if (what < 5)
                for (unsigned n = dice(30); n > 0; n--)
                    put_any(screen_spots(f.screen, (int)dice(9)), (int)dice(24), 24);
            else if (what < 8)
                move_rows(&f);
            else if (what == 8)
                for (int c = (int)dice(24), r = (int)dice(9); c < 24; c++)
                    screen_spots(f.screen, r)[c] = (struct spot){" ", 1, 0, plain};
            else if (dice(10) == 0)
                screen_forget(f.screen);
            for (int r = 0; r < 9; r++) // a glyph cut in half by the clearing
                for (int c = 0; c < 24; c++) {
                    struct spot *at = &screen_spots(f.screen, r)[c];
                    if (at->width == 2 && at[1].width != 0)
                        *at = (struct spot){" ", 1, 0, plain};
                }
            int row = (int)dice(9), col = (int)dice(24);
            update(&f, row, col);
            shown(&f, row, col);
        }
        teardown(&f);
    }
}

static void nothing_new_is_nothing_sent(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "xterm-256color", 80, 24);
    text(&f, 3, 5, "A letter", plain);
    assert_true(update(&f, 0, 0) > 8);
    assert_int_equal(update(&f, 0, 0), 0);
    assert_true(update(&f, 5, 40) <= 8); // the cursor alone
    teardown(&f);
}

static void costs(void **state)
{
    (void)state;
    static const struct look bold = {LOOK_DEFAULT, LOOK_DEFAULT, LOOK_BOLD},
                             dim = {LOOK_DEFAULT, LOOK_DEFAULT, LOOK_DIM};
    struct fixture f;
    setup(&f, "xterm-256color", 80, 24);
    for (int row = 0; row < 23; row++) {
        char line[64];
        snprintf(line, sizeof line, "Line %02d of a list that fills the screen", row);
        text(&f, row, 2, line, plain);
    }
    text(&f, 23, 1, "The bottom line", dim);
    update(&f, 0, 2);
    // One letter: there, the letter.
    text(&f, 10, 7, "9", plain);
    assert_string_equal((update(&f, 0, 2), buf_cstr(&f.out)), "\x1b[11;8H\x1b[m9\x1b[1;3H");
    // A weight: as few parameters as do it; the cursor stays where it is already.
    text(&f, 10, 2, "Line", bold);
    assert_string_equal((update(&f, 10, 6), buf_cstr(&f.out)), "\x1b[10B\x1b[1mLine");
    // An end of a row is erased, not overwritten.
    text(&f, 12, 20, "                          ", plain);
    assert_true(update(&f, 12, 20) <= 16);
    // A list that goes on by one line: the terminal moves the rest.
    for (int row = 0; row < 22; row++)
        memcpy(screen_spots(f.screen, row), screen_spots(f.screen, row + 1),
               80 * sizeof(struct spot));
    text(&f, 22, 2, "Line 23 of a list that fills the screen", plain);
    assert_true(update(&f, 22, 2) < 39 + 40);
    shown(&f, 22, 2);
    // A new page: little more than its text.
    size_t letters = 0;
    for (int row = 0; row < 23; row++) {
        char line[81];
        int len = snprintf(line, sizeof line, "%c%d what is said on the next page, at length",
                           'A' + row % 20, row * 7919);
        text(&f, row, 2, line, plain);
        letters += (size_t)len;
    }
    assert_true(update(&f, 0, 2) < letters * 115 / 100 + 20);
    shown(&f, 0, 2);
    teardown(&f);
}

static void colours_as_the_terminal_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *term, *colorterm;
        int32_t fg;
        const char *sends;
    } cases[] = {
        {"xterm", NULL, 3, "\x1b[33mx"},
        {"xterm-256color", NULL, 3, "\x1b[33mx"},
        {"xterm-256color", NULL, 11, "\x1b[93mx"},
        {"xterm-256color", NULL, 31, "\x1b[38;5;31mx"},
        {"xterm-256color", "truecolor", LOOK_RGB | 0x8a6d3b, "\x1b[38;2;138;109;59mx"},
        {"xterm-256color", "24bit", 31, "\x1b[38;5;31mx"},
        {"linux", NULL, 3, "\x1b[33mx"},
        {"vt100", NULL, 3, "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].colorterm)
            setenv("COLORTERM", cases[i].colorterm, 1);
        else
            unsetenv("COLORTERM");
        struct fixture f;
        setup(&f, cases[i].term, 10, 4);
        update(&f, 0, 0);
        text(&f, 0, 0, "x", (struct look){cases[i].fg, LOOK_DEFAULT, 0});
        update(&f, 0, 1);
        assert_string_equal(buf_cstr(&f.out), cases[i].sends);
        teardown(&f);
    }
    unsetenv("COLORTERM");
    static const struct {
        const char *term, *colorterm;
        int colours;
    } counts[] = {{"xterm", NULL, 8},
                  {"xterm-256color", NULL, 256},
                  {"vt220", NULL, 0},
                  {"linux", NULL, 8},
                  {"xterm", "truecolor", 8},
                  {"tmux-256color", "truecolor", 1 << 24},
                  {"screen-256color", "truecolor", 256}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].colorterm)
            setenv("COLORTERM", counts[i].colorterm, 1);
        else
            unsetenv("COLORTERM");
        struct caps *c = caps_new(counts[i].term, STDOUT_FILENO);
        assert_non_null(c);
        assert_int_equal(c->means.colours, counts[i].colours);
        caps_free(c);
    }
    unsetenv("COLORTERM");
}

static void links_are_said_once_and_ended(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "xterm-256color", 20, 4);
    text(&f, 0, 0, "a link", plain);
    text(&f, 1, 0, "goes on", plain);
    for (int i = 0; i < 6; i++)
        screen_spots(f.screen, 0)[i].link = 1;
    for (int i = 0; i < 4; i++)
        screen_spots(f.screen, 1)[i].link = 1;
    const char *links[] = {"https://example.org/"};
    struct buf out = {0};
    screen_update(f.screen, 0, 0, plain, links, &out);
    assert_non_null(strstr(buf_cstr(&out), "\x1b]8;id=1;https://example.org/\x1b\\a link"));
    assert_non_null(strstr(buf_cstr(&out), "\x1b]8;;\x1b\\on"));
    buf_free(&out);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_screen_after_any_other),
        cmocka_unit_test(nothing_new_is_nothing_sent),
        cmocka_unit_test(costs),
        cmocka_unit_test(colours_as_the_terminal_has_them),
        cmocka_unit_test(links_are_said_once_and_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
