// Looking for a title in a list of ids, some thousands at a time, so that a long list never holds
// up the keys.
#ifndef UI_TITLES_H
#define UI_TITLES_H

#include <stddef.h>
#include <stdint.h>
#include "lectern/ids.h"
#include "lectern/store.h"

struct titles;
enum titles_result { TITLES_MORE, TITLES_FOUND, TITLES_NONE };
// From item `from` on (dir < 0: up), around the end and back to where it began; dir 0: `from`
// itself may be it.
struct titles *titles_new(const char *what, size_t from, int dir);
void titles_free(struct titles *t); // NULL is fine
// The next few thousand. The list may have changed since; *at: where it is, when FOUND.
enum titles_result titles_step(struct titles *t, struct store *s, const struct ids *ids,
                               size_t *at);

#endif
