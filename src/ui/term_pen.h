// How the next glyph will look: attributes, colours, the link it is part of; switched with the
// fewest bytes.
#ifndef UI_TERM_PEN_H
#define UI_TERM_PEN_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "term_caps.h"

struct pen {
    struct look look;
    uint16_t link;
    bool known; // false: nothing is sure but by starting from plain
};
void pen_set(struct pen *p, const struct caps *c, struct look wanted, struct buf *out);
// 0 ends a link. The address must be clean: no control, no blank.
void pen_link(struct pen *p, uint16_t link, const char *address, struct buf *out);

#endif
