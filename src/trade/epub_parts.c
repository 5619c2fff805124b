// The parts of a book that list its pages: the package, the contents of EPUB 3, the contents of
// EPUB 2 for readers that know no other, and how it looks.
#include <stdio.h>
#include <string.h>

#include "trade/epub.h"

const char epub_style[] =
    "h1, h2, h3, h4, h5, h6 { line-height: 1.2; text-align: left; hyphens: none; }\n"
    "p.subtitle { font-style: italic; }\n"
    "p.byline, p.address, p.notice { font-size: 0.85em; }\n"
    "p.address { margin-bottom: 2em; overflow-wrap: anywhere; }\n"
    "blockquote { margin: 1em 1.5em; }\n"
    "blockquote.pullquote { font-size: 1.15em; font-style: italic; }\n"
    "blockquote footer { font-style: normal; }\n"
    "pre { white-space: pre-wrap; font-size: 0.85em; }\n"
    "pre.verse { font-family: inherit; font-size: 1em; }\n"
    "figure { margin: 1em 1.5em; }\n"
    "p.picture, figcaption, p.card { font-size: 0.85em; }\n"
    "p.picture::before { content: \"[\"; }\n"
    "p.picture::after { content: \"]\"; }\n"
    "table { border-collapse: collapse; }\n"
    "th, td { border: 1px solid; padding: 0.2em 0.5em; text-align: left; vertical-align: top; }\n"
    ".center { text-align: center; }\n"
    ".right { text-align: right; }\n"
    "aside { margin: 1em 0; }\n"
    "aside p.label { display: inline; }\n"
    "aside.own { border-left: 3px solid; padding-left: 0.7em; }\n"
    "p.own { border-left: 3px solid; padding-left: 0.7em; white-space: pre-line; }\n"
    "sup { line-height: 0; }\n";

void epub_page_name(size_t i, char out[EPUB_NAME])
{
    snprintf(out, EPUB_NAME, "essay-%04zu.xhtml", i + 1);
}

static void element(struct buf *out, const char *indent, const char *name, const char *value)
{
    buf_printf(out, "%s<%s>", indent, name);
    buf_markup(out, value);
    buf_printf(out, "</%s>\n", name);
}

static bool said_before(const struct epub *b, size_t i, const char *who, bool authors)
{
    for (size_t k = 0; k < i; k++) {
        const char *other = authors ? b->pages[k].author : b->pages[k].source;
        if (other && strcmp(other, who) == 0)
            return true;
    }
    return false;
}

// Who wrote it: of many essays the first fifty names, which no shelf shows whole either.
static void people(const struct epub *b, struct buf *out)
{
    int n = 0;
    for (size_t i = 0; i < b->n && n < 50; i++)
        if (b->pages[i].author && !said_before(b, i, b->pages[i].author, true)) {
            element(out, "    ", "dc:creator", b->pages[i].author);
            n++;
        }
    n = 0;
    for (size_t i = 0; i < b->n && n < 50; i++)
        if (b->pages[i].source && !said_before(b, i, b->pages[i].source, false)) {
            element(out, "    ", "dc:source", b->pages[i].source);
            n++;
        }
}

void epub_package(const struct epub *b, struct buf *out)
{
    char page[EPUB_NAME];
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
               "unique-identifier=\"id\" xml:lang=\"%s\">\n"
               "  <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
               "    <dc:identifier id=\"id\">%s</dc:identifier>\n",
               b->language, b->id);
    element(out, "    ", "dc:title", b->title);
    buf_printf(out, "    <dc:language>%s</dc:language>\n", b->language);
    people(b, out);
    buf_printf(out,
               "    <meta property=\"dcterms:modified\">%s</meta>\n  </metadata>\n  <manifest>\n"
               "    <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" "
               "properties=\"nav\"/>\n"
               "    <item id=\"ncx\" href=\"toc.ncx\" "
               "media-type=\"application/x-dtbncx+xml\"/>\n"
               "    <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n",
               b->changed);
    for (size_t i = 0; i < b->n; i++) {
        epub_page_name(i, page);
        buf_printf(out,
                   "    <item id=\"e%zu\" href=\"%s\" media-type=\"application/xhtml+xml\"/>\n",
                   i + 1, page);
    }
    buf_str(out, "  </manifest>\n  <spine toc=\"ncx\">\n");
    if (b->n > 1)
        buf_str(out, "    <itemref idref=\"nav\"/>\n");
    for (size_t i = 0; i < b->n; i++)
        buf_printf(out, "    <itemref idref=\"e%zu\"/>\n", i + 1);
    buf_str(out, "  </spine>\n</package>\n");
}

// ---- contents: essays, and in each its headings, as deep as they stand ----

struct tree_ops {
    void (*open)(struct buf *out, const char *text, const char *place, size_t nth);
    const char *down, *up, *close;
};

// Levels may jump (1, 3, 2): each heading goes one below what stands over it.
static void headings(const struct epub_page *p, const char *page, const struct tree_ops *ops,
                     size_t *nth, struct buf *out)
{
    unsigned open[8], depth = 0;
    for (size_t k = 0; k < p->n; k++) {
        const struct epub_heading *h = &p->headings[k];
        while (depth > 1 && open[depth - 1] > h->level && open[depth - 2] >= h->level) {
            buf_str(out, ops->close);
            buf_str(out, ops->up);
            depth--;
        }
        if (depth == 0 || open[depth - 1] < h->level) {
            buf_str(out, ops->down);
            depth++;
        } else {
            buf_str(out, ops->close);
        }
        open[depth - 1] = h->level;
        char place[EPUB_NAME + 16];
        snprintf(place, sizeof place, "%s#h-%u", page, h->off);
        ops->open(out, h->text, place, ++*nth);
    }
    for (; depth; depth--) {
        buf_str(out, ops->close);
        buf_str(out, ops->up);
    }
}

static void tree(const struct epub *b, const struct tree_ops *ops, struct buf *out)
{
    size_t nth = 0;
    for (size_t i = 0; i < b->n; i++) {
        char page[EPUB_NAME];
        epub_page_name(i, page);
        ops->open(out, b->pages[i].title, page, ++nth);
        headings(&b->pages[i], page, ops, &nth, out);
        buf_str(out, ops->close);
    }
}

static void nav_open(struct buf *out, const char *text, const char *place, size_t nth)
{
    (void)nth;
    buf_printf(out, "<li><a href=\"%s\">", place);
    buf_markup(out, text);
    buf_str(out, "</a>");
}

void epub_contents(const struct epub *b, struct buf *out)
{
    static const struct tree_ops ops = {nav_open, "\n<ol>\n", "</ol>\n", "</li>\n"};
    epub_page_head(out, b->title, b->language);
    buf_str(out, "<body>\n<nav epub:type=\"toc\" id=\"toc\" role=\"doc-toc\">\n<h1>");
    buf_markup(out, b->title);
    buf_str(out, "</h1>\n<ol>\n");
    tree(b, &ops, out);
    buf_str(out, "</ol>\n</nav>\n</body>\n</html>\n");
}

static void ncx_open(struct buf *out, const char *text, const char *place, size_t nth)
{
    buf_printf(out, "<navPoint id=\"n%zu\" playOrder=\"%zu\"><navLabel><text>", nth, nth);
    buf_markup(out, text);
    buf_printf(out, "</text></navLabel><content src=\"%s\"/>", place);
}

static unsigned depth(const struct epub *b)
{
    unsigned deepest = 0;
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->pages[i].n; k++)
            if (b->pages[i].headings[k].level > deepest)
                deepest = b->pages[i].headings[k].level;
    return deepest + 1;
}

void epub_ncx(const struct epub *b, struct buf *out)
{
    static const struct tree_ops ops = {ncx_open, "\n", "", "</navPoint>\n"};
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\">\n<head>\n"
               "<meta name=\"dtb:uid\" content=\"%s\"/>\n"
               "<meta name=\"dtb:depth\" content=\"%u\"/>\n</head>\n<docTitle><text>",
               b->id, depth(b));
    buf_markup(out, b->title);
    buf_str(out, "</text></docTitle>\n<navMap>\n");
    tree(b, &ops, out);
    buf_str(out, "</navMap>\n</ncx>\n");
}
