// The terminal: the only door to terminfo. It shows canvases, sending only what changed, and hands
// over keys. Nothing here waits for it but the end.
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/err.h"
#include "cell.h"
#include "input.h"
#include "term_ask.h"
#include "lectern/theme.h"

struct term_wants { // of what not everybody likes
    bool title;     // name the window
    bool mouse;     // presses and the wheel are keys
    bool links;     // tell where links lead, where the terminal can open them
};
struct term;
// Takes over the terminal on standard input and output. Errors: no terminal there, or one that
// cannot place a cursor; the sentence names what works instead. One at a time.
bool term_open(const struct term_wants *w, struct term **out, struct err *e);
bool term_possible(
    struct err *e); // the part of that which can be told without touching the terminal
void term_set_wants(struct term *t, const struct term_wants *w); // from now on
void term_close(struct term *t); // gives it back as it was; NULL is fine
// Gives it back from a signal handler or a program that ends for want of memory: async-signal-safe,
// does nothing twice.
void term_emergency(void);

int term_fd(const struct term *t); // for poll(POLLIN)
// For poll(POLLOUT), then term_flush: the line did not take all yet, and until it has, drawing more
// is in vain. -1: nothing waits.
int term_out_fd(const struct term *t);
void term_flush(struct term *t);
int term_cols(const struct term *t);
int term_rows(const struct term *t);
bool term_unicode(
    const struct term *t); // the locale is UTF-8; else every glyph is sent as its ASCII stand-in
bool term_halves(const struct term *t); // half blocks are shown as such
struct look_means term_means(const struct term *t);
void term_set_theme(struct term *t,
                    const struct theme *theme); // not owned

// Shows the canvas (of the terminal's size, or what fits) and its cursor; title: of the terminal's
// window, sent when it changed, NULL: leave it.
void term_draw(struct term *t, const struct canvas *c, const char *title);
void term_redraw(
    struct term *t); // the next term_draw sends everything: the screen may have been written over
bool term_resized(
    struct term *t);            // asks for the size again (after SIGWINCH); true if it is another
bool term_read(struct term *t); // takes what was typed, without waiting; false: the line is gone
bool term_key(struct term *t, bool settled, int *key); // the next key typed; see input.h
struct mouse term_mouse(const struct term *t);         // after KEYS_MOUSE
bool term_key_waiting(const struct term *t);
int term_patience(const struct term *t); // ms without a byte until what waits is settled

// Asks the terminal what it is, where it is one that answers; ground: for its background, too.
// Nothing waits for the answers; they come with what is read.
void term_ask(struct term *t, bool ground);
bool term_asking(const struct term *t); // the answers may still come soon
bool term_learned(struct term *t);      // since the last call: term_means or term_ground may differ
enum ground term_ground(const struct term *t);
void term_send(struct term *t, const char *bytes,
               size_t len);        // raw bytes for the terminal itself (OSC 52)
void term_suspend(struct term *t); // before the program stops, or another takes the terminal
void term_resume(struct term *t);

#endif
