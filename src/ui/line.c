// Runs to cells; the layout knows which of them show what was found.
#include "line.h"

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
