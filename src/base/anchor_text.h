// A text and words as anchors compare them: letters folded to what a keyboard has, each with the
// byte it came from. Private to anchor*.c.
#ifndef BASE_ANCHOR_TEXT_H
#define BASE_ANCHOR_TEXT_H

#include "lectern/anchor.h"

struct letters {
    uint32_t *cp;
    uint32_t *at; // byte of each; NULL where nobody asks
    size_t n, cap, at_cap;
};
void letters_fold(struct letters *l, const char *text, size_t len, bool places);
void letters_free(struct letters *l);

struct anchors {
    const char *text;
    size_t len;
    struct letters l; // made when first needed
    bool folded;
    int64_t shift; // by how much what was found last had moved, in bytes
    int64_t left;  // work that may still be done
};

struct wanted { // an anchor, folded
    struct letters quote, before, after;
    size_t guess; // letter at which it may stand
};
// Letters around [from, to) that are as they were.
size_t anchor_agree(const struct anchors *t, const struct wanted *w, size_t from, size_t to);
// How many letters must agree, quote and what is around it together, for a place to be believed.
size_t anchor_needs(const struct wanted *w, bool only);

// ---- anchor_near.c ----
// The place of words that were changed a little, as letters [*from, *to).
bool anchor_near(struct anchors *t, const struct wanted *w, size_t *from, size_t *to);

#endif
