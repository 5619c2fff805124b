// `lectern play`: listens from the shell, or says what to do to what plays already. The playing is
// done by a keeper (keeper.h) that stays when this command is long gone; `--keep` is that keeper.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "commands.h"
#include "lectern/audio.h"
#include "lectern/keeper.h"
#include "lectern/mem.h"
#include "lectern/mpv.h"
#include "lectern/when.h"
#include "sound.h"

enum { STEP_MS = 50, START_MS = 8000, ANSWER_MS = 1000 };

struct wishes {
    bool keep, pause, next, stop, status;
    const char *item, *file, *title, *seek, *speed;
};

// ---- what plays already ----

struct state {
    double at, length, speed;
    bool paused;
    unsigned known;
};

static void answer(struct state *s, const struct mpv_event *ev)
{
    static const char *const names[] = {"time-pos", "duration", "speed", "pause"};
    double *const places[] = {&s->at, &s->length, &s->speed};
    for (unsigned i = 0; i < 4; i++) {
        if (ev->kind != MPV_PROPERTY || strcmp(ev->name, names[i]) != 0)
            continue;
        if (i < 3)
            *places[i] = ev->number;
        else
            s->paused = ev->number != 0;
        s->known |= 1u << i;
    }
}

// Asks and waits a moment for the answers.
static void look(struct mpv *m, struct state *s)
{
    bool gone = false;
    struct mpv_event ev;
    static const char *const asked[] = {"time-pos", "duration", "speed", "pause"};
    for (size_t i = 0; i < 4; i++)
        mpv_ask(m, asked[i]);
    for (int ms = 0; s->known != 15 && !gone && ms < ANSWER_MS; ms += STEP_MS) {
        struct pollfd p = {mpv_fd(m), POLLIN, 0};
        poll(&p, 1, STEP_MS);
        while (mpv_next(m, &ev, &gone))
            answer(s, &ev);
    }
}

static void say(const struct playing *p, const struct state *s)
{
    struct buf b = {0};
    when_length((int64_t)s->at, &b);
    if (s->length > 0) {
        buf_char(&b, '/');
        when_length((int64_t)s->length, &b);
    }
    if (s->speed > 0 && (s->speed < 0.995 || s->speed > 1.005))
        buf_printf(&b, " %gx", s->speed);
    printf("%s\t%s%s\n", p->title, b.data, s->paused ? "\tpaused" : "");
    buf_free(&b);
}

static bool is_number(const char *s)
{
    char *end;
    strtod(s, &end);
    return *s && !*end;
}

static bool control(struct store *s, const struct wishes *w, struct err *e)
{
    struct arena *a = arena_new();
    struct playing p = {0};
    struct mpv *m = NULL;
    struct state now = {0};
    bool ok = store_playing(s, a, &p, e);
    if (ok && (!p.socket || !mpv_connect(p.socket, &m, NULL)))
        ok = err_set(e, ERR_MISSING, "nothing plays just now");
    if (ok) {
        if (w->pause)
            MPV_DO(m, "cycle", "pause");
        if (w->seek)
            MPV_DO(m, "seek", w->seek,
                   *w->seek == '+' || *w->seek == '-' ? "relative" : "absolute");
        if (w->speed)
            MPV_DO(m, "set", "speed", w->speed);
        if (w->next)
            MPV_DO(m, "script-message", KEEPER_NAME, KEEPER_NEXT);
        if (w->stop)
            MPV_DO(m, "script-message", KEEPER_NAME, KEEPER_STOP);
        look(m, &now);
        if (!w->stop && !w->next)
            say(&p, &now);
        mpv_free(m);
    }
    arena_free(a);
    return ok;
}

// ---- something to play ----

static bool is_new(const struct playing *p, const struct playing *old)
{
    return p->since > old->since || strcmp(p->error ? p->error : "", old->error ? old->error : "");
}

// Until it plays, or the keeper says why it does not.
static bool wait_for(struct store *s, const struct queue_row *r, const struct playing *before,
                     struct err *e)
{
    for (int ms = 0; ms < START_MS; ms += STEP_MS) {
        struct arena *a = arena_new();
        struct playing p = {0};
        struct mpv *m = NULL;
        struct state now = {0};
        bool read = store_playing(s, a, &p, e), done = false, ok = false;
        if (read && p.error && is_new(&p, before)) {
            done = true;
            ok = err_set(e, ERR_OTHER, "%s", p.error);
        } else if (read && p.socket && p.address && strcmp(p.address, r->address) == 0 &&
                   mpv_connect(p.socket, &m, NULL)) {
            look(m, &now);
            done = ok = now.known & 1 && now.length > 0;
            mpv_free(m);
        }
        arena_free(a);
        if (done || !read)
            return ok;
        poll(NULL, 0, STEP_MS);
    }
    return true; // slow, but on its way
}

static bool play(const struct session *session, struct store *s, const struct queue_row *r,
                 struct err *e)
{
    char player[64] = "mpv";
    struct arena *a = arena_new();
    struct playing before = {0};
    struct sound w = {r->item, r->address, NULL, r->title};
    bool ok;
    if (keeper_wanted(session->conf))
        ok = store_playing(s, a, &before, e) &&
             keeper_play(session->library, session->config, &w, e) && wait_for(s, r, &before, e);
    else
        ok = audio_play(session->conf, r->address, r->title, player, sizeof player, e);
    arena_free(a);
    if (ok)
        printf("Playing in %s: %s\n", player, r->title);
    return ok;
}

// What was played last, or what is to be heard first.
static bool again(struct store *s, struct arena *a, struct queue_row *out, struct err *e)
{
    struct queue_row *rows;
    struct playing p = {0};
    size_t n;
    if (!store_queue(s, a, &rows, &n, e) || !store_playing(s, a, &p, e))
        return false;
    struct heard h = {0};
    if (p.address && (!store_heard(s, p.address, &h, e)))
        return false;
    if (p.address && h.at > 0)
        *out = (struct queue_row){.item = p.item, .address = p.address, .title = p.title};
    else if (n)
        *out = rows[0];
    else
        return err_set(e, ERR_MISSING,
                       "there is nothing to play: name an essay by its id; "
                       "`lectern list has:audio` shows those that can be heard");
    return true;
}

static bool begin(const struct session *session, struct store *s, const struct arg_list *words,
                  struct err *e)
{
    struct arena *a = arena_new();
    struct queue_row first;
    bool ok =
        words->n ? sound_find(s, words->items[0], a, &first, NULL, e) : again(s, a, &first, e);
    for (size_t i = words->n; ok && i-- > 1;) { // in this order before what is there
        struct queue_row r, *rows;
        size_t n;
        int64_t id;
        bool existed;
        ok = sound_find(s, words->items[i], a, &r, NULL, e) && store_queue(s, a, &rows, &n, e) &&
             store_queue_add(s, &r, n ? rows[0].id : 0, &id, &existed, e);
    }
    ok = ok && play(session, s, &first, e);
    arena_free(a);
    return ok;
}

static int run(const struct session *session, int argc, char **argv)
{
    struct wishes w = {0};
    struct arg_list words;
    const struct arg_option options[] = {{"pause", 'p', .flag = &w.pause},
                                         {"next", 'n', .flag = &w.next},
                                         {"stop", 's', .flag = &w.stop},
                                         {"status", 0, .flag = &w.status},
                                         {"seek", 0, .value = &w.seek},
                                         {"speed", 0, .value = &w.speed},
                                         {"keep", 0, .flag = &w.keep},
                                         {"item", 0, .value = &w.item},
                                         {"file", 0, .value = &w.file},
                                         {"title", 0, .value = &w.title},
                                         {0}};
    if (!args_parse(&cmd_play, argc, argv, options, &words, 0, -1))
        return EXIT_USAGE;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    bool about = w.pause || w.next || w.stop || w.status || w.seek || w.speed, ok = false;
    int code = EXIT_DONE;
    if (about && words.n)
        code = args_usage(&cmd_play, "what plays is told what to do without naming anything");
    else if ((w.seek && !is_number(w.seek)) || (w.speed && !is_number(w.speed)))
        code = args_usage(&cmd_play, "--seek and --speed take a number");
    else if (w.keep && words.n == 1)
        ok = keeper_run(session->library, session->conf,
                        &(struct sound){w.item ? strtoll(w.item, NULL, 10) : 0, words.items[0],
                                        w.file && *w.file ? w.file : NULL, w.title},
                        &e);
    else if (store_open(session->library, STORE_WRITE, &s, &e))
        ok = about ? control(s, &w, &e) : begin(session, s, &words, &e);
    if (code == EXIT_DONE && !ok)
        code = args_fail(&cmd_play, &e);
    store_close(s);
    args_free(&words);
    return code;
}

const struct command cmd_play = {
    "play",
    "play [ID|ADDRESS]... | --pause | --seek SECONDS | --speed X | --next | --stop | --status",
    "listen to essays, in the background",
    "ID is what `lectern list` shows first. Plays its recording from where you left it, then the "
    "other IDs and the queue; without an ID, goes on with what was played last. With mpv the rest "
    "works, too, and the reader shows what plays.\n\n"
    "  -p, --pause            pause, or go on\n"
    "      --seek SECONDS     to this second; +10 and -10 are from where it is\n"
    "      --speed X          1 is as it was spoken\n"
    "  -n, --next             what is next in the queue\n"
    "  -s, --stop             stop; the place is kept\n"
    "      --status           what plays, and how far it is",
    run,
};
