// Pages: which lines stand together on a screen of `height` lines. No heading ends a page, no
// paragraph leaves its first or last line alone where that can be helped; blanks never open a page.
// Pure, and cheap from any line.
#ifndef LECTERN_PAGE_H
#define LECTERN_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/layout.h"

// A page that begins in the middle of a table shows the table's head above its first line: lines
// [*first, *first + n) for the n returned, 0 where there is nothing to repeat or it would take more
// than a third of the page. They belong to the page's height: page_end leaves room for them.
size_t page_head(const struct layout *l, size_t top, int height, size_t *first);
// The top that shows the page one line further down or up: what stays on the screen moves by
// exactly one line. Where a head that is repeated has to be got past, that is not the next line;
// and where its table ends it goes, and the lines it had covered come back in its place: then the
// page that begins at the top returned is `bare`, with no head whatever page_head says, and ends at
// page_end_bare. Give back what was set; start with false.
size_t page_down(const struct layout *l, size_t top, int height, bool *bare);
size_t page_up(const struct layout *l, size_t top, int height, bool *bare);
// One past the last line of the page that starts at `top` (always > top while top < nlines).
size_t page_end(const struct layout *l, size_t top, int height);
size_t page_end_bare(const struct layout *l, size_t top, int height);
// First line of the following page (blanks skipped), or nlines when there is none.
size_t page_next(const struct layout *l, size_t top, int height);
// First line of the page before: the page_next of it is `top` or as near as can be. 0 at the start.
size_t page_prev(const struct layout *l, size_t top, int height);

// The whole essay cut into pages from its first line.
struct pages {
    size_t *tops;
    size_t n; // at least 1
    int height;
};
struct pages *pages_new(const struct layout *l, int height);
void pages_free(struct pages *p);
size_t pages_at(const struct pages *p, size_t line); // index of the page that holds `line`

#endif
