// A sieve: words and field words that an essay of a list passes or does not, by what its row says -
// never by its text.
//
//     letters "london bridge"   both are in its title, subtitle, author or feed; -word: is not
//     title: author: feed: tag: the same in that field alone; tag: a bookmark's
//     is:unread read started finished bookmarked revised preview highlighted
//     has:audio note highlights
//     kept:2026-03 kept-before:2025   a bookmark: when it was kept, as below
//     under:10 over:20          minutes it takes to read: at most, at least
//     after:2026-03 before:2025 its date: 2025, 2025-03, 2025-03-31, today, yesterday, 7d (days
//     ago)
//
//     letter OR post            one of them is enough; it binds closer than the blank
//
// Words are matched as match.h says. A minus (or NOT) before any of these turns it round. What
// looks like a field word and is none ("Re:Publica") is a word. The same is understood where texts
// are searched (find.h), and there two things more: a star after the beginning of a word, and NEAR
// or NEAR/5 between words that stand near one another; here they ask no more than the words do.
#ifndef LECTERN_SIEVE_H
#define LECTERN_SIEVE_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/err.h"
#include "lectern/ids.h"
#include "lectern/store.h"
#include "lectern/when.h"

struct sieve;
// NULL: something in it is not understood; *e says what, and what there is.
struct sieve *sieve_new(const char *text, struct when when, int64_t now, struct err *e);
// The same, leaving out what is not understood; *e says what that was (the first).
struct sieve *sieve_read(const char *text, struct when when, int64_t now, struct err *e);
void sieve_free(struct sieve *s);        // NULL is fine
bool sieve_empty(const struct sieve *s); // nothing is asked: everything passes
bool sieve_passes(const struct sieve *s, const struct item_row *row);

// A date as after: and before: have it; false: it is none.
bool sieve_date(const char *s, struct when when, int64_t now, int64_t *out);

// Order of a list.
enum order { ORDER_DATE, ORDER_TITLE, ORDER_LENGTH, ORDER_FEED, ORDER_AUTHOR, ORDER_COUNT };
const char *order_name(enum order o); // "date", "title", "length", "feed", "author"
bool order_find(const char *name, enum order *out);

// A list of ids, newest first as the store gives them, narrowed and put in order step by step, so
// that a long one holds nothing up.
struct arrangement;
// ids: stays as it is as long as this is there; sieve: taken over, may be NULL. Titles and feeds go
// from A to Z, lengths from the shortest, dates from the newest; `reverse` turns that round. Ties
// stay newest first.
struct arrangement *arrangement_new(const struct ids *ids, struct sieve *sieve, enum order order,
                                    bool reverse);
void arrangement_free(struct arrangement *a);                  // NULL is fine
bool arrangement_step(struct arrangement *a, struct store *s); // some milliseconds; false: done
// What there is so far. By date it grows at its end with every step; in other orders there is
// nothing before the last step. Valid until the next step.
const struct ids *arrangement_ids(const struct arrangement *a);
struct ids arrangement_take(struct arrangement *a); // after the last step: now the caller's

#endif
