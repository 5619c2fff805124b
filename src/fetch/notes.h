// The file beside the library that says who is fetching (a lock) and which feed is being parsed
// (notes in shared memory, which outlive a process that dies of it).
#ifndef FETCH_NOTES_H
#define FETCH_NOTES_H

#include <stdbool.h>
#include <stdint.h>
#include "lectern/err.h"

struct notes;
// ERR_BUSY: another process has it. Reads what the last one left and counts it against the feeds
// named.
bool notes_open(const char *library, struct notes **out, struct err *e);
void notes_release(struct notes *n); // lets go of the lock; a parser that is still at it may go on
void notes_close(struct notes *n);   // the same, and of the memory
// Is this feed to be left out, because parsing it has brought the process down (once by a fault of
// its own, or several times in a row by an end from outside)? Asking forgets it, but for a memory
// of one: the next crash counts at once.
bool notes_set_aside(struct notes *n, int64_t feed);
// Around the parsing of a feed, by parser `slot` (0 .. NOTES_SLOTS-1), on its own thread.
void notes_begin(struct notes *n, int slot, int64_t feed);
void notes_end(struct notes *n, int slot);
// The parser of this slot does not come to an end: what it is at counts as a fault.
void notes_accuse(struct notes *n, int slot);
// Faults (SEGV, BUS, ABRT, FPE, ILL, no memory) of a thread between begin and end are noted with
// its feed; then they take their course. Also for threads that ran out of stack, if they called
// notes_thread.
void notes_watch(struct notes *n);
void notes_unwatch(struct notes *n);
void *notes_thread(void); // a stack for the handler; notes_thread_end(it) at the end of the thread
void notes_thread_end(void *stack);

enum { NOTES_SLOTS = 64 };
#endif
