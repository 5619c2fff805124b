// One slot: sets an easy handle up for one hop, takes in headers and body within the limits. A body
// is kept only of a success; the page that comes with an error is read to its end, if that is near,
// so that the connection lives on.
#include "http_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lectern/mem.h"

enum { DRAINED = 128 << 10 /* of a body nobody wants */, MOST_RESERVED = 1 << 20 };

static char *field(const char *line, size_t len, const char *name)
{
    size_t n = strlen(name);
    if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
        return NULL;
    const char *from = line + n + 1, *to = line + len;
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (unsigned char)to[-1] <= ' ')
        to--;
    return mem_strndup(from, (size_t)(to - from));
}

static void keep(char **into, char *value)
{
    free(*into);
    *into = value;
}

static void forget_headers(struct http_wire *w)
{
    keep(&w->cache_control, NULL);
    keep(&w->expires, NULL);
    keep(&w->date, NULL);
    keep(&w->retry_after, NULL);
    struct http_get *g = w->get;
    if (!g)
        return;
    keep(&g->new_etag, NULL);
    keep(&g->new_last_modified, NULL);
    keep(&g->content_type, NULL);
    keep(&g->content_location, NULL);
    keep(&g->coding, NULL);
    g->first = 0;
    g->whole = -1;
}

// A field that may come in several lines.
static void add_field(char **into, char *value)
{
    if (value && *into) {
        char *both = mem_printf("%s, %s", *into, value);
        free(value);
        value = both;
    }
    if (value)
        keep(into, value);
}

// "bytes 100-199/1000", "bytes */1000", with "*" for a whole that is not known.
static void read_range(struct http_get *g, const char *value)
{
    long long first, last, whole;
    int n = 0;
    if (strncasecmp(value, "bytes ", 6) != 0)
        return;
    value += 6;
    if (sscanf(value, "%lld-%lld/%n", &first, &last, &n) == 2 && n && first >= 0 && last >= first) {
        g->first = first;
        value += n;
    } else if (strncmp(value, "*/", 2) == 0) {
        value += 2;
    } else {
        return;
    }
    whole = *value >= '0' && *value <= '9' ? strtoll(value, NULL, 10) : -1;
    g->whole = whole;
}

static size_t on_header(char *line, size_t size, size_t n, void *data)
{
    struct http_wire *w = data;
    struct http_get *g = w->get;
    size_t len = size * n;
    w->heard = http_now_ms();
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) { // a new answer: after 100, 103 or a proxy's
        forget_headers(w);
        const char *blank = memchr(line, ' ', len);
        g->status = blank ? atoi(blank + 1) : 0;
        return len;
    }
    const struct {
        const char *name;
        char **into;
    } wanted[] = {
        {"ETag", &g->new_etag},
        {"Last-Modified", &g->new_last_modified},
        {"Content-Type", &g->content_type},
        {"Content-Location", &g->content_location},
        {"Expires", &w->expires},
        {"Date", &w->date},
        {"Retry-After", &w->retry_after},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        char *value = field(line, len, wanted[i].name);
        if (value) {
            keep(wanted[i].into, value);
            return len;
        }
    }
    char *range = field(line, len, "Content-Range");
    if (range)
        read_range(g, range);
    free(range);
    add_field(&w->cache_control, field(line, len, "Cache-Control"));
    add_field(&g->coding, field(line, len, "Content-Encoding"));
    return len;
}

// What the server says will come, within reason, so that it is not moved again and again.
static void reserve(struct http_wire *w, size_t first)
{
    curl_off_t says = -1;
    curl_easy_getinfo(w->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &says);
    if (says > (curl_off_t)first && says <= MOST_RESERVED)
        buf_reserve(&w->get->body, (size_t)says);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
    struct http_wire *w = data;
    struct http_get *g = w->get;
    size_t len = size * n;
    w->heard = http_now_ms();
    if (g->status < 200 || g->status >= 300) {
        w->drained += len;
        w->enough = w->drained > DRAINED;
        return w->enough ? 0 : len;
    }
    if (g->sink) {
        if (g->whole < 0 && g->status == 200) {
            curl_off_t says = -1;
            curl_easy_getinfo(w->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &says);
            g->whole = says;
        }
        w->refused = !g->sink(g, bytes, len);
        return w->refused ? 0 : len;
    }
    if (g->body.len + len > w->max) {
        w->too_large = true;
        return 0;
    }
    if (!w->elder && *w->held > w->room) {
        w->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (!g->body.data)
        reserve(w, len);
    buf_add(&g->body, bytes, len);
    *w->held += len;
    return len;
}

bool wire_open(struct http_wire *w)
{
    w->easy = curl_easy_init();
    if (!w->easy)
        return false;
    // Any cookie starts the handle's cookie jar, which lives on when the handle is reset. (An empty
    // CURLOPT_COOKIEFILE does it too, but is lost, and leaked, with each reset.)
    curl_easy_setopt(w->easy, CURLOPT_COOKIELIST,
                     "Set-Cookie: jar=open; domain=jar.invalid; path=/");
    return true;
}

void wire_close(struct http_wire *w)
{
    wire_clear(w);
    curl_easy_cleanup(w->easy);
    w->easy = NULL;
}

static void set_protocols(CURL *c)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(c, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static void send_line(struct http_wire *w, const char *line)
{
    struct curl_slist *more = curl_slist_append(w->headers, line);
    if (more)
        w->headers = more;
}

static void line_of(struct http_wire *w, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    char *line = mem_printf("%s: %s", name, value);
    send_line(w, line);
    free(line);
}

static bool same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, ":");
    return n == strcspn(b, ":") && strncasecmp(a, b, n) == 0;
}

// The reader's own headers for this address; of two with one name the more special one.
static void own_headers(struct http_wire *w, const char *url, const struct conf *c)
{
    const char *line;
    for (size_t i = 0; (line = conf_site_nth(c, CONF_SITE_HEADER, url, i)); i++) {
        bool again = false;
        const char *later;
        for (size_t k = i + 1; !again && (later = conf_site_nth(c, CONF_SITE_HEADER, url, k)); k++)
            again = same_name(line, later);
        if (!again)
            send_line(w, line);
    }
}

static bool has_header(const struct http_wire *w, const char *name)
{
    for (const struct curl_slist *h = w->headers; h; h = h->next)
        if (same_name(h->data, name))
            return true;
    return false;
}

// What was set for the feed goes along wherever it leads; else what is set for the place it led to.
static const char *along(const struct conf *c, enum conf_site o, const struct http_get *g,
                         const char *url, const char *otherwise)
{
    const char *v = conf_site(c, o, g->url);
    if (!v)
        v = conf_site(c, o, url);
    return v ? v : otherwise;
}

static void login(CURL *c, const char *both)
{
    const char *colon = both ? strchr(both, ':') : NULL;
    curl_easy_setopt(c, CURLOPT_NETRC, (long)(colon ? CURL_NETRC_IGNORED : CURL_NETRC_OPTIONAL));
    if (!colon)
        return;
    char *user = mem_strndup(both, (size_t)(colon - both));
    curl_easy_setopt(c, CURLOPT_USERNAME, user);
    curl_easy_setopt(c, CURLOPT_PASSWORD, colon + 1);
    free(user);
}

bool wire_ask(struct http_wire *w, struct http_get *g, const char *url, const struct http_limits *l,
              struct err *e)
{
    CURL *c = w->easy;
    w->get = g;
    keep(&w->asked, mem_strdup(url));
    w->began = w->heard = http_now_ms();
    w->max = l->max;
    w->too_large = w->paused = w->enough = w->refused = false;
    w->drained = 0;
    w->problem[0] = '\0';
    g->status = 0;
    forget_headers(w);

    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PRIVATE, w);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, w->problem);
    set_protocols(c);
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    if (strncasecmp(url, "https", 5) == 0)
        curl_easy_setopt(c, CURLOPT_PIPEWAIT, 1L); // rather another stream than another connection
    curl_easy_setopt(c, CURLOPT_USERAGENT, along(l->conf, CONF_SITE_USER_AGENT, g, url, l->agent));
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, l->connect_ms);
    curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 64L << 10);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, w);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, w);
    const char *proxy = along(l->conf, CONF_SITE_PROXY, g, url, l->proxy);
    w->proxied = proxy && *proxy && strcmp(proxy, "none") != 0;
    if (proxy)
        curl_easy_setopt(c, CURLOPT_PROXY, w->proxied ? proxy : "");
    // What is secret, and whom to trust, is for this very address.
    login(c, conf_site(l->conf, CONF_SITE_LOGIN, url));
    const char *ca_file = conf_site(l->conf, CONF_SITE_CA_FILE, url);
    if (ca_file || l->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, ca_file ? ca_file : l->ca_file);

    curl_slist_free_all(w->headers);
    w->headers = NULL;
    own_headers(w, url, l->conf);
    if (!has_header(w, "Accept:"))
        send_line(w, g->sink ? "Accept: audio/*, */*;q=0.5"
                     : g->feed
                         ? "Accept: application/atom+xml, application/rss+xml, "
                           "application/feed+json, "
                           "application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, "
                           "application/json;q=0.8, text/html;q=0.6, */*;q=0.5"
                         : "Accept: text/html, application/xhtml+xml, application/xml;q=0.9, "
                           "*/*;q=0.8");
    if (g->sink)
        send_line(w, "Accept-Encoding: identity");
    else if (!has_header(w, "Accept-Encoding:"))
        line_of(w, "Accept-Encoding", unpack_accepted());
    if (g->sink && g->from > 0 && g->if_range) {
        char range[48];
        snprintf(range, sizeof range, "bytes=%lld-", (long long)g->from);
        line_of(w, "Range", range);
        line_of(w, "If-Range", g->if_range);
    }
    line_of(w, "If-None-Match", g->etag);
    line_of(w, "If-Modified-Since", g->last_modified);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, w->headers);

    // Cookies live as long as one chain of redirects: some sites turn in circles without them.
    if (g->hops > 0)
        return true;
    curl_easy_setopt(c, CURLOPT_COOKIELIST, "ALL");
    const char *jar = conf_site(l->conf, CONF_SITE_COOKIES, url);
    if (!jar)
        jar = l->cookies;
    return !jar || jar_pour(l->jars, jar, c, e);
}

void wire_clear(struct http_wire *w)
{
    keep(&w->asked, NULL);
    keep(&w->cache_control, NULL);
    keep(&w->expires, NULL);
    keep(&w->date, NULL);
    keep(&w->retry_after, NULL);
    curl_slist_free_all(w->headers);
    w->headers = NULL;
    w->get = NULL;
    w->elder = false;
}

void wire_headers(const struct http_wire *w, struct http_get *g, int64_t now)
{
    int64_t date = w->date ? (int64_t)curl_getdate(w->date, NULL) : 0;
    g->fresh = http_fresh(w->cache_control, w->expires, date, now);
    if (w->retry_after && (g->status == 429 || g->status == 503))
        g->retry_after = http_retry_after(w->retry_after, now);
}
