// From the store's item to a document. See essay.h.
#include "lectern/essay.h"

#include <string.h>

// The page's address without what only tracks, as links have it.
static void plain_address(const char *url, struct buf *out)
{
    struct buf html = {0};
    buf_str(&html, "<a href=\"");
    buf_markup(&html, url);
    buf_str(&html, "\">.</a>");
    struct doc *d = doc_from_html(html.data, html.len, NULL);
    buf_str(out, d->nlinks ? d->links[0].url : url);
    doc_free(d);
    buf_free(&html);
}

static struct doc *summary_document(const struct item_body *item, const struct doc_source *src)
{
    struct buf html = {0};
    bool any = item->summary && *item->summary;
    if (any && item->summary_type == CONTENT_HTML) {
        buf_printf(&html, "<div>%s</div>", item->summary);
    } else if (any) {
        buf_str(&html, "<p>");
        buf_markup(&html, item->summary);
        buf_str(&html, "</p>");
    }
    bool kept = item->row.id < 0 && !item->row.entry && !any; // came without a text, as an address
    buf_printf(&html, "%s<p><em>%s", any ? "<hr>" : "",
               any    ? "The feed brings only this summary."
               : kept ? "Only the address of this page is kept so far; `lectern bookmark --fetch` "
                        "brings its text:"
                      : "The feed brings no text for this essay.");
    if (item->row.url && *item->row.url) {
        struct buf url = {0};
        plain_address(item->row.url, &url);
        buf_str(&html, kept ? "</em></p><p><a href=\""
                            : " The whole is on its page:</em></p><p><a href=\"");
        buf_markup(&html, url.data);
        buf_str(&html, "\">");
        buf_markup(&html, url.data);
        buf_str(&html, "</a></p>");
        buf_free(&url);
    } else {
        buf_str(&html, "</em></p>");
    }
    struct doc *d = doc_from_html(html.data, html.len, src);
    buf_free(&html);
    return d;
}

struct doc *essay_document(const struct item_body *item)
{
    struct doc_source src = {.url = item->base ? item->base : item->row.url,
                             .title = item->row.title,
                             .language = item->language};
    if (!item->content || !item->content_len)
        return summary_document(item, &src);
    switch (item->type) {
    case CONTENT_MARKDOWN:
        return doc_from_markdown(item->content, item->content_len, &src);
    case CONTENT_TEXT:
        return doc_from_text(item->content, item->content_len, &src);
    case CONTENT_HTML:
    case CONTENT_NONE:
        break;
    }
    return doc_from_html(item->content, item->content_len, &src);
}

static void join(struct buf *out, const char *s, bool ascii)
{
    if (out->len)
        buf_str(out, ascii ? " - " : " · ");
    buf_str(out, s);
}

void essay_byline(const struct item_row *r, uint32_t words, struct when w, bool ascii,
                  struct buf *out)
{
    struct buf part = {0};
    if (r->author && *r->author)
        join(out, r->author, ascii);
    if (r->feed_title && *r->feed_title && (!r->author || strcmp(r->author, r->feed_title) != 0))
        join(out, r->feed_title, ascii);
    if (r->published > 0) {
        when_long(w, r->published, &part);
        join(out, part.data, ascii);
        buf_clear(&part);
    }
    if (words) {
        buf_printf(&part, "%d min", doc_minutes(words));
        join(out, part.data, ascii);
        buf_clear(&part);
    }
    if (r->audio) {
        buf_str(&part, ascii ? "audio" : "♪");
        if (r->audio_seconds > 0) {
            buf_char(&part, ' ');
            when_length(r->audio_seconds, &part);
        }
        join(out, part.data, ascii);
    }
    buf_free(&part);
}
