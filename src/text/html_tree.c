// The door to libxml2's HTML parser: its events become a flat tree in document order, which costs
// less than its own and is walked without recursion. What made the parser slow or wrong is fenced
// off here:
//  - bytes that are not UTF-8 make it change the encoding half way: they are replaced before;
//  - it compares every attribute of a tag with all others: tags with very many lose the rest
//  (html_prepare.c);
//  - an end tag without a start is looked for in the whole stack: such work is counted and has a
//  limit;
//  - millions of elements: a limit. What lies behind a limit is cut, and the document says so.
#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

enum { MAX_ELEMENTS = 1500000 };
#define MAX_WORK 1000000000ull // steps through the parser's stack, about a second

// ---- names ----

static const char *const tag_names[] = {
#define ELEMENT(name, what) #name,
#include "html_elements.h"
};
enum { WHAT_B, WHAT_I, WHAT_N };
static const uint8_t tag_whats[] = {
#define ELEMENT(name, what) WHAT_##what,
#include "html_elements.h"
};
static const char *const attr_names[] = {
#define ATTRIBUTE(id, name) name,
#include "html_elements.h"
};

static int compare(const char *upper, const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char a = (unsigned char)upper[i], b = (unsigned char)name[i];
        if (a >= 'A' && a <= 'Z')
            a |= 32;
        if (a != b)
            return a < b ? -1 : 1;
    }
    return upper[len] ? 1 : 0;
}

bool html_tag_named(const char *name, size_t len, enum html_tag *tag)
{
    size_t lo = 0, hi = sizeof tag_names / sizeof *tag_names;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int by = compare(tag_names[mid], name, len);
        if (by == 0) {
            *tag = (enum html_tag)(mid + TAG_OTHER + 1);
            return true;
        }
        if (by < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

int html_attr_named(const char *name, size_t len)
{
    size_t lo = 0, hi = ATTR_COUNT;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int by = strncasecmp(attr_names[mid], name, len);
        if (by == 0)
            by = attr_names[mid][len] != '\0';
        if (by == 0)
            return (int)mid;
        if (by < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

bool html_is_block(enum html_tag tag)
{
    return tag > TAG_OTHER && tag_whats[tag - TAG_OTHER - 1] == WHAT_B;
}

bool html_is_void(enum html_tag tag)
{
    return tag > TAG_OTHER && tag_whats[tag - TAG_OTHER - 1] == WHAT_N;
}

// ---- events to nodes ----

struct names_seen { // the parser interns names: a pointer seen before is a name known
    const xmlChar *ptr;
    int id;
};
enum { SEEN = 512 };

struct grow {
    struct html_tree *t;
    const struct html_lift *lift; // NULL: nothing was lifted out
    struct buf scratch;
    htmlParserCtxtPtr ctxt;
    uint32_t *stack; // the parser's open elements as nodes
    size_t depth, stack_cap;
    size_t elements;
    unsigned long long work;
    struct names_seen tags[SEEN], attrs[SEEN];
};

static size_t slot(const xmlChar *p)
{
    uintptr_t v = (uintptr_t)p;
    return (v ^ v >> 9) % SEEN;
}

static int tag_of(struct grow *g, const xmlChar *name)
{
    struct names_seen *s = &g->tags[slot(name)];
    if (s->ptr != name) {
        enum html_tag tag = TAG_OTHER;
        const char *is = (const char *)name;
        size_t n = sizeof HTML_RENAMED - 1;
        bool renamed = strncmp(is, HTML_RENAMED, n) == 0;
        if (!renamed && strncmp(is, "amp-", 4) == 0) // AMP's own: the same things by other names
            html_tag_named(is + 4, strlen(is) - 4, &tag);
        else
            html_tag_named(is + (renamed ? n : 0), strlen(is) - (renamed ? n : 0), &tag);
        if (renamed && tag != TAG_OTHER && tag_whats[tag - TAG_OTHER - 1] != WHAT_I)
            tag = TAG_OTHER;
        *s = (struct names_seen){name, (int)tag};
    }
    return s->id;
}

static int attr_of(struct grow *g, const xmlChar *name)
{
    struct names_seen *s = &g->attrs[slot(name)];
    if (s->ptr != name)
        *s = (struct names_seen){name,
                                 html_attr_named((const char *)name, strlen((const char *)name))};
    return s->id;
}

static uint32_t add_node(struct html_tree *t, uint32_t parent, int tag)
{
    t->nodes = mem_grow(t->nodes, &t->nodes_cap, t->nnodes + 1, sizeof *t->nodes);
    uint32_t i = (uint32_t)t->nnodes++;
    t->nodes[i] = (struct hnode){.parent = parent,
                                 .first = NO_NODE,
                                 .last = NO_NODE,
                                 .next = NO_NODE,
                                 .note = NO_NODE,
                                 .tag = (uint8_t)tag};
    if (parent != NO_NODE) {
        struct hnode *p = &t->nodes[parent];
        if (p->last == NO_NODE)
            p->first = i;
        else
            t->nodes[p->last].next = i;
        p->last = i;
    }
    return i;
}

static void stop(struct grow *g)
{
    g->t->cut = true;
    xmlStopParser(g->ctxt);
}

// A cell, row or item ends the one before it even where something in that was never closed; the
// parser, which does not see that, is followed no further. Returns what the new one belongs to.
static uint32_t parent_of(struct grow *g, int tag, size_t *from)
{
    const struct hnode *nodes = g->t->nodes;
    *from = g->depth;
    size_t d = g->depth - 1;
    uint32_t top = g->stack[d];
    bool cell = tag == TAG_TD || tag == TAG_TH;
    if (!cell && tag != TAG_TR && tag != TAG_LI)
        return top;
    for (int n = 0; d && n < 64; n++, d--) {
        int t = nodes[g->stack[d]].tag;
        if (t != TAG_P && t != TAG_OTHER && tag_whats[t - TAG_OTHER - 1] != WHAT_I)
            break;
    }
    uint32_t open = g->stack[d], up = nodes[open].parent;
    int is = nodes[open].tag;
    bool open_cell = is == TAG_TD || is == TAG_TH;
    if (up == NO_NODE || !(tag == TAG_LI ? is == TAG_LI : open_cell))
        return top;
    if (tag == TAG_TR)
        up = nodes[up].tag == TAG_TR ? nodes[up].parent : NO_NODE;
    if (up == NO_NODE)
        return top;
    *from = d;
    return up;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attrs)
{
    struct grow *g = ctx;
    struct html_tree *t = g->t;
    if (t->cut)
        return;
    if (++g->elements > MAX_ELEMENTS) {
        stop(g);
        return;
    }
    int tag = tag_of(g, name);
    size_t from;
    uint32_t up = parent_of(g, tag, &from), i = add_node(t, up, tag);
    while (from < g->depth)
        g->stack[from++] = i;
    t->nodes[i].at = (uint32_t)t->nattrs;
    for (; attrs && attrs[0]; attrs += 2) {
        int a = attr_of(g, attrs[0]);
        if (a < 0)
            continue;
        t->attrs = mem_grow(t->attrs, &t->attrs_cap, t->nattrs + 1, sizeof *t->attrs);
        const char *value = attrs[1] ? (const char *)attrs[1] : "";
        if (g->lift && strchr(value, 0xf4)) { // where tags are broken
            buf_clear(&g->scratch);
            html_lift_back(g->lift, value, strlen(value), &g->scratch);
            value = buf_cstr(&g->scratch);
        }
        t->attrs[t->nattrs++] = (struct hattr){arena_strdup(t->arena, value), (uint8_t)a};
        t->nodes[i].n++;
    }
    g->stack = mem_grow(g->stack, &g->stack_cap, g->depth + 1, sizeof *g->stack);
    // The parser knows HTML 4 and takes what follows <source> to be inside it: it is beside it.
    bool empty = t->nodes[i].tag == TAG_SOURCE || t->nodes[i].tag == TAG_TRACK ||
                 t->nodes[i].tag == TAG_WBR || t->nodes[i].tag == TAG_EMBED;
    g->stack[g->depth] = empty ? g->stack[g->depth - 1] : i;
    g->depth++;
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct grow *g = ctx;
    (void)name; // always the innermost: the parser has put them in order
    if (g->depth > 1 && !g->t->cut)
        g->depth--;
}

uint32_t html_windows(uint32_t cp)
{
    static const uint16_t windows_1252[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178,
    };
    return cp >= 0x80 && cp < 0xA0 ? windows_1252[cp - 0x80] : cp;
}

static void on_text(void *ctx, const xmlChar *s, int len)
{
    struct grow *g = ctx;
    struct html_tree *t = g->t;
    if (len <= 0 || t->cut)
        return;
    uint32_t parent = g->stack[g->depth - 1];
    if (t->nodes[parent].tag == TAG_STYLE)
        return;
    if (t->nodes[parent].tag == TAG_SCRIPT) { // but for formulas
        const char *type = html_attr(t, parent, ATTR_TYPE);
        if (!type || strncmp(type, "math/tex", 8) != 0)
            return;
    }
    uint32_t last = t->nodes[parent].last;
    if (last == NO_NODE || t->nodes[last].tag != TAG_TEXT) {
        last = add_node(t, parent, TAG_TEXT);
        t->nodes[last].at = (uint32_t)t->text.len;
    }
    if (len == 2 && s[0] == 0xC2) // a number on its own
        buf_utf8(&t->text, html_windows(s[1]));
    else
        buf_add(&t->text, s, (size_t)len);
    t->nodes[last].n = (uint32_t)t->text.len - t->nodes[last].at;
}

static void on_error(void *ctx, const char *msg, ...)
{
    struct grow *g = ctx;
    (void)msg;
    g->work += 200 + (unsigned long long)g->ctxt->nameNr;
    if (g->work > MAX_WORK && !g->t->cut)
        stop(g);
}

static bool looks_like_page(const char *s, size_t len)
{
    if (len > 4096)
        len = 4096;
    for (size_t i = 0; i + 5 < len; i++) {
        if (s[i] != '<')
            continue;
        if (strncasecmp(s + i + 1, "html", 4) == 0 || strncasecmp(s + i + 1, "head", 4) == 0 ||
            strncasecmp(s + i + 1, "body", 4) == 0)
            return strncasecmp(s + i + 1, "header", 6) != 0;
        if (len - i > 9 && strncasecmp(s + i + 1, "!doctype", 8) == 0)
            return true;
    }
    return false;
}

static void put_back(struct html_tree *t, const struct html_lift *l)
{
    struct buf whole = {0};
    buf_reserve(&whole, t->text.len * 2);
    for (size_t i = 0; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag != TAG_TEXT)
            continue;
        uint32_t at = (uint32_t)whole.len;
        html_lift_back(l, t->text.data + n->at, n->n, &whole);
        n->at = at;
        n->n = (uint32_t)whole.len - at;
    }
    buf_free(&t->text);
    t->text = whole;
}

void html_tree_parse(struct html_tree *t, const char *html, size_t len)
{
    t->arena = arena_new();
    add_node(t, NO_NODE, TAG_BODY);
    t->page = !t->markdown && looks_like_page(html, len);
    if (len == 0 || len > INT32_MAX)
        return;
    struct html_lift lift = {0};
    struct grow *g = mem_alloc(sizeof *g);
    g->t = t;
    if (html_lift(&lift, html, len)) {
        g->lift = &lift;
        html = lift.html.data;
        len = lift.html.len;
    }
    g->stack = mem_grow(NULL, &g->stack_cap, 64, sizeof *g->stack);
    g->stack[g->depth++] = 0;
    htmlSAXHandler handler = {.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .cdataBlock = on_text,
                              .ignorableWhitespace = on_text,
                              .error = on_error};
    htmlParserCtxtPtr c = htmlCreateMemoryParserCtxt(html, (int)len);
    if (c) {
        htmlSAXHandlerPtr own = c->sax;
        g->ctxt = c;
        c->sax = &handler;
        c->userData = g;
        htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOWARNING |
                                  HTML_PARSE_NODEFDTD | HTML_PARSE_NOIMPLIED |
                                  HTML_PARSE_IGNORE_ENC);
        handler.error = on_error;
        xmlSwitchEncoding(c, XML_CHAR_ENCODING_UTF8);
        htmlParseDocument(c);
        c->sax = own;
        htmlFreeParserCtxt(c);
    }
    if (g->lift)
        put_back(t, &lift);
    html_lift_free(&lift);
    buf_free(&g->scratch);
    free(g->stack);
    free(g);
}

void html_tree_free(struct html_tree *t)
{
    free(t->nodes);
    free(t->attrs);
    buf_free(&t->text);
    arena_free(t->arena);
}

// ---- looking at the tree ----

const char *html_attr(const struct html_tree *t, uint32_t node, enum html_attr a)
{
    const struct hnode *n = &t->nodes[node];
    if (n->tag == TAG_TEXT)
        return NULL;
    for (uint32_t i = n->at; i < n->at + n->n; i++)
        if (t->attrs[i].name == a)
            return t->attrs[i].value;
    return NULL;
}

bool html_has_class(const struct html_tree *t, uint32_t node, const char *token)
{
    const char *s = html_attr(t, node, ATTR_CLASS);
    size_t len = strlen(token);
    for (; s && (s = strstr(s, token)); s += len) {
        const char *c = html_attr(t, node, ATTR_CLASS);
        bool starts = s == c || strchr(" \t\n\r", s[-1]),
             ends = !s[len] || strchr(" \t\n\r", s[len]);
        if (starts && ends)
            return true;
    }
    return false;
}

uint32_t html_next(const struct html_tree *t, uint32_t node, uint32_t top, bool into)
{
    if (into && t->nodes[node].first != NO_NODE)
        return t->nodes[node].first;
    while (node != top) {
        if (t->nodes[node].next != NO_NODE)
            return t->nodes[node].next;
        node = t->nodes[node].parent;
    }
    return NO_NODE;
}

void html_text_of(const struct html_tree *t, uint32_t node, struct buf *out, size_t max)
{
    struct buf raw = {0};
    for (uint32_t i = node; i != NO_NODE;) {
        const struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT) {
            size_t room = raw.len < 2 * max ? 2 * max - raw.len : 0;
            buf_add(&raw, t->text.data + n->at, n->n < room ? n->n : room);
        } else if (html_is_block(n->tag) || n->tag == TAG_BR) {
            buf_char(&raw, ' ');
        }
        if (raw.len >= 2 * max)
            break;
        i = html_next(t, i, node, !html_is_void(n->tag) && !(n->flags & NODE_SKIP));
    }
    size_t before = out->len;
    utf8_clean(out, buf_cstr(&raw), raw.len, UTF8_LINE);
    if (out->len - before > max) {
        out->len = before + max;
        while (out->len > before && ((unsigned char)out->data[out->len] & 0xC0) == 0x80)
            out->len--;
        out->data[out->len] = '\0';
    }
    buf_free(&raw);
}

uint32_t html_find(const struct html_tree *t, uint32_t top, enum html_tag tag)
{
    for (uint32_t i = html_next(t, top, top, true); i != NO_NODE; i = html_next(t, i, top, true))
        if (t->nodes[i].tag == tag)
            return i;
    return NO_NODE;
}

uint32_t html_find_near(const struct html_tree *t, uint32_t top, enum html_tag tag, uint32_t end)
{
    enum { NEAR = 200 };
    if (end > top + NEAR)
        end = top + NEAR;
    if (end > t->nnodes)
        end = (uint32_t)t->nnodes;
    for (uint32_t i = top + 1; i < end; i++)
        if (t->nodes[i].tag == tag)
            return i;
    return NO_NODE;
}
