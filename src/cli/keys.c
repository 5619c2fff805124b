// `lectern keys`: every action with the keys that stand for it, as the reader has them with this
// configuration. The manual page of the keys is made of what it prints without one.
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "lectern/buf.h"
#include "ui/ex.h"
#include "ui/keymap.h"

enum { NAME_COLS = 16, KEYS_COLS = 34 };

static void put_keys(struct buf *out, const char *keys, const char *where)
{
    size_t before = out->len;
    buf_printf(out, "%*s%s", NAME_COLS, "", keys);
    size_t cols = out->len - before; // names of keys beyond ASCII are rare
    if (*where)
        buf_printf(out, "%*s%s",
                   cols < NAME_COLS + KEYS_COLS ? (int)(NAME_COLS + KEYS_COLS - cols) : 2, "",
                   where);
    buf_char(out, '\n');
}

// Views with the same keys share a line; nothing stands behind keys that hold everywhere.
static void put_action(struct buf *out, const struct keymap *k, enum action a, enum view_kind from,
                       enum view_kind to)
{
    struct buf keys[VIEW_KIND_COUNT] = {{0}};
    bool any = false;
    for (enum view_kind v = from; v <= to; v++) {
        keymap_keys(k, v, a, &keys[v]);
        any = any || keys[v].len;
    }
    if (any || from != to) // of one view only what it has
        buf_printf(out, "%-*s%s\n", NAME_COLS, action_table[a].name, action_table[a].what);
    if (!any && from != to)
        buf_printf(out, "%*sno key; `:%s`\n", NAME_COLS, "", action_table[a].name);
    for (enum view_kind v = from; v <= to; v++) {
        struct buf where = {0};
        bool told = keys[v].len == 0;
        for (enum view_kind w = from; w < v && !told; w++)
            told = strcmp(buf_cstr(&keys[w]), buf_cstr(&keys[v])) == 0;
        bool all = true;
        for (enum view_kind w = from; w <= to && !told; w++) {
            bool same = strcmp(buf_cstr(&keys[w]), buf_cstr(&keys[v])) == 0;
            if (same)
                buf_printf(&where, "%s%s", where.len ? ", " : "", view_kind_name(w));
            all = all && same;
        }
        if (!told)
            put_keys(out, buf_cstr(&keys[v]), all ? "" : buf_cstr(&where));
        buf_free(&where);
    }
    for (enum view_kind v = from; v <= to; v++)
        buf_free(&keys[v]);
}

static void put_own(struct buf *out, const struct keymap *k, enum view_kind from, enum view_kind to)
{
    bool first = true;
    for (enum view_kind v = from; v <= to; v++) {
        struct buf keys = {0};
        const char *does;
        for (size_t i = 0; keymap_macro(k, v, i, &keys, &does); i++) {
            if (first)
                buf_str(out, "Your own\n\n");
            first = false;
            buf_printf(out, "%-*s%s: %s\n", NAME_COLS, keys.data, view_kind_name(v), does);
            buf_clear(&keys);
        }
        buf_free(&keys);
    }
    if (!first)
        buf_char(out, '\n');
}

static void put_commands(struct buf *out)
{
    buf_str(out, "Commands\n\n");
    for (size_t i = 0; i < ex_count; i++) {
        buf_printf(out, ":%s%s%s\n", ex_table[i].name, *ex_table[i].args ? " " : "",
                   ex_table[i].args);
        buf_printf(out, "%*s%s\n", NAME_COLS, "", ex_table[i].what);
    }
}

static int run(const struct session *s, int argc, char **argv)
{
    static const struct arg_option options[] = {{.name = NULL}};
    struct arg_list words = {0};
    if (!args_parse(&cmd_keys, argc, argv, options, &words, 0, 1))
        return EXIT_USAGE;
    enum view_kind from = 0, to = VIEW_KIND_COUNT - 1;
    if (words.n) {
        while (from < VIEW_KIND_COUNT && strcmp(words.items[0], view_kind_name(from)) != 0)
            from++;
        to = from;
    }
    struct buf out = {0};
    for (int v = 0; from == VIEW_KIND_COUNT && v < VIEW_KIND_COUNT; v++)
        buf_printf(&out, "%s%s", v ? ", " : "", view_kind_name((enum view_kind)v));
    int code = EXIT_DONE;
    if (from == VIEW_KIND_COUNT) {
        code =
            args_usage(&cmd_keys, "there is no view '%s': there are %s", words.items[0], out.data);
    } else {
        struct keymap *k = keymap_new(s->conf);
        size_t n;
        const struct conf_problem *p = keymap_problems(k, &n);
        for (size_t i = 0; i < n; i++)
            fprintf(stderr, "lectern: %s:%d: %s\n", p[i].file, p[i].line, p[i].message);
        put_own(&out, k, from, to);
        for (int g = 0; g < GROUP_COUNT; g++) {
            buf_printf(&out, "%s\n\n", action_groups[g]);
            for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
                if ((int)action_table[a].group == g)
                    put_action(&out, k, (enum action)a, from, to);
            buf_char(&out, '\n');
        }
        put_commands(&out);
        keymap_free(k);
        fwrite(out.data, 1, out.len, stdout);
    }
    buf_free(&out);
    args_free(&words);
    return code;
}

const struct command cmd_keys = {
    .name = "keys",
    .usage = "keys [VIEW]",
    .summary = "list the actions of the reader and their keys",
    .help =
        "Each action with what it does, its keys as configured, and the views in which they hold\n"
        "where that is not all of them; then the commands of the `:` line. What is wrong in bind\n"
        "lines goes to stderr.\n\n"
        "VIEW is shelf, contents, essay ...: only the keys of that view.",
    .run = run,
};
