// `lectern tidy`: what the rules let go, what does not agree, the bin, texts and space. It says
// what it did, or what it would do. Ended in the middle it has done what it said so far.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "words.h"
#include "lectern/house.h"

enum { DAY = 24 * 3600, BIN_DAYS = 90, SHOWN = 10, WORTH_BYTES = 64 << 10, WORTH_PART = 4 };

static volatile int stopped; // set by the signal handler

static void on_stop(int sig)
{
    if (stopped)
        _exit(128 + sig); // asked twice
    stopped = 1;
}

struct tidying {
    struct store *s;
    const struct conf *conf;
    int64_t now, bin_days;
    bool dry;
    int done; // things that were said
};

static const char *s_of(int64_t n)
{
    return n == 1 ? "" : "s";
}

// ---- the rules ----

static bool list_some(struct tidying *t, const int64_t *ids, size_t n, struct err *e)
{
    struct item_row rows[SHOWN];
    struct arena *a = arena_new();
    size_t some = n < SHOWN ? n : SHOWN;
    bool ok = store_rows(t->s, ids, some, a, rows, e);
    for (size_t i = 0; ok && i < some; i++)
        if (rows[i].id)
            printf("            %lld  %s\n", (long long)rows[i].id, rows[i].title);
    if (ok && n > some)
        printf("            and %zu more\n", n - some);
    arena_free(a);
    return ok;
}

static bool one_feed(struct tidying *t, const struct feed_row *r, struct err *e)
{
    struct keep_rule rule = keep_rule_of(t->conf, r->address);
    struct buf words = {0};
    int64_t *ids = NULL, n = 0;
    size_t would = 0;
    if (keep_all(&rule))
        return true;
    bool ok;
    if (t->dry) {
        ok = keep_preview(t->s, r->id, &rule, t->now, &ids, &would, e);
        n = (int64_t)would;
    } else {
        struct keep_result went;
        ok = keep_apply(t->s, r->id, &rule, t->now, &stopped, &went, e);
        n = went.n;
    }
    keep_words(&rule, &words);
    if (n) {
        printf("rules       %lld essay%s of %s %s (it keeps %s)\n", (long long)n, s_of(n), r->title,
               t->dry ? "would go" : "went", buf_cstr(&words));
        t->done++;
    }
    ok = ok && (!t->dry || list_some(t, ids, would, e));
    buf_free(&words);
    free(ids);
    return ok;
}

static bool rules(struct tidying *t, struct err *e)
{
    struct arena *a = arena_new();
    struct feed_rows rows;
    bool ok = store_feeds(t->s, a, &rows, e);
    for (size_t i = 0; ok && i < rows.n && !stopped; i++)
        ok = one_feed(t, &rows.items[i], e);
    arena_free(a);
    return ok;
}

// ---- the rest ----

static bool agree(struct tidying *t, struct err *e)
{
    struct house_fault *faults = NULL;
    size_t n = 0;
    bool ok = house_agree(t->s, !t->dry, &faults, &n, e);
    for (size_t i = 0; ok && i < n; i++)
        printf("%s      %lld: %s\n", t->dry ? "faulty" : "mended", (long long)faults[i].n,
               faults[i].what);
    t->done += (int)n;
    free(faults);
    return ok;
}

static bool bin(struct tidying *t, struct err *e)
{
    int64_t n = 0;
    bool ok = tidy_bin(t->s, t->now - t->bin_days * DAY, t->dry, &n, e);
    if (ok && n) {
        printf("bin         %lld bookmark%s removed more than %lld day%s ago %s for good\n",
               (long long)n, s_of(n), (long long)t->bin_days, s_of(t->bin_days),
               t->dry ? "would go" : "went");
        t->done++;
    }
    return ok;
}

static bool texts(struct tidying *t, struct err *e)
{
    int64_t n = 0, gain = 0;
    bool ok = tidy_texts(t->s, t->dry, &stopped, &n, &gain, e);
    if (ok && n) {
        struct buf size = {0};
        words_bytes(gain, &size);
        printf("texts       %lld pack%s of essays that are mostly gone %s anew, about %s less\n",
               (long long)n, s_of(n), t->dry ? "would be written" : "were written", size.data);
        buf_free(&size);
        t->done++;
    }
    return ok;
}

static bool space(struct tidying *t, struct err *e)
{
    int64_t idle = 0, all = tidy_bytes(t->s), room = tidy_room(t->s);
    struct buf free_words = {0}, need = {0};
    bool ok = tidy_free(t->s, &idle, e);
    int64_t needs = 2 * (all - idle);
    words_bytes(idle, &free_words);
    words_bytes(needs, &need);
    if (!ok || idle < WORTH_BYTES || idle < all / WORTH_PART) {
        ;
    } else if (room >= 0 && room < needs) {
        printf("space       %s in the file are free, but writing it anew takes %s on its disk, and "
               "there "
               "is less\n",
               free_words.data, need.data);
    } else if (t->dry) {
        printf("space       %s in the file are free and would go back to the disk\n",
               free_words.data);
    } else if (!(ok = tidy_space(t->s, &stopped, e)) && stopped) {
        ok = true; // said at the end
    } else if (ok) {
        printf("space       %s went back to the disk\n", free_words.data);
    }
    t->done += idle >= WORTH_BYTES && idle >= all / WORTH_PART;
    buf_free(&free_words);
    buf_free(&need);
    return ok;
}

static bool is_sound(struct tidying *t, struct err *e)
{
    struct buf words = {0};
    bool ok = house_sound(t->s, &words, e);
    if (ok && words.len)
        ok = err_set(
            e, ERR_DAMAGED,
            "the library is damaged (%.200s); nothing was tidied: `lectern salvage` saves what "
            "can be read",
            words.data);
    buf_free(&words);
    return ok;
}

static void say_size(const struct tidying *t, int64_t before)
{
    struct buf was = {0}, is = {0};
    words_bytes(before, &was);
    words_bytes(tidy_bytes(t->s), &is);
    if (t->dry)
        printf("%s the library has %s; nothing was changed\n",
               t->done ? "so far" : "nothing to do:", was.data);
    else
        printf("%s the library had %s and has %s\n", t->done ? "done:" : "nothing to do:", was.data,
               is.data);
    buf_free(&was);
    buf_free(&is);
}

static int run(const struct session *session, int argc, char **argv)
{
    struct tidying t = {.conf = session->conf, .now = (int64_t)time(NULL), .bin_days = BIN_DAYS};
    struct arg_list words = {0};
    const struct arg_option options[] = {
        {"dry-run", 'n', .flag = &t.dry},
        {"bin-days", .number = &t.bin_days, .min = 0, .max = 36500},
        {0}};
    if (!args_parse(&cmd_tidy, argc, argv, options, &words, 0, 0))
        return EXIT_USAGE;
    args_free(&words);
    // What SQLite writes anew goes beside the library, where there is room for it.
    char *dir = mem_strdup(session->library), *slash = strrchr(dir, '/');
    if (slash && slash != dir) {
        *slash = '\0';
        setenv("SQLITE_TMPDIR", dir, 0);
    }
    free(dir);
    struct sigaction act = {.sa_handler = on_stop};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    struct err e = ERR_INIT;
    static bool (*const steps[])(struct tidying *, struct err *) = {is_sound, rules, agree,
                                                                    bin,      texts, space};
    enum store_mode mode = access(session->library, F_OK) != 0
                               ? STORE_READ // which is not made here
                           : t.dry ? STORE_READER
                                   : STORE_WRITE;
    bool ok = store_open(session->library, mode, &t.s, &e);
    int64_t before = ok ? tidy_bytes(t.s) : 0;
    for (size_t i = 0; ok && i < sizeof steps / sizeof *steps && !stopped; i++) {
        ok = steps[i](&t, &e);
        fflush(stdout);
    }
    if (ok && !t.dry && !stopped)
        ok = tidy_settle(t.s, &e);
    if (ok)
        say_size(&t, before);
    if (ok && stopped)
        puts("stopped early; what is said above is done");
    store_close(t.s);
    return !ok ? args_fail(&cmd_tidy, &e) : stopped ? EXIT_FAILED : EXIT_DONE;
}

const struct command cmd_tidy = {
    .name = "tidy",
    .usage = "tidy [--dry-run] [--bin-days N]",
    .summary = "let old essays go by your rules, and make the library small",
    .help =
        "Checks the library, lets go what keep-days and keep-count let go (nothing by default, and "
        "never what\nis bookmarked, highlighted or marked), mends what does not agree, empties the "
        "bin "
        "of bookmarks,\nwrites texts anew where most of them are gone, and gives free space back "
        "to the "
        "disk.\nA reader may be open meanwhile. Stopped early, what it said so far is done.\n\n"
        "  -n, --dry-run      only say what would be done\n"
        "      --bin-days N   bookmarks removed more than so many days ago go for good (90)",
    .run = run,
};
