// Numbers texts are indexed under, and how far the index is. Private to search*.c.
#ifndef STORE_SEARCH_DOC_H
#define STORE_SEARCH_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "lectern/err.h"

struct store;
enum { DOC_BOOKMARK = 41, DOC_VERSION = 42 }; // bits

static inline int64_t search_doc_of(int64_t item, int64_t version)
{
    int64_t id = item < 0 ? (-item | (int64_t)1 << DOC_BOOKMARK) : item;
    return id | version << DOC_VERSION;
}

static inline int64_t search_doc_item(int64_t doc)
{
    int64_t id = doc & (((int64_t)1 << DOC_BOOKMARK) - 1);
    return doc & (int64_t)1 << DOC_BOOKMARK ? -id : id;
}

static inline int64_t search_doc_version(int64_t doc)
{
    return doc >> DOC_VERSION;
}

struct search_state { // the last entry and bookmark that were put in, texts in all, by which rules
    int64_t entry, bookmark, docs, rules;
};
bool search_state_read(struct store *s, struct search_state *out, struct err *e);

#endif
