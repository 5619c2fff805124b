// OPML 1.0 and 2.0, in and out. Folders (outlines without an address) become tags, and so do the
// parts of `category`; a broken file is read as far as it goes. Nothing is ever loaded from
// elsewhere: no network, no external entities.
#include "subs.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

// Attribute names are found in any case: xmlUrl, xmlurl, XMLURL are all about. free() the copy.
static char *attribute(const xmlNode *n, const char *name)
{
    for (const xmlAttr *a = n->properties; a; a = a->next) {
        if (strcasecmp((const char *)a->name, name) != 0)
            continue;
        xmlChar *v = xmlNodeListGetString(n->doc, a->children, 1);
        char *copy = mem_strdup(v ? (const char *)v : "");
        xmlFree(v);
        return copy;
    }
    return NULL;
}

static bool is_element(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcasecmp((const char *)n->name, name) == 0;
}

// "/Work/Compilers, letters" -> "Work", "Compilers", "letters": commas part categories, slashes
// their levels.
static size_t split_categories(char *s, const char **tags, size_t room)
{
    size_t n = 0;
    char *save = NULL;
    for (char *t = strtok_r(s, ",/", &save); t && n < room; t = strtok_r(NULL, ",/", &save))
        tags[n++] = t;
    return n;
}

static void take_feed(struct subs_builder *b, const xmlNode *n, const char *url,
                      const char *const *folders, size_t nfolders)
{
    char *title = attribute(n, "title"), *text = attribute(n, "text");
    char *category = attribute(n, "category");
    const char *tags[SUBS_MAX_TAGS];
    size_t ntags = 0;
    for (; ntags < nfolders; ntags++)
        tags[ntags] = folders[ntags];
    if (category)
        ntags += split_categories(category, tags + ntags, SUBS_MAX_TAGS - ntags);
    const char *name = text && *text ? text : title;
    if (*url)
        subs_add(b, url, name, tags, ntags);
    else
        subs_skip(b, (int)xmlGetLineNo(n), name ? name : "", "it has no address of a feed");
    free(title);
    free(text);
    free(category);
}

// Depth is bounded by the parser, which refuses documents nested deeper than 256.
static void walk(struct subs_builder *b, const xmlNode *first, const char **folders,
                 size_t nfolders)
{
    for (const xmlNode *n = first; n; n = n->next) {
        if (!is_element(n, "outline"))
            continue;
        char *url = attribute(n, "xmlUrl");
        if (url || !n->children)
            take_feed(b, n, url ? url : "", folders, nfolders);
        if (n->children) {
            char *name = url ? NULL : attribute(n, "text");
            bool deeper = name && *name && nfolders < SUBS_MAX_TAGS;
            if (deeper)
                folders[nfolders] = name;
            walk(b, n->children, folders, nfolders + deeper);
            free(name);
        }
        free(url);
    }
}

// Is the '&' at s the start of a reference that XML itself knows?
static bool is_reference(const char *s, size_t len)
{
    static const char *const known[] = {"amp;", "lt;", "gt;", "quot;", "apos;"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (len > strlen(known[i]) && memcmp(s + 1, known[i], strlen(known[i])) == 0)
            return true;
    size_t i = 1;
    if (i >= len || s[i++] != '#')
        return false;
    if (i < len && s[i] == 'x')
        i++;
    size_t digits = i;
    while (i < len && strchr("0123456789abcdefABCDEF", s[i]) && s[i])
        i++;
    return i > digits && i < len && s[i] == ';';
}

// Addresses with bare ampersands are the commonest fault of such files, and would lose a part of
// themselves.
static void escape_ampersands(struct buf *out, const char *bytes, size_t len)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != '&' || is_reference(bytes + i, len - i))
            continue;
        buf_add(out, bytes + from, i - from);
        buf_str(out, "&amp;");
        from = i + 1;
    }
    buf_add(out, bytes + from, len - from);
}

bool opml_read(struct subs_builder *b, const char *bytes, size_t len, struct err *e)
{
    if (len > 64u << 20)
        return err_set(e, ERR_FORMAT, "it is too large to be a list of subscriptions");
    struct buf clean = {0};
    escape_ampersands(&clean, bytes, len);
    xmlDoc *doc = xmlReadMemory(clean.data, (int)clean.len, NULL, NULL,
                                XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                    XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlNode *body = root && is_element(root, "opml") ? root->children : NULL;
    while (body && !is_element(body, "body"))
        body = body->next;
    const char *folders[SUBS_MAX_TAGS];
    if (body)
        walk(b, body->children, folders, 0);
    else if (root)
        err_set(e, ERR_FORMAT, "it is no OPML: its outermost element is <%s>",
                (const char *)root->name);
    else
        err_set(e, ERR_FORMAT, "it begins like XML, but cannot be read as OPML");
    xmlFreeDoc(doc);
    buf_free(&clean);
    return body != NULL;
}

// Commas and slashes mean something in `category`; a tag with one gets a folder instead.
static bool needs_folder(const char *tag)
{
    return strpbrk(tag, ",/") != NULL;
}

static void write_feed(struct buf *out, const struct sub *s, int indent)
{
    const char *title = s->title ? s->title : s->url;
    buf_printf(out, "%*s<outline type=\"rss\" text=\"", indent, "");
    buf_markup(out, title);
    buf_str(out, "\" title=\"");
    buf_markup(out, title);
    buf_str(out, "\" xmlUrl=\"");
    buf_markup(out, s->url);
    const char *before = "\" category=\"";
    for (const char **t = s->tags; t && *t; t++) {
        if (needs_folder(*t))
            continue;
        buf_str(out, before);
        buf_markup(out, *t);
        before = ",";
    }
    buf_str(out, "\"/>\n");
}

static bool in_folder(const struct sub *s, const char *folder)
{
    for (const char **t = s->tags; t && *t; t++)
        if ((t == s->tags || needs_folder(*t)) && strcmp(*t, folder) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void subs_write_opml(struct buf *out, const struct sub *items, size_t n, long long now)
{
    // RFC 822 dates are English whatever the locale.
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t t = (time_t)now;
    struct tm tm;
    gmtime_r(&t, &tm);
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head>\n"
                 "  <title>Lectern subscriptions</title>\n");
    buf_printf(out, "  <dateCreated>%.3s, %02d %.3s %d %02d:%02d:%02d GMT</dateCreated>\n",
               days + tm.tm_wday * 3, tm.tm_mday, months + tm.tm_mon * 3, tm.tm_year + 1900,
               tm.tm_hour, tm.tm_min, tm.tm_sec);
    buf_str(out, "</head>\n<body>\n");
    const char **folders = NULL;
    size_t nfolders = 0, cap = 0;
    for (size_t i = 0; i < n; i++) {
        if (!items[i].tags || !items[i].tags[0])
            write_feed(out, &items[i], 2);
        for (const char **tag = items[i].tags; tag && *tag; tag++) {
            if (!in_folder(&items[i], *tag))
                continue;
            folders = mem_grow(folders, &cap, nfolders + 1, sizeof *folders);
            folders[nfolders++] = *tag;
        }
    }
    if (nfolders)
        qsort(folders, nfolders, sizeof *folders, by_name);
    for (size_t f = 0; f < nfolders; f++) {
        if (f > 0 && strcmp(folders[f], folders[f - 1]) == 0)
            continue;
        buf_str(out, "  <outline text=\"");
        buf_markup(out, folders[f]);
        buf_str(out, "\">\n");
        for (size_t i = 0; i < n; i++)
            if (in_folder(&items[i], folders[f]))
                write_feed(out, &items[i], 4);
        buf_str(out, "  </outline>\n");
    }
    free(folders);
    buf_str(out, "</body>\n</opml>\n");
}
