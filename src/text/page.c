// Pages as a compositor makes them up: as many lines as fit, less those that would leave a heading
// at the foot of the page or the first or last line of a paragraph alone. A page gives up at most
// half its lines for that.
#include "lectern/page.h"

#include <stdlib.h>

#include "lectern/mem.h"

static bool blank(const struct layout *l, size_t i)
{
    return l->lines[i].flags & LINE_BLANK;
}

// May a page end before line `e`? Looks at the last and the first line that have words on either
// side.
static bool good_end(const struct layout *l, size_t top, size_t e)
{
    size_t last = e, next = e;
    while (last > top && blank(l, last - 1))
        last--;
    while (next < l->nlines && blank(l, next))
        next++;
    if (last == top || next == l->nlines)
        return true;
    const struct line *a = &l->lines[last - 1], *b = &l->lines[next];
    if (a->flags & LINE_KEEP_NEXT)
        return false;
    if (a->block != b->block || a->block == DOC_NONE)
        return true;
    return !(a->flags & LINE_FIRST) && !(b->flags & LINE_LAST);
}

// The table with a head that line `i` belongs to; NULL where there is none.
static const struct layout_table *table_at(const struct layout *l, size_t i)
{
    size_t lo = 0, hi = l->ntables;
    while (lo < hi) { // the first that ends after it
        size_t mid = lo + (hi - lo) / 2;
        if (l->tables[mid].end <= i)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < l->ntables && l->tables[lo].head <= i ? &l->tables[lo] : NULL;
}

static bool repeats(const struct layout_table *t, int height)
{
    return t && t->end > t->body + 1 &&
           (t->body - t->head) * 3 <= (size_t)(height < 1 ? 1 : height);
}

size_t page_head(const struct layout *l, size_t top, int height, size_t *first)
{
    const struct layout_table *t = table_at(l, top);
    if (!repeats(t, height) || top < t->body)
        return 0;
    *first = t->head;
    return t->body - t->head;
}

size_t page_down(const struct layout *l, size_t top, int height, bool *bare)
{
    const struct layout_table *t = table_at(l, top);
    bool sticky = repeats(t, height);
    if (*bare) {
        *bare = sticky && top + 1 < t->end;
        return top + 1;
    }
    // From the head's first line on it stands still and the first row goes from under it.
    if (sticky && top <= t->body)
        return t->body + 1;
    if (sticky && top + 1 == t->end) {
        *bare = true;
        return t->end - (t->body - t->head);
    }
    return top + 1;
}

size_t page_up(const struct layout *l, size_t top, int height, bool *bare)
{
    bool was = *bare;
    *bare = false;
    if (top == 0)
        return 0;
    const struct layout_table *t = table_at(l, was ? top : top - 1);
    if (!repeats(t, height))
        return top - 1;
    if (was && top == t->end - (t->body - t->head))
        return t->end - 1;
    if (was || top == t->end) {
        *bare = true;
        return top - 1;
    }
    return top - 1 <= t->body && top - 1 > t->head ? t->head : top - 1;
}

static size_t fill_page(const struct layout *l, size_t top, size_t lines)
{
    if (l->nlines - top <= lines)
        return l->nlines;
    size_t least = top + lines / 2 + 1; // a page that is half empty is worse than a lone line
    for (size_t e = top + lines; e >= least; e--)
        if (good_end(l, top, e))
            return e;
    return top + lines;
}

size_t page_end_bare(const struct layout *l, size_t top, int height)
{
    return top < l->nlines ? fill_page(l, top, height < 1 ? 1 : (size_t)height) : l->nlines;
}

size_t page_end(const struct layout *l, size_t top, int height)
{
    size_t first;
    if (top >= l->nlines)
        return l->nlines;
    return fill_page(l, top, (height < 1 ? 1 : (size_t)height) - page_head(l, top, height, &first));
}

static size_t skip_blanks(const struct layout *l, size_t i)
{
    while (i < l->nlines && blank(l, i))
        i++;
    return i;
}

size_t page_next(const struct layout *l, size_t top, int height)
{
    return skip_blanks(l, page_end(l, top, height));
}

size_t page_prev(const struct layout *l, size_t top, int height)
{
    if (top > l->nlines)
        top = l->nlines;
    size_t first = skip_blanks(l, 0);
    if (top <= first)
        return 0;
    size_t lines = height < 1 ? 1 : (size_t)height;
    // Going back from `start`: the earliest page that leads exactly here; else the latest that
    // shows everything up to here, so that no line is missed; else the line before.
    size_t exact = l->nlines, covers = l->nlines, t = top, words = 0;
    while (t > 0 && words <= lines + 1) {
        t--;
        if (blank(l, t) && t > 0)
            continue;
        words++;
        size_t next = page_next(l, t, height);
        if (next == top)
            exact = t;
        else if (next > top)
            covers = t;
        else
            break;
    }
    size_t prev = exact < l->nlines ? exact : covers < l->nlines ? covers : t;
    // The first page begins with the first line, but blanks there take room too.
    return prev <= first && page_next(l, 0, height) >= top ? 0 : prev;
}

struct pages *pages_new(const struct layout *l, int height)
{
    struct pages *p = mem_alloc(sizeof *p);
    size_t cap = 0, top = 0;
    p->height = height < 1 ? 1 : height;
    do {
        p->tops = mem_grow(p->tops, &cap, p->n + 1, sizeof *p->tops);
        p->tops[p->n++] = top;
        top = page_next(l, top, height);
    } while (top < l->nlines);
    return p;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    free(p->tops);
    free(p);
}

size_t pages_at(const struct pages *p, size_t line)
{
    size_t lo = 0, hi = p->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (p->tops[mid] <= line)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}
