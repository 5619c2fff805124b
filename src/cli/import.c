// `lectern import`: subscriptions from OPML, newsboat's urls file or a plain list. What is done
// with them is fetch_import's; here it is told.
#include <stdio.h>

#include "args.h"
#include "commands.h"
#include "lectern/fetch.h"
#include "lectern/subs.h"

static void say_skipped(void *ctx, int line, const char *what, const char *why)
{
    const char *name = ctx;
    if (line)
        fprintf(stderr, "lectern import: %s:%d: skipped %s: %s\n", name, line, what, why);
    else
        fprintf(stderr, "lectern import: %s: skipped %s: %s\n", name, what, why);
}

static void show(void *ctx, const struct sub *sub)
{
    (void)ctx;
    printf("%s%s%s\n", sub->url, sub->title ? "  " : "", sub->title ? sub->title : "");
}

static int run(const struct session *se, int argc, char **argv)
{
    struct arg_list words = {0}, tags = {0};
    bool dry = false;
    const struct arg_option options[] = {
        {.name = "tag", .letter = 't', .list = &tags},
        {.name = "dry-run", .letter = 'n', .flag = &dry},
        {.name = NULL},
    };
    if (!args_parse(&cmd_import, argc, argv, options, &words, 1, 1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    const char *name = words.items[0];
    const struct import_opts o = {.tags = tags.items,
                                  .dry = dry,
                                  .found = dry ? show : NULL,
                                  .skipped = say_skipped,
                                  .ctx = (void *)name};
    struct import_result r;
    bool ok = fetch_import(se->library, name, &o, &r, &e);
    if (ok && dry) {
        printf("%s, %s: %zu feeds; nothing was added\n", name, r.format, r.feeds);
    } else if (ok) {
        printf("%s, %s: %zu added, %zu there already, %zu skipped\n", name, r.format, r.added,
               r.there, r.skipped);
        if (r.added)
            puts("`lectern fetch` brings their essays; the reader does so by itself.");
    }
    int code = ok ? EXIT_DONE : args_fail(&cmd_import, &e);
    args_free(&words);
    args_free(&tags);
    return code;
}

const struct command cmd_import = {
    .name = "import",
    .usage = "import FILE|- [--tag T]... [--dry-run]",
    .summary = "subscribe to all feeds of an OPML file, newsboat's urls, or a list",
    .help = "  FILE          OPML 1.0 or 2.0, newsboat's `urls` file, or one address a line; - "
            "reads standard input\n"
            "  -t, --tag T   a tag for all of them; folders and categories of the file become tags "
            "as well\n"
            "  -n, --dry-run   only show what would be added\n\n"
            "What cannot be taken is listed with its line; a feed that is there already gets the "
            "tags it lacks.",
    .run = run,
};
