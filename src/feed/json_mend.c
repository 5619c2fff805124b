// One walk over the text with a stack of what is open. The end of the last whole member of the list
// of items is remembered; if the text ends too early everything after that is dropped and what is
// open is closed.
#include "json_mend.h"

#include <string.h>

enum { DEEPEST = 200 };

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool hex4(const char *s, size_t len)
{
    if (len < 4)
        return false;
    for (int i = 0; i < 4; i++)
        if (!((s[i] >= '0' && s[i] <= '9') || ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'f')))
            return false;
    return true;
}

// A string from its opening quote; returns the bytes it took, 0 if it never ends.
static size_t string(struct buf *out, const char *s, size_t len)
{
    buf_char(out, '"');
    for (size_t i = 1; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"') {
            buf_char(out, '"');
            return i + 1;
        }
        if (c < 0x20) {
            buf_printf(out, "\\u%04x", c);
        } else if (c != '\\') {
            buf_char(out, (char)c);
        } else if (i + 1 == len) {
            return 0;
        } else if (s[i + 1] == 'u' && !hex4(s + i + 2, len - i - 2)) {
            buf_str(out, "\\\\");
        } else if (!strchr("\"\\/bfnrtu", s[i + 1]) || !s[i + 1]) { // "\'" and the like
            if (s[i + 1] != '\'')
                buf_str(out, "\\\\");
        } else if (s[i + 1] == 'u') {
            char low = (char)(s[i + 2] | 32);
            bool surrogate = low == 'd' && strchr("89abcdefABCDEF", s[i + 3]);
            bool pair = surrogate && strchr("89abAB", s[i + 3]) && len - i > 11 &&
                        s[i + 6] == '\\' && s[i + 7] == 'u' && hex4(s + i + 8, len - i - 8) &&
                        (s[i + 8] | 32) == 'd' && strchr("cdefCDEF", s[i + 9]);
            buf_add(out, surrogate && !pair ? "\\ufffd" : s + i, 6);
            if (pair)
                buf_add(out, s + i + 6, 6);
            i += pair ? 11 : 5;
        } else {
            buf_add(out, s + i, 2);
            i++;
        }
    }
    return 0;
}

static void drop_comma(struct buf *out)
{
    size_t n = out->len;
    while (n && blank(out->data[n - 1]))
        n--;
    if (n && out->data[n - 1] == ',') {
        out->len = n - 1;
        out->data[out->len] = '\0';
    }
}

void json_mend(struct buf *out, const char *s, size_t len, bool *cut)
{
    char stack[DEEPEST];
    size_t depth = 0, whole = 0;
    *cut = false;
    for (size_t i = 0; i < len;) {
        char c = s[i];
        if (c == '"') {
            size_t n = string(out, s + i, len - i);
            if (!n)
                break;
            i += n;
            continue;
        }
        if (c == '/' && i + 1 < len && (s[i + 1] == '/' || s[i + 1] == '*')) {
            const char *end = s[i + 1] == '/' ? memchr(s + i, '\n', len - i)
                                              : memmem(s + i + 2, len - i - 2, "*/", 2);
            i = end ? (size_t)(end - s) + (s[i + 1] == '/' ? 1 : 2) : len;
            continue;
        }
        i++;
        if ((c == '{' || c == '[') && depth < DEEPEST) {
            stack[depth++] = c;
        } else if (c == '{' || c == '[') {
            break; // no feed is as deep
        } else if ((c == '}' || c == ']') && depth) {
            drop_comma(out);
            depth--;
            buf_char(out, stack[depth] == '{' ? '}' : ']');
            if (depth == 2 && stack[0] == '{' && stack[1] == '[' && stack[2] == '{')
                whole = out->len;
            if (depth == 0)
                return;
            continue;
        } else if ((unsigned char)c < 0x20 && !blank(c)) {
            continue;
        }
        buf_char(out, c);
    }
    *cut = true;
    if (!whole)
        return;
    out->len = whole;
    buf_str(out, "]}");
}
