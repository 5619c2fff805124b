// UTF-8, grapheme clusters and columns. Everything from outside passes through utf8_clean once;
// from there on text is valid UTF-8 without control or steering characters. Columns are what the
// terminal will use: wcwidth(3) of a UTF-8 locale summed over a grapheme cluster as curses does,
// whatever LANG says.
#ifndef LECTERN_UTF8_H
#define LECTERN_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"

// Decodes one code point of s[0..len), len > 0. Returns the bytes it took (1 for an invalid byte,
// then *cp is U+FFFD). Overlong forms, surrogates and values over U+10FFFF are invalid (RFC 3629).
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]); // bytes written
bool utf8_valid(const char *s, size_t len);
size_t utf8_plain(const char *s, size_t len); // bytes at its beginning that are ASCII

enum utf8_mode {
    UTF8_TEXT,    // keeps \n and \t (\r\n and \r become \n)
    UTF8_LINE,    // one line: every run of white space and controls is one space, ends trimmed;
                  // titles, names
    UTF8_ADDRESS, // addresses: as LINE, but white space and controls are left out
};
// Appends s to out, made safe: invalid bytes become U+FFFD; C0/C1 controls, DEL, bidi embeddings,
// overrides and isolates (U+202A-202E, U+2066-2069), U+2028/2029 (a newline in TEXT), interlinear
// annotation, tag characters, BOM and noncharacters go. ZWJ, ZWNJ, LRM, RLM, ALM, soft hyphen and
// variation selectors stay in TEXT.
void utf8_clean(struct buf *out, const char *s, size_t len, enum utf8_mode mode);
char *utf8_clean_dup(const char *s, size_t len, enum utf8_mode mode); // the caller's

// A cell of the terminal: one character with the marks that stand on it. This is the unit of
// canvases and of column counts, cut exactly where curses begins a new cell: before every character
// that takes columns of its own. What is one letter to its reader but takes several cells (U+1F469
// ZWJ U+1F680: 4 columns, a flag, most Devanagari syllables) is several cells side by side;
// utf8_cluster keeps them together where text is cut or broken.
#define UTF8_CELL_MAX 32 // bytes; marks beyond stand in further cells of no columns
size_t utf8_grapheme(const char *s, size_t len);   // bytes of the first cell; len > 0
int utf8_grapheme_cols(const char *s, size_t len); // columns of that one cell: 0, 1 or 2
int utf8_char_cols(uint32_t cp); // of a code point; 1 where the terminal cannot draw it
bool utf8_drawable(uint32_t cp); // false: wcwidth has no width for it; draw U+FFFD in its place
int utf8_cols(const char *s, size_t len); // columns of a string without newlines or tabs
// The first extended grapheme cluster (UAX #29), what a reader takes for one letter. len > 0.
#define UTF8_CLUSTER_MAX 128 // bytes; longer ones are cut, against text that is one endless cluster
size_t utf8_cluster(const char *s, size_t len);
size_t utf8_fit(const char *s, size_t len, int cols,
                int *used); // bytes of whole clusters that fit in cols; used may be NULL
// Smallest prefix rule for lists: text cut to cols columns with "…" (or "..." where ascii), into
// out.
void utf8_ellipsize(struct buf *out, const char *s, size_t len, int cols, bool ascii);
// ASCII stand-in of a code point for terminals without UTF-8: quotes, dashes, letters with accents,
// those of other alphabets, "" for what is invisible; NULL where there is none.
const char *utf8_ascii(uint32_t cp);
// The same for the character at s[at] (at < len, not ASCII), with regard to its neighbours and to
// the language (BCP 47, may be NULL). Returns the bytes it stands for. What has no stand-in is "?",
// and "" where another such letter is just before it.
size_t utf8_ascii_at(const char *s, size_t len, size_t at, const char *language, const char **text);
void utf8_to_ascii(struct buf *out, const char *s, size_t len); // the whole string, of no language

#endif
