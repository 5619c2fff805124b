// An article out of a web page: its words, headings, pictures with captions, notes, code, tables
// and quotations as a document, and what the page says about it; none of the menus, boxes, signs
// and comments around it. For pages that are saved, kept as bookmarks or fetched because a feed
// brought a summary only.
#ifndef LECTERN_EXTRACT_H
#define LECTERN_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/err.h"

struct extract_source {
    const char *url;     // where the page is: base of relative links, choice of the site's rules
    const char *charset; // as HTTP said; NULL: the page says it, or its bytes do
    // Selectors of the reader's own for this page (see extract_selector_ok), NULL or "": none.
    // keep: where the article is; remove: what in it is none of it.
    const char *keep, *remove;
    const char *title; // as the feed has it, where the page is known by one; may be NULL
};

// How sure one may be that this is the article and nothing else.
enum extract_trust {
    EXTRACT_GUESS,   // the text was found by its looks, and there is little of it
    EXTRACT_LIKELY,  // found by its looks, and there is much of it
    EXTRACT_CERTAIN, // the page, its site's rule or the reader's selector names it
};

struct extract {
    // Never NULL: title, subtitle, author, date (as the page has it), language, url (the page's own
    // canonical address) stand in the document; `preview` there: the text ends before the article.
    struct doc *doc;
    char *site;      // "The Slow Review"; may be NULL
    char *image;     // address of the picture that stands for the article; may be NULL
    char *next;      // address of the next page of an article in several; NULL: it is in one
    bool paywalled;  // the page says that it is for those who pay: even where the text does not
                     // seem cut it is not said to be whole
    const char *why; // what says so, in words ("the page says it is not free to read"); NULL
    enum extract_trust trust;
};

// Takes the article out of a page. False (ERR_FORMAT): there is none to be found in it (a list of
// links, an empty frame for scripts, a page that only asks to log in); the message has no address
// in it. Time and memory are linear in len; DOC_MAX_INPUT holds. Any bytes do.
bool extract_page(const char *bytes, size_t len, const struct extract_source *src,
                  struct extract *out, struct err *e);
void extract_free(struct extract *x);                 // the contents
const char *extract_trust_name(enum extract_trust t); // "likely"

// Selectors, as in a style sheet: "div.story > p, #main [role=note]": tag, *, .class, #id, [name],
// [name=value] with ^= $= *= ~=, a blank or > between steps, commas between several. Names of
// attributes are those Lectern keeps of a page (class, id, role, itemprop, rel, name, data-testid
// ...). False says what is wrong with it.
bool extract_selector_ok(const char *selector, struct err *e);

// {"title": ..., "byline": ..., "date": ..., "site": ..., "language": ..., "image": ..., "url":
// ..., "paywalled": ..., "preview": ..., "words": ..., "text": ..., "html": ...}, appended with a
// newline.
void extract_json(struct buf *out, const struct extract *x);
// A page of its own that begins with title, byline and date.
void extract_html(struct buf *out, const struct extract *x);

#endif
