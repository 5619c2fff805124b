// What people type and what is fetched.
#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include <stdbool.h>

// Where the feed of a page of a known house lives ("https://name.substack.com/p/x" -> ".../feed");
// NULL: not a known house, or a feed already. The caller's.
char *address_site(const char *url);
// "file:///a%20b" -> "/a b"; NULL when it is no file address. The caller's.
char *address_path(const char *url);
char *address_of_path(const char *absolute); // and back
#define ADDRESS_SAMPLE "lectern:sample"

#endif
