// The document: what an essay says, free of the platform it came from. One UTF-8 text and flat
// arrays that index it.
//
// Blocks stand in document order (preorder of a tree): containers (quote, list, item, note, table,
// row ...) come before what they hold; `end` is the index one past the last block inside. Leaves
// own a range of the text; two leaves' ranges never overlap and are parted by one '\n' that belongs
// to neither (empty leaves too: no two share an offset). Inside a leaf '\n' is a line break the
// author made; other white space is single spaces, but in CODE and VERSE, where it is kept (tabs
// too). A place in an essay is a byte offset into that text: it survives every width and theme.
#ifndef LECTERN_DOC_H
#define LECTERN_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"

#define DOC_NONE UINT32_MAX

enum block_kind {
    // leaves
    BLOCK_PARAGRAPH,
    BLOCK_HEADING, // level 1..6, already normalised: the essay's top level is 1
    BLOCK_CODE,    // preformatted, never reflowed; ref: offset of the language in `strings` or
                   // DOC_NONE
    BLOCK_VERSE,   // lines kept, continuation indented
    BLOCK_FIGURE,  // text: caption, else alt text, may be empty; ref: media index
    BLOCK_RULE,    // no text
    BLOCK_CELL,    // of a table: header, align, colspan, rowspan; line breaks as '\n'
    BLOCK_CARD, // something embedded that is named, not shown: "Video: title"; ref: media index or
                // DOC_NONE
    BLOCK_NOTICE,      // Lectern's own words: "This is a preview ...", "The rest was cut off ..."
    BLOCK_TERM,        // dt of a definition list
    BLOCK_ATTRIBUTION, // who said it, inside a QUOTE or PULLQUOTE
    // containers
    BLOCK_QUOTE,
    BLOCK_PULLQUOTE,
    BLOCK_LIST, // BLOCK_ORDERED: number is the first item's; definition lists: BLOCK_DEFINITIONS
    BLOCK_ITEM, // number for ordered lists; BLOCK_TASK, BLOCK_CHECKED
    BLOCK_DEFINITION, // dd
    BLOCK_NOTE,       // a footnote, at the end of the document; ref: note index
    BLOCK_TABLE,      // rows > cells; caption: a leading BLOCK_PARAGRAPH inside
    BLOCK_ROW,        // BLOCK_HEADER: of the head
    BLOCK_ASIDE,      // aside, details (its summary is a leading paragraph, strong)
    BLOCK_KIND_COUNT
};

enum block_flag {
    BLOCK_ORDERED = 1,
    BLOCK_REVERSED = 2,
    BLOCK_TASK = 4,
    BLOCK_CHECKED = 8,
    BLOCK_HEADER = 16, // cell or row of a table head
    BLOCK_RTL = 32,    // the source says dir=rtl; layout also looks at the text
    BLOCK_LOOSE = 64,  // list whose items are parted by blank lines
    BLOCK_DEFINITIONS = 128,
};
enum block_align { ALIGN_NONE, ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };
enum list_style {
    LIST_DECIMAL,
    LIST_LOWER_ALPHA,
    LIST_UPPER_ALPHA,
    LIST_LOWER_ROMAN,
    LIST_UPPER_ROMAN
};

struct doc_block {
    uint8_t kind;              // enum block_kind
    uint8_t level;             // heading level
    uint8_t flags;             // enum block_flag
    uint8_t align;             // enum block_align (cells); enum list_style (lists)
    uint32_t off, len;         // bytes of text; a container covers its leaves
    uint32_t parent;           // index, DOC_NONE at the top
    uint32_t end;              // one past the last block inside (leaf: own index + 1)
    int32_t number;            // of an item, or where a list starts
    uint32_t ref;              // media, note or string, as the kind says
    uint16_t colspan, rowspan; // cells; at least 1
};

enum span_kind {
    SPAN_EM,
    SPAN_STRONG,
    SPAN_CODE,
    SPAN_KBD,
    SPAN_STRIKE,
    SPAN_INSERT,
    SPAN_MARK,
    SPAN_SMALL,
    SPAN_SUB,
    SPAN_SUP,
    SPAN_CITE,
    SPAN_MATH,
    SPAN_ABBR,
    SPAN_LINK,      // ref: link index
    SPAN_NOTE_MARK, // text is the label as written ("1", "*"); ref: note index
    SPAN_LANG,      // ref: offset of a language tag in strings
    SPAN_KIND_COUNT
};
struct doc_span {
    uint8_t kind;
    uint32_t off, len; // never empty, never across leaves, no blank at either end; sorted by off,
                       // then longer first; they nest and never overlap in part
    uint32_t ref;
};

struct doc_link {
    const char
        *url; // absolute http(s) or mailto:, or "#name" with a target; cleaned as UTF8_ADDRESS
    const char *title; // may be NULL
    uint32_t target;   // text offset for links inside the essay, else DOC_NONE
};
struct doc_note {
    const char *label; // as shown: "1"
    uint32_t block;    // the BLOCK_NOTE, DOC_NONE while unresolved (a mark whose note is missing is
                       // plain text)
    uint32_t mark_off; // text offset of the first mark, DOC_NONE if none
};
enum media_kind { MEDIA_IMAGE, MEDIA_AUDIO, MEDIA_VIDEO, MEDIA_EMBED, MEDIA_POST, MEDIA_FILE };
struct doc_media {
    enum media_kind kind;
    const char *url;   // may be NULL when only an id is known
    const char *title; // alt text of an image, title of a player; may be NULL
    const char *link;  // where a click leads; may be NULL
    double seconds;    // 0: not known
    int width, height; // pixels, 0: not known
};

struct arena;
struct doc {
    struct arena *arena; // strings of links, notes, media
    char *text;
    uint32_t len;
    struct doc_block *blocks;
    struct doc_span *spans;
    struct doc_link *links;
    struct doc_note *notes;
    struct doc_media *media;
    char *strings; // NUL-separated: languages
    uint32_t nblocks, nspans, nlinks, nnotes, nmedia, nstrings;
    // What the text itself said about the essay (front matter, <title>, <meta>): NULL where it said
    // nothing.
    const char *title, *subtitle, *author, *language, *date, *url;
    const char **tags; // NULL-ended, or NULL
    uint32_t words;    // as the reader counts them for minutes: CJK characters count by two
    bool preview;      // the platform showed only the beginning
};

// Input limits of every reader below; what goes over is cut and a BLOCK_NOTICE says so.
#define DOC_MAX_INPUT (64u << 20) // bytes of source
#define DOC_MAX_DEPTH 100         // nesting of containers kept; deeper ones are flattened

struct doc_source {
    const char *url;      // base for relative links; may be NULL
    const char *title;    // a first heading that repeats it is dropped; may be NULL
    const char *language; // BCP 47 of the feed or entry; may be NULL
};

// HTML (whole page or fragment, UTF-8) -> document. Never fails: the worst input gives an empty
// document or a notice.
struct doc *doc_from_html(const char *html, size_t len, const struct doc_source *src);
// HTML in whatever encoding a file or reply has: BOM, `charset` (may be NULL), <meta>, else UTF-8
// or windows-1252.
struct doc *doc_from_html_bytes(const char *bytes, size_t len, const char *charset,
                                const struct doc_source *src);
// Markdown (discount, with footnotes, tables, fenced code, front matter) -> the same document as
// the same essay in HTML.
struct doc *doc_from_markdown(const char *md, size_t len, const struct doc_source *src);
// Plain text: blank lines part paragraphs, indented runs are verse, addresses are links.
struct doc *doc_from_text(const char *text, size_t len, const struct doc_source *src);
void doc_free(struct doc *d);

// Index of the leaf that holds or follows offset `off`; DOC_NONE in an empty document.
uint32_t doc_leaf_at(const struct doc *d, uint32_t off);
bool doc_is_leaf(enum block_kind kind);
const char *doc_block_name(enum block_kind kind); // "paragraph", as in dumps
const char *doc_span_name(enum span_kind kind);
// Every invariant above; says in *e which one is broken and where. For tests and fuzzers.
bool doc_check(const struct doc *d, struct err *e);
int doc_minutes(uint32_t words); // reading time, at least 1 (230 words a minute)

// Building (used by the readers in text/; tests build documents with it too). Whatever is called in
// whatever order, the document that comes out passes doc_check: text outside a leaf opens a
// paragraph, a cell outside a row gets its row and table, a block opened inside a leaf ends that
// leaf (inside a cell it becomes a line break), containers nested deeper than DOC_MAX_DEPTH are
// left out and their leaves kept. Levels of headings and the place of notes are set at the end.
struct doc_builder;
struct doc_builder *doc_builder_new(void);
uint32_t doc_open(struct doc_builder *b,
                  enum block_kind kind); // returns the block's index, DOC_NONE if it was left out
struct doc_block *doc_builder_block(
    struct doc_builder *b,
    uint32_t i); // to set level, flags ...; valid until the next open; DOC_NONE is fine
void doc_close(struct doc_builder *b); // closes the innermost block; empty leaves and containers
                                       // vanish (not RULE, CELL, nor FIGURE and CARD with a ref)
void doc_drop(struct doc_builder *b);  // takes the innermost block away with all it holds
void doc_text(struct doc_builder *b, const char *s,
              size_t len);             // cleaned; white space collapsed unless CODE or VERSE
void doc_break(struct doc_builder *b); // a '\n' inside a leaf
// Spans nest however they are opened and closed; one that is open when a leaf ends goes on in the
// next. A span inside another of its kind is left out; neighbours of one kind become one.
void doc_span_open(struct doc_builder *b, enum span_kind kind, uint32_t ref);
void doc_span_close(struct doc_builder *b, enum span_kind kind);
void doc_anchor(struct doc_builder *b,
                const char *name); // what comes next is what links to "#name" lead to
uint32_t doc_add_link(struct doc_builder *b, const char *url,
                      const char *title); // "#name": resolved by doc_finish, or plain text
uint32_t doc_add_note(struct doc_builder *b,
                      const char *label); // set ref of its BLOCK_NOTE to what this returns
uint32_t doc_add_media(struct doc_builder *b, const struct doc_media *m); // strings are copied
uint32_t doc_add_string(struct doc_builder *b, const char *s);
// Where the builder stands: the kind of the innermost open block (BLOCK_KIND_COUNT at the top),
// leaves so far, and the text of the open leaf so far (len 0 when no leaf is open; valid until the
// next call).
enum block_kind doc_builder_kind(const struct doc_builder *b);
uint32_t doc_builder_leaves(const struct doc_builder *b);
const char *doc_builder_text(const struct doc_builder *b, size_t *len);
// What the document says of itself; strings are copied, NULL leaves what is there.
void doc_set_meta(struct doc_builder *b, const char **field_of_doc, const char *value);
struct doc *doc_builder_doc(
    struct doc_builder *b); // the document being built: only title ... tags, preview may be touched
struct doc *doc_finish(struct doc_builder *b); // closes what is open, frees the builder

#endif
