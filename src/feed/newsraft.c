// newsraft's files. `feeds`: an address, a name in quotation marks, settings in brackets; "@ name"
// opens a section (a tag here); "$(command)" is a program, and is handed back. Its database keeps
// several values in one column, parted by a control character; see foreign.h.
#include <stdlib.h>
#include <string.h>

#include "lectern/foreign.h"
#include "lectern/utf8.h"
#include "subs.h"

static const char *blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

// The name of a section: without the settings behind it.
static const char *section(struct arena *a, const char *p, const char *end)
{
    p = blanks(p, end);
    const char *stop = p;
    while (stop < end && !strchr("[{<", *stop))
        stop++;
    while (stop > p && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
        stop--;
    return stop > p ? arena_strndup(a, p, (size_t)(stop - p)) : NULL;
}

static void read_line(struct subs_builder *b, const char *p, const char *end, int line,
                      const char **tag)
{
    struct arena *a = b->s->arena;
    p = blanks(p, end);
    if (p == end || *p == '#')
        return;
    if (*p == '@') {
        *tag = section(a, p + 1, end);
        return;
    }
    if (*p == '$') {
        subs_skip(b, line, arena_strndup(a, p, (size_t)(end - p)), SUBS_PROGRAM);
        return;
    }
    const char *stop = p;
    while (stop < end && !strchr(" \t\r", *stop))
        stop++;
    const char *url = arena_strndup(a, p, (size_t)(stop - p)), *name = NULL;
    p = blanks(stop, end);
    if (p < end && *p == '"') {
        const char *close = memchr(p + 1, '"', (size_t)(end - p - 1));
        if (close)
            name = arena_strndup(a, p + 1, (size_t)(close - p - 1));
    }
    if (urls_address(url))
        subs_add(b, url, name, tag, *tag ? 1 : 0);
    else
        subs_skip(b, line, url, "it is no address");
}

bool newsraft_looks(const char *bytes, size_t len)
{
    for (const char *p = bytes, *end = bytes + len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
        p = blanks(p, stop);
        if (p < stop && (*p == '@' || (stop - p > 1 && p[0] == '$' && p[1] == '(')))
            return true;
        p = nl ? nl + 1 : end;
    }
    return false;
}

void newsraft_read(struct subs_builder *b, const char *bytes, size_t len)
{
    struct buf clean = {0};
    utf8_clean(&clean, bytes, len, UTF8_TEXT);
    const char *tag = NULL;
    int line = 0;
    for (const char *p = buf_cstr(&clean), *end = p + clean.len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
        read_line(b, p, stop, ++line, &tag);
        p = nl ? nl + 1 : end;
    }
    b->s->format = "newsraft feeds";
    buf_free(&clean);
}

bool newsraft_group(const char *s, size_t len, size_t *at, const char *const *keys, size_t nkeys,
                    const char **values, struct arena *a)
{
    bool any = false;
    for (size_t i = 0; i < nkeys; i++)
        values[i] = NULL;
    while (*at < len) {
        const char *p = s + *at + 1, *end = s + len; // behind the character that parts
        const char *stop = p < end ? memchr(p, s[0], (size_t)(end - p)) : NULL;
        if (!stop)
            stop = end;
        if (p < stop && *p == '^' && stop - p == 1) {
            if (any)
                return true; // the next group begins here
        } else {
            for (size_t i = 0; i < nkeys; i++) {
                size_t n = strlen(keys[i]);
                if ((size_t)(stop - p) > n && memcmp(p, keys[i], n) == 0 && p[n] == '=') {
                    if (values[i])
                        return true; // a list without marks between its groups
                    values[i] = arena_strndup(a, p + n + 1, (size_t)(stop - p) - n - 1);
                    any = true;
                }
            }
        }
        *at = p > end ? len : (size_t)(stop - s);
    }
    return any;
}
