// `lectern parse`: what a feed says, as one JSON Feed document, for people who wonder and for
// programs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/feed.h"

struct reply {
    char *body;
    size_t len;
};

static bool get(const struct session *s, const char *name, struct reply *r, struct err *e)
{
    struct buf b = {0};
    if (!buf_read_file(&b, name, (size_t)conf_int(s->conf, CONF_FETCH_MAX) << 20, e)) {
        buf_free(&b);
        return false;
    }
    r->body = buf_take(&b, &r->len);
    return true;
}

static int run(const struct session *s, int argc, char **argv)
{
    static const struct arg_option none[] = {{.name = NULL}};
    struct arg_list words = {0};
    if (!args_parse(&cmd_parse, argc, argv, none, &words, 1, 1))
        return EXIT_USAGE;
    const char *name = words.items[0];
    struct reply r = {0};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    int code = EXIT_DONE;
    const char *shown = strcmp(name, "-") == 0 ? "standard input" : name;
    if (!get(s, name, &r, &e)) {
        code = args_fail(&cmd_parse, &e);
    } else {
        const struct feed_source from = {.url = NULL};
        if (!feed_parse(r.body, r.len, &from, &u, &e)) {
            err_wrap(&e, "%s", shown);
            code = args_fail(&cmd_parse, &e);
        } else {
            struct buf out = {0};
            feed_write_json(&out, u);
            fwrite(buf_cstr(&out), 1, out.len, stdout);
            buf_free(&out);
        }
    }
    feed_free(u);
    free(r.body);
    args_free(&words);
    return code;
}

const struct command cmd_parse = {
    .name = "parse",
    .usage = "parse FILE|-",
    .summary = "show what a feed says, as JSON Feed",
    .help =
        "Reads RSS, Atom and JSON Feed in every version and encoding and prints one JSON Feed 1.1\n"
        "document. What was wrong with the feed stands in _lectern.warnings. Nothing is stored.\n"
        "Exit code 1 when it is no feed, with a sentence that says what it looks like instead.",
    .run = run,
};
