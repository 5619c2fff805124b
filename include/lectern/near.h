// How far apart two words are: for "did you mean".
#ifndef LECTERN_NEAR_H
#define LECTERN_NEAR_H

#include <stddef.h>

enum { NEAR_LONGEST = 31 };
// Letters left out, put in, changed, or two neighbours swapped, at least so many times, make one of
// the other. Words longer than NEAR_LONGEST bytes are NEAR_LONGEST apart.
size_t near_edits(const char *a, const char *b);

#endif
