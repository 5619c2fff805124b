// The document as CommonMark: plain marks where they say it all and cannot be misread, HTML in the
// text where they cannot (a figure's caption, a table whose cells span, emphasis inside a word).
// Reading it back gives the same document, so everything that would be taken for a mark is escaped.
#include "write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

struct md {
    struct buf *out;
    const struct doc *d;
    struct buf prefix, first; // of every line; of the next line instead, when it has bytes
    struct write_place *places;
    size_t nplaces, place;
    const struct doc_block *leaf;
    bool any, tight;
    bool plain_notes; // "[^1]" does for all notes
    bool in_code;
    uint8_t how[SPAN_KIND_COUNT * 8]; // open spans: as marks or as HTML
    size_t depth;
};
enum { AS_MARK, AS_HTML, AS_SKIP };

// ---- text ----

static bool alnum(const struct md *w, uint32_t off)
{
    unsigned char c = (unsigned char)w->d->text[off];
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

// Is this the start of a line of the leaf?
static bool line_start(const struct md *w, uint32_t off)
{
    return off == w->leaf->off || w->d->text[off - 1] == '\n';
}

static void character(struct md *w, uint32_t off, uint32_t end)
{
    const char *s = w->d->text + off;
    char c = *s;
    bool start = line_start(w, off);
    uint32_t k = off;
    while (start && k < end && w->d->text[k] >= '0' && w->d->text[k] <= '9')
        k++;
    switch (c) {
    case '\n':
        buf_str(w->out, "  \n");
        buf_add(w->out, buf_cstr(&w->prefix), w->prefix.len);
        return;
    case '\\':
    case '`':
    case '*':
    case '_':
    case '[':
    case ']':
    case '|':
    case '!':
        buf_char(w->out, '\\');
        break;
    case '<':
        buf_str(w->out, "&lt;");
        return;
    case '>':
        buf_str(w->out, "&gt;");
        return;
    case '&':
        buf_str(w->out, "&amp;");
        return;
    case '~':
    case '^':
    case '$':
    case '{':
    case '}':
        buf_printf(w->out, "&#%d;", c);
        return;
    case '#':
    case '+':
    case '-':
    case '=':
    case ':':
    case '%':
    case '(':
    case '.':
    case ')':
        // Marks at the start of a line only, and behind a number there.
        if (start) {
            buf_printf(w->out, "&#%d;", c);
            return;
        }
        if ((c == '.' || c == ')') && off > w->leaf->off) {
            uint32_t b = off;
            while (b > w->leaf->off && off - b < 10 && w->d->text[b - 1] >= '0' &&
                   w->d->text[b - 1] <= '9')
                b--;
            if (b < off && line_start(w, b)) {
                buf_printf(w->out, "&#%d;", c);
                return;
            }
        }
        if (c == '#' && off + 1 == w->leaf->off + w->leaf->len) {
            buf_str(w->out, "&#35;");
            return;
        }
        break;
    default:
        break;
    }
    buf_char(w->out, c);
}

static void anchors(struct md *w, uint32_t off)
{
    while (w->place < w->nplaces && w->places[w->place].off < off)
        w->place++;
    while (w->place < w->nplaces && w->places[w->place].off == off) {
        buf_str(w->out, "<a id=\"");
        const char *name = w->places[w->place++].name;
        write_escaped(w->out, name, strlen(name), true);
        buf_str(w->out, "\"></a>");
    }
}

static void md_text(void *ctx, uint32_t off, uint32_t len)
{
    struct md *w = ctx;
    for (uint32_t i = off; i < off + len; i++) {
        if (w->in_code) {
            buf_char(w->out, w->d->text[i]);
            continue;
        }
        if (w->place < w->nplaces)
            anchors(w, i);
        character(w, i, off + len);
    }
}

static const char *const tags[SPAN_KIND_COUNT] = {
    [SPAN_EM] = "em",    [SPAN_STRONG] = "strong", [SPAN_CODE] = "code", [SPAN_KBD] = "kbd",
    [SPAN_STRIKE] = "s", [SPAN_INSERT] = "ins",    [SPAN_MARK] = "mark", [SPAN_SMALL] = "small",
    [SPAN_SUB] = "sub",  [SPAN_SUP] = "sup",       [SPAN_CITE] = "cite", [SPAN_ABBR] = "abbr",
    [SPAN_LINK] = "a",   [SPAN_MATH] = "span",     [SPAN_LANG] = "span",
};

static bool is_edge(const struct md *w, uint32_t off)
{
    if (off < w->leaf->off || off >= w->leaf->off + w->leaf->len)
        return true;
    return strchr(" \n", w->d->text[off]) != NULL;
}

static bool closing_punctuation(const struct md *w, uint32_t off)
{
    return is_edge(w, off) || strchr(".,;:?", w->d->text[off]) != NULL;
}

// Marks for emphasis are sure between blanks, around letters, with no other mark at the same place.
static bool sure(const struct md *w, const struct doc_span *s)
{
    uint32_t end = s->off + s->len;
    if (!alnum(w, s->off) || !alnum(w, end - 1) ||
        (s->off > w->leaf->off && !is_edge(w, s->off - 1)) || !closing_punctuation(w, end))
        return false;
    // Neighbours in the array are the only ones that can share an edge and start in here.
    const struct doc_span *first = w->d->spans, *last = first + w->d->nspans;
    for (const struct doc_span *o = s + 1; o < last && o->off < end; o++)
        if (o->off == s->off || o->off + o->len == end)
            return false;
    for (const struct doc_span *o = s;
         o-- > first && o->off + 64 > s->off && o->off >= w->leaf->off;)
        if (o->off == s->off || (o->off + o->len == end && o->off < s->off))
            return false;
    return !memchr(w->d->text + s->off, '\n', s->len);
}

static bool plain_code(const struct md *w, const struct doc_span *s)
{
    const char *t = w->d->text + s->off;
    if (memchr(t, '`', s->len) || memchr(t, '\n', s->len) || memchr(t, '\\', s->len) ||
        memchr(t, '|', s->len))
        return false;
    const struct doc_span *next = s + 1;
    if (next < w->d->spans + w->d->nspans && next->off < s->off + s->len)
        return false;
    for (uint32_t i = 0; i < s->len; i++) // kept as they are in code, folded elsewhere
        if ((unsigned char)t[i] >= 0x80 && (unsigned char)t[i] == 0xC2 &&
            (unsigned char)t[i + 1] == 0xA0)
            return false;
    for (size_t i = 0; i < w->nplaces; i++)
        if (w->places[i].off > s->off && w->places[i].off < s->off + s->len)
            return false;
    return true;
}

static bool plain_url(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || strchr("()<>\\\"'*[]`", *s))
            return false;
    return true;
}

static void md_open(void *ctx, const struct doc_span *s)
{
    struct md *w = ctx;
    anchors(w, s->off);
    int how = AS_HTML;
    const struct doc_link *l = s->kind == SPAN_LINK ? &w->d->links[s->ref] : NULL;
    if (w->in_code)
        how = AS_SKIP;
    else if (s->kind == SPAN_EM || s->kind == SPAN_STRONG || s->kind == SPAN_STRIKE)
        how = sure(w, s) ? AS_MARK : AS_HTML;
    else if (s->kind == SPAN_CODE)
        how = plain_code(w, s) ? AS_MARK : AS_HTML;
    else if (l)
        how = plain_url(l->url) && !l->title && !memchr(w->d->text + s->off, '\n', s->len) &&
                      !memchr(w->d->text + s->off, 0x5C, s->len)
                  ? AS_MARK
                  : AS_HTML;
    if (w->depth < sizeof w->how)
        w->how[w->depth++] = (uint8_t)how;
    if (how == AS_SKIP)
        return;
    if (s->kind == SPAN_NOTE_MARK) {
        if (w->plain_notes) {
            buf_printf(w->out, "[^%u]", s->ref + 1);
            w->in_code = true; // its text says the same again: see md_close
            w->how[w->depth - 1] = AS_MARK;
        } else {
            write_html_mark(w->out, w->d, s);
        }
        return;
    }
    if (how == AS_MARK) {
        static const char *const marks[SPAN_KIND_COUNT] = {[SPAN_EM] = "*",
                                                           [SPAN_STRONG] = "**",
                                                           [SPAN_STRIKE] = "~~",
                                                           [SPAN_CODE] = "`",
                                                           [SPAN_LINK] = "["};
        buf_str(w->out, marks[s->kind]);
        w->in_code = s->kind == SPAN_CODE;
        return;
    }
    buf_printf(w->out, "<%s", tags[s->kind]);
    const char *value = l                      ? l->url
                        : s->kind == SPAN_LANG ? w->d->strings + s->ref
                        : s->kind == SPAN_MATH ? "math"
                                               : NULL;
    if (value) {
        buf_printf(w->out, " %s=\"", l ? "href" : s->kind == SPAN_LANG ? "lang" : "role");
        write_escaped(w->out, value, strlen(value), true);
        buf_char(w->out, '"');
    }
    if (l && l->title) {
        buf_str(w->out, " title=\"");
        write_escaped(w->out, l->title, strlen(l->title), true);
        buf_char(w->out, '"');
    }
    buf_char(w->out, '>');
}

static void md_close(void *ctx, const struct doc_span *s)
{
    struct md *w = ctx;
    int how = w->depth ? w->how[--w->depth] : AS_HTML;
    if (how == AS_SKIP)
        return;
    if (s->kind == SPAN_NOTE_MARK) {
        if (how == AS_MARK) {
            w->in_code = false;
            w->out->len -= s->len; // the label
            w->out->data[w->out->len] = '\0';
        } else {
            buf_str(w->out, "</a></sup>");
        }
        return;
    }
    if (how == AS_HTML) {
        buf_printf(w->out, "</%s>", tags[s->kind]);
        return;
    }
    w->in_code = false;
    switch (s->kind) {
    case SPAN_EM:
        buf_char(w->out, '*');
        break;
    case SPAN_STRONG:
        buf_str(w->out, "**");
        break;
    case SPAN_STRIKE:
        buf_str(w->out, "~~");
        break;
    case SPAN_CODE:
        buf_char(w->out, '`');
        break;
    default:
        buf_printf(w->out, "](%s)", w->d->links[s->ref].url);
    }
}

static const struct span_ops ops = {md_text, md_open, md_close};

// ---- blocks ----

// The blank line before a block, in what is open around it.
static void gap(struct md *w)
{
    if (w->any && !w->tight) {
        size_t n = w->prefix.len;
        while (n && w->prefix.data[n - 1] == ' ')
            n--;
        buf_add(w->out, buf_cstr(&w->prefix), n);
        buf_char(w->out, '\n');
    }
    w->tight = true;
}

static void start(struct md *w)
{
    gap(w);
    w->any = true;
    w->tight = false;
    const struct buf *p = w->first.len ? &w->first : &w->prefix;
    buf_add(w->out, buf_cstr(p), p->len);
    buf_clear(&w->first);
}

static void words(struct md *w, const struct doc_block *k)
{
    w->leaf = k;
    w->depth = 0;
    w->in_code = false;
    write_leaf(w->d, k, &ops, w);
}

static void as_html(struct md *w, uint32_t i)
{
    struct buf h = {0};
    write_html_block(&h, w->d, i, true);
    start(w);
    for (size_t k = 0; k < h.len; k++) {
        buf_char(w->out, h.data[k]);
        if (h.data[k] == '\n' && k + 1 < h.len)
            buf_add(w->out, buf_cstr(&w->prefix), w->prefix.len);
    }
    buf_free(&h);
}

static bool has_spans(const struct doc *d, const struct doc_block *k)
{
    for (uint32_t i = 0; i < d->nspans; i++) {
        if (d->spans[i].off >= k->off + k->len)
            return false;
        if (d->spans[i].off >= k->off)
            return true;
    }
    return false;
}

static bool plain_figure(const struct md *w, const struct doc_block *k)
{
    if (k->ref == DOC_NONE)
        return false;
    const struct doc_media *m = &w->d->media[k->ref];
    return m->kind == MEDIA_IMAGE && m->url && plain_url(m->url) && !m->width && !m->height &&
           !m->link && k->len && m->title && strlen(m->title) == k->len &&
           memcmp(m->title, w->d->text + k->off, k->len) == 0 && !has_spans(w->d, k) &&
           strcspn(m->title, "[]\\<>&*_`!\"|~^$") == k->len;
}

// Are we in items of lists only, or nowhere?
static bool in_items(const struct md *w)
{
    return strspn(buf_cstr(&w->prefix), " ") == w->prefix.len;
}

static bool plain_code_block(const struct md *w, const struct doc_block *k)
{
    const char *s = w->d->text + k->off;
    if (has_spans(w->d, k) || memmem(s, k->len, "```", 3) || memmem(s, k->len, "~~~", 3) ||
        !in_items(w) || w->nplaces)
        return false;
    for (uint32_t i = 0; i < k->len; i++)
        if (s[i] == '\t' || (s[i] == '\n' && i && s[i - 1] == ' '))
            return false; // discount has its own idea of these
    return true;
}

static bool plain_table(const struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    uint32_t end = d->blocks[i].end, columns = 0, aligns[64] = {0};
    // In a quotation it may stand, and in an item behind a blank line, but in no quotation there.
    bool quoted =
        strspn(buf_cstr(&w->prefix), "> ") == w->prefix.len && !strstr(buf_cstr(&w->prefix), "  ");
    if (!(quoted || in_items(w)) || w->first.len || d->blocks[i + 1].kind != BLOCK_ROW ||
        !(d->blocks[i + 1].flags & BLOCK_HEADER))
        return false;
    for (uint32_t r = i + 1; r < end; r = d->blocks[r].end) {
        uint32_t n = d->blocks[r].end - r - 1;
        if (r == i + 1)
            columns = n;
        else if (d->blocks[r].flags & BLOCK_HEADER)
            return false;
        if (n != columns || n < 2 || n > 64)
            return false;
        for (uint32_t c = 0; c < n; c++) {
            const struct doc_block *k = &d->blocks[r + 1 + c];
            bool head = r == i + 1;
            if (head)
                aligns[c] = k->align;
            if (k->colspan != 1 || k->rowspan != 1 || k->align != aligns[c] ||
                ((k->flags & BLOCK_HEADER) != 0) != head || (k->flags & BLOCK_RTL) ||
                memchr(d->text + k->off, '\n', k->len) || memchr(d->text + k->off, '|', k->len) ||
                !k->len)
                return false;
        }
    }
    return d->blocks[i + 1].end < end;
}

static void table(struct md *w, uint32_t i)
{
    static const char *const rules[] = {" --- |", " :--- |", " :---: |", " ---: |"};
    const struct doc *d = w->d;
    for (uint32_t r = i + 1; r < d->blocks[i].end; r = d->blocks[r].end) {
        start(w);
        buf_char(w->out, '|');
        for (uint32_t c = r + 1; c < d->blocks[r].end; c++) {
            buf_char(w->out, ' ');
            words(w, &d->blocks[c]);
            buf_str(w->out, " |");
        }
        buf_char(w->out, '\n');
        if (r == i + 1) {
            buf_add(w->out, buf_cstr(&w->prefix), w->prefix.len);
            buf_char(w->out, '|');
            for (uint32_t c = r + 1; c < d->blocks[r].end; c++)
                buf_str(w->out, rules[d->blocks[c].align & 3]);
            buf_char(w->out, '\n');
        }
        w->tight = true;
    }
    w->tight = false;
}

// A list that starts at another number can be written so where its first item has words.
static bool may_start(const struct doc *d, uint32_t i)
{
    const struct doc_block *k = &d->blocks[i];
    return k->number == 1 ||
           (k->number >= 0 && k->number <= 999999 && i + 2 < k->end && d->blocks[i + 2].len);
}

// What may stand in a quotation: paragraphs, headings and tables, and who said it.
static bool plain_quote(const struct md *w, uint32_t i, bool item)
{
    const struct doc *d = w->d;
    uint32_t n = 0;
    for (uint32_t c = i + 1; c < d->blocks[i].end; c = d->blocks[c].end, n++) {
        const struct doc_block *k = &d->blocks[c];
        if (k->kind == BLOCK_ATTRIBUTION) {
            if (n == 0 || c + 1 != d->blocks[i].end)
                return false;
        } else if (k->kind == BLOCK_TABLE) {
            if (item || (n && d->blocks[c - 1].parent != i) || !plain_table(w, c))
                return false; // behind another container they would be one
        } else if ((k->kind != BLOCK_PARAGRAPH && k->kind != BLOCK_HEADING) ||
                   (k->flags & BLOCK_RTL)) {
            return false;
        } else if (c + 1 == d->blocks[i].end && k->len >= 3 && n &&
                   (memcmp(d->text + k->off, "—", 3) == 0 ||
                    memcmp(d->text + k->off, "–", 3) == 0 ||
                    memcmp(d->text + k->off, "―", 3) == 0)) {
            return false; // would be taken for an attribution
        }
    }
    return true;
}

// Is there more than words and lists in an item of this list? Then blank lines part everything.
static bool spaced(const struct doc *d, uint32_t i)
{
    const struct doc_block *k = &d->blocks[i];
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end)
        for (uint32_t c = it + 1; c < d->blocks[it].end; c = d->blocks[c].end)
            if (d->blocks[c].kind != BLOCK_PARAGRAPH && d->blocks[c].kind != BLOCK_LIST)
                return true;
    return k->flags & BLOCK_LOOSE;
}

static bool plain_list(const struct md *w, uint32_t i);

// Text first; then paragraphs, code, quotations and tables, or one such list.
static bool plain_item(const struct md *w, uint32_t it, uint32_t *paragraphs)
{
    const struct doc *d = w->d;
    const struct doc_block *item = &d->blocks[it];
    uint32_t lists = 0, others = 0;
    enum block_kind before = BLOCK_ITEM;
    if (d->blocks[it + 1].kind != BLOCK_PARAGRAPH)
        return false;
    for (uint32_t c = it + 1; c < item->end; c = d->blocks[c].end) {
        const struct doc_block *k = &d->blocks[c];
        enum block_kind kind = (enum block_kind)k->kind;
        // A box someone typed is no box here.
        if (lists || (k->flags & BLOCK_RTL) || (k->len >= 3 && d->text[k->off] == '['))
            return false;
        if (kind == BLOCK_PARAGRAPH)
            ++*paragraphs;
        else if (kind == BLOCK_LIST && plain_list(w, c))
            lists++;
        else if (kind != before && ((kind == BLOCK_CODE && plain_code_block(w, k)) ||
                                    (kind == BLOCK_TABLE && plain_table(w, c)) ||
                                    (kind == BLOCK_QUOTE && plain_quote(w, c, true))))
            others++;
        else
            return false;
        before = kind;
    }
    return !lists || (*paragraphs == 1 && !others);
}

// Only such items; numbers in order from one.
static bool plain_list(const struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    const struct doc_block *k = &d->blocks[i];
    if ((k->flags & (BLOCK_DEFINITIONS | BLOCK_REVERSED | BLOCK_RTL)) || k->align ||
        ((k->flags & BLOCK_ORDERED) && !may_start(d, i)) || (spaced(d, i) && !in_items(w)))
        return false;
    int32_t number = k->number;
    bool loose = false;
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end, number++) {
        const struct doc_block *item = &d->blocks[it];
        uint32_t paragraphs = 0;
        if ((item->flags & (BLOCK_TASK | BLOCK_RTL)) ||
            ((k->flags & BLOCK_ORDERED) && item->number != number) ||
            (!(k->flags & BLOCK_ORDERED) && item->number) || !plain_item(w, it, &paragraphs))
            return false;
        loose = loose || paragraphs > 1;
    }
    return loose == ((k->flags & BLOCK_LOOSE) != 0);
}

static void put(struct md *w, uint32_t i);

static void children(struct md *w, uint32_t i)
{
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c = w->d->blocks[c].end)
        put(w, c);
}

static void cut_prefix(struct md *w, size_t len)
{
    w->prefix.len = len;
    if (w->prefix.data)
        w->prefix.data[len] = '\0';
}

static void list(struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    const struct doc_block *k = &d->blocks[i];
    bool loose = spaced(d, i),
         inner = k->parent != DOC_NONE && d->blocks[k->parent].kind == BLOCK_ITEM;
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end) {
        size_t before = w->prefix.len;
        char marker[24] = "-   ";
        if (k->flags & BLOCK_ORDERED)
            snprintf(marker, sizeof marker, "%d.%s", d->blocks[it].number,
                     d->blocks[it].number < 10 ? "  " : " ");
        if (!w->first.len)
            buf_add(&w->first, buf_cstr(&w->prefix), w->prefix.len);
        buf_str(&w->first, marker);
        buf_str(&w->prefix, "    ");
        w->tight = w->any && !loose && (it > i + 1 || inner);
        children(w, it);
        cut_prefix(w, before);
    }
}

static void leaf(struct md *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i];
    const char *s = w->d->text + k->off;
    bool html = k->flags & BLOCK_RTL;
    switch (k->kind) {
    case BLOCK_PARAGRAPH:
        break;
    case BLOCK_HEADING:
        html = html || memchr(s, '\n', k->len);
        break;
    case BLOCK_CODE:
        html = !plain_code_block(w, k);
        break;
    case BLOCK_FIGURE:
        html = !plain_figure(w, k);
        break;
    case BLOCK_RULE:
    case BLOCK_ATTRIBUTION:
        break;
    default:
        html = true;
    }
    if (html) {
        as_html(w, i);
        return;
    }
    start(w);
    switch (k->kind) {
    case BLOCK_HEADING:
        buf_printf(w->out, "%.*s ", k->level, "######");
        words(w, k);
        break;
    case BLOCK_CODE:
        buf_printf(w->out, "```%s\n", k->ref == DOC_NONE ? "" : w->d->strings + k->ref);
        for (uint32_t at = 0; at < k->len;) {
            const char *nl = memchr(s + at, '\n', k->len - at);
            uint32_t n = nl ? (uint32_t)(nl - s) - at + 1 : k->len - at;
            if (n > 1 || !nl)
                buf_add(w->out, buf_cstr(&w->prefix), w->prefix.len);
            buf_add(w->out, s + at, n);
            at += n;
        }
        buf_char(w->out, '\n');
        buf_add(w->out, buf_cstr(&w->prefix), w->prefix.len);
        buf_str(w->out, "```");
        break;
    case BLOCK_FIGURE:
        buf_printf(w->out, "![%s](%s)", w->d->media[k->ref].title, w->d->media[k->ref].url);
        break;
    case BLOCK_RULE:
        anchors(w, k->off);
        buf_str(w->out, "* * *");
        break;
    case BLOCK_ATTRIBUTION:
        buf_str(w->out, "— ");
        words(w, k);
        break;
    default:
        words(w, k);
    }
    buf_char(w->out, '\n');
}

static void put(struct md *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i];
    size_t before = w->prefix.len;
    if (doc_is_leaf(k->kind)) {
        leaf(w, i);
        return;
    }
    if (k->kind == BLOCK_QUOTE && plain_quote(w, i, w->prefix.len && in_items(w))) {
        gap(w);
        if (w->first.len)
            buf_str(&w->first, "> ");
        buf_str(&w->prefix, "> ");
        children(w, i);
        cut_prefix(w, before);
    } else if (k->kind == BLOCK_LIST && plain_list(w, i)) {
        list(w, i);
    } else if (k->kind == BLOCK_TABLE && plain_table(w, i)) {
        table(w, i);
    } else if (k->kind == BLOCK_NOTE && w->plain_notes) {
        char marker[24];
        snprintf(marker, sizeof marker, "[^%u]: ", k->ref + 1);
        buf_str(&w->first, marker);
        buf_str(&w->prefix, "    ");
        children(w, i);
        cut_prefix(w, before);
    } else {
        as_html(w, i);
    }
}

// "[^1]" renumbers notes in the order of their first marks.
static bool plain_notes(const struct doc *d)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < d->nspans; i++) {
        const struct doc_span *s = &d->spans[i];
        char label[16];
        if (s->kind != SPAN_NOTE_MARK)
            continue;
        int n = snprintf(label, sizeof label, "%u", s->ref + 1);
        if (s->ref > next || s->len != (uint32_t)n ||
            memcmp(d->text + s->off, label, s->len) != 0 ||
            strcmp(d->notes[s->ref].label, label) != 0 ||
            s->off >= d->blocks[d->notes[0].block].off)
            return false;
        const struct doc_block *k = &d->blocks[doc_leaf_at(d, s->off)];
        if (k->kind != BLOCK_PARAGRAPH || k->parent != DOC_NONE)
            return false; // may be written as HTML, where it would be text
        for (uint32_t o = i; o-- > 0 && d->spans[o].off >= k->off;)
            if (d->spans[o].off + d->spans[o].len > s->off)
                return false; // inside another span
        next += s->ref == next;
    }
    if (next != d->nnotes)
        return false;
    for (uint32_t i = 0; i < d->nblocks; i++)
        if (d->blocks[i].kind == BLOCK_NOTE)
            for (uint32_t c = i + 1; c < d->blocks[i].end; c++)
                if (d->blocks[c].kind != BLOCK_PARAGRAPH || (d->blocks[c].flags & BLOCK_RTL))
                    return false;
    return true;
}

static void quoted(struct buf *out, const char *value)
{
    buf_char(out, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_char(out, '\\');
        buf_char(out, *value);
    }
    buf_str(out, "\"\n");
}

static void field(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_printf(out, "%s: ", name);
    quoted(out, value);
}

static void item(struct buf *out, const char *value)
{
    buf_str(out, "  - ");
    quoted(out, value);
}

static void front(struct buf *out, const struct doc *d)
{
    if (!d->title && !d->subtitle && !d->author && !d->language && !d->date && !d->url && !d->tags)
        return;
    buf_str(out, "---\n");
    field(out, "title", d->title);
    field(out, "subtitle", d->subtitle);
    field(out, "author", d->author);
    field(out, "date", d->date);
    field(out, "language", d->language);
    field(out, "url", d->url);
    if (d->tags)
        buf_str(out, "tags:\n");
    for (const char **t = d->tags; t && *t; t++)
        item(out, *t);
    buf_str(out, "---\n\n");
}

void write_markdown(struct buf *out, const struct doc *d, bool front_matter)
{
    struct md w = {.out = out, .d = d, .plain_notes = plain_notes(d)};
    w.places = write_places(d, &w.nplaces);
    if (front_matter)
        front(out, d);
    bool notes = false;
    for (uint32_t i = 0, before = DOC_NONE; i < d->nblocks; before = i, i = d->blocks[i].end) {
        enum block_kind kind = d->blocks[i].kind;
        if (before != DOC_NONE && d->blocks[before].kind == kind &&
            (kind == BLOCK_LIST || kind == BLOCK_QUOTE || kind == BLOCK_TABLE)) {
            start(&w); // two of them, not one
            buf_str(out, "<!-- -->\n");
        }
        if (kind == BLOCK_NOTE && !w.plain_notes && !notes) {
            start(&w);
            buf_str(out, "<section role=\"doc-endnotes\">\n<ol>\n");
            w.tight = true;
            notes = true;
        }
        put(&w, i);
        w.tight = notes;
    }
    if (notes)
        buf_str(out, "</ol>\n</section>\n");
    buf_free(&w.prefix);
    buf_free(&w.first);
    free(w.places);
}
