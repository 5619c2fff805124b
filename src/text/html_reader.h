// The reader's state while it walks through the tree, and what the files of the walk
// (html_flow.c, _leaf.c, _span.c, _block.c, _card.c, _walk.c) ask of each other.
#ifndef TEXT_HTML_READER_H
#define TEXT_HTML_READER_H

#include "html.h"

// What the walk did on its way in, to be undone on its way out.
enum opened {
    OPEN_BLOCK = 1,
    OPEN_STICKY = 2,
    OPEN_BOUNDARY = 4,
    OPEN_LIST = 8,
    OPEN_LINK = 16,
    OPEN_DIR = 32,
    OPEN_FIGURE = 64,
    OPEN_NOTE = 128,
};

enum { EXPAND_MAX = 64, PREFACE_MAX = 6 }; // leaves before a title that is said again

struct html_reader {
    struct doc_builder *b;
    struct html_tree *t;
    const char *base;
    struct buf url; // scratch
    struct buf scratch;
    struct buf lead; // stands before the words of the next leaf
    const struct doc_source *src;
    const struct rule_index *rules;
    uint32_t *notes; // by note found: its number in the document
    const struct html_note *found;

    uint32_t sticky; // the element whose leaf holds all below it (heading, cell, caption, pre ...),
                     // NO_NODE
    enum block_kind sticky_kind;
    bool paragraph;       // a paragraph of running text is open
    bool verse_flow;      // verse whose lines are <br>, not newlines
    bool prose_pre;       // preformatted prose: a newline is a <br>
    bool rule_due;        // a rule stands here if anything follows
    uint32_t rule_leaves; // leaves there were when the last rule was set
    bool strip_dash;      // an attribution whose dash the page adds itself
    int breaks;           // <br> since the last word
    int verse_gap;        // newlines owed in verse
    int in_note;
    uint32_t link_text; // bytes of the open paragraph that are in a link
    uint32_t texts;     // leaves with text so far
    uint32_t headings;  // that were there so far
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
    const char *expanded[EXPAND_MAX]; // titles of abbreviations that were looked at
    size_t nexpanded;
    const char *last_href;      // of the <a> that ended last
    char *more_text, *more_url; // "Read more", as long as nothing follows
};

// ---- html.c ----
// One page or fragment while it is read. Begin parses it, puts it in order and finds its notes;
// what the essay is may then be chosen, and something walked before it; end walks it, hands out the
// document and frees all, builder included. Initialise with {0}, tree.markdown and cut as known.
struct html_reading {
    struct html_tree tree;
    struct html_reader r;
    struct rule_index *rules;
    struct html_note *found;
    size_t nfound;
    bool cut; // the end of the source was left off
};
void html_begin(struct html_reading *x, const char *html, size_t len, const struct doc_source *src,
                struct doc_builder *b);
struct doc *html_end(struct html_reading *x, uint32_t root);
void html_reading_free(struct html_reading *x); // where there is no end; the builder stays
void html_notice(struct doc_builder *b, const char *words); // Lectern's own words

// ---- html_flow.c ----
void reader_boundary(struct html_reader *r);  // ends the paragraph that is open
void reader_block(struct html_reader *r);     // the same, before a block that is not running text
void reader_before(struct html_reader *r);    // what was held back until something follows
void reader_paragraph(struct html_reader *r); // opens one
void reader_end_paragraph(struct html_reader *r);
void reader_text(struct html_reader *r, const char *s, size_t len);
void reader_break(struct html_reader *r);              // a <br>
void reader_say(struct html_reader *r, const char *s); // words in the line
void reader_link(struct html_reader *r, const char *text,
                 const char *url); // words that lead to url (may be NULL)
void reader_figure(struct html_reader *r, const struct doc_media *m, const char *caption);
// A BLOCK_CARD: "Video: title", what follows the title, and where it leads (may be NULL). Inside a
// heading or a cell it is words in the line. m may be NULL.
void reader_card(struct html_reader *r, const char *what, const char *title, const char *more,
                 const char *url, const struct doc_media *m);
void reader_media(struct html_reader *r, uint32_t media); // a figure with its own words
void reader_flush_figure(struct html_reader *r);          // the picture whose caption never came
void reader_rtl(struct html_reader *r, uint32_t block);   // as the nearest dir says
// A leaf that holds everything below `node`; *block is its index (block may be NULL).
void reader_sticky(struct html_reader *r, uint32_t node, enum block_kind kind, uint32_t *block);
void reader_end_sticky(struct html_reader *r);
bool html_blank(const char *s, size_t len); // nothing to be seen in it

// ---- html_leaf.c ----
void reader_image(struct html_reader *r, uint32_t node, enum rule_do what);
const char *reader_alt(const char *alt); // NULL if it says nothing: blank, "image", a file's name
void reader_caption(struct html_reader *r, uint32_t node);
void reader_pre(struct html_reader *r, uint32_t node, bool verse);
void reader_verse(struct html_reader *r, uint32_t node);

// ---- html_span.c ----
#define SPAN_BIT(kind) (1u << SPAN_##kind)
void reader_spans(struct html_reader *r, uint32_t node); // opens what the element says
void reader_end_spans(struct html_reader *r, uint32_t node);

// ---- html_block.c ----
void reader_mark(struct html_reader *r, uint32_t node);     // a note's mark
void reader_sidenote(struct html_reader *r, uint32_t node); // mark and text in one place
void reader_flush_side(struct html_reader *r);              // the texts of those
void reader_container(struct html_reader *r, uint32_t node, enum block_kind kind, uint32_t *block);
void reader_list(struct html_reader *r, uint32_t node, bool ordered);
void reader_item(struct html_reader *r, uint32_t node);
void reader_bullet(struct html_reader *r, uint32_t node); // what an item has in front, as words
void reader_expand(struct html_reader *r, uint32_t node); // an abbreviation's meaning, said once
void reader_row(struct html_reader *r, uint32_t node);
void reader_cell(struct html_reader *r, uint32_t node);
void reader_anchor(struct html_reader *r, uint32_t node); // <a>
// "... Read more" at a paragraph's end: held back until something follows. False: it is no such
// link.
bool reader_more(struct html_reader *r, uint32_t node);
bool reader_ends_block(const struct html_tree *t,
                       uint32_t node);                  // nothing seen follows in its block
bool reader_is_cut(const char *s, size_t len);          // ends with an ellipsis
bool reader_math(struct html_reader *r, uint32_t node); // false: no source, take what is inside
void reader_button(struct html_reader *r, uint32_t node, bool *into);
void reader_preview(struct html_reader *r); // the wall
void reader_own_card(struct html_reader *r, uint32_t node);
bool reader_in_quote(const struct html_reader *r);
uint32_t html_count(const struct html_tree *t, uint32_t node, enum html_tag tag); // children
bool html_holds_notes(const struct html_tree *t, uint32_t node);
bool html_is_attribution(const struct html_tree *t, uint32_t node);

// ---- html_walk.c ----
void reader_walk(struct html_reader *r, uint32_t top);

// ---- html_order.c ----
void html_order(struct html_reader *r);
void html_judge_tables(struct html_tree *t);

#endif
