// Bytes to keys. First the terminal's own sequences, then those all terminals of today share: CSI
// and SS3 with xterm's modifiers, pastes in brackets, Alt as a leading Escape, UTF-8. Strings (OSC,
// DCS, APC ...) are replies and are dropped.
#include "input.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { SEQUENCE_MAX = 256, DEFINED_MAX = 128, ESC = 27 };

struct input {
    bool utf8, pasting;
    char before; // the byte before, in a paste
    struct buf bytes;
    size_t at; // what is before it was taken
    struct mouse mouse;
    bool expecting;
    char broken; // '[', ']': the rest of an answer that came too late in parts; 0: none
    void (*tell)(void *ctx, const char *s, size_t len);
    void *ctx;
    struct {
        char *sequence;
        size_t len;
        int key;
    } defined[DEFINED_MAX];
    size_t ndefined;
};

struct input *input_new(bool utf8)
{
    struct input *in = mem_alloc(sizeof *in);
    in->utf8 = utf8;
    return in;
}

void input_free(struct input *in)
{
    if (!in)
        return;
    for (size_t i = 0; i < in->ndefined; i++)
        free(in->defined[i].sequence);
    buf_free(&in->bytes);
    free(in);
}

void input_define(struct input *in, const char *sequence, int key)
{
    // A single byte is what it is, whatever terminfo thinks of it (^H, ^?).
    if (!sequence || strlen(sequence) < 2 || in->ndefined == DEFINED_MAX)
        return;
    in->defined[in->ndefined].sequence = mem_strdup(sequence);
    in->defined[in->ndefined].len = strlen(sequence);
    in->defined[in->ndefined++].key = key;
}

void input_feed(struct input *in, const char *bytes, size_t len)
{
    if (in->at) {
        memmove(in->bytes.data, in->bytes.data + in->at, in->bytes.len - in->at);
        in->bytes.len -= in->at;
        in->at = 0;
    }
    buf_add(&in->bytes, bytes, len);
}

struct mouse input_mouse(const struct input *in)
{
    return in->mouse;
}

bool input_waiting(const struct input *in)
{
    return in->at < in->bytes.len || in->broken;
}

void input_on_answer(struct input *in, void (*tell)(void *ctx, const char *s, size_t len),
                     void *ctx)
{
    in->tell = tell;
    in->ctx = ctx;
}

static bool is_answer(const char *s, size_t len)
{
    return len > 2 && s[0] == ESC && (s[1] == ']' || s[1] == 'P' || (s[1] == '[' && s[2] == '?'));
}

bool input_in_answer(const struct input *in)
{
    size_t len = in->bytes.len - in->at;
    const char *s = buf_cstr(&in->bytes) + in->at;
    return in->broken || is_answer(s, len) || (in->expecting && len && s[0] == ESC);
}

void input_expect(struct input *in, bool answers)
{
    in->expecting = answers;
}

// Takes the rest of an answer whose beginning was given up; false: there is more to come.
static bool mend(struct input *in)
{
    while (in->broken && in->at < in->bytes.len) {
        unsigned char c = (unsigned char)in->bytes.data[in->at];
        bool number = (c >= '0' && c <= '9') || c == ';' || c == '$';
        if (c == ESC && (in->broken == '[' || in->at + 1 == in->bytes.len ||
                         in->bytes.data[in->at + 1] != '\\')) {
            in->broken = 0; // something new
            break;
        }
        in->at += c == ESC ? 2 : 1;
        if (c == ESC || c == 7 || (in->broken == '[' && !number))
            in->broken = 0;
    }
    return !in->broken;
}

// What a try to read one key says: how many bytes it took and the key (0: nothing that is a key),
// or that more is needed.
struct taken {
    size_t n; // 0: more is needed
    int key;
};

static int modified(int key, int parameter)
{
    int m = parameter > 1 ? parameter - 1 : 0;
    return key | (m & 1 ? KEYS_SHIFT : 0) | (m & 2 ? KEYS_ALT : 0) | (m & 4 ? KEYS_CTRL : 0);
}

// A character with modifiers, as terminals report it that tell them apart.
static int modified_character(int c, int parameter)
{
    int m = parameter > 1 ? parameter - 1 : 0;
    if (c == 9 && m & 1)
        return KEYS_BACKTAB;
    int key = c == 13    ? KEYS_ENTER
              : c == 9   ? KEYS_TAB
              : c == 27  ? KEYS_ESCAPE
              : c == 127 ? KEYS_BACKSPACE
                         : c;
    if (key >= KEYS_SPECIAL)
        return modified(key, parameter & ~1 ? parameter : 0);
    if (m & 4)
        key = c >= '@' && c <= '~' ? c & 0x1F : c;
    return key | (m & 2 ? KEYS_ALT : 0);
}

static int letter_key(char c)
{
    switch (c) {
    case 'A':
        return KEYS_UP;
    case 'B':
        return KEYS_DOWN;
    case 'C':
        return KEYS_RIGHT;
    case 'D':
        return KEYS_LEFT;
    case 'H':
        return KEYS_HOME;
    case 'F':
        return KEYS_END;
    case 'M':
        return KEYS_ENTER;
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return KEYS_F1 + c - 'P';
    default:
        return 0;
    }
}

static int number_key(int n)
{
    static const int keys[] = {
        [1] = KEYS_HOME,    [2] = KEYS_INSERT,    [3] = KEYS_DELETE,   [4] = KEYS_END,
        [5] = KEYS_PAGE_UP, [6] = KEYS_PAGE_DOWN, [7] = KEYS_HOME,     [8] = KEYS_END,
        [11] = KEYS_F1,     [12] = KEYS_F1 + 1,   [13] = KEYS_F1 + 2,  [14] = KEYS_F1 + 3,
        [15] = KEYS_F1 + 4, [17] = KEYS_F1 + 5,   [18] = KEYS_F1 + 6,  [19] = KEYS_F1 + 7,
        [20] = KEYS_F1 + 8, [21] = KEYS_F1 + 9,   [23] = KEYS_F1 + 10, [24] = KEYS_F1 + 11};
    return n > 0 && n < (int)(sizeof keys / sizeof *keys) ? keys[n] : 0;
}

// CSI < button ; column ; row M (or m: let go), as in xterm's mode 1006.
static int mouse_key(struct input *in, const int p[3], bool pressed)
{
    enum { WHEEL = 64, WITH_KEYS = 4 | 8 | 16 };
    int button = p[0] & ~WITH_KEYS;
    if (!pressed || p[1] < 1 || p[2] < 1 || (button != 0 && button != WHEEL && button != WHEEL + 1))
        return 0;
    in->mouse = (struct mouse){button == 0       ? MOUSE_PRESS
                               : button == WHEEL ? MOUSE_WHEEL_UP
                                                 : MOUSE_WHEEL_DOWN,
                               p[2] - 1, p[1] - 1};
    return KEYS_MOUSE;
}

static struct taken control_sequence(struct input *in, const char *s, size_t len)
{
    int p[4] = {0}, np = 0;
    size_t i = 2;
    if (len > 2 && s[2] == '[') { // the Linux console's F1 to F5
        if (len < 4)
            return (struct taken){0, 0};
        return (struct taken){4, s[3] >= 'A' && s[3] <= 'E' ? KEYS_F1 + s[3] - 'A' : 0};
    }
    if (len > 2 && s[2] == 'M') // a mouse report of the old kind
        return (struct taken){len < 6 ? 0 : 6, 0};
    bool private = len > 2 && strchr("<=>?", s[2]) != NULL && s[2];
    for (; i < len && s[i] >= 0x20 && s[i] < 0x40; i++) {
        if (s[i] >= '0' && s[i] <= '9' && p[np] < 100000000)
            p[np] = p[np] * 10 + s[i] - '0';
        else if (s[i] == ';' && np < 3)
            np++;
    }
    if (i == len)
        return (struct taken){len > SEQUENCE_MAX ? len : 0, 0};
    char final = s[i];
    if (final < 0x40 || final > 0x7E) // broken off by something else
        return (struct taken){i, 0};
    i++;
    if (s[2] == '<' && (final == 'M' || final == 'm'))
        return (struct taken){i, mouse_key(in, p, final == 'M')};
    if (private)
        return (struct taken){i, 0};
    if (final == '~') {
        if (p[0] == 200 || p[0] == 201)
            return (struct taken){i, p[0] == 200 ? KEYS_PASTE_BEGIN : KEYS_PASTE_END};
        if (p[0] == 27)
            return (struct taken){i, modified_character(p[2], p[1])};
        int key = number_key(p[0]);
        return (struct taken){i, key ? modified(key, p[1]) : 0};
    }
    if (final == 'Z')
        return (struct taken){i, KEYS_BACKTAB};
    if (final == 'u')
        return (struct taken){i, p[0] > 0 && p[0] <= 0x10FFFF ? modified_character(p[0], p[1]) : 0};
    int key = final == 'M' ? 0 : letter_key(final);
    if (key >= KEYS_F1 && np == 1 && p[0] > 1) // CSI row ; column R: where the cursor stands
        key = 0;
    return (struct taken){i, key ? modified(key, np ? p[1] : 0) : 0};
}

// OSC, DCS, APC, PM, SOS: up to BEL or ST.
static struct taken string_sequence(const char *s, size_t len)
{
    for (size_t i = 2; i < len; i++) {
        if (s[i] == 7)
            return (struct taken){i + 1, 0};
        if (s[i] == ESC)
            return (struct taken){i + 1 == len ? 0 : s[i + 1] == '\\' ? i + 2 : i, 0};
    }
    return (struct taken){len > 16 * SEQUENCE_MAX ? len : 0, 0};
}

static struct taken character(const struct input *in, const char *s, size_t len)
{
    unsigned char c = (unsigned char)s[0];
    if (c < 0x80) {
        int key = c == '\r' || c == '\n' ? KEYS_ENTER
                  : c == '\t'            ? KEYS_TAB
                  : c == 8 || c == 0x7F  ? KEYS_BACKSPACE
                  : c == ESC             ? KEYS_ESCAPE
                                         : c;
        return (struct taken){1, key};
    }
    if (!in->utf8) {
        wint_t w = btowc(c);
        return (struct taken){1, w == WEOF || w < 0xA0 || w > 0x10FFFF ? 0 : (int)w};
    }
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    if (len < need) {
        for (size_t i = 1; i < len; i++)
            if (((unsigned char)s[i] & 0xC0) != 0x80)
                return (struct taken){1, 0};
        return (struct taken){0, 0};
    }
    uint32_t cp;
    size_t n = utf8_decode(s, len, &cp);
    return (struct taken){n, n == 1 || cp < 0xA0 ? 0 : (int)cp};
}

static struct taken pasted(const struct input *in, const char *s, size_t len)
{
    static const char end[] = "\x1b[201~";
    if (s[0] == ESC) {
        size_t n = len < sizeof end - 1 ? len : sizeof end - 1;
        if (memcmp(s, end, n) == 0)
            return (struct taken){len < sizeof end - 1 ? 0 : n, KEYS_PASTE_END};
        return (struct taken){1, 0};
    }
    if (s[0] == '\r' || s[0] == '\n')
        return (struct taken){1, s[0] == '\n' && in->before == '\r' ? 0 : '\n'};
    if ((unsigned char)s[0] < 0x80)
        return (struct taken){1, s[0] == '\t' ? ' ' : s[0] < 0x20 || s[0] == 0x7F ? 0 : s[0]};
    return character(in, s, len);
}

static struct taken read_key(struct input *in, const char *s, size_t len)
{
    if (in->pasting)
        return pasted(in, s, len);
    if (s[0] != ESC)
        return character(in, s, len);
    bool part = false;
    struct taken best = {0, 0};
    for (size_t i = 0; i < in->ndefined; i++) {
        size_t n = in->defined[i].len;
        if (memcmp(s, in->defined[i].sequence, n < len ? n : len) != 0)
            continue;
        if (n > len)
            part = true;
        else if (n > best.n)
            best = (struct taken){n, in->defined[i].key};
    }
    if (best.n)
        return best;
    if (len == 1)
        return (struct taken){0, 0};
    if (s[1] == '[')
        return len == 2 ? (struct taken){0, 0} : control_sequence(in, s, len);
    if (s[1] == 'O') {
        size_t i = 2;
        int modifier = 0;
        while (i < len && s[i] >= '0' && s[i] <= '9')
            modifier = s[i++] - '0';
        if (i == len)
            return (struct taken){len > 8 ? len : 0, 0};
        int key = letter_key(s[i]);
        return (struct taken){i + 1, key ? modified(key, modifier) : 0};
    }
    if (strchr("]PX^_", s[1]))
        return string_sequence(s, len);
    if (part)
        return (struct taken){0, 0};
    if (s[1] == ESC && len > 2 && s[2] == ESC) // a finger on the key
        return (struct taken){1, KEYS_ESCAPE};
    struct taken t = s[1] == ESC ? read_key(in, s + 1, len - 1) : character(in, s + 1, len - 1);
    if (!t.n)
        return t;
    return (struct taken){t.n + 1, t.key && t.key != KEYS_ESCAPE ? t.key | KEYS_ALT : t.key};
}

bool input_next(struct input *in, bool settled, int *key)
{
    if (!mend(in)) {
        in->broken = settled ? 0 : in->broken;
        return false;
    }
    while (in->at < in->bytes.len) {
        const char *s = in->bytes.data + in->at;
        size_t len = in->bytes.len - in->at;
        struct taken t = read_key(in, s, len);
        if (!t.n) {
            if (!settled)
                return false;
            // Escape alone is the key, Escape and one character Alt; what is longer was cut off on
            // the way.
            if (s[0] != ESC)
                t = (struct taken){1, 0};
            else if (len == 1)
                t = (struct taken){1, in->pasting ? 0 : KEYS_ESCAPE};
            else if (len == 2 && !in->pasting)
                t = (struct taken){2, s[1] == ESC                  ? KEYS_ESCAPE
                                      : (unsigned char)s[1] < 0x80 ? KEYS_ALT | s[1]
                                                                   : 0};
            else
                t = (struct taken){len, 0};
            if (in->expecting && !in->pasting && is_answer(s, len))
                in->broken = s[1] == '[' ? '[' : ']';
        } else if (in->tell && !t.key && !in->pasting && is_answer(s, t.n)) {
            in->tell(in->ctx, s, t.n);
        }
        in->before = s[t.n - 1];
        in->at += t.n;
        if (t.key == KEYS_PASTE_BEGIN)
            in->pasting = true;
        else if (t.key == KEYS_PASTE_END)
            in->pasting = false;
        if (t.key) {
            *key = t.key;
            return true;
        }
    }
    return false;
}
