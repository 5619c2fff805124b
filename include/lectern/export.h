// What is kept, as files of other programs: a folder of Markdown, JSON, Netscape's bookmark file,
// books for e-readers. The forms are told in lectern-export(5).
#ifndef LECTERN_EXPORT_H
#define LECTERN_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/err.h"
#include "lectern/store.h"

// What goes into one file: items of the library in this order, entries or bookmarks.
struct export_what {
    const int64_t *ids;
    size_t n;
    const char *title; // of the whole, where it is more than one
    const char *name;  // what it is, the same each time it is made: "tag essays", a feed's address
};

// An EPUB 3 that old readers open as well: the same bytes for the same essays. ERR_OTHER where
// Lectern was built without libzip, ERR_MISSING where none of the items is there.
bool export_epub(struct store *s, const struct export_what *what, struct buf *out, struct err *e);

// A Markdown file for each bookmark. Names stay; a file is written only when it would say something
// else, and never over what a person changed.
struct folder_opts {
    const char *tag; // only these; NULL: all
    bool force;      // also over files that were changed by hand
    bool prune;      // files of bookmarks that are gone go, where they are as Lectern wrote them
    // Keeps the folder in step: what was changed in files comes into the library first, files of
    // bookmarks that were let go here go. ERR_BUSY where another Lectern writes there now.
    bool sync;
    int64_t now;
    void (*told)(void *ctx, const char *file, const char *why); // may be NULL
    void *ctx;
    const volatile int *stop; // may be NULL
};
struct folder_result {
    size_t total, written;
    size_t edited;  // changed by hand and left as they are
    size_t taken;   // in step: what came out of files
    size_t gone;    // files of bookmarks that are not there
    size_t removed; // such files that went
};
bool export_folder(struct store *s, const char *dir, const struct folder_opts *o,
                   struct folder_result *out, struct err *e);

// All in one file. "-" is standard output; other files are written whole or not at all. ids:
// bookmarks.
enum export_form { EXPORT_JSON, EXPORT_NETSCAPE };
bool export_file(struct store *s, enum export_form form, const struct export_what *what,
                 const char *file, size_t *written, struct err *e);

// ---- recordings, for programs that play ----
struct export_sound {
    const char *address, *title; // an address without blanks and controls
    const char *feed_title;      // may be NULL
    const char *page;            // where the essay stands; may be NULL
    const char *type;            // MIME; NULL or "": by the name's ending
    double seconds;              // 0: not known
    int64_t size;                // bytes, 0: not known
    int64_t published;           // 0: not known
};
// Extended M3U in UTF-8.
void export_m3u(const struct export_sound *all, size_t n, const char *title, struct buf *out);
// A podcast feed: RSS 2.0 with the tags of iTunes, numbered so that it is played in this order.
void export_podcast(const struct export_sound *all, size_t n, const char *title, struct buf *out);

#endif
