// The reader without a terminal: a stack of views over a library, driven by actions, drawn on a
// canvas. app.c gives it keys and a screen; tests give it a script.
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/client.h"
#include "lectern/conf.h"
#include "lectern/store.h"
#include "action.h"
#include "cell.h"
#include "keymap.h"

struct ui;
struct ui_setup {
    struct store *store;    // not owned
    struct conf *conf;      // not owned; `:set` changes it
    struct client *client;  // NULL: no fetching (tests, a second Lectern)
    struct keymap *keymap;  // not owned; help and legends ask it
    int64_t (*clock)(void); // Unix seconds; NULL: time(2)
    bool ascii;             // no glyphs beyond ASCII
    bool whole_blocks;      // no half blocks
    // How the outside is reached; NULL fields use audio.h. Tests record them.
    void (*send)(void *ctx, const char *bytes, size_t len); // raw bytes to the terminal (OSC 52)
    bool (*play)(void *ctx, const char *url, const char *title, char *name, size_t name_size,
                 struct err *e);
    bool (*browse)(void *ctx, const char *url, struct err *e);
    void (*redraw)(void *ctx); // the terminal is to be drawn anew
    bool (*light)(void *ctx);  // the text stands on a light background; NULL: on a dark one
    // An option was set while the reader runs; what is drawn follows by itself, this is for the
    // rest (theme, glyphs). False: it cannot be had, and is put back.
    bool (*changed)(void *ctx, const char *option, struct err *e);
    void *ctx;
    const char *library; // path of the library, for the player; NULL: nothing is kept playing
    const char *config;  // path of the configuration, for messages; may be NULL
    const char *history; // file of the lines typed before; NULL: kept for this session
    int utc_offset;      // seconds east, INT32_MAX: as the machine says; tests pin it to 0
};
struct ui *ui_new(const struct ui_setup *s, int cols, int rows);
void ui_free(struct ui *u); // saves places; leaves flushing to the caller (store_flush)
void ui_resize(struct ui *u, int cols, int rows);
enum view_kind ui_view(const struct ui *u); // which bindings are in force
// A key as the terminal hands it over: to the prompt or panel that is open, else through the
// keymap.
void ui_press(struct ui *u, int key);
bool ui_prompting(
    const struct ui *u); // a line is being typed: keys go to ui_key, not through the keymap
void ui_act(struct ui *u, enum action a, int count); // count 0: none given
void ui_command(struct ui *u, const char *line);     // what is typed behind `:`
void ui_key(struct ui *u,
            int key); // while prompting, or for a panel's own keys (hints, the audio panel, yes/no)
void ui_ascii(struct ui *u, bool ascii); // from now on no glyphs beyond ASCII, or all
// The mouse: a list's cursor goes to the row; where it stands already, that opens. In an essay a
// link is followed, a note peeked at; beside the view on top is the way back.
void ui_click(struct ui *u, int row, int col);
void ui_event(struct ui *u, const struct client_event *ev); // what the worker said
void ui_idle(struct ui *u);       // nothing to do now: load the rest of ids, flush deferred writes,
                                  // notice other writers
bool ui_busy(const struct ui *u); // idle has more to do: call it again when no key is waiting
// After a move of a cursor, what the bottom line tells of the row waits until keys rest: on a slow
// line it costs more than the move. True: ui_rest has something to show.
bool ui_restless(const struct ui *u);
void ui_rest(struct ui *u);
int ui_player_fd(const struct ui *u);         // -1: nothing plays; else wait for it, and
void ui_player(struct ui *u);                 // call this when it has something to say
bool ui_done(const struct ui *u);             // quit was asked for
bool ui_dirty(const struct ui *u);            // something to draw
void ui_redraw(struct ui *u);                 // there is: how it looks has changed
void ui_draw(struct ui *u, struct canvas *c); // canvas has the size of ui_resize
void ui_save(struct ui *u); // place of the open essay into the store (deferred write): before an
                            // end of any kind
void ui_message(struct ui *u, bool error, const char *fmt, ...)
    LECTERN_PRINTF(3, 4); // status line for a moment, and into Messages
void ui_hint(struct ui *u, const char *fmt, ...)
    LECTERN_PRINTF(2, 3); // the same for what is not worth keeping: "no more unread"
void ui_pending_keys(struct ui *u,
                     const char *shown); // "12g", drawn at the right of the status line; "" none
const char *ui_terminal_title(const struct ui *u); // "Lectern", or the essay's title

#endif
