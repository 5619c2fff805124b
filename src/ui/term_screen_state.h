// What the two files of the screen share: nobody else includes it.
#ifndef UI_TERM_SCREEN_STATE_H
#define UI_TERM_SCREEN_STATE_H

#include "term_pen.h"
#include "term_screen.h"

struct screen {
    const struct caps *caps;
    int cols, rows;
    struct spot *now, *want;
    bool *dirty;  // of the row being drawn
    bool known;   // now is what the terminal shows
    int row, col; // of the terminal's cursor; -1: not known
    struct pen pen;
    const char *const *links;
};
bool spot_same(const struct spot *a, const struct spot *b); // nobody would see a difference
void screen_move(struct screen *s, int row, int col, struct buf *out);
// Moves rows of the terminal, and of `now`, that are wanted elsewhere, where that spares bytes.
void screen_scroll(struct screen *s, struct look blank, struct buf *out);

#endif
