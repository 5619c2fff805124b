// `lectern import`: subscriptions from OPML, newsboat's urls file or a plain list, and all that
// another reader keeps. What is done with them is fetch_import's; here it is told. newsboat's
// `config` becomes lines for Lectern's own.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "bookmark_files.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/fetch.h"
#include "lectern/foreign.h"
#include "lectern/path.h"
#include "lectern/subs.h"
#include "newsboat.h"

enum { CONFIG_MAX = 1 << 20 };

static void say_skipped(void *ctx, const char *name, int line, const char *what, const char *why)
{
    (void)ctx;
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

// ---- subscriptions, and other readers ----

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    fprintf(stderr, "lectern import: %s\n", sentence);
}

static const char *s_of(int64_t n)
{
    return n == 1 ? "" : "s";
}

// What came of another reader's essays, a line each.
static void tell_essays(const struct import_result *r, bool dry)
{
    const struct take_counts *c = &r->essays;
    if (c->added || c->there)
        printf("  %lld essay%s %s (%lld of them unread), %lld there already\n", (long long)c->added,
               s_of(c->added), dry ? "to take" : "taken", (long long)c->unread,
               (long long)c->there);
    if (c->read)
        printf("  %lld that %s unread here %s read, as there\n", (long long)c->read,
               c->read == 1 ? "was" : "were",
               dry            ? "would be"
               : c->read == 1 ? "is"
                              : "are");
    if (c->bookmarks)
        printf("  %lld flagged essay%s bookmarked, with the flags as tags\n",
               (long long)c->bookmarks, s_of(c->bookmarks));
    if (c->deleted)
        printf("  %lld deleted essay%s will not come back\n", (long long)c->deleted,
               s_of(c->deleted));
    if (r->validators)
        printf("  %zu feed%s will only be asked for what is new\n", r->validators,
               s_of((int64_t)r->validators));
    if (r->searches)
        printf("  %zu query feed%s %s saved searches\n", r->searches, s_of((int64_t)r->searches),
               r->searches == 1 ? "is now among the" : "are now");
    if (r->hidden)
        printf("  %zu feed%s hidden there, and on the shelf here\n", r->hidden,
               r->hidden == 1 ? " is" : "s are");
    if (r->left_essays)
        printf("  left: %zu essay%s of %zu feed%s that it no longer lists (its database named "
               "instead of the folder brings them, too)\n",
               r->left_essays, s_of((int64_t)r->left_essays), r->left_feeds,
               s_of((int64_t)r->left_feeds));
    if (r->lost)
        printf("  left: %zu item%s that cannot be read\n", r->lost, s_of((int64_t)r->lost));
}

static void tell_read(const struct import_result *r, const char *list, bool dry)
{
    if (list)
        printf("  %s: %zu line%s; %lld essay%s here %s now read, what comes later %s read\n", list,
               r->names, s_of((int64_t)r->names), (long long)r->marked, s_of(r->marked),
               dry              ? "would be"
               : r->marked == 1 ? "is"
                                : "are",
               dry ? "would be" : "is");
}

// newsboat's colours as a theme of its name, where there is none.
static bool put_theme(struct newsboat *n, struct err *e)
{
    char *dir = path_config_dir(), *themes = path_join(dir, "themes"),
         *file = path_join(themes, "newsboat");
    bool ok = true;
    if (n->theme.len && access(file, F_OK) != 0) {
        ok = path_make_dir(themes, e) &&
             buf_write_file(file, buf_cstr(&n->theme), n->theme.len, 0600, e);
        if (ok)
            buf_str(&n->lines, "theme newsboat\n");
    }
    free(file);
    free(themes);
    free(dir);
    return ok;
}

// The other reader's configuration: becomes Lectern's where it has none.
static bool tell_config(const char *file, bool dry, struct err *e)
{
    struct buf b = {0};
    struct newsboat n;
    char *own = path_config();
    bool ok = true;
    if (*file && buf_read_file(&b, file, CONFIG_MAX, NULL)) {
        newsboat_read(&n, buf_cstr(&b), b.len, file);
        if (n.taken && (dry || access(own, F_OK) == 0)) {
            printf("  its configuration: %zu line%s can be used, %zu not; `lectern import %s` "
                   "prints them\n",
                   n.taken, s_of((int64_t)n.taken), n.nleft, file);
        } else if (n.taken) {
            char *dir = path_config_dir();
            ok = path_make_dir(dir, e) && put_theme(&n, e) &&
                 buf_write_file(own, buf_cstr(&n.lines), n.lines.len, 0600, e);
            if (ok)
                printf("  its configuration: %zu line%s taken, in %s; %zu left out (`lectern "
                       "import %s` says why)\n",
                       n.taken, s_of((int64_t)n.taken), own, n.nleft, file);
            free(dir);
        }
        newsboat_free(&n);
    }
    buf_free(&b);
    free(own);
    return ok;
}

struct import_words { // what was asked for
    const char *file; // NULL: where the reader keeps its things
    struct import_opts opts;
};

static int take_subscriptions(const struct session *se, struct import_words *w)
{
    struct err e = ERR_INIT;
    bool dry = w->opts.dry;
    const char *name = w->file ? w->file : w->opts.reader;
    struct import_result r;
    w->opts.skipped = say_skipped;
    w->opts.told = say;
    w->opts.found = dry ? show : NULL;
    if (!fetch_import(se->library, w->file, &w->opts, &r, &e))
        return args_fail(&cmd_import, &e);
    if (dry)
        printf("%s, %s: %zu feeds; nothing was added\n", name, r.format, r.feeds);
    else
        printf("%s, %s: %zu added, %zu there already, %zu skipped\n", name, r.format, r.added,
               r.there, r.skipped);
    tell_essays(&r, dry);
    tell_read(&r, w->opts.read, dry);
    if (!tell_config(r.config, dry, &e))
        return args_fail(&cmd_import, &e);
    if (r.added && !dry)
        printf("`lectern fetch` brings %s; the reader does so by itself.\n",
               r.essays.added ? "what is new" : "their essays");
    return EXIT_DONE;
}

static int run(const struct session *se, int argc, char **argv)
{
    struct arg_list words = {0}, tags = {0};
    bool dry = false;
    const char *output = NULL, *theme = NULL, *read = NULL;
    const struct arg_option options[] = {
        {.name = "tag", .letter = 't', .list = &tags},
        {.name = "read", .letter = 'r', .value = &read},
        {.name = "dry-run", .letter = 'n', .flag = &dry},
        {.name = "output", .letter = 'o', .value = &output},
        {.name = "theme", .value = &theme},
        {.name = NULL},
    };
    if (!args_parse(&cmd_import, argc, argv, options, &words, 1, 2))
        return EXIT_USAGE;
    const char *name = words.items[0];
    bool reader = foreign_is_name(name);
    struct import_words w = {
        .file = reader ? words.items[1] : name,
        .opts = {.tags = tags.items, .dry = dry, .read = read, .reader = reader ? name : NULL}};
    struct buf b = {0};
    int code;
    if (!output && !theme && !read && !reader && words.n == 1 &&
        import_bookmarks(se, name, &tags, dry, &code)) {
        args_free(&words);
        args_free(&tags);
        return code;
    }
    // What is read from a pipe can be read once: it is a list.
    bool config = !reader && strcmp(name, "-") != 0 && buf_read_file(&b, name, CONFIG_MAX, NULL) &&
                  newsboat_is_config(buf_cstr(&b), b.len);
    if (!reader && words.n > 1)
        code = args_usage(&cmd_import, "one file at a time");
    else if (config && (dry || tags.n || read))
        code = args_usage(&cmd_import,
                          "--tag, --read and --dry-run are for subscriptions, and %s is a "
                          "configuration of newsboat",
                          name);
    else if (config)
        code = take_config(&b, name, output, theme);
    else if (output || theme)
        code = args_usage(&cmd_import, "--output and --theme are for a configuration of newsboat");
    else
        code = take_subscriptions(se, &w);
    buf_free(&b);
    args_free(&words);
    args_free(&tags);
    return code;
}

const struct command cmd_import = {
    .name = "import",
    .usage = "import FILE|DIRECTORY|- [--tag T]... [--read FILE] [--dry-run] [--output FILE] "
             "[--theme FILE] "
             "| import newsboat|newsraft|sfeed [DIRECTORY]",
    .summary = "bring subscriptions, bookmarks, or all that another reader has",
    .help =
        "  FILE          OPML 1.0 or 2.0, newsboat's `urls`, newsraft's `feeds`, sfeedrc, or one "
        "address a\n"
        "                line; - reads standard input. A folder or database of one of these "
        "readers\n"
        "                brings its essays, too\n"
        "  newsboat      (or newsbeuter, newsraft, sfeed) what that reader keeps, from where it "
        "keeps it or\n"
        "                from DIRECTORY: feeds, essays with what is read, flagged and deleted, "
        "searches,\n"
        "                and its configuration where Lectern has none. It is only read, and may "
        "run meanwhile\n"
        "  -t, --tag T   a tag for all of them; folders and categories of the file become tags "
        "as well\n"
        "  -r, --read FILE  addresses or guids of essays that have been read, one a line: here "
        "and when they come\n"
        "  -n, --dry-run   only show what would be added\n\n"
        "What cannot be taken is listed with its line; a feed that is there already gets the "
        "tags it lacks, and\n"
        "an essay that is there already stays as it is, but is read when it is read there.\n\n"
        "Bookmarks: Lectern's JSON, those of browsers and Pinboard (HTML), what Pocket, Instapaper "
        "and Wallabag\n"
        "export; a folder of Markdown as `lectern export` writes it, with what was changed there "
        "by "
        "hand.\n"
        "Nothing comes twice; man lectern-export tells more.\n\n"
        "newsboat's `config` can be taken, too: what Lectern has a counterpart for is printed as "
        "lines of\n"
        "a configuration, the rest is listed with the reason on stderr.\n\n"
        "  -o, --output FILE  write them to a new file, to be used with `include FILE`\n"
        "      --theme FILE   write its colours as a theme",
    .run = run,
};
