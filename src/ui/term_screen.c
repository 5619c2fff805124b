// Row by row: the columns that differ are written, short stretches between them again where that is
// shorter than moving, ends of rows erased. Before that, rows that only stand elsewhere are moved
// there (term_scroll.c).
#include "term_screen.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "term_pen.h"
#include "term_screen_state.h"

static const struct look default_look = {LOOK_DEFAULT, LOOK_DEFAULT, 0};

struct screen *screen_new(const struct caps *caps)
{
    struct screen *s = mem_alloc(sizeof *s);
    s->caps = caps;
    screen_resize(s, 1, 1);
    return s;
}

void screen_free(struct screen *s)
{
    if (!s)
        return;
    free(s->now);
    free(s->want);
    free(s->dirty);
    free(s);
}

void screen_resize(struct screen *s, int cols, int rows)
{
    free(s->now);
    free(s->want);
    free(s->dirty);
    s->cols = cols;
    s->rows = rows;
    s->now = mem_array((size_t)cols * (size_t)rows, sizeof *s->now);
    s->want = mem_array((size_t)cols * (size_t)rows, sizeof *s->want);
    s->dirty = mem_array((size_t)cols, sizeof *s->dirty);
    screen_forget(s);
}

void screen_forget(struct screen *s)
{
    s->known = false;
    s->row = s->col = -1;
    s->pen = (struct pen){default_look, 0, false};
}

bool screen_known(const struct screen *s)
{
    return s->known;
}

struct spot *screen_spots(struct screen *s, int row)
{
    return &s->want[(size_t)row * (size_t)s->cols];
}

static struct spot *now_row(struct screen *s, int row)
{
    return &s->now[(size_t)row * (size_t)s->cols];
}

// ---- cells ----

static bool is_blank(const struct spot *c)
{
    return c->glyph[0] == ' ' && !c->glyph[1] && !c->link &&
           !(c->look.attrs & (LOOK_UNDERLINE | LOOK_REVERSE));
}

bool spot_same(const struct spot *a, const struct spot *b)
{
    if (is_blank(a) && is_blank(b)) // weight and ink do not show
        return a->look.bg == b->look.bg;
    return a->width == b->width && a->link == b->link && a->look.fg == b->look.fg &&
           a->look.bg == b->look.bg && a->look.attrs == b->look.attrs &&
           strcmp(a->glyph, b->glyph) == 0;
}

// The pen as it is draws this cell right.
static bool pen_serves(const struct screen *s, const struct spot *c)
{
    const struct look *l = &s->pen.look;
    if (!s->pen.known || s->pen.link != c->link)
        return false;
    if (is_blank(c))
        return l->bg == c->look.bg && !(l->attrs & (LOOK_UNDERLINE | LOOK_REVERSE));
    return l->fg == c->look.fg && l->bg == c->look.bg && l->attrs == c->look.attrs;
}

static void take_pen(struct screen *s, const struct spot *c, struct buf *out)
{
    if (pen_serves(s, c))
        return;
    struct look l = c->look;
    if (is_blank(c) && s->pen.known) { // keep what does not show
        l.fg = s->pen.look.fg;
        l.attrs = s->pen.look.attrs & (uint8_t) ~(LOOK_UNDERLINE | LOOK_REVERSE);
    }
    pen_set(&s->pen, s->caps, l, out);
    pen_link(&s->pen, c->link, c->link && s->links ? s->links[c->link - 1] : "", out);
}

// Terminals are not of one mind about the columns of pictures and marks: after one, the cursor's
// place is only sure when it is set anew.
static bool risky(const struct spot *c)
{
    const unsigned char *g = (const unsigned char *)c->glyph;
    if (g[0] < 0xC0)
        return false;
    size_t first = g[0] >= 0xF0 ? 4 : g[0] >= 0xE0 ? 3 : 2;
    if (g[first]) // marks on it
        return true;
    uint32_t cp;
    utf8_decode(c->glyph, strlen(c->glyph), &cp);
    return c->width == 2 ? cp >= 0x1F000 || cp < 0x2E80
                         : cp >= 0x1F000 || (cp >= 0x2600 && cp < 0x2800);
}

// ---- the cursor ----

static void shortest(struct buf *best, const struct buf *way)
{
    if (way->len && (!best->len || way->len < best->len)) {
        buf_clear(best);
        buf_add(best, way->data, way->len);
    }
}

static void repeat(struct buf *out, const char *one, const char *many, int n)
{
    size_t singly = one ? strlen(one) * (size_t)n : 0;
    const char *at_once = many ? caps_with(many, n, 0) : NULL;
    if (one && (!at_once || singly <= strlen(at_once)))
        while (n-- > 0)
            buf_str(out, one);
    else if (at_once)
        buf_str(out, at_once);
}

// From a column of the row it is in to another; false: there is no such way.
static bool across(const struct caps *c, int from, int to, struct buf *out)
{
    if (from == to)
        return true;
    struct buf best = {0}, way = {0};
    if (c->to_col)
        buf_str(&way, caps_with(c->to_col, to, 0));
    shortest(&best, &way);
    buf_clear(&way);
    if (from < to)
        repeat(&way, c->right, c->right_n, to - from);
    else
        repeat(&way, c->left, c->left_n, from - to);
    shortest(&best, &way);
    buf_clear(&way);
    buf_char(&way, '\r');
    if (to > 0)
        repeat(&way, c->right, c->right_n, to);
    if (to == 0 || way.len > 1)
        shortest(&best, &way);
    bool found = best.len > 0;
    buf_add(out, best.data, best.len);
    buf_free(&best);
    buf_free(&way);
    return found;
}

static void ways(const struct screen *s, int row, int col, struct buf *best)
{
    const struct caps *c = s->caps;
    struct buf way = {0};
    buf_str(&way, caps_with(c->to, row, col));
    shortest(best, &way);
    if (row == 0 && col == 0 && c->home) {
        buf_clear(&way);
        buf_str(&way, c->home);
        shortest(best, &way);
    }
    if (s->row >= 0) {
        buf_clear(&way);
        if (s->row < row)
            repeat(&way, c->down, c->down_n, row - s->row);
        else
            repeat(&way, c->up, c->up_n, s->row - row);
        if ((row == s->row || way.len) && across(c, s->col, col, &way))
            shortest(best, &way);
        if (c->to_row && row != s->row) {
            buf_clear(&way);
            buf_str(&way, caps_with(c->to_row, row, 0));
            if (across(c, s->col, col, &way))
                shortest(best, &way);
        }
    }
    buf_free(&way);
}

void screen_move(struct screen *s, int row, int col, struct buf *out)
{
    if (s->row == row && s->col == col)
        return;
    struct buf best = {0};
    ways(s, row, col, &best);
    buf_add(out, best.data, best.len);
    buf_free(&best);
    s->row = row;
    s->col = col;
}

// ---- one row ----

static void put(struct screen *s, int row, int col, struct buf *out)
{
    struct spot *c = &screen_spots(s, row)[col];
    if (row == s->rows - 1 && col + c->width >= s->cols && s->caps->wraps)
        return; // the screen would scroll
    screen_move(s, row, col, out);
    take_pen(s, c, out);
    buf_str(out, c->glyph);
    s->col += c->width;
    if (s->col >= s->cols || risky(c)) // between this column and the next row, or nobody knows
        s->row = s->col = -1;
}

// Marks what differs. Half a wide glyph is never written alone.
static bool find_dirty(struct screen *s, int row)
{
    const struct spot *now = now_row(s, row), *want = screen_spots(s, row);
    bool any = false;
    for (int i = 0; i < s->cols; i++)
        any |= s->dirty[i] = !spot_same(&now[i], &want[i]);
    for (int pass = 0; any && pass < 2; pass++) {
        const struct spot *cells = pass ? want : now;
        for (int i = 0; i + 1 < s->cols; i++)
            if (cells[i].width == 2 && (s->dirty[i] || s->dirty[i + 1]))
                s->dirty[i] = s->dirty[i + 1] = true;
    }
    // A wide one wanted may have spread into one there is.
    for (int i = s->cols - 1; any && i-- > 0;)
        if ((now[i].width == 2 || want[i].width == 2) && (s->dirty[i] || s->dirty[i + 1]))
            s->dirty[i] = s->dirty[i + 1] = true;
    return any;
}

static bool may_erase(const struct screen *s, const struct spot *c)
{
    return is_blank(c) && (s->caps->erases_ink || c->look.bg == LOOK_DEFAULT);
}

// The blanks from col on that look alike.
static int blanks(const struct screen *s, const struct spot *want, int col)
{
    int end = col;
    while (end < s->cols && may_erase(s, &want[end]) && want[end].look.bg == want[col].look.bg)
        end++;
    return end - col;
}

// Whether the cells between the cursor and `to`, which are right already, are shorter than a move.
static bool shorter_again(const struct screen *s, const struct spot *want, int to)
{
    enum { MOVE = 5 };
    size_t bytes = 0;
    if (s->row < 0 || to - s->col > MOVE)
        return false;
    for (int i = s->col; i < to; i++) {
        if (want[i].width != 1 || !pen_serves(s, &want[i]) || risky(&want[i]))
            return false;
        bytes += strlen(want[i].glyph);
    }
    return bytes <= (to - s->col == 1 ? 3 : MOVE);
}

static void draw_row(struct screen *s, int row, struct buf *out)
{
    enum { WORTH = 10 }; // blanks that erasing is worth the move behind them
    const struct spot *want = screen_spots(s, row);
    if (!find_dirty(s, row))
        return;
    int tail = s->cols; // from here on nothing but blanks that look alike
    while (tail > 0 && s->caps->erase_line && may_erase(s, &want[tail - 1]) &&
           want[tail - 1].look.bg == want[s->cols - 1].look.bg)
        tail--;
    int last = s->cols - 1;
    while (!s->dirty[last])
        last--;
    for (int col = 0; col < s->cols; col++) {
        if (!s->dirty[col])
            continue;
        if (col >= tail && last - col >= 3) {
            // From where the cursor stands, if that is on the way.
            bool here = s->row == row && s->col >= tail && s->col <= col;
            screen_move(s, row, here ? s->col : col, out);
            take_pen(s, &want[col], out); // some erase with it that do not say so
            buf_str(out, s->caps->erase_line);
            return;
        }
        int empty = s->caps->erase_n && may_erase(s, &want[col]) ? blanks(s, want, col) : 0;
        if (empty >= WORTH && col + empty <= last + 1) {
            screen_move(s, row, col, out);
            take_pen(s, &want[col], out); // some erase with it that do not say so
            buf_str(out, caps_with(s->caps->erase_n, empty, 0));
            col += empty - 1;
            continue;
        }
        if (s->row == row && s->col < col && shorter_again(s, want, col))
            while (s->row == row && s->col < col)
                put(s, row, s->col, out);
        if (want[col].width == 0) // drawn with its first half
            continue;
        put(s, row, col, out);
    }
}

// ---- all ----

static void clear(struct screen *s, struct look blank, struct buf *out)
{
    struct look l = {blank.fg, s->caps->erases_ink ? blank.bg : LOOK_DEFAULT, 0};
    pen_set(&s->pen, s->caps, l, out);
    buf_str(out, s->caps->clear);
    l.bg = s->pen.look.bg;
    struct spot empty = {" ", 1, 0, {LOOK_DEFAULT, l.bg, 0}};
    for (size_t i = 0, n = (size_t)s->cols * (size_t)s->rows; i < n; i++)
        s->now[i] = empty;
    s->row = s->col = 0;
    s->known = true;
}

void screen_update(struct screen *s, int row, int col, struct look blank, const char *const *links,
                   struct buf *out)
{
    s->links = links;
    if (!s->known)
        clear(s, blank, out);
    else
        screen_scroll(s, blank, out);
    for (int r = 0; r < s->rows; r++) {
        draw_row(s, r, out);
        memcpy(now_row(s, r), screen_spots(s, r), (size_t)s->cols * sizeof *s->now);
    }
    pen_link(&s->pen, 0, NULL, out);
    // Lines that a program's message or a wider window would draw along.
    if (s->pen.look.attrs & (LOOK_UNDERLINE | LOOK_REVERSE))
        pen_set(&s->pen, s->caps, (struct look){s->pen.look.fg, s->pen.look.bg, 0}, out);
    screen_move(s, row, col, out);
    s->links = NULL;
}

void screen_end_looks(struct screen *s, struct buf *out)
{
    pen_link(&s->pen, 0, NULL, out);
    if (s->caps->plain)
        buf_str(out, s->caps->plain);
    screen_forget(s);
}
