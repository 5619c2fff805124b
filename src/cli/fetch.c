// `lectern fetch`: brings what is new, says what failed and why.
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "args.h"
#include "commands.h"

static volatile int stopped; // set by the signal handler, read by the fetcher

static void on_stop(int sig)
{
    if (stopped)
        _exit(128 + sig); // asked twice
    stopped = 1;
}

struct view {
    bool line, json;
    json_t *errors;
    int failed;
    int64_t went;
};

static void wipe(const struct view *v)
{
    if (v->line)
        fputs("\r\033[K", stderr);
}

static void progress(const struct view *v, const struct fetch_event *ev)
{
    if (!v->line)
        return;
    struct winsize ws = {0};
    int cols = ioctl(2, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 20 ? ws.ws_col : 80;
    struct buf b = {0}, cut = {0};
    buf_printf(&b, "%d of %d", ev->done, ev->total);
    if (ev->failed)
        buf_printf(&b, ", %d failed", ev->failed);
    if (ev->title)
        buf_printf(&b, "  %s", ev->title);
    utf8_ellipsize(&cut, buf_cstr(&b), b.len, cols - 1, true);
    fprintf(stderr, "\r\033[K%s", buf_cstr(&cut));
    buf_free(&b);
    buf_free(&cut);
}

static void on_event(void *ctx, const struct fetch_event *ev)
{
    struct view *v = ctx;
    switch (ev->kind) {
    case FETCH_GET:
    case FETCH_OK:
    case FETCH_SAME:
        progress(v, ev);
        break;
    case FETCH_ERR:
        wipe(v);
        fprintf(stderr, "lectern fetch: %s: %s\n", ev->title, ev->message);
        if (v->errors)
            json_array_append_new(v->errors,
                                  json_pack("{s:I,s:s,s:s}", "feed", (json_int_t)ev->feed, "url",
                                            ev->url, "error", ev->message));
        progress(v, ev);
        break;
    case FETCH_WENT:
        v->went += ev->changed;
        break;
    case FETCH_BEGIN:
    case FETCH_END:
        break;
    }
}

static bool named(const struct session *s, const struct arg_list *words, int64_t **ids, size_t *n,
                  struct err *e)
{
    struct store *store;
    if (!store_open(s->library, STORE_READ, &store, e))
        return false;
    struct arena *a = arena_new();
    *ids = mem_array(words->n + 1, sizeof **ids);
    *n = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < words->n; i++) {
        struct feed_row row;
        ok = store_feed_find(store, words->items[i], a, &row, e);
        bool twice = false;
        for (size_t k = 0; ok && k < *n; k++)
            twice = twice || (*ids)[k] == row.id;
        if (ok && !twice)
            (*ids)[(*n)++] = row.id;
    }
    arena_free(a);
    store_close(store);
    return ok;
}

static double seconds_since(const struct timespec *t)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

static void say(const struct fetch_totals *t, int64_t went, double seconds)
{
    if (!t->feeds) {
        puts("nothing is due; `lectern fetch --force` asks every feed");
        if (went)
            printf("%lld old went (keep-days, keep-count)\n", (long long)went);
        return;
    }
    printf("%d %s: %lld new", t->feeds, t->feeds == 1 ? "feed" : "feeds", (long long)t->added);
    if (t->changed)
        printf(", %lld revised", (long long)t->changed);
    if (t->same)
        printf(", %d unchanged", t->same);
    if (t->failed)
        printf(", %d failed", t->failed);
    if (went)
        printf(", %lld old went (keep-days, keep-count)", (long long)went);
    printf(" (%.1f s)\n", seconds);
    if (stopped)
        puts("stopped early; what had arrived is kept");
}

static void say_json(const struct fetch_totals *t, int64_t went, double seconds, json_t *errors)
{
    json_t *o =
        json_pack("{s:i,s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:f,s:O}", "feeds", t->feeds, "ok", t->ok,
                  "unchanged", t->same, "failed", t->failed, "added", (json_int_t)t->added,
                  "changed", (json_int_t)t->changed, "went", (json_int_t)went, "bytes",
                  (json_int_t)t->bytes, "seconds", seconds, "errors", errors);
    json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(o);
}

static void on_page(void *ctx, int nth, int64_t added)
{
    const struct view *v = ctx;
    if (v->line)
        fprintf(stderr, "\r\033[Kpage %d: %lld older", nth, (long long)added);
}

// One feed after the other, each from where its last walk stopped.
static bool older(const struct session *s, const int64_t *ids, size_t n, int pages, struct view *v,
                  bool quiet, struct err *e)
{
    struct older_opts o = {.pages = pages, .stop = &stopped, .page = on_page, .ctx = v};
    for (size_t i = 0; i < n && !stopped; i++) {
        struct older_result r = {0};
        bool ok = fetch_older(s->library, s->conf, ids[i], &o, &r, e);
        wipe(v);
        if (v->json)
            printf("{\"feed\": %lld, \"pages\": %d, \"added\": %lld, \"more\": %s}\n",
                   (long long)ids[i], r.pages, (long long)r.added, r.more ? "true" : "false");
        else if (quiet)
            ;
        else if (r.complete)
            puts("the feed says that it has all its essays: there is nothing older");
        else if (ok && !r.pages)
            puts("the feed names nothing older");
        else if (r.pages)
            printf("%d %s: %lld older %s%s\n", r.pages, r.pages == 1 ? "page" : "pages",
                   (long long)r.added, r.added == 1 ? "essay" : "essays",
                   r.more ? "; there is more: the same again goes on" : "");
        if (!ok)
            return false;
    }
    if (stopped && !quiet && !v->json)
        puts("stopped early; what had arrived is kept");
    return true;
}

static void on_whole(void *ctx, int64_t entry, const char *title, const char *failure)
{
    (void)entry;
    if (!failure)
        return;
    wipe(ctx);
    fprintf(stderr, "lectern fetch: the page of %s: %s\n", title, failure);
}

static int run(const struct session *s, int argc, char **argv)
{
    bool force = false, json = false, quiet = false, back = false;
    int64_t pages = 20;
    struct arg_list words = {0};
    const struct arg_option options[] = {
        {.name = "force", .letter = 'f', .flag = &force},          {.name = "older", .flag = &back},
        {.name = "pages", .number = &pages, .min = 1, .max = 999}, {.name = "json", .flag = &json},
        {.name = "quiet", .letter = 'q', .flag = &quiet},          {0}};
    if (!args_parse(&cmd_fetch, argc, argv, options, &words, 0, -1))
        return EXIT_USAGE;
    if (back && !words.n) {
        args_free(&words);
        return args_usage(&cmd_fetch, "--older needs a feed");
    }
    struct timespec began;
    clock_gettime(CLOCK_MONOTONIC, &began);
    struct err e = ERR_INIT;
    int64_t *ids = NULL;
    size_t n = 0;
    struct view v = {
        .json = json, .line = isatty(2) && !quiet && !json, .errors = json ? json_array() : NULL};
    struct fetch_opts opts = {
        .force = force, .event = on_event, .ctx = &v, .stop = &stopped, .wake_fd = -1};
    struct fetch_totals totals = {0};
    struct sigaction act = {.sa_handler = on_stop};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    bool ok = words.n == 0 || named(s, &words, &ids, &n, &e);
    if (back) {
        ok = ok && older(s, ids, n, (int)pages, &v, quiet, &e);
        int code = !ok ? args_fail(&cmd_fetch, &e) : stopped ? EXIT_FAILED : EXIT_DONE;
        json_decref(v.errors);
        free(ids);
        args_free(&words);
        return code;
    }
    opts.feeds = ids;
    opts.nfeeds = n;
    ok = ok && fetch_run(s->library, s->conf, &opts, &totals, &e);
    const struct pages_opts whole = {
        .feeds = ids, .nfeeds = n, .page = on_whole, .ctx = &v, .stop = &stopped, .wake_fd = -1};
    struct pages_totals got = {0};
    ok = ok && (stopped || fetch_pages(s->library, s->conf, &whole, &got, &e));
    wipe(&v);
    int code = EXIT_FAILED;
    if (!ok) {
        code = args_fail(&cmd_fetch, &e);
    } else {
        if (json)
            say_json(&totals, v.went, seconds_since(&began), v.errors);
        else if (!quiet)
            say(&totals, v.went, seconds_since(&began));
        if (!json && !quiet && got.fetched)
            printf("%d page%s of essays kept whole\n", got.fetched, got.fetched == 1 ? "" : "s");
        code = totals.failed || stopped ? EXIT_FAILED : EXIT_DONE;
        if (totals.stuck) { // not waited for
            fflush(stdout);
            _exit(code);
        }
    }
    json_decref(v.errors);
    free(ids);
    args_free(&words);
    return code;
}

const struct command cmd_fetch = {
    .name = "fetch",
    .usage = "fetch [FEED]... [--force] [--older [--pages N]] [--json] [--quiet]",
    .summary = "fetch the feeds that are due, or those named",
    .help =
        "A feed is named by its number, address or title. What failed, and why, goes to stderr.\n\n"
        "  -f, --force       ask also what is not due yet\n"
        "      --older       older essays of the feeds named, from the archives they name, from "
        "where\n"
        "                    the last such walk stopped\n"
        "      --pages N     with --older: at most so many documents (20)\n"
        "      --json        totals and errors as one JSON object\n"
        "  -q, --quiet       only what failed",
    .run = run,
};
