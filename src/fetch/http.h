// Addresses -> bytes, many at once: one curl multi handle, at most so many transfers a host and in
// all, redirects, validators and limits. The only door to curl. A `struct http` belongs to the one
// thread that calls it.
#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/err.h"
#include "unpack.h"

enum http_how {
    HTTP_BODY,    // a document came: status 2xx, body
    HTTP_SAME,    // 304
    HTTP_REFUSED, // the server answered, but not with a document: status, err; retry_after may be
                  // set
    HTTP_FAILED,  // no whole answer: err
    HTTP_ENDED,   // taken back by http_stop
};

// One question and its answer. The caller's, and must stay where it is from http_add until
// http_next hands it back.
struct http_get {
    // The question. `start` (may be NULL) is called right before the first transfer: the place to
    // look up validators.
    char *url;
    const char *etag, *last_modified; // sent back verbatim; NULL: none
    void (*start)(struct http_get *g);
    bool feed; // asks for feeds first (Accept)
    // Where the bytes of a success go as they come, in place of body; may be NULL. Such an answer
    // is not packed and may take any time, as long as something comes. False ends it: HTTP_FAILED,
    // err is what sink left in g->err.
    bool (*sink)(struct http_get *g, const char *bytes, size_t len);
    int64_t from;         // go on at this byte ...
    const char *if_range; // ... if it is still what this ETag or date stands for, else from the
                          // start
    // The answer.
    enum http_how how;
    int status; // 0: none
    struct err err;
    struct buf body; // as it came: http_unpack; buf_free is the caller's
    char *coding;    // what it is packed in (Content-Encoding); NULL: nothing
    char *effective; // the address that answered
    char *permanent; // where 301 and 308 led to, as far as nothing temporary came between; NULL:
                     // nowhere
    char *new_etag, *new_last_modified, *content_type, *content_location; // NULL: not given
    int64_t fresh;       // seconds that Cache-Control or Expires promises; 0: nothing said
    int64_t retry_after; // Unix seconds; 0: not asked for
    bool offline;        // no server was reached, perhaps for want of a network here
    bool unreached;      // no connection could be made
    int64_t wire;        // bytes that came over the line
    int64_t first;       // byte that the answer begins with: 0, or where a 206 says
    int64_t whole;       // bytes of the whole, as the server says; -1: it does not
    // The engine's own.
    struct http_get *next;
    struct http_host *host;
    int hops;
    bool begun, temporary;
};
void http_get_clear(struct http_get *g); // frees what the answer holds, and url

struct http;
bool http_new(const struct conf *c, struct http **out, struct err *e); // c must outlive it
void http_free(struct http *h); // what is still running is dropped
void http_add(struct http *h, struct http_get *g);
// The host of this address is not asked before `until`: what waits for it comes back as
// HTTP_REFUSED with retry_after.
void http_block(struct http *h, const char *url, int64_t until);
// "host until" lines of all that are blocked now, at most so many.
void http_blocked(const struct http *h, struct buf *out, size_t max);
// Works for at most wait_ms, returning early when something is done, wake_fd (-1: none) is readable
// or http_wake was called.
void http_work(struct http *h, int wait_ms, int wake_fd);
void http_wake(struct http *h);             // from any thread
struct http_get *http_next(struct http *h); // done, with its answer; NULL: none now
// The body of an HTTP_BODY as it was before the server packed it, in *out; g->body is empty then.
// False: g is HTTP_FAILED, with its words. For whatever thread has the time; the engine is not
// asked.
bool http_unpack(struct http_get *g, struct unpacker *u, size_t max, struct buf *out);
void http_stop(struct http *h); // everything that waits or runs comes back as HTTP_ENDED
int64_t http_now_ms(void);      // monotonic
size_t http_running(const struct http *h);
size_t http_waiting(const struct http *h);
// While the bytes held elsewhere (answers not yet parsed) exceed the room there is, nothing new is
// begun and large answers pause, but for one. Told by the caller; the engine adds what it holds
// itself.
void http_held(struct http *h, size_t bytes);

// ---- addresses ----
bool http_is_web(const char *url); // http: or https:, with a host
char *http_show(const char *url);  // without user and password; the caller's
bool http_host(const char *url, char *out,
               size_t size); // lower case, with the port if one is written
// A Retry-After value (RFC 9110, 10.2.3: seconds or a date) -> Unix seconds, at most a week from
// now; 0: not readable.
int64_t http_retry_after(const char *value, int64_t now);
// max-age (s-maxage is not for us), else Expires minus Date; no-cache, no-store, max-age=0: 0.
int64_t http_fresh(const char *cache_control, const char *expires, int64_t date, int64_t now);
// What a status of 400 and more means, with what to do: "HTTP 404: there is nothing at this
// address".
void http_status_words(int status, struct err *e);

#endif
