// JSON Feed, well-formed or not.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf in = {0}, out = {0};
    buf_str(&in, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"x\",");
    buf_add(&in, data, size);
    struct feed_update *u = NULL;
    if (feed_parse(in.data, in.len, NULL, &u, NULL)) {
        feed_write_json(&out, u);
        if (!out.len)
            abort();
    }
    feed_free(u);
    buf_free(&in);
    buf_free(&out);
    return 0;
}
