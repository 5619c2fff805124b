// The engine against servers that behave, move, refuse, stall, lie and flood.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fetch/http.h"
#include "lectern/mem.h"
#include "../support/server.h"

static struct conf *limits(int total, int stall, int max)
{
    struct conf *c = conf_new();
    char n[16];
    struct err e = ERR_INIT;
    snprintf(n, sizeof n, "%d", total);
    assert_true(conf_set(c, "fetch-timeout", n, &e));
    snprintf(n, sizeof n, "%d", stall);
    assert_true(conf_set(c, "fetch-stall-timeout", n, &e));
    snprintf(n, sizeof n, "%d", max);
    assert_true(conf_set(c, "fetch-max-size", n, &e));
    return c;
}

static size_t at_most; // bytes of a body, as the engine was told last

static struct http *engine(int total, int stall, int max)
{
    static struct conf *kept[64]; // an engine's configuration outlives it
    static size_t nkept;
    at_most = (size_t)max << 20;
    struct http *h = NULL;
    struct err e = ERR_INIT;
    assert_true(nkept < 64);
    kept[nkept] = limits(total, stall, max);
    assert_true(http_new(kept[nkept++], &h, &e));
    return h;
}

static void ask(struct http *h, struct http_get *g, char *url)
{
    memset(g, 0, sizeof *g);
    g->url = url;
    g->feed = true;
    http_add(h, g);
}

static struct http_get *answer(struct http *h)
{
    struct http_get *g;
    while (!(g = http_next(h)))
        http_work(h, 1000, -1);
    return g;
}

static enum http_how get(struct http *h, struct http_get *g, char *url)
{
    ask(h, g, url);
    assert_ptr_equal(answer(h), g);
    if (g->how == HTTP_BODY) {
        struct buf body = {0};
        struct unpacker *u = unpacker_new();
        if (!http_unpack(g, u, at_most, &body))
            buf_free(&body);
        unpacker_free(u);
        g->body = body;
    }
    return g->how;
}

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    const char *p = q->path;
    const char *seen = server_header(q, "If-None-Match");
    if (strcmp(p, "/etag") == 0) {
        server_set(r, "ETag", "W/\"a \\ b\"");
        server_set(r, "Last-Modified", "Tue, 03 Feb 2026 08:00:00 GMT");
        if (seen && strcmp(seen, "W/\"a \\ b\"") == 0 &&
            strcmp(server_header(q, "If-Modified-Since"), "Tue, 03 Feb 2026 08:00:00 GMT") == 0)
            r->status = 304;
        else
            buf_str(&r->body, "words");
    } else if (strcmp(p, "/gzip") == 0) {
        r->gzip = true;
        for (int i = 0; i < 10000; i++)
            buf_str(&r->body, "word ");
    } else if (strcmp(p, "/bomb") == 0) {
        r->gzip = true;
        buf_reserve(&r->body, 64 << 20);
        memset(r->body.data, 0, 64 << 20);
        r->body.len = 64 << 20;
    } else if (strcmp(p, "/chunked") == 0) {
        r->chunked = true;
        buf_str(&r->body, "chunks");
    } else if (strcmp(p, "/endless") == 0) {
        r->endless = true;
        for (int i = 0; i < 1000; i++)
            buf_str(&r->body, "and again ");
    } else if (strcmp(p, "/agent") == 0) {
        buf_printf(&r->body, "%s|%s|%s", server_header(q, "User-Agent"),
                   server_header(q, "Accept-Encoding"), server_header(q, "Authorization"));
    } else if (strcmp(p, "/301") == 0 || strcmp(p, "/308") == 0) {
        r->status = atoi(p + 1);
        server_set(r, "Location", "/chunked");
        buf_str(&r->body, "moved");
    } else if (strcmp(p, "/302") == 0) {
        r->status = 302;
        server_set(r, "Location", "/301");
    } else if (strcmp(p, "/301-302") == 0) {
        r->status = 301;
        server_set(r, "Location", "/302");
    } else if (strcmp(p, "/loop") == 0) {
        r->status = 301;
        server_set(r, "Location", "/loop");
    } else if (strcmp(p, "/door") == 0) {
        const char *cookie = server_header(q, "Cookie");
        if (cookie && strcmp(cookie, "key=turned") == 0) {
            buf_str(&r->body, "inside");
        } else {
            r->status = 302;
            server_set(r, "Set-Cookie", "key=turned");
            server_set(r, "Location", "/door");
        }
    } else if (strcmp(p, "/jar") == 0) {
        buf_printf(&r->body, "%s", server_header(q, "Cookie"));
    } else if (strcmp(p, "/to-file") == 0) {
        r->status = 302;
        server_set(r, "Location", "file:///etc/passwd");
    } else if (strcmp(p, "/429") == 0) {
        r->status = 429;
        server_set(r, "Retry-After", "120");
    } else if (strcmp(p, "/503") == 0) {
        r->status = 503;
        server_set(r, "Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT");
    } else if (strcmp(p, "/fresh") == 0) {
        server_set(r, "Cache-Control", "public, s-maxage=9, max-age=7200");
    } else if (strcmp(p, "/hang") == 0) {
        r->hang = true;
    } else if (strncmp(p, "/meet", 5) == 0) {
        r->meet = true;
        buf_str(&r->body, "met");
    } else {
        r->status = atoi(p + 1) ? atoi(p + 1) : 404;
        buf_str(&r->body, "a page that tells of it");
    }
}

static void answers_come_whole(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    struct http_get g;
    assert_int_equal(get(h, &g, server_url(s, NULL, "/etag")), HTTP_BODY);
    assert_int_equal(g.status, 200);
    assert_string_equal(g.body.data, "words");
    assert_string_equal(g.new_etag, "W/\"a \\ b\"");
    char *etag = mem_strdup(g.new_etag), *modified = mem_strdup(g.new_last_modified);
    http_get_clear(&g);
    memset(&g, 0, sizeof g);
    g.url = server_url(s, NULL, "/etag");
    g.etag = etag;
    g.last_modified = modified;
    http_add(h, &g);
    assert_ptr_equal(answer(h), &g);
    assert_int_equal(g.how, HTTP_SAME);
    http_get_clear(&g);
    free(etag);
    free(modified);

    assert_int_equal(get(h, &g, server_url(s, NULL, "/gzip")), HTTP_BODY);
    assert_int_equal(g.body.len, 50000);
    assert_true(g.wire < 2000);
    http_get_clear(&g);
    assert_int_equal(get(h, &g, server_url(s, NULL, "/chunked")), HTTP_BODY);
    assert_string_equal(g.body.data, "chunks");
    http_get_clear(&g);
    assert_int_equal(get(h, &g, server_url(s, NULL, "/fresh")), HTTP_BODY);
    assert_int_equal(g.fresh, 7200);
    assert_int_equal(g.body.len, 0);
    http_get_clear(&g);
    http_free(h);
    server_stop(s);
}

static void the_guest_says_who_it_is(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    struct http_get g;
    char *netrc = mem_printf("%s/.netrc", getenv("HOME"));
    FILE *f = fopen(netrc, "w");
    fputs("machine localhost login reader password secret\n", f);
    fclose(f);
    assert_int_equal(get(h, &g, server_url(s, NULL, "/agent")), HTTP_BODY);
    assert_non_null(strstr(g.body.data, "Lectern/"));
    assert_non_null(strstr(g.body.data, "(+https://"));
    assert_non_null(strstr(g.body.data, "gzip"));
    assert_non_null(strstr(g.body.data, "|(null)"));
    http_get_clear(&g);
    assert_int_equal(get(h, &g, server_url(s, "localhost", "/agent")), HTTP_BODY);
    assert_non_null(strstr(g.body.data, "|Basic cmVhZGVyOnNlY3JldA=="));
    http_get_clear(&g);
    unlink(netrc);
    free(netrc);
    http_free(h);
    server_stop(s);
}

static void redirects_are_followed_and_told_apart(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    char *end = server_url(s, NULL, "/chunked"), *middle = server_url(s, NULL, "/302");
    const struct {
        const char *path;
        enum http_how how;
        const char *permanent, *words;
    } table[] = {
        {"/301", HTTP_BODY, end, NULL},
        {"/308", HTTP_BODY, end, NULL},
        {"/302", HTTP_BODY, NULL, NULL},
        {"/301-302", HTTP_BODY, middle, NULL},
        {"/loop", HTTP_REFUSED, NULL, "more than 10 redirects"},
        {"/to-file", HTTP_REFUSED, NULL, "not a web address"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct http_get g;
        assert_int_equal(get(h, &g, server_url(s, NULL, table[i].path)), table[i].how);
        if (table[i].how == HTTP_BODY) {
            assert_string_equal(g.body.data, "chunks");
            assert_string_equal(g.effective, end);
            if (table[i].permanent)
                assert_string_equal(g.permanent, table[i].permanent);
            else
                assert_null(g.permanent);
        } else {
            assert_non_null(strstr(g.err.msg, table[i].words));
        }
        http_get_clear(&g);
    }
    assert_int_equal(server_asked(s, "/loop"), 11);
    struct http_get g;
    assert_int_equal(get(h, &g, server_url(s, NULL, "/door")),
                     HTTP_BODY); // some doors want their cookie back
    assert_string_equal(g.body.data, "inside");
    http_get_clear(&g);
    assert_int_equal(get(h, &g, server_url(s, NULL, "/jar")), HTTP_BODY); // but none is kept
    assert_string_equal(g.body.data, "(null)");
    http_get_clear(&g);
    free(end);
    free(middle);
    http_free(h);
    server_stop(s);
}

static void refusals_are_said_in_words(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    static const struct {
        const char *path, *words;
    } table[] = {
        {"/404", "HTTP 404: there is nothing at this address"},
        {"/410", "HTTP 410: it is gone for good"},
        {"/401", "~/.netrc"},
        {"/500", "HTTP 500: the server has a fault"},
        {"/418", "HTTP 418: the server refuses"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct http_get g;
        assert_int_equal(get(h, &g, server_url(s, NULL, table[i].path)), HTTP_REFUSED);
        assert_non_null(strstr(g.err.msg, table[i].words));
        assert_int_equal(g.status, atoi(table[i].path + 1));
        assert_int_equal(g.body.len, 0);
        http_get_clear(&g);
    }
    http_free(h);
    server_stop(s);
}

static void a_host_that_asks_for_peace_gets_it(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    struct http_get g, other;
    assert_int_equal(get(h, &g, server_url(s, NULL, "/429")), HTTP_REFUSED);
    int64_t now = (int64_t)time(NULL);
    assert_in_range(g.retry_after, now + 118, now + 121);
    assert_int_equal(get(h, &other, server_url(s, NULL, "/chunked")), HTTP_REFUSED);
    assert_int_equal(other.status, 0);
    assert_int_equal(other.retry_after, g.retry_after);
    assert_non_null(strstr(other.err.msg, "left alone until"));
    assert_int_equal(server_asked(s, "/chunked"), 0);
    http_get_clear(&g);
    http_get_clear(&other);
    assert_int_equal(get(h, &g, server_url(s, "127.0.0.2", "/503")), HTTP_REFUSED); // another host
    assert_in_range(g.retry_after, now + 7 * 86400 - 2,
                    now + 7 * 86400 + 20); // never longer than a week
    http_get_clear(&g);
    http_free(h);
    server_stop(s);
}

static void only_two_at_once_ask_one_host(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 8);
    struct http_get g[8];
    for (int i = 0; i < 8; i++) {
        char path[16];
        snprintf(path, sizeof path, "/meet%d", i);
        ask(h, &g[i], server_url(s, NULL, path));
    }
    for (int i = 0; i < 8; i++)
        assert_int_equal(answer(h)->how, HTTP_BODY);
    assert_int_equal(server_most(s), 2);
    for (int i = 0; i < 8; i++)
        http_get_clear(&g[i]);
    http_free(h);
    server_stop(s);
}

static void what_is_too_much_is_cut_off(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 20, 1);
    struct http_get g;
    static const char *const paths[] = {"/bomb", "/endless"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(get(h, &g, server_url(s, NULL, paths[i])), HTTP_FAILED);
        assert_non_null(strstr(g.err.msg, "larger than 1 MB"));
        assert_true(g.wire < 8 << 20);
        http_get_clear(&g);
    }
    http_free(h);
    server_stop(s);
}

static void silence_and_slowness_end(void **state)
{
    (void)state;
    struct server *s = server_start(serve, NULL);
    struct http *h = engine(20, 1, 8);
    struct http_get g;
    assert_int_equal(get(h, &g, server_url(s, NULL, "/hang")), HTTP_FAILED);
    assert_non_null(strstr(g.err.msg, "no answer for 1 s from 127.0.0.1"));
    http_get_clear(&g);
    http_free(h);
    h = engine(1, 20, 8);
    assert_int_equal(get(h, &g, server_url(s, NULL, "/hang")), HTTP_FAILED);
    assert_non_null(strstr(g.err.msg, "took longer than 1 s"));
    http_get_clear(&g);
    ask(h, &g, server_url(s, NULL, "/hang"));
    http_work(h, 0, -1);
    http_stop(h);
    assert_ptr_equal(http_next(h), &g);
    assert_int_equal(g.how, HTTP_ENDED);
    http_get_clear(&g);
    http_free(h);
    server_stop(s);
}

static void say(int fd, const char *text)
{
    ssize_t n = send(fd, text, strlen(text), MSG_NOSIGNAL);
    (void)n;
}

static void misbehave(void *ctx, int fd, const char *path)
{
    (void)ctx;
    char junk[256];
    if (strcmp(path, "/reset") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf a ");
        struct linger now = {1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else if (strcmp(path, "/short") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf a word");
    } else if (strcmp(path, "/nothing") == 0) {
    } else if (strcmp(path, "/ftp") == 0) {
        say(fd, "220 Welcome to this file server\r\n");
    } else if (strcmp(path, "/headers") == 0) { // half a header, then silence until we hang up
        say(fd, "HTTP/1.1 200 OK\r\nContent-Ty");
        while (read(fd, junk, sizeof junk) > 0)
            ;
    } else if (strcmp(path, "/body") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
        while (read(fd, junk, sizeof junk) > 0)
            ;
    } else if (strcmp(path, "/packed") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!");
    } else if (strcmp(path, "/headerflood") == 0) {
        say(fd, "HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 200000; i++) {
            static const char line[] = "X-More: and more and more and more\r\n";
            if (send(fd, line, sizeof line - 1, MSG_NOSIGNAL) < 0)
                break;
        }
    }
}

static void broken_servers_cost_one_sentence(void **state)
{
    (void)state;
    struct server *s = server_raw(misbehave, NULL);
    struct http *h = engine(20, 1, 8);
    static const struct {
        const char *path, *words;
    } table[] = {
        {"/reset", "broke off"},           {"/short", "broke off"},
        {"/nothing", "without an answer"}, {"/ftp", "not HTTP"},
        {"/headers", "no answer for 1 s"}, {"/body", "no answer for 1 s"},
        {"/packed", "cannot be unpacked"}, {"/headerflood", "127.0.0.1"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct http_get g;
        assert_int_equal(get(h, &g, server_url(s, NULL, table[i].path)), HTTP_FAILED);
        if (!strstr(g.err.msg, table[i].words))
            fail_msg("%s: %s", table[i].path, g.err.msg);
        assert_null(g.body.data);
        http_get_clear(&g);
    }
    int port = server_port(s);
    server_stop(s);
    struct http_get g;
    assert_int_equal(get(h, &g, mem_printf("http://reader:secret@127.0.0.1:%d/", port)),
                     HTTP_FAILED);
    assert_non_null(strstr(g.err.msg, "refused the connection"));
    assert_null(strstr(g.err.msg, "secret"));
    assert_true(g.unreached);
    assert_false(g.offline);
    http_get_clear(&g);
    assert_int_equal(get(h, &g, mem_strdup("http://no.such.host.invalid/")), HTTP_FAILED);
    assert_string_equal(g.err.msg, "could not resolve host no.such.host.invalid");
    assert_true(g.offline);
    http_get_clear(&g);
    assert_int_equal(get(h, &g, mem_strdup("ftp://127.0.0.1/")), HTTP_FAILED);
    http_get_clear(&g);
    http_free(h);
}

static void to_http(void *ctx, const struct server_request *q, struct server_reply *r)
{
    if (strcmp(q->path, "/down") == 0) {
        r->status = 301;
        server_set(r, "Location", ctx);
    } else {
        buf_str(&r->body, "secure");
    }
}

static void certificates_are_checked(void **state)
{
    (void)state;
    char *dir = getenv("LECTERN_TMP");
    char *cert = mem_printf("%s/cert.pem", dir ? dir : "/tmp"),
         *key = mem_printf("%s/key.pem", dir ? dir : "/tmp");
    char *command =
        mem_printf("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                   "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
                   "-keyout '%s' -out '%s' 2>/dev/null",
                   key, cert);
    assert_int_equal(system(command), 0);
    struct buf cert_pem = {0}, key_pem = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&cert_pem, cert, 65536, &e));
    assert_true(buf_read_file(&key_pem, key, 65536, &e));
    struct server *plain = server_start(serve, NULL);
    char *down = server_url(plain, NULL, "/chunked");
    struct server *s = server_start_tls(to_http, down, key_pem.data, cert_pem.data);
    struct http_get g;
    struct http *h = engine(20, 20, 8);
    assert_int_equal(get(h, &g, mem_printf("https://localhost:%d/", server_port(s))), HTTP_FAILED);
    assert_non_null(strstr(g.err.msg, "certificate of localhost:"));
    assert_non_null(strstr(g.err.msg, "not trusted"));
    http_get_clear(&g);
    http_free(h);

    setenv("SSL_CERT_FILE", cert, 1); // the same one, trusted
    h = engine(20, 20, 8);
    assert_int_equal(get(h, &g, mem_printf("https://localhost:%d/", server_port(s))), HTTP_BODY);
    assert_string_equal(g.body.data, "secure");
    http_get_clear(&g);
    assert_int_equal(get(h, &g, mem_printf("https://127.0.0.1:%d/", server_port(s))), HTTP_FAILED);
    assert_non_null(strstr(g.err.msg, "belongs to another name"));
    http_get_clear(&g);
    assert_int_equal(get(h, &g, mem_printf("https://localhost:%d/down", server_port(s))),
                     HTTP_REFUSED);
    assert_non_null(strstr(g.err.msg, "from https to http"));
    assert_int_equal(server_requests(plain), 0);
    http_get_clear(&g);
    http_free(h);
    unsetenv("SSL_CERT_FILE");
    server_stop(s);
    server_stop(plain);
    buf_free(&cert_pem);
    buf_free(&key_pem);
    free(down);
    free(command);
    free(cert);
    free(key);
}

static void values_of_headers_are_read(void **state)
{
    (void)state;
    const int64_t now = 1780000000;
    assert_int_equal(http_fresh("max-age=60", NULL, 0, now), 60);
    assert_int_equal(http_fresh("public,MAX-AGE = \"60\"", NULL, 0, now), 60);
    assert_int_equal(http_fresh("no-cache, max-age=60", NULL, 0, now), 0);
    assert_int_equal(http_fresh("x-max-age=60", NULL, 0, now), 0);
    assert_int_equal(http_fresh("max-age=99999999999999999999", NULL, 0, now) > 1000000, 1);
    assert_int_equal(http_fresh("max-age=-5", NULL, 0, now), 0);
    assert_int_equal(http_fresh(NULL, "Thu, 01 Jan 1970 01:00:00 GMT", 600, now), 3000);
    assert_int_equal(http_fresh(NULL, "0", 0, now), 0);
    assert_int_equal(http_fresh(NULL, NULL, 0, now), 0);
    assert_int_equal(http_retry_after("120", now), now + 120);
    assert_int_equal(http_retry_after("0", now), now + 1);
    assert_int_equal(http_retry_after("999999999999999999999999", now), now + 604800);
    assert_int_equal(http_retry_after("soon", now), 0);
    assert_int_equal(http_retry_after("Thu, 28 May 2026 20:27:40 GMT", now), now + 1000 - 940);
    char host[64];
    assert_true(http_host("https://u:p@Example.ORG:81/x@y", host, sizeof host));
    assert_string_equal(host, "example.org:81");
    char *shown = http_show("https://u:p@w@example.org/x@y");
    assert_string_equal(shown, "https://example.org/x@y");
    free(shown);
    assert_false(http_is_web("http:///x"));
    assert_false(http_is_web("http://u@/x"));
    assert_false(http_is_web("http://e.org/a b"));
    assert_false(http_is_web("file:///etc/passwd"));
    assert_true(http_is_web("HTTPS://e.org"));
}

int main(void)
{
    static const char *const proxies[] = {"http_proxy",   "https_proxy", "all_proxy",
                                          "HTTP_PROXY",   "HTTPS_PROXY", "ALL_PROXY",
                                          "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        unsetenv(proxies[i]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_whole),
        cmocka_unit_test(the_guest_says_who_it_is),
        cmocka_unit_test(redirects_are_followed_and_told_apart),
        cmocka_unit_test(refusals_are_said_in_words),
        cmocka_unit_test(a_host_that_asks_for_peace_gets_it),
        cmocka_unit_test(only_two_at_once_ask_one_host),
        cmocka_unit_test(what_is_too_much_is_cut_off),
        cmocka_unit_test(silence_and_slowness_end),
        cmocka_unit_test(broken_servers_cost_one_sentence),
        cmocka_unit_test(certificates_are_checked),
        cmocka_unit_test(values_of_headers_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
