// Between the files of the Markdown reader.
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "lectern/buf.h"
#include "lectern/doc.h"

// Reads front matter ("---" ... "---", simple YAML) into b's document; returns the bytes it took.
size_t markdown_front(const char *md, size_t len, struct doc_builder *b);
// The text as discount may see it: what makes it slow, crash or read what nobody meant is escaped
// or cut.
void markdown_fence(struct buf *out, const char *md, size_t len);
// Are there lists of definitions (": text") in what discount is to read, and may it look for them?
// It looks from every line of a list to the next blank line.
bool markdown_definitions(const char *md, size_t len);
// In html.c: HTML made from Markdown into a builder that may know its title already.
struct doc *html_from_markdown(const char *html, size_t len, const struct doc_source *src,
                               struct doc_builder *b, bool cut);

// In front of the text of an ordered item that does not have number 1: this, the number, ";". The
// reader of HTML takes it out and the list's start from it.
#define MARKDOWN_START "\xf4\x8f\xbf\xb1"
// References to notes that discount left as typed become references. False: there are none.
bool markdown_notes(struct buf *out, const char *html, size_t len, const char *md, size_t md_len);

#endif
