// The library and its feeds, as the doctor sees them.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"
#include "lectern/house.h"
#include "words.h"

enum { DAY = 24 * 3600, YEAR = 365 * DAY };
static const int64_t MUCH_LOG = 64 << 20, LITTLE_ROOM = 100 << 20;
static const char PART[] = "library", FEEDS[] = "feeds";

static void say_facts(struct doctor *d)
{
    struct shelf_counts c;
    struct err e = ERR_INIT;
    struct buf size = {0};
    words_bytes(tidy_bytes(d->store), &size);
    if (store_counts(d->store, d->now, &c, &e))
        doctor_say(d, PART, WELL, NULL, "%s: %s, %lld essays, %lld bookmarks", d->session->library,
                   size.data, (long long)c.total, (long long)c.bookmarks);
    else
        doctor_say(d, PART, WRONG, NULL, "%s", e.msg);
    buf_free(&size);
}

static void look_inside(struct doctor *d)
{
    struct buf words = {0};
    struct err e = ERR_INIT;
    struct house_fault *faults = NULL;
    size_t n = 0;
    if (!house_sound(d->store, &words, &e))
        doctor_say(d, PART, WRONG, NULL, "%s", e.msg);
    else if (words.len)
        doctor_say(d, PART, WRONG, "lectern salvage", "it is damaged: %.400s", words.data);
    else
        doctor_say(d, PART, WELL, NULL, "the file is sound");
    if (!words.len && house_agree(d->store, false, &faults, &n, &e)) {
        for (size_t i = 0; i < n; i++)
            doctor_say(d, PART, WRONG, "lectern tidy", "%lld: %s", (long long)faults[i].n,
                       faults[i].what);
        if (!n)
            doctor_say(d, PART, WELL, NULL, "all counts and references agree");
    }
    free(faults);
    buf_free(&words);
}

// Copies, logs and halves of files beside the library.
static void look_around(struct doctor *d)
{
    static const struct {
        const char *part, *what, *advice;
    } kinds[] = {
        {".backup.part", "is a backup that was not finished", "remove it"},
        {".backup", "is a backup from before the library was brought up to date",
         "remove it when you do not mean to go back"},
        {".damaged-", "is a damaged library, kept when it was salvaged",
         "remove it when nothing is missed"},
        {".salvaged", "is what a salvage left that did not come to its end",
         "lectern salvage, once more"},
    };
    const char *path = d->session->library, *slash = strrchr(path, '/'),
               *name = slash ? slash + 1 : path;
    char *dir =
        slash ? mem_strndup(path, slash == path ? 1 : (size_t)(slash - path)) : mem_strdup(".");
    DIR *all = opendir(dir);
    for (struct dirent *f; all && (f = readdir(all));) {
        size_t len = strlen(name);
        if (strncmp(f->d_name, name, len) != 0 || !f->d_name[len])
            continue;
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            struct stat st;
            if (!strstr(f->d_name + len, kinds[i].part) ||
                fstatat(dirfd(all), f->d_name, &st, 0) != 0)
                continue;
            struct buf size = {0};
            words_bytes(st.st_size, &size);
            doctor_say(d, PART, WORTH_KNOWING, kinds[i].advice, "%s/%s (%s) %s", dir, f->d_name,
                       size.data, kinds[i].what);
            buf_free(&size);
            break;
        }
    }
    if (all)
        closedir(all);
    free(dir);
}

static void look_at_file(struct doctor *d)
{
    const char *path = d->session->library;
    struct stat st;
    if (stat(path, &st) == 0 && st.st_mode & 077)
        doctor_say(d, PART, WORTH_KNOWING, "chmod 600 on it",
                   "others may read what you read: %s has mode %o", path,
                   (unsigned)st.st_mode & 0777);
    char *log = mem_printf("%s-wal", path);
    struct buf words = {0};
    if (stat(log, &st) == 0 && st.st_size > MUCH_LOG) {
        words_bytes(st.st_size, &words);
        doctor_say(d, PART, WORTH_KNOWING, "close what has the library open, then lectern tidy",
                   "its log has %s: something has kept it open for long", words.data);
    }
    free(log);
    int64_t room = tidy_room(d->store), size = tidy_bytes(d->store);
    buf_clear(&words);
    words_bytes(room, &words);
    if (room >= 0 && (room < LITTLE_ROOM || room < size / 4))
        doctor_say(d, PART, room < LITTLE_ROOM / 10 ? WRONG : WORTH_KNOWING, "make room on it",
                   "its disk has only %s left", words.data);
    else if (room >= 0)
        doctor_say(d, PART, WELL, NULL, "%s free on its disk", words.data);
    buf_free(&words);
}

void doctor_library(struct doctor *d)
{
    struct err e = ERR_INIT;
    // What is not there is not made.
    enum store_mode mode = access(d->session->library, F_OK) == 0 ? STORE_READER : STORE_READ;
    if (!store_open(d->session->library, mode, &d->store, &e)) {
        doctor_say(d, PART, e.kind == ERR_MISSING ? WORTH_KNOWING : WRONG,
                   e.kind == ERR_DAMAGED ? "lectern salvage" : NULL, "%s", e.msg);
        look_around(d);
        return;
    }
    say_facts(d);
    if (store_notice(d->store))
        doctor_say(d, PART, WORTH_KNOWING, NULL, "%s", store_notice(d->store));
    look_inside(d);
    look_at_file(d);
    look_around(d);
}

// ---- feeds ----

// When its newest essay was written; 0: it has none.
static int64_t newest(struct doctor *d, int64_t feed)
{
    int64_t *ids = NULL, when = 0;
    size_t n = 0;
    struct arena *a = arena_new();
    struct item_row row;
    if (store_ids(d->store, &(struct shelf){.kind = SHELF_FEED, .feed = feed}, false, d->now, 1,
                  &ids, &n, NULL) &&
        n && store_rows(d->store, ids, 1, a, &row, NULL))
        when = row.published;
    free(ids);
    arena_free(a);
    return when;
}

void doctor_feeds(struct doctor *d)
{
    struct arena *a = arena_new();
    struct feed_rows rows = {0};
    struct err e = ERR_INIT;
    int well = 0;
    if (d->store && !store_feeds(d->store, a, &rows, &e))
        doctor_say(d, FEEDS, WRONG, NULL, "%s", e.msg);
    for (size_t i = 0; i < rows.n; i++) {
        const struct feed_row *r = &rows.items[i];
        const char *advice = store_feed_advice(r);
        int64_t last = newest(d, r->id);
        if (r->health == HEALTH_PARKED)
            doctor_say(d, FEEDS, WRONG, advice ? advice : "lectern move, or lectern remove",
                       "%s is asked no more: %s", r->title,
                       r->error ? r->error : "its server says it is gone");
        else if (r->health == HEALTH_FAILING)
            doctor_say(d, FEEDS, WRONG, advice, "%s fails: %s", r->title, r->error);
        else if (r->health == HEALTH_CUT_SHORT)
            doctor_say(d, FEEDS, WORTH_KNOWING, advice, "%s: the document breaks off in the middle",
                       r->title);
        else if (r->moved_to)
            doctor_say(d, FEEDS, WORTH_KNOWING, NULL, "%s is moving to %s", r->title, r->moved_to);
        else if (last && last < d->now - YEAR)
            doctor_say(d, FEEDS, WORTH_KNOWING, NULL,
                       "%s has said nothing for %lld years and %lld days", r->title,
                       (long long)((d->now - last) / YEAR),
                       (long long)((d->now - last) % YEAR / DAY));
        else
            well++;
    }
    if (well)
        doctor_say(d, FEEDS, WELL, NULL, "%d feed%s well", well, well == 1 ? " is" : "s are");
    arena_free(a);
}
