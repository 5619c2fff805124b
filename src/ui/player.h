// What plays, seen from the reader: the player's own words over its socket, what a key says to it,
// and the quiet figure of the bottom line. The playing itself is the keeper's (keeper.h).
#ifndef UI_PLAYER_H
#define UI_PLAYER_H

#include "view.h"

struct player;
void player_free(struct player *p); // it plays on; NULL is fine
void player_look(struct ui *u);     // the library has changed: something may play now, or no more
void player_tick(struct ui *u);     // once a second or so
bool player_on(const struct ui *u);
bool player_plays(const struct ui *u, const char *address);         // this one, just now
void player_words(const struct ui *u, bool brief, struct buf *out); // "♪ 12:31/31:04"; "" if none
bool player_act(struct ui *u, enum action a, int count);            // false: not one of its actions

// Begins to play, or hands to the queue; both say what they did.
bool player_begin(struct ui *u, int64_t item, const char *address, const char *title,
                  struct err *e);
struct queue_row;
void player_enqueue(struct ui *u, const struct queue_row *row);

struct panel *player_new(struct ui *u);   // its window; NULL: nothing plays
struct panel *farewell_new(struct ui *u); // whether it goes on when the reader ends

// The state, for the window.
struct player_state {
    const char *title, *chapter; // chapter: "" if none
    double at, length, speed, volume;
    bool paused, loading;
};
void player_state(const struct ui *u, struct player_state *out);

#endif
