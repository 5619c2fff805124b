// `lectern add` and `lectern fetch` as a person or a script meets them: words, codes, JSON, and
// what must never be shown.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/store.h"
#include "../support/server.h"

struct world {
    char *dir, *library;
    struct server *server;
    struct buf out, err;
    int done[2]; // a byte when /hang is asked for
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    struct world *w = ctx;
    if (strncmp(q->path, "/feed", 5) == 0) {
        server_feed(&r->body, "Slow Letters", 20, 200);
    } else if (strcmp(q->path, "/hang") == 0) {
        ssize_t n = write(w->done[1], "x", 1);
        (void)n;
        r->hang = true;
    } else if (strcmp(q->path, "/two") == 0) {
        server_set(r, "Content-Type", "text/html");
        buf_str(
            &r->body,
            "<html><head><link rel=alternate type=application/rss+xml title=One href=/feed/1>"
            "<link rel=alternate type=application/rss+xml title=Two href=/feed/2></head></html>");
    } else {
        r->status = 404;
    }
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    const char *tmp = getenv("LECTERN_TMP");
    w->dir = mem_printf("%s/cli.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(w->dir));
    w->library = path_join(w->dir, "library.db");
    assert_int_equal(pipe2(w->done, O_CLOEXEC), 0);
    w->server = server_start(serve, w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    server_stop(w->server);
    buf_free(&w->out);
    buf_free(&w->err);
    close(w->done[0]);
    close(w->done[1]);
    free(w->library);
    free(w->dir);
    free(w);
    return 0;
}

static pid_t begin(struct world *w, const char *const *words)
{
    const char *bin = getenv("LECTERN_BIN");
    assert_non_null(bin);
    char *argv[16] = {(char *)bin, "--library", w->library};
    for (int i = 0; words[i]; i++)
        argv[3 + i] = (char *)words[i];
    char *out = path_join(w->dir, "out"), *err = path_join(w->dir, "err");
    pid_t pid = fork();
    if (pid == 0) {
        int o = open(out, O_CREAT | O_TRUNC | O_WRONLY, 0600),
            e = open(err, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        int null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(o, 1);
        dup2(e, 2);
        execv(bin, argv);
        _exit(127);
    }
    free(out);
    free(err);
    return pid;
}

static int end(struct world *w, pid_t pid)
{
    int status;
    waitpid(pid, &status, 0);
    char *out = path_join(w->dir, "out"), *err = path_join(w->dir, "err");
    buf_clear(&w->out);
    buf_clear(&w->err);
    assert_true(buf_read_file(&w->out, out, 1 << 20, NULL));
    assert_true(buf_read_file(&w->err, err, 1 << 20, NULL));
    free(out);
    free(err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#define RUN(...) end(w, begin(w, (const char *const[]){__VA_ARGS__, NULL}))

static void adding_says_what_came(void **state)
{
    struct world *w = *state;
    char *feed = server_url(w->server, NULL, "/feed"), *none = server_url(w->server, NULL, "/none");
    char *two = server_url(w->server, NULL, "/two");
    assert_int_equal(RUN("add", feed, "--tag", "slow"), 0);
    assert_string_equal(w->out.data, "Slow Letters: 20 essays\n");
    assert_string_equal(buf_cstr(&w->err), "");
    assert_int_equal(RUN("add", feed), 0);
    assert_string_equal(w->out.data, "Slow Letters is there already: 20 essays\n");
    assert_int_equal(RUN("add", two), 0); // nobody to ask: the best, said
    assert_non_null(strstr(w->err.data, "offers 2 feeds; took http"));
    assert_int_equal(RUN("add", none), 1);
    assert_string_equal(w->err.data, "lectern add: HTTP 404: there is nothing at this address\n");
    assert_int_equal(RUN("add", "nonsense"), 2);
    assert_int_equal(RUN("add"), 2);
    free(feed);
    free(none);
    free(two);
}

static void fetching_tells_totals_and_errors(void **state)
{
    struct world *w = *state;
    char *feed = mem_printf("http://ada:secret@localhost:%d/feed", server_port(w->server));
    char *gone = mem_printf("http://ada:secret@localhost:%d/feed/gone", server_port(w->server));
    assert_int_equal(RUN("add", feed, gone), 0);
    assert_null(strstr(w->out.data, "secret"));
    assert_int_equal(RUN("fetch"), 0);
    assert_string_equal(w->out.data, "nothing is due; `lectern fetch --force` asks every feed\n");
    assert_int_equal(RUN("fetch", "--force"), 0);
    assert_non_null(strstr(w->out.data, "2 feeds: 0 new, 2 unchanged"));
    server_stop(w->server);
    w->server = server_start(serve, w); // at another port: the old one refuses
    assert_int_equal(RUN("fetch", "--force", "--json"), 1);
    json_t *o = json_loads(w->out.data, 0, NULL);
    assert_non_null(o);
    assert_int_equal(json_integer_value(json_object_get(o, "feeds")), 2);
    assert_int_equal(json_integer_value(json_object_get(o, "failed")), 2);
    json_t *first = json_array_get(json_object_get(o, "errors"), 0);
    assert_non_null(
        strstr(json_string_value(json_object_get(first, "error")), "refused the connection"));
    assert_non_null(strstr(json_string_value(json_object_get(first, "url")), "http://localhost:"));
    assert_true(json_integer_value(json_object_get(first, "feed")) > 0);
    json_decref(o);
    assert_null(strstr(w->out.data, "secret"));
    assert_null(strstr(w->err.data, "secret"));
    assert_non_null(strstr(w->err.data, "lectern fetch: Slow Letters: localhost:"));
    static const char *const listings[][3] = {{"feeds"},
                                              {"feeds", "--json"},
                                              {"feeds", "--status"},
                                              {"export", "opml"},
                                              {"list", "--json"}};
    for (size_t i = 0; i < sizeof listings / sizeof *listings; i++) {
        assert_int_equal(RUN(listings[i][0], listings[i][1]), 0);
        assert_null(strstr(w->out.data, "secret"));
        assert_null(strstr(buf_cstr(&w->err), "secret"));
    }
    // Found by the address as it is shown.
    char *shown = mem_printf("http://localhost%s", strrchr(feed, ':'));
    assert_int_equal(RUN("tag", shown, "a"), 0);
    free(shown);
    assert_int_equal(RUN("fetch", "no such feed"), 1);
    assert_int_equal(RUN("fetch", "--nonsense"), 2);
    free(feed);
    free(gone);
}

static void an_interrupt_ends_cleanly(void **state)
{
    struct world *w = *state;
    char *feed = server_url(w->server, NULL, "/feed");
    char *hang = server_url(w->server, "127.0.6.1", "/hang");
    assert_int_equal(RUN("add", feed), 0);
    // The second one hangs already while it is added: interrupted, it is not there.
    pid_t pid = begin(w, (const char *const[]){"add", hang, NULL});
    char c;
    assert_int_equal(read(w->done[0], &c, 1), 1);
    kill(pid, SIGINT);
    assert_int_equal(end(w, pid), -SIGINT);
    struct store *store;
    struct err e = ERR_INIT;
    int64_t id;
    bool existed;
    assert_true(store_open(w->library, STORE_WRITE, &store, &e) &&
                store_feed_add(store, hang, NULL, &id, &existed, &e));
    assert_false(existed);
    store_close(store);
    pid = begin(w, (const char *const[]){"fetch", "--force", NULL});
    assert_int_equal(read(w->done[0], &c, 1), 1);
    kill(pid, SIGINT);
    assert_int_equal(end(w, pid), 1);
    assert_non_null(strstr(w->out.data, "stopped early; what had arrived is kept"));
    assert_string_equal(buf_cstr(&w->err), ""); // what was stopped has not failed
    assert_int_equal(RUN("fetch", "Slow Letters", "--quiet"), 0);
    assert_string_equal(buf_cstr(&w->out), "");
    free(feed);
    free(hang);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(adding_says_what_came),
        T(fetching_tells_totals_and_errors),
        T(an_interrupt_ends_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
