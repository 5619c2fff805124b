// The engine: hosts with a line of questions each, a row of hosts whose turn it is, a fixed number
// of slots. Redirects are taken one hop at a time, so that every hop waits its turn at the host it
// goes to and every address is checked.
#include "http_wire.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lectern/mem.h"
#include "lectern/version.h"

enum { BUCKETS = 1024, MAX_HOPS = 10, ROOM = 8 << 20, A_MINUTE = 60 };

struct http_host {
    struct http_host *chain; // in its bucket
    struct http_host *turn;  // next in the row
    bool in_row;
    int active;
    int64_t until; // not asked before (Unix seconds)
    struct http_get *first, *last;
    char name[];
};

struct http {
    CURLM *multi;
    struct http_wire *slots;
    int nslots, active, per_host;
    size_t waiting;
    size_t held, elsewhere; // bytes in answers that come in; that the caller holds
    struct http_limits limits;
    char *agent;
    struct http_jar *jars;
    struct http_host *buckets[BUCKETS];
    struct http_host *row, *row_end;
    struct http_get *done, *done_end;
};

int64_t http_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void http_get_clear(struct http_get *g)
{
    free(g->url);
    free(g->effective);
    free(g->permanent);
    free(g->new_etag);
    free(g->new_last_modified);
    free(g->content_type);
    free(g->content_location);
    free(g->coding);
    buf_free(&g->body);
    memset(g, 0, sizeof *g);
}

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool http_new(const struct conf *c, struct http **out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    const char *proxy = conf_str(c, CONF_PROXY), *agent = conf_str(c, CONF_USER_AGENT),
               *ca_file = conf_str(c, CONF_CA_FILE), *cookies = conf_str(c, CONF_COOKIES);
    struct http *h = mem_alloc(sizeof *h);
    h->nslots = conf_int(c, CONF_FETCH_TOTAL);
    h->per_host = conf_int(c, CONF_FETCH_HOSTS);
    h->agent =
        *agent ? mem_strdup(agent) : mem_strdup("Lectern/" LECTERN_VERSION " (+" LECTERN_HOME ")");
    h->limits = (struct http_limits){
        .conf = c,
        .agent = h->agent,
        .proxy = *proxy ? proxy : NULL,
        .ca_file = *ca_file ? ca_file : getenv("SSL_CERT_FILE"),
        .cookies = *cookies ? cookies : NULL,
        .jars = &h->jars,
        .connect_ms = conf_int(c, CONF_FETCH_CONNECT) * 1000L,
        .total_ms = conf_int(c, CONF_FETCH_TIMEOUT) * INT64_C(1000),
        .stall_ms = conf_int(c, CONF_FETCH_STALL) * INT64_C(1000),
        .max = (size_t)conf_int(c, CONF_FETCH_MAX) << 20,
    };
    h->multi = curl_multi_init();
    h->slots = mem_array((size_t)h->nslots, sizeof *h->slots);
    if (!h->multi) {
        http_free(h);
        return err_set(e, ERR_OTHER, "the transfer library could not be started");
    }
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, h->nslots * 2L);
    *out = h;
    return true;
}

void http_free(struct http *h)
{
    if (!h)
        return;
    for (int i = 0; i < h->nslots; i++) {
        struct http_wire *w = &h->slots[i];
        if (w->get)
            curl_multi_remove_handle(h->multi, w->easy);
        if (w->easy)
            wire_close(w);
    }
    if (h->multi)
        curl_multi_cleanup(h->multi);
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct http_host *host = h->buckets[i], *next; host; host = next) {
            next = host->chain;
            free(host);
        }
    free(h->slots);
    free(h->agent);
    jars_free(h->jars);
    free(h);
}

// ---- lines and rows ----

static struct http_host *host_of(struct http *h, const char *url)
{
    char name[256];
    if (!http_is_web(url) || !http_host(url, name, sizeof name))
        return NULL;
    uint32_t hash = 2166136261u;
    for (const unsigned char *p = (const unsigned char *)name; *p; p++)
        hash = (hash ^ *p) * 16777619u;
    struct http_host **at = &h->buckets[hash % BUCKETS];
    for (; *at; at = &(*at)->chain)
        if (strcmp((*at)->name, name) == 0)
            return *at;
    *at = mem_alloc(sizeof **at + strlen(name) + 1);
    strcpy((*at)->name, name);
    return *at;
}

static void into_row(struct http *h, struct http_host *host)
{
    if (host->in_row || !host->first || host->active >= h->per_host)
        return;
    host->in_row = true;
    host->turn = NULL;
    if (h->row_end)
        h->row_end->turn = host;
    else
        h->row = host;
    h->row_end = host;
}

static struct http_host *from_row(struct http *h)
{
    struct http_host *host = h->row;
    h->row = host->turn;
    if (!h->row)
        h->row_end = NULL;
    host->in_row = false;
    return host;
}

static void finish(struct http *h, struct http_get *g, enum http_how how)
{
    g->how = how;
    if (how != HTTP_BODY) {
        h->held -= g->body.len;
        buf_free(&g->body);
    }
    if (!g->effective)
        g->effective = mem_strdup(g->url);
    g->next = NULL;
    if (h->done_end)
        h->done_end->next = g;
    else
        h->done = g;
    h->done_end = g;
}

// Into the line of the host that `url` names; a redirect goes to its head.
static bool into_line(struct http *h, struct http_get *g, const char *url, bool head)
{
    struct http_host *host = host_of(h, url);
    if (!host)
        return false;
    g->host = host;
    g->next = NULL;
    if (head || !host->first) {
        g->next = host->first;
        host->first = g;
        if (!host->last)
            host->last = g;
    } else {
        host->last->next = g;
        host->last = g;
    }
    h->waiting++;
    into_row(h, host);
    return true;
}

void http_add(struct http *h, struct http_get *g)
{
    if (into_line(h, g, g->url, false))
        return;
    err_set(&g->err, ERR_FORMAT, "this is not an http or https address");
    finish(h, g, HTTP_FAILED);
}

void http_block(struct http *h, const char *url, int64_t until)
{
    struct http_host *host = host_of(h, url);
    if (host && until > host->until)
        host->until = until;
}

void http_blocked(const struct http *h, struct buf *out, size_t max)
{
    int64_t now = (int64_t)time(NULL);
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct http_host *host = h->buckets[i]; host && max; host = host->chain)
            if (host->until > now) {
                buf_printf(out, "%s %lld\n", host->name, (long long)host->until);
                max--;
            }
}

static void refuse_blocked(struct http *h, struct http_get *g, struct http_host *host)
{
    struct tm tm;
    time_t until = (time_t)host->until;
    char when[32] = "later";
    if (localtime_r(&until, &tm))
        strftime(when, sizeof when, host->until - time(NULL) < 20 * 3600 ? "%H:%M" : "%d %b %H:%M",
                 &tm);
    err_set(&g->err, ERR_NETWORK, "%s asks to be left alone until %s", host->name, when);
    g->retry_after = host->until;
    g->status = 0;
    finish(h, g, HTTP_REFUSED);
}

static struct http_wire *free_slot(struct http *h)
{
    for (int i = 0; i < h->nslots; i++)
        if (!h->slots[i].get)
            return &h->slots[i];
    return NULL;
}

static void begin(struct http *h)
{
    int64_t now = (int64_t)time(NULL);
    // What others hold goes away without us; of what comes in here, one must be let in to its end.
    while (h->row && h->active < h->nslots && h->elsewhere < ROOM &&
           (h->active == 0 || h->held + h->elsewhere < ROOM)) {
        struct http_host *host = from_row(h);
        struct http_get *g = host->first;
        host->first = g->next;
        if (!host->first)
            host->last = NULL;
        h->waiting--;
        if (host->until > now) {
            refuse_blocked(h, g, host);
            into_row(h, host);
            continue;
        }
        struct http_wire *w = free_slot(h);
        if (!w || (!w->easy && !wire_open(w))) {
            err_set(&g->err, ERR_OTHER, "the transfer library has no room for another transfer");
            finish(h, g, HTTP_FAILED);
            into_row(h, host);
            continue;
        }
        if (!g->begun && g->start)
            g->start(g);
        g->begun = true;
        w->held = &h->held;
        w->room = ROOM;
        if (!wire_ask(w, g, g->effective ? g->effective : g->url, &h->limits, &g->err)) {
            wire_clear(w);
            finish(h, g, HTTP_FAILED);
            into_row(h, host);
            continue;
        }
        curl_multi_add_handle(h->multi, w->easy);
        host->active++;
        h->active++;
        into_row(h, host);
    }
}

// ---- what comes back ----

static void release(struct http *h, struct http_wire *w)
{
    struct http_host *host = w->get->host;
    curl_multi_remove_handle(h->multi, w->easy);
    wire_clear(w);
    host->active--;
    h->active--;
    into_row(h, host);
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool userinfo(const char *url, size_t *from, size_t *len)
{
    const char *slashes = strstr(url, "://"), *start = slashes ? slashes + 3 : url;
    size_t n = strcspn(start, "/?#");
    *from = (size_t)(start - url);
    *len = 0;
    for (size_t i = 0; i < n; i++)
        if (start[i] == '@')
            *len = i + 1;
    return *len > 0;
}

// Where an address leads; within one server, user and password go along.
static char *next_address(const char *asked, const char *to)
{
    char *next = mem_strndup(to, strcspn(to, "#"));
    char ours[256], theirs[256];
    size_t from, len, at, none;
    if (!userinfo(asked, &from, &len) || userinfo(next, &at, &none) ||
        strncasecmp(asked, next, from) != 0 || !http_host(asked, ours, sizeof ours) ||
        !http_host(next, theirs, sizeof theirs) || strcmp(ours, theirs) != 0)
        return next;
    char *with = mem_printf("%.*s%.*s%s", (int)at, next, (int)len, asked + from, next + at);
    free(next);
    return with;
}

// True: the question stands in another line now.
static bool redirect(struct http *h, struct http_wire *w, struct http_get *g)
{
    const char *to = NULL;
    curl_easy_getinfo(w->easy, CURLINFO_REDIRECT_URL, &to);
    if (!to || !http_is_web(to))
        return err_set(&g->err, ERR_NETWORK,
                       "HTTP %d: it leads to something that is not a web address", g->status);
    if (strncasecmp(w->asked, "https:", 6) == 0 && strncasecmp(to, "https:", 6) != 0)
        return err_set(&g->err, ERR_NETWORK,
                       "HTTP %d: it leads from https to http, which is not followed", g->status);
    if (++g->hops > MAX_HOPS)
        return err_set(&g->err, ERR_NETWORK, "it leads on and on: more than %d redirects",
                       MAX_HOPS);
    char *next = next_address(w->asked, to);
    if (g->status != 301 && g->status != 308)
        g->temporary = true;
    if (!g->temporary) {
        free(g->permanent);
        g->permanent = mem_strdup(next);
    }
    free(g->effective);
    g->effective = next;
    release(h, w);
    return into_line(h, g, g->effective, true);
}

static void take(struct http *h, struct http_wire *w, CURLcode code)
{
    struct http_get *g = w->get;
    curl_off_t body = 0;
    long headers = 0;
    curl_easy_getinfo(w->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
    curl_easy_getinfo(w->easy, CURLINFO_HEADER_SIZE, &headers);
    g->wire += body + headers;
    if (code != CURLE_OK && !w->enough) {
        if (!w->refused)
            wire_words(w, code, &h->limits, &g->err);
        long why = 0;
        curl_easy_getinfo(w->easy, CURLINFO_OS_ERRNO, &why);
        g->unreached = code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;
        g->offline = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
                     (g->unreached && (why == ENETUNREACH || why == EHOSTUNREACH));
        release(h, w);
        finish(h, g, HTTP_FAILED);
        return;
    }
    int64_t now = (int64_t)time(NULL);
    wire_headers(w, g, now);
    if (is_redirect(g->status)) {
        if (redirect(h, w, g))
            return;
        release(h, w);
        finish(h, g, HTTP_REFUSED);
        return;
    }
    enum http_how how = g->status == 304                      ? HTTP_SAME
                        : g->status >= 200 && g->status < 300 ? HTTP_BODY
                                                              : HTTP_REFUSED;
    if (how == HTTP_REFUSED) {
        http_status_words(g->status, &g->err);
        if (g->retry_after)
            http_block(h, w->asked, g->retry_after);
        else if (g->status == 429)
            http_block(h, w->asked, now + A_MINUTE);
    }
    release(h, w);
    finish(h, g, how);
}

// Silence and slowness, watched here and not by curl: paused transfers do not count, and the words
// are exact. Returns the milliseconds until the next one could be due.
static int64_t watch(struct http *h)
{
    int64_t now = http_now_ms(), soonest = INT64_MAX;
    for (int i = 0; i < h->nslots; i++) {
        struct http_wire *w = &h->slots[i];
        if (!w->get)
            continue;
        if (w->paused) { // time spent waiting for us is not the server's
            w->began += now - w->heard;
            w->heard = now;
            continue;
        }
        int64_t silent = w->heard + h->limits.stall_ms - now,
                total = w->get->sink ? INT64_MAX : w->began + h->limits.total_ms - now;
        if (silent <= 0) {
            curl_off_t connected = 0; // until then the limit for connecting holds
            curl_easy_getinfo(w->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
            if (connected == 0)
                silent = 1000;
            else if (w->began + connected / 1000 > w->heard)
                silent = w->began + connected / 1000 + h->limits.stall_ms - now;
        }
        if (silent <= 0 || total <= 0) {
            struct http_get *g = w->get;
            wire_timeout_words(w, silent <= 0, &h->limits, &g->err);
            release(h, w);
            finish(h, g, HTTP_FAILED);
            soonest = 0;
            continue;
        }
        if (silent < soonest)
            soonest = silent;
        if (total < soonest)
            soonest = total;
    }
    return soonest;
}

// One transfer, the one that began first, goes on whatever is held; the others when there is room
// again.
static void unpause(struct http *h)
{
    struct http_wire *elder = NULL;
    for (int i = 0; i < h->nslots; i++) {
        struct http_wire *w = &h->slots[i];
        if (w->get && (!elder || w->began < elder->began))
            elder = w;
        w->elder = false;
        w->room = h->elsewhere < ROOM ? ROOM - h->elsewhere : 0;
    }
    if (elder)
        elder->elder = true;
    for (int i = 0; i < h->nslots; i++) {
        struct http_wire *w = &h->slots[i];
        if (w->get && w->paused && (w->elder || h->held < w->room / 2)) {
            w->paused = false;
            curl_easy_pause(w->easy, CURLPAUSE_CONT);
        }
    }
}

void http_work(struct http *h, int wait_ms, int wake_fd)
{
    begin(h);
    unpause(h);
    int running;
    curl_multi_perform(h->multi, &running);
    int64_t due = watch(h);
    if (!h->done && due > 0 && wait_ms > 0 && running == h->active) {
        struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
        int ms = due < wait_ms ? (int)due : wait_ms;
        curl_multi_poll(h->multi, &wake, wake_fd >= 0, ms, NULL);
        curl_multi_perform(h->multi, &running);
    }
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(h->multi, &left));) {
        struct http_wire *w = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&w);
        take(h, w, code);
    }
}

void http_wake(struct http *h)
{
    curl_multi_wakeup(h->multi);
}

struct http_get *http_next(struct http *h)
{
    struct http_get *g = h->done;
    if (!g)
        return NULL;
    h->done = g->next;
    if (!h->done)
        h->done_end = NULL;
    g->next = NULL;
    h->held -= g->body.len; // the caller's now, who tells with http_held
    return g;
}

void http_stop(struct http *h)
{
    for (int i = 0; i < h->nslots; i++) {
        struct http_wire *w = &h->slots[i];
        if (!w->get)
            continue;
        struct http_get *g = w->get;
        release(h, w);
        err_set(&g->err, ERR_OTHER, "stopped");
        finish(h, g, HTTP_ENDED);
    }
    while (h->row) {
        struct http_host *host = from_row(h);
        while (host->first) {
            struct http_get *g = host->first;
            host->first = g->next;
            h->waiting--;
            err_set(&g->err, ERR_OTHER, "stopped");
            finish(h, g, HTTP_ENDED);
        }
        host->last = NULL;
    }
}

size_t http_running(const struct http *h)
{
    return (size_t)h->active;
}

size_t http_waiting(const struct http *h)
{
    return h->waiting;
}

void http_held(struct http *h, size_t bytes)
{
    h->elsewhere = bytes;
}
