// Names, letters and examples of roles and marks, from the lists in role.h.
#include "lectern/role.h"

#define X(id, name, letter, example) {name, letter, example},
const struct role_info role_table[ROLE_COUNT] = {ROLES(X)};
const struct role_info mark_table[MARK_COUNT] = {MARKS(X)};
#undef X
