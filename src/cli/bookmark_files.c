// `lectern import` of what was kept: Lectern's own files and folders, those of browsers and of
// other programs. What is done with them is bring.h's; here it is told.
#include "bookmark_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "lectern/bring.h"
#include "lectern/buf.h"
#include "lectern/path.h"
#include "lectern/store.h"

enum { LARGEST = 1 << 30 };

// Puts what was read of standard input back, for those who read it after us.
static bool unread(const struct buf *b)
{
    FILE *f = tmpfile();
    bool ok = f && fwrite(buf_cstr(b), 1, b->len, f) == b->len && fflush(f) == 0 &&
              fseek(f, 0, SEEK_SET) == 0 && dup2(fileno(f), 0) == 0;
    if (f)
        fclose(f);
    return ok;
}

// Its beginning tells what it is; the whole is read only then.
static bool is_one(const char *name, struct buf *b, struct err *e)
{
    if (strcmp(name, "-") == 0)
        return buf_read_file(b, name, LARGEST, e) &&
               (bring_looks(buf_cstr(b), b->len) || (!unread(b) && false));
    return bring_looks_file(name) && (buf_read_file(b, name, LARGEST, e) || e->kind);
}

static void skipped(const char *name, const struct brought *what)
{
    int line;
    const char *which, *why;
    for (size_t i = 0; bring_skipped(what, i, &line, &which, &why); i++)
        if (line)
            fprintf(stderr, "lectern import: %s:%d: skipped %s: %s\n", name, line, which, why);
        else
            fprintf(stderr, "lectern import: %s: skipped %s: %s\n", name, which, why);
}

static void show(const char *name, const struct brought *what)
{
    const char *title, *url;
    for (size_t i = 0; i < bring_count(what); i++) {
        bring_show(what, i, &title, &url);
        printf("%s%s%s\n", url ? url : "", url ? "  " : "", title);
    }
    printf("%s, %s: %zu bookmarks; nothing was added\n", name, bring_format(what),
           bring_count(what));
}

static void told(const char *name, const char *format, const struct bring_result *r)
{
    printf("%s, %s: %zu added, %zu changed, %zu there already\n", name, format, r->added,
           r->changed, r->there);
    if (r->bare)
        printf("Of %zu only the address is known so far; `lectern bookmark --fetch` brings their "
               "text.\n",
               r->bare);
}

static bool take(const struct session *se, const char *name, const struct brought *what,
                 const struct arg_list *tags, struct err *e)
{
    struct bring_opts o = {.tags = tags->n ? tags->items : NULL, .now = (int64_t)time(NULL)};
    struct bring_result r = {0};
    struct store *s = NULL;
    bool ok = store_open(se->library, STORE_WRITE, &s, e) && bring_take(s, what, &o, &r, e);
    store_close(s);
    if (!ok)
        return false;
    told(name, bring_format(what), &r);
    return true;
}

// ---- folders ----

static void say(void *ctx, const char *file, const char *why)
{
    fprintf(stderr, "lectern import: %s/%s: skipped: %s\n", (const char *)ctx, file, why);
}

static bool take_folder(const struct session *se, const char *dir, const struct arg_list *tags,
                        struct err *e)
{
    struct bring_opts o = {.tags = tags->n ? tags->items : NULL, .now = (int64_t)time(NULL)};
    struct bring_result r = {0};
    struct store *s = NULL;
    bool ok = store_open(se->library, STORE_WRITE, &s, e) &&
              bring_folder(s, dir, &o, say, (void *)dir, &r, e);
    store_close(s);
    if (ok)
        told(dir, "a folder of Markdown", &r);
    return ok;
}

// Has it a Markdown file that begins with front matter? Other readers keep their things in folders,
// too.
static bool is_folder(const char *name)
{
    DIR *d = opendir(name);
    bool found = false;
    for (struct dirent *n; d && !found && (n = readdir(d));) {
        size_t len = strlen(n->d_name);
        if (len < 4 || strcasecmp(n->d_name + len - 3, ".md") != 0)
            continue;
        char *path = path_join(name, n->d_name), head[4] = "";
        FILE *f = fopen(path, "r");
        found = f && fread(head, 1, 4, f) == 4 && memcmp(head, "---", 3) == 0;
        if (f)
            fclose(f);
        free(path);
    }
    if (d)
        closedir(d);
    return found;
}

bool import_bookmarks(const struct session *se, const char *name, const struct arg_list *tags,
                      bool dry, int *code)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    struct brought *what = NULL;
    if (is_folder(name)) {
        if (dry)
            *code = args_usage(&cmd_import, "--dry-run is for files, and %s is a folder", name);
        else
            *code = take_folder(se, name, tags, &e) ? EXIT_DONE : args_fail(&cmd_import, &e);
        return true;
    }
    if (!is_one(name, &b, &e)) {
        buf_free(&b);
        return false;
    }
    bool ok = !e.kind && bring_read(buf_cstr(&b), b.len, &what, &e);
    if (ok) {
        skipped(name, what);
        if (dry)
            show(name, what);
        else
            ok = take(se, name, what, tags, &e);
    }
    *code = ok ? EXIT_DONE : args_fail(&cmd_import, &e);
    bring_free(what);
    buf_free(&b);
    return true;
}
