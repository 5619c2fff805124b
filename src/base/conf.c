// Configuration: values and their ranges. Whatever a file holds, every option ends up with a value
// in its range. conf_file.c reads the files.
#include "lectern/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf_state.h"
#include "lectern/near.h"

void conf_reset(struct conf *c, const struct option *o)
{
    if (o->kind == OPTION_INT)
        c->ints[o->index] = o->number;
    else if (o->kind == OPTION_BOOL)
        c->bools[o->index] = o->number;
    else
        c->strings[o->index] = o->text;
}

struct conf *conf_new(void)
{
    struct conf *c = mem_alloc(sizeof *c);
    c->arena = arena_new();
    for (size_t i = 0; i < option_count; i++)
        conf_reset(c, &option_table[i]);
    return c;
}

void conf_free(struct conf *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    free(c->binds);
    free(c->sites.items);
    free(c->problems);
    free(c);
}

int conf_int(const struct conf *c, enum conf_int o)
{
    return c->ints[o];
}

bool conf_bool(const struct conf *c, enum conf_bool o)
{
    return c->bools[o];
}

const char *conf_str(const struct conf *c, enum conf_string o)
{
    return c->strings[o];
}

const struct conf_bind *conf_binds(const struct conf *c, size_t *n)
{
    *n = c->nbinds;
    return c->binds;
}

struct site_hit {
    size_t covers, at;
};

static int by_cover(const void *x, const void *y)
{
    const struct site_hit *a = x, *b = y;
    if (a->covers != b->covers)
        return a->covers < b->covers ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

const char *conf_site(const struct conf *c, enum conf_site o, const char *url)
{
    size_t most = 0;
    const char *value = NULL;
    for (size_t i = 0; i < c->sites.n; i++) {
        const struct site_line *l = &c->sites.items[i];
        size_t covers = l->option == o ? site_match(l->address, url) : 0;
        if (covers && covers >= most)
            most = covers, value = l->value;
    }
    return value;
}

const char *conf_site_nth(const struct conf *c, enum conf_site o, const char *url, size_t i)
{
    struct site_hit *hits = mem_array(c->sites.n + 1, sizeof *hits);
    size_t n = 0;
    for (size_t k = 0; k < c->sites.n; k++) {
        const struct site_line *l = &c->sites.items[k];
        size_t covers = l->option == o ? site_match(l->address, url) : 0;
        if (covers)
            hits[n++] = (struct site_hit){covers, k};
    }
    if (n)
        qsort(hits, n, sizeof *hits, by_cover);
    const char *value = i < n ? c->sites.items[hits[i].at].value : NULL;
    free(hits);
    return value;
}

const struct sites *conf_sites(const struct conf *c)
{
    return &c->sites;
}

const struct conf_problem *conf_problems(const struct conf *c, size_t *n)
{
    *n = c->nproblems;
    return c->problems;
}

// ---- values ----

void conf_nearer(const char *name, const char *candidate, const char **best, size_t *least)
{
    size_t far = near_edits(name, candidate);
    if (far < *least)
        *least = far, *best = candidate;
}

static bool unknown(const char *name, struct err *e)
{
    const char *best = NULL;
    size_t least = strlen(name) / 3 + 2; // a third of the letters may be off, and one more
    for (size_t i = 0; i < option_count; i++)
        conf_nearer(name, option_table[i].name, &best, &least);
    static const char *const words[] = {"bind", "unbind", "include", "feed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        conf_nearer(name, words[i], &best, &least);
    if (best)
        return err_set(e, ERR_USAGE, "unknown option '%.60s': did you mean '%s'?", name, best);
    return err_set(e, ERR_USAGE, "unknown option '%.60s'; `lectern options` lists them all", name);
}

static bool set_int(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    char *end;
    errno = 0;
    long v = strtol(value, &end, 10);
    if (end == value || *end)
        return err_set(e, ERR_USAGE, "%s takes a number from %d to %d, not '%.60s'", o->name,
                       o->min, o->max, value);
    if (errno || v < o->min || v > o->max)
        return err_set(e, ERR_USAGE, "%s takes a number from %d to %d; %.60s is too %s", o->name,
                       o->min, o->max, value, v < o->min ? "small" : "large");
    c->ints[o->index] = (int)v;
    return true;
}

static bool set_bool(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    static const char *const yes[] = {"yes", "on", "true", "1"}, *const no[] = {"no", "off",
                                                                                "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool is_yes = strcasecmp(value, yes[i]) == 0;
        if (is_yes || strcasecmp(value, no[i]) == 0) {
            c->bools[o->index] = is_yes;
            return true;
        }
    }
    return err_set(e, ERR_USAGE, "%s is yes or no, not '%.60s'", o->name, value);
}

static bool set_choice(struct conf *c, const struct option *o, const char *value, struct err *e)
{
    size_t len = strlen(value);
    char known[128] = "";
    for (const char *p = o->choices; *p;) {
        size_t n = strcspn(p, " ");
        if (n == len && strncmp(p, value, n) == 0) {
            c->strings[o->index] = arena_strdup(c->arena, value);
            return true;
        }
        bool more = p[n] == ' ';
        size_t at = strlen(known);
        snprintf(known + at, sizeof known - at, "%s%.*s", at ? more ? ", " : " or " : "", (int)n,
                 p);
        p += n + more;
    }
    return err_set(e, ERR_USAGE, "%s is %s, not '%.60s'", o->name, known, value);
}

bool conf_set(struct conf *c, const char *name, const char *value, struct err *e)
{
    const struct option *o = NULL;
    for (size_t i = 0; i < option_count && !o; i++)
        if (strcmp(option_table[i].name, name) == 0)
            o = &option_table[i];
    if (!o)
        return unknown(name, e);
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if ((*p < 0x20 && *p != '\t') || *p == 0x7F)
            return err_set(e, ERR_USAGE, "the value of %s has a control character in it", o->name);
    char **words;
    size_t n;
    switch (o->kind) {
    case OPTION_INT:
        return set_int(c, o, value, e);
    case OPTION_BOOL:
        return set_bool(c, o, value, e);
    case OPTION_CHOICE:
        return set_choice(c, o, value, e);
    case OPTION_WORDS:
        if (!conf_words(value, &words, &n, e))
            return err_wrap(e, "%s", o->name);
        free(words);
        break;
    case OPTION_TEXT:
    case OPTION_FILE:
        break;
    }
    if (o->kind == OPTION_TEXT && o->index == CONF_PROXY && !site_proxy_ok(value))
        return err_set(e, ERR_USAGE, "%s goes http://host:port or socks5h://host:port", o->name);
    c->strings[o->index] = arena_strdup(c->arena, value);
    return true;
}
