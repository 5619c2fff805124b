// `lectern options` and `lectern config`: what can be set, and what is. Both come from the one
// table.
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "lectern/buf.h"

static int show(struct buf *b)
{
    fwrite(buf_cstr(b), 1, b->len, stdout);
    buf_free(b);
    return EXIT_DONE;
}

static int run_options(const struct session *s, int argc, char **argv)
{
    (void)s;
    if (argc > 1) {
        fprintf(stderr, "lectern: options takes no '%s'\n", argv[1]);
        return EXIT_USAGE;
    }
    struct buf b = {0};
    conf_options(&b);
    return show(&b);
}

static int run_config(const struct session *s, int argc, char **argv)
{
    struct buf b = {0};
    if (argc == 2 && strcmp(argv[1], "--example") == 0) {
        conf_example(&b);
        return show(&b);
    }
    if (argc == 2 && strcmp(argv[1], "--check") == 0) {
        size_t n;
        conf_problems(s->conf, &n); // told on the way in
        if (!n)
            puts("Nothing wrong.");
        return n ? EXIT_FAILED : EXIT_DONE;
    }
    if (argc > 1) {
        fprintf(stderr, "lectern: config takes --example or --check, not '%s'\n", argv[1]);
        return EXIT_USAGE;
    }
    conf_write(s->conf, &b);
    return show(&b);
}

const struct command cmd_options = {
    "options",
    "options",
    "list the options of the configuration file",
    "One option a line: its name, what it may be, its default and what it means.",
    run_options,
};

const struct command cmd_config = {
    "config",
    "config [--example|--check]",
    "show what is configured, or an example file",
    "  --example   a commented file with every option at its default\n"
    "  --check     say what is wrong in the configuration; exit code 1 if anything is\n\n"
    "Without an option: what differs from the defaults, as lines of a file.",
    run_config,
};
