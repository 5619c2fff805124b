// A QR code on the canvas.
#ifndef UI_CODE_H
#define UI_CODE_H

#include "lectern/qr.h"
#include "view.h"

enum { QUIET = 4, QUIET_LEAST = 2 }; // squares: the standard's zone, and what cameras do with

// The columns and rows a code takes with a quiet zone of so many squares on each side.
void code_size(const struct ui *u, const struct qr *q, int quiet, int *cols, int *rows);
// The widest quiet zone, of what phones can do with, that fits into cols x rows; -1: none does.
int code_quiet(const struct ui *u, const struct qr *q, int cols, int rows);
// flipped: light for dark, against what suits the background.
void code_draw(const struct ui *u, struct canvas *c, const struct qr *q, int quiet, int row,
               int col, bool flipped);

#endif
