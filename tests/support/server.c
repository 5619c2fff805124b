// libmicrohttpd where it serves, bare sockets for what no good server would do. One thread a
// connection: a handler may wait.
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "lectern/mem.h"

enum { PATHS = 4096, RAW_CONNECTIONS = 256 };

struct server {
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping;
    int active, most, requests, met;
    struct {
        char *path;
        int n;
    } paths[PATHS];
    server_handler *handler;
    void (*serve)(void *ctx, int fd, const char *path);
    void *ctx;
    int listener;
    pthread_t acceptor;
    int fds[RAW_CONNECTIONS], nfds;
    pthread_t threads[RAW_CONNECTIONS];
    int nthreads;
};

static int count(struct server *s, const char *path)
{
    s->requests++;
    unsigned at = 5381;
    for (const char *p = path; *p; p++)
        at = at * 33 + (unsigned char)*p;
    for (at %= PATHS; s->paths[at].path; at = (at + 1) % PATHS)
        if (strcmp(s->paths[at].path, path) == 0)
            return ++s->paths[at].n;
    s->paths[at].path = mem_strdup(path);
    return s->paths[at].n = 1;
}

static void wait_until(struct server *s, long ms)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&s->changed, &s->lock, &t);
}

static void pack(struct buf *b)
{
    z_stream z = {0};
    deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    size_t room = deflateBound(&z, b->len);
    unsigned char *out = mem_alloc(room);
    z.next_in = (unsigned char *)b->data;
    z.avail_in = (unsigned)b->len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    deflate(&z, Z_FINISH);
    buf_clear(b);
    buf_add(b, out, z.total_out);
    deflateEnd(&z);
    free(out);
}

static ssize_t again(void *data, uint64_t at, char *out, size_t max)
{
    struct buf *b = data;
    size_t from = at % b->len, n = b->len - from < max ? b->len - from : max;
    memcpy(out, b->data + from, n);
    return (ssize_t)n;
}

static ssize_t once(void *data, uint64_t at, char *out, size_t max)
{
    struct buf *b = data;
    if (at >= b->len)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t n = b->len - at < max ? b->len - at : max;
    memcpy(out, b->data + at, n);
    return (ssize_t)n;
}

static void free_body(void *data)
{
    buf_free(data);
    free(data);
}

static struct MHD_Response *response(struct server_reply *r)
{
    if (r->gzip) {
        pack(&r->body);
        server_set(r, "Content-Encoding", "gzip");
    }
    struct buf *body = mem_alloc(sizeof *body);
    *body = r->body;
    buf_reserve(body, 1);
    struct MHD_Response *m;
    if (r->endless || r->chunked)
        m = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, r->endless ? again : once,
                                              body, free_body);
    else
        m = MHD_create_response_from_callback(body->len, 65536, once, body, free_body);
    for (int i = 0; i < r->nheaders; i++)
        MHD_add_response_header(m, r->headers[i].name, r->headers[i].value);
    return m;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    (void)method, (void)version, (void)upload, (void)upload_size;
    struct server *s = ctx;
    if (!*state) {
        *state = s;
        return MHD_YES;
    }
    struct server_request q = {.path = path, .connection = c};
    struct server_reply r = {.status = 200};
    pthread_mutex_lock(&s->lock);
    q.nth = count(s, path);
    if (++s->active > s->most)
        s->most = s->active;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    s->handler(s->ctx, &q, &r);
    pthread_mutex_lock(&s->lock);
    while (r.hang && !s->stopping)
        pthread_cond_wait(&s->changed, &s->lock);
    if (r.meet) { // two, and a moment in which a third would have come
        for (int i = 0; i < 200 && s->active < 2 && !s->met && !s->stopping; i++)
            wait_until(s, 10);
        if (s->active >= 2)
            s->met = 1;
        wait_until(s, 30);
    }
    pthread_mutex_unlock(&s->lock);
    struct MHD_Response *m = response(&r);
    enum MHD_Result ok = MHD_queue_response(c, (unsigned)r.status, m);
    MHD_destroy_response(m);
    pthread_mutex_lock(&s->lock);
    s->active--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static void quiet(void *ctx, const char *fmt, va_list ap)
{
    (void)ctx, (void)fmt, (void)ap;
}

static struct server *server_new(void *ctx)
{
    struct server *s = mem_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->ctx = ctx;
    s->listener = -1;
    return s;
}

struct server *server_start_tls(server_handler *handler, void *ctx, const char *key,
                                const char *cert)
{
    struct server *s = server_new(ctx);
    s->handler = handler;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_ERROR_LOG;
    if (key)
        s->daemon = MHD_start_daemon(flags | MHD_USE_TLS, 0, NULL, NULL, on_request, s,
                                     MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_SOCK_ADDR,
                                     &at, MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_MEM_CERT,
                                     cert, MHD_OPTION_END);
    else
        s->daemon =
            MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, quiet,
                             NULL, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
    if (!s->daemon) {
        fprintf(stderr, "the test server does not start\n");
        abort();
    }
    s->port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return s;
}

struct server *server_start(server_handler *handler, void *ctx)
{
    return server_start_tls(handler, ctx, NULL, NULL);
}

// ---- bare sockets ----

struct raw {
    struct server *s;
    int fd;
};

static void *raw_connection(void *data)
{
    struct raw *r = data;
    char request[8192];
    size_t len = 0;
    while (len + 1 < sizeof request) {
        ssize_t n = read(r->fd, request + len, sizeof request - 1 - len);
        if (n <= 0)
            break;
        len += (size_t)n;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n"))
            break;
    }
    char path[1024] = "";
    if (len && sscanf(request, "%*s %1023s", path) == 1) {
        pthread_mutex_lock(&r->s->lock);
        count(r->s, path);
        pthread_mutex_unlock(&r->s->lock);
        r->s->serve(r->s->ctx, r->fd, path);
    }
    shutdown(r->fd, SHUT_RDWR);
    free(r);
    return NULL;
}

static void *raw_accept(void *data)
{
    struct server *s = data;
    for (;;) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        struct raw *r = mem_alloc(sizeof *r);
        *r = (struct raw){s, fd};
        pthread_mutex_lock(&s->lock);
        if (s->stopping || s->nfds == RAW_CONNECTIONS ||
            pthread_create(&s->threads[s->nthreads], NULL, raw_connection, r) != 0) {
            close(fd);
            free(r);
        } else {
            s->fds[s->nfds++] = fd;
            s->nthreads++;
        }
        pthread_mutex_unlock(&s->lock);
    }
}

struct server *server_raw(void (*serve)(void *ctx, int fd, const char *path), void *ctx)
{
    struct server *s = server_new(ctx);
    s->serve = serve;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    if (bind(s->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(s->listener, 64) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&at, &len) != 0 ||
        pthread_create(&s->acceptor, NULL, raw_accept, s) != 0) {
        perror("the test server does not start");
        abort();
    }
    s->port = ntohs(at.sin_port);
    return s;
}

void server_stop(struct server *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    if (s->listener >= 0) {
        shutdown(s->listener, SHUT_RDWR);
        close(s->listener);
        pthread_join(s->acceptor, NULL);
        for (int i = 0; i < s->nfds; i++)
            shutdown(s->fds[i], SHUT_RDWR);
        for (int i = 0; i < s->nthreads; i++)
            pthread_join(s->threads[i], NULL);
        for (int i = 0; i < s->nfds; i++)
            close(s->fds[i]);
    }
    server_reset(s);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

char *server_url(const struct server *s, const char *host, const char *path)
{
    return mem_printf("http://%s:%d%s", host ? host : "127.0.0.1", s->port, path);
}

int server_requests(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    int n = s->requests;
    pthread_mutex_unlock(&s->lock);
    return n;
}

int server_asked(struct server *s, const char *path)
{
    int n = 0;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < PATHS; i++)
        if (s->paths[i].path && strcmp(s->paths[i].path, path) == 0)
            n = s->paths[i].n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

int server_most(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    int n = s->most;
    pthread_mutex_unlock(&s->lock);
    return n;
}

void server_reset(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < PATHS; i++) {
        free(s->paths[i].path);
        s->paths[i].path = NULL;
    }
    s->requests = s->most = s->met = 0;
    pthread_mutex_unlock(&s->lock);
}

const char *server_header(const struct server_request *q, const char *name)
{
    return MHD_lookup_connection_value(q->connection, MHD_HEADER_KIND, name);
}

const char *server_argument(const struct server_request *q, const char *name)
{
    return MHD_lookup_connection_value(q->connection, MHD_GET_ARGUMENT_KIND, name);
}

void server_set(struct server_reply *r, const char *name, const char *value)
{
    int n = r->nheaders++;
    snprintf(r->headers[n].name, sizeof r->headers[n].name, "%s", name);
    snprintf(r->headers[n].value, sizeof r->headers[n].value, "%s", value);
}

void server_feed(struct buf *out, const char *title, int n, size_t size)
{
    static const char sentence[] = "The quiet return of the printed word is told in many letters. ";
    buf_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>"
        "<title>%s</title><link>https://example.org/</link><description>Letters</description>\n",
        title);
    for (int i = 1; i <= n; i++) {
        buf_printf(
            out,
            "<item><title>%s %d</title><link>https://example.org/p/%d</link>"
            "<guid isPermaLink=\"false\">essay-%d</guid>"
            "<pubDate>Mon, %02d Jun 2026 08:00:00 GMT</pubDate><content:encoded><![CDATA[<p>",
            title, i, i, i, 1 + i % 28);
        for (size_t have = 0; have < size; have += sizeof sentence - 1)
            buf_str(out, sentence);
        buf_str(out, "</p>]]></content:encoded></item>\n");
    }
    buf_str(out, "</channel></rss>\n");
}
