// What was found out about who reads an essay aloud (narration.h): a row for the answer and one for
// each recording. They stand beside the essay, since a fetch writes the essay's own record anew.
#include "lectern/narration.h"

#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "store/store.h"

enum { A_DAY = 24 * 3600, LONGEST_SLUG = 200 };

const char *narration_name(enum narration_kind k)
{
    static const char *const names[NARRATION_KINDS] = {"Narrated by the author", "Episode",
                                                       "Machine voice"};
    return names[k];
}

bool narration_address(const char *page, struct buf *out)
{
    static const char slugs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const char *host = !page                                   ? NULL
                       : strncasecmp(page, "https://", 8) == 0 ? page + 8
                       : strncasecmp(page, "http://", 7) == 0  ? page + 7
                                                               : NULL;
    if (!host)
        return false;
    size_t n = strcspn(host, "/?#@\\");
    if (n == 0 || strncmp(host + n, "/p/", 3) != 0)
        return false;
    const char *slug = host + n + 3;
    size_t len = strspn(slug, slugs);
    if (len == 0 || len > LONGEST_SLUG || !strchr("/?#", slug[len]) ||
        (slug[len] == '/' && slug[len + 1] && !strchr("?#", slug[len + 1])))
        return false;
    buf_add(out, page, (size_t)(host - page) + n);
    buf_printf(out, "/api/v1/posts/%.*s", (int)len, slug);
    return true;
}

static bool is_substack(const char *s, size_t len)
{
    static const char *const signs[] = {"substackcdn.com/", "substack-post-media.",
                                        ".substack.com/"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (s && memmem(s, len, signs[i], strlen(signs[i])))
            return true;
    return false;
}

bool narration_may_be(const struct item_body *item)
{
    struct buf b = {0};
    const char *url = item->row.url;
    bool post = narration_address(url, &b);
    buf_free(&b);
    if (!post)
        return false;
    bool is = is_substack(url, strlen(url)) || is_substack(item->content, item->content_len) ||
              (item->image && is_substack(item->image, strlen(item->image)));
    for (size_t i = 0; i < item->nenclosures && !is; i++)
        is = is_substack(item->enclosures[i].url, strlen(item->enclosures[i].url));
    return is;
}

bool narration_is_due(const struct narrations *w, int64_t now)
{
    return !w->n && (!w->asked || now - w->asked > A_DAY || now < w->asked);
}

bool store_narrations(struct store *s, int64_t item, struct arena *a, struct narrations *out,
                      struct err *e)
{
    static const char query[] =
        "SELECT nth, asked, kind, seconds, url, why FROM narration WHERE item = (SELECT item FROM "
        "narration WHERE item = ?1 OR item = (SELECT entry FROM bookmark WHERE id = -?1) "
        "ORDER BY asked DESC LIMIT 1) ORDER BY nth";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    sql_bind(st, "i", item);
    struct narrations w = {0};
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        w.asked = sql_col(st, 1);
        int64_t kind = sql_col(st, 2);
        if (sql_col(st, 0) == 0)
            w.why = sql_text(st, 5, a);
        else if (w.n < NARRATIONS && kind >= 0 && kind < NARRATION_KINDS)
            w.items[w.n++] =
                (struct narration){(enum narration_kind)kind, sql_text(st, 4, a), sql_col(st, 3)};
    }
    if (got == 0)
        *out = w;
    return got == 0;
}

bool narration_join(struct store *s, struct arena *a, struct item_body *item, struct err *e)
{
    struct narrations w;
    if (!store_narrations(s, item->row.id, a, &w, e))
        return false;
    if (!w.n)
        return true;
    struct enclosure *all = arena_alloc(a, (item->nenclosures + w.n) * sizeof *all);
    size_t n = item->nenclosures;
    if (n)
        memcpy(all, item->enclosures, n * sizeof *all);
    for (size_t i = 0; i < w.n; i++)
        all[n++] = (struct enclosure){.url = w.items[i].url,
                                      .type = "audio/mpeg",
                                      .title = narration_name(w.items[i].kind),
                                      .seconds = w.items[i].seconds,
                                      .kind = ENCLOSURE_AUDIO};
    item->enclosures = all;
    item->nenclosures = n;
    return true;
}

bool store_narrations_put(struct store *s, int64_t item, const struct narrations *w, struct err *e)
{
    static const char drop[] = "DELETE FROM narration WHERE item = ?";
    static const char put[] = "INSERT INTO narration(item, nth, asked, kind, seconds, url, why) "
                              "VALUES(?, ?, ?, ?, ?, ?, ?)";
    static const char of_entry[] =
        "UPDATE entry SET naudio = ?2, audio_seconds = ?3, audio = ?4 WHERE id = ?1 AND naudio = 0";
    static const char of_bookmark[] = "UPDATE bookmark SET naudio = ?2, audio_seconds = ?3, audio "
                                      "= ?4 WHERE id = -?1 AND naudio = 0";
    static const char of_both[] = "UPDATE bookmark SET naudio = ?2, audio_seconds = ?3, audio = ?4 "
                                  "WHERE entry = ?1 AND naudio = 0";
    bool ok = sql_write_begin(s, e);
    if (!ok)
        return false;
    ok =
        sql_do(s, e, drop, "i", item) && sql_do(s, e, put, "iiiiitt", item, (int64_t)0, w->asked,
                                                (int64_t)0, (int64_t)0, (const char *)NULL, w->why);
    for (size_t i = 0; ok && i < w->n; i++)
        ok = sql_do(s, e, put, "iiiiitt", item, (int64_t)i + 1, w->asked, (int64_t)w->items[i].kind,
                    w->items[i].seconds, w->items[i].url, (const char *)NULL);
    if (ok && w->n)
        ok = sql_do(s, e, item > 0 ? of_entry : of_bookmark, "iiit", item, (int64_t)w->n,
                    w->items[0].seconds, w->items[0].url) &&
             (item < 0 || sql_do(s, e, of_both, "iiit", item, (int64_t)w->n, w->items[0].seconds,
                                 w->items[0].url));
    return sql_write_end(s, ok, e);
}
