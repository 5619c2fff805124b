// Themes: from what a cell is (role and marks) to how it looks. A theme is a text file of lines
//
//   ROLE-OR-MARK  [COLOUR] [on COLOUR] [bold] [dim] [italic] [underline] [reverse]
//
// A colour is `default`, one of the eight names (red, bright-red), a palette number 0-255 or
// #rrggbb; behind a slash may stand what terminals of 8 or 16 colours get instead:
// `#8a6d3b/yellow`. There, numbers over 15 and #rrggbb without such a stand-in are the terminal's
// own colour: nobody knows what its palette holds. What a line leaves out is as in `text`.
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/conf.h"
#include "lectern/err.h"
#include "cell.h"

enum look_attr {
    LOOK_BOLD = 1,
    LOOK_DIM = 2,
    LOOK_ITALIC = 4,
    LOOK_UNDERLINE = 8,
    LOOK_REVERSE = 16
};
enum { LOOK_DEFAULT = -1, LOOK_RGB = 0x1000000 };
struct look {
    int32_t fg, bg; // LOOK_DEFAULT, a palette number, or LOOK_RGB | 0xrrggbb (only where there are
                    // more than 256 colours)
    uint8_t attrs;  // enum look_attr bits
};
// What a terminal can do.
struct look_means {
    int colours; // 0: none (or NO_COLOR), 8, 16, 88, 256, more: true colour
    bool italic, dim;
};

struct theme;
// By name or path: a name with a slash is a path; else NAME.theme in the configuration folder's
// themes/, in themes/ of the tree the program was built and is run in, in the installed
// share/lectern/themes. `default` and `mono` are built in, too. Never NULL: where it cannot be read
// it is the built-in default and *e says why.
struct theme *theme_load(const char *name, struct err *e);
struct theme *theme_parse(const char *text, size_t len, const char *file); // never NULL
void theme_free(struct theme *t);
const struct conf_problem *theme_problems(const struct theme *t,
                                          size_t *n); // wrong lines; the rest works
// How a cell looks: its role's line, then the lines of its marks laid over it, brought down to what
// the terminal can do. Without italics, emphasis is underlined.
struct look theme_look(const struct theme *t, struct style st, struct look_means m);
uint32_t theme_rgb(int colour);              // of a palette number as xterm has it, 0xrrggbb
const char *theme_builtin(const char *name); // the text of `default` or `mono`, NULL for others

#endif
