// The panels there are, and what they share.
#ifndef UI_PANEL_H
#define UI_PANEL_H

#include "view.h"

void panel_rule(struct ui *u, struct canvas *c, int row); // parts it from what is above
bool panel_closes(int key);                               // q, Escape and their like

// An address that is to travel: shown whole, copied, played or opened here. head: what it is;
// title: for the player.
// here: this machine can play, or show, it.
struct panel *handoff_new(struct ui *u, const char *head, const char *url, const char *title,
                          bool here);
// The same for a recording, of item or of none.
struct panel *handoff_sound(struct ui *u, int64_t item, const char *head, const char *url,
                            const char *title, bool here);
struct choice {
    char *label, *url;
};
struct panel *choice_new(struct ui *u, int64_t item, const char *head, const char *title,
                         struct choice *items, size_t n); // takes items

struct panel *themes_new(struct ui *u); // themes to try on

struct layout;
// Notes of the page, one at a time; the layout must outlive it. notes: indices, copied.
struct panel *peek_new(struct ui *u, const struct layout *l, const uint32_t *notes, size_t n);
// The links of the lines [first, end), numbered where they stand; the first line is drawn in `row`.
// NULL: there are none.
struct panel *hints_new(struct ui *u, struct view *reader, const struct layout *l, size_t first,
                        size_t end, int row);
// A click into a line of the page: on a note's mark it peeks at the note, on a link it follows it.
// False: there is neither.
bool hints_click(struct ui *u, struct view *reader, const struct layout *l, size_t line, int col);
// A look at a highlight, and what can be done to it; NULL: it is not there any more.
struct panel *marked_new(struct ui *u, struct view *reader, int64_t id);
// Sets a mark at `place` of item `id`, or goes to one.
struct doc;
struct panel *marks_new(struct ui *u, struct view *reader, const struct doc *d, int64_t id,
                        uint32_t place, bool set);

#endif
