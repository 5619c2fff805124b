// Older essays from the command line: `lectern archive`, and `lectern fetch --older`.
#ifndef CLI_ARCHIVE_H
#define CLI_ARCHIVE_H

#include "args.h"

struct archive_wish {
    int pages;            // 0: all
    int64_t since, limit; // 0: all
    bool json, quiet;
};
// One feed after the other; what came of each is printed. False: told in *e, the rest is not begun.
bool archive_run(const struct session *s, const int64_t *ids, size_t n,
                 const struct archive_wish *wish, struct err *e);
// Feeds by number, address or title, each once. *ids: free(), also where it is false.
bool feeds_named(const struct session *s, const struct arg_list *words, int64_t **ids, size_t *n,
                 struct err *e);

#endif
