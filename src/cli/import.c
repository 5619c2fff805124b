// `lectern import`: subscriptions from OPML, newsboat's urls file or a plain list. Subscribes
// without fetching, so that a thousand take a moment; the next fetch brings the essays. What is not
// taken is named, nothing is added twice.
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "commands.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "lectern/subs.h"

struct tally {
    size_t added, there, skipped;
};

static bool take_one(struct store *s, const struct sub *sub, const struct arg_list *tags,
                     struct tally *t, struct err *e)
{
    char *url = NULL;
    struct err why = ERR_INIT;
    if (!fetch_address(sub->url, &url, &why)) {
        fprintf(stderr, "lectern import: skipped %s: %s\n", sub->url, why.msg);
        t->skipped++;
        return true;
    }
    struct arg_list all = {0};
    for (const char **tag = sub->tags; *tag; tag++)
        args_push(&all, *tag);
    for (size_t i = 0; i < tags->n; i++)
        args_push(&all, tags->items[i]);
    int64_t id;
    bool existed;
    bool ok = store_feed_add(s, url, all.items, &id, &existed, e) &&
              (existed || !sub->title || store_feed_rename(s, id, sub->title, e));
    if (ok && existed)
        t->there++;
    else if (ok)
        t->added++;
    args_free(&all);
    free(url);
    return ok;
}

static bool take_all(const struct session *se, const struct subs *subs, const struct arg_list *tags,
                     struct tally *t, struct err *e)
{
    struct store *s = NULL;
    if (!store_open(se->library, STORE_WRITE, &s, e))
        return false;
    bool ok = store_begin(s, e);
    for (size_t i = 0; ok && i < subs->n; i++)
        ok = take_one(s, &subs->items[i], tags, t, e);
    if (ok)
        ok = store_commit(s, e);
    else
        store_rollback(s);
    store_close(s);
    return ok;
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
    struct buf file = {0};
    struct subs *subs = NULL;
    struct tally t = {0};
    const char *name = words.items[0];
    bool ok = buf_read_file(&file, name, 64u << 20, &e);
    if (ok && !subs_read(buf_cstr(&file), file.len, &subs, &e))
        ok = err_wrap(&e, "%s", name);
    for (size_t i = 0; ok && i < subs->nskipped; i++) {
        const struct sub_skipped *k = &subs->skipped[i];
        if (k->line)
            fprintf(stderr, "lectern import: %s:%d: skipped %s: %s\n", name, k->line, k->what,
                    k->why);
        else
            fprintf(stderr, "lectern import: %s: skipped %s: %s\n", name, k->what, k->why);
        t.skipped++;
    }
    if (ok && dry) {
        for (size_t i = 0; i < subs->n; i++)
            printf("%s%s%s\n", subs->items[i].url, subs->items[i].title ? "  " : "",
                   subs->items[i].title ? subs->items[i].title : "");
        printf("%s, %s: %zu feeds; nothing was added\n", name, subs->format, subs->n);
    } else if (ok && (ok = take_all(se, subs, &tags, &t, &e))) {
        printf("%s, %s: %zu added, %zu there already, %zu skipped\n", name, subs->format, t.added,
               t.there, t.skipped);
        if (t.added)
            puts("`lectern fetch` brings their essays; the reader does so by itself.");
    }
    int code = ok ? EXIT_DONE : args_fail(&cmd_import, &e);
    subs_free(subs);
    buf_free(&file);
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
            "  -n, --dry-run only show what would be added\n\n"
            "What cannot be taken is listed with its line; a feed that is there already gets the "
            "tags it lacks.",
    .run = run,
};
