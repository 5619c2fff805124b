// JSON that jansson will not read, made so that it does.
#ifndef FEED_JSON_MEND_H
#define FEED_JSON_MEND_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"

// Controls in strings escaped, commas too many left out, wrong escapes undone, comments dropped.
// Where the document breaks off, it is closed after the last whole item (*cut is set).
void json_mend(struct buf *out, const char *s, size_t len, bool *cut);

#endif
