// What feeds say in HTML, looked at without a parser: references, plain text out of a title, words,
// a body's tail and its sound. Everything here is one pass over bytes that are valid UTF-8 already.
#ifndef FEED_MARKUP_H
#define FEED_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"

// The reference that s starts with ('&'): its code point and the bytes it took; 0 if it is none.
size_t entity_at(const char *s, size_t len, uint32_t *cp);
// Appends s with its references resolved. What is none stays as it is.
void entity_decode(struct buf *out, const char *s, size_t len);

// Appends s, escaped for an HTML text or a quoted attribute value.
void markup_escape(struct buf *out, const char *s, size_t len);

enum plain_mode {
    PLAIN_TEXT,  // says it is text: kept as it is
    PLAIN_GUESS, // says nothing (JSON, Atom without type): references that nobody types by hand are
                 // resolved, tags kept
    PLAIN_RSS, // RSS: HTML if it looks like it; what only looks like a tag ("a < b", "vector<int>")
               // is kept
    PLAIN_HTML, // is HTML: every tag goes
};
// One line of plain text, appended.
void markup_plain(struct buf *out, const char *s, size_t len, enum plain_mode mode);

bool markup_has_tags(const char *s, size_t len); // a tag of HTML or a reference
// Does a text end as teasers do: "…", "[...]", "Read more", "Continue reading →"?
bool markup_is_cut(const char *s, size_t len);

// A tag in s at its '<': where it ends (one past '>'), quotes heeded; len if it never does.
size_t markup_tag_end(const char *s, size_t len, size_t at);
// The value of an attribute inside a tag s[0..len), references resolved; false if it has none.
bool markup_attr(const char *s, size_t len, const char *name, struct buf *out);
// Does a tag name a file of sound (".mp3" ...)?
bool markup_names_sound(const char *s, size_t len);
bool markup_tag_is(const char *s, size_t len,
                   const char *name); // s at '<': a start tag of that name?

struct markup_facts {
    uint32_t words;
    bool blocks; // has paragraphs, breaks or the like
    bool sound;  // may have <audio>, a link to it, or a player that hides its address
};
// Words as a reader counts them (letters parted by blanks or blocks; CJK characters by two), and
// what else one pass sees.
void markup_facts(const char *s, size_t len, bool html, struct markup_facts *out);

#endif
