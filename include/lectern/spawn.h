// Starting a program that lives on by itself.
#ifndef LECTERN_SPAWN_H
#define LECTERN_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>
#include "lectern/err.h"

// The program's file as PATH has it (names with a slash are taken as they are); NULL if there is
// none that may be run. The caller's (free()). Parts of PATH that are not absolute are passed over.
char *spawn_find(const char *name);
// Starts path with argv in a session of its own, grandchild of nobody: standard streams on
// /dev/null, no other descriptor inherited, signals as at login. Returns once it is known whether
// the program could be started.
bool spawn_detached(const char *path, char *const argv[], struct err *e);
// The same as our child, which is to be waited for.
bool spawn_child(const char *path, char *const argv[], pid_t *child, struct err *e);

#endif
