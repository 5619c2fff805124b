// Moves: by hand, and by a permanent redirect that was seen twice. The latter are remembered, so
// that they can be told and taken back; one that was taken back is not believed again.
#include "move.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "http.h"
#include "lectern/feed.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

void fetch_key(char out[FETCH_KEY], const char *kind, int64_t feed)
{
    snprintf(out, FETCH_KEY, "fetch.%s.%lld", kind, (long long)feed);
}

static const char *value(struct store *s, const char *kind, int64_t feed, struct arena *a)
{
    char key[FETCH_KEY];
    const char *v = NULL;
    fetch_key(key, kind, feed);
    return store_get(s, key, a, &v, NULL) && v && *v ? v : NULL;
}

static bool put(struct store *s, const char *kind, int64_t feed, const char *v, struct err *e)
{
    char key[FETCH_KEY];
    fetch_key(key, kind, feed);
    return store_put(s, key, v, e);
}

const char *move_refused(struct store *s, int64_t feed, struct arena *a)
{
    return value(s, "stay", feed, a);
}

bool move_note(struct store *s, int64_t feed, const char *from, const char *to, int64_t when,
               struct err *e)
{
    struct arena *a = arena_new();
    struct feed_row row;
    bool ok = store_feed(s, feed, a, &row, e);
    if (ok && strcmp(row.address, to) == 0) { // else another feed has that address already
        char *line = mem_printf("%lld %s", (long long)when, from);
        ok = put(s, "moved", feed, line, e);
        free(line);
    }
    arena_free(a);
    return ok;
}

static const char *moved_from(struct store *s, int64_t feed, struct arena *a, int64_t *when)
{
    const char *v = value(s, "moved", feed, a), *blank = v ? strchr(v, ' ') : NULL;
    if (!blank)
        return NULL;
    *when = strtoll(v, NULL, 10);
    return blank + 1;
}

void fetch_moves(struct store *s, int64_t feed, struct arena *a, struct feed_moves *out)
{
    *out = (struct feed_moves){0};
    const char *from = moved_from(s, feed, a, &out->when), *stay = move_refused(s, feed, a);
    char *shown = from ? feed_shown(from) : NULL;
    out->from = arena_strdup(a, shown);
    free(shown);
    shown = stay ? feed_shown(stay) : NULL;
    out->refused = arena_strdup(a, shown);
    free(shown);
}

static bool same(const char *a, const char *b)
{
    char *x = feed_shown(a), *y = feed_shown(b);
    bool equal = strcmp(x, y) == 0;
    free(x);
    free(y);
    return equal;
}

bool fetch_move(struct store *s, int64_t feed, const char *typed, struct err *e)
{
    char *url = NULL;
    struct arena *a = arena_new();
    struct feed_row row;
    int64_t when;
    bool begun = false, ok = fetch_address(typed, &url, e) && (begun = store_begin(s, e)) &&
                             store_feed(s, feed, a, &row, e);
    if (ok) {
        const char *from = moved_from(s, feed, a, &when);
        bool back = from && same(from, url);
        ok = store_feed_move(s, feed, back ? from : url, e) &&
             (!from || put(s, "moved", feed, "", e)) &&
             (back || move_refused(s, feed, a) ? put(s, "stay", feed, back ? row.address : "", e)
                                               : true);
    }
    if (begun && ok)
        ok = store_commit(s, e);
    else if (begun)
        store_rollback(s);
    free(url);
    arena_free(a);
    return ok;
}

// ---- what a document asks for ----

char *asks_of(const struct feed_update *u)
{
    bool moved = u->moved_to && !strpbrk(u->moved_to, " \n");
    return mem_printf("%lld %u %u%s%s", (long long)u->ttl, (unsigned)u->skip_hours,
                      (unsigned)u->skip_days, moved ? " " : "", moved ? u->moved_to : "");
}

bool asks_keep(struct store *s, int64_t feed, const struct feed_update *u, struct err *e)
{
    char *asks = asks_of(u);
    bool ok = put(s, "asks", feed, asks, e);
    free(asks);
    return ok;
}

const char *asks_moved(const char *asks, const char *url)
{
    const char *to = asks;
    for (int i = 0; to && i < 3; i++) {
        to = strchr(to, ' ');
        to += to != NULL;
    }
    bool secure = strncasecmp(url, "https:", 6) == 0;
    if (!to || !http_is_web(to) || strcmp(to, url) == 0 ||
        (secure && strncasecmp(to, "https:", 6) != 0))
        return NULL;
    return to;
}
