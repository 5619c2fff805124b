// Files of the configuration, line by line: a wrong line is a problem with file and line and never
// more than that.
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_state.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum {
    MAX_FILE = 1 << 20, // bytes of one configuration file
    MAX_INCLUDES = 256, // in all
    MAX_PROBLEMS = 100, // told; a file of another kind would have thousands
};

struct place { // where a line stands
    const char *file;
    int line;
};

static void problem(struct conf *c, struct place at, const char *message)
{
    if (c->nproblems > MAX_PROBLEMS)
        return;
    if (c->nproblems == MAX_PROBLEMS)
        message = "more lines here and after are not understood; is this the right file?";
    c->problems = mem_grow(c->problems, &c->problems_cap, c->nproblems + 1, sizeof *c->problems);
    c->problems[c->nproblems++] =
        (struct conf_problem){at.file, at.line, arena_strdup(c->arena, message)};
}

static bool blank(char ch)
{
    return ch == ' ' || ch == '\t';
}

static char *skip_blanks(char *s)
{
    while (blank(*s))
        s++;
    return s;
}

static void trim_end(char *s)
{
    size_t len = strlen(s);
    while (len && blank(s[len - 1]))
        len--;
    s[len] = '\0';
}

// A quotation that begins at s: its closing mark if a blank, a comment or nothing follows it; else
// NULL. What is quoted must not be empty where `keys` are read: '' and "" are keys people press.
static char *quotation_end(char *s, bool keys)
{
    char mark = *s;
    if (mark != '\'' && mark != '"')
        return NULL;
    char *p = s + 1;
    while (*p && *p != mark)
        p += mark == '"' && *p == '\\' && p[1] ? 2 : 1;
    return *p && (!p[1] || blank(p[1])) && !(keys && p == s + 1) ? p : NULL;
}

// Takes the marks off the quotation s..end, and the backslashes of "...".
static char *unquote(char *s, char *end)
{
    char *out = s + 1, *p = s + 1;
    for (; p < end; p++) {
        if (*s == '"' && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        *out++ = *p;
    }
    *out = '\0';
    return s + 1;
}

// Cuts a comment off: a '#' after a blank, outside quotations.
static void cut_comment(char *s)
{
    for (char *p = s; *p; p++) {
        if (*p == '#' && p > s && blank(p[-1])) {
            *p = '\0';
            break;
        }
        if ((*p == '"' || *p == '\'') && (p == s || blank(p[-1]))) {
            char *end = quotation_end(p, false);
            if (end)
                p = end;
        }
    }
    trim_end(s);
}

// The next word of a bind line; *rest is what follows it.
static char *bind_word(char *s, char **rest)
{
    s = skip_blanks(s);
    char *end = quotation_end(s, true);
    if (end) {
        *rest = end[1] ? end + 1 : end;
        s = unquote(s, end);
        if (**rest != '\0' && *rest == end)
            **rest = '\0';
        return s;
    }
    end = s;
    while (*end && !blank(*end))
        end++;
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return s;
}

static void read_bind(struct conf *c, char *s, bool unbind, struct place at)
{
    char *rest;
    char *view = bind_word(s, &rest);
    char *keys = bind_word(rest, &rest);
    char *action = skip_blanks(rest);
    if (*action == '#')
        *action = '\0';
    cut_comment(action);
    if (!*view || !*keys || (unbind ? *action : !*action)) {
        problem(c, at,
                unbind ? "this is no binding to take away: it goes `unbind VIEW KEYS`"
                       : "this is no binding: it goes `bind VIEW KEYS ACTION`");
        return;
    }
    c->binds = mem_grow(c->binds, &c->binds_cap, c->nbinds + 1, sizeof *c->binds);
    c->binds[c->nbinds++] = (struct conf_bind){
        arena_strdup(c->arena, view),
        arena_strdup(c->arena, keys),
        unbind ? "none" : arena_strdup(c->arena, action),
        at.file,
        at.line,
    };
}

// "~/x" in the home, "x" beside the file it is named in.
static char *included_path(const char *name, const char *file)
{
    if (name[0] == '/')
        return mem_strdup(name);
    if (name[0] == '~' && name[1] == '/') {
        const char *home = getenv("HOME");
        const struct passwd *pw = home && *home ? NULL : getpwuid(getuid());
        return mem_printf("%s%s", home && *home ? home : pw ? pw->pw_dir : "", name + 1);
    }
    const char *slash = strrchr(file, '/');
    return slash ? mem_printf("%.*s/%s", (int)(slash - file), file, name) : mem_strdup(name);
}

static bool read_file(struct conf *c, const char *path, bool included, bool required,
                      struct err *e);

static void read_include(struct conf *c, char *name, struct place at)
{
    struct err e = ERR_INIT;
    char *end = quotation_end(name, false);
    if (end && !end[1])
        name = unquote(name, end);
    if (!*name) {
        problem(c, at, "this includes nothing: it goes `include FILE`");
        return;
    }
    char *path = included_path(name, at.file);
    if (!read_file(c, path, true, true, &e))
        problem(c, at, e.msg);
    free(path);
}

static void read_site(struct conf *c, char *s, struct place at)
{
    struct err e = ERR_INIT;
    char *rest;
    char *address = bind_word(s, &rest), *name = bind_word(rest, &rest), *value = skip_blanks(rest);
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == '=')
        name[len - 1] = '\0';
    else if (*value == '=')
        value = skip_blanks(value + 1);
    if (*value == '#')
        *value = '\0';
    cut_comment(value);
    char *end = quotation_end(value, false);
    if (end && !end[1])
        value = unquote(value, end);
    if (!*address || !*name || !*value) {
        problem(c, at, "this says nothing of a feed: it goes `feed ADDRESS NAME VALUE`");
        return;
    }
    enum conf_site o = site_find(name);
    if (o == CONF_SITE_COUNT) {
        const char *best = NULL;
        size_t least = len / 3 + 2;
        for (int i = 0; i < CONF_SITE_COUNT; i++)
            conf_nearer(name, site_table[i].name, &best, &least);
        if (best)
            err_set(&e, ERR_USAGE, "a feed has no '%.60s': did you mean '%s'?", name, best);
        else
            err_set(&e, ERR_USAGE, "a feed has no '%.60s'; `lectern options` lists what it has",
                    name);
        problem(c, at, e.msg);
        return;
    }
    if (!site_check(o, address, value, &e)) {
        problem(c, at, e.msg);
        return;
    }
    char *path = site_table[o].kind == SITE_FILE ? included_path(value, at.file) : NULL;
    char *here = strncmp(address, "~/", 2) == 0 ? included_path(address, at.file) : NULL;
    site_add(&c->sites, c->arena, o, here ? here : address, path ? path : value);
    c->secret = c->secret || site_secret(&c->sites.items[c->sites.n - 1]);
    free(path);
    free(here);
}

static void read_line(struct conf *c, char *s, struct place at)
{
    s = skip_blanks(s);
    trim_end(s);
    if (!*s || *s == '#')
        return;
    struct err e = ERR_INIT;
    char *name = s;
    while (*s && !blank(*s) && *s != '=')
        s++;
    char *value = skip_blanks(s);
    bool equals = *value == '=';
    *s = '\0';
    if (!equals && strcmp(name, "bind") == 0) {
        read_bind(c, value, false, at);
        return;
    }
    if (!equals && strcmp(name, "unbind") == 0) {
        read_bind(c, value, true, at);
        return;
    }
    if (!equals && strcmp(name, "feed") == 0) {
        read_site(c, value, at);
        return;
    }
    if (equals)
        value = skip_blanks(value + 1);
    if (*value == '#')
        *value = '\0';
    cut_comment(value);
    if (!equals && strcmp(name, "include") == 0) {
        read_include(c, value, at);
        return;
    }
    const struct option *o = NULL;
    for (size_t i = 0; i < option_count && !o; i++)
        if (strcmp(option_table[i].name, name) == 0)
            o = &option_table[i];
    if (o && (!*value || strcmp(value, "default") == 0)) {
        conf_reset(c, o);
        return;
    }
    char *end = o && o->kind != OPTION_WORDS ? quotation_end(value, false) : NULL;
    if (end && !end[1])
        value = unquote(value, end);
    char *path = o && o->kind == OPTION_FILE && *value ? included_path(value, at.file) : NULL;
    if (!conf_set(c, name, path ? path : value, &e))
        problem(c, at, e.msg);
    free(path);
}

// Whoever may read the file may read what is secret in it.
static void check_mode(struct conf *c, const char *path, const struct stat *st)
{
    if (c->secret && S_ISREG(st->st_mode) && (st->st_mode & (S_IRGRP | S_IROTH)))
        problem(c, (struct place){arena_strdup(c->arena, path), 0},
                "others may read this file, and it has a password or a header in it: chmod 600");
}

void conf_parse(struct conf *c, const char *text, size_t len, const char *file)
{
    struct place at = {arena_strdup(c->arena, file ? file : "configuration"), 0};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3, len -= 3;
    while (len) {
        at.line++;
        const char *newline = memchr(text, '\n', len);
        size_t n = newline ? (size_t)(newline - text) : len;
        size_t taken = newline ? n + 1 : n;
        if (n && text[n - 1] == '\r')
            n--;
        bool odd = false;
        for (size_t i = 0; i < n && !odd; i++)
            odd = ((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7F;
        if (odd) {
            problem(c, at, "this line has a control character in it and is left out");
        } else if (!utf8_valid(text, n)) {
            problem(c, at, "this line is not UTF-8 and is left out");
        } else {
            char *line = mem_strndup(text, n);
            read_line(c, line, at);
            free(line);
        }
        text += taken;
        len -= taken;
    }
}

static bool read_file(struct conf *c, const char *path, bool included, bool required, struct err *e)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (!there && errno == ENOENT && !required)
        return true;
    // Pipes are fine as the file a person names; a file that only includes must not wait for one.
    if (there && included && !S_ISREG(st.st_mode))
        return err_set(e, ERR_OTHER, "cannot include %s: it is no plain file", path);
    if (included && c->depth == MAX_DEPTH)
        return err_set(e, ERR_OTHER, "cannot include %s: %d files inside each other are the most",
                       path, MAX_DEPTH);
    if (included && c->includes == MAX_INCLUDES)
        return err_set(e, ERR_OTHER, "cannot include %s: %d includes are the most", path,
                       MAX_INCLUDES);
    for (int i = 0; there && i < c->depth; i++)
        if (c->open[i].dev == st.st_dev && c->open[i].ino == st.st_ino)
            return err_set(e, ERR_OTHER, "cannot include %s: it is being read already (a loop)",
                           path);
    struct buf b = {0};
    if (!buf_read_file(&b, path, MAX_FILE, e)) {
        buf_free(&b);
        return false;
    }
    c->includes += included;
    if (c->depth < MAX_DEPTH) {
        c->open[c->depth].dev = there ? st.st_dev : 0;
        c->open[c->depth].ino = there ? st.st_ino : 0;
    }
    c->depth++;
    bool outer = c->secret;
    c->secret = false;
    conf_parse(c, buf_cstr(&b), b.len, path);
    if (there)
        check_mode(c, path, &st);
    c->secret = outer;
    c->depth--;
    buf_free(&b);
    return true;
}

bool conf_load(struct conf *c, const char *path, bool required, struct err *e)
{
    return read_file(c, path, false, required, e);
}
