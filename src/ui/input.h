// From the bytes a terminal sends to keys. Pure: it knows no terminal; term.c feeds it and tells it
// the terminal's own sequences. What is no key - answers, reports, broken sequences - never becomes
// one.
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include "keymap.h"

struct input;
struct input *input_new(bool utf8); // false: bytes over 0x7F are characters of the locale
void input_free(struct input *in);
void input_define(struct input *in, const char *sequence,
                  int key); // from terminfo; NULL and "" are fine
void input_feed(struct input *in, const char *bytes, size_t len);
// The next key; false when there is none yet. `settled`: nothing more came for a while, so that
// what could be the beginning of a sequence is what it is: a lone Escape is the key.
bool input_next(struct input *in, bool settled, int *key);
bool input_waiting(
    const struct input *in); // half a sequence is there: ask again, settled, in a moment

// What the mouse did when the key was KEYS_MOUSE: presses and the wheel, nothing else is a key.
struct mouse {
    enum { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } what;
    int row, col; // from 0
};
struct mouse input_mouse(const struct input *in);
bool input_in_answer(const struct input *in); // the half may be of a terminal's answer: ask settled
                                              // only after a long moment
void input_expect(struct input *in, bool answers); // some are to come, maybe in parts and late
// What is told a terminal's answers (OSC, DCS, CSI ?), whole; NULL: they are dropped.
void input_on_answer(struct input *in, void (*tell)(void *ctx, const char *s, size_t len),
                     void *ctx);

#endif
