// `bench_kept FOLDER [N]`: N bookmarks (1,000) of 12 kB out into every form and back into an empty
// library: what one waits for in the shell, and what the worker costs that keeps a folder in step.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/bring.h"
#include "lectern/buf.h"
#include "lectern/export.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/write.h"
#include "../support/docs.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool ok, const struct err *e)
{
    if (ok)
        return;
    fprintf(stderr, "bench_kept: %s\n", e->msg);
    exit(1);
}

static struct store *library(const char *dir, const char *name)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    char *path = path_join(dir, name);
    unlink(path);
    must(store_open(path, STORE_WRITE, &s, &e), &e);
    free(path);
    return s;
}

static void fill(struct store *s, int n)
{
    struct err e = ERR_INIT;
    struct doc *d = docs_essay(12000);
    struct buf html = {0};
    write_html(&html, d);
    must(store_begin(s, &e), &e);
    for (int i = 0; i < n; i++) {
        char *title = mem_printf("Essay number %d", i),
             *url = mem_printf("https://a.example/%d", i);
        int64_t id;
        const struct snapshot sn = {.title = title,
                                    .url = url,
                                    .content = html.data,
                                    .content_len = html.len,
                                    .type = CONTENT_HTML,
                                    .published = 1700000000 + i * 3600,
                                    .words = d->words};
        must(store_bookmark_snapshot(s, &sn, 1760000000 + i, &id, &e) &&
                 store_bookmark_tag(s, id, "essays", true, &e),
             &e);
        free(title);
        free(url);
    }
    must(store_commit(s, &e), &e);
    buf_free(&html);
    doc_free(d);
}

static void folder(struct store *s, const char *dir, const char *what)
{
    struct err e = ERR_INIT;
    struct folder_result r;
    double t = now();
    must(export_folder(s, dir, &(struct folder_opts){.sync = true, .now = 1}, &r, &e), &e);
    printf("  a folder of Markdown, %-28s %8.1f ms, %zu files written\n", what, (now() - t) * 1e3,
           r.written);
}

static void file(struct store *s, const struct export_what *what, const char *path)
{
    struct err e = ERR_INIT;
    size_t n;
    double t = now();
    must(export_file(s, EXPORT_JSON, what, path, &n, &e), &e);
    printf("  JSON out %42.1f ms\n", (now() - t) * 1e3);
    struct buf b = {0};
    t = now();
    if (export_epub(s, what, &b, &e))
        printf("  a book of them %36.1f ms, %.1f MB\n", (now() - t) * 1e3, (double)b.len / 1e6);
    buf_free(&b);
}

static void back(struct store *s, const char *path, const char *what)
{
    struct err e = ERR_INIT;
    struct buf b = {0};
    struct brought *in = NULL;
    struct bring_result r;
    const struct bring_opts o = {.now = 1};
    double t = now();
    must(buf_read_file(&b, path, 1 << 30, &e) && bring_read(b.data, b.len, &in, &e) &&
             bring_take(s, in, &o, &r, &e),
         &e);
    printf("  JSON in, %-28s %13.1f ms, %zu added\n", what, (now() - t) * 1e3, r.added);
    bring_free(in);
    buf_free(&b);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 0;
    struct err e = ERR_INIT;
    struct shelf sh = {.kind = SHELF_BOOKMARKS};
    struct export_what what = {.title = "Bookmarks", .name = "bookmarks"};
    int64_t *ids;
    char *dir = path_join(argv[1], "kept"), *json = path_join(argv[1], "kept.json");
    struct store *s = library(argv[1], "kept.db"), *t = library(argv[1], "kept-two.db"),
                 *u = library(argv[1], "kept-three.db");
    fill(s, argc > 2 ? atoi(argv[2]) : 1000);
    must(store_ids(s, &sh, false, 0, 0, &ids, &what.n, &e), &e);
    what.ids = ids;
    printf("== kept: %zu bookmarks of 12 kB\n", what.n);
    folder(s, dir, "the first time");
    folder(s, dir, "nothing changed");
    must(store_bookmark_tag(s, ids[0], "new", true, &e), &e);
    folder(s, dir, "one changed");
    file(s, &what, json);
    back(t, json, "into an empty library");
    back(t, json, "all there already");
    struct bring_result r;
    double from = now();
    must(bring_folder(u, dir, &(struct bring_opts){.now = 1}, NULL, NULL, &r, &e), &e);
    printf("  the folder in %37.1f ms, %zu added\n", (now() - from) * 1e3, r.added);
    free(ids);
    free(dir);
    free(json);
    store_close(s);
    store_close(t);
    store_close(u);
    return 0;
}
