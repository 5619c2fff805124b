// A bookmark between library and file: what every writer takes and every reader yields.
#ifndef TRADE_KEPT_H
#define TRADE_KEPT_H

#include "lectern/bring.h"
#include "lectern/carry.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/store.h"

struct kept_highlight {
    int64_t id; // 0: none yet
    uint32_t from, to;
    const char *colour; // by name; NULL: the first
    int64_t made;
    const char *quote;                 // never NULL
    const char *before, *after, *note; // may be NULL
};
struct kept {
    struct item_body body; // its row: what the bookmark says of itself
    struct carried carried;
    const char *note; // NULL: none
    struct kept_highlight *highlights;
    size_t nhighlights;
    int line; // in the file; 0: not known
};
// Of the library, whole.
bool kept_load(struct store *s, int64_t id, struct arena *a, struct kept *out, struct err *e);

bool kept_marks(struct store *s, int64_t id, struct arena *a, struct kept *out,
                struct err *e); // its note and highlights
// The note and highlights of `k` that `have` lacks, to a bookmark.
void kept_add(struct store *s, int64_t id, const struct kept *have, const struct kept *k,
              bool *changed);

enum highlight_colour kept_colour(const char *name); // the first where it is none

// ---- what readers build ----
struct brought {
    struct arena *arena;
    const char *format;
    struct kept *items;
    size_t n, cap;
    struct {
        int line;
        const char *what, *why;
    } * skipped;
    size_t nskipped, skipped_cap;
    const char **tags; // of the bookmark that is being read
    size_t ntags, tags_cap;
};
struct brought *brought_new(const char *format);
// A new one, with nothing in it; valid until the next.
struct kept *brought_add(struct brought *b, int line);
// What is wrong with the last one goes to what was skipped, and the last one goes.
void brought_drop(struct brought *b, int line, const char *what, const char *why);
void brought_tag(struct brought *b, const char *tag, size_t len); // of the last one
// Its address. False: it has none on the web, and is dropped.
bool brought_url(struct brought *b, const char *url);
void brought_end(struct brought *b); // the last one is whole: tags, title
// Text from outside, made safe; NULL where nothing is left.
const char *brought_line(struct brought *b, const char *s, size_t len);
const char *brought_text(struct brought *b, const char *s, size_t len);
const char *brought_note(struct brought *b, const char *s, size_t len); // ends trimmed
const char *brought_address(struct brought *b, const char *s, size_t len);
int64_t brought_date(const char *s); // Unix seconds or any date that is read; 0: none

// ---- the readers: true and a new *out, or false when it is not theirs or broken (*e says why)
// ----
bool json_read(const char *bytes, size_t len, struct brought **out, struct err *e);
bool netscape_read(const char *bytes, size_t len, struct brought **out, struct err *e);
bool csv_read(const char *bytes, size_t len, struct brought **out, struct err *e);
// Is it theirs? By how it begins.
bool json_looks(const char *bytes, size_t len);
bool netscape_looks(const char *bytes, size_t len);
bool csv_looks(const char *bytes, size_t len);

#endif
