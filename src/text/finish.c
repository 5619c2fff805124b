// The last step of building a document: what could not be known before its end. Notes stand behind
// the text, in the order of their marks; links to places inside the essay know those places; marks
// and links that lead nowhere are plain text; headings start at level 1 and leave no level out.
#include "build.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/eight.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

// ---- notes to the end ----

struct moved { // a document being put in its final order
    struct doc_block *blocks;
    struct doc_span *spans;
    struct buf text;
    uint32_t nblocks, nspans, nleaves;
    uint32_t *leaf_off; // by old block index: where its text is now, DOC_NONE if it is not there
};

static uint32_t first_span(const struct doc_build *b, uint32_t off)
{
    size_t lo = 0, hi = b->nspans;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (b->spans[mid].off < off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static void move_leaf(struct moved *m, const struct doc_build *b, uint32_t i, struct doc_block *to)
{
    const struct doc_block *from = &b->blocks[i];
    if (m->nleaves++)
        buf_char(&m->text, '\n');
    to->off = (uint32_t)m->text.len;
    m->leaf_off[i] = to->off;
    buf_add(&m->text, b->text.data ? b->text.data + from->off : "", from->len);
    if (!from->len)
        return;
    for (uint32_t s = first_span(b, from->off);
         s < b->nspans && b->spans[s].off < from->off + from->len; s++) {
        m->spans[m->nspans] = b->spans[s];
        m->spans[m->nspans++].off += to->off - from->off;
    }
}

// Blocks [from, to) without the notes among them, or the one note that starts at `from`.
static void move_range(struct moved *m, const struct doc_build *b, const uint8_t *alive,
                       uint32_t *where, uint32_t from, uint32_t to, bool note)
{
    for (uint32_t i = from; i < to; i++) {
        const struct doc_block *k = &b->blocks[i];
        if (k->kind == BLOCK_NOTE && !(note && i == from)) {
            i = k->end - 1;
            continue;
        }
        if (!alive[i])
            continue;
        where[i] = m->nblocks;
        struct doc_block *n = &m->blocks[m->nblocks++];
        *n = *k;
        n->parent = k->kind == BLOCK_NOTE || k->parent == DOC_NONE ? DOC_NONE : where[k->parent];
        n->end = m->nblocks;
        if (doc_is_leaf(k->kind))
            move_leaf(m, b, i, n);
    }
}

// Ends and ranges of containers, from the inside out.
static void close_ranges(struct doc_block *blocks, uint32_t n)
{
    for (uint32_t i = n; i-- > 0;) {
        struct doc_block *k = &blocks[i];
        if (!doc_is_leaf(k->kind)) { // its last leaf is the last block inside it
            const struct doc_block *last = &blocks[k->end - 1];
            k->off = blocks[i + 1].off;
            k->len = last->off + last->len - k->off;
        }
        if (k->parent != DOC_NONE && blocks[k->parent].end < k->end)
            blocks[k->parent].end = k->end;
    }
}

struct note_order {
    uint32_t block, mark; // mark: offset of the first, DOC_NONE if there is none
};

static int by_mark(const void *x, const void *y)
{
    const struct note_order *a = x, *b = y;
    if (a->mark != b->mark)
        return a->mark < b->mark ? -1 : 1;
    return a->block < b->block ? -1 : a->block > b->block;
}

static struct note_order *order_notes(struct doc_build *b, size_t *n)
{
    struct doc *d = b->doc;
    for (size_t i = 0; i < b->nspans; i++) {
        const struct doc_span *s = &b->spans[i];
        if (s->kind == SPAN_NOTE_MARK && s->ref < d->nnotes &&
            d->notes[s->ref].mark_off == DOC_NONE)
            d->notes[s->ref].mark_off = s->off;
    }
    struct note_order *order = NULL;
    size_t cap = 0;
    *n = 0;
    for (uint32_t i = 0; i < b->nblocks; i++) {
        struct doc_block *k = &b->blocks[i];
        if (k->kind != BLOCK_NOTE)
            continue;
        if (k->ref >= d->nnotes ||
            d->notes[k->ref].block != DOC_NONE) { // no number, or a second text for one
            d->notes = mem_grow(d->notes, &b->notes_cap, d->nnotes + 1, sizeof *d->notes);
            d->notes[d->nnotes] = (struct doc_note){
                k->ref < d->nnotes ? d->notes[k->ref].label : "", DOC_NONE, DOC_NONE};
            k->ref = d->nnotes++;
        }
        d->notes[k->ref].block = i;
        order = mem_grow(order, &cap, *n + 1, sizeof *order);
        order[(*n)++] = (struct note_order){i, d->notes[k->ref].mark_off};
    }
    if (order)
        qsort(order, *n, sizeof *order, by_mark);
    return order;
}

static void remap_anchors(struct doc_build *b, const struct moved *m)
{
    for (size_t i = 0; i < b->nanchors; i++) {
        uint32_t off = b->anchors[i].off, leaf = DOC_NONE;
        size_t lo = 0, hi = b->nblocks; // the last block that starts at or before off is a leaf
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (b->blocks[mid].off <= off) {
                leaf = (uint32_t)mid;
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        if (leaf == DOC_NONE || m->leaf_off[leaf] == DOC_NONE)
            continue;
        uint32_t in = off - b->blocks[leaf].off;
        b->anchors[i].off = m->leaf_off[leaf] + (in < b->blocks[leaf].len ? in : 0);
    }
}

static void move_notes(struct doc_build *b)
{
    struct doc *d = b->doc;
    size_t n;
    struct note_order *order = order_notes(b, &n);
    if (n) {
        uint8_t *alive =
            mem_alloc(b->nblocks); // has a leaf of its own, those of notes inside not counted
        for (uint32_t i = (uint32_t)b->nblocks; i-- > 0;) {
            const struct doc_block *k = &b->blocks[i];
            alive[i] |= doc_is_leaf(k->kind);
            if (alive[i] && k->kind != BLOCK_NOTE && k->parent != DOC_NONE)
                alive[k->parent] = 1;
        }
        for (uint32_t i = (uint32_t)b->nblocks, top = DOC_NONE; i-- > 0;) {
            if (b->blocks[i].parent != DOC_NONE || b->blocks[i].kind == BLOCK_NOTE || !alive[i])
                continue;
            if (top == DOC_NONE && b->blocks[i].kind == BLOCK_RULE)
                alive[i] = 0; // parted the text from the notes
            top = i;
        }
        struct moved m = {.blocks = mem_array(b->nblocks, sizeof *m.blocks),
                          .spans = mem_array(b->nspans, sizeof *m.spans),
                          .leaf_off = mem_array(b->nblocks, sizeof *m.leaf_off)};
        uint32_t *where = mem_array(b->nblocks, sizeof *where);
        memset(m.leaf_off, 0xFF, b->nblocks * sizeof *m.leaf_off);
        buf_reserve(&m.text, b->text.len);
        move_range(&m, b, alive, where, 0, (uint32_t)b->nblocks, false);
        struct doc_note *notes = mem_array(n, sizeof *notes);
        uint32_t *renamed = mem_array(d->nnotes, sizeof *renamed);
        memset(renamed, 0xFF, d->nnotes * sizeof *renamed);
        uint32_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            uint32_t at = order[i].block, ref = b->blocks[at].ref;
            if (!alive[at])
                continue; // held nothing but other notes
            notes[kept] = (struct doc_note){d->notes[ref].label, m.nblocks, DOC_NONE};
            renamed[ref] = kept;
            b->blocks[at].ref = kept++;
            move_range(&m, b, alive, where, at, b->blocks[at].end, true);
        }
        close_ranges(m.blocks, m.nblocks);
        for (uint32_t i = 0; i < m.nspans; i++)
            if (m.spans[i].kind == SPAN_NOTE_MARK)
                m.spans[i].ref = m.spans[i].ref < d->nnotes ? renamed[m.spans[i].ref] : DOC_NONE;
        remap_anchors(b, &m);
        free(alive);
        free(where);
        free(renamed);
        free(m.leaf_off);
        free(d->notes);
        free(b->blocks);
        free(b->spans);
        buf_free(&b->text);
        d->notes = notes;
        d->nnotes = kept;
        b->blocks = m.blocks;
        b->nblocks = m.nblocks;
        b->spans = m.spans;
        b->nspans = m.nspans;
        b->text = m.text;
    } else {
        d->nnotes = 0;
    }
    free(order);
}

// ---- links, spans, headings, words ----

static int by_name(const void *x, const void *y)
{
    const struct build_anchor *a = x, *b = y;
    int by = strcmp(a->name, b->name);
    return by ? by : a->off < b->off ? -1 : a->off > b->off;
}

static void resolve_links(struct doc_build *b)
{
    struct doc *d = b->doc;
    if (b->nanchors)
        qsort(b->anchors, b->nanchors, sizeof *b->anchors, by_name);
    for (uint32_t i = 0; i < d->nlinks; i++) {
        struct doc_link *l = &d->links[i];
        if (l->url[0] != '#')
            continue;
        size_t lo = 0, hi = b->nanchors; // the first of several of one name
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (strcmp(b->anchors[mid].name, l->url + 1) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo < b->nanchors && strcmp(b->anchors[lo].name, l->url + 1) == 0)
            l->target = b->anchors[lo].off < b->text.len ? b->anchors[lo].off : 0;
    }
}

static bool span_stands(const struct doc *d, const struct doc_span *s)
{
    if (s->kind == SPAN_NOTE_MARK)
        return s->ref < d->nnotes;
    if (s->kind == SPAN_LINK)
        return s->ref < d->nlinks &&
               (d->links[s->ref].url[0] != '#' || d->links[s->ref].target != DOC_NONE) &&
               d->links[s->ref].url[0];
    return true;
}

// Takes out the spans that lead nowhere and the links that no span has any more.
static void tidy_spans(struct doc_build *b)
{
    struct doc *d = b->doc;
    size_t kept = 0;
    for (size_t i = 0; i < b->nspans; i++)
        if (span_stands(d, &b->spans[i]))
            b->spans[kept++] = b->spans[i];
    b->nspans = kept;
    uint32_t *renamed = mem_array(d->nlinks, sizeof *renamed);
    for (size_t i = 0; i < b->nspans; i++)
        if (b->spans[i].kind == SPAN_LINK)
            renamed[b->spans[i].ref] = 1;
    uint32_t links = 0;
    for (uint32_t i = 0; i < d->nlinks; i++)
        if (renamed[i]) {
            d->links[links] = d->links[i];
            renamed[i] = links++;
        }
    d->nlinks = links;
    for (size_t i = 0; i < b->nspans; i++) {
        struct doc_span *s = &b->spans[i];
        if (s->kind == SPAN_LINK)
            s->ref = renamed[s->ref];
        else if (s->kind == SPAN_NOTE_MARK && d->notes[s->ref].mark_off == DOC_NONE)
            d->notes[s->ref].mark_off = s->off;
    }
    free(renamed);
}

static void level_headings(struct doc_build *b)
{
    uint8_t rank[256] = {0};
    for (size_t i = 0; i < b->nblocks; i++)
        if (b->blocks[i].kind == BLOCK_HEADING)
            rank[b->blocks[i].level] = 1;
    uint8_t next = 0;
    for (int i = 0; i < 256; i++)
        if (rank[i])
            rank[i] = next < 6 ? ++next : next;
    for (size_t i = 0; i < b->nblocks; i++)
        if (b->blocks[i].kind == BLOCK_HEADING)
            b->blocks[i].level = rank[b->blocks[i].level];
}

// A list is loose when one of its items has two paragraphs: the same however its source said it.
static void loosen_lists(struct doc_build *b)
{
    for (size_t i = 0; i < b->nblocks; i++) {
        uint32_t before = 0;
        if (b->blocks[i].kind != BLOCK_ITEM)
            continue;
        for (uint32_t c = (uint32_t)i + 1; c < b->blocks[i].end; c = b->blocks[c].end)
            if (b->blocks[c].kind == BLOCK_PARAGRAPH && before++)
                b->blocks[b->blocks[i].parent].flags |= BLOCK_LOOSE;
    }
}

static bool is_cjk(uint32_t c)
{
    return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

// Words that begin among eight ASCII characters; *in: one is under way. What neither makes nor ends
// a word ("-", "'") hands on what came before it: such bytes are all ones, and an addition carries
// across them.
static uint32_t count_eight(uint64_t eight, uint64_t *in)
{
    uint64_t letter = eight_alnum(eight), blank = ~eight_from(eight, ' ' + 1) & EIGHT_TOPS;
    uint64_t ends = letter | blank, neither = ((ends >> 7) ^ EIGHT_EVERY(1)) * 0xFF;
    uint64_t starts = blank << 1 | (*in ^ 1); // behind a blank a word may begin
    uint64_t first = ((neither + (starts & neither)) | starts) & ~neither;
    if (ends)
        *in = letter > blank; // the last of the eight that says anything
    return (uint32_t)((first & letter >> 7) * EIGHT_EVERY(1) >> 56); // the sum of the bytes
}

// A word has a letter or a digit in it; two characters of Chinese or Japanese are read in the time
// of a word.
static uint32_t count_words(const char *s, size_t len)
{
    uint32_t words = 0, cjk = 0;
    uint64_t in = 0;
    for (size_t i = 0; i < len;) {
        size_t plain = i + utf8_plain(s + i, len - i);
        for (; i + 8 <= plain; i += 8)
            words += count_eight(eight_load(s + i), &in);
        if (i < plain) {
            char some[8] = "--------";
            memcpy(some, s + i, plain - i);
            words += count_eight(eight_load(some), &in);
            i = plain;
        }
        if (i == len)
            break;
        uint32_t cp;
        i += utf8_decode(s + i, len - i, &cp);
        if (is_cjk(cp)) {
            cjk++;
            in = 0;
        } else if (cp == 0xA0 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2013 || cp == 0x2014 ||
                   cp == 0x3000) {
            in = 0;
        } else if (!in && cp >= 0xC0 && !(cp >= 0x2000 && cp <= 0x2BFF) &&
                   !(cp >= 0x3000 && cp <= 0x303F) && !(cp >= 0xFF00 && cp <= 0xFF0F)) {
            words++;
            in = 1;
        }
    }
    return words + (cjk + 1) / 2;
}

// Growing has doubled it; a document is kept as long as it is read.
static void *no_more(void *p, size_t n, size_t size)
{
    return p ? mem_realloc(p, n * size) : NULL;
}

struct doc *build_finish(struct doc_build *b)
{
    struct doc *d = b->doc;
    if (d->nnotes || b->nblocks)
        move_notes(b);
    resolve_links(b);
    tidy_spans(b);
    level_headings(b);
    loosen_lists(b);
    free(b->anchors);
    d->len = (uint32_t)b->text.len;
    d->text = no_more(buf_take(&b->text, NULL), d->len + 1, 1);
    d->nstrings = (uint32_t)b->strings.len;
    d->strings = buf_take(&b->strings, NULL);
    d->blocks = no_more(b->blocks, b->nblocks, sizeof *d->blocks);
    d->spans = no_more(b->spans, b->nspans, sizeof *d->spans);
    d->links = no_more(d->links, d->nlinks, sizeof *d->links);
    d->nblocks = (uint32_t)b->nblocks;
    d->nspans = (uint32_t)b->nspans;
    d->words = count_words(d->text, d->len);
    return d;
}
