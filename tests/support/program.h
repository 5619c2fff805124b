// The built program as people run it: words in, exit code and what it says out.
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include "lectern/buf.h"

// Runs LECTERN_BIN with words of the test's own (a shell splits them), nothing on its input. out
// (may be NULL) is replaced by what it said, err by what went to standard error; where err is NULL
// that stands in out. Returns the exit code, -1 when a signal ended it.
int program_run(const char *words, struct buf *out, struct buf *err);
// A path below LECTERN_TMP (else /tmp/lectern-tests). The caller's (free()).
char *program_path(const char *name);
// Writes such a file; returns its path, the caller's. Fails the test when that fails.
char *program_file(const char *name, const char *text);

#endif
