// The way to the terminal, which may be slow or stop taking anything, and the way back from it,
// whatever ends the program.
#ifndef UI_TERM_OUT_H
#define UI_TERM_OUT_H

#include <stdbool.h>
#include <termios.h>
#include "lectern/buf.h"
#include "lectern/err.h"

struct out {
    int fd;
    int flags; // of a description shared with others, to be given back; -1: it is ours alone
    struct buf queue;
    size_t sent; // of the queue
};
// For the terminal on descriptor tty; remembers its modes for out_emergency.
bool out_open(struct out *o, int tty, struct err *e);
void out_close(struct out *o);
void out_add(struct out *o, const char *bytes, size_t len); // goes with the next flush
void out_flush(struct out *o);                              // what the line takes without waiting
bool out_waiting(const struct out *o);                      // it did not take all
// Waits until all is out, at most so long after the line took something last; what is left then is
// thrown away.
void out_drain(struct out *o, int ms);
const struct termios *out_modes(void); // as they were before

// From now on out_emergency sends these bytes and sets the modes; NULL: nothing is to be given
// back. At most 512 bytes.
void out_arm(struct out *o, const char *bytes, size_t len);
// Async-signal-safe, does nothing twice.
void out_emergency(void);

#endif
