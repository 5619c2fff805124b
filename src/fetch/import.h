// Between the two files of the import. Private.
#ifndef FETCH_IMPORT_H
#define FETCH_IMPORT_H

#include "lectern/fetch.h"
#include "lectern/foreign.h"
#include "lectern/subs.h"

enum { IMPORT_LARGEST = 64 << 20 };

void import_skip(const struct import_opts *o, struct import_result *r, const char *file, int line,
                 const char *what, const char *why);
void import_tell(const struct import_opts *o, const char *fmt, ...) LECTERN_PRINTF(2, 3);

// The lines of a file of addresses and guids, sorted; NULL: it cannot be read.
const char **import_names(const char *file, struct arena *a, size_t *n, struct err *e);

// What is to be written, gathered before the lock is taken.
struct hoard;
// Another reader's essays for the feeds of `subs` (NULL: for all that it has). The library is not
// touched.
bool hoard_read(const struct foreign_place *p, const struct subs *subs, const struct import_opts *o,
                struct import_result *r, struct hoard **out, struct err *e);
void hoard_free(struct hoard *h); // NULL is fine
size_t hoard_feeds(const struct hoard *h);
const char *hoard_address(const struct hoard *h, size_t i); // cleaned as those of a list are
// Writes those of one feed. s NULL: counts.
bool hoard_write(const struct hoard *h, size_t i, struct store *s, int64_t feed, bool dry,
                 struct import_result *r, struct err *e);

#endif
