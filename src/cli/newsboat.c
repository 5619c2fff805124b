// newsboat's `config` read line by line. What has a counterpart becomes a line of Lectern's file
// and is tried on Lectern's own reader first, so that all that comes out is right; the rest is
// handed back with a reason. Nothing is run: commands in backticks stay what they are.
#include "newsboat.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/conf.h"
#include "lectern/utf8.h"
#include "newsboat_table.h"
#include "ui/keymap.h"

enum value_kind { COMMAND, NUMBER, YES, TEXT };
static const struct {
    const char *theirs, *ours;
    enum value_kind kind;
} settings[] = {
#define X(theirs, ours, kind) {theirs, ours, kind},
    NEWSBOAT_SETTINGS(X)
#undef X
};
struct pair {
    const char *theirs, *ours;
};
#define X(theirs, ours) {theirs, ours},
static const struct pair nothing[] = {NEWSBOAT_NOTHING(X)}, operations[] = {NEWSBOAT_OPERATIONS(X)},
                         dialogs[] = {NEWSBOAT_DIALOGS(X)}, named_keys[] = {NEWSBOAT_KEYS(X)},
                         colours[] = {NEWSBOAT_COLOURS(X)};
#undef X
#define LENGTH(a) (sizeof(a) / sizeof *(a))

static const char *look_up(const struct pair *table, size_t n, const char *theirs)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].theirs, theirs) == 0)
            return table[i].ours;
    return NULL;
}

struct reading {
    struct newsboat *n;
    int line;
    const char *what;                            // the line as written
    const char *proxy, *proxy_type, *proxy_auth; // they make one line
    int proxy_line;
    bool use_proxy;
};

static void leave(struct reading *r, const char *why)
{
    struct newsboat *n = r->n;
    n->left = mem_grow(n->left, &n->cap, n->nleft + 1, sizeof *n->left);
    n->left[n->nleft++] = (struct newsboat_left){r->line, r->what, arena_strdup(n->arena, why)};
}

// Takes a line if Lectern finds nothing wrong with it.
static bool take(struct reading *r, const char *line)
{
    struct conf *c = conf_new();
    struct keymap *k;
    size_t n = 0;
    conf_parse(c, line, strlen(line), "config");
    const struct conf_problem *p = conf_problems(c, &n);
    k = keymap_new(c);
    if (!n)
        p = keymap_problems(k, &n);
    if (n) {
        leave(r, p[0].message);
    } else {
        buf_printf(&r->n->lines, "%s\n", line);
        r->n->taken++;
    }
    keymap_free(k);
    conf_free(c);
    return n == 0;
}

static void LECTERN_PRINTF(2, 3) take_line(struct reading *r, const char *fmt, ...)
{
    char line[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    take(r, line);
}

// ---- settings ----

// "mpv '%u'" -> "mpv {url}"; false where only a shell could do it.
static bool command_words(const char *ours, const char *value, struct buf *out)
{
    if (strpbrk(value, "|&;<>$`*?"))
        return false;
    for (const char *p = value; *p; p++)
        if (*p == '%' && p[1] == 'u') {
            char mark = out->len ? out->data[out->len - 1] : ' ';
            bool marks = (mark == '"' || mark == '\'') && p[2] == mark;
            if (marks) // each word is handed over whole: it needs none
                out->data[--out->len] = '\0';
            buf_str(out, "{url}");
            p += marks ? 2 : 1;
        } else if (*p == '%' && p[1] == 't' && strcmp(ours, "player") == 0) {
            buf_str(out, "{title}");
            p++;
        } else {
            buf_char(out, *p);
        }
    return true;
}

static const char *const needs_shell = "it needs a shell, and Lectern starts programs without one: "
                                       "a script of your own can do it";

static void command(struct reading *r, const char *ours, const char *value)
{
    struct buf b = {0};
    if (command_words(ours, value, &b))
        take_line(r, "%s %s", ours, buf_cstr(&b));
    else
        leave(r, needs_shell);
    buf_free(&b);
}

static void number(struct reading *r, const char *ours, const char *value)
{
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    if (strcmp(value, "0") == 0)
        leave(r, "0 means something of its own there; Lectern's default stands");
    else if (!conf_set(c, ours, value, &e))
        leave(r, e.msg);
    else
        take_line(r, "%s %s", ours, value);
    conf_free(c);
}

static bool yes(const char *value)
{
    return strcasecmp(value, "yes") == 0 || strcasecmp(value, "true") == 0;
}

static void quoted(struct buf *out, const char *s)
{
    buf_char(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(out, '\\');
        buf_char(out, *s);
    }
    buf_char(out, '"');
}

static void proxy_line(struct reading *r)
{
    if (!r->proxy)
        return;
    r->line = r->proxy_line;
    r->what = "proxy";
    const char *type = r->proxy_type ? r->proxy_type : "http";
    if (!r->use_proxy)
        leave(r, "use-proxy is not yes");
    else
        take_line(r, "proxy %s://%s%s%s", strcmp(type, "socks5") == 0 ? "socks5h" : type,
                  r->proxy_auth ? r->proxy_auth : "", r->proxy_auth ? "@" : "", r->proxy);
}

static bool setting(struct reading *r, const char *name, const char *value)
{
    if (strcmp(name, "proxy") == 0) {
        r->proxy = value;
        r->proxy_line = r->line;
    } else if (strcmp(name, "proxy-type") == 0) {
        r->proxy_type = value;
    } else if (strcmp(name, "proxy-auth") == 0) {
        r->proxy_auth = value;
    } else if (strcmp(name, "use-proxy") == 0) {
        r->use_proxy = yes(value);
    } else {
        for (size_t i = 0; i < LENGTH(settings); i++) {
            if (strcmp(settings[i].theirs, name) != 0)
                continue;
            struct buf text = {0};
            if (settings[i].kind == COMMAND)
                command(r, settings[i].ours, value);
            else if (settings[i].kind == NUMBER)
                number(r, settings[i].ours, value);
            else if (settings[i].kind == YES)
                take_line(r, "%s %s", settings[i].ours, yes(value) ? "yes" : "no");
            else {
                quoted(&text, value);
                take_line(r, "%s %s", settings[i].ours, text.data);
            }
            buf_free(&text);
            return true;
        }
        const char *why = look_up(nothing, LENGTH(nothing), name);
        if (why)
            leave(r, why);
        return why != NULL;
    }
    return true;
}

// ---- keys ----

// A key as a bind line has it; *whole for a sequence's first key that stands before others.
static bool key(const char *theirs, bool inside, struct buf *out)
{
    const char *ours = look_up(named_keys, LENGTH(named_keys), theirs);
    int keys[KEYS_SEQUENCE];
    const char *name = ours                       ? ours
                       : strcmp(theirs, "<") == 0 ? "lt"
                       : strcmp(theirs, "^") == 0 ? "caret"
                                                  : theirs;
    if (key_parse(name, keys) != 1)
        return false;
    bool plain = strlen(name) == 1 || name[0] == '^';
    if (inside && !plain)
        buf_printf(out, "<%s>", name);
    else if (strpbrk(name, "\"'\\#"))
        quoted(out, name);
    else
        buf_str(out, name);
    return true;
}

// "set browser mpv %u;" -> ":set browser mpv {url}". *at goes to the last word of it.
static bool set_step(struct reading *r, char **words, size_t n, size_t *at, struct buf *out)
{
    struct buf value = {0}, ours = {0};
    const char *name = *at + 1 < n ? words[++*at] : "", *setting = NULL;
    for (size_t i = 0; i < LENGTH(settings); i++)
        if (strcmp(settings[i].theirs, name) == 0 && settings[i].kind == COMMAND)
            setting = settings[i].ours;
    for (bool end = false; !end && *at + 1 < n;) {
        char *word = words[++*at];
        size_t len = strlen(word);
        end = len && word[len - 1] == ';';
        if (end)
            word[len - 1] = '\0';
        buf_printf(&value, "%s%s", value.len && *word ? " " : "", word);
    }
    bool ok = false;
    if (!setting)
        leave(r, "it sets an option on the way that Lectern has not, or not while it runs");
    else if (!command_words(setting, buf_cstr(&value), &ours))
        leave(r, needs_shell);
    else {
        buf_printf(out, "%s:set %s %s", out->len ? " ; " : "", setting, buf_cstr(&ours));
        ok = true;
    }
    buf_free(&value);
    buf_free(&ours);
    return ok;
}

// "open ; set browser lynx ; bookmark" -> steps of a bind line; false after saying what is missing.
static bool steps(struct reading *r, char **words, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        char *word = words[i];
        size_t len = strlen(word);
        if (strcmp(word, "--") == 0) // a description follows
            break;
        if (strcmp(word, "set") == 0) {
            if (!set_step(r, words, n, &i, out))
                return false;
            continue;
        }
        if (len && word[len - 1] == ';')
            word[len - 1] = '\0';
        if (!*word)
            continue;
        const char *action = look_up(operations, LENGTH(operations), word);
        if (!action) {
            leave(r, arena_printf(r->n->arena, "Lectern has nothing like %s", word));
            return false;
        }
        buf_printf(out, "%s%s", out->len ? " ; " : "", action);
    }
    if (!out->len)
        leave(r, "it does nothing");
    return out->len > 0;
}

static void bind_key(struct reading *r, char **words, size_t n)
{
    bool unbind = strcmp(words[0], "unbind-key") == 0;
    size_t at = unbind ? 2 : 3;
    struct buf name = {0}, does = {0};
    const char *view = n > at ? look_up(dialogs, LENGTH(dialogs), words[at]) : "all";
    if (n < at)
        leave(r, "something is missing");
    else if (!view)
        leave(r, "Lectern has no such view");
    else if (!key(words[1], false, &name))
        leave(r, "Lectern knows no such key");
    else if (unbind)
        take_line(r, "unbind %s %s", view, name.data);
    else if (steps(r, words + 2, 1, &does))
        take_line(r, "bind %s %s %s", view, name.data, does.data);
    buf_free(&name);
    buf_free(&does);
}

static void macro(struct reading *r, char **words, size_t n)
{
    struct buf name = {0}, does = {0};
    buf_char(&name, ',');
    if (n < 3)
        leave(r, "something is missing");
    else if (!key(words[1], true, &name))
        leave(r, "Lectern knows no such key");
    else if (steps(r, words + 2, n - 2, &does))
        take_line(r, "bind all %s %s", name.data, does.data);
    buf_free(&name);
    buf_free(&does);
}

// ---- colours ----

static void add_colour(struct buf *out, const char *theirs)
{
    if (strncmp(theirs, "color", 5) == 0)
        buf_str(out, theirs + 5); // a number of the palette
    else
        buf_str(out, theirs);
}

static void colour(struct reading *r, char **words, size_t n)
{
    const char *role = n >= 4 ? look_up(colours, LENGTH(colours), words[1]) : NULL;
    if (n < 4) {
        leave(r, "something is missing");
        return;
    }
    if (!role) {
        leave(r, "Lectern's themes have nothing like it");
        return;
    }
    struct buf *out = &r->n->theme;
    buf_printf(out, "%-12s ", role);
    add_colour(out, words[2]);
    if (strcmp(words[3], "default") != 0) {
        buf_str(out, " on ");
        add_colour(out, words[3]);
    }
    for (size_t i = 4; i < n; i++)
        if (strcmp(words[i], "bold") == 0 || strcmp(words[i], "dim") == 0 ||
            strcmp(words[i], "underline") == 0 || strcmp(words[i], "reverse") == 0)
            buf_printf(out, " %s", words[i]);
    buf_char(out, '\n');
    r->n->taken++;
}

// ---- lines ----

// Cuts a comment off: a '#' at the beginning or behind a blank, outside of quotation marks.
static void cut_comment(char *s)
{
    bool quote = false;
    for (char *p = s; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '"')
            quote = !quote;
        else if (*p == '#' && !quote && (p == s || p[-1] == ' ' || p[-1] == '\t')) {
            size_t name = strcspn(s, " \t"); // "bind-key # open": the key itself
            if (name == 8 && strncmp(s, "bind-key", 8) == 0 && s + 8 + strspn(s + 8, " \t") == p)
                continue;
            *p = '\0';
            return;
        }
    }
}

static void read_line(struct reading *r, const char *text)
{
    char *s = arena_strdup(r->n->arena, text), **words = NULL;
    size_t n = 0;
    struct err e = ERR_INIT;
    const char *secret = strstr(text, "password");
    if (!secret)
        secret = strstr(text, "proxy-auth");
    r->what = secret ? "a password" : arena_strdup(r->n->arena, text); // never shown
    cut_comment(s);
    if (!conf_words(s, &words, &n, &e)) {
        leave(r, "a quotation has no end");
        return;
    }
    if (n == 0) {
        ;
    } else if (strchr(s, '`')) {
        leave(r, "commands in backticks are not run");
    } else if (strcmp(words[0], "bind-key") == 0 || strcmp(words[0], "unbind-key") == 0) {
        bind_key(r, words, n);
    } else if (strcmp(words[0], "macro") == 0) {
        macro(r, words, n);
    } else if (strcmp(words[0], "color") == 0) {
        colour(r, words, n);
    } else if (strncmp(words[0], "highlight", 9) == 0) {
        leave(r, "Lectern's themes go by what a text is, not by patterns");
    } else if (n < 2 || !setting(r, arena_strdup(r->n->arena, words[0]),
                                 arena_strdup(r->n->arena, n > 1 ? words[1] : ""))) {
        leave(r, "Lectern has no such setting");
    }
    free(words);
}

void newsboat_read(struct newsboat *n, const char *text, size_t len, const char *file)
{
    *n = (struct newsboat){.arena = arena_new()};
    struct reading r = {.n = n};
    char *clean = utf8_clean_dup(text, len, UTF8_TEXT);
    char *name = utf8_clean_dup(file, strlen(file), UTF8_LINE);
    buf_printf(&n->lines, "# From %s\n", name);
    free(name);
    struct buf joined = {0};
    int line = 0, first = 1;
    for (const char *p = clean; *p;) {
        size_t k = strcspn(p, "\n");
        bool goes_on = k && p[k - 1] == '\\' && p[k]; // the next line belongs to it
        line++;
        buf_add(&joined, p, goes_on ? k - 1 : k);
        p += k + (p[k] == '\n');
        if (goes_on)
            continue;
        r.line = first;
        read_line(&r, buf_cstr(&joined));
        buf_clear(&joined);
        first = line + 1;
    }
    proxy_line(&r);
    buf_free(&joined);
    free(clean);
}

void newsboat_free(struct newsboat *n)
{
    arena_free(n->arena);
    buf_free(&n->lines);
    buf_free(&n->theme);
    free(n->left);
    *n = (struct newsboat){0};
}

// One word only it knows, and no line that begins with an address.
bool newsboat_is_config(const char *text, size_t len)
{
    static const char *const own[] = {"bind-key", "unbind-key", "macro", "color", "highlight"};
    bool found = false;
    for (const char *p = text, *end = text + len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        size_t n = nl ? (size_t)(nl - p) : (size_t)(end - p), word = 0;
        if (*p == '<' || (n > 8 && (memcmp(p, "http://", 7) == 0 || memcmp(p, "https://", 8) == 0)))
            return false;
        while (word < n && p[word] != ' ' && p[word] != '\t')
            word++;
        bool value = word < n;
        for (size_t i = 0; value && i < LENGTH(own); i++)
            found |= strlen(own[i]) == word && memcmp(own[i], p, word) == 0;
        for (size_t i = 0; value && i < LENGTH(settings); i++)
            found |= strlen(settings[i].theirs) == word && memcmp(settings[i].theirs, p, word) == 0;
        for (size_t i = 0; value && i < LENGTH(nothing); i++)
            found |= strlen(nothing[i].theirs) == word && memcmp(nothing[i].theirs, p, word) == 0;
        p += n + 1;
    }
    return found;
}
