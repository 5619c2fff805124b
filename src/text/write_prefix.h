// Lines with something in front of them: bars of quotations, indents and markers of items. For the
// writers of plain text and of Markdown.
#ifndef TEXT_WRITE_PREFIX_H
#define TEXT_WRITE_PREFIX_H

#include "lectern/buf.h"

struct prefixed {
    struct buf *out;
    struct buf prefix; // of every line
    struct buf first;  // of the next line instead, when it has bytes
    bool any;          // something was written
    bool tight;        // no blank line before the next block
};

void prefix_gap(struct prefixed *p);   // the blank line before a block, in what is open around it
void prefix_start(struct prefixed *p); // and the beginning of its first line
void prefix_again(struct prefixed *p); // the beginning of a further line
void prefix_marker(struct prefixed *p, const char *marker); // stands once, on the next line
void prefix_bar(struct prefixed *p, const char *bar);       // stands on all lines from here on
void prefix_cut(struct prefixed *p, size_t len);            // back to what it was
void prefix_free(struct prefixed *p);

#endif
