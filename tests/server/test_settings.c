// What is set for some addresses only: logins, headers, cookies, proxies, certificates. Each is
// sent where it belongs and nowhere else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/http.h"
#include "lectern/mem.h"
#include "../support/program.h"
#include "../support/server.h"

// Tells back what it was asked with; /to/URL leads there.
static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    if (strncmp(q->path, "/to/", 4) == 0) {
        r->status = 302;
        server_set(r, "Location", q->path + 4);
        server_set(r, "Set-Cookie", "fresh=1");
        return;
    }
    static const char *const names[] = {"Authorization", "Cookie",     "X-One",
                                        "X-Two",         "User-Agent", "Accept"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = server_header(q, names[i]);
        if (v && (i < 4 || strstr(v, "own")))
            buf_printf(&r->body, "%s=%s;", names[i], v);
    }
    if (!r->body.len)
        buf_str(&r->body, "nothing");
}

static struct conf *conf_of(const char *fmt, ...) LECTERN_PRINTF(1, 2);
static struct conf *conf_of(const char *fmt, ...)
{
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct conf *c = conf_new();
    conf_parse(c, text, (size_t)len, "test");
    size_t n;
    const struct conf_problem *p = conf_problems(c, &n);
    if (n)
        fail_msg("%s", p->message);
    return c;
}

// One question; out: the body, or the sentence of the failure.
static enum http_how get(const struct conf *c, const char *url, struct buf *out)
{
    struct http *h = NULL;
    struct http_get g = {.url = mem_strdup(url), .feed = true};
    struct err e = ERR_INIT;
    assert_true(http_new(c, &h, &e));
    http_add(h, &g);
    while (!http_next(h))
        http_work(h, 1000, -1);
    buf_clear(out);
    buf_str(out, g.how == HTTP_BODY ? buf_cstr(&g.body) : g.err.msg);
    enum http_how how = g.how;
    http_get_clear(&g);
    http_free(h);
    return how;
}

static void says(const struct conf *c, char *url, const char *want)
{
    struct buf out = {0};
    get(c, url, &out);
    assert_string_equal(buf_cstr(&out), want);
    buf_free(&out);
    free(url);
}

static void secrets_go_where_they_belong(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL), *other = server_start(serve, NULL);
    int port = server_port(s);
    struct conf *c = conf_of("feed 127.0.0.1:%d/mine login ada:se:cret\n"
                             "feed 127.0.0.1:%d header 'X-One: general'\n"
                             "feed 127.0.0.1:%d/mine header 'X-One: special'\n"
                             "feed 127.0.0.1:%d/mine header 'X-Two: 2'\n"
                             "feed 127.0.0.1:%d/mine user-agent own\n"
                             "feed 127.0.0.1:%d/mine header 'Accept: own/type'\n",
                             port, port, port, port, port, port);
    says(c, server_url(s, NULL, "/mine/feed"),
         "Authorization=Basic YWRhOnNlOmNyZXQ=;X-One=special;X-Two=2;User-Agent=own;"
         "Accept=own/type;");
    says(c, server_url(s, NULL, "/feed"), "X-One=general;");
    says(c, server_url(s, NULL, "/mines"), "X-One=general;");
    says(c, server_url(s, "127.0.0.2", "/mine"), "nothing");
    says(c, server_url(other, NULL, "/mine"), "nothing");
    conf_free(c);
    // Led elsewhere: what is secret stays behind, the name goes along.
    c = conf_of("feed 127.0.0.1:%d login ada:secret\nfeed 127.0.0.1:%d header 'X-One: 1'\n"
                "feed 127.0.0.1:%d user-agent own\n",
                port, port, port);
    char *path = mem_printf("/to/http://127.0.0.2:%d/x", server_port(other));
    says(c, server_url(s, NULL, path), "User-Agent=own;");
    free(path);
    // A login in the address stays within its server, also where that says its whole address.
    struct conf *plain = conf_new();
    char *url = mem_printf("http://bob:pw@127.0.0.2:%d/to/http://127.0.0.2:%d/x", port, port);
    says(plain, url, "Authorization=Basic Ym9iOnB3;");
    url = mem_printf("http://bob:pw@127.0.0.2:%d/to/http://127.0.0.3:%d/x", port, port);
    says(plain, url, "nothing");
    conf_free(plain);
    conf_free(c);
    server_stop(s);
    server_stop(other);
}

static void netrc_is_read(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    char *home = program_path("home-netrc"), *file = mem_printf("%s/.netrc", home);
    char *before = mem_strdup(getenv("HOME"));
    struct err e = ERR_INIT;
    char *command = mem_printf("mkdir -p '%s'", home);
    assert_int_equal(system(command), 0);
    static const char text[] = "machine 127.0.0.1 login eve password net-rc\n";
    assert_true(buf_write_file(file, text, sizeof text - 1, 0600, &e));
    setenv("HOME", home, 1);
    struct conf *c = conf_of("feed 127.0.0.1:%d/mine login ada:secret\n", server_port(s));
    says(c, server_url(s, NULL, "/feed"), "Authorization=Basic ZXZlOm5ldC1yYw==;");
    says(c, server_url(s, NULL, "/mine"), "Authorization=Basic YWRhOnNlY3JldA==;");
    says(c, server_url(s, "127.0.0.2", "/feed"), "nothing");
    if (before)
        setenv("HOME", before, 1);
    unlink(file);
    conf_free(c);
    free(before);
    free(command);
    free(home);
    free(file);
    server_stop(s);
}

static void cookies_are_read_and_never_written(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    static const char text[] = "# Netscape HTTP Cookie File\n\n"
                               "127.0.0.1\tFALSE\t/\tFALSE\t0\tkey\tturned\r\n"
                               "#HttpOnly_127.0.0.1\tFALSE\t/mine\tFALSE\t4102444800\tid\t7\n"
                               "127.0.0.1\tFALSE\t/\tFALSE\t1000000000\told\tgone\n"
                               "127.0.0.2\tFALSE\t/\tFALSE\t0\tother\t1\n"
                               "ALL\nno cookie\n";
    char *file = program_file("cookies.txt", text), *none = program_path("no-cookies.txt");
    struct conf *c = conf_of("feed 127.0.0.1:%d cookies %s\nfeed 127.0.0.3:%d cookies %s\n",
                             server_port(s), file, server_port(s), none);
    says(c, server_url(s, NULL, "/mine"), "Cookie=id=7; key=turned;");
    says(c, server_url(s, NULL, "/feed"), "Cookie=key=turned;");
    says(c, server_url(s, NULL, "/to//mine"), "Cookie=id=7; key=turned;"); // fresh= is for /to
    says(c, server_url(s, "127.0.0.2", "/mine"), "nothing");
    struct buf out = {0}, now = {0};
    char *url = server_url(s, "127.0.0.3", "/mine");
    int asked = server_requests(s);
    assert_int_equal(get(c, url, &out), HTTP_FAILED);
    assert_non_null(strstr(out.data, "the cookie file cannot be read"));
    assert_int_equal(server_requests(s), asked);
    assert_true(buf_read_file(&now, file, 65536, NULL));
    assert_string_equal(now.data, text);
    buf_free(&out);
    buf_free(&now);
    free(url);
    conf_free(c);
    c = conf_of("cookies %s\n", file); // for all
    says(c, server_url(s, NULL, "/feed"), "Cookie=key=turned;");
    conf_free(c);
    free(file);
    free(none);
    server_stop(s);
}

// ---- proxies ----

struct proxy {
    struct server *to; // where everything leads
    int listener, port, asked;
    char name[256]; // the host it was asked for
    pthread_t thread;
};

static bool all(int fd, void *into, size_t len)
{
    return recv(fd, into, len, MSG_WAITALL) == (ssize_t)len;
}

// RFC 1928, for one connection after the other: no authentication, CONNECT, an answer of one.
static void *socks(void *data)
{
    struct proxy *p = data;
    for (int fd; (fd = accept(p->listener, NULL, NULL)) >= 0; close(fd)) {
        unsigned char b[512];
        if (!all(fd, b, 2) || b[0] != 5 || !all(fd, b + 2, b[1]))
            continue;
        send(fd, "\5\0", 2, MSG_NOSIGNAL);
        if (!all(fd, b, 5) || b[1] != 1)
            continue;
        size_t len = b[3] == 3 ? b[4] : b[3] == 1 ? 3 : 15;
        char host[256] = "";
        if (!all(fd, host, len) || !all(fd, b + 8, 2))
            continue;
        host[len] = '\0';
        p->asked++;
        snprintf(p->name, sizeof p->name, "%s", b[3] == 3 ? host : "(a number)");
        int up = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in at = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)server_port(p->to)),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (connect(up, (struct sockaddr *)&at, sizeof at) == 0) {
            send(fd, "\5\0\0\1\0\0\0\0\0\0", 10, MSG_NOSIGNAL);
            char buf[8192];
            ssize_t n = recv(fd, buf, sizeof buf, 0); // the whole question comes at once
            if (n > 0)
                send(up, buf, (size_t)n, MSG_NOSIGNAL);
            shutdown(up, SHUT_WR);
            while ((n = recv(up, buf, sizeof buf, 0)) > 0)
                send(fd, buf, (size_t)n, MSG_NOSIGNAL);
        }
        close(up);
    }
    return NULL;
}

static void a_socks_proxy_resolves_names(void **state)
{
    (void)state;
    struct proxy p = {.to = server_start(serve, NULL)};
    p.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    assert_int_equal(bind(p.listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p.listener, 8), 0);
    assert_int_equal(getsockname(p.listener, (struct sockaddr *)&at, &len), 0);
    assert_int_equal(pthread_create(&p.thread, NULL, socks, &p), 0);
    int port = ntohs(at.sin_port);
    struct conf *c = conf_of("feed hidden.invalid proxy socks5h://127.0.0.1:%d\n"
                             "feed hidden.invalid header 'Connection-Note: own'\n"
                             "feed hidden.invalid user-agent own\n",
                             port);
    // A name that only the proxy knows; nothing of it may be asked of this machine's resolver.
    says(c, mem_strdup("http://hidden.invalid/feed"), "User-Agent=own;");
    assert_string_equal(p.name, "hidden.invalid");
    // A redirect to an address without a setting goes through the proxy of the feed.
    says(c, mem_strdup("http://hidden.invalid/to/http://elsewhere.invalid/x"), "User-Agent=own;");
    assert_string_equal(p.name, "elsewhere.invalid");
    assert_int_equal(p.asked, 3);
    // Another feed does not.
    char *direct = server_url(p.to, NULL, "/x");
    says(c, direct, "nothing");
    assert_int_equal(p.asked, 3);
    conf_free(c);
    shutdown(p.listener, SHUT_RDWR);
    pthread_join(p.thread, NULL);
    close(p.listener);
    // Nobody is there any more.
    c = conf_of("proxy socks5h://127.0.0.1:%d\nfeed 127.0.0.1:%d proxy none\n", port,
                server_port(p.to));
    struct buf out = {0};
    assert_int_equal(get(c, "http://hidden.invalid/", &out), HTTP_FAILED);
    assert_non_null(strstr(out.data, "could not reach the proxy"));
    says(c, server_url(p.to, NULL, "/x"), "nothing"); // proxy none
    buf_free(&out);
    conf_free(c);
    server_stop(p.to);
}

static void serve_proxy(void *ctx, int fd, const char *path)
{
    (void)ctx;
    char *answer = mem_printf("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n"
                              "by way of the proxy: %s",
                              strlen(path) + 21, path);
    send(fd, answer, strlen(answer), MSG_NOSIGNAL);
    free(answer);
}

static void refuse_proxy(void *ctx, int fd, const char *path)
{
    (void)ctx, (void)path;
    static const char answer[] = "HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n"
                                 "Proxy-Authenticate: Basic\r\n\r\n";
    send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
}

static void an_http_proxy_is_asked_for_the_whole_address(void **state)
{
    (void)state;
    struct server *s = server_raw(serve_proxy, NULL), *no = server_raw(refuse_proxy, NULL);
    struct conf *c = conf_of("proxy http://127.0.0.1:%d\nfeed closed.invalid proxy "
                             "http://ada:pass-word@127.0.0.1:%d\n",
                             server_port(s), server_port(no));
    says(c, mem_strdup("http://example.invalid/feed?a=b"),
         "by way of the proxy: http://example.invalid/feed?a=b");
    struct buf out = {0};
    assert_int_equal(get(c, "http://closed.invalid/", &out), HTTP_REFUSED);
    assert_string_equal(out.data, "HTTP 407: the proxy asks for user and password");
    assert_int_equal(get(c, "https://closed.invalid/", &out), HTTP_FAILED);
    assert_null(strstr(out.data, "pass-word"));
    conf_free(c);
    buf_free(&out);
    server_stop(s);
    server_stop(no);
}

// ---- certificates ----

// A certificate for localhost, valid for so many days from now (negative: expired already).
static void certificate(const char *name, int days, char **cert, char **key, struct buf *cert_pem,
                        struct buf *key_pem)
{
    char *file = mem_printf("%s.pem", name), *key_file = mem_printf("%s.key", name);
    *cert = program_path(file);
    *key = program_path(key_file);
    // `req` knows no past: the expired one is signed by `x509`, which takes a day in it.
    char *command = mem_printf(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout '%s' -out '%s.csr' "
        "2>/dev/null && openssl x509 -req -in '%s.csr' -signkey '%s' -days %d "
        "-extfile '%s.ext' -out '%s' 2>/dev/null",
        *key, *cert, *cert, *key, days, *cert, *cert);
    char *ext = mem_printf("%s.ext", *cert);
    struct err e = ERR_INIT;
    static const char san[] = "subjectAltName=DNS:localhost\n";
    assert_true(buf_write_file(ext, san, sizeof san - 1, 0600, &e));
    assert_int_equal(system(command), 0);
    assert_true(buf_read_file(cert_pem, *cert, 65536, &e));
    assert_true(buf_read_file(key_pem, *key, 65536, &e));
    free(ext);
    free(command);
    free(file);
    free(key_file);
}

static void certificates_are_trusted_for_their_address(void **state)
{
    (void)state;
    struct buf cert_pem = {0}, key_pem = {0}, old_pem = {0}, old_key = {0}, out = {0};
    char *cert, *key, *old, *old_file;
    certificate("settings", 2, &cert, &key, &cert_pem, &key_pem);
    certificate("settings-old", -1, &old, &old_file, &old_pem, &old_key);
    struct server *s = server_start_tls(serve, NULL, key_pem.data, cert_pem.data),
                  *expired = server_start_tls(serve, NULL, old_key.data, old_pem.data);
    char *here = mem_printf("https://localhost:%d/mine", server_port(s)),
         *there = mem_printf("https://localhost:%d/other", server_port(s)),
         *late = mem_printf("https://localhost:%d/", server_port(expired));
    struct conf *c = conf_of("feed %s ca-file %s\nfeed %s ca-file %s\n", here, cert, late, old);
    assert_int_equal(get(c, here, &out), HTTP_BODY);
    // Trusted for that address, not for the one beside it.
    assert_int_equal(get(c, there, &out), HTTP_FAILED);
    assert_non_null(strstr(out.data, "not trusted"));
    // Trusted or not: what has expired is refused.
    assert_int_equal(get(c, late, &out), HTTP_FAILED);
    assert_non_null(strstr(out.data, "has expired"));
    conf_free(c);
    c = conf_of("feed %s ca-file /nowhere/ca.pem\n", here);
    assert_int_equal(get(c, here, &out), HTTP_FAILED);
    assert_non_null(strstr(out.data, "cannot be read (ca-file"));
    conf_free(c);
    c = conf_of("ca-file %s\n", cert);
    assert_int_equal(get(c, there, &out), HTTP_BODY);
    conf_free(c);
    server_stop(s);
    server_stop(expired);
    buf_free(&cert_pem);
    buf_free(&key_pem);
    buf_free(&old_pem);
    buf_free(&old_key);
    buf_free(&out);
    free(cert);
    free(key);
    free(old);
    free(old_file);
    free(here);
    free(there);
    free(late);
}

int main(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "all_proxy",
                                            "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
                                            "no_proxy",   "NO_PROXY",    "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_go_where_they_belong),
        cmocka_unit_test(netrc_is_read),
        cmocka_unit_test(cookies_are_read_and_never_written),
        cmocka_unit_test(a_socks_proxy_resolves_names),
        cmocka_unit_test(an_http_proxy_is_asked_for_the_whole_address),
        cmocka_unit_test(certificates_are_trusted_for_their_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
