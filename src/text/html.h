// The inside of the HTML reader: a flat tree made from the parser's events, and what its files say
// to each other. Nothing here is known outside of src/text/html*.c and rules.c.
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/mem.h"

enum html_tag {
    TAG_TEXT, // a piece of text
    TAG_OTHER,
#define ELEMENT(name, what) TAG_##name,
#include "html_elements.h"
    TAG_COUNT
};

enum html_attr {
#define ATTRIBUTE(id, name) ATTR_##id,
#include "html_elements.h"
    ATTR_COUNT
};

#define NO_NODE UINT32_MAX

struct hattr {
    const char *value; // never NULL
    uint8_t name;      // enum html_attr
};

enum hnode_flag {
    NODE_SKIP = 1,      // with all it holds
    NODE_MARK = 2,      // a footnote's mark; `note` says which
    NODE_NOTE = 4,      // a footnote's text
    NODE_LAYOUT = 8,    // a table that only places things
    NODE_TARGET = 16,   // something links here
    NODE_BACKLINK = 32, // leads from a note back to its mark
    NODE_LOST = 64,     // a mark whose note is not here
};

struct hnode {
    uint32_t parent, first, last, next;
    uint32_t at, n; // text: bytes in tree.text; element: attributes in tree.attrs
    uint32_t note;  // index among the notes found, NO_NODE if none
    uint8_t tag;    // enum html_tag
    uint8_t flags;  // enum hnode_flag
    uint8_t opened; // what the walk did on the way in
    uint8_t todo;   // enum rule_do
};

struct html_tree {
    struct hnode *nodes; // node 0 is the root; children come after their parents, in document order
    size_t nnodes, nodes_cap;
    struct hattr *attrs;
    size_t nattrs, attrs_cap;
    struct buf text;
    struct arena *arena; // attribute values
    bool cut;            // the end is missing: too large or too broken
    bool page;           // a whole page, not a fragment
    bool markdown;       // made by discount
};

// html: UTF-8, cleaned by html_prepare. Never fails.
void html_tree_parse(struct html_tree *t, const char *html, size_t len);
void html_tree_free(struct html_tree *t);
const char *html_attr(const struct html_tree *t, uint32_t node,
                      enum html_attr a); // NULL if not there
bool html_has_class(const struct html_tree *t, uint32_t node, const char *token);
// A number that means a character of Windows ("&#151;"), as in every browser (HTML, 13.2.5.80).
uint32_t html_windows(uint32_t cp);
bool html_is_block(enum html_tag tag);
bool html_is_void(enum html_tag tag); // shows nothing
bool html_tag_named(const char *name, size_t len, enum html_tag *tag);
int html_attr_named(const char *name, size_t len); // any case; -1: none that is kept
// The next node in document order below `top`, children included or left out; NO_NODE at the end.
uint32_t html_next(const struct html_tree *t, uint32_t node, uint32_t top, bool into);
// All text below a node in one line, at most max bytes of it.
void html_text_of(const struct html_tree *t, uint32_t node, struct buf *out, size_t max);
uint32_t html_find(const struct html_tree *t, uint32_t top,
                   enum html_tag tag); // the first one below; NO_NODE

// The same for nodes before `end` (one past the last below), and not further than a few hundred:
// for those who ask of many.
uint32_t html_find_near(const struct html_tree *t, uint32_t top, enum html_tag tag, uint32_t end);

// ---- html_bytes.c ----
// The bytes as UTF-8: themselves or, converted, what is in `own`. charset may be NULL.
const char *html_utf8(const char *bytes, size_t *len, const char *charset, struct buf *own);

// ---- html_prepare.c ----
// What the parser must not see is taken care of first: bytes that are no UTF-8, controls, tags with
// thousands of attributes, more than DOC_MAX_INPUT bytes (*cut). Returns html itself or a copy in
// `own`.
const char *html_prepare(const char *html, size_t *len, struct buf *own, bool *cut);

// ---- html_lift.c ----
#define HTML_RENAMED "x-" // in front of a tag's name that the parser shall not know
struct html_lift {
    struct buf html; // what the parser is to read
    struct {
        const char *s; // in the source, which must stay, or in `values`
        size_t len;
    } * runs;
    size_t nruns, runs_cap;
    struct arena *values; // stretches whose entities are read
    struct buf read;      // scratch
};
// False: the source is to be read as it is.
bool html_lift(struct html_lift *l, const char *html, size_t len);
// What the parser said, with the lifted stretches in it again.
void html_lift_back(const struct html_lift *l, const char *s, size_t len, struct buf *out);
void html_lift_free(struct html_lift *l);

// ---- html_select.c ----
enum { SELECTOR_TESTS = 3 };
enum html_test_op { TEST_HAS, TEST_IS, TEST_STARTS, TEST_ENDS, TEST_HOLDS, TEST_WORD };
struct html_test {
    uint8_t attr, op;  // ATTR_COUNT: never holds
    const char *value; // points into the selector
    uint16_t len;
};
struct html_step {
    const char *tag; // points into the selector
    uint8_t tag_len, ntests;
    enum html_tag tag_id;
    struct html_test tests[SELECTOR_TESTS];
};
struct html_step html_step_parse(const char *s, size_t *used); // s must stay; used may be NULL
bool html_step_holds(const struct html_step *x, const struct html_tree *t, uint32_t node);
struct html_selector;
struct html_selector *html_selector_new(const char *text, struct err *e); // NULL: it is none
void html_selector_free(struct html_selector *x);
bool html_selector_holds(const struct html_selector *x, const struct html_tree *t, uint32_t node);

// ---- rules.c ----
enum rule_do {
    DO_NOTHING,
    DO_DROP,    // the platform's, not the author's
    DO_FIGURE,  // like <figure>
    DO_CAPTION, // like <figcaption>
    DO_QUOTE,   // like <blockquote>
    DO_PULLQUOTE,
    DO_ATTRIBUTION, // who said it
    DO_VERSE,
    DO_ASIDE,
    DO_NOTE,     // a note's text, standing where its mark is
    DO_BUTTON,   // the author's own are kept as a link
    DO_PREVIEW,  // a wall: what follows is for those who pay
    DO_LEAD,     // a sign that stands before the words of what follows
    DO_BOX,      // says nothing; what is inside counts
    DO_TEXT_ALT, // a picture that stands for a character: its alt text
    DO_BOOKMARK, // a card that shows a page by title and address
    DO_SNIPPET,  // code that stands in a table
    // Substack's, made from data-attrs
    DO_POST,
    DO_PUBLICATION,
    DO_TWEET,
    DO_YOUTUBE,
    DO_VIMEO,
    DO_PLAYER,
    DO_INSTAGRAM,
    DO_ELSEWHERE, // named by its kind: only the web page shows it
    DO_LATEX,
    DO_MENTION,
    DO_GALLERY,
    DO_CLIP,
    DO_FILE,
    DO_EMBED,
    DO_COMMENT,
    DO_UNKNOWN, // data that no rule knows
    // Lectern's own, from its writers
    DO_CARD,
    DO_NOTICE,
};
struct rule_index;
struct rule_index *rules_new(void);
void rules_free(struct rule_index *x);
// What the tables say about an element; pages: the rules for whole pages count too.
enum rule_do rules_match(const struct rule_index *x, const struct html_tree *t, uint32_t node);

// ---- rules_words.c ----
// Is the text like one of n patterns, in any case? Patterns are in small letters, "*" is anything.
bool rules_any_like(const char *const *list, size_t n, const char *s, size_t len);
// Is this the text of a paragraph that a platform puts under essays ("The post ... appeared first
// on")?
bool rules_tail_text(const char *text, size_t len);
// A line that says that the rest is for those who pay.
bool rules_wall_text(const char *text, size_t len);
// The words of a link that leads to the rest of an essay ("Read more").
bool rules_more_text(const char *text, size_t len);
// The words of a platform's own button ("Subscribe now").
bool rules_button_text(const char *text, size_t len);
// Where a platform's own button leads: to subscribe, to share, to the comments.
bool rules_button_address(const char *href, size_t len);
// A heading over the footnotes ("Notes").
bool rules_notes_heading(const char *text, size_t len);
extern const char
    *const rules_roots[]; // selectors of an essay's body in a page, best first, NULL-ended
extern const char *const rules_subtitles[]; // of the words under its title, NULL-ended
// The first element at or behind `from` that a selector names; NO_NODE.
uint32_t rules_select(const char *selector, const struct html_tree *t, uint32_t from);

// ---- html_link.c ----
// An address as the document keeps it: absolute, without what only tracks, redirects unwrapped.
// False: nothing a person can follow (another scheme, no address). A place in the same page comes
// out as "#name".
bool link_clean(struct buf *out, const char *href, const char *base);
// The same for pictures: content networks that carry the original's address in theirs are
// unwrapped.
bool link_image(struct buf *out, const char *src, const char *base);
const char *link_host(const char *url, size_t *len); // "example.org" of "https://www.example.org/x"
bool link_is_web(const char *url);                   // http or https, and a host
void link_unescape(struct buf *out, const char *s, size_t len); // %41 -> A

// ---- html_track.c ----
bool link_unwrap(struct buf *url); // one step towards the target; false: there is none to take
void link_untrack(struct buf *url, const char *base); // base: where the link stands; may be NULL
bool link_is_pixel(const char *src);                  // known counters

// ---- html_leftover.c ----
// Takes out what software left in the words: fields of mail programs, WordPress's shortcodes.
void html_leftovers(struct html_tree *t);

// ---- html_note.c ----
struct html_note {
    uint32_t text;     // node of the note's text
    const char *label; // as written on the first mark, brackets off
};
// Finds the footnotes: flags marks, texts and back links in the tree and numbers them.
struct html_note *html_notes(struct html_tree *t, const char *base, size_t *n); // free()

// ---- html_page.c ----
// In a whole page: where the essay is (a node), and what the head says about it (into b's
// document).
uint32_t html_essay(const struct html_tree *t);
// What an article has over its body: the subtitle goes into b's document; the picture with words to
// it is returned (NO_NODE: there is none).
uint32_t html_lead(const struct html_tree *t, uint32_t essay, struct doc_builder *b);
// Is there a wall behind the essay's body, for those who pay?
bool html_walled(const struct html_tree *t, uint32_t essay);
void html_head(const struct html_tree *t, struct doc_builder *b);

// ---- html_card.c ----
struct html_reader;
// Puts what stands for an embedded thing into the document. False: nothing is known about it, take
// it as it is.
bool html_card(struct html_reader *r, uint32_t node, enum rule_do what);

#endif
