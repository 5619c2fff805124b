// The promises of layout.h and page.h, checked on any layout: by tests on random documents and by
// the fuzzer.
#ifndef TESTS_LAYOUT_CHECK_H
#define TESTS_LAYOUT_CHECK_H

#include "lectern/err.h"
#include "lectern/layout.h"

bool layout_check(const struct layout *l, const struct layout_opts *o, struct err *e);
bool pages_check(const struct layout *l, int height, struct err *e);

#endif
