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
    struct ids *ids;   // as shown; 0: not known yet, see contents_know
    struct list list;  // over them
    struct ids *base;  // as the store gives them; the same one where nothing is narrowed or sorted
    struct load *load; // reading them anew; NULL: that is done
    bool all;          // base is whole
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
    char *older;          // of a feed: the line where the list ends; NULL
    struct arena *arena;  // of rows
    struct item_row *rows;
    size_t first, nrows;    // the window of rows that is read
    size_t spot;            // where a search began
    struct titles *seek;    // a search under way; NULL: none
    struct find_list *find; // what it lists was found by its words; NULL: it is a shelf
};

// ---- contents_ids.c: which essays, in which order ----
// Reads the ids anew: short lists at once, long ones when idle. The cursor stays on its essay and
// that on its row of the screen. keep: what is shown stays until then, and lists of unread essays
// keep what was read just now.
void contents_load(struct contents *v, bool keep);
void contents_load_on(struct contents *v); // the next step
void contents_finish(struct contents *v);  // all of it, where an answer cannot do without
// Makes so many from `first` on known, wherever that is.
void contents_know(struct contents *v, size_t first, size_t n);
int64_t contents_id(struct contents *v, size_t i); // 0: there is none
bool contents_find_id(struct contents *v, int64_t id, size_t *at);
bool contents_short(const struct contents *v);    // nobody knows how long it will be, yet
bool contents_arranged(const struct contents *v); // narrowed, or in an order of its own
bool contents_waiting(const struct contents *v);  // for that to be done
// Filter or order have changed: the first results at once, the rest when idle.
void contents_arrange(struct contents *v);
void contents_begin(struct contents *v, bool fresh);
void contents_arrange_on(struct contents *v); // the next step
int64_t contents_next_unread(struct contents *v, int64_t from,
                             int dir); // of what is shown; 0: none
void contents_ids_free(struct contents *v);
void contents_found(struct contents *v, const int64_t *ids, size_t n); // these are listed now

// ---- contents_find.c: a list of what was found ----
void contents_find_start(struct contents *v, const char *typed); // it becomes one
void contents_find_free(struct contents *v);
// What a kept search looks for; NULL: it narrows a list.
const char *contents_find_of(const char *words);
void contents_find_saved(const struct contents *v, struct buf *out); // as it is kept
void contents_find_again(struct contents *v, bool keep);             // keep: shown until it is done
void contents_find_on(struct contents *v);
bool contents_find_busy(const struct contents *v);
void contents_find_idle(struct contents *v);
void contents_find_order(struct contents *v, bool newest);
bool contents_find_newest(const struct contents *v);
int contents_lines(const struct contents *v);   // rows of the screen an essay takes
void contents_find_prepare(struct contents *v); // before it is drawn
void contents_find_draw(struct contents *v, struct canvas *c, int row, int left, int width,
                        int64_t id);                                   // the sentence
void contents_find_words(const struct contents *v, struct buf *out);   // for the head
void contents_find_nothing(const struct contents *v, struct buf *out); // why nothing is listed

// ---- contents_narrow.c: asking for filter and order ----
bool contents_narrow_act(struct contents *v, enum action a, int count);
void contents_sort(struct contents *v, enum order order, bool reverse);
bool contents_set_filter(struct contents *v, const char *words, struct err *e); // "" takes it off
void contents_narrow_words(const struct contents *v, struct buf *out); // what is on, for the head

#endif
