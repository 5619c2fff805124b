// `lectern` without a subcommand: worker, library, terminal, first paint, then the event loop. The
// loop polls the terminal, the worker's pipe and the signal pipe; what comes from them changes the
// reader, which is drawn when nothing more is waiting. It never waits for a network, a parser or a
// lock.
//
// Two marks for tests and benches: with LECTERN_EXIT_AFTER_PAINT the program ends after the first
// paint; on the descriptor LECTERN_IDLE_FD it writes a byte whenever all that happened is drawn and
// it goes to wait.
#include "app.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/client.h"
#include "lectern/house.h"
#include "lectern/find.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "signals.h"
#include "term.h"
#include "lectern/theme.h"
#include "ui.h"

enum {
    REST_MS = 120,  // without a key: the cursor has come to rest
    FRAME_MS = 16,  // how long what happened may go unseen
    TICK_MS = 1000, // between looks at other writers, the clock, deferred writes
    FLUSH_MS = 300, // how long the end waits for another process's lock
    CTRL_Z = 26,
};

struct app {
    const struct session *session;
    struct client *client;
    struct store *store;
    struct term *term;
    struct theme *theme;
    char *theme_name;
    struct keymap *keymap;
    struct canvas *canvas;
    struct ui *ui;
    int idle_fd;
    bool ending; // a signal or the line says so
    bool asked;
    int signal; // which one: the program ends by it, as others expect
};

static void send_bytes(void *ctx, const char *bytes, size_t len)
{
    struct app *a = ctx;
    term_send(a->term, bytes, len);
}

static void redraw(void *ctx)
{
    term_redraw(((struct app *)ctx)->term);
}

static void paint(struct app *a)
{
    ui_draw(a->ui, a->canvas);
    term_draw(a->term, a->canvas, ui_terminal_title(a->ui));
}

// A size may have come and gone before it was looked at, and the terminal lost what it cut off: so
// everything is sent again even where the size is the same.
static void resize(struct app *a)
{
    term_redraw(a->term);
    ui_redraw(a->ui);
    if (!term_resized(a->term))
        return;
    canvas_resize(a->canvas, term_cols(a->term), term_rows(a->term));
    ui_resize(a->ui, term_cols(a->term), term_rows(a->term));
}

// ---- the theme ----

// The terminal is only asked where the answer would matter.
static bool asks_ground(struct app *a)
{
    const struct conf *c = a->session->conf;
    return term_means(a->term).colours > 0 && strcmp(conf_str(c, CONF_BACKGROUND), "auto") == 0 &&
           (*conf_str(c, CONF_THEME_LIGHT) || *conf_str(c, CONF_THEME_DARK));
}

// As the configuration says, else as the terminal said, else as COLORFGBG has it (rxvt, Konsole):
// "15;0", the background last.
static enum ground ground(struct app *a)
{
    const char *says = conf_str(a->session->conf, CONF_BACKGROUND);
    if (strcmp(says, "auto") != 0)
        return strcmp(says, "light") == 0 ? GROUND_LIGHT : GROUND_DARK;
    if (a->term && term_ground(a->term) != GROUND_UNKNOWN)
        return term_ground(a->term);
    const char *pair = getenv("COLORFGBG"), *back = pair ? strrchr(pair, ';') : NULL;
    if (!back || !back[1])
        return GROUND_UNKNOWN;
    int colour = atoi(back + 1);
    return colour == 7 || colour > 8 ? GROUND_LIGHT : GROUND_DARK;
}

// False: it cannot be had, and there is one already, which stays; without one it is the default.
static bool use_theme(struct app *a, const char *name, struct err *e)
{
    struct err why = ERR_INIT;
    if (a->theme_name && strcmp(a->theme_name, name) == 0)
        return true;
    struct theme *t = theme_load(name, &why);
    if (why.kind != ERR_NONE)
        *e = why;
    if (why.kind != ERR_NONE && a->theme) {
        theme_free(t);
        return false;
    }
    if (a->term)
        term_set_theme(a->term, t);
    theme_free(a->theme);
    free(a->theme_name);
    a->theme = t;
    a->theme_name = mem_strdup(name);
    return true;
}

static bool choose_theme(struct app *a, struct err *e)
{
    const struct conf *c = a->session->conf;
    enum ground on = ground(a);
    const char *own = on == GROUND_LIGHT  ? conf_str(c, CONF_THEME_LIGHT)
                      : on == GROUND_DARK ? conf_str(c, CONF_THEME_DARK)
                                          : "";
    return use_theme(a, *own ? own : conf_str(c, CONF_THEME), e);
}

// ---- what happens ----

static void suspend(struct app *a)
{
    struct err e = ERR_INIT;
    ui_save(a->ui);
    store_flush(a->store, 0, &e); // best effort: it is asked again when idle
    term_suspend(a->term);
    signals_stop();
    term_resume(a->term);
    resize(a);
    paint(a);
}

static void on_signal(struct app *a, int number)
{
    switch (number) {
    case SIGTERM:
    case SIGHUP:
    case SIGINT:
        a->ending = true;
        a->signal = number;
        break;
    case SIGTSTP:
        suspend(a);
        break;
    case SIGCONT: // after a stop that could not be caught
        term_resume(a->term);
        resize(a);
        paint(a);
        break;
    case SIGWINCH:
        resize(a);
        break;
    default:
        break;
    }
}

// The wheel scrolls; a press puts the cursor on a line, or opens the line it is on; in an essay it
// follows a link or peeks at a note.
static void on_mouse(struct app *a, struct mouse m)
{
    enum { WHEEL_ROWS = 3 };
    if (ui_prompting(a->ui))
        return;
    keymap_reset(a->keymap);
    if (m.what != MOUSE_PRESS)
        ui_act(a->ui, m.what == MOUSE_WHEEL_UP ? ACT_UP : ACT_DOWN, WHEEL_ROWS);
    else if (!canvas_empty(a->canvas, m.row))
        ui_click(a->ui, m.row, m.col);
}

static void on_key(struct app *a, int key)
{
    if (key == CTRL_Z)
        suspend(a);
    else if (key == KEYS_MOUSE)
        on_mouse(a, term_mouse(a->term));
    else
        ui_press(a->ui, key);
}

// ---- the loop ----

struct waiting {
    bool typed, worker, signalled, played;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool something_waits(struct app *a, int timeout, struct waiting *w)
{
    struct pollfd p[5] = {{term_fd(a->term), POLLIN, 0},
                          {signals_fd(), POLLIN, 0},
                          {a->client ? client_fd(a->client) : -1, POLLIN, 0},
                          {term_out_fd(a->term), POLLOUT, 0},
                          {ui_player_fd(a->ui), POLLIN, 0}};
    int n = poll(p, 5, timeout);
    if (n > 0 && p[3].revents)
        term_flush(a->term);
    w->typed = n > 0 && p[0].revents;
    w->signalled = n > 0 && p[1].revents;
    w->worker = n > 0 && p[2].revents;
    w->played = n > 0 && p[4].revents;
    return n > 0;
}

static void mark_idle(struct app *a)
{
    ssize_t n = a->idle_fd >= 0 ? write(a->idle_fd, ".", 1) : 0;
    (void)n;
}

static void handle(struct app *a, struct waiting w, bool settled)
{
    for (int number; w.signalled && !a->ending && (number = signals_next());)
        on_signal(a, number);
    if (a->ending)
        return;
    if (w.typed && !term_read(a->term)) {
        a->ending = true; // the line is gone, and SIGHUP may come late or never
        a->signal = SIGHUP;
        return;
    }
    struct client_event ev;
    while (a->client && w.worker && client_next(a->client, &ev))
        ui_event(a->ui, &ev);
    for (int key; !ui_done(a->ui) && term_key(a->term, settled, &key); settled = false)
        on_key(a, key);
    if (term_learned(a->term)) {
        struct err e = ERR_INIT;
        if (!choose_theme(a, &e))
            ui_message(a->ui, true, "%s", e.msg);
        ui_redraw(a->ui);
    }
}

static void run(struct app *a)
{
    bool news = true;   // something happened since the last idle mark
    bool quiet = false; // ui_idle had its turn since
    int64_t typed_at = 0, painted_at = 0;
    while (!ui_done(a->ui) && !a->ending) {
        struct waiting w;
        bool half = term_key_waiting(a->term);
        bool more = something_waits(a, 0, &w);
        bool sending = term_out_fd(a->term) >= 0; // drawing more would only make it longer
        // What came is done: show it, then let the reader do what can wait, then wait. Where more
        // and more comes, now and then is often enough.
        if (ui_dirty(a->ui) && !sending && (!more || now_ms() - painted_at >= FRAME_MS)) {
            paint(a);
            painted_at = now_ms();
            continue;
        }
        if (!more) {
            if (!half && !quiet) {
                ui_idle(a->ui);
                quiet = !ui_busy(a->ui);
                continue;
            }
            if (!a->asked && !sending) { // after the first paint, which must not wait for it
                a->asked = true;
                term_ask(a->term, asks_ground(a));
            }
            int64_t rest = typed_at + REST_MS - now_ms();
            if (ui_restless(a->ui) && rest <= 0) {
                ui_rest(a->ui);
                continue;
            }
            if (!half && news && !sending && !term_asking(a->term) && !ui_restless(a->ui)) {
                mark_idle(a);
                news = false;
            }
            if (!something_waits(a,
                                 half                 ? term_patience(a->term)
                                 : ui_restless(a->ui) ? (int)rest
                                                      : TICK_MS,
                                 &w))
                quiet = false; // a tick
        }
        if (w.typed)
            typed_at = now_ms();
        bool settled = half && !w.typed && now_ms() - typed_at >= term_patience(a->term);
        if (w.played)
            ui_player(a->ui);
        if (!w.typed && !w.worker && !w.signalled && !settled)
            continue;
        news = true;
        quiet = false;
        handle(a, w, settled);
    }
}

// ---- start and end ----

static void tell(struct app *a, const struct conf_problem *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ui_message(a->ui, true, "%s:%d: %s", p[i].file, p[i].line, p[i].message);
}

static bool plain_glyphs(struct app *a)
{
    const char *glyphs = conf_str(a->session->conf, CONF_GLYPHS);
    return !term_unicode(a->term) || strcmp(glyphs, "ascii") == 0;
}

static struct term_wants wanted(struct app *a)
{
    const struct conf *c = a->session->conf;
    return (struct term_wants){.title = conf_bool(c, CONF_TITLE),
                               .mouse = conf_bool(c, CONF_MOUSE),
                               .links = conf_bool(c, CONF_HYPERLINKS)};
}

// What the text stands on: the theme's own background, else the terminal's.
static bool is_light(void *ctx)
{
    struct app *a = ctx;
    struct look l = theme_look(a->theme, STYLE(TEXT), term_means(a->term));
    if (l.bg == LOOK_DEFAULT)
        return ground(a) == GROUND_LIGHT;
    uint32_t rgb = theme_rgb(l.bg);
    return (rgb >> 16) + (rgb >> 8 & 255) + (rgb & 255) > 3 * 128;
}

// What an option that is set while the reader runs means to the terminal.
static bool option_changed(void *ctx, const char *option, struct err *e)
{
    struct app *a = ctx;
    if (strcmp(option, "glyphs") == 0)
        ui_ascii(a->ui, plain_glyphs(a));
    struct term_wants w = wanted(a);
    term_set_wants(a->term, &w);
    if (strcmp(option, "theme") == 0) // asked for by name, whatever the background
        return use_theme(a, conf_str(a->session->conf, CONF_THEME), e);
    if (strncmp(option, "theme-", 6) == 0 || strcmp(option, "background") == 0)
        return choose_theme(a, e);
    return true;
}

static bool yes(void)
{
    char line[16] = "";
    return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}

// A damaged library can be saved at once, if its reader says so; nothing is done unasked.
static bool rescue(const char *library, struct err *e)
{
    struct salvage_result r = {0};
    struct buf words = {0};
    if (!isatty(0) || !isatty(1))
        return false;
    printf("%s\n\nSave what can be read now? The damaged file is kept. (y/n) ", e->msg);
    fflush(stdout);
    if (!yes() || !house_salvage(library, NULL, &r, e))
        return false;
    house_salvage_words(&r, &words);
    printf("\n%sEnter opens the new library. ", buf_cstr(&words));
    fflush(stdout);
    yes();
    buf_free(&words);
    free(r.kept);
    return true;
}

static bool start(struct app *a, struct err *e)
{
    const struct session *s = a->session;
    struct err no_worker = ERR_INIT, no_theme = ERR_INIT;
    if (!term_possible(e)) // before anything is started
        return false;
    if (!client_start(s->library, s->conf, find_index, &a->client, &no_worker))
        a->client = NULL; // reading goes on without fetching
    if (!store_open(s->library, STORE_READER, &a->store, e) &&
        !(e->kind == ERR_DAMAGED && rescue(s->library, e) &&
          store_open(s->library, STORE_READER, &a->store, e)))
        return false;
    store_set_wait(a->store, 0);
    if (!signals_catch(e))
        return false;
    signals_on_crash(term_emergency);
    mem_on_exhausted(term_emergency);
    choose_theme(a, &no_theme);
    a->keymap = keymap_new(s->conf);
    struct term_wants wants = wanted(a);
    if (!term_open(&wants, &a->term, e))
        return false;
    term_set_theme(a->term, a->theme);
    a->canvas = canvas_new(term_cols(a->term), term_rows(a->term));
    struct ui_setup setup = {
        .store = a->store,
        .conf = s->conf,
        .client = a->client,
        .keymap = a->keymap,
        .ascii = plain_glyphs(a),
        .whole_blocks = !term_halves(a->term),
        .send = send_bytes,
        .redraw = redraw,
        .light = is_light,
        .changed = option_changed,
        .ctx = a,
        .library = s->library,
        .config = s->config,
        .history = s->history,
        .utc_offset = INT32_MAX,
    };
    a->ui = ui_new(&setup, term_cols(a->term), term_rows(a->term));
    size_t n, all;
    const struct conf_problem *p = conf_problems(s->conf, &all);
    tell(a, p, all);
    p = keymap_problems(a->keymap, &n);
    tell(a, p, n);
    all += n;
    p = theme_problems(a->theme, &n);
    tell(a, p, n);
    all += n;
    struct buf key = {0};
    keymap_keys(a->keymap, VIEW_SHELF, ACT_MESSAGES, &key);
    if (all > 1)
        ui_message(a->ui, true, "%zu lines of the configuration are wrong; %.*s says which", all,
                   key.len ? (int)strcspn(key.data, ",") : 9, key.len ? key.data : ":messages");
    buf_free(&key);
    if (no_theme.kind != ERR_NONE)
        ui_message(a->ui, true, "%s", no_theme.msg);
    if (no_worker.kind != ERR_NONE)
        ui_message(a->ui, true, "%s", no_worker.msg);
    return true;
}

static void end(struct app *a, struct err *e)
{
    if (a->ui)
        ui_save(a->ui);
    ui_free(a->ui);
    term_close(a->term);
    client_end(a->client);
    if (a->store && store_pending(a->store) && !store_flush(a->store, FLUSH_MS, e))
        err_wrap(e, "the last changes could not be written to the library");
    store_close(a->store);
    mem_on_exhausted(NULL);
    signals_on_crash(NULL);
    signals_release();
    canvas_free(a->canvas);
    keymap_free(a->keymap);
    theme_free(a->theme);
    free(a->theme_name);
}

int app_run(const struct session *s)
{
    struct app a = {.session = s, .idle_fd = -1};
    struct err e = ERR_INIT;
    const char *idle = getenv("LECTERN_IDLE_FD");
    if (idle && *idle)
        a.idle_fd = atoi(idle);
    int code = EXIT_DONE;
    if (start(&a, &e)) {
        paint(&a);
        if (!getenv("LECTERN_EXIT_AFTER_PAINT")) {
            if (conf_bool(s->conf, CONF_FETCH_START) && a.client && store_writable(a.store))
                client_fetch_all(a.client, false);
            else if (*conf_str(s->conf, CONF_BOOKMARKS_FOLDER))
                client_wake(a.client); // keeps it in step
            run(&a);
        }
    } else {
        code = EXIT_FAILED;
    }
    struct err late = ERR_INIT;
    end(&a, &late);
    if (e.kind != ERR_NONE || late.kind != ERR_NONE) {
        fprintf(stderr, "lectern: %s\n", e.kind != ERR_NONE ? e.msg : late.msg);
        code = EXIT_FAILED;
    }
    // Who sent the signal sees that it worked.
    if (a.signal) {
        signal(a.signal, SIG_DFL);
        raise(a.signal);
    }
    return code;
}
