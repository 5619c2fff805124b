// What older essays stand in where a feed names none: answers of Substack's and WordPress's
// interfaces, and sitemaps. Read like feeds: thread-safe, filtered, hostile input is normal input.
#ifndef LECTERN_ARCHIVE_H
#define LECTERN_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/err.h"
#include "lectern/feed.h"

struct archive_item {
    const char *url;  // the essay's page; never NULL
    const char *body; // where its text is asked for; NULL: nowhere but on its page
    int64_t date;     // Substack: published; sitemaps: last changed; 0: not said
    bool preview;     // only those who pay may read the whole
};
struct archive_list {
    struct arena *arena;
    struct archive_item *items; // as the document has them
    size_t n;
    size_t listed; // how many things it names, also those that are no use; 0: it is at its end
    bool index;    // a sitemap of sitemaps: the items are those
    bool cut;      // more than are read, or it breaks off
};
void archive_list_free(struct archive_list *l); // NULL is fine

#define ARCHIVE_MAX_ITEMS 50000 // of one list, as the protocol of sitemaps has it

// /api/v1/archive of a Substack whose pages are below `base`: what is listed.
bool archive_substack(const char *bytes, size_t len, const char *base, struct archive_list **out,
                      struct err *e);
// /api/v1/posts/SLUG: one entry, with the guid its feed gives it (its address), `preview` where
// what is there is not the whole.
bool archive_substack_post(const char *bytes, size_t len, const char *base,
                           struct feed_update **out, struct err *e);
// /wp-json/wp/v2/posts of a WordPress: a page of entries, with the guids its feed gives them.
bool archive_wordpress(const char *bytes, size_t len, const char *url, struct feed_update **out,
                       struct err *e);
// A sitemap (sitemaps.org 0.9: XML, a list of sitemaps, plain text; gzip). Only web addresses, each
// once.
bool archive_sitemap(const char *bytes, size_t len, const char *url, struct archive_list **out,
                     struct err *e);

// What the addresses of a feed's essays have in common: the same host, the same number of parts,
// parts that are always the same, numbers where there are numbers. Shapes are text; one per line.
void archive_shapes(const char *const *urls, size_t n, struct buf *out);
bool archive_fits(const char *shapes, const char *url);
int64_t archive_date(const char *url); // of the kind /2024/05/07/; 0: none in it

#endif
