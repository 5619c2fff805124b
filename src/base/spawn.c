// A program started so that it can never draw over the reader's screen, hold its terminal or its
// library open, or stay behind as a zombie: double fork, own session, empty streams. A pipe that
// closes on exec brings back the reason where exec failed.
#include "lectern/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/mem.h"

enum { HIGHEST_FD = 1024 }; // descriptors looked at; the reader has a dozen

static bool may_run(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *spawn_find(const char *name)
{
    if (!*name)
        return NULL;
    if (strchr(name, '/'))
        return may_run(name) ? mem_strdup(name) : NULL;
    const char *p = getenv("PATH");
    if (!p || !*p)
        p = "/usr/local/bin:/usr/bin:/bin";
    while (*p) {
        size_t n = strcspn(p, ":");
        if (*p == '/') {
            char *path = mem_printf("%.*s/%s", (int)n, p, name);
            if (may_run(path))
                return path;
            free(path);
        }
        p += n + (p[n] == ':');
    }
    return NULL;
}

// From here to exec only what is safe in the child of a process with threads.
static void become(const char *path, char *const argv[], int status)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        if (null < 0 || dup2(null, fd) < 0)
            goto fail;
    for (int fd = 3; fd < HIGHEST_FD; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0)
            fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(path, argv);
fail:;
    int why = errno;
    ssize_t n = write(status, &why, sizeof why);
    (void)n;
    _exit(127);
}

// A descriptor above the standard ones: a pipe of a reader started without them must not be taken
// for one.
static int above_streams(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int up = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return up;
}

// What closes by itself once the program runs, and brings the reason where it does not.
static bool status_pipe(int status[2])
{
    if (pipe(status) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        status[i] = above_streams(status[i]);
        fcntl(status[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

static bool started(int status, int *why)
{
    int code = 0;
    ssize_t n;
    while ((n = read(status, &code, sizeof code)) < 0 && errno == EINTR)
        ;
    if (n == (ssize_t)sizeof code)
        *why = code;
    return n != (ssize_t)sizeof code;
}

bool spawn_child(const char *path, char *const argv[], pid_t *child, struct err *e)
{
    int status[2];
    if (!status_pipe(status))
        return err_set(e, ERR_OTHER, "cannot start %s: %s", path, strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        become(path, argv, status[1]);
    }
    int why = pid < 0 ? errno : 0;
    close(status[1]);
    if (pid > 0 && !started(status[0], &why))
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    close(status[0]);
    if (why)
        return err_set(e, ERR_OTHER, "cannot start %s: %s", path, strerror(why));
    *child = pid;
    return true;
}

bool spawn_detached(const char *path, char *const argv[], struct err *e)
{
    int status[2];
    if (!status_pipe(status))
        return err_set(e, ERR_OTHER, "cannot start %s: %s", path, strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        setsid();
        pid_t grandchild = fork();
        if (grandchild == 0)
            become(path, argv, status[1]);
        if (grandchild < 0) {
            int why = errno;
            ssize_t n = write(status[1], &why, sizeof why);
            (void)n;
        }
        _exit(0);
    }
    int why = child < 0 ? errno : 0;
    close(status[1]);
    if (child > 0) {
        started(status[0], &why);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close(status[0]);
    return !why || err_set(e, ERR_OTHER, "cannot start %s: %s", path, strerror(why));
}
