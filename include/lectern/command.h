// A subcommand: what main's table is made of. One file under src/cli/ defines each as `const struct
// command cmd_NAME`.
#ifndef LECTERN_COMMAND_H
#define LECTERN_COMMAND_H

#include "lectern/conf.h"
#include "lectern/err.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct session {
    const char *library; // path of the library file
    struct conf *conf;
    const char *config;  // path of the configuration
    const char *history; // file of what is typed at prompts
};
struct command {
    const char *name;
    const char *usage;   // "add ADDRESS|FILE [--tag T]..."
    const char *summary; // one line for `lectern help`
    const char *help;    // the rest for `lectern help NAME`: options one a line
    // argv[0] is the subcommand's name. Returns the exit code; prints its own messages: results on
    // stdout, what went wrong on stderr.
    int (*run)(const struct session *s, int argc, char **argv);
};
#endif
