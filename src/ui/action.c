// Names and meanings of the actions, from the list in action.h.
#include "action.h"

#include <string.h>

#include "lectern/near.h"

#define X(id, name, group, what, keys) {name, what, GROUP_##group, keys},
const struct action_info action_table[ACT_COUNT] = {ACTIONS(X)};
#undef X
#define X(id, heading) heading,
const char *const action_groups[GROUP_COUNT] = {ACTION_GROUPS(X)};
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

const char *action_like(const char *word)
{
    const char *found = NULL;
    size_t best = strlen(word) / 3 + 2; // a third of the letters may be off, and one more
    for (int i = 0; i < ACT_COUNT; i++) {
        size_t d = near_edits(word, action_table[i].name);
        if (d < best) {
            best = d;
            found = action_table[i].name;
        }
    }
    return found;
}
