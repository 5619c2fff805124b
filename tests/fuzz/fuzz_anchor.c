// An old text and a new one, the bytes parted by the first \n--\n: every few letters of the old are
// remembered and looked for in the new. What is found lies in it, cut between characters; in the
// old text each is where it was.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/anchor.h"
#include "lectern/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(const char *s, size_t len, size_t at)
{
    return at < len && ((unsigned char)s[at] & 0xC0) == 0x80;
}

static void look(struct anchors *t, const struct buf *text, const struct anchor *a, bool there)
{
    uint32_t from = 0, to = 0;
    enum anchored found = anchor_find(t, a, &from, &to);
    if (there && (found != ANCHOR_THERE || from != a->from || to != from + strlen(a->quote)))
        abort();
    if (found && (from >= to || to > text->len || inside(text->data, text->len, from) ||
                  inside(text->data, text->len, to)))
        abort();
    if ((found == ANCHOR_THERE || found == ANCHOR_MOVED) &&
        memcmp(text->data + from, a->quote, to - from) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char part[] = "\n--\n";
    const char *bytes = (const char *)data, *cut = memmem(bytes, size, part, sizeof part - 1);
    size_t first = cut ? (size_t)(cut - bytes) : size / 2;
    struct buf old = {0}, now = {0};
    utf8_clean(&old, bytes, first, UTF8_TEXT);
    utf8_clean(&now, cut ? cut + sizeof part - 1 : bytes + first,
               size - first - (cut ? sizeof part - 1 : 0), UTF8_TEXT);
    buf_cstr(&old);
    buf_cstr(&now);
    struct anchors *before = anchors_new(old.data, old.len),
                   *after = anchors_new(now.data, now.len);
    size_t step = 1 + old.len / 24, len = 1 + (size ? data[0] % 200 : 0) * (old.len / 256 + 1);
    for (size_t i = 0; i < old.len; i += step) {
        struct arena *a = arena_new();
        size_t end = i + len < old.len ? i + len : old.len;
        while (inside(old.data, old.len, i))
            i++;
        while (inside(old.data, old.len, end))
            end++;
        if (i < end) {
            struct anchor x = {.from = (uint32_t)i,
                               .quote = arena_strndup(a, old.data + i, end - i)};
            anchor_around(old.data, old.len, x.from, (uint32_t)end, a, &x.before, &x.after);
            look(before, &old, &x, true);
            look(after, &now, &x, false);
        }
        arena_free(a);
    }
    anchors_free(before);
    anchors_free(after);
    buf_free(&old);
    buf_free(&now);
    return 0;
}
