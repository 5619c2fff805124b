// A growing string of bytes, and whole files in and out of it. Files are replaced by rename, so
// that a reader of them sees the old one or the new one and never half of either.
#include "lectern/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
    b->data = mem_grow(b->data, &b->cap, b->len + more + 1, 1);
    b->data[b->len] = '\0';
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (len >= b->cap - b->len) // cap 0: len is 0 too
        buf_reserve(b, len);
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    if (b->cap - b->len < 2)
        buf_reserve(b, 1);
    b->data[b->len++] = c;
    b->data[b->len] = '\0';
}

void buf_utf8(struct buf *b, uint32_t codepoint)
{
    char bytes[4];
    size_t len = utf8_encode(codepoint, bytes);
    buf_add(b, bytes, len);
}

void buf_markup(struct buf *b, const char *s)
{
    for (; *s; s++) {
        if (*s == '&')
            buf_str(b, "&amp;");
        else if (*s == '<')
            buf_str(b, "&lt;");
        else if (*s == '>')
            buf_str(b, "&gt;");
        else if (*s == '"')
            buf_str(b, "&quot;");
        else
            buf_char(b, *s);
    }
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

char *buf_take(struct buf *b, size_t *len)
{
    buf_reserve(b, 0);
    char *data = b->data;
    if (len)
        *len = b->len;
    *b = (struct buf){0};
    return data;
}

const char *buf_cstr(const struct buf *b)
{
    return b->data ? b->data : "";
}

static bool read_all(struct buf *b, int fd, const char *name, size_t max, struct err *e)
{
    size_t before = b->len;
    for (;;) {
        buf_reserve(b, 65536);
        ssize_t n = read(fd, b->data + b->len, b->cap - b->len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            b->len = before;
            return err_set(e, ERR_OTHER, "cannot read %s: %s", name, strerror(errno));
        }
        if (n == 0)
            break;
        b->len += (size_t)n;
        if (b->len - before > max) {
            b->len = before;
            b->data[b->len] = '\0';
            return err_set(e, ERR_OTHER, "%s is larger than %zu MB, the most that is read", name,
                           max >> 20);
        }
    }
    b->data[b->len] = '\0';
    return true;
}

bool buf_read_file(struct buf *b, const char *path, size_t max, struct err *e)
{
    if (strcmp(path, "-") == 0)
        return read_all(b, 0, "standard input", max, e);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_OTHER, "cannot open %s: %s", path,
                       strerror(errno));
    fcntl(fd, F_SETFL, 0); // a pipe is waited for, but opening one must not hang
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return err_set(e, ERR_OTHER, "%s is a directory, not a file", path);
    }
    bool ok = read_all(b, fd, path, max, e);
    close(fd);
    return ok;
}

static bool write_all(int fd, const char *p, size_t len)
{
    while (len) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

bool buf_write_file(const char *path, const void *bytes, size_t len, unsigned mode, struct err *e)
{
    char *temporary = mem_printf("%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    bool ok =
        fd >= 0 && write_all(fd, bytes, len) && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(temporary, path) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0)
        unlink(temporary);
    free(temporary);
    if (!ok)
        return err_set(e, why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_OTHER,
                       "cannot write %s: %s", path, strerror(why));
    return true;
}
