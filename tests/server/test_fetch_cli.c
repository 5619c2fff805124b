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
#include "../support/library.h"
#include "../support/server.h"

struct world {
    char *dir, *library;
    struct server *server;
    struct buf out, err;
    bool whole, complete;
    int done[2]; // a byte when /hang is asked for
};

// A feed of five pages, two essays each; /archive names 4, which names 3 ... 0 names itself. 2 is
// not to be had until w->whole.
static void archive(struct world *w, const char *path, struct server_reply *r)
{
    int n = path[8] ? atoi(path + 9) : 5;
    r->gzip = true;
    if (n == 2 && !w->whole) {
        r->status = 429;
        server_set(r, "Retry-After", "1");
        return;
    }
    buf_printf(&r->body,
               "<feed xmlns='http://www.w3.org/2005/Atom'><title>Archive %d</title><id>x</id>"
               "<link rel='%s' href='/archive/%d'/>%s",
               n, n > 3 ? "prev-archive" : "next", n ? n - 1 : 0,
               w->complete ? "<complete xmlns='http://purl.org/syndication/history/1.0'/>" : "");
    for (int i = 0; i < 2; i++)
        buf_printf(&r->body,
                   "<entry><id>e%d</id><title>Essay %d</title><updated>20%02d-01-01T00:00:00Z"
                   "</updated><content>as of %d</content></entry>",
                   n * 2 - i, n * 2 - i, 10 + n, n);
    buf_str(&r->body, "</feed>");
}

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    struct world *w = ctx;
    if (strncmp(q->path, "/feed", 5) == 0) {
        server_feed(&r->body, "Slow Letters", 20, 200);
    } else if (strncmp(q->path, "/moved", 6) == 0) {
        r->status = 301;
        server_set(r, "Location", "/feed/new");
    } else if (strncmp(q->path, "/told", 5) == 0) { // by its own document, unchanged from then on
        server_set(r, "ETag", "\"1\"");
        const char *mark = server_header(q, "If-None-Match");
        if (mark) {
            r->status = 304;
            return;
        }
        buf_str(&r->body, "<rss version='2.0' "
                          "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>"
                          "<title>Told</title><itunes:new-feed-url>/feed/told"
                          "</itunes:new-feed-url><item><title>a</title><guid>a</guid></item>"
                          "</channel></rss>");
    } else if (strncmp(q->path, "/archive", 8) == 0) {
        archive(w, q->path, r);
    } else if (strcmp(q->path, "/forbidden") == 0) {
        r->status = 403;
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

static const char *input; // a file for standard input; NULL: nothing

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
        int null = open(input ? input : "/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(o, 1);
        dup2(e, 2);
        signal(SIGINT, SIG_DFL); // whatever the shell that runs the tests made of it
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

static json_t *status(struct world *w, size_t at)
{
    assert_int_equal(RUN("feeds", "--status", "--json"), 0);
    json_t *all = json_loads(w->out.data, 0, NULL);
    assert_non_null(all);
    json_t *one = json_incref(json_array_get(all, at));
    assert_non_null(one);
    json_decref(all);
    return one;
}

static void assert_member(json_t *o, const char *name, const char *tail)
{
    const char *v = json_string_value(json_object_get(o, name));
    if (!tail) {
        assert_null(v);
        return;
    }
    if (!v || strlen(v) < strlen(tail) || strcmp(v + strlen(v) - strlen(tail), tail) != 0)
        fail_msg("%s is %s, not ...%s", name, v ? v : "null", tail);
}

static void moves_are_told_and_taken_back(void **state)
{
    struct world *w = *state;
    // The document's own word for it counts like a redirect, and also where it says nothing new.
    static const char *const paths[][2] = {{"/moved", "/feed/new"}, {"/told", "/feed/told"}};
    for (size_t i = 0; i < 2; i++) {
        char *url = server_url(w->server, NULL, paths[i][0]);
        assert_int_equal(RUN("add", url), 0);
        json_t *o = status(w, 0);
        assert_member(o, "url", paths[i][0]);
        assert_member(o, "moved_to", paths[i][1]); // seen once
        json_decref(o);
        assert_int_equal(RUN("feeds", "--status"), 0);
        assert_non_null(strstr(w->out.data, "moving      its server leads on for good to"));
        assert_int_equal(RUN("fetch", "--force"), 0);
        o = status(w, 0);
        assert_member(o, "url", paths[i][1]);
        assert_member(o, "moved_from", paths[i][0]);
        assert_non_null(json_string_value(json_object_get(o, "moved")));
        json_decref(o);
        assert_int_equal(RUN("feeds", "--status"), 0);
        assert_non_null(strstr(w->out.data, "to take it back: lectern move "));
        // Back, and not believed again.
        const char *id = i ? "2" : "1";
        assert_int_equal(RUN("move", id, url), 0);
        assert_non_null(strstr(w->out.data, "is fetched from http://127.0.0.1:"));
        for (int k = 0; k < 3; k++)
            assert_int_equal(RUN("fetch", "--force"), 0);
        o = status(w, 0);
        assert_member(o, "url", paths[i][0]);
        assert_member(o, "move_refused", paths[i][1]);
        assert_member(o, "moved_from", NULL);
        assert_true(json_integer_value(json_object_get(o, "total")) >= 20 - (int)i * 19);
        json_decref(o);
        assert_int_equal(RUN("remove", id), 0);
        free(url);
    }
}

static void moving_keeps_the_essays(void **state)
{
    struct world *w = *state;
    char *feed = server_url(w->server, NULL, "/feed/1"),
         *next = server_url(w->server, NULL, "/feed/2");
    char *third = server_url(w->server, NULL, "/feed/3");
    assert_int_equal(RUN("add", feed, third), 0);
    assert_int_equal(RUN("move", "1", third), 1);
    assert_string_equal(w->err.data,
                        "lectern move: this address is subscribed to already, as feed 2\n");
    assert_int_equal(RUN("move", "1", "nonsense"), 2);
    assert_int_equal(RUN("move", "7", next), 1);
    assert_int_equal(RUN("move", "1"), 2);
    assert_int_equal(RUN("move", feed, next), 0);
    assert_non_null(strstr(w->out.data, "its 20 essays stay"));
    assert_int_equal(RUN("fetch"), 0); // due at once
    assert_non_null(strstr(w->out.data, "1 feed: 0 new"));
    assert_int_equal(server_asked(w->server, "/feed/2"), 1);
    free(feed);
    free(next);
    free(third);
}

static void what_is_wrong_comes_with_advice(void **state)
{
    struct world *w = *state;
    char *feed = server_url(w->server, NULL, "/feed"),
         *no = server_url(w->server, NULL, "/forbidden");
    assert_int_equal(RUN("add", feed), 0);
    assert_int_equal(RUN("move", "1", no), 0);
    assert_int_equal(RUN("fetch"), 1);
    json_t *o = status(w, 0);
    assert_member(o, "health", "failing");
    assert_member(o, "error", "HTTP 403: the server does not let us in");
    assert_non_null(strstr(json_string_value(json_object_get(o, "advice")), "lectern ingest"));
    assert_int_equal(json_integer_value(json_object_get(o, "http_status")), 403);
    json_decref(o);
    assert_int_equal(RUN("feeds", "--status"), 0);
    assert_non_null(strstr(w->out.data, "  state       failing, HTTP 403\n"));
    assert_non_null(strstr(w->out.data, "  what to do  the server refuses programs"));
    assert_non_null(strstr(w->out.data, "  next due    in "));
    free(feed);
    free(no);
}

// Nobody answered for a file: no status is made up for it.
static void a_file_has_no_http_status(void **state)
{
    struct world *w = *state;
    struct buf b = {0};
    struct err e = ERR_INIT;
    char *file = path_join(w->dir, "local.xml");
    server_feed(&b, "From a File", 3, 100);
    assert_true(buf_write_file(file, b.data, b.len, 0600, &e));
    assert_int_equal(RUN("add", file), 0);
    for (int i = 0; i < 2; i++) {
        json_t *o = status(w, 0);
        assert_true(json_is_null(json_object_get(o, "http_status")));
        json_decref(o);
        assert_int_equal(RUN("fetch", "--force"), 0);
    }
    assert_int_equal(RUN("feeds", "--status"), 0);
    assert_null(strstr(w->out.data, "HTTP"));
    free(file);
    buf_free(&b);
}

static void documents_come_in_by_hand(void **state)
{
    struct world *w = *state;
    struct buf b = {0};
    struct err e = ERR_INIT;
    char *file = path_join(w->dir, "feed.xml"), *no = server_url(w->server, NULL, "/forbidden");
    server_feed(&b, "By Hand", 3, 100);
    assert_true(buf_write_file(file, b.data, b.len, 0600, &e));
    assert_int_equal(RUN("ingest", "My script"), 1);
    assert_string_equal(w->err.data, "lectern ingest: nothing came in on standard input\n");
    input = file;
    assert_int_equal(RUN("ingest", "My script"), 0);
    assert_string_equal(w->out.data, "Subscribed to By Hand: 3 new, 3 in all\n");
    assert_int_equal(RUN("ingest", "My script"), 0); // by the name it was given
    assert_string_equal(w->out.data, "By Hand: 0 new, 3 in all\n");
    assert_int_equal(RUN("ingest", "By"), 0); // a part of a title is another name
    assert_string_equal(w->out.data, "Subscribed to By Hand: 3 new, 3 in all\n");
    assert_int_equal(RUN("ingest", "99"), 1);
    assert_int_equal(RUN("ingest", no), 0); // an address whose server refuses
    assert_int_equal(RUN("ingest", no, "--quiet"), 0);
    assert_string_equal(buf_cstr(&w->out), "");
    input = NULL;
    // What has no address is not fetched, by nobody and not by name.
    assert_int_equal(RUN("fetch", "--force"), 1);
    assert_non_null(strstr(w->out.data, "1 feed: 0 new, 1 failed"));
    assert_int_equal(RUN("fetch", "1"), 2);
    assert_non_null(strstr(w->err.data, "`lectern ingest` brings it"));
    assert_int_equal(RUN("feeds", "--status"), 0);
    assert_non_null(strstr(w->out.data, "next due    when something is ingested"));
    assert_int_equal(RUN("export", "opml"), 0);
    assert_null(strstr(w->out.data, "lectern:ingest"));
    buf_clear(&b);
    buf_str(&b, "no feed at all");
    assert_true(buf_write_file(file, b.data, b.len, 0600, &e));
    input = file;
    assert_int_equal(RUN("ingest", "Another"), 1);
    input = NULL;
    assert_int_equal(RUN("feeds"), 0);
    assert_null(strstr(w->out.data, "Another")); // nothing was begun for it
    buf_free(&b);
    free(file);
    free(no);
}

static void older_essays_come_page_by_page(void **state)
{
    struct world *w = *state;
    char *url = server_url(w->server, NULL, "/archive"),
         *feed = server_url(w->server, NULL, "/feed");
    assert_int_equal(RUN("add", url), 0);
    assert_int_equal(RUN("add", feed), 0);
    assert_int_equal(RUN("fetch", "--older"), 2);
    assert_int_equal(RUN("fetch", "2", "--older"), 0);
    assert_string_equal(w->out.data,
                        "the feed names nothing older, and nothing else was found that does\n");
    assert_int_equal(RUN("fetch", "1", "--older", "--pages", "1"), 0);
    assert_string_equal(w->out.data,
                        "2 older essays from the archive the feed names; there is more: the same "
                        "again goes on\n");
    // Interrupted by the server: what came is kept, and the walk goes on where it was.
    assert_int_equal(RUN("fetch", "1", "--older"), 1);
    assert_non_null(strstr(w->out.data, "2 older essays"));
    assert_non_null(strstr(w->err.data, "HTTP 429"));
    assert_int_equal(server_asked(w->server, "/archive/4"), 1);
    w->whole = true;
    struct store *s = library_open(w->library, STORE_WRITE);
    assert_true(store_put(s, "fetch.hosts", "", NULL)); // the second of peace is over
    store_close(s);
    assert_int_equal(RUN("fetch", "1", "--older"), 0);
    assert_string_equal(w->out.data, "6 older essays from the archive the feed names\n");
    assert_int_equal(server_asked(w->server, "/archive/3"), 1);
    assert_int_equal(server_asked(w->server, "/archive/0"), 1); // it names itself
    // Nothing of the feed itself is changed by its archive; what comes again is not written again.
    json_t *o = status(w, 0);
    assert_member(o, "title", "Archive 5");
    assert_int_equal(json_integer_value(json_object_get(o, "total")), 12);
    json_decref(o);
    assert_int_equal(RUN("fetch", "1", "--older"), 0);
    assert_string_equal(w->out.data,
                        "nothing older than what is here in the archive the feed names\n");
    w->complete = true;
    assert_int_equal(RUN("fetch", "1", "--older"), 0);
    assert_string_equal(w->out.data,
                        "the feed says that it has all its essays: there is nothing older\n");
    free(url);
    free(feed);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(adding_says_what_came),     T(fetching_tells_totals_and_errors),
        T(an_interrupt_ends_cleanly), T(moves_are_told_and_taken_back),
        T(moving_keeps_the_essays),   T(what_is_wrong_comes_with_advice),
        T(a_file_has_no_http_status), T(older_essays_come_page_by_page),
        T(documents_come_in_by_hand), T(older_essays_come_page_by_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
