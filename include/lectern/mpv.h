// mpv while it plays, over its JSON IPC (https://mpv.io/manual/stable/#json-ipc): lines of JSON
// over a Unix socket of our own. Nothing here waits but mpv_start.
#ifndef LECTERN_MPV_H
#define LECTERN_MPV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "lectern/conf.h"
#include "lectern/err.h"

// Is mpv what plays here: the option `player` names it (with options of the reader's own or
// without), or it is the first known player on the PATH?
bool mpv_wanted(const struct conf *c);
// Starts it idle, without a window or a terminal, as our child, listening on `socket`, a path of at
// most MPV_SOCKET_MAX bytes in a directory that is ours alone.
enum { MPV_SOCKET_MAX = 100 };
bool mpv_start(const struct conf *c, const char *socket, pid_t *child, struct err *e);

struct mpv;
// ERR_MISSING: nobody listens there.
bool mpv_connect(const char *socket, struct mpv **out, struct err *e);
void mpv_free(struct mpv *m); // leaves it playing; NULL is fine
int mpv_fd(const struct mpv *m);

// Sends a command, its words NULL-ended; numbers are words, too. A reply with this id will come
// where id > 0.
void mpv_do(struct mpv *m, int id, const char *const *words);
#define MPV_DO(m, ...) mpv_do(m, 0, (const char *const[]){__VA_ARGS__, NULL})
// Tells of every change of a property from now on, and of its value at once.
void mpv_watch(struct mpv *m, const char *property);
// Asks for a property once; the answer comes as a property, too.
void mpv_ask(struct mpv *m, const char *property);

enum mpv_kind {
    MPV_NOTHING,  // a line that means nothing to us
    MPV_PROPERTY, // name, number or text
    MPV_LOADED,   // a file plays
    MPV_MOVED,    // it plays from another place: after a seek, or from the beginning
    MPV_ENDED,    // a file ended: name is why ("eof", "stop", "quit", "error"), text the error
    MPV_MESSAGE,  // from another client: words
    MPV_LOG,      // text: what went wrong, in mpv's words
};
enum { MPV_WORDS = 8 };
struct mpv_event {
    enum mpv_kind kind;
    const char *name, *text; // "" where there is none
    double number;           // of a property; a flag is 0 or 1
    bool known;              // the property has a value
    const char *words[MPV_WORDS];
    size_t nwords;
};
// The next of what it said; strings are valid until the next call. False: nothing more for now, or
// (*gone) it is no longer there.
bool mpv_next(struct mpv *m, struct mpv_event *out, bool *gone);

#endif
