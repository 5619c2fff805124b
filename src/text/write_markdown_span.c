// Words and spans as Markdown: marks where they are sure to be read as such, HTML elsewhere
// (emphasis inside a word), and everything that would be taken for a mark escaped.
#include "write_markdown.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

enum { AS_MARK, AS_HTML, AS_SKIP };

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
        prefix_again(&w->at);
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

void md_anchors(struct md *w, uint32_t off)
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
            md_anchors(w, i);
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

bool md_plain_url(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || strchr("()<>\\\"'*[]`", *s))
            return false;
    return true;
}

static void md_open(void *ctx, const struct doc_span *s)
{
    struct md *w = ctx;
    md_anchors(w, s->off);
    int how = AS_HTML;
    const struct doc_link *l = s->kind == SPAN_LINK ? &w->d->links[s->ref] : NULL;
    if (w->in_code)
        how = AS_SKIP;
    else if (s->kind == SPAN_EM || s->kind == SPAN_STRONG || s->kind == SPAN_STRIKE)
        how = sure(w, s) ? AS_MARK : AS_HTML;
    else if (s->kind == SPAN_CODE)
        how = plain_code(w, s) ? AS_MARK : AS_HTML;
    else if (l)
        how = md_plain_url(l->url) && !l->title && !memchr(w->d->text + s->off, '\n', s->len) &&
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

void md_words(struct md *w, const struct doc_block *k)
{
    w->leaf = k;
    w->depth = 0;
    w->in_code = false;
    write_leaf(w->d, k, &ops, w);
}
