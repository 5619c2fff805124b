// Where the player listens, and who keeps it.
#ifndef LISTEN_PLACE_H
#define LISTEN_PLACE_H

#include "lectern/err.h"

// A path for a new socket that nobody else can guess or reach: in a directory that is ours alone.
// The caller's (free()).
bool place_socket(char **out, struct err *e);
void place_clear(const char *socket); // the socket, and its directory where that was made for it
// The right to be the keeper of a library, as long as the descriptor is open; -1: another one is.
int place_claim(const char *library, struct err *e);
// The claim's file has room for a few words: where a recording is, more often than the library
// should be written. Best effort; text is at most PLACE_NOTE bytes.
enum { PLACE_NOTE = 64 << 10 };
void place_note(int claim, const char *text);
char *place_noted(int claim); // the caller's; NULL: nothing

#endif
