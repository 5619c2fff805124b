// A shelf's essays, a piece at a time: a list of a million is read between two keys, and from
// either end.
#ifndef LECTERN_WALK_H
#define LECTERN_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/err.h"
#include "lectern/ids.h"
#include "lectern/store.h"

struct walk;
// In the order of store_ids, or the other way round where `back`; the first `skip` are left out
// (about so many where marks wait to be written). sh: copied.
struct walk *walk_new(const struct shelf *sh, bool unread_only, int64_t now, bool back,
                      size_t skip);
void walk_free(struct walk *w); // NULL is fine
// About `about` more, added to *out. Between two steps the library may change: each tells what is
// there then, and what came in before the place it has reached is not looked back for. Nothing is
// held open meanwhile. The plan is an index walk from where the last step ended.
bool walk_step(struct walk *w, struct store *s, size_t about, struct ids *out, struct err *e);
bool walk_done(const struct walk *w); // no more to come

#endif
