// fetch_run: who is asked, and the writer. Results are gathered for a tenth of a second or a
// megabyte and then written in one transaction, so that the library is locked only while there is
// something to write and a reader sees essays come.
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "lectern/mem.h"
#include "move.h"

enum { BATCH_MS = 100, BATCH_BYTES = 1 << 20, WRITE_WAIT_MS = 15000 };

struct writer {
    struct run *run;
    const struct fetch_opts *opts;
    struct store *store;
    struct fetch_totals totals;
    struct queue batch, unreached; // unreached: failed for want of a network, perhaps
    int64_t since;                 // when the batch began, monotonic ms
    int done, total;
    struct err err; // the run is over: the library cannot be written
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell(struct writer *w, enum fetch_event_kind kind, const struct job *j)
{
    if (!w->opts->event)
        return;
    char *shown = j ? http_show(j->get.url) : NULL;
    struct fetch_event ev = {
        .kind = kind,
        .feed = j ? j->feed : 0,
        .added = j ? j->counts.added : w->totals.added,
        .changed = j ? j->counts.changed : w->totals.changed,
        .done = w->done,
        .total = w->total,
        .failed = w->totals.failed,
        .title = j ? j->title : NULL,
        .url = shown,
        .message = kind == FETCH_ERR ? j->err.msg : NULL,
    };
    w->opts->event(w->opts->ctx, &ev);
    free(shown);
}

// ---- who is asked ----

static struct job *job_new(struct run *r, const struct feed_row *row)
{
    struct job *j = mem_alloc(sizeof *j);
    j->run = r;
    j->feed = row->id;
    j->title = row->title;
    j->local = file_is_local(row->address);
    j->own_interval = schedule_own(r->conf, row->address);
    j->get.url = mem_strdup(row->address);
    j->get.feed = true;
    return j;
}

static int by_id(const void *x, const void *y)
{
    int64_t a = ((const struct feed_row *)x)->id, b = ((const struct feed_row *)y)->id;
    return a < b ? -1 : a > b;
}

static bool choose(struct run *r, struct store *s, const struct fetch_opts *o,
                   void (*start)(struct http_get *), struct err *e)
{
    struct feed_rows rows = {0};
    int64_t *due = NULL;
    const int64_t *ids = o->feeds;
    size_t n = o->nfeeds;
    if (!store_feeds(s, r->arena, &rows, e))
        return false;
    if (!ids) {
        if (!store_feeds_due(s, o->force ? INT64_MAX : (int64_t)time(NULL), &due, &n, e))
            return false;
        ids = due;
    }
    if (rows.n)
        qsort(rows.items, rows.n, sizeof *rows.items, by_id);
    r->jobs = mem_array(n + 1, sizeof *r->jobs);
    // Those that failed last time come last: what may keep a slot waiting shall not keep the others
    // waiting.
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            struct feed_row key = {.id = ids[i]};
            const struct feed_row *row =
                rows.n ? bsearch(&key, rows.items, rows.n, sizeof key, by_id) : NULL;
            bool nowhere =
                row && strncmp(row->address, ADDRESS_INGEST, strlen(ADDRESS_INGEST)) == 0;
            if (nowhere && o->feeds) {
                free(due);
                return err_set(e, ERR_USAGE, "%s has no address: `lectern ingest` brings it",
                               row->title);
            }
            if (!row || nowhere || (!o->feeds && schedule_own(r->conf, row->address) < 0))
                continue;
            if ((row->health == HEALTH_FAILING) != (pass == 1))
                continue;
            struct job *j = job_new(r, row);
            j->get.start = start;
            if (notes_set_aside(r->notes, j->feed)) {
                err_set(&j->err, ERR_FORMAT,
                        "reading this feed made Lectern stumble; it is left out for now and tried "
                        "again tomorrow");
                j->failed = true;
            }
            r->jobs[r->njobs++] = j;
        }
    free(due);
    return true;
}

// ---- writing ----

static void outcome_for_crash(struct job *j)
{
    if (j->outcome.when)
        return;
    job_failed(j);
    j->outcome.next_due = j->outcome.when + 24 * 3600;
}

static void settle(struct writer *w, struct job *j, enum fetch_event_kind kind)
{
    w->done++;
    w->totals.bytes += j->get.wire;
    if (kind == FETCH_ERR)
        w->totals.failed++;
    else if (kind == FETCH_SAME)
        w->totals.same++;
    else
        w->totals.ok++;
    w->totals.added += j->counts.added;
    w->totals.changed += j->counts.changed;
    tell(w, kind, j);
}

static bool write_one(struct writer *w, struct job *j, struct err *e)
{
    if (!store_apply(w->store, j->feed, j->prepared, &j->outcome, &j->counts, e))
        return false;
    if (j->outcome.new_url &&
        !move_note(w->store, j->feed, j->get.url, j->outcome.new_url, j->outcome.when, e))
        return false;
    if (!j->new_asks)
        return true;
    char key[FETCH_KEY];
    fetch_key(key, "asks", j->feed);
    return store_put(w->store, key, j->new_asks, e);
}

// The batch in one transaction; then it is told and let go. A feed that was removed meanwhile costs
// nothing.
static bool write_batch(struct writer *w)
{
    if (!w->batch.first)
        return true;
    bool ok = store_begin(w->store, &w->err);
    for (struct job *j = w->batch.first; ok && j; j = j->next) {
        struct err e = ERR_INIT;
        if (write_one(w, j, &e))
            continue;
        j->counts = (struct apply_counts){0};
        j->failed = true;
        j->err = e;
        if (e.kind == ERR_FULL || e.kind == ERR_BUSY || e.kind == ERR_NEWER) {
            w->err = e;
            ok = false;
        }
    }
    if (ok)
        ok = store_commit(w->store, &w->err);
    else
        store_rollback(w->store);
    for (struct job *j; (j = queue_pop(&w->batch));) {
        if (ok && !j->get.offline) // an unreached one has been told already
            settle(w, j, j->failed ? FETCH_ERR : j->same ? FETCH_SAME : FETCH_OK);
        job_free(j);
    }
    return ok;
}

static void take(struct writer *w, struct job *j)
{
    if (j->ended) {
        job_free(j);
        return;
    }
    if (j->own_title)
        j->title = j->own_title;
    if (!j->have_state) { // removed while it was on its way
        w->done++;
        job_free(j);
        return;
    }
    if (j->failed)
        outcome_for_crash(j);
    if (j->failed && j->get.offline) {
        settle(w, j, FETCH_ERR);
        j->weight = 0;
        queue_push(&w->unreached, j);
        return;
    }
    if (!w->batch.first)
        w->since = now_ms();
    queue_push(&w->batch, j);
}

// If no server at all could be reached, it is this machine that has no network, and nobody is to
// blame: all stay due.
static bool write_unreached(struct writer *w)
{
    bool ours = !atomic_load(&w->run->offline_over);
    for (struct job *j; (j = queue_pop(&w->unreached));) {
        if (ours)
            j->outcome.next_due = j->state.next_due;
        queue_push(&w->batch, j);
    }
    return write_batch(w);
}

static void begun(struct writer *w, struct job *first)
{
    for (struct job *j = first, *next; j; j = next) {
        next = j->next_begun;
        j->next_begun = NULL;
        tell(w, FETCH_GET, j);
    }
}

static void wait_parsed(struct run *r, int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&r->parsed, &r->lock, &t);
}

static void stop(struct run *r)
{
    if (!atomic_exchange(&r->stop, true))
        http_wake(r->http);
}

// Signals are the caller's business: its threads do not take them.
static bool thread_start(pthread_t *t, void *(*f)(void *), void *data)
{
    sigset_t all, before;
    sigfillset(&all);
    static const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(t, NULL, f, data) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

// Under the lock.
static bool parser_start(struct run *r)
{
    if (r->nparsers == NOTES_SLOTS)
        return false;
    struct parser *p = &r->parsers[r->nparsers];
    *p = (struct parser){.run = r, .slot = r->nparsers};
    if (!thread_start(&p->thread, stage_parse, p))
        return false;
    r->nparsers++;
    r->working++;
    return true;
}

static void write_all(struct writer *w)
{
    struct run *r = w->run;
    const int64_t limit = conf_int(r->conf, CONF_FETCH_CPU);
    bool over = false, ok = true;
    while (!over) {
        pthread_mutex_lock(&r->lock);
        if (!r->done.first && !r->begun && r->working) {
            int64_t wait = BATCH_MS;
            if (w->batch.first)
                wait = w->since + BATCH_MS - now_ms();
            if (wait > 0)
                wait_parsed(r, wait);
        }
        for (int n = stage_give_up(r, limit); n > 0; n--)
            parser_start(r);
        struct job *first = r->begun;
        r->begun = r->begun_last = NULL;
        struct queue taken = r->done;
        r->done = (struct queue){0};
        over = !r->working;
        pthread_cond_broadcast(&r->room);
        pthread_mutex_unlock(&r->lock);

        begun(w, first);
        for (struct job *j; (j = queue_pop(&taken));) {
            if (!ok) {
                job_free(j);
                continue;
            }
            take(w, j);
            if (w->batch.bytes >= BATCH_BYTES)
                ok = write_batch(w);
        }
        if (ok && w->batch.first && (over || now_ms() - w->since >= BATCH_MS))
            ok = write_batch(w);
        if (!ok || (w->opts->stop && *w->opts->stop))
            stop(r);
    }
    if (ok)
        write_unreached(w);
    for (struct job *j; (j = queue_pop(&w->unreached));)
        job_free(j);
}

// ---- hosts that asked for peace ----

static void load_hosts(struct run *r, struct store *s)
{
    const char *v = NULL;
    if (store_get(s, HOSTS_KEY, r->arena, &v, NULL) && v)
        r->hosts = arena_strdup(r->arena, v);
}

// ---- the run ----

static int cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_PARSERS ? MOST_PARSERS : (int)n;
}

void run_free(struct run *r)
{
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->to_parse);
    pthread_cond_destroy(&r->parsed);
    pthread_cond_destroy(&r->room);
    notes_close(r->notes);
    arena_free(r->arena);
    free(r->jobs);
    free(r);
}

static struct run *run_new(const char *library, const struct conf *c, const struct fetch_opts *o)
{
    struct run *r = mem_alloc(sizeof *r);
    r->conf = c;
    r->library = library;
    r->wake_fd = o->wake_fd;
    r->interval = conf_int(c, CONF_INTERVAL) * INT64_C(60);
    r->max = (size_t)conf_int(c, CONF_FETCH_MAX) << 20;
    r->parse_document = o->parse ? o->parse : feed_parse;
    r->arena = arena_new();
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->to_parse, NULL);
    pthread_cond_init(&r->parsed, &monotonic);
    pthread_cond_init(&r->room, NULL);
    pthread_condattr_destroy(&monotonic);
    return r;
}

static bool work(struct writer *w, struct err *e)
{
    struct run *r = w->run;
    pthread_t transfer;
    int wanted = cores();
    if ((size_t)wanted > r->njobs)
        wanted = (int)r->njobs;
    pthread_mutex_lock(&r->lock);
    while (wanted-- > 0 && parser_start(r))
        ;
    pthread_mutex_unlock(&r->lock);
    bool started = r->nparsers > 0 && thread_start(&transfer, stage_transfer, r);
    if (started) {
        write_all(w);
        pthread_join(transfer, NULL);
        hosts_save(r->http, w->store, r->hosts);
    } else {
        err_set(&w->err, ERR_OTHER, "no thread could be started to fetch with");
        pthread_mutex_lock(&r->lock);
        r->transferred = true;
        pthread_cond_broadcast(&r->to_parse);
        pthread_mutex_unlock(&r->lock);
        for (size_t i = 0; i < r->njobs; i++)
            job_free(r->jobs[i]);
    }
    for (int i = 0; i < r->nparsers; i++)
        if (!r->parsers[i].given_up)
            pthread_join(r->parsers[i].thread, NULL);
    if (w->err.kind != ERR_NONE && e)
        *e = w->err;
    return w->err.kind == ERR_NONE;
}

// Those that are stuck may need it still: the last of them frees it then.
static int run_end(struct run *r)
{
    if (r->notes)
        notes_release(r->notes);
    pthread_mutex_lock(&r->lock);
    int stuck = r->stuck;
    r->over = true;
    pthread_mutex_unlock(&r->lock);
    if (!stuck)
        run_free(r);
    return stuck;
}

bool fetch_run(const char *library, const struct conf *c, const struct fetch_opts *o,
               struct fetch_totals *out, struct err *e)
{
    struct run *r = run_new(library, c, o);
    struct writer w = {.run = r, .opts = o};
    bool ok = notes_open(library, &r->notes, e) && store_open(library, STORE_WRITE, &w.store, e);
    if (ok) {
        store_set_wait(w.store, WRITE_WAIT_MS);
        load_hosts(r, w.store);
        ok = choose(r, w.store, o, stage_start, e);
    }
    if (ok) {
        w.total = w.totals.feeds = (int)r->njobs;
        tell(&w, FETCH_BEGIN, NULL);
    }
    if (ok && r->njobs) {
        ok = store_open(library, STORE_READ, &r->reader, e) && http_new(c, &r->http, e);
        if (ok) {
            notes_watch(r->notes);
            ok = work(&w, e);
        } else {
            for (size_t i = 0; i < r->njobs; i++)
                job_free(r->jobs[i]);
        }
    }
    if (ok && !atomic_load(&r->stop))
        ok = fetch_keep(w.store, c, o, w.totals.added > 0, e);
    http_free(r->http);
    store_close(r->reader);
    store_close(w.store);
    w.totals.stuck = run_end(r);
    if (ok)
        tell(&w, FETCH_END, NULL);
    if (ok)
        *out = w.totals;
    return ok;
}
