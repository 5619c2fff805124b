// Every action a key can mean: one table that feeds the bindings, the help screen, the man page and
// the checks.
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdbool.h>

// X(identifier, name in the config file, what it does)
#define ACTIONS(X)                                                    \
    X(NONE, "none", "nothing: takes a key's meaning away")            \
    X(DOWN, "down", "one line down")                                  \
    X(UP, "up", "one line up")                                        \
    X(PAGE_DOWN, "page-down", "next page")                            \
    X(PAGE_UP, "page-up", "previous page")                            \
    X(HALF_DOWN, "half-down", "half a page down")                     \
    X(HALF_UP, "half-up", "half a page up")                           \
    X(TOP, "top", "to the beginning (12g: to line or page 12)")       \
    X(BOTTOM, "bottom", "to the end (12G: to line or page 12)")       \
    X(OPEN, "open", "open what is under the cursor")                  \
    X(BACK, "back", "back to where you came from")                    \
    X(QUIT, "quit", "leave Lectern")                                  \
    X(HELP, "help", "the keys of this view")                          \
    X(REDRAW, "redraw", "draw the screen anew")                       \
    X(FETCH, "fetch", "fetch this feed")                              \
    X(FETCH_ALL, "fetch-all", "fetch all feeds")                      \
    X(ADD, "add", "add a feed")                                       \
    X(SAMPLE, "sample", "add the sample newsletter")                  \
    X(IMPORT, "import", "bring subscriptions from a file")            \
    X(FEED, "feed", "how this feed does")                             \
    X(REMOVE, "remove", "remove the feed under the cursor")           \
    X(NEXT_UNREAD, "next-unread", "next unread essay")                \
    X(PREV_UNREAD, "prev-unread", "previous unread essay")            \
    X(NEXT_ITEM, "next-essay", "next essay of the list")              \
    X(PREV_ITEM, "prev-essay", "previous essay of the list")          \
    X(TOGGLE_READ, "toggle-read", "mark read or unread")              \
    X(MARK_ALL_READ, "mark-all-read", "mark the listed essays read")  \
    X(UNREAD_ONLY, "unread-only", "show only what is unread, or all") \
    X(BOOKMARK, "bookmark", "keep this essay for good, or let it go") \
    X(AUDIO, "audio", "listen to this essay")                         \
    X(BROWSER, "browser", "open the address in a browser")            \
    X(COPY, "copy", "copy the address to the clipboard")              \
    X(NOTE, "note", "peek at the notes of this page")                 \
    X(LINKS, "links", "the links of this essay")                      \
    X(HINTS, "hints", "number the links of this page, to open one")   \
    X(OUTLINE, "outline", "the headings of this essay")               \
    X(SOURCE, "source", "this essay as the feed delivered it")        \
    X(MARK, "mark", "mark this place with a letter")                  \
    X(GO_MARK, "go-mark", "go to a marked place")                     \
    X(JUMP_BACK, "jump-back", "back to where you jumped from")        \
    X(JUMP_FORWARD, "jump-forward", "forward again")                  \
    X(NEXT_HEADING, "next-heading", "next heading")                   \
    X(PREV_HEADING, "prev-heading", "previous heading")               \
    X(WIDER, "wider", "longer lines")                                 \
    X(NARROWER, "narrower", "shorter lines")                          \
    X(JUSTIFY, "justify", "right margin even or ragged")              \
    X(INDENT, "indent", "paragraphs with indents or blank lines")     \
    X(SEARCH, "search", "search in this view")                        \
    X(SEARCH_NEXT, "search-next", "next match")                       \
    X(SEARCH_PREV, "search-prev", "previous match")                   \
    X(SEARCH_END, "search-end", "leave the search")                   \
    X(UNDO, "undo", "undo the last change")                           \
    X(MESSAGES, "messages", "what happened so far")

enum action {
#define X(id, name, what) ACT_##id,
    ACTIONS(X)
#undef X
        ACT_COUNT
};
struct action_info {
    const char *name, *what;
};
extern const struct action_info action_table[ACT_COUNT];
bool action_find(const char *name, enum action *out); // by the name in the config file

#endif
