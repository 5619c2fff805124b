// Cursor and window over n items. Two or three rows of context stay beyond the cursor where the
// window is tall enough; a page moves window and cursor together, so that the eye finds the cursor
// where it was.
#include "list.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t last_top(const struct list *l)
{
    size_t n = l->n + (l->rows > 4 ? l->after : 0);
    return n > l->rows ? n - l->rows : 0;
}

static size_t context(const struct list *l)
{
    return l->rows >= 12 ? 2 : l->rows >= 6 ? 1 : 0;
}

// Makes every promise of list.h true again, moving the window as little as possible.
static void settle(struct list *l)
{
    if (l->rows < 1)
        l->rows = 1;
    if (l->n == 0) {
        l->cursor = l->top = 0;
        return;
    }
    l->cursor = least(l->cursor, l->n - 1);
    size_t margin = context(l);
    if (l->cursor < l->top + margin)
        l->top = l->cursor > margin ? l->cursor - margin : 0;
    else if (l->cursor + margin >= l->top + l->rows)
        l->top = l->cursor + margin + 1 - l->rows;
    l->top = least(l->top, last_top(l));
}

void list_set(struct list *l, size_t n, size_t rows)
{
    l->n = n;
    l->rows = rows;
    settle(l);
}

void list_go(struct list *l, size_t item)
{
    l->cursor = item;
    settle(l);
}

void list_centre(struct list *l)
{
    size_t half = l->rows / 2;
    l->top = l->cursor > half ? l->cursor - half : 0;
    settle(l);
}

void list_inserted(struct list *l, size_t at, size_t count)
{
    if (l->n && at <= l->cursor) {
        l->cursor += count;
        l->top += count;
    }
    l->n += count;
    settle(l);
}

void list_removed(struct list *l, size_t at, size_t count)
{
    if (at >= l->n)
        return;
    count = least(count, l->n - at);
    size_t row = l->cursor - l->top;
    if (l->cursor >= at + count)
        l->cursor -= count;
    else if (l->cursor >= at)
        l->cursor = at;
    l->n -= count;
    l->top = l->cursor > row ? l->cursor - row : 0;
    settle(l);
}

// Window and cursor together; at the ends the cursor goes on alone.
static void page(struct list *l, size_t by, bool down)
{
    if (by < 1)
        by = 1;
    if (down) {
        size_t step = least(by, last_top(l) - l->top);
        l->top += step;
        l->cursor = step && by - step < l->rows ? l->cursor + step : l->n - 1;
    } else {
        size_t step = least(by, l->top);
        l->top -= step;
        l->cursor = step && by - step < l->rows ? l->cursor - step : 0;
    }
    settle(l);
}

bool list_act(struct list *l, enum action a, int count, bool *moved)
{
    struct list was = *l;
    size_t times = count > 0 ? (size_t)count : 1;
    if (l->rows < 1)
        settle(l);
    switch (a) {
    case ACT_DOWN:
        l->cursor = times < l->n - l->cursor ? l->cursor + times : l->n;
        break;
    case ACT_UP:
        l->cursor -= least(times, l->cursor);
        break;
    case ACT_PAGE_DOWN:
    case ACT_PAGE_UP:
    case ACT_HALF_DOWN:
    case ACT_HALF_UP: {
        size_t unit = a == ACT_PAGE_DOWN || a == ACT_PAGE_UP ? l->rows : l->rows / 2;
        size_t most = unit ? l->n / unit + 1 : l->n; // no need to go further than all of it
        if (l->n)
            page(l, (unit ? unit : 1) * least(times, most ? most : 1),
                 a == ACT_PAGE_DOWN || a == ACT_HALF_DOWN);
        break;
    }
    case ACT_TOP:
        l->cursor = count > 0 ? times - 1 : 0;
        break;
    case ACT_BOTTOM:
        l->cursor = count > 0 ? times - 1 : l->n;
        break;
    case ACT_LINE_TOP:
    case ACT_LINE_MIDDLE:
    case ACT_LINE_BOTTOM: {
        if (count > 0 && l->n)
            l->cursor = least(times - 1, l->n - 1);
        size_t above = a == ACT_LINE_TOP ? 0 : a == ACT_LINE_MIDDLE ? l->rows / 2 : l->rows - 1;
        l->top = l->cursor > above ? l->cursor - above : 0;
        break;
    }
    default:
        return false;
    }
    settle(l);
    if (moved)
        *moved = l->cursor != was.cursor || l->top != was.top;
    return true;
}

size_t list_end(const struct list *l)
{
    return least(l->n, l->top + (l->rows ? l->rows : 1));
}
