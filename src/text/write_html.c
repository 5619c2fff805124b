// The document as clean HTML: what the essay says and nothing of how it looked. No classes, no
// scripts, no styles. What HTML has no element for is said in data attributes that Lectern's own
// reader knows.
#include "write_html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void escaped(struct buf *out, const char *s, size_t len, bool attribute, bool dense)
{
    for (size_t i = 0; i < len; i++) {
        if (dense &&
            strchr("\\`[]*_~\t", s[i])) { // inside Markdown nobody is to take it for a mark
            buf_printf(out, "&#%d;", s[i]);
            continue;
        }
        switch (s[i]) {
        case '&':
            buf_str(out, "&amp;");
            break;
        case '<':
            buf_str(out, "&lt;");
            break;
        case '>':
            buf_str(out, "&gt;");
            break;
        case '"':
            buf_str(out, attribute ? "&quot;" : "\"");
            break;
        default:
            buf_char(out, s[i]);
        }
    }
}

void write_escaped(struct buf *out, const char *s, size_t len, bool attribute)
{
    escaped(out, s, len, attribute, false);
}

void put_attr(struct html_writer *w, const char *name, const char *value)
{
    if (!value)
        return;
    buf_printf(w->out, " %s=\"", name);
    escaped(w->out, value, strlen(value), true, w->dense);
    buf_char(w->out, '"');
}

static const char *const span_tags[SPAN_KIND_COUNT] = {
    [SPAN_EM] = "em",     [SPAN_STRONG] = "strong", [SPAN_CODE] = "code", [SPAN_KBD] = "kbd",
    [SPAN_STRIKE] = "s",  [SPAN_INSERT] = "ins",    [SPAN_MARK] = "mark", [SPAN_SMALL] = "small",
    [SPAN_SUB] = "sub",   [SPAN_SUP] = "sup",       [SPAN_CITE] = "cite", [SPAN_MATH] = "span",
    [SPAN_ABBR] = "abbr", [SPAN_LINK] = "a",        [SPAN_LANG] = "span", [SPAN_NOTE_MARK] = "a",
};

static void anchors(struct html_writer *w, uint32_t off)
{
    while (w->place < w->nplaces && w->places[w->place].off < off)
        w->place++;
    while (w->place < w->nplaces && w->places[w->place].off == off) {
        if (w->book) {
            book_anchor(w, w->places[w->place++].off);
            continue;
        }
        buf_str(w->out, "<a");
        put_attr(w, "id", w->places[w->place++].name);
        buf_str(w->out, "></a>");
    }
}

static void words(struct html_writer *w, uint32_t off, uint32_t len)
{
    const char *s = w->d->text + off;
    for (uint32_t i = 0; i < len;) {
        uint32_t n = 0;
        while (i + n < len && s[i + n] != '\n')
            n++;
        escaped(w->out, s + i, n, false, w->dense);
        i += n;
        if (i < len) {
            buf_str(w->out, w->pre     ? (w->dense ? "&#10;" : "\n")
                            : w->book  ? "<br/>\n"
                            : w->dense ? "<br>"
                                       : "<br>\n");
            i++;
        }
    }
}

static void raw_text(struct html_writer *w, uint32_t off, uint32_t len)
{
    if (w->book)
        book_words(w, off, len, words);
    else
        words(w, off, len);
}

static void html_text(void *ctx, uint32_t off, uint32_t len)
{
    struct html_writer *w = ctx;
    while (w->place < w->nplaces && w->places[w->place].off < off)
        w->place++;
    while (w->place < w->nplaces && w->places[w->place].off < off + len) {
        uint32_t at = w->places[w->place].off;
        raw_text(w, off, at - off);
        len -= at - off;
        off = at;
        anchors(w, at);
    }
    raw_text(w, off, len);
}

void write_html_mark(struct buf *out, const struct doc *d, const struct doc_span *s)
{
    buf_str(out, "<sup><a role=\"doc-noteref\"");
    if (d->notes[s->ref].mark_off == s->off)
        buf_printf(out, " id=\"noteref-%u\"", s->ref + 1);
    buf_printf(out, " href=\"#note-%u\">", s->ref + 1);
}

static void html_open(void *ctx, const struct doc_span *s)
{
    struct html_writer *w = ctx;
    anchors(w, s->off);
    if (s->kind == SPAN_NOTE_MARK) {
        if (w->book)
            book_mark(w, s);
        else
            write_html_mark(w->out, w->d, s);
        return;
    }
    if (s->kind == SPAN_LINK && w->book) {
        book_link(w, s);
        return;
    }
    buf_printf(w->out, "<%s", span_tags[s->kind]);
    if (s->kind == SPAN_LINK) {
        put_attr(w, "href", w->d->links[s->ref].url);
        put_attr(w, "title", w->d->links[s->ref].title);
    } else if (s->kind == SPAN_LANG) {
        if (w->book)
            book_language(w->out, w->d->strings + s->ref);
        else
            put_attr(w, "lang", w->d->strings + s->ref);
    } else if (s->kind == SPAN_MATH) {
        put_attr(w, "role", "math");
    }
    buf_char(w->out, '>');
}

static void html_close(void *ctx, const struct doc_span *s)
{
    struct html_writer *w = ctx;
    bool anchor = w->book && (s->kind == SPAN_LINK || s->kind == SPAN_NOTE_MARK);
    buf_printf(w->out, "</%s>", anchor ? book_end(w, s) : span_tags[s->kind]);
    if (s->kind == SPAN_NOTE_MARK)
        buf_str(w->out, "</sup>");
}

static const struct span_ops html_ops = {html_text, html_open, html_close};

void put_leaf_text(struct html_writer *w, const struct doc_block *k)
{
    w->pre = k->kind == BLOCK_CODE || k->kind == BLOCK_VERSE;
    write_leaf(w->d, k, &html_ops, w);
    if (w->book)
        book_owed(w);
    w->pre = false;
}

void write_html_leaf(struct buf *out, const struct doc *d, const struct doc_block *leaf, bool dense)
{
    struct html_writer w = {.out = out, .d = d, .dense = dense};
    w.places = write_places(d, &w.nplaces);
    put_leaf_text(&w, leaf);
    free(w.places);
}

static void line(struct html_writer *w)
{
    buf_char(w->out, '\n');
}

// Said where it changes.
static void dir(struct html_writer *w, const struct doc_block *k)
{
    bool rtl = k->flags & BLOCK_RTL;
    bool around = k->parent != DOC_NONE && (w->d->blocks[k->parent].flags & BLOCK_RTL);
    if (rtl != around)
        put_attr(w, "dir", rtl ? "rtl" : "ltr");
}

// "<tag" of a container and its direction.
static void open_tag(struct html_writer *w, const struct doc_block *k, const char *tag)
{
    buf_printf(w->out, "<%s", tag);
    dir(w, k);
}

static void media_attrs(struct html_writer *w, const struct doc_media *m)
{
    char number[32];
    put_attr(w, "src", m->url);
    put_attr(w, "alt", m->title ? m->title : "");
    if (m->width) {
        snprintf(number, sizeof number, "%d", m->width);
        put_attr(w, "width", number);
    }
    if (m->height) {
        snprintf(number, sizeof number, "%d", m->height);
        put_attr(w, "height", number);
    }
}

static void figure(struct html_writer *w, const struct doc_block *k)
{
    const struct doc_media *m = k->ref == DOC_NONE ? NULL : &w->d->media[k->ref];
    buf_str(w->out, "<figure>");
    anchors(w, k->off);
    if (m) {
        if (m->link) {
            buf_str(w->out, "<a");
            put_attr(w, "href", m->link);
            buf_char(w->out, '>');
        }
        buf_str(w->out, "<img");
        media_attrs(w, m);
        buf_char(w->out, '>');
        if (m->link)
            buf_str(w->out, "</a>");
    }
    if (k->len) {
        buf_str(w->out, "<figcaption>");
        put_leaf_text(w, k);
        buf_str(w->out, "</figcaption>");
    }
    buf_str(w->out, "</figure>");
}

static void card(struct html_writer *w, const struct doc_block *k)
{
    static const char *const kinds[] = {"image", "audio", "video", "embed", "post", "file"};
    const struct doc_media *m = k->ref == DOC_NONE ? NULL : &w->d->media[k->ref];
    char seconds[32];
    buf_str(w->out, "<p");
    put_attr(w, "data-card", m ? kinds[m->kind] : "");
    if (m) {
        put_attr(w, "data-url", m->url);
        put_attr(w, "data-title", m->title);
        snprintf(seconds, sizeof seconds, "%.3f", m->seconds);
        if (m->seconds > 0)
            put_attr(w, "data-seconds", seconds);
    }
    buf_char(w->out, '>');
    put_leaf_text(w, k);
    buf_str(w->out, "</p>");
}

// What is no element of HTML: a data attribute, and in a book a class.
static void sort(struct html_writer *w, const char *name)
{
    buf_printf(w->out, w->book ? " class=\"%s\">" : " data-%s>", name);
}

static void leaf(struct html_writer *w, const struct doc_block *k)
{
    struct buf *o = w->out;
    switch (k->kind) {
    case BLOCK_HEADING: {
        unsigned level = k->level + (w->book ? w->book->deeper : 0);
        level = level > 6 ? 6 : level;
        buf_printf(o, "<h%u", level);
        if (w->book)
            buf_printf(o, " id=\"h-%u\"", k->off);
        dir(w, k);
        buf_char(o, '>');
        put_leaf_text(w, k);
        buf_printf(o, "</h%u>", level);
        break;
    }
    case BLOCK_CODE:
        open_tag(w, k, "pre");
        buf_str(o, "><code");
        if (k->ref != DOC_NONE)
            put_attr(w, "data-lang", w->d->strings + k->ref);
        buf_char(o, '>');
        put_leaf_text(w, k);
        buf_str(o, "</code></pre>");
        break;
    case BLOCK_VERSE:
        open_tag(w, k, "pre");
        sort(w, "verse");
        put_leaf_text(w, k);
        buf_str(o, "</pre>");
        break;
    case BLOCK_FIGURE:
        if (w->book)
            book_figure(w, k);
        else
            figure(w, k);
        break;
    case BLOCK_RULE:
        buf_str(o, w->book ? "<hr/>" : "<hr>");
        break;
    case BLOCK_CARD:
        if (w->book)
            book_card(w, k);
        else
            card(w, k);
        break;
    case BLOCK_NOTICE:
        open_tag(w, k, "p");
        sort(w, "notice");
        put_leaf_text(w, k);
        buf_str(o, "</p>");
        break;
    case BLOCK_TERM:
        open_tag(w, k, "dt");
        buf_char(o, '>');
        put_leaf_text(w, k);
        buf_str(o, "</dt>");
        break;
    case BLOCK_ATTRIBUTION:
        open_tag(w, k, "footer");
        buf_str(o, ">— ");
        put_leaf_text(w, k);
        buf_str(o, "</footer>");
        break;
    case BLOCK_CELL: {
        static const char *const aligns[] = {NULL, "left", "center", "right"};
        const char *tag = k->flags & BLOCK_HEADER ? "th" : "td";
        buf_printf(o, "<%s", tag);
        if (k->colspan > 1)
            buf_printf(o, " colspan=\"%u\"", k->colspan);
        if (k->rowspan > 1)
            buf_printf(o, " rowspan=\"%u\"", k->rowspan);
        put_attr(w, w->book ? "class" : "align", aligns[k->align & 3]);
        dir(w, k);
        buf_char(o, '>');
        put_leaf_text(w, k);
        buf_printf(o, "</%s>", tag);
        return;
    }
    default:
        buf_str(o, "<p");
        dir(w, k);
        buf_char(o, '>');
        put_leaf_text(w, k);
        buf_str(o, "</p>");
    }
    line(w);
}

static void children(struct html_writer *w, uint32_t i)
{
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c = w->d->blocks[c].end)
        put_block(w, c);
}

static void list(struct html_writer *w, uint32_t i)
{
    static const char *const types[] = {NULL, "a", "A", "i", "I"};
    const struct doc_block *k = &w->d->blocks[i];
    const char *tag = k->flags & BLOCK_DEFINITIONS ? "dl" : k->flags & BLOCK_ORDERED ? "ol" : "ul";
    open_tag(w, k, tag);
    if (k->flags & BLOCK_ORDERED) {
        if (k->number != 1)
            buf_printf(w->out, " start=\"%d\"", k->number);
        put_attr(w, "type", k->align < 5 ? types[k->align] : NULL);
        if (k->flags & BLOCK_REVERSED)
            buf_str(w->out, w->book ? " reversed=\"reversed\"" : " reversed");
    }
    if ((k->flags & BLOCK_LOOSE) && !w->book)
        buf_str(w->out, " data-loose");
    buf_str(w->out, ">\n");
    if (w->book && (k->flags & BLOCK_DEFINITIONS))
        book_definitions(w, i);
    else
        children(w, i);
    buf_printf(w->out, "</%s>\n", tag);
}

static void item(struct html_writer *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i], *p = &w->d->blocks[k->parent];
    open_tag(w, k, "li");
    if ((p->flags & BLOCK_ORDERED))
        buf_printf(w->out, " value=\"%d\"", k->number);
    buf_char(w->out, '>');
    if ((k->flags & BLOCK_TASK) && w->book)
        buf_str(w->out, k->flags & BLOCK_CHECKED ? "☑ " : "☐ ");
    else if (k->flags & BLOCK_TASK)
        buf_printf(w->out, "<input type=\"checkbox\" disabled%s>",
                   k->flags & BLOCK_CHECKED ? " checked" : "");
    children(w, i);
    buf_str(w->out, "</li>\n");
}

static void table(struct html_writer *w, uint32_t i)
{
    open_tag(w, &w->d->blocks[i], "table");
    buf_str(w->out, ">\n");
    bool head = true, in_head = false; // a book's heads stand in one, and at the top
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c = w->d->blocks[c].end) {
        const struct doc_block *k = &w->d->blocks[c];
        if (k->kind != BLOCK_ROW) {
            buf_str(w->out, "<caption>");
            put_leaf_text(w, k);
            buf_str(w->out, "</caption>\n");
            continue;
        }
        head = head && (k->flags & BLOCK_HEADER);
        if (w->book && in_head != head)
            buf_str(w->out, head ? "<thead>\n" : "</thead>\n");
        in_head = head;
        if ((k->flags & BLOCK_HEADER) && !w->book)
            buf_str(w->out, "<thead>");
        open_tag(w, k, "tr");
        buf_char(w->out, '>');
        children(w, c);
        buf_str(w->out, (k->flags & BLOCK_HEADER) && !w->book ? "</tr></thead>\n" : "</tr>\n");
    }
    buf_str(w->out, w->book && in_head ? "</thead>\n</table>\n" : "</table>\n");
}

void put_block(struct html_writer *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i];
    if (doc_is_leaf(k->kind)) {
        leaf(w, k);
        return;
    }
    switch (k->kind) {
    case BLOCK_QUOTE:
        open_tag(w, k, "blockquote");
        buf_str(w->out, ">\n");
        children(w, i);
        buf_str(w->out, "</blockquote>\n");
        break;
    case BLOCK_PULLQUOTE:
        open_tag(w, k, "blockquote");
        sort(w, "pullquote");
        buf_char(w->out, '\n');
        children(w, i);
        buf_str(w->out, "</blockquote>\n");
        break;
    case BLOCK_LIST:
        list(w, i);
        break;
    case BLOCK_ITEM:
        item(w, i);
        break;
    case BLOCK_DEFINITION:
        open_tag(w, k, "dd");
        buf_char(w->out, '>');
        children(w, i);
        buf_str(w->out, "</dd>\n");
        break;
    case BLOCK_NOTE:
        if (w->book) {
            book_note(w, i);
            break;
        }
        buf_printf(w->out, "<li id=\"note-%u\" role=\"doc-endnote\">\n", k->ref + 1);
        children(w, i);
        if (w->d->notes[k->ref].mark_off != DOC_NONE)
            buf_printf(w->out, "<a role=\"doc-backlink\" href=\"#noteref-%u\">↩</a>\n", k->ref + 1);
        buf_str(w->out, "</li>\n");
        break;
    case BLOCK_TABLE:
        table(w, i);
        break;
    case BLOCK_ASIDE:
        open_tag(w, k, "aside");
        buf_str(w->out, ">\n");
        children(w, i);
        buf_str(w->out, "</aside>\n");
        break;
    default:
        children(w, i);
    }
}

void write_html_block(struct buf *out, const struct doc *d, uint32_t i, bool dense)
{
    struct html_writer w = {.out = out, .d = d, .dense = dense};
    w.places = write_places(d, &w.nplaces);
    put_block(&w, i);
    free(w.places);
}

void write_html(struct buf *out, const struct doc *d)
{
    struct html_writer w = {.out = out, .d = d};
    bool notes = false;
    w.places = write_places(d, &w.nplaces);
    for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end) {
        if (d->blocks[i].kind == BLOCK_NOTE && !notes) {
            buf_str(out, "<section role=\"doc-endnotes\">\n<ol>\n");
            notes = true;
        }
        put_block(&w, i);
    }
    if (notes)
        buf_str(out, "</ol>\n</section>\n");
    free(w.places);
}
