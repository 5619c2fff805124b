// Essays read aloud, where neither the feed nor the text says so: only what Substack's own pages
// ask for, the post as JSON, names the author's voice-over, the episode and the machine's voice.
// Asked for when a reader wants to listen, and kept: also that there is nothing, or nothing for
// free. What was found stands among the enclosures of store_item.
#ifndef LECTERN_NARRATION_H
#define LECTERN_NARRATION_H

#include "lectern/store.h"

enum narration_kind { NARRATION_AUTHOR, NARRATION_EPISODE, NARRATION_MACHINE, NARRATION_KINDS };
enum { NARRATIONS = 8 }; // the most that are kept of one essay
struct narration {
    enum narration_kind kind;
    const char *url;
    int64_t seconds; // 0: not known
};
struct narrations {
    int64_t asked;   // 0: never
    const char *why; // where there is none: a sentence; else NULL
    size_t n;
    struct narration items[NARRATIONS];
};
// "Narrated by the author", "Episode", "Machine voice"
const char *narration_name(enum narration_kind k);
// The address of the post's JSON, of the address of its page ("https://NAME/p/SLUG"); false: it is
// no such page.
bool narration_address(const char *page, struct buf *out);
// Is this an essay of Substack's, as far as can be told without asking anyone?
bool narration_may_be(const struct item_body *item);
// Is it time to ask (again)? What was found stays; that nothing was, for a day.
bool narration_is_due(const struct narrations *w, int64_t now);

// Zeros where it was never asked for. A bookmark knows what its entry does.
bool store_narrations(struct store *s, int64_t item, struct arena *a, struct narrations *out,
                      struct err *e);
// In place of what was known. The essay is counted among those with audio from now on.
bool store_narrations_put(struct store *s, int64_t item, const struct narrations *w, struct err *e);

#endif
