// A bookmark as a Markdown file: front matter, text, and below a mark its highlights. The last line
// of the front matter says whose file it is and whether it is still as Lectern wrote it:
//
//     lectern: UID FACTS BYTES
//
// FACTS sums up what it was written from, BYTES the file itself without this line. So a folder
// needs no list beside it, and what a person changed is seen wherever the folder was meanwhile.
#ifndef TRADE_PAGE_H
#define TRADE_PAGE_H

#include "trade/kept.h"

struct page_stamp {
    char uid[CARRY_UID]; // "": a file that is not Lectern's
    uint64_t facts;
    bool edited; // it does not say any more what Lectern wrote
};
// Of a file's bytes.
struct page_stamp page_stamp(const char *bytes, size_t len);

// ---- page_out.c ----
// The text as Markdown; nothing where there is none. Where reading that back would give another
// document (a list in HTML with nothing but a rule in an item) it is HTML. Returns the hash that
// stands for it; its lowest bit says that it is HTML.
uint64_t page_body(const struct kept *k, struct buf *out);
// What the file would be written from; body: as page_body gives it.
uint64_t page_facts(const struct kept *k, uint64_t body);
// The whole file. extra: lines of front matter that are not ours, to be kept; NULL: none.
void page_write(const struct kept *k, const struct buf *text, uint64_t body, const char *extra,
                struct buf *out);

// ---- page_in.c ----
// Reads a file into a bookmark of `b`; strings live there. False, and *e says why: nothing added.
// ERR_MISSING: it is no bookmark at all (no front matter with an address or a stamp).
bool page_read(struct brought *b, const char *bytes, size_t len, struct err *e);
// The text of a file as it stands between front matter and highlights.
void page_text(const char *bytes, size_t len, const char **text, size_t *text_len);
// Lines of its front matter that Lectern does not write, as they stand; the caller's, NULL: none.
char *page_extra(const char *bytes, size_t len);
// Bytes of front matter with its dashes; 0: none. *inside, *inside_len: what is between them.
size_t page_front(const char *bytes, size_t len, const char **inside, size_t *inside_len);
#define PAGE_MARK "<!-- lectern: highlights -->"

// ---- front.c: YAML ----
// Calls `each` with every scalar of the mapping: its key, its line from 1, and the value; of lists
// one after the other. What is nested deeper is passed over. False: no YAML, *e says where.
bool front_read(const char *yaml, size_t len,
                void (*each)(void *ctx, const char *key, const char *value, size_t value_len,
                             int line),
                void *ctx, struct err *e);

#endif
