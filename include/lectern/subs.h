// Lists of subscriptions, in and out: OPML 1.0/2.0, newsboat's `urls` file, newsraft's `feeds`,
// sfeedrc, plain lists of addresses. What cannot be taken is handed back with its place and a
// reason, so that nothing is lost without a word.
#ifndef LECTERN_SUBS_H
#define LECTERN_SUBS_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/err.h"

struct sub {
    const char *url;   // as written; cleaned as an address
    const char *title; // the reader's own name for it; NULL: none
    const char **tags; // NULL-ended, no doubles
};
struct sub_skipped {
    int line; // 0: not known
    const char *what, *why;
};
struct sub_search {
    const char *name, *query; // as sieve.h reads it
};
struct subs {
    struct arena *arena;
    const char *format; // "OPML", "newsboat urls", "newsraft feeds", "sfeedrc", "a list of
                        // addresses"
    struct sub *items;  // no address twice: tags of doubles are joined
    size_t n;
    struct sub_skipped *skipped;
    size_t nskipped;
    struct sub_search *searches; // newsboat's query feeds that can be said
    size_t nsearches;
    size_t hidden; // feeds that newsboat does not list
};

// Bytes of such a file -> subscriptions. False (ERR_FORMAT): nothing in it looks like one of them.
bool subs_read(const char *bytes, size_t len, struct subs **out, struct err *e);
// The same for a file that is known to be newsraft's: its names look like newsboat's tags.
bool subs_read_newsraft(const char *bytes, size_t len, struct subs **out, struct err *e);
void subs_free(struct subs *s); // NULL is fine

// OPML 2.0 (http://opml.org/spec2.opml): a folder for each first tag, all tags in `category`. Other
// readers take it.
void subs_write_opml(struct buf *out, const struct sub *items, size_t n, long long now);

#endif
