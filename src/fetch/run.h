// One run over many feeds: the stages and what passes between them. Private to run.c and stages.c.
//
//   transfer (one thread)  -> parse queue ->  parsers (N threads)  -> done queue ->  writer (the
//   calling thread)
//
// A job belongs to the stage that holds it. Queues are bounded by bytes: the parse queue by the
// engine's room, the done queue by making parsers wait.
#ifndef FETCH_RUN_H
#define FETCH_RUN_H

#include <pthread.h>
#include <stdatomic.h>
#include "http.h"
#include "notes.h"
#include "schedule.h"
#include "lectern/fetch.h"
#include "lectern/store.h"

struct job {
    struct http_get get; // first: the engine hands back its address
    struct run *run;
    int64_t feed;
    const char *title;     // in the run's arena, or the job's
    const char *own_title; // that the feed gave itself; told from when it is written
    struct arena *arena;   // holds state
    struct fetch_state state;
    bool have_state, local;
    // What came of it.
    struct err err;
    bool failed, same, ended; // ended: taken back, nothing to remember
    struct prepared *prepared;
    struct fetch_outcome outcome;
    int64_t own_interval;  // of the configuration: see schedule_own
    char *mark;            // of a local source, in place of an ETag
    char *asks, *new_asks; // "ttl hours days moved" as stored, and to be stored (NULL: as it is)
    const char *refused;   // where the reader does not want it to be moved to; NULL: nowhere
    struct apply_counts counts;
    size_t weight; // bytes it counts for in a queue
    struct job *next, *next_begun;
};

struct queue { // under the run's lock
    struct job *first, *last;
    size_t bytes, n;
};

// A parser that computes longer on a document than it may is given up: its feed gets the error, a
// new thread takes its place, and it ends by itself, or with the process. It may touch nothing but
// its job and, under the lock, whether it was given up.
struct parser {
    struct run *run;
    pthread_t thread;
    int slot;
    struct unpacker *unpacker;
    struct preparer *preparer;
    struct buf body;   // unpacked: kept from one to the next
    struct job *doing; // under the run's lock; NULL: nothing
    int64_t since;     // of its own processor time, nanoseconds
    bool given_up;
};

typedef bool parse_document(const char *bytes, size_t len, const struct feed_source *src,
                            struct feed_update **out, struct err *e);

struct run {
    const struct conf *conf; // not for parsers: they may outlive it
    const char *library;
    struct notes *notes;
    struct arena *arena;
    struct job **jobs;
    size_t njobs;
    char *hosts; // "host until" lines: who asked for peace
    int64_t interval;
    size_t max; // bytes of a document
    int wake_fd;
    parse_document *parse_document;

    struct http *http;
    struct store *reader; // of the transfer thread
    atomic_bool stop, offline_over;
    atomic_size_t held; // bytes of bodies from the engine's hands to the end of their parsing

    pthread_mutex_t lock;
    pthread_cond_t to_parse, parsed, room;
    struct queue parse, done;
    struct job *begun, *begun_last;
    bool transferred; // nothing more comes into the parse queue
    int working;      // parsers that are still to be waited for
    struct parser parsers[NOTES_SLOTS];
    int nparsers; // begun so far
    int stuck;    // given up and still at it
    bool over;    // nobody but those that are stuck knows this run any more
};

enum { DONE_ROOM = 4 << 20, MOST_PARSERS = 16 };

void *stage_transfer(void *run);
void stage_start(struct http_get *g); // the engine is about to ask
// Under the lock: gives up the parsers that have computed longer than `limit` seconds on a
// document; how many.
int stage_give_up(struct run *r, int64_t limit);
void run_free(struct run *r); // what parsers may still need
void *stage_parse(void *parser);
void job_free(struct job *j); // NULL is fine
// The outcome of a failed try, from j->err and the engine's answer.
void job_failed(struct job *j);

// ---- keep.c: what goes by the reader's rules, once all is written. came: something was added.
bool fetch_keep(struct store *s, const struct conf *c, const struct fetch_opts *o, bool came,
                struct err *e);

// Who asked for peace, from run to run: lines of the library's value HOSTS_KEY.
#define HOSTS_KEY "fetch.hosts"
void hosts_block(struct http *h, const char *lines);
void hosts_save(const struct http *h, struct store *s, const char *before);

void queue_push(struct queue *q, struct job *j);
struct job *queue_pop(struct queue *q);

#endif
