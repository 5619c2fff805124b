// Output never blocks: what the line does not take waits in a queue, and the event loop goes on. A
// descriptor shared with the shell must not be set so, hence the terminal is opened anew.
#include "term_out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESTORE_MAX = 512, LAST_MS = 200 };

// ---- the way back, whatever happens ----

static struct {
    volatile sig_atomic_t armed, halfway; // halfway: part of a sequence may be out
    int fd, flags;
    struct termios modes;
    char bytes[RESTORE_MAX];
    size_t len;
} restore;

const struct termios *out_modes(void)
{
    return &restore.modes;
}

void out_arm(struct out *o, const char *bytes, size_t len)
{
    restore.armed = 0;
    if (!bytes)
        return;
    restore.fd = o->fd;
    restore.flags = o->flags;
    restore.len = len < RESTORE_MAX ? len : RESTORE_MAX;
    memcpy(restore.bytes, bytes, restore.len);
    restore.armed = 1;
}

static void last_words(const char *s, size_t len)
{
    while (len) {
        ssize_t n = write(restore.fd, s, len);
        struct pollfd p = {restore.fd, POLLOUT, 0};
        if (n < 0 && errno == EAGAIN && poll(&p, 1, LAST_MS) == 1)
            continue;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        s += n;
        len -= (size_t)n;
    }
}

void out_emergency(void)
{
    if (!restore.armed)
        return;
    restore.armed = 0;
    if (restore.halfway)
        last_words("\x18", 1); // CAN ends what was begun
    last_words(restore.bytes, restore.len);
    if (restore.flags >= 0)
        fcntl(restore.fd, F_SETFL, restore.flags);
    tcsetattr(restore.fd, TCSANOW, &restore.modes);
}

// ---- the queue ----

// The same terminal by another description; -1: it cannot be had.
static int open_again(int tty)
{
    char name[256];
    struct stat a, b;
    if (ttyname_r(tty, name, sizeof name) != 0)
        return -1;
    int fd = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &a) == 0 && fstat(tty, &b) == 0 && a.st_rdev == b.st_rdev)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool out_open(struct out *o, int tty, struct err *e)
{
    *o = (struct out){.fd = open_again(tty), .flags = -1};
    if (o->fd < 0) { // another user's terminal, after su
        o->fd = fcntl(tty, F_DUPFD_CLOEXEC, 3);
        o->flags = o->fd < 0 ? -1 : fcntl(o->fd, F_GETFL);
        if (o->flags >= 0)
            fcntl(o->fd, F_SETFL, o->flags | O_NONBLOCK);
    }
    if (o->fd >= 0 && tcgetattr(o->fd, &restore.modes) == 0)
        return true;
    err_set(e, ERR_OTHER, "cannot use the terminal: %s", strerror(errno));
    out_close(o);
    return false;
}

void out_close(struct out *o)
{
    if (o->flags >= 0)
        fcntl(o->fd, F_SETFL, o->flags);
    if (o->fd >= 0)
        close(o->fd);
    buf_free(&o->queue);
    o->fd = o->flags = -1;
}

bool out_waiting(const struct out *o)
{
    return o->sent < o->queue.len;
}

void out_add(struct out *o, const char *bytes, size_t len)
{
    buf_add(&o->queue, bytes, len);
}

void out_flush(struct out *o)
{
    while (out_waiting(o)) {
        ssize_t n = write(o->fd, o->queue.data + o->sent, o->queue.len - o->sent);
        if (n > 0)
            o->sent += (size_t)n;
        else if (n == 0 || errno == EAGAIN)
            break;
        else if (errno != EINTR)
            o->sent = o->queue.len; // the line is gone; reading tells
    }
    if (!out_waiting(o)) {
        buf_clear(&o->queue);
        o->sent = 0;
    }
    restore.halfway = out_waiting(o);
}

void out_drain(struct out *o, int ms)
{
    for (out_flush(o); out_waiting(o); out_flush(o)) {
        struct pollfd p = {o->fd, POLLOUT, 0};
        int n = poll(&p, 1, ms);
        if (n > 0 || (n < 0 && errno == EINTR))
            continue;
        tcflush(o->fd, TCOFLUSH); // or closing it would wait
        o->sent = o->queue.len;
    }
}
