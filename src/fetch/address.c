// From "example.org", "feed:...", "./letters" and "name.substack.com" to one address that can be
// fetched, and from the page of a house whose habits are known to its feed.
#include "address.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "http.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

char *address_of_path(const char *absolute)
{
    struct buf b = {0};
    buf_str(&b, "file://");
    for (const unsigned char *p = (const unsigned char *)absolute; *p; p++)
        if (*p <= ' ' || *p == 0x7F || *p == '%' || *p == '#' || *p == '?')
            buf_printf(&b, "%%%02X", *p);
        else
            buf_char(&b, (char)*p);
    return buf_take(&b, NULL);
}

char *address_path(const char *url)
{
    if (strncasecmp(url, "file:", 5) != 0)
        return NULL;
    url += 5;
    if (strncasecmp(url, "//localhost/", 12) == 0)
        url += 11;
    else if (strncmp(url, "///", 3) == 0)
        url += 2;
    if (url[0] != '/' || url[1] == '/')
        return NULL;
    struct buf b = {0};
    for (; *url; url++) {
        unsigned byte;
        if (*url == '%' && isxdigit((unsigned char)url[1]) && isxdigit((unsigned char)url[2]) &&
            sscanf(url + 1, "%2x", &byte) == 1 && byte) {
            buf_char(&b, (char)byte);
            url += 2;
        } else {
            buf_char(&b, *url);
        }
    }
    return buf_take(&b, NULL);
}

static bool from_path(const char *path, char **out, struct err *e)
{
    char *home = NULL;
    if (path[0] == '~' && (path[1] == '/' || !path[1]) && getenv("HOME"))
        path = home = path_join(getenv("HOME"), path[1] ? path + 2 : "");
    char *real = realpath(path, NULL);
    int why = errno;
    bool ok = real != NULL;
    if (ok)
        *out = address_of_path(real);
    else
        err_set(e, why == ENOENT ? ERR_MISSING : ERR_OTHER,
                why == ENOENT ? "there is no file %s" : "cannot open the file %s: %s", path,
                strerror(why));
    free(real);
    free(home);
    return ok;
}

static bool is_path(const char *s)
{
    struct stat st;
    return s[0] == '/' || strcmp(s, ".") == 0 || strcmp(s, "..") == 0 || strncmp(s, "./", 2) == 0 ||
           strncmp(s, "../", 3) == 0 || strcmp(s, "~") == 0 || strncmp(s, "~/", 2) == 0 ||
           (!strstr(s, "://") && stat(s, &st) == 0);
}

static bool has_prefix(const char *s, const char *prefix)
{
    return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

// The length of "scheme" in "scheme:rest"; 0: none, or "host:port".
static size_t scheme_length(const char *s)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || (n && (s[n] == '+' || s[n] == '-' || s[n] == '.')))
        n++;
    if (!n || s[n] != ':' || !isalpha((unsigned char)*s))
        return 0;
    size_t digits = strspn(s + n + 1, "0123456789");
    bool port = digits && (s[n + 1 + digits] == '\0' || strchr("/?#", s[n + 1 + digits]));
    return port ? 0 : n;
}

static bool is_here(const char *host)
{
    return has_prefix(host, "localhost") || has_prefix(host, "127.") || has_prefix(host, "[::1]");
}

static bool from_web(const char *typed, char **out, struct err *e)
{
    char *clean = utf8_clean_dup(typed, strlen(typed), UTF8_ADDRESS);
    const char *s = clean;
    static const char *const wrappers[] = {"feed:", "pcast:", "itpc:", "podcast:"};
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (has_prefix(s, wrappers[i])) {
            s += strlen(wrappers[i]);
            s += has_prefix(s, "//") ? 2 : 0;
            break;
        }
    char *url = NULL;
    bool ok = true;
    if (has_prefix(s, "http://") || has_prefix(s, "https://")) {
        size_t scheme = strcspn(s, ":");
        url = mem_printf("%s%s", scheme == 4 ? "http" : "https", s + scheme);
    } else if (scheme_length(s)) {
        ok = err_set(
            e, ERR_USAGE,
            "'%.*s:' is not a kind of address that can be fetched: http, https and files are",
            (int)scheme_length(s), s);
    } else if (s[0] == '[' || is_here(s) || memchr(s, '.', strcspn(s, "/?#"))) {
        url = mem_printf("%s://%s", is_here(s) ? "http" : "https", s);
    } else {
        ok = err_set(e, ERR_USAGE, "'%s' is neither an address nor a file that is here", s);
    }
    if (url && !http_is_web(url)) {
        ok = err_set(e, ERR_USAGE, "'%s' is not a web address", s);
        free(url);
    } else if (url) {
        url[strcspn(url, "#")] = '\0';
        *out = url;
    }
    free(clean);
    return ok;
}

bool fetch_address(const char *typed, char **out, struct err *e)
{
    typed += strspn(typed, " \t\r\n");
    size_t len = strlen(typed);
    while (len && strchr(" \t\r\n", typed[len - 1]))
        len--;
    if (!len)
        return err_set(e, ERR_USAGE, "no address was given");
    char *s = mem_strndup(typed, len), *url = NULL, *path = NULL;
    bool ok = true;
    if (strcmp(s, ADDRESS_SAMPLE) == 0) {
        url = mem_strdup(s);
    } else if (has_prefix(s, "file:")) {
        path = address_path(s);
        ok = path ? from_path(path, &url, e)
                  : err_set(e, ERR_USAGE, "'%s' names no file on this machine", s);
    } else if (is_path(s)) {
        ok = from_path(s, &url, e);
    } else {
        ok = from_web(s, &url, e);
        char host[256];
        const char *rest = url ? strstr(url, "://") + 3 : "";
        size_t n = strcspn(rest, "/?");
        if (ok && http_host(url, host, sizeof host) && strlen(host) > 13 &&
            strcmp(host + strlen(host) - 13, ".substack.com") == 0 &&
            (!rest[n] || strcmp(rest + n, "/") == 0)) {
            char *feed = address_site(url);
            if (feed) {
                free(url);
                url = feed;
            }
        }
    }
    free(s);
    free(path);
    if (ok)
        *out = url;
    return ok;
}

// ---- houses whose habits are known ----

static bool ends(const char *s, const char *tail)
{
    size_t n = strlen(s), m = strlen(tail);
    return n > m && strcasecmp(s + n - m, tail) == 0;
}

static bool looks_like_feed(const char *path)
{
    char last[64] = "";
    size_t n = strcspn(path, "?");
    while (n && path[n - 1] == '/')
        n--;
    size_t from = n;
    while (from && path[from - 1] != '/')
        from--;
    snprintf(last, sizeof last, "%.*s", (int)(n - from), path + from);
    static const char *const names[] = {"feed", "rss", "atom"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(last, names[i]) == 0)
            return true;
    return ends(last, ".xml") || ends(last, ".rss") || ends(last, ".atom") || ends(last, ".json") ||
           ends(last, ".rdf");
}

char *address_site(const char *url)
{
    char host[256], first[128] = "", second[128] = "";
    if (!http_is_web(url) || !http_host(url, host, sizeof host))
        return NULL;
    const char *h = strncmp(host, "www.", 4) == 0 ? host + 4 : host;
    const char *path = strstr(url, "://") + 3;
    path += strcspn(path, "/?");
    const char *query = strchr(path, '?');
    if (looks_like_feed(path))
        return NULL;
    sscanf(path, "/%127[^/?]/%127[^/?]", first, second);
    if (strcmp(h, "substack.com") == 0)
        return first[0] == '@' && first[1] ? mem_printf("https://%s.substack.com/feed", first + 1)
                                           : NULL;
    if (strcmp(h, "open.substack.com") == 0)
        return strcmp(first, "pub") == 0 && *second
                   ? mem_printf("https://%s.substack.com/feed", second)
                   : NULL;
    if (ends(h, ".substack.com"))
        return strcmp(first, "api") != 0 ? mem_printf("https://%s/feed", h) : NULL;
    if (strcmp(h, "medium.com") == 0)
        return *first && strcmp(first, "feed") != 0
                   ? mem_printf("https://medium.com/feed/%s", first)
                   : NULL;
    if (ends(h, ".medium.com"))
        return strcmp(first, "feed") != 0 ? mem_printf("https://%s/feed", h) : NULL;
    if (strcmp(h, "buttondown.com") == 0 || strcmp(h, "buttondown.email") == 0)
        return *first ? mem_printf("https://buttondown.com/%s/rss", first) : NULL;
    if (strcmp(h, "tumblr.com") == 0)
        return *first ? mem_printf("https://%s.tumblr.com/rss", first[0] == '@' ? first + 1 : first)
                      : NULL;
    if (ends(h, ".tumblr.com"))
        return mem_printf("https://%s/rss", h);
    if (strstr(h, ".blogspot.") && strcmp(first, "feeds") != 0)
        return mem_printf("https://%s/feeds/posts/default", h);
    if (ends(h, ".ghost.io"))
        return mem_printf("https://%s/rss/", h);
    if (ends(h, ".wordpress.com"))
        return mem_printf("https://%s/feed/", h);
    if (strcmp(h, "youtube.com") == 0 || strcmp(h, "m.youtube.com") == 0) {
        if (strcmp(first, "channel") == 0 && *second)
            return mem_printf("https://www.youtube.com/feeds/videos.xml?channel_id=%s", second);
        const char *list = query ? strstr(query, "list=") : NULL;
        if (list && strcmp(first, "playlist") == 0)
            return mem_printf("https://www.youtube.com/feeds/videos.xml?playlist_id=%.*s",
                              (int)strcspn(list + 5, "&#"), list + 5);
    }
    if ((strcmp(h, "reddit.com") == 0 || strcmp(h, "old.reddit.com") == 0) &&
        strcmp(first, "r") == 0 && *second)
        return mem_printf("https://www.reddit.com/r/%s/.rss", second);
    return NULL;
}
