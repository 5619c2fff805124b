// A line being typed as it stands on the screen: a window of its text that moves so that the cursor
// is seen.
#include "edit_state.h"

#include "lectern/utf8.h"

void edit_draw(struct edit *e, struct canvas *c, int row, int col, int cols, const char *label,
               struct style st)
{
    if (cols < 1)
        return;
    int most = cols / 2; // a label never takes more than half the room
    int used = canvas_str_fit(c, row, col, most, label, st, true);
    int room = cols - used - 1; // the cursor may stand behind the text
    col += used;
    const char *text = buf_cstr(&e->text);
    if (room < 1) {
        canvas_cursor(c, row, col);
        return;
    }
    // The window moves by a third of itself, so that a long line does not move with every key.
    if (e->shown > e->cursor || e->shown > e->text.len)
        e->shown = e->cursor;
    if (e->cursor == e->shown || utf8_cols(text + e->shown, e->cursor - e->shown) > room) {
        size_t from = e->cursor;
        while (from > 0) {
            size_t before = edit_prev(e, from);
            if (utf8_cols(text + before, e->cursor - before) > room - room / 3)
                break;
            from = before;
        }
        e->shown = from;
    }
    if (utf8_cols(text, e->text.len) <= room)
        e->shown = 0;
    int left = e->shown ? 1 : 0;
    size_t at = e->shown ? edit_next(e, e->shown) : 0; // the "<" stands in its place
    if (left && at > e->cursor)
        at = e->shown, left = 0;
    if (left)
        canvas_str(c, row, col, 1, "<", st);
    int width = left ? utf8_cols(text + e->shown, at - e->shown) : 0;
    int fit;
    size_t bytes = utf8_fit(text + at, e->text.len - at, room - width, &fit);
    canvas_put(c, row, col + width, room - width, text + at, bytes, st);
    if (at + bytes < e->text.len)
        canvas_str(c, row, col + room, 1, ">", st);
    canvas_cursor(c, row, col + width + utf8_cols(text + at, e->cursor - at));
}
