// `lectern doctor`: looks at all that has to be right for reading, and says what is, what is not
// and what to do. It changes nothing and asks no server unless told to.
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"

void doctor_say(struct doctor *d, const char *part, enum finding f, const char *advice,
                const char *fmt, ...)
{
    static const char *const names[] = {"ok", "note", "wrong"};
    char what[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    d->wrong += f == WRONG;
    d->known += f == WORTH_KNOWING;
    if (d->json) {
        json_t *o = json_pack("{s:s,s:s}", "part", part, "state", names[f]);
        json_t *text = json_string(what);
        json_object_set_new(o, "what", text ? text : json_null()); // cut within a character
        json_object_set_new(o, "do", advice ? json_string(advice) : json_null());
        json_array_append_new(d->json, o);
    } else if (!d->quiet || f == WRONG) {
        printf("%-9s %-6s %s\n", part, names[f], what);
        if (advice)
            printf("%-9s %-6s %s\n", "", "  do", advice);
    }
}

static int run(const struct session *session, int argc, char **argv)
{
    struct doctor d = {.session = session, .now = (int64_t)time(NULL)};
    bool json = false;
    struct arg_list words = {0};
    const struct arg_option options[] = {{"json", .flag = &json},
                                         {"network", .flag = &d.network},
                                         {"quiet", 'q', .flag = &d.quiet},
                                         {0}};
    if (!args_parse(&cmd_doctor, argc, argv, options, &words, 0, 0))
        return EXIT_USAGE;
    args_free(&words);
    d.json = json ? json_array() : NULL;
    static void (*const parts[])(struct doctor *) = {
        doctor_library,  doctor_feeds,   doctor_config, doctor_terminal,
        doctor_programs, doctor_network, doctor_clock};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        parts[i](&d);
    store_close(d.store);
    if (json) {
        json_dumpf(d.json, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(d.json);
    } else if (d.wrong) {
        printf("%d thing%s wrong\n", d.wrong, d.wrong == 1 ? " is" : "s are");
    } else if (!d.quiet) {
        puts("all is well");
    }
    return d.wrong ? EXIT_FAILED : EXIT_DONE;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .usage = "doctor [--network] [--json] [--quiet]",
    .summary = "look whether all is well, and say what to do where it is not",
    .help = "Looks at the library (sound? do its counts agree? room on the disk? old copies?), the "
            "feeds, "
            "the\nconfiguration, the terminal, the programs that play and show, what transfers "
            "rest on, and "
            "the clock.\nNothing is changed. Exit code 1 when something is wrong.\n\n"
            "      --network   ask a feed's server, too\n"
            "      --json      an array of objects: part, state (ok, note, wrong), what, do\n"
            "  -q, --quiet     only what is wrong",
    .run = run,
};
