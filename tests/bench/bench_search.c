// `bench_search FILE ESSAYS BYTES`: builds a library of prose (words of a Zipf-like distribution, a
// tenth of the essays in Japanese), takes it into the index of words, and times searches as the
// reader makes them: to the first screenful, to the longest step, to the end. `bench_search -w
// FILE` takes in what comes in as the reader's worker does, until it is ended.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/find.h"
#include "lectern/mem.h"

enum { VOCABULARY = 50000, PER_FEED = 200, SCREEN = 20, NOW = 1795335300 };
static char words[VOCABULARY][16];
static uint64_t state = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const struct err *e)
{
    fprintf(stderr, "bench_search: %s\n", e->msg);
    exit(1);
}

static void make_words(void)
{
    for (int i = 0; i < VOCABULARY; i++) {
        uint32_t len = i < 60 ? 2 + (uint32_t)i % 3 : 4 + any(7);
        for (uint32_t k = 0; k < len; k++)
            words[i][k] = "etaoinshrdlucmfwypvbgk"[any(k % 2 ? 8 : 22)];
    }
}

// A rank that comes about 1/rank as often.
static uint32_t rank(void)
{
    uint32_t r = any(100);
    return r < 45 ? any(50) : r < 75 ? 50 + any(600) : any(1 + any(VOCABULARY));
}

static void prose(struct buf *out, size_t bytes, bool japanese)
{
    buf_clear(out);
    for (uint32_t in = 0; out->len < bytes; in++) {
        if (in % 90 == 0)
            buf_str(out, in ? "</p>\n\n<p>" : "<p>");
        if (japanese) {
            buf_utf8(out, 0x4E00 + rank() % 3000);
            buf_str(out, in % 20 == 19 ? "。" : "");
        } else {
            buf_str(out, words[rank()]);
            buf_str(out, in % 14 == 13 ? ". " : " ");
        }
    }
    buf_str(out, "</p>");
}

static void build(const char *path, int essays, size_t bytes)
{
    struct err e = ERR_INIT;
    struct store *s;
    struct buf text = {0};
    if (!store_open(path, STORE_WRITE, &s, &e))
        die(&e);
    for (int f = 0; f * PER_FEED < essays; f++) {
        struct arena *a = arena_new();
        struct feed_update *u = arena_alloc(a, sizeof *u);
        bool existed;
        int64_t id;
        u->arena = a;
        u->title = arena_printf(a, "Newsletter %d", f);
        u->entries = arena_alloc(a, PER_FEED * sizeof *u->entries);
        u->nentries = PER_FEED;
        for (int i = 0; i < PER_FEED; i++) {
            struct feed_entry *n = &u->entries[i];
            prose(&text, bytes, f % 10 == 9);
            n->guid = n->url = arena_printf(a, "https://feed%d.example/p/%d", f, i);
            n->title = arena_printf(a, "%s %s %s %s number %d", words[rank()], words[rank()],
                                    words[rank()], words[rank()], i);
            n->published = 1600000000 + any(190000000);
            n->content = arena_strndup(a, text.data, text.len);
            n->content_len = text.len;
            n->type = CONTENT_HTML;
            n->words = (uint32_t)(text.len / 6);
        }
        struct prepared *p = store_prepare(u, NULL);
        struct fetch_outcome o = {.when = NOW, .http_status = 200};
        if (!store_begin(s, &e) ||
            !store_feed_add(s, arena_printf(a, "https://feed%d.example/feed", f), NULL, &id,
                            &existed, &e) ||
            !store_apply(s, id, p, &o, NULL, &e) || !store_commit(s, &e))
            die(&e);
        store_prepared_free(p);
        arena_free(a);
    }
    buf_free(&text);
    store_close(s);
}

static double size_of(const char *path, const char *query)
{
    // Pages are asked of SQLite's own program where it is there: the store tells no such things.
    char *command = mem_printf("sqlite3 -readonly '%s' \"%s\" 2>/dev/null", path, query);
    FILE *p = popen(command, "r");
    double n = 0;
    if (p && fscanf(p, "%lf", &n) != 1)
        n = 0;
    if (p)
        pclose(p);
    free(command);
    return n / 1e6;
}

static void take_in(const char *path, int essays, size_t bytes)
{
    struct err e = ERR_INIT;
    struct store *s;
    int64_t left, of;
    if (!store_open(path, STORE_WRITE, &s, &e) || !search_progress(s, &left, &of, &e))
        die(&e);
    double began = now();
    for (bool more = left > 0; more;)
        if (!find_index(s, 128, &more, &e))
            die(&e);
    double took = now() - began;
    store_close(s);
    double index = size_of(path, "select sum(length(block)) from find_data"),
           packs = size_of(path, "select sum(length(data)) from pack");
    if (left)
        printf("  taken in: %lld essays in %.1f s, %.0f a second\n", (long long)left, took,
               (double)left / took);
    printf("  %d essays, %.0f MB of text, %.0f MB packed, index %.0f MB (%.2f of the text)\n",
           essays, (double)essays * (double)bytes / 1e6, packs, index,
           index * 1e6 / ((double)essays * (double)bytes));
}

static void search(const char *path, const char *name, const char *typed, bool partial)
{
    struct err e = ERR_INIT;
    struct store *s;
    if (!store_open(path, STORE_READER, &s, &e))
        die(&e);
    double first = 0, longest = 0, began = now();
    size_t n = 0;
    struct finding *f = finding_new(typed, (struct when){0}, NOW, partial, FIND_BEST);
    for (bool more = true; more;) {
        double step = now();
        more = finding_step(f, s, &e);
        step = now() - step;
        longest = step > longest ? step : longest;
        finding_ids(f, &n);
        if (!first && (n >= SCREEN || !more))
            first = now() - began;
    }
    double all = now() - began;
    double sentences = now();
    const int64_t *ids = finding_ids(f, &n);
    for (size_t i = 0; i < n && i < 10; i++) {
        struct arena *a = arena_new();
        struct item_body body;
        struct sentence x;
        if (store_item(s, ids[i], a, &body, &e)) {
            finding_sentence(f, &body, &x);
            sentence_free(&x);
        }
        arena_free(a);
    }
    sentences = now() - sentences;
    printf("  %-22s %8zu %8.1f %8.1f %8.1f %8.1f\n", name, n, first * 1e3, longest * 1e3, all * 1e3,
           sentences * 1e3);
    finding_free(f);
    store_close(s);
}

static void work(const char *path)
{
    struct err e = ERR_INIT;
    struct store *s;
    if (!store_open(path, STORE_WRITE, &s, &e))
        die(&e);
    store_set_wait(s, 0);
    for (;;) {
        bool more = false;
        double began = now();
        if (!find_index(s, 32, &more, &e) && e.kind != ERR_BUSY)
            die(&e);
        usleep(more ? (useconds_t)((now() - began) * 1e6) + 10000 : 200000);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "-w") == 0)
        work(argv[2]);
    if (argc < 4)
        return argc == 1 ? 0 : 2;
    int essays = atoi(argv[2]);
    size_t bytes = (size_t)atol(argv[3]);
    make_words();
    if (access(argv[1], F_OK) != 0)
        build(argv[1], essays, bytes);
    take_in(argv[1], essays, bytes);
    char *common = words[100], *rare = words[VOCABULARY - 1000], *stop = words[3];
    printf("  %-22s %8s %8s %8s %8s %8s\n", "ms", "found", "screen", "step", "all", "10 lines");
    char *two = mem_printf("%s %s", common, words[200]),
         *phrase = mem_printf("\"%s %s\"", common, words[200]),
         *stops = mem_printf("\"%s %s %s\"", stop, words[4], words[5]),
         *prefix = mem_printf("%.3s*", common), *two_letters = mem_printf("%.2s*", common),
         *near = mem_printf("%s NEAR/5 %s", common, words[200]),
         *feed = mem_printf("%s feed:\"Newsletter 77\"", common),
         *fields = mem_printf("%s is:unread after:2025 -%s", common, words[200]),
         *title = mem_printf("title:%s", common),
         *either = mem_printf("%s OR %s", rare, words[700]);
    const struct {
        const char *name, *typed;
        bool partial;
    } searches[] = {{"common word", common, false},
                    {"most common word", stop, false},
                    {"rare word", rare, false},
                    {"none", "qqqqxyz", false},
                    {"two words", two, false},
                    {"one or the other", either, false},
                    {"phrase", phrase, false},
                    {"phrase of common words", stops, false},
                    {"near", near, false},
                    {"three letters*", prefix, false},
                    {"two letters*", two_letters, false},
                    {"typed so far", common, true},
                    {"in the title", title, false},
                    {"in one feed", feed, false},
                    {"unread, dated, without", fields, false},
                    {"no word: is:unread", "is:unread after:2025", false},
                    {"Han, one letter", "丁", false},
                    {"Han, two", "一丁", false},
                    {"Han, three", "一丁丂", false}};
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
        search(argv[1], searches[i].name, searches[i].typed, searches[i].partial);
    free(two);
    free(phrase);
    free(stops);
    free(prefix);
    free(two_letters);
    free(near);
    free(feed);
    free(fields);
    free(title);
    free(either);
    return 0;
}
