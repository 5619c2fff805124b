// Footnotes of every house. What they have in common: a short link in the text leads to a place
// further down in the same page, and from there a link leads back. Houses that name their marks
// (classes, roles, rel) need no way back. Found pairs are flagged in the tree; the walk then makes
// one note of mark and text.
#include "html.h"

#include <stdlib.h>
#include <string.h>

struct ref { // a link to a place in this page
    uint32_t node;
    const char *name;
    uint32_t target; // node that has the name
};

struct find {
    struct html_tree *t;
    struct ref *refs; // in document order
    size_t nrefs, refs_cap;
    struct ref **by_name;
    struct html_note *notes;
    size_t nnotes, notes_cap;
};

static int by_name(const void *x, const void *y)
{
    const struct ref *const *a = x, *const *b = y;
    return strcmp((*a)->name, (*b)->name);
}

static void collect_refs(struct find *f, const char *base)
{
    struct buf url = {0};
    for (uint32_t i = 0; i < f->t->nnodes; i++) {
        if (f->t->nodes[i].tag != TAG_A)
            continue;
        const char *href = html_attr(f->t, i, ATTR_HREF);
        if (!href || !strchr(href, '#') || !link_clean(&url, href, base) || url.data[0] != '#')
            continue;
        f->refs = mem_grow(f->refs, &f->refs_cap, f->nrefs + 1, sizeof *f->refs);
        f->refs[f->nrefs++] =
            (struct ref){i, arena_strndup(f->t->arena, url.data + 1, url.len - 1), NO_NODE};
    }
    buf_free(&url);
    f->by_name = mem_array(f->nrefs, sizeof *f->by_name);
    for (size_t i = 0; i < f->nrefs; i++)
        f->by_name[i] = &f->refs[i];
    if (f->nrefs)
        qsort(f->by_name, f->nrefs, sizeof *f->by_name, by_name);
}

// The refs of one name: [*lo, *hi) of by_name.
static void named(const struct find *f, const char *name, size_t *lo, size_t *hi)
{
    size_t a = 0, b = f->nrefs;
    while (a < b) {
        size_t mid = (a + b) / 2;
        if (strcmp(f->by_name[mid]->name, name) < 0)
            a = mid + 1;
        else
            b = mid;
    }
    for (*lo = *hi = a; *hi < f->nrefs && strcmp(f->by_name[*hi]->name, name) == 0;)
        ++*hi;
}

static void give_target(struct find *f, uint32_t node, const char *name)
{
    size_t lo, hi;
    if (!name || !*name)
        return;
    named(f, name, &lo, &hi);
    if (lo == hi || f->by_name[lo]->target != NO_NODE)
        return; // nobody asks for it, or the first one has it
    for (size_t i = lo; i < hi; i++)
        f->by_name[i]->target = node;
    f->t->nodes[node].flags |= NODE_TARGET;
}

static uint32_t subtree_end(const struct html_tree *t, uint32_t node)
{
    uint32_t end = html_next(t, node, 0, false);
    return end == NO_NODE || end == 0 ? (uint32_t)t->nnodes : end;
}

// ---- marks ----

static const char *const mark_classes[] = {
    "footnote-anchor",
    "footnote-ref",
    "footnote-reference",
    "footnoteRef",
    "footnoteref",
    "noteref",
    "footref",
    "fn-ref",
    "sdfootnoteanc",
    "sdendnoteanc",
    "footnote_plugin_tooltip_text",
    "footnote-link",
};
static const char *const back_classes[] = {
    "footnote-number", "footnote-backref", "footnote-back", "reversefootnote",
    "footnum",         "footnoteBackLink", "backlink",      "data-footnote-backref",
    "sdfootnotesym",   "sdendnotesym",
};

static bool has_one_of(const struct html_tree *t, uint32_t node, const char *const *list, size_t n)
{
    if (html_attr(t, node, ATTR_CLASS))
        for (size_t i = 0; i < n; i++)
            if (html_has_class(t, node, list[i]))
                return true;
    return false;
}
#define ONE_OF(t, node, list) has_one_of(t, node, list, sizeof(list) / sizeof *(list))

static bool attr_is(const struct html_tree *t, uint32_t node, enum html_attr a, const char *value)
{
    const char *v = html_attr(t, node, a);
    return v && strcmp(v, value) == 0;
}

static bool names_itself_mark(const struct html_tree *t, uint32_t a)
{
    uint32_t up = t->nodes[a].parent;
    if (ONE_OF(t, a, mark_classes) || attr_is(t, a, ATTR_ROLE, "doc-noteref") ||
        attr_is(t, a, ATTR_EPUB_TYPE, "noteref") || attr_is(t, a, ATTR_REL, "footnote"))
        return true;
    if (up == NO_NODE || t->nodes[up].tag != TAG_SUP)
        return false;
    return ONE_OF(t, up, mark_classes) || html_attr(t, up, ATTR_DATA_FN) ||
           html_has_class(t, up, "footnote") || attr_is(t, up, ATTR_ROLE, "doc-noteref");
}

static bool names_itself_back(const struct html_tree *t, uint32_t a)
{
    return ONE_OF(t, a, back_classes) || attr_is(t, a, ATTR_ROLE, "doc-backlink");
}

// "[12]" -> "12". Empty when it is no label: labels are digits, a letter or two, or printers'
// marks.
static void label_of(const struct html_tree *t, uint32_t a, struct buf *out)
{
    struct buf raw = {0};
    html_text_of(t, a, &raw, 32);
    const char *s = buf_cstr(&raw);
    size_t n = raw.len;
    while (n && strchr("[( ", *s)) {
        s++;
        n--;
    }
    while (n && strchr("]) .", s[n - 1]))
        n--;
    buf_clear(out);
    bool digits = n > 0 && n <= 4, letters = n > 0 && n <= 4;
    for (size_t i = 0; i < n; i++) {
        digits = digits && s[i] >= '0' && s[i] <= '9';
        letters = letters && ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z');
    }
    bool marks = n > 0 && n <= 12; // * ** † ‡ § ¶ and superscript digits
    for (size_t i = 0; i < n; i++)
        marks = marks && (s[i] == '*' || (unsigned char)s[i] >= 0x80);
    if (digits || (letters && n <= 4) || marks)
        buf_add(out, s, n);
    buf_free(&raw);
}

// ---- texts ----

static bool is_note_block(enum html_tag tag)
{
    return tag == TAG_LI || tag == TAG_P || tag == TAG_DIV || tag == TAG_DD || tag == TAG_ASIDE ||
           tag == TAG_SECTION || tag == TAG_TR || tag == TAG_BLOCKQUOTE || tag == TAG_FOOTER ||
           tag == TAG_ARTICLE;
}

static bool first_element(const struct html_tree *t, uint32_t node)
{
    for (uint32_t i = t->nodes[t->nodes[node].parent].first; i != NO_NODE; i = t->nodes[i].next) {
        if (i == node)
            return true;
        if (t->nodes[i].tag != TAG_TEXT)
            return false;
    }
    return false;
}

// The block that is the note's text, for the node a mark leads to.
static uint32_t note_text(struct html_tree *t, uint32_t target)
{
    uint32_t b = target;
    for (int up = 0; up < 6 && b != NO_NODE && !html_is_block(t->nodes[b].tag); up++)
        b = t->nodes[b].parent;
    if (b == NO_NODE || b == 0)
        return NO_NODE;
    if (t->nodes[b].tag == TAG_DT) { // the text is the definition that follows
        uint32_t dd = t->nodes[b].next;
        while (dd != NO_NODE && t->nodes[dd].tag == TAG_TEXT)
            dd = t->nodes[dd].next;
        if (dd == NO_NODE || t->nodes[dd].tag != TAG_DD)
            return NO_NODE;
        t->nodes[b].flags |= NODE_SKIP;
        return dd;
    }
    uint32_t up = t->nodes[b].parent;
    if ((t->nodes[b].tag == TAG_TD || t->nodes[b].tag == TAG_TH) && up != NO_NODE &&
        t->nodes[up].tag == TAG_TR)
        return up;
    if (t->nodes[b].tag == TAG_P && up != NO_NODE && up != 0 && t->nodes[up].tag == TAG_LI &&
        first_element(t, b))
        return up;
    return is_note_block(t->nodes[b].tag) ? b : NO_NODE;
}

// The first link at or behind a node.
static size_t ref_from(const struct find *f, uint32_t node)
{
    size_t lo = 0, hi = f->nrefs;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (f->refs[mid].node < node)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

// Does one of the links in [from, to) lead to the mark or to what stands directly around it?
static bool leads_back(const struct find *f, uint32_t from, uint32_t to, uint32_t mark)
{
    size_t lo = ref_from(f, from);
    for (size_t n = 0; lo < f->nrefs && f->refs[lo].node < to && n < 40; lo++, n++) {
        uint32_t at = f->refs[lo].target;
        for (uint32_t m = mark, up = 0; at != NO_NODE && m != NO_NODE && up < 4;
             m = f->t->nodes[m].parent, up++)
            if (m == at && (up == 0 || !html_is_block(f->t->nodes[m].tag)))
                return true;
        if (at != NO_NODE &&
            f->t->nodes[at].parent == mark) // <a href="#fn1"><span id="ref1">1</span></a>
            return true;
        // <span id="ref1"></span><a href="#fn1">1</a>
        if (at != NO_NODE && at < mark && mark - at <= 3 && !html_is_block(f->t->nodes[at].tag))
            return true;
    }
    return false;
}

// What only leads back, and a number that the text repeats, are taken out of the note.
static void tidy_text(struct find *f, uint32_t text, const char *label)
{
    struct html_tree *t = f->t;
    uint32_t end = subtree_end(t, text);
    struct buf s = {0};
    for (uint32_t i = text; i < end; i++) {
        if (t->nodes[i].tag != TAG_A)
            continue;
        const char *href = html_attr(t, i, ATTR_HREF);
        buf_clear(&s);
        html_text_of(t, i, &s, 40);
        bool arrow = strstr(buf_cstr(&s), "↩") || strstr(buf_cstr(&s), "↑") ||
                     strstr(buf_cstr(&s), "⤴") || strcmp(buf_cstr(&s), "^") == 0 ||
                     strcmp(buf_cstr(&s), "⇧") == 0;
        if (names_itself_back(t, i) || (arrow && href && strchr(href, '#')))
            t->nodes[i].flags |= NODE_SKIP | NODE_BACKLINK;
    }
    size_t len = strlen(label);
    for (uint32_t i = text; i < end && len; i++) { // the first text that is not blank
        struct hnode *n = &t->nodes[i];
        if (n->tag != TAG_TEXT) {
            if (n->flags & NODE_SKIP)
                i = subtree_end(t, i) - 1;
            continue;
        }
        const char *p = t->text.data + n->at;
        size_t k = 0;
        while (k < n->n && strchr(" \t\r\n[(", p[k]))
            k++;
        if (k == n->n)
            continue;
        if (n->n - k >= len && memcmp(p + k, label, len) == 0) {
            size_t after = k + len;
            bool own = n->parent != text && !html_is_block(t->nodes[n->parent].tag);
            while (after < n->n && strchr(".):]", p[after]))
                after++;
            bool marked = after > k + len;
            if ((own && after == n->n) || (marked && (after == n->n || strchr(" \t\n", p[after])) &&
                                           t->nodes[text].tag != TAG_LI)) {
                n->at += (uint32_t)after;
                n->n -= (uint32_t)after;
            }
        }
        break;
    }
    buf_free(&s);
}

// A mark's <sup> says nothing of its own when it holds marks, brackets and commas only.
static void clear_around(struct html_tree *t, uint32_t mark)
{
    uint32_t sup = t->nodes[mark].parent;
    for (int up = 0; up < 3 && sup != NO_NODE && t->nodes[sup].tag != TAG_SUP; up++)
        sup = html_is_block(t->nodes[sup].tag) ? NO_NODE : t->nodes[sup].parent;
    if (sup == NO_NODE || t->nodes[sup].tag != TAG_SUP || (t->nodes[sup].flags & NODE_MARK))
        return;
    uint32_t end = subtree_end(t, sup);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = sup; i < end; i++) {
            struct hnode *n = &t->nodes[i];
            if (n->tag == TAG_A) {
                i = subtree_end(t, i) - 1;
                continue;
            }
            if (n->tag != TAG_TEXT)
                continue;
            for (uint32_t k = 0; pass == 0 && k < n->n; k++)
                if (!strchr("[](), \t\n", t->text.data[n->at + k]))
                    return;
            if (pass == 1)
                n->n = 0;
        }
    t->nodes[sup].flags |= NODE_MARK;
}

static void drop_heading(struct html_tree *t, uint32_t text)
{
    struct buf s = {0};
    for (int up = 0; up < 4 && text != 0 && text != NO_NODE; up++, text = t->nodes[text].parent) {
        uint32_t before = NO_NODE, rule = NO_NODE;
        for (uint32_t i = t->nodes[t->nodes[text].parent].first; i != text && i != NO_NODE;
             i = t->nodes[i].next) {
            if (t->nodes[i].tag == TAG_HR)
                rule = i;
            else if (t->nodes[i].tag != TAG_TEXT)
                before = i, rule = NO_NODE;
        }
        if (rule != NO_NODE) // what parts notes from the text is the layout's to draw
            t->nodes[rule].flags |= NODE_SKIP;
        if (before == NO_NODE)
            continue;
        enum html_tag tag = (enum html_tag)t->nodes[before].tag;
        if ((tag >= TAG_H1 && tag <= TAG_H6) || tag == TAG_P || tag == TAG_DIV) {
            html_text_of(t, before, &s, 60);
            if (rules_notes_heading(buf_cstr(&s), s.len))
                t->nodes[before].flags |= NODE_SKIP;
        }
        break;
    }
    buf_free(&s);
}

// <sup>[1]</sup> in the text and a block further down that begins with 1: without a way back.
static bool repeats_label(const struct html_tree *t, uint32_t mark, uint32_t text,
                          const char *label)
{
    uint32_t sup = mark;
    for (int up = 0; up < 3 && sup != NO_NODE && t->nodes[sup].tag != TAG_SUP; up++)
        sup = t->nodes[sup].parent;
    if (sup == NO_NODE || t->nodes[sup].tag != TAG_SUP || text < mark ||
        html_find(t, text, TAG_SUP) == NO_NODE)
        return false;
    struct buf s = {0};
    html_text_of(t, text, &s, 40);
    const char *p = buf_cstr(&s);
    p += strspn(p, "[( ");
    size_t n = strlen(label);
    bool same = strncmp(p, label, n) == 0 && p[n] && strchr("]). :", p[n]);
    buf_free(&s);
    return same;
}

static void join(struct find *f, struct ref *r, const char *label)
{
    struct html_tree *t = f->t;
    uint32_t text = note_text(t, r->target);
    if (text == NO_NODE || (t->nodes[text].flags & NODE_SKIP))
        return;
    uint32_t end = subtree_end(t, text);
    if (r->node >= text && r->node < end)
        return; // it stands in its own text
    bool known = t->nodes[text].flags & NODE_NOTE;
    bool strong = names_itself_mark(t, r->node);
    if (!known && !strong &&
        (!*label ||
         (!leads_back(f, text, end, r->node) && !repeats_label(t, r->node, text, label))))
        return;
    if (known && !strong && !*label)
        return;
    if (!known) {
        f->notes = mem_grow(f->notes, &f->notes_cap, f->nnotes + 1, sizeof *f->notes);
        f->notes[f->nnotes] = (struct html_note){text, arena_strdup(t->arena, label)};
        t->nodes[text].flags |= NODE_NOTE;
        t->nodes[text].note = (uint32_t)f->nnotes++;
        // Links in the text that lead to the mark are not marks.
        for (size_t i = ref_from(f, text); i < f->nrefs && f->refs[i].node < end; i++) {
            struct ref *b = &f->refs[i];
            uint32_t m = r->node;
            for (int up = 0; up < 4 && m != NO_NODE; up++, m = t->nodes[m].parent)
                if (b->target == m)
                    t->nodes[b->node].flags |= NODE_SKIP | NODE_BACKLINK;
        }
        tidy_text(f, text, label);
        if (f->nnotes == 1)
            drop_heading(t, text);
    }
    t->nodes[r->node].flags |= NODE_MARK;
    t->nodes[r->node].note = t->nodes[text].note;
    clear_around(t, r->node);
}

struct html_note *html_notes(struct html_tree *t, const char *base, size_t *n)
{
    struct find f = {.t = t};
    collect_refs(&f, base);
    for (uint32_t i = 0; i < t->nnodes && f.nrefs; i++) {
        if (t->nodes[i].tag == TAG_TEXT)
            continue;
        give_target(&f, i, html_attr(t, i, ATTR_ID));
        if (t->nodes[i].tag == TAG_A)
            give_target(&f, i, html_attr(t, i, ATTR_NAME));
    }
    struct buf label = {0};
    for (size_t i = 0; i < f.nrefs && i < 20000; i++) {
        struct ref *r = &f.refs[i];
        if (r->target == NO_NODE || (t->nodes[r->node].flags & NODE_SKIP))
            continue;
        if (names_itself_back(t, r->node))
            continue;
        label_of(t, r->node, &label);
        if (label.len || names_itself_mark(t, r->node))
            join(&f, r, buf_cstr(&label));
    }
    for (size_t i = 0; i < f.nrefs; i++)
        if (!(t->nodes[f.refs[i].node].flags & (NODE_MARK | NODE_SKIP)) &&
            names_itself_mark(t, f.refs[i].node))
            t->nodes[f.refs[i].node].flags |= NODE_LOST;
    // What calls itself a note is one, with or without a mark.
    for (uint32_t i = 1; i < t->nnodes; i++) {
        uint32_t up = t->nodes[i].parent;
        if (t->nodes[i].tag == TAG_A && !(t->nodes[i].flags & NODE_SKIP) &&
            html_has_class(t, i, "footnote-number") && up != 0 &&
            html_has_class(t, up, "footnote") && !(t->nodes[up].flags & NODE_NOTE)) {
            label_of(t, i, &label);
            f.notes = mem_grow(f.notes, &f.notes_cap, f.nnotes + 1, sizeof *f.notes);
            f.notes[f.nnotes] = (struct html_note){up, arena_strdup(t->arena, buf_cstr(&label))};
            t->nodes[up].flags |= NODE_NOTE;
            t->nodes[up].note = (uint32_t)f.nnotes++;
            t->nodes[i].flags |= NODE_SKIP | NODE_BACKLINK;
            continue;
        }
        const char *role = t->nodes[i].tag == TAG_LI ? html_attr(t, i, ATTR_ROLE) : NULL;
        if (!role || strcmp(role, "doc-endnote") != 0 ||
            (t->nodes[i].flags & (NODE_NOTE | NODE_SKIP)))
            continue;
        f.notes = mem_grow(f.notes, &f.notes_cap, f.nnotes + 1, sizeof *f.notes);
        f.notes[f.nnotes] = (struct html_note){i, ""};
        t->nodes[i].flags |= NODE_NOTE;
        t->nodes[i].note = (uint32_t)f.nnotes++;
    }
    buf_free(&label);
    free(f.refs);
    free(f.by_name);
    *n = f.nnotes;
    return f.notes;
}
