// A fast 64-bit hash of bytes, the same on every machine and for good (it is stored): XXH64. Not
// for secrets.
#ifndef LECTERN_HASH_H
#define LECTERN_HASH_H

#include <stddef.h>
#include <stdint.h>

// Hashes are chained by passing the last one as seed.
uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed);
uint64_t hash_string(const char *s, uint64_t seed); // NULL and "" differ

#endif
