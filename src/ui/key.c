// Names of keys: what a config file and the help call them, and back.
#include "keymap.h"

#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

// The first name of a key is how people read it; all of them are understood, in any case.
static const struct {
    const char *name;
    int key;
} names[] = {
    {"space", ' '},
    {"Enter", KEYS_ENTER},
    {"return", KEYS_ENTER},
    {"Tab", KEYS_TAB},
    {"Shift-Tab", KEYS_BACKTAB},
    {"backtab", KEYS_BACKTAB},
    {"Esc", KEYS_ESCAPE},
    {"escape", KEYS_ESCAPE},
    {"Backspace", KEYS_BACKSPACE},
    {"bs", KEYS_BACKSPACE},
    {"Delete", KEYS_DELETE},
    {"del", KEYS_DELETE},
    {"Insert", KEYS_INSERT},
    {"ins", KEYS_INSERT},
    {"Up", KEYS_UP},
    {"Down", KEYS_DOWN},
    {"Left", KEYS_LEFT},
    {"Right", KEYS_RIGHT},
    {"PgUp", KEYS_PAGE_UP},
    {"pageup", KEYS_PAGE_UP},
    {"PgDn", KEYS_PAGE_DOWN},
    {"pagedown", KEYS_PAGE_DOWN},
    {"Home", KEYS_HOME},
    {"End", KEYS_END},
    {"lt", '<'},
    {"caret", '^'},
};

static const struct {
    const char *name;
    int flag;
} flags[] = {
    {"alt-", KEYS_ALT},      {"meta-", KEYS_ALT},    {"ctrl-", KEYS_CTRL},
    {"control-", KEYS_CTRL}, {"shift-", KEYS_SHIFT},
};

static int simple(int key)
{
    return key == '\r' || key == '\n' ? KEYS_ENTER
           : key == '\t'              ? KEYS_TAB
           : key == 27                ? KEYS_ESCAPE
           : key == 8 || key == 127   ? KEYS_BACKSPACE
                                      : key;
}

// A whole name: "pgdn", "f5", "alt-x", "^d", one character. 0: none.
static int named(const char *s, size_t len)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == len && strncasecmp(names[i].name, s, len) == 0)
            return names[i].key;
    if ((len == 2 || len == 3) && (s[0] == 'f' || s[0] == 'F') && s[1] >= '1' && s[1] <= '9') {
        int n = s[1] - '0';
        if (len == 3)
            n = s[2] >= '0' && s[2] <= '9' ? n * 10 + s[2] - '0' : 0;
        if (n >= 1 && n <= 12)
            return KEYS_F1 + n - 1;
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        size_t n = strlen(flags[i].name);
        if (len <= n || strncasecmp(flags[i].name, s, n) != 0)
            continue;
        int key = named(s + n, len - n);
        if (!key || key & flags[i].flag)
            return 0;
        if (flags[i].flag == KEYS_CTRL && key < KEYS_SPECIAL) // ctrl-x is ^x
            return (key >= '@' && key <= '_') || (key >= 'a' && key <= 'z') ? simple(key & 0x1F)
                                                                            : 0;
        if (flags[i].flag == KEYS_SHIFT && key <= KEYS_SPECIAL)
            return 0; // a shifted letter is another letter
        return key | flags[i].flag;
    }
    if (len == 2 && s[0] == '^' && s[1] >= '?' && s[1] <= 'z' && s[1] != '`')
        return simple(s[1] == '?' ? 127 : s[1] & 0x1F ? s[1] & 0x1F : 0);
    uint32_t cp;
    if (len && utf8_decode(s, len, &cp) == len && cp > 0x20 && cp != 0x7F && cp != 0xFFFD)
        return (int)cp;
    return 0;
}

int key_parse(const char *word, int keys[KEYS_SEQUENCE])
{
    size_t len = strlen(word);
    int key = named(word, len);
    if (key) {
        keys[0] = key;
        return 1;
    }
    int n = 0;
    for (size_t i = 0, used; i < len; i += used) {
        const char *s = word + i, *close = *s == '<' ? strchr(s, '>') : NULL;
        if (close && close > s + 1) {
            used = (size_t)(close - s) + 1;
            key = named(s + 1, used - 2);
        } else if (*s == '^' && i + 1 < len) {
            used = 2;
            key = named(s, 2);
        } else {
            uint32_t cp;
            used = utf8_decode(s, len - i, &cp);
            key = named(s, used);
        }
        if (!key || n == KEYS_SEQUENCE)
            return 0;
        keys[n++] = key;
    }
    return n;
}

void key_name(int key, struct buf *out)
{
    if (key & KEYS_CTRL)
        buf_str(out, "Ctrl-");
    if (key & KEYS_ALT)
        buf_str(out, "Alt-");
    if (key & KEYS_SHIFT)
        buf_str(out, "Shift-");
    key &= ~(KEYS_CTRL | KEYS_ALT | KEYS_SHIFT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key && key != '<' && key != '^') {
            buf_str(out, names[i].name);
            return;
        }
    if (key >= KEYS_F1 && key <= KEYS_F12)
        buf_printf(out, "F%d", key - KEYS_F1 + 1);
    else if (key >= 0 && key < 0x20)
        buf_printf(out, "^%c", key + '@');
    else if (key == 0x7F)
        buf_str(out, "Backspace");
    else if (key > 0 && key < KEYS_SPECIAL)
        buf_utf8(out, (uint32_t)key);
}
