// A canvas becomes what curses sends: looks from the theme, glyphs as the locale has them, rows
// that changed. curses finds the least that makes the screen right; here it is spared what would
// not show.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "term_state.h"

static attr_t attributes(unsigned looks)
{
    attr_t a = A_NORMAL;
    if (looks & LOOK_BOLD)
        a |= A_BOLD;
    if (looks & LOOK_DIM)
        a |= A_DIM;
    if (looks & LOOK_ITALIC)
        a |= A_ITALIC;
    if (looks & LOOK_UNDERLINE)
        a |= A_UNDERLINE;
    if (looks & LOOK_REVERSE)
        a |= A_REVERSE;
    return a;
}

static void make_cell(const struct term *t, const wchar_t *text, struct look l, cchar_t *out)
{
    int32_t fg = l.fg >= LOOK_RGB ? l.fg & 0xFFFFFF : l.fg,
            bg = l.bg >= LOOK_RGB ? l.bg & 0xFFFFFF : l.bg;
    int pair = 0;
    if (t->means.colours && (fg != LOOK_DEFAULT || bg != LOOK_DEFAULT))
        pair = alloc_pair(fg, bg);
    if (pair < 0)
        pair = 0;
    if (setcchar(out, text, attributes(l.attrs), 0, &pair) != OK) {
        static const wchar_t question[] = L"?";
        setcchar(out, question, attributes(l.attrs), 0, &pair);
    }
}

// The glyph as curses takes it; in a locale without UTF-8, its stand-in.
static void glyph_text(const struct term *t, const char *glyph, wchar_t out[CELL_MARKS + 2])
{
    size_t len = strlen(glyph), n = 0;
    for (size_t i = 0; i < len && n <= CELL_MARKS;) {
        uint32_t cp;
        i += utf8_decode(glyph + i, len - i, &cp);
        if (!t->utf8 && cp >= 0x80) {
            const char *plain = n ? NULL : utf8_ascii(cp);
            if (!n)
                out[n++] = plain && plain[0] > ' ' ? (wchar_t)plain[0] : L'?';
            continue;
        }
        out[n++] = (wchar_t)cp;
    }
    if (n == 0)
        out[n++] = L' ';
    out[n] = L'\0';
}

static void add_title(struct term *t, const char *title, struct buf *out)
{
    if (!t->titles || (t->title && strcmp(t->title, title) == 0))
        return;
    free(t->title);
    t->title = mem_strdup(title);
    struct buf clean = {0};
    utf8_clean(&clean, title, strlen(title), UTF8_LINE);
    buf_str(out, "\x1b]2;");
    if (t->utf8)
        buf_add(out, clean.data, utf8_fit(buf_cstr(&clean), clean.len, 200, NULL));
    else
        utf8_to_ascii(out, buf_cstr(&clean), clean.len);
    buf_char(out, '\a');
    buf_free(&clean);
}

// curses writes with every move of the cursor; on a slow line each write would be a packet and each
// packet a flicker. What it has to say is caught in a file in memory and goes out as one, whole
// where the terminal can show it at once.
static void update(struct term *t, struct buf *out)
{
    enum { WHOLE = 256 }; // smaller ones are whole anyway
#ifdef __linux__
    int fd = fileno(t->out);
    if (t->frame >= 0 && dup3(t->frame, fd, O_CLOEXEC) == fd) {
        doupdate();
        dup3(t->tty, fd, O_CLOEXEC);
        off_t len = lseek(t->frame, 0, SEEK_CUR);
        bool sync = t->sync && len > WHOLE;
        if (sync)
            buf_str(out, "\x1b[?2026h");
        if (len > 0) {
            buf_reserve(out, (size_t)len);
            ssize_t n = pread(t->frame, out->data + out->len, (size_t)len, 0);
            out->len += n > 0 ? (size_t)n : 0;
            out->data[out->len] = '\0';
            lseek(t->frame, 0, SEEK_SET);
        }
        if (sync)
            buf_str(out, "\x1b[?2026l");
        return;
    }
#endif
    (void)out;
    if (t->sync)
        term_write(t->tty, "\x1b[?2026h", 8);
    doupdate();
    if (t->sync)
        term_write(t->tty, "\x1b[?2026l", 8);
}

static bool differs(const struct shown *was, struct cell_view at)
{
    return was->width != at.width || was->style.role != at.style.role ||
           was->style.marks != at.style.marks || strcmp(was->glyph, at.glyph) != 0;
}

// Weight and ink do not show on a blank, and telling the terminal of them costs bytes. In short
// gaps a blank takes the look of what is before it, so that nothing need be switched; long ones are
// plain, so that they are the same whatever stands beside them.
static void plain_gaps(struct term *t, const struct canvas *c, int row)
{
    enum { SHORT = 4 };
    for (int col = 0; col < t->cols; col++) {
        int end = col;
        struct look first = t->looks[col];
        while (end < t->cols && strcmp(canvas_at(c, row, end).glyph, " ") == 0 &&
               !(t->looks[end].attrs & (LOOK_UNDERLINE | LOOK_REVERSE)) &&
               t->looks[end].bg == first.bg)
            end++;
        if (end == col)
            continue;
        struct look gap = {t->plain.fg, first.bg, 0};
        if (end - col <= SHORT && col > 0 && end < t->cols && t->looks[col - 1].bg == first.bg) {
            gap.fg = t->looks[col - 1].fg;
            gap.attrs = t->looks[col - 1].attrs & (uint8_t) ~(LOOK_UNDERLINE | LOOK_REVERSE);
        }
        for (; col < end; col++)
            t->looks[col] = gap;
        col--;
    }
}

// If any cell of the row changed, curses gets the row and finds the least to send.
static void draw_row(struct term *t, const struct canvas *c, int row)
{
    bool changed = t->all;
    struct shown *was = &t->shown[(size_t)row * (size_t)t->cols];
    for (int col = 0; col < t->cols && !changed; col++)
        changed = differs(&was[col], canvas_at(c, row, col));
    if (!changed)
        return;
    for (int col = 0; col < t->cols; col++)
        t->looks[col] = theme_look(t->theme, canvas_at(c, row, col).style, t->means);
    plain_gaps(t, c, row);
    for (int col = 0; col < t->cols; col++) {
        struct cell_view at = canvas_at(c, row, col);
        strcpy(was[col].glyph, at.glyph);
        was[col].width = (uint8_t)at.width;
        was[col].style = at.style;
        if (at.width == 0) // drawn by its first half
            continue;
        wchar_t text[CELL_MARKS + 2];
        cchar_t cell;
        glyph_text(t, at.glyph, text);
        make_cell(t, text, t->looks[col], &cell);
        mvadd_wch(row, col, &cell);
        if (at.width == 2 && !t->utf8) {
            make_cell(t, L" ", t->looks[col], &cell);
            mvadd_wch(row, col + 1, &cell);
        }
    }
}

void term_draw(struct term *t, const struct canvas *c, const char *title)
{
    if (t->all) {
        cchar_t blank;
        t->plain = theme_look(t->theme, STYLE(TEXT), t->means);
        make_cell(t, L" ", t->plain, &blank);
        bkgrndset(&blank);
        erase();
    }
    for (int row = 0; row < t->rows; row++)
        draw_row(t, c, row);
    int row, col;
    canvas_cursor_at(c, &row, &col);
    move(row < t->rows ? row : t->rows - 1, col < t->cols ? col : t->cols - 1);
    t->all = false;
    wnoutrefresh(stdscr);
    struct buf out = {0};
    update(t, &out);
    if (title) // after curses has begun, and kept the one there was
        add_title(t, title, &out);
    term_write(t->tty, buf_cstr(&out), out.len);
    buf_free(&out);
}
