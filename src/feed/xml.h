// Between the XML driver (xml.c: stack, capturing of text) and what elements mean (elements.c).
#ifndef FEED_XML_H
#define FEED_XML_H

#include "build.h"
#include "lift.h"
#include "names.h"

// How a text is to be read.
enum text_kind { TEXT_RSS, TEXT_GUESS, TEXT_PLAIN, TEXT_HTML, TEXT_XHTML, TEXT_BASE64 };

enum place {
    AT_TOP,
    AT_FEED,
    AT_ENTRY,
    AT_FEED_IMAGE,
    AT_PERSON,
    AT_OWNER,
    AT_SOURCE,
    AT_MEDIA,
    AT_ALTERNATE,
    AT_HOURS,
    AT_DAYS
};

struct frame {
    enum place place;
    enum meaning meaning;
    const char *base, *language; // in force inside; in the arena
};

struct attributes {
    const unsigned char **list; // as libxml2 hands them to startElementNs
    int n;
};

struct xml {
    struct build *b;
    struct lift lift;
    void *parser; // xmlParserCtxtPtr
    struct frame *stack;
    size_t depth; // frames in use
    size_t skip;  // elements open inside one that is left out
    bool atom, root_seen, too_deep, cut;
    const void *own; // the root's namespace, as libxml2's dictionary has it
    char root[64];
    // the text being captured
    struct {
        enum meaning meaning;
        enum text_kind kind;
        size_t depth; // elements open inside; 1: only its own
        bool markup;  // has elements inside: it is their source that is captured
        bool wrapped; // XHTML: its own <div> is left out
        const char *wrapper_base;
        struct buf text;
        const char *one; // the text so far is this piece of the document, not yet copied
        size_t one_len;
        bool flag;              // isPermaLink
        const char *arg, *arg2; // href, role ... as the meaning wants it; in the arena
    } cap;
    // gathered across elements
    struct {
        const char *name, *url, *email;
        int rank;
    } person;
    struct {
        const char *type, *title;
        int64_t size, seconds;
        const char *url, *medium;
    } media;
    int64_t period, frequency;
};

// An attribute without namespace, copied into the arena; NULL if it is not there.
const char *xml_attribute(struct xml *x, const struct attributes *a, const char *name);

// What a start tag means. Returns whether its text is to be captured (x->cap is set then), *into:
// whether what is inside counts.
bool element_start(struct xml *x, enum meaning m, struct frame *f, const struct attributes *a,
                   bool *into);
void element_text(struct xml *x, enum meaning m, const char *s, size_t len); // a captured text
void element_end(struct xml *x, const struct frame *f); // of one that was gone into

#endif
