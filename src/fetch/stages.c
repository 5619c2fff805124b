// The two stages before the writer. Transfer: one thread, one engine, the validators looked up as
// late as possible. Parse: share-nothing threads that turn bytes into rows ready to be written; a
// document of the same bytes as last time is not even looked at.
#include "run.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "lectern/hash.h"
#include "lectern/mem.h"
#include "move.h"

enum { THROTTLED = 4 << 20, POLL_MS = 200, A_DAY = 24 * 3600, KEPT = 1 << 20 };

void queue_push(struct queue *q, struct job *j)
{
    j->next = NULL;
    if (q->last)
        q->last->next = j;
    else
        q->first = j;
    q->last = j;
    q->bytes += j->weight;
    q->n++;
}

struct job *queue_pop(struct queue *q)
{
    struct job *j = q->first;
    if (!j)
        return NULL;
    q->first = j->next;
    if (!q->first)
        q->last = NULL;
    q->bytes -= j->weight;
    q->n--;
    j->next = NULL;
    return j;
}

void job_free(struct job *j)
{
    if (!j)
        return;
    http_get_clear(&j->get);
    store_prepared_free(j->prepared);
    arena_free(j->arena);
    free(j->mark);
    free(j->asks);
    free(j->new_asks);
    free(j);
}

// ---- what to remember of a try ----

static struct schedule schedule_of(const struct job *j, int64_t now)
{
    struct schedule s = {
        .now = now,
        .interval = j->run->interval,
        .own = j->state.interval,
        .fresh = j->get.fresh,
        .retry_after = j->get.retry_after,
        .failures = j->state.failures + 1,
        .seed = (uint64_t)j->feed * 31 + (uint64_t)now,
    };
    if (j->own_interval)
        s.own = j->own_interval > 0 ? j->own_interval : 0;
    long long ttl = 0;
    unsigned hours = 0, days = 0;
    const char *asks = j->new_asks ? j->new_asks : j->asks;
    if (asks && sscanf(asks, "%lld %u %u", &ttl, &hours, &days) == 3) {
        s.ttl = ttl;
        s.skip_hours = hours;
        s.skip_days = (uint8_t)days;
    }
    return s;
}

void job_failed(struct job *j)
{
    int64_t now = (int64_t)time(NULL);
    struct schedule s = schedule_of(j, now);
    j->failed = true;
    // Left alone at the host's own wish, without having been asked: no failure of this feed, but
    // not due before then.
    if (j->get.how == HTTP_REFUSED && j->get.status == 0 && j->get.retry_after)
        s.failures = 0;
    j->outcome = (struct fetch_outcome){
        .when = now,
        .http_status = j->get.status,
        .error = j->err.msg,
        .parked = j->get.status == 410,
        .next_due = schedule_failed(&s),
    };
}

static void job_good(struct job *j, bool same)
{
    int64_t now = (int64_t)time(NULL);
    struct schedule s = schedule_of(j, now);
    j->same = same;
    j->outcome.when = now;
    j->outcome.http_status = j->local ? 0 : j->get.status;
    j->outcome.not_modified = same;
    j->outcome.next_due = schedule_good(&s);
    j->outcome.etag = j->local ? j->mark : j->get.new_etag;
    j->outcome.last_modified = j->get.new_last_modified;
    const char *to = j->get.permanent;
    if (!to)
        to = asks_moved(j->new_asks ? j->new_asks : j->asks, j->get.url);
    if (to && j->refused && strcmp(to, j->refused) == 0)
        j->outcome.moved_to = to; // told, not followed
    else if (to && j->state.moved_to && strcmp(to, j->state.moved_to) == 0)
        j->outcome.new_url = to; // seen twice: it has moved
    else
        j->outcome.moved_to = to;
}

// ---- transfer ----

static void hand_on(struct run *r, struct queue *q, struct job *j)
{
    pthread_mutex_lock(&r->lock);
    queue_push(q, j);
    pthread_cond_signal(q == &r->parse ? &r->to_parse : &r->parsed);
    pthread_mutex_unlock(&r->lock);
}

static void tell_begun(struct job *j)
{
    struct run *r = j->run;
    pthread_mutex_lock(&r->lock);
    if (r->begun_last)
        r->begun_last->next_begun = j;
    else
        r->begun = j;
    r->begun_last = j;
    pthread_mutex_unlock(&r->lock);
}

static void look_up(struct job *j)
{
    struct run *r = j->run;
    j->arena = arena_new();
    j->have_state = store_fetch_state(r->reader, j->feed, j->arena, &j->state, &j->err);
    if (!j->have_state)
        return;
    char key[FETCH_KEY];
    const char *asks = NULL;
    if (j->state.moved_to)
        j->refused = move_refused(r->reader, j->feed, j->arena);
    fetch_key(key, "asks", j->feed);
    if (store_get(r->reader, key, j->arena, &asks, NULL))
        j->asks = mem_strdup(asks);
}

void stage_start(struct http_get *g)
{
    struct job *j = (struct job *)g;
    look_up(j);
    tell_begun(j);
    g->etag = j->state.etag;
    g->last_modified = j->state.last_modified;
}

static void begin_jobs(struct run *r)
{
    hosts_block(r->http, r->hosts);
    for (size_t i = 0; i < r->njobs; i++) {
        struct job *j = r->jobs[i];
        if (!j->failed && !j->local)
            http_add(r->http, &j->get);
    }
    for (size_t i = 0; i < r->njobs; i++) { // what is here needs no waiting: parsers read it
        struct job *j = r->jobs[i];
        if (j->failed) {
            look_up(j); // the sentence was there before
            hand_on(r, &r->done, j);
        } else if (j->local) {
            look_up(j);
            tell_begun(j);
            hand_on(r, &r->parse, j);
        }
    }
}

static void answered(struct run *r, struct job *j)
{
    struct http_get *g = &j->get;
    if (g->status)
        atomic_store(&r->offline_over, true);
    if (!j->have_state && g->how != HTTP_ENDED)
        look_up(j); // refused before it was begun
    switch (g->how) {
    case HTTP_ENDED:
        j->ended = true; // it may be among those begun: the writer lets go of it
        break;
    case HTTP_BODY:
        j->weight = g->body.len;
        atomic_fetch_add(&r->held, j->weight);
        hand_on(r, &r->parse, j);
        return;
    case HTTP_SAME:
        job_good(j, true);
        break;
    case HTTP_REFUSED:
    case HTTP_FAILED:
        j->err = g->err;
        job_failed(j);
        break;
    }
    j->weight = 0;
    hand_on(r, &r->done, j);
}

void *stage_transfer(void *data)
{
    struct run *r = data;
    begin_jobs(r);
    while (http_running(r->http) || http_waiting(r->http)) {
        struct pollfd woken = {.fd = r->wake_fd, .events = POLLIN};
        if (r->wake_fd >= 0 && poll(&woken, 1, 0) > 0)
            atomic_store(&r->stop, true);
        if (atomic_load(&r->stop))
            http_stop(r->http);
        http_held(r->http, atomic_load(&r->held));
        http_work(r->http, POLL_MS, r->wake_fd);
        for (struct http_get *g; (g = http_next(r->http));)
            answered(r, (struct job *)g);
    }
    for (struct http_get *g; (g = http_next(r->http));)
        answered(r, (struct job *)g);
    pthread_mutex_lock(&r->lock);
    r->transferred = true;
    pthread_cond_broadcast(&r->to_parse);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

// ---- parse ----

// What the feed asks of those who come again is needed also when the next answer has no body.
static void remember_asks(struct job *j, const struct feed_update *u)
{
    char *asks = asks_of(u);
    const char *before = j->asks ? j->asks : ASKS_NOTHING;
    if (strcmp(asks, before) == 0)
        free(asks);
    else
        j->new_asks = asks;
}

static void take_update(struct parser *p, struct job *j, struct feed_update *u)
{
    if (*u->title && !j->state.body_hash)
        j->own_title = arena_strdup(j->arena, u->title);
    remember_asks(j, u);
    j->prepared = store_prepare_with(p->preparer, u, &j->state);
    job_good(j, false);
    if (u->cut_short) { // the next one may be whole
        j->outcome.etag = j->outcome.last_modified = NULL;
        j->outcome.body_hash = 0;
    }
    feed_free(u);
}

static void parse_bytes(struct parser *p, struct job *j, const struct buf *body)
{
    uint64_t hash = hash_bytes(buf_cstr(body), body->len, 0);
    j->outcome.bytes = (int64_t)body->len;
    j->outcome.body_hash = hash;
    if (hash && hash == j->state.body_hash) {
        job_good(j, true);
        return;
    }
    struct feed_source src = {
        .url = j->get.effective ? j->get.effective : j->get.url,
        .content_type = j->get.content_type,
        .content_location = j->get.content_location,
    };
    struct feed_update *u = NULL;
    if (j->run->parse_document(buf_cstr(body), body->len, &src, &u, &j->err))
        take_update(p, j, u);
    else
        job_failed(j);
}

static void parse_local(struct parser *p, struct job *j)
{
    struct file_answer a = {0};
    if (!file_get(j->get.url, j->state.etag, j->run->max, &a, &j->err)) {
        job_failed(j);
        return;
    }
    j->mark = a.mark;
    a.mark = NULL;
    if (a.same)
        job_good(j, true);
    else if (a.update) {
        take_update(p, j, a.update);
        a.update = NULL;
    } else
        parse_bytes(p, j, &a.body);
    file_answer_free(&a);
}

static void parse_answer(struct parser *p, struct job *j)
{
    if (http_unpack(&j->get, p->unpacker, j->run->max, &p->body)) {
        parse_bytes(p, j, &p->body);
    } else {
        j->err = j->get.err;
        job_failed(j);
    }
    if (p->body.cap > KEPT)
        buf_free(&p->body);
}

static int64_t cpu_now(clockid_t clock)
{
    struct timespec t;
    return clock_gettime(clock, &t) == 0 ? (int64_t)t.tv_sec * 1000000000 + t.tv_nsec : 0;
}

// False: it took too long, and the run has gone on without it.
static bool parse(struct parser *p, struct job *j)
{
    struct run *r = p->run;
    if (!j->have_state) { // removed meanwhile
        j->failed = true;
    } else {
        pthread_mutex_lock(&r->lock);
        p->since = cpu_now(CLOCK_THREAD_CPUTIME_ID);
        p->doing = j;
        pthread_mutex_unlock(&r->lock);
        notes_begin(r->notes, p->slot, j->feed);
        if (j->local)
            parse_local(p, j);
        else
            parse_answer(p, j);
        pthread_mutex_lock(&r->lock);
        p->doing = NULL;
        bool given_up = p->given_up;
        if (!given_up)
            notes_end(r->notes, p->slot);
        pthread_mutex_unlock(&r->lock);
        if (given_up)
            return false;
    }
    buf_free(&j->get.body);
    if (atomic_fetch_sub(&r->held, j->local ? 0 : j->weight) > THROTTLED)
        http_wake(r->http);
    j->weight = j->prepared ? store_prepared_bytes(j->prepared) : 0;
    return true;
}

// The feed's error, told in the place of a parser that does not come to an end.
static struct job *stand_in(const struct parser *p, int64_t limit)
{
    const struct job *stuck = p->doing;
    struct job *j = mem_alloc(sizeof *j);
    j->run = p->run;
    j->feed = stuck->feed;
    j->title = stuck->title;
    j->local = stuck->local;
    j->have_state = true;
    j->state.interval = stuck->state.interval;
    j->state.failures = stuck->state.failures;
    j->own_interval = stuck->own_interval;
    j->get.url = mem_strdup(stuck->get.url);
    j->get.status = stuck->get.status;
    err_set(&j->err, ERR_FORMAT,
            "reading it took more than %lld s of computing and was given up (option "
            "fetch-parse-limit)",
            (long long)limit);
    job_failed(j);
    j->outcome.next_due = j->outcome.when + A_DAY;
    return j;
}

int stage_give_up(struct run *r, int64_t limit)
{
    int n = 0;
    for (int i = 0; i < r->nparsers; i++) {
        struct parser *p = &r->parsers[i];
        clockid_t clock;
        if (!p->doing || p->given_up || pthread_getcpuclockid(p->thread, &clock) != 0 ||
            cpu_now(clock) - p->since < limit * 1000000000)
            continue;
        p->given_up = true;
        notes_accuse(r->notes, p->slot);
        atomic_fetch_sub(&r->held, p->doing->local ? 0 : p->doing->weight);
        queue_push(&r->done, stand_in(p, limit));
        pthread_detach(p->thread);
        r->stuck++;
        r->working--;
        n++;
    }
    return n;
}

static void parser_free(struct parser *p, void *stack)
{
    unpacker_free(p->unpacker);
    store_preparer_free(p->preparer);
    buf_free(&p->body);
    notes_thread_end(stack);
}

// A parser that was given up and has come to its end all the same.
static void *late(struct parser *p, struct job *j, void *stack)
{
    struct run *r = p->run;
    job_free(j);
    parser_free(p, stack);
    pthread_mutex_lock(&r->lock);
    bool last = --r->stuck == 0 && r->over;
    pthread_mutex_unlock(&r->lock);
    if (last)
        run_free(r);
    return NULL;
}

void *stage_parse(void *data)
{
    struct parser *p = data;
    struct run *r = p->run;
    void *stack = notes_thread();
    p->unpacker = unpacker_new();
    p->preparer = store_preparer_new();
    pthread_mutex_lock(&r->lock);
    for (;;) {
        while (!r->parse.first && !r->transferred)
            pthread_cond_wait(&r->to_parse, &r->lock);
        struct job *j = queue_pop(&r->parse);
        if (!j)
            break;
        pthread_mutex_unlock(&r->lock);
        if (!parse(p, j))
            return late(p, j, stack);
        pthread_mutex_lock(&r->lock);
        while (r->done.bytes > DONE_ROOM)
            pthread_cond_wait(&r->room, &r->lock);
        queue_push(&r->done, j);
        pthread_cond_signal(&r->parsed);
    }
    r->working--;
    pthread_cond_signal(&r->parsed);
    pthread_mutex_unlock(&r->lock);
    parser_free(p, stack);
    return NULL;
}
