// Older essays in feed documents: those a feed names (RFC 5005: prev-archive, or next of a paged
// feed; next_url of a JSON Feed), and those WordPress has without naming them (?paged=2), or whole
// (its REST interface) where its feed has summaries.
#include <stdlib.h>
#include <string.h>

#include "lectern/archive.h"
#include "lectern/hash.h"
#include "older.h"

static enum older_step named(struct walk *w, const char *where, struct err *e)
{
    struct feed_update *u = NULL;
    bool again = false;
    int status;
    if (!walk_read(w, where, &u, &again, &status, e))
        return STEP_FAILED;
    const char *to = u->prev_archive ? u->prev_archive : u->next;
    bool on = to && http_is_web(to) && set64_add(&w->asked, hash_string(to, 0));
    // A server that has one answer for every address would lead on for ever.
    char *next = on && !again && u->nentries ? mem_printf("pages %s", to) : NULL;
    if (!walk_take(w, u, false, e) || !walk_on(w, next, e))
        return STEP_FAILED;
    return STEP_ON;
}

const struct older_source older_pages = {"pages", "the archive the feed names", named};

// "3 https://example.org/feed/" -> 3 and the address.
static int numbered(const char *where, const char **rest)
{
    char *end;
    long n = strtol(where, &end, 10);
    *rest = *end == ' ' ? end + 1 : end;
    return n > 0 && n < 1000000 ? (int)n : 1;
}

static enum older_step paged(struct walk *w, const char *where, struct err *e)
{
    const char *feed;
    int n = numbered(where, &feed), status;
    char *url = mem_printf("%s%cpaged=%d", feed, strchr(feed, '?') ? '&' : '?', n);
    char *next = mem_printf("paged %d %s", n + 1, feed);
    struct feed_update *u = NULL;
    bool again = false, ok = walk_read(w, url, &u, &again, &status, e);
    free(url);
    if (!ok && (status == 404 || status == 410)) { // behind the last page
        free(next);
        e->kind = ERR_NONE;
        return STEP_END;
    }
    if (!ok) {
        if (walk_miss(w, status, e) && walk_on(w, next, e))
            return STEP_ON;
        if (w->at != next)
            free(next);
        return STEP_FAILED;
    }
    bool end = again || !u->nentries;
    if (!walk_take(w, u, false, e) || !walk_on(w, end ? (free(next), NULL) : next, e))
        return STEP_FAILED;
    return STEP_ON;
}

const struct older_source older_paged = {"paged", "WordPress's pages", paged};

static enum older_step wordpress(struct walk *w, const char *where, struct err *e)
{
    const char *site;
    struct walk_reply r;
    struct feed_update *u = NULL;
    int n = numbered(where, &site);
    char *url = mem_printf("%s/wp-json/wp/v2/posts?page=%d&per_page=20&orderby=date&order=desc"
                           "&_embed=author,wp:term",
                           site, n);
    char *next = mem_printf("wordpress %d %s", n + 1, site),
         *instead = mem_printf("paged 2 %s", w->address);
    bool ok = walk_ask(w, url, false, &r, e), told = !ok && r.status >= 400 && r.status != 429;
    int status = r.status;
    ok = ok && archive_wordpress(buf_cstr(&r.body), r.body.len, site, &u, e);
    walk_reply_free(&r);
    free(url);
    enum older_step step = STEP_ON;
    if (!ok && n == 1 && (told || status == 200)) { // switched off: its feed has pages at least
        step = walk_on(w, instead, e) ? STEP_NOT : STEP_FAILED;
        instead = NULL;
        e->kind = ERR_NONE;
    } else if (!ok && (status == 400 || status == 404)) { // behind the last page
        step = STEP_END;
        e->kind = ERR_NONE;
    } else if (!ok) {
        step = walk_miss(w, status, e) ? STEP_ON : STEP_FAILED;
    } else if (!u->nentries) {
        feed_free(u);
        step = STEP_END;
    } else {
        step = walk_take(w, u, true, e) ? STEP_ON : STEP_FAILED;
    }
    if (step == STEP_ON) {
        step = walk_on(w, next, e) ? STEP_ON : STEP_FAILED;
        next = NULL;
    }
    free(next);
    free(instead);
    return step;
}

const struct older_source older_wordpress = {"wordpress", "WordPress's posts", wordpress};
