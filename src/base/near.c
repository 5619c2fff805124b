// Optimal string alignment, on a table that fits the stack. See near.h.
#include "lectern/near.h"

#include <string.h>

size_t near_edits(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b), d[NEAR_LONGEST + 1][NEAR_LONGEST + 1];
    if (la > NEAR_LONGEST || lb > NEAR_LONGEST)
        return NEAR_LONGEST;
    for (size_t i = 0; i <= la; i++)
        for (size_t j = 0; j <= lb; j++) {
            if (!i || !j) {
                d[i][j] = i + j;
                continue;
            }
            size_t least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < least)
                least = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < least)
                least = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < least)
                least = d[i - 2][j - 2] + 1;
            d[i][j] = least;
        }
    return d[la][lb];
}
