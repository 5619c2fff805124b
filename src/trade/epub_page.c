// One essay as a page of a book: its title, who wrote it where and when, what the reader noted
// about it, and its text.
#include <stdlib.h>
#include <string.h>

#include "lectern/write.h"
#include "trade/epub.h"

void epub_page_head(struct buf *out, const char *title, const char *language)
{
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n"
               "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
               "xmlns:epub=\"http://www.idpf.org/2007/ops\" xml:lang=\"%s\" lang=\"%s\">\n"
               "<head>\n<meta charset=\"utf-8\"/>\n<title>",
               language, language);
    buf_markup(out, title);
    buf_str(out, "</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n"
                 "</head>\n");
}

static void line(struct buf *out, const char *class, const char *text)
{
    if (!text || !*text)
        return;
    buf_printf(out, "<p class=\"%s\">", class);
    buf_markup(out, text);
    buf_str(out, "</p>\n");
}

static void facts(struct buf *out, const struct item_row *r)
{
    struct buf said = {0}, url = {0};
    // Days are those of UTC: the same book wherever it is made.
    struct item_row plain = *r;
    plain.audio = NULL;
    essay_byline(&plain, 0, (struct when){.utc_offset = 0}, false, &said);
    line(out, "byline", buf_cstr(&said));
    if (r->url && write_book_address(&url, r->url)) {
        buf_str(out, "<p class=\"address\"><a href=\"");
        buf_markup(out, url.data);
        buf_str(out, "\">");
        buf_markup(out, r->url);
        buf_str(out, "</a></p>\n");
    }
    buf_free(&said);
    buf_free(&url);
}

static void headings(struct epub_page *p, const struct doc *d)
{
    for (uint32_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        if (k->kind != BLOCK_HEADING)
            continue;
        p->headings = mem_grow(p->headings, &p->cap, p->n + 1, sizeof *p->headings);
        char *text = mem_strndup(d->text + k->off, k->len);
        for (char *c = text; *c; c++)
            if (*c == '\n')
                *c = ' ';
        p->headings[p->n++] = (struct epub_heading){k->level, k->off, text};
    }
}

// What the reader marked, as ranges of the document; ranges: free().
static struct write_range *ranges(const struct doc *d, const struct highlight *h, size_t n,
                                  size_t *out)
{
    struct write_range *list = mem_array(n, sizeof *list);
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(h[i].quote);
        // Marked in this very text, or its words stand where they stood; else they are not shown.
        if (!len || h[i].from > d->len || len > d->len - h[i].from ||
            memcmp(d->text + h[i].from, h[i].quote, len) != 0)
            continue;
        list[(*out)++] = (struct write_range){h[i].from, (uint32_t)len, h[i].note};
    }
    return list;
}

void epub_page(struct epub *b, const struct item_body *item, const char *note,
               const struct highlight *h, size_t n)
{
    const struct item_row *r = &item->row;
    b->pages = mem_grow(b->pages, &b->cap, b->n + 1, sizeof *b->pages);
    struct epub_page *p = &b->pages[b->n++];
    *p = (struct epub_page){.title = mem_strdup(*r->title ? r->title : "Untitled"),
                            .author = r->author && *r->author ? mem_strdup(r->author) : NULL,
                            .source =
                                r->feed_title && *r->feed_title ? mem_strdup(r->feed_title) : NULL};
    struct doc *d = essay_document(item);
    const char *language = item->language ? item->language : d->language;
    p->language = write_book_language(language) ? arena_strdup(b->arena, language) : "und";
    struct buf *o = &p->xhtml;
    epub_page_head(o, p->title, p->language);
    buf_str(o, "<body>\n<section epub:type=\"chapter\" role=\"doc-chapter\">\n<h1>");
    buf_markup(o, p->title);
    buf_str(o, "</h1>\n");
    line(o, "subtitle", r->subtitle);
    facts(o, r);
    line(o, "own", note);
    struct write_book how = {.deeper = 1};
    struct write_range *marked = ranges(d, h, n, &how.nranges);
    how.ranges = marked;
    write_book(o, d, &how);
    free(marked);
    buf_str(o, "</section>\n</body>\n</html>\n");
    headings(p, d);
    doc_free(d);
}
