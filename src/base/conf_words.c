// A command line cut into words, as a shell's reader would cut it and without anything else a shell
// does: no variables, no patterns, no substitution. What comes out goes to execvp as it is.
#include "lectern/conf.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

// Walks the text once; where `bytes` is given it writes the words there, each ended by a NUL.
// Returns their number and the room they take, or false where a quotation has no end.
static bool cut(const char *s, char *bytes, size_t *words, size_t *room)
{
    size_t n = 0, used = 0;
    while (*s) {
        if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r') {
            s++;
            continue;
        }
        char quote = '\0';
        for (; *s && (quote || !strchr(" \t\n\r", *s)); s++) {
            char c = *s;
            if (quote && c == quote) {
                quote = '\0';
                continue;
            }
            if (!quote && (c == '\'' || c == '"')) {
                quote = c;
                continue;
            }
            // Within "..." a backslash means something only before what it could be needed for.
            if (c == '\\' && quote != '\'' && s[1] && (!quote || s[1] == '"' || s[1] == '\\'))
                c = *++s;
            if (bytes)
                bytes[used] = c;
            used++;
        }
        if (quote)
            return false;
        if (bytes)
            bytes[used] = '\0';
        used++;
        n++;
    }
    *words = n;
    *room = used;
    return true;
}

bool conf_words(const char *s, char ***words, size_t *n, struct err *e)
{
    size_t count, room;
    if (!cut(s, NULL, &count, &room))
        return err_set(e, ERR_USAGE, "a quotation in '%.200s' has no end", s);
    size_t head = (count + 1) * sizeof(char *);
    char **array = mem_alloc(head + room);
    char *bytes = (char *)array + head;
    cut(s, bytes, &count, &room);
    for (size_t i = 0; i < count; i++) {
        array[i] = bytes;
        bytes += strlen(bytes) + 1;
    }
    *words = array;
    *n = count;
    return true;
}
