// The worker process: takes requests as lines from `fd`, answers with events as lines, ends when
// the other end closes.
#ifndef FETCH_WORKER_H
#define FETCH_WORKER_H

#include "lectern/client.h"
#include "lectern/conf.h"

// The exit code of a worker that wants to begin anew.
enum { WORKER_AGAIN = 75 };
// Returns when asked to quit or when nobody listens any more.
void worker_serve(int fd, const char *library, const struct conf *c, client_chore chore);

#endif
