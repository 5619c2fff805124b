// `lectern download`: recordings fetched to be heard without a network, and what there is of them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "sound.h"
#include "table.h"
#include "words.h"

struct line {
    bool people; // stderr is a terminal
    int64_t told;
};

static bool progress(void *ctx, int64_t have, int64_t whole)
{
    struct line *l = ctx;
    if (!l->people || have - l->told < 1 << 18)
        return true;
    struct buf b = {0};
    words_bytes(have, &b);
    if (whole > 0) {
        buf_str(&b, " of ");
        words_bytes(whole, &b);
    }
    fprintf(stderr, "\r%s\033[K", b.data);
    buf_free(&b);
    l->told = have;
    return true;
}

static bool get(const struct session *session, struct store *s, const char *word, struct err *e)
{
    struct arena *a = arena_new();
    struct queue_row r;
    struct item_row item = {0};
    struct line l = {.people = isatty(STDERR_FILENO)};
    char *file;
    bool ok =
        sound_find(s, word, a, &r, NULL, e) && (!r.item || store_rows(s, &r.item, 1, a, &item, e));
    if (ok) {
        const struct fetch_recording what = {.address = r.address,
                                             .title = r.item ? r.title : NULL,
                                             .item = r.item,
                                             .published = item.published,
                                             .progress = progress,
                                             .ctx = &l};
        ok = fetch_recording(session->library, session->conf, &what, &file, e);
        if (l.told)
            fputs("\r\033[K", stderr);
        if (ok) {
            printf("%s\n", file);
            free(file);
        } else {
            err_wrap(e, "%s", r.title);
        }
    }
    arena_free(a);
    return ok;
}

static bool show(struct store *s, struct err *e)
{
    static const struct column columns[] = {
        {"SIZE", true, false}, {"TITLE", false, true}, {"FILE", false, true}, {0}};
    struct arena *a = arena_new();
    struct download *all;
    size_t n;
    bool ok = store_downloads(s, a, &all, &n, e);
    struct table *t = ok ? table_new(columns) : NULL;
    for (size_t i = 0; ok && i < n; i++) {
        struct buf size = {0};
        if (all[i].file)
            words_bytes(all[i].size, &size);
        const char *const cells[] = {buf_cstr(&size), all[i].title,
                                     all[i].file    ? all[i].file
                                     : all[i].error ? all[i].error
                                                    : "not whole yet"};
        table_row(t, cells);
        buf_free(&size);
    }
    if (ok)
        table_end(t);
    arena_free(a);
    return ok;
}

static bool drop(struct store *s, const char *word, struct err *e)
{
    struct arena *a = arena_new();
    struct queue_row r;
    bool ok = sound_find(s, word, a, &r, NULL, e) && fetch_recording_remove(s, r.address, e);
    if (ok)
        printf("No longer here: %s\n", r.title);
    arena_free(a);
    return ok;
}

static int run(const struct session *session, int argc, char **argv)
{
    bool list = false, removal = false;
    struct arg_list words;
    const struct arg_option options[] = {
        {"list", 'l', .flag = &list}, {"remove", 'r', .flag = &removal}, {0}};
    if (!args_parse(&cmd_download, argc, argv, options, &words, 0, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    int code = EXIT_DONE;
    if (list || !words.n) {
        if (words.n || removal)
            code = args_usage(&cmd_download, "%s",
                              words.n ? "--list takes no words" : "--remove takes what is to go");
        else if (!store_open(session->library, STORE_READER, &s, &e) || !show(s, &e))
            code = args_fail(&cmd_download, &e);
    } else if (!store_open(session->library, STORE_WRITE, &s, &e)) {
        code = args_fail(&cmd_download, &e);
    } else { // one that fails keeps none of the others away
        for (size_t i = 0; i < words.n; i++)
            if (removal ? !drop(s, words.items[i], &e) : !get(session, s, words.items[i], &e))
                code = args_fail(&cmd_download, &e);
    }
    store_close(s);
    args_free(&words);
    return code;
}

const struct command cmd_download = {
    "download",
    "download [ID|ADDRESS]... [--remove] [--list]",
    "fetch recordings to hear them without a network",
    "ID is what `lectern list` shows first. Says the file; what was broken off goes on where it "
    "was. "
    "Playing with mpv takes the file from then on. Without words, lists what there is.\n\n"
    "  -l, --list             what there is, and what could not be had\n"
    "  -r, --remove           throw these files away",
    run,
};
