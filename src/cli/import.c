// `lectern import`: subscriptions from OPML, newsboat's urls file or a plain list. What is done
// with them is fetch_import's; here it is told. newsboat's `config` becomes lines for Lectern's
// own.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/fetch.h"
#include "lectern/subs.h"
#include "newsboat.h"

enum { CONFIG_MAX = 1 << 20 };

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

// ---- newsboat's configuration ----

// To a new file, or standard output where none is named.
static bool put(const struct buf *b, const char *file, struct err *e)
{
    if (!file) {
        fwrite(buf_cstr(b), 1, b->len, stdout);
        return true;
    }
    if (access(file, F_OK) == 0)
        return err_set(e, ERR_OTHER, "%s is there already; name another file", file);
    return buf_write_file(file, buf_cstr(b), b->len, 0600, e);
}

static int take_config(const struct buf *b, const char *name, const char *output, const char *theme)
{
    struct newsboat n;
    struct err e = ERR_INIT;
    newsboat_read(&n, buf_cstr(b), b->len, name);
    if (n.theme.len && !theme)
        fprintf(stderr,
                "lectern import: %s: its colours make a theme: --theme FILE writes it, and `theme "
                "NAME` in the configuration uses it\n",
                name);
    for (size_t i = 0; i < n.nleft; i++)
        fprintf(stderr, "lectern import: %s:%d: left out: %s: %s\n", name, n.left[i].line,
                n.left[i].what, n.left[i].why);
    bool ok = put(&n.lines, output, &e) && (!theme || put(&n.theme, theme, &e));
    if (ok && output)
        printf("%zu lines of newsboat's configuration taken, %zu left out; `include %s` in the "
               "configuration uses them\n",
               n.taken, n.nleft, output);
    newsboat_free(&n);
    return ok ? EXIT_DONE : args_fail(&cmd_import, &e);
}

static int take_subscriptions(const struct session *se, const char *name,
                              const struct arg_list *tags, bool dry)
{
    struct err e = ERR_INIT;
    const struct import_opts o = {.tags = tags->items,
                                  .dry = dry,
                                  .found = dry ? show : NULL,
                                  .skipped = say_skipped,
                                  .ctx = (void *)name};
    struct import_result r;
    if (!fetch_import(se->library, name, &o, &r, &e))
        return args_fail(&cmd_import, &e);
    if (dry) {
        printf("%s, %s: %zu feeds; nothing was added\n", name, r.format, r.feeds);
        return EXIT_DONE;
    }
    printf("%s, %s: %zu added, %zu there already, %zu skipped\n", name, r.format, r.added, r.there,
           r.skipped);
    if (r.added)
        puts("`lectern fetch` brings their essays; the reader does so by itself.");
    return EXIT_DONE;
}

static int run(const struct session *se, int argc, char **argv)
{
    struct arg_list words = {0}, tags = {0};
    bool dry = false;
    const char *output = NULL, *theme = NULL;
    const struct arg_option options[] = {
        {.name = "tag", .letter = 't', .list = &tags},
        {.name = "dry-run", .letter = 'n', .flag = &dry},
        {.name = "output", .letter = 'o', .value = &output},
        {.name = "theme", .value = &theme},
        {.name = NULL},
    };
    if (!args_parse(&cmd_import, argc, argv, options, &words, 1, 1))
        return EXIT_USAGE;
    const char *name = words.items[0];
    struct buf b = {0};
    int code;
    // What is read from a pipe can be read once: it is a list.
    bool config = strcmp(name, "-") != 0 && buf_read_file(&b, name, CONFIG_MAX, NULL) &&
                  newsboat_is_config(buf_cstr(&b), b.len);
    if (config && (dry || tags.n))
        code = args_usage(&cmd_import,
                          "--tag and --dry-run are for subscriptions, and %s is a "
                          "configuration of newsboat",
                          name);
    else if (config)
        code = take_config(&b, name, output, theme);
    else if (output || theme)
        code = args_usage(&cmd_import, "--output and --theme are for a configuration of newsboat");
    else
        code = take_subscriptions(se, name, &tags, dry);
    buf_free(&b);
    args_free(&words);
    args_free(&tags);
    return code;
}

const struct command cmd_import = {
    .name = "import",
    .usage = "import FILE|- [--tag T]... [--dry-run] [--output FILE] [--theme FILE]",
    .summary = "subscribe to all feeds of an OPML file, newsboat's urls, or a list",
    .help =
        "  FILE          OPML 1.0 or 2.0, newsboat's `urls` file, or one address a line; - "
        "reads standard input\n"
        "  -t, --tag T   a tag for all of them; folders and categories of the file become tags "
        "as well\n"
        "  -n, --dry-run   only show what would be added\n\n"
        "What cannot be taken is listed with its line; a feed that is there already gets the "
        "tags it lacks.\n\n"
        "newsboat's `config` can be taken, too: what Lectern has a counterpart for is printed as "
        "lines of\n"
        "a configuration, the rest is listed with the reason on stderr.\n\n"
        "  -o, --output FILE  write them to a new file, to be used with `include FILE`\n"
        "      --theme FILE   write its colours as a theme",
    .run = run,
};
