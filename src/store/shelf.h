// What the walks along shelves and the steps on them share. Private to walk.c and list.c.
#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include "store/store.h"

struct key { // of an entry in a list by date
    int64_t sort, id;
};
static inline bool newer(struct key a, struct key b)
{
    return a.sort != b.sort ? a.sort > b.sort : a.id > b.id;
}

struct facts { // of an entry, as stored
    bool there, unread;
    struct key key;
    int64_t feed, naudio;
};
bool facts_of(struct store *s, int64_t id, struct facts *f, struct err *e);
// Does an entry belong on a shelf that is sorted by date, read or not?
bool on_shelf(struct store *s, const struct shelf *sh, int64_t now, const struct facts *f);
// Of an entry, or of a bookmark's.
bool is_unread(struct store *s, int64_t id, bool *out, struct err *e);
struct feeds {
    int64_t *items;
    size_t n, cap;
};
bool feeds_of_tag(struct store *s, const char *tag, struct feeds *out, struct err *e);

#endif
