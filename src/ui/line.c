// Runs to cells; the layout knows which of them show what was found.
#include "line.h"

#include <string.h>

void line_draw(struct canvas *c, int row, const struct layout *l, size_t line,
               const struct match *matches, size_t n)
{
    const struct line *ln = &l->lines[line];
    int col = l->margin + ln->indent;
    size_t low = 0, high = n; // the first match that ends behind the line's beginning
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (matches[mid].off + matches[mid].len <= ln->off)
            low = mid + 1;
        else
            high = mid;
    }
    for (uint32_t i = 0; i < ln->nruns; i++) {
        const struct run *r = &l->runs[ln->run + i];
        canvas_put(c, row, col, r->cols, r->text, r->len, (struct style){r->role, r->marks});
        int at, cols;
        for (size_t k = low; k < n && matches[k].off < ln->end; k++)
            if (layout_run_find(l, r, (uint32_t)matches[k].off,
                                (uint32_t)(matches[k].off + matches[k].len), &at, &cols))
                canvas_mark(c, row, col + at, cols, MARK_MATCH);
        col += r->cols;
    }
}

void line_mark(struct canvas *c, int row, const struct layout *l, size_t line, uint32_t from,
               uint32_t to, uint16_t marks)
{
    const struct line *ln = &l->lines[line];
    int col = l->margin + ln->indent;
    for (uint32_t i = 0; i < ln->nruns; i++) {
        const struct run *r = &l->runs[ln->run + i];
        int at, cols;
        if (layout_run_find(l, r, from, to, &at, &cols))
            canvas_mark(c, row, col + at, cols, marks);
        col += r->cols;
    }
}

// Nothing that could end the terminal's control string, and not without end.
static bool may_be_told(const char *url)
{
    enum { LONGEST = 1000 };
    size_t len = 0;
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return false;
    for (; url[len]; len++)
        if (url[len] <= ' ' || url[len] > '~')
            return false;
    return len <= LONGEST;
}

void line_links(struct canvas *c, int row, const struct layout *l, size_t line)
{
    const struct line *ln = &l->lines[line];
    const struct doc *d = l->doc;
    if (ln->flags & LINE_HEAD || ln->block >= d->nblocks)
        return;
    uint32_t low = 0, high = d->nspans; // spans are sorted by where they begin
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (d->spans[mid].off < ln->end)
            low = mid + 1;
        else
            high = mid;
    }
    for (uint32_t i = low; i-- > 0 && d->spans[i].off >= d->blocks[ln->block].off;) {
        const struct doc_span *s = &d->spans[i];
        if (s->kind != SPAN_LINK || s->off + s->len <= ln->off ||
            !may_be_told(d->links[s->ref].url))
            continue;
        int col = l->margin + ln->indent;
        for (uint32_t k = 0; k < ln->nruns; k++) {
            const struct run *r = &l->runs[ln->run + k];
            int at, cols;
            if (r->marks & MARK_LINK && layout_run_find(l, r, s->off, s->off + s->len, &at, &cols))
                canvas_link(c, row, col + at, cols, d->links[s->ref].url);
            col += r->cols;
        }
    }
}
