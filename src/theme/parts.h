// What a theme is made of: for the files of this room only.
#ifndef THEME_PARTS_H
#define THEME_PARTS_H

#include "lectern/theme.h"

enum { THEME_UNSET = -2 };
struct paint {    // one colour as written
    int32_t best; // THEME_UNSET, LOOK_DEFAULT, palette number, LOOK_RGB | rgb
    int32_t many; // for 256 colours; THEME_UNSET: the nearest
    int32_t few;  // for 8 and 16; THEME_UNSET: nobody knows
};
struct theme_line {
    struct paint fg, bg;
    uint8_t attrs;
};
struct theme {
    struct theme_line roles[ROLE_COUNT], marks[MARK_COUNT];
    struct theme *mono; // how it looks where its colours cannot be had; NULL: it needs none
    int lacks;          // see theme_lacks
    const char *about;
    struct conf_problem *problems;
    size_t nproblems, cap;
    struct arena *arena;
};

struct theme *theme_builtin(const char *name); // default or mono, else NULL

#endif
