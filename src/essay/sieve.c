// Terms, all of which must hold. See sieve.h.
#include "lectern/sieve.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/doc.h"
#include "lectern/match.h"
#include "lectern/mem.h"

enum field {
    ANY,
    TITLE,
    AUTHOR,
    FEED,
    TAG,
    FLAG,
    UNDER,
    OVER,
    AFTER,
    BEFORE,
    KEPT_AFTER,
    KEPT_BEFORE
};
struct term {
    enum field field;
    bool not ;
    struct pattern words;
    unsigned set, clear; // FLAG: ITEM_ bits that are, and that are not
    int64_t number;      // minutes; or the time that AFTER begins and BEFORE ends with
};
struct sieve {
    struct term *terms;
    size_t n, cap;
};

static const struct {
    const char *name;
    enum field field;
} fields[] = {{"title", TITLE},
              {"author", AUTHOR},
              {"by", AUTHOR},
              {"feed", FEED},
              {"tag", TAG},
              {"is", FLAG},
              {"has", FLAG},
              {"under", UNDER},
              {"shorter", UNDER},
              {"over", OVER},
              {"longer", OVER},
              {"after", AFTER},
              {"since", AFTER},
              {"before", BEFORE},
              {"kept", KEPT_AFTER},
              {"kept-after", KEPT_AFTER},
              {"kept-before", KEPT_BEFORE}};
static const struct {
    const char *field, *name;
    unsigned set, clear;
} flags[] = {{"is", "unread", ITEM_UNREAD, 0},
             {"is", "read", 0, ITEM_UNREAD},
             {"is", "started", ITEM_STARTED, ITEM_FINISHED},
             {"is", "finished", ITEM_FINISHED, 0},
             {"is", "bookmarked", ITEM_BOOKMARKED, 0},
             {"is", "revised", ITEM_REVISED, 0},
             {"is", "preview", ITEM_PREVIEW, 0},
             {"is", "highlighted", ITEM_HIGHLIGHTED, 0},
             {"has", "audio", ITEM_AUDIO, 0},
             {"has", "note", ITEM_NOTED, 0},
             {"has", "highlights", ITEM_HIGHLIGHTED, 0}};

// ---- dates ----

// Midnight where the reader is.
static int64_t midnight(struct when w, int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    if (w.utc_offset == INT32_MAX)
        return (int64_t)mktime(&tm);
    return (int64_t)timegm(&tm) - w.utc_offset;
}

// When a day, a month or a year begins; false: it is none of these.
static bool read_date(const char *s, struct when w, int64_t now, int64_t *out)
{
    int year = 0, month = 1, day = 1, used = 0;
    struct tm tm;
    when_local(w, now, &tm);
    long days = -1;
    char *end;
    if (strcasecmp(s, "today") == 0)
        days = 0;
    else if (strcasecmp(s, "yesterday") == 0)
        days = 1;
    else if (isdigit((unsigned char)*s) && (days = strtol(s, &end, 10)) >= 0 &&
             (strcmp(end, "d") != 0 || days > 36500))
        days = -1;
    if (days >= 0) {
        *out = midnight(w, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday - (int)days);
        return true;
    }
    int got = sscanf(s, "%4d%n-%2d%n-%2d%n", &year, &used, &month, &used, &day, &used);
    if (got < 1 || s[used] || year < 1000 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *out = midnight(w, year, month, day);
    return true;
}

// ---- reading what was typed ----

static bool read_flag(struct term *t, const char *field, const char *value, struct err *e)
{
    struct buf there = {0};
    bool known = false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(flags[i].field, field) != 0)
            continue;
        buf_printf(&there, "%s%s", there.len ? ", " : "", flags[i].name);
        if (strcasecmp(flags[i].name, value) == 0) {
            t->set = flags[i].set;
            t->clear = flags[i].clear;
            known = true;
        }
    }
    if (!known)
        err_set(e, ERR_USAGE, "%s:%s is not known; after %s: stands one of %s", field, value, field,
                buf_cstr(&there));
    buf_free(&there);
    return known;
}

static bool read_value(struct term *t, const char *field, const char *value, struct when w,
                       int64_t now, struct err *e)
{
    char *end;
    switch (t->field) {
    case FLAG:
        return read_flag(t, field, value, e);
    case UNDER:
    case OVER:
        t->number = strtol(value, &end, 10);
        if (end == value || t->number < 0 ||
            (*end && strcasecmp(end, "m") != 0 && strcasecmp(end, "min") != 0))
            return err_set(e, ERR_USAGE, "%s:%s: minutes are a number, as in %s:10", field, value,
                           field);
        return true;
    case AFTER:
    case BEFORE:
    case KEPT_AFTER:
    case KEPT_BEFORE:
        return read_date(value, w, now, &t->number) ||
               err_set(e, ERR_USAGE,
                       "%s:%s is no date; 2025, 2025-03, 2025-03-31, today, yesterday or 7d are",
                       field, value);
    default:
        t->words = pattern_new(value);
        return true;
    }
}

// One term from *p on, blanks before it left out; a quoted part keeps its blanks.
static void take(const char **p, struct buf *out, size_t *colon)
{
    bool quoted = false, first = true;
    *colon = SIZE_MAX;
    for (; **p && (quoted || **p != ' '); ++*p) {
        if (**p == '"') {
            quoted = !quoted;
            first = false;
            continue;
        }
        if (**p == ':' && !quoted && *colon == SIZE_MAX && first)
            *colon = out->len;
        buf_add(out, *p, 1);
    }
}

static bool add(struct sieve *s, const char *word, size_t colon, struct when w, int64_t now,
                struct err *e)
{
    struct term t = {.field = ANY};
    if (*word == '-' && word[1]) {
        t.not = true;
        word++;
        colon -= colon != SIZE_MAX;
    }
    const char *value = word, *field = "";
    for (size_t i = 0; colon != SIZE_MAX && i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == colon && strncasecmp(word, fields[i].name, colon) == 0) {
            t.field = fields[i].field;
            field = fields[i].name;
            value = word + colon + 1;
        }
    if (t.field != ANY && !*value) // still being typed
        return true;
    if (!read_value(&t, field, value, w, now, e))
        return false;
    s->terms = mem_grow(s->terms, &s->cap, s->n + 1, sizeof *s->terms);
    s->terms[s->n++] = t;
    return true;
}

struct sieve *sieve_new(const char *text, struct when when, int64_t now, struct err *e)
{
    struct sieve *s = mem_alloc(sizeof *s);
    struct buf word = {0};
    bool ok = true;
    for (const char *p = text; ok && *p;) {
        size_t colon;
        while (*p == ' ')
            p++;
        buf_clear(&word);
        take(&p, &word, &colon);
        ok = !word.len || add(s, buf_cstr(&word), colon, when, now, e);
    }
    buf_free(&word);
    if (ok)
        return s;
    sieve_free(s);
    return NULL;
}

void sieve_free(struct sieve *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        pattern_free(&s->terms[i].words);
    free(s->terms);
    free(s);
}

bool sieve_empty(const struct sieve *s)
{
    return s->n == 0;
}

// ---- asking a row ----

static bool in(const struct pattern *p, const char *text)
{
    struct match m;
    return text && match_next(p, text, strlen(text), 0, &m);
}

static bool in_tags(const struct pattern *p, const char **tags)
{
    for (; tags && *tags; tags++)
        if (in(p, *tags))
            return true;
    return false;
}

static bool holds(const struct term *t, const struct item_row *r)
{
    const struct pattern *p = &t->words;
    switch (t->field) {
    case ANY:
        return in(p, r->title) || in(p, r->subtitle) || in(p, r->author) || in(p, r->feed_title) ||
               in_tags(p, r->tags);
    case TITLE:
        return in(p, r->title);
    case AUTHOR:
        return in(p, r->author);
    case FEED:
        return in(p, r->feed_title);
    case TAG:
        return in_tags(p, r->tags);
    case FLAG:
        return (r->flags & t->set) == t->set && !(r->flags & t->clear);
    case UNDER:
        return doc_minutes(r->words) <= t->number;
    case OVER:
        return doc_minutes(r->words) >= t->number;
    case AFTER:
        return r->published >= t->number;
    case BEFORE:
        return r->published < t->number;
    case KEPT_AFTER:
        return r->kept > 0 && r->kept >= t->number;
    case KEPT_BEFORE:
        return r->kept > 0 && r->kept < t->number;
    }
    return false;
}

bool sieve_passes(const struct sieve *s, const struct item_row *row)
{
    for (size_t i = 0; i < s->n; i++)
        if (holds(&s->terms[i], row) == s->terms[i].not )
            return false;
    return true;
}
