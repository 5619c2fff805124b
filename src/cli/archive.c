// `lectern archive`: what feeds do not list any more, brought in politely: one question after the
// other, from where the last such walk stopped.
#include "archive.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/sieve.h"
#include "lectern/when.h"
#include "ticker.h"

static const struct when here = {INT32_MAX};

bool feeds_named(const struct session *s, const struct arg_list *words, int64_t **ids, size_t *n,
                 struct err *e)
{
    struct store *store;
    if (!store_open(s->library, STORE_READER, &store, e))
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

// "[########------------]" of so much; nothing where there is no room.
static void bar(struct buf *b, double done, int cols)
{
    enum { WIDTH = 20, LEAST = 60 };
    if (done < 0 || cols < LEAST)
        return;
    bool lines = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    int full = (int)(done * WIDTH);
    buf_char(b, '[');
    for (int i = 0; i < WIDTH; i++)
        buf_str(b, i < full ? (lines ? "\u2501" : "#") : (lines ? "\u2500" : "-"));
    buf_printf(b, "] %3d%%  ", (int)(done * 100));
}

static void month(struct buf *b, int64_t t)
{
    struct tm tm;
    char text[64];
    when_local(here, t, &tm);
    strftime(text, sizeof text, "%B %Y", &tm);
    buf_str(b, text);
}

static void on_news(void *ctx, const struct older_news *n)
{
    const char *title = ctx;
    struct buf b = {0};
    bar(&b, n->done, ticker_cols());
    buf_printf(&b, "%" PRId64 " older essay%s", n->added, n->added == 1 ? "" : "s");
    if (n->waits) {
        buf_str(&b, "; the server asks for peace until ");
        when_clock(here, n->waits, (int64_t)time(NULL), &b);
    } else if (n->reached) {
        buf_str(&b, ", back to ");
        month(&b, n->reached);
    }
    buf_printf(&b, "  %s", title);
    ticker_show(buf_cstr(&b));
    buf_free(&b);
}

static void say(const struct older_result *r, bool ok)
{
    struct buf b = {0};
    if (ok || r->added)
        older_words(r, &b);
    if (b.len && r->more)
        buf_str(&b, "; there is more: the same again goes on");
    if (b.len)
        puts(b.data);
    buf_free(&b);
}

static void say_json(int64_t feed, const struct older_result *r)
{
    char oldest[32] = "";
    if (r->reached)
        date_format(r->reached, oldest);
    printf("{\"feed\": %" PRId64 ", \"pages\": %d, \"added\": %" PRId64 ", \"previews\": %" PRId64
           ", \"missed\": %" PRId64 ", \"oldest\": %s%s%s, \"more\": %s}\n",
           feed, r->pages, r->added, r->previews, r->missed, *oldest ? "\"" : "",
           *oldest ? oldest : "null", *oldest ? "\"" : "", r->more ? "true" : "false");
}

static const char *title_of(const struct session *s, int64_t id, struct arena *a)
{
    struct store *store;
    struct feed_row row = {.title = ""};
    if (store_open(s->library, STORE_READ, &store, NULL)) {
        if (!store_feed(store, id, a, &row, NULL))
            row.title = "";
        store_close(store);
    }
    return row.title;
}

bool archive_run(const struct session *s, const int64_t *ids, size_t n,
                 const struct archive_wish *wish, struct err *e)
{
    const volatile int *stopped = ticker_stopped();
    bool line = isatty(2) && !wish->quiet && !wish->json, ok = true;
    struct arena *a = arena_new();
    for (size_t i = 0; ok && i < n && !*stopped; i++) {
        struct older_opts o = {.pages = wish->pages,
                               .since = wish->since,
                               .limit = wish->limit,
                               .stop = stopped,
                               .news = line ? on_news : NULL,
                               .ctx = (void *)(uintptr_t)title_of(s, ids[i], a)};
        struct older_result r = {0};
        ok = fetch_older(s->library, s->conf, ids[i], &o, &r, e);
        if (line)
            ticker_wipe();
        if (wish->json)
            say_json(ids[i], &r);
        else if (!wish->quiet)
            say(&r, ok);
    }
    ok = ok || *stopped; // what is stopped fails
    arena_free(a);
    if (*stopped && !wish->quiet && !wish->json)
        puts("stopped early; what had arrived is kept, and the same again goes on");
    return ok;
}

static int run(const struct session *s, int argc, char **argv)
{
    struct archive_wish wish = {0};
    const char *since = NULL;
    struct arg_list words = {0};
    const struct arg_option options[] = {
        {.name = "since", .letter = 's', .value = &since},
        {.name = "limit", .letter = 'n', .number = &wish.limit, .min = 1, .max = 1000000},
        {.name = "json", .flag = &wish.json},
        {.name = "quiet", .letter = 'q', .flag = &wish.quiet},
        {0}};
    if (!args_parse(&cmd_archive, argc, argv, options, &words, 1, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    int64_t *ids = NULL;
    size_t n = 0;
    int code;
    if (since && !sieve_date(since, here, (int64_t)time(NULL), &wish.since))
        code = args_usage(&cmd_archive, "'%s' is no date; 2019, 2019-03, 2019-03-31 or 90d are",
                          since);
    else if (!feeds_named(s, &words, &ids, &n, &e) || !archive_run(s, ids, n, &wish, &e))
        code = args_fail(&cmd_archive, &e);
    else
        code = *ticker_stopped() ? EXIT_FAILED : EXIT_DONE;
    free(ids);
    args_free(&words);
    return code;
}

const struct command cmd_archive = {
    .name = "archive",
    .usage = "archive FEED... [--since DATE] [--limit N] [--json] [--quiet]",
    .summary = "bring in older essays that a feed does not list any more",
    .help =
        "They come from the archives and pages the feed names, from Substack's archive, from\n"
        "WordPress or from the site's map, one question after the other; the same again goes on\n"
        "where the last time stopped, however it ended. They count as read (archive-unread).\n\n"
        "  -s, --since DATE  none from before: 2019, 2019-03, 2019-03-31, or 90d for days ago\n"
        "  -n, --limit N     at most so many essays\n"
        "      --json        what came of each feed as one JSON object a line\n"
        "  -q, --quiet       only what failed",
    .run = run,
};
