// Keeping house: what may go and what stays, the library checked, tidied, and saved where it is
// damaged. Nothing here is done unasked: by default everything is kept for good.
#ifndef LECTERN_HOUSE_H
#define LECTERN_HOUSE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/err.h"
#include "lectern/mem.h"
#include "lectern/store.h"

// ---- what may go ----
// Of one feed. An essay's age counts from the day it came, so that what was brought in late stays
// as long as the rest.
struct keep_rule {
    int64_t days, count;  // 0: no end to it
    bool unread, started; // those stay all the same
};
// As the configuration says for a feed of this address: its "feed" lines before the options for
// all.
struct keep_rule keep_rule_of(const struct conf *c, const char *url);
bool keep_all(const struct keep_rule *r);
// "90 days, at most 200, but all that is unread or begun", appended; "for good".
void keep_words(const struct keep_rule *r, struct buf *out);

// Takes out what goes by the rule, some at a time and each time in a transaction of its own, so
// that nobody waits for it; ends early when *stop says so (may be NULL). What is bookmarked or
// highlighted, bears a mark or waits to be heard never goes, nor what was open in the last day, nor
// what was asked for out of an archive (ITEM_OLDER): that goes by hand alone. As
// with store_entries_remove a later fetch does not bring it back. out->n counts it.
struct keep_result {
    int64_t n;
};
bool keep_apply(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                const volatile int *stop, struct keep_result *out, struct err *e);
// What would go, oldest first, and changes nothing. *ids: free().
bool keep_preview(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                  int64_t **ids, size_t *n, struct err *e);

// ---- whether all agrees ----
// One thing that should be so and is not: "essays of feeds that are gone", how many, and whether it
// was put right.
struct house_fault {
    const char *what;
    int64_t n;
    bool mended;
};
// Looks whether rows that name one another are there and what is counted is what there is; mends it
// where `mend` says so, in one transaction. *faults: free(); only what is wrong.
bool house_agree(struct store *s, bool mend, struct house_fault **faults, size_t *n, struct err *e);
// Whether the file is sound, page by page: *words (appended) says what is not, nothing when it is.
bool house_sound(struct store *s, struct buf *words, struct err *e);

// ---- tidying up ----
// Each step by itself, so that who runs them can say what they did. `dry`: only *n is set. stop
// (may be NULL): ends a step early, with what is done kept. A reader may be open meanwhile.
//
// Bookmarks that were removed before a time are let go for good.
bool tidy_bin(struct store *s, int64_t before, bool dry, int64_t *n, struct err *e);
// Packs of texts most of whose essays are gone are written anew; *gain: about how many bytes.
bool tidy_texts(struct store *s, bool dry, const volatile int *stop, int64_t *n, int64_t *gain,
                struct err *e);
// Bytes within the file that nothing is in; tidy_space gives them back to the disk: the file is
// written anew as a whole, others wait with writing for so long, and room for two more of it has to
// be on the disk. Stopped it has done nothing and is false.
bool tidy_free(struct store *s, int64_t *bytes, struct err *e);
bool tidy_space(struct store *s, const volatile int *stop, struct err *e);
int64_t tidy_bytes(const struct store *s); // the library and its log on the disk
int64_t tidy_room(const struct store *s);  // free bytes on that disk; -1: not known
// Tells SQLite to look at its statistics, and takes the log into the library.
bool tidy_settle(struct store *s, struct err *e);

// ---- a damaged library ----
struct salvage_result {
    int64_t feeds, essays, bookmarks;    // saved
    int64_t bare_essays, bare_bookmarks; // of these without their text
    int64_t nameless; // feeds and bookmarks of which only what belongs to them was left
    int64_t had_essays, had_bookmarks; // as the damaged one counted; -1: that was lost too
    int64_t damages;                   // places that could not be read
    char *kept;                        // under which name the damaged file is; free()
};
// Takes what can still be read of a library into a new one, which takes its place; the damaged file
// is kept beside it under another name. `to`: writes there instead and leaves all else as it is
// (NULL: no). ERR_BUSY: another Lectern has it open; ERR_FORMAT: nothing of a library is in it;
// ERR_NEWER: a newer one should do that. When it fails everything is as it was.
// house_salvage_words: what came of it, some sentences for people, appended.
void house_salvage_words(const struct salvage_result *r, struct buf *out);
bool house_salvage(const char *path, const char *to, struct salvage_result *out, struct err *e);

#endif
