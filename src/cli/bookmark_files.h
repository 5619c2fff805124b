// Files and folders of bookmarks among what `lectern import` takes.
#ifndef CLI_BOOKMARK_FILES_H
#define CLI_BOOKMARK_FILES_H

#include "args.h"

// Is it one? Then it is taken (or looked at, where `dry`), told of, and *code is the exit code.
// Standard input can be read again after it.
bool import_bookmarks(const struct session *se, const char *name, const struct arg_list *tags,
                      bool dry, int *code);

#endif
