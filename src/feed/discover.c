// The feeds of a page. <link rel=alternate> in its head says what it offers; platforms that are
// known by their addresses or by what their pages say of themselves have feeds at known places;
// then there are the paths that many sites use. The scan is light: it looks at link, meta, script,
// title and a tags of the first megabyte and believes nothing else.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "markup.h"

enum { LOOK_AT = 1 << 20, MOST = 40 };

struct found {
    const char *url, *title, *type;
    int rank; // lower is better
    size_t order;
};
struct finder {
    struct arena *a;
    const char *page, *base;
    struct found items[MOST];
    size_t n;
    bool substack, ghost, wordpress, beehiiv, buttondown, blogger, tumblr, medium, youtube;
};

static bool has(const char *s, const char *part)
{
    return s && strcasestr(s, part) != NULL;
}

static void offer(struct finder *f, const char *url, const char *title, const char *type, int rank)
{
    char *address = feed_resolve(f->base, url);
    if (!address || f->n == MOST) {
        free(address);
        return;
    }
    address[strcspn(address, "#")] = '\0';
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].url, address) == 0) {
            if (rank < f->items[i].rank)
                f->items[i].rank = rank;
            free(address);
            return;
        }
    char *name = title ? feed_plain(title, strlen(title), true) : NULL;
    f->items[f->n] =
        (struct found){arena_strdup(f->a, address), arena_strdup(f->a, name && *name ? name : NULL),
                       arena_strdup(f->a, type ? type : ""), rank, f->n};
    f->n++;
    free(name);
    free(address);
}

// ---- what the page says ----
static bool feed_type(const char *type)
{
    return has(type, "application/rss+xml") || has(type, "application/atom+xml") ||
           has(type, "application/feed+json") || has(type, "application/rdf+xml") ||
           has(type, "application/x.atom+xml") || has(type, "application/x-atom+xml");
}

// Comments, one tag, one author: feeds, but not what someone who gives a site's address wants.
static bool is_side_feed(const char *url, const char *title)
{
    const char *path = strstr(url, "://");
    path = path ? strchr(path + 3, '/') : url;
    return has(path, "comment") || has(title, "comment") || has(title, "kommentar") ||
           has(title, "commentaire") || has(title, "comentario") || has(path, "/replies");
}

static bool is_narrow_feed(const char *url)
{
    return has(url, "/tag/") || has(url, "/category/") || has(url, "/author/") ||
           has(url, "/search/");
}

static void link_tag(struct finder *f, const char *s, size_t len)
{
    struct buf rel = {0}, type = {0}, href = {0}, title = {0};
    markup_attr(s, len, "rel", &rel);
    markup_attr(s, len, "href", &href);
    markup_attr(s, len, "type", &type);
    markup_attr(s, len, "title", &title);
    const char *url = buf_cstr(&href), *mime = buf_cstr(&type);
    bool alternate = has(buf_cstr(&rel), "alternate") && !has(buf_cstr(&rel), "stylesheet");
    bool json = has(mime, "application/json") && (has(url, "feed") || has(title.data, "feed"));
    if (*url && ((alternate && (feed_type(mime) || json)) ||
                 (has(buf_cstr(&rel), "feed") && !has(mime, "html")))) {
        int rank = is_side_feed(url, title.data) ? 60 : is_narrow_feed(url) ? 30 : 10;
        rank += has(mime, "atom") ? 0 : has(mime, "rss") ? 1 : 2;
        if (has(url, "oembed") || has(url, "wp-json"))
            rank = 90;
        if (rank < 90)
            offer(f, url, title.data, mime, rank);
    } else if (*url && has(buf_cstr(&rel), "preconnect")) {
        f->substack = f->substack || has(url, "substackcdn.com");
    }
    buf_free(&rel);
    buf_free(&type);
    buf_free(&href);
    buf_free(&title);
}

static void meta_tag(struct finder *f, const char *s, size_t len)
{
    struct buf name = {0}, content = {0};
    markup_attr(s, len, "name", &name);
    markup_attr(s, len, "content", &content);
    if (name.data && strcasecmp(name.data, "generator") == 0) {
        const char *g = buf_cstr(&content);
        f->substack = f->substack || has(g, "substack");
        f->ghost = f->ghost || strncasecmp(g, "ghost", 5) == 0;
        f->wordpress = f->wordpress || has(g, "wordpress");
        f->blogger = f->blogger || has(g, "blogger");
        f->beehiiv = f->beehiiv || has(g, "beehiiv");
        f->buttondown = f->buttondown || has(g, "buttondown");
    }
    buf_free(&name);
    buf_free(&content);
}

static void script_tag(struct finder *f, const char *s, size_t len)
{
    struct buf src = {0};
    if (markup_attr(s, len, "src", &src)) {
        f->substack = f->substack || has(src.data, "substackcdn.com");
        f->beehiiv = f->beehiiv || has(src.data, "beehiiv");
    }
    buf_free(&src);
}

// A link in the text that looks like the feed of the site: for pages that forgot the <link>.
static void anchor_tag(struct finder *f, const char *s, size_t len)
{
    struct buf href = {0}, type = {0};
    markup_attr(s, len, "href", &href);
    markup_attr(s, len, "type", &type);
    const char *url = buf_cstr(&href);
    size_t path = strcspn(url, "?#");
    while (path && url[path - 1] == '/')
        path--;
    static const char *const ends[] = {"/feed",    "/rss",       ".rss",
                                       ".atom",    "/atom.xml",  "/feed.xml",
                                       "/rss.xml", "/index.xml", "/feed.json"};
    bool looks = feed_type(type.data);
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !looks; i++) {
        size_t n = strlen(ends[i]);
        looks = path >= n && strncasecmp(url + path - n, ends[i], n) == 0;
    }
    if (looks)
        offer(f, url, NULL, type.data, is_side_feed(url, NULL) ? 65 : 40);
    buf_free(&href);
    buf_free(&type);
}

static void base_tag(struct finder *f, const char *s, size_t len)
{
    struct buf href = {0};
    if (f->base == f->page && markup_attr(s, len, "href", &href)) {
        char *there = feed_resolve(f->page, href.data ? href.data : "");
        if (there)
            f->base = arena_strdup(f->a, there);
        free(there);
    }
    buf_free(&href);
}

static void scan(struct finder *f, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        const char *lt = memchr(s + i, '<', len - i);
        if (!lt)
            return;
        i = (size_t)(lt - s);
        size_t left = len - i;
        if (left > 4 && memcmp(lt, "<!--", 4) == 0) {
            const char *end = memmem(lt + 4, left - 4, "-->", 3);
            if (!end)
                return;
            i = (size_t)(end - s) + 3;
            continue;
        }
        char c = left > 1 ? (char)(lt[1] | 32) : 0;
        if (c < 'a' || c > 'z') {
            i++;
            continue;
        }
        size_t n = markup_tag_end(s, len, i) - i;
        if (markup_tag_is(lt, n, "link"))
            link_tag(f, lt, n);
        else if (markup_tag_is(lt, n, "meta"))
            meta_tag(f, lt, n);
        else if (markup_tag_is(lt, n, "script"))
            script_tag(f, lt, n);
        else if (markup_tag_is(lt, n, "a"))
            anchor_tag(f, lt, n);
        else if (markup_tag_is(lt, n, "base"))
            base_tag(f, lt, n);
        i += n;
        if (markup_tag_is(lt, n, "script") || markup_tag_is(lt, n, "style")) {
            const char *end =
                memmem(s + i, len - i, c == 's' && (lt[2] | 32) == 'c' ? "</script" : "</style",
                       (lt[2] | 32) == 'c' ? 8 : 7);
            i = end ? (size_t)(end - s) : len;
        }
    }
}

// ---- what the address says ----
struct place {
    char host[256], first[256], second[256]; // the first two parts of the path
    bool more;
};

static void copy_part(char *to, size_t room, const char *s, size_t len)
{
    if (len >= room)
        len = 0;
    memcpy(to, s, len);
    to[len] = '\0';
}

static bool read_place(const char *url, struct place *p)
{
    *p = (struct place){.more = false};
    const char *host = url ? strstr(url, "://") : NULL;
    if (!host)
        return false;
    host += 3;
    size_t n = strcspn(host, "/?#");
    copy_part(p->host, sizeof p->host, host, n);
    const char *path = host + n + (host[n] == '/');
    n = strcspn(path, "/?#");
    copy_part(p->first, sizeof p->first, path, n);
    if (path[n] == '/') {
        path += n + 1;
        n = strcspn(path, "/?#");
        copy_part(p->second, sizeof p->second, path, n);
    }
    p->more = path[n] == '/' && path[n + 1];
    return p->host[0] != '\0';
}

static bool host_is(const struct place *p, const char *domain)
{
    size_t n = strlen(p->host), m = strlen(domain);
    return n >= m && strcasecmp(p->host + n - m, domain) == 0 &&
           (n == m || p->host[n - m - 1] == '.');
}

static void offer_path(struct finder *f, const char *path, const char *type, int rank)
{
    char *url = feed_resolve(f->page, path);
    if (url)
        offer(f, url, NULL, type, rank);
    free(url);
}

static void offer_made(struct finder *f, char *url, const char *type, int rank)
{
    offer(f, url, NULL, type, rank);
    free(url);
}

// "UC..." out of a channel's page: <meta itemprop="identifier" content=...> or "channelId":"...".
static void youtube(struct finder *f, const struct place *p, const char *s, size_t len)
{
    static const char *const before[] = {"\"externalId\":\"", "\"channelId\":\"",
                                         "itemprop=\"identifier\" content=\"", "channel_id="};
    const char *id = strcmp(p->first, "channel") == 0 ? p->second : NULL;
    for (size_t i = 0; i < sizeof before / sizeof *before && !id; i++) {
        const char *at = memmem(s, len, before[i], strlen(before[i]));
        if (at && (size_t)(s + len - at) > strlen(before[i]) + 24)
            id = at + strlen(before[i]);
    }
    size_t n = 0;
    while (id && n < 24 &&
           (strchr("-_", id[n]) ? id[n] != '\0' : (isalnum((unsigned char)id[n]) != 0)))
        n++;
    if (n == 24 && strncmp(id, "UC", 2) == 0)
        offer_made(f, mem_printf("https://www.youtube.com/feeds/videos.xml?channel_id=%.24s", id),
                   "application/atom+xml", 9);
}

static void platforms(struct finder *f, const char *s, size_t len)
{
    static const char rss[] = "application/rss+xml", atom[] = "application/atom+xml";
    struct place p;
    if (!read_place(f->page, &p))
        return;
    if (host_is(&p, "substack.com")) {
        if ((strcasecmp(p.host, "substack.com") == 0 ||
             strcasecmp(p.host, "www.substack.com") == 0) &&
            p.first[0] == '@')
            offer_made(f, mem_printf("https://%s.substack.com/feed", p.first + 1), rss, 5);
        else if (strcasecmp(p.host, "open.substack.com") == 0 && strcmp(p.first, "pub") == 0 &&
                 p.second[0])
            offer_made(f, mem_printf("https://%s.substack.com/feed", p.second), rss, 5);
        else if (strcasecmp(p.host, "substack.com") != 0 &&
                 strcasecmp(p.host, "www.substack.com") != 0)
            offer_path(f, "/feed", rss, 5);
    } else if (f->substack) {
        offer_path(f, "/feed", rss, 6);
    }
    if (f->ghost)
        offer_path(f, "/rss/", rss, 20);
    if (f->wordpress)
        offer_path(f, "/feed/", rss, 21);
    if (host_is(&p, "medium.com")) {
        if (p.first[0] == '@' || (p.first[0] && strcasecmp(p.host, "medium.com") == 0))
            offer_made(f, mem_printf("https://medium.com/feed/%s", p.first), rss, 5);
        else if (strcasecmp(p.host, "medium.com") != 0)
            offer_path(f, "/feed", rss, 5);
    }
    if (host_is(&p, "buttondown.email") || host_is(&p, "buttondown.com")) {
        if (p.first[0])
            offer_made(f, mem_printf("https://buttondown.com/%s/rss", p.first), rss, 5);
    } else if (f->buttondown) {
        offer_path(f, "/rss", rss, 20);
    }
    if (f->beehiiv || host_is(&p, "beehiiv.com")) // beehiiv's own feeds say their address in the
                                                  // head; there is no rule for them
        offer_path(f, "/feed", rss, 45);
    if (host_is(&p, "tumblr.com"))
        offer_path(f, "/rss", rss, 5);
    if (host_is(&p, "blogspot.com") || f->blogger)
        offer_path(f, "/feeds/posts/default", atom, 5);
    if (host_is(&p, "youtube.com"))
        youtube(f, &p, s, len);
}

static void common_paths(struct finder *f)
{
    static const char *const paths[] = {"/feed",      "/rss",     "/atom.xml", "/feed.xml",
                                        "/index.xml", "/rss.xml", "/feed.json"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        offer_path(f, paths[i], "", 100 + (int)i);
}

static int better(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

struct feed_candidates *feed_discover(const char *html, size_t len, const char *url)
{
    struct arena *a = arena_new();
    struct finder *f = arena_alloc(a, sizeof *f);
    f->a = a;
    f->page = f->base = url;
    len = len > LOOK_AT ? LOOK_AT : len;
    if (html) {
        scan(f, html, len);
        platforms(f, html, len);
    } else {
        platforms(f, "", 0);
    }
    common_paths(f);
    qsort(f->items, f->n, sizeof *f->items, better);
    struct feed_candidates *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    c->n = f->n;
    c->items = arena_alloc(a, (f->n ? f->n : 1) * sizeof *c->items);
    for (size_t i = 0; i < f->n; i++)
        c->items[i] = (struct feed_candidate){f->items[i].url, f->items[i].title, f->items[i].type,
                                              f->items[i].rank >= 100};
    return c;
}

void feed_candidates_free(struct feed_candidates *c)
{
    if (c)
        arena_free(c->arena);
}
