// Where Lectern runs, as the doctor sees it: configuration, terminal, programs, network, clock.
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "doctor.h"
#include "commands.h"
#include "lectern/audio.h"
#include "lectern/fetch.h"
#include "lectern/theme.h"
#include "ui/keymap.h"
#include "ui/term_caps.h"

// ---- configuration ----

static size_t say_problems(struct doctor *d, const struct conf_problem *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        doctor_say(d, "config", WRONG, "mend the line, or take it away", "%s:%d: %s", p[i].file,
                   p[i].line, p[i].message);
    return n;
}

void doctor_config(struct doctor *d)
{
    static const enum conf_string themes[] = {CONF_THEME, CONF_THEME_LIGHT, CONF_THEME_DARK};
    const struct conf *c = d->session->conf;
    size_t n, wrong;
    const struct conf_problem *p = conf_problems(c, &n);
    wrong = say_problems(d, p, n);
    struct keymap *k = keymap_new(c);
    p = keymap_problems(k, &n);
    wrong += say_problems(d, p, n);
    keymap_free(k);
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        struct err e = ERR_INIT;
        if (!*conf_str(c, themes[i]))
            continue;
        struct theme *t = theme_load(conf_str(c, themes[i]), &e);
        p = theme_problems(t, &n);
        wrong += say_problems(d, p, n);
        if (e.kind != ERR_NONE) {
            wrong++;
            doctor_say(d, "config", WRONG, "lectern themes lists those there are", "%s", e.msg);
        }
        theme_free(t);
    }
    if (!wrong)
        doctor_say(d, "config", WELL, NULL, "%s%s", d->session->config,
                   access(d->session->config, F_OK) == 0 ? ""
                                                         : " is not there: all is as by default");
}

// ---- the terminal ----

static bool is_set(const char *variable)
{
    const char *v = getenv(variable);
    return v && *v;
}

void doctor_terminal(struct doctor *d)
{
    const char *part = "terminal", *name = getenv("TERM"), *codes = nl_langinfo(CODESET);
    bool utf8 = strcmp(codes, "UTF-8") == 0;
    if (!is_set("TERM")) {
        doctor_say(d, part, isatty(1) ? WRONG : WORTH_KNOWING, "start it from a terminal",
                   "TERM is not set: the reader cannot draw");
        return;
    }
    struct caps *c = caps_new(name, 1);
    if (!c) {
        doctor_say(d, part, WRONG,
                   "install its terminfo (ncurses-term has many), or set TERM to what it is like",
                   "this machine does not know the terminal %s", name);
        return;
    }
    struct winsize ws = {0};
    char size[64] = "";
    if (ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col)
        snprintf(size, sizeof size, ", %d columns, %d rows", ws.ws_col, ws.ws_row);
    doctor_say(d, part, WELL, NULL, "%s%s, %s%s%s", name, size,
               is_set("NO_COLOR")       ? "no colours (NO_COLOR)"
               : c->means.colours > 256 ? "all colours"
               : c->means.colours > 0   ? "few colours"
                                        : "no colours",
               c->means.italic ? ", italics" : "", c->links ? ", links (OSC 8)" : "");
    if (c->means.colours > 0 && c->means.colours <= 256 && !is_set("COLORTERM") &&
        !is_set("NO_COLOR"))
        doctor_say(d, part, WORTH_KNOWING,
                   "if the terminal has them all: export COLORTERM=truecolor",
                   "it is taken to have %d colours", c->means.colours);
    if (!utf8)
        doctor_say(d, part, WORTH_KNOWING, "set LANG to a locale that ends in .UTF-8",
                   "the locale speaks %s: letters beyond it are written in others", codes);
    if (is_set("TMUX"))
        doctor_say(d, part, WORTH_KNOWING,
                   "in ~/.tmux.conf: set -g set-clipboard on, and set -as terminal-features "
                   "',*:RGB' for all colours",
                   "tmux stands between: what is copied goes through it (OSC 52)");
    else if (is_set("STY"))
        doctor_say(d, part, WORTH_KNOWING, NULL,
                   "screen stands between: copying (OSC 52) takes what the terminal outside takes");
    if (audio_remote())
        doctor_say(d, part, WORTH_KNOWING, NULL,
                   "it is on another machine: addresses go there by the clipboard (OSC 52)");
    caps_free(c);
}

// ---- programs ----

static bool on_path(const char *program)
{
    if (strchr(program, '/'))
        return access(program, X_OK) == 0;
    const char *path = getenv("PATH");
    for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        char *file = mem_printf("%.*s/%s", (int)n, p, program);
        bool there = access(file, X_OK) == 0;
        free(file);
        if (there)
            return true;
        p += n + (p[n] == ':');
    }
    return false;
}

// An option that names a program: is it there? False: the option is not set.
static bool option_program(struct doctor *d, const char *option)
{
    struct buf value = {0};
    struct err e = ERR_INIT;
    char **words = NULL;
    size_t n = 0;
    bool set = conf_show(d->session->conf, option, &value) && value.len &&
               conf_words(value.data, &words, &n, &e) && n;
    if (set && on_path(words[0]))
        doctor_say(d, "programs", WELL, NULL, "%s is %s", option, words[0]);
    else if (set)
        doctor_say(d, "programs", WRONG, "install it, or set the option to another",
                   "the option %s names %s, which is not there", option, words[0]);
    free(words);
    buf_free(&value);
    return set;
}

static void first_of(struct doctor *d, const char *what, const char *const *names,
                     const char *advice)
{
    for (; *names; names++)
        if (on_path(*names)) {
            doctor_say(d, "programs", WELL, NULL, "%s is %s", what, *names);
            return;
        }
    doctor_say(d, "programs", WORTH_KNOWING, advice, "no %s was found", what);
}

void doctor_programs(struct doctor *d)
{
    static const char *const players[] = {"mpv",    "vlc",    "cvlc", "mplayer",
                                          "ffplay", "mpg123", NULL},
                             *const browsers[] = {"xdg-open", NULL};
    if (!option_program(d, "player"))
        first_of(d, "player", players, "install mpv, or name one with the option player");
    if (!option_program(d, "browser")) {
        if (is_set("BROWSER"))
            doctor_say(d, "programs", WELL, NULL, "browser is $BROWSER: %s", getenv("BROWSER"));
        else if (!audio_display())
            doctor_say(d, "programs", WELL, NULL, "no display here: addresses go to the clipboard");
        else
            first_of(d, "browser", browsers,
                     "install xdg-utils, or name one with the option browser");
    }
    option_program(d, "open-remote");
    option_program(d, "speak");
}

// ---- the network ----

static void ask_one(struct doctor *d)
{
    struct arena *a = arena_new();
    struct feed_rows rows = {0};
    const char *part = "network";
    bool asked = false;
    if (d->store)
        store_feeds(d->store, a, &rows, NULL);
    for (size_t i = 0; i < rows.n && !asked; i++) {
        const struct feed_row *r = &rows.items[i];
        if (strncmp(r->address, "http", 4) != 0 || r->health == HEALTH_PARKED)
            continue;
        struct http_reply reply = {0};
        struct err e = ERR_INIT;
        asked = true;
        if (fetch_get(r->address, d->session->conf, &reply, &e))
            doctor_say(d, part, WELL, NULL, "%s answers", r->url);
        else
            doctor_say(d, part, WRONG,
                       "does another program reach it? is a proxy needed (option proxy)?", "%s: %s",
                       r->url, e.msg);
        http_reply_free(&reply);
    }
    if (!asked)
        doctor_say(d, part, WORTH_KNOWING, NULL, "there is no feed on the network to ask");
    arena_free(a);
}

void doctor_network(struct doctor *d)
{
    const char *part = "network", *own = conf_str(d->session->conf, CONF_CA_FILE);
    struct buf words = {0};
    const char *trusted = version_network(&words);
    if (!trusted)
        doctor_say(d, part, WRONG, "install a libcurl with TLS", "%s", buf_cstr(&words));
    else
        doctor_say(d, part, WELL, NULL, "%s", buf_cstr(&words));
    if (*own)
        trusted = own;
    if (trusted && *trusted && access(trusted, R_OK) != 0)
        doctor_say(d, part, WRONG,
                   *own ? "name another file with the option ca-file"
                        : "install the package ca-certificates",
                   "the certificates to trust cannot be read: %s", trusted);
    else if (trusted && *trusted)
        doctor_say(d, part, WELL, NULL, "certificates to trust are in %s", trusted);
    buf_free(&words);
    if (d->network)
        ask_one(d);
}

// ---- the clock ----

void doctor_clock(struct doctor *d)
{
    enum { HOUR = 3600 };
    const int64_t made = 1735689600; // 2025: no Lectern is older
    struct arena *a = arena_new();
    struct feed_rows rows = {0};
    int64_t last = 0;
    if (d->store)
        store_feeds(d->store, a, &rows, NULL);
    for (size_t i = 0; i < rows.n; i++)
        last = rows.items[i].last_tried > last ? rows.items[i].last_tried : last;
    if (d->now < made)
        doctor_say(d, "clock", WRONG, "set it",
                   "it is before Lectern was made: certificates and dates will not do");
    else if (last > d->now + HOUR)
        doctor_say(d, "clock", WRONG,
                   "set it; feeds fetched in the future are due again when it comes",
                   "feeds were fetched %lld hours after now", (long long)((last - d->now) / HOUR));
    else
        doctor_say(d, "clock", WELL, NULL, "it agrees with the library");
    arena_free(a);
}
