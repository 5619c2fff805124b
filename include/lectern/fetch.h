// The fetcher: addresses -> bytes -> updates -> library. `lectern fetch` and the worker process are
// the same code.
#ifndef LECTERN_FETCH_H
#define LECTERN_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/conf.h"
#include "lectern/err.h"
#include "lectern/feed.h"
#include "lectern/store.h"
#include "lectern/take.h"

// ---- one address ----
struct http_reply {
    char *body; // decoded bytes, always there
    size_t len;
    int status;         // HTTP; 200 for files
    char *url;          // after redirects
    char *content_type; // may be NULL
};
void http_reply_free(struct http_reply *r); // the contents
// Gets one address (http, https, file path, "lectern:sample"), blocking, with the limits of the
// configuration. A status of 400 and more is an error that says what it means. Never follows to
// anything but http and https; never https to http.
bool fetch_get(const char *address, const struct conf *c, struct http_reply *out, struct err *e);

// What a person typed -> what is fetched: "example.org" -> "https://example.org", feed: taken off,
// ./file -> absolute path as file address, names of Substacks completed. False: no address at all.
bool fetch_address(const char *typed, char **out, struct err *e);

// Subscribes: resolves the address, fetches it once, follows a page's <link rel=alternate> to the
// feed, stores.
struct add_result {
    int64_t feed_id;
    bool existed;
    char *title, *url; // free with add_result_free; url without user and password
    int64_t entries;
    size_t offered; // how many feeds the page offered, of which this is one; 0: the address was a
                    // feed's own
};
// Several feeds are offered: the index of the one to take, or n to take none. NULL: the best is
// taken.
struct add_chooser {
    size_t (*choose)(void *ctx, const struct feed_candidate *offered, size_t n);
    void *ctx;
};
bool fetch_add(struct store *s, const struct conf *c, const char *typed, const char *const *tags,
               struct add_result *out, struct err *e);
bool fetch_add_choose(struct store *s, const struct conf *c, const char *typed,
                      const char *const *tags, const struct add_chooser *chooser,
                      struct add_result *out, struct err *e);
void add_result_free(struct add_result *r);

// Stores a feed document that came from elsewhere as if it had been fetched. name: a number, title
// or address of a feed that is there; else a new address or a name of its own: subscribes. Feeds
// that only have a name are never fetched.
struct ingest_result {
    int64_t feed_id;
    bool existed;
    char *title; // ingest_result_free
    int64_t added, changed, total;
};
bool fetch_ingest(struct store *s, const struct conf *c, const char *name, const char *bytes,
                  size_t len, struct ingest_result *out, struct err *e);
void ingest_result_free(struct ingest_result *r);

// ---- where a feed lives ----
// Another address for a feed (typed as for fetch_address; nothing is fetched now); its essays stay.
// Moving it back to where it was before a redirect moved it also refuses that redirect from now on.
bool fetch_move(struct store *s, int64_t feed, const char *typed, struct err *e);
struct feed_moves {
    const char *from; // where it was before a permanent redirect moved it; NULL: it was not moved
    int64_t when;
    const char *refused; // where its server sends it and the reader does not want it; NULL: nowhere
};
void fetch_moves(struct store *s, int64_t feed, struct arena *a,
                 struct feed_moves *out); // without user and password

// ---- older essays ----
// What a feed does not list any more: the archives and pages it names (RFC 5005, JSON Feed), else
// Substack's archive, WordPress's pages, else what its sitemap has, one question after the other
// with a pause between, from where the last walk stopped. What is there already is left as it is.
// What a server asks for (Retry-After) is waited for, where that is minutes. False also when a
// question fails: what came before it is kept and told in *out, and the next call goes on there.
// ERR_BUSY: another Lectern does this for this library.
struct older_news {
    int pages; // documents read so far
    int64_t added;
    int64_t reached; // date of the oldest essay met so far; 0: none had one
    int64_t waits;   // until when the server wants peace; 0: it does not
    double done;     // 0..1 of what was wished for; < 0: not known
};
struct older_opts {
    int pages;                // at most so many documents; 0: as many as it takes
    int64_t since;            // nothing from before; 0: all
    int64_t limit;            // at most so many essays; 0: all
    const volatile int *stop; // may be NULL
    void (*news)(void *ctx, const struct older_news *n); // may be NULL
    void *ctx;
};
struct older_result {
    const char *source; // "Substack's archive" ...; static; NULL: none was found
    int pages;
    int64_t added;
    int64_t previews; // of these: only the beginning is there for those who do not pay
    int64_t missed;   // essays that are listed and could not be had; asked for again next time
    int64_t reached;
    const char *endless; // it was left for this reason, a sentence; static; NULL: it was not
    bool more;           // there is more to ask for
    bool complete;       // the feed's own document has all its essays (fh:complete)
};
bool fetch_older(const char *library, const struct conf *c, int64_t feed,
                 const struct older_opts *o, struct older_result *out, struct err *e);

// What came of it, a sentence without its beginning in a capital and without its end; appended.
void older_words(const struct older_result *r, struct buf *out);

// ---- whole essays ----
// Fetches the page of an entry, takes the article out of it and keeps it (whole.h). False: why not,
// in a sentence that is also kept with the entry. words: of the article; why (may be NULL): set to
// what says that it is not all of it (static), or NULL.
bool fetch_page(const char *library, const struct conf *c, int64_t entry, uint32_t *words,
                const char **why, struct err *e);
// The same for what came lately to the feeds that ask for it ("feed ADDRESS full-text yes") and is
// a summary only: a few for each feed at one time, as many at once as fetch-per-host lets.
struct pages_opts {
    const int64_t *feeds; // NULL: all
    size_t nfeeds;
    // Each, when it is done; failure NULL: it is kept. May be NULL.
    void (*page)(void *ctx, int64_t entry, const char *title, const char *failure);
    void *ctx;
    const volatile int *stop; // may be NULL
    int wake_fd;              // -1, or readable: end early
};
struct pages_totals {
    int fetched, failed;
};
bool fetch_pages(const char *library, const struct conf *c, const struct pages_opts *o,
                 struct pages_totals *out, struct err *e);

// ---- who reads it aloud ----
// Asks the newsletter of an item for the recordings that only its post's JSON names, and keeps what
// it says (narration.h). n: how many there are; why: where there is none (static), or NULL.
bool fetch_narration(const char *library, const struct conf *c, int64_t item, size_t *n,
                     const char **why, struct err *e);

// ---- many subscriptions ----
struct sub;
struct import_opts {
    const char *const *tags; // for all of them, NULL-ended; may be NULL
    const char *reader; // NULL, or "newsboat" ...: `file` is a folder or database of that reader,
                        // NULL: where it keeps its things by itself
    const char *read;   // a file of addresses and guids, one a line, of what has been read; or NULL
    bool dry;           // only look
    void (*found)(void *ctx, const struct sub *sub); // each, before it is taken; may be NULL
    void (*skipped)(void *ctx, const char *file, int line, const char *what,
                    const char *why);              // line 0: not known; may be NULL
    void (*told)(void *ctx, const char *sentence); // what else there is to know; may be NULL
    void *ctx;
};
struct import_result {
    size_t feeds, added, there, skipped;
    const char *format; // "OPML", "newsboat" ...; static
    size_t searches;    // query feeds that became searches
    size_t hidden;      // feeds that are not listed there
    // Of another reader's essays (see take.h); all 0 where there are none.
    struct take_counts essays;
    size_t validators;              // feeds whose first fetch asks for what has changed
    size_t lost;                    // items that could not be read
    size_t left_feeds, left_essays; // its database has them, its list has not
    int64_t marked;                 // read elsewhere by a list (`read`), and here
    size_t names;                   // lines of that list
    char config[4096];              // newsboat's configuration, which nobody has read; "" if none
};
// Subscribes to all that a file lists (see subs.h), or to what another reader's folder or database
// has, with its essays (see foreign.h), in one transaction, without fetching. "~/" is the home
// folder, "-" standard input.
bool fetch_import(const char *library, const char *file, const struct import_opts *o,
                  struct import_result *out, struct err *e);

// ---- many feeds ----
enum fetch_event_kind {
    FETCH_BEGIN,
    FETCH_GET,
    FETCH_OK,
    FETCH_SAME,
    FETCH_ERR,
    FETCH_WENT, // essays went by the reader's own rule (house.h): `changed` of them
    FETCH_END
};
struct fetch_event {
    enum fetch_event_kind kind;
    int64_t feed; // GET OK SAME ERR WENT
    int64_t added, changed;
    int done, total; // so far, of how many
    int failed;
    const char *title;   // of the feed
    const char *url;     // of the feed, without user and password
    const char *message; // ERR: a sentence
};
struct fetch_opts {
    const int64_t *feeds; // NULL: all that are due
    size_t nfeeds;
    bool force; // ask also what is not due, and feeds that are parked when named
    void (*event)(void *ctx, const struct fetch_event *ev); // on the calling thread
    void *ctx;
    const volatile int *stop; // set by a signal handler: end cleanly with what has arrived stored
    // How a document is read; NULL: feed_parse.
    bool (*parse)(const char *bytes, size_t len, const struct feed_source *src,
                  struct feed_update **out, struct err *e);
    int wake_fd; // -1, or a descriptor whose readability ends the run early as `stop` does
};
struct fetch_totals {
    int feeds, ok, same, failed;
    int64_t added, changed, bytes;
    int stuck; // documents that cost more computing than they may: given up, but a thread is still
               // at each of them. A process that would live on had better end and begin anew.
};
// True when it ran, even if single feeds failed (see totals). ERR_BUSY: another Lectern is fetching
// into this library.
bool fetch_run(const char *library, const struct conf *c, const struct fetch_opts *o,
               struct fetch_totals *out, struct err *e);

// ---- recordings ----
struct fetch_recording {
    const char *address, *title;                              // title NULL: the address
    int64_t item, published;                                  // 0: of no essay, not known
    bool (*progress)(void *ctx, int64_t have, int64_t whole); // whole -1: not known; false: stop
    void *ctx;
};
// Fetches it into the option download-folder, going on where an earlier try ended, and remembers it
// in the library (store_download). *file (the caller's) also where it was there already.
bool fetch_recording(const char *library, const struct conf *c, const struct fetch_recording *r,
                     char **file, struct err *e);
// Throws away its file, or the piece there is of it. ERR_MISSING: it is not here.
bool fetch_recording_remove(struct store *s, const char *address, struct err *e);

#endif
