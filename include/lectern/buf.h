// A growing string of bytes. data is always there and always ends in a NUL that len does not count.
#ifndef LECTERN_BUF_H
#define LECTERN_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/err.h"

struct buf {
    char *data;
    size_t len; // bytes
    size_t cap;
};

// Zero-initialised ({0}) is a valid empty buf; its data is NULL until the first append.
void buf_free(struct buf *b);  // leaves an empty buf
void buf_clear(struct buf *b); // len 0, memory kept
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_utf8(struct buf *b, uint32_t codepoint);
// The string as it stands in HTML and XML, between tags or in double quotes: & < > " escaped.
void buf_markup(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) LECTERN_PRINTF(2, 3);
char *buf_take(struct buf *b,
               size_t *len); // the bytes, now the caller's (free()); never NULL; b is empty after
const char *buf_cstr(const struct buf *b); // data or "" - never NULL

// Reads a whole file ("-" is standard input) of at most max bytes. Says which file and why not.
bool buf_read_file(struct buf *b, const char *path, size_t max, struct err *e);
// Writes a file whole or not at all: a temporary beside it, fsync, rename. mode as for open(2).
bool buf_write_file(const char *path, const void *bytes, size_t len, unsigned mode, struct err *e);

#endif
