// What a post's JSON says of who reads it aloud. Apart from the asking, so that it can be fuzzed.
#ifndef FETCH_NARRATION_H
#define FETCH_NARRATION_H

#include "lectern/mem.h"
#include "lectern/narration.h"

// Strings live in the arena; `why` is static. page: what relative addresses are relative to. False:
// this is no post.
bool narration_read(const char *json, size_t len, const char *page, struct arena *a,
                    struct narrations *out, struct err *e);

#endif
