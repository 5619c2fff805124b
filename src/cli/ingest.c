// `lectern ingest`: a feed's document from standard input, from a script or a browser where the
// server refuses programs.
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

static bool read_all(struct buf *b, size_t max, struct err *e)
{
    for (;;) {
        buf_reserve(b, 65536);
        ssize_t n = read(0, b->data + b->len, 65536);
        if (n == 0)
            break;
        if (n < 0)
            return err_set(e, ERR_OTHER, "cannot read standard input");
        b->len += (size_t)n;
        if (b->len > max)
            return err_set(e, ERR_FORMAT,
                           "what comes in is larger than %zu MB (option fetch-max-size)",
                           max >> 20);
    }
    return b->len || err_set(e, ERR_FORMAT, "nothing came in on standard input");
}

static int run(const struct session *session, int argc, char **argv)
{
    bool quiet = false;
    struct arg_list words;
    const struct arg_option options[] = {{"quiet", 'q', .flag = &quiet}, {0}};
    if (!args_parse(&cmd_ingest, argc, argv, options, &words, 1, 1))
        return EXIT_USAGE;
    if (isatty(0))
        fputs("lectern ingest: reading a feed from the terminal; end it with Ctrl-D\n", stderr);
    struct err e = ERR_INIT;
    struct buf b = {0};
    struct store *s = NULL;
    struct ingest_result r = {0};
    size_t max = (size_t)conf_int(session->conf, CONF_FETCH_MAX) << 20;
    bool ok = read_all(&b, max, &e) && store_open(session->library, STORE_WRITE, &s, &e) &&
              fetch_ingest(s, session->conf, words.items[0], b.data, b.len, &r, &e);
    if (ok && !quiet) {
        printf("%s%s: %lld new", r.existed ? "" : "Subscribed to ", r.title, (long long)r.added);
        if (r.changed)
            printf(", %lld revised", (long long)r.changed);
        printf(", %lld in all\n", (long long)r.total);
    }
    int code = ok ? EXIT_DONE : args_fail(&cmd_ingest, &e);
    ingest_result_free(&r);
    store_close(s);
    buf_free(&b);
    args_free(&words);
    return code;
}

const struct command cmd_ingest = {
    "ingest",
    "ingest FEED [--quiet] < DOCUMENT",
    "store a feed document from standard input",
    "For feeds made by a script, and for servers that refuse programs:\n\n"
    "  curl -A Mozilla/5.0 https://example.org/feed | lectern ingest https://example.org/feed\n"
    "  ./my-script | lectern ingest \"My script\"\n\n"
    "FEED is a number, title or address of `lectern feeds`. A new address or a new name is\n"
    "subscribed to; what has only a name is never fetched. To keep an address from being fetched\n"
    "as well, put `feed ADDRESS interval 0` into the configuration.\n\n"
    "  -q, --quiet       only what failed",
    run,
};
