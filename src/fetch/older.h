// A walk through what a feed does not list any more. older.c knows where it is, what is wanted and
// what is written; the sources know where to ask. Private to older*.c.
//
// Where a walk stands is a line kept in the library, "SOURCE where". It only moves past what was
// taken whole: what --since or --limit left out is met again.
#ifndef FETCH_OLDER_H
#define FETCH_OLDER_H

#include "http.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

struct set64 { // hashes
    uint64_t *slots;
    size_t cap, n;
};
bool set64_add(struct set64 *s, uint64_t v); // false: it was there
bool set64_has(const struct set64 *s, uint64_t v);
void set64_free(struct set64 *s);

enum { OLDER_MISSES = 5 }; // so many in a row are the server's fault and not an essay's

struct walk {
    const struct conf *conf;
    const struct older_opts *opts;
    struct store *store;
    struct http *http;
    struct unpacker *unpacker;
    struct arena *arena;
    int64_t feed;
    const char *address, *language; // of the feed
    char *at;                       // "SOURCE where"; NULL: at the end
    struct set64 asked;             // addresses of this walk
    struct set64 met;               // guids this walk has come by
    struct set64 known;             // guids of the library
    struct set64 addresses;         // and addresses
    uint64_t last_body;
    bool once_more;     // it has been at the end before: what is there already ends it
    bool gaps;          // something could not be had
    bool left_out;      // something was: where the walk stands is not kept from here on
    bool full;          // as many as were asked for
    int older, younger; // essays of the last document from before and after `since`
    int steps;
    int misses; // in a row
    int barren; // documents in a row that showed nothing not met before
    int64_t newest, asked_ms;
    double done; // < 0: not known
    struct feed_update **batch;
    size_t nbatch, batch_cap;
    int64_t batch_ms;
    struct sitemap_walk *sitemap;
    struct older_result result;
};

enum older_step {
    STEP_ON,     // w->at is where to go on
    STEP_END,    // nothing is older
    STEP_NOT,    // nothing is to be had from this source: another may have it
    STEP_FAILED, // *e
};
struct older_source {
    const char *name, *title;
    enum older_step (*step)(struct walk *w, const char *where, struct err *e);
};
extern const struct older_source older_pages, older_paged, older_wordpress, older_substack,
    older_sitemap;

void older_site_free(struct sitemap_walk *m); // NULL is fine

struct walk_reply {
    struct buf body;
    int status; // also when it failed; 0: no answer
    char *url, *content_type, *content_location;
};
void walk_reply_free(struct walk_reply *r);
// Asks, when it is time to; false: *e, and r->status tells whether the server said so.
bool walk_ask(struct walk *w, const char *url, bool feed, struct walk_reply *r, struct err *e);
bool walk_stopped(const struct walk *w);
// A document's essays: those that are wanted are taken. by_address: what has the address of an
// essay that is there is that essay.
bool walk_take(struct walk *w, struct feed_update *u, bool by_address, struct err *e); // frees u
// The same for one that is only listed so far: is it to be asked for?
bool walk_wants(struct walk *w, const char *url, int64_t date);
bool walk_full(struct walk *w); // there are as many as were asked for
// A document is done: writes what was taken, and where it goes on ("SOURCE where"; NULL: nowhere).
bool walk_on(struct walk *w, char *next, struct err *e); // takes next
// Something listed could not be had. False: it is too much, *e says why.
bool walk_miss(struct walk *w, int status, struct err *e);
bool walk_read(struct walk *w, const char *url, struct feed_update **u, bool *again, int *status,
               struct err *e); // a feed document

#endif
