// One line of a contents list: which columns a width has room for, and how an essay fills them.
#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "lectern/store.h"
#include "view.h"

// Columns from the left edge of the line; a width of 0: the column has given way. Columns with
// `right` end there.
struct columns {
    int width, mark_at;
    int date_at, date_width;
    int feed_at, feed_width;
    int title_at;
    int tags_at, tags_width;          // of bookmarks
    int note_right, note_width;       // "42%", "preview"
    int minutes_right, minutes_width; // "14 min", "14m"
    int audio_at, kept_at;            // -1: given way
    bool words;                       // minutes are spelled out
    bool kept_dates;
};
struct columns columns_for(int width, enum shelf_kind shelf);
void columns_draw(struct ui *u, struct canvas *c, int row, int left, const struct columns *k,
                  const struct item_row *r, bool current);

#endif
