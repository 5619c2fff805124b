// Asks a newsletter who reads an essay aloud, once, when somebody wants to listen (narration.h).
#include "narration.h"

#include <string.h>
#include <time.h>

#include "lectern/fetch.h"

enum { WRITE_WAIT_MS = 15000 };

static bool ask(const char *page, const struct conf *c, struct arena *a, struct narrations *w,
                struct err *e)
{
    struct buf api = {0};
    struct http_reply r = {0};
    if (!narration_address(page, &api))
        return err_set(e, ERR_MISSING, "this essay has no page that would say what can be heard");
    bool ok = fetch_get(api.data, c, &r, e) && narration_read(r.body, r.len, page, a, w, e);
    http_reply_free(&r);
    buf_free(&api);
    w->asked = (int64_t)time(NULL);
    return ok || err_wrap(e, "asking who reads this essay aloud");
}

bool fetch_narration(const char *library, const struct conf *c, int64_t item, size_t *n,
                     const char **why, struct err *e)
{
    struct store *s;
    struct item_row row;
    struct narrations w = {0};
    if (!store_open(library, STORE_WRITE, &s, e))
        return false;
    store_set_wait(s, WRITE_WAIT_MS);
    struct arena *a = arena_new();
    bool ok = store_rows(s, &item, 1, a, &row, e);
    if (ok && !row.id)
        ok = err_set(e, ERR_MISSING, "this essay is not in the library any more");
    ok = ok && ask(row.url, c, a, &w, e) && store_narrations_put(s, item, &w, e);
    if (ok) {
        *n = w.n;
        *why = w.why;
    }
    arena_free(a);
    store_close(s);
    return ok;
}
