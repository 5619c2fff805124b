// One file with all bookmarks, written whole or not at all: to a temporary beside it, piece by
// piece, then to the disk, then under its name.
#include "trade/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/export.h"

struct sink {
    FILE *f;
    char *temporary; // NULL: standard output
    const char *name;
};

static bool failed(const struct sink *k, struct err *e)
{
    int why = errno;
    return err_set(e, why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_OTHER, "cannot write %s: %s",
                   k->name, strerror(why));
}

static bool sink_open(struct sink *k, const char *file, struct err *e)
{
    *k = (struct sink){.name = file ? file : "-"};
    if (strcmp(k->name, "-") == 0) {
        k->name = "standard output";
        k->f = stdout;
        return true;
    }
    k->temporary = mem_printf("%s.XXXXXX", file);
    int fd = mkstemp(k->temporary);
    k->f = fd < 0 ? NULL : fdopen(fd, "w");
    if (k->f)
        return fchmod(fd, 0644) == 0 || failed(k, e);
    failed(k, e);
    free(k->temporary);
    return false;
}

static bool sink_put(struct sink *k, struct buf *b, struct err *e)
{
    size_t n = fwrite(buf_cstr(b), 1, b->len, k->f);
    bool ok = n == b->len || failed(k, e);
    buf_clear(b);
    return ok;
}

static bool sink_close(struct sink *k, bool ok, struct err *e)
{
    if (!k->temporary)
        return ok && (fflush(k->f) == 0 || failed(k, e));
    ok = ok && ((fflush(k->f) == 0 && fsync(fileno(k->f)) == 0) || failed(k, e));
    if (fclose(k->f) != 0 && ok)
        ok = failed(k, e);
    if (ok && rename(k->temporary, k->name) != 0)
        ok = failed(k, e);
    if (!ok)
        unlink(k->temporary);
    free(k->temporary);
    return ok;
}

bool export_file(struct store *s, enum export_form form, const struct export_what *what,
                 const char *file, size_t *written, struct err *e)
{
    const struct out_form *f = form == EXPORT_JSON ? &out_json : &out_netscape;
    struct sink k;
    struct buf b = {0};
    size_t n = 0;
    if (!sink_open(&k, file, e))
        return false;
    f->head(&b);
    bool ok = true;
    for (size_t i = 0; ok && i < what->n; i++) {
        struct arena *a = arena_new();
        struct kept one;
        struct err why = ERR_INIT;
        if (kept_load(s, what->ids[i], a, &one, &why)) {
            f->one(&b, &one, n++);
            ok = b.len < 1 << 16 || sink_put(&k, &b, e);
        } else if (why.kind != ERR_MISSING) { // what went meanwhile is no longer meant
            ok = false;
            *e = why;
        }
        arena_free(a);
    }
    f->foot(&b, n);
    ok = ok && sink_put(&k, &b, e);
    ok = sink_close(&k, ok, e);
    buf_free(&b);
    if (ok)
        *written = n;
    return ok;
}
