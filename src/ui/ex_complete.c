// What Tab offers on the `:` line: names of commands and actions, and what may follow each.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "ex.h"
#include "prompt.h"
#include "lectern/theme.h"
#include "lectern/sieve.h"
#include "lectern/utf8.h"

enum { FILES_MAX = 500 };

static bool begins(const char *word, const char *part)
{
    return strncasecmp(word, part, strlen(part)) == 0;
}

// A word that is followed by others, or that ends the line.
static void offer(struct completion *out, const char *word, const char *part, bool more)
{
    if (begins(word, part))
        completion_add(out, more ? arena_printf(out->arena, "%s ", word) : word);
}

static void offer_actions(struct completion *out, const char *part)
{
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
        offer(out, action_table[a].name, part, false);
}

static void offer_commands(struct completion *out, const char *part)
{
    for (size_t i = 0; i < ex_count; i++)
        offer(out, ex_table[i].name, part, *ex_table[i].args);
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
        bool twice = a == ACT_COMMAND;
        for (size_t i = 0; i < ex_count && !twice; i++)
            twice = strcmp(ex_table[i].name, action_table[a].name) == 0;
        if (!twice)
            offer(out, action_table[a].name, part, false);
    }
}

// ---- names of the library ----

static void offer_feeds(struct ui *u, struct completion *out, const char *part)
{
    struct arena *a = arena_new();
    struct feed_rows feeds = {0};
    struct err e = ERR_INIT;
    if (store_feeds(u->set.store, a, &feeds, &e))
        for (size_t i = 0; i < feeds.n; i++)
            offer(out, feeds.items[i].title, part, false);
    for (size_t i = 0; !out->n && i < feeds.n; i++) // "harbour" finds The Harbour Post
        if (ui_contains(feeds.items[i].title, part))
            completion_add(out, feeds.items[i].title);
    arena_free(a);
}

static void offer_tags(struct ui *u, struct completion *out, const char *part, bool quoted)
{
    struct arena *a = arena_new();
    struct tag_row *tags;
    size_t n;
    bool minus = quoted && *part == '-';
    if (store_tags(u->set.store, a, &tags, &n, NULL))
        for (size_t i = 0; i < n; i++) {
            if (!begins(tags[i].tag, part + minus))
                continue;
            char *word = mem_printf("%s%s", minus ? "-" : "", tags[i].tag);
            if (quoted)
                completion_quote(out, word);
            else
                completion_add(out, word);
            free(word);
        }
    arena_free(a);
}

// ---- files ----

void complete_file(struct ui *u, const char *text, size_t cursor, struct completion *out)
{
    (void)u;
    const char *slash = strrchr(text, '/');
    char *dir = mem_strndup(text, slash ? (size_t)(slash - text) + 1 : 0);
    const char *part = slash ? slash + 1 : text;
    struct buf path = {0};
    (void)cursor;
    out->from = 0;
    ex_file_path(*dir ? dir : "./", &path);
    DIR *d = opendir(buf_cstr(&path));
    for (struct dirent *f; d && out->n < FILES_MAX && (f = readdir(d));) {
        bool hidden = f->d_name[0] == '.' && part[0] != '.';
        size_t len = strlen(f->d_name);
        if (hidden || strncmp(f->d_name, part, strlen(part)) != 0 || !utf8_valid(f->d_name, len) ||
            strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0)
            continue;
        char *plain = utf8_clean_dup(f->d_name, len, UTF8_TEXT);
        if (strcmp(plain, f->d_name) == 0 && !strpbrk(plain, "\n\t")) { // else it cannot be typed
            struct stat st;
            char *whole = mem_printf("%s%s", buf_cstr(&path), f->d_name);
            bool folder = stat(whole, &st) == 0 && S_ISDIR(st.st_mode);
            char *word = mem_printf("%s%s%s", dir, f->d_name, folder ? "/" : "");
            completion_add(out, word);
            free(word);
            free(whole);
        }
        free(plain);
    }
    if (d)
        closedir(d);
    buf_free(&path);
    free(dir);
}

// ---- what follows a command ----

// The word under the cursor, and how many stand before it.
static const char *last_word(const char *rest, int *before)
{
    *before = 0;
    const char *word = rest;
    for (const char *p = rest; *p; p++)
        if (*p == ' ') {
            *before += p > rest && p[-1] != ' ';
            word = p + 1;
        }
    return word;
}

static void offer_themes(struct completion *out, const char *part)
{
    struct arena *a = arena_new();
    struct theme_entry *themes;
    size_t n = theme_list(a, &themes);
    for (size_t i = 0; i < n; i++)
        offer(out, themes[i].name, part, false);
    arena_free(a);
}

static void offer_options(struct completion *out, const char *rest)
{
    int before;
    const char *part = last_word(rest, &before), *name;
    if (before == 0) {
        for (size_t i = 0; (name = conf_name(i)); i++)
            if (conf_live(name))
                offer(out, name, part, true);
        return;
    }
    char *option = mem_strndup(rest, strcspn(rest, " ="));
    if (before == 1 && strcmp(option, "theme") == 0)
        offer_themes(out, part);
    struct buf value = {0};
    for (size_t i = 0; before == 1 && conf_choice(option, i, &value); i++) {
        offer(out, value.data, part, false);
        buf_clear(&value);
    }
    buf_free(&value);
    free(option);
}

static void offer_binding(struct completion *out, const char *rest, bool unbind)
{
    int before;
    const char *part = last_word(rest, &before);
    if (before == 0) {
        offer(out, "all", part, true);
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            offer(out, view_kind_name((enum view_kind)v), part, true);
    } else if (before > 1 && !unbind) {
        offer_actions(out, part);
    }
}

void ex_complete(struct ui *u, const char *text, size_t cursor, struct completion *out)
{
    const char *line = text + strspn(text, " :0123456789");
    size_t len = strcspn(line, " ");
    const struct ex_command *c = NULL;
    int before;
    (void)cursor;
    if (!line[len]) {
        out->from = (size_t)(line - text);
        offer_commands(out, line);
        return;
    }
    for (size_t i = 0; i < ex_count && !c; i++)
        if (strncmp(ex_table[i].name, line, len) == 0 && !ex_table[i].name[len])
            c = &ex_table[i];
    if (!c)
        return;
    const char *rest = line + len + strspn(line + len, " ");
    const char *part = last_word(rest, &before);
    size_t rest_at = (size_t)(rest - text);
    out->from = (size_t)(part - text);
    switch (c->complete) {
    case COMPLETE_NOTHING:
        break;
    case COMPLETE_ACTION:
        offer_actions(out, part);
        break;
    case COMPLETE_BINDING:
        offer_binding(out, rest, *c->name == 'u');
        break;
    case COMPLETE_FEED:
    case COMPLETE_SHELF: // a name is all that follows, blanks and all
        out->from = rest_at;
        offer_feeds(u, out, rest);
        if (c->complete == COMPLETE_SHELF)
            offer_tags(u, out, rest, false);
        break;
    case COMPLETE_FILE:
        complete_file(u, rest, strlen(rest), out);
        out->from = rest_at;
        break;
    case COMPLETE_OPTION:
        offer_options(out, rest);
        break;
    case COMPLETE_TAG:
        offer_tags(u, out, part, true);
        break;
    case COMPLETE_FILTER:
        complete_filter(u, text, cursor, out);
        break;
    case COMPLETE_ORDER:
        out->from = rest_at;
        for (int o = 0; o < ORDER_COUNT; o++)
            if (strncmp(order_name((enum order)o), rest, strlen(rest)) == 0)
                completion_add(out, order_name((enum order)o));
        break;
    case COMPLETE_THEME:
        out->from = rest_at;
        offer_themes(out, rest);
        break;
    }
}
