// What a page says about its article outside of it: <meta> of several houses (OpenGraph, Dublin
// Core, Highwire, parsely), <link>, microdata and microformats, and what stands in view: the
// heading, the line of who wrote it and when. The page's data (html_data.c) comes first where it
// says something.
#include "html_extract.h"

#include "lectern/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum fact {
    TITLE,
    OG_TITLE,
    AUTHOR,
    DATE,
    SITE,
    IMAGE,
    URL,
    LANGUAGE,
    SUBTITLE,
    GENERATOR,
    KIND,
    FACTS
};

// Best first for each.
static const struct {
    const char *name;
    uint8_t fact;
} metas[] = {
    {"og:title", OG_TITLE},
    {"twitter:title", OG_TITLE},
    {"citation_title", OG_TITLE},
    {"dc.title", OG_TITLE},
    {"dcterms.title", OG_TITLE},
    {"parsely-title", OG_TITLE},
    {"author", AUTHOR},
    {"article:author", AUTHOR},
    {"parsely-author", AUTHOR},
    {"sailthru.author", AUTHOR},
    {"dc.creator", AUTHOR},
    {"dcterms.creator", AUTHOR},
    {"citation_author", AUTHOR},
    {"byl", AUTHOR},
    {"article:published_time", DATE},
    {"og:article:published_time", DATE},
    {"datepublished", DATE},
    {"parsely-pub-date", DATE},
    {"sailthru.date", DATE},
    {"dc.date", DATE},
    {"dc.date.issued", DATE},
    {"dcterms.created", DATE},
    {"citation_publication_date", DATE},
    {"citation_date", DATE},
    {"pubdate", DATE},
    {"publish_date", DATE},
    {"date", DATE},
    {"og:site_name", SITE},
    {"application-name", SITE},
    {"og:image:secure_url", IMAGE},
    {"og:image", IMAGE},
    {"og:image:url", IMAGE},
    {"twitter:image", IMAGE},
    {"twitter:image:src", IMAGE},
    {"og:url", URL},
    {"og:locale", LANGUAGE},
    {"content-language", LANGUAGE},
    {"generator", GENERATOR},
    {"og:type", KIND},
};

struct found {
    const char *value;
    size_t rank;
};
enum { AUTHORS = 8 };

static const char *clean(const char *s, struct arena *a)
{
    struct buf b = {0};
    if (s)
        utf8_clean(&b, s, strlen(s), UTF8_LINE);
    const char *out = b.len && b.len < 1000 ? arena_strdup(a, b.data) : NULL;
    buf_free(&b);
    return out;
}

static const char *text_of(const struct html_tree *t, uint32_t node, size_t max, struct arena *a)
{
    struct buf b = {0};
    html_text_of(t, node, &b, max);
    const char *out = b.len ? arena_strdup(a, b.data) : NULL;
    buf_free(&b);
    return out;
}

static const char *address(const char *s, const char *base, bool image, struct arena *a)
{
    struct buf b = {0};
    const char *out = NULL;
    if (s && (image ? link_image(&b, s, base) : link_clean(&b, s, base)) && link_is_web(b.data))
        out = arena_strdup(a, b.data);
    buf_free(&b);
    return out;
}

// ---- titles ----

static size_t separator(const char *s, size_t len, size_t from, size_t *n)
{
    static const char *const signs[] = {" | ", " - ", " – ",  " — ", " · ",
                                        " • ", " » ", " :: ", " / ", " « "};
    for (size_t i = from; i < len; i++)
        for (size_t k = 0; s[i] == ' ' && k < sizeof signs / sizeof *signs; k++)
            if (strncmp(s + i, signs[k], strlen(signs[k])) == 0) {
                *n = strlen(signs[k]);
                return i;
            }
    return len;
}

// "The title | The site" -> "The title".
static const char *without_site(const char *title, const char *site, struct arena *a)
{
    size_t len = strlen(title), n = 0, at = separator(title, len, 0, &n);
    if (at == len)
        return title;
    size_t last = at, last_n = n, first_n = n;
    for (size_t next = at; next < len; next = separator(title, len, last + last_n, &n))
        last = next, last_n = n;
    n = first_n;
    const char *tail = title + last + last_n, *head_end = title + at;
    if (site && strncasecmp(title, site, strlen(site)) == 0 &&
        (size_t)(head_end - title) == strlen(site))
        return arena_strdup(a, title + at + last_n);
    if (site && *tail && (strcasestr(tail, site) || strcasestr(site, tail)))
        return arena_strndup(a, title, last);
    // Without a name to compare with: the longer part, where that has words enough.
    size_t words = 1;
    for (size_t i = 0; i < last; i++)
        words += title[i] == ' ';
    if (words >= 3 && last > strlen(tail))
        return arena_strndup(a, title, last);
    const char *rest = title + at + n; // "The site - the title"
    words = 1;
    for (const char *s = rest; *s; s++)
        words += *s == ' ';
    return words >= 3 && strlen(rest) > at ? rest : title;
}

static bool inside(const char *whole, const char *part)
{
    return whole && part && *part && strcasestr(whole, part);
}

// A heading that leads to the front page is the site's name.
static bool leads_home(const struct html_tree *t, uint32_t heading)
{
    uint32_t a = html_find_near(t, heading, TAG_A, heading + 4);
    const char *href = a == NO_NODE ? NULL : html_attr(t, a, ATTR_HREF);
    if (!href)
        return false;
    const char *path = strstr(href, "://");
    path = path ? strchr(path + 3, '/') : href;
    return !path || strcmp(path, "/") == 0 || strcmp(path, "./") == 0 ||
           strcmp(path, "/index.html") == 0 || strcmp(path, ".") == 0;
}

// The heading that the head knows too has no site's name in it: the longest such, an <h1> first.
static void choose_title(struct page_facts *f, const struct html_tree *t, const struct page_data *d,
                         const char *og, const char *own, struct arena *a)
{
    enum { HEADINGS = 60 };
    const char *first = d->title ? d->title : og, *heading = NULL, *only = NULL;
    uint32_t only_at = NO_NODE;
    size_t best = 0;
    int n = 0, firsts = 0;
    for (uint32_t i = 1; i < t->nnodes && n < HEADINGS; i++) {
        bool h1 = t->nodes[i].tag == TAG_H1;
        if (!h1 && t->nodes[i].tag != TAG_H2 && t->nodes[i].tag != TAG_H3)
            continue;
        n++;
        const char *s = text_of(t, i, 300, a);
        if (!s || strlen(s) < 3 || leads_home(t, i) || (f->site && strcasecmp(s, f->site) == 0))
            continue;
        if (h1 && !firsts++) {
            only = s;
            only_at = i;
        }
        bool known = inside(first, s) || inside(og, s) || inside(own, s) ||
                     (h1 && (inside(s, first) || inside(s, og)));
        bool begins = own && strncasecmp(own, s, strlen(s)) == 0; // the site's name comes last
        size_t worth = known ? strlen(s) * (h1 ? 3 : 2) * (begins ? 2 : 1) : 0;
        if (worth > best) {
            best = worth;
            heading = s;
            f->heading = i;
        }
    }
    if (heading && (!first || inside(first, heading) || strlen(heading) * 2 > strlen(first)))
        f->title = heading;
    else if (first)
        f->title = without_site(first, f->site, a);
    else if (firsts == 1) {
        f->heading = only_at;
        f->title = only;
    } else if (own)
        f->title = without_site(own, f->site, a);
}

// ---- who ----

static const char *const before[] = {
    "by ",      "by: ",          "by\xc2\xa0",  "written by ",     "words by ",
    "text by ", "author: ",      "authors: ",   "posted by ",      "von ",
    "par ",     "por ",          "di ",         "door ",           "af ",
    "av ",      "interview by ", "interview: ", "photographs by ", "photos by ",
    "story by "};

// A short line that begins with "By" in one of several languages and goes on with a name.
bool facts_is_byline(const char *s)
{
    size_t blanks = 0, len = strlen(s);
    for (size_t i = 0; i < len; i++)
        blanks += s[i] == ' ';
    if (blanks > 8 || len > 90)
        return false;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);
        if (strncasecmp(s, before[i], n) == 0 &&
            ((s[n] >= 'A' && s[n] <= 'Z') || (unsigned char)s[n] >= 0x80))
            return true;
    }
    return false;
}

const char *facts_byline(const char *s, size_t len, struct arena *a)
{
    static const char *const ends[] = {" | ",      " · ",     " • ",       " – ",
                                       " — ",      " on ",    ", updated", " Published",
                                       " Updated", " Posted", "  "};
    struct buf b = {0};
    utf8_clean(&b, s, len, UTF8_LINE);
    char *name = b.data;
    for (size_t i = 0; name && i < sizeof before / sizeof *before; i++)
        if (strncasecmp(name, before[i], strlen(before[i])) == 0) {
            name += strlen(before[i]);
            i = (size_t)-1; // "Posted by: By ..."
        }
    for (size_t i = 0; name && i < sizeof ends / sizeof *ends; i++) {
        char *end = strstr(name, ends[i]);
        if (end && end > name)
            *end = '\0';
    }
    char *comma = name ? strchr(name, ',') : NULL; // "Ada Moss, 3 May 2026"
    if (comma && comma[1] == ' ' && comma[2] >= '0' && comma[2] <= '9')
        *comma = '\0';
    const char *out = NULL;
    size_t digits = 0, words = 1, n = name ? strlen(name) : 0;
    while (n && strchr(" ,.|-:", name[n - 1]) &&
           !(name[n - 1] == '.' && n > 2 && name[n - 3] == ' '))
        name[--n] = '\0';
    for (size_t i = 0; i < n; i++) {
        digits += name[i] >= '0' && name[i] <= '9';
        words += name[i] == ' ';
    }
    if (n > 1 && n < 120 && words < 16 && digits < 3 && !strchr(name, '@') && !strstr(name, "//"))
        out = arena_strdup(a, name);
    buf_free(&b);
    return out;
}

// ---- the head ----

struct names { // of authors, each in a <meta> of its own
    const char *of[AUTHORS];
    size_t n, rank;
};

static void take_author(struct names *names, const char *value, size_t rank)
{
    if (strncmp(value, "http", 4) == 0 || !*value || (names->n && rank > names->rank))
        return;
    if (names->n && rank < names->rank)
        names->n = 0;
    names->rank = rank;
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->of[i], value) == 0)
            return;
    if (names->n < AUTHORS)
        names->of[names->n++] = value;
}

static void take_meta(struct found *best, struct names *names, const char *name, const char *value)
{
    for (size_t k = 0; k < sizeof metas / sizeof *metas; k++) {
        if (strcasecmp(name, metas[k].name) != 0 || metas[k].fact >= FACTS)
            continue;
        struct found *b = &best[metas[k].fact];
        if (metas[k].fact == AUTHOR)
            take_author(names, value, k);
        else if (*value && (!b->value || k < b->rank))
            *b = (struct found){value, k};
        return;
    }
}

// Is it the next part of this article, not the next article? The address differs in a number only.
static bool next_part(const char *url, const char *base)
{
    if (!base)
        return false;
    size_t len = strcspn(base, "?#");
    while (len && base[len - 1] == '/')
        len--;
    size_t same = 0;
    while (same < len && base[same] == url[same])
        same++;
    const char *rest = url + same;
    if (same < len) { // ".../story-2.html" of ".../story.html", "/2/" of "/1/"
        size_t left = len - same;
        bool ending = left <= 6 && base[same] == '.';
        bool number = left <= 2 && base[same] >= '0' && base[same] <= '9';
        if (!ending && !number)
            return false;
    }
    size_t n = strcspn(rest, "0123456789");
    char lead[24];
    if (n >= sizeof lead || !rest[n] || strspn(rest + n, "0123456789") > 3)
        return false;
    memcpy(lead, rest, n);
    lead[n] = '\0';
    static const char *const leads[] = {
        "",       "/",      "-",    "_",      "?page=",  "?p=", "/page/",
        "/page-", "-page-", "?pg=", "&page=", "/?page=", ",",   "?pagenum="};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (strcmp(lead, leads[i]) == 0)
            return true;
    return false;
}

static bool has_rel(const struct html_tree *t, uint32_t node, const char *word)
{
    const char *rel = html_attr(t, node, ATTR_REL);
    size_t n = strlen(word);
    for (const char *s = rel; s && (s = strcasestr(s, word)); s += n)
        if ((s == rel || s[-1] == ' ') && (!s[n] || s[n] == ' '))
            return true;
    return false;
}

void page_facts_read(struct page_facts *f, struct html_tree *t, const struct page_data *d,
                     const char *base, struct arena *a)
{
    struct found best[FACTS] = {{0}};
    struct names names = {0};
    const char *own = NULL, *canonical = NULL, *next = NULL, *lang = NULL;
    *f = (struct page_facts){.heading = NO_NODE};
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_META) {
            const char *name = html_attr(t, i, ATTR_PROPERTY),
                       *value = html_attr(t, i, ATTR_CONTENT);
            if (!name)
                name = html_attr(t, i, ATTR_NAME);
            const char *prop = html_attr(t, i, ATTR_ITEMPROP);
            if (name && value)
                take_meta(best, &names, name, value);
            else if (prop && value)
                take_meta(best, &names, prop, value);
            if (prop && value && strcmp(prop, "isAccessibleForFree") == 0 &&
                strcasecmp(value, "false") == 0)
                f->paid = true;
            if (name && value && strcmp(name, "article:content_tier") == 0 &&
                (strcmp(value, "locked") == 0 || strcmp(value, "metered") == 0))
                f->paid = true;
        } else if (n->tag == TAG_TITLE && !own && t->nodes[n->parent].tag != TAG_SVG) {
            struct buf b = {0};
            for (uint32_t k = n->first; k != NO_NODE; k = t->nodes[k].next)
                if (t->nodes[k].tag == TAG_TEXT && b.len < 1000)
                    buf_add(&b, t->text.data + t->nodes[k].at, t->nodes[k].n);
            own = clean(b.data, a);
            buf_free(&b);
        } else if (n->tag == TAG_LINK || n->tag == TAG_A) {
            const char *href = html_attr(t, i, ATTR_HREF);
            if (href && !canonical && n->tag == TAG_LINK && has_rel(t, i, "canonical"))
                canonical = href;
            if (href && !next && has_rel(t, i, "next"))
                next = href;
        } else if (n->tag == TAG_HTML && !lang) {
            lang = html_attr(t, i, ATTR_LANG);
            if (!lang)
                lang = html_attr(t, i, ATTR_XML_LANG);
        }
    }
    f->site = d->site ? d->site : clean(best[SITE].value, a);
    choose_title(f, t, d, clean(best[OG_TITLE].value, a), own, a);
    f->author = d->author ? d->author : NULL;
    struct buf by = {0};
    for (size_t i = 0; i < names.n && !f->author; i++) {
        const char *one = facts_byline(names.of[i], strlen(names.of[i]), a);
        buf_printf(&by, "%s%s", one && by.len ? ", " : "", one ? one : "");
    }
    if (by.len && !f->author)
        f->author = clean(by.data, a);
    buf_free(&by);
    if (f->author && f->site && strcasecmp(f->author, f->site) == 0)
        f->author = NULL;
    f->subtitle = d->subtitle;
    f->date = d->date ? d->date : clean(best[DATE].value, a);
    f->language = lang && *lang ? clean(lang, a)
                  : d->language ? d->language
                                : clean(best[LANGUAGE].value, a);
    f->image = address(d->image, base, true, a);
    if (best[IMAGE].value && !f->image)
        f->image = address(best[IMAGE].value, base, true, a);
    f->url = address(canonical, base, false, a);
    if (!f->url)
        f->url = address(best[URL].value ? best[URL].value : d->url, base, false, a);
    f->generator = best[GENERATOR].value;
    f->type = best[KIND].value;
    const char *part = address(next, base, false, a);
    f->next = part && next_part(part, base ? base : f->url) ? part : NULL;
}

// ---- what stands around the article ----

static const char *whole_date(const struct html_tree *t, uint32_t node, struct arena *a)
{
    const char *s = html_attr(t, node, ATTR_DATETIME);
    if (!s || !*s)
        s = html_attr(t, node, ATTR_CONTENT);
    if ((!s || !*s) && t->nodes[node].tag == TAG_ABBR)
        s = html_attr(t, node, ATTR_TITLE);
    return s && *s ? clean(s, a) : text_of(t, node, 60, a);
}

static bool names_author(const struct html_tree *t, uint32_t i, int *rank)
{
    const char *prop = html_attr(t, i, ATTR_ITEMPROP), *c = html_attr(t, i, ATTR_CLASS);
    if (prop && strcmp(prop, "author") == 0)
        return *rank = 0, true;
    if (has_rel(t, i, "author") || html_has_class(t, i, "p-author"))
        return *rank = 1, true;
    const char *href = t->nodes[i].tag == TAG_A ? html_attr(t, i, ATTR_HREF) : NULL;
    if (href && (strstr(href, "/author/") || strstr(href, "/authors/") || strstr(href, "/by/")))
        return *rank = 4, true;
    if (!c)
        return false;
    if (html_has_class(t, i, "byline") || html_has_class(t, i, "author") ||
        html_has_class(t, i, "fn"))
        return *rank = 2, true;
    if (html_has_class(t, i, "autor") || html_has_class(t, i, "auteur") ||
        html_has_class(t, i, "autore") || html_has_class(t, i, "forfatter"))
        return *rank = 3, true;
    if (strstr(c, "byline") || strstr(c, "Byline") || strstr(c, "author-name") ||
        strstr(c, "author_name") || strstr(c, "post-author") || strstr(c, "entry-author") ||
        strstr(c, "article-author"))
        return *rank = 3, true;
    return false;
}

static bool has_date_class(const struct html_tree *t, uint32_t i)
{
    static const char *const names[] = {"date",         "datum",      "published",
                                        "post-date",    "entry-date", "pubdate",
                                        "publish-date", "dateline",   "timestamp"};
    for (size_t k = 0; html_attr(t, i, ATTR_CLASS) && k < sizeof names / sizeof *names; k++)
        if (html_has_class(t, i, names[k]))
            return true;
    return false;
}

void page_facts_near(struct page_facts *f, const struct weights *w, uint32_t top, struct arena *a)
{
    enum { TRIES = 300 };
    const struct html_tree *t = w->t;
    uint32_t scope = top;
    for (int hops = 0; hops < 6 && scope != 0 && t->nodes[scope].parent != NO_NODE; hops++)
        scope = t->nodes[scope].parent;
    const char *author = NULL, *date = NULL;
    int best = 9, tries = 0;
    uint32_t end = w->of[scope].end, looked = 0;
    for (uint32_t i = scope; i < end && looked < 20000; i++, looked++) {
        if (t->nodes[i].tag == TAG_TEXT)
            continue;
        if (w->of[i].mark & (MARK_TALK | MARK_GONE)) {
            i = w->of[i].end - 1;
            continue;
        }
        int rank = 9;
        if (!f->author && tries < TRIES && i < top + 400 && best > 5 && w->of[i].own &&
            w->of[i].own < 80 && w->of[i].chars == w->of[i].own) { // a line that begins with "By"
            tries++;
            const char *s = text_of(t, i, 120, a);
            const char *name = s && facts_is_byline(s) ? facts_byline(s, strlen(s), a) : NULL;
            if (name) {
                author = name;
                best = 5;
            }
        }
        if (!f->author && tries < TRIES && names_author(t, i, &rank) && rank < best &&
            w->of[i].chars < 200) {
            tries++;
            const char *s = text_of(t, i, 200, a);
            const char *name = s ? facts_byline(s, strlen(s), a) : NULL;
            if (name) {
                author = name; // until a better one comes
                best = rank;
            }
        }
        const char *prop = html_attr(t, i, ATTR_ITEMPROP);
        if (!date && w->of[i].chars && w->of[i].chars < 60 && i < w->of[top].end &&
            has_date_class(t, i))
            date = text_of(t, i, 60, a);
        if (!f->date &&
            ((prop && strcmp(prop, "datePublished") == 0) || html_has_class(t, i, "dt-published") ||
             (t->nodes[i].tag == TAG_TIME &&
              (html_attr(t, i, ATTR_DATETIME) || w->of[i].chars < 60)) ||
             (t->nodes[i].tag == TAG_ABBR && html_has_class(t, i, "published"))))
            f->date = whole_date(t, i, a);
    }
    for (size_t s = 0; rules_subtitles[s] && !f->subtitle; s++) {
        uint32_t i = rules_select(rules_subtitles[s], t, scope);
        if (i != NO_NODE && i < w->of[top].end && w->of[i].chars < 600 &&
            !(w->of[i].mark & MARK_GONE))
            f->subtitle = text_of(t, i, 600, a);
    }
    if (!f->author)
        f->author = author;
    if (!f->date)
        f->date = date;
}
