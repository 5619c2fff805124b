// Setting: a document and a width give lines. A pure function: same input, same lines; no screen,
// no clock, no locale.
#ifndef LECTERN_LAYOUT_H
#define LECTERN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/role.h"

// What stands over an essay: laid out before the text, belongs to no offset of it. Any field may be
// NULL.
struct layout_head {
    const char *title, *subtitle, *byline;
};

struct layout_opts {
    int width;      // columns there are; at least 1
    int measure;    // columns of a full line at most; 0 means 68
    bool ascii;     // no glyph beyond ASCII: bullets, bars, superscripts and the text's own letters
    bool justify;   // both margins even
    bool indent;    // paragraphs parted by an indent, not by a blank line
    bool first_fit; // greedy breaking instead of least raggedness
    bool bidi_off; // the terminal orders Hebrew and Arabic itself: text in its own order, all lines
                   // from the left,
    bool to_right; // or, with this, those that read from the right still on the right
    // Words may be divided where `hyphenate` is set, by the patterns in `hyphens` (not owned; NULL:
    // none), in the language of the text itself, else of the document, else in this one (BCP 47,
    // may be NULL).
    bool hyphenate;
    struct hyphens *hyphens;
    const char *language;
    struct layout_head head;
};
// Patterns of libhyphen in the folders `dirs`, parted by colons (NULL: where systems keep them),
// each read when a word in its language is first set. Without `wait` the few large files are read
// by a thread: words stay whole until it is done, and hyphens_busy says whether setting again may
// come out otherwise. A build without libhyphen has none.
struct hyphens *hyphens_new(const char *dirs, bool wait);
bool hyphens_busy(const struct hyphens *h); // NULL is fine
void hyphens_free(struct hyphens *h);

// A piece of a line in one style, as it is drawn from left to right. `text` points into the
// document or into the layout; it has no newline or tab. The runs of a line stand in the order of
// their columns.
//
// Where text is drawn as it is written, `stands` is 0 and the run shows the document's bytes [off,
// off + len). Else it shows other text in the place of the bytes [off, off + stands): superscripts,
// ASCII stand-ins, and, with RUN_RTL, letters that are read from the right. In those the clusters
// of the document stand in the opposite order (each cluster's own bytes in theirs), brackets
// mirrored and Arabic letters in the forms they take; off is still the smallest offset, that of the
// rightmost letter. Offsets rise from run to run, but on lines with such letters.
enum run_flag { RUN_RTL = 1 };
struct run {
    const char *text;
    uint32_t len;   // bytes
    uint32_t off;   // offset in the document's text, DOC_NONE for what layout added (bullets, bars,
                    // hyphens, spaces)
    uint32_t link;  // link index, or DOC_NONE
    uint32_t note;  // note index for note marks, or DOC_NONE
    uint16_t cols;  // columns
    uint16_t marks; // enum mark bits
    uint16_t stands;
    uint8_t role;  // enum role
    uint8_t flags; // enum run_flag
};

enum line_flag {
    LINE_BLANK = 1, // leading between blocks
    LINE_KEEP_NEXT =
        2, // the next line must be on the same page (headings, captions, table heads, first lines)
    LINE_FIRST = 4, // first line of a paragraph-like leaf of two lines or more
    LINE_LAST = 8,  // its last line
    LINE_HEAD = 16, // part of the essay's head (title, byline)
    LINE_HEADING = 32,
    LINE_RTL = 64,        // reads from right to left, and ends on the right unless it is justified
    LINE_JUSTIFIED = 128, // stretched: exactly as wide as the room there is
};
struct line {
    uint32_t off; // smallest document offset on this line or, where it has none, of the next line
                  // that has one; in a row of a table also of a cell whose line shows nothing
    uint32_t end; // one past the largest
    uint32_t run; // first run
    uint32_t nruns;
    uint32_t block;  // leaf it comes from, DOC_NONE for blanks and the head
    uint16_t indent; // columns left empty before the first run, within the measure
    uint16_t flags;
};

// A table in columns that has a head. Its lines [head, body) - the rule below them is the last -
// may be said again at the top of a page that begins within [body, end): see page_head.
struct layout_table {
    size_t head, body, end;
};

struct setter;
struct layout {
    bool done;                   // all of the document is set
    struct setter *setter;       // while it is not
    struct layout_table *tables; // in order
    size_t ntables;
    struct line *lines;
    size_t nlines;
    struct run *runs;
    size_t nruns;
    int measure;           // columns of the text block: min(width less margins, opts.measure)
    int margin;            // columns to the left of it that centre it on the width
    const struct doc *doc; // not owned, must outlive the layout
    struct arena *arena;
};

// Fills what the configuration decides (not width, ascii, hyphens, language and head). `terminal`:
// lines go to one, not to a file or a program. The only thing here that asks the environment.
struct conf;
void layout_configure(struct layout_opts *o, const struct conf *c, bool terminal);
// Then, for a reader who wants it otherwise: both margins even or not, and words divided if that
// goes with it.
void layout_align(struct layout_opts *o, const struct conf *c, bool justify);

struct layout *layout_new(const struct doc *d, const struct layout_opts *o);
void layout_free(struct layout *l);
// The same lines little by little, for the first page of a long essay: layout_begin sets the head,
// each layout_more goes on until there are `lines` lines, and layout_reach until the one that shows
// offset `off` is there, or the document ends. They return done. Lines that are there stay as they
// are (the arrays move); whole blocks of the document's top level are set at once. What *o points
// to must stay until it is done, but for the head.
struct layout *layout_begin(const struct doc *d, const struct layout_opts *o);
bool layout_more(struct layout *l, size_t lines);
bool layout_reach(struct layout *l, uint32_t off);
// The line that shows offset `off`: the last one with line.off <= off that is not blank.
size_t layout_line_at(const struct layout *l, uint32_t off);
// The line's text alone, indent as spaces, no trailing blanks.
void layout_line_text(const struct layout *l, size_t line, struct buf *out);
// Which columns of a run show the document's bytes [from, to)? False where it shows none of them.
// Exact to the letter where the document's own letters are drawn, in whichever direction; what
// stands for others is taken whole.
bool layout_run_find(const struct layout *l, const struct run *r, uint32_t from, uint32_t to,
                     int *col, int *cols);
// For goldens: the text, then the same line as role letters (blank where role is text without
// marks).
void layout_dump(const struct layout *l, struct buf *out, bool roles);

#endif
