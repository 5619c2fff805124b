// A book being made: the pages it has so far and what the parts that list them need to know.
#ifndef TRADE_EPUB_H
#define TRADE_EPUB_H

#include "lectern/buf.h"
#include "lectern/essay.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"

enum { EPUB_NAME = 48 }; // bytes of a name of a page
struct epub_page {
    char *title, *author, *source; // author and source may be NULL
    const char *language;          // "und" where it is not known
    struct buf xhtml;
    struct epub_heading {
        unsigned level; // 1: below the page's title
        uint32_t off;
        char *text;
    } * headings;
    size_t n, cap;
};
struct epub {
    struct arena *arena;
    struct epub_page *pages;
    size_t n, cap;
    const char *title, *language;
    char id[48];      // urn:uuid:...
    char changed[32]; // as the package says it
};

// ---- epub_page.c ----
// note, h: what its reader wrote about it and marked in it; note may be NULL.
void epub_page(struct epub *b, const struct item_body *item, const char *note,
               const struct highlight *h, size_t n);
void epub_page_head(struct buf *out, const char *title, const char *language);

// ---- epub_parts.c: what lists the pages ----
void epub_package(const struct epub *b, struct buf *out);  // package.opf
void epub_contents(const struct epub *b, struct buf *out); // nav.xhtml
void epub_ncx(const struct epub *b, struct buf *out);      // for readers of EPUB 2
void epub_page_name(size_t i, char out[EPUB_NAME]);
extern const char epub_style[];

#endif
