// Building a document. Readers say open, text, close in the order of their source, however broken
// that is; what comes out keeps every promise of doc.h. Three ideas: a stack of frames, of which
// some are implicit (a paragraph that text needed, the row that a cell needed) and some dead (too
// deep, or a leaf that ended early); white space that is held back until something follows it, so
// that none stands at an edge; spans that start with the first character in them.
#include "build.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/eight.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum held { HELD_NONE, HELD_NBSP, HELD_SPACE, HELD_BREAK };

struct frame {
    uint32_t block; // DOC_NONE: dead
    uint32_t
        live; // index of the nearest frame that is not dead, this one included; DOC_NONE: the top
    uint32_t depth;                     // containers open, this one included
    uint32_t text_len, nspans, nleaves; // when it was opened
    uint8_t kind;
    bool implicit;
};

struct open_span {
    uint32_t ref;
    uint32_t index; // in spans, once started; DOC_NONE before, or when it is left out
    uint8_t kind;
    bool idle; // inside another of its kind: never starts
};

struct doc_builder {
    struct doc_build d;
    struct frame *frames;
    size_t nframes, frames_cap;
    struct open_span *open;
    size_t nopen, open_cap, nstarted; // the first nstarted of open have been looked at in this leaf
    uint32_t *last; // by place in the stack: the span that ended there last, for joining
    size_t last_cap, nlast;
    uint32_t nleaves;
    size_t anchors_placed;
    enum held held;
    struct buf held_pre; // white space held back in CODE and VERSE
    struct buf scratch;
    struct doc_block dummy;
};

struct doc_builder *doc_builder_new(void)
{
    struct doc_builder *b = mem_alloc(sizeof *b);
    b->d.doc = mem_alloc(sizeof *b->d.doc);
    b->d.doc->arena = arena_new();
    return b;
}

// ---- the stack ----

static struct frame *top(struct doc_builder *b)
{
    if (!b->nframes)
        return NULL;
    uint32_t live = b->frames[b->nframes - 1].live;
    return live == DOC_NONE ? NULL : &b->frames[live];
}

static struct frame *open_leaf(struct doc_builder *b)
{
    struct frame *f = top(b);
    return f && doc_is_leaf(f->kind) ? f : NULL;
}

static bool is_pre(enum block_kind kind)
{
    return kind == BLOCK_CODE || kind == BLOCK_VERSE;
}

static bool allowed(const struct doc_builder *b, const struct frame *parent, enum block_kind k)
{
    enum block_kind p = parent ? parent->kind : BLOCK_KIND_COUNT;
    switch (p) {
    case BLOCK_LIST:
        return b->d.blocks[parent->block].flags & BLOCK_DEFINITIONS
                   ? k == BLOCK_TERM || k == BLOCK_DEFINITION
                   : k == BLOCK_ITEM;
    case BLOCK_TABLE:
        return k == BLOCK_ROW || (k == BLOCK_PARAGRAPH && b->d.nblocks == parent->block + 1);
    case BLOCK_ROW:
        return k == BLOCK_CELL;
    default:
        if (k == BLOCK_ATTRIBUTION)
            return p == BLOCK_QUOTE || p == BLOCK_PULLQUOTE;
        return k != BLOCK_ITEM && k != BLOCK_ROW && k != BLOCK_CELL && k != BLOCK_TERM &&
               k != BLOCK_DEFINITION;
    }
}

static uint32_t push(struct doc_builder *b, enum block_kind kind, bool implicit, bool dead)
{
    struct frame *t = top(b);
    uint32_t parent = t ? t->block : DOC_NONE;
    struct frame f = {.block = DOC_NONE,
                      .live = b->nframes ? b->frames[b->nframes - 1].live : DOC_NONE,
                      .depth = t ? t->depth : 0,
                      .text_len = (uint32_t)b->d.text.len,
                      .nspans = (uint32_t)b->d.nspans,
                      .nleaves = b->nleaves,
                      .kind = (uint8_t)kind,
                      .implicit = implicit};
    if (!dead) {
        bool leaf = doc_is_leaf(kind);
        b->d.blocks =
            mem_grow(b->d.blocks, &b->d.blocks_cap, b->d.nblocks + 1, sizeof *b->d.blocks);
        if (leaf && b->nleaves++)
            buf_char(&b->d.text, '\n');
        f.block = (uint32_t)b->d.nblocks++;
        f.live = (uint32_t)b->nframes;
        f.depth += !leaf;
        b->d.blocks[f.block] = (struct doc_block){.kind = (uint8_t)kind,
                                                  .off = (uint32_t)b->d.text.len,
                                                  .parent = parent,
                                                  .end = f.block + 1,
                                                  .ref = DOC_NONE,
                                                  .colspan = 1,
                                                  .rowspan = 1};
        if (kind == BLOCK_HEADING)
            b->d.blocks[f.block].level = 1;
        b->held = HELD_NONE;
        buf_clear(&b->held_pre);
        b->nlast = 0;
    }
    b->frames = mem_grow(b->frames, &b->frames_cap, b->nframes + 1, sizeof *b->frames);
    b->frames[b->nframes++] = f;
    return f.block;
}

static void place_anchors(struct doc_builder *b, size_t off)
{
    while (b->anchors_placed < b->d.nanchors)
        b->d.anchors[b->anchors_placed++].off = (uint32_t)off;
}

static void spans_pause(struct doc_builder *b)
{
    for (size_t i = 0; i < b->nstarted; i++) {
        struct open_span *o = &b->open[i];
        if (o->index != DOC_NONE)
            b->d.spans[o->index].len = (uint32_t)b->d.text.len - b->d.spans[o->index].off;
        o->index = DOC_NONE;
    }
    b->nstarted = 0;
    b->nlast = 0;
}

static void forget(struct doc_builder *b, const struct frame *f)
{
    b->d.nblocks = f->block;
    b->d.text.len = f->text_len;
    if (b->d.text.data)
        b->d.text.data[f->text_len] = '\0';
    b->d.nspans = f->nspans;
    b->nleaves = f->nleaves;
}

static bool may_be_empty(const struct doc_block *k)
{
    if (k->kind == BLOCK_FIGURE || k->kind == BLOCK_CARD)
        return k->ref != DOC_NONE;
    return k->kind == BLOCK_RULE || k->kind == BLOCK_CELL;
}

static void end_leaf(struct doc_builder *b, const struct frame *f)
{
    struct doc_block *k = &b->d.blocks[f->block];
    spans_pause(b);
    b->held = HELD_NONE;
    buf_clear(&b->held_pre);
    k->len = (uint32_t)b->d.text.len - k->off;
    if (k->len == 0 && !may_be_empty(k))
        forget(b, f);
    else if (k->len == 0)
        place_anchors(b, k->off);
}

static void end_container(struct doc_builder *b, const struct frame *f)
{
    struct doc_block *k = &b->d.blocks[f->block];
    if (b->d.nblocks == f->block + 1) {
        forget(b, f);
        return;
    }
    k->end = (uint32_t)b->d.nblocks;
    k->off = k[1].off;
    k->len = (uint32_t)b->d.text.len - k->off;
    if (k->kind == BLOCK_TABLE && k->end == f->block + 2 && k[1].kind == BLOCK_PARAGRAPH) {
        k[1].parent = k->parent; // a caption without a table is a paragraph
        k[1].end = f->block + 1;
        k[0] = k[1];
        b->d.nblocks--;
    }
}

// Ends the innermost frame, whatever it is.
static void pop(struct doc_builder *b)
{
    struct frame f = b->frames[b->nframes - 1];
    if (f.block != DOC_NONE) {
        if (doc_is_leaf(f.kind))
            end_leaf(b, &f);
        else
            end_container(b, &f);
    }
    b->nframes--;
    if (f.block == DOC_NONE && open_leaf(b))
        doc_break(b); // a block inside a cell
}

// A leaf that ends before its reader says so: the frame stays to be closed, the block is done.
static void end_leaf_early(struct doc_builder *b, struct frame *leaf)
{
    struct frame f = *leaf;
    size_t i = (size_t)(leaf - b->frames);
    if (leaf->implicit && i + 1 == b->nframes) {
        pop(b);
        return;
    }
    end_leaf(b, &f);
    uint32_t below = i ? b->frames[i - 1].live : DOC_NONE;
    for (; i < b->nframes; i++) {
        b->frames[i].live = below;
        b->frames[i].block = DOC_NONE;
    }
}

// Lists and tables need room for their items and rows as well.
static bool room_for(const struct frame *parent, enum block_kind k)
{
    uint32_t depth = parent ? parent->depth : 0;
    return doc_is_leaf(k) || depth + (k == BLOCK_LIST || k == BLOCK_TABLE) < DOC_MAX_DEPTH;
}

static enum block_kind wrapper(const struct doc_builder *b, const struct frame *p,
                               enum block_kind k)
{
    if (p && p->kind == BLOCK_LIST)
        return b->d.blocks[p->block].flags & BLOCK_DEFINITIONS ? BLOCK_DEFINITION : BLOCK_ITEM;
    if (p && p->kind == BLOCK_TABLE)
        return BLOCK_ROW;
    if (p && p->kind == BLOCK_ROW)
        return BLOCK_CELL;
    switch (k) {
    case BLOCK_ITEM:
    case BLOCK_TERM:
    case BLOCK_DEFINITION:
        return BLOCK_LIST;
    case BLOCK_ROW:
    case BLOCK_CELL:
        return BLOCK_TABLE;
    default:
        return BLOCK_KIND_COUNT;
    }
}

static uint32_t open_block(struct doc_builder *b, enum block_kind kind, bool implicit)
{
    struct frame *t;
    // What was only there for the block before ends when the new one fits without it.
    while (b->nframes && b->frames[b->nframes - 1].implicit &&
           (t = top(b)) == &b->frames[b->nframes - 1]) {
        struct frame *below =
            b->nframes > 1 && t[-1].live != DOC_NONE ? &b->frames[t[-1].live] : NULL;
        if (!doc_is_leaf(t->kind) && allowed(b, t, kind) && !allowed(b, below, kind))
            break;
        pop(b);
    }
    t = open_leaf(b);
    if (t && t->kind == BLOCK_CELL && kind != BLOCK_CELL && kind != BLOCK_ROW) {
        doc_break(b);
        return push(b, kind, implicit, true);
    }
    if (t)
        end_leaf_early(b, t);
    for (int i = 0; i < 4 && !allowed(b, top(b), kind); i++) {
        enum block_kind w = wrapper(b, top(b), kind);
        if (w == BLOCK_KIND_COUNT || !room_for(top(b), w) || !allowed(b, top(b), w))
            break;
        uint32_t at = push(b, w, true, false);
        if (w == BLOCK_LIST && kind != BLOCK_ITEM)
            b->d.blocks[at].flags |= BLOCK_DEFINITIONS;
        if (w == BLOCK_CELL)
            return push(b, kind, implicit, true);
    }
    if (!allowed(b, top(b), kind)) {
        if (!doc_is_leaf(kind))
            return push(b, kind, implicit, true);
        kind = BLOCK_PARAGRAPH;
    }
    if (!room_for(top(b), kind))
        return push(b, kind, implicit, true);
    return push(b, kind, implicit, false);
}

uint32_t doc_open(struct doc_builder *b, enum block_kind kind)
{
    return open_block(b, kind, false);
}

struct doc_block *doc_builder_block(struct doc_builder *b, uint32_t i)
{
    return i < b->d.nblocks ? &b->d.blocks[i] : &b->dummy;
}

void doc_close(struct doc_builder *b)
{
    while (b->nframes && b->frames[b->nframes - 1].implicit)
        pop(b);
    if (b->nframes)
        pop(b);
}

void doc_drop(struct doc_builder *b)
{
    while (b->nframes && b->frames[b->nframes - 1].implicit)
        pop(b);
    if (!b->nframes)
        return;
    struct frame f = b->frames[b->nframes - 1];
    if (f.block != DOC_NONE) {
        spans_pause(b);
        b->held = HELD_NONE;
        buf_clear(&b->held_pre);
        forget(b, &f);
    }
    b->nframes--;
}

// ---- spans ----

static bool may_join(const struct doc_builder *b, const struct doc_span *s,
                     const struct open_span *o)
{
    if (s->kind != o->kind || s->ref != o->ref || o->kind == SPAN_NOTE_MARK ||
        o->kind == SPAN_KBD || o->kind == SPAN_ABBR || o->kind == SPAN_MATH)
        return false;
    size_t gap = b->d.text.len - (s->off + s->len);
    if (gap == 0)
        return true;
    return gap == 1 && b->d.text.data[b->d.text.len - 1] == ' ' && o->kind != SPAN_CODE &&
           o->kind != SPAN_SUB && o->kind != SPAN_SUP;
}

static void spans_start(struct doc_builder *b, enum block_kind leaf)
{
    for (; b->nstarted < b->nopen; b->nstarted++) {
        struct open_span *o = &b->open[b->nstarted];
        if (o->idle || (o->kind == SPAN_CODE && leaf == BLOCK_CODE))
            continue;
        size_t place = b->nstarted;
        if (place < b->nlast && b->last[place] != DOC_NONE &&
            may_join(b, &b->d.spans[b->last[place]], o)) {
            o->index = b->last[place];
            b->last[place] = DOC_NONE;
            continue;
        }
        if (b->nlast > place)
            b->nlast = place;
        b->d.spans = mem_grow(b->d.spans, &b->d.spans_cap, b->d.nspans + 1, sizeof *b->d.spans);
        o->index = (uint32_t)b->d.nspans++;
        b->d.spans[o->index] =
            (struct doc_span){.kind = o->kind, .off = (uint32_t)b->d.text.len, .ref = o->ref};
    }
}

static void span_end(struct doc_builder *b, size_t place)
{
    struct open_span *o = &b->open[place];
    if (place >= b->nstarted || o->index == DOC_NONE)
        return;
    b->d.spans[o->index].len = (uint32_t)b->d.text.len - b->d.spans[o->index].off;
    b->last = mem_grow(b->last, &b->last_cap, place + 1, sizeof *b->last);
    while (b->nlast < place)
        b->last[b->nlast++] = DOC_NONE;
    b->last[place] = o->index;
    if (b->nlast == place)
        b->nlast++;
    o->index = DOC_NONE;
}

void doc_span_open(struct doc_builder *b, enum span_kind kind, uint32_t ref)
{
    struct open_span o = {.ref = ref, .index = DOC_NONE, .kind = (uint8_t)kind};
    // Deeper than anyone means: only counted, so that the ends still match.
    o.idle = b->nopen >= 64;
    for (size_t i = b->nopen > 64 ? 64 : b->nopen; i-- > 0 && !o.idle;)
        if (b->open[i].kind == kind && !b->open[i].idle &&
            (kind != SPAN_LANG || b->open[i].ref == ref))
            o.idle = true;
    b->open = mem_grow(b->open, &b->open_cap, b->nopen + 1, sizeof *b->open);
    b->open[b->nopen++] = o;
}

void doc_span_close(struct doc_builder *b, enum span_kind kind)
{
    size_t at = b->nopen;
    size_t floor = b->nopen > 200 ? b->nopen - 200 : 0; // misnested further than that: not found
    while (at > floor && b->open[at - 1].kind != kind)
        at--;
    if (at == floor)
        return;
    at--;
    for (size_t i = b->nopen; i-- > at;)
        span_end(b, i);
    if (b->nstarted > at)
        b->nstarted = at;
    memmove(b->open + at, b->open + at + 1, (b->nopen - at - 1) * sizeof *b->open);
    b->nopen--;
}

// ---- text ----

// Everything held back comes first, then the spans that wait for a character, then the character.
static void begin_text(struct doc_builder *b, const struct frame *leaf)
{
    size_t start = b->d.blocks[leaf->block].off;
    if (is_pre(leaf->kind)) {
        if (b->held_pre.len) {
            size_t skip = 0;
            if (b->d.text.len == start) // blank lines before the first
                for (size_t i = 0; i < b->held_pre.len; i++)
                    if (b->held_pre.data[i] == '\n')
                        skip = i + 1;
            buf_add(&b->d.text, b->held_pre.data + skip, b->held_pre.len - skip);
            buf_clear(&b->held_pre);
        }
    } else if (b->held != HELD_NONE) {
        if (b->d.text.len > start) {
            if (b->held == HELD_NBSP)
                buf_add(&b->d.text, "\xc2\xa0", 2);
            else
                buf_char(&b->d.text, b->held == HELD_BREAK ? '\n' : ' ');
        }
        b->held = HELD_NONE;
    }
    if (b->nstarted < b->nopen)
        spans_start(b, leaf->kind);
    if (b->anchors_placed < b->d.nanchors)
        place_anchors(b, b->d.text.len);
}

static bool is_nbsp(const char *s, size_t left)
{
    return left >= 2 && (unsigned char)s[0] == 0xC2 && (unsigned char)s[1] == 0xA0;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

// From s[j] on, bytes of which none is white space that needs care: eight at a time, while they are
// ASCII with single blanks between.
static size_t skip_even(const char *s, size_t j, size_t len)
{
    for (; j + 9 <= len; j += 8) {
        uint64_t eight = eight_load(s + j);
        if ((eight | ~eight_from(eight & ~EIGHT_TOPS, ' ')) & EIGHT_TOPS)
            break; // beyond ASCII, or white space that is no blank
        uint64_t blank = eight_is(eight, ' ');
        unsigned char next = (unsigned char)s[j + 8];
        if ((blank & blank << 8) || (blank >> 63 && (next <= ' ' || next == 0xC2)))
            break;
    }
    return j;
}

static void flow_text(struct doc_builder *b, const char *s, size_t len, const struct frame *leaf)
{
    static const uint8_t stops[256] = {
        [' '] = 1, ['\n'] = 1, ['\t'] = 1, ['\r'] = 1, ['\f'] = 1, [0xC2] = 1};
    for (size_t i = 0; i < len;) {
        if (is_white(s[i])) {
            if (b->held < HELD_SPACE)
                b->held = HELD_SPACE;
            i++;
            continue;
        }
        if (is_nbsp(s + i, len - i)) {
            if (b->held < HELD_SPACE)
                b->held = b->held == HELD_NONE ? HELD_NBSP : HELD_SPACE;
            i += 2;
            continue;
        }
        size_t j = i + 1; // a stretch in which no white space needs care
        for (;; j++) {
            j = skip_even(s, j, len);
            while (j < len && !stops[(unsigned char)s[j]])
                j++;
            if (j == len)
                break;
            if (s[j] == ' ') {
                if (j + 1 == len || is_white(s[j + 1]) || is_nbsp(s + j + 1, len - j - 1))
                    break;
            } else if (is_white(s[j]) || is_nbsp(s + j, len - j)) {
                break;
            }
        }
        begin_text(b, leaf);
        buf_add(&b->d.text, s + i, j - i);
        i = j;
    }
}

static void pre_text(struct doc_builder *b, const char *s, size_t len, const struct frame *leaf)
{
    size_t tail = len, head = 0;
    while (tail > 0 && is_white(s[tail - 1]))
        tail--;
    if (tail == 0) {
        buf_add(&b->held_pre, s, len);
        return;
    }
    while (is_white(s[head]))
        head++;
    buf_add(&b->held_pre, s, head);
    begin_text(b, leaf);
    buf_add(&b->d.text, s + head, tail - head);
    buf_add(&b->held_pre, s + tail, len - tail);
}

// Text as it nearly always is needs no filter: a look at it is cheaper than a copy.
static bool needs_cleaning(const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        for (; i + 8 <= len; i += 8) { // printable ASCII
            uint64_t eight = eight_load(s + i), low = eight & ~EIGHT_TOPS;
            if ((eight | ~eight_from(low, ' ') | eight_from(low, 0x7F)) & EIGHT_TOPS)
                break;
        }
        if (i == len)
            break;
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c < 0x7F) {
            i++;
            continue;
        }
        if (c < 0x80) {
            if (c != '\n' && c != '\t')
                return true;
            i++;
            continue;
        }
        uint32_t cp;
        size_t n = utf8_decode(s + i, len - i, &cp);
        if (n == 1 || cp < 0xA0 || (cp >= 0x2028 && cp <= 0x206F) || cp >= 0xFDD0)
            return true;
        i += n;
    }
    return false;
}

static bool all_white(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_white(s[i]) && !(is_nbsp(s + i, len - i) && ++i))
            return false;
    return true;
}

void doc_text(struct doc_builder *b, const char *s, size_t len)
{
    if (len == 0 || b->d.text.len + 3 * len > UINT32_MAX - 4096)
        return;
    if (needs_cleaning(s, len)) {
        buf_clear(&b->scratch);
        utf8_clean(&b->scratch, s, len, UTF8_TEXT);
        s = b->scratch.data;
        len = b->scratch.len;
    }
    struct frame *leaf = open_leaf(b);
    if (!leaf) {
        if (all_white(s, len))
            return;
        open_block(b, BLOCK_PARAGRAPH, true);
        leaf = open_leaf(b);
    }
    if (leaf->kind == BLOCK_RULE)
        return;
    if (is_pre(leaf->kind))
        pre_text(b, s, len, leaf);
    else
        flow_text(b, s, len, leaf);
}

void doc_break(struct doc_builder *b)
{
    const struct frame *leaf = open_leaf(b);
    if (leaf && is_pre(leaf->kind))
        buf_char(&b->held_pre, '\n');
    else if (leaf)
        b->held = HELD_BREAK;
}

// ---- what text refers to ----

void doc_anchor(struct doc_builder *b, const char *name)
{
    b->d.anchors =
        mem_grow(b->d.anchors, &b->d.anchors_cap, b->d.nanchors + 1, sizeof *b->d.anchors);
    b->d.anchors[b->d.nanchors++] =
        (struct build_anchor){arena_strdup(b->d.doc->arena, name), DOC_NONE};
}

static char *keep_clean(struct doc_builder *b, const char *s, enum utf8_mode mode)
{
    if (!s)
        return NULL;
    buf_clear(&b->scratch);
    utf8_clean(&b->scratch, s, strlen(s), mode);
    return arena_strndup(b->d.doc->arena, buf_cstr(&b->scratch), b->scratch.len);
}

static bool same(const char *x, const char *y)
{
    return x == y || (x && y && strcmp(x, y) == 0);
}

uint32_t doc_add_link(struct doc_builder *b, const char *url, const char *title)
{
    struct doc *d = b->d.doc;
    url = keep_clean(b, url, UTF8_ADDRESS);
    title = keep_clean(b, title, UTF8_LINE);
    if (title && !*title)
        title = NULL;
    if (d->nlinks && same(d->links[d->nlinks - 1].url, url) &&
        same(d->links[d->nlinks - 1].title, title))
        return d->nlinks - 1; // one link in pieces
    d->links = mem_grow(d->links, &b->d.links_cap, d->nlinks + 1, sizeof *d->links);
    d->links[d->nlinks] = (struct doc_link){url, title, DOC_NONE};
    return d->nlinks++;
}

uint32_t doc_add_note(struct doc_builder *b, const char *label)
{
    struct doc *d = b->d.doc;
    d->notes = mem_grow(d->notes, &b->d.notes_cap, d->nnotes + 1, sizeof *d->notes);
    d->notes[d->nnotes] =
        (struct doc_note){keep_clean(b, label ? label : "", UTF8_LINE), DOC_NONE, DOC_NONE};
    return d->nnotes++;
}

uint32_t doc_add_media(struct doc_builder *b, const struct doc_media *m)
{
    struct doc *d = b->d.doc;
    d->media = mem_grow(d->media, &b->d.media_cap, d->nmedia + 1, sizeof *d->media);
    struct doc_media *own = &d->media[d->nmedia];
    *own = *m;
    own->url = keep_clean(b, m->url, UTF8_ADDRESS);
    own->link = keep_clean(b, m->link, UTF8_ADDRESS);
    own->title = keep_clean(b, m->title, UTF8_LINE);
    if (own->title && !*own->title)
        own->title = NULL;
    return d->nmedia++;
}

uint32_t doc_add_string(struct doc_builder *b, const char *s)
{
    char *clean = utf8_clean_dup(s, strlen(s), UTF8_LINE);
    size_t n = strlen(clean) + 1;
    size_t at = 0;
    while (at < b->d.strings.len && strcmp(b->d.strings.data + at, clean) != 0)
        at += strlen(b->d.strings.data + at) + 1;
    if (at >= b->d.strings.len)
        buf_add(&b->d.strings, clean, n);
    free(clean);
    return (uint32_t)at;
}

void doc_set_meta(struct doc_builder *b, const char **field_of_doc, const char *value)
{
    const char *clean = keep_clean(b, value, UTF8_LINE);
    if (clean && *clean)
        *field_of_doc = clean;
}

struct doc *doc_builder_doc(struct doc_builder *b)
{
    return b->d.doc;
}

enum block_kind doc_builder_kind(const struct doc_builder *b)
{
    uint32_t live = b->nframes ? b->frames[b->nframes - 1].live : DOC_NONE;
    return live == DOC_NONE ? BLOCK_KIND_COUNT : (enum block_kind)b->frames[live].kind;
}

uint32_t doc_builder_leaves(const struct doc_builder *b)
{
    return b->nleaves;
}

const char *doc_builder_text(const struct doc_builder *b, size_t *len)
{
    uint32_t live = b->nframes ? b->frames[b->nframes - 1].live : DOC_NONE;
    *len = 0;
    if (live == DOC_NONE || !doc_is_leaf(b->frames[live].kind))
        return "";
    uint32_t off = b->d.blocks[b->frames[live].block].off;
    *len = b->d.text.len - off;
    return buf_cstr(&b->d.text) + off;
}

struct doc *doc_finish(struct doc_builder *b)
{
    while (b->nframes)
        pop(b);
    if (b->anchors_placed < b->d.nanchors)
        place_anchors(b, b->d.nblocks ? b->d.blocks[b->d.nblocks - 1].off : 0);
    struct doc *d = build_finish(&b->d);
    free(b->frames);
    free(b->open);
    free(b->last);
    buf_free(&b->held_pre);
    buf_free(&b->scratch);
    free(b);
    return d;
}
