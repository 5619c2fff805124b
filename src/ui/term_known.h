// Whether this machine knows a terminal by name: asked apart, since <term.h> calls things by names
// of ours.
#ifndef UI_TERM_KNOWN_H
#define UI_TERM_KNOWN_H
#include <stdbool.h>
bool term_known(const char *name);
#endif
