// `lectern bookmark`: keeps essays for good, throws bookmarks into the bin, takes them out again,
// tags them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "bookmark_text.h"
#include "commands.h"
#include "keep_page.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static bool keep(struct store *s, int64_t id, int64_t *bookmark, bool *existed, struct err *e)
{
    return store_bookmark_entry(s, id, (int64_t)time(NULL), bookmark, existed, e);
}

// The bookmark that an id means when something is done to one: itself, or the one made of an entry.
static bool bookmark_of(struct store *s, int64_t id, int64_t *out, struct err *e)
{
    struct arena *a = arena_new();
    struct item_row row;
    bool ok = store_rows(s, &id, 1, a, &row, e);
    arena_free(a);
    if (ok && !row.id)
        return err_set(e, ERR_MISSING,
                       "there is nothing of that number; `lectern list` and `lectern bookmarks` "
                       "show what there is");
    if (ok && !row.bookmark)
        return err_set(e, ERR_MISSING, "essay %lld is not kept", (long long)id);
    if (ok)
        *out = row.bookmark;
    return ok;
}

struct wish {
    bool remove, restore;
    const char *note;
    struct arg_list tags;
};

// What is kept gets its tags and its note, and is told.
static bool dress(struct store *s, int64_t bookmark, bool existed, const struct wish *w,
                  struct err *e)
{
    enum { PATIENCE_MS = 10000 };
    for (size_t i = 0; i < w->tags.n; i++)
        if (!store_bookmark_tag(s, bookmark, w->tags.items[i], true, e))
            return false;
    if (w->note) {
        store_set_note(s, bookmark, w->note);
        if (!store_flush(s, PATIENCE_MS, e))
            return false;
    }
    struct arena *a = arena_new();
    struct item_row row;
    bool ok = store_rows(s, &bookmark, 1, a, &row, e);
    if (ok)
        printf("b%lld\t%s%s\n", (long long)-bookmark, row.title, existed ? " (kept already)" : "");
    arena_free(a);
    return ok;
}

static bool one(struct store *s, int64_t id, const struct wish *w, struct err *e)
{
    int64_t bookmark = id;
    bool existed = false;
    if (w->remove) {
        if (!bookmark_of(s, id, &bookmark, e) || !store_bookmark_remove(s, bookmark, e))
            return false;
        printf("b%lld is in the bin; `lectern bookmark --restore b%lld` takes it out for 90 days\n",
               (long long)-bookmark, (long long)-bookmark);
        return true;
    }
    if (w->restore) {
        if (id > 0)
            return err_set(e, ERR_USAGE, "--restore takes ids of bookmarks, as b%lld",
                           (long long)id);
        if (!store_bookmark_restore(s, id, e))
            return false;
    } else if (!keep(s, id, &bookmark, &existed, e)) {
        return false;
    }
    return dress(s, bookmark, existed, w, e);
}

// A word that is no id: an address, or a file that is there.
static bool page(const struct session *se, struct store *s, const char *what, const struct wish *w,
                 struct err *e)
{
    int64_t id;
    bool existed;
    bool web = strncmp(what, "http://", 7) == 0 || strncmp(what, "https://", 8) == 0;
    if (w->remove || w->restore || (!web && access(what, R_OK) != 0))
        return err_set(e, ERR_USAGE, "'%s' is no id, address or file; `lectern list` shows ids",
                       what);
    return keep_page(se, s, what, &id, &existed, e) && dress(s, id, existed, w, e);
}

static int run(const struct session *session, int argc, char **argv)
{
    struct wish w = {0};
    bool text = false;
    struct arg_list words;
    const struct arg_option options[] = {
        {"tag", 't', .list = &w.tags},      {"note", 'n', .value = &w.note},
        {"remove", 'd', .flag = &w.remove}, {"restore", 0, .flag = &w.restore},
        {"fetch", 0, .flag = &text},        {0}};
    if (!args_parse(&cmd_bookmark, argc, argv, options, &words, 0, -1)) {
        args_free(&w.tags);
        return EXIT_USAGE;
    }
    struct err e = ERR_INIT;
    struct store *s = NULL;
    int code = EXIT_DONE;
    if (w.remove + w.restore + text > 1)
        code = args_usage(&cmd_bookmark, "--remove, --restore and --fetch do not go together");
    else if (text)
        code = bookmark_fetch(session, &words);
    else if (!words.n)
        code = args_usage(&cmd_bookmark, "which essay? `lectern list` shows their ids");
    else if (!store_open(session->library, STORE_WRITE, &s, &e))
        code = args_fail(&cmd_bookmark, &e);
    for (size_t i = 0; s && i < words.n; i++) { // one that fails does not stop the others
        int64_t id;
        bool ok = store_parse_id(words.items[i], &id) ? one(s, id, &w, &e)
                                                      : page(session, s, words.items[i], &w, &e);
        if (!ok)
            code = args_fail(&cmd_bookmark, &e);
    }
    store_close(s);
    args_free(&words);
    args_free(&w.tags);
    return code;
}

const struct command cmd_bookmark = {
    "bookmark",
    "bookmark ID|ADDRESS|FILE... [--tag TAG]... [--note TEXT] [--remove | --restore | --fetch]",
    "keep essays and web pages for good, offline",
    "ID is what `lectern list` shows first. A bookmark is the whole essay as it is now; it stays "
    "when the feed goes.\n"
    "Of a page (http, https) or a file its main text is kept; a page that is kept already is not "
    "fetched again.\n\n"
    "  -t, --tag TAG     tag it (those of its feed come by themselves)\n"
    "  -n, --note TEXT   a note of your own with it; \"\" takes it away\n"
    "  -d, --remove      throw the bookmark into the bin\n"
    "      --restore     take it out again\n"
    "      --fetch       fetch the text of bookmarks that are only addresses yet: these, or all",
    run,
};
