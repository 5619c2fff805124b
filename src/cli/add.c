// `lectern add`: subscribes, and says to what.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
                } else {
                    if (words.n > 1)
                        err_wrap(&e, "%s", words.items[i]);
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
