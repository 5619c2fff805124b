// What a line being typed is made of. Private to edit*.c.
#ifndef UI_EDIT_STATE_H
#define UI_EDIT_STATE_H

#include "edit.h"

enum { UNDO_MAX = 100, TEXT_MAX = 8192, RING = 8 };

struct edit {
    struct buf text;
    size_t cursor;    // bytes
    size_t shown;     // first byte on the screen
    char *ring[RING]; // what ^W, ^U, ^K ... took away, last first
    size_t nring;
    size_t yanked, yanked_len; // where ^Y has put ring[turn]; len 0: the key before did not
    size_t turn;
    bool killing; // the key before killed, too: the pieces join
    bool typing;  // the key before was a character: one undo step for a run of them
    bool pasting;
    struct {
        char *text;
        size_t cursor;
    } undo[UNDO_MAX];
    size_t nundo;
    char **history;
    size_t nhistory, at; // at == nhistory: the line being typed
    char *typed;         // that line, while another is shown
};
// By grapheme clusters.
size_t edit_next(const struct edit *e, size_t at);
size_t edit_prev(const struct edit *e, size_t at);

#endif
