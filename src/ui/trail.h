// The trail of jumps within an essay, as a browser keeps one: back to where a jump began, and
// forward again. Moving by lines and pages leaves no trace in it.
#ifndef UI_TRAIL_H
#define UI_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRAIL_LENGTH = 64 }; // the oldest are forgotten
struct trail {              // zero-initialised: nowhere yet
    uint32_t at[TRAIL_LENGTH];
    size_t n, pos; // pos: how many lie behind; n > pos after going back
};
void trail_leave(struct trail *t,
                 uint32_t from); // a jump is made from here: what lay ahead is gone
// False, and nothing changes, where there is nowhere to go to.
bool trail_back(struct trail *t, uint32_t here, uint32_t *to);
bool trail_forward(struct trail *t, uint32_t here, uint32_t *to);

#endif
