// Where themes are found, and all there are. Two are in the program, so that it needs no file.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/path.h"
#include "lectern/utf8.h"
#include "parts.h"

enum { FILE_MAX = 1 << 20, OWN = 0, TREE, INSTALLED, PLACES };
static const char suffix[] = ".theme";

extern const char theme_default_text[], theme_mono_text[]; // builtin.S

struct theme *theme_builtin(const char *name)
{
    const char *text = strcmp(name, "default") == 0 ? theme_default_text
                       : strcmp(name, "mono") == 0  ? theme_mono_text
                                                    : NULL;
    return text ? theme_parse(text, strlen(text), name) : NULL;
}

// For a program run from the tree it was built in: build/VARIANT/lectern -> themes/.
static char *beside_build(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = '\0';
    for (int up = 0; up < 3; up++) {
        char *slash = strrchr(path, '/');
        if (!slash || (up == 2 && strcmp(slash, "/build") != 0))
            return NULL;
        *slash = '\0';
    }
    return path_join(path, "themes");
}

// The folders themes may be in, those that win first; free each. NULL: there is none such.
static void places(char *dirs[PLACES])
{
    char *config = path_config_dir();
    dirs[OWN] = path_join(config, "themes");
    dirs[TREE] = beside_build();
    dirs[INSTALLED] = mem_strdup(LECTERN_PREFIX "/share/lectern/themes");
    free(config);
}

static void leave(char *dirs[PLACES])
{
    for (int i = 0; i < PLACES; i++)
        free(dirs[i]);
}

static struct theme *load_file(const char *path, struct err *e)
{
    struct buf b = {0};
    struct theme *t = NULL;
    if (buf_read_file(&b, path, FILE_MAX, e))
        t = theme_parse(buf_cstr(&b), b.len, path);
    buf_free(&b);
    return t;
}

static struct theme *load_name(const char *name, struct err *e)
{
    char *dirs[PLACES], *file = mem_printf("%s%s", name, suffix);
    struct theme *t = NULL;
    places(dirs);
    for (int i = 0; i < PLACES && !t && e->kind != ERR_OTHER; i++) {
        if (i == TREE)
            t = theme_builtin(name); // the file says the same
        char *path = dirs[i] ? path_join(dirs[i], file) : NULL;
        if (path && !t)
            t = load_file(path, e);
        free(path);
    }
    if (!t && e->kind != ERR_OTHER)
        err_set(e, ERR_MISSING, "there is no theme '%s' in %s or %s; `lectern themes` lists them",
                name, dirs[OWN], dirs[INSTALLED]);
    leave(dirs);
    free(file);
    return t;
}

struct theme *theme_load(const char *name, struct err *e)
{
    struct err why = ERR_INIT;
    struct theme *t = NULL;
    if (strchr(name, '/'))
        t = load_file(name, &why);
    else if (*name)
        t = load_name(name, &why);
    else
        err_set(&why, ERR_MISSING, "the theme has no name");
    if (t)
        return t;
    if (e)
        *e = why;
    return theme_builtin("default");
}

// ---- all there are ----

struct found {
    struct theme_entry *items;
    size_t n, cap;
    struct arena *arena;
};

static void found_add(struct found *f, const char *name, const char *path, bool own)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].name, name) == 0)
            return; // one that wins is there
    struct theme *t = path ? load_file(path, NULL) : theme_builtin(name);
    if (!t)
        return;
    f->items = mem_grow(f->items, &f->cap, f->n + 1, sizeof *f->items);
    f->items[f->n++] =
        (struct theme_entry){arena_strdup(f->arena, name), arena_strdup(f->arena, theme_about(t)),
                             path ? arena_strdup(f->arena, path) : NULL, own};
    theme_free(t);
}

static void look_into(struct found *f, const char *dir, bool own)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        size_t len = strlen(e->d_name), end = sizeof suffix - 1;
        if (len <= end || e->d_name[0] == '.' || strcmp(e->d_name + len - end, suffix) != 0)
            continue;
        char *name = mem_strndup(e->d_name, len - end), *path = path_join(dir, e->d_name),
             *clean = utf8_clean_dup(name, strlen(name), UTF8_LINE);
        if (strcmp(clean, name) == 0) // others could not be shown, nor written in a configuration
            found_add(f, name, path, own);
        free(clean);
        free(path);
        free(name);
    }
    if (d)
        closedir(d);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct theme_entry *)a)->name, ((const struct theme_entry *)b)->name);
}

size_t theme_list(struct arena *a, struct theme_entry **out)
{
    struct found f = {.arena = a};
    char *dirs[PLACES];
    places(dirs);
    for (int i = 0; i < PLACES; i++) {
        if (i == TREE) {
            found_add(&f, "default", NULL, false);
            found_add(&f, "mono", NULL, false);
        }
        if (dirs[i])
            look_into(&f, dirs[i], i == OWN);
    }
    leave(dirs);
    if (f.n)
        qsort(f.items, f.n, sizeof *f.items, by_name);
    *out = arena_alloc(a, (f.n + 1) * sizeof **out);
    if (f.n)
        memcpy(*out, f.items, f.n * sizeof **out);
    free(f.items);
    return f.n;
}
