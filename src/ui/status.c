// The bottom line: what is typed, asked or just happened, else what the view has to say, quietly. A
// message longer than the line takes a few lines more for its moment: what it says to do is at its
// end.
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "player.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "prompt.h"

enum { MESSAGE_LINES = 4 };

void status_clear(struct ui *u)
{
    if (!u->message.text)
        return;
    free(u->message.text);
    u->message.text = NULL;
    u->dirty = true;
}

// Bytes of s that go on one line of `cols` columns, broken at a blank where there is one.
static size_t line_of(const char *s, int cols)
{
    size_t len = strlen(s), fit = utf8_fit(s, len, cols, NULL);
    if (fit == len)
        return len;
    for (size_t i = fit; i > 0; i--)
        if (s[i] == ' ')
            return i;
    return fit ? fit : utf8_grapheme(s, len);
}

int ui_put_words(const struct ui *u, struct canvas *c, int row, int col, int cols, int most,
                 const char *text, struct style st, int *end)
{
    struct buf plain = {0};
    if (u->set.ascii) {
        utf8_to_ascii(&plain, text, strlen(text));
        text = buf_cstr(&plain);
    }
    int lines = 0;
    cols = cols < 1 ? 1 : cols;
    for (most = most < 1 ? 1 : most; *text && lines < most; lines++) {
        size_t len = lines == most - 1 ? strlen(text) : line_of(text, cols);
        if (c) {
            char *line = utf8_clean_dup(text, len, UTF8_LINE);
            int used = canvas_str_fit(c, row + lines, col, cols, line, st, u->set.ascii);
            free(line);
            if (end)
                *end = col + used;
        }
        text += len;
        text += *text == ' ';
    }
    buf_free(&plain);
    return lines;
}

// Where words of the bottom line stand, and how many rows they may take.
static int place_words(const struct ui *u, int *col, int *cols)
{
    ui_list_block(u, col, cols);
    *col += u->cols >= 40 ? 1 : 0;
    *cols -= u->cols >= 40 ? 2 : 0;
    if (u->panel && u->rows < 16) // it has what one came for
        return 1;
    return u->rows >= 8 ? MESSAGE_LINES : (u->rows + 1) / 2;
}

static void draw_words(struct ui *u, struct canvas *c, const char *text, struct style st,
                       bool cursor)
{
    int col, cols, most = place_words(u, &col, &cols), end = 0;
    int lines = ui_put_words(u, NULL, 0, col, cols, most, text, st, NULL);
    for (int row = u->rows - lines; row < u->rows; row++)
        canvas_fill(c, row, 0, u->cols, " ", STYLE(TEXT));
    ui_put_words(u, c, u->rows - lines, col, cols, most, text, st, &end);
    if (cursor)
        canvas_cursor(c, u->rows - 1, end < u->cols ? end : u->cols - 1);
}

int status_rows(const struct ui *u)
{
    const char *text = u->prompt.edit       ? NULL
                       : u->prompt.question ? u->prompt.label
                                            : u->message.text;
    int col, cols, most = place_words(u, &col, &cols);
    return text && *text ? ui_put_words(u, NULL, 0, col, cols, most, text, STYLE(TEXT), NULL) : 1;
}

// While the cursor moves, the left half stays as it was; the right one tells where it is.
static void hold_left(struct ui *u, const struct view *v, struct buf *left)
{
    bool same = u->moving.of == v && u->moving.left;
    u->moving.waits = u->moving.on && same && v->ops->kind != VIEW_READER &&
                      strcmp(u->moving.left, buf_cstr(left)) != 0;
    if (u->moving.waits) {
        buf_clear(left);
        buf_str(left, u->moving.left);
        return;
    }
    free(u->moving.left);
    u->moving.left = mem_strdup(buf_cstr(left));
    u->moving.of = v;
}

static void draw_quiet(struct ui *u, struct canvas *c)
{
    struct view *v = ui_top(u);
    struct buf left = {0}, right = {0};
    if (v->ops->status && !u->panel)
        v->ops->status(v, &left, &right);
    if (u->panel && u->panel->ops->status)
        u->panel->ops->status(u->panel, &left, &right);
    hold_left(u, v, &left);
    if (u->found && v->ops->kind != VIEW_READER) {
        bool list = v->ops->kind == VIEW_SHELF || v->ops->kind == VIEW_CONTENTS;
        enum action next = list ? ACT_NEXT_UNREAD : ACT_SEARCH_NEXT; // as ui_act takes it
        buf_clear(&left);
        buf_printf(&left, "Finding %s: %s next, %s ends", u->found,
                   ui_key_of(u, v->ops->kind, next), ui_key_of(u, v->ops->kind, ACT_SEARCH_END));
    }
    if (*u->pending) {
        buf_clear(&right);
        buf_str(&right, u->pending);
    }
    if (!u->panel && player_on(u)) {
        struct buf plays = {0};
        player_words(u, u->cols < 60, &plays);
        if (right.len)
            buf_printf(&plays, "  %s", right.data);
        buf_free(&right);
        right = plays;
    }
    int row = u->rows - 1, edge = u->cols >= 40 ? 1 : 0, used = 0, from, width;
    ui_list_block(u, &from, &width);
    from += edge;
    width -= 2 * edge;
    if (right.len)
        used = 2 + ui_put_right(u, c, row, from + width, width, right.data, STYLE(STATUS));
    ui_put(u, c, row, from, width - used, buf_cstr(&left), STYLE(STATUS));
    buf_free(&left);
    buf_free(&right);
}

void status_draw(struct ui *u, struct canvas *c)
{
    int left, width, edge = u->cols >= 40 ? 1 : 0;
    ui_list_block(u, &left, &width);
    if (u->prompt.edit) {
        canvas_fill(c, u->rows - 1, 0, u->cols, " ", STYLE(TEXT));
        edit_draw(u->prompt.edit, c, u->rows - 1, left + edge, width - edge, u->prompt.label,
                  STYLE(PROMPT));
        prompt_draw_menu(u, c);
    } else if (u->prompt.question) {
        draw_words(u, c, u->prompt.label, STYLE(PROMPT), true);
    } else if (u->message.text) {
        draw_words(u, c, u->message.text, u->message.error ? STYLE(ERROR) : STYLE(MESSAGE), false);
    } else if (u->rows > 1) {
        draw_quiet(u, c);
    }
}
