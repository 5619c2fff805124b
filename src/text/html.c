// HTML -> document. The parser's events make a flat tree (html_tree.c); it is put in order
// (html_order.c), its notes are found (html_note.c), and it is walked once (html_walk.c). Running
// text makes its own paragraphs: any block ends the one that is open, two <br> do as well
// (html_flow.c). What platforms add is known from the tables in rules.c.
#include "html_reader.h"
#include "markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void html_begin(struct html_reading *x, const char *html, size_t len, const struct doc_source *src,
                struct doc_builder *b)
{
    struct buf own = {0};
    bool too_long;
    if (!html)
        html = "", len = 0;
    html = html_prepare(html, &len, &own, &too_long);
    x->cut = x->cut || too_long;
    html_tree_parse(&x->tree, html, len);
    buf_free(&own);
    x->rules = rules_new();
    x->r = (struct html_reader){.b = b,
                                .t = &x->tree,
                                .base = src ? src->url : NULL,
                                .src = src,
                                .rules = x->rules,
                                .sticky = NO_NODE};
    struct html_reader *r = &x->r;
    if (x->tree.page)
        html_head(&x->tree, b);
    if (!r->base)
        r->base = doc_builder_doc(b)->url;
    html_leftovers(&x->tree);
    html_order(r);
    x->found = html_notes(&x->tree, r->base, &x->nfound);
    html_judge_tables(&x->tree);
    r->found = x->found;
    r->notes = mem_array(x->nfound, sizeof *r->notes);
    for (size_t i = 0; i < x->nfound; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        r->notes[i] = doc_add_note(b, *x->found[i].label ? x->found[i].label : number);
    }
}

void html_notice(struct doc_builder *b, const char *words)
{
    doc_open(b, BLOCK_NOTICE);
    doc_text(b, words, strlen(words));
    doc_close(b);
}

struct doc *html_end(struct html_reading *x, uint32_t root)
{
    struct html_tree *t = &x->tree;
    struct html_reader *r = &x->r;
    t->nodes[root].flags &= (uint8_t)~NODE_SKIP;
    t->nodes[root].todo = DO_NOTHING;
    reader_walk(r, root);
    reader_boundary(r);
    reader_flush_side(r);
    if (r->more_text || html_walled(t, root))
        reader_preview(r);
    if (x->cut || t->cut)
        html_notice(
            r->b, "The rest was cut off: the page is larger, or more broken, than Lectern reads.");
    struct doc *d = doc_finish(r->b);
    html_reading_free(x);
    return d;
}

void html_reading_free(struct html_reading *x)
{
    struct html_reader *r = &x->r;
    free(r->more_text);
    free(r->more_url);
    free(r->notes);
    free(x->found);
    free(r->figures);
    free(r->lists);
    free(r->items);
    free(r->links);
    free(r->rtl);
    free(r->later_figures);
    free(r->side);
    buf_free(&r->url);
    buf_free(&r->scratch);
    buf_free(&r->lead);
    rules_free(x->rules);
    html_tree_free(&x->tree);
}

static struct doc *read_html(const char *html, size_t len, const struct doc_source *src,
                             struct doc_builder *b, bool markdown, bool cut)
{
    struct html_reading x = {.tree.markdown = markdown, .cut = cut};
    html_begin(&x, html, len, src, b);
    uint32_t root = html_essay(&x.tree), lead = html_lead(&x.tree, root, b);
    if (lead != NO_NODE)
        reader_walk(&x.r, lead);
    return html_end(&x, root);
}

struct doc *doc_from_html(const char *html, size_t len, const struct doc_source *src)
{
    return read_html(html, len, src, doc_builder_new(), false, false);
}

struct doc *html_from_markdown(const char *html, size_t len, const struct doc_source *src,
                               struct doc_builder *b, bool cut)
{
    return read_html(html, len, src, b, true, cut);
}
