// Line editing by grapheme clusters: what a person calls a character is moved over and deleted
// whole. Killed text can be yanked back, every change undone; words are runs of letters and digits,
// and for ^W runs of anything but blanks.
#include "edit.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { UNDO_MAX = 100, TEXT_MAX = 8192 };

struct edit {
    struct buf text;
    size_t cursor;   // bytes
    size_t shown;    // first byte on the screen
    struct buf kill; // what ^W, ^U, ^K ... took away
    bool killing;    // the key before killed, too: the pieces join
    bool typing;     // the key before was a character: one undo step for a run of them
    bool pasting;
    struct {
        char *text;
        size_t cursor;
    } undo[UNDO_MAX];
    size_t nundo;
    char **history;
    size_t nhistory, at; // at == nhistory: the line being typed
    char *typed;         // that line, while another is shown
};

struct edit *edit_new(const char *text)
{
    struct edit *e = mem_alloc(sizeof *e);
    buf_reserve(&e->text, 0);
    if (text)
        edit_insert(e, text, strlen(text));
    while (e->nundo)
        free(e->undo[--e->nundo].text);
    return e;
}

void edit_free(struct edit *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->nundo; i++)
        free(e->undo[i].text);
    for (size_t i = 0; i < e->nhistory; i++)
        free(e->history[i]);
    free(e->history);
    free(e->typed);
    buf_free(&e->text);
    buf_free(&e->kill);
    free(e);
}

const char *edit_text(const struct edit *e)
{
    return buf_cstr(&e->text);
}

bool edit_empty(const struct edit *e)
{
    return e->text.len == 0;
}

size_t edit_cursor(const struct edit *e)
{
    return e->cursor;
}

static void remember(struct edit *e)
{
    if (e->nundo == UNDO_MAX) {
        free(e->undo[0].text);
        memmove(e->undo, e->undo + 1, (UNDO_MAX - 1) * sizeof *e->undo);
        e->nundo--;
    }
    e->undo[e->nundo].text = mem_strdup(buf_cstr(&e->text));
    e->undo[e->nundo++].cursor = e->cursor;
}

static void undo(struct edit *e)
{
    if (!e->nundo)
        return;
    e->nundo--;
    buf_clear(&e->text);
    buf_str(&e->text, e->undo[e->nundo].text);
    e->cursor = e->undo[e->nundo].cursor;
    free(e->undo[e->nundo].text);
}

// Replaces text[from..to) and leaves the cursor behind what was put there.
static void replace(struct edit *e, size_t from, size_t to, const char *s, size_t len)
{
    char *tail = mem_strndup(e->text.data + to, e->text.len - to);
    size_t tail_len = e->text.len - to;
    e->text.len = from;
    buf_add(&e->text, s, len);
    buf_add(&e->text, tail, tail_len);
    free(tail);
    e->cursor = from + len;
}

// One line of valid text: controls become blanks, what steers the screen goes. Blanks stay as they
// were typed.
static void clean(struct buf *out, const char *s, size_t len)
{
    struct buf safe = {0};
    utf8_clean(&safe, s, len, UTF8_TEXT);
    for (size_t i = 0; i < safe.len; i++)
        buf_char(out, safe.data[i] == '\n' || safe.data[i] == '\t' ? ' ' : safe.data[i]);
    buf_free(&safe);
}

static void put(struct edit *e, const char *text, size_t len)
{
    struct buf b = {0};
    clean(&b, text, len);
    if (b.len && e->text.len + b.len <= TEXT_MAX)
        replace(e, e->cursor, e->cursor, b.data, b.len);
    buf_free(&b);
}

void edit_insert(struct edit *e, const char *text, size_t len)
{
    remember(e);
    e->typing = e->killing = false;
    put(e, text, len);
}

void edit_set(struct edit *e, const char *text)
{
    remember(e);
    e->typing = e->killing = false;
    buf_clear(&e->text);
    e->cursor = 0;
    put(e, text, strlen(text));
}

void edit_history(struct edit *e, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < e->nhistory; i++)
        free(e->history[i]);
    free(e->history);
    e->history = mem_array(n, sizeof *e->history);
    for (size_t i = 0; i < n; i++)
        e->history[i] = mem_strdup(lines[i]);
    e->nhistory = e->at = n;
}

static void recall(struct edit *e, size_t at)
{
    if (at > e->nhistory || at == e->at)
        return;
    if (e->at == e->nhistory) {
        free(e->typed);
        e->typed = mem_strdup(buf_cstr(&e->text));
    }
    e->at = at;
    edit_set(e, at == e->nhistory ? e->typed : e->history[at]);
}

// ---- places in the text ----

static size_t next_char(const struct edit *e, size_t at)
{
    return at < e->text.len ? at + utf8_cluster(e->text.data + at, e->text.len - at) : at;
}

static size_t prev_char(const struct edit *e, size_t at)
{
    size_t i = 0, before = 0;
    while (i < at) {
        before = i;
        i = next_char(e, i);
    }
    return before;
}

static bool in_word(const struct edit *e, size_t at)
{
    uint32_t cp;
    utf8_decode(e->text.data + at, e->text.len - at, &cp);
    return uc_is_property(cp, UC_PROPERTY_ALPHABETIC) ||
           uc_is_property(cp, UC_PROPERTY_DECIMAL_DIGIT);
}

static bool is_blank(const struct edit *e, size_t at)
{
    return e->text.data[at] == ' ';
}

static size_t word_right(const struct edit *e, size_t at)
{
    while (at < e->text.len && !in_word(e, at))
        at = next_char(e, at);
    while (at < e->text.len && in_word(e, at))
        at = next_char(e, at);
    return at;
}

static size_t word_left(const struct edit *e, size_t at, bool blanks)
{
    bool inside = false;
    while (at > 0) {
        size_t before = prev_char(e, at);
        bool word = blanks ? !is_blank(e, before) : in_word(e, before);
        if (inside && !word)
            break;
        inside |= word;
        at = before;
    }
    return at;
}

// ---- changes ----

static void kill(struct edit *e, size_t from, size_t to, bool again)
{
    if (from == to)
        return;
    remember(e);
    struct buf cut = {0};
    bool backwards = to == e->cursor;
    if (again && !backwards)
        buf_add(&cut, buf_cstr(&e->kill), e->kill.len);
    buf_add(&cut, e->text.data + from, to - from);
    if (again && backwards)
        buf_add(&cut, buf_cstr(&e->kill), e->kill.len);
    buf_free(&e->kill);
    e->kill = cut;
    replace(e, from, to, "", 0);
    e->killing = true;
}

static void erase(struct edit *e, size_t from, size_t to)
{
    if (from == to)
        return;
    remember(e);
    replace(e, from, to, "", 0);
}

static void transpose(struct edit *e)
{
    size_t mid = e->cursor == e->text.len ? prev_char(e, e->cursor) : e->cursor;
    size_t left = prev_char(e, mid), right = next_char(e, mid);
    if (mid == 0 || left == mid || right == mid)
        return;
    remember(e);
    struct buf b = {0};
    buf_add(&b, e->text.data + mid, right - mid);
    buf_add(&b, e->text.data + left, mid - left);
    replace(e, left, right, b.data, b.len);
    buf_free(&b);
}

static void type(struct edit *e, uint32_t cp, bool typing)
{
    if (!typing)
        remember(e);
    char bytes[4];
    put(e, bytes, utf8_encode(cp, bytes));
    e->typing = true;
}

static enum edit_result paste(struct edit *e, int key)
{
    if (key == KEYS_PASTE_END)
        e->pasting = e->typing = false;
    else if (key == KEYS_ENTER || key == KEYS_TAB)
        put(e, " ", 1);
    else if (key < KEYS_SPECIAL)
        type(e, (uint32_t)key, true);
    return EDIT_MORE;
}

#define CTRL(c) ((c)&0x1F)
enum edit_result edit_key(struct edit *e, int key)
{
    if (e->pasting)
        return paste(e, key);
    bool killing = e->killing, typing = e->typing;
    e->killing = e->typing = false;
    size_t at = e->cursor, end = e->text.len;
    switch (key) {
    case KEYS_PASTE_BEGIN:
        remember(e);
        e->pasting = true;
        break;
    case KEYS_PASTE_END:
        break;
    case KEYS_ENTER:
    case '\r':
    case '\n':
        return EDIT_DONE;
    case KEYS_ESCAPE:
    case CTRL('c'):
    case CTRL('g'):
        return EDIT_CANCEL;
    case KEYS_TAB:
    case '\t':
        return EDIT_COMPLETE;
    case CTRL('a'):
    case KEYS_HOME:
        e->cursor = 0;
        break;
    case CTRL('e'):
    case KEYS_END:
        e->cursor = end;
        break;
    case CTRL('b'):
    case KEYS_LEFT:
        e->cursor = prev_char(e, at);
        break;
    case CTRL('f'):
    case KEYS_RIGHT:
        e->cursor = next_char(e, at);
        break;
    case KEYS_ALT | 'b':
    case KEYS_CTRL | KEYS_LEFT:
    case KEYS_ALT | KEYS_LEFT:
        e->cursor = word_left(e, at, false);
        break;
    case KEYS_ALT | 'f':
    case KEYS_CTRL | KEYS_RIGHT:
    case KEYS_ALT | KEYS_RIGHT:
        e->cursor = word_right(e, at);
        break;
    case CTRL('d'):
        if (end == 0)
            return EDIT_CANCEL;
        erase(e, at, next_char(e, at));
        break;
    case KEYS_DELETE:
        erase(e, at, next_char(e, at));
        break;
    case CTRL('h'):
    case 0x7F:
    case KEYS_BACKSPACE:
        if (end == 0)
            return EDIT_CANCEL;
        erase(e, prev_char(e, at), at);
        break;
    case CTRL('k'):
        kill(e, at, end, killing);
        break;
    case CTRL('u'):
        kill(e, 0, at, killing);
        break;
    case CTRL('w'):
        kill(e, word_left(e, at, true), at, killing);
        break;
    case KEYS_ALT | KEYS_BACKSPACE:
    case KEYS_ALT | 0x7F:
    case KEYS_ALT | CTRL('h'):
    case KEYS_CTRL | KEYS_BACKSPACE:
        kill(e, word_left(e, at, false), at, killing);
        break;
    case KEYS_ALT | 'd':
    case KEYS_CTRL | KEYS_DELETE:
        kill(e, at, word_right(e, at), killing);
        break;
    case CTRL('y'):
        edit_insert(e, buf_cstr(&e->kill), e->kill.len);
        break;
    case CTRL('t'):
        transpose(e);
        break;
    case 0x1F: // ^_
        undo(e);
        break;
    case CTRL('p'):
    case KEYS_UP:
        recall(e, e->at ? e->at - 1 : 0);
        break;
    case CTRL('n'):
    case KEYS_DOWN:
        recall(e, e->at + 1);
        break;
    default:
        if (key >= 0xA0 ? key >= KEYS_SPECIAL : key < 0x20 || key >= 0x7F)
            return EDIT_UNUSED;
        type(e, (uint32_t)key, typing);
    }
    return EDIT_MORE;
}

void edit_draw(struct edit *e, struct canvas *c, int row, int col, int cols, const char *label,
               struct style st)
{
    if (cols < 1)
        return;
    int most = cols / 2; // a label never takes more than half the room
    int used = canvas_str_fit(c, row, col, most, label, st, true);
    int room = cols - used - 1; // the cursor may stand behind the text
    col += used;
    const char *text = buf_cstr(&e->text);
    if (room < 1) {
        canvas_cursor(c, row, col);
        return;
    }
    // The window moves by a third of itself, so that a long line does not move with every key.
    if (e->shown > e->cursor || e->shown > e->text.len)
        e->shown = e->cursor;
    if (e->cursor == e->shown || utf8_cols(text + e->shown, e->cursor - e->shown) > room) {
        size_t from = e->cursor;
        while (from > 0) {
            size_t before = prev_char(e, from);
            if (utf8_cols(text + before, e->cursor - before) > room - room / 3)
                break;
            from = before;
        }
        e->shown = from;
    }
    if (utf8_cols(text, e->text.len) <= room)
        e->shown = 0;
    int left = e->shown ? 1 : 0;
    size_t at = e->shown ? next_char(e, e->shown) : 0; // the "<" stands in its place
    if (left && at > e->cursor)
        at = e->shown, left = 0;
    if (left)
        canvas_str(c, row, col, 1, "<", st);
    int width = left ? utf8_cols(text + e->shown, at - e->shown) : 0;
    int fit;
    size_t bytes = utf8_fit(text + at, e->text.len - at, room - width, &fit);
    canvas_put(c, row, col + width, room - width, text + at, bytes, st);
    if (at + bytes < e->text.len)
        canvas_str(c, row, col + room, 1, ">", st);
    canvas_cursor(c, row, col + width + utf8_cols(text + at, e->cursor - at));
}
