// `lectern feeds`: the subscriptions and how they are. `remove`, `rename`, `move`, `tag`: what a
// person does to one.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "commands.h"
#include "status.h"
#include "table.h"
#include "lectern/buf.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static void put_text(json_t *o, const char *name, const char *s)
{
    json_object_set_new(o, name, s ? json_string(s) : json_null());
}

static void put_date(json_t *o, const char *name, int64_t when)
{
    char date[32];
    date_format(when, date);
    put_text(o, name, when ? date : NULL);
}

static json_t *to_json(const struct feed_row *r)
{
    json_t *o = json_object(), *tags = json_array();
    char id[32];
    snprintf(id, sizeof id, "%lld", (long long)r->id);
    put_text(o, "id", id);
    put_text(o, "title", r->title);
    put_text(o, "url", r->url);
    put_text(o, "home", r->home);
    put_text(o, "subtitle", r->subtitle);
    put_text(o, "language", r->language);
    for (size_t i = 0; r->tags[i]; i++)
        json_array_append_new(tags, json_string(r->tags[i]));
    json_object_set_new(o, "tags", tags);
    json_object_set_new(o, "total", json_integer(r->total));
    json_object_set_new(o, "unread", json_integer(r->unread));
    put_text(o, "health", status_health(r->health));
    put_text(o, "error", r->error);
    json_object_set_new(o, "http_status",
                        r->http_status ? json_integer(r->http_status) : json_null());
    json_object_set_new(o, "bytes", json_integer(r->bytes));
    put_date(o, "last_tried", r->last_tried);
    put_date(o, "last_good", r->last_good);
    put_date(o, "next_due", r->next_due);
    return o;
}

static char *join_tags(const char *const *tags)
{
    struct buf b = {0};
    for (size_t i = 0; tags[i]; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", tags[i]);
    return buf_take(&b, NULL);
}

static void print_table(const struct feed_rows *rows)
{
    static const struct column columns[] = {
        {"id", .right = true},         {"title", .flexible = true},
        {"new", .right = true},        {"all", .right = true},
        {"tags", .flexible = true},    {"state", .flexible = true},
        {"address", .flexible = true}, {0},
    };
    struct table *t = table_new(columns);
    for (size_t i = 0; i < rows->n; i++) {
        const struct feed_row *r = &rows->items[i];
        char id[32], unread[32], total[32], *tags = join_tags(r->tags);
        snprintf(id, sizeof id, "%lld", (long long)r->id);
        snprintf(unread, sizeof unread, "%lld", (long long)r->unread);
        snprintf(total, sizeof total, "%lld", (long long)r->total);
        const char *cells[TABLE_COLUMNS] = {
            id, r->title, unread, total, tags, status_health(r->health), r->url};
        table_row(t, cells);
        free(tags);
    }
    table_end(t);
}

static int run_feeds(const struct session *session, int argc, char **argv)
{
    bool json = false, status = false;
    const char *tag = NULL;
    struct arg_list words;
    const struct arg_option options[] = {{"json", 'j', .flag = &json},
                                         {"status", 's', .flag = &status},
                                         {"tag", 't', .value = &tag},
                                         {0}};
    if (!args_parse(&cmd_feeds, argc, argv, options, &words, 0, 0))
        return EXIT_USAGE;
    args_free(&words);
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct feed_rows rows;
    bool ok = store_open(session->library, STORE_READER, &s, &e) && store_feeds(s, a, &rows, &e);
    if (ok && tag) {
        size_t kept = 0;
        for (size_t i = 0; i < rows.n; i++)
            for (size_t k = 0; rows.items[i].tags[k]; k++)
                if (strcasecmp(rows.items[i].tags[k], tag) == 0) {
                    rows.items[kept++] = rows.items[i];
                    break;
                }
        rows.n = kept;
    }
    if (ok && json) {
        putchar('[');
        for (size_t i = 0; i < rows.n; i++) {
            json_t *o = to_json(&rows.items[i]);
            if (status)
                status_json(s, &rows.items[i], o);
            fputs(i ? ",\n  " : "\n  ", stdout);
            json_dumpf(o, stdout, 0);
            json_decref(o);
        }
        fputs(rows.n ? "\n]\n" : "]\n", stdout);
    } else if (ok && status) {
        status_print(s, session->conf, &rows);
    } else if (ok) {
        print_table(&rows);
    }
    store_close(s);
    arena_free(a);
    return ok ? EXIT_DONE : args_fail(&cmd_feeds, &e);
}

// Opens the library and finds the feed that words[0] names. *s is open whenever it is not NULL.
static bool with_feed(const struct session *session, const char *name, struct store **s,
                      struct arena *a, struct feed_row *row, struct err *e)
{
    return store_open(session->library, STORE_WRITE, s, e) && store_feed_find(*s, name, a, row, e);
}

static int finish(const struct command *c, struct store *s, struct arena *a, struct arg_list *words,
                  bool ok, const struct err *e)
{
    int code = ok ? EXIT_DONE : args_fail(c, e);
    store_close(s);
    arena_free(a);
    args_free(words);
    return code;
}

static int run_remove(const struct session *session, int argc, char **argv)
{
    struct arg_list words;
    const struct arg_option options[] = {{0}};
    if (!args_parse(&cmd_remove, argc, argv, options, &words, 1, 1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct feed_row row;
    bool ok =
        with_feed(session, words.items[0], &s, a, &row, &e) && store_feed_remove(s, row.id, &e);
    if (ok)
        printf(
            "Removed %s and its %lld essays; bookmarks stay. To subscribe again: lectern add %s\n",
            row.title, (long long)row.total, row.url);
    return finish(&cmd_remove, s, a, &words, ok, &e);
}

static int run_rename(const struct session *session, int argc, char **argv)
{
    struct arg_list words;
    const struct arg_option options[] = {{0}};
    if (!args_parse(&cmd_rename, argc, argv, options, &words, 2, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct buf title = {0};
    for (size_t i = 1; i < words.n; i++) // a title of several words needs no quotes
        buf_printf(&title, "%s%s", i > 1 ? " " : "", words.items[i]);
    struct feed_row row;
    bool ok = with_feed(session, words.items[0], &s, a, &row, &e) &&
              store_feed_rename(s, row.id, buf_cstr(&title), &e) &&
              store_feed(s, row.id, a, &row, &e);
    if (ok)
        printf("It is called %s now\n", row.title);
    buf_free(&title);
    return finish(&cmd_rename, s, a, &words, ok, &e);
}

static int run_move(const struct session *session, int argc, char **argv)
{
    struct arg_list words;
    const struct arg_option options[] = {{0}};
    if (!args_parse(&cmd_move, argc, argv, options, &words, 2, 2))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct feed_row row;
    bool ok = with_feed(session, words.items[0], &s, a, &row, &e) &&
              fetch_move(s, row.id, words.items[1], &e) && store_feed(s, row.id, a, &row, &e);
    if (ok)
        printf("%s is fetched from %s now; its %lld essays stay\n", row.title, row.url,
               (long long)row.total);
    return finish(&cmd_move, s, a, &words, ok, &e);
}

static int run_tag(const struct session *session, int argc, char **argv)
{
    bool off = false;
    struct arg_list words;
    const struct arg_option options[] = {{"remove", 'd', .flag = &off}, {0}};
    if (!args_parse(&cmd_tag, argc, argv, options, &words, 2, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct feed_row row;
    bool ok = with_feed(session, words.items[0], &s, a, &row, &e);
    for (size_t i = 1; ok && i < words.n; i++)
        ok = store_feed_tag(s, row.id, words.items[i], !off, &e);
    if (ok && (ok = store_feed(s, row.id, a, &row, &e))) {
        char *tags = join_tags(row.tags);
        printf("%s: %s\n", row.title, *tags ? tags : "no tags");
        free(tags);
    }
    return finish(&cmd_tag, s, a, &words, ok, &e);
}

const struct command cmd_feeds = {
    "feeds",
    "feeds [--tag TAG] [--status] [--json]",
    "list the subscriptions",
    "  -t, --tag TAG     only with this tag\n"
    "  -s, --status      last tried, last good, next due, what is wrong and what to do about it\n"
    "  -j, --json        an array of objects: id, title, url, home, tags, total, unread, health, "
    "error, http_status ...\n"
    "                    and with --status: advice, moved_to, moved_from, moved, move_refused\n\n"
    "On a terminal the columns fit it. Elsewhere each line is seven fields parted by tabs, whole: "
    "number, title, unread,\n"
    "all, tags, state (new, ok, failing, parked, cut short), address.",
    run_feeds,
};
const struct command cmd_remove = {
    "remove",
    "remove FEED",
    "unsubscribe; bookmarks stay",
    "FEED is a number of `lectern feeds`, an address, or a title or a part of it that only one "
    "has.",
    run_remove,
};
const struct command cmd_rename = {
    "rename",
    "rename FEED TITLE",
    "give a feed a name of your own",
    "An empty TITLE ('') brings back the feed's own.",
    run_rename,
};
const struct command cmd_move = {
    "move",
    "move FEED ADDRESS",
    "fetch a feed from another address; its essays stay",
    "ADDRESS is what is fetched from now on: a feed's own address, or a file. Where a redirect "
    "for\n"
    "good has moved a feed, moving it back also refuses that redirect from then on.",
    run_move,
};
const struct command cmd_tag = {
    "tag",
    "tag FEED TAG... [--remove]",
    "add tags to a feed, or take them away",
    "  -d, --remove      take them away",
    run_tag,
};
