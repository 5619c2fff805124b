// What the parts of salvage share. load.c reads rows out of the wreck into a new library, mend.c
// makes them agree with one another. Private to them.
#ifndef STORE_SALVAGE_H
#define STORE_SALVAGE_H

#include "lectern/house.h"
#include "store/store.h"
#include "store/wreck.h"

struct salvage_column {
    char *name;
    enum wreck_type type; // as declared: INT, REAL, TEXT or BLOB
    bool filled;          // has to have a value, and has no default
};
struct salvage_table {
    char *name;
    size_t ncolumns;
    struct salvage_column columns[WRECK_COLUMNS]; // in the order they are stored
    bool indexed;                                 // WITHOUT ROWID: its tree is an index
    int alias;                                    // column that is the rowid; -1: none
    bool derived;                                 // counted anew instead of read
    uint32_t root;                                // 0: not known
    bool broken;                                  // some of it could not be read
    sqlite3_stmt *insert[WRECK_COLUMNS + 1];      // by how many columns a record has
};
struct salvage_sequence { // ids given so far, of a table that never gives one twice
    char *table;
    int64_t last;
};
struct salvage {
    struct wreck w;
    struct store *out;
    struct salvage_table *tables;
    size_t ntables;
    struct salvage_sequence *sequences;
    size_t nsequences, sequences_cap;
    uint16_t *seen; // by page: in whose tree it was found, from 1
    uint8_t *used;  // by page: free, or where a row goes on
    struct salvage_result *result;
    bool knows_free; // which pages are free
    bool ours;       // something in it says that it is a Lectern library
    bool ambiguous;  // there are texts of which it is not known whose they are: temp.stray
    bool failed;     // told in err: the new library cannot be written
    struct err err;
};

bool salvage_load(struct salvage *v, struct err *e);
void salvage_load_free(struct salvage *v);
bool salvage_mend(struct salvage *v, struct err *e);

#endif
