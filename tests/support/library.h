// Libraries for tests: a fresh path in the scratch folder, and updates made of a few words.
#ifndef SUPPORT_LIBRARY_H
#define SUPPORT_LIBRARY_H

#include "lectern/feed.h"
#include "lectern/store.h"

// A path for a library that is not there yet, below LECTERN_TMP (else /tmp). The caller's (free()).
char *library_path(const char *name);
// An update without entries, titled `title`; feed_free() or update_free().
struct feed_update *update_new(const char *title, size_t room);
// Adds an entry whose strings live in the update; body may be NULL. Returns it to be changed
// further.
struct feed_entry *update_add(struct feed_update *u, const char *guid, const char *title,
                              int64_t published, const char *body);
void update_audio(struct feed_update *u, struct feed_entry *e, const char *url, int64_t seconds);
void update_free(struct feed_update *u);
// Prepares and applies an update as the fetcher does; fails the test when that fails.
struct apply_counts library_apply(struct store *s, int64_t feed, const struct feed_update *u,
                                  int64_t when);
struct store *library_open(const char *path,
                           enum store_mode mode);       // fails the test when that fails
int64_t library_feed(struct store *s, const char *url); // subscribes
// The rows of a query to any SQLite file as "a|b\n". The caller's (free()).
char *library_ask(const char *path, const char *sql);
// Runs statements in such a file, which is made where it is missing.
void library_run(const char *path, const char *sql);
// The same without the triggers of a library: for doing it harm.
void library_sql(const char *path, const char *sql);
int64_t library_number(const char *path, const char *sql); // the first column of the first row

#endif
