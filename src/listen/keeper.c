// The keeper's life: claim the library, find or start mpv, play, write down how far, take the next
// of the queue, and leave nothing behind. mpv alone knows the time; it is asked once a second and
// noted every few, so that a crash of anybody costs a few seconds of a recording. The library is
// written seldom: every write makes its readers look again.
#include "lectern/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lectern/audio.h"
#include "lectern/mem.h"
#include "lectern/mpv.h"
#include "lectern/path.h"
#include "lectern/spawn.h"
#include "place.h"

enum {
    TICK_MS = 1000,
    NOTE_SECONDS = 5,
    SAVE_SECONDS = 60,
    START_MS = 10000, // until mpv listens
    STEP_MS = 20,
    LEAVE_MS = 2000, // until it has ended by itself
    OBEY_MS = 1500,  // for one keeper to do what another tells it
    SETTLE_MS = 300, // for the last word on the time
    WAIT_MS = 5000,  // for the library's lock
    REWIND = 2,      // seconds heard again, so that one finds back in
};

struct keeper {
    struct store *store;
    struct mpv *mpv;
    char *socket;
    pid_t child;              // 0: mpv was there before
    struct sound now, before; // before: what was played last, and could be
    double at, length;
    int64_t saved, noted; // when `at` was written last
    int claim;
    char *log, *error; // of the player; of the last recording
    bool loaded, ending;
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
    (void)number;
    asked_to_end = 1;
}

bool keeper_wanted(const struct conf *c)
{
    return mpv_wanted(c);
}

static void nap(int ms)
{
    poll(NULL, 0, ms);
}

// ---- what is written down ----

static void write_heard(struct keeper *k, bool finished)
{
    struct heard h = {finished ? 0 : k->at, k->length, finished, (int64_t)time(NULL)};
    if (k->now.address && (finished || k->at > 0))
        store_set_heard(k->store, k->now.address, &h, NULL); // what fails now is tried again soon
    k->saved = k->noted = h.when;
    place_note(k->claim, "");
}

static void note_heard(struct keeper *k)
{
    k->noted = (int64_t)time(NULL);
    char *text =
        mem_printf("%.3f %.3f %lld %s", k->at, k->length, (long long)k->noted, k->now.address);
    place_note(k->claim, text);
    free(text);
}

// What a keeper that was killed had noted and not written any more.
static void recover(struct keeper *k)
{
    char *text = place_noted(k->claim);
    struct heard h = {0};
    long long when;
    int address = 0;
    if (text && sscanf(text, "%lf %lf %lld %n", &h.at, &h.length, &when, &address) == 3 &&
        address && h.at > 0 && audio_address_ok(text + address)) {
        h.when = when;
        store_set_heard(k->store, text + address, &h, NULL);
        place_note(k->claim, "");
    }
    free(text);
}

static void write_playing(struct keeper *k, bool on)
{
    const struct sound *w = on || k->loaded || !k->before.address ? &k->now : &k->before;
    struct playing p = {on ? k->socket : NULL, w->item, w->address, w->title, k->error,
                        (int64_t)time(NULL)};
    store_set_playing(k->store, &p, NULL);
}

static void set(char **place, char *value)
{
    free(*place);
    *place = value;
}

static char *copy(const char *s)
{
    return s && *s ? mem_strdup(s) : NULL;
}

static void forget(struct sound *w)
{
    free((char *)w->address);
    free((char *)w->file);
    free((char *)w->title);
    *w = (struct sound){0};
}

static void take(struct sound *to, const struct sound *from)
{
    struct sound s = {from->item, copy(from->address), copy(from->file), copy(from->title)};
    if (!s.title)
        s.title = copy(s.address);
    forget(to);
    *to = s;
}

// ---- playing ----

// Only what may go to a player: a web address, or a file that was downloaded.
static bool may_play(const struct sound *w)
{
    return audio_address_ok(w->address) && (!w->file || w->file[0] == '/');
}

// The time of this moment, before another recording takes its place. True: it has just ended.
static bool settle(struct keeper *k)
{
    bool gone = false, ended = false, known = false;
    struct mpv_event ev;
    if (!k->loaded)
        return false;
    mpv_ask(k->mpv, "time-pos");
    for (int ms = 0; !known && !gone && !ended && ms < SETTLE_MS; ms += STEP_MS) {
        struct pollfd p = {mpv_fd(k->mpv), POLLIN, 0};
        poll(&p, 1, STEP_MS);
        while (!ended && mpv_next(k->mpv, &ev, &gone)) {
            ended = ev.kind == MPV_ENDED && strcmp(ev.name, "eof") == 0;
            if (ev.kind == MPV_PROPERTY && strcmp(ev.name, "time-pos") == 0 && ev.known) {
                k->at = ev.number;
                known = true;
            }
        }
    }
    write_heard(k, ended);
    return ended;
}

// The file of a recording that is on this machine, the caller's; NULL: it is not, or was taken
// away.
static char *downloaded(struct store *s, const char *address)
{
    struct arena *a = arena_new();
    struct download d = {0};
    char *file = NULL;
    if (store_download(s, address, a, &d, NULL) && d.file && *d.file == '/' &&
        access(d.file, R_OK) == 0)
        file = mem_strdup(d.file);
    arena_free(a);
    return file;
}

static void load(struct keeper *k, const struct sound *w)
{
    char from[32];
    struct heard h = {0};
    if (k->loaded)
        take(&k->before, &k->now);
    take(&k->now, w);
    if (!k->now.file)
        k->now.file = downloaded(k->store, k->now.address);
    store_heard(k->store, k->now.address, &h, NULL);
    k->at = h.at > REWIND ? h.at - REWIND : 0;
    k->length = h.length;
    k->loaded = false;
    set(&k->log, NULL);
    snprintf(from, sizeof from, "%.3f", k->at);
    MPV_DO(k->mpv, "set", "force-media-title", k->now.title);
    MPV_DO(k->mpv, "set", "start", from);
    MPV_DO(k->mpv, "loadfile", k->now.file ? k->now.file : k->now.address, "replace");
    MPV_DO(k->mpv, "set", "pause", "no");
    write_playing(k, true);
}

static void next(struct keeper *k)
{
    struct arena *a = arena_new();
    struct queue_row r = {0};
    do {
        const char *done = r.id ? r.address : k->now.address ? k->now.address : "";
        if (!store_queue_next(k->store, done, a, &r, NULL))
            r.id = 0;
    } while (r.id && !audio_address_ok(r.address));
    if (r.id)
        load(k, &(struct sound){r.item, r.address, NULL, r.title});
    else
        k->ending = true;
    arena_free(a);
}

static void failed(struct keeper *k, const char *why)
{
    if (k->log)
        why = k->log;
    set(&k->error,
        mem_printf("%s cannot be played: %s", k->now.title, *why ? why : "mpv does not say why"));
    next(k);
    write_playing(k, !k->ending);
}

static void ended(struct keeper *k, const struct mpv_event *ev)
{
    if (strcmp(ev->name, "eof") == 0) {
        set(&k->error, NULL);
        write_heard(k, true);
        k->at = 0;
        next(k);
    } else if (strcmp(ev->name, "error") == 0) {
        failed(k, ev->text);
    } else if (strcmp(ev->name, "quit") == 0) {
        k->ending = true;
    } // "stop": another one was put in its place
}

static void told(struct keeper *k, const struct mpv_event *ev)
{
    if (ev->nwords < 2 || strcmp(ev->words[0], KEEPER_NAME) != 0)
        return;
    const char *what = ev->words[1];
    if (strcmp(what, KEEPER_NEXT) == 0) {
        settle(k);
        next(k);
    } else if (strcmp(what, KEEPER_STOP) == 0) {
        write_playing(k, false); // from now on nobody is to ask us for anything
        settle(k);
        k->ending = true;
    } else if (strcmp(what, KEEPER_PLAY) == 0 && ev->nwords >= 6) {
        struct sound w = {strtoll(ev->words[2], NULL, 10), ev->words[3],
                          *ev->words[4] ? ev->words[4] : NULL, ev->words[5]};
        set(&k->error, NULL);
        if (may_play(&w)) {
            struct sound own = {0};
            take(&own, &w); // the event is gone with the next one
            settle(k);
            load(k, &own);
            forget(&own);
        }
    }
}

static void heard(struct keeper *k, const struct mpv_event *ev)
{
    if (!ev->known || !k->loaded) // of the recording before
        return;
    if (strcmp(ev->name, "time-pos") == 0)
        k->at = ev->number;
    else if (strcmp(ev->name, "duration") == 0)
        k->length = ev->number;
    else if (strcmp(ev->name, "pause") == 0 && ev->number != 0)
        write_heard(k, false);
}

static void listen_to(struct keeper *k, bool *gone)
{
    struct mpv_event ev;
    while (!k->ending && mpv_next(k->mpv, &ev, gone)) {
        if (ev.kind == MPV_LOADED)
            k->loaded = true;
        else if (ev.kind == MPV_PROPERTY)
            heard(k, &ev);
        else if (ev.kind == MPV_ENDED)
            ended(k, &ev);
        else if (ev.kind == MPV_MESSAGE)
            told(k, &ev);
        else if (ev.kind == MPV_LOG && !k->loaded && !k->log &&
                 strncmp(ev.name, "ipc", 3) != 0) // a reader that left is no reason
            set(&k->log, copy(ev.text));
    }
}

static void play(struct keeper *k)
{
    bool gone = false;
    while (!k->ending && !gone && !asked_to_end) {
        struct pollfd p = {mpv_fd(k->mpv), POLLIN, 0};
        int n = poll(&p, 1, TICK_MS);
        listen_to(k, &gone);
        int64_t now = (int64_t)time(NULL);
        if (n == 0 || now - k->noted >= NOTE_SECONDS)
            mpv_ask(k->mpv, "time-pos");
        if (k->loaded && now - k->saved >= SAVE_SECONDS)
            write_heard(k, false);
        else if (k->loaded && now - k->noted >= NOTE_SECONDS)
            note_heard(k);
    }
    if (asked_to_end)
        settle(k);
    if (gone && !k->ending) {
        set(&k->error, mem_printf("The player of %s ended by itself", k->now.title));
    }
}

// ---- mpv ----

static bool child_ended(struct keeper *k)
{
    if (k->child > 0 && waitpid(k->child, NULL, WNOHANG) == k->child)
        k->child = -1;
    return k->child < 0;
}

static bool start(struct keeper *k, const struct conf *c, struct err *e)
{
    if (!place_socket(&k->socket, e) || !mpv_start(c, k->socket, &k->child, e))
        return false;
    for (int ms = 0; ms < START_MS && !asked_to_end; ms += STEP_MS) {
        if (mpv_connect(k->socket, &k->mpv, NULL))
            return true;
        if (child_ended(k))
            return err_set(e, ERR_OTHER,
                           "mpv ended as soon as it was started; does it know the options of "
                           "`player`? `mpv --version` says whether it works");
        nap(STEP_MS);
    }
    return err_set(e, ERR_OTHER, "mpv does not listen after %d seconds", START_MS / 1000);
}

// One that plays although its keeper is gone is taken over.
static bool find(struct keeper *k)
{
    struct arena *a = arena_new();
    struct playing p = {0};
    bool known = store_playing(k->store, a, &p, NULL);
    bool found = known && p.socket && mpv_connect(p.socket, &k->mpv, NULL);
    if (known)
        take(&k->before, &(struct sound){p.item, p.address, NULL, p.title});
    if (found)
        k->socket = mem_strdup(p.socket);
    else if (known && p.socket)
        place_clear(p.socket); // of one that was killed
    arena_free(a);
    return found;
}

static void leave(struct keeper *k)
{
    if (k->mpv)
        MPV_DO(k->mpv, "quit");
    for (int ms = 0; k->child > 0 && ms < LEAVE_MS && !child_ended(k); ms += STEP_MS)
        nap(STEP_MS);
    if (k->child > 0) {
        kill(k->child, SIGKILL);
        while (waitpid(k->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    mpv_free(k->mpv);
    if (k->socket)
        place_clear(k->socket);
}

// ---- the way in ----

bool keeper_play(const char *library, const char *config, const struct sound *w, struct err *e)
{
    if (!may_play(w))
        return err_set(e, ERR_OTHER, "this is no web address and is not played: %.100s",
                       w->address ? w->address : "(nothing)");
    char *self = path_self(), item[24];
    if (!self)
        return err_set(e, ERR_OTHER, "cannot find the program that runs, to play beside it");
    const char *argv[16] = {"lectern", "--library", library};
    size_t n = 3;
    if (config) {
        argv[n++] = "--config";
        argv[n++] = config;
    }
    snprintf(item, sizeof item, "--item=%lld", (long long)w->item);
    char *file = mem_printf("--file=%s", w->file ? w->file : ""),
         *title = mem_printf("--title=%s", w->title ? w->title : "");
    const char *rest[] = {"play", "--keep", item, title, file, "--", w->address, NULL};
    memcpy(argv + n, rest, sizeof rest);
    bool ok = spawn_detached(self, (char *const *)argv, e);
    free(file);
    free(title);
    free(self);
    return ok;
}

// Whether it plays what it was told to: its row says so, or that it is about to end.
static bool obeys(struct store *s, const struct sound *w)
{
    for (int ms = 0; ms < OBEY_MS; ms += STEP_MS) {
        struct arena *a = arena_new();
        struct playing p = {0};
        bool on = store_playing(s, a, &p, NULL) && p.socket;
        bool done = on && p.address && strcmp(p.address, w->address) == 0;
        arena_free(a);
        if (done || !on)
            return done;
        nap(STEP_MS);
    }
    return false;
}

// The keeper there is plays it from now on. False: it is on its way out.
static bool tell(struct store *s, const struct sound *w)
{
    struct arena *a = arena_new();
    struct playing p = {0};
    struct mpv *m = NULL;
    char item[24];
    bool ok = store_playing(s, a, &p, NULL) && p.socket && mpv_connect(p.socket, &m, NULL);
    if (ok) {
        snprintf(item, sizeof item, "%lld", (long long)w->item);
        MPV_DO(m, "script-message", KEEPER_NAME, KEEPER_PLAY, item, w->address,
               w->file ? w->file : "", w->title ? w->title : w->address);
        mpv_free(m);
        ok = obeys(s, w);
    }
    arena_free(a);
    return ok;
}

static bool keep(struct keeper *k, const struct conf *c, const struct sound *w, struct err *e)
{
    struct sigaction sa = {.sa_handler = on_signal};
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
    recover(k);
    bool ok = find(k) || start(k, c, e);
    if (ok) {
        mpv_watch(k->mpv, "duration");
        mpv_watch(k->mpv, "pause");
        MPV_DO(k->mpv, "request_log_messages", "error");
        load(k, w);
        play(k);
        write_heard(k, false);
    } else {
        take(&k->now, w);
        set(&k->error, mem_strdup(e->msg));
    }
    write_playing(k, false); // first, so that nobody looks for what is about to go
    leave(k);
    return ok;
}

bool keeper_run(const char *library, const struct conf *c, const struct sound *w, struct err *e)
{
    struct keeper k = {0};
    if (!may_play(w))
        return err_set(e, ERR_OTHER, "this is no web address and is not played: %.100s",
                       w->address ? w->address : "(nothing)");
    if (!store_open(library, STORE_WRITE, &k.store, e))
        return false;
    store_set_wait(k.store, WAIT_MS);
    bool ok = false;
    struct err why = ERR_INIT;
    int claim = -1;
    time_t until = time(NULL) + START_MS / 1000;
    while (time(NULL) <= until) { // one that ends, or begins, takes a moment
        claim = place_claim(library, &why);
        if (claim >= 0 || why.kind != ERR_BUSY || (ok = tell(k.store, w)))
            break;
        nap(STEP_MS);
    }
    if (claim >= 0) {
        k.claim = claim;
        ok = keep(&k, c, w, &why);
        close(claim);
    }
    if (!ok)
        err_set(e, why.kind, "%s", why.msg);
    store_close(k.store);
    forget(&k.now);
    forget(&k.before);
    free(k.socket);
    free(k.log);
    free(k.error);
    return ok;
}
