// Line editing by grapheme clusters: what a person calls a character is moved over and deleted
// whole. Killed text can be yanked back, every change undone; words are runs of letters and digits,
// and for ^W runs of anything but blanks.
#include "edit_state.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

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
    for (size_t i = 0; i < e->nring; i++)
        free(e->ring[i]);
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

size_t edit_next(const struct edit *e, size_t at)
{
    return at < e->text.len ? at + utf8_cluster(e->text.data + at, e->text.len - at) : at;
}

size_t edit_prev(const struct edit *e, size_t at)
{
    size_t i = 0, before = 0;
    while (i < at) {
        before = i;
        i = edit_next(e, i);
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
        at = edit_next(e, at);
    while (at < e->text.len && in_word(e, at))
        at = edit_next(e, at);
    return at;
}

static size_t word_left(const struct edit *e, size_t at, bool blanks)
{
    bool inside = false;
    while (at > 0) {
        size_t before = edit_prev(e, at);
        bool word = blanks ? !is_blank(e, before) : in_word(e, before);
        if (inside && !word)
            break;
        inside |= word;
        at = before;
    }
    return at;
}

// ---- changes ----

// Pieces taken away one after the other are one.
static void kill(struct edit *e, size_t from, size_t to, bool again)
{
    if (from == to)
        return;
    remember(e);
    bool backwards = to == e->cursor;
    const char *old = again && e->nring ? e->ring[0] : "";
    char *cut = backwards ? mem_printf("%.*s%s", (int)(to - from), e->text.data + from, old)
                          : mem_printf("%s%.*s", old, (int)(to - from), e->text.data + from);
    if (again && e->nring) {
        free(e->ring[0]);
    } else {
        if (e->nring == RING)
            free(e->ring[--e->nring]);
        memmove(e->ring + 1, e->ring, e->nring++ * sizeof *e->ring);
    }
    e->ring[0] = cut;
    replace(e, from, to, "", 0);
    e->killing = true;
}

static void yank(struct edit *e, size_t turn)
{
    if (!e->nring)
        return;
    size_t before = e->text.len;
    e->turn = turn % e->nring;
    e->yanked = e->cursor;
    put(e, e->ring[e->turn], strlen(e->ring[e->turn]));
    e->yanked_len = e->text.len - before;
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
    size_t mid = e->cursor == e->text.len ? edit_prev(e, e->cursor) : e->cursor;
    size_t left = edit_prev(e, mid), right = edit_next(e, mid);
    if (mid == 0 || left == mid || right == mid)
        return;
    remember(e);
    struct buf b = {0};
    buf_add(&b, e->text.data + mid, right - mid);
    buf_add(&b, e->text.data + left, mid - left);
    replace(e, left, right, b.data, b.len);
    buf_free(&b);
}

// The word before the cursor and the one at or behind it change places; the cursor ends behind
// both.
static void transpose_words(struct edit *e)
{
    size_t right_end = word_right(e, e->cursor), right = word_left(e, right_end, false);
    size_t left = word_left(e, right, false), left_end = word_right(e, left);
    if (left >= right || left_end > right || left_end == left || right_end == right)
        return;
    remember(e);
    struct buf b = {0};
    buf_add(&b, e->text.data + right, right_end - right);
    buf_add(&b, e->text.data + left_end, right - left_end);
    buf_add(&b, e->text.data + left, left_end - left);
    replace(e, left, right_end, b.data, b.len);
    buf_free(&b);
}

// The rest of the word in capitals ('u'), in small letters ('l'), or with one capital ('c').
static void change_case(struct edit *e, char how)
{
    size_t at = e->cursor, end = word_right(e, at);
    if (at == end)
        return;
    remember(e);
    struct buf b = {0};
    for (bool first = true; at < end;) {
        uint32_t cp;
        char bytes[4];
        bool letter = in_word(e, at);
        at += utf8_decode(e->text.data + at, end - at, &cp);
        bool capital = how == 'u' || (how == 'c' && first);
        first = first && !letter;
        buf_add(&b, bytes, utf8_encode(capital ? uc_toupper(cp) : uc_tolower(cp), bytes));
    }
    replace(e, e->cursor, end, b.data, b.len);
    buf_free(&b);
}

// The last line before this one that has what was typed in it.
static void recall_like(struct edit *e)
{
    const char *what = e->at == e->nhistory ? buf_cstr(&e->text) : e->typed;
    for (size_t i = e->at; *what && i-- > 0;)
        if (strstr(e->history[i], what)) {
            recall(e, i);
            return;
        }
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
    size_t yanked = e->yanked_len;
    e->killing = e->typing = false;
    e->yanked_len = 0;
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
        e->cursor = edit_prev(e, at);
        break;
    case CTRL('f'):
    case KEYS_RIGHT:
        e->cursor = edit_next(e, at);
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
        erase(e, at, edit_next(e, at));
        break;
    case KEYS_DELETE:
        erase(e, at, edit_next(e, at));
        break;
    case CTRL('h'):
    case 0x7F:
    case KEYS_BACKSPACE:
        if (end == 0)
            return EDIT_CANCEL;
        erase(e, edit_prev(e, at), at);
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
        remember(e);
        yank(e, 0);
        break;
    case KEYS_ALT | 'y': // instead of what ^Y brought, what was taken away before it
        if (yanked) {
            replace(e, e->yanked, e->yanked + yanked, "", 0);
            yank(e, e->turn + 1);
        }
        break;
    case CTRL('t'):
        transpose(e);
        break;
    case KEYS_ALT | 't':
        transpose_words(e);
        break;
    case KEYS_ALT | 'u':
    case KEYS_ALT | 'l':
    case KEYS_ALT | 'c':
        change_case(e, (char)(key & 0x7F));
        break;
    case CTRL('r'):
        recall_like(e);
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
