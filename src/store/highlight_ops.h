// Changes to highlights that wait for the lock: a log, newest last, laid over what is read from the
// file. Private to the store.
#ifndef STORE_HIGHLIGHT_OPS_H
#define STORE_HIGHLIGHT_OPS_H

#include "store/store.h"

struct highlight_op {
    enum { OP_ADD, OP_NOTE, OP_COLOUR, OP_REMOVE, OP_RESTORE, OP_PLACE } kind;
    int64_t item;       // ADD, PLACE
    struct highlight h; // its id, and what the kind says; strings are the op's own
};

// A highlight with what waits laid over it. at: the item of which the places are; 0: any.
struct found {
    struct highlight h;
    bool removed;
};
void highlight_lay_over(const struct store *s, struct found *f, int64_t at, struct arena *a);
// The op that adds it; NULL: none waits.
const struct highlight_op *highlight_fresh(const struct store *s, int64_t id);
void highlight_copy(struct highlight *out, const struct highlight *h, struct arena *a);

#endif
