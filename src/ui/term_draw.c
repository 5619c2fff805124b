// A canvas becomes what the terminal is to show: looks from the theme, glyphs as the locale has
// them.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "term_state.h"

enum { TITLE_COLS = 200 };

// The glyph as the terminal takes it, or its stand-in: in a locale without UTF-8 and where the
// terminal has none.
static void set_glyph(const struct term *t, struct spot *to, struct cell_view at)
{
    uint32_t cp = (unsigned char)at.glyph[0];
    size_t len = at.width ? 1 : 0;
    bool plain = cp < 0x80;
    if (!plain)
        len = utf8_decode(at.glyph, strlen(at.glyph), &cp);
    to->width = (uint8_t)at.width;
    if (t->utf8 && (plain || caps_shows(t->caps, cp))) {
        strcpy(to->glyph, at.glyph);
        if (t->caps->console)
            to->glyph[len] = '\0'; // no marks
    } else {
        const char *as = plain ? at.glyph : utf8_ascii(cp);
        to->glyph[0] = as && as[0] > ' ' ? as[0] : plain ? ' ' : '?';
        to->glyph[1] = '\0'; // no marks
        to->width = 1;
    }
    if (at.width == 0 && to[-1].width < 2) { // a wide glyph's other half, without the one
        strcpy(to->glyph, " ");
        to->width = 1;
    }
}

static void fill(struct term *t, const struct canvas *c)
{
    for (int row = 0; row < t->rows; row++) {
        struct spot *to = screen_spots(t->screen, row);
        struct style last = {0};
        struct look look = theme_look(t->theme, last, t->caps->means);
        for (int col = 0; col < t->cols; col++) {
            struct cell_view at = canvas_at(c, row, col);
            if (at.width == 2 && col + 1 == t->cols) // of a canvas wider than the terminal
                at = (struct cell_view){" ", 1, at.style, 0};
            if (at.style.role != last.role || at.style.marks != last.marks) {
                last = at.style;
                look = theme_look(t->theme, last, t->caps->means);
            }
            set_glyph(t, &to[col], at);
            to[col].link = t->caps->links && t->wants.links ? at.link : 0;
            to[col].look = look;
        }
    }
}

static void add_title(struct term *t, const char *title, struct buf *out)
{
    if (!t->caps->xterm || !t->wants.title || (t->title && strcmp(t->title, title) == 0))
        return;
    free(t->title);
    t->title = mem_strdup(title);
    struct buf clean = {0};
    utf8_clean(&clean, title, strlen(title), UTF8_LINE);
    buf_str(out, "\x1b]2;");
    if (t->utf8)
        buf_add(out, clean.data, utf8_fit(buf_cstr(&clean), clean.len, TITLE_COLS, NULL));
    else
        utf8_to_ascii(out, buf_cstr(&clean), clean.len);
    buf_char(out, '\a');
    buf_free(&clean);
}

void term_draw(struct term *t, const struct canvas *c, const char *title)
{
    enum { WHOLE = 256 }; // smaller updates are whole anyway
    int row, col;
    struct buf b = {0};
    fill(t, c);
    canvas_cursor_at(c, &row, &col);
    row = row < t->rows ? row : t->rows - 1;
    col = col < t->cols ? col : t->cols - 1;
    screen_update(t->screen, row, col, theme_look(t->theme, STYLE(TEXT), t->caps->means),
                  canvas_links(c), &b);
    bool sync = t->caps->sync && b.len > WHOLE;
    if (sync)
        out_add(&t->out, "\x1b[?2026h", 8);
    out_add(&t->out, b.data, b.len);
    if (sync)
        out_add(&t->out, "\x1b[?2026l", 8);
    if (title) {
        buf_clear(&b);
        add_title(t, title, &b);
        out_add(&t->out, b.data, b.len);
    }
    buf_free(&b);
    out_flush(&t->out);
}
