// From keys to actions: a default table of vi, less and newsboat habits, and the reader's own
// `bind` lines over it.
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "action.h"

// A key as the terminal hands it over: a Unicode code point (control characters are theirs: Ctrl-D
// is 4), or one of the names below, which lie beyond Unicode. Flags are laid over either: Alt-b is
// KEYS_ALT | 'b', Ctrl-Right KEYS_CTRL | KEYS_RIGHT.
enum {
    KEYS_SPECIAL = 0x110000,
    KEYS_UP,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_HOME,
    KEYS_END,
    KEYS_ENTER,
    KEYS_TAB,
    KEYS_BACKTAB,
    KEYS_ESCAPE,
    KEYS_BACKSPACE,
    KEYS_DELETE,
    KEYS_INSERT,
    KEYS_RESIZE,
    KEYS_PASTE_BEGIN,
    KEYS_PASTE_END,
    KEYS_MOUSE, // input_mouse says what it did
    KEYS_F1,
    KEYS_F12 = KEYS_F1 + 11,
    KEYS_SHIFT = 0x1000000,
    KEYS_ALT = 0x2000000,
    KEYS_CTRL = 0x4000000, // SHIFT and CTRL only over named keys
};
// Between KEYS_PASTE_BEGIN and KEYS_PASTE_END come the characters of a paste, never a named key;
// lines end in '\n'.
//
// Names in files: "j" "G" "^d" "space" "enter" "esc" "pgdn" "f1" "alt-x" "ctrl-right"; a word of
// several keys is a sequence: "gg", "zt", "g<enter>", "^x^s". "<lt>" is '<', "<caret>" is '^'.
enum { KEYS_SEQUENCE = 4 };                               // keys in a sequence at most
int key_parse(const char *word, int keys[KEYS_SEQUENCE]); // how many; 0: no such keys
void key_name(int key, struct buf *out); // as people read it: "j", "space", "PgDn", "^F", "Alt-x"

enum view_kind {
#define X(id, name, title) VIEW_##id,
    VIEW_KINDS(X)
#undef X
        VIEW_KIND_COUNT
};
// "shelf", "contents", "essay" ...; "all" binds everywhere.
const char *view_kind_name(enum view_kind v);
const char *view_kind_title(enum view_kind v); // "the shelf", "an essay"

// What a key does is one step or several in a row: an action with a count (0: none given), or a
// line for `:`. In a file:
//
//     bind essay w bookmark next-unread
//     bind essay ^j 5 down
//     bind all T :theme sepia
//     bind essay ,x bookmark ; :tag later ; next-unread
struct step {
    enum action action;
    int count;
    const char *line; // COMMAND with words of its own: what is typed behind `:`; else NULL
};

struct keymap;
// Problems in bind lines are kept for keymap_problems; nothing of c is.
struct keymap *keymap_new(const struct conf *c);
void keymap_free(struct keymap *k);
// Lays the bindings of c over what is there, while the reader runs.
void keymap_more(struct keymap *k, const struct conf *c);
const struct conf_problem *keymap_problems(const struct keymap *k, size_t *n);

// Feeds one key. Digits are counts. Returns the first step when a sequence is complete, ACT_NONE
// while one is under way or the key means nothing (*unknown then). A count that was typed goes
// before the step's own. Escape gives up a half-typed sequence. Keys that are complete and yet
// begin a longer sequence act at once and again when that is complete: g goes to the top, and so
// does gg.
struct step keymap_feed(struct keymap *k, enum view_kind v, int key, bool *unknown);
// The steps after the one keymap_feed returned, one a call, then ACT_NONE.
struct step keymap_rest(struct keymap *k);
void keymap_reset(struct keymap *k);                            // forgets a half-typed sequence
bool keymap_pending(const struct keymap *k, struct buf *shown); // "12g" for the status line
// The keys of an action in a view as people read them: "space, PgDn, ^F". Nothing where it has
// none.
void keymap_keys(const struct keymap *k, enum view_kind v, enum action a, struct buf *out);
// The i-th binding of a view that is the reader's own and more than one action: its keys and what
// the file says they do; false past the last.
bool keymap_macro(const struct keymap *k, enum view_kind v, size_t i, struct buf *keys,
                  const char **does);

#endif
