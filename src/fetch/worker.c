// What runs in the worker process: a listener thread that takes requests at any time, so that
// "stop" is heard in the middle of a run; the main thread, which fetches; and a thread for each
// feed that is being added, each file that is imported and each walk through an archive, since a
// person waits for it.
#include "worker.h"
#include "in_step.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lectern/bring.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

enum {
    LARGEST_FILE = 1 << 30,
    LONGEST_LINE = 64 << 10,
    SKIPPED_TOLD = 100,
    INDEX_AT_ONCE = 32,   // essays
    INDEX_REST_MS = 10,   // besides as long as they took
    INDEX_BUSY_MS = 1000, // another process writes
    WALK_ENDS = 5,
};

struct worker {
    int fd;
    const char *library;
    const struct conf *conf;
    client_chore chore;   // NULL: none
    pthread_mutex_t lock; // of what follows
    pthread_cond_t asked;
    bool all, due, quit;
    bool index; // essays may wait to be taken into the index of words
    int64_t *feeds;
    size_t n, cap;
    bool running;
    int errands, walks; // walks: of the errands, those through archives
    volatile int stop_walks;
    int wake[2]; // readable: the run shall end
    pthread_mutex_t writing;
};

// A line to the reader. If nobody is there to read it, the listener will notice.
static void say(struct worker *w, const char *fmt, ...) LECTERN_PRINTF(2, 3);
static void say(struct worker *w, const char *fmt, ...)
{
    char line[1200];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line - 1, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
    for (size_t i = 0; i < len; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[len++] = '\n';
    pthread_mutex_lock(&w->writing);
    for (size_t at = 0; at < len;) {
        ssize_t got = write(w->fd, line + at, len - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        at += (size_t)got;
    }
    pthread_mutex_unlock(&w->writing);
}

static void on_event(void *ctx, const struct fetch_event *ev)
{
    struct worker *w = ctx;
    switch (ev->kind) {
    case FETCH_BEGIN:
        say(w, "begin %d", ev->total);
        break;
    case FETCH_GET:
        say(w, "get %lld", (long long)ev->feed);
        break;
    case FETCH_OK:
        say(w, "ok %lld %lld %lld", (long long)ev->feed, (long long)ev->added,
            (long long)ev->changed);
        break;
    case FETCH_SAME:
        say(w, "same %lld", (long long)ev->feed);
        break;
    case FETCH_ERR:
        say(w, "err %lld %s", (long long)ev->feed, ev->message);
        break;
    case FETCH_WENT:
        say(w, "went %lld %lld", (long long)ev->feed, (long long)ev->changed);
        break;
    case FETCH_END:
        say(w, "end %lld %lld %d %d", (long long)ev->added, (long long)ev->changed, ev->total,
            ev->failed);
        break;
    }
}

static void on_page(void *ctx, int64_t entry, const char *title, const char *failure)
{
    if (failure)
        say(ctx, "note %s: %s", title, failure);
    else
        say(ctx, "page %lld 0 ", (long long)entry);
}

// How many threads are stuck.
static int run(struct worker *w, bool force, const int64_t *feeds, size_t n)
{
    struct fetch_opts o = {.feeds = feeds,
                           .nfeeds = n,
                           .force = force,
                           .event = on_event,
                           .ctx = w,
                           .wake_fd = w->wake[0]};
    struct fetch_totals t;
    struct err e = ERR_INIT;
    if (!fetch_run(w->library, w->conf, &o, &t, &e)) {
        say(w, "err 0 %s", e.msg);
        say(w, "end 0 0 0 0");
        return 0;
    }
    const struct pages_opts pages = {
        .feeds = feeds, .nfeeds = n, .page = on_page, .ctx = w, .wake_fd = w->wake[0]};
    struct pages_totals got;
    if (!fetch_pages(w->library, w->conf, &pages, &got, &e))
        say(w, "note pages of essays: %s", e.msg);
    return t.stuck;
}

enum errand_kind { ADD, IMPORT, PAGE, OLDER, NARRATION };
struct errand { // what a person waits for, in a thread of its own
    struct worker *w;
    enum errand_kind kind;
    char text[]; // an address, a file, the number of an essay, "FEED LIMIT SINCE"
};

static void add(struct worker *w, const char *address)
{
    struct store *s = NULL;
    struct add_result r = {0};
    struct err e = ERR_INIT;
    if (store_open(w->library, STORE_WRITE, &s, &e) && fetch_add(s, w->conf, address, NULL, &r, &e))
        say(w, "added %lld %lld %d %s", (long long)r.feed_id, (long long)r.entries, r.existed,
            r.title);
    else
        say(w, "adderr %s", e.msg);
    add_result_free(&r);
    store_close(s);
}

struct told {
    struct worker *w;
    int n;
};

static void say_skipped(void *ctx, const char *file, int line, const char *what, const char *why)
{
    (void)file;
    struct told *notes = ctx;
    if (notes->n++ >= SKIPPED_TOLD)
        return;
    if (line)
        say(notes->w, "note line %d, %s, was not taken: %s", line, what, why);
    else
        say(notes->w, "note %s was not taken: %s", what, why);
}

static void say_told(void *ctx, const char *sentence)
{
    struct told *notes = ctx;
    say(notes->w, "note %s", sentence);
}

// A file of bookmarks? Then they come into the library, and that is told.
static bool import_kept(struct worker *w, const char *file)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    struct brought *in = NULL;
    struct bring_result r = {0};
    struct store *s = NULL;
    const struct bring_opts o = {.now = (int64_t)time(NULL)};
    const char *home = getenv("HOME");
    char *name =
        strncmp(file, "~/", 2) == 0 && home ? mem_printf("%s%s", home, file + 1) : mem_strdup(file);
    bool is = bring_looks_file(name);
    if (is && buf_read_file(&b, name, LARGEST_FILE, &e) &&
        bring_read(buf_cstr(&b), b.len, &in, &e) && store_open(w->library, STORE_WRITE, &s, &e) &&
        bring_take(s, in, &o, &r, &e)) {
        struct told notes = {w, 0};
        int line;
        const char *what, *why;
        size_t skipped = 0;
        for (; bring_skipped(in, skipped, &line, &what, &why); skipped++)
            say_skipped(&notes, file, line, what, why);
        say(w, "kept %zu %zu %zu %s", r.added, r.changed + r.there, skipped, bring_format(in));
    } else if (is) {
        say(w, "adderr %s", e.msg);
    }
    store_close(s);
    bring_free(in);
    buf_free(&b);
    free(name);
    return is;
}

static void import(struct worker *w, const char *file)
{
    if (import_kept(w, file))
        return;
    struct told notes = {w, 0};
    bool name = foreign_is_name(file); // `:import newsboat`
    const struct import_opts o = {
        .reader = name ? file : NULL, .skipped = say_skipped, .told = say_told, .ctx = &notes};
    struct import_result r;
    struct err e = ERR_INIT;
    if (fetch_import(w->library, name ? NULL : file, &o, &r, &e)) {
        const struct take_counts *c = &r.essays;
        if (c->deleted || c->bookmarks || r.searches)
            say(w,
                "note brought from %s: bookmarks %lld, searches %zu, deleted essays that will not "
                "come back %lld",
                r.format, (long long)c->bookmarks, r.searches, (long long)c->deleted);
        if (r.left_essays || r.lost)
            say(w,
                "note left in %s: %zu essays of feeds that it no longer lists, %zu items that "
                "cannot be read",
                r.format, r.left_essays, r.lost);
        if (*r.config)
            say(w,
                "note `lectern import %s` in a shell tells what of that configuration can be "
                "used",
                r.config);
        say(w, "imported %zu %zu %zu %lld %lld %s", r.added, r.there, r.skipped,
            (long long)c->added, (long long)c->unread, r.format);
    } else
        say(w, "adderr %s", e.msg);
}

static void page(struct worker *w, const char *number)
{
    struct err e = ERR_INIT;
    long long entry = strtoll(number, NULL, 10);
    uint32_t words = 0;
    const char *why = NULL;
    if (fetch_page(w->library, w->conf, entry, &words, &why, &e))
        say(w, "page %lld 1 %s", entry, why ? why : "");
    else
        say(w, "pageerr %lld %s", entry, e.msg);
}

struct walked {
    struct worker *w;
    int64_t feed;
};

static void say_walked(void *ctx, const struct older_news *n)
{
    const struct walked *t = ctx;
    say(t->w, "older %lld %lld %lld %lld", (long long)t->feed, (long long)n->added,
        (long long)n->reached, (long long)n->waits);
}

static void older(struct worker *w, const char *text)
{
    long long feed = 0, limit = 0, since = 0;
    struct older_result r = {0};
    struct err e = ERR_INIT;
    struct buf words = {0};
    sscanf(text, "%lld %lld %lld", &feed, &limit, &since);
    struct walked t = {w, feed};
    struct older_opts o = {
        .limit = limit, .since = since, .stop = &w->stop_walks, .news = say_walked, .ctx = &t};
    if (fetch_older(w->library, w->conf, feed, &o, &r, &e)) {
        older_words(&r, &words);
        say(w, "olderend %lld %lld %d %s", feed, (long long)r.added, r.more, buf_cstr(&words));
    } else if (w->stop_walks) { // cut off in the middle of a question
        older_words(&r, &words);
        say(w, "olderend %lld %lld 1 %s", feed, (long long)r.added, buf_cstr(&words));
    } else {
        say(w, "oldererr %lld %lld %s", feed, (long long)r.added, e.msg);
    }
    buf_free(&words);
}

static void narration(struct worker *w, const char *number)
{
    struct err e = ERR_INIT;
    long long item = strtoll(number, NULL, 10);
    size_t n = 0;
    const char *why = NULL;
    if (fetch_narration(w->library, w->conf, item, &n, &why, &e))
        say(w, "narration %lld %zu %s", item, n, why ? why : "");
    else
        say(w, "narrationerr %lld %s", item, e.msg);
}

static void *run_errand(void *data)
{
    struct errand *t = data;
    struct worker *w = t->w;
    bool walk = t->kind == OLDER;
    if (t->kind == IMPORT)
        import(w, t->text);
    else if (t->kind == PAGE)
        page(w, t->text);
    else if (walk)
        older(w, t->text);
    else if (t->kind == NARRATION)
        narration(w, t->text);
    else
        add(w, t->text);
    free(t);
    pthread_mutex_lock(&w->lock);
    w->errands--;
    w->index = true;
    w->walks -= walk;
    pthread_cond_signal(&w->asked);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void errand_begin(struct worker *w, enum errand_kind kind, const char *text)
{
    struct errand *t = mem_alloc(sizeof *t + strlen(text) + 1);
    t->w = w;
    t->kind = kind;
    strcpy(t->text, text);
    pthread_t thread;
    pthread_mutex_lock(&w->lock);
    w->errands++;
    w->walks += kind == OLDER;
    pthread_mutex_unlock(&w->lock);
    if (pthread_create(&thread, NULL, run_errand, t) == 0) {
        pthread_detach(thread);
        return;
    }
    say(w, "adderr no thread could be started to do it with");
    pthread_mutex_lock(&w->lock);
    w->errands--;
    w->walks -= kind == OLDER;
    pthread_mutex_unlock(&w->lock);
    free(t);
}

// Everything asked for and not begun is forgotten; what is running ends early.
static void forget(struct worker *w)
{
    w->all = w->due = false;
    w->n = 0;
    if (w->running) {
        ssize_t n = write(w->wake[1], "x", 1);
        (void)n;
    }
}

static void request(struct worker *w, const char *line)
{
    if (strncmp(line, "add\t", 4) == 0) {
        errand_begin(w, ADD, line + 4);
        return;
    }
    if (strncmp(line, "import\t", 7) == 0) {
        errand_begin(w, IMPORT, line + 7);
        return;
    }
    if (strncmp(line, "page\t", 5) == 0) {
        errand_begin(w, PAGE, line + 5);
        return;
    }
    if (strncmp(line, "older\t", 6) == 0) {
        w->stop_walks = 0;
        errand_begin(w, OLDER, line + 6);
        return;
    }
    if (strncmp(line, "narration\t", 10) == 0) {
        errand_begin(w, NARRATION, line + 10);
        return;
    }
    pthread_mutex_lock(&w->lock);
    if (strcmp(line, "get all") == 0) {
        w->all = true;
    } else if (strcmp(line, "get due") == 0) {
        w->due = true;
    } else if (strcmp(line, "index") == 0) {
        w->index = true;
    } else if (strncmp(line, "get ", 4) == 0) {
        int64_t id = strtoll(line + 4, NULL, 10);
        for (size_t i = 0; i < w->n; i++)
            if (w->feeds[i] == id)
                id = 0;
        if (id > 0) {
            w->feeds = mem_grow(w->feeds, &w->cap, w->n + 1, sizeof *w->feeds);
            w->feeds[w->n++] = id;
        }
    } else if (strcmp(line, "stop") == 0) {
        forget(w);
    } else if (strcmp(line, "older stop") == 0) {
        w->stop_walks = 1;
    } else if (strcmp(line, "quit") == 0) {
        w->quit = true;
        w->stop_walks = 1;
        forget(w);
    }
    pthread_cond_signal(&w->asked);
    pthread_mutex_unlock(&w->lock);
}

static void say_note(void *ctx, const char *sentence)
{
    say(ctx, "note %s", sentence);
}

static void *listen_thread(void *data)
{
    struct worker *w = data;
    struct buf in = {0};
    for (;;) {
        buf_reserve(&in, 4096);
        ssize_t n = read(w->fd, in.data + in.len, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || in.len > LONGEST_LINE)
            break;
        in.len += (size_t)n;
        in.data[in.len] = '\0';
        char *line = in.data;
        for (char *nl; (nl = memchr(line, '\n', in.len - (size_t)(line - in.data)));
             line = nl + 1) {
            *nl = '\0';
            request(w, line);
        }
        size_t rest = in.len - (size_t)(line - in.data);
        memmove(in.data, line, rest);
        in.len = rest;
    }
    buf_free(&in);
    request(w, "quit"); // the reader is gone
    return NULL;
}

// ---- the index of words, when there is nothing else to do ----

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Takes some essays in. Returns the milliseconds to rest before the next; -1: nothing is left to
// do.
static int index_some(struct worker *w, struct store **s)
{
    struct err e = ERR_INIT;
    int64_t began = now_ms();
    bool more = false;
    if (!*s && !store_open(w->library, STORE_WRITE, s, &e))
        return -1;
    store_set_wait(*s, 0);
    if (!w->chore(*s, INDEX_AT_ONCE, &more, &e))
        return e.kind == ERR_BUSY ? INDEX_BUSY_MS : -1;
    if (!more) {
        store_close(*s);
        *s = NULL;
        say(w, "indexed");
        return -1;
    }
    return (int)(now_ms() - began) + INDEX_REST_MS;
}

// With the lock held, which is let go meanwhile. Rests as long as it works, and ends the rest when
// something is asked.
static void index_on(struct worker *w, struct store **s)
{
    w->index = false;
    pthread_mutex_unlock(&w->lock);
    int rest = index_some(w, s);
    pthread_mutex_lock(&w->lock);
    if (rest < 0)
        return;
    w->index = true;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + (int64_t)rest * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    if (!w->quit && !w->all && !w->due && !w->n)
        pthread_cond_timedwait(&w->asked, &w->lock, &until);
}

void worker_serve(int fd, const char *library, const struct conf *c, client_chore chore)
{
    struct worker w = {.fd = fd, .library = library, .conf = c, .chore = chore};
    pthread_mutex_init(&w.lock, NULL);
    pthread_mutex_init(&w.writing, NULL);
    pthread_cond_init(&w.asked, NULL);
    pthread_t listener;
    struct store *store = NULL; // of the indexing
    int stuck = 0;
    say(&w, "pid %ld", (long)getpid());
    if (pipe2(w.wake, O_CLOEXEC | O_NONBLOCK) != 0 ||
        pthread_create(&listener, NULL, listen_thread, &w) != 0)
        return;
    struct in_step *folder = in_step_start(library, c, say_note, &w);
    pthread_mutex_lock(&w.lock);
    for (;;) {
        while (!w.quit && !w.all && !w.due && !w.n) {
            if (stuck && !w.errands) // a thread that computes for ever shall not go on for ever
                _exit(WORKER_AGAIN);
            if (w.index && w.chore && !w.errands)
                index_on(&w, &store);
            else
                pthread_cond_wait(&w.asked, &w.lock);
        }
        if (w.quit)
            break;
        bool all = w.all, whole = w.all || w.due;
        size_t n = w.n;
        int64_t *feeds = mem_array(n + 1, sizeof *feeds);
        if (n)
            memcpy(feeds, w.feeds, n * sizeof *feeds);
        // Of several wishes the widest is met first; feeds that were named are asked in a run of
        // their own.
        if (whole)
            w.all = w.due = false;
        else
            w.n = 0;
        w.running = true;
        char stale[16];
        while (read(w.wake[0], stale, sizeof stale) > 0)
            ;
        pthread_mutex_unlock(&w.lock);
        if (whole)
            stuck += run(&w, all, NULL, 0);
        else
            stuck += run(&w, true, feeds, n);
        free(feeds);
        pthread_mutex_lock(&w.lock);
        w.running = false;
        w.index = true;
    }
    // A feed that is being added is in the library whole or not at all: nothing to wait for. A walk
    // puts away the few essays it has in hand.
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WALK_ENDS;
    while (w.walks && pthread_cond_timedwait(&w.asked, &w.lock, &until) == 0)
        ;
    pthread_mutex_unlock(&w.lock);
    in_step_end(folder);
    store_close(store);
}
