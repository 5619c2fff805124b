// What the parts of the door to curses share: nobody else includes it.
#ifndef UI_TERM_STATE_H
#define UI_TERM_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define NCURSES_WIDECHAR 1
#define key_name curses_key_name // ours is in keymap.h
#include <curses.h>
#undef key_name

#include "input.h"
#include "term.h"
#include "lectern/theme.h"

struct shown { // what a cell of the screen holds
    char glyph[CELL_BYTES];
    uint8_t width;
    struct style style;
};

struct term {
    SCREEN *screen;
    FILE *in, *out;
    struct input *input;
    const struct theme *theme;
    struct look_means means;
    bool utf8, titles, pastes, sync;
    bool title_kept; // what curses sends at the start and the end keeps the window's title
    int tty;         // for our own writes
    int frame; // curses writes a screen's update here, so that it goes out in one piece; -1: it
               // cannot be had
    int cols, rows;
    struct shown *shown;
    struct look *looks; // of the row being drawn
    struct look plain;  // of running text
    bool all;           // nothing on the screen is known
    char *title;        // last sent
};

void term_write(int fd, const char *s, size_t len); // all of it, whatever interrupts

#endif
