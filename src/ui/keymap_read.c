// Lays the bindings of a keymap: the keys of the table of actions first, each `bind` line of the
// reader's own over them, so that the last word on a sequence counts. A wrong line is told and left
// out, the rest works.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ex.h"
#include "keymap_state.h"
#include "lectern/near.h"

#define X(id, name, title) name,
static const char *const view_names[VIEW_KIND_COUNT] = {VIEW_KINDS(X)};
#undef X
#define X(id, name, title) title,
static const char *const view_titles[VIEW_KIND_COUNT] = {VIEW_KINDS(X)};
#undef X

const char *view_kind_name(enum view_kind v)
{
    return view_names[v];
}

const char *view_kind_title(enum view_kind v)
{
    return view_titles[v];
}

static void LECTERN_PRINTF(3, 4)
    problem(struct keymap *k, const struct conf_bind *at, const char *fmt, ...)
{
    struct err text; // one line, whatever the file holds
    char message[sizeof text.msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    err_set(&text, ERR_USAGE, "%s", message);
    k->problems = mem_grow(k->problems, &k->problem_cap, k->nproblems + 1, sizeof *k->problems);
    k->problems[k->nproblems++] =
        (struct conf_problem){at->file, at->line, arena_strdup(k->arena, text.msg)};
}

// What is laid last stands last: help names the keys of an action in the order of the table.
static void lay(struct bindings *b, const int *keys, int n, const struct step *steps,
                const struct conf_bind *from)
{
    struct binding *old = keymap_find(b, keys, n);
    if (old) {
        b->n--;
        memmove(old, old + 1, (size_t)(b->items + b->n - old) * sizeof *old);
    }
    b->items = mem_grow(b->items, &b->cap, b->n + 1, sizeof *b->items);
    struct binding *made = &b->items[b->n++];
    memcpy(made->keys, keys, (size_t)n * sizeof *keys);
    memcpy(made->steps, steps, sizeof made->steps);
    made->nkeys = n;
    made->from = from;
}

// ---- what a line says ----

static bool one_more(struct keymap *k, const struct conf_bind *at, struct step *steps, int *n,
                     struct step s)
{
    if (*n == STEPS - 1) {
        problem(k, at, "a key does at most %d things in a row", STEPS - 1);
        return false;
    }
    steps[(*n)++] = s;
    return true;
}

// "bookmark 2 next-unread ; :tag later" -> its steps; false after telling what is wrong.
static bool read_steps(struct keymap *k, const struct conf_bind *at, struct step *steps)
{
    char *s = arena_strdup(k->arena, at->action);
    int n = 0, count = 0;
    while (*(s += strspn(s, " \t"))) {
        size_t len = strcspn(s, " \t");
        if (*s == ':' && s[1]) {
            char *end = strstr(s, " ; "); // the line is all up to here
            char *next = end ? end + 3 : s + strlen(s);
            if (end)
                *end = '\0';
            struct err e = ERR_INIT;
            if (!ex_known(s + 1, &e)) {
                problem(k, at, "%s", e.msg);
                return false;
            }
            if (!one_more(k, at, steps, &n, (struct step){ACT_COMMAND, count, s + 1}))
                return false;
            s = next, count = 0;
            continue;
        }
        char *next = s[len] ? s + len + 1 : s + len;
        s[len] = '\0';
        enum action a = ACT_NONE;
        if (strspn(s, "0123456789") == len) {
            count = len > 8 ? 100000000 : atoi(s);
        } else if (strcmp(s, ";") != 0) {
            if (!action_find(s, &a)) {
                const char *near = action_like(s);
                if (near)
                    problem(k, at, "there is no action '%s': did you mean '%s'?", s, near);
                else
                    problem(k, at, "there is no action '%s': `?` in Lectern lists them", s);
                return false;
            }
            if (a != ACT_NONE && // an empty step
                !one_more(k, at, steps, &n, (struct step){a, count, NULL}))
                return false;
            count = 0;
        }
        s = next;
    }
    if (count) {
        problem(k, at, "after the number %d an action is missing", count);
        return false;
    }
    return true;
}

// The views a line is for, as [*first, *last].
static bool read_view(struct keymap *k, const struct conf_bind *at, int *first, int *last)
{
    *first = 0;
    *last = VIEW_KIND_COUNT - 1;
    if (strcmp(at->view, "all") == 0)
        return true;
    const char *near = near_edits(at->view, "all") < 2 ? "all" : NULL;
    size_t best = 3;
    for (int v = 0; v < VIEW_KIND_COUNT; v++) {
        size_t d = near_edits(at->view, view_names[v]);
        if (d == 0) {
            *first = *last = v;
            return true;
        }
        if (d < best)
            best = d, near = view_names[v];
    }
    if (near) {
        problem(k, at, "there is no view '%s': did you mean '%s'?", at->view, near);
        return false;
    }
    struct buf known = {0};
    for (int v = 0; v < VIEW_KIND_COUNT; v++)
        buf_printf(&known, "%s%s", v + 1 < VIEW_KIND_COUNT ? ", " : " and ", view_names[v]);
    problem(k, at, "there is no view '%s': all%s are", at->view, buf_cstr(&known));
    buf_free(&known);
    return false;
}

static void bind(struct keymap *k, const struct conf_bind *at)
{
    int first, last, keys[KEYS_SEQUENCE];
    struct step steps[STEPS] = {{ACT_NONE, 0, NULL}};
    if (!read_view(k, at, &first, &last))
        return;
    int n = key_parse(at->keys, keys);
    if (n == 0) {
        problem(k, at, "'%s' is no key: write j, gg, ^d, space, enter, pgdn, f5, alt-x", at->keys);
        return;
    }
    if (keys[0] >= '1' && keys[0] <= '9') {
        problem(k, at, "'%s' cannot be bound: digits are counts", at->keys);
        return;
    }
    if (!read_steps(k, at, steps))
        return;
    bool there = false;
    for (int v = first; v <= last; v++) {
        const struct binding *old = keymap_find(&k->views[v], keys, n);
        there = there || (old && old->steps[0].action != ACT_NONE);
        if (v == first && old && old->from && strcmp(old->from->view, at->view) == 0 &&
            strcmp(old->from->action, at->action) != 0 && strcmp(old->from->file, at->file) == 0)
            problem(k, at, "'%s' was bound to %s in line %d; this line counts from here on",
                    at->keys, old->from->action, old->from->line);
        lay(&k->views[v], keys, n, steps, at);
    }
    if (!there && steps[0].action == ACT_NONE)
        problem(k, at, "'%s' means nothing %s%s as it is", at->keys,
                first < last ? "anywhere" : "in ", first < last ? "" : view_names[first]);
}

// A reader's own key that acts before one of their own longer ones can be typed: both work, and
// that may surprise.
static void tell_shadows(struct keymap *k, const struct conf_bind *lines, size_t n)
{
    const struct conf_bind *told = NULL;
    for (int v = 0; v < VIEW_KIND_COUNT; v++) {
        const struct bindings *b = &k->views[v];
        for (size_t i = 0; i < b->n; i++) {
            const struct binding *s = &b->items[i];
            if (s->steps[0].action == ACT_NONE)
                continue;
            for (size_t j = 0; j < b->n; j++) {
                const struct binding *t = &b->items[j];
                const struct conf_bind *at = t->from ? t->from : s->from;
                if (!at || at == told || at < lines || at >= lines + n || // told before
                    s->steps[0].action == t->steps[0].action ||
                    !keymap_starts(t, s->keys, s->nkeys))
                    continue;
                told = at;
                struct buf shorter = {0}, longer = {0};
                for (int key = 0; key < t->nkeys; key++) {
                    key_name(t->keys[key], &longer);
                    if (key < s->nkeys)
                        key_name(s->keys[key], &shorter);
                }
                problem(k, at,
                        "'%s' already means %s in %s, and does that before '%s' can be finished; "
                        "`unbind %s %s` frees it",
                        buf_cstr(&shorter), action_table[s->steps[0].action].name, view_names[v],
                        buf_cstr(&longer), view_names[v], buf_cstr(&shorter));
                buf_free(&shorter);
                buf_free(&longer);
            }
        }
    }
}

// ---- the table's own keys ----

// Is it one of "links,help"?
static bool named(const char *views, const char *view)
{
    size_t len = strlen(view);
    for (const char *p = views; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, view, len) == 0 && (!p[len] || p[len] == ','))
            return true;
    return false;
}

// "all: j down  essay: J". First the keys of single views alone; then all of them in the order in
// which they stand, but those of "all" only where no view has them for itself.
static void lay_default(struct keymap *k, enum action a, bool singles)
{
    static const struct step none[STEPS] = {{ACT_NONE, 0, NULL}};
    char *words = arena_strdup(k->arena, action_table[a].keys), *state = NULL;
    struct step steps[STEPS];
    memcpy(steps, none, sizeof steps);
    steps[0].action = a;
    const char *views = "";
    for (char *w = strtok_r(words, " ", &state); w; w = strtok_r(NULL, " ", &state)) {
        size_t len = strlen(w);
        int keys[KEYS_SEQUENCE];
        if (len > 1 && w[len - 1] == ':') {
            w[len - 1] = '\0';
            views = w;
            continue;
        }
        int n = key_parse(w, keys);
        bool all = strcmp(views, "all") == 0;
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            if (all ? !singles && !keymap_find(&k->views[v], keys, n) : named(views, view_names[v]))
                lay(&k->views[v], keys, n, steps, NULL);
    }
}

struct keymap *keymap_new(const struct conf *c)
{
    struct keymap *k = mem_alloc(sizeof *k);
    k->arena = arena_new();
    for (int singles = 1; singles >= 0; singles--)
        for (int a = 0; a < ACT_COUNT; a++)
            lay_default(k, (enum action)a, singles);
    keymap_more(k, c);
    return k;
}

void keymap_more(struct keymap *k, const struct conf *c)
{
    size_t n = 0;
    const struct conf_bind *binds = conf_binds(c, &n);
    struct conf_bind *own = arena_alloc(k->arena, (n + 1) * sizeof *own);
    for (size_t i = 0; i < n; i++) {
        own[i] = (struct conf_bind){arena_strdup(k->arena, binds[i].view),
                                    arena_strdup(k->arena, binds[i].keys),
                                    arena_strdup(k->arena, binds[i].action),
                                    arena_strdup(k->arena, binds[i].file), binds[i].line};
        bind(k, &own[i]);
    }
    tell_shadows(k, own, n);
}
