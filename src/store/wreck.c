// Pages of a damaged library, those of its write-ahead log over those of the file. A frame of the
// log is good when its own sum follows from the one before it, so one bad frame does not take those
// after it along, as it does when SQLite reads a log. A page's last good and committed frame holds.
#include "store/wreck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/mem.h"

enum { HEADER = 100, LOG_HEADER = 32, FRAME_HEADER = 24, OUR_PAGE = 4096, LEAST_USABLE = 480 };

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool is_page_size(uint32_t n)
{
    return n >= 512 && n <= 65536 && (n & (n - 1)) == 0;
}

static bool read_at(int fd, void *into, size_t len, uint64_t at)
{
    uint8_t *p = into;
    while (len) {
        ssize_t n = pread(fd, p, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

// ---- the log ----

struct log {
    uint64_t size;
    uint32_t salts[2], sum[2];
    bool big; // sums are of big-endian words
    bool header;
};

static void add_sum(const struct log *l, const uint8_t *p, size_t len, uint32_t sum[2])
{
    for (size_t i = 0; i + 8 <= len; i += 8) {
        uint32_t a = be32(p + i), b = be32(p + i + 4);
        if (!l->big) {
            a = __builtin_bswap32(a);
            b = __builtin_bswap32(b);
        }
        sum[0] += a + sum[1];
        sum[1] += b + sum[0];
    }
}

static bool log_begin(struct wreck *w, struct log *l)
{
    uint8_t h[LOG_HEADER], f[FRAME_HEADER];
    struct stat st;
    if (fstat(w->log, &st) != 0 || st.st_size < LOG_HEADER + FRAME_HEADER)
        return false;
    l->size = (uint64_t)st.st_size;
    if (!read_at(w->log, h, sizeof h, 0) || !read_at(w->log, f, sizeof f, sizeof h))
        return false;
    uint32_t magic = be32(h), size = be32(h + 8);
    l->big = magic == 0x377f0683;
    l->header = l->big || magic == 0x377f0682;
    if (l->header) {
        add_sum(l, h, 24, l->sum);
        l->header = l->sum[0] == be32(h + 24) && l->sum[1] == be32(h + 28) && is_page_size(size);
    }
    if (l->header && !w->header)
        w->page_size = size;
    if (l->header && size != w->page_size)
        return false; // not of this file
    const uint8_t *salts = l->header ? h + 16 : f + 8;
    l->salts[0] = be32(salts);
    l->salts[1] = be32(salts + 4);
    return true;
}

static void note(struct wreck *w, uint32_t page, uint64_t at)
{
    if (page > w->npages) {
        w->in_log = mem_realloc(w->in_log, (page + 1) * sizeof *w->in_log);
        memset(w->in_log + w->npages + 1, 0, (page - w->npages) * sizeof *w->in_log);
        w->npages = page;
    }
    w->in_log[page] = at;
}

// Frames up to the last commit; twice through, since only the end says what was committed.
static void log_read(struct wreck *w, const struct log *begun)
{
    struct log l = *begun;
    size_t step = FRAME_HEADER + w->page_size;
    uint64_t nframes = (l.size - LOG_HEADER) / step, committed = 0;
    uint32_t most = (uint32_t)(w->npages + nframes);
    uint8_t *f = mem_alloc(step);
    for (int pass = 0; pass < 2; pass++) {
        uint32_t before[2] = {l.sum[0], l.sum[1]};
        for (uint64_t i = 0; i < (pass ? committed : nframes); i++) {
            uint64_t at = LOG_HEADER + i * step;
            if (!read_at(w->log, f, step, at))
                break;
            uint32_t page = be32(f), size = be32(f + 4), sum[2] = {before[0], before[1]};
            bool current = be32(f + 8) == l.salts[0] && be32(f + 12) == l.salts[1];
            add_sum(&l, f, 8, sum);
            add_sum(&l, f + FRAME_HEADER, w->page_size, sum);
            bool good = current && sum[0] == be32(f + 16) && sum[1] == be32(f + 20);
            before[0] = be32(f + 16);
            before[1] = be32(f + 20);
            if (good && !pass && size)
                committed = i + 1;
            if (good && pass && page && page <= most)
                note(w, page, at + FRAME_HEADER);
        }
    }
    free(f);
}

// ---- the file ----

static void take_header(struct wreck *w, const uint8_t *h, bool whole)
{
    uint32_t size = (uint32_t)h[16] << 8 | h[17];
    if (size == 1)
        size = 65536;
    w->header = whole && memcmp(h, "SQLite format 3", 16) == 0 && is_page_size(size) &&
                h[20] < 32 && h[21] == 64 && h[22] == 32 && h[23] == 32;
    if (!w->header)
        return;
    w->page_size = size;
    w->usable = size - h[20];
    w->free_first = be32(h + 32);
    w->free_count = be32(h + 36);
    w->version = be32(h + 60);
    w->application = be32(h + 68);
}

bool wreck_open(const char *path, struct wreck *w, struct err *e)
{
    struct stat st;
    uint8_t h[HEADER];
    char *log = mem_printf("%s-wal", path);
    *w = (struct wreck){.fd = open(path, O_RDONLY | O_CLOEXEC), .page_size = OUR_PAGE};
    w->log = open(log, O_RDONLY | O_CLOEXEC);
    free(log);
    if (w->fd < 0 || fstat(w->fd, &st) != 0) {
        err_set(e, errno == ENOENT ? ERR_MISSING : ERR_OTHER, "cannot read %s: %s", path,
                strerror(errno));
        wreck_close(w);
        return false;
    }
    if (!S_ISREG(st.st_mode)) {
        wreck_close(w);
        return err_set(e, ERR_OTHER, "%s is not a file, and a library is one", path);
    }
    take_header(w, h, read_at(w->fd, h, sizeof h, 0));
    struct log l = {0};
    bool has_log =
        w->log >= 0 && log_begin(w, &l); // may know the size of a page where the file does not
    // What is not a whole page at the end is read as one all the same.
    w->npages = (uint32_t)(((uint64_t)st.st_size + w->page_size - 1) / w->page_size);
    w->in_log = mem_array((size_t)w->npages + 1, sizeof *w->in_log);
    if (has_log)
        log_read(w, &l);
    if (w->npages && w->in_log[1]) {
        uint8_t *page = mem_alloc(w->page_size);
        uint32_t size = w->page_size;
        if (wreck_page(w, 1, page))
            take_header(w, page, true);
        w->header = w->header && w->page_size == size;
        w->page_size = size;
        free(page);
    }
    if (w->usable < LEAST_USABLE || w->usable > w->page_size)
        w->usable = w->page_size;
    return true;
}

void wreck_close(struct wreck *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->log >= 0)
        close(w->log);
    free(w->in_log);
    w->fd = w->log = -1;
    w->in_log = NULL;
}

bool wreck_page(const struct wreck *w, uint32_t n, uint8_t *into)
{
    if (n == 0 || n > w->npages)
        return false;
    if (w->in_log[n])
        return read_at(w->log, into, w->page_size, w->in_log[n]);
    uint64_t at = (uint64_t)(n - 1) * w->page_size;
    if (read_at(w->fd, into, w->page_size, at))
        return true;
    // The last page of a file that was cut, as far as it goes; or one the disk will not give.
    memset(into, 0, w->page_size);
    ssize_t got = pread(w->fd, into, w->page_size, (off_t)at);
    return got > 0;
}
