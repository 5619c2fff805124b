// A page of the web, or a file, as what a bookmark keeps of it.
#ifndef CLI_KEEP_PAGE_H
#define CLI_KEEP_PAGE_H

#include "lectern/command.h"
#include "lectern/err.h"
#include "lectern/store.h"

// Fetches an address (http, https) or reads a file, takes the article out of it and keeps it.
// *existed: that address is kept already, and *id says where; nothing is fetched then.
bool keep_page(const struct session *se, struct store *s, const char *what, int64_t *id,
               bool *existed, struct err *e);

#endif
