// Every kind of block as it is set: who stands how far in, how much space parts two of them, which
// marks hang beside. Where the measure is too narrow for an indent there is less of it or none;
// words come first.
#include "setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

static int room_of(const struct place *p)
{
    return p->right - p->left;
}

// As much of an indent as there is room for.
static int afford(const struct place *p, int want)
{
    int room = room_of(p);
    int most = room >= 38 ? want : room >= 16 ? 2 : room >= 10 ? 1 : 0;
    return want < most ? want : most;
}

uint8_t place_role(const struct place *p, uint8_t role)
{
    return p->role != ROLE_TEXT ? p->role : role;
}

static enum breaking breaking_of(const struct setter *s)
{
    return s->o->first_fit ? BREAK_FIRST_FIT : BREAK_OPTIMUM;
}

// Does what the block says begin on the right? The source may say so, else its first letter does,
// else what it stands in.
bool block_rtl(const struct setter *s, const struct place *p, uint32_t block)
{
    const struct doc_block *b = &s->d->blocks[block];
    if (!s->sided)
        return false;
    return b->flags & BLOCK_RTL || bidi_first(s->d->text + b->off, b->len, p->rtl);
}

// What stands in nothing else chooses the side it begins on; what it holds keeps to that.
static struct place stand(const struct setter *s, const struct place *p, uint32_t block)
{
    struct place q = *p;
    if (s->sided && !p->inside) {
        q.rtl = block_rtl(s, p, block);
        q.inside = !doc_is_leaf((enum block_kind)s->d->blocks[block].kind);
    }
    return q;
}

static void set_own(struct setter *s, const struct place *p, const char *text, uint8_t role,
                    uint16_t flags)
{
    if (!text || !*text)
        return;
    struct flow f = flow_own(s, text, role);
    flow_turn(s, &f, p->rtl);
    line_fill(s, p, &f, DOC_NONE, breaking_of(s), &(struct fill){.flags = flags});
}

// The facts of a byline, as many to a line as fit: one that is too long is broken between two of
// them, where there is one, and what parts them is left out there.
static void set_byline(struct setter *s, const struct place *p, const char *byline)
{
    const char *const parts[] = {" \xc2\xb7 ", " - "};
    const char *sep = parts[strstr(byline, parts[0]) == NULL];
    int most = p->right - p->left;
    while (utf8_cols(byline, strlen(byline)) > most) {
        const char *cut = NULL, *next = byline;
        while ((next = strstr(next, sep)) && utf8_cols(byline, (size_t)(next - byline)) <= most) {
            cut = next;
            next += strlen(sep);
        }
        if (!cut)
            break;
        char *line = mem_strndup(byline, (size_t)(cut - byline));
        set_own(s, p, line, ROLE_BYLINE, LINE_HEAD | LINE_KEEP_NEXT);
        free(line);
        byline = cut + strlen(sep);
    }
    set_own(s, p, byline, ROLE_BYLINE, LINE_HEAD | LINE_KEEP_NEXT);
}

void set_head(struct setter *s, const struct place *whole)
{
    const struct layout_head *h = &s->o->head;
    struct place head = *whole, *p = &head;
    const char *first = h->title ? h->title : h->subtitle ? h->subtitle : h->byline;
    head.rtl = s->sided && first && bidi_first(first, strlen(first), false);
    set_own(s, p, h->title, ROLE_TITLE, LINE_HEAD | LINE_KEEP_NEXT);
    set_own(s, p, h->subtitle, ROLE_SUBTITLE, LINE_HEAD | LINE_KEEP_NEXT);
    if (s->l->nlines && h->byline && *h->byline)
        line_owe(s, p, 1);
    if (h->byline)
        set_byline(s, p, h->byline);
    const char *notice = notice_of(s);
    if (s->l->nlines && notice)
        line_owe(s, p, 1);
    set_own(s, p, notice, ROLE_NOTICE, LINE_HEAD | LINE_KEEP_NEXT);
    if (s->l->nlines)
        line_owe(s, p, 1);
}

// ---- leaves ----

static void set_leaf(struct setter *s, const struct place *p, uint32_t i, uint8_t role,
                     uint16_t marks, const char *prefix, const struct fill *fill)
{
    const struct doc_block *b = &s->d->blocks[i];
    if (!b->len)
        return;
    struct flow f = flow_of(s, b->off, b->len, role, marks | p->marks, prefix, role);
    flow_turn(s, &f, block_rtl(s, p, i));
    f.divide = s->o->hyphenate && s->o->hyphens && b->kind == BLOCK_PARAGRAPH;
    line_fill(s, p, &f, i, breaking_of(s), fill);
}

static void set_paragraph(struct setter *s, const struct place *p, uint32_t i, bool follows)
{
    struct fill fill = {.justify = s->o->justify, .whole = true};
    if (s->o->indent && follows)
        fill.first = afford(p, 3);
    set_leaf(s, p, i, p->role, 0, NULL, &fill);
}

static void set_heading(struct setter *s, const struct place *p, uint32_t i)
{
    uint8_t level = s->d->blocks[i].level;
    uint8_t role = level <= 1 ? ROLE_HEADING1 : level == 2 ? ROLE_HEADING2 : ROLE_HEADING3;
    set_leaf(s, p, i, role, 0, NULL, &(struct fill){.flags = LINE_HEADING | LINE_KEEP_NEXT});
}

static void set_verse(struct setter *s, const struct place *p, uint32_t i)
{
    struct place in = *p;
    in.left += afford(p, 4);
    const struct doc_block *b = &s->d->blocks[i];
    struct flow f = flow_of(s, b->off, b->len, place_role(p, ROLE_VERSE), p->marks, NULL, 0);
    flow_turn(s, &f, block_rtl(s, p, i));
    line_fill(s, &in, &f, i, BREAK_FIRST_FIT,
              &(struct fill){.rest = afford(&in, 4), .whole = true});
}

static void set_code(struct setter *s, const struct place *p, uint32_t i)
{
    struct place in = *p;
    in.left += afford(p, 2);
    const struct doc_block *b = &s->d->blocks[i];
    if (!b->len)
        return;
    struct flow f = flow_of(s, b->off, b->len, ROLE_CODE_BLOCK, 0, NULL, 0);
    in.rtl &= p->inside;
    flow_turn(s, &f, false); // programs run from the left
    line_fill(s, &in, &f, i, BREAK_ANYWHERE,
              &(struct fill){.rest = room_of(&in) >= 8 ? 2 : 0, .mark = true, .whole = true});
}

static void set_figure(struct setter *s, const struct place *p, uint32_t i)
{
    const struct doc_block *b = &s->d->blocks[i];
    enum media_kind kind = b->ref < s->d->nmedia ? s->d->media[b->ref].kind : MEDIA_IMAGE;
    const char *mark = s->o->ascii ? "[picture] " : "\xe2\x96\xa3 ";
    if (kind == MEDIA_AUDIO)
        mark = s->o->ascii ? "[audio] " : "\xe2\x99\xaa ";
    else if (kind == MEDIA_VIDEO)
        mark = s->o->ascii ? "[video] " : block_rtl(s, p, i) ? "\xe2\x97\x82 " : "\xe2\x96\xb8 ";
    set_leaf(s, p, i, ROLE_CAPTION, 0, mark,
             &(struct fill){.rest = afford(p, 2), .whole = true, .together = true});
}

static void set_card(struct setter *s, const struct place *p, uint32_t i)
{
    bool rtl = block_rtl(s, p, i);
    set_leaf(s, p, i, ROLE_CARD, 0,
             s->o->ascii ? "> "
             : rtl       ? "\xe2\x97\x82 "
                         : "\xe2\x96\xb8 ",
             &(struct fill){.rest = afford(p, 2), .whole = true});
}

static void set_attribution(struct setter *s, const struct place *p, uint32_t i)
{
    const struct doc_block *b = &s->d->blocks[i];
    const char *t = s->d->text + b->off;
    bool dashed = b->len && (t[0] == '-' || (b->len >= 3 && (memcmp(t, "\xe2\x80\x94", 3) == 0 ||
                                                             memcmp(t, "\xe2\x80\x93", 3) == 0)));
    if (s->l->nlines && b->len) // never alone at the top of a page
        s->l->lines[s->l->nlines - 1].flags |= LINE_KEEP_NEXT;
    set_leaf(s, p, i, p->role, 0,
             dashed        ? NULL
             : s->o->ascii ? "-- "
                           : "\xe2\x80\x94 ",
             &(struct fill){.rest = afford(p, 2)});
}

static void set_rule(struct setter *s, const struct place *p, uint32_t i)
{
    const char *mark = s->o->ascii ? "* * *" : "\xe2\x81\x82";
    uint32_t cols = s->o->ascii ? 5 : 1;
    if ((int)cols > room_of(p))
        mark = "*", cols = 1;
    line_open(s, p);
    line_to(s, p->left + (room_of(p) - (int)cols) / 2);
    line_own(s, mark, (uint32_t)strlen(mark), cols, ROLE_RULE, 0, DOC_NONE);
    s->line_off = s->line_end = s->d->blocks[i].off;
    line_close(s, i, 0);
}

// ---- lists and notes: something hangs beside the first line ----

// Sets [first, end) with a mark of `cols` columns before it, right-aligned in `hang`, `in` columns
// from the left. Where that leaves no room for words the mark has a line of its own.
static void set_hanging(struct setter *s, const struct place *p, uint32_t first, uint32_t end,
                        struct marker m, int in, int hang, int gap)
{
    struct place body = *p;
    int markers = s->nmarkers;
    size_t lines = s->l->nlines;
    if (room_of(p) - in - hang - gap >= 6 && markers < MAX_MARKERS) {
        body.left += in + hang + gap;
        m.col = p->left + in + hang - (int)m.cols;
        line_marker(s, &m);
        set_blocks(s, &body, first, end);
        if (s->l->nlines == lines)
            s->nmarkers = markers; // nothing was there to stand beside
        return;
    }
    for (uint32_t at = 0; at < m.len;) {
        int used;
        uint32_t n = (uint32_t)utf8_fit(m.text + at, m.len - at, room_of(p), &used);
        if (!n) {
            n = (uint32_t)utf8_grapheme(m.text + at, m.len - at);
            used = utf8_grapheme_cols(m.text + at, n);
        }
        line_open(s, p);
        line_to(s, p->left);
        line_own(s, m.text + at, n, (uint32_t)used, m.role, 0, m.note);
        line_close(s, DOC_NONE, LINE_KEEP_NEXT);
        at += n;
    }
    set_blocks(s, &body, first, end);
}

static void letters(char *out, size_t size, long n, char base)
{
    char turned[16];
    size_t len = 0;
    for (; n > 0 && len < sizeof turned; n = (n - 1) / 26)
        turned[len++] = (char)(base + (n - 1) % 26);
    size_t i = 0;
    while (len && i + 1 < size)
        out[i++] = turned[--len];
    out[i] = '\0';
}

static void roman(char *out, size_t size, long n, bool upper)
{
    static const struct {
        int value;
        const char *lower, *upper;
    } parts[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"}, {400, "cd", "CD"},
                 {100, "c", "C"},  {90, "xc", "XC"},  {50, "l", "L"},  {40, "xl", "XL"},
                 {10, "x", "X"},   {9, "ix", "IX"},   {5, "v", "V"},   {4, "iv", "IV"},
                 {1, "i", "I"}};
    size_t len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (; n >= parts[i].value; n -= parts[i].value)
            for (const char *p = upper ? parts[i].upper : parts[i].lower; *p && len + 1 < size; p++)
                out[len++] = *p;
    out[len] = '\0';
}

// What stands before an item; its columns are its bytes for numbers.
static struct marker item_marker(struct setter *s, const struct place *p,
                                 const struct doc_block *list, const struct doc_block *item)
{
    struct marker m = {.role = ROLE_BULLET, .note = DOC_NONE, .cols = 1};
    bool ascii = s->o->ascii;
    if (item->flags & BLOCK_TASK) {
        bool done = item->flags & BLOCK_CHECKED;
        m.text = ascii ? (done ? "[x]" : "[ ]") : done ? "\xe2\x98\x91" : "\xe2\x98\x90";
        m.cols = ascii ? 3 : 1;
    } else if (list->flags & BLOCK_ORDERED) {
        char label[64];
        long n = item->number;
        if (n < 1 || list->align == LIST_DECIMAL || list->align > LIST_UPPER_ROMAN ||
            (list->align >= LIST_LOWER_ROMAN && n > 3999))
            snprintf(label, sizeof label, "%ld", n);
        else if (list->align <= LIST_UPPER_ALPHA)
            letters(label, sizeof label, n, list->align == LIST_LOWER_ALPHA ? 'a' : 'A');
        else
            roman(label, sizeof label, n, list->align == LIST_UPPER_ROMAN);
        m.text = arena_printf(s->l->arena, p->rtl ? ".%s" : "%s.", label);
        m.cols = (uint32_t)strlen(m.text);
    } else {
        static const char *const plain[] = {"*", "-", "+"}, *const fine[] = {"\xe2\x80\xa2",
                                                                             "\xe2\x80\x93",
                                                                             "\xc2\xb7"};
        unsigned depth = p->depth < 2 ? p->depth : 2;
        m.text = ascii ? plain[depth] : fine[depth];
    }
    m.len = (uint32_t)strlen(m.text);
    return m;
}

// Items of one paragraph each, and lists in them, may stand without blank lines between.
static bool simple_items(const struct doc *d, uint32_t list)
{
    for (uint32_t item = list + 1; item < d->blocks[list].end; item = d->blocks[item].end) {
        if (d->blocks[item].kind != BLOCK_ITEM)
            continue;
        for (uint32_t i = item + 1; i < d->blocks[item].end; i = d->blocks[i].end)
            if (i > item + 1 && d->blocks[i].kind != BLOCK_LIST)
                return false;
    }
    return true;
}

static void set_list(struct setter *s, const struct place *p, uint32_t i)
{
    const struct doc_block *list = &s->d->blocks[i];
    struct place in = *p;
    in.tight = !(list->flags & BLOCK_LOOSE) && simple_items(s->d, i);
    if (list->flags & BLOCK_DEFINITIONS) {
        set_blocks(s, &in, i + 1, list->end);
        return;
    }
    int hang = 1;
    for (uint32_t k = i + 1; k < list->end; k = s->d->blocks[k].end)
        if (s->d->blocks[k].kind == BLOCK_ITEM) {
            struct marker m = item_marker(s, p, list, &s->d->blocks[k]);
            if ((int)m.cols > hang && m.cols <= 8)
                hang = (int)m.cols;
        }
    bool nested =
        p->depth > 0 || (list->parent != DOC_NONE && s->d->blocks[list->parent].kind == BLOCK_ITEM);
    int left = nested || room_of(p) < 38 ? 0 : 2;
    bool any = false;
    for (uint32_t k = i + 1; k < list->end; k = s->d->blocks[k].end) {
        const struct doc_block *item = &s->d->blocks[k];
        size_t lines = s->l->nlines;
        if (any)
            line_owe(s, p, in.tight ? 0 : 1);
        if (item->kind == BLOCK_ITEM) {
            struct marker m = item_marker(s, p, list, item);
            struct place body = in;
            body.depth++;
            set_hanging(s, &body, k + 1, item->end, m, left,
                        hang > (int)m.cols ? hang : (int)m.cols, 1);
        } else {
            set_blocks(s, &in, k, item->end);
        }
        any |= s->l->nlines > lines;
    }
}

static uint32_t note_label(struct setter *s, uint32_t i, const char **text)
{
    uint32_t ref = s->d->blocks[i].ref;
    const char *label = ref < s->d->nnotes && s->d->notes[ref].label ? s->d->notes[ref].label : "*";
    if (s->o->ascii) {
        struct buf b = {0};
        utf8_to_ascii(&b, label, strlen(label));
        label = arena_strdup(s->l->arena, buf_cstr(&b));
        buf_free(&b);
    }
    *text = label;
    return (uint32_t)utf8_cols(label, strlen(label));
}

static void set_note(struct setter *s, const struct place *p, uint32_t i, int hang)
{
    const struct doc_block *b = &s->d->blocks[i];
    struct place body = *p;
    body.role = ROLE_NOTE;
    struct marker m = {.role = ROLE_NOTE_LABEL, .note = b->ref < s->d->nnotes ? b->ref : DOC_NONE};
    m.cols = note_label(s, i, &m.text);
    m.len = (uint32_t)strlen(m.text);
    set_hanging(s, &body, i + 1, b->end, m, 0, hang > (int)m.cols ? hang : (int)m.cols,
                room_of(p) >= 38 ? 2 : 1);
}

// The short rule between the essay and its notes.
static void set_note_rule(struct setter *s, const struct place *p)
{
    int cols = room_of(p) / 4 < 12 ? room_of(p) / 4 : 12;
    if (cols < 1)
        return;
    struct buf b = {0};
    for (int k = 0; k < cols; k++)
        buf_str(&b, s->o->ascii ? "-" : "\xe2\x94\x80");
    line_open(s, p);
    line_to(s, p->left);
    line_own(s, arena_strndup(s->l->arena, b.data, b.len), (uint32_t)b.len, (uint32_t)cols,
             ROLE_RULE, 0, DOC_NONE);
    line_close(s, DOC_NONE, LINE_KEEP_NEXT);
    buf_free(&b);
    line_owe(s, p, 1);
}

// The widest label of the notes that stand together, within reason.
static int notes_hang(struct setter *s, uint32_t i, uint32_t end)
{
    int hang = 1;
    for (; i < end && s->d->blocks[i].kind == BLOCK_NOTE; i = s->d->blocks[i].end) {
        const char *text;
        int cols = (int)note_label(s, i, &text);
        if (cols > hang && cols <= 5)
            hang = cols;
    }
    return hang;
}

// ---- containers ----

static void set_quote(struct setter *s, const struct place *p, uint32_t i)
{
    const struct doc_block *b = &s->d->blocks[i];
    struct place in = *p;
    in.role = ROLE_QUOTE;
    in.tight = false;
    if (room_of(p) >= 10 && p->bars < MAX_BARS) {
        int left = p->bars == 0 ? afford(p, 2) : 0;
        if (room_of(p) < 38)
            left = 0;
        s->bars[in.bars++] = p->left + left;
        in.left += left + 2;
    }
    set_blocks(s, &in, i + 1, b->end);
}

static void set_inset(struct setter *s, const struct place *p, uint32_t i, int want, uint8_t role)
{
    struct place in = *p;
    int by = afford(p, want);
    in.left += by;
    in.right -= by;
    in.role = role;
    in.tight = false;
    set_blocks(s, &in, i + 1, s->d->blocks[i].end);
}

static bool one_leaf(const struct doc *d, uint32_t note)
{
    return d->blocks[note].end == note + 2;
}

// Blank lines between two neighbours.
static int space(const struct setter *s, const struct place *p, uint32_t prev, uint32_t next)
{
    const struct doc_block *a = &s->d->blocks[prev], *b = &s->d->blocks[next];
    if (b->kind == BLOCK_HEADING)
        return a->kind != BLOCK_HEADING && b->level <= 2 ? 2 : 1;
    if (a->kind == BLOCK_HEADING)
        return a->level <= 2 || b->kind != BLOCK_PARAGRAPH ? 1 : 0;
    if (b->kind == BLOCK_ATTRIBUTION)
        return 0;
    if (b->kind == BLOCK_DEFINITION || b->kind == BLOCK_TERM)
        return p->tight || a->kind == BLOCK_TERM ? 0 : 1;
    if (a->kind == BLOCK_NOTE && b->kind == BLOCK_NOTE)
        return one_leaf(s->d, prev) && one_leaf(s->d, next) ? 0 : 1;
    if (s->o->indent && a->kind == BLOCK_PARAGRAPH && b->kind == BLOCK_PARAGRAPH)
        return 0;
    if (p->tight && (a->kind == BLOCK_LIST || b->kind == BLOCK_LIST) && p->depth > 0)
        return 0;
    return 1;
}

static void set_block(struct setter *s, const struct place *p, uint32_t i, uint32_t prev)
{
    const struct doc_block *b = &s->d->blocks[i];
    switch ((enum block_kind)b->kind) {
    case BLOCK_PARAGRAPH:
        set_paragraph(s, p, i, prev != DOC_NONE && s->d->blocks[prev].kind == BLOCK_PARAGRAPH);
        break;
    case BLOCK_HEADING:
        set_heading(s, p, i);
        break;
    case BLOCK_CODE:
        set_code(s, p, i);
        break;
    case BLOCK_VERSE:
        set_verse(s, p, i);
        break;
    case BLOCK_FIGURE:
        set_figure(s, p, i);
        break;
    case BLOCK_RULE:
        set_rule(s, p, i);
        break;
    case BLOCK_CARD:
        set_card(s, p, i);
        break;
    case BLOCK_NOTICE:
        set_leaf(s, p, i, ROLE_NOTICE, 0, NULL, &(struct fill){.whole = true});
        break;
    case BLOCK_TERM:
        set_leaf(s, p, i, p->role, MARK_STRONG, NULL, &(struct fill){.flags = LINE_KEEP_NEXT});
        break;
    case BLOCK_ATTRIBUTION:
        set_attribution(s, p, i);
        break;
    case BLOCK_CELL: // outside a table
        set_paragraph(s, p, i, false);
        break;
    case BLOCK_QUOTE:
        set_quote(s, p, i);
        break;
    case BLOCK_PULLQUOTE:
        set_inset(s, p, i, 6, ROLE_PULLQUOTE);
        break;
    case BLOCK_ASIDE:
        set_inset(s, p, i, 2, p->role);
        break;
    case BLOCK_LIST:
        set_list(s, p, i);
        break;
    case BLOCK_DEFINITION: {
        struct place in = *p;
        in.left += afford(p, 4);
        in.tight = false;
        set_blocks(s, &in, i + 1, b->end);
        break;
    }
    case BLOCK_TABLE:
        set_table(s, p, i);
        break;
    case BLOCK_ITEM: // outside a list
    case BLOCK_NOTE:
    case BLOCK_ROW:
    case BLOCK_KIND_COUNT:
        set_blocks(s, p, i + 1, b->end);
        break;
    }
}

// A rule parts what shows: pictures without words do not.
static bool rule_parts(const struct setter *s, uint32_t rule, uint32_t prev, uint32_t end)
{
    const struct doc_block *blocks = s->d->blocks;
    if (prev == DOC_NONE || blocks[prev].kind == BLOCK_RULE)
        return false;
    uint32_t i = blocks[rule].end;
    while (i < end && blocks[i].kind == BLOCK_FIGURE && blocks[i].len == 0)
        i = blocks[i].end;
    return i < end;
}

void set_next(struct setter *s, const struct place *p, struct siblings *b)
{
    uint32_t i = b->next;
    if (b == &s->top && s->d->blocks[i].kind == BLOCK_RULE && !rule_parts(s, i, b->prev, b->end)) {
        b->next = s->d->blocks[i].end;
        return;
    }
    size_t lines = s->l->nlines;
    int owed = s->blanks;
    uint16_t bars = s->blank_bars;
    bool note = s->d->blocks[i].kind == BLOCK_NOTE;
    struct place q = stand(s, p, i);
    if (b->prev != DOC_NONE)
        line_owe(s, p, space(s, p, b->prev, i));
    if (note && !b->hang) {
        b->hang = notes_hang(s, i, b->end);
        if (s->l->nlines) {
            line_owe(s, p, 1);
            set_note_rule(s, &q);
        }
    }
    if (note)
        set_note(s, &q, i, b->hang);
    else
        set_block(s, &q, i, b->prev);
    if (s->l->nlines > lines) {
        b->prev = i;
    } else { // it had nothing to show
        s->blanks = owed;
        s->blank_bars = bars;
    }
    b->next = s->d->blocks[i].end;
}

void set_blocks(struct setter *s, const struct place *p, uint32_t first, uint32_t end)
{
    struct siblings b = {.next = first, .end = end, .prev = DOC_NONE};
    while (b.next < end)
        set_next(s, p, &b);
}
