// Subscriptions into the library: OPML, newsboat's urls, a plain list, or all that another reader
// keeps. Subscribes without fetching, so that a thousand take a moment; all of it is one
// transaction. What is not taken is told, nothing is added twice.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

void import_skip(const struct import_opts *o, struct import_result *r, const char *file, int line,
                 const char *what, const char *why)
{
    r->skipped++;
    if (o->skipped)
        o->skipped(o->ctx, file, line, what, why);
}

void import_tell(const struct import_opts *o, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    char *clean = utf8_clean_dup(text, strlen(text), UTF8_LINE);
    if (o->told)
        o->told(o->ctx, clean);
    free(clean);
}

static char *expanded(const char *file)
{
    const char *home = getenv("HOME");
    return strncmp(file, "~/", 2) == 0 && home ? mem_printf("%s%s", home, file + 1)
                                               : mem_strdup(file);
}

// What an import writes and where to; s NULL: into nothing.
struct writing {
    struct store *s;
    const struct import_opts *o;
    struct import_result *r;
    const struct hoard *h;
    bool *done;       // feeds of the hoard
    const char *file; // the list
};

// Subscribes; *id 0: only counted, or not to be had.
static bool subscribe(struct writing *w, const struct sub *sub, int64_t *id, struct err *e)
{
    const struct import_opts *o = w->o;
    char *url = NULL;
    struct err why = ERR_INIT;
    *id = 0;
    if (!fetch_address(sub->url, &url, &why)) {
        import_skip(o, w->r, w->file, 0, sub->url, why.msg);
        return true;
    }
    bool named = sub->title && strcmp(sub->title, sub->url) != 0; // not just the address
    bool existed = false, ok = true;
    if (o->dry) {
        ok = !w->s || store_feed_at(w->s, url, id, e);
        existed = *id != 0;
    } else {
        ok = store_feed_add(w->s, url, sub->tags, id, &existed, e) &&
             (existed || !named || store_feed_rename(w->s, *id, sub->title, e));
    }
    for (const char *const *tag = o->tags; ok && !o->dry && tag && *tag; tag++)
        ok = store_feed_tag(w->s, *id, *tag, true, e);
    if (ok && existed)
        w->r->there++;
    else if (ok)
        w->r->added++;
    free(url);
    return ok;
}

// The essays of a feed, by its address as that reader has it.
static bool essays(struct writing *w, const char *url, int64_t id, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && w->h && i < hoard_feeds(w->h); i++) {
        if (w->done[i] || strcmp(hoard_address(w->h, i), url) != 0)
            continue;
        w->done[i] = true;
        ok = hoard_write(w->h, i, w->s, id, w->o->dry, w->r, e);
    }
    return ok;
}

static bool take_subs(struct writing *w, const struct subs *subs, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < subs->n; i++) {
        int64_t id;
        if (w->o->found)
            w->o->found(w->o->ctx, &subs->items[i]);
        ok = subscribe(w, &subs->items[i], &id, e) &&
             (!(id || w->o->dry) || essays(w, subs->items[i].url, id, e));
    }
    for (size_t i = 0; ok && !w->o->dry && i < subs->nsearches; i++)
        ok = store_search_save(w->s, subs->searches[i].name, subs->searches[i].query, e);
    w->r->searches = subs->nsearches;
    return ok;
}

// A database alone: its feeds are the subscriptions.
static bool take_feeds(struct writing *w, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < hoard_feeds(w->h); i++) {
        static const char *no_tags[] = {NULL};
        const struct sub sub = {.url = hoard_address(w->h, i), .tags = no_tags};
        int64_t id;
        w->r->feeds++;
        if (w->o->found)
            w->o->found(w->o->ctx, &sub);
        ok = subscribe(w, &sub, &id, e) &&
             (!(id || w->o->dry) || hoard_write(w->h, i, w->s, id, w->o->dry, w->r, e));
    }
    return ok;
}

static bool take_names(struct writing *w, struct err *e)
{
    struct arena *a = arena_new();
    char *file = expanded(w->o->read);
    const char **names = import_names(file, a, &w->r->names, e);
    bool ok = names && (!w->s || store_read_elsewhere(w->s, names, w->r->names, w->o->dry,
                                                      &w->r->marked, e));
    free(file);
    arena_free(a);
    return ok;
}

static bool write_all(struct writing *w, const struct subs *subs, struct err *e)
{
    return (subs ? take_subs(w, subs, e) : !w->h || take_feeds(w, e)) &&
           (!w->o->read || take_names(w, e));
}

static bool into_library(const char *library, struct writing *w, const struct subs *subs,
                         struct err *e)
{
    if (w->o->dry) { // what is there is looked at; a library that is not there is empty
        struct err why = ERR_INIT;
        if (!store_open(library, STORE_READ, &w->s, &why) && why.kind != ERR_MISSING) {
            if (e)
                *e = why;
            return false;
        }
        bool ok = write_all(w, subs, e);
        store_close(w->s);
        return ok;
    }
    if (!store_open(library, STORE_WRITE, &w->s, e))
        return false;
    bool ok = store_begin(w->s, e) && write_all(w, subs, e);
    if (ok)
        ok = store_commit(w->s, e);
    else
        store_rollback(w->s);
    store_close(w->s);
    return ok;
}

static bool read_list(const char *name, enum foreign_kind kind, struct subs **out, struct err *e)
{
    struct buf bytes = {0};
    bool ok = buf_read_file(&bytes, name, IMPORT_LARGEST, e);
    if (ok && !(kind == FOREIGN_NEWSRAFT ? subs_read_newsraft(buf_cstr(&bytes), bytes.len, out, e)
                                         : subs_read(buf_cstr(&bytes), bytes.len, out, e)))
        ok = err_wrap(e, "%s", name);
    buf_free(&bytes);
    return ok;
}

// A folder or database of another reader? *is false: a list, or standard input.
static bool place_of(const char *file, const struct import_opts *o, struct foreign_place *p,
                     bool *is, struct err *e)
{
    const char *reader = o->reader;
    if (reader && !file)
        *is = foreign_find(reader, p);
    else
        *is = strcmp(file, "-") != 0 && foreign_look(file, reader, p);
    if (!*is && reader && !file)
        return err_set(e, ERR_MISSING,
                       "nothing of %s was found in the places where it keeps its things; "
                       "`lectern import %s FOLDER` names another",
                       reader, reader);
    if (!*is && reader)
        return err_set(e, ERR_MISSING, "there is nothing of %s in %s", reader, file);
    return true;
}

bool fetch_import(const char *library, const char *file, const struct import_opts *o,
                  struct import_result *out, struct err *e)
{
    struct subs *subs = NULL;
    struct hoard *h = NULL;
    struct foreign_place p = {0};
    struct import_result r = {0};
    bool foreign;
    if (!place_of(file, o, &p, &foreign, e))
        return false;
    char *name = foreign ? mem_strdup(p.list) : expanded(file);
    bool ok = !name || read_list(name, p.kind, &subs, e);
    for (size_t i = 0; subs && i < subs->nskipped; i++)
        import_skip(o, &r, name, subs->skipped[i].line, subs->skipped[i].what,
                    subs->skipped[i].why);
    if (ok && subs) {
        r.format = foreign ? p.name : subs->format;
        r.feeds = subs->n;
        r.hidden = subs->hidden;
    }
    if (ok && foreign) {
        if (p.missing)
            import_tell(o, "%s: %s", p.dir, p.missing);
        if (p.config)
            snprintf(r.config, sizeof r.config, "%s", p.config);
        ok = hoard_read(&p, subs, o, &r, &h, e);
    }
    struct writing w = {.o = o, .r = &r, .h = h, .file = name ? name : file};
    w.done = mem_array(h ? hoard_feeds(h) : 0, sizeof *w.done);
    ok = ok && into_library(library, &w, subs, e);
    if (ok)
        *out = r;
    free(w.done);
    hoard_free(h);
    subs_free(subs);
    foreign_place_free(&p);
    free(name);
    return ok;
}
