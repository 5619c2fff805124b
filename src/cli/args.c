// Option reading for all subcommands: one table a command, one place that says what is wrong. Long
// options may not be shortened: a script that works today works after the next option is added.
#include "args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

void args_push(struct arg_list *l, const char *s)
{
    l->items = mem_grow(l->items, &l->cap, l->n + 2, sizeof *l->items);
    l->items[l->n++] = s;
    l->items[l->n] = NULL;
}

void args_free(struct arg_list *l)
{
    free(l->items);
    *l = (struct arg_list){0};
}

int args_usage(const struct command *c, const char *fmt, ...)
{
    struct err e = ERR_INIT;
    char text[sizeof e.msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(&e, ERR_USAGE, "%s", text); // what was typed may hold control characters
    fprintf(stderr, "lectern %s: %s\nusage: lectern %s\n", c->name, e.msg, c->usage);
    return EXIT_USAGE;
}

int args_fail(const struct command *c, const struct err *e)
{
    fprintf(stderr, "lectern %s: %s\n", c->name, e->msg);
    return e->kind == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

static const struct arg_option *by_name(const struct arg_option *o, const char *name, size_t len)
{
    for (; o->name; o++)
        if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

static const struct arg_option *by_letter(const struct arg_option *o, char letter)
{
    for (; o->name; o++)
        if (o->letter && o->letter == letter)
            return o;
    return NULL;
}

static bool set(const struct command *c, const struct arg_option *o, const char *shown,
                const char *value)
{
    if (o->flag)
        *o->flag = true;
    else if (o->list)
        args_push(o->list, value);
    else if (o->value)
        *o->value = value;
    else {
        char *end;
        errno = 0;
        long long n = strtoll(value, &end, 10);
        if (errno || end == value || *end || n < o->min || n > o->max) {
            args_usage(c, "%s takes a whole number from %lld to %lld, not '%s'", shown,
                       (long long)o->min, (long long)o->max, value);
            return false;
        }
        *o->number = n;
    }
    return true;
}

static bool long_option(const struct command *c, const struct arg_option *options, int argc,
                        char **argv, int *at)
{
    const char *arg = argv[*at], *name = arg + 2;
    size_t len = strcspn(name, "=");
    const struct arg_option *o = by_name(options, name, len);
    char shown[64];
    snprintf(shown, sizeof shown, "--%.*s", (int)(len < 60 ? len : 60), name);
    if (!o) {
        args_usage(c, "there is no option %s", shown);
        return false;
    }
    if (o->flag) {
        if (name[len]) {
            args_usage(c, "%s takes no value", shown);
            return false;
        }
        return set(c, o, shown, NULL);
    }
    if (name[len])
        return set(c, o, shown, name + len + 1);
    if (*at + 1 >= argc) {
        args_usage(c, "%s needs a value", shown);
        return false;
    }
    return set(c, o, shown, argv[++*at]);
}

static bool letters(const struct command *c, const struct arg_option *options, int argc,
                    char **argv, int *at)
{
    for (const char *p = argv[*at] + 1; *p; p++) {
        const struct arg_option *o = by_letter(options, *p);
        char shown[3] = {'-', *p, '\0'};
        if (!o) {
            if ((unsigned char)*p < 0x80)
                args_usage(c, "there is no option %s", shown);
            else
                args_usage(c, "there is no option %s", argv[*at]);
            return false;
        }
        if (o->flag) {
            set(c, o, shown, NULL);
            continue;
        }
        if (p[1])
            return set(c, o, shown, p + 1);
        if (*at + 1 >= argc) {
            args_usage(c, "%s needs a value", shown);
            return false;
        }
        return set(c, o, shown, argv[++*at]);
    }
    return true;
}

bool args_parse(const struct command *c, int argc, char **argv, const struct arg_option *options,
                struct arg_list *words, int least, int most)
{
    *words = (struct arg_list){0};
    words->items = mem_grow(NULL, &words->cap, 1, sizeof *words->items);
    words->items[0] = NULL;
    bool ended = false, ok = true;
    for (int at = 1; ok && at < argc; at++) {
        const char *arg = argv[at];
        if (ended || arg[0] != '-' || !arg[1])
            args_push(words, arg);
        else if (strcmp(arg, "--") == 0)
            ended = true;
        else if (arg[1] == '-')
            ok = long_option(c, options, argc, argv, &at);
        else
            ok = letters(c, options, argc, argv, &at);
    }
    if (ok && words->n < (size_t)least) {
        if (words->n)
            args_usage(c, "something is missing after '%s'", words->items[words->n - 1]);
        else
            args_usage(c, "something is missing");
        ok = false;
    }
    if (ok && most >= 0 && words->n > (size_t)most) {
        args_usage(c, "'%s' is too much", words->items[most]);
        ok = false;
    }
    if (!ok) {
        args_free(words);
        for (const struct arg_option *o = options; o && (o->name || o->letter); o++)
            if (o->list)
                args_free(o->list);
    }
    return ok;
}
