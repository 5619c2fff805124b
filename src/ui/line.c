// Runs to cells. A run that has the document's own letters can be marked to the letter; one
// that layout made of it (superscripts, ASCII stand-ins) is marked whole.
#include "line.h"

#include <string.h>

#include "lectern/utf8.h"

static void mark_run(struct canvas *c, int row, int col, const struct layout *l,
                     const struct run *r, size_t from, size_t to)
{
    size_t off = r->off, end = off + r->len;
    bool own = end <= l->doc->len && memcmp(r->text, l->doc->text + off, r->len) == 0;
    if (to <= off || from >= end)
        return;
    if (!own) {
        canvas_mark(c, row, col, r->cols, MARK_MATCH);
        return;
    }
    size_t a = from > off ? from - off : 0, b = to < end ? to - off : r->len;
    int skip = utf8_cols(r->text, a), cols = utf8_cols(r->text + a, b - a);
    canvas_mark(c, row, col + skip, cols, MARK_MATCH);
}

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
        for (size_t k = low; r->off != DOC_NONE && k < n && matches[k].off < ln->end; k++)
            mark_run(c, row, col, l, r, matches[k].off, matches[k].off + matches[k].len);
        col += r->cols;
    }
}
