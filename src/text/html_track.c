// What follows the reader about: parameters that only track, addresses that carry another one,
// pictures that only count. Tables say which; extend them by a row, and the row by a test.
#include "html.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

// Parameters that only track. A name that ends in '*' stands for all that begin so.
static const char *const trackers[] = {
    // analytics
    "utm_*", "_ga", "_gl", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "pk_content",
    "pk_cid", "mtm_*", "piwik_*", "matomo_*", "_openstat", "hsa_*", "at_medium", "at_campaign*",
    "at_custom*", "at_link*", "at_bbc_team", "ns_mchannel", "ns_source", "ns_campaign",
    "ns_linkname", "ns_fee", "wt.mc_id", "xtor", "s_cid", "sc_cid", "s_kwcid", "cmpid", "icid",
    "ncid", "ocid", "_branch_match_id", "__twitter_impression", "ref_src", "ref_url", "guccounter",
    "guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk",
    // clicks on advertisements
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid",
    "srsltid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "epik", "igshid",
    "igsh", "rb_clickid", "irclickid", "irgwc", "ef_id", "wickedid", "fb_action_ids",
    "fb_action_types", "fb_source", "fb_ref", "mibextid",
    // letters
    "mc_cid", "mc_eid", "mc_tc", "mkt_tok", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp",
    "hsctatracking", "oly_*", "vero_id", "vero_conv", "__s", "ck_subscriber_id", "sh_kit", "bxid",
    "_bhlid", "bhba", "bhcl_id", "ss_email_id", "ss_source", "ss_campaign_id", "mbid", "emc_id",
    "ml_subscriber", "ml_subscriber_hash", "_ke", "_kx", "trk_*", "trkcampaign", "dm_i",
    "inf_contact_key", "spmailingid", "spuserid", "spjobid", "spreportid", "sfmc_id",
    "sfmc_activityid", "elqtrackid", "elqtrack", "elqcampaignid", "et_rid", "et_cid", "emci",
    "emdi", "cm_mmc*", "nr_email_referer", "_bta_tid", "_bta_c", "isfreemail", "triedredirect",
    "attribution_id", "attribution_type"};

// Parameters that track on one host or below one path only.
static const struct scoped {
    const char *host, *path, *name;
} scoped[] = {
    {"youtube.com", "", "si"},
    {"youtube.com", "", "feature"},
    {"youtube.com", "", "pp"},
    {"youtube.com", "", "ab_channel"},
    {"youtu.be", "", "si"},
    {"youtu.be", "", "feature"},
    {"spotify.com", "", "si"},
    {"spotify.com", "", "nd"},
    {"spotify.com", "", "dl_branch"},
    {"twitter.com", "/*/status/", "s"},
    {"twitter.com", "/*/status/", "t"},
    {"x.com", "/*/status/", "s"},
    {"x.com", "/*/status/", "t"},
    {"substack.com", "", "r"},
    {"substack.com", "", "token"},
    {"substack.com", "/p/", "post_id"},
    {"substack.com", "/p/", "publication_id"},
    {"substack.com", "/pub/", "post_id"},
    {"substack.com", "/pub/", "publication_id"},
    {"substack.com", "", "showwelcomeonshare"},
    {"medium.com", "", "source"},
    {"reddit.com", "", "share_id"},
    {"facebook.com", "", "__cft__*"},
    {"facebook.com", "", "__tn__"},
    {"linkedin.com", "", "trackingid"},
    {"linkedin.com", "", "lipi"},
    {"linkedin.com", "", "trk"},
    {"linkedin.com", "", "rcm"},
    {"tiktok.com", "", "is_from_webapp"},
    {"tiktok.com", "", "sender_device"},
    {"tiktok.com", "", "_r"},
    {"tiktok.com", "", "_t"},
    {"amazon.*", "", "ref_"},
    {"amazon.*", "", "pf_rd_*"},
    {"amazon.*", "", "pd_rd_*"},
    {"nytimes.com", "", "smid"},
    {"nytimes.com", "", "smtyp"},
    {"theguardian.com", "", "cmp"},
    {"wsj.com", "", "mod"},
    {"wsj.com", "", "reflink"},
    {"bloomberg.com", "", "leadsource"},
};

// Hosts whose addresses carry another one, and where in them.
enum where {
    IN_PARAM,   // the value of a parameter
    IN_QUERY,   // all behind the '?'
    IN_SEGMENT, // the piece of the path behind `path`
    IN_TAIL64,  // the last piece of the path, in base64
    IN_JSON64,  // the piece behind `path`: base64 of JSON, in its "e"
    IN_V2,      // a parameter, with '-' for '%' and '_' for '/'
    IN_V3,      // __ADDRESS__;REPLACED!!, with '*' for what was replaced
};
static const struct wrapper {
    const char *host, *path;
    enum where where;
    const char *param;
} wrappers[] = {
    {"google.*", "/url", IN_PARAM, "q"},
    {"google.*", "/url", IN_PARAM, "url"},
    {"facebook.com", "/l.php", IN_PARAM, "u"},
    {"messenger.com", "/l.php", IN_PARAM, "u"},
    {"l.instagram.com", "/", IN_PARAM, "u"},
    {"l.threads.net", "/", IN_PARAM, "u"},
    {"l.threads.com", "/", IN_PARAM, "u"},
    {"youtube.com", "/redirect", IN_PARAM, "q"},
    {"out.reddit.com", "/", IN_PARAM, "url"},
    {"t.umblr.com", "/redirect", IN_PARAM, "z"},
    {"medium.com", "/r/", IN_PARAM, "url"},
    {"medium.com", "/m/global-identity", IN_PARAM, "redirectUrl"},
    {"cdn.embedly.com", "/widgets/media.html", IN_PARAM, "url"},
    {"duckduckgo.com", "/l/", IN_PARAM, "uddg"},
    {"slack-redir.net", "/link", IN_PARAM, "url"},
    {"steamcommunity.com", "/linkfilter", IN_PARAM, "url"},
    {"steamcommunity.com", "/linkfilter", IN_PARAM, "u"},
    {"linkedin.com", "/redir/redirect", IN_PARAM, "url"},
    {"linkedin.com", "/safety/go", IN_PARAM, "url"},
    {"getpocket.com", "/redirect", IN_PARAM, "url"},
    {"vk.com", "/away", IN_PARAM, "to"},
    {"vk.ru", "/away", IN_PARAM, "to"},
    {"disq.us", "/url", IN_PARAM, "url"},
    {"exit.sc", "/", IN_PARAM, "url"},
    {"gate.sc", "/", IN_PARAM, "url"},
    {"weibo.cn", "/sinaurl", IN_PARAM, "u"},
    {"link.zhihu.com", "/", IN_PARAM, "target"},
    {"link.juejin.cn", "/", IN_PARAM, "target"},
    {"link.csdn.net", "/", IN_PARAM, "target"},
    {"curiositystream.com", "/redirect", IN_PARAM, "url"},
    {"safelinks.protection.outlook.com", "/", IN_PARAM, "url"},
    {"urldefense.proofpoint.com", "/v1/url", IN_PARAM, "u"},
    {"urldefense.proofpoint.com", "/v2/url", IN_V2, "u"},
    {"urldefense.com", "/v3/", IN_V3, NULL},
    {"urldefense.us", "/v3/", IN_V3, NULL},
    {"href.li", "/", IN_QUERY, NULL},
    {"anonym.to", "/", IN_QUERY, NULL},
    {"nullrefer.com", "/", IN_QUERY, NULL},
    {"deviantart.com", "/users/outgoing", IN_QUERY, NULL},
    {"awstrack.me", "/L0/", IN_SEGMENT, NULL},
    {"tracking.tldrnewsletter.com", "/CL0/", IN_SEGMENT, NULL},
    {"click.convertkit-mail*", "/", IN_TAIL64, NULL},
    {"click.kit-mail*", "/", IN_TAIL64, NULL},
    {"substack.com", "/redirect/2/", IN_JSON64, NULL},
};

// Pictures that count who reads. A piece that is part of their addresses.
static const char *const pixels[] = {
    "pixel.wp.com",
    "stats.wordpress.com",
    "beacon.wordpress.com",
    "feeds.wordpress.com/1.0/",
    "feeds.feedburner.com/~r",
    "feeds.feedburner.com/~ff",
    "feedburner.com/~4",
    "feedsportal.com",
    "doubleclick.net",
    "google-analytics.com",
    "list-manage.com/track/open",
    "scorecardresearch.com",
    "quantserve.com",
    "medium.com/_/stat",
    "hits.blogger.com",
    "googleusercontent.com/tracker/",
    "statcounter.com",
    "/wf/open?",
    "substack.com/o/",
    "substackcdn.com/open",
    "email.beehiiv.com/o",
    "mail.beehiiv.com/v1/o/",
    "//open.convertkit-mail",
    "//open.kit-mail",
    "buttondown.com/t/o/",
    "buttondown.email/t/o/",
    "awstrack.me/I0/",
    "visitor-badge",
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

// ---- parts of an address ----

static bool same(const char *a, const char *b, size_t n)
{
    return strncasecmp(a, b, n) == 0;
}

// host: "e.org" for it and all below it; "e.*" for any end that a country has; "click.e*" for all
// that begin so.
static bool host_is(const char *s, size_t len, const char *host)
{
    size_t want = strlen(host);
    if (host[want - 1] != '*')
        return len >= want && same(s + len - want, host, want) &&
               (len == want || s[len - want - 1] == '.');
    want--;
    if (host[want - 1] != '.')
        return len > want && same(s, host, want);
    for (size_t i = 0; i + want < len; i++) { // "google." and then ".de", ".co.uk", ".com.au"
        if ((i && s[i - 1] != '.') || !same(s + i, host, want))
            continue;
        const char *end = s + i + want, *stop = s + len,
                   *dot = memchr(end, '.', (size_t)(stop - end));
        return dot ? dot - end <= 3 && stop - dot == 3 : stop - end <= 3;
    }
    return false;
}

static const char *path_of(const char *url)
{
    const char *s = strstr(url, "://");
    s = s ? s + 3 : url;
    return s + strcspn(s, "/?#");
}

// "/x/" begins the path; "/*/x/" has one piece in front.
static bool path_is(const char *path, const char *want)
{
    if (strncmp(want, "/*", 2) == 0) {
        if (*path != '/')
            return false;
        path += 1 + strcspn(path + 1, "/?#");
        want += 2;
    }
    return !*path || strncmp(path, want, strlen(want)) == 0;
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

// Base64 of either alphabet, up to what is neither.
static void base64(const char *s, size_t len, struct buf *out)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < len; i++) {
        const char *at = s[i] ? strchr(letters, s[i]) : NULL;
        if (!at)
            break;
        uint32_t v = (uint32_t)(at - letters);
        bits = bits << 6 | (v < 64 ? v : v - 2);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(out, (char)(bits >> have & 0xFF));
        }
    }
}

// ---- what is inside ----

static void from_v2(struct buf *out, const char *s, size_t len)
{
    struct buf plain = {0};
    for (size_t i = 0; i < len; i++)
        buf_char(&plain, s[i] == '-' ? '%' : s[i] == '_' ? '/' : s[i]);
    link_unescape(out, buf_cstr(&plain), plain.len);
    buf_free(&plain);
}

// '*' stands for the next of the characters that were replaced, "**B" for so many (A is two).
static void from_v3(struct buf *out, const char *path)
{
    static const char counts[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *s = strstr(path, "__http"), *end = s ? strstr(s + 2, "__;") : NULL;
    if (!end)
        return;
    s += 2;
    struct buf was = {0};
    base64(end + 3, strcspn(end + 3, "!"), &was);
    size_t used = 0;
    for (; s < end; s++) {
        size_t n = *s == '*';
        const char *many = n && s + 2 < end && s[1] == '*' ? strchr(counts, s[2]) : NULL;
        if (many) {
            n = (size_t)(many - counts) + 2;
            s += 2;
        }
        if (!n)
            buf_char(out, *s);
        else if (n > was.len - used) {
            buf_clear(out); // it is not known what stood here
            break;
        } else {
            buf_add(out, was.data + used, n);
            used += n;
        }
        if (out->len == 7 && same(out->data, "https:/", 7) && s[1] != '/')
            buf_char(out, '/'); // some mail programs make one of two
    }
    buf_free(&was);
}

static void from_json(struct buf *out, const char *s)
{
    struct buf json = {0};
    base64(s, strcspn(s, ".?#"), &json);
    const char *e = strstr(buf_cstr(&json), "\"e\":\"");
    if (e) {
        e += 5;
        size_t len = strcspn(e, "\"\\");
        if (e[len] == '"')
            buf_add(out, e, len);
    }
    buf_free(&json);
}

static void inside(struct buf *to, const struct wrapper *w, const char *url)
{
    const char *path = path_of(url), *s = NULL;
    size_t len = 0;
    switch (w->where) {
    case IN_PARAM:
    case IN_V2:
        s = param(url, w->param, &len);
        if (s && w->where == IN_V2) {
            from_v2(to, s, len);
            return;
        }
        break;
    case IN_QUERY:
        s = strchr(url, '?');
        s = s ? s + 1 : NULL;
        len = s ? strlen(s) : 0;
        break;
    case IN_SEGMENT:
        s = path + strlen(w->path);
        len = strcspn(s, "/");
        break;
    case IN_TAIL64: {
        const char *end = path + strcspn(path, "?#");
        for (s = end; s > path && s[-1] != '/';)
            s--;
        base64(s, (size_t)(end - s), to);
        return;
    }
    case IN_JSON64:
        from_json(to, path + strlen(w->path));
        return;
    case IN_V3:
        from_v3(to, path);
        return;
    }
    if (s)
        link_unescape(to, s, len);
    if (to->len && strcmp(w->host, "disq.us") == 0) { // ADDRESS:CHECKSUM
        const char *colon = strrchr(to->data, ':');
        if (colon && colon - to->data > 8)
            to->data[to->len = (size_t)(colon - to->data)] = '\0';
    }
}

bool link_unwrap(struct buf *url)
{
    struct buf to = {0};
    size_t len;
    const char *host = link_host(url->data, &len), *path = path_of(url->data);
    for (size_t i = 0; i < COUNT(wrappers) && !to.len; i++) {
        const struct wrapper *w = &wrappers[i];
        bool fits = w->where == IN_PARAM || w->where == IN_QUERY
                        ? path_is(path, w->path) || *path == '?'
                        : *path && path_is(path, w->path);
        if (fits && host_is(host, len, w->host))
            inside(&to, w, url->data);
    }
    bool found = to.len && link_is_web(to.data) && utf8_valid(to.data, to.len) && to.len < url->len;
    if (found) {
        buf_clear(url);
        utf8_clean(url, to.data, to.len, UTF8_ADDRESS);
    }
    buf_free(&to);
    return found;
}

// ---- parameters ----

static bool named(const char *s, size_t len, const char *name)
{
    size_t n = strlen(name);
    return name[n - 1] == '*' ? len >= n - 1 && same(s, name, n - 1) : len == n && same(s, name, n);
}

// Ghost signs every link of a letter with the letter's host, or its name and "-newsletter".
static bool signs(const char *s, size_t len, const char *base)
{
    static const char mail[] = "-newsletter";
    size_t n, m = sizeof mail - 1;
    if (len > m && memcmp(s + len - m, mail, m) == 0)
        return true;
    const char *host = base ? link_host(base, &n) : NULL;
    if (len > 4 && same(s, "www.", 4)) {
        s += 4;
        len -= 4;
    }
    return host && n == len && same(s, host, n);
}

static bool is_tracker(const char *url, const char *s, size_t all, const char *base)
{
    size_t len = strcspn(s, "=&#"), n;
    const char *host = link_host(url, &n);
    for (size_t i = 0; i < COUNT(trackers); i++)
        if (named(s, len, trackers[i]))
            return true;
    for (size_t i = 0; i < COUNT(scoped); i++)
        if (named(s, len, scoped[i].name) && host_is(host, n, scoped[i].host) &&
            path_is(path_of(url), scoped[i].path))
            return true;
    if (named(s, len, "ref") && all > len)
        return signs(s + len + 1, all - len - 1, base);
    // Substack's posts on a house of their own
    return named(s, len, "r") && strstr(path_of(url), "/p/") &&
           (strstr(url, "isFreemail=") || strstr(url, "utm_medium=email"));
}

void link_untrack(struct buf *url, const char *base)
{
    char *frag = strchr(url->data, '#');
    if (frag && (same(frag, "#utm_", 5) || same(frag, "#xtor=", 6))) {
        *frag = '\0';
        url->len = (size_t)(frag - url->data);
        frag = NULL;
    }
    char *q = strchr(url->data, '?');
    if (!q || (frag && frag < q))
        return;
    struct buf out = {0};
    buf_add(&out, url->data, (size_t)(q - url->data));
    const char *from = q + 1;
    for (char sep = '?';;) {
        size_t len = strcspn(from, "&#");
        if (len && !is_tracker(url->data, from, len, base)) {
            buf_char(&out, sep);
            buf_add(&out, from, len);
            sep = '&';
        }
        from += len;
        if (*from != '&')
            break;
        from += strncmp(from, "&amp;", 5) == 0 ? 5 : 1;
    }
    buf_str(&out, from);
    if (out.len < url->len) {
        buf_clear(url);
        buf_add(url, out.data, out.len);
    }
    buf_free(&out);
}

bool link_is_pixel(const char *src)
{
    for (size_t i = 0; i < COUNT(pixels); i++)
        if (strstr(src, pixels[i]))
            return true;
    return false;
}
