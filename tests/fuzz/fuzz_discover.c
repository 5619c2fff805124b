// feed_discover over any page; every candidate is a web address.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const pages[] = {"https://e.example/a/b", "https://www.youtube.com/@x",
                                        "https://name.substack.com/p/x", NULL};
    if (!size)
        return 0;
    struct feed_candidates *c = feed_discover((const char *)data + 1, size - 1, pages[data[0] & 3]);
    for (size_t i = 0; i < c->n; i++)
        if (strncmp(c->items[i].url, "http", 4) != 0)
            abort();
    feed_candidates_free(c);
    return 0;
}
