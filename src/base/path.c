// Where Lectern keeps things: the XDG Base Directory Specification, without surprises when HOME is
// not set.
#include "lectern/path.h"

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/mem.h"

char *path_join(const char *dir, const char *name)
{
    size_t len = strlen(dir);
    return mem_printf(len && dir[len - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

static const char *home(void)
{
    const char *dir = getenv("HOME");
    if (dir && dir[0] == '/')
        return dir;
    const struct passwd *pw = getpwuid(getuid());
    return pw && pw->pw_dir && pw->pw_dir[0] == '/' ? pw->pw_dir : "/";
}

// The specification says to ignore values that are not absolute.
static char *xdg(const char *variable, const char *fallback)
{
    const char *dir = getenv(variable);
    if (dir && dir[0] == '/')
        return path_join(dir, "lectern");
    char *base = path_join(home(), fallback);
    char *path = path_join(base, "lectern");
    free(base);
    return path;
}

char *path_data_dir(void)
{
    return xdg("XDG_DATA_HOME", ".local/share");
}

char *path_config_dir(void)
{
    return xdg("XDG_CONFIG_HOME", ".config");
}

char *path_runtime_dir(void)
{
    const char *dir = getenv("XDG_RUNTIME_DIR");
    return dir && dir[0] == '/' ? path_join(dir, "lectern") : xdg("XDG_CACHE_HOME", ".cache");
}

char *path_history(void)
{
    char *dir = xdg("XDG_STATE_HOME", ".local/state");
    char *path = path_join(dir, "history");
    free(dir);
    return path;
}

char *path_library(void)
{
    const char *named = getenv("LECTERN_LIBRARY");
    if (named && *named)
        return mem_strdup(named);
    char *dir = path_data_dir();
    char *path = path_join(dir, "library.db");
    free(dir);
    return path;
}

char *path_config(void)
{
    char *dir = path_config_dir();
    char *path = path_join(dir, "config");
    free(dir);
    return path;
}

char *path_self(void)
{
    char path[4096];
#ifdef __APPLE__
    uint32_t size = sizeof path;
    return _NSGetExecutablePath(path, &size) == 0 ? mem_strdup(path) : NULL;
#else
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    return n > 0 ? mem_strndup(path, (size_t)n) : NULL;
#endif
}

bool path_make_dir(const char *dir, struct err *e)
{
    char *path = mem_strdup(dir);
    bool ok = true;
    for (char *p = path + 1; ok; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char was = *p;
        *p = '\0';
        struct stat st;
        if (mkdir(path, 0700) != 0) {
            int why = errno; // EEXIST, or EROFS and EACCES on a parent that is there
            if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
                ok = err_set(e, why == ENOSPC ? ERR_FULL : ERR_OTHER,
                             "cannot make the directory %s: %s", path,
                             strerror(why == EEXIST ? ENOTDIR : why));
        }
        *p = was;
        if (was == '\0')
            break;
    }
    free(path);
    return ok;
}
