// See words.h.
#include "words.h"

void words_bytes(int64_t n, struct buf *out)
{
    if (n < 10000)
        buf_printf(out, "%lld byte%s", (long long)n, n == 1 ? "" : "s");
    else if (n < 1000000)
        buf_printf(out, "%lld kB", (long long)((n + 500) / 1000));
    else if (n < 1000000000)
        buf_printf(out, "%.1f MB", (double)n / 1e6);
    else
        buf_printf(out, "%.1f GB", (double)n / 1e9);
}
