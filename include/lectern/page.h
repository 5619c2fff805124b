// Pages: which lines stand together on a screen of `height` lines. No heading ends a page, no
// paragraph leaves its first or last line alone where that can be helped; blanks never open a page.
// Pure, and cheap from any line.
#ifndef LECTERN_PAGE_H
#define LECTERN_PAGE_H

#include <stddef.h>
#include "lectern/layout.h"

// One past the last line of the page that starts at `top` (always > top while top < nlines).
size_t page_end(const struct layout *l, size_t top, int height);
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
