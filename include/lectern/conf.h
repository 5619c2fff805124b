// Configuration: plain lines "name value", '#' comments, "bind VIEW KEYS ACTION", "feed ADDRESS
// NAME VALUE". Tables of options {name, type, range, default, meaning} make the reader of the file,
// `lectern options`, the man page's list and the commented example.
#ifndef LECTERN_CONF_H
#define LECTERN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/err.h"

// Columns of a full line: with fewer the words have no room, with more the eye does not find the
// next line.
enum { MEASURE_LEAST = 40, MEASURE_MOST = 100 };

// CONF_INTS: X(id, name, default, min, max, meaning). CONF_BOOLS: X(id, name, default, meaning).
#define CONF_INTS(X)                                                                               \
    X(MEASURE, "measure", 68, MEASURE_LEAST, MEASURE_MOST, "Columns of a full line of text")       \
    X(FETCH_HOSTS, "fetch-per-host", 2, 1, 16, "Transfers at once from one host")                  \
    X(FETCH_TOTAL, "fetch-total", 32, 1, 256, "Transfers at once in all")                          \
    X(FETCH_TIMEOUT, "fetch-timeout", 60, 1, 3600, "Seconds one transfer may take in all")         \
    X(FETCH_CONNECT, "fetch-connect-timeout", 15, 1, 600, "Seconds to wait for a connection")      \
    X(FETCH_STALL, "fetch-stall-timeout", 20, 1, 600,                                              \
      "Seconds without a byte before a transfer is given up")                                      \
    X(FETCH_MAX, "fetch-max-size", 32, 1, 1024, "Megabytes a feed may have when unpacked")         \
    X(DOWNLOAD_MAX, "download-max-size", 1024, 1, 65536, "Megabytes a recording may have")         \
    X(FETCH_CPU, "fetch-parse-limit", 30, 1, 3600,                                                 \
      "Seconds of computing that reading one feed may cost")                                       \
    X(INTERVAL, "interval", 60, 5, 10080,                                                          \
      "Minutes between two fetches of a feed that asks for nothing else")                          \
    X(HISTORY, "history", 500, 0, 10000, "Lines typed at : and / that are kept for the next time") \
    X(ARCHIVE_PAUSE, "archive-pause", 750, 0, 60000,                                               \
      "Milliseconds between two questions for older essays")                                       \
    X(KEEP_DAYS, "keep-days", 0, 0, 36500, "Days that essays stay after they came; 0: for good")   \
    X(KEEP_COUNT, "keep-count", 0, 0, 1000000, "Essays of a feed that stay, the newest; 0: all")
#define CONF_BOOLS(X)                                                                              \
    X(JUSTIFY, "justify", false, "Set both margins even")                                          \
    X(INDENT, "indent", false, "Part paragraphs by an indent instead of a blank line")             \
    X(FIRST_FIT, "first-fit", false,                                                               \
      "Fill each line before the next instead of looking at the whole paragraph")                  \
    X(SIDE, "side-by-side", false,                                                                 \
      "Show shelf, list and essay beside one another where there are 120 columns")                 \
    X(FETCH_START, "fetch-on-start", true, "Fetch what is due when the reader starts")             \
    X(ARCHIVE_UNREAD, "archive-unread", false, "Older essays that are brought in count as unread") \
    X(TITLE, "terminal-title", true, "Name the terminal's window after what is read")              \
    X(MOUSE, "mouse", false,                                                                       \
      "Let the wheel scroll, a click choose or follow; selecting text then takes Shift")           \
    X(HYPERLINKS, "hyperlinks", false,                                                             \
      "Tell the terminal where links lead, where it can open them")                                \
    X(ACCESSIBLE, "accessible", false,                                                             \
      "Words instead of signs, no rules or columns: for screen readers")                           \
    X(KEEP_UNREAD, "keep-unread", true,                                                            \
      "What is unread stays, whatever keep-days and keep-count say")                               \
    X(KEEP_STARTED, "keep-started", true,                                                          \
      "What was begun and not finished stays, whatever they say")
// CONF_STRINGS: X(id, name, kind, default, choices, meaning). Kinds: TEXT is any text, WORDS a
// command line for conf_words, CHOICE one of the blank-parted choices, FILE a path ("~/" is the
// home, a relative one is beside the file it stands in).
#define CONF_STRINGS(X)                                                                      \
    X(THEME, "theme", TEXT, "default", NULL, "Name of a theme, or the path of a theme file") \
    X(THEME_LIGHT, "theme-light", TEXT, "", NULL,                                            \
      "Theme on a light background; empty: the one for all")                                 \
    X(THEME_DARK, "theme-dark", TEXT, "", NULL,                                              \
      "Theme on a dark background; empty: the one for all")                                  \
    X(BACKGROUND, "background", CHOICE, "auto", "auto light dark",                           \
      "Background of the terminal: as it says when asked, or as said here")                  \
    X(PLAYER, "player", WORDS, "", NULL,                                                     \
      "Program that plays audio; {url}, {title}, {file} are filled in")                      \
    X(AUDIO_AT_END, "audio-at-end", CHOICE, "ask", "ask stop leave",                         \
      "What happens to what plays when the reader ends")                                     \
    X(BROWSER, "browser", WORDS, "", NULL,                                                   \
      "Program that opens addresses; else $BROWSER, xdg-open")                               \
    X(OPEN_REMOTE, "open-remote", WORDS, "", NULL,                                           \
      "Program that opens addresses on your own machine, over SSH")                          \
    X(QR, "qr", CHOICE, "auto", "auto plain inverted",                                       \
      "QR codes: as suits the background, for light ones, for dark ones")                    \
    X(USER_AGENT, "user-agent", TEXT, "", NULL, "What the fetcher calls itself")             \
    X(PROXY, "proxy", TEXT, "", NULL,                                                        \
      "Proxy for all transfers, as http://host:port or socks5h://host:port")                 \
    X(COOKIES, "cookies", FILE, "", NULL,                                                    \
      "Cookie file in Netscape's format to send from; it is never written")                  \
    X(CA_FILE, "ca-file", FILE, "", NULL,                                                    \
      "File with the certificates to trust (PEM), instead of the system's")                  \
    X(GLYPHS, "glyphs", CHOICE, "auto", "auto unicode ascii",                                \
      "Letters and signs beyond ASCII: as the locale says, always, or never")                \
    X(LEGEND, "legend", CHOICE, "auto", "auto yes no",                                       \
      "The first keys in the shelf's last line: for the first week, always, or never")       \
    X(MARK_READ, "mark-read", CHOICE, "opened", "opened end no",                             \
      "An essay counts as read when it is opened, when its end was seen, or by hand")        \
    X(BIDI, "bidi", CHOICE, "auto", "auto on off",                                           \
      "Order Hebrew and Arabic letters: unless the terminal does, always, or never")         \
    X(BOOKMARKS_FOLDER, "bookmarks-folder", FILE, "", NULL,                                  \
      "Folder that is kept in step with the bookmarks: a Markdown file for each")            \
    X(DOWNLOAD_FOLDER, "download-folder", FILE, "", NULL,                                    \
      "Folder for recordings that are fetched; empty: audio, beside the library")            \
    X(HYPHENATE, "hyphenate", CHOICE, "auto", "auto yes no",                                 \
      "Divide words: where both margins are even, always, or never")

// CONF_SITES: X(id, name, kind, value, meaning): what may be set for some addresses only.
#define CONF_SITES(X)                                                                           \
    X(SITE_INTERVAL, "interval", MINUTES, "minutes",                                            \
      "Minutes between two fetches; 0: only when it is named")                                  \
    X(SITE_PROXY, "proxy", PROXY, "proxy", "Proxy, as the option of this name; none: no proxy") \
    X(SITE_USER_AGENT, "user-agent", TEXT, "text", "What the fetcher calls itself there")       \
    X(SITE_HEADER, "header", HEADER, "Name: value",                                             \
      "A header to send; several lines send several")                                           \
    X(SITE_LOGIN, "login", LOGIN, "user:password",                                              \
      "User and password; ~/.netrc is read where no line gives them")                           \
    X(SITE_COOKIES, "cookies", FILE, "file", "Cookie file, as the option of this name")         \
    X(SITE_CA_FILE, "ca-file", FILE, "file",                                                    \
      "Certificates to trust there, as the option of this name")                                \
    X(SITE_KEEP_DAYS, "keep-days", NUMBER, "days", "Days that essays stay; 0: for good")        \
    X(SITE_KEEP_COUNT, "keep-count", NUMBER, "essays", "Essays that stay, the newest; 0: all")  \
    X(SITE_KEEP_UNREAD, "keep-unread", YESNO, "yes|no", "What is unread stays all the same")    \
    X(SITE_KEEP_STARTED, "keep-started", YESNO, "yes|no", "What was begun stays all the same")  \
    X(SITE_FULL_TEXT, "full-text", YESNO, "yes|no",                                             \
      "Fetch the pages of new essays that the feed sends only a summary of")                    \
    X(SITE_EXTRACT, "extract", TEXT, "selector",                                                \
      "Where the article is in a page of this address, as in a style sheet")                    \
    X(SITE_EXTRACT_REMOVE, "extract-remove", TEXT, "selector",                                  \
      "What in the article of such a page is none of it")

enum conf_site {
#define X(id, ...) CONF_##id,
    CONF_SITES(X)
#undef X
        CONF_SITE_COUNT
};
enum conf_int {
#define X(id, ...) CONF_##id,
    CONF_INTS(X)
#undef X
        CONF_INT_COUNT
};
enum conf_bool {
#define X(id, ...) CONF_##id,
    CONF_BOOLS(X)
#undef X
        CONF_BOOL_COUNT
};
enum conf_string {
#define X(id, ...) CONF_##id,
    CONF_STRINGS(X)
#undef X
        CONF_STRING_COUNT
};

// A line "bind VIEW KEYS ACTION..." as written, quotes taken off; the keymap makes sense of it.
// "unbind VIEW KEYS" is a bind to the action "none". `action` is the rest of the line: one action
// or several parted by blanks.
struct conf_bind {
    const char *view, *keys, *action, *file;
    int line;
};
struct conf_problem {
    const char *file;
    int line;
    const char *message; // "unknown option 'mesure': did you mean 'measure'?"
};
struct conf;                    // opaque; never NULL where passed
struct conf *conf_new(void);    // all defaults
void conf_free(struct conf *c); // NULL is fine
// Reads a file over what is there. A missing file is fine (true) unless `required`. Wrong lines
// become problems; the rest works. Lines: "name value" ("name = value" is taken too), "bind ...",
// "unbind ...", "include FILE" (relative to the file it stands in; "~/" is the home; loops and
// depth are limited). '#' at the start of a line or after a blank begins a comment. A value may
// stand in '...' or "..." (WORDS keep theirs for conf_words). "name" alone or "name default" is the
// default again.
bool conf_load(struct conf *c, const char *path, bool required, struct err *e);
// One option from the command line; the value is taken whole ('#' and quotes mean nothing).
// ERR_USAGE, c untouched.
bool conf_set(struct conf *c, const char *name, const char *value, struct err *e);
void conf_parse(struct conf *c, const char *text, size_t len,
                const char *file); // what conf_load does with the bytes

// Writes one option into a file: the last line that sets it is changed where it stands, its comment
// and all other lines stay; where none does (or what the file includes has the last word) one is
// added at its end. value: as a line has it, "" is the default. The file is replaced whole, and
// made with its directory where it is missing; a link to it stays one.
bool conf_keep(const char *path, const char *name, const char *value, struct err *e);

// "feed ADDRESS NAME VALUE". ADDRESS: "*" (all), "example.org" (all of a host, http and https),
// "https://example.org/letters" (that, and what is below it), "/home/ada/letters" (files). Without
// a port it is the scheme's own; user and password in a feed's address do not matter.
// The value that holds for an address: of the lines whose ADDRESS is a beginning of it in whole
// parts the one that says most, of equals the last; NULL: no line says anything.
const char *conf_site(const struct conf *c, enum conf_site o, const char *url);
// The i-th of all that match, the one that says least first; NULL past the last. For HEADER, where
// several lines hold.
const char *conf_site_nth(const struct conf *c, enum conf_site o, const char *url, size_t i);

int conf_int(const struct conf *c, enum conf_int o);
bool conf_bool(const struct conf *c, enum conf_bool o);
const char *conf_str(const struct conf *c, enum conf_string o); // never NULL
const struct conf_bind *conf_binds(const struct conf *c,
                                   size_t *n); // in the order read; later ones win
const struct conf_problem *conf_problems(const struct conf *c, size_t *n);
// Name of the i-th option, for completion; NULL past the last. conf_show: its value as a file would
// have it; false: no such.
const char *conf_name(size_t i);
bool conf_show(const struct conf *c, const char *name, struct buf *out);
// The i-th value an option may have, where they are few (yes, no, a choice); false past the last.
bool conf_choice(const char *name, size_t i, struct buf *out);
// Does setting this option count at once in a reader that runs? Those of the fetcher do not.
bool conf_live(const char *name);
void conf_example(struct buf *out); // the commented default file
void conf_options(struct buf *out); // a table for people: name, type, range, default, meaning
void conf_write(const struct conf *c,
                struct buf *out); // what is in force and differs from the defaults, as a file
void conf_print(const struct conf *c, struct buf *out); // the same for people: secrets not shown

// Splits a command line into words as a person expects: blanks, '...', "...", \x. No expansion of
// any kind. words: NULL-ended, free() the array only (one allocation). False: an unfinished
// quotation.
bool conf_words(const char *s, char ***words, size_t *n, struct err *e);

#endif
