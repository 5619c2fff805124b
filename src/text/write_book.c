// The document as XHTML for an EPUB 3: what HTML leaves loose is strict here. Footnotes are asides
// that e-readers show as popups, pictures are their words, places that links lead to are numbered,
// and an address that is no proper one is no link. What does not differ from a page is written by
// write_html.c.
#include "write_html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"

// ---- addresses and languages ----

static bool host_fits(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)s[i]) && !strchr("-.", s[i]))
            return false;
    return len && !memmem(s, len, "..", 2) && s[0] != '-' && s[0] != '.' && s[len - 1] != '-' &&
           isalnum((unsigned char)s[len - 1]);
}

static bool port_fits(const char *s, size_t len)
{
    return len >= 2 && len <= 6 && strspn(s + 1, "0123456789") >= len - 1;
}

// RFC 3986: what is not allowed as it is gets a percent sign.
static void percent(struct buf *out, const char *s)
{
    for (bool fragment = false; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool fits = isalnum(c) || strchr("-._~:/?@!$&'()*+,;=", c);
        fits = fits || (c == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2]));
        fits = c < 0x80 && (fits || (c == '#' && !fragment));
        fragment = fragment || c == '#';
        buf_printf(out, fits ? "%c" : "%%%02X", c);
    }
}

bool write_book_address(struct buf *out, const char *url)
{
    size_t from = out->len,
           scheme = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    bool web = strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0;
    if (web) {
        const char *host = url + scheme + 3, *at;
        size_t len = strcspn(host, "/?#"), name;
        at = memrchr(host, '@', len);
        if (at) // whoever a password was for, it is not the reader of a book
            return false;
        name = strcspn(host, ":/?#");
        if (!host_fits(host, name) || (name < len && !port_fits(host + name, len - name)))
            return false;
    } else if (strncasecmp(url, "mailto:", 7) != 0 || !url[7]) {
        return false;
    }
    percent(out, url);
    return out->len > from;
}

// BCP 47 as far as it can be told without a registry: "en", "zh-Hant-TW".
bool write_book_language(const char *tag)
{
    size_t parts = 0, len = 0;
    for (const char *p = tag ? tag : "";; p++) {
        if (*p && *p != '-') {
            if (!isalnum((unsigned char)*p) || (!parts && !isalpha((unsigned char)*p)))
                return false;
            len++;
            continue;
        }
        // A lone letter announces an extension: rare, and its rules are many.
        if (len < 2 || len > 8 || (parts == 0 && len > 3))
            return false;
        if (parts == 1 && len == 3 &&
            isdigit((unsigned char)p[-1]) != isdigit((unsigned char)p[-3]))
            return false;
        parts++;
        len = 0;
        if (!*p)
            return parts <= 3;
    }
}

void book_language(struct buf *out, const char *tag)
{
    if (write_book_language(tag))
        buf_printf(out, " xml:lang=\"%s\" lang=\"%s\"", tag, tag);
}

// ---- spans ----

void book_anchor(struct html_writer *w, uint32_t off)
{
    if (w->anchored == off + 1) // several names for one place
        return;
    w->anchored = off + 1;
    buf_printf(w->out, "<span id=\"at-%u\"></span>", off);
}

// The sign behind a marked passage that a note of the reader's belongs to: a link itself, so it
// waits where it would stand in another.
void book_owed(struct html_writer *w)
{
    if (!w->owed || w->anchor)
        return;
    buf_printf(w->out,
               "<sup><a epub:type=\"noteref\" role=\"doc-noteref\" id=\"ownref-%zu\" "
               "href=\"#own-%zu\">✎</a></sup>",
               w->owed, w->owed);
    w->noted[w->owed - 1] = true;
    w->owed = 0;
}

void book_words(struct html_writer *w, uint32_t off, uint32_t len, put_words *words)
{
    const struct write_book *b = w->book;
    uint32_t end = off + len;
    book_owed(w);
    for (; w->range < b->nranges; w->range++) {
        const struct write_range *r = &b->ranges[w->range];
        uint32_t from = r->off > off ? r->off : off, to = r->off + r->len;
        if (from >= end)
            break;
        if (to > off) {
            uint32_t stop = to < end ? to : end;
            words(w, off, from - off);
            buf_str(w->out, "<mark>");
            words(w, from, stop - from);
            buf_str(w->out, "</mark>");
            off = stop;
        }
        if (to > end)
            return; // it goes on in the next piece
        if (r->note) {
            w->owed = w->range + 1;
            book_owed(w);
        }
    }
    words(w, off, end - off);
}

// An `a` never stands in another: the outer one leads, the inner one is words.
void book_mark(struct html_writer *w, const struct doc_span *s)
{
    bool leads = !w->anchor;
    if (leads)
        w->anchor = s;
    buf_str(w->out, leads ? "<sup><a epub:type=\"noteref\" role=\"doc-noteref\"" : "<sup><span");
    if (w->d->notes[s->ref].mark_off == s->off)
        buf_printf(w->out, " id=\"noteref-%u\"", s->ref + 1);
    if (leads)
        buf_printf(w->out, " href=\"#note-%u\"", s->ref + 1);
    buf_char(w->out, '>');
}

void book_link(struct html_writer *w, const struct doc_span *s)
{
    const struct doc_link *l = &w->d->links[s->ref];
    struct buf url = {0};
    bool leads = !w->anchor && (l->target != DOC_NONE || write_book_address(&url, l->url));
    if (leads)
        w->anchor = s;
    buf_str(w->out, leads ? "<a" : "<span");
    if (leads && l->target != DOC_NONE)
        buf_printf(w->out, " href=\"#at-%u\"", l->target);
    else if (leads)
        put_attr(w, "href", url.data);
    put_attr(w, "title", l->title);
    buf_char(w->out, '>');
    buf_free(&url);
}

const char *book_end(struct html_writer *w, const struct doc_span *s)
{
    if (w->anchor != s)
        return "span";
    w->anchor = NULL;
    return "a";
}

// ---- blocks ----

static void linked(struct html_writer *w, const char *address, const char *words)
{
    struct buf url = {0};
    bool link = address && write_book_address(&url, address);
    if (link) {
        buf_str(w->out, "<a");
        put_attr(w, "href", url.data);
        buf_char(w->out, '>');
    }
    buf_markup(w->out, words);
    if (link)
        buf_str(w->out, "</a>");
    buf_free(&url);
}

// A picture is left out: its words stand there, and lead to it.
void book_figure(struct html_writer *w, const struct doc_block *k)
{
    const struct doc_media *m = k->ref == DOC_NONE ? NULL : &w->d->media[k->ref];
    buf_str(w->out, "<figure>");
    if (m) {
        buf_str(w->out, "<p class=\"picture\">");
        linked(w, m->url, m->title && *m->title ? m->title : "Picture");
        buf_str(w->out, "</p>");
    }
    if (k->len) {
        buf_str(w->out, "<figcaption>");
        put_leaf_text(w, k);
        buf_str(w->out, "</figcaption>");
    } else {
        put_leaf_text(w, k);
    }
    buf_str(w->out, "</figure>");
}

void book_card(struct html_writer *w, const struct doc_block *k)
{
    const struct doc_media *m = k->ref == DOC_NONE ? NULL : &w->d->media[k->ref];
    bool bare = !k->len;
    buf_str(w->out, "<p class=\"card\">");
    put_leaf_text(w, k);
    if (m && (bare || m->url)) {
        if (!bare)
            buf_char(w->out, ' ');
        linked(w, m->url, bare && m->title && *m->title ? m->title : bare ? "Embedded" : "↗");
    }
    buf_str(w->out, "</p>");
}

// Terms and what they mean in turn: each has the other.
void book_definitions(struct html_writer *w, uint32_t i)
{
    const struct doc *d = w->d;
    enum block_kind before = BLOCK_DEFINITION;
    for (uint32_t c = i + 1; c < d->blocks[i].end; c = d->blocks[c].end) {
        enum block_kind kind = d->blocks[c].kind;
        if (c == i + 1 && kind != BLOCK_TERM)
            buf_str(w->out, "<dt></dt>");
        put_block(w, c);
        before = kind;
    }
    if (before == BLOCK_TERM)
        buf_str(w->out, "<dd></dd>\n");
}

void book_note(struct html_writer *w, uint32_t i)
{
    const struct doc *d = w->d;
    const struct doc_block *k = &d->blocks[i];
    const struct doc_note *n = &d->notes[k->ref];
    buf_printf(w->out, "<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"note-%u\">\n",
               k->ref + 1);
    buf_str(w->out, "<p class=\"label\">");
    if (n->mark_off != DOC_NONE)
        buf_printf(w->out, "<a href=\"#noteref-%u\">", k->ref + 1);
    buf_markup(w->out, *n->label ? n->label : "*");
    buf_str(w->out, n->mark_off != DOC_NONE ? "</a></p>\n" : "</p>\n");
    for (uint32_t c = i + 1; c < k->end; c = d->blocks[c].end)
        put_block(w, c);
    buf_str(w->out, "</aside>\n");
}

// What the reader wrote beside a marked passage, line by line.
static void own_notes(struct html_writer *w)
{
    for (size_t i = 0; i < w->book->nranges; i++) {
        const struct write_range *r = &w->book->ranges[i];
        if (!w->noted[i])
            continue;
        buf_printf(w->out,
                   "<aside epub:type=\"footnote\" class=\"own\" id=\"own-%zu\">\n<p>"
                   "<a href=\"#ownref-%zu\">✎</a> ",
                   i + 1, i + 1);
        for (const char *p = r->note; *p;) {
            size_t n = strcspn(p, "\n");
            write_escaped(w->out, p, n, false);
            p += n;
            if (*p++)
                buf_str(w->out, "<br/>\n");
            else
                break;
        }
        buf_str(w->out, "</p>\n</aside>\n");
    }
}

void write_book(struct buf *out, const struct doc *d, const struct write_book *o)
{
    struct html_writer w = {.out = out, .d = d, .book = o};
    w.places = write_places(d, &w.nplaces);
    w.noted = mem_array(o->nranges, sizeof *w.noted);
    for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end)
        put_block(&w, i);
    own_notes(&w);
    free(w.noted);
    free(w.places);
}
