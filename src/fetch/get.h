// One address, blocking. Private to fetch.
#ifndef FETCH_GET_H
#define FETCH_GET_H

#include "http.h"

// Asks a web address and waits. True: a document came (g->how is HTTP_BODY). Either way
// http_get_clear(g) is the caller's.
bool get_web(const char *url, bool feed, const struct conf *c, struct http_get *g, struct err *e);

#endif
