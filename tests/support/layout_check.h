// The promises of layout.h and page.h, checked on any layout: by tests on random documents and by
// the fuzzer.
#ifndef TESTS_LAYOUT_CHECK_H
#define TESTS_LAYOUT_CHECK_H

#include "lectern/err.h"
#include "lectern/layout.h"

bool layout_check(const struct layout *l, const struct layout_opts *o, struct err *e);
// Set little by little, in steps of what `seed` gives, the lines are the same as those of `whole`
// at every step.
bool steps_check(const struct layout *whole, const struct layout_opts *o, uint32_t seed,
                 struct err *e);
bool pages_check(const struct layout *l, int height, struct err *e);

#endif
