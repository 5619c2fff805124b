// The library: one SQLite file in WAL mode that several Lecterns may share. Lists never carry
// bodies; bodies are zstd-compressed in a table of their own; counts are kept by triggers, never by
// scanning.
//
// An item id is what every list, the command line and the reader use: > 0 an entry, < 0 a bookmark
// (-n, shown "bn"). Strings handed out live in the arena the caller passes.
#ifndef LECTERN_STORE_H
#define LECTERN_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/feed.h"
#include "lectern/mem.h"

struct store;
enum store_mode {
    STORE_WRITE,  // made when missing (directory 0700, file 0600), migrated when older (a backup
                  // beside it first)
    STORE_READ,   // never written; a read-only file or directory is fine
    STORE_READER, // as WRITE; if that is not possible, as READ: the reader's own mode (see
                  // store_writable)
};
// Errors: ERR_NEWER (made by a newer Lectern), ERR_FORMAT (not a library), ERR_DAMAGED (house.h
// saves what can be read), ERR_FULL, ERR_OTHER.
bool store_open(const char *path, enum store_mode mode, struct store **out, struct err *e);
void store_close(struct store *s); // flushes what is deferred; NULL is fine
bool store_writable(const struct store *s);
// A sentence about how the library was opened that its reader should know (read-only, network
// disk); NULL: all is well.
const char *store_notice(const struct store *s);
// Milliseconds a write waits for another process's lock. The reader sets 0 and uses the deferred
// writes below.
void store_set_wait(struct store *s, int ms);
// Changes whenever another connection (the worker) has committed: cheap, for polling.
int64_t store_version(struct store *s);

// ---- feeds ----
enum feed_health { HEALTH_NEW, HEALTH_OK, HEALTH_FAILING, HEALTH_PARKED, HEALTH_CUT_SHORT };
struct feed_row {
    int64_t id;
    const char *url;       // what is fetched, without user and password: for showing
    const char *address;   // the same with them: for fetching, and never shown
    const char *title;     // the reader's own name for it, else the feed's, else the address
    const char *own_title; // set by rename; NULL if not
    const char *home, *subtitle, *language; // may be NULL
    const char **tags;                      // NULL-ended
    int64_t total, unread;
    enum feed_health health;
    const char *error; // the last failure in words; NULL when the last fetch went well
    int http_status;   // of the last answer; 0: none
    int64_t last_tried, last_good, next_due; // Unix seconds, 0: never
    int64_t bytes;                           // size of the last document
    int64_t interval;                        // seconds, the reader's own; 0: as the feed asks
    const char *moved_to; // where the last answer says it has moved for good, seen once so far;
                          // without user and password; NULL: nowhere
};
struct feed_rows {
    struct feed_row *items;
    size_t n;
};
// What a person can do about what is wrong with a feed, as a sentence; NULL: nothing is wrong, or
// nothing need be done.
const char *store_feed_advice(const struct feed_row *r);
// All feeds, by title (locale-free case folding).
bool store_feeds(struct store *s, struct arena *a, struct feed_rows *out, struct err *e);
bool store_feed(struct store *s, int64_t id, struct arena *a, struct feed_row *out, struct err *e);
// By number, whole address (with or without a trailing slash or scheme), or title
// (case-insensitive; a part of it if only one has it). ERR_MISSING says what there is to try.
bool store_feed_find(struct store *s, const char *name, struct arena *a, struct feed_row *out,
                     struct err *e);
// *existed: it was there already (and *id is the one that was). tags: NULL-ended, may be NULL;
// added to what is there.
bool store_feed_add(struct store *s, const char *url, const char *const *tags, int64_t *id,
                    bool *existed, struct err *e);
bool store_feed_remove(struct store *s, int64_t id, struct err *e); // entries go, bookmarks stay
// The same, but all of it waits in memory until this store is closed, to be brought back whole: the
// same ids, marks, places, bookmarks. restore: ERR_MISSING when it is not there (any more),
// ERR_OTHER when the address was added anew meanwhile.
bool store_feed_bin(struct store *s, int64_t id, struct err *e);
bool store_feed_restore(struct store *s, int64_t id, struct err *e);
bool store_feed_rename(struct store *s, int64_t id, const char *title,
                       struct err *e); // NULL: the feed's own again
bool store_feed_tag(struct store *s, int64_t id, const char *tag, bool on, struct err *e);
bool store_feed_move(struct store *s, int64_t id, const char *url,
                     struct err *e); // keeps the essays
bool store_feed_set_interval(struct store *s, int64_t id, int64_t seconds, struct err *e);

// ---- what the fetcher needs ----
struct fetch_state { // one feed, as the fetcher needs it
    int64_t feed_id;
    const char *url;
    const char *etag, *last_modified; // verbatim; may be NULL
    const char *moved_to;             // a permanent redirect seen on the last fetch; may be NULL
    int64_t next_due;
    int64_t interval;
    int failures; // in a row
    bool parked;
    uint64_t body_hash; // of the last document's bytes: same bytes need no parsing; 0: none
    struct known_entry {
        uint64_t guid_hash, content_hash;
    } * known; // sorted by guid_hash; what is stored of this feed
    size_t nknown;
};
// Ids of feeds due at `now` (all that are not parked when now is INT64_MAX), longest overdue first.
bool store_feeds_due(struct store *s, int64_t now, int64_t **ids, size_t *n,
                     struct err *e); // *ids: free()
bool store_fetch_state(struct store *s, int64_t feed_id, struct arena *a, struct fetch_state *out,
                       struct err *e);

// An update made ready to be written: hashes taken, what is unchanged left out, bodies compressed.
// Pure and thread-safe: the parsers' threads call it, the one writer applies it. Holds copies: the
// update may be freed after.
struct prepared;
struct prepared *store_prepare(const struct feed_update *u, const struct fetch_state *known);
// The same for one who does it again and again: what it needs is kept. Belongs to one thread.
struct preparer;
struct preparer *store_preparer_new(void);
void store_preparer_free(struct preparer *r);
struct prepared *store_prepare_with(struct preparer *r, const struct feed_update *u,
                                    const struct fetch_state *known);
void store_prepared_free(struct prepared *p);
size_t store_prepared_bytes(const struct prepared *p); // memory it holds

struct fetch_outcome { // what to remember of one try
    int64_t when;
    int http_status;   // 0: no answer
    const char *error; // NULL: it went well
    const char *etag,
        *last_modified;   // NULL: none given (forget the old ones on 200, keep them on 304)
    const char *moved_to; // permanent redirect seen; NULL: none
    const char *new_url;  // from now on fetch this one; NULL: no change
    int64_t next_due;
    int64_t bytes;
    uint64_t body_hash; // 0: keep
    bool not_modified;  // 304 or same bytes
    bool parked;        // 410
    bool older;         // a page of an archive: only its essays are written, nothing of the try
    // Its essays bear ITEM_OLDER, and come in read unless `unread`.
    bool archived, unread;
};
struct apply_counts {
    int64_t added, changed, total; // total: entries of the feed afterwards
};
// Is an essay of this feed there, or thrown away for good, under an address? For archives that know
// no guids: their hashes, sorted. *hashes: free().
bool store_feed_addresses(struct store *s, int64_t feed, uint64_t **hashes, size_t *n,
                          struct err *e);
uint64_t store_address_hash(const char *url); // spellings of one address have one hash
// Writes one feed's result. p may be NULL (nothing new). Between store_begin and store_commit many
// go in one transaction.
bool store_apply(struct store *s, int64_t feed_id, const struct prepared *p,
                 const struct fetch_outcome *o, struct apply_counts *out, struct err *e);
bool store_begin(struct store *s, struct err *e);
bool store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

// ---- shelves and lists ----
enum shelf_kind {
    SHELF_ALL,
    SHELF_UNREAD,
    SHELF_CONTINUE,
    SHELF_AUDIO,
    SHELF_WEEK,
    SHELF_BOOKMARKS,
    SHELF_FEED,
    SHELF_TAG
};
struct shelf {
    enum shelf_kind kind;
    int64_t feed;    // SHELF_FEED
    const char *tag; // SHELF_TAG; SHELF_BOOKMARKS: only with this tag, NULL: all
};
struct shelf_counts {
    int64_t total, unread, started, audio, bookmarks, week; // over the whole library
};
bool store_counts(struct store *s, int64_t now, struct shelf_counts *out, struct err *e);
struct tag_row {
    const char *tag;
    int64_t total, unread;
};
bool store_tags(struct store *s, struct arena *a, struct tag_row **out, size_t *n, struct err *e);

// Searches kept under a name, by name; `query` as sieve.h reads it.
struct saved_search {
    const char *name, *query;
};
bool store_searches(struct store *s, struct arena *a, struct saved_search **out, size_t *n,
                    struct err *e);
// query NULL: forgets it. A name that is there already gets the new query; names are compared
// without case.
bool store_search_save(struct store *s, const char *name, const char *query, struct err *e);

// Ids of a shelf, newest first (CONTINUE: most recently read first; BOOKMARKS: most recently kept
// first). At most `limit` (0: all). unread_only leaves out what is read. The plan is an index walk.
// *ids: free().
bool store_ids(struct store *s, const struct shelf *sh, bool unread_only, int64_t now, size_t limit,
               int64_t **ids, size_t *n, struct err *e);

// Leaves those of n ids that are unread, in their order.
bool store_sift_unread(struct store *s, int64_t *ids, size_t *n, struct err *e);

enum item_flag {
    ITEM_UNREAD = 1,
    ITEM_STARTED = 2,
    ITEM_FINISHED = 4,
    ITEM_BOOKMARKED = 8,
    ITEM_AUDIO = 16,
    ITEM_REVISED = 32,
    ITEM_PREVIEW = 64,
    ITEM_NOTED = 128, // its bookmark has a note
    ITEM_HIGHLIGHTED = 256,
    ITEM_OLDER = 512, // brought in from an archive: clean-up by age or number passes it by
};
struct item_row {
    int64_t id;       // item id
    int64_t entry;    // a bookmark's entry, 0 once that is gone; an entry's own id
    int64_t bookmark; // item id (< 0) of the bookmark made of it, 0 if none
    int64_t feed_id;  // 0: none any more
    const char *feed_title, *title, *subtitle, *author, *url; // title never NULL; the others may be
    int64_t published; // what it is sorted by: published, or first seen when the feed gave none or
                       // one in the future
    int64_t kept;      // bookmarks: when
    uint32_t words;
    unsigned flags;
    uint32_t place;        // byte offset into the document's text
    double progress;       // 0..1
    const char **tags;     // bookmarks: NULL-ended, never NULL
    const char *audio;     // first audio address, may be NULL
    int naudio;            // how many there are
    int64_t audio_seconds; // 0: not known
};
// Rows for ids, in the order asked; an id that is gone has id 0 in its row. rows: room for n.
bool store_rows(struct store *s, const int64_t *ids, size_t n, struct arena *a,
                struct item_row *rows, struct err *e);
// The next unread (dir > 0) or previous unread (dir < 0) of a shelf counted from `from`; 0 if there
// is none.
bool store_next_unread(struct store *s, const struct shelf *sh, int64_t now, int64_t from, int dir,
                       int64_t *id, struct err *e);
// The newer (dir < 0) or older (dir > 0) neighbour in the same feed; 0 if none.
bool store_neighbour(struct store *s, int64_t id, int dir, int64_t *out, struct err *e);

struct item_body {
    struct item_row row;
    const char *content; // may be NULL: then summary is what there is
    size_t content_len;
    enum content_type type;
    const char *summary;
    enum content_type summary_type;
    const char *base, *language;                 // may be NULL
    const char *image, *external_url, *comments; // addresses; may be NULL
    const char *note;                            // of its bookmark; may be NULL
    struct enclosure *enclosures;
    size_t nenclosures;
    bool has_whole, whole; // whole.h: an article from its page is there, and is what content holds
};
bool store_item(struct store *s, int64_t id, struct arena *a, struct item_body *out, struct err *e);
// What an entry said before its feed changed it, newest first (the last ten are kept); n 0: never
// changed.
struct revision_row {
    int64_t id;
    int64_t replaced; // when the change was seen
    uint32_t words;
    const char *title;
};
bool store_revisions(struct store *s, int64_t entry, struct arena *a, struct revision_row **out,
                     size_t *n, struct err *e);
bool store_revision(struct store *s, int64_t revision, struct arena *a, struct item_body *out,
                    struct err *e);
// Throws entries away for good: a later fetch does not bring them back. Bookmarks stay.
bool store_entries_remove(struct store *s, const int64_t *ids, size_t n, struct err *e);
// "123", "b12" -> item id; false when it is neither (existence is not looked up).
bool store_parse_id(const char *s, int64_t *id);

// ---- what reading changes ----
// Deferred writes: taken at once, seen at once by every function above through this handle, written
// when the lock is free. store_flush tries (waiting up to wait_ms); the app calls it when idle and
// before the end. Nothing is lost on close. A flush with wait_ms > 0, and closing, also wait for
// the disk: a power cut after that loses nothing.
void store_set_read(struct store *s, const int64_t *ids, size_t n, bool read);
void store_set_place(struct store *s, int64_t id, uint32_t off, double progress,
                     int64_t now); // progress 1: finished
// Places that bear a letter, as vi's marks: a-z belong to their item (an entry and the bookmark
// that shows the same text share them), A-Z to the library, each to one place in one item.
struct place_mark {
    int64_t id; // item
    char letter;
    uint32_t off; // bytes into the document's text
};
enum { PLACE_MARKS = 2 * 26 };
void store_set_mark(struct store *s, struct place_mark m);
// An item's own and all that are the library's, by letter. The item of the latter may be gone.
bool store_marks(struct store *s, int64_t id, struct place_mark out[PLACE_MARKS], size_t *n,
                 struct err *e);
bool store_flush(struct store *s, int wait_ms,
                 struct err *e); // true also when there was nothing to do
size_t store_pending(const struct store *s);

// ---- bookmarks: snapshots of their own ----
// Of an entry; keeps the text as it is now. Again: the one that is there (*existed).
bool store_bookmark_entry(struct store *s, int64_t entry, int64_t now, int64_t *id, bool *existed,
                          struct err *e);
struct snapshot { // of anything else (a file, a page): strings may be NULL but title and content
    const char *title, *subtitle, *author, *feed_title, *url, *language, *base;
    const char *content;
    size_t content_len;
    enum content_type type;
    int64_t published;
    uint32_t words;
    const struct enclosure *enclosures;
    size_t nenclosures;
};
bool store_bookmark_snapshot(struct store *s, const struct snapshot *sn, int64_t now, int64_t *id,
                             struct err *e);
bool store_bookmark_remove(struct store *s, int64_t id,
                           struct err *e); // takes it to a bin that undo empties from
bool store_bookmark_restore(struct store *s, int64_t id,
                            struct err *e); // undo of remove, this session or a later one
bool store_bookmark_tag(struct store *s, int64_t id, const char *tag, bool on, struct err *e);

// Small named values of the library itself ("last shelf" ...). get: NULL if not there.
bool store_get(struct store *s, const char *key, struct arena *a, const char **value,
               struct err *e);
bool store_put(struct store *s, const char *key, const char *value, struct err *e);

#endif
