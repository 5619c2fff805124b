// From the bytes a terminal sends to keys. Pure: it knows no terminal; term.c feeds it and tells it
// the terminal's own sequences. Everything that is no key - replies, reports, broken sequences - is
// swallowed whole.
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

#endif
