// What a configuration is made of. Private to conf.c and conf_file.c.
#ifndef BASE_CONF_STATE_H
#define BASE_CONF_STATE_H

#include <sys/stat.h>

#include "conf_site.h"
#include "conf_table.h"

enum {
    MAX_DEPTH = 16, // files that include each other
};

struct conf {
    struct arena *arena; // every string below
    int ints[CONF_INT_COUNT];
    bool bools[CONF_BOOL_COUNT];
    const char *strings[CONF_STRING_COUNT];
    struct conf_bind *binds;
    size_t nbinds, binds_cap;
    struct sites sites;
    bool secret; // the file being read has one in it
    struct conf_problem *problems;
    size_t nproblems, problems_cap;
    struct {
        dev_t dev;
        ino_t ino;
    } open[MAX_DEPTH]; // the files being read, outermost first
    int depth, includes;
};
void conf_reset(struct conf *c, const struct option *o); // its default again
// The candidate is *best if it is nearer to name than what was.
void conf_nearer(const char *name, const char *candidate, const char **best, size_t *least);

#endif
