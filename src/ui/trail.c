// A short array, and how far along it one stands.
#include "trail.h"

#include <string.h>

static void push(struct trail *t, uint32_t place)
{
    if (t->n == TRAIL_LENGTH) {
        memmove(t->at, t->at + 1, (TRAIL_LENGTH - 1) * sizeof *t->at);
        t->n--;
        t->pos -= t->pos > 0;
    }
    t->at[t->n++] = place;
}

void trail_leave(struct trail *t, uint32_t from)
{
    t->n = t->pos;
    if (t->n == 0 || t->at[t->n - 1] != from)
        push(t, from);
    t->pos = t->n;
}

bool trail_back(struct trail *t, uint32_t here, uint32_t *to)
{
    size_t pos = t->pos;
    while (pos > 0 && t->at[pos - 1] == here) // a jump that led nowhere
        pos--;
    if (pos == 0)
        return false;
    if (t->pos == t->n) { // so that forward leads here again
        if (t->n == TRAIL_LENGTH)
            pos--;
        if (t->n == 0 || t->at[t->n - 1] != here)
            push(t, here);
    }
    if (pos == 0)
        return false;
    t->pos = pos - 1;
    *to = t->at[t->pos];
    return true;
}

bool trail_forward(struct trail *t, uint32_t here, uint32_t *to)
{
    size_t pos = t->pos + 1;
    while (pos < t->n && t->at[pos] == here)
        pos++;
    if (pos >= t->n)
        return false;
    t->pos = pos;
    *to = t->at[pos];
    return true;
}
