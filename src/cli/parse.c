// `lectern parse`: what a feed says, as one JSON Feed document, for people who wonder and for
// programs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/fetch.h"

// An address goes over the network; everything else is a file. "example.org/feed" is an address if
// there is no such file.
static bool is_address(const char *s)
{
    size_t host = strcspn(s, "/");
    if (s[0] != '.' && s[host] == '/' && memchr(s, '.', host) && access(s, F_OK) != 0)
        return true;
    return strstr(s, "://") != NULL || strncmp(s, "feed:", 5) == 0 ||
           strncmp(s, "lectern:", 8) == 0;
}

static bool get(const struct session *s, const char *name, struct http_reply *r, struct err *e)
{
    if (is_address(name)) {
        char *address;
        if (!fetch_address(name, &address, e))
            return false;
        bool ok = fetch_get(address, s->conf, r, e);
        free(address);
        return ok;
    }
    struct buf b = {0};
    if (!buf_read_file(&b, name, (size_t)conf_int(s->conf, CONF_FETCH_MAX) << 20, e)) {
        buf_free(&b);
        return false;
    }
    r->status = 200;
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
    struct http_reply r = {0};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    int code = EXIT_DONE;
    const char *shown = strcmp(name, "-") == 0 ? "standard input" : name;
    if (!get(s, name, &r, &e)) {
        code = args_fail(&cmd_parse, &e);
    } else {
        const struct feed_source from = {.url = r.url, .content_type = r.content_type};
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
    http_reply_free(&r);
    args_free(&words);
    return code;
}

const struct command cmd_parse = {
    .name = "parse",
    .usage = "parse FILE|ADDRESS|-",
    .summary = "show what a feed says, as JSON Feed",
    .help =
        "Reads RSS, Atom and JSON Feed in every version and encoding and prints one JSON Feed 1.1\n"
        "document. What was wrong with the feed stands in _lectern.warnings. Nothing is stored.\n"
        "Exit code 1 when it is no feed, with a sentence that says what it looks like instead.",
    .run = run,
};
