// The option tables of conf.h as one array, for the reader of files and for what is written from
// it.
#ifndef BASE_CONF_TABLE_H
#define BASE_CONF_TABLE_H

#include <stddef.h>

enum option_kind { OPTION_INT, OPTION_BOOL, OPTION_TEXT, OPTION_WORDS, OPTION_CHOICE, OPTION_FILE };
struct option {
    const char *name;
    enum option_kind kind;
    int index;           // into the values of its kind: an enum conf_int, conf_bool or conf_string
    int number;          // default of INT and BOOL
    int min, max;        // INT
    const char *text;    // default of the others
    const char *choices; // CHOICE: parted by blanks
    const char *meaning;
};
extern const struct option option_table[];
extern const size_t option_count;
struct conf;
struct sites;
const struct sites *conf_sites(const struct conf *c);

#endif
