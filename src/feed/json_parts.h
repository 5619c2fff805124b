// Members of JSON objects as parts of an entry: what JSON Feed and the archives that answer in JSON
// share. A member that is not there, or is of another kind, is NULL or 0.
#ifndef FEED_JSON_PARTS_H
#define FEED_JSON_PARTS_H

#include <jansson.h>
#include "build.h"

// NULL: it is none, and *e says where not. *mended: only after that; *cut: it breaks off.
json_t *json_parts(const char *s, size_t len, bool *mended, bool *cut, struct err *e);
const char *json_words(const json_t *o, const char *name); // as it is: not cleaned
const char *json_plain(struct build *b, const json_t *o, const char *name);
const char *json_address(struct build *b, const json_t *o, const char *name);
int64_t json_count(const json_t *o, const char *name);
int64_t json_date(struct build *b, const json_t *o, const char *name);
void json_title(struct build *b, const json_t *title, enum plain_mode mode);
void json_offer(struct build *b, struct offer *to, const json_t *o, const char *name, int rank,
                enum content_type type);

#endif
