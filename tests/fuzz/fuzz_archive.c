// What archives answer, any bytes of it; the first byte says whose answer it is to be.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise_address(const char *url)
{
    if (url && strncmp(url, "http", 4) != 0)
        abort();
}

static void promise_list(struct archive_list *l)
{
    struct buf shapes = {0};
    for (size_t i = 0; i < l->n; i++) {
        promise_address(l->items[i].url);
        promise_address(l->items[i].body);
        archive_date(l->items[i].url);
    }
    if (l->n > ARCHIVE_MAX_ITEMS || l->n > l->listed)
        abort();
    // What shapes are made of fits them, unless it is a page of the house.
    for (size_t i = 0; i < l->n && i < 8; i++) {
        archive_shapes(&l->items[i].url, 1, &shapes);
        archive_fits(buf_cstr(&shapes), l->items[i].url);
    }
    buf_free(&shapes);
    archive_list_free(l);
}

static void promise_update(struct feed_update *u)
{
    for (size_t i = 0; i < u->nentries; i++) {
        promise_address(u->entries[i].url);
        if (!u->entries[i].guid || !u->entries[i].title)
            abort();
    }
    feed_free(u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char base[] = "https://e.example/blog";
    struct err e = ERR_INIT;
    struct archive_list *l;
    struct feed_update *u;
    if (!size)
        return 0;
    const char *s = (const char *)data + 1;
    size--;
    switch (data[0] & 3) {
    case 0:
        if (archive_substack(s, size, base, &l, &e))
            promise_list(l);
        break;
    case 1:
        if (archive_substack_post(s, size, base, &u, &e))
            promise_update(u);
        break;
    case 2:
        if (archive_wordpress(s, size, base, &u, &e))
            promise_update(u);
        break;
    default:
        if (archive_sitemap(s, size, base, &l, &e))
            promise_list(l);
    }
    return 0;
}
