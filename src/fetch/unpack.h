// What servers pack answers in, and back. Not left to curl: unpacking costs more than moving, so it
// is the parsers' work and not the one thread's that moves, and whole buffers unpack several times
// quicker than streams.
#ifndef FETCH_UNPACK_H
#define FETCH_UNPACK_H

#include <stddef.h>
#include "lectern/buf.h"

enum unpacked {
    UNPACKED_AS_IS, // not packed (or in no way that is known): the bytes are what they are
    UNPACKED,       // *out holds them
    UNPACKED_TOO_LARGE,
    UNPACKED_BROKEN,
};

// What it has at hand for the next one. Belongs to one thread.
struct unpacker;
struct unpacker *unpacker_new(void);
void unpacker_free(struct unpacker *u); // NULL is fine

const char *unpack_accepted(void); // for Accept-Encoding
// Bytes packed as Content-Encoding says ("gzip", "br, gzip": the last was applied last), into at
// most max bytes; *out is overwritten. A stream that only breaks off gives what there is.
enum unpacked unpack_bytes(struct unpacker *u, const char *coding, const char *bytes, size_t len,
                           size_t max, struct buf *out);

#endif
