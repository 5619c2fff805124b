// What the library remembers of listening: how far each recording was heard, what is to be heard
// later, and what plays just now, so that any Lectern on this library can find it again.
#ifndef LECTERN_LISTEN_H
#define LECTERN_LISTEN_H

#include "lectern/store.h"

// A recording is known by its address, as the feed gives it.
struct heard {
    double at, length; // seconds; length 0: not known
    bool finished;     // to its end; then `at` is 0
    int64_t when;      // last
};
// Zeros where it was never listened to.
bool store_heard(struct store *s, const char *address, struct heard *out, struct err *e);
bool store_set_heard(struct store *s, const char *address, const struct heard *h, struct err *e);

// ---- listen later: recordings in the order in which they are to be heard ----
struct queue_row {
    int64_t id;
    int64_t item;                  // 0: of no essay
    const char *address, *title;   // never NULL
    const char *feed_title, *type; // may be NULL; type: MIME
    double length;                 // seconds, 0: not known
    struct heard heard;
};
bool store_queue(struct store *s, struct arena *a, struct queue_row **out, size_t *n,
                 struct err *e);
// At the end, or before the row `before`. An address that is there already is moved there
// (*existed). Only item, address, title, feed_title, type and length of *row are read.
bool store_queue_add(struct store *s, const struct queue_row *row, int64_t before, int64_t *id,
                     bool *existed, struct err *e);
bool store_queue_remove(struct store *s, int64_t id, struct err *e); // one that is gone is fine
// Rows up (< 0) or down; stops at either end.
bool store_queue_move(struct store *s, int64_t id, int by, struct err *e);
// Takes the row of an address out, if it is there, and hands over the first of the rest; id 0:
// there is none.
bool store_queue_next(struct store *s, const char *done, struct arena *a, struct queue_row *out,
                      struct err *e);

// ---- what plays ----
struct playing {
    const char *socket; // of the player; NULL: nothing plays
    int64_t item;       // 0: of no essay
    const char *address, *title;
    const char *error; // why the last one ended, where it was not its end; NULL
    int64_t since;     // of the row
};
// Zeros where nothing was ever played.
bool store_playing(struct store *s, struct arena *a, struct playing *out, struct err *e);
bool store_set_playing(struct store *s, const struct playing *p, struct err *e);

// ---- recordings on this machine, and on their way to it ----
struct download {
    const char *address, *title; // never NULL
    int64_t item;                // 0: of no essay
    const char *folder, *name;   // of the file, without its ending
    const char *validator;       // of the piece that is there; NULL: none
    const char *file;            // the path, when it is whole; else NULL
    int64_t size;                // of the file
    const char *error;           // why the last try ended; NULL
    int64_t since;
};
// The latest first.
bool store_downloads(struct store *s, struct arena *a, struct download **out, size_t *n,
                     struct err *e);
// One; address NULL where it was never asked for.
bool store_download(struct store *s, const char *address, struct arena *a, struct download *out,
                    struct err *e);
bool store_set_download(struct store *s, const struct download *d, struct err *e);
bool store_download_forget(struct store *s, const char *address, struct err *e);

#endif
