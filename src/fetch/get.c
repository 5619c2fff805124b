// One address and the wait for it: for what a person waits for anyway.
#include "get.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "file.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

bool get_web(const char *url, bool feed, const struct conf *c, struct http_get *g, struct err *e)
{
    memset(g, 0, sizeof *g);
    struct http *h;
    if (!http_new(c, &h, e))
        return false;
    g->url = mem_strdup(url);
    g->feed = feed;
    http_add(h, g);
    while (!http_next(h))
        http_work(h, 1000, -1);
    http_free(h);
    if (g->how == HTTP_BODY) {
        struct buf body = {0};
        struct unpacker *u = unpacker_new();
        if (!http_unpack(g, u, (size_t)conf_int(c, CONF_FETCH_MAX) << 20, &body))
            buf_free(&body);
        unpacker_free(u);
        g->body = body;
    }
    if (g->how == HTTP_BODY)
        return true;
    if (e)
        *e = g->err;
    return false;
}

void http_reply_free(struct http_reply *r)
{
    free(r->body);
    free(r->url);
    free(r->content_type);
    *r = (struct http_reply){0};
}

static bool get_local(const char *url, const struct conf *c, struct http_reply *out, struct err *e)
{
    struct file_answer a = {0};
    if (!file_get(url, NULL, (size_t)conf_int(c, CONF_FETCH_MAX) << 20, &a, e))
        return false;
    bool ok = !a.update;
    if (ok) {
        struct http_reply r = {.status = 200, .url = mem_strdup(url)};
        r.body = buf_take(&a.body, &r.len);
        *out = r;
    } else {
        char *path = address_path(url);
        err_set(e, ERR_FORMAT,
                "%s is a folder of essays, not a document: `lectern add` takes it as a feed", path);
        free(path);
    }
    file_answer_free(&a);
    return ok;
}

bool fetch_get(const char *address, const struct conf *c, struct http_reply *out, struct err *e)
{
    char *url;
    if (http_is_web(address)) // as it is: nothing is completed
        url = mem_strdup(address);
    else if (!fetch_address(address, &url, e))
        return false;
    bool ok;
    if (file_is_local(url)) {
        ok = get_local(url, c, out, e);
    } else {
        struct http_get g;
        ok = get_web(url, false, c, &g, e);
        if (ok) {
            struct http_reply r = {
                .status = g.status, .url = g.effective, .content_type = g.content_type};
            r.body = buf_take(&g.body, &r.len);
            g.effective = g.content_type = NULL;
            *out = r;
        }
        http_get_clear(&g);
    }
    free(url);
    return ok;
}
