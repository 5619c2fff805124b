// What the parts of the door to the terminal share: nobody else includes it.
#ifndef UI_TERM_STATE_H
#define UI_TERM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lectern/theme.h"
#include "input.h"
#include "term.h"
#include "term_ask.h"
#include "term_caps.h"
#include "term_out.h"
#include "term_screen.h"

struct term {
    int in;
    struct out out;
    struct caps *caps;
    struct term_wants wants;
    struct screen *screen;
    struct input *input;
    struct ask ask;
    int64_t asked_at; // monotonic, ms
    bool news;
    const struct theme *theme;
    bool utf8;
    int cols, rows;
    char *title; // last sent
};

#endif
