// What went wrong on the way to an address, in words a person can do something with. No message
// carries more of an address than its host.
#include "http_wire.h"

#include <errno.h>
#include <string.h>

static bool says(const struct http_wire *w, const char *what)
{
    return strcasestr(w->problem, what) != NULL;
}

static bool certificate_words(const struct http_wire *w, const char *host, struct err *e)
{
    if (says(w, "expired"))
        return err_set(e, ERR_NETWORK, "the certificate of %s has expired", host);
    if (says(w, "not yet valid") || says(w, "not yet activated"))
        return err_set(e, ERR_NETWORK,
                       "the certificate of %s is not valid yet: is this machine's clock right?",
                       host);
    if (says(w, "self-signed") || says(w, "self signed"))
        return err_set(e, ERR_NETWORK,
                       "the certificate of %s is signed by nobody but itself: it is not trusted "
                       "(a ca-file for the feed can change that)",
                       host);
    if (says(w, "subject name") || says(w, "does not match"))
        return err_set(e, ERR_NETWORK, "the certificate shown by %s belongs to another name", host);
    if (says(w, "revoked"))
        return err_set(e, ERR_NETWORK, "the certificate of %s has been revoked", host);
    return err_set(e, ERR_NETWORK,
                   "the certificate of %s is not signed by anyone trusted here (a ca-file for the "
                   "feed can change that)",
                   host);
}

static void too_large_words(const char *host, size_t max, struct err *e)
{
    err_set(e, ERR_FORMAT,
            "the answer of %s is larger than %zu MB when unpacked (option fetch-max-size)", host,
            max >> 20);
}

static void broken_words(const char *host, struct err *e)
{
    err_set(e, ERR_NETWORK, "what %s sent cannot be unpacked", host);
}

void wire_words(const struct http_wire *w, CURLcode code, const struct http_limits *l,
                struct err *e)
{
    char host[256];
    if (!http_host(w->asked, host, sizeof host))
        strcpy(host, "this address");
    long why = 0;
    curl_easy_getinfo(w->easy, CURLINFO_OS_ERRNO, &why);
    if (w->too_large) {
        too_large_words(host, w->max, e);
        return;
    }
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        err_set(e, ERR_NETWORK, "could not resolve host %s", host);
        return;
    case CURLE_COULDNT_RESOLVE_PROXY:
        err_set(e, ERR_NETWORK, "could not resolve the host of the proxy (option proxy)");
        return;
    case CURLE_COULDNT_CONNECT:
        if (w->proxied)
            err_set(e, ERR_NETWORK, "could not reach the proxy (option proxy)");
        else if (why == ECONNREFUSED)
            err_set(e, ERR_NETWORK, "%s refused the connection", host);
        else if (why == ENETUNREACH || why == EHOSTUNREACH)
            err_set(e, ERR_NETWORK, "there is no way to %s from this machine", host);
        else
            err_set(e, ERR_NETWORK, "could not connect to %s", host);
        return;
    case CURLE_PROXY:
        err_set(e, ERR_NETWORK, "the proxy would not connect to %s", host);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        err_set(e, ERR_NETWORK, "no connection to %s within %ld s", host, l->connect_ms / 1000);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
        certificate_words(w, host, e);
        return;
    case CURLE_SSL_CACERT_BADFILE:
        err_set(e, ERR_NETWORK,
                "the file of trusted certificates cannot be read (ca-file, or SSL_CERT_FILE)");
        return;
    case CURLE_SSL_CONNECT_ERROR:
        err_set(e, ERR_NETWORK, "no secure connection could be made with %s", host);
        return;
    case CURLE_GOT_NOTHING:
        err_set(e, ERR_NETWORK, "%s closed the connection without an answer", host);
        return;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        err_set(e, ERR_NETWORK, "the connection to %s broke off before the answer was whole", host);
        return;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        err_set(e, ERR_NETWORK, "what %s answered is not HTTP", host);
        return;
    case CURLE_URL_MALFORMAT:
        err_set(e, ERR_FORMAT, "this is not a web address");
        return;
    default:
        err_set(e, ERR_NETWORK, "no answer from %s: %s", host, curl_easy_strerror(code));
    }
}

void wire_timeout_words(const struct http_wire *w, bool stalled, const struct http_limits *l,
                        struct err *e)
{
    char host[256];
    if (!http_host(w->asked, host, sizeof host))
        strcpy(host, "this address");
    if (!stalled)
        err_set(e, ERR_NETWORK, "%s took longer than %lld s (option fetch-timeout)", host,
                (long long)l->total_ms / 1000);
    else
        err_set(e, ERR_NETWORK, "no answer for %lld s from %s", (long long)l->stall_ms / 1000,
                host);
}

bool http_unpack(struct http_get *g, struct unpacker *u, size_t max, struct buf *out)
{
    enum unpacked how = unpack_bytes(u, g->coding, buf_cstr(&g->body), g->body.len, max, out);
    if (how == UNPACKED_AS_IS) {
        buf_free(out);
        *out = g->body;
        g->body = (struct buf){0};
        return true;
    }
    buf_free(&g->body);
    if (how == UNPACKED)
        return true;
    char host[256];
    if (!http_host(g->effective, host, sizeof host))
        strcpy(host, "this address");
    if (how == UNPACKED_TOO_LARGE)
        too_large_words(host, max, &g->err);
    else
        broken_words(host, &g->err);
    g->how = HTTP_FAILED;
    return false;
}

void http_status_words(int status, struct err *e)
{
    static const struct {
        int status;
        const char *words;
    } table[] = {
        {400, "the server does not understand the question"},
        {401,
         "user and password are asked for; they can be put into ~/.netrc, or into a line `feed "
         "ADDRESS login user:password`"},
        {402, "the server wants to be paid first"},
        {403, "the server does not let us in"},
        {404, "there is nothing at this address"},
        {405, "the server does not take this kind of question"},
        {406, "the server has no form of it that we could read"},
        {407, "the proxy asks for user and password"},
        {408, "the server grew tired of waiting"},
        {410, "it is gone for good"},
        {421, "the server is not the one for this address"},
        {425, "the server wants to be asked later"},
        {429, "we asked too often; it will be left alone for a while"},
        {451, "it may not be shown for legal reasons"},
        {500, "the server has a fault"},
        {501, "the server cannot do this"},
        {502, "the server got no good answer from the one behind it"},
        {503, "the server is busy or being repaired"},
        {504, "the server got no answer from the one behind it"},
        {508, "the server turns in circles"},
        {520, "the server behind Cloudflare has a fault"},
        {521, "the server behind Cloudflare is down"},
        {522, "the server behind Cloudflare does not answer"},
        {523, "the server behind Cloudflare cannot be reached"},
        {524, "the server behind Cloudflare takes too long"},
        {525, "Cloudflare cannot make a secure connection to the server behind it"},
        {526, "Cloudflare does not trust the server behind it"},
        {530, "Cloudflare cannot find the server behind it"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status) {
            err_set(e, status == 404 || status == 410 ? ERR_MISSING : ERR_NETWORK, "HTTP %d: %s",
                    status, table[i].words);
            return;
        }
    err_set(e, ERR_NETWORK, "HTTP %d: %s", status,
            status >= 500   ? "the server has a fault"
            : status >= 400 ? "the server refuses"
                            : "an answer nobody asked for");
}
