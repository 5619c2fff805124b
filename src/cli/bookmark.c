// `lectern bookmark`: keeps essays for good, throws bookmarks into the bin, takes them out again,
// tags them.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "args.h"
#include "bookmark_text.h"
#include "commands.h"
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

static bool one(struct store *s, int64_t id, bool remove, bool restore, const struct arg_list *tags,
                struct err *e)
{
    int64_t bookmark = id;
    bool existed = false;
    if (remove) {
        if (!bookmark_of(s, id, &bookmark, e) || !store_bookmark_remove(s, bookmark, e))
            return false;
        printf("b%lld is in the bin; `lectern bookmark --restore b%lld` takes it out for 90 days\n",
               (long long)-bookmark, (long long)-bookmark);
        return true;
    }
    if (restore) {
        if (id > 0)
            return err_set(e, ERR_USAGE, "--restore takes ids of bookmarks, as b%lld",
                           (long long)id);
        if (!store_bookmark_restore(s, id, e))
            return false;
    } else if (!keep(s, id, &bookmark, &existed, e)) {
        return false;
    }
    for (size_t i = 0; i < tags->n; i++)
        if (!store_bookmark_tag(s, bookmark, tags->items[i], true, e))
            return false;
    struct arena *a = arena_new();
    struct item_row row;
    bool ok = store_rows(s, &bookmark, 1, a, &row, e);
    if (ok)
        printf("b%lld\t%s%s\n", (long long)-bookmark, row.title, existed ? " (kept already)" : "");
    arena_free(a);
    return ok;
}

static int run(const struct session *session, int argc, char **argv)
{
    bool remove = false, restore = false, text = false;
    struct arg_list words, tags = {0};
    const struct arg_option options[] = {{"tag", 't', .list = &tags},
                                         {"remove", 'd', .flag = &remove},
                                         {"restore", 0, .flag = &restore},
                                         {"fetch", 0, .flag = &text},
                                         {0}};
    if (!args_parse(&cmd_bookmark, argc, argv, options, &words, 0, -1)) {
        args_free(&tags);
        return EXIT_USAGE;
    }
    struct err e = ERR_INIT;
    struct store *s = NULL;
    int code = EXIT_DONE;
    if (remove + restore + text > 1)
        code = args_usage(&cmd_bookmark, "--remove, --restore and --fetch do not go together");
    else if (text)
        code = bookmark_fetch(session, &words);
    else if (!words.n)
        code = args_usage(&cmd_bookmark, "which essay? `lectern list` shows their ids");
    else if (!store_open(session->library, STORE_WRITE, &s, &e))
        code = args_fail(&cmd_bookmark, &e);
    for (size_t i = 0; s && i < words.n; i++) { // one that fails does not stop the others
        int64_t id;
        bool ok =
            store_parse_id(words.items[i], &id) ||
            err_set(&e, ERR_USAGE, "'%s' is no id; `lectern list` shows them", words.items[i]);
        if (!ok || !one(s, id, remove, restore, &tags, &e))
            code = args_fail(&cmd_bookmark, &e);
    }
    store_close(s);
    args_free(&words);
    args_free(&tags);
    return code;
}

const struct command cmd_bookmark = {
    "bookmark",
    "bookmark ID... [--tag TAG]... [--remove | --restore | --fetch]",
    "keep essays for good, offline",
    "ID is what `lectern list` shows first. A bookmark is the whole essay as it is now; it stays "
    "when the feed goes.\n\n"
    "  -t, --tag TAG     tag it (those of its feed come by themselves)\n"
    "  -d, --remove      throw the bookmark into the bin\n"
    "      --restore     take it out again\n"
    "      --fetch       fetch the text of bookmarks that are only addresses yet: these, or all",
    run,
};
