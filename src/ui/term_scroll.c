// Rows that only stand elsewhere: a list that scrolled by a line, an essay that went on by three.
// The one shift that spares most is done by the terminal, within a scroll region; what it does not
// get right is drawn afterwards as anything else.
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "term_screen_state.h"

enum { WORTH = 30 }; // bytes a shift must spare: about what telling the terminal costs

static struct spot *row_of(const struct screen *s, struct spot *cells, int row)
{
    return &cells[(size_t)row * (size_t)s->cols];
}

static uint32_t hash_row(const struct screen *s, const struct spot *row)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < s->cols; i++)
        for (const char *g = row[i].glyph; *g; g++)
            h = (h ^ (unsigned char)*g) * 16777619u;
    return h;
}

// About what it costs to make one row the other: the columns, and the way to each stretch of them.
static int differences(const struct screen *s, const struct spot *a, const struct spot *b)
{
    enum { WAY = 6 };
    int n = 0, way = WAY;
    for (int i = 0; i < s->cols; i++) {
        bool same = spot_same(&a[i], &b[i]);
        n += same ? 0 : 1 + way;
        way = same ? WAY : 0;
    }
    return n;
}

struct rows {             // what is the same for all shifts
    int *cost;            // to draw as things stand
    uint32_t *now, *want; // hashes
    struct spot *blank;   // a row
};
struct shift {
    int by;          // rows that what is there goes up; negative: down
    int top, bottom; // the region, both included
    int spares;      // bytes
};

static bool empty(const struct screen *s, const struct spot *row)
{
    for (int i = 0; i < s->cols; i++)
        if (row[i].glyph[0] != ' ')
            return false;
    return true;
}

// Whether a shift brings this row right, and something to read with it: rows of blanks are alike
// wherever they are, and erasing them is no reason to move anything.
static bool brought(const struct screen *s, const struct rows *r, int row, int by)
{
    int from = row + by;
    return from >= 0 && from < s->rows && r->cost[row] > 0 && r->want[row] == r->now[from] &&
           !empty(s, row_of(s, s->want, row));
}

// What a shift would spare, done from the first row it brings right to the last.
static struct shift weigh(const struct screen *s, const struct rows *r, int by)
{
    struct shift f = {by, 0, 0, 0};
    int first = -1, last = -1;
    for (int row = 0; row < s->rows; row++)
        if (brought(s, r, row, by)) {
            first = first < 0 ? row : first;
            last = row;
        }
    if (first < 0)
        return f;
    f.top = by > 0 ? first : first + by;
    f.bottom = by > 0 ? last + by : last;
    for (int row = f.top; row <= f.bottom; row++) {
        int from = row + by;
        const struct spot *there =
            from < f.top || from > f.bottom ? r->blank : row_of(s, s->now, from);
        int gain = r->cost[row] - differences(s, there, row_of(s, s->want, row));
        if (gain < 0 || brought(s, r, row, by))
            f.spares += gain;
    }
    return f;
}

static void perform(struct screen *s, struct shift f, struct look blank, struct buf *out)
{
    const struct caps *c = s->caps;
    bool up = f.by > 0;
    int n = up ? f.by : -f.by, height = f.bottom - f.top + 1;
    struct look plain = {s->pen.look.fg, c->erases_ink ? blank.bg : LOOK_DEFAULT, 0};
    pen_set(&s->pen, c, plain, out);
    bool all = f.top == 0 && f.bottom == s->rows - 1;
    if (!all) {
        buf_str(out, caps_with(c->region, f.top, f.bottom));
        s->row = s->col = -1; // that moves the cursor
    }
    screen_move(s, up ? f.bottom : f.top, 0, out);
    const char *one = up ? c->scroll_up : c->scroll_down,
               *many = up ? c->scroll_up_n : c->scroll_down_n;
    const char *at_once = many ? caps_with(many, n, 0) : NULL;
    if (at_once && strlen(at_once) < strlen(one) * (size_t)n)
        buf_str(out, at_once);
    else
        for (int i = 0; i < n; i++)
            buf_str(out, one);
    if (!all) {
        buf_str(out, caps_with(c->region, 0, s->rows - 1));
        s->row = s->col = -1;
    }
    size_t line = (size_t)s->cols * sizeof *s->now;
    memmove(row_of(s, s->now, up ? f.top : f.top + n), row_of(s, s->now, up ? f.top + n : f.top),
            line * (size_t)(height - n));
    struct spot empty = {" ", 1, 0, {LOOK_DEFAULT, plain.bg, 0}};
    for (int i = 0; i < n; i++)
        for (int col = 0; col < s->cols; col++)
            row_of(s, s->now, up ? f.bottom - i : f.top + i)[col] = empty;
}

void screen_scroll(struct screen *s, struct look blank, struct buf *out)
{
    if (!s->caps->region || !s->caps->scroll_up || !s->caps->scroll_down || s->rows < 4)
        return;
    size_t n = (size_t)s->rows;
    struct rows r = {mem_array(n, sizeof *r.cost), mem_array(n, sizeof *r.now),
                     mem_array(n, sizeof *r.want), mem_array((size_t)s->cols, sizeof *r.blank)};
    for (int i = 0; i < s->cols; i++)
        r.blank[i] = (struct spot){" ", 1, 0, {LOOK_DEFAULT, blank.bg, 0}};
    int all = 0;
    for (int row = 0; row < s->rows; row++) {
        r.cost[row] = differences(s, row_of(s, s->now, row), row_of(s, s->want, row));
        r.now[row] = hash_row(s, row_of(s, s->now, row));
        r.want[row] = hash_row(s, row_of(s, s->want, row));
        all += r.cost[row];
    }
    struct shift best = {0};
    for (int by = 1 - s->rows; all > WORTH && by < s->rows; by++) {
        struct shift f = by ? weigh(s, &r, by) : best;
        if (f.spares > best.spares)
            best = f;
    }
    if (best.spares > WORTH)
        perform(s, best, blank, out);
    free(r.cost);
    free(r.now);
    free(r.want);
    free(r.blank);
}
