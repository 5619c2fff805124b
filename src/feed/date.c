// Dates as feeds write them. ISO 8601 in its many dresses is read by its shape; everything else is
// taken apart into numbers, words and zones, and put together by what each can only be: a month has
// a name, a time has colons, a year is large. The wrong weekday, a missing comma, an odd order do
// not matter then.
#include "lectern/feed.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "date_names.h"
#include "lectern/utf8.h"

struct date {
    int year, month, day; // 0: not seen
    int hour, minute, second;
    int zone; // minutes east of Greenwich
    bool timed, zoned;
};

// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant's civil calendar
// arithmetic).
static int64_t days_from(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int days_in(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : days[m - 1];
}

static bool finish(const struct date *d, int64_t *out)
{
    if (d->year < 1000 || d->year > 9999 || d->month < 1 || d->month > 12 || d->day < 1 ||
        d->day > 31)
        return false;
    // The 31st of a month of 30 days is a slip of one; the 31st of February is no date. The nearest
    // is taken for both.
    int day = d->day > days_in(d->year, d->month) ? days_in(d->year, d->month) : d->day;
    int second = d->second > 59 ? 59 : d->second; // a leap second
    if (d->hour > 24 || d->minute > 59 || d->second > 61 ||
        (d->hour == 24 && (d->minute || d->second)))
        *out = days_from(d->year, d->month, day) * 86400;
    else
        *out = days_from(d->year, d->month, day) * 86400 + d->hour * 3600 + d->minute * 60 +
               second - (int64_t)d->zone * 60;
    return true;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static size_t count_digits(const char *s)
{
    size_t n = 0;
    while (digit(s[n]))
        n++;
    return n;
}

static int number(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n && i < 9; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

static const char *skip_blanks(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

// "+02:00", "-0530", "+2", "+05 30"; nothing: false.
static bool offset(const char **at, int *zone)
{
    const char *s = *at;
    int sign = *s == '-' ? -1 : 1;
    if (*s == '+' || *s == '-')
        s++;
    else if (strncmp(s, "\xe2\x88\x92", 3) == 0) // U+2212, a minus sign in print
        sign = -1, s += 3;
    else
        return false;
    size_t n = count_digits(s);
    if (n < 1 || n > 6)
        return false;
    int hours = 0, minutes = 0;
    if (n <= 2) {
        hours = number(s, n);
        s += n;
        if (*s == ':' && digit(s[1]) && digit(s[2])) {
            minutes = number(s + 1, 2);
            s += 3;
        }
    } else {
        hours = number(s, n & 1 ? 1 : 2);
        minutes = number(s + (n & 1 ? 1 : 2), 2);
        s += n;
    }
    if (hours > 26 || minutes > 59) // no such place; the time is right within a day
        hours = minutes = 0;
    *zone = sign * (hours * 60 + minutes);
    *at = s;
    return true;
}

// hh[:mm[:ss[.fff]]] or hhmm[ss]; stands after it.
static bool clock_iso(const char **at, struct date *d)
{
    const char *s = *at;
    size_t n = count_digits(s);
    if (n == 0 || n > 6 || n == 5 || n == 3)
        return false;
    d->hour = number(s, n < 2 ? n : 2);
    if (n >= 4)
        d->minute = number(s + 2, 2);
    if (n == 6)
        d->second = number(s + 4, 2);
    s += n;
    if (n <= 2 && *s == ':' && digit(s[1])) {
        n = count_digits(s + 1);
        d->minute = number(s + 1, n);
        s += 1 + n;
        if (*s == ':' && digit(s[1])) {
            n = count_digits(s + 1);
            d->second = number(s + 1, n);
            s += 1 + n;
        }
    }
    if ((*s == '.' || *s == ',') && digit(s[1]))
        s += 1 + count_digits(s + 1);
    d->timed = true;
    *at = s;
    return true;
}

static size_t word_length(const char *s)
{
    size_t n = 0;
    while (letter(s[n]) || (unsigned char)s[n] >= 0x80)
        n++;
    return n;
}

// A week of ISO 8601: week 1 holds the year's first Thursday; day 1 is Monday.
static void from_week(struct date *d, int week, int day)
{
    int64_t jan4 = days_from(d->year, 1, 4);
    int64_t monday = jan4 - (((jan4 + 3) % 7 + 7) % 7);
    int64_t t = monday + (week - 1) * 7 + day - 1;
    int64_t ordinal = t - days_from(d->year, 1, 1);
    if (ordinal < 0) {
        d->year--;
        ordinal += leap(d->year) ? 366 : 365;
    }
    if (ordinal >= (leap(d->year) ? 366 : 365)) {
        ordinal -= leap(d->year) ? 366 : 365;
        d->year++;
    }
    for (d->month = 1; ordinal >= days_in(d->year, d->month); d->month++)
        ordinal -= days_in(d->year, d->month);
    d->day = (int)ordinal + 1;
}

static bool from_ordinal(struct date *d, int ordinal)
{
    if (ordinal < 1 || ordinal > (leap(d->year) ? 366 : 365))
        return false;
    d->day = ordinal;
    for (d->month = 1; d->day > days_in(d->year, d->month); d->month++)
        d->day -= days_in(d->year, d->month);
    return true;
}

// The date part of ISO 8601, basic or extended, whole or partial; stands after it.
static bool calendar_iso(const char **at, struct date *d)
{
    const char *s = *at;
    size_t n = count_digits(s);
    if (n != 4 && n != 6 && n != 7 && n != 8)
        return false;
    d->year = number(s, 4);
    d->month = d->day = 1;
    const char *rest = s + 4;
    if (n == 8) {
        d->month = number(s + 4, 2);
        d->day = number(s + 6, 2);
        *at = s + 8;
        return true;
    }
    if (n == 7) {
        *at = s + 7;
        return from_ordinal(d, number(s + 4, 3));
    }
    if (n == 6) { // 200909: no standard, but seen
        d->month = number(s + 4, 2);
        *at = s + 6;
        return true;
    }
    bool dashed = *rest == '-';
    if (dashed)
        rest++;
    if ((*rest == 'W' || *rest == 'w') && digit(rest[1]) && digit(rest[2])) {
        int week = number(rest + 1, 2), day = 1;
        rest += 3;
        if (*rest == '-' && digit(rest[1]))
            rest++;
        if (digit(*rest))
            day = *rest++ - '0';
        if (week < 1 || week > 53 || day < 1 || day > 7)
            return false;
        from_week(d, week, day);
        *at = rest;
        return true;
    }
    if (!dashed) {
        *at = rest;
        return true;
    }
    n = count_digits(rest);
    if (n == 3) {
        *at = rest + 3;
        return from_ordinal(d, number(rest, 3));
    }
    if (n < 1 || n > 2)
        return false;
    d->month = number(rest, n);
    rest += n;
    if (*rest == '-' && digit(rest[1])) {
        n = count_digits(rest + 1);
        if (n > 2)
            return false;
        d->day = number(rest + 1, n);
        rest += 1 + n;
    }
    *at = rest;
    return true;
}

static bool zone_of(const char *s, size_t n, int *zone)
{
    char name[8];
    if (n == 0 || n >= sizeof name)
        return false;
    for (size_t i = 0; i < n; i++)
        name[i] = (char)(s[i] >= 'a' && s[i] <= 'z' ? s[i] - 32 : s[i]);
    name[n] = '\0';
    return date_zone(name, zone);
}

static bool parse_iso(const char *s, int64_t *out)
{
    struct date d = {0};
    if (!calendar_iso(&s, &d))
        return false;
    const char *before = s;
    s = skip_blanks(s);
    if ((*s == 'T' || *s == 't') && (digit(s[1]) || s[1] == ' '))
        s = skip_blanks(s + 1);
    else if (s == before && *s != '\0' && *s != 'Z' && *s != 'z' && *s != '+' && *s != '-')
        return false;
    if (digit(*s) && !clock_iso(&s, &d))
        return false;
    for (;;) { // "Z", "+02:00", "UTC", "GMT+1"; what comes after that does not matter
        s = skip_blanks(s);
        if (offset(&s, &d.zone))
            break;
        size_t n = word_length(s);
        if (!n || !zone_of(s, n, &d.zone))
            break;
        s += n;
    }
    if (*s != '\0' && !d.timed)
        return false;
    return finish(&d, out);
}

// ---- everything else ----
struct pieces {
    int n[8];     // numbers that are neither time nor year by shape
    bool four[8]; // written with four digits
    size_t nnumbers;
    char separator;      // between the first two numbers: '/', '.', '-', or a blank
    int month, month_at; // from a name; how many numbers came before it
    int zone;
    bool zoned, timed, pm, am, cjk;
    int hour, minute, second;
};

static bool take_number(const char **at, struct pieces *p)
{
    const char *s = *at;
    size_t n = count_digits(s);
    if (n > 8)
        return false;
    bool colon = s[n] == ':' && digit(s[n + 1]);
    bool hours =
        !p->timed && n <= 2 && (s[n] == 'h' || s[n] == 'H') && digit(s[n + 1]) && digit(s[n + 2]);
    if (colon && p->timed) { // a second time: a zone without a sign, or noise
        s += n + 1;
        *at = s + count_digits(s);
        return true;
    }
    if (colon || hours) {
        p->timed = true;
        p->hour = number(s, n);
        s += n + 1;
        n = count_digits(s);
        p->minute = number(s, n);
        s += n;
        if (*s == ':' && digit(s[1])) {
            n = count_digits(s + 1);
            p->second = number(s + 1, n);
            s += 1 + n;
        }
        if ((*s == '.' || *s == ',') && digit(s[1]))
            s += 1 + count_digits(s + 1);
        *at = s;
        return true;
    }
    const char *next = skip_blanks(s + n);
    size_t w = word_length(next);
    if (n <= 2 && w == 2 && (next[0] | 32) == 'p' && (next[1] | 32) == 'm' && !p->timed) {
        p->timed = p->pm = true;
        p->hour = number(s, n);
        *at = next + 2;
        return true;
    }
    if (p->nnumbers < 8) {
        p->four[p->nnumbers] = n == 4;
        p->n[p->nnumbers++] = number(s, n);
        if (p->nnumbers == 1)
            p->separator = s[n];
    }
    *at = s + n;
    return true;
}

static void take_word(const char *s, size_t n, struct pieces *p)
{
    if (n == 2 && (s[1] | 32) == 'm' && ((s[0] | 32) == 'p' || (s[0] | 32) == 'a')) {
        p->pm = (s[0] | 32) == 'p';
        p->am = !p->pm;
        return;
    }
    int month = date_month(s, n);
    // A weekday can look like a month ("mar" is Tuesday and March): the later word wins, as
    // weekdays come first.
    if (month && !(p->month && (p->timed || p->nnumbers >= 2))) {
        p->month = month;
        p->month_at = (int)p->nnumbers;
        return;
    }
    int zone;
    if ((p->timed || p->nnumbers) && zone_of(s, n, &zone) && !(n == 1 && !p->timed)) {
        p->zone = zone;
        p->zoned = true;
    }
}

static bool is_han(const char *s, const char *han)
{
    return strncmp(s, han, 3) == 0;
}

static bool take_apart(const char *s, struct pieces *p)
{
    const char *from = s;
    while (*s) {
        if (digit(*s)) {
            if (!take_number(&s, p))
                return false;
            if (is_han(s, "\xe5\xb9\xb4") || is_han(s, "\xeb\x85\x84")) // the sign of the year
                p->cjk = true;
            if (is_han(s, "\xe6\x97\xb6") || is_han(s, "\xe6\x99\x82"))
                return p->nnumbers > 3;
            // "1st", "2nd", "6th", "1er"
            size_t w = word_length(s);
            if (w == 2 && strchr("snrte", *s | 32))
                s += 2;
        } else if (p->timed && digit(s[1]) &&
                   (*s == '+' || (*s == '-' && (p->nnumbers + (p->month != 0) >= 3 ||
                                                (s[-1] == ' ' && count_digits(s + 1) == 4))))) {
            int zone;
            if (offset(&s, &zone)) {
                p->zone = zone;
                p->zoned = true;
            } else {
                s++;
            }
        } else if (letter(*s) || (unsigned char)*s >= 0x80) {
            size_t n = word_length(s);
            take_word(s, n, p);
            s += n;
        } else {
            s++;
        }
        if (s - from > 200)
            return false;
    }
    return true;
}

static int full_year(int y, bool four)
{
    return four || y > 99 ? y : y < 70 ? 2000 + y : 1900 + y;
}

static bool year_like(const struct pieces *p, size_t i)
{
    return p->four[i] || p->n[i] > 31;
}

// Which number is what.
static bool arrange(const struct pieces *p, struct date *d)
{
    size_t n = p->nnumbers;
    if (p->month) { // day and year, the day first unless it cannot be one
        d->month = p->month;
        if (n == 0)
            return false;
        if (n == 1) {
            if (!p->four[0])
                return false;
            d->year = p->n[0];
            d->day = 1;
            return true;
        }
        bool year_first = year_like(p, 0);
        d->year = full_year(p->n[year_first ? 0 : 1], p->four[year_first ? 0 : 1]);
        d->day = p->n[year_first ? 1 : 0];
        return true;
    }
    if (n < 3)
        return false;
    if (year_like(p, 0) || p->cjk) {
        d->year = full_year(p->n[0], p->four[0]);
        d->month = p->n[1];
        d->day = p->n[2];
    } else {
        // With slashes the month comes first as in America, unless it cannot be one; with dots and
        // dashes the day.
        bool month_first = p->separator == '/' ? p->n[0] <= 12 : p->n[1] > 12;
        d->month = p->n[month_first ? 0 : 1];
        d->day = p->n[month_first ? 1 : 0];
        d->year = full_year(p->n[2], p->four[2]);
    }
    if (d->month > 12 && d->day <= 12) {
        int swap = d->month;
        d->month = d->day;
        d->day = swap;
    }
    return true;
}

static bool parse_loose(const char *s, int64_t *out)
{
    struct pieces p = {0};
    struct date d = {0};
    if (!take_apart(s, &p) || !arrange(&p, &d))
        return false;
    d.hour = p.hour;
    if (p.pm && d.hour < 12)
        d.hour += 12;
    if (p.am && d.hour == 12)
        d.hour = 0;
    d.minute = p.minute;
    d.second = p.second;
    d.zone = p.zone;
    return finish(&d, out);
}

// Seconds or milliseconds since 1970, as programs write them: of this century.
static bool parse_epoch(const char *s, int64_t *out)
{
    size_t n = count_digits(s);
    if (s[n] || (n != 10 && n != 13))
        return false;
    int64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s[i] - '0');
    *out = n == 13 ? v / 1000 : v;
    return true;
}

bool date_parse(const char *s, int64_t *out)
{
    if (!s)
        return false;
    char line[128]; // no date is longer
    struct buf b = {0};
    utf8_clean(&b, s, strnlen(s, 400), UTF8_LINE);
    bool fits = b.len < sizeof line && b.len > 0;
    if (fits)
        memcpy(line, b.data, b.len + 1);
    buf_free(&b);
    if (!fits)
        return false;
    int64_t t;
    if (!parse_epoch(line, &t) && !parse_iso(line, &t) && !parse_loose(line, &t))
        return false;
    *out = t;
    return true;
}

void date_format(int64_t t, char out[32])
{
    // Years 0000 to 9999 are all that RFC 3339 can say.
    const int64_t first = -62167219200, last = 253402300799;
    t = t < first ? first : t > last ? last : t;
    int64_t days = t / 86400, rest = t % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int day = (int)(doy - (153 * mp + 2) / 5 + 1);
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    int year = (int)(yoe + era * 400 + (month <= 2));
    unsigned clock = (unsigned)rest;
    snprintf(out, 32, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year % 10000,
             (unsigned)month % 100, (unsigned)day % 100, clock / 3600 % 24, clock / 60 % 60,
             clock % 60);
}
