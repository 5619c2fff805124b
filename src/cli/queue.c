// `lectern queue`: what is to be heard later, seen and changed from the shell, and written as files
// that other players take with them.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "lectern/audio.h"
#include "lectern/export.h"
#include "lectern/mem.h"
#include "lectern/when.h"
#include "sound.h"
#include "table.h"

#define QUEUE_TITLE "Listen later"

static void show(const struct queue_row *rows, size_t n)
{
    static const struct column columns[] = {{"", true, false},
                                            {"LENGTH", true, false},
                                            {"TITLE", false, true},
                                            {"FEED", false, true},
                                            {0}};
    struct table *t = table_new(columns);
    for (size_t i = 0; i < n; i++) {
        char number[24];
        struct buf length = {0};
        snprintf(number, sizeof number, "%zu", i + 1);
        if (rows[i].heard.at >= 1) {
            when_length((int64_t)rows[i].heard.at, &length);
            if (rows[i].length >= 1)
                buf_char(&length, '/');
        }
        if (rows[i].length >= 1)
            when_length((int64_t)rows[i].length, &length);
        const char *const cells[] = {number, buf_cstr(&length), rows[i].title, rows[i].feed_title};
        table_row(t, cells);
        buf_free(&length);
    }
    table_end(t);
    if (!n)
        fputs("Nothing waits to be heard: `lectern queue ID` puts an essay's recording there.\n",
              stderr);
}

static bool take_in(struct store *s, const struct arg_list *words, FILE *told, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < words->n; i++) {
        struct arena *a = arena_new();
        struct queue_row r;
        int64_t id;
        bool existed;
        ok = sound_find(s, words->items[i], a, &r, NULL, e) &&
             store_queue_add(s, &r, 0, &id, &existed, e);
        if (ok)
            fprintf(told, "%s: %s\n", existed ? "Now last" : "To be heard later", r.title);
        arena_free(a);
    }
    return ok;
}

// The numbers are those of the list before anything of it goes.
static bool take_out(struct store *s, const struct arg_list *numbers, const struct queue_row *rows,
                     size_t n, FILE *told, struct err *e)
{
    for (size_t i = 0; i < numbers->n; i++) {
        char *end;
        errno = 0;
        long at = strtol(numbers->items[i], &end, 10);
        if (*end || errno || at < 1 || (size_t)at > n)
            return err_set(e, n ? ERR_USAGE : ERR_MISSING,
                           n ? "there is no number %s in the queue; `lectern queue` shows them"
                             : "there is no number %s: nothing waits to be heard",
                           numbers->items[i]);
    }
    for (size_t i = 0; i < numbers->n; i++) {
        const struct queue_row *r = &rows[strtol(numbers->items[i], NULL, 10) - 1];
        if (!store_queue_remove(s, r->id, e))
            return false;
        fprintf(told, "No longer to be heard: %s\n", r->title);
    }
    return true;
}

// What the essay knows besides, as long as it is there.
static void look_up(struct store *s, const struct queue_row *r, struct arena *a,
                    struct export_sound *out)
{
    struct item_body item;
    *out = (struct export_sound){.address = r->address,
                                 .title = r->title,
                                 .feed_title = r->feed_title,
                                 .type = r->type,
                                 .seconds = r->length};
    if (!r->item || !store_item(s, r->item, a, &item, NULL))
        return;
    out->published = item.row.published;
    if (item.row.url && audio_address_ok(item.row.url))
        out->page = item.row.url;
    for (size_t i = 0; i < item.nenclosures; i++)
        if (strcmp(item.enclosures[i].url, r->address) == 0)
            out->size = item.enclosures[i].size;
}

static bool put(const char *file, const struct buf *text, struct err *e)
{
    if (strcmp(file, "-") != 0)
        return buf_write_file(file, buf_cstr(text), text->len, 0644, e);
    if (fwrite(buf_cstr(text), 1, text->len, stdout) != text->len || fflush(stdout) != 0)
        return err_set(e, ERR_OTHER, "the standard output cannot be written: %s", strerror(errno));
    return true;
}

static bool write_files(struct store *s, const struct queue_row *rows, size_t n, const char *m3u,
                        const char *rss, struct err *e)
{
    struct arena *a = arena_new();
    struct export_sound *all = mem_array(n + 1, sizeof *all);
    struct buf text = {0};
    size_t count = 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        if (audio_address_ok(rows[i].address))
            look_up(s, &rows[i], a, &all[count++]);
        else
            fprintf(stderr, "lectern queue: left out, its address is none: %s\n", rows[i].title);
    if (m3u) {
        export_m3u(all, count, QUEUE_TITLE, &text);
        ok = put(m3u, &text, e);
    }
    if (ok && rss) {
        buf_clear(&text);
        export_podcast(all, count, QUEUE_TITLE, &text);
        ok = put(rss, &text, e);
    }
    buf_free(&text);
    free(all);
    arena_free(a);
    return ok;
}

static int run(const struct session *session, int argc, char **argv)
{
    const char *m3u = NULL, *rss = NULL;
    struct arg_list words, numbers = {0};
    const struct arg_option options[] = {{"remove", 'r', .list = &numbers},
                                         {"m3u", 0, .value = &m3u},
                                         {"rss", 0, .value = &rss},
                                         {0}};
    if (!args_parse(&cmd_queue, argc, argv, options, &words, 0, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    struct arena *a = arena_new();
    struct queue_row *rows = NULL;
    size_t n = 0;
    bool piped = (m3u && strcmp(m3u, "-") == 0) || (rss && strcmp(rss, "-") == 0);
    FILE *told = piped ? stderr : stdout;
    bool changes = words.n || numbers.n, writes = m3u || rss;
    // What goes is numbered by the list as it was, what is written is the list as it is then.
    bool ok = store_open(session->library, changes ? STORE_WRITE : STORE_READER, &s, &e) &&
              store_queue(s, a, &rows, &n, &e) && take_out(s, &numbers, rows, n, told, &e) &&
              take_in(s, &words, told, &e) && store_queue(s, a, &rows, &n, &e);
    if (ok && writes)
        ok = write_files(s, rows, n, m3u, rss, &e);
    else if (ok && !changes)
        show(rows, n);
    arena_free(a);
    store_close(s);
    args_free(&words);
    args_free(&numbers);
    return ok ? EXIT_DONE : args_fail(&cmd_queue, &e);
}

const struct command cmd_queue = {
    "queue",
    "queue [ID|ADDRESS]... [--remove N]... [--m3u FILE] [--rss FILE]",
    "recordings to be heard later: see, add, take out, carry",
    "ID is what `lectern list` shows first; its recording goes to the end of the queue. Without "
    "words, lists the queue: number, length, title, feed. A FILE of - is standard output.\n\n"
    "  -r, --remove N         take the one with this number out\n"
    "      --m3u FILE         write the queue as a playlist\n"
    "      --rss FILE         write it as a podcast feed, for a phone",
    run,
};
