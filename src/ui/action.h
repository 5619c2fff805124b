// Every action a key can mean, an action a line: this table is the default bindings, the groups of
// the help, the names of the config file and of the `:` line, and the manual page of the keys.
//
// Keys stand after the views they hold in ("links,help: f"), as the config file writes them; a
// view's own keys win over those of "all". `b` keeps an essay wherever there is one under the hand,
// and pages back where nothing can be kept; `n` and `p` go by unread essays; left and right turn
// pages in an essay and lead in and out elsewhere.
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdbool.h>

// The views keys can be bound in. X(identifier, name, title of its help)
#define VIEW_KINDS(X)                            \
    X(SHELF, "shelf", "the shelf")               \
    X(CONTENTS, "contents", "a list of essays")  \
    X(READER, "essay", "an essay")               \
    X(LINKS, "links", "the links of an essay")   \
    X(OUTLINE, "outline", "an essay's contents") \
    X(SOURCE, "source", "an essay's source")     \
    X(QUEUE, "queue", "what is heard later")     \
    X(MESSAGES, "messages", "messages")          \
    X(FEED, "feed", "a feed's page")             \
    X(HIGHLIGHTS, "highlights", "highlights")    \
    X(HELP, "help", "the help")

// X(identifier, heading in the help)
#define ACTION_GROUPS(X)      \
    X(GOING, "Going")         \
    X(MOVING, "Moving")       \
    X(DOING, "Doing")         \
    X(LISTENING, "Listening") \
    X(FEEDS, "Feeds")         \
    X(FINDING, "Finding")     \
    X(LECTERN, "Lectern")

// clang-format off
// X(identifier, name in the config file, group, what it does, keys)
#define ACTIONS(X)                                                                                  \
    X(NONE, "none", LECTERN, "nothing: takes a key's meaning away", "shelf: h left")                \
    X(OPEN, "open", GOING, "open what is under the cursor", "all: enter l right")                   \
    X(BACK, "back", GOING, "back to where you came from",                                           \
      "all: q h left  help: ? f1  messages: esc E  links: esc  feed: esc I  outline: t esc  source: \\ esc")     \
    X(NEXT_UNREAD, "next-unread", GOING, "next unread essay", "shelf,contents,essay: n")            \
    X(PREV_UNREAD, "prev-unread", GOING, "previous unread essay", "shelf,contents,essay: p")        \
    X(NEXT_ITEM, "next-essay", GOING, "next essay of the list", "essay: J")                         \
    X(PREV_ITEM, "prev-essay", GOING, "previous essay of the list", "essay: K")                     \
    X(NOTE, "note", GOING, "peek at the notes of this page", "essay: enter")                        \
    X(HINTS, "hints", GOING, "number the links of this page, to open one", "essay: f")              \
    X(LINKS, "links", GOING, "the links of this essay", "essay: l")                                 \
    X(OUTLINE, "outline", GOING, "the headings of this essay", "essay: t")                          \
    X(WHOLE, "whole", GOING, "the whole from its page, or as the feed sent it", "essay: F")   \
    X(SOURCE, "source", GOING, "this essay as the feed delivered it", "essay: \\")                  \
    X(DOWN, "down", MOVING, "one line down", "all: j down ^n ^e")                                   \
    X(UP, "up", MOVING, "one line up", "all: k up ^p ^y")                                           \
    X(PAGE_DOWN, "page-down", MOVING, "next page",                                                  \
      "all: space pgdn ^f ^v  essay: right  help,messages,feed,links,outline,source: f")                 \
    X(PAGE_UP, "page-up", MOVING, "previous page",                                                  \
      "all: pgup ^b backspace alt-v  essay: left  help,messages,feed,links,outline,source: b")           \
    X(HALF_DOWN, "half-down", MOVING, "half a page down", "all: ^d")                                \
    X(HALF_UP, "half-up", MOVING, "half a page up", "all: ^u")                                      \
    X(TOP, "top", MOVING, "to the beginning (12g: to line or page 12)", "all: g gg home <lt>")      \
    X(BOTTOM, "bottom", MOVING, "to the end (12G: to line or page 12)", "all: G end >")             \
    X(LINE_TOP, "line-top", MOVING, "scroll this line to the top",                                  \
      "shelf,contents,links,messages,help,outline,highlights,queue: zt")                                             \
    X(LINE_MIDDLE, "line-middle", MOVING, "scroll this line to the middle",                         \
      "shelf,contents,links,messages,help,outline,highlights,queue: zz")                                             \
    X(LINE_BOTTOM, "line-bottom", MOVING, "scroll this line to the bottom",                         \
      "shelf,contents,links,messages,help,outline,highlights,queue: zb")                                             \
    X(NEXT_HEADING, "next-heading", MOVING, "next heading", "essay: ] }")                           \
    X(PREV_HEADING, "prev-heading", MOVING, "previous heading", "essay: [ {")                       \
    X(JUMP_BACK, "jump-back", MOVING, "back to where you jumped from", "essay: ^o")                 \
    X(JUMP_FORWARD, "jump-forward", MOVING, "forward again", "essay: tab")                          \
    X(MARK, "mark", MOVING, "mark this place with a letter", "essay: m")                            \
    X(GO_MARK, "go-mark", MOVING, "go to a marked place", "essay: ' `")                             \
    X(SELECT, "select", DOING, "select words, to highlight or copy them", "essay: v")               \
    X(HIGHLIGHT, "highlight", DOING, "the highlight of this page: its note, colour, removal",       \
      "essay: V  highlights: n")                                                                    \
    X(NEXT_HIGHLIGHT, "next-highlight", MOVING, "next highlight", "essay: )")                       \
    X(PREV_HIGHLIGHT, "prev-highlight", MOVING, "previous highlight", "essay: (")                   \
    X(HIGHLIGHTS, "highlights", GOING, "what is highlighted, in this essay or in all",              \
      "shelf,contents,essay: H")                                                                    \
    X(BOOKMARK_NOTE, "bookmark-note", DOING, "the note of this bookmark", "contents,essay: e")      \
    X(BOOKMARK, "bookmark", DOING, "keep this essay for good, or let it go", "contents,essay: b")   \
    X(AUDIO, "audio", LISTENING, "listen to this essay", "contents,essay,queue: a")                 \
    X(ENQUEUE, "listen-later", LISTENING, "listen to it later: to the end of the queue",            \
      "contents,essay: L")                                                                          \
    X(QUEUE, "queue", LISTENING, "what is to be heard later", "all: ,q")                            \
    X(PLAYER, "player", LISTENING, "what plays: pause, seek, speed, volume", "all: P")              \
    X(PAUSE, "pause", LISTENING, "pause, or go on", "all: ,, ,p")                                   \
    X(SEEK_BACK, "seek-back", LISTENING, "10 seconds back", "all: ,h")                              \
    X(SEEK_ON, "seek-on", LISTENING, "10 seconds on", "all: ,l")                                    \
    X(MINUTE_BACK, "minute-back", LISTENING, "a minute back", "all: ,H")                            \
    X(MINUTE_ON, "minute-on", LISTENING, "a minute on", "all: ,L")                                  \
    X(CHAPTER_BACK, "chapter-back", LISTENING, "the chapter before", "all: ,{")                     \
    X(CHAPTER_ON, "chapter-on", LISTENING, "the next chapter", "all: ,}")                           \
    X(SLOWER, "slower", LISTENING, "play slower", "all: ,[")                                        \
    X(FASTER, "faster", LISTENING, "play faster", "all: ,]")                                        \
    X(QUIETER, "quieter", LISTENING, "less loud", "all: ,-")                                        \
    X(LOUDER, "louder", LISTENING, "louder", "all: ,+ ,=")                                          \
    X(NEXT_SOUND, "next-sound", LISTENING, "what is next in the queue", "all: ,n")                  \
    X(STOP_SOUND, "stop", LISTENING, "stop; the place is kept", "all: ,x")                          \
    X(MOVE_UP, "move-up", LISTENING, "earlier in the queue", "queue: K")                            \
    X(MOVE_DOWN, "move-down", LISTENING, "later in the queue", "queue: J")                          \
    X(BROWSER, "browser", DOING, "open the address in a browser",                                   \
      "shelf,contents,essay,feed,links,source,queue: o")                                                       \
    X(COPY, "copy", DOING, "copy the address to the clipboard",                                     \
      "shelf,contents,essay,feed,links,source,highlights,queue: y")                                                       \
    X(HANDOFF, "hand-off", DOING, "take the address elsewhere: a code for a phone, the clipboard",  \
      "shelf,contents,essay,feed,links,source,queue: Y")                                                  \
    X(TOGGLE_READ, "toggle-read", DOING, "mark read or unread", "contents: m M  essay: M")          \
    X(MARK_ALL_READ, "mark-all-read", DOING, "mark the listed essays read", "shelf,contents: A")    \
    X(UNREAD_ONLY, "unread-only", DOING, "show only what is unread, or all", "shelf,contents: v")   \
    X(FILTER, "filter", FINDING, "narrow this list by words", "contents: &")                        \
    X(FIND, "find", FINDING, "find essays by their words, in the whole library", "all: *")          \
    X(SORT, "sort", FINDING, "sort this list", "contents: s")                                       \
    X(BY_DAY, "by-day", FINDING, "a line for each day", "contents: #")                              \
    X(FITS, "fits", FINDING, "unread essays that fit in so many minutes (15w)", "contents: w")      \
    X(SAVE_SEARCH, "save-search", FINDING, "keep this narrowed list as a shelf", "contents: W")     \
    X(WIDER, "wider", DOING, "longer lines", "essay: + =")                                          \
    X(NARROWER, "narrower", DOING, "shorter lines", "essay: - _")                                   \
    X(JUSTIFY, "justify", DOING, "right margin even or ragged", "essay: |")                         \
    X(INDENT, "indent", DOING, "paragraphs with indents or blank lines", "essay: i")                \
    X(UNDO, "undo", DOING, "undo the last change", "all: u")                                        \
    X(ADD, "add", FEEDS, "add a feed", "shelf: a")                                                  \
    X(FETCH, "fetch", FEEDS, "fetch this feed", "all: r")                                           \
    X(FETCH_ALL, "fetch-all", FEEDS, "fetch all feeds", "all: R")                                   \
    X(FEED, "feed", FEEDS, "how this feed does", "shelf,contents,essay: I")                         \
    X(REMOVE, "remove", FEEDS, "remove what is under the cursor: a feed, a highlight, a recording",    \
      "shelf,feed,highlights,queue: D")      \
    X(RENAME, "rename", FEEDS, "give this feed a name of your own", "feed: n")                      \
    X(TAG, "tag", FEEDS, "the tags of this feed", "shelf,feed: t")                                  \
    X(INTERVAL, "interval", FEEDS, "minutes between two fetches of this feed", "feed: i")           \
    X(MOVE, "move", FEEDS, "another address for this feed; its essays stay", "feed: m")             \
    X(OLDER, "older", FEEDS, "bring in older essays of this feed (500O: so many), or stop that",                 \
      "contents,feed: O")                                                                           \
    X(SAMPLE, "sample", FEEDS, "add the sample newsletter", "shelf: s")                             \
    X(IMPORT, "import", FEEDS, "bring subscriptions, or all another reader has", "shelf: i")         \
    X(SEARCH, "search", FINDING, "search in this view", "all: /")                                   \
    X(SEARCH_NEXT, "search-next", FINDING, "next match",                                            \
      "all: ^g  messages,links,outline,source: n")                                                  \
    X(SEARCH_PREV, "search-prev", FINDING, "previous match", "all: N")                              \
    X(SEARCH_END, "search-end", FINDING, "leave the search", "all: esc")                            \
    X(COMMAND, "command", LECTERN, "type a command", "all: :")                                      \
    X(SIDE, "side-by-side", LECTERN, "shelf, list and essay beside one another", "all: S")          \
    X(HELP, "help", LECTERN, "the keys of this view", "all: ? f1")                                  \
    X(MESSAGES, "messages", LECTERN, "what happened so far", "all: E")                              \
    X(THEMES, "themes", LECTERN, "try other themes on", "all: T")                                   \
    X(REDRAW, "redraw", LECTERN, "draw the screen anew", "all: ^l")                                 \
    X(QUIT, "quit", LECTERN, "leave Lectern", "shelf: q  all: Q ^c ZZ ZQ")
// clang-format on

enum action {
#define X(id, name, group, what, keys) ACT_##id,
    ACTIONS(X)
#undef X
        ACT_COUNT
};
enum action_group {
#define X(id, heading) GROUP_##id,
    ACTION_GROUPS(X)
#undef X
        GROUP_COUNT
};
struct action_info {
    const char *name, *what;
    enum action_group group;
    const char *keys; // "all: j down  essay: J": views, each with the keys that hold there
};
extern const struct action_info action_table[ACT_COUNT];
extern const char *const action_groups[GROUP_COUNT];  // their headings
bool action_find(const char *name, enum action *out); // by the name in the config file
// The known name nearest to a word that is none; NULL: none is near.
const char *action_like(const char *word);

#endif
