// What build.c hands to finish.c: the document while it grows.
#ifndef TEXT_BUILD_H
#define TEXT_BUILD_H

#include "lectern/buf.h"
#include "lectern/doc.h"

struct build_anchor {
    const char *name;
    uint32_t off;
};
struct doc_build {
    struct doc *doc; // links, notes, media grow in place
    struct buf text, strings;
    struct doc_block *blocks;
    struct doc_span *spans;
    struct build_anchor *anchors;
    size_t nblocks, blocks_cap, nspans, spans_cap, nanchors, anchors_cap, links_cap, notes_cap,
        media_cap;
};

// Joins notes to their marks and moves them to the end, resolves links inside the essay, levels the
// headings, counts the words. Takes what is in b; the document is the caller's.
struct doc *build_finish(struct doc_build *b);

#endif
