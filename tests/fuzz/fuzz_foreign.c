// Other readers' texts: the first byte says which. Items become an update as a fetch would bring
// it; a query that is said at all is one that a sieve reads.
#include <stdint.h>
#include <stdlib.h>

#include "lectern/foreign.h"
#include "lectern/sieve.h"
#include "lectern/subs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void items(const char *s, size_t len, struct arena *a)
{
    size_t n, bad;
    struct foreign_item *it = sfeed_items(s, len, a, &n, &bad);
    const struct foreign_feed f = {.url = "https://a.example/feed"};
    for (size_t at = 0; at < n; at += FOREIGN_CHUNK) {
        size_t k = n - at < FOREIGN_CHUNK ? n - at : FOREIGN_CHUNK;
        struct feed_update *u = foreign_update(&f, it + at, k);
        if (u->nentries != k)
            abort();
        feed_free(u);
    }
}

static void group(const char *s, size_t len, struct arena *a)
{
    static const char *const keys[] = {"url", "type", "text"};
    const char *v[3];
    size_t at = 0, last = 0;
    while (newsraft_group(s, len, &at, keys, 3, v, a)) {
        if (at < last || at > len || (!v[0] && !v[1] && !v[2]))
            abort();
        last = at;
    }
}

static void query(const char *s, struct arena *a)
{
    (void)a;
    struct buf out = {0};
    const char *why = NULL;
    if (newsboat_query(s, &out, &why)) {
        struct sieve *sieve = sieve_new(out.data, (struct when){.utc_offset = 0}, 1800000000, NULL);
        if (!sieve)
            abort();
        sieve_free(sieve);
    } else if (!why || out.len) {
        abort();
    }
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena *a = arena_new();
    const char *s = arena_strndup(a, (const char *)data + 1, size - 1);
    struct subs *subs = NULL;
    switch (data[0]) {
    case 'q':
        query(s, a);
        break;
    case 'g':
        group(s, size - 1, a);
        break;
    case 'r':
        if (subs_read_newsraft(s, size - 1, &subs, NULL))
            subs_free(subs);
        break;
    default:
        items(s, size - 1, a);
    }
    arena_free(a);
    return 0;
}
