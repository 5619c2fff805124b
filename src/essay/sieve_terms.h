// What a sieve is made of: clauses that must all hold, each one or more terms of which one must.
// Private to sieve.c and find*.c.
#ifndef ESSAY_SIEVE_TERMS_H
#define ESSAY_SIEVE_TERMS_H

#include "lectern/match.h"
#include "lectern/sieve.h"
#include "lectern/token.h"

// The first three are asked of texts, too.
enum field {
    ANY,
    TITLE,
    AUTHOR,
    FEED,
    TAG,
    FLAG,
    UNDER,
    OVER,
    AFTER,
    BEFORE,
    KEPT_AFTER,
    KEPT_BEFORE
};
struct term {
    enum field field;
    bool not, joined;       // joined: to the one before it, by OR
    struct pattern *words;  // as rows are asked
    struct phrase *phrases; // as texts are
    size_t n;               // of both; more than one: near one another
    int near;
    unsigned set, clear; // FLAG: ITEM_ bits that are, and that are not
    int64_t number;      // minutes; or the time that AFTER begins and BEFORE ends with
};
struct sieve {
    struct term *terms;
    size_t n, cap;
};
size_t sieve_clause(const struct sieve *s, size_t from);         // one past the last of its terms
bool term_holds(const struct term *t, const struct item_row *r); // regardless of `not`

#endif
