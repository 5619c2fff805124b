// A web server on loopback for the tests of the fetcher. `server_start` serves what a handler says,
// well-formed (HTTP/1.1, keep-alive, TLS if asked); `server_raw` hands each connection to a
// function that may break every rule.
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"

struct server;
struct server_request {
    const char *path; // without the query: server_argument
    void *connection;
    int nth; // how many times this path has been asked for, from 1
};
struct server_reply {
    int status; // 200
    struct buf body;
    bool gzip;    // body is sent packed
    bool chunked; // length is not told
    bool hang;    // no answer before the server stops
    bool endless; // the body again and again
    bool meet;    // waits until another one is being answered too (two seconds at most)
    struct {
        char name[64], value[512];
    } headers[12];
    int nheaders;
};
typedef void server_handler(void *ctx, const struct server_request *q, struct server_reply *r);

struct server *server_start(server_handler *handler, void *ctx);
struct server *server_start_tls(server_handler *handler, void *ctx, const char *key,
                                const char *cert);
struct server *server_raw(void (*serve)(void *ctx, int fd, const char *path), void *ctx);
void server_stop(struct server *s);
int server_port(const struct server *s);
// "http://127.0.0.1:PORT/path": free(). host: another loopback address or name, NULL: 127.0.0.1
char *server_url(const struct server *s, const char *host, const char *path);
int server_requests(struct server *s);                // in all
int server_asked(struct server *s, const char *path); // how often
int server_most(struct server *s);                    // the most that were being answered at once
void server_reset(struct server *s);                  // the counters

const char *server_header(const struct server_request *q, const char *name);   // NULL: not sent
const char *server_argument(const struct server_request *q, const char *name); // of the query
void server_set(struct server_reply *r, const char *name, const char *value);

// A small RSS feed: `n` essays "TITLE 1" ..., each with about `size` bytes of text.
void server_feed(struct buf *out, const char *title, int n, size_t size);
#endif
