// Looking for words as people type them: lower case finds either case, a blank finds any white
// space (a line's end too), straight quotes and hyphens find the typeset ones. Never looks at how
// lines are broken.
#ifndef LECTERN_MATCH_H
#define LECTERN_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct match {
    size_t off, len; // bytes of the text
};
struct pattern {
    uint32_t *cp;
    size_t n;   // 0: nothing to look for
    bool exact; // has capitals
};
struct pattern pattern_new(const char *what);
void pattern_free(struct pattern *p);
// The first match at or after byte `from`.
bool match_next(const struct pattern *p, const char *text, size_t len, size_t from,
                struct match *out);
// What a character is taken for; exact: capitals are kept.
uint32_t match_fold(uint32_t c, bool exact);

#endif
