// The folder itself. Names are given once and stay: the date and the title, and where that is taken
// some of the uid. A lock on the directory keeps two Lecterns from writing there at once; a file
// comes under its name by a rename, from a temporary that only Lectern names so.
#include "trade/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

enum { LONGEST_NAME = 80, LARGEST_FILE = 64 << 20 };
#define TEMPORARY ".lectern-"

// ---- names ----

static char *folded(const char *name)
{
    char *f = mem_strdup(name);
    for (char *p = f; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return f;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

// Where it is or would be.
static size_t name_at(const struct folder *f, const char *name)
{
    size_t lo = 0, hi = f->nnames;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(f->names[mid], name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

// Takes a name, if it is free.
static bool claim(struct folder *f, const char *name)
{
    char *key = folded(name);
    size_t at = name_at(f, key);
    if (at < f->nnames && strcmp(f->names[at], key) == 0) {
        free(key);
        return false;
    }
    f->names = mem_grow(f->names, &f->names_cap, f->nnames + 1, sizeof *f->names);
    memmove(f->names + at + 1, f->names + at, (f->nnames - at) * sizeof *f->names);
    f->names[at] = key;
    f->nnames++;
    return true;
}

// "2026-11-18-the-quiet-return-of-the-letter": lower-case letters and digits, words parted by '-'.
// Letters that ASCII spells otherwise are spelled so; of a title in another script they are kept as
// they are.
static void slug(const struct item_row *r, struct buf *out)
{
    char date[32];
    date_format(r->published, date);
    buf_printf(out, "%.10s", date);
    bool gap = true;
    size_t len = strlen(r->title);
    for (size_t i = 0, n; i < len && out->len < LONGEST_NAME; i += n) {
        uint32_t cp;
        n = utf8_decode(r->title + i, len - i, &cp);
        const char *as = cp < 0x80 ? NULL : utf8_ascii(cp);
        char one[8] = "";
        if (cp == '\'' || cp == 0x2019) // "isn't" is one word
            continue;
        if (!as) {
            memcpy(one, r->title + i, n);
            as = one;
        }
        for (const char *p = as; *p; p++) {
            unsigned char c = (unsigned char)*p;
            if (c < 0x80 && !isalnum(c)) {
                gap = true;
                continue;
            }
            if (gap)
                buf_char(out, '-');
            gap = false;
            buf_char(out, (char)(c < 0x80 ? tolower(c) : c));
        }
    }
}

char *folder_name(struct folder *f, const struct item_row *r, const char *uid)
{
    struct buf base = {0};
    slug(r, &base);
    char *name = mem_printf("%s.md", base.data);
    // Uids of other libraries may begin with the same letters.
    for (size_t n = 6; !claim(f, name); n++) {
        free(name);
        size_t all = strlen(uid);
        name = n <= all ? mem_printf("%s-%.*s.md", base.data, (int)n, uid)
                        : mem_printf("%s-%s-%zu.md", base.data, uid, n - all);
    }
    buf_free(&base);
    return name;
}

// ---- what is there ----

static int by_uid(const void *x, const void *y)
{
    const struct folder_file *a = x, *b = y;
    if (!*a->stamp.uid != !*b->stamp.uid)
        return *a->stamp.uid ? -1 : 1;
    int order = strcmp(a->stamp.uid, b->stamp.uid);
    return order ? order : strcmp(a->name, b->name);
}

struct folder_file *folder_find(struct folder *f, const char *uid)
{
    size_t lo = 0, hi = f->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const char *have = f->files[mid].stamp.uid;
        if (*have && strcmp(have, uid) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < f->n && strcmp(f->files[lo].stamp.uid, uid) == 0 ? &f->files[lo] : NULL;
}

bool folder_load(const struct folder *f, const char *name, struct buf *out, struct err *e)
{
    struct stat st;
    int fd = openat(f->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    if (ok && (!S_ISREG(st.st_mode) || st.st_size > LARGEST_FILE)) {
        close(fd);
        return err_set(e, ERR_OTHER, "%s/%s is no file of less than 64 MB", f->dir, name);
    }
    if (ok) {
        buf_reserve(out, (size_t)st.st_size);
        ssize_t n = 0;
        while (ok && out->len < (size_t)st.st_size &&
               (n = read(fd, out->data + out->len, (size_t)st.st_size - out->len)) != 0) {
            ok = n > 0 || errno == EINTR;
            out->len += n > 0 ? (size_t)n : 0;
        }
        out->data[out->len] = '\0';
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    return ok || err_set(e, ERR_OTHER, "cannot read %s/%s: %s", f->dir, name, strerror(why));
}

static bool is_page(const char *name)
{
    size_t n = strlen(name);
    return n > 3 && strcasecmp(name + n - 3, ".md") == 0 && name[0] != '.';
}

static bool look(struct folder *f, const char *name)
{
    struct buf b = {0};
    bool ok = folder_load(f, name, &b, NULL); // what cannot be read is not ours
    if (ok) {
        f->files = mem_grow(f->files, &f->cap, f->n + 1, sizeof *f->files);
        f->files[f->n++] =
            (struct folder_file){mem_strdup(name), page_stamp(buf_cstr(&b), b.len), false};
    }
    buf_free(&b);
    return ok;
}

static bool scan(struct folder *f, struct err *e)
{
    int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        if (fd >= 0)
            close(fd);
        return err_set(e, ERR_OTHER, "cannot read the directory %s: %s", f->dir, strerror(errno));
    }
    for (struct dirent *n; (n = readdir(d));) {
        if (strncmp(n->d_name, TEMPORARY, sizeof TEMPORARY - 1) == 0) {
            unlinkat(f->fd, n->d_name, 0); // of one that was ended in the middle
            continue;
        }
        f->names = mem_grow(f->names, &f->names_cap, f->nnames + 1, sizeof *f->names);
        f->names[f->nnames++] = folded(n->d_name);
        if (is_page(n->d_name))
            look(f, n->d_name);
    }
    closedir(d);
    qsort(f->names, f->nnames, sizeof *f->names, by_text);
    if (f->n)
        qsort(f->files, f->n, sizeof *f->files, by_uid);
    return true;
}

bool folder_open(const char *dir, bool make, bool wait, struct folder *out, struct err *e)
{
    struct folder f = {.dir = dir, .fd = -1};
    if (make && !path_make_dir(dir, e))
        return false;
    f.fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f.fd < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_OTHER,
                       "cannot open the directory %s: %s", dir, strerror(errno));
    // A file system without locks is used without.
    if (flock(f.fd, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0 && errno == EWOULDBLOCK) {
        close(f.fd);
        return err_set(e, ERR_BUSY, "another Lectern is writing to %s", dir);
    }
    if (!scan(&f, e)) {
        folder_close(&f);
        return false;
    }
    *out = f;
    return true;
}

void folder_close(struct folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    for (size_t i = 0; i < f->n; i++)
        free(f->files[i].name);
    for (size_t i = 0; i < f->nnames; i++)
        free(f->names[i]);
    free(f->files);
    free(f->names);
    *f = (struct folder){.fd = -1};
}

// ---- changes ----

static bool write_all(int fd, const char *p, size_t len)
{
    while (len) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno != EINTR)
            return false;
        p += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

bool folder_save(struct folder *f, const char *name, const struct buf *bytes, struct err *e)
{
    char temporary[64];
    snprintf(temporary, sizeof temporary, TEMPORARY "%ld", (long)getpid());
    int fd = openat(f->fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool ok = fd >= 0 && write_all(fd, buf_cstr(bytes), bytes->len) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && renameat(f->fd, temporary, f->fd, name) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0)
        unlinkat(f->fd, temporary, 0);
    return ok || err_set(e, why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_OTHER,
                         "cannot write %s/%s: %s", f->dir, name, strerror(why));
}

bool folder_remove(struct folder *f, const char *name, struct err *e)
{
    if (unlinkat(f->fd, name, 0) == 0 || errno == ENOENT)
        return true;
    return err_set(e, ERR_OTHER, "cannot remove %s/%s: %s", f->dir, name, strerror(errno));
}
