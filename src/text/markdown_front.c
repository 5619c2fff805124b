// Front matter: what a Markdown file says about itself between two lines of dashes. Of YAML only
// what people write there: "key: value" with or without quotes, lists in brackets or as lines of
// dashes. Everything else is passed over.
#include "markdown.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"

static size_t line_end(const char *s, size_t len)
{
    const char *nl = memchr(s, '\n', len);
    return nl ? (size_t)(nl - s) + 1 : len;
}

static void trim(const char **s, size_t *len)
{
    while (*len && strchr(" \t\r\n", **s)) {
        ++*s;
        --*len;
    }
    while (*len && strchr(" \t\r\n", (*s)[*len - 1]))
        --*len;
}

// A scalar: quotes off, escapes in double quotes undone. The caller's.
static char *scalar(const char *s, size_t len)
{
    struct buf b = {0};
    trim(&s, &len);
    if (len >= 2 && (*s == '"' || *s == '\'') && s[len - 1] == *s) {
        char quote = *s++;
        len -= 2;
        for (size_t i = 0; i < len; i++) {
            if (quote == '"' && s[i] == '\\' && i + 1 < len) {
                i++;
                buf_char(&b, s[i] == 'n' || s[i] == 't' ? ' ' : s[i]);
            } else {
                buf_char(&b, s[i]);
                if (quote == '\'' && s[i] == '\'' && i + 1 < len && s[i + 1] == '\'')
                    i++;
            }
        }
    } else {
        for (size_t i = 1; i < len; i++)
            if (s[i] == '#' && (s[i - 1] == ' ' || s[i - 1] == '\t'))
                len = i;
        trim(&s, &len);
        buf_add(&b, s, len);
    }
    return buf_take(&b, NULL);
}

struct words {
    char **items;
    size_t n, cap;
};

static void push(struct words *w, const char *s, size_t len)
{
    char *one = scalar(s, len);
    if (!*one || w->n >= 64) {
        free(one);
        return;
    }
    w->items = mem_grow(w->items, &w->cap, w->n + 1, sizeof *w->items);
    w->items[w->n++] = one;
}

// "[a, 'b, c', d]" or "a, b"
static void split(struct words *w, const char *s, size_t len, bool commas)
{
    trim(&s, &len);
    if (len >= 2 && *s == '[' && s[len - 1] == ']') {
        s++;
        len -= 2;
        commas = true;
    }
    size_t from = 0;
    char quote = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && quote) {
            quote = s[i] == quote ? 0 : quote;
        } else if (i < len && (s[i] == '"' || s[i] == '\'') && i == from + strspn(s + from, " ")) {
            quote = s[i];
        } else if (i == len || (s[i] == ',' && commas)) {
            push(w, s + from, i - from);
            from = i + 1;
        }
    }
}

static bool key_is(const char *key, size_t len, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == len && strncasecmp(key, *names, len) == 0)
            return true;
    return false;
}

static void keep(struct doc_builder *b, const char *key, size_t len, const struct words *w)
{
    static const char *const title[] = {"title", NULL},
                             *const subtitle[] = {"subtitle", "description", NULL},
                             *const author[] = {"author", "authors", "by", NULL},
                             *const date[] = {"date", "published", "pubdate", NULL},
                             *const language[] = {"lang", "language", NULL},
                             *const url[] = {"url", "link", "canonical_url", NULL},
                             *const tags[] = {"tags", "tag", "keywords", "categories", NULL};
    struct doc *d = doc_builder_doc(b);
    if (!w->n)
        return;
    if (key_is(key, len, title))
        doc_set_meta(b, &d->title, w->items[0]);
    else if (key_is(key, len, subtitle))
        doc_set_meta(b, &d->subtitle, w->items[0]);
    else if (key_is(key, len, date))
        doc_set_meta(b, &d->date, w->items[0]);
    else if (key_is(key, len, language))
        doc_set_meta(b, &d->language, w->items[0]);
    else if (key_is(key, len, url) &&
             (strncmp(w->items[0], "http://", 7) == 0 || strncmp(w->items[0], "https://", 8) == 0))
        doc_set_meta(b, &d->url, w->items[0]);
    else if (key_is(key, len, author)) {
        struct buf all = {0};
        for (size_t i = 0; i < w->n; i++) {
            if (i)
                buf_str(&all, ", ");
            buf_str(&all, w->items[i]);
        }
        doc_set_meta(b, &d->author, all.data);
        buf_free(&all);
    } else if (key_is(key, len, tags)) {
        const char **list = arena_alloc(d->arena, (w->n + 1) * sizeof *list);
        size_t n = 0;
        for (size_t i = 0; i < w->n; i++) {
            doc_set_meta(b, &list[n], w->items[i]);
            n += list[n] != NULL;
        }
        if (n)
            d->tags = list;
    }
}

size_t markdown_front(const char *md, size_t len, struct doc_builder *b)
{
    size_t at = line_end(md, len);
    if (len < 4 || strncmp(md, "---", 3) != 0 || strspn(md + 3, " \t\r") + 4 != at ||
        md[at - 1] != '\n')
        return 0;
    size_t end =
        0; // first look whether it is front matter at all: an end, and lines that look like it
    for (size_t i = at, lines = 0; i < len && lines < 500; lines++) {
        size_t n = line_end(md + i, len - i);
        const char *s = md + i;
        size_t k = n;
        trim(&s, &k);
        if (k == 3 && (memcmp(s, "---", 3) == 0 || memcmp(s, "...", 3) == 0)) {
            end = i;
            break;
        }
        if (lines == 0 && k && !memchr(s, ':', k) && *s != '#')
            return 0;
        i += n;
    }
    if (!end)
        return 0;
    const char *key = NULL;
    size_t key_len = 0;
    struct words w = {0};
    for (size_t i = at; i <= end;) {
        size_t n = line_end(md + i, len - i), k = n;
        const char *s = md + i;
        bool indented = *s == ' ' || *s == '\t';
        trim(&s, &k);
        const char *colon = memchr(s, ':', k);
        bool item = k > 1 && *s == '-' && s[1] == ' ';
        if (i < end && key && (item || (indented && k))) {
            if (item)
                push(&w, s + 1, k - 1);
        } else if (i == end || (colon && !indented)) {
            if (key)
                keep(b, key, key_len, &w);
            for (size_t j = 0; j < w.n; j++)
                free(w.items[j]);
            w.n = 0;
            key = i == end ? NULL : s;
            key_len = key ? (size_t)(colon - s) : 0;
            if (key) {
                size_t rest = k - key_len - 1;
                const char *v = colon + 1;
                trim(&v, &rest);
                bool commas = key_len >= 3 &&
                              (strncasecmp(s, "tag", 3) == 0 || strncasecmp(s, "key", 3) == 0);
                if (rest && *v != '|' && *v != '>')
                    split(&w, v, rest, commas);
            }
        }
        i += n;
    }
    free(w.items);
    return end + line_end(md + end, len - end);
}
