// The filter of newsboat's query feeds in the words of a sieve, where it says the same: conditions
// that all hold. What a sieve has no word for ("or", patterns that are more than letters, a feed's
// address) is handed back with the reason: a search that finds something else is worse than none.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/foreign.h"

struct filter {
    const char *p;
    const char *why;
    struct buf *out;
};

static void blank(struct filter *f)
{
    while (*f->p == ' ' || *f->p == '\t' || *f->p == '\n')
        f->p++;
}

static bool no(struct filter *f, const char *why)
{
    f->why = why;
    return false;
}

static bool word(struct filter *f, char *out, size_t size)
{
    blank(f);
    size_t n = strspn(f->p, "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (!n || n >= size)
        return false;
    memcpy(out, f->p, n);
    out[n] = '\0';
    f->p += n;
    return true;
}

static bool operator(struct filter *f, char out[8])
{
    static const char *const all[] = {"=~", "!~", "==", "!=", "<=", ">=", "!#", "=", "<", ">", "#"};
    blank(f);
    if (strncasecmp(f->p, "between", 7) == 0) {
        strcpy(out, ":");
        f->p += 7;
        return true;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(f->p, all[i], strlen(all[i])) == 0) {
            strcpy(out, all[i]);
            f->p += strlen(all[i]);
            return true;
        }
    return false;
}

// A quoted string, or a number or range as it stands.
static bool value(struct filter *f, char *out, size_t size)
{
    blank(f);
    size_t n = 0;
    if (*f->p == '"') {
        for (f->p++; *f->p && *f->p != '"'; f->p++) {
            if (*f->p == '\\' && f->p[1])
                f->p++;
            if (n + 1 >= size)
                return false;
            out[n++] = *f->p;
        }
        if (!*f->p)
            return false;
        f->p++;
    } else {
        n = strspn(f->p, "0123456789:-");
        if (!n || n >= size)
            return false;
        memcpy(out, f->p, n);
        f->p += n;
    }
    out[n] = '\0';
    return true;
}

static void say(struct filter *f, bool not, const char *field, const char *text)
{
    struct buf *out = f->out;
    buf_printf(out, "%s%s%s:", out->len ? " " : "", not ? "-" : "", field);
    bool quote = strpbrk(text, " \t") != NULL;
    buf_printf(out, quote ? "\"%s\"" : "%s", text);
}

static bool letters(struct filter *f, const char *field, const char *op, const char *text)
{
    bool not = op[0] == '!';
    if (!*text)
        return no(f, "a search has no word for what is empty");
    if (op[1] == '~' && strpbrk(text, ".*+?[](){}|^$\\"))
        return no(f, "it is a pattern, and a search looks for letters");
    if (strcmp(op, "=~") != 0 && strcmp(op, "!~") != 0 && strcmp(field, "feed") != 0)
        return no(f, "a search looks for letters within a text, not for the whole of it");
    if (strchr("<>#:", op[0]) || strchr(text, '"'))
        return no(f, "a search cannot compare that");
    say(f, not, field, text);
    return true;
}

static bool days(struct filter *f, const char *op, const char *text)
{
    char *end, when[32];
    long from = strtol(text, &end, 10), to;
    if (strcmp(op, ":") == 0) {
        if (*end != ':' || from < 0)
            return no(f, "a range of days is not understood");
        to = strtol(end + 1, NULL, 10);
        if (to < from || to > 36500)
            return no(f, "a range of days is not understood");
        snprintf(when, sizeof when, "%ldd", to);
        say(f, false, "after", when);
        if (from > 0) {
            snprintf(when, sizeof when, "%ldd", from);
            say(f, false, "before", when);
        }
        return true;
    }
    if (*end || from < 0 || from > 36500 || !strchr("<>", op[0]))
        return no(f, "a range of days is not understood");
    long n = op[0] == '<' && !op[1] && from ? from - 1 : from;
    snprintf(when, sizeof when, "%ldd", n);
    say(f, false, op[0] == '<' ? "after" : "before", when);
    return true;
}

static bool yes(const char *op, const char *text)
{
    bool y = strcasecmp(text, "yes") == 0 || strcmp(text, "1") == 0;
    return op[0] == '!' ? !y : y;
}

// Any value at all: a pattern that everything passes, or "is not empty".
static bool anything(const char *op, const char *text)
{
    return (strcmp(op, "!=") == 0 && !*text) ||
           (strcmp(op, "=~") == 0 && (strcmp(text, ".") == 0 || strcmp(text, ".+") == 0));
}

static bool condition(struct filter *f)
{
    char name[32], op[8], text[256];
    if (!word(f, name, sizeof name) || !operator(f, op) || !value(f, text, sizeof text))
        return no(f, "it is not understood");
    if (strcmp(name, "unread") == 0) {
        say(f, false, "is", yes(op, text) ? "unread" : "read");
        return true;
    }
    if (strcmp(name, "title") == 0 || strcmp(name, "author") == 0)
        return letters(f, name, op, text);
    if (strcmp(name, "feedtitle") == 0)
        return letters(f, "feed", op, text);
    if (strcmp(name, "age") == 0)
        return days(f, op, text);
    if (strcmp(name, "flags") == 0 && anything(op, text)) {
        say(f, false, "is", "bookmarked");
        return true;
    }
    if (strcmp(name, "enclosure_type") == 0 && strcmp(op, "=~") == 0 &&
        (strncmp(text, "audio", 5) == 0 || strncmp(text, "^audio", 6) == 0)) {
        say(f, false, "has", "audio");
        return true;
    }
    if (strcmp(name, "tags") == 0)
        return no(f, "the shelf of a tag shows what is in it");
    return no(f, "a search has no word for that");
}

bool newsboat_query(const char *filter, struct buf *out, const char **why)
{
    struct filter f = {.p = filter, .out = out};
    size_t before = out->len;
    int depth = 0;
    bool ok = true;
    for (;;) {
        for (blank(&f); *f.p == '('; blank(&f)) {
            depth++;
            f.p++;
        }
        ok = condition(&f);
        for (blank(&f); ok && *f.p == ')'; blank(&f)) {
            depth--;
            f.p++;
        }
        char join[8];
        if (!ok || !*f.p)
            break;
        if (!word(&f, join, sizeof join) || strcasecmp(join, "and") != 0) {
            ok = no(&f,
                    strcasecmp(join, "or") == 0 ? "a search has no `or`" : "it is not understood");
            break;
        }
    }
    if (ok && depth != 0)
        ok = no(&f, "it is not understood");
    if (!ok) {
        out->len = before;
        if (out->data)
            out->data[before] = '\0';
        *why = f.why;
    }
    return ok;
}
