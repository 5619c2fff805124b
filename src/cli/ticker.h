// What a command shows while it works: one line of standard error that is drawn over again; and how
// it hears that it is to end.
#ifndef CLI_TICKER_H
#define CLI_TICKER_H

#include "lectern/buf.h"

void ticker_show(const char *text); // cut to the terminal's width
void ticker_wipe(void);
int ticker_cols(void); // of the terminal
// From now on SIGINT, SIGTERM and SIGHUP only set what this points to; a second one ends the
// program.
const volatile int *ticker_stopped(void);

#endif
