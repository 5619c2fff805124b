// Configuration: plain lines "name value", '#' comments, "bind VIEW KEYS ACTION". One table of options {name, type, range,
// default, meaning} makes the reader of the file, `lectern options`, the man page's list and the commented example.
#ifndef LECTERN_CONF_H
#define LECTERN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/err.h"

// X(id, name, type, default, min, max or choices, meaning)
#define CONF_INTS(X)                                                                                            \
    X(MEASURE, "measure", 68, 20, 200, "Columns of a full line of text")                                        \
    X(FETCH_HOSTS, "fetch-per-host", 2, 1, 16, "Transfers at once from one host")                               \
    X(FETCH_TOTAL, "fetch-total", 32, 1, 256, "Transfers at once in all")                                       \
    X(FETCH_TIMEOUT, "fetch-timeout", 60, 1, 3600, "Seconds one transfer may take in all")                      \
    X(FETCH_CONNECT, "fetch-connect-timeout", 15, 1, 600, "Seconds to wait for a connection")                   \
    X(FETCH_STALL, "fetch-stall-timeout", 20, 1, 600, "Seconds without a byte before a transfer is given up")   \
    X(FETCH_MAX, "fetch-max-size", 32, 1, 1024, "Megabytes a feed may have when unpacked")                      \
    X(INTERVAL, "interval", 60, 5, 10080, "Minutes between two fetches of a feed that asks for nothing else")
#define CONF_BOOLS(X)                                                                                           \
    X(JUSTIFY, "justify", false, "Set both margins even")                                                       \
    X(INDENT, "indent", false, "Part paragraphs by an indent instead of a blank line")                          \
    X(FETCH_START, "fetch-on-start", true, "Fetch what is due when the reader starts")
#define CONF_STRINGS(X)                                                                                         \
    X(THEME, "theme", "default", "Name of a theme, or the path of a theme file")                                \
    X(PLAYER, "player", "", "Program that plays audio: words, of which {url}, {title} are replaced; no shell")  \
    X(BROWSER, "browser", "", "Program that opens addresses; else $BROWSER, xdg-open")                          \
    X(USER_AGENT, "user-agent", "", "What the fetcher calls itself")                                            \
    X(PROXY, "proxy", "", "Proxy for all transfers: http://..., socks5h://...")                                 \
    X(GLYPHS, "glyphs", "auto", "auto, unicode or ascii")

enum conf_int {
#define X(id, ...) CONF_##id,
    CONF_INTS(X)
#undef X
        CONF_INT_COUNT
};
enum conf_bool {
#define X(id, ...) CONF_##id,
    CONF_BOOLS(X)
#undef X
        CONF_BOOL_COUNT
};
enum conf_string {
#define X(id, ...) CONF_##id,
    CONF_STRINGS(X)
#undef X
        CONF_STRING_COUNT
};

struct conf_bind { // as written; the keymap makes sense of it
    const char *view, *keys, *action, *file;
    int line;
};
struct conf_problem {
    const char *file;
    int line;
    const char *message; // "unknown option 'mesure': did you mean 'measure'?"
};
struct conf; // opaque; never NULL where passed
struct conf *conf_new(void); // all defaults
void conf_free(struct conf *c);
// Reads a file over what is there. A missing file is fine (true) unless `required`. Wrong lines become problems; the rest works.
bool conf_load(struct conf *c, const char *path, bool required, struct err *e);
// One "name value" as from a file or the command line.
bool conf_set(struct conf *c, const char *name, const char *value, struct err *e);
void conf_parse(struct conf *c, const char *text, size_t len, const char *file); // what conf_load does with the bytes

int conf_int(const struct conf *c, enum conf_int o);
bool conf_bool(const struct conf *c, enum conf_bool o);
const char *conf_str(const struct conf *c, enum conf_string o); // never NULL
const struct conf_bind *conf_binds(const struct conf *c, size_t *n);
const struct conf_problem *conf_problems(const struct conf *c, size_t *n);
void conf_example(struct buf *out); // the commented default file
void conf_options(struct buf *out); // a table for people: name, type, range, default, meaning

// Splits a command line into words as a person expects: blanks, '...', "...", \x. No expansion of any kind. words: NULL-ended,
// free() the array only (one allocation). False: an unfinished quotation.
bool conf_words(const char *s, char ***words, size_t *n, struct err *e);

#endif
