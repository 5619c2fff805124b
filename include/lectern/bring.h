// What was kept elsewhere, brought into the library: Lectern's own JSON and folders of Markdown,
// bookmark files of browsers and Pinboard, exports of Pocket, Instapaper and Wallabag. Nothing
// comes twice: a bookmark is known by its uid, else by its address. The forms are told in
// lectern-export(5).
#ifndef LECTERN_BRING_H
#define LECTERN_BRING_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/err.h"
#include "lectern/store.h"

struct brought; // what a file says
// Bytes of a file -> bookmarks. ERR_FORMAT: nothing in it looks like one of these forms; where it
// does and cannot be read the message says why.
bool bring_read(const char *bytes, size_t len, struct brought **out, struct err *e);
// Whether a file is of one of these forms, by how it begins; reads nothing more.
bool bring_looks(const char *bytes, size_t len);
bool bring_looks_file(const char *path); // the same of a file that is there
void bring_free(struct brought *b);      // NULL is fine

const char *bring_format(const struct brought *b); // "Pocket's CSV" ...; static
size_t bring_count(const struct brought *b);
// Title and address of the i-th; either may be NULL.
void bring_show(const struct brought *b, size_t i, const char **title, const char **url);
// What could not be taken, with its line (0: not known). False past the last.
bool bring_skipped(const struct brought *b, size_t i, int *line, const char **what,
                   const char **why);

struct bring_opts {
    const char *const *tags; // for all of them, NULL-ended; may be NULL
    int64_t now;             // when those without a date were kept
};
struct bring_result {
    size_t added;   // bookmarks that were not there
    size_t changed; // there already, and they got a tag, a note, a highlight or their text
    size_t there;   // there already, and nothing about them was new
    size_t bare;    // of those added: only their address is known yet
};
// Takes all of it, some hundred in a transaction. False leaves in the library what was taken so
// far, whole; to take it again does the rest.
bool bring_take(struct store *s, const struct brought *b, const struct bring_opts *o,
                struct bring_result *out, struct err *e);

// The same of a folder of Markdown files. What a person changed in a file that Lectern wrote comes
// back: text, tags, note and highlights, also what was taken out, unless the bookmark was changed
// as well; then each gets what it lacks. told: of files that are no bookmarks, and why.
bool bring_folder(struct store *s, const char *dir, const struct bring_opts *o,
                  void (*told)(void *ctx, const char *file, const char *why), void *ctx,
                  struct bring_result *out, struct err *e);

#endif
