// The folder of bookmarks that is kept in step with the library, in a thread of the worker: nobody
// who reads waits for it.
#ifndef FETCH_IN_STEP_H
#define FETCH_IN_STEP_H

#include "lectern/conf.h"

struct in_step;
// NULL: the reader wants no such folder, or no thread could be started. told: a sentence about what
// went wrong, once each.
struct in_step *in_step_start(const char *library, const struct conf *c,
                              void (*told)(void *ctx, const char *sentence), void *ctx);
// Brings it in step a last time and ends. NULL is fine.
void in_step_end(struct in_step *i);

#endif
