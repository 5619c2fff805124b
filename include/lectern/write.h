// The document out again: Markdown, plain text, clean HTML, and the dump that goldens are made of.
#ifndef LECTERN_WRITE_H
#define LECTERN_WRITE_H

#include "lectern/buf.h"
#include "lectern/doc.h"

// CommonMark with tables, footnotes as [^label] and strike as ~~; front matter from the document's
// title, author, date, language, tags where `front_matter`. Reading it back gives the same
// document.
void write_markdown(struct buf *out, const struct doc *d, bool front_matter);
// Unwrapped: one line a paragraph, blank lines between blocks, "[1]" for note marks, notes at the
// end. No link numbers.
void write_text(struct buf *out, const struct doc *d);
// Body content only, no classes, no scripts; footnotes with DPUB-ARIA roles.
void write_html(struct buf *out, const struct doc *d);
// The body of an XHTML page of an EPUB 3: footnotes as asides for popups, pictures as their words,
// links inside the text by place ("#at-123"), headings with ids ("h-" and their offset).
struct write_range { // a passage the reader marked; in order of off
    uint32_t off, len;
    const char *note; // what the reader wrote beside it; NULL: nothing
};
struct write_book {
    unsigned deeper; // levels that headings go down by, below the title of the essay
    const struct write_range *ranges;
    size_t nranges;
};
void write_book(struct buf *out, const struct doc *d, const struct write_book *o);
// An address as a book may have it: http, https or mailto, all of it allowed by RFC 3986. False:
// there is no such, nothing appended.
bool write_book_address(struct buf *out, const char *url);
// Is it a well-formed language tag (BCP 47)? NULL is not.
bool write_book_language(const char *tag);
// A readable tree: one line a block ("heading 1 [0,24)"), its text quoted below with spans written
// as <em>..</em>.
void write_dump(struct buf *out, const struct doc *d);

#endif
