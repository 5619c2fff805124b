// Commands of the `:` line, a command a line: this table is what is understood, what Tab offers,
// the help and the manual page. Besides them every action can be typed by its name, with a count
// before it ("5 down"), and a number alone goes to that line or page.
#ifndef UI_EX_H
#define UI_EX_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/err.h"

// clang-format off
// X(name, what follows it, what completes that, what it does)
#define EX_COMMANDS(X)                                                                                  \
    X(add, "ADDRESS", NOTHING, "subscribe to a newsletter by any address of it")                        \
    X(always, "OPTION [VALUE]", OPTION, "set an option for good: it is written into the configuration") \
    X(archive, "[DATE]", NOTHING, "bring in older essays of this feed, back to a date: 2019, 2019-03")  \
    X(bind, "VIEW KEYS ACTION...", BINDING, "give keys a meaning until Lectern ends")                   \
    X(export, "FILE", FILE, "write this essay to a file: .md, .html, .txt or .epub")                    \
    X(feed, "[FEED]", FEED, "how a feed does")                                                          \
    X(fetch, "[FEED]", FEED, "fetch a feed")                                                            \
    X(filter, "[WORDS]", FILTER, "narrow this list: words, is:unread, under:10, feed:NAME ...")         \
    X(find, "[WORDS]", FILTER, "find essays by their words, in the whole library")                      \
    X(help, "[WORD]", ACTION, "keys and commands, or those about a word")                               \
    X(import, "[FILE|READER]", FILE, "bring subscriptions, or all another reader has")                  \
    X(highlights, "", NOTHING, "all that is highlighted, newest first")                                 \
    X(interval, "[MINUTES]", NOTHING, "minutes between two fetches of this feed; 0: as it asks")        \
    X(move, "ADDRESS", NOTHING, "another address for this feed; its essays stay")                       \
    X(note, "TEXT", NOTHING, "the note of this bookmark; - takes it away")                              \
    X(open, "[ESSAY|FEED|TAG]", SHELF, "open an essay by its number, or a shelf by its name")           \
    X(read, "", NOTHING, "mark this essay read")                                                        \
    X(rename, "[TITLE]", NOTHING, "a name of your own for this feed")                                   \
    X(search, "[TEXT]", NOTHING, "search in this view")                                                 \
    X(set, "[OPTION [VALUE]]", OPTION, "set an option until Lectern ends, or show it")                  \
    X(sort, "[ORDER]", ORDER, "date, title, length, feed or author; -ORDER is the other way round")     \
    X(tagall, "TAG...", TAG, "tag all bookmarks listed here; -TAG takes a tag away")                    \
    X(tag, "TAG...", TAG, "tag this feed or bookmark; -TAG takes a tag away")                           \
    X(theme, "[NAME]", THEME, "other colours until Lectern ends")                                       \
    X(unbind, "VIEW KEYS", BINDING, "take a meaning away until Lectern ends")                           \
    X(unread, "", NOTHING, "mark this essay unread")
// clang-format on

enum ex_complete {
    COMPLETE_NOTHING,
    COMPLETE_ACTION,
    COMPLETE_BINDING,
    COMPLETE_FEED,
    COMPLETE_FILE,
    COMPLETE_FILTER,
    COMPLETE_OPTION,
    COMPLETE_ORDER,
    COMPLETE_SHELF,
    COMPLETE_TAG,
    COMPLETE_THEME
};
struct ui;
struct completion;
struct ex_command {
    const char *name, *args, *what; // args: "" takes nothing, "[...]" may be left out
    enum ex_complete complete;
};
extern const struct ex_command ex_table[];
extern const size_t ex_count;

void ex_ask(struct ui *u); // opens the line
// Is there a command or an action of the name a line begins with? Says what is near where not.
bool ex_known(const char *line, struct err *e);

bool ex_secret(const char *line); // has a password in it: not to be kept

// ---- ex_complete.c ----
void ex_complete(struct ui *u, const char *text, size_t cursor, struct completion *out);
void complete_file(struct ui *u, const char *text, size_t cursor, struct completion *out);
void ex_file_path(const char *name, struct buf *out); // "~/" is the home

// ---- ex_essay.c: commands about the essay or feed under the hand ----
void ex_export(struct ui *u, const char *file);
void ex_mark(struct ui *u, bool read);
void ex_tag(struct ui *u, const char *tags);
void ex_open(struct ui *u, const char *what);
void ex_feed_named(struct ui *u, const char *name, bool fetch); // fetches it, or shows its page

#endif
