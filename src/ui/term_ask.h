// What a terminal says of itself when asked: whether its background is light, whether it shows an
// update at once, whether it has all colours. Nobody waits for the answers: they come among the
// keys when they come. Pure: questions go into a buf, answers come as sequences.
#ifndef UI_TERM_ASK_H
#define UI_TERM_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"

enum ground { GROUND_UNKNOWN, GROUND_DARK, GROUND_LIGHT };
struct ask {
    enum { ASK_NOT, ASK_FIRST, ASK_SECOND, ASK_DONE } stage;
    bool colours; // is true colour worth asking for
    enum ground ground;
    bool sync, rgb;
};
// The first questions. ground: of the background, too.
void ask_begin(struct ask *a, bool ground, struct buf *out);
// A sequence that is no key, ESC and all. *out gets further questions. True: the answer changed
// what is known.
bool ask_answer(struct ask *a, const char *s, size_t len, struct buf *out);
bool ask_open(const struct ask *a); // answers are still to come

#endif
