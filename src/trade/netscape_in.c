// Bookmark files that are HTML: Netscape's, which browsers and Pinboard write, and the lists that
// Pocket and Instapaper export. What counts is the order of links, headings and notes; folders and
// tags become tags. libxml2 reads the tags however they are nested.
#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/utf8.h"
#include "trade/kept.h"

enum { DEEPEST = 64 };
enum inside { NOTHING, FOLDER, TITLE, NOTE };

struct html_list {
    struct brought *b;
    htmlParserCtxtPtr parser;
    bool netscape;
    struct buf text;
    enum inside in;
    bool has_link, noted; // a bookmark is being read; its note was begun
    bool own_folder;      // the browser's, not the reader's
    char *next;           // folder whose list comes; NULL: none, or one of the browser's
    char *folders[DEEPEST];
    size_t depth;
    bool archived; // what stands under "Read Archive"
};

static const char *attribute(const xmlChar **list, const char *name)
{
    for (; list && list[0]; list += 2)
        if (strcasecmp((const char *)list[0], name) == 0)
            return (const char *)list[1];
    return NULL;
}

static void split_tags(struct brought *b, const char *tags, char by)
{
    while (tags && *tags) {
        size_t n = 0;
        while (tags[n] && tags[n] != by)
            n++;
        brought_tag(b, tags, n);
        tags += n + (tags[n] != '\0');
    }
}

// The bookmark that was being read is whole.
static void finish(struct html_list *h)
{
    if (h->has_link && h->in == NOTE) {
        struct kept *k = &h->b->items[h->b->n - 1];
        k->note = brought_note(h->b, buf_cstr(&h->text), h->text.len);
    }
    if (h->has_link)
        brought_end(h->b);
    h->has_link = h->noted = false;
    h->in = NOTHING;
    buf_clear(&h->text);
}

static void link_begin(struct html_list *h, const xmlChar **list)
{
    const char *url = attribute(list, "href"), *when = attribute(list, "add_date"),
               *tags = attribute(list, "tags"), *toread = attribute(list, "toread");
    finish(h);
    struct kept *k = brought_add(h->b, xmlSAX2GetLineNumber(h->parser));
    if (!url || !*url) {
        brought_drop(h->b, k->line, "a link", "it has no address");
        return;
    }
    if (!brought_url(h->b, url))
        return;
    k->body.row.kept = brought_date(when ? when : attribute(list, "time_added"));
    for (size_t i = 0; i < h->depth; i++)
        if (h->folders[i])
            brought_tag(h->b, h->folders[i], strlen(h->folders[i]));
    if (!h->netscape && h->next)
        brought_tag(h->b, h->next, strlen(h->next));
    split_tags(h->b, tags, ',');
    if (h->archived || (toread && strcmp(toread, "0") == 0)) {
        k->body.row.flags |= ITEM_FINISHED;
        k->body.row.progress = 1;
    }
    h->has_link = true;
    h->in = TITLE;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **list)
{
    struct html_list *h = ctx;
    const char *tag = (const char *)name;
    if (strcmp(tag, "a") == 0) {
        link_begin(h, list);
    } else if (strcmp(tag, h->netscape ? "h3" : "h1") == 0) {
        finish(h);
        h->in = FOLDER;
        h->own_folder = attribute(list, "personal_toolbar_folder") ||
                        attribute(list, "unfiled_bookmarks_folder");
    } else if (strcmp(tag, "dd") == 0 && h->has_link && !h->noted) {
        h->in = NOTE;
        h->noted = true;
        buf_clear(&h->text);
    } else if (strcmp(tag, "dt") == 0) {
        finish(h);
    } else if (strcmp(tag, "dl") == 0) {
        finish(h);
        if (h->depth < DEEPEST)
            h->folders[h->depth] = h->next;
        else
            free(h->next);
        h->depth += h->depth < DEEPEST;
        h->next = NULL;
    } else if (strcmp(tag, "br") == 0 && h->in == NOTE) {
        buf_char(&h->text, '\n');
    }
}

static void heading_end(struct html_list *h)
{
    const char *said = buf_cstr(&h->text);
    h->archived =
        !h->netscape && (strcasecmp(said, "Read Archive") == 0 || strcasecmp(said, "Archive") == 0);
    bool plain =
        h->own_folder || h->archived ||
        (!h->netscape && (strcasecmp(said, "Unread") == 0 || strcasecmp(said, "Home") == 0));
    free(h->next);
    h->next = plain || !*said ? NULL : mem_strdup(said);
    h->in = NOTHING;
    buf_clear(&h->text);
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct html_list *h = ctx;
    const char *tag = (const char *)name;
    if (strcmp(tag, "a") == 0 && h->in == TITLE) {
        const char *title = brought_line(h->b, buf_cstr(&h->text), h->text.len);
        if (title)
            h->b->items[h->b->n - 1].body.row.title = title;
        h->in = NOTHING;
        buf_clear(&h->text);
    } else if (h->in == FOLDER && strcmp(tag, h->netscape ? "h3" : "h1") == 0) {
        heading_end(h);
    } else if (strcmp(tag, "dl") == 0) {
        finish(h);
        if (h->depth)
            free(h->folders[--h->depth]);
    }
}

static void on_text(void *ctx, const xmlChar *s, int len)
{
    struct html_list *h = ctx;
    if (h->in != NOTHING && len > 0 && h->text.len < 1 << 20)
        buf_add(&h->text, s, (size_t)len);
}

static bool begins(const char *bytes, size_t len, const char *word)
{
    size_t n = strlen(word), some = len < 1024 ? len : 1024;
    for (size_t i = 0; i + n <= some; i++)
        if (strncasecmp(bytes + i, word, n) == 0)
            return true;
    return false;
}

static const char *format(const char *bytes, size_t len)
{
    return begins(bytes, len, "NETSCAPE-Bookmark-file-1")    ? "a browser's bookmarks"
           : begins(bytes, len, "<title>Pocket Export")      ? "Pocket's list"
           : begins(bytes, len, "<title>Instapaper: Export") ? "Instapaper's list"
                                                             : NULL;
}

bool netscape_looks(const char *bytes, size_t len)
{
    return format(bytes, len) != NULL;
}

bool netscape_read(const char *bytes, size_t len, struct brought **out, struct err *e)
{
    htmlSAXHandler sax = {.startElement = on_start,
                          .endElement = on_end,
                          .characters = on_text,
                          .cdataBlock = on_text,
                          .ignorableWhitespace = on_text};
    struct html_list h = {.b = brought_new(format(bytes, len)),
                          .netscape = begins(bytes, len, "NETSCAPE-Bookmark-file-1")};
    struct buf clean = {0};
    (void)e;
    utf8_clean(&clean, bytes, len, UTF8_TEXT);
    h.parser = htmlCreatePushParserCtxt(&sax, &h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (h.parser) {
        htmlCtxtUseOptions(h.parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                         HTML_PARSE_RECOVER);
        for (size_t at = 0; at < clean.len; at += 1 << 16)
            htmlParseChunk(h.parser, clean.data + at,
                           (int)(clean.len - at < 1 << 16 ? clean.len - at : 1 << 16), 0);
        htmlParseChunk(h.parser, "", 0, 1);
        finish(&h);
        htmlFreeParserCtxt(h.parser);
    }
    while (h.depth)
        free(h.folders[--h.depth]);
    free(h.next);
    buf_free(&h.text);
    buf_free(&clean);
    *out = h.b;
    return true;
}
