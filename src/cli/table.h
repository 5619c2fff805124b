// Lists on standard output: columns that fit the terminal for people, whole and tab-separated for
// other programs.
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS = 8 };
struct column {
    const char *head;
    bool right;    // numbers stand on the right
    bool flexible; // gives way on a narrow terminal
};
struct table;
// Ended by a column without a head. Two programs, one call: whether stdout is a terminal is asked
// here.
struct table *table_new(const struct column *columns);
bool table_for_people(
    const struct table *t);               // so that cells may be said shorter, and marks be glyphs
bool table_glyphs(const struct table *t); // for people, and in UTF-8
void table_row(struct table *t, const char *const *cells); // one a column; NULL: empty; copied
void table_end(struct table *t);                           // prints what is not printed yet, frees

int table_screen(void); // columns of the terminal; $COLUMNS is obeyed

// A date for a column: short for people ("18 Nov", "2024-11-18"), RFC 3339 for programs. out has
// room for 32 bytes.
void table_date(const struct table *t, long long when, long long now, char out[32]);

#endif
