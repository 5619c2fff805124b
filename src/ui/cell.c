// The canvas: an array of cells, each with the bytes of one glyph and its style. A grapheme cluster
// is put down the way a terminal without knowledge of clusters would take it - one code point that
// moves the cursor, then marks that do not - so that what the layout measured is what every
// terminal shows: of an emoji sequence the first picture stays, and a selector that could widen a
// narrow glyph goes.
#include "cell.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

struct cell {
    char glyph[CELL_BYTES]; // "" in the second half of a wide glyph
    uint8_t width;
    uint16_t link; // 0: none
    struct style style;
};

enum { LINKS_MAX = 1000 };

struct canvas {
    int cols, rows;
    char **links; // the addresses of link 1 and on
    size_t nlinks, links_cap;
    int cursor_row, cursor_col;
    struct cell *cells;
};

static const struct cell blank = {.glyph = " ", .width = 1};

struct canvas *canvas_new(int cols, int rows)
{
    struct canvas *c = mem_alloc(sizeof *c);
    canvas_resize(c, cols, rows);
    return c;
}

void canvas_free(struct canvas *c)
{
    if (!c)
        return;
    canvas_clear(c); // the links
    free(c->links);
    free(c->cells);
    free(c);
}

void canvas_resize(struct canvas *c, int cols, int rows)
{
    cols = cols < 1 ? 1 : cols;
    rows = rows < 1 ? 1 : rows;
    if (cols != c->cols || rows != c->rows) {
        free(c->cells);
        c->cells = mem_array((size_t)cols * (size_t)rows, sizeof *c->cells);
        c->cols = cols;
        c->rows = rows;
    }
    canvas_clear(c);
}

int canvas_cols(const struct canvas *c)
{
    return c->cols;
}

int canvas_rows(const struct canvas *c)
{
    return c->rows;
}

void canvas_clear(struct canvas *c)
{
    size_t n = (size_t)c->cols * (size_t)c->rows;
    for (size_t i = 0; i < n; i++)
        c->cells[i] = blank;
    c->cursor_row = c->cursor_col = 0;
    while (c->nlinks)
        free(c->links[--c->nlinks]);
}

static struct cell *cell_at(const struct canvas *c, int row, int col)
{
    return &c->cells[(size_t)row * (size_t)c->cols + (size_t)col];
}

// Before a cell is overwritten: the other half of a wide glyph must not stay behind.
static void part(struct canvas *c, int row, int col)
{
    struct cell *at = cell_at(c, row, col);
    if (at->width == 0 && col > 0) {
        at[-1].width = 1;
        strcpy(at[-1].glyph, " ");
    } else if (at->width == 2 && col + 1 < c->cols) {
        at[1].width = 1;
        strcpy(at[1].glyph, " ");
    }
}

static void set(struct canvas *c, int row, int col, const char *glyph, size_t len, int width,
                struct style st)
{
    if (col < 0 || col + width > c->cols) {
        if (width == 2) { // the half that is on the canvas
            if (col == -1)
                set(c, row, 0, " ", 1, 1, st);
            else if (col + 1 == c->cols)
                set(c, row, col, " ", 1, 1, st);
        }
        return;
    }
    struct cell *at = cell_at(c, row, col);
    if (at->width != 1)
        part(c, row, col);
    memcpy(at->glyph, glyph, len);
    at->glyph[len] = '\0';
    at->width = (uint8_t)width;
    at->style = st;
    at->link = 0;
    if (width == 2) {
        if (at[1].width != 1)
            part(c, row, col + 1);
        at[1].glyph[0] = '\0';
        at[1].width = 0;
        at[1].style = st;
        at[1].link = 0;
    }
}

static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

// A mark that takes no column joins the glyph to the left of `col`.
static void join(struct canvas *c, int row, int col, const char *mark, size_t len, uint32_t cp)
{
    if (col <= 0 || col > c->cols)
        return;
    struct cell *at = cell_at(c, row, col - 1);
    if (at->width == 0 && col > 1)
        at--;
    size_t have = strlen(at->glyph), marks = 0;
    bool joiner = cp == 0x200D || (cp >= 0xFE00 && cp <= 0xFE0F);
    if (joiner &&
        (cp != 0x200D || at->width == 2)) // emoji sequences are cut; selectors could change a width
        return;
    for (size_t i = 1; i < have; i++)
        marks += ((unsigned char)at->glyph[i] & 0xC0) != 0x80;
    if (marks >= CELL_MARKS || have + len >= CELL_BYTES)
        return;
    memcpy(at->glyph + have, mark, len);
    at->glyph[have + len] = '\0';
}

// One cell's worth of text: a code point that takes `cols` columns (0: a stray mark) and the marks
// that stand on it.
static void put_cell(struct canvas *c, int row, int col, int cols, const char *s, size_t len,
                     struct style st)
{
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t cp;
        n = utf8_decode(s + i, len - i, &cp);
        if (i || cols == 0) {
            join(c, row, col + cols, s + i, n, cp);
            continue;
        }
        // Some terminals lay a skin colour over the picture before it and would be two columns
        // behind from there on.
        bool colour = cp >= 0x1F3FB && cp <= 0x1F3FF && col > 0 && col < c->cols &&
                      cell_at(c, row, col - 1)->width == 0;
        char fixed[4];
        size_t flen = utf8_encode(utf8_drawable(cp) ? cp : 0xFFFD, fixed);
        set(c, row, col, colour ? " " : fixed, colour ? 1 : flen, colour ? 1 : cols, st);
        if (colour)
            set(c, row, col + 1, " ", 1, 1, st);
    }
}

int canvas_put(struct canvas *c, int row, int col, int max, const char *text, size_t len,
               struct style st)
{
    if (row < 0 || row >= c->rows)
        return 0;
    int used = 0;
    for (size_t i = 0, n; i < len; i += n) {
        unsigned char byte = (unsigned char)text[i];
        uint32_t cp = byte;
        n = byte < 0x80 ? 1 : utf8_decode(text + i, len - i, &cp);
        bool control = is_control(cp);
        if (!control)
            n = utf8_grapheme(text + i, len - i);
        int cols = control ? 1 : utf8_grapheme_cols(text + i, n);
        int room = c->cols - col < max ? c->cols - col - used : max - used;
        if (cols > room) { // the end, and maybe half a wide glyph
            for (; room > 0; room--)
                set(c, row, col + used++, " ", 1, 1, st);
            break;
        }
        put_cell(c, row, col + used, cols, control ? " " : text + i, control ? 1 : n, st);
        used += cols;
    }
    return used;
}

int canvas_str(struct canvas *c, int row, int col, int max, const char *s, struct style st)
{
    return canvas_put(c, row, col, max, s, strlen(s), st);
}

int canvas_str_fit(struct canvas *c, int row, int col, int max, const char *s, struct style st,
                   bool ascii)
{
    if (max <= 0)
        return 0;
    struct buf b = {0};
    utf8_ellipsize(&b, s, strlen(s), max, ascii);
    int used = canvas_put(c, row, col, max, buf_cstr(&b), b.len, st);
    buf_free(&b);
    return used;
}

int canvas_str_right(struct canvas *c, int row, int right, const char *s, struct style st)
{
    int cols = utf8_cols(s, strlen(s));
    return canvas_put(c, row, right - cols, cols, s, strlen(s), st);
}

void canvas_fill(struct canvas *c, int row, int col, int n, const char *glyph, struct style st)
{
    if (col < 0)
        n += col, col = 0;
    if (row < 0 || row >= c->rows || col >= c->cols)
        return;
    size_t len = strlen(glyph);
    int cols = len ? utf8_cols(glyph, len) : 0;
    if (cols < 1)
        glyph = " ", len = 1, cols = 1;
    int end = n < c->cols - col ? col + n : c->cols;
    while (col + cols <= end)
        col += canvas_put(c, row, col, cols, glyph, len, st);
    while (col < end)
        set(c, row, col++, " ", 1, 1, st);
}

void canvas_mark(struct canvas *c, int row, int col, int n, uint16_t marks)
{
    if (col < 0)
        n += col, col = 0;
    if (row < 0 || row >= c->rows)
        return;
    for (; n > 0 && col < c->cols; n--, col++)
        cell_at(c, row, col)->style.marks |= marks;
}

void canvas_link(struct canvas *c, int row, int col, int n, const char *address)
{
    if (row < 0 || row >= c->rows || c->nlinks == LINKS_MAX)
        return;
    if (!c->nlinks || strcmp(c->links[c->nlinks - 1], address) != 0) {
        c->links = mem_grow(c->links, &c->links_cap, c->nlinks + 1, sizeof *c->links);
        c->links[c->nlinks++] = mem_strdup(address);
    }
    for (; n > 0 && col < c->cols; n--, col++)
        if (col >= 0)
            cell_at(c, row, col)->link = (uint16_t)c->nlinks;
}

void canvas_blit(struct canvas *c, int left, const struct canvas *from)
{
    for (int row = 0; row < from->rows && row < c->rows; row++)
        for (int col = 0; col < from->cols; col++) {
            const struct cell *f = cell_at(from, row, col);
            if (f->width == 0)
                continue;
            set(c, row, left + col, f->glyph, strlen(f->glyph), f->width, f->style);
            if (f->link)
                canvas_link(c, row, left + col, f->width, from->links[f->link - 1]);
        }
    canvas_cursor(c, from->cursor_row, left + from->cursor_col);
}

const char *const *canvas_links(const struct canvas *c)
{
    return (const char *const *)c->links;
}

void canvas_cursor(struct canvas *c, int row, int col)
{
    c->cursor_row = row < 0 ? 0 : row >= c->rows ? c->rows - 1 : row;
    c->cursor_col = col < 0 ? 0 : col >= c->cols ? c->cols - 1 : col;
}

void canvas_cursor_at(const struct canvas *c, int *row, int *col)
{
    *row = c->cursor_row;
    *col = c->cursor_col;
}

struct cell_view canvas_at(const struct canvas *c, int row, int col)
{
    if (row < 0 || row >= c->rows || col < 0 || col >= c->cols)
        return (struct cell_view){" ", 1, {ROLE_TEXT, 0}, 0};
    const struct cell *at = cell_at(c, row, col);
    return (struct cell_view){at->glyph, at->width, at->style, at->link};
}

bool canvas_empty(const struct canvas *c, int row)
{
    for (int col = 0; row >= 0 && row < c->rows && col < c->cols; col++)
        if (strcmp(cell_at(c, row, col)->glyph, " ") != 0)
            return false;
    return true;
}

static void end_row(struct buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_char(out, '\n');
}

void canvas_dump(const struct canvas *c, struct buf *out, bool roles)
{
    bool marked = false;
    for (int row = 0; row < c->rows; row++) {
        for (int col = 0; col < c->cols; col++) {
            buf_str(out, cell_at(c, row, col)->glyph);
            marked |= cell_at(c, row, col)->style.marks != 0;
        }
        end_row(out);
    }
    if (!roles)
        return;
    buf_str(out, "--\n");
    for (int row = 0; row < c->rows; row++) {
        for (int col = 0; col < c->cols; col++) {
            const struct cell *at = cell_at(c, row, col);
            bool plain = at->style.role == ROLE_TEXT && strcmp(at->glyph, " ") == 0;
            buf_char(out, plain || at->style.role >= ROLE_COUNT
                              ? ' '
                              : role_table[at->style.role].letter);
        }
        end_row(out);
    }
    if (!marked)
        return;
    buf_str(out, "--\n");
    for (int row = 0; row < c->rows; row++) {
        for (int col = 0; col < c->cols; col++) {
            char letter = ' ';
            for (int bit = 0; bit < MARK_COUNT; bit++)
                if (cell_at(c, row, col)->style.marks & 1u << bit)
                    letter = mark_table[bit].letter;
            buf_char(out, letter);
        }
        end_row(out);
    }
}
