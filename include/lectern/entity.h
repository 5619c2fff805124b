// The names that HTML gives to characters: "hellip", "nbsp", "check" ...
#ifndef LECTERN_ENTITY_H
#define LECTERN_ENTITY_H

#include <stddef.h>
#include <stdint.h>

// name: without "&" and ";". Returns how many code points it stands for, 1 or 2, in cp; 0: unknown.
int entity_find(const char *name, size_t len, uint32_t cp[2]);

#endif
