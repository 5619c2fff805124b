// Documents once they are built: names, places, and the check of every promise that doc.h makes.
#include "lectern/doc.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

static const char *const block_names[BLOCK_KIND_COUNT] = {
    [BLOCK_PARAGRAPH] = "paragraph",
    [BLOCK_HEADING] = "heading",
    [BLOCK_CODE] = "code",
    [BLOCK_VERSE] = "verse",
    [BLOCK_FIGURE] = "figure",
    [BLOCK_RULE] = "rule",
    [BLOCK_CELL] = "cell",
    [BLOCK_CARD] = "card",
    [BLOCK_NOTICE] = "notice",
    [BLOCK_TERM] = "term",
    [BLOCK_ATTRIBUTION] = "attribution",
    [BLOCK_QUOTE] = "quote",
    [BLOCK_PULLQUOTE] = "pullquote",
    [BLOCK_LIST] = "list",
    [BLOCK_ITEM] = "item",
    [BLOCK_DEFINITION] = "definition",
    [BLOCK_NOTE] = "note",
    [BLOCK_TABLE] = "table",
    [BLOCK_ROW] = "row",
    [BLOCK_ASIDE] = "aside",
};

static const char *const span_names[SPAN_KIND_COUNT] = {
    [SPAN_EM] = "em",     [SPAN_STRONG] = "strong", [SPAN_CODE] = "code",
    [SPAN_KBD] = "kbd",   [SPAN_STRIKE] = "strike", [SPAN_INSERT] = "insert",
    [SPAN_MARK] = "mark", [SPAN_SMALL] = "small",   [SPAN_SUB] = "sub",
    [SPAN_SUP] = "sup",   [SPAN_CITE] = "cite",     [SPAN_MATH] = "math",
    [SPAN_ABBR] = "abbr", [SPAN_LINK] = "link",     [SPAN_NOTE_MARK] = "note-mark",
    [SPAN_LANG] = "lang",
};

const char *doc_block_name(enum block_kind kind)
{
    return kind < BLOCK_KIND_COUNT ? block_names[kind] : "unknown";
}

const char *doc_span_name(enum span_kind kind)
{
    return kind < SPAN_KIND_COUNT ? span_names[kind] : "unknown";
}

bool doc_is_leaf(enum block_kind kind)
{
    return kind < BLOCK_QUOTE;
}

int doc_minutes(uint32_t words)
{
    uint32_t minutes = (words + 115) / 230;
    return minutes ? (int)minutes : 1;
}

void doc_free(struct doc *d)
{
    if (!d)
        return;
    free(d->text);
    free(d->blocks);
    free(d->spans);
    free(d->links);
    free(d->notes);
    free(d->media);
    free(d->strings);
    arena_free(d->arena);
    free(d);
}

uint32_t doc_leaf_at(const struct doc *d, uint32_t off)
{
    // In document order offsets never fall, and the last block that starts at or before off is a
    // leaf.
    uint32_t lo = 0, hi = d->nblocks;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->blocks[mid].off <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == 0)
        return DOC_NONE;
    const struct doc_block *k = &d->blocks[lo - 1];
    if (off >= k->off + k->len && off > k->off &&
        lo < d->nblocks) { // between two leaves: the one that follows
        while (!doc_is_leaf(d->blocks[lo].kind))
            lo++;
        return lo;
    }
    return lo - 1;
}

// ---- the check ----

#define BROKEN(...) err_set(e, ERR_FORMAT, __VA_ARGS__)

static bool check_nesting(const struct doc *d, uint32_t i, struct err *e)
{
    const struct doc_block *k = &d->blocks[i];
    const struct doc_block *p = k->parent == DOC_NONE ? NULL : &d->blocks[k->parent];
    const char *name = doc_block_name(k->kind);
    enum block_kind in = p ? p->kind : BLOCK_KIND_COUNT;
    if (p && doc_is_leaf(in))
        return BROKEN("block %u (%s) is inside a leaf", i, name);
    bool definitions = in == BLOCK_LIST && (p->flags & BLOCK_DEFINITIONS);
    if ((k->kind == BLOCK_ITEM) != (in == BLOCK_LIST && !definitions) ||
        (k->kind == BLOCK_TERM || k->kind == BLOCK_DEFINITION) != definitions)
        return BROKEN("block %u (%s) is inside a %s", i, name, p ? doc_block_name(in) : "document");
    if ((k->kind == BLOCK_CELL) != (in == BLOCK_ROW) || (k->kind == BLOCK_ROW && in != BLOCK_TABLE))
        return BROKEN("block %u (%s) is inside a %s", i, name, p ? doc_block_name(in) : "document");
    if (in == BLOCK_TABLE && k->kind != BLOCK_ROW &&
        !(k->kind == BLOCK_PARAGRAPH && i == k->parent + 1))
        return BROKEN("block %u (%s) is inside a table", i, name);
    if (k->kind == BLOCK_ATTRIBUTION && in != BLOCK_QUOTE && in != BLOCK_PULLQUOTE)
        return BROKEN("block %u: an attribution without a quotation", i);
    if (k->kind == BLOCK_NOTE && p)
        return BROKEN("block %u: a note is inside a %s", i, doc_block_name(in));
    return true;
}

static bool check_text(const struct doc *d, const struct doc_block *k, uint32_t i, struct err *e)
{
    const char *s = d->text + k->off, *name = doc_block_name(k->kind);
    if (!utf8_valid(s, k->len))
        return BROKEN("block %u (%s) is cut inside a character", i, name);
    struct buf clean = {0};
    utf8_clean(&clean, s, k->len, UTF8_TEXT);
    bool same = clean.len == k->len && (k->len == 0 || memcmp(clean.data, s, k->len) == 0);
    buf_free(&clean);
    if (!same)
        return BROKEN("block %u (%s) has control or steering characters", i, name);
    if (k->len == 0) {
        if (k->kind != BLOCK_RULE && k->kind != BLOCK_CELL && k->kind != BLOCK_FIGURE &&
            k->kind != BLOCK_CARD)
            return BROKEN("block %u (%s) is empty", i, name);
        return true;
    }
    if (k->kind == BLOCK_RULE)
        return BROKEN("block %u: a rule has text", i);
    bool pre = k->kind == BLOCK_CODE || k->kind == BLOCK_VERSE;
    char first = s[0], last = s[k->len - 1];
    if (first == '\n' || (!pre && first == ' ') || last == ' ' || last == '\n' || last == '\t')
        return BROKEN("block %u (%s) has white space at its edge", i, name);
    for (uint32_t j = 0; !pre && j < k->len; j++) {
        if (s[j] == '\t')
            return BROKEN("block %u (%s) has a tab", i, name);
        if (j && (s[j] == ' ' || s[j] == '\n') && (s[j - 1] == ' ' || s[j - 1] == '\n'))
            return BROKEN("block %u (%s) has white space twice at %u", i, name, k->off + j);
    }
    return true;
}

static bool check_ref(const struct doc *d, const struct doc_block *k, uint32_t i, struct err *e)
{
    uint32_t limit = DOC_NONE;
    if (k->kind == BLOCK_FIGURE || k->kind == BLOCK_CARD)
        limit = d->nmedia;
    else if (k->kind == BLOCK_CODE)
        limit = d->nstrings;
    else if (k->kind == BLOCK_NOTE) {
        if (k->ref >= d->nnotes || d->notes[k->ref].block != i)
            return BROKEN("block %u: a note that does not know its number", i);
        return true;
    }
    if (k->ref != DOC_NONE && k->ref >= limit)
        return BROKEN("block %u (%s) refers to what is not there", i, doc_block_name(k->kind));
    return true;
}

static bool check_blocks(const struct doc *d, struct err *e)
{
    uint32_t next = 0, expect = DOC_NONE;
    bool notes = false, levels[7] = {false};
    for (uint32_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        if (k->kind >= BLOCK_KIND_COUNT)
            return BROKEN("block %u is of no kind", i);
        if (k->parent != DOC_NONE && (k->parent >= i || d->blocks[k->parent].end <= i))
            return BROKEN("block %u is not inside its parent %u", i, k->parent);
        // In preorder the parent is the innermost block that has not ended.
        while (expect != DOC_NONE && d->blocks[expect].end <= i)
            expect = d->blocks[expect].parent;
        if (k->parent != expect)
            return BROKEN("block %u has parent %u instead of %u", i, k->parent, expect);
        if (k->end <= i || k->end > d->nblocks ||
            (k->parent != DOC_NONE && k->end > d->blocks[k->parent].end))
            return BROKEN("block %u ends at %u, outside its parent", i, k->end);
        if (!check_nesting(d, i, e) || !check_ref(d, k, i, e))
            return false;
        if (k->parent == DOC_NONE) {
            if (notes && k->kind != BLOCK_NOTE)
                return BROKEN("block %u (%s) stands behind the notes", i, doc_block_name(k->kind));
            notes = k->kind == BLOCK_NOTE;
        }
        if (!doc_is_leaf(k->kind)) {
            if (k->end == i + 1)
                return BROKEN("block %u (%s) is empty", i, doc_block_name(k->kind));
            const struct doc_block *last = &d->blocks[k->end - 1];
            if (k->off != d->blocks[i + 1].off || k->off + k->len != last->off + last->len)
                return BROKEN("block %u (%s) does not cover its leaves", i,
                              doc_block_name(k->kind));
            if (k->kind == BLOCK_TABLE && d->blocks[k->end - 1].kind != BLOCK_CELL)
                return BROKEN("block %u: a table without rows", i);
            expect = i;
            continue;
        }
        if (k->end != i + 1 || k->off != next || k->len > d->len - k->off)
            return BROKEN("block %u (%s) is at %u+%u instead of %u", i, doc_block_name(k->kind),
                          k->off, k->len, next);
        next = k->off + k->len + 1;
        if (next <= d->len && d->text[next - 1] != '\n')
            return BROKEN("block %u (%s) is not parted from the next", i, doc_block_name(k->kind));
        if (!check_text(d, k, i, e))
            return false;
        if (k->kind == BLOCK_HEADING && (k->level < 1 || k->level > 6))
            return BROKEN("block %u: heading level %u", i, k->level);
        if (k->kind == BLOCK_HEADING)
            levels[k->level] = true;
        if (k->kind == BLOCK_CELL && (!k->colspan || !k->rowspan))
            return BROKEN("block %u: a cell that spans nothing", i);
    }
    if (d->nblocks ? next != d->len + 1 : d->len != 0)
        return BROKEN("the text has %u bytes, its leaves end at %u", d->len, next);
    for (int i = 2; i < 7; i++)
        if (levels[i] && !levels[i - 1])
            return BROKEN("headings of level %d without any of level %d", i, i - 1);
    return true;
}

static bool check_spans(const struct doc *d, struct err *e)
{
    uint32_t *open = mem_array(d->nspans, sizeof *open);
    uint32_t nopen = 0, i;
    bool ok = true;
    for (i = 0; i < d->nspans && ok; i++) {
        const struct doc_span *s = &d->spans[i], *before = i ? s - 1 : NULL;
        const char *name = doc_span_name(s->kind);
        if (s->kind >= SPAN_KIND_COUNT || s->len == 0 || s->off >= d->len ||
            s->len > d->len - s->off) {
            ok = BROKEN("span %u (%s) is empty or outside the text", i, name);
            break;
        }
        if (before && (before->off > s->off || (before->off == s->off && before->len < s->len)))
            ok = BROKEN("span %u (%s) is out of order", i, name);
        while (nopen && d->spans[open[nopen - 1]].off + d->spans[open[nopen - 1]].len <= s->off)
            nopen--;
        if (nopen &&
            d->spans[open[nopen - 1]].off + d->spans[open[nopen - 1]].len < s->off + s->len)
            ok = BROKEN("span %u (%s) overlaps span %u", i, name, open[nopen - 1]);
        open[nopen++] = i;
        const struct doc_block *k = &d->blocks[doc_leaf_at(d, s->off)];
        if (s->off < k->off || s->off + s->len > k->off + k->len)
            ok = BROKEN("span %u (%s) goes beyond its leaf", i, name);
        if (!utf8_valid(d->text + s->off, s->len))
            ok = BROKEN("span %u (%s) is cut inside a character", i, name);
        char first = d->text[s->off], last = d->text[s->off + s->len - 1];
        if (first == ' ' || first == '\n' || last == ' ' || last == '\n')
            ok = BROKEN("span %u (%s) has a blank at its edge", i, name);
        uint32_t limit = s->kind == SPAN_LINK        ? d->nlinks
                         : s->kind == SPAN_NOTE_MARK ? d->nnotes
                         : s->kind == SPAN_LANG      ? d->nstrings
                                                     : DOC_NONE;
        if (limit != DOC_NONE && s->ref >= limit)
            ok = BROKEN("span %u (%s) refers to what is not there", i, name);
    }
    free(open);
    return ok;
}

static bool check_refs(const struct doc *d, struct err *e)
{
    for (uint32_t i = 0; i < d->nlinks; i++) {
        const struct doc_link *l = &d->links[i];
        if (!l->url || !*l->url || (l->url[0] == '#') != (l->target != DOC_NONE) ||
            (l->target != DOC_NONE && l->target >= d->len))
            return BROKEN("link %u leads nowhere", i);
    }
    for (uint32_t i = 0; i < d->nnotes; i++) {
        const struct doc_note *n = &d->notes[i];
        if (!n->label || n->block >= d->nblocks || d->blocks[n->block].kind != BLOCK_NOTE ||
            d->blocks[n->block].ref != i || (n->mark_off != DOC_NONE && n->mark_off >= d->len))
            return BROKEN("note %u has no text", i);
    }
    return true;
}

bool doc_check(const struct doc *d, struct err *e)
{
    if (!d->text || d->text[d->len] != '\0')
        return BROKEN("the text does not end");
    return check_blocks(d, e) && check_spans(d, e) && check_refs(d, e);
}
