// HTML -> document. The parser's events make a flat tree (html_tree.c); it is put in order
// (html_order.c), its notes are found (html_note.c), and it is walked once (html_walk.c). Running
// text makes its own paragraphs: any block ends the one that is open, two <br> do as well
// (html_flow.c). What platforms add is known from the tables in rules.c.
#include "html_reader.h"
#include "markdown.h"

#include <stdio.h>
#include <stdlib.h>

static struct doc *read_html(const char *html, size_t len, const struct doc_source *src,
                             struct doc_builder *b, bool markdown, bool cut)
{
    struct html_tree tree = {.markdown = markdown};
    struct buf own = {0};
    bool too_long;
    if (!html)
        html = "", len = 0;
    html = html_prepare(html, &len, &own, &too_long);
    cut = cut || too_long;
    html_tree_parse(&tree, html, len);
    buf_free(&own);
    struct rule_index *rules = rules_new();
    struct html_reader r = {.b = b,
                            .t = &tree,
                            .base = src ? src->url : NULL,
                            .src = src,
                            .rules = rules,
                            .sticky = NO_NODE};
    if (tree.page)
        html_head(&tree, r.b);
    if (!r.base)
        r.base = doc_builder_doc(r.b)->url;
    html_leftovers(&tree);
    html_order(&r);
    size_t n;
    struct html_note *found = html_notes(&tree, r.base, &n);
    html_judge_tables(&tree);
    r.found = found;
    r.notes = mem_array(n, sizeof *r.notes);
    for (size_t i = 0; i < n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        r.notes[i] = doc_add_note(r.b, *found[i].label ? found[i].label : number);
    }
    uint32_t root = html_essay(&tree), lead = html_lead(&tree, root, r.b);
    if (lead != NO_NODE)
        reader_walk(&r, lead);
    tree.nodes[root].flags &= (uint8_t)~NODE_SKIP;
    tree.nodes[root].todo = DO_NOTHING;
    reader_walk(&r, root);
    reader_boundary(&r);
    reader_flush_side(&r);
    if (r.more_text || html_walled(&tree, root))
        reader_preview(&r);
    if (cut || tree.cut) {
        static const char notice[] =
            "The rest was cut off: the page is larger, or more broken, than Lectern reads.";
        doc_open(r.b, BLOCK_NOTICE);
        doc_text(r.b, notice, sizeof notice - 1);
        doc_close(r.b);
    }
    struct doc *d = doc_finish(r.b);
    free(r.more_text);
    free(r.more_url);
    free(r.notes);
    free(found);
    free(r.figures);
    free(r.lists);
    free(r.items);
    free(r.links);
    free(r.rtl);
    free(r.later_figures);
    free(r.side);
    buf_free(&r.url);
    buf_free(&r.scratch);
    buf_free(&r.lead);
    rules_free(rules);
    html_tree_free(&tree);
    return d;
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
