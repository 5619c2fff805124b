// `lectern highlights`: what was highlighted, newest first, or in one essay in the order of its
// text.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "lectern/essay.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

static void item_text(int64_t id, char out[32])
{
    if (id)
        snprintf(out, 32, "%s%lld", id < 0 ? "b" : "", (long long)(id < 0 ? -id : id));
    else
        snprintf(out, 32, "-");
}

static void put(json_t *o, const char *name, const char *value)
{
    json_object_set_new(o, name, value ? json_string(value) : json_null());
}

static void print_json(const struct highlight *h, bool first)
{
    char item[32], made[32];
    json_t *o = json_object();
    item_text(h->item, item);
    date_format(h->made, made);
    json_object_set_new(o, "id", json_integer(h->id));
    put(o, "essay", h->item ? item : NULL);
    put(o, "title", h->title);
    put(o, "author", h->author);
    put(o, "feed", h->feed_title);
    put(o, "url", h->url);
    put(o, "quote", h->quote);
    put(o, "note", h->note);
    put(o, "colour", highlight_colours[h->colour]);
    put(o, "made", made);
    json_object_set_new(o, "gone", json_boolean(h->gone || !h->item));
    fputs(first ? "\n  " : ",\n  ", stdout);
    json_dumpf(o, stdout, 0);
    json_decref(o);
}

static void print_line(const struct highlight *h)
{
    char item[32], made[32];
    char *quote = utf8_clean_dup(h->quote, strlen(h->quote), UTF8_LINE),
         *note = h->note ? utf8_clean_dup(h->note, strlen(h->note), UTF8_LINE) : mem_strdup("");
    item_text(h->item, item);
    date_format(h->made, made);
    printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", item, made, highlight_colours[h->colour],
           h->gone || !h->item ? "gone" : "", h->title, quote, note);
    free(quote);
    free(note);
}

static bool of_essay(struct store *s, int64_t id, struct arena *a, struct highlight **all,
                     size_t *n, struct err *e)
{
    struct item_body body;
    if (!store_item(s, id, a, &body, e))
        return false;
    struct doc *d = essay_document(&body);
    bool ok = essay_highlights(s, id, d, a, all, n, e);
    doc_free(d);
    return ok;
}

static bool of_all(struct store *s, struct arena *a, struct highlight **all, size_t *n,
                   struct err *e)
{
    int64_t *ids = NULL;
    if (!store_highlight_ids(s, &ids, n, e))
        return false;
    *all = arena_alloc(a, (*n + 1) * sizeof **all);
    bool ok = store_highlight_rows(s, ids, *n, a, *all, e);
    free(ids);
    return ok;
}

static int run(const struct session *session, int argc, char **argv)
{
    bool json = false;
    struct arg_list words;
    const struct arg_option options[] = {{"json", 'j', .flag = &json}, {0}};
    if (!args_parse(&cmd_highlights, argc, argv, options, &words, 0, 1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct highlight *all = NULL;
    size_t n = 0;
    int64_t id = 0;
    bool ok = !words.n || store_parse_id(words.items[0], &id) ||
              err_set(&e, ERR_USAGE, "'%s' is no id; `lectern list` shows them", words.items[0]);
    ok = ok && store_open(session->library, STORE_READ, &s, &e) &&
         (id ? of_essay(s, id, a, &all, &n, &e) : of_all(s, a, &all, &n, &e));
    if (ok && json)
        putchar('[');
    for (size_t i = 0; ok && i < n; i++) {
        if (json)
            print_json(&all[i], i == 0);
        else
            print_line(&all[i]);
    }
    if (ok && json)
        puts(n ? "\n]" : "]");
    int code = ok ? EXIT_DONE : args_fail(&cmd_highlights, &e);
    store_close(s);
    arena_free(a);
    args_free(&words);
    return code;
}

const struct command cmd_highlights = {
    "highlights",
    "highlights [ID] [--json]",
    "list what was highlighted, newest first",
    "ID            of this essay or bookmark (b12) alone, in the order of its text\n"
    "  -j, --json    an array of objects: id, essay (what `lectern read` takes), title, author, "
    "feed, url, quote,\n"
    "                note, colour, made, gone\n\n"
    "Each line is seven fields parted by tabs: essay, date, colour, `gone` where the words are no "
    "longer in it,\n"
    "title, quote, note.",
    run,
};
