// A recording for the library: what download_file fetches, remembered so that a broken try is gone
// on with and playing finds the file.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "download.h"
#include "lectern/fetch.h"
#include "lectern/hash.h"
#include "lectern/listen.h"
#include "lectern/path.h"

struct fetching {
    struct store *store;
    struct download row;
};

static bool begun(void *ctx, const char *validator, struct err *e)
{
    struct fetching *f = ctx;
    f->row.validator = *validator ? validator : NULL;
    bool ok = store_set_download(f->store, &f->row, e);
    f->row.validator = NULL; // it is the server's answer's
    return ok;
}

static char *folder_of(const char *library, const struct conf *c)
{
    const char *own = conf_str(c, CONF_DOWNLOAD_FOLDER), *slash = strrchr(library, '/');
    if (*own)
        return mem_strdup(own);
    char *beside = slash ? mem_strndup(library, (size_t)(slash - library)) : mem_strdup(".");
    char *real = realpath(beside, NULL), *folder = path_join(real ? real : beside, "audio");
    free(real);
    free(beside);
    return folder;
}

// What the library has of it, or a new row; strings live in the arena.
static bool row_of(struct fetching *f, const char *library, const struct conf *c,
                   const struct fetch_recording *r, struct arena *a, struct err *e)
{
    if (!store_download(f->store, r->address, a, &f->row, e))
        return false;
    if (f->row.address)
        return true;
    char *folder = folder_of(library, c),
         *name = download_name(r->published, r->title ? r->title : "");
    f->row = (struct download){.address = r->address,
                               .title = r->title ? r->title : r->address,
                               .item = r->item,
                               .folder = arena_strdup(a, folder),
                               .name = arena_strdup(a, name),
                               .since = (int64_t)time(NULL)};
    free(folder);
    free(name);
    return true;
}

static void piece_name(const char *address, char out[32])
{
    snprintf(out, 32, "%016llx", (unsigned long long)hash_string(address, 0));
}

static bool fetch(struct fetching *f, const struct conf *c, const struct fetch_recording *r,
                  struct arena *a, char **file, struct err *e)
{
    char piece[32], *got = NULL;
    struct err why = ERR_INIT;
    int64_t size = 0;
    if (f->row.file && access(f->row.file, R_OK) == 0) {
        *file = mem_strdup(f->row.file);
        return true;
    }
    piece_name(r->address, piece);
    const char *validator = f->row.file ? NULL : f->row.validator;
    const struct download_job j = {.address = r->address,
                                   .folder = f->row.folder,
                                   .name = f->row.name,
                                   .piece = piece,
                                   .validator = validator,
                                   .most = (int64_t)conf_int(c, CONF_DOWNLOAD_MAX) << 20,
                                   .begun = begun,
                                   .progress = r->progress,
                                   .ctx = f,
                                   .progress_ctx = r->ctx};
    f->row.file = f->row.error = NULL;
    bool ok = download_file(c, &j, &got, &size, &why);
    struct download now;
    if (!store_download(f->store, r->address, a, &now, e) || (!ok && why.kind == ERR_BUSY)) {
        now = f->row;
        now.validator = validator;
    } else if (!now.address) {
        now = f->row;
    }
    if (ok || why.kind != ERR_BUSY) {
        now.file = got;
        now.size = size;
        now.error = ok ? NULL : why.msg;
        now.validator = ok ? NULL : now.validator;
        if (!store_set_download(f->store, &now, ok ? e : NULL))
            ok = false;
    }
    if (ok)
        *file = got;
    else
        free(got);
    if (!ok && why.kind && e)
        *e = why;
    return ok;
}

bool fetch_recording(const char *library, const struct conf *c, const struct fetch_recording *r,
                     char **file, struct err *e)
{
    struct fetching f = {0};
    struct arena *a = arena_new();
    bool ok = store_open(library, STORE_WRITE, &f.store, e) && row_of(&f, library, c, r, a, e) &&
              fetch(&f, c, r, a, file, e);
    store_close(f.store);
    arena_free(a);
    return ok;
}

bool fetch_recording_remove(struct store *s, const char *address, struct err *e)
{
    struct arena *a = arena_new();
    struct download d;
    char piece[32];
    bool ok = store_download(s, address, a, &d, e);
    if (ok && !d.address)
        ok = err_set(e, ERR_MISSING, "this recording is not on this machine: %s", address);
    if (ok) {
        piece_name(address, piece);
        char *name = mem_printf("%s.part", piece), *part = path_join(d.folder, name);
        unlink(part);
        if (d.file && unlink(d.file) != 0 && errno != ENOENT)
            ok = err_set(e, ERR_OTHER, "%s cannot be removed: %s", d.file, strerror(errno));
        ok = ok && store_download_forget(s, address, e);
        free(name);
        free(part);
    }
    arena_free(a);
    return ok;
}
