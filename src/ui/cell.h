// A canvas of cells: a glyph (one grapheme cluster) and how it is meant - a role and marks, never
// colours. Views draw on it; the terminal sends what changed; tests dump it to text.
#ifndef UI_CELL_H
#define UI_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/role.h"

struct canvas;
struct canvas *canvas_new(int cols, int rows); // at least 1x1
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int cols, int rows); // and clears
int canvas_cols(const struct canvas *c);
int canvas_rows(const struct canvas *c);
void canvas_clear(struct canvas *c); // blanks, ROLE_TEXT, cursor at 0,0

// Puts text from (row, col) rightwards, at most max columns and never past the edge; a wide glyph
// that does not fit whole becomes a blank. Columns left of 0 are cut off; in rows outside the
// canvas nothing happens. Controls become blanks. Returns the columns used, cut off ones included.
int canvas_put(struct canvas *c, int row, int col, int max, const char *text, size_t len,
               struct style st);
int canvas_str(struct canvas *c, int row, int col, int max, const char *s, struct style st);
// The same, cut with an ellipsis where it is longer than max ("…", or "..." where ascii).
int canvas_str_fit(struct canvas *c, int row, int col, int max, const char *s, struct style st,
                   bool ascii);
int canvas_str_right(struct canvas *c, int row, int right, const char *s,
                     struct style st); // ends before column `right`
void canvas_fill(struct canvas *c, int row, int col, int n, const char *glyph, struct style st);
void canvas_mark(struct canvas *c, int row, int col, int n,
                 uint16_t marks); // lays marks over what is there
// These columns lead to an address (copied, clean); for terminals that can open it.
void canvas_link(struct canvas *c, int row, int col, int n, const char *address);
// Another canvas onto this one, from column `left` on; the cursor goes where it stands there.
void canvas_blit(struct canvas *c, int left, const struct canvas *from);
void canvas_cursor(struct canvas *c, int row, int col); // where the terminal's cursor stands

// What the terminal needs of one cell. A wide glyph owns its cell; the next has width 0 and no
// glyph. A glyph has one code point that takes columns and at most CELL_MARKS that take none, as a
// cell of curses does.
enum { CELL_MARKS = 4, CELL_BYTES = 24 };
struct cell_view {
    const char *glyph; // NUL-terminated cluster, " " for blank
    int width;         // 2, 1, or 0 for the second half of a wide one
    struct style style;
    uint16_t link; // 0: none
};
struct cell_view canvas_at(const struct canvas *c, int row, int col);
const char *const *canvas_links(const struct canvas *c); // link i is [i - 1]
bool canvas_empty(const struct canvas *c, int row);      // nothing but blanks there, or no such row
void canvas_cursor_at(const struct canvas *c, int *row, int *col);
// Rows as text without trailing blanks; then, where roles, a line "--" and the role map (the role's
// letter; a blank in plain text is a blank) and, if any cell is marked, another "--" and the marks
// (the letter of a cell's last mark).
void canvas_dump(const struct canvas *c, struct buf *out, bool roles);

#endif
