// The XML road: a skeleton (lift.c) is read by libxml2's SAX2 interface; this file keeps the stack
// of open elements, namespaces, xml:base and xml:lang, and gathers the text of those elements that
// elements.c asks for. Nothing is ever loaded and no entity declared: the skeleton has no document
// type.
#include "xml.h"

#include <libxml/parser.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init(void)
{
    xmlInitParser();
}

const char *xml_attribute(struct xml *x, const struct attributes *a, const char *name)
{
    for (int i = 0; i < a->n; i++) {
        const unsigned char **at = a->list + 5 * i;
        if (at[1] == NULL && strcasecmp((const char *)at[0], name) == 0)
            return arena_strndup(x->b->a, (const char *)at[3], (size_t)(at[4] - at[3]));
    }
    return NULL;
}

// xml:base, xml:lang.
static const char *xml_own(struct xml *x, const struct attributes *a, const char *name)
{
    for (int i = 0; i < a->n; i++) {
        const unsigned char **at = a->list + 5 * i;
        if (at[1] && strcmp((const char *)at[1], "xml") == 0 &&
            strcmp((const char *)at[0], name) == 0)
            return build_line(x->b, (const char *)at[3], (size_t)(at[4] - at[3]));
    }
    return NULL;
}

// ---- captured text ----
static void flatten(struct xml *x)
{
    if (x->cap.one)
        buf_add(&x->cap.text, x->cap.one, x->cap.one_len);
    x->cap.one = NULL;
}

static void capture(struct xml *x, const char *s, size_t len, bool lasting)
{
    bool escape = x->cap.kind == TEXT_XHTML;
    if (lasting && !escape && !x->cap.one && x->cap.text.len == 0) {
        x->cap.one = s;
        x->cap.one_len = len;
        return;
    }
    flatten(x);
    if (escape)
        markup_escape(&x->cap.text, s, len);
    else
        buf_add(&x->cap.text, s, len);
}

// References of raw text: XML's own five and numbers, and the names of HTML that ought to have been
// declared.
static void decode(struct xml *x, struct buf *out, const char *s, size_t len)
{
    static const char *const own[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < len;) {
        const char *amp = memchr(s + i, '&', len - i);
        size_t until = amp ? (size_t)(amp - s) : len;
        buf_add(out, s + i, until - i);
        if (!amp)
            return;
        uint32_t cp;
        size_t n = entity_at(amp, len - until, &cp);
        if (n && amp[1] != '#') {
            bool declared = false;
            for (size_t k = 0; k < sizeof own / sizeof *own && !declared; k++)
                declared = strncmp(amp, own[k], n) == 0 && own[k][n] == '\0';
            x->lift.html_entities = x->lift.html_entities || !declared;
        }
        if (n) {
            buf_utf8(out, cp);
        } else {
            x->lift.bare_ampersand = true;
            buf_char(out, '&');
        }
        i = until + (n ? n : 1);
    }
}

static void on_characters(void *ctx, const xmlChar *s, int len)
{
    struct xml *x = ctx;
    if (x->cap.depth && len > 0)
        capture(x, (const char *)s, (size_t)len, false);
}

static void on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    struct xml *x = ctx;
    if (strcmp((const char *)target, LIFT_CUT) == 0) {
        x->cut = true;
        return;
    }
    if (!x->cap.depth || !data)
        return;
    size_t n = strtoul((const char *)data, NULL, 10);
    if (n >= x->lift.ntexts)
        return;
    const struct lifted *t = &x->lift.texts[n];
    if (t->verbatim || !memchr(t->s, '&', t->len)) {
        capture(x, t->s, t->len, true);
        return;
    }
    if (x->cap.kind != TEXT_XHTML) {
        flatten(x);
        decode(x, &x->cap.text, t->s, t->len);
        return;
    }
    struct buf plain = {0};
    decode(x, &plain, t->s, t->len);
    capture(x, buf_cstr(&plain), plain.len, false);
    buf_free(&plain);
}

static bool is_void(const char *name)
{
    static const char *const names[] = {"area",  "br",   "col",  "embed",  "hr",    "img",
                                        "input", "link", "meta", "source", "track", "wbr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool only_blanks(const char *s, size_t len)
{
    while (len && strchr(" \t\r\n", s[len - 1]))
        len--;
    return len == 0;
}

static void markup_open(struct xml *x, const char *name, const struct attributes *a)
{
    flatten(x);
    struct buf *out = &x->cap.text;
    if (x->cap.depth == 1 && !x->cap.markup && x->cap.kind == TEXT_XHTML &&
        strcmp(name, "div") == 0 &&
        only_blanks(buf_cstr(out),
                    out->len)) { // RFC 4287, 3.1.1.3: the div is not part of the content
        x->cap.wrapped = x->cap.markup = true;
        x->cap.wrapper_base = xml_own(x, a, "base");
        buf_clear(out);
        return;
    }
    x->cap.markup = true;
    buf_char(out, '<');
    buf_str(out, name);
    for (int i = 0; i < a->n; i++) {
        const unsigned char **at = a->list + 5 * i;
        if (at[1])
            continue;
        buf_printf(out, " %s=\"", (const char *)at[0]);
        markup_escape(out, (const char *)at[3], (size_t)(at[4] - at[3]));
        buf_char(out, '"');
    }
    buf_str(out, is_void(name) ? "/>" : ">");
}

static void markup_close(struct xml *x, const char *name)
{
    flatten(x);
    if ((x->cap.depth == 1 && x->cap.wrapped) || is_void(name))
        return;
    buf_printf(&x->cap.text, "</%s>", name);
}

static void capture_end(struct xml *x)
{
    const char *s = x->cap.one ? x->cap.one : buf_cstr(&x->cap.text);
    size_t len = x->cap.one ? x->cap.one_len : x->cap.text.len;
    if (!x->cap.markup && x->cap.kind == TEXT_XHTML) {
        // It says XHTML and has no elements: what was meant is text, or markup escaped once too
        // often.
        struct buf plain = {0};
        entity_decode(&plain, s, len);
        x->cap.kind = TEXT_HTML;
        element_text(x, x->cap.meaning, buf_cstr(&plain), plain.len);
        buf_free(&plain);
    } else {
        element_text(x, x->cap.meaning, s, len);
    }
    x->cap.one = NULL;
    buf_clear(&x->cap.text);
}

// ---- elements ----
static enum meaning meaning_of(struct xml *x, const char *name, const char *prefix, const void *uri)
{
    enum ns ns = names_space(uri, prefix);
    if (prefix && !uri)
        build_warn(x->b, "the prefix \"%.40s:\" was used without being declared", prefix);
    if ((uri == x->own && !prefix) || (ns == NS_OTHER && !prefix) || (ns == NS_ATOM && x->atom))
        ns = NS_CORE;
    return names_meaning(ns, name, x->atom);
}

// The root says the format. False: no feed.
static bool root(struct xml *x, const char *name, const char *uri, const struct attributes *a,
                 enum meaning *m)
{
    struct feed_update *u = x->b->u;
    const char *version = xml_attribute(x, a, "version");
    x->own = uri;
    *m = M_INTO;
    if (strcasecmp(name, "rss") == 0 || strcasecmp(name, "channel") == 0 ||
        strcasecmp(name, "item") == 0) {
        const char *number = version ? build_line(x->b, version, strlen(version)) : NULL;
        u->version = number ? number : "2.0";
        u->format = strncmp(u->version, "0.", 2) == 0 ? FEED_RSS09 : FEED_RSS2;
        if (uri && names_space(uri, NULL) != NS_CORE)
            build_warn(x->b, "RSS stands in a namespace that is not its own (%.80s)", uri);
        if (strcasecmp(name, "rss") != 0)
            *m = strcasecmp(name, "item") == 0 ? M_ENTRY : M_FEED;
    } else if (strcasecmp(name, "RDF") == 0) {
        x->own = NULL;
        u->format = FEED_RSS1;
        u->version = "1.0";
        for (int i = 0; i < ((xmlParserCtxtPtr)x->parser)->nsNr; i += 2) {
            const char *declared = (const char *)((xmlParserCtxtPtr)x->parser)->nsTab[i + 1];
            if (declared && strstr(declared, "netscape.com/rdf/simple/0.9")) {
                u->format = FEED_RSS09;
                u->version = "0.90";
            }
        }
    } else if (strcasecmp(name, "feed") == 0 || strcasecmp(name, "entry") == 0) {
        bool old = (uri && strstr(uri, "purl.org/atom/ns#")) ||
                   (version && strncmp(version, "0.", 2) == 0);
        u->format = old ? FEED_ATOM03 : FEED_ATOM1;
        u->version = old ? (version ? build_line(x->b, version, strlen(version)) : "0.3") : "1.0";
        if (!u->version)
            u->version = "0.3";
        x->atom = true;
        *m = strcasecmp(name, "feed") == 0 ? M_FEED : M_ENTRY;
    } else {
        return false;
    }
    return true;
}

static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int nns, const xmlChar **namespaces, int natt, int ndefaulted,
                     const xmlChar **atts)
{
    (void)nns, (void)namespaces, (void)ndefaulted;
    struct xml *x = ctx;
    const char *name = (const char *)local;
    const struct attributes a = {atts, natt};
    if (x->depth + x->skip + x->cap.depth >= FEED_MAX_DEPTH) {
        x->too_deep = true;
        xmlStopParser(x->parser);
        return;
    }
    if (x->skip) {
        x->skip++;
        return;
    }
    if (x->cap.depth) {
        markup_open(x, name, &a);
        x->cap.depth++;
        return;
    }
    enum meaning m;
    if (!x->root_seen) {
        x->root_seen = true;
        if (!root(x, name, (const char *)uri, &a, &m)) {
            snprintf(x->root, sizeof x->root, "%s", name);
            xmlStopParser(x->parser);
            return;
        }
    } else {
        m = meaning_of(x, name, (const char *)prefix, uri);
    }
    struct frame f = x->depth ? x->stack[x->depth - 1] : (struct frame){.base = x->b->base};
    f.meaning = m;
    const char *base = xml_own(x, &a, "base"), *language = xml_own(x, &a, "lang");
    if (base) {
        const char *there = build_address(x->b, f.base, base);
        f.base = there ? there : f.base;
    }
    f.language = language ? language : f.language;
    bool into = false;
    x->cap.flag = false;
    x->cap.arg = x->cap.arg2 = x->cap.wrapper_base = NULL;
    x->cap.markup = x->cap.wrapped = false;
    x->cap.kind = TEXT_RSS;
    bool wants = element_start(x, m, &f, &a, &into);
    if (!wants && !into) {
        x->skip = 1;
        return;
    }
    x->stack[x->depth++] = f;
    if (wants) {
        x->cap.meaning = m;
        x->cap.depth = 1;
    }
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix, (void)uri;
    struct xml *x = ctx;
    if (x->skip) {
        x->skip--;
        return;
    }
    if (x->depth == 0)
        return;
    if (x->cap.depth > 1) {
        x->cap.depth--;
        markup_close(x, (const char *)local);
        return;
    }
    struct frame f = x->stack[x->depth - 1];
    if (x->cap.depth) {
        capture_end(x);
        x->cap.depth = 0;
    } else {
        element_end(x, &f);
    }
    x->depth--;
}

// ---- the document ----
static bool run(struct xml *x)
{
    xmlSAXHandler sax = {0};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_characters;
    sax.ignorableWhitespace = on_characters;
    sax.processingInstruction = on_instruction;
    xmlParserCtxtPtr p = xmlNewParserCtxt();
    if (!p)
        return false;
    *p->sax = sax;
    p->userData = x;
    x->parser = p;
    // NOENT only makes &amp; in an attribute come out as '&': there is no document type here that
    // could declare more.
    const int options = XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR |
                        XML_PARSE_NOWARNING | XML_PARSE_HUGE;
    const struct buf *s = &x->lift.skeleton;
    xmlDocPtr doc = s->len > INT32_MAX
                        ? NULL
                        : xmlCtxtReadMemory(p, buf_cstr(s), (int)s->len, NULL, "UTF-8", options);
    bool ok = p->wellFormed && !x->too_deep;
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(p);
    x->parser = NULL;
    return ok;
}

static void end(struct xml *x)
{
    lift_free(&x->lift);
    buf_free(&x->cap.text);
    free(x->stack);
    free(x);
}

static struct xml *begin(struct build *b)
{
    struct xml *x = mem_alloc(sizeof *x);
    x->b = b;
    x->stack = mem_array(FEED_MAX_DEPTH, sizeof *x->stack);
    return x;
}

static void warn(struct xml *x)
{
    const struct lift *l = &x->lift;
    struct build *b = x->b;
    if (l->junk_before)
        build_warn(b, "something stood before the document: it was left out");
    else if (l->blank_before)
        build_warn(b, "blanks stood before the document");
    if (l->junk_after)
        build_warn(b, "something stood after the end of the document: it was left out");
    if (l->bad_cdata)
        build_warn(b, "a CDATA section was not ended: it was ended with its element");
    if (l->unclosed)
        build_warn(b, "an element was not ended: it was ended with the one around it");
    if (l->bad_tags)
        build_warn(b, "a '<' or a tag made no sense: it was read as text or left out");
    if (l->bad_attributes)
        build_warn(b, "attributes were not well-formed: they were read loosely");
    if (l->html_entities)
        build_warn(b, "names of HTML such as &nbsp; were used without a declaration: they were "
                      "read as in HTML");
    if (l->bare_ampersand)
        build_warn(b, "a bare '&' was read as itself");
    if (l->too_deep)
        build_warn(b,
                   "elements were nested more than %d deep: the tags of the deepest were left out",
                   FEED_MAX_DEPTH);
    if (x->cut) {
        b->u->cut_short = true;
        build_warn(b, "the document breaks off: what was whole before the break is here");
    }
}

static bool not_a_feed(const struct xml *x, struct err *e)
{
    static const struct {
        const char *root, *what;
    } known[] = {
        {"html", "a web page"},
        {"opml", "a list of subscriptions (OPML)"},
        {"urlset", "a sitemap"},
        {"sitemapindex", "a sitemap"},
        {"svg", "a picture (SVG)"},
        {"OpenSearchDescription", "a description of a search"},
        {"Error", "an error message of a server"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].root, x->root) == 0)
            return err_set(e, ERR_FORMAT, "this is no feed, it looks like %s", known[i].what);
    if (x->root[0])
        return err_set(e, ERR_FORMAT,
                       "this is no feed, it looks like another kind of XML document (<%s>)",
                       x->root);
    return err_set(e, ERR_FORMAT, "this is no feed, there is no element in it");
}

bool xml_parse(struct build *b, const char *s, size_t len, struct err *e)
{
    pthread_once(&once, init);
    struct xml *x = begin(b);
    bool ok = lift_strict(&x->lift, s, len) && run(x);
    if (!ok && !x->root[0]) { // not well-formed: from the beginning, mending
        const struct feed_source none = {.url = b->base};
        struct build *fresh = build_new(&none);
        fresh->u->encoding = arena_strdup(fresh->a, b->u->encoding);
        for (size_t i = 0; i < b->u->nwarnings; i++)
            build_warn(fresh, "%s", b->u->warnings[i]);
        struct build old = *b;
        *b = *fresh;
        *fresh = old;
        build_drop(fresh);
        end(x);
        x = begin(b);
        lift_mend(&x->lift, s, len);
        run(x);
        if (x->lift.skeleton.len && !x->lift.bad_tags && !x->lift.cut_short && !x->lift.unclosed &&
            !x->lift.bad_cdata && !x->lift.bad_attributes && !x->lift.html_entities &&
            !x->lift.bare_ampersand && !x->lift.too_deep && !x->lift.junk_after &&
            !x->lift.junk_before)
            build_warn(b, "the document was not well-formed: it was mended");
    }
    if (b->u->format == FEED_UNKNOWN) {
        not_a_feed(x, e);
        end(x);
        return false;
    }
    if (b->in_entry)
        build_entry_cancel(b);
    warn(x);
    end(x);
    return true;
}
