// A list on the screen: a cursor over n items and the window of rows that shows it. Pure numbers:
// it holds no item, knows no canvas, and costs the same for ten items and for a million.
#ifndef UI_LIST_H
#define UI_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include "action.h"

struct list {
    size_t n;      // items
    size_t cursor; // < n, or 0 where there are none
    size_t top;    // first item shown; never leaves rows empty that items could fill
    size_t rows;   // items the window shows, at least 1
    size_t after;  // rows that stay free behind the last item, for what is no item
};
// Zero-initialised is an empty list of one row; every function keeps what is said above true,
// whatever it is given.

void list_set(
    struct list *l, size_t n,
    size_t rows); // new sizes: the cursor stays on its item, the window follows as little as it can
void list_go(
    struct list *l,
    size_t item); // cursor to an item (or the last); scrolls only as far as needed, keeping context
void list_centre(struct list *l); // the window around the cursor
// `count` items came in before item `at`, or went from there on: the cursor stays on the item it
// was on and, where the list allows, that item on the row it was in. An item that went gives the
// cursor to the one after it.
void list_inserted(struct list *l, size_t at, size_t count);
void list_removed(struct list *l, size_t at, size_t count);
// Moves by an action: down, up, page-down ... bottom; count 0: none given. False when the action
// moves no list; *moved (may be NULL) tells whether anything changed, for a bell or a message at
// the ends.
bool list_act(struct list *l, enum action a, int count, bool *moved);
size_t list_end(const struct list *l); // one past the last item shown

#endif
