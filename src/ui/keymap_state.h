// What a keymap is made of. Private to keymap*.c.
#ifndef UI_KEYMAP_STATE_H
#define UI_KEYMAP_STATE_H

#include "keymap.h"
#include "lectern/mem.h"

enum { STEPS = 16 };

struct binding {
    int keys[KEYS_SEQUENCE];
    int nkeys;
    struct step steps[STEPS];     // ACT_NONE after the last
    const struct conf_bind *from; // the line of a file, in the arena; NULL: a default
};
struct bindings {
    struct binding *items;
    size_t n, cap;
};
struct keymap {
    struct bindings views[VIEW_KIND_COUNT];
    struct conf_problem *problems;
    size_t nproblems, problem_cap;
    struct arena *arena; // words of the bindings and of the problems
    int typed[KEYS_SEQUENCE];
    int ntyped;
    int count; // 0: none typed
    struct step rest[STEPS];
    bool acted; // what is typed acted already and may go on to a longer sequence
};
struct binding *keymap_find(const struct bindings *b, const int *keys, int n);
// Is n keys the beginning of a longer binding that does something?
bool keymap_starts(const struct binding *b, const int *keys, int n);

#endif
