// An essay on the screen: what the files of this view share. Private to reader*.c.
#ifndef UI_READER_H
#define UI_READER_H

#include "lectern/highlight.h"
#include "lectern/layout.h"
#include "lectern/match.h"
#include "lectern/page.h"
#include "trail.h"
#include "view.h"

struct reader {
    struct view view;
    int64_t id;
    struct arena *arena; // of item
    struct item_body item;
    struct doc *doc;
    struct layout *layout; // set at least some pages beyond the line at hand
    struct pages *pages;   // NULL until all is set
    bool unfinished;       // patterns for its words were still being read
    int above, height;     // rows left empty over the text, rows of text
    size_t top, last_top; // the line shown first; the first one from which all of the rest is seen,
                          // SIZE_MAX until all is set
    bool bare;            // the head of the table that ends on the page has gone (page.h)
    uint32_t place;       // offset that stays at the top; 0: the beginning, with the head
    uint32_t spot;        // the place where a search began
    size_t spot_top;      // and the line
    uint32_t saved;       // the place as the store has it
    bool end_saved;       // and it knows that the end was reached
    bool unread;          // as far as this view has seen to it
    struct match *matches;
    size_t nmatches, match;     // match: the one the cursor is on
    struct trail trail;         // of jumps
    struct arena *marked_arena; // of what is highlighted, in the order of the text
    struct highlight *marked;
    size_t nmarked;
    uint32_t marked_at; // the highlight one has gone to, UINT32_MAX: none
    char *next_title;   // of the next unread essay; "" none; NULL not looked for yet
};

// ---- reader.c ----
void reader_reach(struct reader *r, size_t line); // sets up to it, where that is not done yet
size_t reader_line_of(struct reader *r, uint32_t place); // the line of a place
void reader_go_line(struct reader *r, size_t line);      // becomes the page's first; no jump
size_t reader_shown_end(const struct reader *r);         // one past the last line that is seen
bool reader_at_end(const struct reader *r);

// Another text of the same essay takes the place of the one shown; all three are the reader's then.
void reader_take(struct reader *r, struct arena *a, const struct item_body *item, struct doc *d,
                 uint32_t place);

// ---- whole.c ----
void whole_act(struct reader *r, int count); // the article of its page, or what the feed sent
void whole_told(const struct reader *r, struct buf *out); // for the line of facts

// ---- reader_marked.c: highlights ----
void reader_marked_load(struct reader *r);
void reader_marked_draw(const struct reader *r, struct canvas *c, int row, size_t line);
bool reader_marked_act(struct reader *r, enum action a, int count);
void reader_kept_told(const struct reader *r, struct buf *out); // a bookmark, for its line of facts
size_t reader_marked_words(const struct reader *r, struct buf *out); // how many are on the page

struct panel *select_new(struct reader *r); // select.c: words taken by keys

// ---- reader_move.c ----
bool reader_move(struct reader *r, enum action a, int count); // false: no way of moving
// Brings an offset onto the page, as a jump; where it is there already nothing moves.
void reader_show_offset(struct reader *r, uint32_t off);

#endif
