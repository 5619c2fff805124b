// argv, the table of subcommands, staged start and stop. Everything else is behind the table.
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/command.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "cli/commands.h"
#include "ui/app.h"

#define X(name) &cmd_##name,
static const struct command *const commands[] = {COMMANDS(X) NULL};
#undef X

static const struct command *find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void usage(FILE *to)
{
    fputs(
        "Lectern, a reading desk for newsletters in a terminal.\n\n"
        "usage: lectern [--library FILE] [--config FILE] [--accessible] [COMMAND [ARGUMENT]...]\n\n"
        "  (no command)        open the reader\n",
        to);
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, "  %-18s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help [COMMAND]      this page, or a command's own\n\n"
          "options:\n"
          "  --library FILE      the library to use (also $LECTERN_LIBRARY)\n"
          "  --config FILE       the configuration to use\n"
          "  --accessible        words instead of signs and columns, for screen readers\n"
          "  --version           version of Lectern and of the libraries it runs on\n\n"
          "Exit codes: 0 done, 1 something failed, 2 wrong usage.\n",
          to);
}

static int help(const char *name)
{
    if (!name) {
        usage(stdout);
        return EXIT_DONE;
    }
    const struct command *c = find(name);
    if (!c) {
        fprintf(stderr, "lectern: there is no command '%s'; `lectern help` lists them\n", name);
        return EXIT_USAGE;
    }
    printf("usage: lectern %s\n\n%s\n", c->usage, c->summary);
    if (c->help && *c->help)
        printf("\n%s\n", c->help);
    return EXIT_DONE;
}

// What went wrong in the configuration is told once and stops nothing.
static void tell_problems(const struct conf *conf)
{
    size_t n;
    const struct conf_problem *p = conf_problems(conf, &n);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "lectern: %s:%d: %s\n", p[i].file, p[i].line, p[i].message);
}

static int run(int argc, char **argv)
{
    char *library = NULL, *config = NULL;
    int at = 1, code = EXIT_DONE;
    bool accessible = false;
    for (; at < argc && argv[at][0] == '-'; at++) {
        const char *a = argv[at];
        char **into = NULL;
        if (strcmp(a, "--version") == 0 || strcmp(a, "-V") == 0) {
            code = version_print();
            goto out;
        }
        if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            code = help(at + 1 < argc ? argv[at + 1] : NULL);
            goto out;
        }
        if (strcmp(a, "--accessible") == 0) {
            accessible = true;
            continue;
        }
        size_t name = strcspn(a, "=");
        if (strncmp(a, "--library", name) == 0 && name == 9)
            into = &library;
        else if (strncmp(a, "--config", name) == 0 && name == 8)
            into = &config;
        if (!into || (!a[name] && at + 1 >= argc)) {
            fprintf(stderr,
                    into ? "lectern: %s needs a file\n"
                         : "lectern: unknown option %s; see `lectern help`\n",
                    a);
            code = EXIT_USAGE;
            goto out;
        }
        free(*into);
        *into = mem_strdup(a[name] ? a + name + 1 : argv[++at]);
    }
    if (at < argc && strcmp(argv[at], "help") == 0) {
        code = help(at + 1 < argc ? argv[at + 1] : NULL);
        goto out;
    }
    const struct command *c = at < argc ? find(argv[at]) : NULL;
    if (at < argc && !c) {
        fprintf(stderr, "lectern: there is no command '%s'; `lectern help` lists them\n", argv[at]);
        code = EXIT_USAGE;
        goto out;
    }
    if (c && at + 1 < argc &&
        (strcmp(argv[at + 1], "--help") == 0 || strcmp(argv[at + 1], "-h") == 0)) {
        code = help(c->name);
        goto out;
    }
    bool named = config != NULL;
    if (!library)
        library = path_library();
    if (!config)
        config = path_config();
    struct conf *conf = conf_new();
    struct err e = ERR_INIT;
    if (!conf_load(conf, config, named, &e)) {
        fprintf(stderr, "lectern: %s\n", e.msg);
        code = EXIT_FAILED;
    } else {
        char *history = path_history();
        struct session s = {library, conf, config, history};
        if (accessible)
            conf_set(conf, "accessible", "yes", &e);
        if (c)
            tell_problems(conf);
        code = c ? c->run(&s, argc - at, argv + at) : app_run(&s);
        free(history);
    }
    conf_free(conf);
out:
    free(library);
    free(config);
    return code;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is told as a full disk
    int code = run(argc, argv);
    // What could not be written (a full disk, a closed pipe) must not look like success.
    if (fflush(stdout) != 0 && code == EXIT_DONE)
        code = EXIT_FAILED;
    return code;
}
