// Bytes in any encoding -> UTF-8, for feeds and for files. Warnings speak of a feed: that is where
// they are kept.
#ifndef LECTERN_ENCODING_H
#define LECTERN_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"

struct text_bytes {
    const char *s; // valid UTF-8, in the given bytes or in own
    size_t len;
    struct buf own;    // free with buf_free
    char name[40];     // what the bytes were in: "utf-8", "windows-1252" ...
    char warning[240]; // what was wrong with what they said; "" if nothing
};

// The order of RFC 7303: a byte order mark, the charset of the Content-Type, the XML declaration,
// else UTF-8. Where the bytes are not what was said they are what they look like: UTF-8 if they can
// be, else as uchardet guesses, else windows-1252.
void encoding_read(struct text_bytes *out, const char *bytes, size_t len, const char *content_type);
bool encoding_is_utf8(const char *s, size_t len); // quick where text is ASCII

#endif
