// Bookmarks of other programs in any form: what was read is safe to show and has an address or a
// text.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/utf8.h"
#include "trade/kept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(const char *s)
{
    if (s && !utf8_valid(s, strlen(s)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct brought *b = NULL;
    const char *bytes = (const char *)data;
    if (!bring_looks(bytes, size) || !bring_read(bytes, size, &b, NULL))
        return 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct kept *k = &b->items[i];
        if (!k->body.row.title || !k->body.row.tags ||
            (!k->body.row.url && !*k->body.row.title && !k->body.content))
            abort();
        promise(k->body.row.title);
        promise(k->body.row.url);
        promise(k->body.content);
        promise(k->note);
        for (size_t t = 0; k->body.row.tags[t]; t++)
            promise(k->body.row.tags[t]);
    }
    bring_free(b);
    return 0;
}
