// The essays of one shelf: what the files of this view share. Private to contents*.c.
#ifndef UI_CONTENTS_H
#define UI_CONTENTS_H

#include "lectern/sieve.h"
#include "list.h"
#include "titles.h"
#include "view.h"

struct contents {
    struct view view;
    struct shelf shelf;
    char *tag, *title;
    int64_t *ids;     // as shown
    struct list list; // over them
    int64_t *base;    // as the store gives them; the same array where nothing is narrowed or sorted
    size_t nbase;
    bool all; // every id is here
    bool unread_only;
    char *filter; // words the list is narrowed by; NULL: none
    char *before; // what it was when others began to be typed
    enum order order;
    bool reverse;
    bool by_day;                     // a line over each day
    struct arrangement *arrangement; // under way; NULL: ids is as it should be
    bool fresh;                      // show its first results as they come
    int64_t total, unread;
    char *health, *story; // of a feed that is in trouble; NULL
    struct arena *arena;  // of rows
    struct item_row *rows;
    size_t first, nrows; // the window of rows that is read
    size_t spot;         // where a search began
    struct titles *seek; // a search under way; NULL: none
};

// ---- contents_ids.c: which essays, in which order ----
enum { FIRST_IDS = 64 };
bool contents_find_id(const struct contents *v, int64_t id, size_t *at);
bool contents_arranged(const struct contents *v); // narrowed, or in an order of its own
// Reads the ids anew, at most limit (0: all); the cursor stays on its essay and that on its row of
// the screen. keep: lists of unread essays keep what was read just now.
void contents_load(struct contents *v, size_t limit, bool keep);
void contents_load_all(struct contents *v);
// Filter or order have changed: the first results at once, the rest when idle.
void contents_arrange(struct contents *v);
void contents_arrange_on(struct contents *v); // the next step
int64_t contents_next_unread(struct contents *v, int64_t from,
                             int dir); // of what is shown; 0: none

// ---- contents_narrow.c: asking for filter and order ----
bool contents_narrow_act(struct contents *v, enum action a, int count);
void contents_sort(struct contents *v, enum order order, bool reverse);
bool contents_set_filter(struct contents *v, const char *words, struct err *e); // "" takes it off
void contents_narrow_words(const struct contents *v, struct buf *out); // what is on, for the head

#endif
