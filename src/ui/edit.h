// A line being typed: the text of a prompt, its cursor, and the habits of readline. It knows keys
// and text; where it stands on the screen is told when it is drawn.
#ifndef UI_EDIT_H
#define UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include "cell.h"
#include "keymap.h"

struct edit;
enum edit_result {
    EDIT_MORE,     // goes on; text or cursor may have changed
    EDIT_DONE,     // Enter
    EDIT_CANCEL,   // Esc, ^C, ^G, ^D on an empty line, Backspace on an empty line
    EDIT_COMPLETE, // Tab: the caller may offer to complete (edit_set, edit_insert)
    EDIT_UNUSED,   // a key that means nothing here (PgUp ...): the caller may have a use for it
};
struct edit *edit_new(const char *text); // NULL: empty; the cursor stands at the end
void edit_free(struct edit *e);
enum edit_result
edit_key(struct edit *e,
         int key); // pastes too: never DONE before the paste ended, newlines become spaces
const char *edit_text(const struct edit *e); // valid UTF-8, one line; until the next change
bool edit_empty(const struct edit *e);
void edit_set(struct edit *e,
              const char *text); // another text, cursor at its end; ^_ brings the old one back
void edit_insert(struct edit *e, const char *text, size_t len); // at the cursor, cleaned
size_t edit_cursor(const struct edit *e);                       // bytes before it
// Lines typed before, oldest first, for Up/Down and ^P/^N; what is being typed comes back below the
// newest. Copied.
void edit_history(struct edit *e, const char *const *lines, size_t n);
// Draws label and text in `cols` columns from (row, col) and puts the canvas's cursor there; a
// longer text scrolls sideways so that the cursor is seen, with "<" or ">" where it goes on.
// Passwords and such are none of its business.
void edit_draw(struct edit *e, struct canvas *c, int row, int col, int cols, const char *label,
               struct style st);

#endif
