// Older essays of a Substack: its archive lists them, newest first, as many at a time as it likes
// and not as one asks; each is then asked for by itself. The next list begins where this one ended,
// a few earlier where days lie between: what was deleted meanwhile moves all that follows.
#include <stdlib.h>
#include <string.h>

#include "lectern/archive.h"
#include "older.h"

enum { ASKED = 20, OVERLAP = 3 };

static bool post(struct walk *w, const struct archive_item *item, const char *site, struct err *e)
{
    struct walk_reply r;
    struct feed_update *u = NULL;
    bool ok = walk_ask(w, item->body, false, &r, e);
    int status = r.status;
    ok = ok && archive_substack_post(buf_cstr(&r.body), r.body.len, site, &u, e);
    walk_reply_free(&r);
    return ok ? walk_take(w, u, true, e) : walk_miss(w, status, e);
}

static bool posts(struct walk *w, const struct archive_list *l, const char *site, struct err *e)
{
    for (size_t i = 0; i < l->n && !walk_stopped(w) && !w->full; i++)
        if (walk_wants(w, l->items[i].url, l->items[i].date) && !post(w, &l->items[i], site, e))
            return false;
    return true;
}

static enum older_step substack(struct walk *w, const char *where, struct err *e)
{
    char *site_at;
    struct walk_reply r;
    struct archive_list *l = NULL;
    long offset = strtol(where, &site_at, 10);
    offset = offset < 0 || offset > 1000000 ? 0 : offset;
    if (w->steps == 1 && offset > OVERLAP)
        offset -= OVERLAP;
    const char *site = site_at + (*site_at == ' ');
    char *url =
        mem_printf("%s/api/v1/archive?sort=new&search=&offset=%ld&limit=%d", site, offset, ASKED);
    bool ok = walk_ask(w, url, false, &r, e), told = r.status >= 400 && r.status != 429;
    ok = ok && archive_substack(buf_cstr(&r.body), r.body.len, site, &l, e);
    walk_reply_free(&r);
    free(url);
    if (!ok && offset == 0 && told) { // no Substack any more: its pages may have a map all the same
        bool on = walk_on(w, mem_printf("sitemap %s", site), e);
        e->kind = ERR_NONE;
        return on ? STEP_NOT : STEP_FAILED;
    }
    if (!ok)
        return STEP_FAILED;
    enum older_step step = STEP_END;
    if (l->listed) {
        char *next = mem_printf("substack %ld %s", offset + (long)l->listed, site);
        ok = posts(w, l, site, e);
        // What was stopped in the middle is looked through again.
        bool whole = ok && !walk_stopped(w) && !w->full;
        step = !ok ? STEP_FAILED : !whole || walk_on(w, next, e) ? STEP_ON : STEP_FAILED;
        if (!whole)
            free(next);
    }
    archive_list_free(l);
    return step;
}

const struct older_source older_substack = {"substack", "Substack's archive", substack};
