// The document out again as a dump (for goldens) and as plain text; what all writers share.
#include "write.h"
#include "write_prefix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

uint32_t write_first_span(const struct doc *d, uint32_t off)
{
    uint32_t lo = 0, hi = d->nspans;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->spans[mid].off < off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void write_leaf(const struct doc *d, const struct doc_block *leaf, const struct span_ops *ops,
                void *ctx)
{
    const struct doc_span *open[SPAN_KIND_COUNT * 8];
    size_t nopen = 0;
    uint32_t at = leaf->off, end = leaf->off + leaf->len, s = write_first_span(d, leaf->off);
    while (at < end || nopen) {
        uint32_t stop = end;
        if (nopen && open[nopen - 1]->off + open[nopen - 1]->len < stop)
            stop = open[nopen - 1]->off + open[nopen - 1]->len;
        bool next = s < d->nspans && d->spans[s].off < end;
        if (next && d->spans[s].off < stop)
            stop = d->spans[s].off;
        if (stop > at) {
            ops->text(ctx, at, stop - at);
            at = stop;
        }
        if (nopen && open[nopen - 1]->off + open[nopen - 1]->len <= at) {
            ops->close(ctx, open[--nopen]);
        } else if (next && d->spans[s].off <= at) {
            if (nopen < sizeof open / sizeof *open) {
                open[nopen++] = &d->spans[s];
                ops->open(ctx, &d->spans[s]);
            }
            s++;
        } else if (at >= end && !nopen) {
            break;
        }
    }
}

static int by_place(const void *x, const void *y)
{
    const struct write_place *a = x, *b = y;
    if (a->off != b->off)
        return a->off < b->off ? -1 : 1;
    return strcmp(a->name, b->name);
}

struct write_place *write_places(const struct doc *d, size_t *n)
{
    struct write_place *p = mem_array(d->nlinks, sizeof *p);
    *n = 0;
    for (uint32_t i = 0; i < d->nlinks; i++)
        if (d->links[i].target != DOC_NONE)
            p[(*n)++] = (struct write_place){d->links[i].target, d->links[i].url + 1};
    qsort(p, *n, sizeof *p, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!kept || by_place(&p[kept - 1], &p[i]) != 0)
            p[kept++] = p[i];
    *n = kept;
    return p;
}

// ---- dump ----

struct dump {
    struct buf *out;
    const struct doc *d;
    int indent;
};

static void dump_indent(struct dump *w, int extra)
{
    buf_printf(w->out, "%*s", 2 * (w->indent + extra), "");
}

static void dump_text(void *ctx, uint32_t off, uint32_t len)
{
    struct dump *w = ctx;
    const char *s = w->d->text + off;
    for (uint32_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '\n') {
            buf_char(w->out, '\n');
            dump_indent(w, 1);
            buf_str(w->out, "| ");
        } else if (c == '\t') {
            buf_str(w->out, "\\t");
        } else if (c == '<' || c == '\\') {
            buf_printf(w->out, "\\%c", c);
        } else if (c == 0xC2 && i + 1 < len &&
                   ((unsigned char)s[i + 1] == 0xA0 || (unsigned char)s[i + 1] == 0xAD)) {
            buf_str(w->out, (unsigned char)s[++i] == 0xA0 ? "\\~" : "\\-");
        } else {
            buf_char(w->out, (char)c);
        }
    }
}

static void dump_open(void *ctx, const struct doc_span *s)
{
    struct dump *w = ctx;
    buf_printf(w->out, "<%s", doc_span_name(s->kind));
    if (s->kind == SPAN_LINK) {
        const struct doc_link *l = &w->d->links[s->ref];
        buf_printf(w->out, " %s", l->url);
        if (l->target != DOC_NONE)
            buf_printf(w->out, " at %u", l->target);
        if (l->title)
            buf_printf(w->out, " \"%s\"", l->title);
    } else if (s->kind == SPAN_NOTE_MARK) {
        buf_printf(w->out, " %u", s->ref);
    } else if (s->kind == SPAN_LANG) {
        buf_printf(w->out, " %s", w->d->strings + s->ref);
    }
    buf_char(w->out, '>');
}

static void dump_close(void *ctx, const struct doc_span *s)
{
    struct dump *w = ctx;
    buf_printf(w->out, "</%s>", doc_span_name(s->kind));
}

static void dump_facts(struct dump *w, const struct doc_block *k)
{
    static const char *const aligns[] = {"", " left", " centre", " right"};
    static const char *const styles[] = {"", " lower-alpha", " upper-alpha", " lower-roman",
                                         " upper-roman"};
    static const char *const kinds[] = {"image", "audio", "video", "embed", "post", "file"};
    struct buf *o = w->out;
    if (k->kind == BLOCK_HEADING)
        buf_printf(o, " %u", k->level);
    if (k->flags & BLOCK_ORDERED)
        buf_str(o, " ordered");
    if (k->flags & BLOCK_DEFINITIONS)
        buf_str(o, " definitions");
    if (k->flags & BLOCK_REVERSED)
        buf_str(o, " reversed");
    if (k->flags & BLOCK_LOOSE)
        buf_str(o, " loose");
    if (k->flags & BLOCK_TASK)
        buf_str(o, k->flags & BLOCK_CHECKED ? " done" : " to-do");
    if (k->flags & BLOCK_HEADER)
        buf_str(o, " head");
    if (k->flags & BLOCK_RTL)
        buf_str(o, " rtl");
    if (k->kind == BLOCK_CELL)
        buf_str(o, aligns[k->align & 3]);
    if (k->kind == BLOCK_LIST && k->align < 5)
        buf_str(o, styles[k->align]);
    if ((k->kind == BLOCK_ITEM || k->kind == BLOCK_LIST) && k->number)
        buf_printf(o, " %d", k->number);
    if (k->colspan > 1)
        buf_printf(o, " colspan %u", k->colspan);
    if (k->rowspan > 1)
        buf_printf(o, " rowspan %u", k->rowspan);
    if (k->kind == BLOCK_CODE && k->ref != DOC_NONE)
        buf_printf(o, " %s", w->d->strings + k->ref);
    if (k->kind == BLOCK_NOTE)
        buf_printf(o, " %u \"%s\"", k->ref, w->d->notes[k->ref].label);
    if ((k->kind == BLOCK_FIGURE || k->kind == BLOCK_CARD) && k->ref != DOC_NONE) {
        const struct doc_media *m = &w->d->media[k->ref];
        buf_printf(o, " %s", kinds[m->kind]);
        if (m->url)
            buf_printf(o, " %s", m->url);
        if (m->width || m->height)
            buf_printf(o, " %dx%d", m->width, m->height);
        if (m->seconds > 0)
            buf_printf(o, " %.0fs", m->seconds);
        if (m->link)
            buf_printf(o, " link %s", m->link);
        if (m->title)
            buf_printf(o, " \"%s\"", m->title);
    }
}

void write_dump(struct buf *out, const struct doc *d)
{
    static const struct span_ops ops = {dump_text, dump_open, dump_close};
    struct dump w = {out, d, 0};
    const struct {
        const char *name, *value;
    } metas[] = {{"title", d->title},       {"subtitle", d->subtitle}, {"author", d->author},
                 {"language", d->language}, {"date", d->date},         {"url", d->url}};
    for (size_t i = 0; i < sizeof metas / sizeof *metas; i++)
        if (metas[i].value)
            buf_printf(out, "%s: %s\n", metas[i].name, metas[i].value);
    for (const char **t = d->tags; t && *t; t++)
        buf_printf(out, "tag: %s\n", *t);
    if (d->preview)
        buf_str(out, "preview\n");
    for (uint32_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        w.indent = 0;
        for (uint32_t p = k->parent; p != DOC_NONE; p = d->blocks[p].parent)
            w.indent++;
        dump_indent(&w, 0);
        buf_str(out, doc_block_name(k->kind));
        dump_facts(&w, k);
        if (doc_is_leaf(k->kind))
            buf_printf(out, " [%u,%u)", k->off, k->off + k->len);
        buf_char(out, '\n');
        if (doc_is_leaf(k->kind) && k->len) {
            dump_indent(&w, 1);
            buf_str(out, "| ");
            write_leaf(d, k, &ops, &w);
            buf_char(out, '\n');
        }
    }
}

// ---- plain text ----

struct plain {
    struct prefixed at;
    struct buf *out;
    const struct doc *d;
    int sup;
};

static void plain_text(void *ctx, uint32_t off, uint32_t len)
{
    struct plain *w = ctx;
    static const char *const high[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    const char *s = w->d->text + off;
    for (uint32_t i = 0; i < len; i++) {
        if (s[i] == '\n') {
            buf_char(w->out, '\n');
            prefix_again(&w->at);
        } else if (w->sup && s[i] >= '0' && s[i] <= '9') {
            buf_str(w->out, high[s[i] - '0']);
        } else {
            buf_char(w->out, s[i]);
        }
    }
}

static void plain_open(void *ctx, const struct doc_span *s)
{
    struct plain *w = ctx;
    if (s->kind == SPAN_NOTE_MARK)
        buf_char(w->out, '[');
    w->sup += s->kind == SPAN_SUP;
}

static void plain_close(void *ctx, const struct doc_span *s)
{
    struct plain *w = ctx;
    if (s->kind == SPAN_NOTE_MARK)
        buf_char(w->out, ']');
    w->sup -= s->kind == SPAN_SUP;
}

static const struct span_ops plain_ops = {plain_text, plain_open, plain_close};

static void plain_number(const struct doc_block *list, int32_t n, char out[24])
{
    char digits[16] = "";
    size_t k = 0;
    if (list && (list->align == LIST_LOWER_ALPHA || list->align == LIST_UPPER_ALPHA) && n > 0) {
        for (; n > 0 && k < 8; n = (n - 1) / 26)
            digits[k++] = (char)((list->align == LIST_LOWER_ALPHA ? 'a' : 'A') + (n - 1) % 26);
        for (size_t i = 0; i < k; i++)
            out[i] = digits[k - 1 - i];
        memcpy(out + k, ". ", 3);
    } else if (list && (list->align == LIST_LOWER_ROMAN || list->align == LIST_UPPER_ROMAN) &&
               n > 0 && n < 40) {
        static const char *const tens[] = {"", "x", "xx", "xxx"}, *const ones[] = {
                                                                      "",     "i", "ii", "iii",
                                                                      "iv",   "v", "vi", "vii",
                                                                      "viii", "ix"};
        snprintf(out, 24, "%s%s. ", tens[n / 10], ones[n % 10]);
        for (char *p = out; list->align == LIST_UPPER_ROMAN && *p; p++)
            if (*p >= 'a' && *p <= 'z')
                *p &= ~32;
    } else {
        snprintf(out, 24, "%d. ", n);
    }
}

static void plain_block(struct plain *w, uint32_t i);

static void plain_children(struct plain *w, uint32_t i)
{
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c = w->d->blocks[c].end)
        plain_block(w, c);
}

static void plain_leaf(struct plain *w, const struct doc_block *k)
{
    size_t before = w->at.prefix.len;
    if (!k->len && k->kind != BLOCK_RULE)
        return; // a picture without words
    if (k->kind == BLOCK_CODE || k->kind == BLOCK_VERSE) {
        prefix_marker(&w->at, "    ");
        buf_str(&w->at.prefix, "    ");
    }
    prefix_start(&w->at);
    if (k->kind == BLOCK_RULE)
        buf_str(w->out, "* * *");
    else if (k->kind == BLOCK_FIGURE)
        buf_str(w->out, "[Picture: ");
    else if (k->kind == BLOCK_ATTRIBUTION)
        buf_str(w->out, "— ");
    else if (k->kind == BLOCK_CARD || k->kind == BLOCK_NOTICE)
        buf_char(w->out, '[');
    write_leaf(w->d, k, &plain_ops, w);
    if (k->kind == BLOCK_FIGURE || k->kind == BLOCK_CARD || k->kind == BLOCK_NOTICE)
        buf_char(w->out, ']');
    buf_char(w->out, '\n');
    prefix_cut(&w->at, before);
}

static void plain_row(struct plain *w, uint32_t i)
{
    prefix_start(&w->at);
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c++) {
        if (c > i + 1)
            buf_str(w->out, " | ");
        size_t from = w->out->len;
        write_leaf(w->d, &w->d->blocks[c], &plain_ops, w);
        for (size_t k = from; k < w->out->len; k++)
            if (w->out->data[k] == '\n')
                w->out->data[k] = ' ';
    }
    buf_char(w->out, '\n');
    w->at.tight = true;
}

static void plain_block(struct plain *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i];
    const struct doc_block *p = k->parent == DOC_NONE ? NULL : &w->d->blocks[k->parent];
    size_t before = w->at.prefix.len;
    if (doc_is_leaf(k->kind)) {
        plain_leaf(w, k);
        return;
    }
    char marker[64];
    switch (k->kind) {
    case BLOCK_QUOTE:
    case BLOCK_PULLQUOTE:
        prefix_bar(&w->at, "> ");
        break;
    case BLOCK_ITEM:
        if (p && (p->flags & BLOCK_ORDERED))
            plain_number(p, k->number, marker);
        else
            snprintf(marker, sizeof marker, "%s",
                     k->flags & BLOCK_CHECKED ? "[x] "
                     : k->flags & BLOCK_TASK  ? "[ ] "
                                              : "• ");
        prefix_marker(&w->at, marker);
        buf_printf(&w->at.prefix, "%*s",
                   utf8_valid(marker, strlen(marker)) && marker[0] == '\xe2' ? 2
                                                                             : (int)strlen(marker),
                   "");
        if (i > k->parent + 1)
            w->at.tight = w->at.any && p && !(p->flags & BLOCK_LOOSE);
        break;
    case BLOCK_DEFINITION:
        prefix_marker(&w->at, "    ");
        buf_str(&w->at.prefix, "    ");
        w->at.tight = w->at.any;
        break;
    case BLOCK_NOTE:
        prefix_marker(&w->at, "[");
        buf_printf(&w->at.first, "%s] ", w->d->notes[k->ref].label);
        break;
    case BLOCK_ROW:
        plain_row(w, i);
        return;
    case BLOCK_LIST:
        w->at.tight = w->at.any && p && p->kind == BLOCK_ITEM;
        break;
    default:
        break;
    }
    plain_children(w, i);
    w->at.tight = false;
    prefix_cut(&w->at, before);
    buf_clear(&w->at.first);
}

void write_text(struct buf *out, const struct doc *d)
{
    struct plain w = {.at = {.out = out}, .out = out, .d = d};
    for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end)
        plain_block(&w, i);
    prefix_free(&w.at);
}
