// A socket is a way to run commands: the directory it stands in must be ours, closed to others, and
// its name not to be guessed. Paths of sockets are short, so that where the runtime directory is
// deep a directory below /tmp does.
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/mpv.h"
#include "lectern/path.h"

static const char made[] = "/tmp/lectern-";

static bool is_ours(const char *dir)
{
    struct stat st;
    return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
           ((st.st_mode & 077) == 0 || chmod(dir, 0700) == 0);
}

bool place_socket(char **out, struct err *e)
{
    unsigned char r[8];
    if (getentropy(r, sizeof r) != 0)
        return err_set(e, ERR_OTHER, "cannot make a name for the player's socket: %s",
                       strerror(errno));
    char *dir = path_runtime_dir();
    char *path = mem_printf("%s/mpv-%02x%02x%02x%02x%02x%02x%02x%02x", dir, r[0], r[1], r[2], r[3],
                            r[4], r[5], r[6], r[7]);
    bool ok = strlen(path) <= MPV_SOCKET_MAX && path_make_dir(dir, e) && is_ours(dir);
    if (!ok) {
        char own[] = "/tmp/lectern-XXXXXX";
        free(path);
        path = NULL;
        ok = mkdtemp(own) != NULL ||
             err_set(e, ERR_OTHER, "cannot make a directory for the player's socket: %s",
                     strerror(errno));
        if (ok)
            path = path_join(own, "mpv");
    }
    free(dir);
    if (ok)
        *out = path;
    return ok;
}

void place_clear(const char *socket)
{
    struct stat st; // the path may come out of a library that is not of our making
    if (lstat(socket, &st) == 0 && (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid()))
        return;
    unlink(socket);
    if (strncmp(socket, made, sizeof made - 1) == 0) {
        char *dir = mem_strndup(socket, (size_t)(strrchr(socket, '/') - socket));
        rmdir(dir);
        free(dir);
    }
}

void place_note(int claim, const char *text)
{
    size_t len = strlen(text);
    ssize_t n = len <= PLACE_NOTE ? pwrite(claim, text, len, 0) : 0;
    if (n >= 0 && ftruncate(claim, (off_t)n) != 0)
        return;
}

char *place_noted(int claim)
{
    char *text = mem_alloc(PLACE_NOTE + 1);
    ssize_t n = pread(claim, text, PLACE_NOTE, 0);
    if (n > 0)
        return text;
    free(text);
    return NULL;
}

int place_claim(const char *library, struct err *e)
{
    char *path = mem_printf("%s-play", library);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(e, ERR_OTHER, "cannot open %s: %s", path, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err_set(e, ERR_BUSY, "another Lectern plays just now");
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}
