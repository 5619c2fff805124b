// Where a site keeps its feed when its pages do not say: the paths that publishing programs use.
#include <stdlib.h>

#include "lectern/feed.h"
#include "lectern/mem.h"

struct feed_candidates *feed_discover(const char *html, size_t len, const char *url)
{
    (void)html, (void)len;
    static const char *const paths[] = {"/feed",      "/rss",       "/atom.xml", "/feed.xml",
                                        "/index.xml", "/feed.json", "/rss.xml"};
    const size_t n = sizeof paths / sizeof *paths;
    struct arena *a = arena_new();
    struct feed_candidates *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->items = arena_alloc(a, n * sizeof *c->items);
    for (size_t i = 0; i < n; i++) {
        char *at = feed_resolve(url, paths[i]);
        if (at)
            c->items[c->n++].url = arena_strdup(a, at);
        free(at);
    }
    return c;
}

void feed_candidates_free(struct feed_candidates *c)
{
    if (c)
        arena_free(c->arena);
}
