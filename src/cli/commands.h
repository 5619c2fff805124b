// The subcommands there are, in the order in which `lectern help` lists them.
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "lectern/command.h"

#define COMMANDS(X) \
    X(add)          \
    X(import)       \
    X(fetch)        \
    X(ingest)       \
    X(archive)      \
    X(feeds)        \
    X(list)         \
    X(search)       \
    X(read)         \
    X(bookmarks)    \
    X(bookmark)     \
    X(highlights)   \
    X(play)         \
    X(queue)        \
    X(download)     \
    X(export)       \
    X(remove)       \
    X(rename)       \
    X(move)         \
    X(tag)          \
    X(parse)        \
    X(options)      \
    X(keys)         \
    X(config)       \
    X(completions)  \
    X(themes)       \
    X(tidy)         \
    X(salvage)      \
    X(doctor)

#define X(name) extern const struct command cmd_##name;
COMMANDS(X)
#undef X

int version_print(void); // `lectern --version`: exit code
struct buf;
// What transfers rest on, in words (appended); where the certificates to trust are by default ("":
// not known), NULL: there is no TLS.
const char *version_network(struct buf *out);

#endif
