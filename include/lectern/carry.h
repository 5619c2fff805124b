// Bookmarks carried from one library into another, or into files and back: with their dates, their
// place, and a name that is the same in every library they come to, so that nothing comes twice.
#ifndef LECTERN_CARRY_H
#define LECTERN_CARRY_H

#include "lectern/store.h"

enum { CARRY_UID = 36 }; // room for a uid and its end
// Letters, digits and '-' that make a uid; others are refused.
bool carry_uid_fits(const char *uid);

struct carried { // what neither the row nor the body says
    char uid[CARRY_UID];
    int64_t opened;           // when it was read last; 0: never
    bool address_only;        // there is no text yet: only where it is
    uint64_t page, seen;      // see store_carry_seen
    struct place_mark *marks; // a-z
    size_t nmarks;
};
bool store_carried(struct store *s, int64_t bookmark, struct arena *a, struct carried *out,
                   struct err *e);
// The bookmark of a uid; *id 0: none. *binned: it was thrown away.
bool store_carried_find(struct store *s, const char *uid, int64_t *id, bool *binned, struct err *e);
// A bookmark as it was elsewhere: of `row` the title, subtitle, author, feed_title, url, published,
// kept, words, flags (preview, revised, started, finished), place, progress and tags; the body, its
// audio and addresses. uid: "" or one that is taken gives a new one. A body without content and
// summary is one whose text is still to be fetched.
bool store_carry(struct store *s, const struct item_body *b, const struct carried *c, int64_t *id,
                 struct err *e);
// The text of a bookmark, and what goes with it: title (kept where it is ""), subtitle, author,
// feed_title, published (NULL and 0: kept), language, base, words, content and the rest of the
// body.
bool store_carry_text(struct store *s, int64_t bookmark, const struct item_body *b, struct err *e);
// What is known of a bookmark's file: the hash of its text as Markdown, so that it need not be made
// to be compared, and what the file in the folder that is kept in step said when it was last read
// or written. 0: nothing.
bool store_carry_seen(struct store *s, int64_t bookmark, uint64_t page, uint64_t seen,
                      struct err *e);
// Bookmarks whose text is still to be fetched, the one kept first first. *ids: free().
bool store_carry_bare(struct store *s, int64_t **ids, size_t *n, struct err *e);
// What has an address: first the bookmarks that are kept (ids < 0), then the entries. False from
// `each` ends it.
bool store_addresses(struct store *s, bool (*each)(void *ctx, int64_t id, const char *url),
                     void *ctx, struct err *e);
// What two spellings of one address share: no scheme, no "www.", no slash at the end, no fragment.
// The caller's.
char *carry_key(const char *url);
// Sets when it was kept, and brings its tags to these (NULL-ended; NULL: as they are).
bool store_carry_facts(struct store *s, int64_t bookmark, int64_t kept, const char *const *tags,
                       struct err *e);

#endif
