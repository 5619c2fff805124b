// Addresses and header values: what is a web address, what may be shown of it, how long an answer
// stays fresh, when to come again.
#include "http.h"

#include <curl/curl.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/feed.h"
#include "lectern/mem.h"

enum { A_WEEK = 7 * 24 * 3600 };

// The authority: what stands between "//" and the path.
static bool authority(const char *url, const char **from, const char **to)
{
    size_t scheme = strncasecmp(url, "http://", 7) == 0    ? 7
                    : strncasecmp(url, "https://", 8) == 0 ? 8
                                                           : 0;
    if (!scheme)
        return false;
    *from = url + scheme;
    *to = *from + strcspn(*from, "/?#\\");
    return *to > *from;
}

static const char *after_userinfo(const char *from, const char *to)
{
    const char *at = from;
    for (const char *p = from; p < to; p++)
        if (*p == '@')
            at = p + 1;
    return at;
}

bool http_is_web(const char *url)
{
    const char *from, *to;
    if (!authority(url, &from, &to))
        return false;
    for (const unsigned char *p = (const unsigned char *)url; *p; p++)
        if (*p <= ' ' || *p == 0x7F)
            return false;
    from = after_userinfo(from, to);
    return from < to && *from != ':';
}

char *http_show(const char *url)
{
    return feed_shown(url);
}

bool http_host(const char *url, char *out, size_t size)
{
    const char *from, *to;
    if (!authority(url, &from, &to))
        return false;
    from = after_userinfo(from, to);
    size_t len = (size_t)(to - from);
    if (!len || len >= size)
        return false;
    for (size_t i = 0; i < len; i++)
        out[i] = (char)tolower((unsigned char)from[i]);
    out[len] = '\0';
    return true;
}

static bool whole_number(const char *s, int64_t *out)
{
    if (!isdigit((unsigned char)*s))
        return false;
    errno = 0;
    long long n = strtoll(s, NULL, 10);
    *out = errno ? INT64_MAX / 4 : n;
    return true;
}

int64_t http_retry_after(const char *value, int64_t now)
{
    int64_t seconds;
    if (!whole_number(value, &seconds)) {
        time_t when = curl_getdate(value, NULL);
        if (when < 0)
            return 0;
        seconds = (int64_t)when - now;
    }
    if (seconds < 1)
        seconds = 1;
    return now + (seconds > A_WEEK ? A_WEEK : seconds);
}

// The value of a directive ("max-age=60", "max-age = \"60\""); NULL when it is not there.
static const char *directive(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p && *p;) {
        p += strspn(p, " \t,");
        if (strncasecmp(p, name, n) == 0) {
            const char *after = p + n + strspn(p + n, " \t");
            if (*after == '=')
                return after + 1 + strspn(after + 1, " \t\"");
            if (*after == ',' || *after == '\0')
                return after;
        }
        p = strchr(p, ',');
    }
    return NULL;
}

int64_t http_fresh(const char *cache_control, const char *expires, int64_t date, int64_t now)
{
    int64_t seconds = 0;
    if (cache_control) {
        if (directive(cache_control, "no-cache") || directive(cache_control, "no-store"))
            return 0;
        const char *value = directive(cache_control, "max-age");
        if (value)
            return whole_number(value, &seconds) ? seconds : 0;
    }
    time_t when = expires ? curl_getdate(expires, NULL) : -1;
    if (when < 0)
        return 0;
    seconds = (int64_t)when - (date > 0 ? date : now);
    return seconds > 0 ? seconds : 0;
}
