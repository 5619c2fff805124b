// A short max-age is a leave, not a wish: nobody is asked more often than the reader wants to know.
// Jitter keeps the feeds of a server that was down from all coming back in the same second.
#include "schedule.h"

#include <stdlib.h>
#include <time.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

static int64_t skip(const struct schedule *s, int64_t when)
{
    int64_t at = when;
    for (int i = 0; i < 8 * 24; i++) {
        struct tm tm;
        time_t t = (time_t)at;
        if (!gmtime_r(&t, &tm))
            return when;
        if (!(s->skip_hours >> tm.tm_hour & 1) && !(s->skip_days >> tm.tm_wday & 1))
            return at;
        at += HOUR - at % HOUR;
    }
    return when; // every hour of the week: not meant
}

int64_t schedule_own(const struct conf *c, const char *url)
{
    const char *minutes = conf_site(c, CONF_SITE_INTERVAL, url);
    long n = minutes ? strtol(minutes, NULL, 10) : 0;
    return !minutes ? 0 : n == 0 ? -1 : n * 60;
}

int64_t schedule_good(const struct schedule *s)
{
    if (s->own > 0)
        return s->now + s->own;
    int64_t wait = s->fresh > s->ttl ? s->fresh : s->ttl;
    if (wait > DAY)
        wait = DAY;
    if (wait < s->interval)
        wait = s->interval;
    return skip(s, s->now + wait);
}

int64_t schedule_failed(const struct schedule *s)
{
    int64_t wait = (s->own > 0 ? s->own : s->interval) / 6;
    if (wait < 300)
        wait = 300;
    for (int i = 1; i < s->failures && wait < DAY; i++)
        wait *= 2;
    if (wait > DAY)
        wait = DAY;
    uint64_t x = s->seed * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)s->failures;
    x = (x ^ x >> 31) * UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 29;
    wait += wait * ((int64_t)(x % 401) - 200) / 1000;
    int64_t when = s->now + wait;
    return when < s->retry_after ? s->retry_after : when;
}
