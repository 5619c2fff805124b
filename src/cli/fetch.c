// `lectern fetch`: brings what is new, says what failed and why.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "archive.h"
#include "args.h"
#include "commands.h"
#include "ticker.h"

struct view {
    bool line, json;
    json_t *errors;
    int failed;
    int64_t went;
};

static void progress(const struct view *v, const struct fetch_event *ev)
{
    if (!v->line)
        return;
    struct buf b = {0};
    buf_printf(&b, "%d of %d", ev->done, ev->total);
    if (ev->failed)
        buf_printf(&b, ", %d failed", ev->failed);
    if (ev->title)
        buf_printf(&b, "  %s", ev->title);
    ticker_show(buf_cstr(&b));
    buf_free(&b);
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
        if (v->line)
            ticker_wipe();
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
    if (*ticker_stopped())
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

static void on_whole(void *ctx, int64_t entry, const char *title, const char *failure)
{
    (void)entry;
    if (!failure)
        return;
    if (((const struct view *)ctx)->line)
        ticker_wipe();
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
    const volatile int *stopped = ticker_stopped();
    struct fetch_opts opts = {
        .force = force, .event = on_event, .ctx = &v, .stop = stopped, .wake_fd = -1};
    struct fetch_totals totals = {0};
    bool ok = words.n == 0 || feeds_named(s, &words, &ids, &n, &e);
    if (back) {
        struct archive_wish wish = {.pages = (int)pages, .json = json, .quiet = quiet};
        ok = ok && archive_run(s, ids, n, &wish, &e);
        int code = !ok ? args_fail(&cmd_fetch, &e) : *stopped ? EXIT_FAILED : EXIT_DONE;
        json_decref(v.errors);
        free(ids);
        args_free(&words);
        return code;
    }
    opts.feeds = ids;
    opts.nfeeds = n;
    ok = ok && fetch_run(s->library, s->conf, &opts, &totals, &e);
    const struct pages_opts whole = {
        .feeds = ids, .nfeeds = n, .page = on_whole, .ctx = &v, .stop = stopped, .wake_fd = -1};
    struct pages_totals got = {0};
    ok = ok && (*stopped || fetch_pages(s->library, s->conf, &whole, &got, &e));
    if (v.line)
        ticker_wipe();
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
        code = totals.failed || *stopped ? EXIT_FAILED : EXIT_DONE;
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
        "      --older       older essays of the feeds named, as `lectern archive` brings them, "
        "some\n"
        "                    documents at a time\n"
        "      --pages N     with --older: at most so many documents (20)\n"
        "      --json        totals and errors as one JSON object\n"
        "  -q, --quiet       only what failed",
    .run = run,
};
