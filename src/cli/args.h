// The words of a subcommand: flags, "--opt value", "--opt=value", "-n 5", "-n5", "--" ends the
// options, a lone "-" is a word. Options may stand anywhere before "--". What is wrong is told on
// stderr with the command's usage line.
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/command.h"

struct arg_list {
    const char **items; // NULL-ended; point into argv
    size_t n, cap;
};
// One option: exactly one of the four places is set.
struct arg_option {
    const char *name; // long name without dashes; the table ends with a NULL name
    char letter;      // short form, 0: none
    bool *flag;       // takes no value
    const char **value;
    int64_t *number;       // a whole number between min and max
    struct arg_list *list; // may be given many times
    int64_t min, max;
};
// Reads argv[1..argc) into the places of the options and the rest into *words (never NULL items;
// args_free it). False: told already, lists given back; the caller returns EXIT_USAGE. At least
// `least` and at most `most` words (most < 0: any number).
bool args_parse(const struct command *c, int argc, char **argv, const struct arg_option *options,
                struct arg_list *words, int least, int most);
void args_free(struct arg_list *l);
void args_push(struct arg_list *l, const char *s);
// "lectern NAME: sentence" and the usage line on stderr. Returns EXIT_USAGE.
int args_usage(const struct command *c, const char *fmt, ...) LECTERN_PRINTF(2, 3);
// "lectern NAME: sentence" on stderr. Returns EXIT_USAGE for ERR_USAGE, else EXIT_FAILED.
int args_fail(const struct command *c, const struct err *e);

#endif
