// The article of a page that was fetched. Private to fetch.
#ifndef FETCH_PAGE_H
#define FETCH_PAGE_H

#include "lectern/conf.h"
#include "lectern/extract.h"

// By the reader's rules for its address. type: as HTTP said; title: as the feed has it, may be
// NULL. False: it is no page, or has no article.
bool page_article(const struct conf *c, const char *bytes, size_t len, const char *type,
                  const char *url, const char *title, struct extract *x, struct err *e);

#endif
