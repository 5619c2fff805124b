// The reader's end of the pipe, and the keeper: a small process forked early, while this one is
// still small and simple, that starts the worker when something is asked for, buries it when it
// dies, and says so. The keeper has a session of its own, so the terminal's signals reach neither
// it nor the worker; both end when the reader's end of the socket is closed, however the reader
// ended.
#include "lectern/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "worker.h"

enum { NICER = 5 };

struct client {
    int fd; // -1: no keeper any more
    struct buf in, out;
    size_t read; // of `in`, taken already
    int worker;
    bool died; // still to be told
};

// ---- the keeper ----

static void to_null(void)
{
    int null = open("/dev/null", O_RDWR);
    if (null < 0)
        return;
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    if (null > 2)
        close(null);
}

static void plain_signals(void)
{
    for (int sig = 1; sig < 32; sig++)
        if (sig != SIGKILL && sig != SIGSTOP)
            signal(sig, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Waits until something is asked for. False: nobody is there to ask.
static bool asked(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, -1) < 0 && errno == EINTR)
        ;
    char c;
    return recv(fd, &c, 1, MSG_PEEK) == 1;
}

static void tell_death(int fd, int status)
{
    char line[160], unread[4096];
    // What it had been asked for goes with it: else the same request could end every worker that
    // follows.
    while (recv(fd, unread, sizeof unread, MSG_DONTWAIT) > 0)
        ;
    int n =
        WIFSIGNALED(status)
            ? snprintf(
                  line, sizeof line,
                  "\ndied the fetcher was ended by signal %d (%s); it starts again when asked\n",
                  WTERMSIG(status), strsignal(WTERMSIG(status)))
            : snprintf(line, sizeof line,
                       "\ndied the fetcher ended with code %d; it starts again when asked\n",
                       WEXITSTATUS(status));
    send(fd, line, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void keep(int fd, const char *library, const struct conf *c, client_chore chore)
{
    while (asked(fd)) {
        pid_t pid = fork();
        if (pid == 0) {
            if (nice(NICER) == -1)
                errno = 0;
            worker_serve(fd, library, c, chore);
            _exit(0);
        }
        int status = 0;
        if (pid < 0)
            status = 1 << 8;
        while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return; // asked to, or nobody listens
        if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == WORKER_AGAIN)
            continue;
        tell_death(fd, status);
    }
}

bool client_start(const char *library, const struct conf *c, client_chore chore,
                  struct client **out, struct err *e)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return err_set(e, ERR_OTHER, "the fetcher cannot be started: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) { // between: the keeper shall be nobody's child, so that nobody need bury it
        close(ends[0]);
        setsid();
        pid_t keeper = fork();
        if (keeper != 0)
            _exit(keeper < 0);
        plain_signals();
        to_null();
        keep(ends[1], library, c, chore);
        _exit(0);
    }
    int status = 1, why = errno;
    close(ends[1]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0 || status != 0) {
        close(ends[0]);
        return err_set(e, ERR_OTHER, "the fetcher cannot be started: %s",
                       pid < 0 ? strerror(why) : "no more processes");
    }
    fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK);
    struct client *cl = mem_alloc(sizeof *cl);
    cl->fd = ends[0];
    *out = cl;
    return true;
}

// ---- the reader's end ----

static void lost(struct client *c)
{
    close(c->fd);
    c->fd = -1;
    c->worker = 0;
    c->died = true;
    buf_clear(&c->out);
}

static void flush(struct client *c)
{
    while (c->fd >= 0 && c->out.len) {
        ssize_t n = send(c->fd, c->out.data, c->out.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n < 0) {
            lost(c);
            return;
        }
        memmove(c->out.data, c->out.data + n, c->out.len - (size_t)n);
        c->out.len -= (size_t)n;
    }
}

static bool ask(struct client *c, const char *line)
{
    if (!c || c->fd < 0)
        return false;
    buf_str(&c->out, line);
    buf_char(&c->out, '\n');
    flush(c);
    return c->fd >= 0;
}

int client_fd(const struct client *c)
{
    return c ? c->fd : -1;
}

int client_worker(const struct client *c)
{
    return c ? c->worker : 0;
}

bool client_fetch_all(struct client *c, bool force)
{
    return ask(c, force ? "get all" : "get due");
}

bool client_fetch_feed(struct client *c, int64_t feed)
{
    char line[40];
    snprintf(line, sizeof line, "get %lld", (long long)feed);
    return ask(c, line);
}

static bool ask_with(struct client *c, const char *what, const char *text)
{
    struct buf b = {0};
    buf_printf(&b, "%s\t", what);
    for (; *text; text++)
        buf_char(&b, *text == '\n' || *text == '\r' ? ' ' : *text);
    bool ok = b.len < 16384 && ask(c, b.data);
    buf_free(&b);
    return ok;
}

bool client_add(struct client *c, const char *address)
{
    return ask_with(c, "add", address);
}

bool client_import(struct client *c, const char *file)
{
    return ask_with(c, "import", file);
}

bool client_index(struct client *c)
{
    return ask(c, "index");
}

bool client_page(struct client *c, int64_t entry)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)entry);
    return ask_with(c, "page", number);
}

bool client_narration(struct client *c, int64_t item)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)item);
    return ask_with(c, "narration", number);
}

bool client_wake(struct client *c)
{
    return ask(c, "wake");
}

bool client_older(struct client *c, int64_t feed, int64_t limit, int64_t since)
{
    char line[100];
    snprintf(line, sizeof line, "%lld %lld %lld", (long long)feed, (long long)limit,
             (long long)since);
    return ask_with(c, "older", line);
}

void client_stop_older(struct client *c)
{
    ask(c, "older stop");
}

void client_stop_fetch(struct client *c)
{
    ask(c, "stop");
}

// The next whole line there is, without its end; NULL: none.
static char *next_line(struct client *c)
{
    if (!c->in.data)
        return NULL;
    char *from = c->in.data + c->read, *nl = memchr(from, '\n', c->in.len - c->read);
    if (!nl)
        return NULL;
    *nl = '\0';
    c->read = (size_t)(nl - c->in.data) + 1;
    return from;
}

static void take_in(struct client *c)
{
    if (c->read) {
        memmove(c->in.data, c->in.data + c->read, c->in.len - c->read);
        c->in.len -= c->read;
        c->read = 0;
    }
    while (c->fd >= 0 && c->in.len < 65536) {
        buf_reserve(&c->in, 8192);
        ssize_t n = recv(c->fd, c->in.data + c->in.len, 8192, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n <= 0) {
            lost(c);
            break;
        }
        c->in.len += (size_t)n;
    }
}

static void take_text(struct client_event *ev, const char *text)
{
    snprintf(ev->text, sizeof ev->text, "%s", text);
    size_t len = strlen(ev->text);
    if (len + 1 < sizeof ev->text)
        return;
    while (len && ((unsigned char)ev->text[len - 1] & 0xC0) == 0x80) // a character cut in two
        len--;
    ev->text[len ? len - 1 : 0] = '\0';
}

static bool understand(struct client *c, const char *line, struct client_event *ev)
{
    long long a = 0, b = 0, d = 0, ev_item = 0, essays = 0, unread = 0, wait = 0;
    int at = 0, total = 0, failed = 0;
    *ev = (struct client_event){0};
    if (sscanf(line, "pid %d", &c->worker) == 1)
        return false;
    if (sscanf(line, "begin %d", &ev->total) == 1) {
        ev->kind = CLIENT_BEGIN;
    } else if (sscanf(line, "get %lld", &a) == 1) {
        ev->kind = CLIENT_GET;
    } else if (sscanf(line, "ok %lld %lld %lld", &a, &b, &d) == 3) {
        ev->kind = CLIENT_OK;
    } else if (sscanf(line, "same %lld", &a) == 1) {
        ev->kind = CLIENT_SAME;
    } else if (sscanf(line, "err %lld %n", &a, &at) == 1 && at) {
        ev->kind = CLIENT_ERR;
        take_text(ev, line + at);
    } else if (sscanf(line, "added %lld %lld %d %n", &a, &b, &total, &at) == 3 && at) {
        ev->kind = CLIENT_ADDED;
        ev->existed = total != 0;
        take_text(ev, line + at);
    } else if (sscanf(line, "imported %lld %lld %d %lld %lld %n", &b, &d, &failed, &essays, &unread,
                      &at) == 5 &&
               at) {
        ev->kind = CLIENT_IMPORTED;
        ev->failed = failed;
        ev->essays = essays;
        ev->unread = unread;
        take_text(ev, line + at);
    } else if (sscanf(line, "kept %lld %lld %d %n", &b, &d, &failed, &at) == 3 && at) {
        ev->kind = CLIENT_KEPT;
        ev->failed = failed;
        take_text(ev, line + at);
    } else if (sscanf(line, "went %lld %lld", &a, &d) == 2) {
        ev->kind = CLIENT_WENT;
    } else if (strcmp(line, "indexed") == 0) {
        ev->kind = CLIENT_INDEXED;
    } else if (sscanf(line, "page %lld %d%n", &ev_item, &total, &at) == 2 && at) {
        ev->kind = CLIENT_PAGE;
        ev->item = ev_item;
        ev->existed = total == 0;
        take_text(ev, line[at] == ' ' ? line + at + 1 : line + at);
    } else if (sscanf(line, "pageerr %lld %n", &ev_item, &at) == 1 && at) {
        ev->kind = CLIENT_PAGE_ERR;
        ev->item = ev_item;
        take_text(ev, line + at);
    } else if (sscanf(line, "older %lld %lld %lld %lld", &a, &b, &d, &wait) == 4) {
        ev->kind = CLIENT_OLDER;
        ev->waits = wait;
    } else if (sscanf(line, "olderend %lld %lld %d %n", &a, &b, &total, &at) == 3 && at) {
        ev->kind = CLIENT_OLDER_END;
        ev->more = total != 0;
        take_text(ev, line + at);
    } else if (sscanf(line, "oldererr %lld %lld %n", &a, &b, &at) == 2 && at) {
        ev->kind = CLIENT_OLDER_ERR;
        take_text(ev, line + at);
    } else if (sscanf(line, "narration %lld %lld %n", &ev_item, &b, &at) == 2 && at) {
        ev->kind = CLIENT_NARRATION;
        ev->item = ev_item;
        take_text(ev, line + at);
    } else if (sscanf(line, "narrationerr %lld %n", &ev_item, &at) == 1 && at) {
        ev->kind = CLIENT_NARRATION_ERR;
        ev->item = ev_item;
        take_text(ev, line + at);
    } else if (strncmp(line, "note ", 5) == 0) {
        ev->kind = CLIENT_NOTE;
        take_text(ev, line + 5);
    } else if (strncmp(line, "adderr ", 7) == 0) {
        ev->kind = CLIENT_ADD_ERR;
        take_text(ev, line + 7);
    } else if (sscanf(line, "end %lld %lld %d %d", &b, &d, &total, &failed) == 4) {
        ev->kind = CLIENT_END;
        ev->total = total;
        ev->failed = failed;
    } else if (strncmp(line, "died ", 5) == 0) {
        ev->kind = CLIENT_DIED;
        c->worker = 0;
        take_text(ev, line + 5);
    } else {
        return false; // half a line of a worker that died while it wrote
    }
    ev->feed = a;
    ev->added = b;
    ev->changed = d;
    return true;
}

bool client_next(struct client *c, struct client_event *ev)
{
    if (!c)
        return false;
    flush(c);
    for (int i = 0; i < 2; i++) {
        for (char *line; (line = next_line(c));)
            if (understand(c, line, ev))
                return true;
        if (i == 0)
            take_in(c);
    }
    if (!c->died)
        return false;
    c->died = false;
    *ev = (struct client_event){.kind = CLIENT_DIED};
    take_text(ev, "the fetcher is gone; it is there again when Lectern is started anew");
    return true;
}

void client_end(struct client *c)
{
    if (!c)
        return;
    ask(c, "quit");
    if (c->fd >= 0)
        close(c->fd);
    buf_free(&c->in);
    buf_free(&c->out);
    free(c);
}
