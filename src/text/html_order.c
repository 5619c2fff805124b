// Before the walk: what the tables of rules say is written to each element, siblings are put in the
// order in which they are read, and tables that only place things on the page are told from those
// that tell something.
#include "html_reader.h"
#include "markdown.h"

#include <stdlib.h>
#include <string.h>

static bool is_list(enum html_tag tag)
{
    return tag == TAG_UL || tag == TAG_OL;
}

// Moves a node from where it is to the end of its previous sibling: document order stays.
static void move_into(struct html_tree *t, uint32_t before, uint32_t node)
{
    struct hnode *p = &t->nodes[t->nodes[node].parent], *to = &t->nodes[before];
    // What stands between the two (blank text) is left out.
    to->next = t->nodes[node].next;
    if (p->last == node)
        p->last = before;
    t->nodes[node].next = NO_NODE;
    t->nodes[node].parent = before;
    if (to->last == NO_NODE)
        to->first = node;
    else
        t->nodes[to->last].next = node;
    to->last = node;
}

static bool only_blank_between(const struct html_tree *t, uint32_t a, uint32_t b)
{
    for (uint32_t i = t->nodes[a].next; i != b && i != NO_NODE; i = t->nodes[i].next)
        if (t->nodes[i].tag != TAG_TEXT ||
            !html_blank(t->text.data + t->nodes[i].at, t->nodes[i].n))
            return false;
    return true;
}

struct table_facts {
    uint32_t rows, cells, heads, blocks, nested, wide; // wide: rows of two cells and more
};

// Tables that only place things on the page have other tables, blocks or a single column in them.
void html_judge_tables(struct html_tree *t)
{
    uint32_t *table = mem_array(t->nnodes, sizeof *table); // 1 + index of the nearest table's facts
    struct table_facts *facts = NULL;
    uint32_t *which = NULL;
    size_t n = 0, cap = 0, which_cap = 0;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const struct hnode *k = &t->nodes[i];
        uint32_t up = table[k->parent];
        table[i] = up;
        if (k->tag == TAG_TABLE) {
            if (up)
                facts[up - 1].nested++;
            facts = mem_grow(facts, &cap, n + 1, sizeof *facts);
            which = mem_grow(which, &which_cap, n + 1, sizeof *which);
            facts[n] = (struct table_facts){0};
            which[n] = i;
            table[i] = (uint32_t)++n;
            continue;
        }
        if (!up)
            continue;
        struct table_facts *f = &facts[up - 1];
        if (k->tag == TAG_TR) {
            f->rows++;
            f->wide += html_count(t, i, TAG_TD) + html_count(t, i, TAG_TH) > 1;
        } else if (k->tag == TAG_TD || k->tag == TAG_TH) {
            f->cells++;
            f->heads += k->tag == TAG_TH;
            if (k->tag == TAG_TD && html_count(t, i, TAG_P) > 1)
                f->blocks++;
        } else if (k->tag == TAG_CAPTION || k->tag == TAG_THEAD) {
            f->heads++;
        } else if (k->tag == TAG_IMG || k->tag == TAG_PRE || k->tag == TAG_BLOCKQUOTE ||
                   k->tag == TAG_HR || (k->tag >= TAG_H1 && k->tag <= TAG_H6) || k->tag == TAG_UL ||
                   k->tag == TAG_OL || k->tag == TAG_FIGURE || k->tag == TAG_IFRAME) {
            f->blocks++;
        }
        if (k->flags & NODE_NOTE)
            f->nested++;
    }
    for (size_t i = 0; i < n; i++) {
        const struct table_facts *f = &facts[i];
        const char *role = html_attr(t, which[i], ATTR_ROLE);
        bool layout = (role && (strcmp(role, "presentation") == 0 || strcmp(role, "none") == 0)) ||
                      f->nested ||
                      (!f->heads && (f->rows < 2 || !f->wide || f->blocks * 4 > f->cells)) ||
                      t->nodes[which[i]].todo == DO_FIGURE;
        if (layout)
            t->nodes[which[i]].flags |= NODE_LAYOUT;
    }
    free(table);
    free(facts);
    free(which);
}

// The <ol> whose first words stand in this text; NO_NODE if it is not the first of one.
static uint32_t list_of(const struct html_tree *t, uint32_t text)
{
    uint32_t i = text;
    for (;;) {
        uint32_t up = t->nodes[i].parent, first = t->nodes[up].first;
        while (first != i && t->nodes[first].tag == TAG_TEXT &&
               html_blank(t->text.data + t->nodes[first].at, t->nodes[first].n))
            first = t->nodes[first].next;
        if (first != i)
            return NO_NODE;
        if (t->nodes[up].tag == TAG_OL)
            return t->nodes[i].tag == TAG_LI ? up : NO_NODE;
        if (up == 0)
            return NO_NODE;
        i = up;
    }
}

// What the fence put in front of numbered items (markdown.h).
static void take_starts(struct html_tree *t)
{
    static const char mark[] = MARKDOWN_START;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag != TAG_TEXT)
            continue;
        char *text = t->text.data + n->at, *at;
        while ((at = memmem(text, n->n, mark, sizeof mark - 1))) {
            char *end = text + n->n, *digits = at + sizeof mark - 1, *s = digits;
            while (s < end && *s >= '0' && *s <= '9')
                s++;
            uint32_t list = html_blank(text, (size_t)(at - text)) ? list_of(t, i) : NO_NODE;
            if (list != NO_NODE && t->nodes[list].n == 0 && s > digits) {
                t->attrs = mem_grow(t->attrs, &t->attrs_cap, t->nattrs + 1, sizeof *t->attrs);
                char *value = arena_strndup(t->arena, digits, (size_t)(s - digits));
                t->nodes[list].at = (uint32_t)t->nattrs;
                t->nodes[list].n = 1;
                t->attrs[t->nattrs++] = (struct hattr){value, ATTR_START};
            }
            s += s < end && *s == ';';
            memmove(at, s, (size_t)(end - s));
            n->n -= (uint32_t)(s - at);
        }
    }
}

static bool holds_blocks(const struct html_tree *t, uint32_t node)
{
    for (uint32_t i = t->nodes[node].first; i != NO_NODE; i = t->nodes[i].next)
        if (html_is_block(t->nodes[i].tag))
            return true;
    return false;
}

// The lines that a platform puts under an essay are taken out beforehand: what is held back until
// something follows (a rule, "Read more") shall not stand for their sake. With the line about how
// to unsubscribe go the sender's name and address under it.
static void drop_tails(struct html_tree *t)
{
    struct buf s = {0};
    int looked = 0;
    uint32_t under[6], nunder = 0;
    for (uint32_t i = (uint32_t)t->nnodes; i-- > 1 && looked < 24;) {
        struct hnode *n = &t->nodes[i];
        if ((n->tag != TAG_P && n->tag != TAG_DIV && n->tag != TAG_TD && n->tag != TAG_CENTER) ||
            holds_blocks(t, i))
            continue;
        buf_clear(&s);
        html_text_of(t, i, &s, 600);
        if (!s.len)
            continue;
        looked++;
        if (rules_tail_text(s.data, s.len)) {
            n->flags |= NODE_SKIP;
            bool leave = strstr(s.data, "nsubscribe") && i > t->nnodes / 2;
            while (leave && nunder && nunder != UINT32_MAX)
                t->nodes[under[--nunder]].flags |= NODE_SKIP;
        } else if (nunder < sizeof under / sizeof *under && s.len < 100) {
            under[nunder++] = i;
        } else {
            nunder = UINT32_MAX; // too much to be an address
        }
    }
    buf_free(&s);
}

void html_order(struct html_reader *r)
{
    struct html_tree *t = r->t;
    if (t->markdown)
        take_starts(t);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT)
            continue;
        if (n->n || n->tag == TAG_NAV || n->tag == TAG_FORM || n->tag == TAG_DIALOG)
            n->todo = (uint8_t)rules_match(r->rules, t, i);
        if (n->todo == DO_DROP ||
            (t->page && (n->tag == TAG_HEAD || n->tag == TAG_HEADER || n->tag == TAG_FOOTER) &&
             t->nodes[n->parent].tag != TAG_BLOCKQUOTE))
            n->flags |= NODE_SKIP;
    }
    drop_tails(t);
    // Siblings to be put in order; a previous element is looked for once for each parent.
    uint32_t *previous =
        mem_array(t->nnodes, sizeof *previous); // by parent: its last element so far
    memset(previous, 0xFF, t->nnodes * sizeof *previous);
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_TEXT)
            continue;
        uint32_t parent = n->parent, before = previous[parent];
        previous[parent] = i;
        enum html_tag up = (enum html_tag)t->nodes[parent].tag;
        if (before == NO_NODE) {
            continue;
        } else if (is_list(n->tag) && is_list(up) && t->nodes[before].tag == TAG_LI) {
            if (only_blank_between(t, before, i)) { // <ul><li>a</li><ul>...: part of the item
                move_into(t, before, i);
                previous[parent] = before;
            }
        } else if (n->tag == TAG_FIGCAPTION && t->nodes[before].tag == TAG_BLOCKQUOTE) {
            if (only_blank_between(t, before, i)) {
                move_into(t, before, i);
                previous[parent] = before;
            }
        } else if (n->todo == DO_NOTE &&
                   (t->nodes[before].tag == TAG_SUP || t->nodes[before].tag == TAG_LABEL)) {
            t->nodes[before].flags |= NODE_SKIP; // its mark is made with the text
        } else if (n->tag == TAG_NOSCRIPT && t->nodes[before].tag == TAG_IMG) {
            n->flags |= NODE_SKIP; // the same picture again
        }
        if (up == TAG_FIGURE && t->nodes[before].tag == TAG_FIGCAPTION &&
            before == t->nodes[parent].first && n->next == NO_NODE &&
            t->nodes[before].next == i) { // caption first: picture first
            t->nodes[parent].first = i;
            n->next = before;
            t->nodes[before].next = NO_NODE;
            t->nodes[parent].last = before;
        }
    }
    free(previous);
}
