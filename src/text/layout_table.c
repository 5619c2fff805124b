// Tables: columns as wide as their content wants, or, where the measure is too narrow for that, the
// wide ones wrapped. Where even that gives no columns worth reading every row becomes a record of
// "heading: cell" lines.
#include "setting.h"

#include <string.h>

#include "lectern/utf8.h"

enum { GAP = 2, MOST_COLUMNS = 32, WORD = 16 };

struct cell {
    uint32_t block; // DOC_NONE: nothing starts here
    uint16_t col, span;
    uint32_t natural, narrowest;
    struct flow flow;
    struct cut *cuts;
    size_t ncuts;
};
struct row {
    struct cell *cells;
    uint32_t ncells;
    uint32_t block;
    bool head;
};
struct table {
    struct setter *s;
    const struct place *p;
    struct arena *arena; // of this table alone
    struct row *rows;
    uint32_t nrows, ncols;
    uint32_t natural[MOST_COLUMNS], narrowest[MOST_COLUMNS], width[MOST_COLUMNS];
    bool fits; // columns can be counted at all
};

static struct flow cell_flow(struct table *t, uint32_t block, bool head, const char *prefix)
{
    const struct doc_block *b = &t->s->d->blocks[block];
    struct flow f = flow_of(t->s, b->off, b->len, head ? ROLE_TABLE_HEAD : t->p->role, t->p->marks,
                            prefix, ROLE_TABLE_HEAD);
    flow_turn(t->s, &f, block_rtl(t->s, t->p, block));
    return f;
}

static void keep_flow(struct table *t, struct flow *f)
{
    struct seg *copy = arena_alloc(t->arena, f->nsegs * sizeof *copy);
    if (f->nsegs)
        memcpy(copy, f->segs, f->nsegs * sizeof *copy);
    f->segs = copy;
    if (f->levels)
        f->levels = (const uint8_t *)arena_strndup(t->arena, (const char *)f->levels, f->len);
}

static bool is_row(const struct doc *d, uint32_t i)
{
    return d->blocks[i].kind == BLOCK_ROW;
}

// Which column each cell begins at, with regard to cells that reach down from rows above.
static void read_rows(struct table *t, uint32_t table)
{
    const struct doc *d = t->s->d;
    uint32_t end = d->blocks[table].end, n = 0;
    for (uint32_t i = table + 1; i < end; i = d->blocks[i].end)
        n += is_row(d, i);
    t->rows = arena_alloc(t->arena, (n ? n : 1) * sizeof *t->rows);
    uint32_t reach[MOST_COLUMNS] = {0}; // rows still covered from above
    t->fits = true;
    for (uint32_t i = table + 1; i < end; i = d->blocks[i].end) {
        if (!is_row(d, i))
            continue;
        struct row *r = &t->rows[t->nrows++];
        uint32_t cells = 0, headers = 0;
        for (uint32_t c = i + 1; c < d->blocks[i].end; c = d->blocks[c].end) {
            cells++;
            headers += (d->blocks[c].flags & BLOCK_HEADER) != 0;
        }
        r->block = i;
        r->cells = arena_alloc(t->arena, (cells ? cells : 1) * sizeof *r->cells);
        r->head =
            (d->blocks[i].flags & BLOCK_HEADER) || (t->nrows == 1 && cells && headers == cells);
        uint32_t col = 0;
        for (uint32_t c = i + 1; c < d->blocks[i].end; c = d->blocks[c].end) {
            while (col < MOST_COLUMNS && reach[col])
                col++;
            uint32_t span = d->blocks[c].colspan ? d->blocks[c].colspan : 1;
            struct cell *k = &r->cells[r->ncells++];
            k->block = c;
            if (col >= MOST_COLUMNS || span > MOST_COLUMNS - col) {
                t->fits = false;
                span = 1;
                if (col >= MOST_COLUMNS)
                    col = MOST_COLUMNS - 1;
            }
            k->col = (uint16_t)col;
            k->span = (uint16_t)span;
            for (uint32_t x = col; x < col + span; x++)
                reach[x] = d->blocks[c].rowspan ? d->blocks[c].rowspan : 1;
            col += span;
            if (col > t->ncols)
                t->ncols = col;
        }
        for (uint32_t x = 0; x < MOST_COLUMNS; x++)
            reach[x] -= reach[x] > 0;
    }
}

// Gives columns [col, col + span) together at least `want`.
static void widen(uint32_t *cols, uint32_t col, uint32_t span, uint32_t want)
{
    uint32_t have = GAP * (span - 1);
    for (uint32_t x = col; x < col + span; x++)
        have += cols[x];
    for (uint32_t x = 0; x < span && have < want; x++) {
        uint32_t part = (want - have + span - x - 1) / (span - x);
        cols[col + x] += part;
        have += part;
    }
}

static void measure_cells(struct table *t)
{
    for (int wide = 0; wide < 2; wide++) // cells of one column first
        for (uint32_t r = 0; r < t->nrows; r++)
            for (uint32_t c = 0; c < t->rows[r].ncells; c++) {
                struct cell *k = &t->rows[r].cells[c];
                if ((k->span > 1) != wide)
                    continue;
                if (t->s->d->blocks[k->block].len) {
                    k->flow = cell_flow(t, k->block, t->rows[r].head, NULL);
                    flow_widths(t->s, &k->flow, &k->natural, &k->narrowest);
                    keep_flow(t, &k->flow);
                }
                uint32_t word = k->narrowest < WORD ? k->narrowest : WORD;
                widen(t->natural, k->col, k->span, k->natural);
                widen(t->narrowest, k->col, k->span, word);
            }
}

// False where there is no room for columns.
static bool choose_widths(struct table *t)
{
    uint32_t room = (uint32_t)(t->p->right - t->p->left), gaps = GAP * (t->ncols - 1), natural = 0,
             narrowest = 0;
    if (gaps >= room)
        return false;
    room -= gaps;
    for (uint32_t x = 0; x < t->ncols; x++) {
        if (!t->natural[x])
            t->natural[x] = 1;
        if (!t->narrowest[x])
            t->narrowest[x] = 1;
        natural += t->natural[x];
        narrowest += t->narrowest[x];
    }
    if (natural <= room) {
        memcpy(t->width, t->natural, sizeof t->width);
        return true;
    }
    if (narrowest > room)
        return false;
    // What is left goes, column by column, to the one that would otherwise be furthest from what it
    // wants.
    memcpy(t->width, t->narrowest, sizeof t->width);
    for (uint32_t left = room - narrowest; left; left--) {
        uint32_t best = 0;
        double worst = -1;
        for (uint32_t x = 0; x < t->ncols; x++) {
            double lack = t->width[x] < t->natural[x] ? (double)t->natural[x] / t->width[x] : 0;
            if (lack > worst) {
                worst = lack;
                best = x;
            }
        }
        t->width[best]++;
    }
    return true;
}

static uint32_t cell_width(const struct table *t, const struct cell *k)
{
    uint32_t w = GAP * (k->span - 1u);
    for (uint32_t x = k->col; x < k->col + k->span; x++)
        w += t->width[x];
    return w;
}

static bool cut_cells(struct table *t)
{
    bool wrapped = false;
    for (uint32_t r = 0; r < t->nrows; r++)
        for (uint32_t c = 0; c < t->rows[r].ncells; c++) {
            struct cell *k = &t->rows[r].cells[c];
            if (!k->flow.len)
                continue;
            int w = (int)cell_width(t, k);
            flow_cut(t->s, &k->flow, w, w, t->s->o->first_fit ? BREAK_FIRST_FIT : BREAK_OPTIMUM);
            k->ncuts = t->s->ncuts;
            k->cuts = arena_alloc(t->arena, k->ncuts * sizeof *k->cuts);
            memcpy(k->cuts, t->s->cuts, k->ncuts * sizeof *k->cuts);
            wrapped |= k->ncuts > 1 && !t->rows[r].head;
        }
    return wrapped;
}

static void set_row(struct table *t, const struct row *r, uint16_t flags)
{
    size_t n = 0;
    for (uint32_t c = 0; c < r->ncells; c++)
        if (r->cells[c].ncuts > n)
            n = r->cells[c].ncuts;
    for (size_t line = 0; line < n; line++) {
        line_open(t->s, t->p);
        uint32_t first = DOC_NONE;
        for (uint32_t c = 0; c < r->ncells; c++) {
            const struct cell *k = &r->cells[c];
            if (line >= k->ncuts)
                continue;
            uint32_t off = line_place(t->s, &k->flow, k->cuts[line].at, k->block);
            if (off < t->s->line_off) // a line with nothing to see has a place too
                t->s->line_off = off;
            if (off > t->s->line_end)
                t->s->line_end = off;
            if (k->cuts[line].at == k->cuts[line].end)
                continue;
            if (first == DOC_NONE)
                first = k->block;
            uint32_t w = cell_width(t, k), cols = line_cols(t->s, &k->flow, &k->cuts[line]), x = 0;
            for (uint32_t i = 0; i < k->col; i++)
                x += t->width[i] + GAP;
            uint32_t spare = cols < w ? w - cols : 0;
            switch ((enum block_align)t->s->d->blocks[k->block].align) {
            case ALIGN_RIGHT:
                x += t->p->rtl ? 0 : spare;
                break;
            case ALIGN_CENTRE:
                x += spare / 2;
                break;
            case ALIGN_LEFT:
                x += t->p->rtl ? spare : 0;
                break;
            case ALIGN_NONE:
                break;
            }
            line_to(t->s, t->p->left + (int)x);
            line_flow(t->s, &k->flow, &k->cuts[line], 0);
        }
        uint16_t keep = 0; // the lines of a row stay together where they are few
        if (n > 1)
            keep = line == 0 ? LINE_FIRST : line == n - 1 ? LINE_LAST : 0;
        if (t->p->rtl)
            keep |= LINE_RTL;
        line_close(t->s, first, flags | keep | (first == DOC_NONE ? LINE_BLANK : 0));
    }
}

static void set_head_rule(struct table *t)
{
    struct buf b = {0};
    uint32_t cols = GAP * (t->ncols - 1);
    for (uint32_t x = 0; x < t->ncols; x++)
        cols += t->width[x];
    for (uint32_t i = 0; i < cols; i++)
        buf_str(&b, t->s->o->ascii ? "-" : "\xe2\x94\x80");
    line_open(t->s, t->p);
    line_to(t->s, t->p->left);
    line_own(t->s, arena_strndup(t->s->l->arena, b.data, b.len), (uint32_t)b.len, cols,
             ROLE_TABLE_RULE, 0, DOC_NONE);
    line_close(t->s, DOC_NONE, LINE_KEEP_NEXT);
    buf_free(&b);
}

static void set_columns(struct table *t)
{
    bool airy = cut_cells(t); // rows of several lines are parted by blank ones
    bool body = false;
    struct layout *l = t->s->l;
    struct layout_table place = {.head = l->nlines + (size_t)t->s->blanks};
    for (uint32_t r = 0; r < t->nrows; r++) {
        const struct row *row = &t->rows[r];
        size_t lines = l->nlines;
        bool last_head = row->head && (r + 1 == t->nrows || !t->rows[r + 1].head);
        if (airy && body)
            line_owe(t->s, t->p, 1);
        set_row(t, row, row->head ? LINE_KEEP_NEXT : 0);
        if (l->nlines > lines && last_head && r + 1 < t->nrows) {
            set_head_rule(t);
            if (!body && !place.body)
                place.body = l->nlines;
        }
        body |= !row->head && l->nlines > lines;
    }
    place.end = l->nlines;
    if (place.body && place.end > place.body) {
        l->tables = mem_grow(l->tables, &t->s->tables_cap, l->ntables + 1, sizeof *l->tables);
        l->tables[l->ntables++] = place;
    }
}

// ---- records ----

static void fill_cell(struct table *t, uint32_t block, bool head, const char *prefix)
{
    if (!t->s->d->blocks[block].len)
        return;
    struct flow f = cell_flow(t, block, head, prefix);
    int room = t->p->right - t->p->left;
    line_fill(t->s, t->p, &f, block, t->s->o->first_fit ? BREAK_FIRST_FIT : BREAK_OPTIMUM,
              &(struct fill){
                  .rest = room >= 16 ? 2 : 0, .flags = head ? LINE_KEEP_NEXT : 0, .whole = true});
}

// "Heading: ", for what stands in column `col`; NULL where there is none.
static const char *heading_of(struct table *t, uint32_t col)
{
    struct buf b = {0};
    for (uint32_t r = 0; r < t->nrows && t->rows[r].head; r++)
        for (uint32_t c = 0; c < t->rows[r].ncells; c++) {
            const struct cell *k = &t->rows[r].cells[c];
            const struct doc_block *h = &t->s->d->blocks[k->block];
            if (col < k->col || col >= (uint32_t)k->col + k->span || !h->len)
                continue;
            if (b.len)
                buf_str(&b, ", ");
            struct flow f =
                cell_flow(t, k->block, true, NULL); // as it is shown: note marks, stand-ins
            for (uint32_t i = 0; i < f.len; i++)
                buf_char(&b, f.text[i] == '\n' ? ' ' : f.text[i]);
        }
    const char *text = NULL;
    if (b.len) {
        buf_str(&b, b.data[b.len - 1] == ':' ? " " : ": ");
        text = arena_strndup(t->arena, b.data, b.len);
    }
    buf_free(&b);
    return text;
}

static void set_records(struct table *t)
{
    struct setter *s = t->s;
    const char *headings[MOST_COLUMNS] = {NULL};
    bool said[MOST_COLUMNS] = {false};
    for (uint32_t x = 0; x < t->ncols && x < MOST_COLUMNS; x++)
        headings[x] = heading_of(t, x);
    for (uint32_t r = 0; r < t->nrows; r++)
        for (uint32_t c = 0; c < t->rows[r].ncells && !t->rows[r].head; c++) {
            const struct cell *k = &t->rows[r].cells[c];
            said[k->col] |= s->d->blocks[k->block].len > 0;
        }
    bool any = false;
    for (uint32_t r = 0; r < t->nrows; r++) {
        const struct row *row = &t->rows[r];
        size_t lines = s->l->nlines;
        if (any)
            line_owe(s, t->p, 1);
        for (uint32_t c = 0; c < row->ncells; c++) {
            const struct cell *k = &row->cells[c];
            if (!row->head)
                fill_cell(t, k->block, false, headings[k->col]);
            else if (!said[k->col] || !t->fits) // no record below will say it
                fill_cell(t, k->block, true, NULL);
        }
        any |= s->l->nlines > lines;
    }
}

void set_table(struct setter *s, const struct place *p, uint32_t table)
{
    const struct doc *d = s->d;
    size_t lines = s->l->nlines;
    bool captioned = false;
    for (uint32_t i = table + 1; i < d->blocks[table].end; i = d->blocks[i].end) {
        if (is_row(d, i))
            continue;
        if (d->blocks[i].kind == BLOCK_PARAGRAPH && d->blocks[i].len) {
            struct flow f =
                flow_of(s, d->blocks[i].off, d->blocks[i].len, ROLE_CAPTION, p->marks, NULL, 0);
            flow_turn(s, &f, block_rtl(s, p, i));
            line_fill(s, p, &f, i, s->o->first_fit ? BREAK_FIRST_FIT : BREAK_OPTIMUM,
                      &(struct fill){.flags = LINE_KEEP_NEXT});
        } else {
            set_blocks(s, p, i, d->blocks[i].end);
        }
        captioned = s->l->nlines > lines;
    }
    struct table t = {.s = s, .p = p, .arena = arena_new()};
    read_rows(&t, table);
    if (captioned)
        line_owe(s, p, 1);
    if (t.nrows && t.ncols) {
        measure_cells(&t);
        if (t.fits && choose_widths(&t))
            set_columns(&t);
        else
            set_records(&t);
    }
    arena_free(t.arena);
}
