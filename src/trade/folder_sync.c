// Bookmarks into a folder and back. A file is written only when it would say something else: what
// it was written from is summed up in it, so that a folder of thousands is gone through without
// setting a single text anew. A file that a person changed is never written over; and none goes
// that is not as Lectern wrote it.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/export.h"
#include "lectern/hash.h"
#include "trade/folder.h"

struct sync {
    struct store *s;
    struct folder f;
    const struct folder_opts *o;
    struct folder_result *r;
    int64_t now;
};

static void tell(struct sync *y, const char *name, const char *why)
{
    if (y->o->told)
        y->o->told(y->o->ctx, name, why);
}

// ---- out ----

static uint64_t body_hash(const struct kept *k, struct buf *body, bool *made)
{
    if (k->carried.page)
        return k->carried.page;
    *made = true;
    return page_body(k, body);
}

static bool write_page(struct sync *y, const struct kept *k, uint64_t page, struct buf *body,
                       bool made, struct folder_file *file, struct err *e)
{
    struct buf out = {0}, old = {0};
    char *extra = NULL, *name = NULL;
    if (!made)
        page_body(k, body);
    if (file && folder_load(&y->f, file->name, &old, NULL))
        extra = page_extra(buf_cstr(&old), old.len);
    page_write(k, body, page, extra, &out);
    bool ok = true;
    // What another library wrote in the same words is as good.
    if (out.len != old.len || memcmp(out.data, buf_cstr(&old), out.len) != 0) {
        if (!file)
            name = folder_name(&y->f, &k->body.row, k->carried.uid);
        ok = folder_save(&y->f, file ? file->name : name, &out, e);
        y->r->written += ok;
    }
    free(name);
    free(extra);
    buf_free(&old);
    buf_free(&out);
    return ok;
}

static bool put_one(struct sync *y, int64_t id, struct err *e)
{
    struct arena *a = arena_new();
    struct kept k;
    struct buf body = {0};
    struct err why = ERR_INIT;
    bool made = false, ok = kept_load(y->s, id, a, &k, &why);
    if (ok) {
        struct folder_file *file = folder_find(&y->f, k.carried.uid);
        uint64_t page = body_hash(&k, &body, &made), facts = page_facts(&k, page);
        y->r->total++;
        if (file)
            file->met = true;
        if (file && file->stamp.edited && !y->o->force) {
            y->r->edited++;
            tell(y, file->name, "was changed by hand and is left as it is");
        } else if (!file || file->stamp.edited || file->stamp.facts != facts) {
            ok = write_page(y, &k, page, &body, made, file, e);
        }
        if (ok && (page != k.carried.page || (y->o->sync && facts != k.carried.seen)) &&
            store_writable(y->s))
            ok = store_carry_seen(y->s, id, page, y->o->sync ? facts : k.carried.seen, e);
    } else if (why.kind == ERR_MISSING) {
        ok = true; // gone meanwhile
    } else {
        *e = why;
    }
    buf_free(&body);
    arena_free(a);
    return ok;
}

// Files of bookmarks that are not there.
static bool put_away(struct sync *y, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < y->f.n; i++) {
        struct folder_file *file = &y->f.files[i];
        int64_t id;
        bool binned;
        if (file->met || !*file->stamp.uid)
            continue;
        ok = store_carried_find(y->s, file->stamp.uid, &id, &binned, e);
        if (!ok || (id && !binned)) // of another tag, or a copy
            continue;
        bool goes = !file->stamp.edited && (y->o->prune || (y->o->sync && binned));
        if (goes)
            ok = folder_remove(&y->f, file->name, e);
        y->r->removed += goes;
        y->r->gone += !goes;
    }
    return ok;
}

static bool put_all(struct sync *y, struct err *e)
{
    struct shelf sh = {.kind = SHELF_BOOKMARKS, .tag = y->o->tag};
    int64_t *ids;
    size_t n;
    if (!store_ids(y->s, &sh, false, 0, 0, &ids, &n, e))
        return false;
    bool ok = true;
    // The first kept has the plain name.
    for (size_t i = n; ok && i-- > 0 && !(y->o->stop && *y->o->stop);)
        ok = put_one(y, ids[i], e);
    free(ids);
    return ok;
}

// ---- in ----

struct taking {
    struct sync *y;
    struct bring_result *r;
    const struct bring_opts *o;
    struct brought *b; // those that are new
};

// Is it anything new? file: *all, as folder_take has it.
static bool is_new(struct sync *y, int64_t id, const struct page_stamp *stamp, bool *all, bool *new,
                   struct err *e)
{
    struct arena *a = arena_new();
    struct kept k;
    struct buf body = {0};
    bool made = false, ok = kept_load(y->s, id, a, &k, e);
    if (ok) {
        uint64_t facts = page_facts(&k, body_hash(&k, &body, &made));
        // The folder that is kept in step knows what its file said last; elsewhere the file itself
        // does, while only a person has changed it.
        bool known = y->o->sync && k.carried.seen;
        *all = facts == (known ? k.carried.seen : stamp->facts);
        *new = stamp->edited || stamp->facts != (known ? k.carried.seen : facts);
    }
    buf_free(&body);
    arena_free(a);
    return ok;
}

static bool bring_page(struct taking *t, struct folder_file *file, struct err *e)
{
    struct sync *y = t->y;
    struct buf bytes = {0};
    struct err why = ERR_INIT;
    bool ok = true, binned = false, all = false, new = true, changed = false;
    int64_t id = 0;
    if (*file->stamp.uid)
        ok = store_carried_find(y->s, file->stamp.uid, &id, &binned, e);
    bool there = ok && id && !binned;
    if (there)
        ok = is_new(y, id, &file->stamp, &all, &new, e);
    if (!ok || (y->o->sync && binned && !file->stamp.edited)) // let go here: the file goes, too
        return ok;
    if (there && !new) {
        t->r->there++;
        return true;
    }
    if (!folder_load(&y->f, file->name, &bytes, &why) ||
        !page_read(t->b, buf_cstr(&bytes), bytes.len, &why)) {
        tell(y, file->name, why.msg);
    } else {
        if (there) {
            ok = folder_take(y->s, id, &t->b->items[--t->b->n], all, t->o->now, &changed, e);
            t->r->changed += changed;
            t->r->there += !changed;
        }
        file->stamp.edited = false; // what it said is in the library, or will be
        file->stamp.facts = 0;
    }
    buf_free(&bytes);
    return ok;
}

static bool bring_all(struct sync *y, const struct bring_opts *o, struct bring_result *r,
                      struct err *e)
{
    struct taking t = {y, r, o, brought_new("Markdown")};
    bool ok = true;
    for (size_t i = 0; ok && i < y->f.n; i++) {
        struct folder_file *file = &y->f.files[i];
        if (i && *file->stamp.uid && strcmp(file->stamp.uid, file[-1].stamp.uid) == 0)
            tell(y, file->name, "it is a copy of another file there");
        else if (*file->stamp.uid || !y->o->sync) // notes of one's own may stand beside them
            ok = bring_page(&t, file, e);
    }
    struct bring_result new = {0};
    ok = ok && bring_take(y->s, t.b, o, &new, e);
    r->added += new.added;
    r->changed += new.changed;
    r->there += new.there;
    r->bare += new.bare;
    bring_free(t.b);
    return ok;
}

// ---- for others ----

bool bring_folder(struct store *s, const char *dir, const struct bring_opts *o,
                  void (*told)(void *ctx, const char *file, const char *why), void *ctx,
                  struct bring_result *out, struct err *e)
{
    struct folder_opts how = {.told = told, .ctx = ctx};
    struct folder_result none = {0};
    struct sync y = {.s = s, .o = &how, .r = &none, .now = o->now};
    *out = (struct bring_result){0};
    if (!folder_open(dir, false, true, &y.f, e))
        return false;
    bool ok = bring_all(&y, o, out, e);
    folder_close(&y.f);
    return ok;
}

bool export_folder(struct store *s, const char *dir, const struct folder_opts *o,
                   struct folder_result *out, struct err *e)
{
    struct sync y = {.s = s, .o = o, .r = out, .now = o->now};
    *out = (struct folder_result){0};
    if (!folder_open(dir, true, !o->sync, &y.f, e))
        return false;
    struct bring_opts in = {.now = o->now};
    struct bring_result r = {0};
    bool ok = !o->sync || bring_all(&y, &in, &r, e);
    out->taken = r.added + r.changed;
    ok = ok && put_all(&y, e);
    bool whole = !o->tag && !(o->stop && *o->stop);
    ok = ok && (!whole || put_away(&y, e));
    folder_close(&y.f);
    return ok;
}
