// `lectern list` and `lectern bookmarks`: essays as lines for people, tab-separated fields for
// pipes, or one JSON array. Rows are read a screenful at a time, so a list of a million costs the
// memory of one.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "commands.h"
#include "list.h"
#include "table.h"
#include "lectern/doc.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/sieve.h"
#include "lectern/store.h"

enum { CHUNK = 256 };

void list_id(int64_t id, char out[32])
{
    snprintf(out, 32, id < 0 ? "b%lld" : "%lld", (long long)(id < 0 ? -id : id));
}

static json_t *text_or_null(const char *s)
{
    return s ? json_string(s) : json_null();
}

// All audio addresses; the row knows the first and how many there are.
static bool audio_list(struct store *s, const struct item_row *r, struct arena *a, json_t **out,
                       struct err *e)
{
    json_t *list = json_array();
    if (r->naudio == 1)
        json_array_append_new(list, json_string(r->audio));
    if (r->naudio > 1) {
        struct item_body b;
        if (!store_item(s, r->id, a, &b, e)) {
            json_decref(list);
            return false;
        }
        for (size_t i = 0; i < b.nenclosures; i++)
            if (b.enclosures[i].kind == ENCLOSURE_AUDIO)
                json_array_append_new(list, json_string(b.enclosures[i].url));
    }
    *out = list;
    return true;
}

static void put_date(json_t *o, const char *name, int64_t when)
{
    char date[32];
    date_format(when, date);
    json_object_set_new(o, name, when ? json_string(date) : json_null());
}

bool list_json(struct store *s, const struct item_row *r, struct arena *a, json_t **out,
               struct err *e)
{
    char id[32];
    json_t *audio;
    if (!audio_list(s, r, a, &audio, e))
        return false;
    json_t *o = json_object();
    list_id(r->id, id);
    json_object_set_new(o, "id", json_string(id));
    json_object_set_new(o, "feed", text_or_null(r->feed_title));
    json_object_set_new(o, "title", json_string(r->title));
    if (r->subtitle)
        json_object_set_new(o, "subtitle", json_string(r->subtitle));
    json_object_set_new(o, "author", text_or_null(r->author));
    json_object_set_new(o, "url", text_or_null(r->url));
    put_date(o, "date_published", r->published);
    json_object_set_new(o, "minutes", json_integer(doc_minutes(r->words)));
    json_object_set_new(o, "unread", json_boolean(r->flags & ITEM_UNREAD));
    json_object_set_new(o, "place", json_real(r->progress));
    json_object_set_new(o, "bookmark", json_boolean(r->bookmark != 0));
    json_object_set_new(o, "audio", audio);
    if (r->bookmark) {
        list_id(r->bookmark, id);
        json_object_set_new(o, "bookmark_id", json_string(id));
    }
    if (r->flags & ITEM_REVISED)
        json_object_set_new(o, "revised", json_true());
    if (r->flags & ITEM_PREVIEW)
        json_object_set_new(o, "preview", json_true());
    if (r->id < 0) {
        put_date(o, "date_kept", r->kept);
        json_t *tags = json_array();
        for (size_t i = 0; r->tags[i]; i++)
            json_array_append_new(tags, json_string(r->tags[i]));
        json_object_set_new(o, "tags", tags);
        const char *note = NULL;
        if (!store_note(s, r->id, a, &note, e)) {
            json_decref(o);
            return false;
        }
        json_object_set_new(o, "note", text_or_null(note));
    }
    *out = o;
    return true;
}

// Commas stand between, so an array is whole however many objects it has.
void list_print_json(json_t *o, bool first)
{
    fputs(first ? "\n  " : ",\n  ", stdout);
    json_dumpf(o, stdout, JSON_REAL_PRECISION(4));
    json_decref(o);
}

const char *list_state(const struct item_row *r)
{
    return r->flags & ITEM_STARTED    ? "started"
           : r->flags & ITEM_UNREAD   ? "unread"
           : r->flags & ITEM_FINISHED ? "finished"
                                      : "read";
}

static void print_row(struct table *t, const struct item_row *r, int64_t now)
{
    char id[32], date[32], minutes[32], marks[48] = "";
    bool people = table_for_people(t), glyphs = table_glyphs(t);
    list_id(r->id, id);
    table_date(t, r->id < 0 && people ? r->kept : r->published, now, date);
    snprintf(minutes, sizeof minutes, people ? "%d min" : "%d", doc_minutes(r->words));
    const char *state = !people                   ? list_state(r)
                        : r->flags & ITEM_STARTED ? glyphs ? "◐" : "o"
                        : r->flags & ITEM_UNREAD  ? glyphs ? "●" : "N"
                                                  : "";
    if (people)
        snprintf(marks, sizeof marks, "%s%s",
                 !(r->flags & ITEM_AUDIO) ? ""
                 : glyphs                 ? "♪"
                                          : "audio",
                 !r->bookmark || r->id < 0 ? ""
                 : glyphs                  ? "★"
                                           : "*");
    const char *title = people && !*r->title ? "(untitled)" : r->title;
    const char *cells[TABLE_COLUMNS] = {
        id, state, date, r->feed_title, title, minutes, people ? marks : r->url};
    table_row(t, cells);
}

static bool print_all(struct store *s, const int64_t *ids, size_t n, bool json, int64_t now,
                      struct err *e)
{
    static const struct column columns[] = {
        {"id", .right = true},       {"", .right = false},
        {"date", .right = true},     {"feed", .flexible = true},
        {"title", .flexible = true}, {"length", .right = true},
        {"", .right = false},        {0},
    };
    struct table *t = json ? NULL : table_new(columns);
    struct item_row rows[CHUNK];
    bool ok = true, first = true;
    if (json)
        putchar('[');
    for (size_t at = 0; ok && at < n; at += CHUNK) {
        size_t count = n - at < CHUNK ? n - at : CHUNK;
        struct arena *a = arena_new();
        ok = store_rows(s, ids + at, count, a, rows, e);
        for (size_t i = 0; ok && i < count; i++) {
            json_t *o = NULL;
            if (!rows[i].id) // went while the list was printed
                continue;
            if (!json) {
                print_row(t, &rows[i], now);
            } else if ((ok = list_json(s, &rows[i], a, &o, e))) {
                list_print_json(o, first);
                first = false;
            }
        }
        arena_free(a);
        ok = ok && !ferror(stdout); // nobody reads any more: the end is told by main
    }
    if (json)
        fputs(first ? "]\n" : "\n]\n", stdout);
    else
        table_end(t);
    return ok || ferror(stdout);
}

// No library yet is an empty list, but for the word about it.
static bool open_library(const struct session *session, struct store **s, struct err *e)
{
    *s = NULL;
    return store_open(session->library, STORE_READER, s, e);
}

// What is asked of a shelf.
struct wanted {
    struct shelf shelf;
    const char *feed, *sort; // as typed; NULL: all, by date
    struct arg_list words;
    bool unread, reverse, json;
    int64_t limit;
};

static bool narrow(struct store *s, const struct wanted *w, int64_t now, int64_t **ids, size_t *n,
                   struct err *e)
{
    enum order order = ORDER_DATE;
    struct buf text = {0};
    if (w->sort && !order_find(w->sort, &order))
        return err_set(e, ERR_USAGE,
                       "--sort %s is not known; there is date, title, length, feed, author",
                       w->sort);
    for (size_t i = 0; i < w->words.n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", w->words.items[i]);
    struct sieve *sieve = sieve_new(buf_cstr(&text), (struct when){INT32_MAX}, now, e);
    buf_free(&text);
    if (!sieve)
        return false;
    struct ids all = {0};
    for (size_t i = 0; i < *n; i++)
        ids_add(&all, (*ids)[i]);
    struct arrangement *a = arrangement_new(&all, sieve, order, w->reverse);
    bool by_date = order == ORDER_DATE;
    while (arrangement_step(a, s))
        if (by_date && w->limit && arrangement_ids(a)->n >= (size_t)w->limit)
            break; // the rest would come after these
    const struct ids *left = arrangement_ids(a);
    *n = w->limit && left->n > (size_t)w->limit ? (size_t)w->limit : left->n;
    for (size_t i = 0; i < *n; i++)
        (*ids)[i] = ids_at(left, i);
    arrangement_free(a);
    ids_free(&all);
    return true;
}

// The words are given back here.
static int list_shelf(const struct session *session, const struct command *c, struct wanted *w)
{
    struct err e = ERR_INIT;
    struct store *s;
    struct arena *a = arena_new();
    int64_t *ids = NULL, now = (int64_t)time(NULL);
    size_t n = 0;
    bool whole = !w->words.n && !w->sort && !w->reverse, ok = open_library(session, &s, &e);
    if (ok && w->feed) {
        struct feed_row row;
        ok = store_feed_find(s, w->feed, a, &row, &e);
        if (ok)
            w->shelf.feed = row.id;
    }
    ok = ok &&
         store_ids(s, &w->shelf, w->unread, now, whole ? (size_t)w->limit : 0, &ids, &n, &e) &&
         (whole || narrow(s, w, now, &ids, &n, &e)) && print_all(s, ids, n, w->json, now, &e);
    free(ids);
    store_close(s);
    arena_free(a);
    args_free(&w->words);
    return ok ? EXIT_DONE : args_fail(c, &e);
}

static int run_list(const struct session *session, int argc, char **argv)
{
    const char *tag = NULL;
    bool started = false, audio = false, week = false;
    struct wanted w = {0};
    const struct arg_option options[] = {
        {"feed", 'f', .value = &w.feed},
        {"tag", 't', .value = &tag},
        {"unread", 'u', .flag = &w.unread},
        {"started", 's', .flag = &started},
        {"audio", 'a', .flag = &audio},
        {"week", 'w', .flag = &week},
        {"sort", 'o', .value = &w.sort},
        {"reverse", 'r', .flag = &w.reverse},
        {"limit", 'n', .number = &w.limit, .min = 1, .max = INT32_MAX},
        {"json", 'j', .flag = &w.json},
        {0},
    };
    if (!args_parse(&cmd_list, argc, argv, options, &w.words, 0, -1))
        return EXIT_USAGE;
    if ((w.feed != NULL) + (tag != NULL) + started + audio + week > 1) {
        args_free(&w.words);
        return args_usage(&cmd_list,
                          "only one of --feed, --tag, --started, --audio and --week at a time");
    }
    w.shelf.kind = w.feed    ? SHELF_FEED
                   : tag     ? SHELF_TAG
                   : started ? SHELF_CONTINUE
                   : audio   ? SHELF_AUDIO
                   : week    ? SHELF_WEEK
                             : SHELF_ALL;
    w.shelf.tag = tag;
    return list_shelf(session, &cmd_list, &w);
}

static int run_bookmarks(const struct session *session, int argc, char **argv)
{
    struct wanted w = {.shelf = {.kind = SHELF_BOOKMARKS}};
    const struct arg_option options[] = {
        {"tag", 't', .value = &w.shelf.tag},
        {"sort", 'o', .value = &w.sort},
        {"reverse", 'r', .flag = &w.reverse},
        {"limit", 'n', .number = &w.limit, .min = 1, .max = INT32_MAX},
        {"json", 'j', .flag = &w.json},
        {0},
    };
    if (!args_parse(&cmd_bookmarks, argc, argv, options, &w.words, 0, -1))
        return EXIT_USAGE;
    return list_shelf(session, &cmd_bookmarks, &w);
}

const struct command cmd_list = {
    "list",
    "list [--feed FEED | --tag TAG | --started | --audio | --week] [--unread] [--sort ORDER] "
    "[--reverse] [--limit N] [--json] [WORD...]",
    "list essays, newest first",
    "WORD              only what has it in title, subtitle, author or feed; -WORD: only what has "
    "not. Also\n"
    "                  title: author: feed: is:unread is:read is:started is:finished "
    "is:bookmarked is:revised\n"
    "                  is:preview is:highlighted has:audio under:10 over:20 (minutes) "
    "after:2026-03 before:7d\n"
    "  -f, --feed FEED   of one feed: its number, address or title\n"
    "  -t, --tag TAG     of the feeds with a tag\n"
    "  -s, --started     what was begun and not finished, last read first\n"
    "  -a, --audio       what can be listened to\n"
    "  -w, --week        of the last seven days\n"
    "  -u, --unread      only what is unread\n"
    "  -o, --sort ORDER  date (newest first), title, length (shortest first), feed, author\n"
    "  -r, --reverse     the other way round\n"
    "  -n, --limit N     at most N\n"
    "  -j, --json        an array of objects: id (what `lectern read` takes), feed, title, author, "
    "url, date_published,\n"
    "                    minutes, unread, place (0 to 1), bookmark, audio (addresses)\n\n"
    "On a terminal the columns fit it ($COLUMNS is obeyed). Elsewhere each line is seven fields "
    "parted by tabs, whole:\n"
    "id, state (unread, started, read, finished), date, feed, title, minutes, address.",
    run_list,
};
const struct command cmd_bookmarks = {
    "bookmarks",
    "bookmarks [--tag TAG] [--sort ORDER] [--reverse] [--limit N] [--json] [WORD...]",
    "list what was kept, last kept first",
    "WORD              only what has it, as in `lectern list`; also tag:WORD has:note "
    "has:highlights\n"
    "                  kept:2026-03 kept-before:7d\n"
    "  -t, --tag TAG     only with this tag\n"
    "  -o, --sort ORDER  title, length, feed, author; date: as kept\n"
    "  -r, --reverse     the other way round\n"
    "  -n, --limit N     at most N\n"
    "  -j, --json        an array of objects as `lectern list` has them, with date_kept, "
    "tags and note\n\n"
    "Lines and fields are those of `lectern list`; the ids (b12) work wherever an id does.",
    run_bookmarks,
};
