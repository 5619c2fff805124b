// Words found again in a text that was changed: where they stood, else where the same letters stand
// now, else the same words however they are typeset, else what they became by small changes. What
// stood before and after tells one place from another. Pure: a text and words in, a place out.
#ifndef LECTERN_ANCHOR_H
#define LECTERN_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/mem.h"

struct anchor {
    const char *quote;          // the words
    const char *before, *after; // what stood around them; may be ""
    uint32_t from;              // byte at which they stood
};
enum anchored {
    ANCHOR_GONE,   // not any more
    ANCHOR_THERE,  // where they stood
    ANCHOR_MOVED,  // letter by letter, elsewhere
    ANCHOR_FOLDED, // but for capitals, white space, the shape of quotes and dashes
    ANCHOR_NEAR,   // with some letters or words changed
};

// A text made ready to be looked through again and again; the text (UTF-8) is not copied.
struct anchors;
struct anchors *anchors_new(const char *text, size_t len);
void anchors_free(struct anchors *t);
// Bytes [*from, *to) of the text, never empty, cut between characters; untouched where they are
// gone. Words that follow one another in the text are found soonest when asked for in that order.
enum anchored anchor_find(struct anchors *t, const struct anchor *a, uint32_t *from, uint32_t *to);
// Looking for what was changed takes time, and of that one text has a certain amount. True: it is
// used up, and what was said to be gone since then may be there after all.
bool anchors_tired(const struct anchors *t);

// What stands around bytes [from, to), to be remembered with them.
void anchor_around(const char *text, size_t len, uint32_t from, uint32_t to, struct arena *a,
                   const char **before, const char **after);

#endif
