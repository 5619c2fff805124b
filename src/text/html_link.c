// Addresses: absolute (RFC 3986), free of what only follows the reader about, and straight to where
// they lead when a redirecting address has its target plain in it. Three tables say which.
#include "html.h"

#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

// Parameters that only track. A name that ends in '*' stands for all that begin so.
static const char *const trackers[] = {
    "utm_*",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "__hstc",
    "__hssc",
    "__hsfp",
    "hsCtaTracking",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "vero_conv",
    "_openstat",
    "wickedid",
    "sc_cid",
    "s_cid",
    "ck_subscriber_id",
    "bxid",
    "_bhlid",
    "ss_email_id",
    "ss_source",
    "ss_campaign_id",
    "mc_tc",
    "mbid",
    "cmpid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "_ke",
    "trk_*",
    "pk_campaign",
    "pk_kwd",
    "piwik_*",
    "matomo_*",
};

// Hosts whose addresses carry another one. path: what it begins with; param: NULL if the rest of
// the query is it.
static const struct wrapper {
    const char *host, *path, *param;
} wrappers[] = {
    {"google.com", "/url", "q"},
    {"google.com", "/url", "url"},
    {"l.facebook.com", "/l.php", "u"},
    {"lm.facebook.com", "/l.php", "u"},
    {"l.instagram.com", "/", "u"},
    {"l.messenger.com", "/l.php", "u"},
    {"youtube.com", "/redirect", "q"},
    {"out.reddit.com", "/", "url"},
    {"t.umblr.com", "/redirect", "z"},
    {"medium.com", "/r/", "url"},
    {"duckduckgo.com", "/l/", "uddg"},
    {"slack-redir.net", "/link", "url"},
    {"steamcommunity.com", "/linkfilter", "url"},
    {"steamcommunity.com", "/linkfilter", "u"},
    {"linkedin.com", "/redir/redirect", "url"},
    {"getpocket.com", "/redirect", "url"},
    {"href.li", "/", NULL},
    {"vk.com", "/away.php", "to"},
    {"disq.us", "/url", "url"},
    {"safelinks.protection.outlook.com", "/", "url"},
    {"curiositystream.com", "/redirect", "url"},
    {"exit.sc", "/", "url"},
    {"deviantart.com", "/users/outgoing", NULL},
};

static const char *const pixels[] = {
    "pixel.wp.com",
    "stats.wordpress.com",
    "feeds.feedburner.com/~r",
    "feeds.feedburner.com/~ff",
    "feedsportal.com",
    "doubleclick.net",
    "google-analytics.com",
    "list-manage.com/track/open",
    "scorecardresearch.com",
    "quantserve.com",
    "medium.com/_/stat",
    "feedburner.com/~4",
    "/wf/open?",
    "beacon.wordpress.com",
    "hits.blogger.com",
    "statcounter.com",
    "sendgrid.net/wf/open",
    "substack.com/o/",
    "email.beehiiv.com/o",
    "visitor-badge",
};

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void unescape(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '%' && i + 2 < len && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
            buf_char(out, (char)(hex(s[i + 1]) << 4 | hex(s[i + 2])));
            i += 2;
        } else {
            buf_char(out, s[i]);
        }
    }
}

static bool is_web(const char *s)
{
    return (strncasecmp(s, "https://", 8) == 0 && s[8] && s[8] != '/') ||
           (strncasecmp(s, "http://", 7) == 0 && s[7] && s[7] != '/');
}

const char *link_host(const char *url, size_t *len)
{
    const char *s = strstr(url, "://");
    s = s ? s + 3 : url;
    const char *end = s + strcspn(s, "/?#");
    for (const char *p = s; p < end; p++)
        if (*p == '@')
            s = p + 1;
    if (end - s > 4 && strncasecmp(s, "www.", 4) == 0)
        s += 4;
    *len = (size_t)(end - s);
    return s;
}

static bool host_is(const char *url, const char *host)
{
    size_t len, want = strlen(host);
    const char *s = link_host(url, &len);
    if (len < want || strncasecmp(s + len - want, host, want) != 0)
        return false;
    return len == want || s[len - want - 1] == '.';
}

static const char *path_of(const char *url)
{
    const char *s = strstr(url, "://");
    s = s ? s + 3 : url;
    return s + strcspn(s, "/?#");
}

// The value of a query's parameter; NULL if it is not there.
static const char *param(const char *url, const char *name, size_t *len)
{
    const char *q = strchr(url, '?');
    size_t n = strlen(name);
    while (q && *q && *q != '#') {
        q++;
        size_t all = strcspn(q, "&#;");
        if (all > n && q[n] == '=' && strncmp(q, name, n) == 0) {
            *len = all - n - 1;
            return q + n + 1;
        }
        q += all;
    }
    return NULL;
}

// One step towards the target; false when there is none to take.
static bool unwrap(struct buf *url)
{
    if (!strchr(url->data, '?') && !strstr(url->data, "urldefense.com"))
        return false; // nearly all
    struct buf to = {0};
    const char *path = path_of(url->data);
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers && !to.len; i++) {
        const struct wrapper *w = &wrappers[i];
        if (!host_is(url->data, w->host) || (*path && strncmp(path, w->path, strlen(w->path)) != 0))
            continue;
        size_t len = 0;
        const char *v = w->param ? param(url->data, w->param, &len) : strchr(url->data, '?');
        if (!w->param && v) {
            v++;
            len = strlen(v);
        }
        if (v)
            unescape(&to, v, len);
    }
    if (!to.len &&
        host_is(url->data, "urldefense.com")) { // .../v3/__https://example.org/__;!!token
        const char *s = strstr(url->data, "/__http"), *end = s ? strstr(s + 3, "__;") : NULL;
        if (end)
            buf_add(&to, s + 3, (size_t)(end - s - 3));
    }
    bool found = to.len && is_web(to.data) && utf8_valid(to.data, to.len) && to.len < url->len;
    if (found) {
        buf_clear(url);
        utf8_clean(url, to.data, to.len, UTF8_ADDRESS);
    }
    buf_free(&to);
    return found;
}

static bool is_tracker(const char *s, size_t len)
{
    for (size_t i = 0; i < sizeof trackers / sizeof *trackers; i++) {
        const char *t = trackers[i];
        size_t n = strlen(t);
        if (t[n - 1] == '*' ? len >= n - 1 && strncmp(s, t, n - 1) == 0
                            : len == n && strncmp(s, t, n) == 0)
            return true;
    }
    return false;
}

static void strip_trackers(struct buf *url)
{
    char *q = strchr(url->data, '?');
    if (!q)
        return;
    char *frag = strchr(url->data, '#');
    if (frag && frag < q)
        return;
    char *to = q + 1;
    for (const char *from = q + 1;;) {
        size_t len = strcspn(from, "&#");
        const char *amp = from[len] == '&' && strncmp(from + len, "&amp;", 5) == 0 ? from + len + 5
                          : from[len] == '&'                                       ? from + len + 1
                                                                                   : NULL;
        if (len && !is_tracker(from, strcspn(from, "=&#"))) {
            if (to > q + 1)
                *to++ = '&';
            memmove(to, from, len);
            to += len;
        }
        if (!amp) {
            from += len;
            if (to == q + 1)
                to = q; // nothing is left to ask
            size_t rest = strlen(from);
            memmove(to, from, rest + 1);
            url->len = (size_t)(to - url->data) + rest;
            return;
        }
        from = amp;
    }
}

// What must not stand in an address as it is; non-ASCII stays, people read it.
static void escape(struct buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' ||
            c == '{' || c == '|' || c == '}')
            buf_printf(out, "%%%02X", c);
        else
            buf_char(out, (char)c);
    }
}

// Resolves against the base with the library's code, which wants ASCII.
static bool resolve(struct buf *out, const char *ref, const char *base)
{
    if (!base || !is_web(base) || strlen(ref) > 4096)
        return false;
    struct buf ascii = {0};
    for (const char *p = ref; *p; p++)
        if ((unsigned char)*p >= 0x80)
            buf_printf(&ascii, "%%%02X", (unsigned char)*p);
        else
            buf_char(&ascii, *p);
    xmlChar *full = xmlBuildURI((const xmlChar *)buf_cstr(&ascii), (const xmlChar *)base);
    bool ok = full && is_web((const char *)full);
    if (ok)
        buf_str(out, (const char *)full);
    xmlFree(full);
    buf_free(&ascii);
    return ok;
}

static bool same_page(const char *href, const char *base, const char **name)
{
    if (*href == '#') {
        *name = href + 1;
        return true;
    }
    const char *frag = base ? strchr(href, '#') : NULL;
    if (!frag)
        return false;
    size_t len = strcspn(base, "#?"), mine = strcspn(href, "#?");
    while (len && base[len - 1] == '/')
        len--;
    while (mine && href[mine - 1] == '/')
        mine--;
    if (len != mine || strncmp(href, base, len) != 0)
        return false;
    *name = frag + 1;
    return true;
}

bool link_clean(struct buf *out, const char *href, const char *base)
{
    buf_clear(out);
    struct buf s = {0};
    size_t len = strlen(href);
    if (len > 16384)
        return false;
    utf8_clean(&s, href, len, UTF8_LINE);
    const char *name;
    bool ok = false;
    if (s.len && same_page(s.data, base, &name)) {
        if (*name) {
            buf_char(out, '#');
            unescape(out, name, strlen(name));
            ok = utf8_valid(out->data, out->len);
        }
        buf_free(&s);
        return ok;
    }
    struct buf e = {0};
    escape(&e, buf_cstr(&s), s.len);
    if (is_web(buf_cstr(&e))) {
        utf8_clean(out, e.data, e.len, UTF8_ADDRESS);
        ok = true;
    } else if (strncasecmp(buf_cstr(&e), "mailto:", 7) == 0) {
        size_t plain = strcspn(e.data, "?");
        utf8_clean(out, e.data, plain, UTF8_ADDRESS);
        ok = plain > 7 && memchr(e.data, '@', plain);
    } else if (e.len && !(strchr(e.data, ':') && strcspn(e.data, ":") < strcspn(e.data, "/?#"))) {
        if (strncmp(e.data, "//", 2) == 0 && e.data[2] && e.data[2] != '/') {
            buf_str(out, base && strncasecmp(base, "http:", 5) == 0 ? "http:" : "https:");
            utf8_clean(out, e.data, e.len, UTF8_ADDRESS);
            ok = true;
        } else {
            ok = resolve(out, e.data, base);
        }
    }
    buf_free(&s);
    buf_free(&e);
    if (ok && is_web(out->data)) {
        for (int i = 0; i < 3 && unwrap(out); i++)
            ;
        strip_trackers(out);
    }
    return ok;
}

bool link_image(struct buf *out, const char *src, const char *base)
{
    if (!link_clean(out, src, base) || !is_web(out->data))
        return false;
    // .../image/fetch/OPTIONS/https%3A%2F%2Foriginal
    const char *s = strstr(out->data, "/image/fetch/"), *tail = s ? strstr(s, "/http") : NULL;
    if (tail && (strncmp(tail, "/https%3A", 9) == 0 || strncmp(tail, "/http%3A", 8) == 0 ||
                 strncmp(tail, "/https:/", 8) == 0)) {
        struct buf to = {0};
        unescape(&to, tail + 1, strlen(tail + 1));
        if (is_web(buf_cstr(&to)) && utf8_valid(to.data, to.len)) {
            buf_clear(out);
            utf8_clean(out, to.data, to.len, UTF8_ADDRESS);
        }
        buf_free(&to);
    }
    return true;
}

bool link_is_pixel(const char *src)
{
    for (size_t i = 0; i < sizeof pixels / sizeof *pixels; i++)
        if (strstr(src, pixels[i]))
            return true;
    return false;
}
