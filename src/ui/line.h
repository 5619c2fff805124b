// One set line on the canvas, with what was searched for marked in it.
#ifndef UI_LINE_H
#define UI_LINE_H

#include "cell.h"
#include "lectern/layout.h"
#include "lectern/match.h"

// matches: sorted, offsets into the document's text. The layout's margin is kept.
void line_draw(struct canvas *c, int row, const struct layout *l, size_t line,
               const struct match *matches, size_t n);
// Lays marks over what of the line shows bytes [from, to) of the document's text.
void line_mark(struct canvas *c, int row, const struct layout *l, size_t line, uint32_t from,
               uint32_t to, uint16_t marks);
// Where its links lead: what http and https links cover gets their addresses.
void line_links(struct canvas *c, int row, const struct layout *l, size_t line);

#endif
