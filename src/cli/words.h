// Small things as people say them.
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stdint.h>
#include "lectern/buf.h"

void words_bytes(int64_t n, struct buf *out); // "812 bytes", "41 kB", "1.2 MB"; appended

#endif
