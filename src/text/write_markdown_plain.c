// What of a document can be said in plain Markdown. Every answer here is one about the reader: it
// must make the same blocks of what would be written; a test writes and reads made-up documents.
#include "write_markdown.h"

#include <stdio.h>
#include <string.h>

static bool has_spans(const struct doc *d, const struct doc_block *k)
{
    uint32_t s = write_first_span(d, k->off);
    return s < d->nspans && d->spans[s].off < k->off + k->len;
}

bool md_plain_figure(const struct md *w, const struct doc_block *k)
{
    if (k->ref == DOC_NONE)
        return false;
    const struct doc_media *m = &w->d->media[k->ref];
    return m->kind == MEDIA_IMAGE && m->url && md_plain_url(m->url) && !m->width && !m->height &&
           !m->link && k->len && m->title && strlen(m->title) == k->len &&
           memcmp(m->title, w->d->text + k->off, k->len) == 0 && !has_spans(w->d, k) &&
           strcspn(m->title, "[]\\<>&*_`!\"|~^$") == k->len;
}

// Are we in items of lists only, or nowhere?
bool md_in_items(const struct md *w)
{
    return strspn(buf_cstr(&w->at.prefix), " ") == w->at.prefix.len;
}

bool md_plain_code(const struct md *w, const struct doc_block *k)
{
    const char *s = w->d->text + k->off;
    if (has_spans(w->d, k) || memmem(s, k->len, "```", 3) || memmem(s, k->len, "~~~", 3) ||
        !md_in_items(w) || w->nplaces)
        return false;
    for (uint32_t i = 0; i < k->len; i++)
        if (s[i] == '\t' || (s[i] == '\n' && i && s[i - 1] == ' '))
            return false; // discount has its own idea of these
    return true;
}

bool md_plain_table(const struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    uint32_t end = d->blocks[i].end, columns = 0, aligns[64] = {0};
    // In a quotation it may stand, and in an item behind a blank line, but in no quotation there.
    bool quoted = strspn(buf_cstr(&w->at.prefix), "> ") == w->at.prefix.len &&
                  !strstr(buf_cstr(&w->at.prefix), "  ");
    if (!(quoted || md_in_items(w)) || w->at.first.len || d->blocks[i + 1].kind != BLOCK_ROW ||
        !(d->blocks[i + 1].flags & BLOCK_HEADER))
        return false;
    for (uint32_t r = i + 1; r < end; r = d->blocks[r].end) {
        uint32_t n = d->blocks[r].end - r - 1;
        if (r == i + 1)
            columns = n;
        else if (d->blocks[r].flags & BLOCK_HEADER)
            return false;
        if (n != columns || n < 2 || n > 64)
            return false;
        for (uint32_t c = 0; c < n; c++) {
            const struct doc_block *k = &d->blocks[r + 1 + c];
            bool head = r == i + 1;
            if (head)
                aligns[c] = k->align;
            if (k->colspan != 1 || k->rowspan != 1 || k->align != aligns[c] ||
                ((k->flags & BLOCK_HEADER) != 0) != head || (k->flags & BLOCK_RTL) ||
                memchr(d->text + k->off, '\n', k->len) || memchr(d->text + k->off, '|', k->len) ||
                !k->len)
                return false;
        }
    }
    return d->blocks[i + 1].end < end;
}

// A list that starts at another number can be written so where its first item has words.
static bool may_start(const struct doc *d, uint32_t i)
{
    const struct doc_block *k = &d->blocks[i];
    return k->number == 1 ||
           (k->number >= 0 && k->number <= 999999 && i + 2 < k->end && d->blocks[i + 2].len);
}

// What may stand in a quotation: paragraphs, headings and tables, and who said it.
bool md_plain_quote(const struct md *w, uint32_t i, bool item)
{
    const struct doc *d = w->d;
    uint32_t n = 0;
    for (uint32_t c = i + 1; c < d->blocks[i].end; c = d->blocks[c].end, n++) {
        const struct doc_block *k = &d->blocks[c];
        if (k->kind == BLOCK_ATTRIBUTION) {
            if (n == 0 || c + 1 != d->blocks[i].end)
                return false;
        } else if (k->kind == BLOCK_TABLE) {
            if (item || (n && d->blocks[c - 1].parent != i) || !md_plain_table(w, c))
                return false; // behind another container they would be one
        } else if ((k->kind != BLOCK_PARAGRAPH && k->kind != BLOCK_HEADING) ||
                   (k->flags & BLOCK_RTL)) {
            return false;
        } else if (c + 1 == d->blocks[i].end && k->len >= 3 && n &&
                   (memcmp(d->text + k->off, "—", 3) == 0 ||
                    memcmp(d->text + k->off, "–", 3) == 0 ||
                    memcmp(d->text + k->off, "―", 3) == 0)) {
            return false; // would be taken for an attribution
        }
    }
    return true;
}

// Is there more than words and lists in an item of this list? Then blank lines part everything.
bool md_spaced(const struct doc *d, uint32_t i)
{
    const struct doc_block *k = &d->blocks[i];
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end)
        for (uint32_t c = it + 1; c < d->blocks[it].end; c = d->blocks[c].end)
            if (d->blocks[c].kind != BLOCK_PARAGRAPH && d->blocks[c].kind != BLOCK_LIST)
                return true;
    return k->flags & BLOCK_LOOSE;
}

// Text first; then paragraphs, code, quotations and tables, or one such list.
static bool plain_item(const struct md *w, uint32_t it, uint32_t *paragraphs)
{
    const struct doc *d = w->d;
    const struct doc_block *item = &d->blocks[it];
    uint32_t lists = 0, others = 0;
    enum block_kind before = BLOCK_ITEM;
    if (d->blocks[it + 1].kind != BLOCK_PARAGRAPH)
        return false;
    for (uint32_t c = it + 1; c < item->end; c = d->blocks[c].end) {
        const struct doc_block *k = &d->blocks[c];
        enum block_kind kind = (enum block_kind)k->kind;
        // A box someone typed is no box here.
        if (lists || (k->flags & BLOCK_RTL) || (k->len >= 3 && d->text[k->off] == '['))
            return false;
        if (kind == BLOCK_PARAGRAPH)
            ++*paragraphs;
        else if (kind == BLOCK_LIST && md_plain_list(w, c))
            lists++;
        else if (kind != before && ((kind == BLOCK_CODE && md_plain_code(w, k)) ||
                                    (kind == BLOCK_TABLE && md_plain_table(w, c)) ||
                                    (kind == BLOCK_QUOTE && md_plain_quote(w, c, true))))
            others++;
        else
            return false;
        before = kind;
    }
    return !lists || (*paragraphs == 1 && !others);
}

// Only such items; numbers in order from one.
bool md_plain_list(const struct md *w, uint32_t i)
{
    const struct doc *d = w->d;
    const struct doc_block *k = &d->blocks[i];
    if ((k->flags & (BLOCK_DEFINITIONS | BLOCK_REVERSED | BLOCK_RTL)) || k->align ||
        ((k->flags & BLOCK_ORDERED) && !may_start(d, i)) || (md_spaced(d, i) && !md_in_items(w)))
        return false;
    int32_t number = k->number;
    bool loose = false;
    for (uint32_t it = i + 1; it < k->end; it = d->blocks[it].end, number++) {
        const struct doc_block *item = &d->blocks[it];
        uint32_t paragraphs = 0;
        if ((item->flags & (BLOCK_TASK | BLOCK_RTL)) ||
            ((k->flags & BLOCK_ORDERED) && item->number != number) ||
            (!(k->flags & BLOCK_ORDERED) && item->number) || !plain_item(w, it, &paragraphs))
            return false;
        loose = loose || paragraphs > 1;
    }
    return loose == ((k->flags & BLOCK_LOOSE) != 0);
}

// "[^1]" renumbers notes in the order of their first marks.
bool md_plain_notes(const struct doc *d)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < d->nspans; i++) {
        const struct doc_span *s = &d->spans[i];
        char label[16];
        if (s->kind != SPAN_NOTE_MARK)
            continue;
        int n = snprintf(label, sizeof label, "%u", s->ref + 1);
        if (s->ref > next || s->len != (uint32_t)n ||
            memcmp(d->text + s->off, label, s->len) != 0 ||
            strcmp(d->notes[s->ref].label, label) != 0 ||
            s->off >= d->blocks[d->notes[0].block].off)
            return false;
        const struct doc_block *k = &d->blocks[doc_leaf_at(d, s->off)];
        if (k->kind != BLOCK_PARAGRAPH || k->parent != DOC_NONE)
            return false; // may be written as HTML, where it would be text
        for (uint32_t o = i; o-- > 0 && d->spans[o].off >= k->off;)
            if (d->spans[o].off + d->spans[o].len > s->off)
                return false; // inside another span
        next += s->ref == next;
    }
    if (next != d->nnotes)
        return false;
    for (uint32_t i = 0; i < d->nblocks; i++)
        if (d->blocks[i].kind == BLOCK_NOTE)
            for (uint32_t c = i + 1; c < d->blocks[i].end; c++)
                if (d->blocks[c].kind != BLOCK_PARAGRAPH || (d->blocks[c].flags & BLOCK_RTL))
                    return false;
    return true;
}
