// One slot of the engine: an easy handle that is used again and again, and what it is receiving.
// Private to http*.c.
#ifndef FETCH_HTTP_WIRE_H
#define FETCH_HTTP_WIRE_H

#include <curl/curl.h>
#include "http.h"

struct http_wire {
    CURL *easy;
    struct http_get *get; // NULL: free
    char *asked;          // the address of this hop
    int64_t began, heard; // milliseconds, monotonic
    size_t max;           // bytes of body
    size_t drained;       // bytes of a body nobody wants
    bool too_large, enough;
    bool refused; // by the sink, who said why
    bool proxied;
    bool paused, elder; // the elder never pauses: one transfer always goes on
    size_t *held, room; // bytes held by the engine and how many there may be
    char *cache_control, *expires, *date, *retry_after;
    struct curl_slist *headers;
    char problem[CURL_ERROR_SIZE];
};

struct http_jar;
struct http_limits {
    const struct conf *conf;                       // what holds for some addresses only
    const char *agent, *proxy, *ca_file, *cookies; // for the others; NULL none, but for agent
    struct http_jar **jars;
    long connect_ms;
    int64_t total_ms, stall_ms;
    size_t max;
};

bool wire_open(struct http_wire *w);
void wire_close(struct http_wire *w);
// False: a file that belongs to the question cannot be read; nothing is asked.
bool wire_ask(struct http_wire *w, struct http_get *g, const char *url, const struct http_limits *l,
              struct err *e);
void wire_clear(struct http_wire *w); // after a hop: keeps the handle
// The cookies of a file, read when it is first named, into a handle.
bool jar_pour(struct http_jar **jars, const char *path, CURL *into, struct err *e);
void jars_free(struct http_jar *jars);
// What the headers of the last hop promise and ask for.
void wire_headers(const struct http_wire *w, struct http_get *g, int64_t now);
// A curl result as a sentence.
void wire_words(const struct http_wire *w, CURLcode code, const struct http_limits *l,
                struct err *e);
void wire_timeout_words(const struct http_wire *w, bool stalled, const struct http_limits *l,
                        struct err *e);

#endif
