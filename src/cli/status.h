// What `lectern feeds --status` says.
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <jansson.h>
#include "lectern/conf.h"
#include "lectern/store.h"

// Some lines a feed: how it is, what is wrong, what to do.
void status_print(struct store *s, const struct conf *c, const struct feed_rows *rows);
// The same as members of a feed's object.
void status_json(struct store *s, const struct feed_row *r, json_t *o);
const char *status_health(enum feed_health h);

#endif
