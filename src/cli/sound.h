// Recordings as the command line names them.
#ifndef CLI_SOUND_H
#define CLI_SOUND_H

#include "lectern/listen.h"

// The best recording of the essay with this id, or of this address, as a row for the queue. size
// (may be NULL): bytes, as its feed says; 0: not known.
bool sound_find(struct store *s, const char *word, struct arena *a, struct queue_row *out,
                int64_t *size, struct err *e);

#endif
