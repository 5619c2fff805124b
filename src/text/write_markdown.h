// Between the files of the Markdown writer: what can be said in plain marks
// (write_markdown_plain.c), words and their spans (write_markdown_span.c), blocks
// (write_markdown.c).
#ifndef TEXT_WRITE_MARKDOWN_H
#define TEXT_WRITE_MARKDOWN_H

#include "write.h"
#include "write_prefix.h"

struct md {
    struct prefixed at;
    struct buf *out;
    const struct doc *d;
    struct write_place *places;
    size_t nplaces, place;
    const struct doc_block *leaf;
    bool plain_notes; // "[^1]" does for all notes
    bool in_code;
    uint8_t how[SPAN_KIND_COUNT * 8]; // open spans: as marks or as HTML
    size_t depth;
};

void md_words(struct md *w, const struct doc_block *k); // a leaf's text with its spans
void md_anchors(struct md *w, uint32_t off); // places that links lead to, at this very offset
bool md_plain_url(const char *s);

// Can it be written in plain marks, where the writer stands, and read back as the same?
bool md_plain_figure(const struct md *w, const struct doc_block *k);
bool md_plain_code(const struct md *w, const struct doc_block *k);
bool md_plain_table(const struct md *w, uint32_t i);
bool md_plain_quote(const struct md *w, uint32_t i, bool item); // item: it stands in one
bool md_plain_list(const struct md *w, uint32_t i);
bool md_plain_notes(const struct doc *d);        // all of them as "[^1]"
bool md_in_items(const struct md *w);            // in items of lists only, or nowhere
bool md_spaced(const struct doc *d, uint32_t i); // blank lines part the items of this list

#endif
