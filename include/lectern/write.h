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
// A readable tree: one line a block ("heading 1 [0,24)"), its text quoted below with spans written
// as <em>..</em>.
void write_dump(struct buf *out, const struct doc *d);

#endif
