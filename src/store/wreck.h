// A damaged library as what can still be read of it, without SQLite: pages of the file and of its
// log, cells of b-trees, values of records. Nothing is believed that is not checked against the
// bounds of what holds it. As https://www.sqlite.org/fileformat2.html has it. Private to salvage.
#ifndef STORE_WRECK_H
#define STORE_WRECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/err.h"

// ---- wreck.c: pages ----
struct wreck {
    int fd, log; // log: -1, none
    uint32_t page_size, usable, npages;
    uint64_t *in_log; // by page: where its last committed state stands in the log; 0: not there
    bool header;      // the first hundred bytes are a database's
    uint32_t version, application, free_first, free_count;
};
bool wreck_open(const char *path, struct wreck *w, struct err *e);
void wreck_close(struct wreck *w);
// Page n (from 1) into `into`, which has room for page_size bytes; false: it is not there.
bool wreck_page(const struct wreck *w, uint32_t n, uint8_t *into);

// ---- wreck_tree.c: cells ----
struct wreck_cell {
    int64_t rowid; // of a table's cell
    const uint8_t *payload;
    size_t len;
};
typedef void wreck_cell_fn(void *ctx, const struct wreck_cell *c);
enum wreck_kind { WRECK_NONE, WRECK_TABLE, WRECK_TABLE_INNER, WRECK_INDEX, WRECK_INDEX_INNER };
enum wreck_kind wreck_kind(const uint8_t *page, uint32_t n);
// All cells of a page that hold rows, each put together from where it goes on. What is not whole is
// left out and counted. used (may be NULL): a mark for every page a cell goes on in.
size_t wreck_cells(const struct wreck *w, const uint8_t *page, uint32_t n, uint8_t *used,
                   wreck_cell_fn *fn, void *ctx, size_t *bad);
// Children of an inner page, the last one too, each with the largest rowid it may have (of a
// table's page); those out of bounds are left out, *bad then. *children: free().
struct wreck_child {
    uint32_t page;
    int64_t most;
};
size_t wreck_children(const struct wreck *w, const uint8_t *page, uint32_t n,
                      struct wreck_child **children, bool *bad);
// A number of up to nine bytes; returns how many, 0: it goes beyond the end.
size_t wreck_varint(const uint8_t *p, const uint8_t *end, uint64_t *v);
// Marks the pages that are free, as far as their list can be followed; true: that is all of it.
bool wreck_free_pages(const struct wreck *w, uint8_t *used);

// ---- wreck_record.c: values ----
enum wreck_type { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_BLOB };
struct wreck_value {
    enum wreck_type type;
    int64_t i;
    double d;
    const uint8_t *bytes;
    size_t len;
};
enum { WRECK_COLUMNS = 64 };
// How many values; 0: not a record.
size_t wreck_record(const uint8_t *payload, size_t len, struct wreck_value out[WRECK_COLUMNS]);

#endif
