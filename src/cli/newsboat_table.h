// What settings, operations and places of newsboat are called in Lectern, and why some are not.
#ifndef CLI_NEWSBOAT_TABLE_H
#define CLI_NEWSBOAT_TABLE_H

// Settings that have another one here. X(newsboat's, Lectern's, how its value is read)
#define NEWSBOAT_SETTINGS(X)                       \
    X("browser", "browser", COMMAND)               \
    X("player", "player", COMMAND)                 \
    X("reload-time", "interval", NUMBER)           \
    X("reload-threads", "fetch-total", NUMBER)     \
    X("download-timeout", "fetch-timeout", NUMBER) \
    X("text-width", "measure", NUMBER)             \
    X("history-limit", "history", NUMBER)          \
    X("refresh-on-startup", "fetch-on-start", YES) \
    X("user-agent", "user-agent", TEXT)            \
    X("cookie-cache", "cookies", TEXT)

// X(newsboat's, why there is nothing to take it)
#define NEWSBOAT_NOTHING(X)                                                          \
    X("auto-reload", "Lectern fetches what is due when it starts, and by key")       \
    X("max-items", "every essay is kept; nothing is thrown away")                    \
    X("keep-articles-days", "every essay is kept; nothing is thrown away")           \
    X("delete-read-articles-on-quit", "every essay is kept; nothing is thrown away") \
    X("cache-file", "the library is named by --library or $LECTERN_LIBRARY")         \
    X("save-path", "`:export FILE` names the file")                                  \
    X("show-read-feeds", "the key v shows only what is unread")                      \
    X("show-read-articles", "the key v shows only what is unread")                   \
    X("html-renderer", "essays are set by Lectern itself")                           \
    X("text-renderer", "essays are set by Lectern itself")                           \
    X("external-url-viewer", "the keys f and l lead to an essay's links")            \
    X("pager", "essays are read in Lectern itself")                                  \
    X("urls-source", "subscriptions come with `lectern import` and `lectern add`")   \
    X("notify-program", "Lectern starts no program of its own accord")               \
    X("exec", "Lectern starts no program of its own accord")                         \
    X("ignore-article", "no rule takes essays away")                                 \
    X("define-filter", "there are no filters by rules")                              \
    X("feedlist-format", "lists fit the screen by themselves")                       \
    X("articlelist-format", "lists fit the screen by themselves")                    \
    X("datetime-format", "dates are as short as they can be told")                   \
    X("article-sort-order", "lists are newest first")                                \
    X("feed-sort-order", "feeds stand by name")                                      \
    X("confirm-exit", "the place is kept, nothing is lost by leaving")               \
    X("include", "import that file, too, and include what comes of it")

// X(operation, action)
#define NEWSBOAT_OPERATIONS(X)                       \
    X("open", "open")                                \
    X("quit", "back")                                \
    X("hard-quit", "quit")                           \
    X("reload", "fetch")                             \
    X("reload-all", "fetch-all")                     \
    X("mark-feed-read", "mark-all-read")             \
    X("next-unread", "next-unread")                  \
    X("prev-unread", "prev-unread")                  \
    X("next-unread-feed", "next-unread")             \
    X("prev-unread-feed", "prev-unread")             \
    X("next", "next-essay")                          \
    X("prev", "prev-essay")                          \
    X("open-in-browser", "browser")                  \
    X("open-in-browser-noninteractively", "browser") \
    X("open-in-browser-and-mark-read", "browser")    \
    X("help", "help")                                \
    X("toggle-source-view", "source")                \
    X("toggle-article-read", "toggle-read")          \
    X("toggle-show-read-feeds", "unread-only")       \
    X("show-urls", "links")                          \
    X("goto-url", "hints")                           \
    X("search", "search")                            \
    X("open-search", "search")                       \
    X("clear-filter", "search-end")                  \
    X("redraw", "redraw")                            \
    X("cmdline", "command")                          \
    X("up", "up")                                    \
    X("down", "down")                                \
    X("pageup", "page-up")                           \
    X("pagedown", "page-down")                       \
    X("halfpageup", "half-up")                       \
    X("halfpagedown", "half-down")                   \
    X("home", "top")                                 \
    X("end", "bottom")                               \
    X("bookmark", "bookmark")                        \
    X("enqueue", "audio")

// X(dialog, view). The others newsboat has are not in Lectern.
#define NEWSBOAT_DIALOGS(X)            \
    X("all", "all")                    \
    X("everywhere", "all")             \
    X("feedlist", "shelf")             \
    X("articlelist", "contents")       \
    X("searchresultslist", "contents") \
    X("article", "essay")              \
    X("help", "help")                  \
    X("urlview", "links")

// X(newsboat's key, Lectern's)
#define NEWSBOAT_KEYS(X)  \
    X("PPAGE", "pgup")    \
    X("NPAGE", "pgdn")    \
    X("PAGEUP", "pgup")   \
    X("PAGEDOWN", "pgdn") \
    X("DC", "delete")     \
    X("IC", "insert")     \
    X("BTAB", "backtab")

// X(element, roles and marks of a theme)
#define NEWSBOAT_COLOURS(X)               \
    X("background", "text")               \
    X("article", "text")                  \
    X("title", "view-title")              \
    X("listnormal", "list-title")         \
    X("listnormal_unread", "list-unread") \
    X("listfocus", "current")             \
    X("info", "status")                   \
    X("hint-key", "key")                  \
    X("hint-description", "list-dim")

#endif
