// The whole of essays whose feeds send a summary only: the article as it was taken out of the
// essay's page, kept in the library beside what the feed sent. Whichever of the two the reader
// looks at is the one that every other part takes (store_item, bookmarks, exports).
#ifndef LECTERN_WHOLE_H
#define LECTERN_WHOLE_H

#include "lectern/store.h"

struct whole {           // of one entry; strings may be NULL but content
    const char *content; // HTML
    size_t content_len;
    const char *url;      // where the page is, or says it is
    const char *language; // BCP 47
    const char *image;
    const char *author, *why; // why: what says that it is for those who pay
    uint32_t words;
    bool paywalled, preview;
    const char *failure; // the last try, in a sentence; then there may be no content
    int64_t fetched;     // Unix seconds, of the last try
};
// What is there of an entry; *out is all zero where nothing was ever fetched.
bool store_whole(struct store *s, int64_t entry, struct arena *a, struct whole *out, struct err *e);
// Keeps an article and shows it from now on; its words are the essay's. ERR_MISSING: the entry is
// gone.
bool store_whole_put(struct store *s, int64_t entry, const struct whole *w, struct err *e);
// Remembers that it could not be had; an article that was there stays.
bool store_whole_failed(struct store *s, int64_t entry, const char *why, int64_t now,
                        struct err *e);
// Which one is looked at: the article (true) or what the feed sent.
bool store_whole_show(struct store *s, int64_t entry, bool article, struct err *e);
// What the feed sent, whichever is looked at.
bool store_item_sent(struct store *s, int64_t id, struct arena *a, struct item_body *out,
                     struct err *e);
// Entries of a feed first seen after `since` that have an address and no more than a summary, and
// whose page was not asked for yet, or not for a day after a try that failed (three in all). Newest
// first, at most `limit`. *ids: free().
bool store_whole_due(struct store *s, int64_t feed, int64_t since, int64_t now, size_t limit,
                     int64_t **ids, size_t *n, struct err *e);

#endif
