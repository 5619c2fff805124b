// Configuration: values and the reader of its files. A wrong line is a problem with file and line
// and never more than that: whatever the file holds, every option ends up with a value in its
// range.
#include "lectern/conf.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_site.h"
#include "conf_table.h"
#include "lectern/mem.h"
#include "lectern/near.h"
#include "lectern/utf8.h"

enum {
    MAX_FILE = 1 << 20, // bytes of one configuration file
    MAX_DEPTH = 16,     // files that include each other
    MAX_INCLUDES = 256, // in all
    MAX_PROBLEMS = 100, // told; a file of another kind would have thousands
};

struct conf {
    struct arena *arena; // every string below
    int ints[CONF_INT_COUNT];
    bool bools[CONF_BOOL_COUNT];
    const char *strings[CONF_STRING_COUNT];
    struct conf_bind *binds;
    size_t nbinds, binds_cap;
    struct sites sites;
    bool secret; // the file being read has one in it
    struct conf_problem *problems;
    size_t nproblems, problems_cap;
    struct {
        dev_t dev;
        ino_t ino;
    } open[MAX_DEPTH]; // the files being read, outermost first
    int depth, includes;
};

static void reset(struct conf *c, const struct option *o)
{
    if (o->kind == OPTION_INT)
        c->ints[o->index] = o->number;
    else if (o->kind == OPTION_BOOL)
        c->bools[o->index] = o->number;
    else
        c->strings[o->index] = o->text;
}

struct conf *conf_new(void)
{
    struct conf *c = mem_alloc(sizeof *c);
    c->arena = arena_new();
    for (size_t i = 0; i < option_count; i++)
        reset(c, &option_table[i]);
    return c;
}

void conf_free(struct conf *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    free(c->binds);
    free(c->sites.items);
    free(c->problems);
    free(c);
}

int conf_int(const struct conf *c, enum conf_int o)
{
    return c->ints[o];
}

bool conf_bool(const struct conf *c, enum conf_bool o)
{
    return c->bools[o];
}

const char *conf_str(const struct conf *c, enum conf_string o)
{
    return c->strings[o];
}

const struct conf_bind *conf_binds(const struct conf *c, size_t *n)
{
    *n = c->nbinds;
    return c->binds;
}

struct site_hit {
    size_t covers, at;
};

static int by_cover(const void *x, const void *y)
{
    const struct site_hit *a = x, *b = y;
    if (a->covers != b->covers)
        return a->covers < b->covers ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

const char *conf_site(const struct conf *c, enum conf_site o, const char *url)
{
    size_t most = 0;
    const char *value = NULL;
    for (size_t i = 0; i < c->sites.n; i++) {
        const struct site_line *l = &c->sites.items[i];
        size_t covers = l->option == o ? site_match(l->address, url) : 0;
        if (covers && covers >= most)
            most = covers, value = l->value;
    }
    return value;
}

const char *conf_site_nth(const struct conf *c, enum conf_site o, const char *url, size_t i)
{
    struct site_hit *hits = mem_array(c->sites.n + 1, sizeof *hits);
    size_t n = 0;
    for (size_t k = 0; k < c->sites.n; k++) {
        const struct site_line *l = &c->sites.items[k];
        size_t covers = l->option == o ? site_match(l->address, url) : 0;
        if (covers)
            hits[n++] = (struct site_hit){covers, k};
    }
    if (n)
        qsort(hits, n, sizeof *hits, by_cover);
    const char *value = i < n ? c->sites.items[hits[i].at].value : NULL;
    free(hits);
    return value;
}

const struct sites *conf_sites(const struct conf *c)
{
    return &c->sites;
}

const struct conf_problem *conf_problems(const struct conf *c, size_t *n)
{
    *n = c->nproblems;
    return c->problems;
}

// ---- values ----

static void nearer(const char *name, const char *candidate, const char **best, size_t *least)
{
    size_t far = near_edits(name, candidate);
    if (far < *least)
        *least = far, *best = candidate;
}

static bool unknown(const char *name, struct err *e)
{
    const char *best = NULL;
    size_t least = strlen(name) / 3 + 2; // a third of the letters may be off, and one more
    for (size_t i = 0; i < option_count; i++)
        nearer(name, option_table[i].name, &best, &least);
    static const char *const words[] = {"bind", "unbind", "include", "feed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        nearer(name, words[i], &best, &least);
    if (best)
        return err_set(e, ERR_USAGE, "unknown option '%.60s': did you mean '%s'?", name, best);
    return err_set(e, ERR_USAGE, "unknown option '%.60s'; `lectern options` lists them all", name);
}

static bool set_int(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    char *end;
    errno = 0;
    long v = strtol(value, &end, 10);
    if (end == value || *end)
        return err_set(e, ERR_USAGE, "%s takes a number from %d to %d, not '%.60s'", o->name,
                       o->min, o->max, value);
    if (errno || v < o->min || v > o->max)
        return err_set(e, ERR_USAGE, "%s takes a number from %d to %d; %.60s is too %s", o->name,
                       o->min, o->max, value, v < o->min ? "small" : "large");
    c->ints[o->index] = (int)v;
    return true;
}

static bool set_bool(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    static const char *const yes[] = {"yes", "on", "true", "1"}, *const no[] = {"no", "off",
                                                                                "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool is_yes = strcasecmp(value, yes[i]) == 0;
        if (is_yes || strcasecmp(value, no[i]) == 0) {
            c->bools[o->index] = is_yes;
            return true;
        }
    }
    return err_set(e, ERR_USAGE, "%s is yes or no, not '%.60s'", o->name, value);
}

static bool set_choice(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    size_t len = strlen(value);
    char known[128] = "";
    for (const char *p = o->choices; *p;) {
        size_t n = strcspn(p, " ");
        if (n == len && strncmp(p, value, n) == 0) {
            c->strings[o->index] = arena_strdup(c->arena, value);
            return true;
        }
        bool more = p[n] == ' ';
        size_t at = strlen(known);
        snprintf(known + at, sizeof known - at, "%s%.*s", at ? more ? ", " : " or " : "", (int)n,
                 p);
        p += n + more;
    }
    return err_set(e, ERR_USAGE, "%s is %s, not '%.60s'", o->name, known, value);
}

bool conf_set(struct conf *c, const char *name, const char *value, struct err *e)
{
    const struct option *o = NULL;
    for (size_t i = 0; i < option_count && !o; i++)
        if (strcmp(option_table[i].name, name) == 0)
            o = &option_table[i];
    if (!o)
        return unknown(name, e);
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if ((*p < 0x20 && *p != '\t') || *p == 0x7F)
            return err_set(e, ERR_USAGE, "the value of %s has a control character in it", o->name);
    char **words;
    size_t n;
    switch (o->kind) {
    case OPTION_INT:
        return set_int(c, o, value, e);
    case OPTION_BOOL:
        return set_bool(c, o, value, e);
    case OPTION_CHOICE:
        return set_choice(c, o, value, e);
    case OPTION_WORDS:
        if (!conf_words(value, &words, &n, e))
            return err_wrap(e, "%s", o->name);
        free(words);
        break;
    case OPTION_TEXT:
    case OPTION_FILE:
        break;
    }
    if (o->kind == OPTION_TEXT && o->index == CONF_PROXY && !site_proxy_ok(value))
        return err_set(e, ERR_USAGE, "%s goes http://host:port or socks5h://host:port", o->name);
    c->strings[o->index] = arena_strdup(c->arena, value);
    return true;
}

// ---- files ----

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
            nearer(name, site_table[i].name, &best, &least);
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
        reset(c, o);
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
