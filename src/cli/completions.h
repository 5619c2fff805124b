// What the help of a subcommand says of its options: the convention that scripts of completions are
// made by, and that a test holds every command to.
#ifndef CLI_COMPLETIONS_H
#define CLI_COMPLETIONS_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/command.h"
#include "ui/keymap.h"

struct completion_option {
    char letter; // 0: none
    char name[32], what[160];
    bool value; // takes one
};
// The i-th option a command's help lists, a line each: "  -t, --tag TAG   what it is"; false past
// the last.
bool completion_option(const struct command *c, size_t i, struct completion_option *out);

#endif
