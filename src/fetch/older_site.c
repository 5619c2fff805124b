// Older essays of a site that lists them nowhere but in its sitemap (Ghost, and most homemade
// ones): addresses of the same shape as those of the essays that are known, newest first, each
// page asked for by itself and its article taken out. Here a program goes from page to page, so
// robots.txt counts.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/archive.h"
#include "lectern/hash.h"
#include "lectern/write.h"
#include "older.h"
#include "page.h"
#include "robots.h"

enum {
    MOST_MAPS = 50,
    KNOWN = 200, // essays whose addresses tell what essays look like
    A_STEP = 8,  // pages
    FEW_WORDS = 60,
};

struct sitemap_walk {
    struct archive_list *lists[MOST_MAPS]; // what the items point into
    struct archive_item *items;
    size_t nlists, n, cap, at;
};

void older_site_free(struct sitemap_walk *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->nlists; i++)
        archive_list_free(m->lists[i]);
    free(m->items);
    free(m);
}

static bool shapes(struct walk *w, struct buf *out, struct err *e)
{
    const struct shelf sh = {.kind = SHELF_FEED, .feed = w->feed};
    int64_t *ids = NULL;
    size_t n = 0, urls = 0;
    if (!store_ids(w->store, &sh, false, 0, KNOWN, &ids, &n, e))
        return false;
    struct arena *a = arena_new();
    struct item_row *rows = arena_alloc(a, (n + 1) * sizeof *rows);
    const char **known = arena_alloc(a, (n + 1) * sizeof *known);
    bool ok = store_rows(w->store, ids, n, a, rows, e);
    for (size_t i = 0; ok && i < n; i++)
        if (rows[i].url)
            known[urls++] = rows[i].url;
    if (ok)
        archive_shapes(known, urls, out);
    arena_free(a);
    free(ids);
    return ok;
}

// Of a map of maps: those of posts, where they are called so; else all but those that are surely of
// something else.
static bool leads_to_essays(const struct archive_list *l, const char *url)
{
    static const char *const others[] = {"page",  "tag",     "author", "categor",   "image",
                                         "video", "product", "user",   "attachment"};
    for (size_t i = 0; i < l->n; i++)
        if (strcasestr(l->items[i].url, "post"))
            return strcasestr(url, "post") != NULL;
    const char *name = strrchr(url, '/');
    for (size_t i = 0; name && i < sizeof others / sizeof *others; i++)
        if (strcasestr(name, others[i]))
            return false;
    return true;
}

struct maps { // to be read
    char *urls[MOST_MAPS];
    size_t n;
};

static void maps_add(struct walk *w, struct maps *m, const char *url)
{
    if (url && m->n < MOST_MAPS && http_is_web(url) && set64_add(&w->asked, hash_string(url, 0)))
        m->urls[m->n++] = mem_strdup(url);
}

static void take_items(struct walk *w, struct sitemap_walk *m, const struct archive_list *l,
                       const char *fit, const char *robots)
{
    for (size_t i = 0; i < l->n; i++) {
        struct archive_item item = l->items[i];
        uint64_t hash = store_address_hash(item.url);
        if (!archive_fits(fit, item.url) || set64_has(&w->addresses, hash) ||
            set64_has(&w->known, hash_string(item.url, 0)) || !robots_allow(robots, item.url) ||
            !set64_add(&w->met, hash))
            continue;
        m->items = mem_grow(m->items, &m->cap, m->n + 1, sizeof *m->items);
        m->items[m->n++] = item;
    }
}

static int64_t order_of(const struct archive_item *i)
{
    int64_t date = archive_date(i->url);
    return date ? date : i->date;
}

static int newest_first(const void *x, const void *y)
{
    const struct archive_item *a = x, *b = y;
    int64_t one = order_of(a), two = order_of(b);
    return one != two ? (one < two ? 1 : -1) : strcmp(a->url, b->url);
}

// Reads the maps. What cannot be read is passed by: another may be.
static struct sitemap_walk *survey(struct walk *w, const char *site, const char *fit, struct err *e)
{
    struct sitemap_walk *m = mem_alloc(sizeof *m);
    struct maps maps = {0};
    struct walk_reply r;
    struct buf robots = {0};
    char *at = feed_resolve(site, "/robots.txt");
    if (at && walk_ask(w, at, false, &r, e)) {
        buf_str(&robots, buf_cstr(&r.body));
        walk_reply_free(&r);
    }
    free(at);
    for (size_t i = 0; (at = robots_sitemap(buf_cstr(&robots), i)); free(at), i++)
        maps_add(w, &maps, at);
    for (int i = 0; !maps.n && i < 2; i++) {
        at = feed_resolve(site, i ? "/sitemap_index.xml" : "/sitemap.xml");
        maps_add(w, &maps, at);
        free(at);
    }
    for (size_t i = 0; i < maps.n && !walk_stopped(w); i++) {
        struct archive_list *l = NULL;
        bool ok = walk_ask(w, maps.urls[i], false, &r, e) &&
                  archive_sitemap(buf_cstr(&r.body), r.body.len, r.url, &l, e);
        walk_reply_free(&r);
        if (!ok)
            continue;
        m->lists[m->nlists++] = l;
        for (size_t k = 0; l->index && k < l->n; k++)
            if (leads_to_essays(l, l->items[k].url))
                maps_add(w, &maps, l->items[k].url);
        if (!l->index)
            take_items(w, m, l, fit, buf_cstr(&robots));
    }
    e->kind = ERR_NONE;
    for (size_t i = 0; i < maps.n; i++)
        free(maps.urls[i]);
    buf_free(&robots);
    if (m->n)
        qsort(m->items, m->n, sizeof *m->items, newest_first);
    return m;
}

static struct feed_update *entry_of(const struct extract *x, const struct archive_item *item)
{
    struct arena *a = arena_new();
    struct feed_update *u = arena_alloc(a, sizeof *u);
    struct feed_entry *en = arena_alloc(a, sizeof *en);
    struct buf html = {0};
    u->arena = a;
    u->title = "";
    u->entries = en;
    u->nentries = 1;
    write_html(&html, x->doc);
    en->guid = en->url = en->base = arena_strdup(a, item->url);
    en->title = arena_strdup(a, x->doc->title ? x->doc->title : "");
    en->subtitle = arena_strdup(a, x->doc->subtitle);
    en->content = arena_strndup(a, buf_cstr(&html), html.len);
    en->content_len = html.len;
    en->type = CONTENT_HTML;
    en->language = arena_strdup(a, x->doc->language);
    en->image = arena_strdup(a, x->image);
    en->words = x->doc->words;
    en->preview = x->paywalled || x->doc->preview;
    if (x->doc->author) {
        en->authors = arena_alloc(a, sizeof *en->authors);
        en->authors[0].name = arena_strdup(a, x->doc->author);
        en->nauthors = 1;
    }
    if (!x->doc->date || !date_parse(x->doc->date, &en->published))
        en->published = order_of(item);
    buf_free(&html);
    return u;
}

static bool page(struct walk *w, const struct archive_item *item, struct err *e)
{
    struct walk_reply r;
    struct extract x = {0};
    bool ok = walk_ask(w, item->url, false, &r, e);
    int status = r.status;
    if (!ok)
        return walk_miss(w, status, e);
    bool essay =
        page_article(w->conf, buf_cstr(&r.body), r.body.len, r.content_type, r.url, NULL, &x, e) &&
        !(x.trust == EXTRACT_GUESS && x.doc->words < FEW_WORDS);
    struct feed_update *u = essay ? entry_of(&x, item) : NULL;
    extract_free(&x);
    walk_reply_free(&r);
    w->misses = 0;
    if (u)
        return walk_take(w, u, true, e);
    e->kind = ERR_NONE; // a page of another kind
    return true;
}

static enum older_step sitemap(struct walk *w, const char *where, struct err *e)
{
    char *site = mem_strdup(where);
    struct buf fit = {0};
    bool ok = w->sitemap || shapes(w, &fit, e);
    if (ok && !w->sitemap)
        w->sitemap = survey(w, site, buf_cstr(&fit), e);
    buf_free(&fit);
    struct sitemap_walk *m = w->sitemap;
    enum older_step step = STEP_ON;
    if (ok && !m->n) {
        step = walk_stopped(w) ? STEP_ON : walk_on(w, NULL, e) ? STEP_NOT : STEP_FAILED;
    } else if (ok) {
        for (int i = 0; ok && i < A_STEP && m->at < m->n && !walk_stopped(w); i++) {
            if (walk_full(w))
                break;
            const struct archive_item *item = &m->items[m->at++];
            w->done = (double)m->at / (double)m->n;
            w->barren = 0;
            // What changed last before that day was written before it.
            if (w->opts->since && item->date && item->date < w->opts->since)
                w->left_out = true;
            else
                ok = page(w, item, e);
        }
        w->older = 0; // pages are in no certain order
        if (ok && m->at == m->n)
            step = STEP_END;
        else if (ok)
            ok = walk_on(w, mem_printf("sitemap %s", site), e);
    }
    free(site);
    return ok ? step : STEP_FAILED;
}

const struct older_source older_sitemap = {"sitemap", "the site's map", sitemap};
