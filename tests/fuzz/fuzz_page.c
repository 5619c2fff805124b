// A Markdown file of a bookmark, as anybody may have changed it: what is read is safe, and written
// again it is Lectern's own and says the same.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "trade/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct kept *read_one(struct brought *b, const char *bytes, size_t len)
{
    return page_read(b, bytes, len, NULL) ? &b->items[b->n - 1] : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct brought *b = brought_new("");
    struct kept *k = read_one(b, bytes, size);
    struct buf text = {0}, page = {0};
    page_stamp(bytes, size);
    char *extra = page_extra(bytes, size);
    if (k && size < 1 << 14) {
        if (!*k->carried.uid)
            strcpy(k->carried.uid, "none");
        size_t n = k->nhighlights;
        uint64_t body = page_body(k, &text);
        page_write(k, &text, body, NULL, &page);
        if (!utf8_valid(page.data, page.len) || page_stamp(page.data, page.len).edited)
            abort();
        struct kept *again = read_one(b, page.data, page.len);
        if (!again || again->nhighlights != n)
            abort();
    }
    free(extra);
    buf_free(&text);
    buf_free(&page);
    bring_free(b);
    return 0;
}
