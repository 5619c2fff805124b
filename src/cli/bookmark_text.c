// Bookmarks that came as addresses get their text: the page is fetched, the article taken out of
// it. One after the other, so that no server is asked twice at once; one that fails is told and
// stays an address.
#include "bookmark_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "lectern/carry.h"
#include "lectern/extract.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/write.h"

static void charset_of(const struct http_reply *r, char out[64])
{
    const char *at = r->content_type ? strcasestr(r->content_type, "charset=") : NULL;
    *out = '\0';
    if (at)
        snprintf(out, 64, "%.*s", (int)strcspn(at + 8 + (at[8] == '"'), "\"; "),
                 at + 8 + (at[8] == '"'));
}

// A title of the reader's own stays; an address that stands for one goes.
static bool put(struct store *s, const struct item_body *was, const struct extract *x,
                const char *url, struct err *e)
{
    const struct doc *d = x->doc;
    struct buf html = {0};
    write_html(&html, d);
    struct item_body b = {.content = buf_cstr(&html),
                          .content_len = html.len,
                          .type = CONTENT_HTML,
                          .base = url,
                          .language = d->language ? d->language : was->language,
                          .image = x->image,
                          .enclosures = was->enclosures,
                          .nenclosures = was->nenclosures};
    bool titled = *was->row.title && strcmp(was->row.title, was->row.url) != 0;
    b.row.title = titled || !d->title ? "" : d->title;
    b.row.subtitle = was->row.subtitle ? NULL : d->subtitle;
    b.row.author = was->row.author ? NULL : d->author;
    b.row.feed_title = was->row.feed_title ? NULL : x->site;
    b.row.words = d->words;
    if (!d->date || !date_parse(d->date, &b.row.published))
        b.row.published = 0;
    bool ok = store_carry_text(s, was->row.id, &b, e);
    buf_free(&html);
    return ok;
}

static void told(const struct item_row *was, const struct extract *x)
{
    bool titled = *was->title && strcmp(was->title, was->url) != 0;
    printf("b%lld\t%s", (long long)-was->id, titled || !x->doc->title ? was->title : x->doc->title);
    if (x->paywalled || x->doc->preview)
        printf(" (not the whole: %s)", x->why ? x->why : "the page shows only a beginning");
    putchar('\n');
}

static bool one(const struct session *se, struct store *s, int64_t id, struct err *e)
{
    struct arena *a = arena_new();
    struct item_body item;
    struct http_reply r = {0};
    struct extract x = {0};
    char charset[64];
    bool ok = store_item(s, id, a, &item, e);
    if (ok && (!item.row.url || !*item.row.url))
        ok = err_set(e, ERR_MISSING, "b%lld has no address", (long long)-id);
    ok = ok && (fetch_get(item.row.url, se->conf, &r, e) ||
                err_wrap(e, "b%lld, %s", (long long)-id, item.row.url));
    if (ok) {
        charset_of(&r, charset);
        const struct extract_source from = {.url = r.url ? r.url : item.row.url,
                                            .charset = *charset ? charset : NULL,
                                            .title = item.row.title};
        ok = (extract_page(r.body, r.len, &from, &x, e) ||
              err_wrap(e, "b%lld, %s", (long long)-id, item.row.url)) &&
             put(s, &item, &x, from.url, e);
    }
    if (ok)
        told(&item.row, &x);
    extract_free(&x);
    http_reply_free(&r);
    arena_free(a);
    return ok;
}

static bool which(struct store *s, const struct arg_list *words, int64_t **ids, size_t *n,
                  struct err *e)
{
    if (!words->n)
        return store_carry_bare(s, ids, n, e);
    int64_t *list = mem_array(words->n, sizeof *list);
    for (size_t i = 0; i < words->n; i++)
        if (!store_parse_id(words->items[i], &list[i]) || list[i] > 0) {
            free(list);
            return err_set(e, ERR_USAGE,
                           "'%s' is no id of a bookmark; `lectern bookmarks` shows "
                           "them",
                           words->items[i]);
        }
    *ids = list;
    *n = words->n;
    return true;
}

int bookmark_fetch(const struct session *se, const struct arg_list *words)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    int64_t *ids = NULL;
    size_t n = 0, failed = 0;
    if (!store_open(se->library, STORE_WRITE, &s, &e) || !which(s, words, &ids, &n, &e)) {
        store_close(s);
        return args_fail(&cmd_bookmark, &e);
    }
    if (!n)
        puts("Every bookmark has its text.");
    for (size_t i = 0; i < n; i++)
        if (!one(se, s, ids[i], &e)) { // one that fails does not stop the others
            args_fail(&cmd_bookmark, &e);
            failed++;
        }
    free(ids);
    store_close(s);
    return failed ? EXIT_FAILED : EXIT_DONE;
}
