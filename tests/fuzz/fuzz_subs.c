// Subscription lists of any kind; what was read is written as OPML and must be read again.
#include <stdint.h>
#include <stdlib.h>

#include "lectern/buf.h"
#include "lectern/subs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subs *s = NULL, *again = NULL;
    if (!subs_read((const char *)data, size, &s, NULL))
        return 0;
    struct buf b = {0};
    subs_write_opml(&b, s->items, s->n, 0);
    if (!subs_read(b.data, b.len, &again, NULL) || again->n != s->n)
        abort();
    subs_free(again);
    subs_free(s);
    buf_free(&b);
    return 0;
}
