// Prompts: the keys of the line, what Tab offers, and questions that one key answers. Tab first
// puts in what all candidates share, then shows them and goes through them one by one; any other
// key takes the one that stands there.
#include "prompt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "ex.h"
#include "lectern/utf8.h"

struct prompt_menu {
    struct completion found;
    size_t at;   // found.n: what was typed
    char *typed; // the text before Tab
};

static void menu_end(struct ui *u)
{
    struct prompt_menu *m = u->prompt.menu;
    if (!m)
        return;
    arena_free(m->found.arena);
    free(m->found.words);
    free(m->typed);
    free(m);
    u->prompt.menu = NULL;
}

void prompt_end(struct ui *u)
{
    menu_end(u);
    edit_free(u->prompt.edit);
    free(u->prompt.label);
    free(u->prompt.subject);
    memset(&u->prompt, 0, sizeof u->prompt);
    u->dirty = true;
}

void prompt_open(struct ui *u, const struct prompt_kind *kind, const char *text)
{
    prompt_end(u);
    u->prompt.edit = edit_new(text);
    u->prompt.label = mem_strdup(kind->label);
    u->prompt.kind = *kind;
    u->prompt.kind.label = u->prompt.label;
    u->prompt.done = kind->done;
    if (kind->history) {
        size_t n;
        const char *const *lines = history_lines(u->history, kind->history, &n);
        edit_history(u->prompt.edit, lines, n);
    }
}

void ui_prompt(struct ui *u, const char *label, const char *text, ui_answer done)
{
    prompt_open(u, &(struct prompt_kind){.label = label, .done = done}, text);
}

static void ask(struct ui *u, ui_answer yes, const char *subject, const char *fmt, va_list ap)
{
    char text[600];
    vsnprintf(text, sizeof text, fmt, ap);
    prompt_end(u);
    u->prompt.label = utf8_clean_dup(text, strlen(text), UTF8_LINE);
    u->prompt.subject = mem_strdup(subject);
    u->prompt.done = yes;
    u->prompt.question = true;
}

void ui_ask(struct ui *u, ui_answer yes, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    ask(u, yes, "", fmt, ap);
    va_end(ap);
}

void ui_ask_about(struct ui *u, ui_answer yes, const char *subject, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    ask(u, yes, subject, fmt, ap);
    va_end(ap);
}

bool ui_prompting(const struct ui *u)
{
    return u->prompt.done || u->panel;
}

// ---- completion ----

void completion_add(struct completion *c, const char *word)
{
    c->words = mem_grow(c->words, &c->cap, c->n + 1, sizeof *c->words);
    c->words[c->n++] = arena_strdup(c->arena, word);
}

void completion_quote(struct completion *c, const char *word)
{
    if (*word && !strpbrk(word, " \t'\"\\")) {
        completion_add(c, word);
        return;
    }
    struct buf b = {0};
    buf_char(&b, '"');
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            buf_char(&b, '\\');
        buf_char(&b, *word);
    }
    buf_char(&b, '"');
    completion_add(c, buf_cstr(&b));
    buf_free(&b);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

// Puts a word in place of what stands between `from` and the cursor.
static void put_word(struct ui *u, const char *word, size_t len)
{
    struct prompt_menu *m = u->prompt.menu;
    struct buf text = {0};
    buf_add(&text, m->typed, m->found.from);
    buf_add(&text, word, len);
    edit_set(u->prompt.edit, buf_cstr(&text));
    buf_free(&text);
}

static size_t shared(const struct completion *c)
{
    size_t len = strlen(c->words[0]);
    for (size_t i = 1; i < c->n; i++) {
        size_t k = 0;
        while (k < len && c->words[i][k] == c->words[0][k])
            k++;
        len = k;
    }
    while (len && ((unsigned char)c->words[0][len] & 0xC0) == 0x80)
        len--; // a character stays whole
    return len;
}

static void complete(struct ui *u, int dir)
{
    struct prompt_menu *m = u->prompt.menu;
    if (m) {
        m->at = dir > 0 ? (m->at + 1) % (m->found.n + 1) : (m->at + m->found.n) % (m->found.n + 1);
        if (m->at == m->found.n)
            edit_set(u->prompt.edit, m->typed);
        else
            put_word(u, m->found.words[m->at], strlen(m->found.words[m->at]));
        return;
    }
    const char *text = edit_text(u->prompt.edit);
    size_t cursor = edit_cursor(u->prompt.edit);
    if (!u->prompt.kind.complete || cursor != strlen(text))
        return;
    m = u->prompt.menu = mem_alloc(sizeof *m);
    m->found.arena = arena_new();
    m->typed = mem_strdup(text);
    u->prompt.kind.complete(u, m->typed, cursor, &m->found);
    if (m->found.from > cursor)
        m->found.from = cursor;
    if (m->found.n)
        qsort(m->found.words, m->found.n, sizeof *m->found.words, by_name);
    m->at = m->found.n;
    size_t common = m->found.n ? shared(&m->found) : 0;
    bool more = common > cursor - m->found.from ||
                (common && strncmp(m->typed + m->found.from, m->found.words[0], common) != 0);
    if (m->found.n && more) {
        put_word(u, m->found.words[0], common);
        free(m->typed);
        m->typed = mem_strdup(edit_text(u->prompt.edit));
    }
    if (m->found.n < 2)
        menu_end(u);
    else if (!more && dir < 0)
        complete(u, -1);
    else if (!more)
        complete(u, 1);
}

bool prompt_has_menu(const struct ui *u)
{
    return u->prompt.menu != NULL;
}

// The part of a candidate that tells it from others: of a path its last name.
static const char *brief(const char *word)
{
    const char *last = word;
    for (const char *p = word; *p; p++)
        if (*p == '/' && p[1])
            last = p + 1;
    return last;
}

void prompt_draw_menu(struct ui *u, struct canvas *c)
{
    const struct prompt_menu *m = u->prompt.menu;
    int row = u->rows - 2, left, width;
    if (!m || row < 0)
        return;
    ui_list_block(u, &left, &width);
    left += u->cols >= 40 ? 1 : 0;
    width -= u->cols >= 40 ? 2 : 0;
    canvas_fill(c, row, 0, u->cols, " ", STYLE(TEXT));
    // The page of candidates with the one that stands in the line.
    size_t first = 0, i = 0;
    for (int col = 0; i < m->found.n; i++) {
        int cols = ui_cols_of(u, brief(m->found.words[i]));
        if (col + cols > width - 2 && i > first) {
            if (m->at < i || m->at == m->found.n)
                break;
            first = i, col = 0;
        }
        col += cols + 2;
    }
    int col = 0;
    for (size_t k = first; k < i; k++) {
        const char *word = brief(m->found.words[k]);
        int used = ui_put(u, c, row, left + col, width - col - 2, word,
                          k == m->at ? STYLE(KEY) : STYLE(LIST_DIM));
        col += used + 2;
    }
    if (i < m->found.n)
        ui_put(u, c, row, left + width - 1, 1, u->set.ascii ? ">" : "…", STYLE(LIST_DIM));
    if (first)
        ui_put(u, c, row, left - (left > 0), 1, u->set.ascii ? "<" : "…", STYLE(LIST_DIM));
}

// ---- keys ----

static void answer(struct ui *u, const char *text)
{
    ui_answer done = u->prompt.done;
    char *copy = mem_strdup(text);
    if (u->prompt.kind.history && *copy && !ex_secret(copy))
        history_add(u->history, u->prompt.kind.history, copy);
    prompt_end(u);
    done(u, ui_top(u), copy);
    free(copy);
}

static void line_key(struct ui *u, int key)
{
    struct edit *e = u->prompt.edit;
    ui_answer typed = u->prompt.kind.typed;
    if (key == KEYS_BACKTAB) {
        complete(u, -1);
    } else {
        if (key != KEYS_TAB && key != '\t')
            menu_end(u);
        switch (edit_key(e, key)) {
        case EDIT_DONE:
            answer(u, edit_text(e));
            return;
        case EDIT_CANCEL:
            prompt_end(u);
            if (typed)
                typed(u, ui_top(u), NULL);
            return;
        case EDIT_COMPLETE:
            complete(u, 1);
            break;
        case EDIT_MORE:
        case EDIT_UNUSED:
            break;
        }
    }
    if (typed)
        typed(u, ui_top(u), edit_text(e));
}

void prompt_key(struct ui *u, int key)
{
    if (!u->prompt.question) {
        line_key(u, key);
    } else if (key == 'y' || key == 'Y') {
        answer(u, u->prompt.subject);
    } else if (key != KEYS_RESIZE) {
        prompt_end(u);
    }
}
