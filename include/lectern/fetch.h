// The fetcher: addresses -> bytes -> updates -> library. `lectern fetch` and the worker process are the same code.
#ifndef LECTERN_FETCH_H
#define LECTERN_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/conf.h"
#include "lectern/err.h"
#include "lectern/feed.h"
#include "lectern/store.h"

// ---- one address ----
struct http_reply {
    char *body; // decoded bytes, always there
    size_t len;
    int status;         // HTTP; 200 for files
    char *url;          // after redirects
    char *content_type; // may be NULL
};
void http_reply_free(struct http_reply *r); // the contents
// Gets one address (http, https, file path, "lectern:sample"), blocking, with the limits of the configuration. A status
// of 400 and more is an error that says what it means. Never follows to anything but http and https; never https to http.
bool fetch_get(const char *address, const struct conf *c, struct http_reply *out, struct err *e);

// What a person typed -> what is fetched: "example.org" -> "https://example.org", feed: taken off, ./file -> absolute
// path as file address, names of Substacks completed. False: no address at all.
bool fetch_address(const char *typed, char **out, struct err *e);

// Subscribes: resolves the address, fetches it once, follows a page's <link rel=alternate> to the feed, stores.
struct add_result {
    int64_t feed_id;
    bool existed;
    char *title, *url; // free with add_result_free; url without user and password
    int64_t entries;
    size_t offered; // how many feeds the page offered, of which this is one; 0: the address was a feed's own
};
// Several feeds are offered: the index of the one to take, or n to take none. NULL: the best is taken.
struct add_chooser {
    size_t (*choose)(void *ctx, const struct feed_candidate *offered, size_t n);
    void *ctx;
};
bool fetch_add(struct store *s, const struct conf *c, const char *typed, const char *const *tags, struct add_result *out,
               struct err *e);
bool fetch_add_choose(struct store *s, const struct conf *c, const char *typed, const char *const *tags,
                      const struct add_chooser *chooser, struct add_result *out, struct err *e);
void add_result_free(struct add_result *r);

// ---- many feeds ----
enum fetch_event_kind { FETCH_BEGIN, FETCH_GET, FETCH_OK, FETCH_SAME, FETCH_ERR, FETCH_END };
struct fetch_event {
    enum fetch_event_kind kind;
    int64_t feed;        // GET OK SAME ERR
    int64_t added, changed;
    int done, total;     // so far, of how many
    int failed;
    const char *title;   // of the feed
    const char *url;     // of the feed, without user and password
    const char *message; // ERR: a sentence
};
struct fetch_opts {
    const int64_t *feeds; // NULL: all that are due
    size_t nfeeds;
    bool force;           // ask also what is not due, and feeds that are parked when named
    void (*event)(void *ctx, const struct fetch_event *ev); // on the calling thread
    void *ctx;
    const volatile int *stop; // set by a signal handler: end cleanly with what has arrived stored
    int wake_fd;          // -1, or a descriptor whose readability ends the run early as `stop` does
};
struct fetch_totals {
    int feeds, ok, same, failed;
    int64_t added, changed, bytes;
};
// True when it ran, even if single feeds failed (see totals). ERR_BUSY: another Lectern is fetching into this library.
bool fetch_run(const char *library, const struct conf *c, const struct fetch_opts *o, struct fetch_totals *out, struct err *e);

#endif
