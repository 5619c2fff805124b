// Lists of essays' numbers, as long as a library is: four bytes each as long as the numbers are
// small enough, which they are for a long time.
#ifndef LECTERN_IDS_H
#define LECTERN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ids { // begins as {0}
    size_t n, cap;
    int32_t *narrow;
    int64_t *wide; // NULL as long as all fit the other
};
int64_t ids_at(const struct ids *l, size_t i); // i < n
void ids_add(struct ids *l, int64_t id);
void ids_set(struct ids *l, size_t i, int64_t id); // i < n
// Room for n of them, all 0 ("not known yet"): memory is only taken by those that are set. Only for
// an empty list.
void ids_unknown(struct ids *l, size_t n);
void ids_cut(struct ids *l, size_t n); // keeps the first n
void ids_free(struct ids *l);          // leaves it empty; NULL is fine
// Where `id` is, looked for next to `near` first.
bool ids_find(const struct ids *l, int64_t id, size_t near, size_t *at);

// Is a number among them? Made in one pass; a bit for each number from the least to the greatest.
struct idset;
struct idset *idset_new(const struct ids *l);
bool idset_has(const struct idset *s, int64_t id);
void idset_free(struct idset *s); // NULL is fine
// A list that was shown and the same list as it is now: what is new goes in at its place, what was
// there stays. Into *out, which is empty.
void ids_merge(const struct ids *old, const struct ids *now, struct ids *out);

#endif
