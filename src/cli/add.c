// `lectern add`: subscribes, and says to what.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lectern/fetch.h"
#include "args.h"
#include "commands.h"

static size_t ask(void *ctx, const struct feed_candidate *offered, size_t n)
{
    (void)ctx;
    size_t shown = n < 20 ? n : 20;
    fprintf(stderr, "This page offers %zu feeds:\n", n);
    for (size_t i = 0; i < shown; i++)
        fprintf(stderr, "  %zu  %s%s%s\n", i + 1,
                offered[i].title && *offered[i].title ? offered[i].title : "",
                offered[i].title && *offered[i].title ? "  " : "", offered[i].url);
    fprintf(stderr, "Which one? [1] ");
    char line[64];
    if (!fgets(line, sizeof line, stdin)) {
        fputc('\n', stderr);
        return n;
    }
    char *end;
    unsigned long k = strtoul(line, &end, 10);
    if (end == line)
        return *line == '\n' ? 0 : n;
    return k >= 1 && k <= shown ? k - 1 : n;
}

static void say(const struct add_result *r)
{
    if (r->offered > 1)
        fprintf(stderr, "lectern add: the page offers %zu feeds; took %s\n", r->offered, r->url);
    if (r->existed)
        printf("%s is there already: %lld %s\n", r->title, (long long)r->entries,
               r->entries == 1 ? "essay" : "essays");
    else
        printf("%s: %lld %s\n", r->title, (long long)r->entries,
               r->entries == 1 ? "essay" : "essays");
}

// A feed that breaks off is read as far as it goes, but not without a word.
static void say_cut(struct store *s, const struct add_result *r)
{
    struct arena *a = arena_new();
    struct feed_row row;
    if (store_feed(s, r->feed_id, a, &row, NULL) && row.health == HEALTH_CUT_SHORT)
        fprintf(stderr,
                "lectern add: %s breaks off in the middle; the essays before that are here\n",
                row.title);
    arena_free(a);
}

// Says of what was typed which it was, and that a name like "letters.xml" is no file here either.
static void explain(const char *typed, bool several, struct err *e)
{
    static const char *const endings[] = {".xml",  ".rss", ".atom", ".json",
                                          ".html", ".md",  ".opml"};
    const char *dot = strrchr(typed, '.');
    bool file = false;
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        file |= strcasecmp(dot, endings[i]) == 0;
    if (file && e->kind == ERR_NETWORK && !strstr(typed, "://") && access(typed, F_OK) != 0)
        err_set(e, ERR_MISSING, "there is no file %s, and no site of that name answers", typed);
    else if ((several || e->kind == ERR_FORMAT) && !strstr(e->msg, typed))
        err_wrap(e, "%s", typed);
}

static int run(const struct session *s, int argc, char **argv)
{
    struct arg_list words = {0}, tags = {0};
    const struct arg_option options[] = {{.name = "tag", .letter = 't', .list = &tags}, {0}};
    int code = EXIT_USAGE;
    if (args_parse(&cmd_add, argc, argv, options, &words, 1, -1)) {
        struct err e = ERR_INIT;
        struct store *store;
        code = EXIT_DONE;
        if (!store_open(s->library, STORE_WRITE, &store, &e)) {
            code = args_fail(&cmd_add, &e);
        } else {
            bool person = isatty(0) && isatty(2);
            struct add_chooser chooser = {.choose = ask};
            for (size_t i = 0; i < words.n; i++) {
                struct add_result r = {0};
                if (fetch_add_choose(store, s->conf, words.items[i], tags.items,
                                     person ? &chooser : NULL, &r, &e)) {
                    say(&r);
                    fflush(stdout);
                    say_cut(store, &r);
                } else {
                    explain(words.items[i], words.n > 1, &e);
                    int now = args_fail(&cmd_add, &e);
                    code = code == EXIT_DONE || now == code ? now : EXIT_FAILED;
                }
                add_result_free(&r);
            }
            store_close(store);
        }
    }
    args_free(&words);
    args_free(&tags);
    return code;
}

const struct command cmd_add = {
    .name = "add",
    .usage = "add ADDRESS|FILE... [--tag TAG]...",
    .summary = "subscribe to a newsletter, a file or a folder of essays",
    .help =
        "The address may be of a feed, or of any page of a site that offers one; a file is a feed "
        "on\n"
        "this machine; a folder of Markdown essays is a feed too; lectern:sample is the sample.\n"
        "Of several feeds that a page offers you are asked for one; where nobody can be asked, "
        "the\n"
        "best is taken.\n\n"
        "  -t, --tag TAG     give it a tag (may be used several times)",
    .run = run,
};
