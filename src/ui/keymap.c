// Bindings of one view are an array of key sequences; the defaults are laid down first and each
// `bind` line over them, so that the last word on a sequence counts. A wrong line is told and left
// out, the rest works.
#include "keymap.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/near.h"
#include "keymap_defaults.h"

enum { COUNT_MAX = 100000000, MACRO = 8 };

struct binding {
    int keys[KEYS_SEQUENCE];
    int nkeys;
    enum action actions[MACRO];   // ACT_NONE after the last
    const struct conf_bind *from; // NULL: a default
};

struct bindings {
    struct binding *items;
    size_t n, cap;
};

struct keymap {
    struct bindings views[VIEW_KIND_COUNT];
    struct conf_problem *problems;
    size_t nproblems, problem_cap;
    struct arena *arena; // words of the problems
    int typed[KEYS_SEQUENCE];
    int ntyped;
    int count; // 0: none typed
    enum action rest[MACRO];
    bool acted; // what is typed acted already and may go on to a longer sequence
};

static const char *const view_names[VIEW_KIND_COUNT] = {
    "shelf", "contents", "essay", "help", "messages", "links", "outline", "source"};

const char *view_kind_name(enum view_kind v)
{
    return view_names[v];
}

static void problem(struct keymap *k, const struct conf_bind *at, const char *message)
{
    k->problems = mem_grow(k->problems, &k->problem_cap, k->nproblems + 1, sizeof *k->problems);
    k->problems[k->nproblems++] =
        (struct conf_problem){arena_strdup(k->arena, at->file), at->line, message};
}

static struct binding *find(const struct bindings *b, const int *keys, int n)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->items[i].nkeys == n && memcmp(b->items[i].keys, keys, (size_t)n * sizeof *keys) == 0)
            return &b->items[i];
    return NULL;
}

static void lay(struct bindings *b, const int *keys, int n, const enum action *actions,
                const struct conf_bind *from)
{
    struct binding *old = find(b, keys, n);
    if (!old) {
        b->items = mem_grow(b->items, &b->cap, b->n + 1, sizeof *b->items);
        old = &b->items[b->n++];
        memcpy(old->keys, keys, (size_t)n * sizeof *keys);
        old->nkeys = n;
    }
    memcpy(old->actions, actions, sizeof old->actions);
    old->from = from;
}

static const char *like(const char *word, size_t best)
{
    const char *found = NULL;
    for (int i = 0; i < ACT_COUNT; i++) {
        size_t d = near_edits(word, action_table[i].name);
        if (d < best) {
            best = d;
            found = action_table[i].name;
        }
    }
    return found;
}

// "bookmark next-unread" -> its actions; false after telling what is wrong.
static bool read_actions(struct keymap *k, const struct conf_bind *at, enum action *out)
{
    char *words = arena_strdup(k->arena, at->action), *state = NULL;
    int n = 0;
    for (char *w = strtok_r(words, " \t", &state); w; w = strtok_r(NULL, " \t", &state)) {
        enum action a = ACT_NONE;
        if (!action_find(w, &a)) {
            const char *near = like(w, 4);
            problem(k, at,
                    near ? arena_printf(k->arena, "there is no action '%s': did you mean '%s'?", w,
                                        near)
                         : arena_printf(k->arena,
                                        "there is no action '%s': `?` in Lectern lists them", w));
            return false;
        }
        if (a == ACT_NONE) // an empty step
            continue;
        if (n == MACRO - 1) {
            problem(k, at,
                    arena_printf(k->arena, "a key does at most %d actions in a row", MACRO - 1));
            return false;
        }
        out[n++] = a;
    }
    return true;
}

static void bind(struct keymap *k, const struct conf_bind *at)
{
    int first = 0, last = VIEW_KIND_COUNT - 1;
    if (strcmp(at->view, "all") != 0) {
        while (first < VIEW_KIND_COUNT && strcmp(view_names[first], at->view) != 0)
            first++;
        last = first;
    }
    int keys[KEYS_SEQUENCE];
    int n = key_parse(at->keys, keys);
    enum action actions[MACRO] = {ACT_NONE};
    if (first == VIEW_KIND_COUNT) {
        problem(k, at,
                arena_printf(k->arena,
                             "there is no view '%s': all, shelf, contents, essay, help, messages "
                             "and links are",
                             at->view));
        return;
    }
    if (n == 0) {
        problem(k, at,
                arena_printf(k->arena,
                             "'%s' is no key: write j, gg, ^d, space, enter, pgdn, f5, alt-x",
                             at->keys));
        return;
    }
    if (keys[0] >= '1' && keys[0] <= '9') {
        problem(k, at, arena_printf(k->arena, "'%s' cannot be bound: digits are counts", at->keys));
        return;
    }
    if (!read_actions(k, at, actions))
        return;
    for (int v = first; v <= last; v++) {
        const struct binding *old = find(&k->views[v], keys, n);
        if (v == first && old && old->from && strcmp(old->from->view, at->view) == 0 &&
            memcmp(old->actions, actions, sizeof actions) != 0)
            problem(k, at,
                    arena_printf(k->arena,
                                 "'%s' was bound to %s in line %d; this line counts from here on",
                                 at->keys, old->from->action, old->from->line));
        lay(&k->views[v], keys, n, actions, at);
    }
}

static bool starts(const struct binding *b, const int *keys, int n)
{
    return b->nkeys > n && b->actions[0] != ACT_NONE &&
           memcmp(b->keys, keys, (size_t)n * sizeof *keys) == 0;
}

// A reader's own key that acts before one of their own longer ones can be typed: both work, and
// that may surprise.
static void tell_shadows(struct keymap *k)
{
    const struct conf_bind *told = NULL;
    for (int v = 0; v < VIEW_KIND_COUNT; v++) {
        const struct bindings *b = &k->views[v];
        for (size_t i = 0; i < b->n; i++) {
            const struct binding *s = &b->items[i];
            if (s->actions[0] == ACT_NONE)
                continue;
            for (size_t j = 0; j < b->n; j++) {
                const struct binding *t = &b->items[j];
                const struct conf_bind *at = t->from ? t->from : s->from;
                if (!at || at == told || s->actions[0] == t->actions[0] ||
                    !starts(t, s->keys, s->nkeys))
                    continue;
                told = at;
                struct buf shorter = {0}, longer = {0};
                for (int n = 0; n < t->nkeys; n++) {
                    key_name(t->keys[n], &longer);
                    if (n < s->nkeys)
                        key_name(s->keys[n], &shorter);
                }
                problem(k, at,
                        arena_printf(k->arena,
                                     "'%s' already means %s in %s, and does that before '%s' can "
                                     "be finished; `bind %s %s none` frees it",
                                     buf_cstr(&shorter), action_table[s->actions[0]].name,
                                     view_names[v], buf_cstr(&longer), view_names[v],
                                     buf_cstr(&shorter)));
                buf_free(&shorter);
                buf_free(&longer);
            }
        }
    }
}

struct keymap *keymap_new(const struct conf *c)
{
    static const struct {
        int view;
        const char *keys;
        enum action action;
    } defaults[] = {
#define VIEW_ALL VIEW_KIND_COUNT
#define X(view, keys, action) {VIEW_##view, keys, ACT_##action},
        KEYMAP_DEFAULTS(X)
#undef X
    };
    struct keymap *k = mem_alloc(sizeof *k);
    k->arena = arena_new();
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        int keys[KEYS_SEQUENCE];
        int n = key_parse(defaults[i].keys, keys);
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            if (defaults[i].view == VIEW_ALL || defaults[i].view == v)
                lay(&k->views[v], keys, n, (enum action[MACRO]){defaults[i].action}, NULL);
    }
    size_t n = 0;
    const struct conf_bind *binds = conf_binds(c, &n);
    for (size_t i = 0; i < n; i++)
        bind(k, &binds[i]);
    tell_shadows(k);
    return k;
}

void keymap_free(struct keymap *k)
{
    if (!k)
        return;
    for (int v = 0; v < VIEW_KIND_COUNT; v++)
        free(k->views[v].items);
    free(k->problems);
    arena_free(k->arena);
    free(k);
}

const struct conf_problem *keymap_problems(const struct keymap *k, size_t *n)
{
    *n = k->nproblems;
    return k->problems;
}

void keymap_reset(struct keymap *k)
{
    k->ntyped = k->count = 0;
    k->acted = false;
}

bool keymap_pending(const struct keymap *k, struct buf *shown)
{
    if (k->acted) // nothing is owed
        return false;
    if (k->count)
        buf_printf(shown, "%d", k->count);
    for (int i = 0; i < k->ntyped; i++)
        key_name(k->typed[i], shown);
    return k->count || k->ntyped;
}

enum action keymap_feed(struct keymap *k, enum view_kind v, int key, int *count, bool *unknown)
{
    const struct bindings *b = &k->views[v];
    *count = 0;
    *unknown = false;
    k->rest[0] = ACT_NONE;
    if (key == '\r' || key == '\n')
        key = KEYS_ENTER;
    if (!k->ntyped && ((key >= '1' && key <= '9') || (key == '0' && k->count))) {
        k->count = k->count > COUNT_MAX / 10 ? COUNT_MAX : k->count * 10 + key - '0';
        return ACT_NONE;
    }
    if (key == KEYS_ESCAPE && !k->acted && (k->ntyped || k->count)) {
        keymap_reset(k);
        return ACT_NONE;
    }
    for (;;) {
        k->typed[k->ntyped++] = key;
        const struct binding *whole = find(b, k->typed, k->ntyped);
        bool longer = false;
        for (size_t i = 0; i < b->n && k->ntyped < KEYS_SEQUENCE; i++)
            longer |= starts(&b->items[i], k->typed, k->ntyped);
        if (whole && whole->actions[0] != ACT_NONE) {
            *count = k->count;
            memcpy(k->rest, whole->actions + 1, (MACRO - 1) * sizeof *k->rest);
            if (longer)
                k->acted = true;
            else
                keymap_reset(k);
            return whole->actions[0];
        }
        if (longer) {
            k->acted = false;
            return ACT_NONE;
        }
        bool again = k->acted; // g, then j: j begins anew
        keymap_reset(k);
        if (!again) {
            *unknown = key != KEYS_ESCAPE;
            return ACT_NONE;
        }
        if (key >= '1' && key <= '9') {
            k->count = key - '0';
            return ACT_NONE;
        }
    }
}

enum action keymap_rest(struct keymap *k)
{
    enum action a = k->rest[0];
    memmove(k->rest, k->rest + 1, (MACRO - 1) * sizeof *k->rest);
    k->rest[MACRO - 1] = ACT_NONE;
    return a;
}

void keymap_keys(const struct keymap *k, enum view_kind v, enum action a, struct buf *out)
{
    const struct bindings *b = &k->views[v];
    bool first = true;
    for (int own = 1; own >= 0; own--) // the reader's own keys come first
        for (size_t i = 0; i < b->n; i++) {
            const struct binding *at = &b->items[i];
            if (at->actions[0] != a || at->actions[1] != ACT_NONE || a == ACT_NONE ||
                own != (at->from != NULL))
                continue;
            const struct binding *shorter = at->nkeys == 2 ? find(b, at->keys, 1) : NULL;
            if (shorter && shorter->actions[0] == a) // gg beside g tells nothing new
                continue;
            if (!first)
                buf_str(out, ", ");
            first = false;
            for (int n = 0; n < at->nkeys; n++)
                key_name(at->keys[n], out);
        }
}
