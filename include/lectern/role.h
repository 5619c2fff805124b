// Roles: what a piece of the screen is, never how it looks. A run or a cell has one role and any
// number of marks laid over it; a theme maps both to colours and attributes at the last step.
#ifndef LECTERN_ROLE_H
#define LECTERN_ROLE_H

#include <stdint.h>

// X(identifier, name in theme files, letter in role maps, example)
#define ROLES(X)                                                                       \
    X(TEXT, "text", '.', "Running text")                                               \
    X(TITLE, "title", 'T', "The title of an essay")                                    \
    X(SUBTITLE, "subtitle", 'S', "Its subtitle")                                       \
    X(BYLINE, "byline", 'y', "Author, newsletter, date, minutes")                      \
    X(HEADING1, "heading1", '1', "A heading of the first level")                       \
    X(HEADING2, "heading2", '2', "A heading of the second level")                      \
    X(HEADING3, "heading3", '3', "A heading of the third level and below")             \
    X(QUOTE, "quote", 'q', "A quotation")                                              \
    X(QUOTE_BAR, "quote-bar", '|', "The bar beside it")                                \
    X(PULLQUOTE, "pullquote", 'p', "A pull quote")                                     \
    X(VERSE, "verse", 'v', "Verse keeps its lines")                                    \
    X(CODE_BLOCK, "code-block", 'c', "make check")                                     \
    X(CAPTION, "caption", 'f', "A picture and its caption")                            \
    X(BULLET, "bullet", '*', "The mark or number of a list item")                      \
    X(RULE, "rule", '-', "A break between sections")                                   \
    X(TABLE_HEAD, "table-head", 'h', "The head of a table")                            \
    X(TABLE_RULE, "table-rule", '_', "The rules of a table")                           \
    X(NOTE, "note", 'n', "A footnote at the end")                                      \
    X(NOTE_LABEL, "note-label", '#', "Its number")                                     \
    X(CARD, "card", 'k', "A player, a quoted post, something embedded")                \
    X(NOTICE, "notice", '!', "What Lectern itself says in the text: a preview, a cut") \
    X(LIST_TITLE, "list-title", 't', "A read essay in a list")                         \
    X(LIST_UNREAD, "list-unread", 'u', "An unread essay in a list")                    \
    X(LIST_DIM, "list-dim", 'd', "Dates, counts, names beside titles")                 \
    X(LIST_MARK, "list-mark", 'm', "Unread, started, audio and bookmark marks")        \
    X(VIEW_TITLE, "view-title", 'V', "The name of a view in its first line")           \
    X(STATUS, "status", 's', "The line at the bottom")                                 \
    X(MESSAGE, "message", 'M', "What just happened")                                   \
    X(ERROR, "error", 'E', "What went wrong")                                          \
    X(PROMPT, "prompt", 'P', "A question and its answer")                              \
    X(KEY, "key", 'K', "A key in the help")

enum role {
#define X(id, name, letter, example) ROLE_##id,
    ROLES(X)
#undef X
        ROLE_COUNT
};

// Marks are bits; each is also a style of its own in theme files, laid over the role's.
#define MARKS(X)                                            \
    X(EM, "emphasis", 'e', "emphasis")                      \
    X(STRONG, "strong", 'b', "strong words")                \
    X(CODE, "code", 'c', "code")                            \
    X(STRIKE, "strike", 'x', "struck out")                  \
    X(INSERT, "insert", 'i', "inserted")                    \
    X(HIGHLIGHT, "highlight", 'h', "marked by the author")  \
    X(MARKED, "marked", 'y', "highlighted by you")          \
    X(SMALL, "small", 's', "small print")                   \
    X(LINK, "link", 'l', "a link")                          \
    X(NOTE_MARK, "note-mark", 'n', "1")                     \
    X(CURRENT, "current", '>', "the line under the cursor") \
    X(MATCH, "match", 'm', "what was searched for")         \
    X(HINT, "hint", 'k', "the number of a link")

enum mark_bit {
#define X(id, name, letter, example) MARK_BIT_##id,
    MARKS(X)
#undef X
        MARK_COUNT
};
enum mark {
#define X(id, name, letter, example) MARK_##id = 1u << MARK_BIT_##id,
    MARKS(X)
#undef X
};

// What a cell, or a run of text, is meant to be.
struct style {
    uint8_t role;   // enum role
    uint16_t marks; // enum mark bits
};
#define STYLE(r) ((struct style){ROLE_##r, 0})

struct role_info {
    const char *name;
    char letter;
    const char *example;
};
extern const struct role_info role_table[ROLE_COUNT];
extern const struct role_info mark_table[MARK_COUNT];

#endif
