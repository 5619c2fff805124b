// A search as it is under way, and as it begins. Private to find*.c.
#ifndef ESSAY_FIND_STATE_H
#define ESSAY_FIND_STATE_H

#include "find_text.h"

struct set { // items that have a term
    int64_t *items;
    size_t n;
};
struct found {
    int64_t id, published;
    double rank;
};
enum stage { BEGIN, SETS, ASK, NOTES, FRESH, WEIGH, DATED, REST, END };
struct finding {
    struct sieve *sieve;
    char *remark;
    enum find_order order;
    enum stage stage;
    struct search_base base;
    struct search *search;
    struct search_clause *clauses; // for the index: what must, and must not, be there
    struct search_term *terms;     // one for each of the sieve's, as the index has it
    size_t nclauses;
    bool positive;       // some clause of the index must hold
    struct set *sets;    // one for each term of the sieve; only those that are needed
    size_t set;          // the next
    struct arena *arena; // of feeds
    struct feed_rows feeds;
    struct arena *note_arena;
    struct search_note *notes; // all that its reader wrote, by item
    size_t nnotes;
    int64_t *noted; // items whose notes have some of the words: asked themselves; sorted
    size_t nnoted;
    int64_t after, before; // what dates must be, from, up to
    int64_t scan;          // where the look through what is not indexed is
    bool few, scanned;
    int64_t looked, unindexed;
    const struct search_hit *hits;
    size_t nhits, at;
    struct found *weighed;
    size_t nweighed, weighed_cap;
    uint8_t *bits; // entries among the hits that are not weighed
    struct found *marks;
    size_t nmarks, mark, marks_cap; // bookmarks, by date
    int64_t sort, id;
    int64_t *ids;
    size_t n, cap;
};

// What its reader wrote to an item, a line a note; NULL: nothing. free().
char *finding_note(const struct finding *f, int64_t item);
// Terms [from, end) are nothing but words: the index is asked for them.
bool finding_only_texts(const struct finding *f, size_t from, size_t end);

#endif
