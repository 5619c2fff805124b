// What is typed at the bottom: a line with completion and history, or a question. One at a time.
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "lectern/mem.h"
#include "view.h"

// What Tab may put in place of text[from..cursor).
struct completion {
    struct arena *arena; // of the words
    const char **words;  // whole; a last blank or slash says whether the line goes on
    size_t n, cap, from;
};
void completion_add(struct completion *c, const char *word); // copied
// A word as the line must have it to be read as one: in quotes where it needs them.
void completion_quote(struct completion *c, const char *word);

void prompt_open(struct ui *u, const struct prompt_kind *kind, const char *text);
void prompt_end(struct ui *u);
void prompt_key(struct ui *u, int key);
// Row of the words that Tab offers, above the line; draws nothing where there are none.
void prompt_draw_menu(struct ui *u, struct canvas *c);
bool prompt_has_menu(const struct ui *u);

#define PROMPT_KINDS ":/&" // commands, searches, words that narrow a list
// ---- history.c: lines typed before, kept for the next time ----
// Those of a prompt, oldest first: in a file only its owner can read.
struct history;
struct history *history_new(const char *path, size_t most); // path NULL: for this session only
void history_free(struct history *h);
const char *const *history_lines(struct history *h, char kind, size_t *n);
// A line that begins with a blank, and one like the last, is not kept; NULL h is fine. What cannot
// be written is kept for this session all the same.
void history_add(struct history *h, char kind, const char *line);

#endif
