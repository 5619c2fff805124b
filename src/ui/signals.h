// Signals as bytes on a pipe that the event loop polls, and the last rites of a crash.
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include <stdbool.h>
#include "lectern/err.h"

bool signals_catch(struct err *e); // TERM HUP INT WINCH TSTP CONT CHLD; and crashes, for which
                                   // `restore` is run first
int signals_fd(void);              // for poll(POLLIN)
int signals_next(void);            // the number of the next signal that came, 0: none
void signals_stop(void);           // stops the program as ^Z does; returns when it goes on
void signals_release(void);        // all as it was
// Runs in signal handlers, before the program dies of SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, or
// SIGQUIT (^\, for a program that hangs).
void signals_on_crash(void (*restore)(void));

#endif
