// `lectern options` and `lectern config`: what can be set, and what is. Both come from the one
// table.
#include <stdio.h>

#include "args.h"
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
    static const struct arg_option options[] = {{.name = NULL}};
    struct arg_list words = {0};
    if (!args_parse(&cmd_options, argc, argv, options, &words, 0, 0))
        return EXIT_USAGE;
    args_free(&words);
    struct buf b = {0};
    conf_options(&b);
    return show(&b);
}

static int run_config(const struct session *s, int argc, char **argv)
{
    bool example = false, check = false;
    const struct arg_option options[] = {
        {.name = "example", .flag = &example}, {.name = "check", .flag = &check}, {.name = NULL}};
    struct arg_list words = {0};
    if (!args_parse(&cmd_config, argc, argv, options, &words, 0, 0))
        return EXIT_USAGE;
    args_free(&words);
    if (example && check)
        return args_usage(&cmd_config, "--example and --check do not go together");
    struct buf b = {0};
    if (example) {
        conf_example(&b);
        return show(&b);
    }
    if (check) {
        size_t n;
        conf_problems(s->conf, &n); // told on the way in
        if (!n)
            puts("Nothing wrong.");
        return n ? EXIT_FAILED : EXIT_DONE;
    }
    conf_print(s->conf, &b);
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
    "Without an option: what differs from the defaults, as lines of a file; what is secret is not "
    "shown.",
    run_config,
};
