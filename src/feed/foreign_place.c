// Where other readers keep their things. newsboat: its dot folder, or two XDG folders when that of
// the configuration is there (its own order); the database may be elsewhere by `cache-file`.
// newsraft: each file for itself in XDG or dot folder. sfeed: ~/.sfeed. A folder that is named may
// have moved from another machine: what lies in it counts.
#include "lectern/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/conf.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

static const struct {
    const char *name;
    enum foreign_kind kind;
    const char *dot, *xdg, *list, *cache, *data; // xdg: below ~/.config; data: below ~/.local/share
} readers[] = {
    {"newsboat", FOREIGN_NEWSBOAT, ".newsboat", "newsboat", "urls", "cache.db", "newsboat"},
    {"newsbeuter", FOREIGN_NEWSBOAT, ".newsbeuter", "newsbeuter", "urls", "cache.db", "newsbeuter"},
    {"newsraft", FOREIGN_NEWSRAFT, ".newsraft", "newsraft", "feeds", "newsraft.sqlite3",
     "newsraft"},
    {"sfeed", FOREIGN_SFEED, ".sfeed", "sfeed", "sfeedrc", "feeds", "sfeed"},
};
enum { READERS = sizeof readers / sizeof *readers, CONFIG_MAX = 1 << 20 };

bool foreign_is_name(const char *name)
{
    for (size_t i = 0; i < READERS; i++)
        if (strcmp(readers[i].name, name) == 0)
            return true;
    return false;
}

static bool meant(size_t i, const char *name)
{
    return !name || strcmp(readers[i].name, name) == 0;
}

static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

// dir/name if that is there, else NULL.
static char *there(const char *dir, const char *name, bool folder)
{
    char *path = dir ? path_join(dir, name) : NULL;
    if (path && (folder ? is_dir(path) : is_file(path)))
        return path;
    free(path);
    return NULL;
}

// $XDG_... /name, else ~/fallback/name; the caller's, NULL without a home.
static char *base(const char *variable, const char *fallback, const char *name)
{
    const char *dir = getenv(variable), *home = getenv("HOME");
    if (dir && dir[0] == '/')
        return path_join(dir, name);
    return home && *home ? mem_printf("%s/%s/%s", home, fallback, name) : NULL;
}

static char *expanded(const char *path)
{
    const char *home = getenv("HOME");
    return strncmp(path, "~/", 2) == 0 && home ? mem_printf("%s%s", home, path + 1)
                                               : mem_strdup(path);
}

// newsboat's `cache-file PATH`.
static char *configured_cache(const char *config)
{
    struct buf b = {0};
    char *found = NULL;
    if (!config || !buf_read_file(&b, config, CONFIG_MAX, NULL))
        return NULL;
    char *save = NULL;
    for (char *s = strtok_r(b.data ? b.data : (char[]){""}, "\n", &save); s;
         s = strtok_r(NULL, "\n", &save)) {
        char **words = NULL;
        size_t n = 0;
        s += strspn(s, " \t");
        if (strncmp(s, "cache-file", 10) != 0 || !conf_words(s, &words, &n, NULL))
            continue;
        if (n >= 2 && strcmp(words[0], "cache-file") == 0) {
            char *path = expanded(words[1]);
            free(found);
            found = is_file(path) ? mem_strdup(path) : NULL;
            free(path);
        }
        free(words);
    }
    buf_free(&b);
    return found;
}

// What there is of reader i in `dir`, and where that is NULL in `data`.
static bool look(size_t i, const char *dir, const char *data, struct foreign_place *out)
{
    struct foreign_place p = {.kind = readers[i].kind, .name = readers[i].name};
    bool folder = p.kind == FOREIGN_SFEED;
    p.list = there(dir, readers[i].list, false);
    p.cache = there(dir, readers[i].cache, folder);
    if (!p.cache)
        p.cache = there(data, readers[i].cache, folder);
    if (p.kind == FOREIGN_NEWSBOAT) {
        p.config = there(dir, "config", false);
        char *other = configured_cache(p.config);
        if (other) {
            free(p.cache);
            p.cache = other;
        }
    } else if (p.kind == FOREIGN_SFEED) {
        const char *named = getenv("SFEED_URL_FILE");
        p.read = named && is_file(named) ? mem_strdup(named) : there(dir, "urls", false);
    }
    // sfeed's folder of feeds says nothing without the addresses that sfeedrc has.
    if (!p.list && (!p.cache || folder)) {
        foreign_place_free(&p);
        return false;
    }
    if (!p.cache)
        p.missing = folder ? "it has fetched nothing yet: there is no folder `feeds`"
                           : "there is no database of it: only its subscriptions can be taken";
    p.dir = mem_strdup(dir);
    *out = p;
    return true;
}

// The folder of reader i and the one where its database may be. False: there is neither.
static bool folders(size_t i, bool dot, char **dir, char **data)
{
    const char *home = getenv("HOME");
    *data = NULL;
    *dir = dot ? home && *home ? path_join(home, readers[i].dot) : NULL
               : base("XDG_CONFIG_HOME", ".config", readers[i].xdg);
    if (*dir && !dot)
        *data = base("XDG_DATA_HOME", ".local/share", readers[i].data);
    return *dir != NULL;
}

bool foreign_find(const char *name, struct foreign_place *out)
{
    for (size_t i = 0; i < READERS; i++)
        for (int dot = 0; dot < 2; dot++) {
            char *dir, *data;
            if (!meant(i, name) || !folders(i, dot, &dir, &data))
                continue;
            bool found = look(i, dir, data, out);
            free(dir);
            free(data);
            if (found)
                return true;
        }
    return false;
}

char *foreign_home(const char **name)
{
    struct foreign_place p;
    if (!foreign_find(NULL, &p))
        return NULL;
    const char *home = getenv("HOME");
    size_t n = home ? strlen(home) : 0;
    char *dir = n && strncmp(p.dir, home, n) == 0 && p.dir[n] == '/' ? mem_printf("~%s", p.dir + n)
                                                                     : mem_strdup(p.dir);
    *name = p.name;
    char *clean = utf8_clean_dup(dir, strlen(dir), UTF8_LINE);
    if (strcmp(clean, dir) != 0) { // nothing that a line could show and give back
        free(dir);
        dir = NULL;
    }
    free(clean);
    foreign_place_free(&p);
    return dir;
}

static bool is_database(const char *path)
{
    char head[16] = {0};
    FILE *f = is_file(path) ? fopen(path, "rb") : NULL;
    bool yes = f && fread(head, 1, sizeof head, f) == sizeof head &&
               memcmp(head, "SQLite format 3", 16) == 0;
    if (f)
        fclose(f);
    return yes;
}

// Where reader i's configuration has been named, its database is in the other folder.
static char *other_folder(size_t i, const char *path)
{
    char *dir = NULL, *data = NULL;
    struct stat named, own;
    if (!folders(i, false, &dir, &data) || stat(dir, &own) != 0 || stat(path, &named) != 0 ||
        own.st_dev != named.st_dev || own.st_ino != named.st_ino) {
        free(data);
        data = NULL;
    }
    free(dir);
    return data;
}

bool foreign_look(const char *path, const char *name, struct foreign_place *out)
{
    char *at = expanded(path);
    bool found = is_database(at);
    if (found)
        *out = (struct foreign_place){
            .name = "a database", .cache = mem_strdup(at), .dir = mem_strdup(at)};
    char *rc = there(at, "sfeedrc", false); // beside it a file `urls` may lie, of what was read
    for (size_t i = 0; !found && is_dir(at) && i < READERS; i++) {
        if (!meant(i, name) || (!name && rc && readers[i].kind != FOREIGN_SFEED))
            continue;
        char *data = other_folder(i, at);
        found = look(i, at, data, out);
        free(data);
    }
    free(rc);
    free(at);
    return found;
}

void foreign_place_free(struct foreign_place *p)
{
    free(p->dir);
    free(p->list);
    free(p->cache);
    free(p->config);
    free(p->read);
    *p = (struct foreign_place){0};
}
