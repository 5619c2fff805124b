// The client's side of mpv's socket: lines out, lines in, neither of which ever waits. What cannot
// be sent at once is kept; what comes is read as JSON, line by line, and what is too long or makes
// no sense is passed over.
#include "lectern/mpv.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "mpv_line.h"

enum { LONGEST = 1 << 20, PIECE = 4096 };

struct mpv {
    int fd;
    struct buf in, out;
    size_t at; // of `in`, read so far
    bool gone, skipping;
    struct mpv_line line;
};

bool mpv_connect(const char *socket_path, struct mpv **out, struct err *e)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(socket_path) >= sizeof to.sun_path)
        return err_set(e, ERR_OTHER, "the path of the player's socket is too long: %s",
                       socket_path);
    strcpy(to.sun_path, socket_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return err_set(e, ERR_OTHER, "cannot reach the player: %s", strerror(errno));
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        int why = errno;
        close(fd);
        return err_set(e, ERR_MISSING, "cannot reach the player: %s", strerror(why));
    }
    struct mpv *m = mem_alloc(sizeof *m);
    m->fd = fd;
    *out = m;
    return true;
}

void mpv_free(struct mpv *m)
{
    if (!m)
        return;
    close(m->fd);
    buf_free(&m->in);
    buf_free(&m->out);
    mpv_line_free(&m->line);
    free(m);
}

int mpv_fd(const struct mpv *m)
{
    return m->fd;
}

static void drop(struct buf *b, size_t n) // its first bytes
{
    if (n)
        memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

static void flush(struct mpv *m)
{
    size_t sent = 0;
    while (sent < m->out.len && !m->gone) {
        ssize_t n = send(m->fd, m->out.data + sent, m->out.len - sent, MSG_NOSIGNAL);
        if (n > 0)
            sent += (size_t)n;
        else if (n < 0 && errno == EINTR)
            continue;
        else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        else
            m->gone = true;
    }
    drop(&m->out, sent);
}

static void send_json(struct mpv *m, json_t *command, int id)
{
    json_t *all = json_pack("{s:o}", "command", command);
    if (id > 0)
        json_object_set_new(all, "request_id", json_integer(id));
    char *text = json_dumps(all, JSON_COMPACT);
    if (text && m->out.len < LONGEST) {
        buf_str(&m->out, text);
        buf_char(&m->out, '\n');
    }
    free(text);
    json_decref(all);
    flush(m);
}

void mpv_do(struct mpv *m, int id, const char *const *words)
{
    json_t *command = json_array();
    for (; *words; words++)
        json_array_append_new(command, json_string_nocheck(*words));
    send_json(m, command, id);
}

void mpv_watch(struct mpv *m, const char *property)
{
    send_json(m, json_pack("[s,i,s]", "observe_property", 1, property), 0);
}

// The reply tells the id alone: it is the number of the name in the table.
void mpv_ask(struct mpv *m, const char *property)
{
    send_json(m, json_pack("[s,s]", "get_property", property), mpv_line_id(property));
}

static void fill(struct mpv *m)
{
    char piece[PIECE];
    ssize_t n;
    if (m->at) {
        drop(&m->in, m->at);
        m->at = 0;
    }
    while ((n = recv(m->fd, piece, sizeof piece, 0)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0)
            buf_add(&m->in, piece, (size_t)n);
        if (m->in.len > LONGEST)
            break;
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
        m->gone = true;
}

// A whole line, NUL-terminated in place; NULL: there is none yet.
static char *next_line(struct mpv *m, size_t *len)
{
    char *from = m->in.data ? m->in.data + m->at : NULL;
    char *end = from ? memchr(from, '\n', m->in.len - m->at) : NULL;
    if (!end) {
        if (m->in.len - m->at > LONGEST) { // no line of ours is so long
            buf_clear(&m->in);
            m->at = 0;
            m->skipping = true;
        }
        return NULL;
    }
    *end = '\0';
    *len = (size_t)(end - from);
    m->at = (size_t)(end + 1 - m->in.data);
    if (m->skipping) { // the rest of a line whose beginning is gone
        m->skipping = false;
        return next_line(m, len);
    }
    return from;
}

bool mpv_next(struct mpv *m, struct mpv_event *out, bool *gone)
{
    flush(m);
    for (bool filled = false;;) {
        size_t len;
        char *line = next_line(m, &len);
        if (line) {
            mpv_line_read(&m->line, line, len, out);
            if (out->kind != MPV_NOTHING)
                return true;
        } else if (!filled && !m->gone) {
            fill(m);
            filled = true;
        } else {
            *gone = m->gone;
            return false;
        }
    }
}
