// Themes: from what a cell or a run is (role and marks) to how it looks. A theme is a text file of
// lines
//
//   ROLE-OR-MARK  [COLOUR] [on COLOUR] [bold] [dim] [italic] [underline] [reverse]
//
// A colour is `default`, one of the eight names (red, bright-red), a palette number 0-255 or
// #rrggbb; behind a slash may stand what terminals of 256, and of 8 or 16 colours get instead:
// `#8a6d3b/137/yellow`. What a line leaves out is as in `text`. lectern-theme(5) tells it all.
#ifndef LECTERN_THEME_H
#define LECTERN_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/err.h"
#include "lectern/mem.h"
#include "lectern/role.h"

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
// share/lectern/themes. `default` and `mono` are in the program, too. Never NULL: where it cannot
// be read it is the built-in default and *e says why.
struct theme *theme_load(const char *name, struct err *e);
struct theme *theme_parse(const char *text, size_t len, const char *file); // never NULL
void theme_free(struct theme *t);
const struct conf_problem *theme_problems(const struct theme *t,
                                          size_t *n); // wrong lines; the rest works
const char *theme_about(const struct theme *t); // who it is for: the file's first line, if it is a
                                                // comment; "" if not
// The first line that names a colour terminals of 8 or 16 colours cannot show and no stand-in for
// it; 0: there is none. With such a line the theme looks there as mono does: half a theme may be
// black on black.
int theme_lacks(const struct theme *t);

// Every theme there is, by name, each name once: of two the one that theme_load takes.
struct theme_entry {
    const char *name, *about;
    const char *path; // NULL: in the program
    bool own;         // of the configuration folder
};
size_t theme_list(struct arena *a, struct theme_entry **out);

// How it looks: its role's line, then the lines of its marks laid over it, brought down to what the
// terminal can do. Without italics, emphasis is underlined. Without colours a theme that is made of
// them looks as mono does.
struct look theme_look(const struct theme *t, struct style st, struct look_means m);
uint32_t theme_rgb(int colour); // of a palette number as xterm has it, 0xrrggbb

// A page in which every role and every mark stands once at least: pieces from the left, "\n" ends a
// line, a NULL text the page. No line has more than 66 columns.
struct theme_piece {
    const char *text;
    struct style style;
};
extern const struct theme_piece theme_sample[];

// ---- contrast ----

// What a terminal's own two colours are taken to be.
struct look_paper {
    uint32_t ink, paper; // 0xrrggbb
};
// The contrast of WCAG 2.1, 1 to 21, reverse and dim counted. Terminals dim in several ways; here
// the ink loses a third of its way from the background, as in xterm, VTE and most others.
double look_contrast(struct look l, struct look_paper p);
// The same on black and on white, the weaker of the two: for looks on the terminal's own colours.
double look_contrast_least(struct look l);

// ---- without curses ----

// The escape sequence that makes what follows look so, whatever was before it (ECMA-48 SGR).
void look_sgr(struct look l, struct buf *out);
// What the terminal of this environment can do: NO_COLOR, COLORTERM, TERM.
struct look_means look_means_here(void);

#endif
