// The bindings Lectern comes with: habits of vi, less and newsboat, arrows beside them. A view's
// own line wins over "all". X(view or ALL, keys as in the config file, action)
//
// `b` keeps an essay wherever there is one under the hand, and pages back where nothing can be
// kept; `n` and `p` go by unread essays; left and right turn pages in an essay and lead in and out
// elsewhere.
#ifndef UI_KEYMAP_DEFAULTS_H
#define UI_KEYMAP_DEFAULTS_H

#define KEYMAP_DEFAULTS(X)          \
    X(ALL, "j", DOWN)               \
    X(ALL, "down", DOWN)            \
    X(ALL, "^n", DOWN)              \
    X(ALL, "^e", DOWN)              \
    X(ALL, "k", UP)                 \
    X(ALL, "up", UP)                \
    X(ALL, "^p", UP)                \
    X(ALL, "^y", UP)                \
    X(ALL, "space", PAGE_DOWN)      \
    X(ALL, "pgdn", PAGE_DOWN)       \
    X(ALL, "^f", PAGE_DOWN)         \
    X(ALL, "^v", PAGE_DOWN)         \
    X(ALL, "pgup", PAGE_UP)         \
    X(ALL, "^b", PAGE_UP)           \
    X(ALL, "backspace", PAGE_UP)    \
    X(ALL, "alt-v", PAGE_UP)        \
    X(ALL, "^d", HALF_DOWN)         \
    X(ALL, "^u", HALF_UP)           \
    X(ALL, "g", TOP)                \
    X(ALL, "gg", TOP)               \
    X(ALL, "home", TOP)             \
    X(ALL, "<lt>", TOP)             \
    X(ALL, "G", BOTTOM)             \
    X(ALL, "end", BOTTOM)           \
    X(ALL, ">", BOTTOM)             \
    X(ALL, "enter", OPEN)           \
    X(ALL, "l", OPEN)               \
    X(ALL, "right", OPEN)           \
    X(ALL, "q", BACK)               \
    X(ALL, "h", BACK)               \
    X(ALL, "left", BACK)            \
    X(ALL, "Q", QUIT)               \
    X(ALL, "^c", QUIT)              \
    X(ALL, "?", HELP)               \
    X(ALL, "f1", HELP)              \
    X(ALL, "^l", REDRAW)            \
    X(ALL, "r", FETCH)              \
    X(ALL, "R", FETCH_ALL)          \
    X(ALL, "/", SEARCH)             \
    X(ALL, "^g", SEARCH_NEXT)       \
    X(ALL, "N", SEARCH_PREV)        \
    X(ALL, "esc", SEARCH_END)       \
    X(ALL, "u", UNDO)               \
    X(ALL, "E", MESSAGES)           \
                                    \
    X(SHELF, "q", QUIT)             \
    X(SHELF, "h", NONE)             \
    X(SHELF, "left", NONE)          \
    X(SHELF, "a", ADD)              \
    X(SHELF, "i", IMPORT)           \
    X(SHELF, "s", SAMPLE)           \
    X(SHELF, "I", FEED)             \
    X(SHELF, "D", REMOVE)           \
    X(SHELF, "A", MARK_ALL_READ)    \
    X(SHELF, "v", UNREAD_ONLY)      \
    X(SHELF, "n", NEXT_UNREAD)      \
    X(SHELF, "p", PREV_UNREAD)      \
                                    \
    X(CONTENTS, "n", NEXT_UNREAD)   \
    X(CONTENTS, "p", PREV_UNREAD)   \
    X(CONTENTS, "b", BOOKMARK)      \
    X(CONTENTS, "a", AUDIO)         \
    X(CONTENTS, "o", BROWSER)       \
    X(CONTENTS, "y", COPY)          \
    X(CONTENTS, "m", TOGGLE_READ)   \
    X(CONTENTS, "M", TOGGLE_READ)   \
    X(CONTENTS, "A", MARK_ALL_READ) \
    X(CONTENTS, "v", UNREAD_ONLY)   \
    X(CONTENTS, "I", FEED)          \
                                    \
    X(READER, "right", PAGE_DOWN)   \
    X(READER, "left", PAGE_UP)      \
    X(READER, "enter", NOTE)        \
    X(READER, "l", LINKS)           \
    X(READER, "f", HINTS)           \
    X(READER, "t", OUTLINE)         \
    X(READER, "\\", SOURCE)         \
    X(READER, "m", MARK)            \
    X(READER, "'", GO_MARK)         \
    X(READER, "`", GO_MARK)         \
    X(READER, "^o", JUMP_BACK)      \
    X(READER, "tab", JUMP_FORWARD)  \
    X(READER, "n", NEXT_UNREAD)     \
    X(READER, "p", PREV_UNREAD)     \
    X(READER, "J", NEXT_ITEM)       \
    X(READER, "K", PREV_ITEM)       \
    X(READER, "]", NEXT_HEADING)    \
    X(READER, "}", NEXT_HEADING)    \
    X(READER, "[", PREV_HEADING)    \
    X(READER, "{", PREV_HEADING)    \
    X(READER, "b", BOOKMARK)        \
    X(READER, "a", AUDIO)           \
    X(READER, "o", BROWSER)         \
    X(READER, "y", COPY)            \
    X(READER, "M", TOGGLE_READ)     \
    X(READER, "+", WIDER)           \
    X(READER, "=", WIDER)           \
    X(READER, "-", NARROWER)        \
    X(READER, "_", NARROWER)        \
    X(READER, "|", JUSTIFY)         \
    X(READER, "i", INDENT)          \
                                    \
    X(HELP, "f", PAGE_DOWN)         \
    X(HELP, "b", PAGE_UP)           \
    X(HELP, "n", SEARCH_NEXT)       \
    X(HELP, "esc", BACK)            \
    X(HELP, "?", BACK)              \
    X(HELP, "f1", BACK)             \
                                    \
    X(MESSAGES, "f", PAGE_DOWN)     \
    X(MESSAGES, "b", PAGE_UP)       \
    X(MESSAGES, "n", SEARCH_NEXT)   \
    X(MESSAGES, "esc", BACK)        \
    X(MESSAGES, "E", BACK)          \
                                    \
    X(OUTLINE, "f", PAGE_DOWN)      \
    X(OUTLINE, "b", PAGE_UP)        \
    X(OUTLINE, "n", SEARCH_NEXT)    \
    X(OUTLINE, "t", BACK)           \
    X(OUTLINE, "esc", BACK)         \
                                    \
    X(SOURCE, "f", PAGE_DOWN)       \
    X(SOURCE, "b", PAGE_UP)         \
    X(SOURCE, "n", SEARCH_NEXT)     \
    X(SOURCE, "o", BROWSER)         \
    X(SOURCE, "y", COPY)            \
    X(SOURCE, "\\", BACK)           \
    X(SOURCE, "esc", BACK)          \
                                    \
    X(LINKS, "f", PAGE_DOWN)        \
    X(LINKS, "b", PAGE_UP)          \
    X(LINKS, "n", SEARCH_NEXT)      \
    X(LINKS, "esc", BACK)           \
    X(LINKS, "o", BROWSER)          \
    X(LINKS, "y", COPY)

#endif
