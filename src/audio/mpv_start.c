// mpv as our player: with the words of the option `player`, those of an address left out, and what
// keeps it off the screen and within reach.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/mpv.h"
#include "lectern/spawn.h"

static bool is_mpv(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, "mpv") == 0;
}

// The words of the option; the bare name where it is not set. NULL: it names another player.
static char **own_words(const struct conf *c, size_t *n)
{
    const char *option = conf_str(c, CONF_PLAYER);
    char **words;
    if (!conf_words(*option ? option : "mpv", &words, n, NULL))
        return NULL;
    if (*n && is_mpv(words[0]))
        return words;
    free(words);
    return NULL;
}

bool mpv_wanted(const struct conf *c)
{
    size_t n;
    char **words = own_words(c, &n), *path = words ? spawn_find(words[0]) : NULL;
    bool wanted = path != NULL;
    free(path);
    free(words);
    return wanted;
}

bool mpv_start(const struct conf *c, const char *socket, pid_t *child, struct err *e)
{
    static const char *const quiet[] = {
        "--no-video",
        "--no-terminal",
        "--really-quiet",
        "--force-window=no",
        "--ytdl=no",
        "--idle=yes",
        "--keep-open=no",
        "--save-position-on-quit=no",
        "--resume-playback=no",
        "--load-unsafe-playlists=no",
        "--network-timeout=30",
    };
    enum { QUIET = sizeof quiet / sizeof *quiet };
    size_t n, at = 0;
    char **words = own_words(c, &n), *path = words ? spawn_find(words[0]) : NULL;
    if (!path) {
        free(words);
        return err_set(e, ERR_MISSING,
                       "there is no mpv to play with: install it, or name a player "
                       "of yours with the option player");
    }
    char **argv = mem_array(n + QUIET + 2, sizeof *argv);
    for (size_t i = 0; i < n && strcmp(words[i], "--") != 0; i++)
        if (!strstr(words[i], "{url}") && !strstr(words[i], "{file}") &&
            !strstr(words[i], "{title}"))
            argv[at++] = mem_strdup(words[i]);
    for (size_t i = 0; i < QUIET; i++)
        argv[at++] = mem_strdup(quiet[i]);
    argv[at++] = mem_printf("--input-ipc-server=%s", socket);
    argv[at] = NULL;
    bool ok = spawn_child(path, argv, child, e);
    for (size_t i = 0; i < at; i++)
        free(argv[i]);
    free(argv);
    free(path);
    free(words);
    return ok;
}
