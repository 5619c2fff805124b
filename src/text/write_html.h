// What the writers of HTML share: pages for browsers (write_html.c) and the same text as XHTML for
// e-readers (write_book.c). Only what differs in a book stands in the latter.
#ifndef TEXT_WRITE_HTML_H
#define TEXT_WRITE_HTML_H

#include "write.h"

struct html_writer {
    struct buf *out;
    const struct doc *d;
    bool dense;
    bool pre; // newlines stay
    struct write_place *places;
    size_t nplaces, place;
    const struct write_book *book; // NULL: a page
    size_t range;                  // of the book: the next one that is not written whole
    size_t owed;                   // 1 + the range whose note has no sign yet; 0: none
    bool *noted;                   // ranges whose note has one
    const struct doc_span *anchor; // the span that is an <a> now
    uint32_t anchored;             // 1 + the last place that got its id
};
typedef void put_words(struct html_writer *w, uint32_t off, uint32_t len);
void put_attr(struct html_writer *w, const char *name, const char *value); // NULL: nothing
void put_leaf_text(struct html_writer *w, const struct doc_block *k);
void put_block(struct html_writer *w, uint32_t i);

// ---- write_book.c ----
void book_anchor(struct html_writer *w, uint32_t off);
// A piece of text with what is marked in it; `words` writes what is not.
void book_words(struct html_writer *w, uint32_t off, uint32_t len, put_words *words);
void book_owed(struct html_writer *w); // what waited for the end of a link
void book_mark(struct html_writer *w, const struct doc_span *s);
void book_link(struct html_writer *w, const struct doc_span *s);
const char *book_end(struct html_writer *w, const struct doc_span *s); // of a mark or link: its tag
void book_language(struct buf *out, const char *tag);
void book_figure(struct html_writer *w, const struct doc_block *k);
void book_card(struct html_writer *w, const struct doc_block *k);
void book_definitions(struct html_writer *w, uint32_t i);
void book_note(struct html_writer *w, uint32_t i);

#endif
