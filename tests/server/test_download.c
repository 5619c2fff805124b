// Recordings into files: broken off and gone on with, changed meanwhile, lied about, endless, too
// large, killed in the middle, on a full disk.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/download.h"
#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "../support/program.h"
#include "../support/server.h"

enum { SIZE = 300000, HALF = 150000 };
static char sound[SIZE];
static char kept[256]; // what `begun` was told last

static bool begun(void *ctx, const char *validator, struct err *e)
{
    (void)ctx;
    (void)e;
    snprintf(kept, sizeof kept, "%s", validator);
    return true;
}

static char *folder(const char *name)
{
    char *path = program_path(name), *line = mem_printf("rm -rf '%s'", path);
    assert_int_equal(system(line), 0);
    free(line);
    kept[0] = '\0';
    return path;
}

static bool fetch(const char *url, const char *dir, const char *validator, int64_t most,
                  char **file, struct err *e)
{
    struct conf *c = conf_new();
    int64_t size = 0;
    const struct download_job j = {.address = url,
                                   .folder = dir,
                                   .name = "one",
                                   .piece = "one",
                                   .validator = validator,
                                   .most = most,
                                   .begun = begun};
    bool ok = download_file(c, &j, file, &size, e);
    if (ok)
        assert_int_equal(size, SIZE);
    conf_free(c);
    return ok;
}

static void is_whole(const char *file)
{
    struct buf b = {0};
    struct stat st;
    assert_true(buf_read_file(&b, file, SIZE + 1, NULL));
    assert_int_equal(b.len, SIZE);
    assert_memory_equal(b.data, sound, SIZE);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    buf_free(&b);
}

static int64_t piece(const char *dir)
{
    char *path = path_join(dir, "one.part");
    struct stat st;
    int64_t n = stat(path, &st) == 0 ? st.st_size : -1;
    free(path);
    return n;
}

static void fails(const char *url, const char *dir, int64_t most, const char *why)
{
    struct err e = ERR_INIT;
    char *file = NULL;
    if (fetch(url, dir, NULL, most, &file, &e))
        fail_msg("%s was taken", url);
    if (!strstr(e.msg, why))
        fail_msg("'%s' is not in '%s'", why, e.msg);
    assert_null(file);
}

static void reply(struct server_reply *r, size_t from, size_t n)
{
    buf_add(&r->body, sound + from, n);
    server_set(r, "Content-Type", "audio/mpeg");
    server_set(r, "ETag", "\"one\"");
}

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    const char *range = server_header(q, "Range"), *same = server_header(q, "If-Range");
    size_t from = range ? strtoul(range + strlen("bytes="), NULL, 10) : 0;
    char says[80];
    r->status = 200;
    if (strcmp(q->path, "/away") == 0) {
        r->status = 307;
        server_set(r, "Location", "/whole");
    } else if (strcmp(q->path, "/gone") == 0) {
        r->status = 404;
    } else if (strcmp(q->path, "/page") == 0) {
        buf_str(&r->body, "<p>Log in</p>");
        server_set(r, "Content-Type", "text/html");
    } else if (strcmp(q->path, "/endless") == 0) {
        reply(r, 0, SIZE);
        r->endless = true;
    } else if (strcmp(q->path, "/empty") == 0) {
        server_set(r, "Content-Type", "audio/mpeg");
    } else if (strcmp(q->path, "/elsewhere") == 0 && range) { // not the piece that was asked for
        reply(r, 0, SIZE);
        r->status = 206;
        server_set(r, "Content-Range", "bytes 0-299999/300000");
    } else if (range && same && strcmp(same, "\"one\"") == 0 && from >= SIZE) {
        r->status = 416;
        server_set(r, "Content-Range", "bytes */300000");
    } else if (range && same && strcmp(same, "\"one\"") == 0) {
        reply(r, from, SIZE - from);
        r->status = 206;
        snprintf(says, sizeof says, "bytes %zu-%d/%d", from, SIZE - 1, SIZE);
        server_set(r, "Content-Range", says);
    } else {
        reply(r, 0, SIZE);
    }
}

// As much of it as an earlier try left.
static void leave(const char *dir, size_t n)
{
    char *path = path_join(dir, "one.part");
    assert_true(path_make_dir(dir, NULL));
    assert_true(buf_write_file(path, sound, n, 0600, NULL));
    free(path);
}

static void comes_whole_from_where_it_is(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    char *dir = folder("down-whole"), *url = server_url(s, NULL, "/away"), *file = NULL;
    struct err e = ERR_INIT;
    if (!fetch(url, dir, NULL, 1 << 20, &file, &e))
        fail_msg("%s", e.msg);
    is_whole(file);
    assert_non_null(strstr(file, "/one.mp3"));
    assert_string_equal(kept, "\"one\"");
    assert_int_equal(piece(dir), -1);
    free(file);
    assert_true(fetch(url, dir, NULL, 1 << 20, &file, &e)); // nothing is written over
    assert_non_null(strstr(file, "/one (2).mp3"));
    free(file);
    free(url);
    free(dir);
    server_stop(s);
}

static void goes_on_where_it_broke(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    static const struct {
        size_t there;
        const char *validator;
    } cases[] = {{HALF, "\"one\""}, {HALF, "\"other\""}, {HALF, NULL}, {SIZE, "\"one\""}, {1, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *dir = folder("down-on"), *url = server_url(s, NULL, "/whole"), *file = NULL;
        struct err e = ERR_INIT;
        leave(dir, cases[i].there);
        if (!fetch(url, dir, cases[i].validator, 1 << 20, &file, &e))
            fail_msg("%zu: %s", i, e.msg);
        is_whole(file);
        free(file);
        free(url);
        free(dir);
    }
    char *dir = folder("down-else"), *url = server_url(s, NULL, "/elsewhere"), *file = NULL;
    struct err e = ERR_INIT;
    leave(dir, HALF);
    assert_false(fetch(url, dir, "\"one\"", 1 << 20, &file, &e));
    assert_non_null(strstr(e.msg, "another piece"));
    assert_int_equal(piece(dir), HALF);
    free(url);
    free(dir);
    server_stop(s);
}

static void says_why_not(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    static const struct {
        const char *path, *why;
    } cases[] = {{"/gone", "404"},
                 {"/page", "a page and not a recording"},
                 {"/endless", "larger than"},
                 {"/empty", "nothing"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *dir = folder("down-not"), *url = server_url(s, NULL, cases[i].path);
        fails(url, dir, 1 << 20, cases[i].why);
        free(url);
        free(dir);
    }
    char *dir = folder("down-large"), *url = server_url(s, NULL, "/whole");
    fails(url, dir, 1000, "larger than");
    assert_int_equal(piece(dir), -1); // told before a byte was kept
    free(url);
    free(dir);
    server_stop(s);
}

// Half of it, then the line breaks or, where `ctx` says so, nothing more comes.
static void half(void *ctx, int fd, const char *path)
{
    (void)path;
    char head[200];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nETag: \"one\"\r\n"
                     "Content-Length: %d\r\n\r\n",
                     SIZE);
    char byte;
    if (write(fd, head, (size_t)n) != n)
        return;
    for (size_t at = 0; at < HALF;) {
        ssize_t got = write(fd, sound + at, HALF - at);
        if (got <= 0)
            return;
        at += (size_t)got;
    }
    if (ctx)
        while (read(fd, &byte, 1) > 0)
            ;
}

static void a_break_leaves_the_piece(void **state)
{
    (void)state;
    struct server *s = server_raw(half, NULL);
    char *dir = folder("down-break"), *url = server_url(s, NULL, "/whole"), *file = NULL;
    fails(url, dir, 1 << 20, "");
    assert_int_equal(piece(dir), HALF);
    assert_string_equal(kept, "\"one\"");
    server_stop(s);
    free(url);
    s = server_start(serve, NULL);
    url = server_url(s, NULL, "/whole");
    struct err e = ERR_INIT;
    if (!fetch(url, dir, kept, 1 << 20, &file, &e))
        fail_msg("%s", e.msg);
    is_whole(file);
    free(file);
    free(url);
    free(dir);
    server_stop(s);
}

static bool tell(void *ctx, int64_t have, int64_t whole)
{
    assert_true(whole == SIZE || whole <= 0);
    if (have == HALF && write(*(int *)ctx, "x", 1) != 1)
        _exit(1);
    return true;
}

static void killed_it_goes_on(void **state)
{
    (void)state;
    static int stay;
    struct server *s = server_raw(half, &stay);
    char *dir = folder("down-killed"), *url = server_url(s, NULL, "/whole"), *file = NULL;
    int line[2];
    assert_int_equal(pipe(line), 0);
    pid_t child = fork();
    if (child == 0) {
        struct conf *c = conf_new();
        int64_t size;
        const struct download_job j = {.address = url,
                                       .folder = dir,
                                       .name = "one",
                                       .piece = "one",
                                       .most = 1 << 20,
                                       .progress = tell,
                                       .progress_ctx = &line[1]};
        download_file(c, &j, &file, &size, NULL);
        _exit(1);
    }
    char byte;
    close(line[1]);
    assert_int_equal(read(line[0], &byte, 1), 1);
    struct err e = ERR_INIT;
    assert_false(fetch(url, dir, NULL, 1 << 20, &file, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(line[0]);
    assert_int_equal(piece(dir), HALF);
    server_stop(s);
    free(url);
    s = server_start(serve, NULL);
    url = server_url(s, NULL, "/whole");
    if (!fetch(url, dir, "\"one\"", 1 << 20, &file, &e))
        fail_msg("%s", e.msg);
    is_whole(file);
    free(file);
    free(url);
    free(dir);
    server_stop(s);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    char *dir = folder("down-full"), *url = server_url(s, NULL, "/whole"), *file = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct err e = ERR_INIT;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){HALF, HALF});
        bool ok = fetch(url, dir, NULL, 1 << 20, &file, &e);
        _exit(!ok && e.kind == ERR_FULL && strstr(e.msg, dir) ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(piece(dir), HALF); // and goes on when there is room
    free(url);
    free(dir);
    server_stop(s);
}

static void names_are_safe(void **state)
{
    (void)state;
    static const struct {
        const char *title, *name;
    } cases[] = {
        {"On walks", "2025-11-18 On walks"},
        {"../../etc/passwd", "2025-11-18 etc passwd"},
        {"a/b\\c:d", "2025-11-18 a b c d"},
        {".hidden", "2025-11-18 hidden"},
        {"", "2025-11-18 recording"},
        {"...", "2025-11-18 recording"},
        {"\x01\x1b[2J\n\x7f", "2025-11-18 [2J"},
        {"\xff\xfe", "2025-11-18 recording"},
        {"It\xe2\x80\x99s \xe2\x80\xaegpj.exe", "2025-11-18 It\xe2\x80\x99s gpj.exe"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *name = download_name(1763452800, cases[i].title);
        assert_string_equal(name, cases[i].name);
        free(name);
    }
    char *longest = malloc(100001), *name;
    memset(longest, 'x', 100000);
    longest[100000] = '\0';
    name = download_name(0, longest);
    assert_true(strlen(name) <= 120 && strlen(name) > 100);
    free(name);
    free(longest);
    name = download_name(0, "..");
    assert_string_equal(name, "recording");
    free(name);
}

static void is_had_from_the_shell(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    char *dir = folder("down-shell"), *library = path_join(dir, "library.db"),
         *url = server_url(s, NULL, "/whole"), *gone = server_url(s, NULL, "/gone"),
         *file = path_join(dir, "audio/recording.mp3"), *words, *wanted;
    struct buf out = {0}, err = {0};
    words = mem_printf("--library '%s' download %s %s", library, url, gone);
    assert_int_equal(program_run(words, &out, &err), 1); // one that fails stops no other
    wanted = mem_printf("%s\n", file);
    assert_string_equal(buf_cstr(&out), wanted);
    assert_non_null(strstr(buf_cstr(&err), "HTTP 404"));
    is_whole(file);
    server_stop(s); // it is here: nobody is asked any more
    free(words);
    words = mem_printf("--library '%s' download %s", library, url);
    assert_int_equal(program_run(words, &out, &err), 0);
    assert_string_equal(buf_cstr(&out), wanted);
    free(words);
    free(wanted);
    words = mem_printf("--library '%s' download --list", library);
    wanted = mem_printf("%s\t%s\n", url, file);
    assert_int_equal(program_run(words, &out, &err), 0);
    assert_non_null(strstr(buf_cstr(&out), wanted));
    assert_non_null(strstr(buf_cstr(&out), "HTTP 404"));
    free(words);
    words = mem_printf("--library '%s' download --remove %s %s", library, url, gone);
    assert_int_equal(program_run(words, &out, &err), 0);
    assert_int_not_equal(access(file, F_OK), 0);
    assert_int_equal(program_run(words, &out, &err), 1);
    assert_non_null(strstr(buf_cstr(&err), "is not on this machine"));
    free(words);
    words = mem_printf("--library '%s' download --remove", library);
    assert_int_equal(program_run(words, &out, &err), 2);
    free(words);
    free(wanted);
    free(file);
    free(gone);
    free(url);
    free(library);
    free(dir);
    buf_free(&out);
    buf_free(&err);
}

int main(void)
{
    for (size_t i = 0; i < SIZE; i++)
        sound[i] = (char)(i * 2654435761u >> 13);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_whole_from_where_it_is),
        cmocka_unit_test(goes_on_where_it_broke),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(a_break_leaves_the_piece),
        cmocka_unit_test(killed_it_goes_on),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(names_are_safe),
        cmocka_unit_test(is_had_from_the_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
