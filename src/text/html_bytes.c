// Bytes of unknown encoding -> UTF-8: a byte order mark, what the sender said, what the page says
// of itself, else UTF-8 if it is valid and windows-1252 if not (the order of the HTML
// standard, 13.2.3.2). Conversion is iconv's.
#include "html.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

// Names that mean another encoding than they say, as on the web.
static const char *web_name(const char *name)
{
    static const char *const as[][2] = {{"iso-8859-1", "windows-1252"},
                                        {"latin1", "windows-1252"},
                                        {"latin-1", "windows-1252"},
                                        {"us-ascii", "windows-1252"},
                                        {"ascii", "windows-1252"},
                                        {"iso-8859-9", "windows-1254"},
                                        {"gb2312", "gb18030"},
                                        {"gbk", "gb18030"},
                                        {"shift_jis", "cp932"},
                                        {"x-sjis", "cp932"},
                                        {"ks_c_5601-1987", "cp949"},
                                        {"euc-kr", "cp949"},
                                        {"utf8", "utf-8"},
                                        {"unicode", "utf-16le"},
                                        {"utf-16", "utf-16le"},
                                        {"big5", "big5-hkscs"}};
    for (size_t i = 0; i < sizeof as / sizeof *as; i++)
        if (strcasecmp(name, as[i][0]) == 0)
            return as[i][1];
    return name;
}

// charset=... of a <meta>, in the first kilobytes; false when there is none.
static bool meta_charset(const char *s, size_t len, char out[64])
{
    if (len > 4096)
        len = 4096;
    for (size_t i = 0; i + 9 < len; i++) {
        if (s[i] != '<' || strncasecmp(s + i, "<meta", 5) != 0)
            continue;
        const char *end = memchr(s + i, '>', len - i);
        if (!end)
            return false;
        for (const char *p = s + i; p + 8 < end; p++) {
            if (strncasecmp(p, "charset=", 8) != 0)
                continue;
            p += 8;
            p += *p == '"' || *p == '\'';
            size_t n = 0;
            while (p + n < end && n < 63 && !strchr("\"' ;/>", p[n]))
                n++;
            memcpy(out, p, n);
            out[n] = '\0';
            if (strncasecmp(out, "utf-16", 6) == 0) // it cannot be, it was read as ASCII
                memcpy(out, "utf-8", 6);
            return n > 0;
        }
    }
    return false;
}

static bool convert(struct buf *out, const char *s, size_t len, const char *name)
{
    iconv_t cd = iconv_open("UTF-8", web_name(name));
    if (cd == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)s; // iconv does not write to it
    while (len) {
        buf_reserve(out, len + 64);
        char *to = out->data + out->len;
        size_t room = out->cap - out->len - 1, before = room;
        size_t r = iconv(cd, &in, &len, &to, &room);
        out->len += before - room;
        if (r != (size_t)-1)
            break;
        if (errno == E2BIG) {
            buf_reserve(out, out->cap);
        } else { // a byte that is none of this encoding
            buf_utf8(out, 0xFFFD);
            in++;
            len--;
        }
    }
    iconv_close(cd);
    buf_reserve(out, 0);
    out->data[out->len] = '\0';
    return true;
}

const char *html_utf8(const char *bytes, size_t *len, const char *charset, struct buf *own)
{
    const unsigned char *u = (const unsigned char *)bytes;
    char named[64];
    const char *name = NULL;
    if (*len > DOC_MAX_INPUT + 16)
        *len = DOC_MAX_INPUT + 16; // the reader says that it was cut
    size_t n = *len;
    if (n >= 3 && u[0] == 0xEF && u[1] == 0xBB && u[2] == 0xBF)
        name = "utf-8";
    else if (n >= 2 && u[0] == 0xFE && u[1] == 0xFF)
        name = "utf-16be";
    else if (n >= 2 && u[0] == 0xFF && u[1] == 0xFE)
        name = "utf-16le";
    else if (charset && *charset && strlen(charset) < 64)
        name = charset;
    else if (meta_charset(bytes, n, named))
        name = named;
    bool is_utf8 = name && strcasecmp(web_name(name), "utf-8") == 0;
    if (!name && !utf8_valid(bytes, n))
        name = "windows-1252";
    if (is_utf8 || !name || !convert(own, bytes, n, name))
        return bytes;
    *len = own->len;
    return buf_cstr(own);
}

struct doc *doc_from_html_bytes(const char *bytes, size_t len, const char *charset,
                                const struct doc_source *src)
{
    struct buf own = {0};
    const char *html = html_utf8(bytes, &len, charset, &own);
    struct doc *d = doc_from_html(html, len, src);
    buf_free(&own);
    return d;
}
