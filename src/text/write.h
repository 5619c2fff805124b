// What the writers share: a leaf's text cut at its spans, and containers walked in order.
#ifndef TEXT_WRITE_H
#define TEXT_WRITE_H

#include "lectern/doc.h"
#include "lectern/write.h"

struct span_ops {
    void (*text)(void *ctx, uint32_t off, uint32_t len);
    void (*open)(void *ctx, const struct doc_span *s);
    void (*close)(void *ctx, const struct doc_span *s);
};
// The leaf's text in order, with spans opened and closed as they nest. Text comes in pieces without
// a span's edge in them.
void write_leaf(const struct doc *d, const struct doc_block *leaf, const struct span_ops *ops,
                void *ctx);

// The spans of a leaf: [this, ...) while their off is in it.
uint32_t write_first_span(const struct doc *d, uint32_t off);

void write_escaped(struct buf *out, const char *s, size_t len, bool attribute); // & < > " for HTML
// One block with all it holds as HTML. dense: without a blank line in it, so that it can stand in
// Markdown.
void write_html_block(struct buf *out, const struct doc *d, uint32_t block, bool dense);
void write_html_leaf(struct buf *out, const struct doc *d, const struct doc_block *leaf,
                     bool dense);
void write_html_mark(struct buf *out, const struct doc *d, const struct doc_span *s);
// Places that links in the document lead to, in order.
struct write_place {
    uint32_t off;
    const char *name;
};
struct write_place *write_places(const struct doc *d, size_t *n); // free()

#endif
