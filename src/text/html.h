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

// Elements that mean something to the reader, in alphabetical order; all others are TAG_OTHER and
// say nothing. X(name, what it is): B stands for itself between paragraphs, I runs in the line, N
// is never shown.
#define HTML_TAGS(X)                                                                               \
    X(A, I)                                                                                        \
    X(ABBR, I)                                                                                     \
    X(ACRONYM, I) X(ADDRESS, B) X(ANNOTATION, I) X(APPLET, N) X(AREA, N) X(ARTICLE, B) X(ASIDE, B) \
        X(AUDIO, B) X(B, I) X(BASE, N) X(BIG, I) X(BLOCKQUOTE, B) X(BODY, B) X(BR, I) X(BUTTON, N) \
            X(CANVAS, N) X(CAPTION, B) X(CENTER, B) X(CITE, I) X(CODE, I) X(COL, N) X(COLGROUP, N) \
                X(DD, B) X(DEL, I) X(DETAILS, B) X(DFN, I) X(DIALOG, N) X(DIR, B) X(DIV, B)        \
                    X(DL, B) X(DT, B) X(EM, I) X(EMBED, B) X(FIELDSET, B) X(FIGCAPTION, B)         \
                        X(FIGURE, B) X(FONT, I) X(FOOTER, B) X(FORM, B) X(FRAME, B) X(FRAMESET, B) \
                            X(H1, B) X(H2, B) X(H3, B) X(H4, B) X(H5, B) X(H6, B) X(HEAD, B) X(    \
                                HEADER, B) X(HGROUP, B) X(HR, B) X(HTML, B) X(I, I) X(IFRAME, B)   \
                                X(IMG, I) X(INPUT, I) X(INS, I) X(KBD, I) X(LABEL, I) X(LEGEND, B) \
                                    X(LI, B) X(LINK, N) X(MAIN, B) X(MAP, I) X(MARK, I) X(MATH, I) \
                                        X(MENU, B) X(META, N) X(NAV, B) X(NOEMBED, N)              \
                                            X(NOFRAMES, B) X(NOSCRIPT, B) X(OBJECT, B) X(OL, B) X( \
                                                OPTION, N) X(P, B) X(PARAM, N) X(PICTURE, I)       \
                                                X(PRE, B) X(PROGRESS, N) X(Q, I) X(RP, N) X(RT, I) \
                                                    X(RUBY, I) X(S, I) X(SAMP, I) X(SCRIPT, N)     \
                                                        X(SECTION, B) X(SELECT, N) X(SMALL, I) X(  \
                                                            SOURCE, N) X(SPAN, I) X(STRIKE, I)     \
                                                            X(STRONG, I) X(STYLE, N) X(SUB, I) X(  \
                                                                SUMMARY, B) X(SUP, I)              \
                                                                X(SVG, N) X(TABLE, B) X(           \
                                                                    TBODY,                         \
                                                                    B) X(TD, B) X(TEMPLATE, N)     \
                                                                    X(TEXTAREA, N) X(TFOOT, B) X(  \
                                                                        TH, B) X(THEAD, B)         \
                                                                        X(TIME, I) X(TITLE, N) X(  \
                                                                            TR, B) X(TRACK, N)     \
                                                                            X(TT, I) X(U, I)       \
                                                                                X(UL, B) X(VAR, I) \
                                                                                    X(VIDEO,       \
                                                                                      B) X(WBR, I) \
                                                                                        X(XMP, B)

enum html_tag {
    TAG_TEXT, // a piece of text
    TAG_OTHER,
#define X(name, what) TAG_##name,
    HTML_TAGS(X)
#undef X
        TAG_COUNT
};

// Attributes that are kept. X(identifier, name), in alphabetical order.
#define HTML_ATTRS(X)                                                                              \
    X(ALIGN, "align")                                                                              \
    X(ALT, "alt")                                                                                  \
    X(ALTTEXT, "alttext") X(ARIA_HIDDEN, "aria-hidden") X(ARIA_LABEL, "aria-label") X(             \
        CHECKED, "checked") X(CITE, "cite") X(CLASS, "class") X(COLSPAN, "colspan") X(CONTENT,     \
                                                                                      "content")   \
        X(CONTROLS, "controls") X(DATA, "data") X(DATA_ATTRS, "data-attrs") X(                     \
            DATA_CARD, "data-card") X(DATA_COMPONENT, "data-component-name") X(DATA_FN, "data-fn") \
            X(DATA_HREF, "data-href") X(DATA_LANG, "data-lang") X(DATA_LANGUAGE, "data-language")  \
                X(DATA_LAZY, "data-lazy-src") X(DATA_LOOSE, "data-loose") X(DATA_MFN, "data-mfn")  \
                    X(DATA_NOTICE, "data-notice") X(DATA_ORIGINAL, "data-original")                \
                        X(DATA_PULLQUOTE, "data-pullquote") X(DATA_SECONDS, "data-seconds")        \
                            X(DATA_SRC, "data-src") X(DATA_TESTID, "data-testid") X(               \
                                DATA_TITLE, "data-title") X(DATA_URL, "data-url")                  \
                                X(DATA_VERSE, "data-verse") X(DATETIME, "datetime") X(DIR, "dir")  \
                                    X(DISPLAY, "display") X(EPUB_TYPE, "epub:type")                \
                                        X(HEIGHT, "height") X(HIDDEN, "hidden") X(HREF, "href")    \
                                            X(ID, "id") X(ITEMPROP, "itemprop") X(LANG, "lang")    \
                                                X(NAME, "name") X(POSTER, "poster")                \
                                                    X(PROPERTY, "property") X(REL, "rel")          \
                                                        X(REVERSED, "reversed") X(ROLE, "role") X( \
                                                            ROWSPAN, "rowspan") X(SRC, "src")      \
                                                            X(SRCSET, "srcset") X(START, "start")  \
                                                                X(STYLE, "style")                  \
                                                                    X(TITLE, "title")              \
                                                                        X(TYPE, "type")            \
                                                                            X(VALUE, "value")      \
                                                                                X(WIDTH, "width")  \
                                                                                    X(XML_LANG,    \
                                                                                      "xml:lang")

enum html_attr {
#define X(id, name) ATTR_##id,
    HTML_ATTRS(X)
#undef X
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
bool html_is_block(enum html_tag tag);
bool html_is_void(enum html_tag tag); // shows nothing
bool html_tag_named(const char *name, size_t len, enum html_tag *tag);
// The next node in document order below `top`, children included or left out; NO_NODE at the end.
uint32_t html_next(const struct html_tree *t, uint32_t node, uint32_t top, bool into);
// All text below a node in one line, at most max bytes of it.
void html_text_of(const struct html_tree *t, uint32_t node, struct buf *out, size_t max);
uint32_t html_find(const struct html_tree *t, uint32_t top,
                   enum html_tag tag); // the first one below; NO_NODE

// What the parser must not see is taken care of first: bytes that are no UTF-8, controls, tags with
// thousands of attributes, more than DOC_MAX_INPUT bytes (*cut). Returns html itself or a copy in
// `own`.
const char *html_prepare(const char *html, size_t *len, struct buf *own, bool *cut);

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
    DO_TEXT_ALT, // a picture that stands for a character: its alt text
    DO_BOOKMARK, // a card that shows a page by title and address
    // Substack's, made from data-attrs
    DO_POST,
    DO_PUBLICATION,
    DO_TWEET,
    DO_YOUTUBE,
    DO_VIMEO,
    DO_PLAYER,
    DO_POLL,
    DO_LATEX,
    DO_MENTION,
    DO_GALLERY,
    DO_CLIP,
    DO_FILE,
    DO_EMBED,
    DO_COMMENT,
    // Lectern's own, from its writers
    DO_CARD,
    DO_NOTICE,
};
struct rule_index;
struct rule_index *rules_new(void);
void rules_free(struct rule_index *x);
// What the tables say about an element; pages: the rules for whole pages count too.
enum rule_do rules_match(const struct rule_index *x, const struct html_tree *t, uint32_t node);
// Is this the text of a paragraph that a platform puts under essays ("The post ... appeared first
// on")?
bool rules_tail_text(const char *text, size_t len);
// The words of a link that leads to the rest of an essay ("Read more").
bool rules_more_text(const char *text, size_t len);
// The words of a platform's own button ("Subscribe now").
bool rules_button_text(const char *text, size_t len);
// A heading over the footnotes ("Notes").
bool rules_notes_heading(const char *text, size_t len);
extern const char
    *const rules_roots[]; // selectors of an essay's body in a page, best first, NULL-ended
bool rules_select(const char *selector, const struct html_tree *t, uint32_t node);

// ---- html_link.c ----
// An address as the document keeps it: absolute, without what only tracks, redirects unwrapped.
// False: nothing a person can follow (another scheme, no address). A place in the same page comes
// out as "#name".
bool link_clean(struct buf *out, const char *href, const char *base);
// The same for pictures: content networks that carry the original's address in theirs are
// unwrapped.
bool link_image(struct buf *out, const char *src, const char *base);
bool link_is_pixel(const char *src);                 // known counters
const char *link_host(const char *url, size_t *len); // "example.org" of "https://www.example.org/x"

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
void html_head(const struct html_tree *t, struct doc_builder *b);

// ---- html_card.c ----
struct html_reader;
// Puts what stands for an embedded thing into the document. False: nothing is known about it, take
// it as it is.
bool html_card(struct html_reader *r, uint32_t node, enum rule_do what);

// ---- html.c, for html_card.c ----
struct html_reader {
    struct doc_builder *b;
    struct html_tree *t;
    const char *base;
    struct buf url; // scratch
    struct buf scratch;
    const struct doc_source *src;
    const struct rule_index *rules;
    uint32_t *notes; // by note found: its number in the document
    const struct html_note *found;

    uint32_t sticky; // the element whose leaf holds all below it (heading, cell, caption, pre ...),
                     // NO_NODE
    enum block_kind sticky_kind;
    bool paragraph;  // a paragraph of running text is open
    bool verse_flow; // verse whose lines are <br>, not newlines
    bool prose_pre;  // preformatted prose: a newline is a <br>
    bool rule_due;   // a rule stands here if anything follows
    uint32_t rule_leaves; // leaves there were when the last rule was set
    bool strip_dash; // an attribution whose dash the page adds itself
    int breaks;      // <br> since the last word
    int verse_gap;   // newlines owed in verse
    int in_note;
    uint32_t link_text; // bytes of the open paragraph that are in a link
    uint32_t texts;     // leaves with text so far
    uint32_t sidenotes;

    struct figure_ctx {
        uint32_t node, media;
    } * figures; // media: waits for its caption, DOC_NONE
    size_t nfigures, figures_cap;
    struct list_ctx {
        int32_t next, step;
    } * lists;
    size_t nlists, lists_cap;
    struct {
        uint32_t block;
    } * items;
    size_t nitems, items_cap;
    struct link_ctx {
        const char *url;
        bool open;
    } * links; // <a> around what is read now
    size_t nlinks, links_cap;
    bool *rtl;
    size_t nrtl, rtl_cap;
    uint32_t *later_figures; // media that wait until a heading is done
    size_t nlater, later_cap;
    struct side_ctx {
        uint32_t node, note;
    } * side; // texts of notes that stand inside a paragraph
    size_t nside, side_cap;
    const char *last_href;       // of the <a> that ended last
    char *more_text, *more_url; // "Read more", as long as nothing follows
};
void reader_boundary(struct html_reader *r); // ends the paragraph that is open
void reader_block(struct html_reader *r);    // the same, before a block that is not running text
void reader_say(struct html_reader *r, const char *s); // words in the line
void reader_link(struct html_reader *r, const char *text,
                 const char *url); // words that lead to url (may be NULL)
void reader_figure(struct html_reader *r, const struct doc_media *m, const char *caption);
// A BLOCK_CARD: "Video: title", what follows the title, and where it leads (may be NULL). Inside a
// heading or a cell it is words in the line. m may be NULL.
void reader_card(struct html_reader *r, const char *what, const char *title, const char *more,
                 const char *url, const struct doc_media *m);

#endif
