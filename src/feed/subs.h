// Between the readers of subscription lists: a growing list that joins what comes twice.
#ifndef FEED_SUBS_H
#define FEED_SUBS_H

#include "lectern/mem.h"
#include "lectern/subs.h"

enum { SUBS_MAX = 100000, SUBS_MAX_TAGS = 64 };

struct subs_builder {
    struct subs *s;
    size_t cap, cap_skipped, cap_searches;
    size_t *slots; // open hash of addresses: index + 1
    size_t nslots;
};

// Adds one; an address that is there already gets the tags it has not (and a title if it had
// none). Tags are trimmed, empty and double ones left out.
void subs_add(struct subs_builder *b, const char *url, const char *title, const char *const *tags,
              size_t ntags);
void subs_skip(struct subs_builder *b, int line, const char *what, const char *why);
// Why a line is not taken that names a program and no address.
#define SUBS_PROGRAM \
    "it starts a program, which Lectern does not: `PROGRAM | lectern ingest NAME` brings it in"
bool opml_read(struct subs_builder *b, const char *bytes, size_t len, struct err *e);
void urls_read(struct subs_builder *b, const char *bytes, size_t len);
bool urls_address(const char *s); // as people write them: a scheme, a path, a name with a dot in it
bool newsraft_looks(const char *bytes, size_t len);
void newsraft_read(struct subs_builder *b, const char *bytes, size_t len);
bool sfeedrc_looks(const char *bytes, size_t len);
void sfeedrc_read(struct subs_builder *b, const char *bytes, size_t len);

#endif
