// Builds a library for benches: `bench_library FILE FEEDS ENTRIES` through the same calls as the
// fetcher, and writes the same titles as a newsboat cache script to standard output where a fourth
// argument "newsboat" is given.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static const char body[] = "<p>A short body that stands for an essay; lists never read it.</p>";

static void newsboat(int feeds, int entries)
{
    puts("BEGIN;");
    for (int f = 0; f < feeds; f++) {
        printf("INSERT INTO rss_feed(rssurl,url,title) "
               "VALUES('http://127.0.0.1:9/%d','http://127.0.0.1:9/','Feed %d');\n",
               f, f);
        for (int i = 0; i < entries; i++)
            printf(
                "INSERT INTO rss_item(guid,title,author,url,feedurl,pubDate,content,unread) "
                "VALUES('%d-%d','Essay %d of feed "
                "%d','A. Writer','http://127.0.0.1:9/%d/%d','http://127.0.0.1:9/%d',%d,'%s',%d);\n",
                f, i, i, f, f, i, f, 1700000000 + i * 3600 + f, body, i % 3 == 0);
    }
    puts("COMMIT;");
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return argc == 1 ? 0 : 2;
    int feeds = atoi(argv[2]), entries = atoi(argv[3]);
    if (argc > 4) {
        newsboat(feeds, entries);
        return 0;
    }
    struct err e = ERR_INIT;
    struct store *s = NULL;
    if (!store_open(argv[1], STORE_WRITE, &s, &e))
        goto failed;
    for (int f = 0; f < feeds; f++) {
        struct arena *a = arena_new();
        char *url = arena_printf(a, "http://127.0.0.1:9/%d", f);
        int64_t id;
        bool existed;
        if (!store_feed_add(s, url, NULL, &id, &existed, &e))
            goto failed;
        struct feed_update *u = arena_alloc(a, sizeof *u);
        u->arena = a;
        u->format = FEED_RSS2;
        u->title = arena_printf(a, "Feed %d", f);
        u->entries = arena_alloc(a, (size_t)entries * sizeof *u->entries);
        u->nentries = (size_t)entries;
        struct person *author = arena_alloc(a, sizeof *author);
        author->name = "A. Writer";
        for (int i = 0; i < entries; i++) {
            struct feed_entry *n = &u->entries[i];
            n->guid = arena_printf(a, "%d-%d", f, i);
            n->url = arena_printf(a, "http://127.0.0.1:9/%d/%d", f, i);
            n->title = arena_printf(a, "Essay %d of feed %d", i, f);
            n->content = body;
            n->content_len = sizeof body - 1;
            n->type = CONTENT_HTML;
            n->authors = author;
            n->nauthors = 1;
            n->published = 1700000000 + i * 3600 + f;
            n->words = 1200;
        }
        struct fetch_state state;
        if (!store_fetch_state(s, id, a, &state, &e))
            goto failed;
        struct prepared *p = store_prepare(u, &state);
        struct fetch_outcome o = {
            .when = 1800000000, .http_status = 200, .next_due = INT64_MAX / 2};
        struct apply_counts counts;
        if (!store_begin(s, &e) || !store_apply(s, id, p, &o, &counts, &e) || !store_commit(s, &e))
            goto failed;
        store_prepared_free(p);
        // Two of three are read, as in a library that is in use.
        struct shelf shelf = {.kind = SHELF_FEED, .feed = id};
        int64_t *ids;
        size_t n, kept = 0;
        if (!store_ids(s, &shelf, true, 1800000000, 0, &ids, &n, &e))
            goto failed;
        for (size_t i = 0; i < n; i++)
            if (i % 3)
                ids[kept++] = ids[i];
        store_set_read(s, ids, kept, true);
        if (!store_flush(s, 1000, &e))
            goto failed;
        free(ids);
        arena_free(a);
    }
    store_close(s);
    return 0;
failed:
    fprintf(stderr, "bench_library: %s\n", e.msg);
    return 1;
}
