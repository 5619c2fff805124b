// HTTP/2, and what is packed in brotli and zstd, over the line. The HTTP/2 server is a dozen frames
// behind `openssl s_server`, which does the TLS and the ALPN.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "fetch/http.h"
#include "fetch/unpack.h"
#include "lectern/mem.h"
#include "../support/program.h"
#include "../support/server.h"

static struct http_get *next(struct http *h)
{
    struct http_get *g;
    while (!(g = http_next(h)))
        http_work(h, 1000, -1);
    return g;
}

// ---- HTTP/2 (RFC 9113), as much as two questions need ----

struct h2 {
    pid_t pid;
    FILE *in; // what s_server says: its own words first, then what the client sent
    int out;
    int streams; // questions that came before the first answer
    pthread_t thread;
};

static void frame(int fd, int type, int flags, unsigned stream, const char *body, size_t len)
{
    unsigned char head[9] = {0,
                             (unsigned char)(len >> 8),
                             (unsigned char)len,
                             (unsigned char)type,
                             (unsigned char)flags,
                             0,
                             0,
                             (unsigned char)(stream >> 8),
                             (unsigned char)stream};
    char whole[512];
    memcpy(whole, head, 9);
    if (len)
        memcpy(whole + 9, body, len);
    ssize_t n = write(fd, whole, 9 + len);
    (void)n;
}

static void *serve_h2(void *data)
{
    struct h2 *s = data;
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    size_t seen = 0;
    for (int c; seen < sizeof preface - 1 && (c = getc(s->in)) != EOF;)
        seen = c == preface[seen] ? seen + 1 : c == preface[0];
    frame(s->out, 4, 0, 0, NULL, 0); // SETTINGS
    unsigned asked[2];
    unsigned char head[9];
    char body[65536];
    while (s->streams < 2 && fread(head, 9, 1, s->in) == 1) {
        size_t len = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        if (len > sizeof body || (len && fread(body, len, 1, s->in) != 1))
            break;
        if (head[3] == 4 && !(head[4] & 1))
            frame(s->out, 4, 1, 0, NULL, 0);
        else if (head[3] == 1)
            asked[s->streams++] = (unsigned)head[7] << 8 | head[8];
    }
    for (int i = 0; i < s->streams; i++) {
        frame(s->out, 1, 4, asked[i], "\x88", 1); // HEADERS: ":status: 200" of the static table
        frame(s->out, 0, 1, asked[i], "by two", 6);
    }
    while (fread(head, 1, 1, s->in) == 1)
        ;
    return NULL;
}

static char *certificate(struct h2 *s, int *port)
{
    char *cert = program_path("h2.pem"), *key = program_path("h2.key");
    char *command =
        mem_printf("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                   "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
                   "-keyout '%s' -out '%s' 2>/dev/null",
                   key, cert);
    assert_int_equal(system(command), 0);
    int to[2], from[2];
    assert_int_equal(pipe(to) | pipe(from), 0);
    s->pid = fork();
    if (s->pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 2);
        for (int fd = 3; fd < 64; fd++)
            close(fd);
        execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-alpn",
               "h2", "-cert", cert, "-key", key, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    s->out = to[1];
    s->in = fdopen(from[0], "r");
    char line[256] = "";
    while (strncmp(line, "ACCEPT", 6) != 0)
        assert_non_null(fgets(line, sizeof line, s->in));
    *port = atoi(strrchr(line, ':') + 1);
    assert_true(*port > 0);
    free(command);
    free(key);
    return cert;
}

static void two_questions_share_a_connection(void **state)
{
    (void)state;
    struct h2 s = {0};
    int port;
    char *cert = certificate(&s, &port);
    assert_int_equal(pthread_create(&s.thread, NULL, serve_h2, &s), 0);
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    assert_true(conf_set(c, "ca-file", cert, &e));
    struct http *h = NULL;
    assert_true(http_new(c, &h, &e));
    struct http_get g[2] = {{.feed = true}, {.feed = true}};
    for (int i = 0; i < 2; i++) {
        g[i].url = mem_printf("https://localhost:%d/%d", port, i);
        http_add(h, &g[i]);
    }
    for (int i = 0; i < 2; i++) {
        struct http_get *done = next(h);
        if (done->how != HTTP_BODY)
            fail_msg("%s", done->err.msg);
        assert_int_equal(done->status, 200);
        assert_string_equal(buf_cstr(&done->body), "by two");
    }
    http_free(h); // hangs up: s_server, which takes one connection, ends
    pthread_join(s.thread, NULL);
    assert_int_equal(s.streams, 2);
    http_get_clear(&g[0]);
    http_get_clear(&g[1]);
    conf_free(c);
    close(s.out);
    fclose(s.in);
    kill(s.pid, SIGTERM);
    waitpid(s.pid, NULL, 0);
    free(cert);
}

// ---- codings ----

// 64 MB of zeros in brotli.
static const char bomb[] =
    "\xcb\xff\xff\x3f\x00\x24\x00\xe2\xb1\x40\x72\xef\xff\xf8\xff\xff\x07\x80"
    "\x04\x40\x1c\x16\x80\xee\xfd\x1f\xff\xff\xff\x00\x90\x00\x88\xc3\x02\xd0"
    "\xbd\xff\xe3\xff\xff\x1f\x00\x12\x00\x71\x58\x00\xba\xf7\x7f\xfc\xff\xff"
    "\x03\x40\x02\x20\x0e\x0b\x40\xf7\xfe\x8f\xff\xff\x7f\x00\x48\x00\xc4\x61"
    "\x01\xe8\xde\xff\xf1\xff\xff\x0f\x00\x09\x80\x38\x2c\x00\xdd\xfb\xbf\xfc"
    "\xff\xff\x03\x20\x01\x10\x87\x05\xa0\x7b\xff\x07";

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    if (strcmp(q->path, "/zstd") == 0) {
        struct buf plain = {0};
        for (int i = 0; i < 10000; i++)
            buf_str(&plain, "word ");
        buf_reserve(&r->body, ZSTD_compressBound(plain.len));
        r->body.len = ZSTD_compress(r->body.data, r->body.cap, plain.data, plain.len, 3);
        buf_free(&plain);
        server_set(r, "Content-Encoding", "zstd");
        r->chunked = true;
    } else if (strcmp(q->path, "/br") == 0) {
        static const char brotli[] =
            "\x13\x9f\x0f\xf8\x8d\x94\xae\xc6\x52\x19\x06\x42\x96\x6e\x69\x67"
            "\x71\x60\x28\x00\xd4\x01\x00\x27\x0b";
        buf_add(&r->body, brotli, sizeof brotli - 1);
        server_set(r, "Content-Encoding", "br");
    } else if (strcmp(q->path, "/bomb") == 0) {
        buf_add(&r->body, bomb, sizeof bomb - 1);
        server_set(r, "Content-Encoding", "br");
    } else {
        char date[64];
        time_t then = time(NULL) + 1800;
        struct tm tm;
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
        r->status = 429;
        server_set(r, "Retry-After", date);
    }
}

static void codings_come_apart_and_bombs_do_not(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    struct http *h = NULL;
    assert_true(conf_set(c, "fetch-max-size", "8", &e) && http_new(c, &h, &e));
    struct unpacker *u = unpacker_new();
    static const struct {
        const char *path, *coding;
        size_t len; // 0: too much
    } table[] = {{"/zstd", "zstd", 50000}, {"/br", "br", 4000}, {"/bomb", "br", 0}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strstr(unpack_accepted(), table[i].coding))
            continue;
        struct http_get g = {.url = server_url(s, NULL, table[i].path), .feed = true};
        struct buf out = {0};
        http_add(h, &g);
        assert_ptr_equal(next(h), &g);
        assert_int_equal(g.how, HTTP_BODY);
        assert_int_equal(http_unpack(&g, u, 8 << 20, &out), table[i].len > 0);
        if (table[i].len) {
            assert_int_equal(out.len, table[i].len);
        } else {
            assert_non_null(strstr(g.err.msg, "larger than 8 MB when unpacked"));
            assert_true(out.cap <= 32 << 20);
        }
        buf_free(&out);
        http_get_clear(&g);
    }
    struct http_get g = {.url = server_url(s, NULL, "/429")};
    http_add(h, &g);
    next(h);
    assert_int_equal(g.how, HTTP_REFUSED);
    assert_in_range(g.retry_after, time(NULL) + 1790, time(NULL) + 1801);
    http_get_clear(&g);
    unpacker_free(u);
    http_free(h);
    conf_free(c);
    server_stop(s);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_questions_share_a_connection),
        cmocka_unit_test(codings_come_apart_and_bombs_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
