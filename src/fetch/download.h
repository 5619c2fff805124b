// A recording into a file, going on where an earlier try was broken off. Private to fetch.
#ifndef FETCH_DOWNLOAD_H
#define FETCH_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/conf.h"
#include "lectern/err.h"

struct download_job {
    const char *address;   // http or https
    const char *folder;    // made where it is missing, 0700
    const char *name;      // of the file, safe, without an ending
    const char *piece;     // of what there is of it until then, ".part" added: one an address
    const char *validator; // what `begun` was told when the piece that is there was begun; NULL
    int64_t most;          // bytes
    // The server's mark of what comes now ("": it has none, and a broken try begins anew), before
    // the first byte of it is kept.
    bool (*begun)(void *ctx, const char *validator, struct err *e);
    bool (*progress)(void *ctx, int64_t have, int64_t whole); // whole -1: not known; false: stop
    void *ctx, *progress_ctx;
};
// The finished file (*file is the caller's) is whole, synced and 0600; until then it is
// "PIECE.part". ERR_BUSY: another one fetches it just now.
bool download_file(const struct conf *c, const struct download_job *j, char **file, int64_t *size,
                   struct err *e);
// "2025-11-18 The title", at most 120 bytes, never hidden, without what any file system minds.
char *download_name(int64_t published, const char *title);

#endif
