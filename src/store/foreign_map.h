// Which tables and columns other readers have, and how a row of them is read. Private to the store.
#ifndef STORE_FOREIGN_MAP_H
#define STORE_FOREIGN_MAP_H

#include <sqlite3.h>
#include "lectern/foreign.h"

struct foreign_map {
    enum foreign_kind kind;
    const char *items, *feeds;       // tables
    const char *const *item_columns; // NULL-ended; column 0 of a row is its number
    const char *const *feed_columns; // the first is the feed's address
    void (*read_item)(sqlite3_stmt *st, struct foreign_item *out, struct arena *a);
    void (*read_feed)(sqlite3_stmt *st, struct foreign_feed *out, struct arena *a);
};
extern const struct foreign_map foreign_maps[]; // ended by items NULL

// A value as text without NUL bytes; NULL where there is none.
const char *foreign_text(sqlite3_stmt *st, int column, struct arena *a);

#endif
