// Names of characters: the line of the table that may hold a name is found by halving, the name in
// it by reading on.
#include "lectern/entity.h"

#include <stdlib.h>
#include <string.h>

#include "entity_table.h"

// The order of a name and the one that an entry starts with.
static int compare(const char *entry, const char *name, size_t len)
{
    size_t n = strcspn(entry, " ");
    int by = memcmp(entry, name, n < len ? n : len);
    return by ? by : n < len ? -1 : n > len;
}

int entity_find(const char *name, size_t len, uint32_t cp[2])
{
    size_t lo = 0, hi = sizeof table / sizeof *table;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (compare(table[mid], name, len) <= 0)
            lo = mid;
        else
            hi = mid;
    }
    for (const char *s = table[lo]; *s;) {
        int by = compare(s, name, len);
        if (by > 0)
            return 0;
        s += strcspn(s, " ") + 1;
        if (by == 0) {
            char *end;
            cp[0] = (uint32_t)strtoul(s, &end, 16);
            if (*end != '+')
                return 1;
            cp[1] = (uint32_t)strtoul(end + 1, NULL, 16);
            return 2;
        }
        s += strcspn(s, " ");
        s += *s == ' ';
    }
    return 0;
}
