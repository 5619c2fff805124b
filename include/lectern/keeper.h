// The keeper: one process a library that plays with mpv for whoever asks - readers, the shell - and
// stays when they end. It knows what comes next in the queue, writes down how far each recording
// was heard, and leaves no player, socket or second voice behind.
#ifndef LECTERN_KEEPER_H
#define LECTERN_KEEPER_H

#include "lectern/conf.h"
#include "lectern/listen.h"

struct sound {
    int64_t item;        // 0: of no essay
    const char *address; // what it is known by
    const char *file;    // where it was downloaded to; NULL: from its address
    const char *title;   // NULL: the address
};
// Can mpv be had here and is it what should play? Else audio_play does what can be done.
bool keeper_wanted(const struct conf *c);
// Starts a keeper beside this process, or tells the one that runs; returns at once. What goes wrong
// later stands in store_playing. config: path of the configuration, may be NULL.
bool keeper_play(const char *library, const char *config, const struct sound *w, struct err *e);
// The same in this process: returns when there is nothing more to play, or at once when another
// keeper has taken it over.
bool keeper_run(const char *library, const struct conf *c, const struct sound *w, struct err *e);

// What other clients of the player say to its keeper, as mpv's script-message: "lectern", a word.
#define KEEPER_NAME "lectern"
#define KEEPER_PLAY "play" // item, address, file or "", title
#define KEEPER_NEXT "next" // of the queue
#define KEEPER_STOP "stop"

#endif
