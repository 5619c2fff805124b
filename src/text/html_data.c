// What a page's scripts say about its article: schema.org as JSON-LD, and the post that Substack
// keeps for its own scripts (window._preloads). Only read as data, never run. Depth, number and
// size of what is looked at are bounded.
#include "html_extract.h"

#include "lectern/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SCRIPTS = 40, DEEP = 6, THINGS = 400 };
#define SCRIPT_MAX (8u << 20)

static const char *keep(struct page_data *d, const char *s, enum utf8_mode mode)
{
    struct buf b = {0};
    if (s)
        utf8_clean(&b, s, strlen(s), mode);
    const char *out = b.len ? arena_strdup(d->arena, b.data) : NULL;
    buf_free(&b);
    return out;
}

static void set(struct page_data *d, const char **field, const char *value, enum utf8_mode mode)
{
    if (!*field && value && *value)
        *field = keep(d, value, mode);
}

// ---- schema.org ----

static const char *str(const json_t *j, const char *key)
{
    return json_string_value(json_object_get(j, key));
}

// A string, {"name"/"url"/"@value": ...}, or the first of several of those.
static const char *word_of(const json_t *j, const char *key)
{
    for (int n = 0; n < DEEP && j; n++) {
        if (json_is_string(j))
            return json_string_value(j);
        if (json_is_array(j)) {
            j = json_array_get(j, 0);
            continue;
        }
        const json_t *in = json_object_get(j, key);
        if (!in)
            in = json_object_get(j, "@value");
        if (!in)
            in = json_object_get(j, "@id");
        j = in;
    }
    return NULL;
}

static void authors(struct page_data *d, const json_t *j)
{
    struct buf b = {0};
    size_t n = json_is_array(j) ? json_array_size(j) : j ? 1 : 0, said = 0;
    for (size_t i = 0; i < n && i < 8; i++) {
        const json_t *one = json_is_array(j) ? json_array_get(j, i) : j;
        const char *name = word_of(one, "name");
        if (!name || !*name || strncmp(name, "http", 4) == 0 || strlen(name) > 120)
            continue;
        if (said++)
            buf_str(&b, ", ");
        buf_str(&b, name);
    }
    set(d, &d->author, b.data, UTF8_LINE);
    buf_free(&b);
}

static bool is_type(const json_t *j, const char *const *names, size_t n, bool part)
{
    const json_t *type = json_object_get(j, "@type");
    size_t k = json_is_array(type) ? json_array_size(type) : 1;
    for (size_t i = 0; i < k && i < 8; i++) {
        const char *s = json_string_value(json_is_array(type) ? json_array_get(type, i) : type);
        for (size_t m = 0; s && m < n; m++)
            if (part ? strstr(s, names[m]) != NULL : strcmp(s, names[m]) == 0)
                return true;
    }
    return false;
}
#define IS(j, list, part) is_type(j, list, sizeof(list) / sizeof *(list), part)

static bool says_no(const json_t *j)
{
    const char *s = json_string_value(j);
    return json_is_false(j) || (s && strcasecmp(s, "false") == 0);
}

static void take_article(struct page_data *d, const json_t *j)
{
    static const char *const live[] = {"LiveBlogPosting"};
    static const char *const thread[] = {"DiscussionForumPosting", "QAPage", "Question"};
    d->article = true;
    d->live = d->live || IS(j, live, false);
    d->thread = d->thread || IS(j, thread, false);
    const char *title = str(j, "headline");
    set(d, &d->title, title ? title : str(j, "name"), UTF8_LINE);
    set(d, &d->subtitle, str(j, "alternativeHeadline"), UTF8_LINE);
    if (!d->author)
        authors(d, json_object_get(j, "author"));
    if (!d->author)
        authors(d, json_object_get(j, "creator"));
    set(d, &d->date, word_of(json_object_get(j, "datePublished"), "@value"), UTF8_LINE);
    set(d, &d->date, word_of(json_object_get(j, "dateCreated"), "@value"), UTF8_LINE);
    set(d, &d->language, word_of(json_object_get(j, "inLanguage"), "alternateName"), UTF8_LINE);
    set(d, &d->site, word_of(json_object_get(j, "publisher"), "name"), UTF8_LINE);
    set(d, &d->image, word_of(json_object_get(j, "image"), "url"), UTF8_ADDRESS);
    set(d, &d->url, word_of(json_object_get(j, "mainEntityOfPage"), "@id"), UTF8_ADDRESS);
    set(d, &d->url, str(j, "url"), UTF8_ADDRESS);
    set(d, &d->text, str(j, "articleBody"), UTF8_TEXT);
    d->free_no = d->free_no || says_no(json_object_get(j, "isAccessibleForFree"));
    const json_t *part = json_object_get(j, "hasPart");
    if (json_is_array(part))
        part = json_array_get(part, 0);
    if (says_no(json_object_get(part, "isAccessibleForFree"))) {
        d->free_no = true;
        set(d, &d->paid, word_of(json_object_get(part, "cssSelector"), ""), UTF8_LINE);
    }
}

static void walk(struct page_data *d, const json_t *j, int depth, int *budget)
{
    static const char *const articles[] = {"Article",  "Posting", "Report", "QAPage",
                                           "Question", "Recipe",  "Review"};
    static const char *const others[] = {"ItemList",    "BreadcrumbList", "WebSite", "Organization",
                                         "ImageObject", "VideoObject",    "Person",  "Comment"};
    if (depth > DEEP || --*budget < 0)
        return;
    if (json_is_array(j)) {
        for (size_t i = 0; i < json_array_size(j); i++)
            walk(d, json_array_get(j, i), depth + 1, budget);
        return;
    }
    if (!json_is_object(j))
        return;
    if (IS(j, articles, true) && !d->article)
        take_article(d, j);
    else if (IS(j, others, false))
        return;
    static const char *const inside[] = {"@graph", "mainEntity", "mainEntityOfPage", "hasPart"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        walk(d, json_object_get(j, inside[i]), depth + 1, budget);
}

// People put newlines into strings, comments around it all and commas at the end: what is easily
// mended is.
static json_t *loads(const char *s, size_t len)
{
    while (len && strchr(" \t\r\n;", s[len - 1]))
        len--;
    while (len && strchr(" \t\r\n", *s))
        s++, len--;
    static const char *const wraps[][2] = {{"<!--", "-->"},
                                           {"//<![CDATA[", "//]]>"},
                                           {"<![CDATA[", "]]>"},
                                           {"/*<![CDATA[*/", "/*]]>*/"}};
    for (size_t i = 0; i < sizeof wraps / sizeof *wraps; i++) {
        size_t a = strlen(wraps[i][0]), b = strlen(wraps[i][1]);
        if (len > a + b && memcmp(s, wraps[i][0], a) == 0) {
            s += a;
            len -= a;
            if (memcmp(s + len - b, wraps[i][1], b) == 0)
                len -= b;
        }
    }
    if (len > SCRIPT_MAX)
        return NULL;
    const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_t *j = json_loadb(s, len, flags, NULL);
    if (j || !len)
        return j;
    char *copy = mem_strndup(s, len);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)copy[i] < ' ')
            copy[i] = ' ';
    j = json_loadb(copy, len, flags, NULL);
    free(copy);
    return j;
}

// ---- Substack ----

static void take_post(struct page_data *d, const json_t *post)
{
    const char *audience = str(post, "audience"), *html = str(post, "body_html");
    if (!json_is_object(post) || (!str(post, "title") && !html))
        return;
    d->article = true;
    set(d, &d->title, str(post, "title"), UTF8_LINE);
    set(d, &d->subtitle, str(post, "subtitle"), UTF8_LINE);
    set(d, &d->date, str(post, "post_date"), UTF8_LINE);
    set(d, &d->url, str(post, "canonical_url"), UTF8_ADDRESS);
    set(d, &d->image, str(post, "cover_image"), UTF8_ADDRESS);
    if (!d->author)
        authors(d, json_object_get(post, "publishedBylines"));
    if (html && !d->html)
        d->html = keep(d, html, UTF8_TEXT);
    if (audience && strcmp(audience, "everyone") != 0) {
        d->free_no = true;
        d->cut = d->cut || json_is_true(json_object_get(post, "hidden")) || !html;
    }
}

static void preloads(struct page_data *d, const char *s, size_t len)
{
    static const char mark[] = "window._preloads";
    const char *at = memmem(s, len, mark, sizeof mark - 1), *end = s + len;
    if (!at)
        return;
    at += sizeof mark - 1;
    while (at < end && strchr(" \t\n=", *at))
        at++;
    static const char call[] = "JSON.parse(";
    json_t *j = NULL;
    if ((size_t)(end - at) > sizeof call && memcmp(at, call, sizeof call - 1) == 0) {
        at += sizeof call - 1;
        json_t *text = loads(at, (size_t)(end - at)); // a string literal of JSON's own kind
        if (json_is_string(text))
            j = loads(json_string_value(text), json_string_length(text));
        json_decref(text);
    } else {
        j = loads(at, (size_t)(end - at));
    }
    take_post(d, json_object_get(j, "post"));
    set(d, &d->site, str(json_object_get(j, "pub"), "name"), UTF8_LINE);
    json_decref(j);
}

// ---- the scripts ----

static bool is_data(const char *tag, size_t len)
{
    static const char mark[] = "ld+json";
    return memmem(tag, len, mark, sizeof mark - 1) != NULL;
}

void page_data_read(struct page_data *d, const char *html, size_t len)
{
    d->arena = arena_new();
    const char *s = html, *end = html + len;
    for (int n = 0; n < SCRIPTS * 4 && s < end;) {
        s = memchr(s, '<', (size_t)(end - s));
        if (!s || end - s < 9)
            return;
        if (strncasecmp(s + 1, "script", 6) != 0) {
            s++;
            continue;
        }
        const char *from = memchr(s, '>', (size_t)(end - s));
        if (!from)
            return;
        const char *to = ++from;
        while ((to = memchr(to, '<', (size_t)(end - to))) && end - to > 8 &&
               strncasecmp(to, "</script", 8) != 0)
            to++;
        if (!to || end - to <= 8)
            to = end;
        n++;
        size_t size = (size_t)(to - from);
        if (is_data(s, (size_t)(from - s))) {
            json_t *j = loads(from, size);
            int budget = THINGS;
            walk(d, j, 0, &budget);
            json_decref(j);
        } else if (size > 64) {
            preloads(d, from, size);
        }
        s = to;
    }
}

void page_data_free(struct page_data *d)
{
    arena_free(d->arena);
    *d = (struct page_data){0};
}
