// The document as CommonMark: plain marks where they say it all and cannot be misread, HTML in the
// text where they cannot (a figure's caption, a table whose cells span, emphasis inside a word).
// Reading it back gives the same document, so everything that would be taken for a mark is escaped.
#include "write_markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

static void as_html(struct md *w, uint32_t i)
{
    struct buf h = {0};
    write_html_block(&h, w->d, i, true);
    prefix_start(&w->at);
    for (size_t k = 0; k < h.len; k++) {
        buf_char(w->out, h.data[k]);
        if (h.data[k] == '\n' && k + 1 < h.len)
            prefix_again(&w->at);
    }
    buf_free(&h);
}

static void table(struct md *w, uint32_t i)
{
    static const char *const rules[] = {" --- |", " :--- |", " :---: |", " ---: |"};
    const struct doc *d = w->d;
    for (uint32_t r = i + 1; r < d->blocks[i].end; r = d->blocks[r].end) {
        prefix_start(&w->at);
        buf_char(w->out, '|');
        for (uint32_t c = r + 1; c < d->blocks[r].end; c++) {
            buf_char(w->out, ' ');
            md_words(w, &d->blocks[c]);
            buf_str(w->out, " |");
        }
        buf_char(w->out, '\n');
        if (r == i + 1) {
            prefix_again(&w->at);
            buf_char(w->out, '|');
            for (uint32_t c = r + 1; c < d->blocks[r].end; c++)
                buf_str(w->out, rules[d->blocks[c].align & 3]);
            buf_char(w->out, '\n');
        }
        w->at.tight = true;
    }
    w->at.tight = false;
}

static void put(struct md *w, uint32_t i);

static void children(struct md *w, uint32_t i)
{
    for (uint32_t c = i + 1; c < w->d->blocks[i].end; c = w->d->blocks[c].end)
        put(w, c);
}

static void list(struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    const struct doc_block *k = &d->blocks[i];
    bool loose = md_spaced(d, i),
         inner = k->parent != DOC_NONE && d->blocks[k->parent].kind == BLOCK_ITEM;
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end) {
        size_t before = w->at.prefix.len;
        char marker[24] = "-   ";
        if (k->flags & BLOCK_ORDERED)
            snprintf(marker, sizeof marker, "%d.%s", d->blocks[it].number,
                     d->blocks[it].number < 10 ? "  " : " ");
        prefix_marker(&w->at, marker);
        buf_str(&w->at.prefix, "    ");
        w->at.tight = w->at.any && !loose && (it > i + 1 || inner);
        children(w, it);
        prefix_cut(&w->at, before);
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
        html = !md_plain_code(w, k);
        break;
    case BLOCK_FIGURE:
        html = !md_plain_figure(w, k);
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
    prefix_start(&w->at);
    switch (k->kind) {
    case BLOCK_HEADING:
        buf_printf(w->out, "%.*s ", k->level, "######");
        md_words(w, k);
        break;
    case BLOCK_CODE:
        buf_printf(w->out, "```%s\n", k->ref == DOC_NONE ? "" : w->d->strings + k->ref);
        for (uint32_t at = 0; at < k->len;) {
            const char *nl = memchr(s + at, '\n', k->len - at);
            uint32_t n = nl ? (uint32_t)(nl - s) - at + 1 : k->len - at;
            if (n > 1 || !nl)
                prefix_again(&w->at);
            buf_add(w->out, s + at, n);
            at += n;
        }
        buf_char(w->out, '\n');
        prefix_again(&w->at);
        buf_str(w->out, "```");
        break;
    case BLOCK_FIGURE:
        buf_printf(w->out, "![%s](%s)", w->d->media[k->ref].title, w->d->media[k->ref].url);
        break;
    case BLOCK_RULE:
        md_anchors(w, k->off);
        buf_str(w->out, "* * *");
        break;
    case BLOCK_ATTRIBUTION:
        buf_str(w->out, "— ");
        md_words(w, k);
        break;
    default:
        md_words(w, k);
    }
    buf_char(w->out, '\n');
}

static void put(struct md *w, uint32_t i)
{
    const struct doc_block *k = &w->d->blocks[i];
    size_t before = w->at.prefix.len;
    if (doc_is_leaf(k->kind)) {
        leaf(w, i);
        return;
    }
    if (k->kind == BLOCK_QUOTE && md_plain_quote(w, i, w->at.prefix.len && md_in_items(w))) {
        prefix_bar(&w->at, "> ");
        children(w, i);
        prefix_cut(&w->at, before);
    } else if (k->kind == BLOCK_LIST && md_plain_list(w, i)) {
        list(w, i);
    } else if (k->kind == BLOCK_TABLE && md_plain_table(w, i)) {
        table(w, i);
    } else if (k->kind == BLOCK_NOTE && w->plain_notes) {
        char marker[24];
        snprintf(marker, sizeof marker, "[^%u]: ", k->ref + 1);
        buf_str(&w->at.first, marker);
        buf_str(&w->at.prefix, "    ");
        children(w, i);
        prefix_cut(&w->at, before);
    } else {
        as_html(w, i);
    }
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
    struct md w = {.at = {.out = out}, .out = out, .d = d, .plain_notes = md_plain_notes(d)};
    w.places = write_places(d, &w.nplaces);
    if (front_matter)
        front(out, d);
    bool notes = false;
    for (uint32_t i = 0, before = DOC_NONE; i < d->nblocks; before = i, i = d->blocks[i].end) {
        enum block_kind kind = d->blocks[i].kind;
        if (before != DOC_NONE && d->blocks[before].kind == kind &&
            (kind == BLOCK_LIST || kind == BLOCK_QUOTE || kind == BLOCK_TABLE)) {
            prefix_start(&w.at); // two of them, not one
            buf_str(out, "<!-- -->\n");
        }
        if (kind == BLOCK_NOTE && !w.plain_notes && !notes) {
            prefix_start(&w.at);
            buf_str(out, "<section role=\"doc-endnotes\">\n<ol>\n");
            w.at.tight = true;
            notes = true;
        }
        put(&w, i);
        w.at.tight = notes;
    }
    if (notes)
        buf_str(out, "</ol>\n</section>\n");
    prefix_free(&w.at);
    free(w.places);
}
