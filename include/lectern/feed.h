// What one download of a feed said: all of it, in one arena. Formats: RSS 0.9x/1.0/2.0, Atom
// 0.3/1.0 (RFC 4287), JSON Feed 1.0/1.1. Text from outside is filtered here once: every string is
// valid UTF-8 without controls.
#ifndef LECTERN_FEED_H
#define LECTERN_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/err.h"

enum feed_format {
    FEED_UNKNOWN,
    FEED_RSS09,
    FEED_RSS1,
    FEED_RSS2,
    FEED_ATOM03,
    FEED_ATOM1,
    FEED_JSON,
    FEED_FOLDER
};
enum content_type { CONTENT_NONE, CONTENT_HTML, CONTENT_TEXT, CONTENT_MARKDOWN };

enum enclosure_kind { ENCLOSURE_OTHER, ENCLOSURE_AUDIO, ENCLOSURE_VIDEO, ENCLOSURE_IMAGE };
struct enclosure {
    const char *url;          // absolute http(s)
    const char *type;         // MIME type as given, lower case, no parameters; "" if not given
    const char *title;        // may be NULL
    int64_t size;             // bytes; 0: not known (Substack always says 0)
    int64_t seconds;          // 0: not known
    enum enclosure_kind kind; // by type and then by the name's ending; image/* is never audio
};

struct person {
    const char *name, *url, *email; // any may be NULL
};

struct feed_link { // links that are not the entry's own page: transcript, chapters, via, replies,
                   // alternateEnclosure
    const char *rel, *url, *type;
};

struct feed_entry {
    const char *guid;         // never NULL: guid/id, else link, else a hash of title and date
    const char *url;          // the page; absolute; NULL if there is none
    const char *external_url; // what a link post points to; may be NULL
    const char *title;        // plain text; "" if there is none
    const char *subtitle; // plain text shown under the title (Substack's description ...); NULL if
                          // it is only a teaser of the body
    const char *summary;  // HTML or text as given, may be NULL
    enum content_type summary_type;
    const char *content; // the body; NULL if the feed gives only a summary
    size_t content_len;
    enum content_type type;
    const char *base;     // base address for relative links in the body; may be NULL
    const char *language; // may be NULL: then the feed's
    const char *image;    // may be NULL
    struct person *authors;
    size_t nauthors;
    const char **categories;
    size_t ncategories;
    struct enclosure *enclosures;
    size_t nenclosures;
    struct feed_link *links;
    size_t nlinks;
    int64_t published;    // Unix seconds; `updated` where the feed gives only that; 0: not given or
                          // not readable
    int64_t updated;      // 0: not given
    uint32_t words;       // of the body as plain text (of the summary where there is no body)
    bool preview;         // the body ends in a paywall's "Read more"
    const char *comments; // may be NULL
};

struct feed_update {
    struct arena *arena;
    enum feed_format format;
    const char *version;  // "2.0", "1.1" ...
    const char *encoding; // what the bytes were in: "utf-8", "windows-1252" ...
    const char *title;    // plain text, "" if none
    const char *subtitle; // the description, plain text; may be NULL
    const char *home;     // the site; may be NULL
    const char *self;     // where the feed says it lives; may be NULL
    const char *moved_to; // itunes:new-feed-url; may be NULL
    const char *language, *generator, *image, *copyright; // may be NULL
    const char *next, *prev_archive;                      // RFC 5005; may be NULL
    const char *hub;                                      // WebSub; may be NULL
    bool complete;  // RFC 5005 fh:complete: what is not listed is gone
    bool cut_short; // the document broke off; whole entries before the break are here
    struct person *authors;
    size_t nauthors;
    const char **categories;
    size_t ncategories;
    int64_t updated;     // lastBuildDate, updated; 0: not given
    int64_t ttl;         // seconds between fetches that the feed asks for (ttl, sy:); 0: not given
    uint32_t skip_hours; // bit h: do not ask in that UTC hour
    uint8_t skip_days;   // bit d: 0 Sunday
    struct feed_entry *entries; // in the feed's order
    size_t nentries;
    const char **warnings; // sentences: what was wrong and how it was read
    size_t nwarnings;
};

struct feed_source {
    const char *url;              // where it came from: base for relative addresses; may be NULL
    const char *content_type;     // HTTP Content-Type, whole; may be NULL
    const char *content_location; // may be NULL
};

#define FEED_MAX_BYTES (32u << 20) // decoded size of a feed document, default of the option
#define FEED_MAX_ENTRIES 20000
#define FEED_MAX_DEPTH 256

// Bytes of a feed in any format and encoding -> update. Thread-safe, share-nothing. False: not a
// feed (ERR_FORMAT), said in a sentence that also tells what it looks like ("a web page", "empty").
bool feed_parse(const char *bytes, size_t len, const struct feed_source *src,
                struct feed_update **out, struct err *e);
void feed_free(struct feed_update *u);
const char *feed_format_name(enum feed_format f); // "RSS", "Atom", "JSON Feed" ...

// What a feed says as one JSON Feed 1.1 document with line breaks, appended. What JSON Feed has no
// field for stands in
// "_lectern": of the feed format, version, encoding, warnings, cut_short, ttl_seconds ...; of an
// item words, subtitle, preview, links.
void feed_write_json(struct buf *out, const struct feed_update *u);

// Dates of every kind found in feeds -> Unix seconds. False when it cannot be read. RFC
// 822/2822/5322, RFC 3339, W3C-DTF, asctime, ISO 8601 basic and week dates, month names in the
// common European languages.
bool date_parse(const char *s, int64_t *out);
// RFC 3339 in UTC ("2026-11-18T08:00:00Z"), for JSON and front matter. out has room for 32 bytes.
void date_format(int64_t t, char out[32]);

// What the author typed: HTML (with entities, perhaps twice escaped) to one line of plain text. The
// caller's (free()).
char *feed_plain(const char *s, size_t len, bool html);
// ref resolved against base (RFC 3986), cleaned; NULL when it is no http(s) address after that. The
// caller's.
char *feed_resolve(const char *base, const char *ref);
// Where an upload of Substack's is heard, of its id: a UUID or a number; NULL for all else. The
// caller's.
char *feed_upload(const char *id);
// A web address without the user and password in it, for people and logs; others as they are. The
// caller's.
char *feed_shown(const char *url);

// Addresses of feeds that a page offers (<link rel=alternate>, what is known of its platform, then
// common paths), best first. html may be NULL: then only the page's address is looked at
// (`https://substack.com/@name`).
struct feed_candidate {
    const char *url, *title, *type; // title may be NULL
    bool guess;                     // one of the common paths: the page itself says nothing of it
};
struct feed_candidates {
    struct arena *arena;
    struct feed_candidate *items;
    size_t n;
};
struct feed_candidates *feed_discover(const char *html, size_t len, const char *url);
void feed_candidates_free(struct feed_candidates *c);

#endif
