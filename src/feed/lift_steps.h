// Steps that both walks over a document take.
#ifndef FEED_LIFT_STEPS_H
#define FEED_LIFT_STEPS_H

#include "lift.h"

void lift_text(struct lift *l, const char *s, size_t len,
               bool verbatim); // s must live as long as the document
const char *lift_past_doctype(const char *p,
                              const char *end); // p: after "<!DOCTYPE"; NULL if it never ends
const char *lift_find(const char *p, const char *end, const char *what); // NULL if it is not there
bool lift_starts(const char *p, const char *end, const char *what);

#endif
