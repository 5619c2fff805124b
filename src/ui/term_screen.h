// What a terminal shows, what it is to show, and the fewest bytes from one to the other: only what
// changed, by the shortest way there, moved where it can be moved. Pure: bytes go into a buf.
#ifndef UI_TERM_SCREEN_H
#define UI_TERM_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "cell.h"
#include "term_caps.h"

struct spot {               // one cell of the terminal
    char glyph[CELL_BYTES]; // bytes as they are sent; "" in the second half of a wide one
    uint8_t width;          // 2, 1, or 0 for that half
    uint16_t link;          // 0: none; else of screen_update's links
    struct look look;
};

struct screen;
struct screen *screen_new(const struct caps *caps); // not owned; 1x1
void screen_free(struct screen *s);
void screen_resize(struct screen *s, int cols, int rows); // what is shown is not known then
void screen_forget(struct screen *s);                     // somebody else may have written on it
bool screen_known(const struct screen *s);
// The cells wanted, row by row, to be filled before each update. They hold what was wanted last.
struct spot *screen_spots(struct screen *s, int row);
// What makes the terminal show them, with the cursor at (row, col). blank: how an empty cell looks,
// for the clearing at the start. links[i - 1]: where cells of link i lead; NULL: nobody links.
// Colour and weight are left as the last glyph needed them.
void screen_update(struct screen *s, int row, int col, struct look blank, const char *const *links,
                   struct buf *out);
// For others who write to the terminal after it: attributes off, nothing assumed.
void screen_end_looks(struct screen *s, struct buf *out);

#endif
