// Which program plays or opens an address, and with which words. The address and the title are each
// a part of one argument, whatever is in them; nothing here is ever read by a shell.
#include "lectern/audio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "lectern/spawn.h"

enum { MAX_TITLE = 400 }; // bytes

// The words that keep a player off the screen and let it end with the audio. mpg123 takes no "--";
// no address that gets here begins with a dash.
static const struct {
    const char *program, *words[10];
} players[] = {
    {"mpv",
     {"--no-video", "--no-terminal", "--really-quiet", "--force-window=no", "--ytdl=no",
      "--force-media-title={title}", "--", "{url}"}},
    {"vlc",
     {"-I", "dummy", "--quiet", "--no-video", "--play-and-exit", "--meta-title={title}", "--",
      "{url}"}},
    {"cvlc", {"--quiet", "--no-video", "--play-and-exit", "--meta-title={title}", "--", "{url}"}},
    {"mplayer", {"-really-quiet", "-vo", "null", "-noconsolecontrols", "-nolirc", "--", "{url}"}},
    {"ffplay", {"-nodisp", "-autoexit", "-loglevel", "quiet", "--", "{url}"}},
    {"mpg123", {"-q", "{url}"}},
};
enum { PLAYERS = sizeof players / sizeof *players };

struct args {
    char **v; // NULL-ended; every word allocated
    size_t n, cap;
};

static void args_add(struct args *a, char *word)
{
    a->v = mem_grow(a->v, &a->cap, a->n + 2, sizeof *a->v);
    a->v[a->n++] = word;
    a->v[a->n] = NULL;
}

static void args_free(struct args *a)
{
    for (size_t i = 0; i < a->n; i++)
        free(a->v[i]);
    free(a->v);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

struct filling {
    const char *url, *title;
    bool percent; // $BROWSER's %s instead of {url}
};

// One word with its places filled in. *has_url tells that the address went in.
static char *fill(const char *word, const struct filling *f, bool *has_url)
{
    struct buf b = {0};
    for (const char *p = word; *p;) {
        if (f->percent && strncmp(p, "%s", 2) == 0) {
            buf_str(&b, f->url);
            *has_url = true;
            p += 2;
        } else if (f->percent && strncmp(p, "%%", 2) == 0) {
            buf_char(&b, '%');
            p += 2;
        } else if (!f->percent && (strncmp(p, "{url}", 5) == 0 || strncmp(p, "{file}", 6) == 0)) {
            buf_str(&b, f->url);
            *has_url = true;
            p += p[1] == 'u' ? 5 : 6;
        } else if (!f->percent && strncmp(p, "{title}", 7) == 0) {
            const char *title = f->title;
            if (p == word) // a word that is all title must not be taken for an option
                title += strspn(title, "-+ ");
            buf_str(&b, title);
            p += 7;
        } else {
            buf_char(&b, *p++);
        }
    }
    return buf_take(&b, NULL);
}

// Starts words[0] with the words filled in, the address added where none has it. ERR_MISSING: there
// is no such program.
static bool start(char *const *words, const struct filling *f, const char *option, struct err *e)
{
    char *path = spawn_find(words[0]);
    if (!path)
        return err_set(e, ERR_MISSING, "there is no program '%.100s' to run (from %s)", words[0],
                       option);
    struct args a = {0};
    bool has_url = false;
    args_add(&a, mem_strdup(words[0]));
    for (size_t i = 1; words[i]; i++)
        args_add(&a, fill(words[i], f, &has_url));
    if (!has_url)
        args_add(&a, mem_strdup(f->url));
    bool ok = spawn_detached(path, a.v, e);
    args_free(&a);
    free(path);
    return ok;
}

// A title fit to be an argument: one clean line of a sane length.
static char *tidy_title(const char *title, const char *url)
{
    if (!title || !*title)
        title = url;
    char *clean = utf8_clean_dup(title, strlen(title), UTF8_LINE);
    size_t len = strlen(clean);
    if (len > MAX_TITLE) {
        len = MAX_TITLE;
        while (len && ((unsigned char)clean[len] & 0xC0) == 0x80)
            len--;
        clean[len] = '\0';
    }
    return clean;
}

// A known player by its name or path, with the words that keep it quiet.
static bool start_known(const char *program, size_t known, const struct filling *f, struct err *e)
{
    struct args a = {0};
    args_add(&a, mem_strdup(program));
    for (size_t i = 0; players[known].words[i]; i++)
        args_add(&a, mem_strdup(players[known].words[i]));
    bool ok = start(a.v, f, "the option player", e);
    args_free(&a);
    return ok;
}

static bool play_with_option(const char *option, const struct filling *f, char *name,
                             size_t name_size, struct err *e)
{
    char **words;
    size_t n;
    if (!conf_words(option, &words, &n, e))
        return err_wrap(e, "option player");
    if (n == 0 || !*words[0]) {
        free(words);
        return err_set(e, ERR_MISSING, "the option player names no program");
    }
    bool ok = false, known = false;
    for (size_t i = 0; n == 1 && i < PLAYERS && !known; i++)
        if (strcmp(base_name(words[0]), players[i].program) == 0) {
            known = true;
            ok = start_known(words[0], i, f, e);
        }
    if (!known)
        ok = start(words, f, "the option player", e);
    if (ok)
        snprintf(name, name_size, "%s", base_name(words[0]));
    free(words);
    return ok;
}

bool audio_play(const struct conf *c, const char *url, const char *title, char *name,
                size_t name_size, struct err *e)
{
    if (!audio_address_ok(url))
        return err_set(e, ERR_OTHER, "this is no web address and is not played: %.100s",
                       url ? url : "(nothing)");
    char *clean = tidy_title(title, url);
    struct filling f = {.url = url, .title = clean};
    const char *option = conf_str(c, CONF_PLAYER);
    bool ok = false, tried = *option != '\0';
    if (tried)
        ok = play_with_option(option, &f, name, name_size, e);
    for (size_t i = 0; i < PLAYERS && !tried; i++) {
        char *path = spawn_find(players[i].program);
        if (!path)
            continue;
        tried = true;
        ok = start_known(path, i, &f, e);
        if (ok)
            snprintf(name, name_size, "%s", players[i].program);
        free(path);
    }
    free(clean);
    if (!tried)
        return err_set(e, ERR_MISSING,
                       "no player found: install mpv (or vlc, mplayer, ffplay, mpg123), or name "
                       "yours with the option player");
    return ok;
}

// The entries of $BROWSER one after the other until one starts.
static bool browse_environment(const char *list, const struct filling *f, struct err *e)
{
    bool ok = false;
    err_set(e, ERR_MISSING, "$BROWSER names no program");
    for (const char *p = list; *p && !ok;) {
        size_t len = strcspn(p, ":");
        char *entry = mem_strndup(p, len);
        char **words;
        size_t n;
        if (conf_words(entry, &words, &n, e)) {
            ok = n && *words[0] && start(words, f, "$BROWSER", e);
            free(words);
        }
        free(entry);
        p += len + (p[len] == ':');
    }
    return ok;
}

static bool may_open(const char *url, struct err *e)
{
    return audio_address_ok(url) ||
           err_set(e, ERR_OTHER, "this is no web address and is not opened: %.100s",
                   url ? url : "(nothing)");
}

// The program that an option names.
static bool open_with(const struct conf *c, enum conf_string o, const char *name,
                      const struct filling *f, struct err *e)
{
    char **words, from[40];
    size_t n;
    if (!conf_words(conf_str(c, o), &words, &n, e))
        return err_wrap(e, "option %s", name);
    snprintf(from, sizeof from, "the option %s", name);
    bool ok = n && *words[0] ? start(words, f, from, e)
                             : err_set(e, ERR_MISSING, "the option %s names no program", name);
    free(words);
    return ok;
}

bool audio_open_remote(const struct conf *c, const char *url, struct err *e)
{
    return may_open(url, e) && open_with(c, CONF_OPEN_REMOTE, "open-remote",
                                         &(struct filling){.url = url, .title = url}, e);
}

bool audio_browse(const struct conf *c, const char *url, struct err *e)
{
    if (!may_open(url, e))
        return false;
    struct filling f = {.url = url, .title = url};
    const char *environment = getenv("BROWSER");
    if (*conf_str(c, CONF_BROWSER))
        return open_with(c, CONF_BROWSER, "browser", &f, e);
    if (environment && *environment) {
        f.percent = true;
        return browse_environment(environment, &f, e);
    }
    if (!audio_display())
        return err_set(e, ERR_MISSING,
                       "there is no display here to open a browser on; the option browser or "
                       "$BROWSER can name one");
#ifdef __APPLE__
    char *words[] = {(char[]){"open"}, NULL};
#else
    char *words[] = {(char[]){"xdg-open"}, NULL};
#endif
    if (start(words, &f, "the system", e))
        return true;
    return e && e->kind == ERR_MISSING
               ? err_set(e, ERR_MISSING,
                         "no browser found: install xdg-utils, or name yours with the option "
                         "browser or $BROWSER")
               : false;
}
