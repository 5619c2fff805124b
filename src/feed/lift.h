// The skeleton of an XML document: its tags, with every long text lifted out and a small mark left
// in its place. libxml2 then reads a few kilobytes of tags and hands back the marks, and an essay's
// bytes are never walked character by character. What only makes trouble - comments, processing
// instructions, document types with their entities - is left behind here, so that no entity is ever
// declared or fetched. The same walk mends what is broken, when it has to.
#ifndef FEED_LIFT_H
#define FEED_LIFT_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"

#define LIFT_TARGET "t" // <?t 12?>: text number 12 stood here
#define LIFT_CUT "cut" // <?cut?>: the document broke off here; the end tags that follow are made up

struct lifted {
    const char *s; // in the document
    size_t len;
    bool verbatim; // was CDATA: no references in it
};
struct lift {
    struct buf skeleton;
    struct lifted *texts;
    size_t ntexts, cap;
    // What had to be mended; said as warnings.
    bool blank_before, junk_before, junk_after, bad_tags, bad_attributes, unclosed, bad_cdata,
        html_entities, bare_ampersand, too_deep;
    bool cut_short;
};

// Strict: false where the document is surely not well-formed (then lift_mend).
bool lift_strict(struct lift *l, const char *s, size_t len);
// Makes a well-formed skeleton of anything.
void lift_mend(struct lift *l, const char *s, size_t len);
void lift_free(struct lift *l);

#endif
