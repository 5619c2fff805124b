// A damaged library saved: a new one is filled with all that can still be read, checked, and only
// then put in the old one's place, which stays beside it under another name. Until that moment
// nothing that was there is touched, and at that moment both are whole.
#include "lectern/house.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/salvage.h"

// ---- nobody else may have it open ----

// SQLite holds these bytes of a library for as long as it is open, in all processes alike.
enum { LOCKED_FROM = 0x40000000, LOCKED_LEN = 512 };

static bool lock(const char *path, int *fd, struct err *e)
{
    struct flock l = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKED_FROM, .l_len = LOCKED_LEN};
    *fd = open(path, O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_OTHER,
                       "cannot put a new library in the place of %s: %s; --to FILE writes it "
                       "elsewhere",
                       path, strerror(errno));
    if (fcntl(*fd, F_SETLK, &l) == 0 || (errno != EAGAIN && errno != EACCES))
        return true; // a disk without locks has nobody to wait for
    close(*fd);
    *fd = -1;
    return err_set(e, ERR_BUSY, "another Lectern has the library %s open; close it and try again",
                   path);
}

// ---- which library ----

static int last_version(void)
{
    const struct schema_step *step = schema_steps;
    while (step[1].version)
        step++;
    return step->version;
}

// Where the header is lost or says nonsense the newest shape takes what older ones have too.
static bool version_of(const struct wreck *w, const char *path, int *version, struct err *e)
{
    enum { FAR = 1000 };
    int last = last_version();
    *version = last;
    if (!w->header || w->application != SCHEMA_APPLICATION)
        return true;
    if (w->version > (uint32_t)last && w->version < FAR)
        return err_set(e, ERR_NEWER,
                       "the library %s was made by a newer Lectern (its version is %u, this one "
                       "knows %d); salvage it with that one",
                       path, w->version, last);
    if (w->version > 0 && w->version <= (uint32_t)last)
        *version = (int)w->version;
    return true;
}

// ---- the new one ----

static bool what_it_has(struct store *s, struct salvage_result *r, struct err *e)
{
    static const char feeds[] = "SELECT count(*) FROM feed",
                      essays[] = "SELECT count(*) FROM entry",
                      kept[] = "SELECT count(*) FROM bookmark WHERE removed = 0";
    return sql_int(s, e, 0, &r->feeds, feeds, "") && sql_int(s, e, 0, &r->essays, essays, "") &&
           sql_int(s, e, 0, &r->bookmarks, kept, "");
}

static bool fill(struct salvage *v, struct err *e)
{
    struct buf words = {0};
    sqlite3_db_config(v->out->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    bool ok =
        sql_exec(v->out,
                 "PRAGMA synchronous = OFF; DELETE FROM counter; DELETE FROM bookmark_tally", e) &&
        sql_write_begin(v->out, e);
    if (ok) {
        ok = salvage_load(v, e) && salvage_mend(v, e);
        ok = sql_write_end(v->out, ok, e);
    }
    salvage_load_free(v); // statements go before the library they belong to
    ok = ok && what_it_has(v->out, v->result, e) && house_sound(v->out, &words, e);
    if (ok && words.len)
        ok = err_set(e, ERR_OTHER, "the new library did not turn out sound: %s", words.data);
    buf_free(&words);
    return ok;
}

static void remove_new(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *file = mem_printf("%s%s", path, ends[i]);
        unlink(file);
        free(file);
    }
}

static bool to_disk(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        err_set(e, errno == ENOSPC ? ERR_FULL : ERR_OTHER, "cannot write %s: %s", path,
                strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool make(struct salvage *v, const char *path, int version, struct err *e)
{
    remove_new(path);
    bool ok = store_make(path, version, &v->out, e) && fill(v, e);
    if (ok && !v->ours && v->result->feeds + v->result->essays + v->result->bookmarks == 0)
        ok = err_set(e, ERR_FORMAT, "nothing of a Lectern library is in it; it was left as it is");
    store_close(v->out); // takes the log in
    v->out = NULL;
    ok = ok && to_disk(path, e);
    if (!ok)
        remove_new(path);
    return ok;
}

// ---- taking the old one's place ----

static char *beside(const char *path, const char *what)
{
    char day[32];
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    strftime(day, sizeof day, "%Y-%m-%d", &tm);
    for (int i = 1;; i++) {
        char *name = i == 1 ? mem_printf("%s.%s-%s", path, what, day)
                            : mem_printf("%s.%s-%s-%d", path, what, day, i);
        struct stat st;
        if (lstat(name, &st) != 0 || i == 1000)
            return name;
        free(name);
    }
}

static bool keep_under(const char *from, const char *to, struct err *e)
{
    if (link(from, to) == 0 || errno == ENOENT)
        return true;
    // A disk without second names: the moment without the first one cannot be helped.
    if (rename(from, to) == 0)
        return true;
    return err_set(e, ERR_OTHER, "cannot keep the damaged library as %s: %s", to, strerror(errno));
}

// The old log goes before the new file comes: it would be taken for the new one's.
static bool take_place(const char *new, const char *path, struct salvage_result *r, struct err *e)
{
    char *kept = beside(path, "damaged"), *log = mem_printf("%s-wal", path),
         *kept_log = mem_printf("%s-wal", kept), *index = mem_printf("%s-shm", path),
         *dir = mem_strdup(path), *slash = strrchr(dir, '/');
    struct stat st;
    bool logged = stat(log, &st) == 0 && st.st_size > 0,
         ok = keep_under(path, kept, e) && (!logged || keep_under(log, kept_log, e));
    if (ok) {
        unlink(log);
        unlink(index);
        if (rename(new, path) != 0)
            ok = err_set(e, ERR_OTHER,
                         "cannot put the new library %s in the place of %s: %s; the damaged one is "
                         "kept as %s",
                         new, path, strerror(errno), kept);
    }
    if (slash)
        slash[slash == dir] = '\0';
    int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    if (ok)
        r->kept = kept;
    else
        free(kept);
    free(log);
    free(kept_log);
    free(index);
    free(dir);
    return ok;
}

bool house_salvage(const char *path, const char *to, struct salvage_result *out, struct err *e)
{
    struct salvage_result r = {.had_essays = -1, .had_bookmarks = -1};
    struct salvage v = {.result = &r};
    struct stat st;
    int held = -1, version;
    if (to && stat(to, &st) == 0)
        return err_set(e, ERR_OTHER, "%s is there already; name a file that is not", to);
    if (stat(path, &st) != 0)
        return err_set(e, ERR_MISSING, "there is no library at %s", path);
    char *new = to ? mem_strdup(to) : mem_printf("%s.salvaged", path);
    bool ok = (to || lock(path, &held, e)) && wreck_open(path, &v.w, e);
    bool opened = ok;
    ok = ok && version_of(&v.w, path, &version, e) && make(&v, new, version, e) &&
         (to || take_place(new, path, &r, e));
    if (!ok && e)
        err_wrap(e, "salvaging %s", path);
    if (opened)
        wreck_close(&v.w);
    if (held >= 0)
        close(held);
    free(new);
    if (ok)
        *out = r;
    return ok;
}

static void number(struct buf *out, int64_t n, int64_t of, const char *what)
{
    buf_printf(out, "%lld", (long long)n);
    if (of > n)
        buf_printf(out, " of %lld", (long long)of);
    buf_printf(out, " %s%s", what, (of > n ? of : n) == 1 ? "" : "s");
}

void house_salvage_words(const struct salvage_result *r, struct buf *out)
{
    buf_str(out, "Saved: ");
    number(out, r->feeds, -1, "feed");
    buf_str(out, ", ");
    number(out, r->essays, r->had_essays, "essay");
    buf_str(out, ", ");
    number(out, r->bookmarks, r->had_bookmarks, "bookmark");
    buf_str(out, ".\n");
    if (r->bare_essays)
        buf_printf(
            out,
            "%lld essay%s without text, which the next fetch brings back where the feed still "
            "has it.\n",
            (long long)r->bare_essays, r->bare_essays == 1 ? " is" : "s are");
    if (r->bare_bookmarks)
        buf_printf(out, "%lld bookmark%s without text.\n", (long long)r->bare_bookmarks,
                   r->bare_bookmarks == 1 ? " is" : "s are");
    if (r->nameless)
        buf_printf(out, "%lld feed%s or bookmark%s lost name and address: look for \"Salvaged\".\n",
                   (long long)r->nameless, r->nameless == 1 ? "" : "s",
                   r->nameless == 1 ? "" : "s");
    if (r->damages)
        buf_printf(out, "%lld place%s of the file could not be read.\n", (long long)r->damages,
                   r->damages == 1 ? "" : "s");
    if (r->kept)
        buf_printf(out, "The damaged library is kept as %s.\n", r->kept);
}
