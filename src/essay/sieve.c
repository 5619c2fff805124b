// What was typed, read into clauses of terms, and rows asked about them. See sieve.h; find.h asks
// the same of texts.
#include "sieve_terms.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/doc.h"
#include "lectern/mem.h"

enum { NEAR_WORDS = 10, NEAR_MOST = 1000 };

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
bool sieve_date(const char *s, struct when w, int64_t now, int64_t *out)
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

static void term_words(struct term *t, const char *value, bool prefix)
{
    t->words = mem_array(1, sizeof *t->words);
    t->phrases = mem_array(1, sizeof *t->phrases);
    t->words[0] = pattern_new(value);
    t->phrases[0] = phrase_new(value, strlen(value), prefix);
    t->n = 1;
}

static bool read_value(struct term *t, const char *field, const char *value, bool prefix,
                       struct when w, int64_t now, struct err *e)
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
        return sieve_date(value, w, now, &t->number) ||
               err_set(e, ERR_USAGE,
                       "%s:%s is no date; 2025, 2025-03, 2025-03-31, today, yesterday or 7d are",
                       field, value);
    default:
        term_words(t, value, prefix);
        return true;
    }
}

// ---- one word ----

struct typed {
    struct buf text;
    size_t colon;        // the first that may end a field's name; SIZE_MAX: none
    bool quoted, prefix; // something in it was; a star ended it
};

// One word from *p on; a quoted part keeps its blanks.
static void take(const char **p, struct typed *w)
{
    bool quoted = false;
    buf_clear(&w->text);
    w->colon = SIZE_MAX;
    w->quoted = w->prefix = false;
    for (; **p && (quoted || **p != ' '); ++*p) {
        if (**p == '"') {
            quoted = !quoted;
            w->quoted = true;
            continue;
        }
        if (**p == ':' && w->colon == SIZE_MAX && !w->quoted)
            w->colon = w->text.len;
        buf_add(&w->text, *p, 1);
    }
    if (w->text.len > 1 && (*p)[-1] == '*') {
        w->prefix = true;
        w->text.data[--w->text.len] = '\0';
    }
}

// "NEAR", "NEAR/5": how many words may stand between; -1: it is none.
static int near_of(const struct typed *w)
{
    const char *s = buf_cstr(&w->text);
    char *end;
    if (w->quoted || w->prefix || strncmp(s, "NEAR", 4) != 0)
        return -1;
    if (!s[4])
        return NEAR_WORDS;
    long n = strtol(s + 5, &end, 10);
    return s[4] == '/' && isdigit((unsigned char)s[5]) && !*end
               ? (int)(n > NEAR_MOST ? NEAR_MOST : n)
               : -1;
}

static bool is_plain(const struct typed *w, const char *what)
{
    return !w->quoted && !w->prefix && strcmp(buf_cstr(&w->text), what) == 0;
}

// ---- the whole ----

struct reading {
    struct sieve *s;
    struct when when;
    int64_t now;
    bool joins, turned; // OR, NOT stood before
    int near;           // NEAR did; else -1
};

static void push(struct reading *r, struct term *t)
{
    struct sieve *s = r->s;
    struct term *last = s->n ? &s->terms[s->n - 1] : NULL;
    bool words = t->field <= AUTHOR;
    if (r->near >= 0 && last && words && last->field == t->field &&
        last->not == t->not &&t->n == 1) {
        last->words = mem_realloc(last->words, (last->n + 1) * sizeof *last->words);
        last->phrases = mem_realloc(last->phrases, (last->n + 1) * sizeof *last->phrases);
        last->words[last->n] = t->words[0];
        last->phrases[last->n++] = t->phrases[0];
        last->near = r->near;
        free(t->words);
        free(t->phrases);
    } else {
        t->joined = r->joins && last;
        s->terms = mem_grow(s->terms, &s->cap, s->n + 1, sizeof *s->terms);
        s->terms[s->n++] = *t;
    }
    r->joins = r->turned = false;
    r->near = -1;
}

static bool add(struct reading *r, const struct typed *w, struct err *e)
{
    struct term t = {.field = ANY, .not = r->turned};
    const char *word = buf_cstr(&w->text), *field = "";
    size_t colon = w->colon;
    if (*word == '-' && word[1]) {
        t.not = !t.not ;
        word++;
        colon -= colon != SIZE_MAX;
    }
    const char *value = word;
    for (size_t i = 0; colon != SIZE_MAX && i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == colon && strncasecmp(word, fields[i].name, colon) == 0) {
            t.field = fields[i].field;
            field = fields[i].name;
            value = word + colon + 1;
        }
    if (t.field != ANY && !*value) // still being typed
        return true;
    if (!read_value(&t, field, value, w->prefix, r->when, r->now, e))
        return false;
    push(r, &t);
    return true;
}

// What is not understood is left out; e has the first such thing.
static struct sieve *read_all(const char *text, struct when when, int64_t now, struct err *e,
                              bool *understood)
{
    struct reading r = {.s = mem_alloc(sizeof *r.s), .when = when, .now = now, .near = -1};
    struct typed w = {0};
    *understood = true;
    for (const char *p = text; *p;) {
        while (*p == ' ')
            p++;
        take(&p, &w);
        if (!w.text.len)
            continue;
        // A word that joins is one only behind another; the next may still be to be typed.
        const char *next = p + strspn(p, " ");
        bool between = r.s->n > 0;
        if (between && is_plain(&w, "OR"))
            r.joins = true;
        else if (between && near_of(&w) >= 0)
            r.near = near_of(&w);
        else if (*next && is_plain(&w, "NOT"))
            r.turned = true;
        else if (!(between && is_plain(&w, "AND")) && !add(&r, &w, *understood ? e : NULL))
            *understood = false;
    }
    buf_free(&w.text);
    return r.s;
}

struct sieve *sieve_new(const char *text, struct when when, int64_t now, struct err *e)
{
    bool understood;
    struct sieve *s = read_all(text, when, now, e, &understood);
    if (understood)
        return s;
    sieve_free(s);
    return NULL;
}

struct sieve *sieve_read(const char *text, struct when when, int64_t now, struct err *e)
{
    bool understood;
    return read_all(text, when, now, e, &understood);
}

void sieve_free(struct sieve *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->terms[i].n; k++) {
            pattern_free(&s->terms[i].words[k]);
            phrase_free(&s->terms[i].phrases[k]);
        }
        free(s->terms[i].words);
        free(s->terms[i].phrases);
    }
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

static bool word_holds(enum field field, const struct pattern *p, const struct item_row *r)
{
    switch (field) {
    case ANY:
        return in(p, r->title) || in(p, r->subtitle) || in(p, r->author) || in(p, r->feed_title) ||
               in_tags(p, r->tags);
    case TITLE:
        return in(p, r->title);
    case AUTHOR:
        return in(p, r->author);
    case FEED:
        return in(p, r->feed_title);
    default:
        return in_tags(p, r->tags);
    }
}

bool term_holds(const struct term *t, const struct item_row *r)
{
    bool all = true;
    switch (t->field) {
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
    default:
        for (size_t i = 0; i < t->n; i++)
            all = all && word_holds(t->field, &t->words[i], r);
        return all;
    }
}

size_t sieve_clause(const struct sieve *s, size_t from)
{
    size_t end = from + 1;
    while (end < s->n && s->terms[end].joined)
        end++;
    return end;
}

bool sieve_passes(const struct sieve *s, const struct item_row *row)
{
    for (size_t i = 0, end; i < s->n; i = end) {
        bool passes = false;
        end = sieve_clause(s, i);
        for (size_t k = i; k < end && !passes; k++)
            passes = term_holds(&s->terms[k], row) != s->terms[k].not ;
        if (!passes)
            return false;
    }
    return true;
}
