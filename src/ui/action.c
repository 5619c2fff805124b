// Names and meanings of the actions, from the list in action.h.
#include "action.h"

#include <string.h>

#define X(id, name, what) {name, what},
const struct action_info action_table[ACT_COUNT] = {ACTIONS(X)};
#undef X

bool action_find(const char *name, enum action *out)
{
    for (int i = 0; i < ACT_COUNT; i++)
        if (strcmp(action_table[i].name, name) == 0) {
            *out = (enum action)i;
            return true;
        }
    return false;
}
