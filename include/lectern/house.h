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
// highlighted, bears a mark or waits to be heard never goes, nor what was open in the last day. As
// with store_entries_remove a later fetch does not bring it back. out->n counts it.
struct keep_result {
    int64_t n;
};
bool keep_apply(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                const volatile int *stop, struct keep_result *out, struct err *e);
// What would go, oldest first, and changes nothing. *ids: free().
bool keep_preview(struct store *s, int64_t feed, const struct keep_rule *r, int64_t now,
                  int64_t **ids, size_t *n, struct err *e);

#endif
