// Lines with escape sequences: an essay, or a page of pieces, in a theme.
#ifndef CLI_STYLED_H
#define CLI_STYLED_H

#include <stdbool.h>
#include "lectern/buf.h"
#include "lectern/layout.h"
#include "lectern/theme.h"

// Whether output is to have sequences, and what they may say. asked: with --color, even where the
// output is no terminal; what the environment says of one still counts, NO_COLOR too.
bool styled_wanted(bool asked);
struct look_means styled_means(bool asked);

struct styled {
    const struct theme *theme;
    struct look_means means;
    int width; // columns to fill where the theme has a background of its own
    int at;    // columns of this line so far; begin with 0
};
// One line: runs of text and blanks, then its end with the newline. What looks like the terminal's
// own text gets no sequences.
void styled_put(struct styled *s, struct buf *out, const char *text, size_t len, struct style st);
void styled_end(struct styled *s, struct buf *out);
void styled_layout(struct styled *s, struct buf *out, const struct layout *l);

#endif
