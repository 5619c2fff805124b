// Lists of ids against each other, in n log n. Results are the caller's (free()).
#ifndef UI_IDS_H
#define UI_IDS_H

#include <stddef.h>
#include <stdint.h>

int64_t *ids_without(const int64_t *a, size_t na, const int64_t *b, size_t nb,
                     size_t *n); // those of a that are not in b
int64_t *ids_common(const int64_t *a, size_t na, const int64_t *b, size_t nb,
                    size_t *n); // those of a that are in b
// A list that was shown and the same list as it is now: what is new goes in at its place, what was
// there stays.
int64_t *ids_merge(const int64_t *old, size_t nold, const int64_t *now, size_t nnow, size_t *n);

#endif
