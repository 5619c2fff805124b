// Setting: a document and a width give lines. A pure function: same input, same lines; no screen, no clock, no locale.
#ifndef LECTERN_LAYOUT_H
#define LECTERN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/role.h"

// What stands over an essay: laid out before the text, belongs to no offset of it. Any field may be NULL.
struct layout_head {
    const char *title, *subtitle, *byline;
};

struct layout_opts {
    int width;        // columns there are; at least 1
    int measure;      // columns of a full line at most; 0 means 68
    bool ascii;       // no glyph beyond ASCII: bullets, bars, superscripts and the text's own letters
    bool justify;     // both margins even
    bool indent;      // paragraphs parted by an indent, not by a blank line
    bool first_fit;   // greedy breaking instead of least raggedness
    struct layout_head head;
};

// A piece of a line in one style. `text` points into the document or into the layout; it has no newline or tab. Where it
// does not point into the document (superscripts, ASCII stand-ins) it stands for the document's text from `off` to where
// the next run with an offset, or the line, goes on.
struct run {
    const char *text;
    uint32_t len;   // bytes
    uint32_t off;   // offset in the document's text, DOC_NONE for what layout added (bullets, bars, hyphens, spaces)
    uint32_t link;  // link index, or DOC_NONE
    uint32_t note;  // note index for note marks, or DOC_NONE
    uint16_t cols;  // columns
    uint16_t marks; // enum mark bits
    uint8_t role;   // enum role
};

enum line_flag {
    LINE_BLANK = 1,     // leading between blocks
    LINE_KEEP_NEXT = 2, // the next line must be on the same page (headings, captions, table heads, first lines)
    LINE_FIRST = 4,     // first line of a paragraph-like leaf of two lines or more
    LINE_LAST = 8,      // its last line
    LINE_HEAD = 16,     // part of the essay's head (title, byline)
    LINE_HEADING = 32,
    LINE_RTL = 64,        // reads from right to left; runs are in visual order
    LINE_JUSTIFIED = 128, // stretched: exactly as wide as the room there is
};
struct line {
    uint32_t off;   // smallest document offset on this line or, where it has none, of the next line that has one
    uint32_t end;   // one past the largest
    uint32_t run;   // first run
    uint32_t nruns;
    uint32_t block; // leaf it comes from, DOC_NONE for blanks and the head
    uint16_t indent; // columns left empty before the first run, within the measure
    uint16_t flags;
};

struct layout {
    struct line *lines;
    size_t nlines;
    struct run *runs;
    size_t nruns;
    int measure;     // columns of the text block: min(width less margins, opts.measure)
    int margin;      // columns to the left of it that centre it on the width
    const struct doc *doc; // not owned, must outlive the layout
    struct arena *arena;
};

struct layout *layout_new(const struct doc *d, const struct layout_opts *o);
void layout_free(struct layout *l);
// The line that shows offset `off`: the last one with line.off <= off that is not blank.
size_t layout_line_at(const struct layout *l, uint32_t off);
// The line's text alone, indent as spaces, no trailing blanks.
void layout_line_text(const struct layout *l, size_t line, struct buf *out);
// For goldens: the text, then the same line as role letters (blank where role is text without marks).
void layout_dump(const struct layout *l, struct buf *out, bool roles);

#endif
