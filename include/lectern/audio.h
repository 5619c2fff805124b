// What can be listened to and how: the player process, the browser, and the way over the line to
// where the ears are. Programs are started by argv, never by a shell; only http and https addresses
// go to them.
#ifndef LECTERN_AUDIO_H
#define LECTERN_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/err.h"
#include "lectern/feed.h"

// The audio among an item's enclosures, best first; returns how many were put into out (room for
// max).
size_t audio_pick(const struct enclosure *all, size_t n, const struct enclosure **out, size_t max);
// What a list calls one: title (or the name of its file), length, size, kind ("episode", "clip").
// ascii: no middle dots.
void audio_label(const struct enclosure *x, bool ascii, struct buf *out);
// Is this an address that may be handed to a player, a browser or a clipboard? http or https with a
// host, valid UTF-8 without blanks, controls or steering characters, at most 32 kB.
bool audio_address_ok(const char *url);
// Is the terminal on another machine (SSH_CONNECTION, SSH_TTY)?
bool audio_remote(void);
// Has this machine a display to open a browser on (DISPLAY, WAYLAND_DISPLAY, macOS)?
bool audio_display(void);

// Starts the player detached (own process group, standard streams on /dev/null, SIGCHLD-safe: a
// double fork with a pipe that tells whether exec worked). The option `player`: its words with
// {url}, {title} and {file} (the downloaded file, else the address) filled in, the address added
// where no word has it; the bare name of a known player gets the arguments that keep it quiet.
// Without the option: the first of mpv, vlc, cvlc, mplayer, ffplay, mpg123 on the PATH.
// ERR_MISSING: no player found; the message says what to install. title may be NULL. name: which
// one runs.
bool audio_play(const struct conf *c, const char *url, const char *title, char *name,
                size_t name_size, struct err *e);
// Opens an address with the option `browser` ({url} filled in or added), else the first of $BROWSER
// that can be started (entries parted by ':', each of words, %s filled in or the address added),
// else xdg-open where there is a display; detached in the same way.
bool audio_browse(const struct conf *c, const char *url, struct err *e);
// Opens an address on the machine the reader sits at, with the program that the option
// `open-remote` names ({url} filled in or added), started in the same way: a wrapper around ssh,
// lemonade or the like. ERR_MISSING: the option is not set, or there is no such program.
bool audio_open_remote(const struct conf *c, const char *url, struct err *e);
// The bytes that make a terminal take `text` to its clipboard: OSC 52, for tmux (TMUX) both plain
// and wrapped, since it depends on its options which one passes; for screen (STY) in device control
// strings short enough for it. False: longer than terminals take (74,994 bytes) or not an address.
bool audio_osc52(struct buf *out, const char *text, struct err *e);
// The same for words of any kind; false only where they are too long.
bool audio_osc52_words(struct buf *out, const char *text, struct err *e);

#endif
