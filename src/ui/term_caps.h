// What a terminal can do and how it is told: read once from terminfo, the name and the environment.
// Nothing is sent or asked here.
#ifndef UI_TERM_CAPS_H
#define UI_TERM_CAPS_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/theme.h"

// X(field, capability): strings of terminfo, padding taken out; NULL where the terminal has none.
#define CAP_STRINGS(X)       \
    X(enter, "smcup")        \
    X(leave, "rmcup")        \
    X(keys_on, "smkx")       \
    X(keys_off, "rmkx")      \
    X(cursor_on, "cnorm")    \
    X(clear, "clear")        \
    X(to, "cup")             \
    X(to_col, "hpa")         \
    X(to_row, "vpa")         \
    X(home, "home")          \
    X(left, "cub1")          \
    X(left_n, "cub")         \
    X(right, "cuf1")         \
    X(right_n, "cuf")        \
    X(up, "cuu1")            \
    X(up_n, "cuu")           \
    X(down, "cud1")          \
    X(down_n, "cud")         \
    X(erase_line, "el")      \
    X(erase_n, "ech")        \
    X(region, "csr")         \
    X(scroll_up, "ind")      \
    X(scroll_up_n, "indn")   \
    X(scroll_down, "ri")     \
    X(scroll_down_n, "rin")  \
    X(plain, "sgr0")         \
    X(bold, "bold")          \
    X(dim, "dim")            \
    X(italic, "sitm")        \
    X(underline, "smul")     \
    X(underline_off, "rmul") \
    X(reverse, "rev")        \
    X(foreground, "setaf")   \
    X(background, "setab")   \
    X(default_colours, "op")

struct caps {
#define X(field, name) char *field;
    CAP_STRINGS(X)
#undef X
    bool wraps;      // a glyph in the last column moves the cursor to the next row at once
    bool erases_ink; // what is erased gets the background in force
    bool parameters; // attributes and colours are parameters of one control sequence, ESC [ ... m
    bool single_off; // and one attribute can be ended alone
    bool colour_bright; // colours 8 to 15 are parameters 90 to 97, 100 to 107
    int bad_mix;        // terminfo's no_color_video: attributes that colours spoil
    // By name and environment, since terminfo does not say:
    bool xterm;       // takes xterm's control strings: title, pastes in brackets, mouse, questions
    bool sync;        // shows a screen's update at once (DEC private mode 2026)
    bool links;       // OSC 8
    bool keeps_title; // `enter` and `leave` keep the window's title
    bool console;     // Linux's own: few glyphs, one code point in each
    int cols, rows;   // what terminfo believes; 0: nothing
    struct look_means means;
};

// Of the terminal of that name on descriptor fd. NULL: this machine does not know it. A young
// terminal seen from an old machine is taken for what it descends from.
struct caps *caps_new(const char *name, int fd);
void caps_free(struct caps *c);
bool caps_shows(const struct caps *c, uint32_t cp); // in UTF-8; false: a stand-in serves better
const char *caps_key(const struct caps *c,
                     const char *name); // what a key sends, by terminfo's name
// With parameters put in; until the next call. s not NULL.
const char *caps_with(const char *s, int a, int b);

#endif
