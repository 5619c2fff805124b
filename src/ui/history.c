// Lines of the prompts, kept for the next time. The file has a line for each, with its prompt in
// front, and grows at its end, so that several Lecterns may write it; who reads it when it has
// grown long writes it anew.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prompt.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

enum { FILE_MAX = 4 << 20 };

struct history {
    char *path;
    size_t most;
    char **lines; // with their kind in front, oldest first
    size_t n, cap;
    const char **shown;
    size_t shown_cap;
};

static void keep(struct history *h, char *line)
{
    if (h->n >= h->most) {
        free(h->lines[0]);
        memmove(h->lines, h->lines + 1, --h->n * sizeof *h->lines);
    }
    h->lines = mem_grow(h->lines, &h->cap, h->n + 1, sizeof *h->lines);
    h->lines[h->n++] = line;
}

static void write_anew(const struct history *h)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    for (size_t i = 0; i < h->n; i++)
        buf_printf(&b, "%s\n", h->lines[i]);
    if (!buf_write_file(h->path, buf_cstr(&b), b.len, 0600, &e))
        e.kind = ERR_NONE; // it stays as it was
    buf_free(&b);
}

static void read_file(struct history *h)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    struct stat st;
    size_t lines = 0;
    if (stat(h->path, &st) != 0 || !S_ISREG(st.st_mode) ||
        !buf_read_file(&b, h->path, FILE_MAX, &e)) {
        buf_free(&b);
        return;
    }
    for (const char *s = buf_cstr(&b), *end = s + b.len; s < end;) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        size_t len = nl ? (size_t)(nl - s) : (size_t)(end - s);
        if (len > 1 && strchr(PROMPT_KINDS, *s) && utf8_valid(s, len))
            keep(h, utf8_clean_dup(s, len, UTF8_LINE));
        lines++;
        s += len + 1;
    }
    buf_free(&b);
    if (lines > 2 * h->most + 100)
        write_anew(h);
}

struct history *history_new(const char *path, size_t most)
{
    struct history *h = mem_alloc(sizeof *h);
    bool kept = path && most;
    h->most = most ? most : 100; // of this session
    if (kept) {
        h->path = mem_strdup(path);
        read_file(h);
    }
    return h;
}

void history_free(struct history *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->n; i++)
        free(h->lines[i]);
    free(h->lines);
    free(h->shown);
    free(h->path);
    free(h);
}

const char *const *history_lines(struct history *h, char kind, size_t *n)
{
    *n = 0;
    for (size_t i = 0; h && i < h->n; i++)
        if (h->lines[i][0] == kind) {
            h->shown = mem_grow(h->shown, &h->shown_cap, *n + 1, sizeof *h->shown);
            h->shown[(*n)++] = h->lines[i] + 1;
        }
    return h ? h->shown : NULL;
}

void history_add(struct history *h, char kind, const char *line)
{
    size_t n;
    const char *const *before = history_lines(h, kind, &n);
    if (!h || *line == ' ' || !*line || (n && strcmp(before[n - 1], line) == 0))
        return;
    char *text = mem_printf("%c%s", kind, line);
    keep(h, text);
    if (!h->path)
        return;
    struct err e = ERR_INIT;
    char *dir = mem_strdup(h->path), *slash = strrchr(dir, '/');
    if (slash)
        *slash = '\0';
    int fd = slash && path_make_dir(dir, &e)
                 ? open(h->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
                 : -1;
    if (fd >= 0) {
        char *row = mem_printf("%s\n", text);
        ssize_t w = write(fd, row, strlen(row));
        (void)w;
        free(row);
        close(fd);
    }
    free(dir);
}
