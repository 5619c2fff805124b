// What another reader's database holds, read from a copy, and how it comes into the library: as
// essays that the next fetch knows. See foreign.h for what such a reader's items are.
#ifndef LECTERN_TAKE_H
#define LECTERN_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/foreign.h"
#include "lectern/store.h"

// ---- newsboat's cache.db, newsraft.sqlite3 ----
struct foreign_db;
// Copies the file with its log or journal to $TMPDIR (else /tmp; gone again by itself) and opens
// the copy: that reader may run meanwhile, and nothing of its own is touched. What the file says of
// itself is not trusted: no views, triggers or functions of its own.
bool foreign_db_open(const char *path, struct foreign_db **out, struct err *e);
void foreign_db_close(struct foreign_db *db); // NULL is fine
enum foreign_kind foreign_db_kind(const struct foreign_db *db);
// Feeds that have items or a title there; in no order.
size_t foreign_db_feeds(const struct foreign_db *db, const struct foreign_feed **out);
// The next items of a feed, into the arena, FOREIGN_CHUNK or some megabytes at most; *n 0: no more.
bool foreign_db_items(struct foreign_db *db, size_t feed, struct arena *a,
                      struct foreign_item **out, size_t *n, struct err *e);
// Items that could not be read so far, since the file is damaged or they are too large.
size_t foreign_db_lost(const struct foreign_db *db);
// A sentence when the file is damaged: what could be read of it was; NULL: it is sound.
const char *foreign_db_damage(const struct foreign_db *db);

// ---- into the library ----
// Some items made ready: pure, and the only part that takes time.
struct taken;
struct taken *take_prepare(struct preparer *r, const struct foreign_feed *f,
                           const struct foreign_item *items, size_t n);
void taken_free(struct taken *t); // NULL is fine
size_t taken_bytes(const struct taken *t);
struct take_counts {
    int64_t added, unread; // essays that are new here, and how many of them are unread
    int64_t there, read;   // known here already, and of these now read as they are there
    int64_t deleted;       // known as thrown away from now on
    int64_t bookmarks;
};
// Adds to *counts. Within store_begin. Essays that the library knows stay as they are, but are read
// when they are read there; what was thrown away here stays away. s NULL or feed 0: only counts, as
// if the feed were new.
bool store_take(struct store *s, int64_t feed, const struct taken *t, int64_t now, bool dry,
                struct take_counts *counts, struct err *e);
// Title, home and validators of a feed that has not been fetched here yet. Within store_begin.
bool store_take_feed(struct store *s, int64_t feed, const struct foreign_feed *f, bool *validators,
                     struct err *e);
// The feed of an address; *id 0: none.
bool store_feed_at(struct store *s, const char *url, int64_t *id, struct err *e);
// Addresses and guids of essays that were read elsewhere: those that are here are read (*marked);
// those that come later come as read. Within store_begin. dry: only counts.
bool store_read_elsewhere(struct store *s, const char *const *names, size_t n, bool dry,
                          int64_t *marked, struct err *e);

#endif
