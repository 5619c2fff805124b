// `lectern export`: what one has, for other programs. What the files say is export.h's; here it is
// said which, and told.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/export.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "lectern/subs.h"

static void say(void *ctx, const char *file, const char *why)
{
    fprintf(stderr, "lectern export: %s/%s %s\n", (const char *)ctx, file, why);
}

static bool export_bookmarks(struct store *s, const char *dir, const struct folder_opts *o,
                             struct err *e)
{
    struct folder_opts how = *o;
    struct folder_result r;
    how.told = say;
    how.ctx = (void *)dir;
    how.now = (int64_t)time(NULL);
    if (!export_folder(s, dir, &how, &r, e))
        return false;
    printf("%zu bookmarks in %s, %zu of them written\n", r.total, dir, r.written);
    if (r.edited)
        printf("%zu changed by hand: `lectern import %s` takes that over, --force writes over it\n",
               r.edited, dir);
    if (r.removed)
        printf("%zu files of bookmarks that are gone were removed\n", r.removed);
    if (r.gone)
        printf("%zu files are of bookmarks that are gone%s\n", r.gone,
               o->prune ? ", and were changed by hand: they stay" : "; --prune removes them");
    return true;
}

static bool export_opml(struct store *s, const char *file, struct err *e)
{
    struct arena *a = arena_new();
    struct feed_rows rows;
    bool ok = store_feeds(s, a, &rows, e);
    if (ok) {
        struct sub *subs = arena_alloc(a, rows.n * sizeof *subs);
        size_t n = 0;
        for (size_t i = 0; i < rows.n; i++)
            if (strncmp(rows.items[i].url, "lectern:", 8) != 0) // has no address for others
                subs[n++] = (struct sub){.url = rows.items[i].url,
                                         .title = rows.items[i].title,
                                         .tags = rows.items[i].tags};
        struct buf out = {0};
        subs_write_opml(&out, subs, n, (long long)time(NULL));
        if (file && strcmp(file, "-") != 0)
            ok = buf_write_file(file, out.data, out.len, 0644, e);
        else
            fwrite(out.data, 1, out.len, stdout);
        buf_free(&out);
    }
    arena_free(a);
    return ok;
}

// ---- files and books ----

// As they were written or kept: new ones come last.
static void oldest_first(int64_t *ids, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        int64_t id = ids[i];
        ids[i] = ids[n - 1 - i];
        ids[n - 1 - i] = id;
    }
}

static bool put_file(const char *file, const struct buf *b, struct err *e)
{
    if (file && strcmp(file, "-") != 0)
        return buf_write_file(file, buf_cstr(b), b->len, 0644, e);
    if (fwrite(buf_cstr(b), 1, b->len, stdout) == b->len && fflush(stdout) == 0)
        return true;
    return err_set(e, ERR_OTHER, "cannot write to standard output: %s", strerror(errno));
}

static bool export_book(struct store *s, const struct export_what *what, const char *file,
                        struct err *e)
{
    struct buf out = {0};
    bool ok = export_epub(s, what, &out, e) && put_file(file, &out, e);
    if (ok && strcmp(file, "-") != 0)
        printf("%s: a book of %zu %s\n", file, what->n, what->n == 1 ? "essay" : "essays");
    buf_free(&out);
    return ok;
}

static bool book_of_bookmarks(struct store *s, const char *tag, const char *file, struct err *e)
{
    struct shelf sh = {.kind = SHELF_BOOKMARKS, .tag = tag};
    struct export_what what = {.title = tag ? tag : "Bookmarks"};
    int64_t *ids;
    if (!store_ids(s, &sh, false, 0, 0, &ids, &what.n, e))
        return false;
    oldest_first(ids, what.n);
    what.ids = ids;
    char *name = mem_printf("bookmarks %s", tag ? tag : "");
    what.name = name;
    bool ok = export_book(s, &what, file, e);
    free(name);
    free(ids);
    return ok;
}

static bool bookmarks_file(struct store *s, enum export_form form, const char *tag,
                           const char *file, struct err *e)
{
    struct shelf sh = {.kind = SHELF_BOOKMARKS, .tag = tag};
    struct export_what what = {0};
    int64_t *ids;
    size_t n = 0;
    if (!store_ids(s, &sh, false, 0, 0, &ids, &what.n, e))
        return false;
    oldest_first(ids, what.n);
    what.ids = ids;
    bool ok = export_file(s, form, &what, file, &n, e);
    if (ok && strcmp(file, "-") != 0)
        printf("%s: %zu %s\n", file, n, n == 1 ? "bookmark" : "bookmarks");
    free(ids);
    return ok;
}

static bool book_of_feed(struct store *s, const char *feed, const char *file, struct err *e)
{
    struct arena *a = arena_new();
    struct feed_row row;
    int64_t *ids = NULL;
    size_t n = 0;
    bool ok = store_feed_find(s, feed, a, &row, e);
    if (ok)
        ok = store_ids(s, &(struct shelf){.kind = SHELF_FEED, .feed = row.id}, false,
                       (int64_t)time(NULL), 0, &ids, &n, e);
    if (ok) {
        oldest_first(ids, n);
        ok = export_book(
            s, &(struct export_what){.ids = ids, .n = n, .title = row.title, .name = row.url}, file,
            e);
    }
    free(ids);
    arena_free(a);
    return ok;
}

static bool book_of_items(struct store *s, const struct arg_list *words, struct err *e)
{
    int64_t *ids = mem_array(words->n, sizeof *ids);
    size_t n = 0;
    struct buf name = {0};
    struct arena *a = arena_new();
    bool ok = true;
    for (; ok && n + 1 < words->n; n++) {
        struct item_body item;
        ok = store_parse_id(words->items[n], &ids[n]) ||
             err_set(e, ERR_USAGE, "'%s' is no id; `lectern list` shows them", words->items[n]);
        ok = ok && store_item(s, ids[n], a, &item, e);
        if (ok)
            buf_printf(&name, "%s %s\n", item.row.url ? item.row.url : "", item.row.title);
    }
    struct export_what what = {.ids = ids, .n = n, .title = "Essays", .name = buf_cstr(&name)};
    ok = ok && export_book(s, &what, words->items[n], e);
    arena_free(a);
    buf_free(&name);
    free(ids);
    return ok;
}

// ---- the command ----

static bool ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static int run(const struct session *session, int argc, char **argv)
{
    const char *format = NULL;
    struct folder_opts folder = {0};
    struct arg_list words;
    const struct arg_option options[] = {{"tag", 't', .value = &folder.tag},
                                         {"format", 'f', .value = &format},
                                         {"force", 0, .flag = &folder.force},
                                         {"prune", 0, .flag = &folder.prune},
                                         {0}};
    if (!args_parse(&cmd_export, argc, argv, options, &words, 1, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    int64_t id;
    const char *what = words.items[0], *place = words.n > 1 ? words.items[words.n - 1] : NULL;
    bool bookmarks = strcmp(what, "bookmarks") == 0, opml = strcmp(what, "opml") == 0,
         feed = strcmp(what, "feed") == 0, items = store_parse_id(what, &id);
    if (!format)
        format = feed || items || (place && ends(place, ".epub")) ? "epub"
                 : place && ends(place, ".json")                  ? "json"
                 : place && ends(place, ".html")                  ? "html"
                                                                  : "markdown";
    bool book = strcmp(format, "epub") == 0, json = strcmp(format, "json") == 0,
         html = strcmp(format, "html") == 0;
    int code = EXIT_DONE;
    if (!bookmarks && !opml && !feed && !items)
        code = args_usage(&cmd_export,
                          "'%s' cannot be exported; bookmarks, opml, feed NAME and essays by "
                          "their ids can",
                          what);
    else if (!book && !json && !html && strcmp(format, "markdown") != 0)
        code =
            args_usage(&cmd_export,
                       "there is no format '%s'; markdown, json, html and epub are there", format);
    else if ((feed || items) && !book)
        code = args_usage(&cmd_export, "feeds and essays become books: --format epub");
    else if (words.n > (feed ? 3 : items ? words.n : 2))
        code = args_usage(&cmd_export, "'%s' is one word too many", words.items[words.n - 1]);
    else if (!opml && words.n < (feed ? 3 : 2))
        code =
            args_usage(&cmd_export, book           ? "which file shall the book be?"
                                    : json || html ? "which file shall the bookmarks go to?"
                                                   : "which directory shall the bookmarks go to?");
    else if (!store_open(session->library, STORE_READER, &s, &e) ||
             !(opml    ? export_opml(s, place, &e)
               : items ? book_of_items(s, &words, &e)
               : feed  ? book_of_feed(s, words.items[1], place, &e)
               : book  ? book_of_bookmarks(s, folder.tag, place, &e)
               : json  ? bookmarks_file(s, EXPORT_JSON, folder.tag, place, &e)
               : html  ? bookmarks_file(s, EXPORT_NETSCAPE, folder.tag, place, &e)
                       : export_bookmarks(s, place, &folder, &e)))
        code = args_fail(&cmd_export, &e);
    store_close(s);
    args_free(&words);
    return code;
}

const struct command cmd_export = {
    "export",
    "export bookmarks DIRECTORY|FILE [--tag TAG] [--format markdown|json|html|epub] [--prune] "
    "[--force] | export feed FEED FILE | export ID... FILE | export opml [FILE]",
    "write bookmarks as Markdown, JSON, a browser's bookmarks, books; subscriptions as OPML",
    "bookmarks: a Markdown file for each, named after date and title, with all about it in front "
    "and its highlights\n"
    "below. Names stay. Only files that would say something else are written, and none that was "
    "changed by hand;\n"
    "`lectern import DIRECTORY` takes over what was changed.\n"
    "A FILE that ends in .json is all there is about them, and `lectern import` reads it back; one "
    "in .html\n"
    "is what browsers take; one in .epub is a book, and so are a feed, and essays by their ids.\n\n"
    "  -t, --tag TAG     only bookmarks with this tag\n"
    "  -f, --format FORMAT  markdown, json, html or epub, whatever the file is called (- is "
    "standard output)\n"
    "      --prune       remove files of bookmarks that are gone, unless they were changed by "
    "hand\n"
    "      --force       write over files that were changed by hand, too",
    run,
};
