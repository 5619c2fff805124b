// What goes after a fetch, by the rules of the configuration: when something came, and else once a
// day, since days pass without a fetch too.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lectern/house.h"
#include "run.h"

enum { DAY = 24 * 3600 };
static const char LAST[] = "keep.last";

static bool is_time(struct store *s, struct arena *a, int64_t now)
{
    const char *last = NULL;
    return !store_get(s, LAST, a, &last, NULL) || !last || strtoll(last, NULL, 10) + DAY <= now ||
           strtoll(last, NULL, 10) > now;
}

bool fetch_keep(struct store *s, const struct conf *c, const struct fetch_opts *o, bool came,
                struct err *e)
{
    struct arena *a = arena_new();
    struct feed_rows rows = {0};
    int64_t now = (int64_t)time(NULL);
    bool ok = true, any = false;
    if (!came && !is_time(s, a, now)) {
        arena_free(a);
        return true;
    }
    ok = store_feeds(s, a, &rows, e);
    for (size_t i = 0; ok && i < rows.n && !(o->stop && *o->stop); i++) {
        const struct feed_row *r = &rows.items[i];
        struct keep_rule rule = keep_rule_of(c, r->address);
        struct keep_result went;
        if (keep_all(&rule))
            continue;
        any = true;
        ok = keep_apply(s, r->id, &rule, now, o->stop, &went, e);
        if (went.n && o->event)
            o->event(o->ctx, &(struct fetch_event){.kind = FETCH_WENT,
                                                   .feed = r->id,
                                                   .changed = went.n,
                                                   .title = r->title,
                                                   .url = r->url});
    }
    if (ok && any && !(o->stop && *o->stop)) {
        char when[32];
        snprintf(when, sizeof when, "%lld", (long long)now);
        ok = store_put(s, LAST, when, e);
    }
    arena_free(a);
    return ok;
}
