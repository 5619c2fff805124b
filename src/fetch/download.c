// Recordings are far larger than essays: they go straight to the disk, into a piece that the next
// try goes on with if the server still has the same thing. What the server says of sizes is
// believed only as far as it can be checked.
#include "download.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "http.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

enum { LONGEST_NAME = 120, NAMES_TRIED = 1000, SPARE = 64 << 20, WORK_MS = 200 };

struct sink {
    struct http_get get; // first: the engine hands it back
    const struct download_job *job;
    int fd;
    int64_t have;
    bool begun;
};

char *download_name(int64_t published, const char *title)
{
    struct buf out = {0};
    char day[32];
    size_t len = strlen(title), from;
    bool gap = true;
    if (published > 0) {
        date_format(published, day);
        buf_printf(&out, "%.10s", day);
    }
    from = out.len;
    for (size_t i = 0; i < len && out.len < LONGEST_NAME - 4;) {
        uint32_t cp;
        size_t n = utf8_decode(title + i, len - i, &cp);
        bool bad = cp <= ' ' || (cp >= 0x7f && cp < 0xa0) || cp == 0xfffd ||
                   (cp >= 0x2000 && cp <= 0x206f && cp != 0x2019) || cp == 0xfeff ||
                   (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp));
        if (cp == '.' && gap) // neither hidden nor "..", whatever the title
            bad = true;
        if (bad) {
            gap = true;
        } else {
            if (gap && out.len)
                buf_char(&out, ' ');
            gap = false;
            buf_utf8(&out, cp);
        }
        i += n;
    }
    while (out.len > from && out.data[out.len - 1] == '.')
        out.data[--out.len] = '\0';
    if (out.len == from)
        buf_str(&out, from ? " recording" : "recording");
    return buf_take(&out, NULL);
}

static bool full(struct err *e, const struct download_job *j)
{
    return err_set(e, ERR_FULL, "there is no room left in %s for this recording", j->folder);
}

// The head of the answer is there: is it one, does it go on where we are, is there room for it?
static bool begin(struct sink *s)
{
    struct http_get *g = &s->get;
    const struct download_job *j = s->job;
    struct statvfs disk;
    if (g->content_type && strncasecmp(g->content_type, "text/", 5) == 0)
        return err_set(&g->err, ERR_FORMAT, "the server sent a page and not a recording (%s)",
                       g->content_type);
    if (g->status != 200 && g->status != 206)
        return err_set(&g->err, ERR_NETWORK, "HTTP %d instead of a recording", g->status);
    if (g->status == 206 && g->first != s->have)
        return err_set(&g->err, ERR_NETWORK,
                       "the server sent another piece of it than it was asked for");
    if (g->status == 200 && s->have) { // another one by now
        if (ftruncate(s->fd, 0) != 0 || lseek(s->fd, 0, SEEK_SET) != 0)
            return err_set(&g->err, ERR_OTHER, "what was there of it cannot be replaced: %s",
                           strerror(errno));
        s->have = 0;
    }
    if (g->whole > j->most)
        return err_set(&g->err, ERR_OTHER, "it is larger than recordings may be here (%lld MB)",
                       (long long)(j->most >> 20));
    if (g->whole > 0 && fstatvfs(s->fd, &disk) == 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < (uint64_t)(g->whole - s->have) + SPARE)
        return full(&g->err, j);
    const char *etag = g->new_etag, *mark = "";
    if (etag && strncmp(etag, "W/", 2) != 0) // a weak one does not stand for bytes
        mark = etag;
    else if (g->new_last_modified)
        mark = g->new_last_modified;
    return !j->begun || j->begun(j->ctx, mark, &g->err);
}

static bool on_bytes(struct http_get *g, const char *bytes, size_t len)
{
    struct sink *s = (struct sink *)g;
    if (!s->begun && !begin(s))
        return false;
    s->begun = true;
    if (s->have + (int64_t)len > s->job->most)
        return err_set(&g->err, ERR_OTHER, "it is larger than recordings may be here (%lld MB)",
                       (long long)(s->job->most >> 20));
    if (g->whole >= 0 && s->have + (int64_t)len > g->whole)
        return err_set(&g->err, ERR_NETWORK, "the server sends more than it said there is");
    while (len) {
        ssize_t n = write(s->fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == ENOSPC || errno == EFBIG || errno == EDQUOT
                       ? full(&g->err, s->job)
                       : err_set(&g->err, ERR_OTHER, "the recording cannot be written: %s",
                                 strerror(errno));
        s->have += n;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

// One question; *again: what is there is of no use, and the next try is to begin anew.
static bool ask(const struct conf *c, struct sink *s, bool *again, struct err *e)
{
    struct http *h;
    struct http_get *g = &s->get;
    bool stopped = false;
    if (!http_new(c, &h, e))
        return false;
    *g = (struct http_get){.url = mem_strdup(s->job->address),
                           .sink = on_bytes,
                           .from = s->have,
                           .if_range = s->job->validator};
    s->begun = false;
    http_add(h, g);
    while (!http_next(h)) {
        if (!stopped && s->job->progress &&
            !s->job->progress(s->job->progress_ctx, s->have, g->whole)) {
            http_stop(h);
            stopped = true;
            continue;
        }
        http_work(h, WORK_MS, -1);
    }
    http_free(h);
    bool ok = g->how == HTTP_BODY;
    if (g->how == HTTP_REFUSED && g->status == 416) { // asked for what lies behind its end
        ok = s->have > 0 && g->whole == s->have;
        *again = !ok;
    }
    if (!ok && e)
        *e = g->err;
    if (ok && g->how == HTTP_BODY && !s->begun)
        ok = err_set(e, ERR_FORMAT, "the server sent nothing");
    if (ok && g->whole >= 0 && s->have != g->whole)
        ok = err_set(e, ERR_NETWORK, "it ended before its end");
    return ok;
}

static const char *ending(const char *address, const char *type)
{
    static const char *const known[] = {".mp3", ".m4a",  ".m4b",  ".mp4", ".aac", ".ogg",
                                        ".oga", ".opus", ".flac", ".wav", ".webm"};
    size_t len = strcspn(address, "?#");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i]);
        if (len > n && strncasecmp(address + len - n, known[i], n) == 0)
            return known[i];
    }
    type = type ? type : "";
    return strncasecmp(type, "audio/mp4", 9) == 0 || strncasecmp(type, "audio/x-m4a", 11) == 0
               ? ".m4a"
           : strncasecmp(type, "audio/ogg", 9) == 0 ? ".ogg"
                                                    : ".mp3";
}

// Under a name that nothing has yet: link(2) never replaces.
static bool finish(const struct sink *s, const char *part, char **file, struct err *e)
{
    const char *end = ending(s->job->address, s->get.content_type);
    if (fsync(s->fd) != 0)
        return errno == ENOSPC || errno == EDQUOT
                   ? full(e, s->job)
                   : err_set(e, ERR_OTHER, "%s cannot be written: %s", part, strerror(errno));
    for (int i = 1; i <= NAMES_TRIED; i++) {
        char *name = i == 1 ? mem_printf("%s%s", s->job->name, end)
                            : mem_printf("%s (%d)%s", s->job->name, i, end);
        char *path = path_join(s->job->folder, name);
        free(name);
        if (link(part, path) == 0) {
            unlink(part);
            *file = path;
            return true;
        }
        int why = errno;
        free(path);
        if (why != EEXIST)
            return err_set(e, ERR_OTHER, "%s cannot get its name: %s", part, strerror(why));
    }
    return err_set(e, ERR_OTHER, "too many files in %s have the name of %s", s->job->folder, part);
}

bool download_file(const struct conf *c, const struct download_job *j, char **file, int64_t *size,
                   struct err *e)
{
    struct sink s = {.job = j};
    struct stat st;
    bool ok, again = false;
    struct err own = ERR_INIT;
    e = e ? e : &own;
    if (!path_make_dir(j->folder, e))
        return false;
    char *name = mem_printf("%s.part", j->piece), *part = path_join(j->folder, name);
    free(name);
    s.fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s.fd < 0 || fstat(s.fd, &st) != 0) {
        ok = err_set(e, ERR_OTHER, "%s cannot be written: %s", part, strerror(errno));
    } else if (flock(s.fd, LOCK_EX | LOCK_NB) != 0) {
        ok = err_set(e, ERR_BUSY, "this recording is being fetched by another Lectern");
    } else {
        s.have = j->validator && *j->validator ? st.st_size : 0;
        ok =
            (s.have == st.st_size || ftruncate(s.fd, 0) == 0) && lseek(s.fd, s.have, SEEK_SET) >= 0;
        if (!ok)
            err_set(e, ERR_OTHER, "%s cannot be written: %s", part, strerror(errno));
        for (int tries = 0; ok && tries < 2; tries++) {
            again = false;
            http_get_clear(&s.get);
            ok = ask(c, &s, &again, e);
            if (!again)
                break;
            s.have = 0;
            ok = ftruncate(s.fd, 0) == 0 && lseek(s.fd, 0, SEEK_SET) == 0;
        }
        ok = ok && !again && finish(&s, part, file, e);
    }
    if (ok)
        *size = s.have;
    else if (s.fd >= 0 && e->kind != ERR_BUSY && s.have == 0)
        unlink(part); // nothing to go on with
    http_get_clear(&s.get);
    if (s.fd >= 0)
        close(s.fd);
    free(part);
    return ok;
}
