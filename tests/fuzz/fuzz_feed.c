// feed_parse over any bytes; the first one chooses the Content-Type and the address it came from.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"
#include "lectern/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *s)
{
    if (s && !utf8_valid(s, strlen(s)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {NULL,
                                        "text/xml",
                                        "application/rss+xml; charset=iso-8859-1",
                                        "text/html; charset=utf-8",
                                        "application/feed+json",
                                        "text/xml; charset=\"utf-16\"",
                                        "text/xml; charset=gb2312",
                                        "text/xml;charset=shift_jis"};
    if (!size)
        return 0;
    const struct feed_source src = {.url = data[0] & 8 ? "https://e.example/feeds/x.xml" : NULL,
                                    .content_type = types[data[0] & 7]};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    if (!feed_parse((const char *)data + 1, size - 1, &src, &u, &e)) {
        if (!e.msg[0] || u)
            abort();
        return 0;
    }
    for (size_t i = 0; i < u->nentries; i++) {
        const struct feed_entry *n = &u->entries[i];
        if (!n->guid || !n->title || (n->content && strlen(n->content) != n->content_len))
            abort();
        check(n->guid);
        check(n->title);
        check(n->content);
        check(n->summary);
        check(n->subtitle);
        for (size_t k = 0; k < n->nenclosures; k++)
            if (strncmp(n->enclosures[k].url, "http", 4) != 0)
                abort();
        if (n->url && strncmp(n->url, "http", 4) != 0)
            abort();
    }
    struct buf out = {0};
    feed_write_json(&out, u);
    if (!out.len)
        abort();
    buf_free(&out);
    feed_free(u);
    return 0;
}
