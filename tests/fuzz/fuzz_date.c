// date_parse over any line; what it reads can be written and read again as the same moment.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"
#include "lectern/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *s = mem_strndup((const char *)data, size);
    int64_t t, again;
    if (date_parse(s, &t) && t > -30000000000 && t < 253402300799) {
        char text[32];
        date_format(t, text);
        if (!date_parse(text, &again) || again != t)
            abort();
    }
    free(s);
    return 0;
}
