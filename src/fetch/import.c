// A file of subscriptions into the library: OPML, newsboat's urls, or a plain list. Subscribes
// without fetching, so that a thousand take a moment. What is not taken is told, nothing is added
// twice.
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/subs.h"

enum { LARGEST = 64 << 20 };

static void skip(const struct import_opts *o, struct import_result *r, int line, const char *what,
                 const char *why)
{
    r->skipped++;
    if (o->skipped)
        o->skipped(o->ctx, line, what, why);
}

static bool take_one(struct store *s, const struct sub *sub, const struct import_opts *o,
                     struct import_result *r, struct err *e)
{
    char *url = NULL;
    struct err why = ERR_INIT;
    if (!fetch_address(sub->url, &url, &why)) {
        skip(o, r, 0, sub->url, why.msg);
        return true;
    }
    int64_t id;
    bool named = sub->title && strcmp(sub->title, sub->url) != 0; // not just the address
    bool existed, ok = store_feed_add(s, url, sub->tags, &id, &existed, e) &&
                       (existed || !named || store_feed_rename(s, id, sub->title, e));
    for (const char *const *tag = o->tags; ok && tag && *tag; tag++)
        ok = store_feed_tag(s, id, *tag, true, e);
    if (ok && existed)
        r->there++;
    else if (ok)
        r->added++;
    free(url);
    return ok;
}

static bool take_all(const char *library, const struct subs *subs, const struct import_opts *o,
                     struct import_result *r, struct err *e)
{
    struct store *s = NULL;
    if (!store_open(library, STORE_WRITE, &s, e))
        return false;
    bool ok = store_begin(s, e);
    for (size_t i = 0; ok && i < subs->n; i++)
        ok = take_one(s, &subs->items[i], o, r, e);
    if (ok)
        ok = store_commit(s, e);
    else
        store_rollback(s);
    store_close(s);
    return ok;
}

bool fetch_import(const char *library, const char *file, const struct import_opts *o,
                  struct import_result *out, struct err *e)
{
    struct buf bytes = {0};
    struct subs *subs = NULL;
    struct import_result r = {0};
    const char *home = getenv("HOME");
    char *name =
        strncmp(file, "~/", 2) == 0 && home ? mem_printf("%s%s", home, file + 1) : mem_strdup(file);
    bool ok = buf_read_file(&bytes, name, LARGEST, e);
    if (ok && !subs_read(buf_cstr(&bytes), bytes.len, &subs, e))
        ok = err_wrap(e, "%s", name);
    for (size_t i = 0; ok && i < subs->nskipped; i++)
        skip(o, &r, subs->skipped[i].line, subs->skipped[i].what, subs->skipped[i].why);
    if (ok) {
        r.format = subs->format;
        r.feeds = subs->n;
    }
    for (size_t i = 0; ok && o->found && i < subs->n; i++)
        o->found(o->ctx, &subs->items[i]);
    ok = ok && (o->dry || take_all(library, subs, o, &r, e));
    if (ok)
        *out = r;
    subs_free(subs);
    buf_free(&bytes);
    free(name);
    return ok;
}
