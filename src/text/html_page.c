// Whole pages: which part is the essay, and what the head says of it. Known names of bodies first;
// where none has text enough, the element whose paragraphs hold most of it.
#include "html.h"

#include <stdlib.h>
#include <string.h>

// Bytes of text below each node, what is never shown left out. Children come after their parents.
static uint32_t *text_lengths(const struct html_tree *t)
{
    uint32_t *len = mem_array(t->nnodes, sizeof *len);
    for (uint32_t i = (uint32_t)t->nnodes; i-- > 1;) {
        const struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT)
            len[i] = n->n;
        if (!html_is_void(n->tag))
            len[n->parent] += len[i];
    }
    return len;
}

static uint32_t by_paragraphs(const struct html_tree *t, const uint32_t *len)
{
    uint32_t *score = mem_array(t->nnodes, sizeof *score);
    uint32_t best = 0;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        if (t->nodes[i].tag != TAG_P || len[i] < 40)
            continue;
        uint32_t p = t->nodes[i].parent, g = t->nodes[p].parent;
        score[p] += len[i];
        if (score[p] > score[best])
            best = p;
        if (g != NO_NODE) {
            score[g] += len[i] / 2;
            if (score[g] > score[best])
                best = g;
        }
    }
    uint32_t found = score[best] > 0 ? best : 0;
    free(score);
    return found;
}

uint32_t html_essay(const struct html_tree *t)
{
    if (!t->page)
        return 0;
    uint32_t *len = text_lengths(t);
    uint32_t root = NO_NODE;
    for (size_t s = 0; rules_roots[s] && root == NO_NODE; s++) {
        uint32_t best = NO_NODE;
        for (uint32_t i = 0; (i = rules_select(rules_roots[s], t, i + 1)) != NO_NODE;)
            if (best == NO_NODE || len[i] > len[best])
                best = i;
        if (best != NO_NODE && len[best] >= 400)
            root = best;
    }
    if (root == NO_NODE) {
        uint32_t guess = by_paragraphs(t, len);
        root = len[guess] * 2 > len[0] || len[guess] > 2000 ? guess : 0;
    }
    free(len);
    return root;
}

static bool below(const struct html_tree *t, uint32_t node, uint32_t top)
{
    while (node != NO_NODE && node != top)
        node = t->nodes[node].parent;
    return node == top;
}

// Not of what stands around an essay, up to `top`.
static bool is_own(const struct html_tree *t, uint32_t node, uint32_t top)
{
    for (; node != NO_NODE && node != top; node = t->nodes[node].parent) {
        const struct hnode *n = &t->nodes[node];
        if (n->todo == DO_DROP || n->tag == TAG_NAV || n->tag == TAG_ASIDE ||
            n->tag == TAG_FOOTER || html_is_void((enum html_tag)n->tag))
            return false;
    }
    return node == top;
}

static bool has_words(const struct html_tree *t, uint32_t figure)
{
    struct buf s = {0};
    html_text_of(t, figure, &s, 8);
    uint32_t img = html_find(t, figure, TAG_IMG);
    bool some = img != NO_NODE && (s.len || html_attr(t, img, ATTR_ALT));
    buf_free(&s);
    return some;
}

uint32_t html_lead(const struct html_tree *t, uint32_t essay, struct doc_builder *b)
{
    struct doc *d = doc_builder_doc(b);
    uint32_t top = essay, figure = NO_NODE;
    while (top != NO_NODE && t->nodes[top].tag != TAG_ARTICLE && t->nodes[top].tag != TAG_MAIN)
        top = t->nodes[top].parent;
    if (!t->page || top == NO_NODE || top == essay)
        return NO_NODE;
    for (uint32_t i = html_next(t, top, top, true); i != NO_NODE && i != essay && figure == NO_NODE;
         i = html_next(t, i, top, true))
        if (t->nodes[i].tag == TAG_FIGURE && is_own(t, i, top) && !below(t, essay, i) &&
            has_words(t, i))
            figure = i;
    for (size_t s = 0; rules_subtitles[s] && !d->subtitle; s++) {
        uint32_t i = rules_select(rules_subtitles[s], t, top + 1);
        struct buf words = {0};
        if (i != NO_NODE && i < essay && is_own(t, i, top) && !below(t, essay, i))
            html_text_of(t, i, &words, 600);
        if (words.len && words.len < 600)
            doc_set_meta(b, &d->subtitle, words.data);
        buf_free(&words);
    }
    return figure;
}

bool html_walled(const struct html_tree *t, uint32_t essay)
{
    for (uint32_t i = essay + 1; t->page && i < t->nnodes; i++)
        if (t->nodes[i].tag != TAG_TEXT && t->nodes[i].todo == DO_PREVIEW &&
            !(t->nodes[i].flags & NODE_SKIP))
            return true;
    return false;
}

void html_head(const struct html_tree *t, struct doc_builder *b)
{
    struct doc *d = doc_builder_doc(b);
    const char *og_title = NULL;
    struct buf s = {0};
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TITLE && !d->title && t->nodes[n->parent].tag != TAG_SVG) {
            for (uint32_t k = n->first; k != NO_NODE; k = t->nodes[k].next)
                if (t->nodes[k].tag == TAG_TEXT)
                    buf_add(&s, t->text.data + t->nodes[k].at, t->nodes[k].n);
            doc_set_meta(b, &d->title, buf_cstr(&s));
        } else if (n->tag == TAG_HTML) {
            const char *lang = html_attr(t, i, ATTR_LANG);
            doc_set_meta(b, &d->language, lang ? lang : html_attr(t, i, ATTR_XML_LANG));
        } else if (n->tag == TAG_LINK) {
            const char *rel = html_attr(t, i, ATTR_REL), *href = html_attr(t, i, ATTR_HREF);
            if (rel && href && strcmp(rel, "canonical") == 0 && link_clean(&s, href, NULL) &&
                s.data[0] != '#')
                doc_set_meta(b, &d->url, s.data);
        } else if (n->tag == TAG_META) {
            const char *name = html_attr(t, i, ATTR_NAME), *content = html_attr(t, i, ATTR_CONTENT);
            if (!name)
                name = html_attr(t, i, ATTR_PROPERTY);
            if (!name || !content)
                continue;
            if (strcmp(name, "og:title") == 0)
                og_title = content;
            else if (!d->author &&
                     (strcmp(name, "author") == 0 || strcmp(name, "article:author") == 0 ||
                      strcmp(name, "dc.creator") == 0) &&
                     strncmp(content, "http", 4) != 0)
                doc_set_meta(b, &d->author, content);
            else if (!d->date &&
                     (strcmp(name, "article:published_time") == 0 || strcmp(name, "date") == 0))
                doc_set_meta(b, &d->date, content);
        }
    }
    if (og_title)
        doc_set_meta(b, &d->title, og_title); // without the site's name behind it
    buf_free(&s);
}
