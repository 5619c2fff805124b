// What is read: an item of the library made into a document, and the line of facts under its title.
// The reader and the command that prints take it from here, so that both show the same.
#ifndef LECTERN_ESSAY_H
#define LECTERN_ESSAY_H

#include "lectern/doc.h"
#include "lectern/store.h"
#include "lectern/when.h"

// Where the feed gives no text, what it gives instead and where the whole is. The caller's
// (doc_free).
struct doc *essay_document(const struct item_body *item);
// "The Editors · Slow Letters · 18 November 2026 · 14 min · ♪ 31:04"
void essay_byline(const struct item_row *r, uint32_t words, struct when w, bool ascii,
                  struct buf *out);

#endif
