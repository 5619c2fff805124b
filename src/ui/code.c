// A QR code in half blocks, two squares a cell; in ASCII, and where the terminal has no half
// blocks, a square is two columns wide. A camera
// wants dark squares on light ground: on a dark screen the light ones are drawn, quiet zone and
// all, and the dark ones left out.
#include <string.h>

#include "code.h"

static bool wide(const struct ui *u)
{
    return u->set.ascii || u->set.whole_blocks;
}

void code_size(const struct ui *u, const struct qr *q, int quiet, int *cols, int *rows)
{
    int side = q->side + 2 * quiet;
    *cols = wide(u) ? 2 * side : side;
    *rows = wide(u) ? side : (side + 1) / 2;
}

int code_quiet(const struct ui *u, const struct qr *q, int cols, int rows)
{
    for (int quiet = QUIET; quiet >= QUIET_LEAST; quiet--) {
        int w, h;
        code_size(u, q, quiet, &w, &h);
        if (w <= cols && h <= rows)
            return quiet;
    }
    return -1;
}

static bool inverted(const struct ui *u)
{
    const char *says = conf_str(u->set.conf, CONF_QR);
    if (strcmp(says, "auto") != 0)
        return strcmp(says, "inverted") == 0;
    return !u->set.light || !u->set.light(u->set.ctx);
}

static bool dark(const struct qr *q, int x, int y)
{
    return x >= 0 && y >= 0 && x < q->side && y < q->side && q->dark[y * q->side + x];
}

void code_draw(const struct ui *u, struct canvas *c, const struct qr *q, int quiet, int row,
               int col, bool flipped)
{
    bool draw_dark = inverted(u) == flipped;
    int cols, rows, step = wide(u) ? 1 : 2;
    code_size(u, q, quiet, &cols, &rows);
    for (int i = 0; i < rows; i++)
        for (int x = -quiet; x < q->side + quiet; x++) {
            int y = i * step - quiet;
            bool upper = dark(q, x, y) == draw_dark, lower = dark(q, x, y + 1) == draw_dark;
            if (wide(u))
                canvas_str(c, row + i, col + 2 * (x + quiet), 2,
                           !upper         ? "  "
                           : u->set.ascii ? "##"
                                          : "██",
                           STYLE(TEXT));
            else
                canvas_str(c, row + i, col + x + quiet, 1,
                           upper && lower ? "█"
                           : upper        ? "▀"
                           : lower        ? "▄"
                                          : " ",
                           STYLE(TEXT));
        }
}
