// Dates and lengths for lists, bylines and messages. See when.h.
#include "lectern/when.h"

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

void when_local(struct when w, int64_t t, struct tm *out)
{
    *out = (struct tm){.tm_mday = 1, .tm_year = 70};
    const int64_t far = 100000000000000; // some three million years
    time_t at = (time_t)(t > far ? far : t < -far ? -far : t);
    if (w.utc_offset == INT32_MAX) {
        localtime_r(&at, out);
    } else {
        at += w.utc_offset;
        gmtime_r(&at, out);
    }
    if (out->tm_mon < 0 || out->tm_mon > 11)
        out->tm_mon = 0;
}

static bool same_day(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

void when_list(struct when w, int64_t t, int64_t now, struct buf *out)
{
    struct tm then, today;
    when_local(w, t, &then);
    when_local(w, now, &today);
    if (same_day(&then, &today))
        buf_printf(out, "%02d:%02d", then.tm_hour, then.tm_min);
    else if (then.tm_year == today.tm_year)
        buf_printf(out, "%2d %.3s", then.tm_mday, months[then.tm_mon]);
    else
        buf_printf(out, "%d", then.tm_year + 1900);
}

void when_day(struct when w, int64_t t, int64_t now, struct buf *out)
{
    struct buf b = {0};
    when_list(w, t, now, &b);
    buf_str(out, b.data + (b.data[0] == ' '));
    buf_free(&b);
}

void when_long(struct when w, int64_t t, struct buf *out)
{
    struct tm then;
    when_local(w, t, &then);
    buf_printf(out, "%d %s %d", then.tm_mday, months[then.tm_mon], then.tm_year + 1900);
}

bool when_same_day(struct when w, int64_t a, int64_t b)
{
    struct tm x, y;
    when_local(w, a, &x);
    when_local(w, b, &y);
    return same_day(&x, &y);
}

void when_heading(struct when w, int64_t t, int64_t now, struct buf *out)
{
    static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
    struct tm then, today, yesterday;
    when_local(w, t, &then);
    when_local(w, now, &today);
    when_local(w, now - 24 * 3600, &yesterday);
    if (same_day(&then, &today))
        buf_str(out, "Today");
    else if (same_day(&then, &yesterday))
        buf_str(out, "Yesterday");
    else {
        buf_printf(out, "%s, %d %s", days[then.tm_wday >= 0 ? then.tm_wday % 7 : 0], then.tm_mday,
                   months[then.tm_mon]);
        if (then.tm_year != today.tm_year)
            buf_printf(out, " %d", then.tm_year + 1900);
    }
}

void when_clock(struct when w, int64_t t, int64_t now, struct buf *out)
{
    struct tm then, today;
    when_local(w, t, &then);
    when_local(w, now, &today);
    if (!same_day(&then, &today))
        buf_printf(out, "%d %.3s ", then.tm_mday, months[then.tm_mon]);
    buf_printf(out, "%02d:%02d", then.tm_hour, then.tm_min);
}

void when_length(int64_t seconds, struct buf *out)
{
    if (seconds < 0)
        seconds = 0;
    long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
    if (h)
        buf_printf(out, "%lld:%02lld:%02lld", h, m, s);
    else
        buf_printf(out, "%lld:%02lld", m, s);
}
