// A feed_update in the making: what the XML and the JSON reader both use. They call build_entry,
// fill the draft through the functions below as things come by, and build_entry_end makes of it
// what feed.h promises.
#ifndef FEED_BUILD_H
#define FEED_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
#include "markup.h"

// A text of which the best offer is kept: the lowest rank, then the first. 0: none yet.
struct offer {
    const char *s;
    size_t len;
    enum content_type type;
    const char *base, *language;
    int rank;
};

struct draft {
    struct offer title, url, body, description, subtitle, image, published_text;
    const char *guid, *external_url, *comments, *language, *base;
    bool permalink; // the guid is an address as well
    int64_t published, updated, seconds;
    int published_rank;
    struct person *authors;
    size_t nauthors, authors_cap;
    int authors_rank;
    const char **categories;
    size_t ncategories, categories_cap;
    struct enclosure *enclosures;
    size_t nenclosures, enclosures_cap;
    struct feed_link *links;
    size_t nlinks, links_cap;
};

struct build {
    struct feed_update *u;
    struct arena *a;
    const char *base; // of the document: Content-Location, else where it came from; may be NULL
    const char *link_base; // RSS: the feed's <link>, which relative addresses are relative to where
                           // no xml:base says otherwise
    struct draft d;
    bool in_entry;
    struct buf tmp;
    size_t entries_cap, warnings_cap, authors_cap, categories_cap;
    int title_rank, image_rank, home_rank, authors_rank, subtitle_rank;
    bool too_many;
};

struct build *build_new(const struct feed_source *src);
struct feed_update *built_finish(struct build *b); // frees b
void build_drop(struct build *b);                  // frees b and the update

void build_warn(struct build *b, const char *fmt, ...) LECTERN_PRINTF(2, 3); // once each

// Copies into the arena; NULL when nothing is left.
const char *build_line(struct build *b, const char *s, size_t len);
const char *build_plain(struct build *b, const char *s, size_t len, enum plain_mode mode);
const char *build_address(struct build *b, const char *base,
                          const char *s); // resolved; http(s) only
const char *build_body(struct build *b, const char *s, size_t len,
                       size_t *out_len); // text with its lines

// True (and the offer's rank set) when a text of this rank is better than what there is.
bool offer_wins(struct offer *o, int rank);

// To the entry if one is open, else to the feed.
void build_person(struct build *b, int rank, const char *name, const char *url, const char *email);
void build_person_text(struct build *b, int rank, const char *s,
                       size_t len); // "mail@example.org (Name)"
void build_category(struct build *b, const char *s, size_t len);
// Strings as given; the address is resolved. A second one of the same address only adds what was
// missing.
void build_enclosure(struct build *b, const char *base, const char *url, const char *type,
                     const char *medium, const char *title, int64_t size, int64_t seconds);
void build_link(struct build *b, const char *base, const char *rel, const char *url,
                const char *type);
void build_title(struct build *b, int rank, const char *s, size_t len, enum plain_mode mode);
void build_image(struct build *b, int rank, const char *base, const char *url);

int64_t build_number(const char *s);   // 0 for what is no number
int64_t build_duration(const char *s); // "3723", "1:02:03", "62:03", "PT1H2M3S"; 0

void build_entry(struct build *b);
void build_entry_end(struct build *b);
void build_entry_cancel(struct build *b); // broke off: nothing of it is kept

// entry.c: the finishing of a draft.
void entry_finish(struct build *b, struct draft *d, struct feed_entry *e);

// feed.c: gzip that was sent without saying so. A broken end gives what there is (*cut).
bool feed_is_packed(const char *bytes, size_t len);
bool feed_unpack(const char *bytes, size_t len, struct buf *out, bool *cut, struct err *e);

bool xml_parse(struct build *b, const char *s, size_t len, struct err *e);
bool json_parse(struct build *b, const char *s, size_t len, struct err *e);

#endif
