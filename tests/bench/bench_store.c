// `bench_store FILE FEEDS ESSAYS BYTES`: builds a library of prose (words of a Zipf-like
// distribution in a newsletter's dress) and times the store alone: preparing, writing in batches of
// 8 MB, an unchanged round, and then, in a fresh handle each time, what the first paint of the
// reader asks. Then the whole list of a million or so.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static uint64_t state = 88172645463325252u;

static uint32_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const struct err *e)
{
    fprintf(stderr, "bench_store: %s\n", e->msg);
    exit(1);
}

enum { VOCABULARY = 6000 };
static char words[VOCABULARY][16];

static void make_words(void)
{
    for (int i = 0; i < VOCABULARY; i++) {
        int len = i < 60 ? 2 + i % 3 : 4 + (int)(next_random() % 7);
        for (int k = 0; k < len; k++)
            words[i][k] = "etaoinshrdlucmfwypvbgk"[next_random() % (k % 2 ? 8 : 22)];
    }
}

static void prose(struct buf *out, size_t bytes)
{
    buf_clear(out);
    for (size_t in = 0; out->len < bytes; in++) {
        if (in % 90 == 0)
            buf_str(out, in ? "</p>\n\n<p>" : "<p>");
        uint32_t r = next_random() % 10000; // a rank that comes about 1/rank as often
        uint32_t rank = r < 4500 ? r % 50 : r < 7500 ? r % 600 : next_random() % VOCABULARY;
        buf_str(out, words[rank]);
        buf_str(out, in % 14 == 13 ? ". " : " ");
    }
    buf_str(out, "</p>");
}

static struct feed_update *update(int feed, int essays, size_t bytes)
{
    struct arena *a = arena_new();
    struct feed_update *u = arena_alloc(a, sizeof *u);
    u->arena = a;
    u->title = arena_printf(a, "Newsletter number %d", feed);
    u->entries = arena_alloc(a, (size_t)essays * sizeof *u->entries);
    u->nentries = (size_t)essays;
    struct buf text = {0};
    for (int i = 0; i < essays; i++) {
        struct feed_entry *e = &u->entries[i];
        prose(&text, bytes);
        e->guid = arena_printf(a, "https://feed%d.example/p/%d", feed, i);
        e->url = e->guid;
        e->title =
            arena_printf(a, "An essay of some length in its title, number %d of %d", i, feed);
        e->subtitle =
            arena_printf(a, "What stands below the title of essay %d, a line or so of it", i);
        e->published = 1600000000 + (int64_t)(next_random() % 100000000);
        e->content = arena_strndup(a, text.data, text.len);
        e->content_len = text.len;
        e->type = CONTENT_HTML;
        e->words = (uint32_t)(text.len / 6);
        e->enclosures = arena_alloc(a, sizeof *e->enclosures);
        e->enclosures[0] =
            (struct enclosure){.url = arena_printf(a, "https://feed%d.example/%d.mp3", feed, i),
                               .type = i % 5 ? "image/jpeg" : "audio/mpeg",
                               .kind = i % 5 ? ENCLOSURE_IMAGE : ENCLOSURE_AUDIO};
        e->nenclosures = 1;
    }
    buf_free(&text);
    return u;
}

static void build(const char *path, int feeds, int essays, size_t bytes)
{
    struct err e = ERR_INIT;
    struct store *s;
    if (!store_open(path, STORE_WRITE, &s, &e))
        die(&e);
    double preparing = 0, writing = 0, t;
    size_t batch = 0;
    int64_t *ids = mem_array((size_t)feeds, sizeof *ids);
    if (!store_begin(s, &e))
        die(&e);
    for (int f = 0; f < feeds; f++) {
        char url[64];
        bool existed;
        const char *const tags[] = {f % 20 ? "many" : "few", NULL};
        snprintf(url, sizeof url, "https://feed%d.example/feed", f);
        if (!store_feed_add(s, url, tags, &ids[f], &existed, &e))
            die(&e);
    }
    for (int f = 0; f < feeds; f++) {
        struct feed_update *u = update(f, essays, bytes);
        t = now();
        struct prepared *p = store_prepare(u, NULL);
        preparing += now() - t;
        struct fetch_outcome o = {
            .when = 1750000000, .http_status = 200, .etag = "\"x\"", .body_hash = (uint64_t)f + 1};
        t = now();
        batch += store_prepared_bytes(p);
        if (!store_apply(s, ids[f], p, &o, NULL, &e))
            die(&e);
        if (batch > (8u << 20)) {
            batch = 0;
            if (!store_commit(s, &e) || !store_begin(s, &e))
                die(&e);
        }
        writing += now() - t;
        store_prepared_free(p);
        arena_free(u->arena);
    }
    t = now();
    if (!store_commit(s, &e))
        die(&e);
    writing += now() - t;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    struct stat st;
    t = now();
    if (!store_begin(s, &e))
        die(&e);
    struct arena *a = arena_new();
    for (int f = 0; f < feeds; f++) {
        struct fetch_state known;
        if (!store_fetch_state(s, ids[f], a, &known, &e))
            die(&e);
        struct fetch_outcome o = {.when = 1750003600, .http_status = 304, .not_modified = true};
        if (!store_apply(s, ids[f], NULL, &o, NULL, &e))
            die(&e);
    }
    if (!store_commit(s, &e))
        die(&e);
    double same = now() - t;
    t = now();
    store_close(s);
    double closing = now() - t;
    stat(path, &st);
    printf("prepare %.3f s, write %.3f s, unchanged round %.3f s, close %.3f s, library %.1f MB of "
           "%.1f MB, memory %.1f MB\n",
           preparing, writing, same, closing, (double)st.st_size / 1e6,
           (double)feeds * essays * (double)bytes / 1e6, (double)usage.ru_maxrss / 1024);
    arena_free(a);
    free(ids);
}

static void first_paint(const char *path)
{
    struct err e = ERR_INIT;
    struct store *s;
    double t0 = now();
    if (!store_open(path, STORE_READER, &s, &e))
        die(&e);
    double opened = now();
    struct arena *a = arena_new();
    struct shelf_counts c;
    struct feed_rows feeds;
    if (!store_counts(s, 1750000000, &c, &e))
        die(&e);
    double counted = now();
    if (!store_feeds(s, a, &feeds, &e))
        die(&e);
    double listed = now();
    printf("open %.2f ms, counts %.2f ms, %zu feeds %.2f ms\n", (opened - t0) * 1e3,
           (counted - opened) * 1e3, feeds.n, (listed - counted) * 1e3);
    static const char *const names[] = {"all",  "unread",    "continue", "audio",
                                        "week", "bookmarks", "feed",     "tag"};
    for (int k = SHELF_ALL; k <= SHELF_TAG; k++) {
        struct shelf sh = {.kind = (enum shelf_kind)k, .feed = feeds.items[0].id, .tag = "many"};
        int64_t *ids;
        size_t n;
        double t = now();
        if (!store_ids(s, &sh, false, 1750000000, 60, &ids, &n, &e))
            die(&e);
        double got = now();
        struct item_row rows[60];
        if (!store_rows(s, ids, n, a, rows, &e))
            die(&e);
        double rowed = now();
        free(ids);
        if (!store_ids(s, &sh, true, 1750000000, 0, &ids, &n, &e))
            die(&e);
        printf("  %-10s first 60 ids %6.2f ms, rows %6.2f ms, all unread ids (%zu) %7.2f ms\n",
               names[k], (got - t) * 1e3, (rowed - got) * 1e3, n, (now() - rowed) * 1e3);
        if (n && k == SHELF_ALL) {
            struct item_body body;
            t = now();
            if (!store_item(s, ids[n / 2], a, &body, &e))
                die(&e);
            printf("  one essay of %zu bytes: %.2f ms\n", body.content_len, (now() - t) * 1e3);
        }
        free(ids);
    }
    arena_free(a);
    store_close(s);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return argc == 1 ? 0 : 2;
    make_words();
    if (access(argv[1], F_OK) != 0)
        build(argv[1], atoi(argv[2]), atoi(argv[3]), (size_t)atol(argv[4]));
    first_paint(argv[1]);
    return 0;
}
