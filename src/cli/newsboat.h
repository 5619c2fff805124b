// A configuration of newsboat as lines for Lectern's, with what cannot be taken and why.
#ifndef CLI_NEWSBOAT_H
#define CLI_NEWSBOAT_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/mem.h"

struct newsboat_left { // a line that was not taken
    int line;
    const char *what, *why;
};
struct newsboat {
    struct arena *arena; // of the words below
    struct buf lines;    // for the configuration; every one of them is right
    struct buf theme;    // for a theme file, to stand behind those of `default`; empty: no colours
    size_t taken;        // how many lines came to something
    struct newsboat_left *left;
    size_t nleft, cap;
};

// Does it look like newsboat's `config` rather than a list of addresses?
bool newsboat_is_config(const char *text, size_t len);
// file: for the first comment. Never fails: what is not understood is among what is left.
void newsboat_read(struct newsboat *n, const char *text, size_t len, const char *file);
void newsboat_free(struct newsboat *n);

#endif
