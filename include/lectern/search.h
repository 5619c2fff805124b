// The index of words: which essays and bookmarks have them. It is a part of the library that is
// made from the rest of it and never asked for what it does not know: what was not indexed yet
// ("waiting") is told, and whoever searches looks through that by himself (find.h does).
//
// The store knows no documents: words come to it cut and folded (token.h). A text is put in under a
// number that bears its item's, and is never taken out: an item that says something else now gets
// another number, and what became of the old one is known when it is asked. So the index can never
// say what the library does not, whatever was interrupted; when most of it is of that kind it is
// made anew.
#ifndef LECTERN_SEARCH_H
#define LECTERN_SEARCH_H

#include "lectern/store.h"
#include "lectern/token.h"

enum search_column { SEARCH_TEXT, SEARCH_TITLE, SEARCH_SUBTITLE, SEARCH_AUTHOR, SEARCH_COLUMNS };

// ---- putting in ----
struct search_item {
    int64_t item;
    uint64_t stamp; // of what it says; handed back with its words
};
// The next that wait, at most `most`; n 0: the index is caught up.
bool search_waiting(struct store *s, struct search_item *out, size_t most, size_t *n,
                    struct err *e);
// About how many wait, and of how many; cheap.
bool search_progress(struct store *s, int64_t *left, int64_t *of, struct err *e);
struct search_doc {
    struct search_item of;
    const char *column[SEARCH_COLUMNS]; // tokens.folded; NULL: nothing
};
// Puts them in, in one transaction. Those that were changed or put in meanwhile are passed over.
// docs: sorted here.
bool search_put(struct store *s, struct search_doc *docs, size_t n, struct err *e);
// Two numbers: one changes when the index does, the other when anything does that lists show. Where
// only the first has changed nothing need be read anew.
struct search_stamp {
    int64_t index, rest;
};
bool search_stamp(struct store *s, struct search_stamp *out, struct err *e);
// Empties it; everything waits again.
bool search_reset(struct store *s, struct err *e);
// Does the index agree with itself, and is every item in it or waiting? *e says what not.
bool search_check(struct store *s, struct err *e);

// ---- asking ----
struct search_term {  // words in some columns; several phrases: near one another
    unsigned columns; // 1 << column; 0: any
    const struct phrase *phrases;
    size_t n;
    int near; // words that may stand between them; n > 1
};
struct search_clause { // one of its terms holds, or none does
    const struct search_term *terms;
    size_t n;
    bool none;
};

// What the index knows as of one moment.
struct search_base {
    int64_t entries, bookmarks; // the last that are in it
    int64_t *waiting;           // item ids up to these that wait again; sorted
    size_t nwaiting;
    struct search_version {
        int64_t item, version;
    } * again; // sorted by item
    size_t nagain;
};
bool search_base_load(struct store *s, struct search_base *out, struct err *e);
void search_base_free(struct search_base *b);
bool search_base_has(const struct search_base *b, int64_t item); // it is in the index

struct search_hit {
    int64_t item;
    double rank; // the greater the better; below 0: not weighed
};
// Beyond so many only those that have all words in their title are weighed (and of them as many).
enum { SEARCH_WEIGHED = 4096 };
// Some clause must not be `none`. Clauses and base must live as long.
struct search;
bool search_open(struct store *s, const struct search_base *base, const struct search_clause *c,
                 size_t n, struct search **out, struct err *e);
void search_close(struct search *x); // NULL is fine
// Looks through a part of the index: some milliseconds. *more: there is more.
bool search_step(struct search *x, bool *more, struct err *e);
// What was found so far, in no order; until the next step. Items may be gone.
const struct search_hit *search_hits(const struct search *x, size_t *n);
// What a term is for the index, for tests.
void search_expression(const struct search_clause *c, size_t n, struct buf *out);

// ---- what else a search asks of the library ----
// Entries and bookmarks that are not in the index, newest first, from below `*from` on (INT64_MAX:
// from the beginning); *from is where to go on. A bookmark stands in where its entry does not say
// the same.
bool search_unindexed(struct store *s, const struct search_base *b, int64_t *from, size_t most,
                      int64_t *items, size_t *n, struct err *e);
// What its reader wrote to an item: the notes of a bookmark and of highlights, and the words of
// highlights that the text has no more. Of items in the order of their ids, several to one item; a
// bookmark whose entry says the same is that entry. Few: all at once.
struct search_note {
    int64_t item;
    const char *text;
};
bool search_notes(struct store *s, struct arena *a, struct search_note **out, size_t *n,
                  struct err *e);
// Is this a bookmark of an entry that is there and says the same?
bool search_twin(struct store *s, int64_t item);
// What a row says of itself without its strings (but tags, which are an empty list): id, feed,
// date, words, flags. id 0: it is gone.
bool search_facts(struct store *s, int64_t item, struct item_row *out, struct err *e);
// All entries by date, newest first, from behind (*sort, *id) on.
bool search_dated(struct store *s, int64_t *sort, int64_t *id, size_t most, int64_t *ids,
                  int64_t *sorts, size_t *n, struct err *e);

#endif
