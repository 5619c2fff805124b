// What is read: an item of the library made into a document, and the line of facts under its title.
// The reader and the command that prints take it from here, so that both show the same.
#ifndef LECTERN_ESSAY_H
#define LECTERN_ESSAY_H

#include "lectern/doc.h"
#include "lectern/highlight.h"
#include "lectern/store.h"
#include "lectern/when.h"

// Where the feed gives no text, what it gives instead and where the whole is. The caller's
// (doc_free).
struct doc *essay_document(const struct item_body *item);
// "The Editors · Slow Letters · 18 November 2026 · 14 min · ♪ 31:04"
void essay_byline(const struct item_row *r, uint32_t words, struct when w, bool ascii,
                  struct buf *out);
// YAML lines between "---": title, author, source, address, dates, tags, audio.
void essay_front_matter(const struct item_body *b, struct buf *out);
// The essay as a file of its own, appended: Markdown with its front matter, a page, or plain text.
enum essay_file_kind { ESSAY_MARKDOWN, ESSAY_HTML, ESSAY_TEXT };
void essay_file(const struct item_body *b, enum essay_file_kind kind, struct buf *out);
// ---- what its reader marked (highlight.h) ----
// Marks bytes [from, to) of the text of an item's document. Returns the id; 0: nothing was marked.
int64_t essay_highlight(struct store *s, int64_t item, const struct doc *d, uint32_t from,
                        uint32_t to, enum highlight_colour colour, const char *note, int64_t now);
// The highlights of an item, in the order of its text, where their words stand in this document.
// Where that is not the text they were seen in last, they are looked for, and what came of it is
// written with the deferred writes. Those that are gone have about the place they had.
bool essay_highlights(struct store *s, int64_t item, const struct doc *d, struct arena *a,
                      struct highlight **out, size_t *n, struct err *e);

#endif
