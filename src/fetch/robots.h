// What a site asks of programs that go through its pages (RFC 9309). Private to fetch.
#ifndef FETCH_ROBOTS_H
#define FETCH_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

// May the page at `url` be asked for? text: robots.txt, any bytes that end in a NUL.
bool robots_allow(const char *text, const char *url);
// The i-th address of a sitemap it names; NULL past the last. free().
char *robots_sitemap(const char *text, size_t i);

#endif
