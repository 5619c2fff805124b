// Lines that mpv says over its socket: tags and titles of files from anywhere are in them. Every
// string comes out clean, whatever the line.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audio/mpv_line.h"
#include "lectern/buf.h"
#include "lectern/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise_clean(const char *s)
{
    if (!s || !utf8_valid(s, strlen(s)))
        abort();
    struct buf again = {0};
    utf8_clean(&again, s, strlen(s), UTF8_LINE);
    if (strcmp(buf_cstr(&again), s) != 0)
        abort();
    buf_free(&again);
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mpv_line line = {0};
    const char *at = (const char *)data, *end = at + size;
    while (at < end) { // several lines: what one leaves behind the next shall not see
        const char *nl = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((nl ? nl : end) - at);
        struct mpv_event ev;
        mpv_line_read(&line, at, len, &ev);
        promise_clean(ev.name);
        promise_clean(ev.text);
        if (ev.nwords > MPV_WORDS)
            abort();
        for (size_t i = 0; i < ev.nwords; i++)
            promise_clean(ev.words[i]);
        at += len + 1;
    }
    mpv_line_free(&line);
    return 0;
}
