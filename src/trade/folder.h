// A folder of bookmarks as Markdown files: what is in it, and the one who writes there now.
#ifndef TRADE_FOLDER_H
#define TRADE_FOLDER_H

#include "trade/page.h"

struct folder_file {
    char *name;
    struct page_stamp stamp; // uid "": not Lectern's
    bool met;                // a bookmark that is there has it
};
struct folder {
    const char *dir;
    int fd;                    // of the directory, locked; -1: not open
    struct folder_file *files; // *.md, by uid and name, those without uid last
    size_t n, cap;
    char **names; // of all there is, folded, in order: for new names
    size_t nnames, names_cap;
};
// wait: for another Lectern that writes there; else ERR_BUSY. make: the directory, where it is not
// there.
bool folder_open(const char *dir, bool make, bool wait, struct folder *out, struct err *e);
void folder_close(struct folder *f);
bool folder_load(const struct folder *f, const char *name, struct buf *out, struct err *e);
// Written whole or not at all.
bool folder_save(struct folder *f, const char *name, const struct buf *bytes, struct err *e);
bool folder_remove(struct folder *f, const char *name, struct err *e);
struct folder_file *folder_find(struct folder *f, const char *uid); // NULL: none
// A name for a bookmark's file that nothing there has, whatever the file system takes for the same;
// it counts as taken from then on. The caller's.
char *folder_name(struct folder *f, const struct item_row *r, const char *uid);

// ---- folder_take.c: what files say, into the library ----
enum folder_taken { TAKEN_SAME, TAKEN_ADDED, TAKEN_CHANGED };
// all: the file was changed and the bookmark was not: it says all there is. Else each gets what it
// lacks.
bool folder_take(struct store *s, int64_t id, const struct kept *file, bool all, int64_t now,
                 bool *changed, struct err *e);

#endif
