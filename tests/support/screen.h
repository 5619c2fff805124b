// The reader on a canvas: a library of fixed essays, a clock that stands, a size, a script of
// actions.
//
//     struct screen *s = screen_open(80, 24);
//     screen_do(s, "2*down open search 'letter' <enter>");
//     screen_golden(s, "essay"); // tests/golden/screen/essay-80x24.txt
//
// A script has actions by name ("N*" gives a count), "idle", "settle" (idle until there is nothing
// left to do), 'text' that is typed, <keys>. What
// stands in `...` is pressed as on a keyboard, through the bindings: `5j`, `zt`, `<pgdn>`,
// `:q<enter>`.
//
// LECTERN_GOLDEN=write in the environment writes goldens anew; then they are to be read.
// LECTERN_SOAK=N presses N random keys instead of a few thousand.
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include "ui/ui.h"

enum { SCREEN_NOW = 1795335300 }; // Sunday 22 November 2026, 08:15 UTC

struct screen {
    char *path; // of the library
    struct store *store;
    struct conf *conf;
    struct keymap *keymap;
    struct ui *ui;
    struct canvas *canvas;
    struct buf sent;            // bytes for the terminal
    struct buf played, browsed; // addresses, each with a newline
    struct buf worn;            // themes, each with a newline
    char *history;              // path of the lines typed; NULL
    int redrawn;                // how often the terminal was to be drawn anew
    bool no_player;
    bool ascii;
    int cols, rows;
};
int64_t screen_clock(void); // SCREEN_NOW, and what screen_later has added
void screen_later(int64_t seconds);

struct screen *screen_open(int cols, int rows);       // on the fixed library, in a file of its own
struct screen *screen_open_empty(int cols, int rows); // on a new one
struct screen *screen_configured(int cols, int rows, const char *config); // with lines of a file
void screen_close(struct screen *s);
void screen_again(struct screen *s,
                  enum store_mode mode); // ends the reader and begins anew on the same library
void screen_ascii(struct screen *s);     // the same, in ASCII
void screen_do(struct screen *s, const char *script);
void screen_size(struct screen *s, int cols, int rows);
const char *screen_text(struct screen *s);         // all rows as text, until the next call
const char *screen_row(struct screen *s, int row); // one; -1: the last
const char *screen_current(struct screen *s);      // the row the cursor stands on
void screen_golden(struct screen *s, const char *name);
enum { SCREEN_SIZES = 4 };
extern const struct screen_size {
    int cols, rows;
} screen_sizes[SCREEN_SIZES]; // 80x24, 20x5, 40x12, 200x60
// screen_golden at each of these, begun anew.
void screen_picture(const char *name, const char *script);
// Fail the test, showing the screen: words anywhere, on the current row, in the bottom line.
void screen_has(struct screen *s, const char *what);
void screen_has_not(struct screen *s, const char *what);
void screen_on(struct screen *s, const char *what);
void screen_says(struct screen *s, const char *what);
// The library underneath, as another process would change it.
void screen_new_essay(struct screen *s, int64_t feed, const char *title, int64_t published);

// Fills a library: "Slow Letters" 1, "The Harbour Post" 2, "Field Notes" 3, "Compiler Weekly" 4,
// "Letters from the Edge" 5.
void shelves_fill(struct store *s);
void shelves_add(struct store *s, int64_t feed, const char *feed_title, const char *title,
                 int64_t published);
void shelves_add_html(struct store *s, int64_t feed, const char *feed_title, const char *title,
                      const char *html, int64_t published);

#endif
