// Inside of the layout: leaf -> flow (layout_flow.c) -> pieces (layout_piece.c) -> cuts
// (layout_break.c) -> lines (layout_line.c), driven block by block (layout_block.c,
// layout_table.c).
#ifndef TEXT_SETTING_H
#define TEXT_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/layout.h"
#include "lectern/mem.h"

// A stretch of a flow in one style. Either it is the document's own bytes from `off` (stands == 0),
// or other text in the place of `stands` bytes from there, or layout's own (off == DOC_NONE).
struct seg {
    uint32_t at; // first byte in the flow; it reaches to the next seg
    uint32_t off, stands;
    uint32_t link, note;
    uint32_t lang; // 1 + where its name is in the document's strings; 0: the document's
    uint16_t marks;
    uint8_t role;
    bool glued; // no line may begin here
};

// A leaf's text as it is shown, still one long string. '\n' ends a line whatever the width.
struct flow {
    const char *text;
    uint32_t len;
    const struct seg *segs; // at least one where len > 0
    uint32_t nsegs;
    bool invisible;        // has soft hyphens or zero-width spaces, which are not shown
    bool glue;             // some seg is glued
    bool divide;           // words may be divided
    bool rtl;              // reads from right to left
    const uint8_t *levels; // of every byte, where some of it is read from the right; else NULL
};

// One line's share of a flow.
struct cut {
    uint32_t at, end; // bytes, without the blanks at the end
    uint32_t cols;    // with the hyphen
    bool hyphen;      // ends in a soft hyphen that is shown
    bool last;        // of a paragraph or before a '\n'
    bool wrapped;     // goes on a line begun before it
};

// What cannot be broken, and the blanks after it.
struct piece {
    uint32_t at, end;
    uint32_t x; // column where it would start if all were one line
    uint32_t cols;
    uint32_t flags;
};
// How it ends: with a hyphen if the line does; after a dash; in the middle of a word whose script
// has no hyphen; broken because no line has room for it.
enum { PIECE_HYPHEN = 1, PIECE_DASH = 2, PIECE_WITHIN = 4, PIECE_EMERGENCY = 8 };

// Where blocks stand: columns within the measure, and how text without a role of its own looks.
struct place {
    int left, right; // body columns [left, right)
    uint8_t role;
    uint16_t marks;
    uint16_t bars;  // how many of setter.bars stand beside it
    uint16_t depth; // of unordered lists
    bool tight;     // inside an item of a list without blank lines
    bool inside;    // of a container, which has chosen its side
    bool rtl;       // everything is the other way round: left is the distance from the right edge
};

enum { MAX_BARS = 32, MAX_MARKERS = 32 };

struct marker {
    int col;
    uint32_t cols, len, note;
    const char *text;
    uint8_t role;
};

// Neighbours that are set one after the other: blocks [next, end).
struct siblings {
    uint32_t next, end;
    uint32_t prev; // the last that had something to show, DOC_NONE
    int hang;      // columns of the notes' labels, 0 before the first note
};

struct setter {
    const struct doc *d;
    const struct layout_opts *o;
    struct layout *l;
    size_t lines_cap, runs_cap, tables_cap;

    // flow and breaking: scratch of the leaf at hand
    struct buf text;
    struct seg *segs;
    size_t nsegs, segs_cap;
    uint32_t tab_end, tab_cols; // where the last tab's blanks ended, in s->text and in columns
    uint32_t *ends;             // where open spans end
    size_t ends_cap;
    struct piece *pieces;
    size_t npieces, pieces_cap;
    uint32_t room; // columns a piece may have at most
    uint32_t x;
    char *breaks;
    size_t breaks_cap;
    uint64_t *costs;
    uint32_t *froms;
    size_t costs_cap, froms_cap;
    struct cut *cuts;
    size_t ncuts, cuts_cap;

    // the line being filled
    int col;
    uint32_t line_off, line_end;
    bool mirror;     // it will be turned round
    uint32_t *parts; // then: the runs that begin what stays as it is
    size_t nparts, parts_cap;

    bool sided;        // some text is read from the right and stands there
    struct bidi *bidi; // NULL where nothing is put in order here

    // the whole, where it is set little by little
    struct layout_opts opts; // *o
    struct place page;
    struct siblings top;
    size_t settled; // lines that know their offset

    // the page being filled
    int blanks; // owed before the next line
    uint16_t blank_bars;
    int bars[MAX_BARS]; // their columns
    struct marker markers[MAX_MARKERS];
    int nmarkers;
};

// layout_flow.c
// The text of [off, off + len) as it is shown, in `role` and `marks`, after `prefix` (may be NULL).
// Lives until the next call; what it is made of lives as long as the layout.
struct flow flow_of(struct setter *s, uint32_t off, uint32_t len, uint8_t role, uint16_t marks,
                    const char *prefix, uint8_t prefix_role);
// Text that is not the document's (the head, markers): cleaned already, copied.
struct flow flow_own(struct setter *s, const char *text, uint8_t role);

// layout_bidi.c
bool bidi_needed(const struct doc *d, const struct layout_opts *o);
// Is the first letter that has a direction read from the right?
bool bidi_first(const char *text, size_t len, bool fallback);
void bidi_new(struct setter *s);
void bidi_free(struct setter *s);
// Sets f->rtl and f->levels; those live until the next call.
void flow_turn(struct setter *s, struct flow *f, bool rtl);
uint32_t bidi_joined(const struct flow *f, uint32_t at, uint32_t end);
// For flows with levels: reads one line, returns its columns; then draws the line read last.
uint32_t bidi_line(struct setter *s, const struct flow *f, const struct cut *c);
uint32_t bidi_gaps(struct setter *s, const struct flow *f,
                   const struct cut *c); // of the line given to bidi_line last: where it stretches
void bidi_draw(struct setter *s, const struct flow *f, const struct cut *c, uint32_t stretch);

// layout_hyphen.c
enum { WORD_MOST = 60, WORD_LEAST = 5 }; // letters of a word that is divided
// Bytes of `word` before which it may be divided; at most WORD_MOST of them.
size_t hyphens_points(struct hyphens *h, const char *language, const char *word, size_t len,
                      uint32_t *points);

// layout_words.c
enum { BREAK_SYLLABLE = 100 }; // beside libunistring's: a line may end here where it must
// Adds to breaks[0..n), those of t[0..n), the ones that need more than the classes of letters.
void words_breaks(const char *t, uint32_t n, char *breaks);

// layout_piece.c
uint32_t flow_cols(const struct flow *f, uint32_t at, uint32_t end);
// Fills s->pieces with those of [at, end), which holds no '\n'; none is wider than s->room.
void flow_pieces(struct setter *s, const struct flow *f, uint32_t at, uint32_t end);

// layout_break.c
enum breaking { BREAK_OPTIMUM, BREAK_FIRST_FIT, BREAK_ANYWHERE };
// Fills s->cuts: lines of at most `first` columns, then `rest`. ANYWHERE breaks between any two
// clusters (code).
void flow_cut(struct setter *s, const struct flow *f, int first, int rest, enum breaking how);
// Columns of the widest line without and with breaking wherever possible.
void flow_widths(struct setter *s, const struct flow *f, uint32_t *natural, uint32_t *narrowest);

// layout_line.c
void line_owe(struct setter *s, const struct place *p, int blanks);
void line_open(struct setter *s, const struct place *p); // settles blanks, draws bars and markers
void line_to(struct setter *s, int col);                 // blanks up to that column of the measure
void line_own(struct setter *s, const char *text, uint32_t len, uint32_t cols, uint8_t role,
              uint16_t marks, uint32_t note);
void line_blanks(struct setter *s, uint32_t n, uint8_t role, uint16_t marks);
// [at, end) of the flow, within one seg, shown as `text`.
void line_put(struct setter *s, const struct flow *f, const struct seg *g, uint32_t at,
              uint32_t end, const char *text, uint32_t len, uint32_t cols, bool turned);
uint32_t seg_at(const struct flow *f, uint32_t at);
// Where in the document byte `at` of a block's flow is; for what layout added, where its text goes
// on.
uint32_t line_place(const struct setter *s, const struct flow *f, uint32_t at, uint32_t block);
// Columns of a cut as it will be drawn; call it just before line_flow.
uint32_t line_cols(struct setter *s, const struct flow *f, const struct cut *c);
// The text of a cut, its blanks widened by `stretch` columns in all.
void line_flow(struct setter *s, const struct flow *f, const struct cut *c, uint32_t stretch);
void line_close(struct setter *s, uint32_t block, uint16_t flags);
void line_marker(struct setter *s, const struct marker *m); // for the next line
// The cuts of a flow as lines between p->left + first (rest) and p->right.
struct fill {
    int first, rest; // indents
    uint16_t flags;  // of every line
    bool justify;
    bool mark;     // continuations are marked (code)
    bool whole;    // the essay's lines: FIRST and LAST are set
    bool together; // and few of them are not parted at all
};
void line_fill(struct setter *s, const struct place *p, const struct flow *f, uint32_t block,
               enum breaking how, const struct fill *fill);

// layout_block.c
void set_head(struct setter *s, const struct place *p);
void set_blocks(struct setter *s, const struct place *p, uint32_t first, uint32_t end);
void set_next(struct setter *s, const struct place *p, struct siblings *b); // one of them
bool block_rtl(const struct setter *s, const struct place *p, uint32_t block);
uint8_t place_role(const struct place *p, uint8_t role); // `role` unless the place has one

// layout_notice.c
// What is said of letters that cannot be shown; NULL where there is no need.
const char *notice_of(struct setter *s);

// layout_table.c
void set_table(struct setter *s, const struct place *p, uint32_t table);

#endif
