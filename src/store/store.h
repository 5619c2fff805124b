// What the files of the store share: the handle itself. Private; the contract is lectern/store.h.
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <sqlite3.h>
#include <zstd.h>
#include "lectern/buf.h"
#include "lectern/hash.h"
#include "lectern/highlight.h"
#include "lectern/store.h"
#include "store/sql.h"

struct cached_statement {
    const char *text; // key: the address
    sqlite3_stmt *st;
};

// A write that waits for the lock, already visible through this handle.
struct pending {
    int64_t id; // item id
    bool has_read, read;
    bool has_place;
    uint32_t place;
    double progress;
    int64_t opened;
    bool has_note;
    char *note; // NULL: none
};

struct highlight_op; // highlight_ops.h

struct store {
    sqlite3 *db;
    char *path;
    bool writable;
    const char *notice; // NULL, or what the reader should know about how the library was opened
    struct cached_statement *cache;
    size_t ncache, cache_cap; // cap is a power of two
    int wait_ms;
    bool taking;             // the busy handler is asked about a write lock
    int reads, writes;       // nesting
    struct pending *pending; // sorted by id
    size_t npending, pending_cap;
    struct place_mark *marks; // to be written, newest last
    size_t nmarks, marks_cap;
    struct highlight_op *ops; // highlights, to be written, newest last
    size_t nops, ops_cap;
    unsigned nth;               // ids given without chance
    int64_t last_id;            // of a highlight
    struct tally_delta *deltas; // what the overlay changes, by feed
    size_t ndeltas, deltas_cap;
    bool deltas_good; // as of deltas_version
    int64_t deltas_version;
    bool unsynced; // a place was committed without waiting for the disk
    bool weighs;   // this connection knows how hits of a search are weighed (search_ask.c)
    ZSTD_DCtx *zstd;
    int64_t pack; // the pack unpacked last, 0: none
    char *unpacked;
    size_t unpacked_len;
};

// ---- schema.c ----
#define SCHEMA_APPLICATION 0x4C656374 // "Lect"
enum { SCHEMA_PIECES = 4 };
struct schema_step {
    int version;                    // that the library has afterwards
    const char *sql[SCHEMA_PIECES]; // run in order up to the first NULL
};
extern const struct schema_step schema_steps[]; // ended by version 0
// Brings the library to the last step, each in a transaction of its own; before the first of an
// older library a copy is put beside it ("library.db.v1.backup"). Another process doing the same
// meanwhile is fine.
bool schema_migrate(struct store *s, const struct schema_step *steps, struct err *e);

// ---- pack.c: bodies ----
enum {
    PACK_SIZE = 256 << 10
}; // bytes of text that are compressed together, at most, but for one larger essay
// What packing needs at hand, kept from one to the next; begins as {0}.
struct packer {
    int level; // as for zstd; 0: by the size of the pack
    ZSTD_CCtx *zstd;
    struct buf out;
};
void packer_free(struct packer *p);
void *pack_compress(struct packer *p, const void *raw, size_t len, size_t *packed_len);
// A piece of a pack, valid until the next call.
bool pack_read(struct store *s, int64_t pack, size_t off, size_t len, const char **out,
               struct err *e);
// A whole blob (a bookmark's) into the arena.
bool pack_expand(struct store *s, const void *packed, size_t len, struct arena *a, const char **out,
                 size_t *out_len, struct err *e);

// ---- open.c ----
// A new library of an older or this version, for writing; the file must not be there.
bool store_make(const char *path, int version, struct store **out, struct err *e);

// ---- bookmark.c ----
// Lets bookmarks that were removed before a time go for good.
bool bookmark_bin_empty(struct store *s, int64_t before, struct err *e);

// ---- agree.c ----
// A query of one column, pack, over all that names one; appended.
bool pack_users(struct store *s, struct buf *out, struct err *e);

// ---- prepare.c ----
struct prepared_entry {
    uint64_t guid, hash, text; // identity, everything, what is read
    int64_t published;
    size_t pack, off, len; // index into packs
    unsigned flags;
    uint32_t words;
    int64_t naudio, audio_seconds;
    const char *title, *subtitle, *author, *url, *audio;
    bool read; // it comes as read
};
// In flags, of the store alone: the text is as another reader kept it, and what the feed says of it
// takes its place.
enum { ENTRY_FOREIGN = 1 << 16 };
struct prepared_pack {
    void *data;
    size_t len;
};
uint64_t entry_text_hash(const struct feed_entry *e); // of what is read: entry.text
struct prepared {
    struct arena *arena;
    uint64_t meta;
    const char *title, *home, *subtitle, *language, *image;
    bool cut_short;
    struct prepared_entry *entries; // in the feed's order
    size_t n;
    struct prepared_pack *packs;
    size_t npacks, packs_cap, packed_bytes;
};

// Identities of an update's entries, in order; 0: a double of an earlier one. The caller's.
uint64_t *prepare_identities(const struct feed_update *u);

// ---- apply.c: the writing of what is prepared, within a write ----
bool apply_packs(struct store *s, const struct prepared *p, int64_t *ids, struct err *e);
bool apply_count_packs(struct store *s, const struct prepared *p, const int64_t *ids,
                       const int64_t *live, struct err *e); // live: entries in each
bool apply_new(struct store *s, int64_t feed, int64_t id, const struct prepared_entry *pe,
               int64_t pack, int64_t now, struct err *e);

// ---- elsewhere.c: what was read before it came ----
bool elsewhere_any(struct store *s, bool *any, struct err *e);
// Was this one? By its identity or its address.
bool elsewhere_read(struct store *s, const struct prepared_entry *pe, bool *read, struct err *e);

// ---- record.c: what lists do not show, as bytes ----
struct buf;
void record_write(struct buf *out, const struct feed_entry *e, const char *feed_language);
// Into the parts of *out that are not `row`; strings are copied to the arena. False: damaged.
bool record_read(const char *bytes, size_t len, struct arena *a, struct item_body *out,
                 struct err *e);

// ---- whole.c ----
// The record of the article that is looked at instead of what the feed sent; NULL, 0: none is.
// *there: there is one, looked at or not.
// The voices that are known of an item join its enclosures (narration.c).
bool narration_join(struct store *s, struct arena *a, struct item_body *item, struct err *e);
bool whole_record(struct store *s, int64_t entry, struct arena *a, const char **bytes, size_t *len,
                  bool *there, struct err *e);

// ---- feeds.c ----
// Sets name and fold of a feed from its own title, the feed's, or the address.
bool feed_name_refresh(struct store *s, int64_t id, struct err *e);
char *feed_key(const char *url); // what two spellings of one address share; the caller's
char *fold(const char *text);    // for comparing and sorting titles; the caller's
bool tag_clean(const char *tag, char **out, struct err *e);

// ---- defer.c ----
const struct pending *pending_find(const struct store *s, int64_t id);
int pending_started(uint32_t place, double progress); // 0 not, 1 started, 2 finished
// What the overlay changes in the counts of a feed (STORE_ALL: of all).
#define STORE_ALL INT64_MIN
struct tally_delta {
    int64_t feed, unread, started;
};
bool pending_delta(struct store *s, int64_t feed, struct tally_delta *out, struct err *e);
// A bookmark that stands for itself in "continue reading": its entry is gone or says something else
// by now. Where the texts are the same the entry stands for both. One row (started) or none.
#define BOOKMARK_ALONE                                                         \
    "SELECT started FROM bookmark WHERE id = ? AND removed = 0 AND NOT EXISTS" \
    " (SELECT 1 FROM entry e WHERE e.id = bookmark.entry AND e.text = bookmark.text)"
// Writes the overlay within a transaction that is open; pending_written() after its commit.
bool pending_write(struct store *s, struct err *e);
void pending_written(struct store *s);

// The bookmark that shows the same text as an entry, or the other way round; 0: none.
int64_t store_twin(struct store *s, int64_t id);

// ---- bookmark.c ----
// As sql_write_begin and _end, but the end waits for the disk: what was confirmed is there after a
// power cut.
bool safe_begin(struct store *s, struct err *e);
bool safe_end(struct store *s, bool ok, struct err *e);

// ---- highlight.c, highlight_rows.c ----
bool highlights_write(struct store *s, struct err *e); // as pending_write, which calls it
void highlights_written(struct store *s);
// Are there any in an item? Looks through what waits; false where that cannot be known.
bool highlights_any(struct store *s, int64_t item);
// Gives a bookmark the highlights its entry has, where the bookmark's text is the entry's.
bool highlights_share(struct store *s, int64_t bookmark, struct err *e);
// ---- addresses.c ----
// Before an entry is thrown away for good: its address is known as its guid is.
bool address_forget(struct store *s, int64_t entry, struct err *e);

// ---- mark.c ----
bool marks_write(struct store *s, struct err *e); // as pending_write, which calls it

// ---- walk.c ----
// The texts of the queries shelves are read with; for the test that reads their plans.
const char *walk_query(enum shelf_kind kind, bool unread_only, bool back, bool same_second);
const char *walk_own_query(enum shelf_kind kind, bool unread_only); // CONTINUE, BOOKMARKS

// ---- search.c ----
// An entry says something else now, though its row does not: it waits for the index of words again.
bool search_reworded(struct store *s, int64_t entry, struct err *e);

// ---- list.c ----
enum { SHELF_COUNT = SHELF_TAG + 1, WEEK_SECONDS = 7 * 24 * 3600 };
// The query of `step` shelves: the first unread beyond a place, older (dir > 0) or newer.
const char *list_step_query(enum shelf_kind kind, int dir);

#endif
