// Errors as sentences: formatting that keeps a message one clean line whatever was put into it.
#include "lectern/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// Controls become '?', and a character cut at the end of the room is taken off whole.
static void tidy(char *s, size_t room)
{
    size_t len = strlen(s);
    if (len + 1 == room) {
        size_t i = len;
        while (i > 0 && ((unsigned char)s[i - 1] & 0xC0) == 0x80)
            i--;
        if (i > 0 && (unsigned char)s[i - 1] >= 0xC0)
            s[i - 1] = '\0';
    }
    for (unsigned char *p = (unsigned char *)s; *p; p++) {
        if (*p == '\n' || *p == '\t')
            *p = ' ';
        else if (*p < 0x20 || *p == 0x7F)
            *p = '?';
        else if (*p == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0) // a C1 control
            *p++ = '?', *p = '?';
    }
}

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    if (!e)
        return false;
    struct err made = {kind, ""}; // the arguments may point into *e
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(made.msg, sizeof made.msg, fmt, ap);
    va_end(ap);
    tidy(made.msg, sizeof made.msg);
    *e = made;
    return false;
}

bool err_wrap(struct err *e, const char *fmt, ...)
{
    if (!e)
        return false;
    char head[sizeof e->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(head, sizeof head, fmt, ap);
    va_end(ap);
    return err_set(e, e->kind, "%s: %s", head, e->msg);
}
