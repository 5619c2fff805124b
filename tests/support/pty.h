// A program in a real pseudo terminal, its screen in a terminal emulator. No sleeps: the program
// says on a pipe when it has drawn everything and waits (LECTERN_IDLE_FD), and every wait here has
// an end.
#ifndef SUPPORT_PTY_H
#define SUPPORT_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include "lectern/buf.h"

struct pty;
struct pty_setup {
    const char *const *argv; // the program, NULL-ended; or
    int (*child)(void *ctx); // a function run in the child: its exit code
    void *ctx;
    const char *const
        *env;       // "NAME=value" or "NAME" (unset), NULL-ended; over the environment there is
    int cols, rows; // 0: 80x24
    bool mute;      // the terminal does not answer what it is asked
};
struct pty *pty_start(const struct pty_setup *s); // fails the test if it cannot
void pty_end(struct pty *p);                      // kills what still runs; NULL is fine
void pty_send(struct pty *p, const char *keys);
void pty_resize(struct pty *p, int cols, int rows);
void pty_signal(struct pty *p, int number);
void pty_hang_up(struct pty *p); // closes the line
void pty_deaf(struct pty *p);    // from now on nothing is taken from the program

// Waits until the program is idle after something happened; false after a few seconds, or when it
// ended.
bool pty_idle(struct pty *p);
void pty_press(
    struct pty *p,
    const char *keys); // pty_send and pty_idle; fails the test if it does not come to rest
// Waits until the screen shows the text (or does not, any more).
bool pty_shows(struct pty *p, const char *text);
bool pty_hides(struct pty *p, const char *text);
bool pty_sent(struct pty *p, const char *bytes); // waits until the program has sent these bytes
bool pty_quiet(struct pty *p, int ms);           // nothing is sent for so long
int pty_wait(
    struct pty *p); // for its end: exit code, or 128 + signal; fails the test if it does not end
bool pty_ended(struct pty *p);   // it has; pty_wait tells how
bool pty_stopped(struct pty *p); // waits until it stopped (^Z)

const char *pty_screen(struct pty *p); // rows without trailing blanks, until the next call
void pty_cursor(struct pty *p, int *row, int *col);
// The background of a cell: -1 the terminal's own, a palette number, or 0x1000000 | 0xrrggbb.
int pty_paper(struct pty *p, int row, int col);
bool pty_alternate(struct pty *p); // the second screen is shown
bool pty_cursor_shown(struct pty *p);
const char *pty_title(struct pty *p);
size_t pty_bytes(struct pty *p);                 // sent by the program so far
const char *pty_raw(struct pty *p, size_t *len); // all of them
bool pty_cooked(struct pty *p); // the line's modes are what they were before the start

#endif
