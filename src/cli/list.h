// An essay of a list as programs get it: shared by the commands that list some.
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <jansson.h>
#include <stdbool.h>

#include "lectern/store.h"

void list_id(int64_t id, char out[32]);           // "12", "b3"
const char *list_state(const struct item_row *r); // "unread", "started", "finished", "read"
bool list_json(struct store *s, const struct item_row *r, struct arena *a, json_t **out,
               struct err *e);
// Of an array that is written object by object; frees it. Before the first stands "[", after the
// last "\n]", by the caller.
void list_print_json(json_t *o, bool first);

#endif
