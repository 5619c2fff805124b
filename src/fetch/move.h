// Where a feed lives, and has lived. Private to fetch.
#ifndef FETCH_MOVE_H
#define FETCH_MOVE_H

#include <stdint.h>
#include "lectern/feed.h"
#include "lectern/store.h"

enum { FETCH_KEY = 48 };
// The name of a small value kept of a feed: "fetch.KIND.ID".
void fetch_key(char out[FETCH_KEY], const char *kind, int64_t feed);
// After a write that may have moved the feed: if it was moved from `from`, that is remembered.
bool move_note(struct store *s, int64_t feed, const char *from, const char *to, int64_t when,
               struct err *e);
// Where the reader does not want this feed to be moved to; NULL: it may go anywhere.
const char *move_refused(struct store *s, int64_t feed, struct arena *a);
// What a document asks of those who come again, as the value "fetch.asks.ID": "ttl hours days" and
// where it says it has moved. The caller's.
#define ASKS_NOTHING "0 0 0"
char *asks_of(const struct feed_update *u);
bool asks_keep(struct store *s, int64_t feed, const struct feed_update *u, struct err *e);
// Where the document that left these asks says that the feed at `url` has moved; NULL: nowhere.
const char *asks_moved(const char *asks, const char *url);
// Feeds of `lectern ingest` that have no address of their own.
#define ADDRESS_INGEST "lectern:ingest/"

#endif
