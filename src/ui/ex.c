// The `:` line: which command a line means, and the commands about the reader itself. A name may be
// cut short where only one begins so; a command that needs words and has none asks as its key does.
#include "ex.h"

#include <stdlib.h>
#include <string.h>

#include "prompt.h"
#include "lectern/near.h"
#include "lectern/utf8.h"

enum { COUNT_MAX = 100000000 };

#define X(name, args, complete, what) {#name, args, what, COMPLETE_##complete},
const struct ex_command ex_table[] = {EX_COMMANDS(X)};
#undef X
const size_t ex_count = sizeof ex_table / sizeof *ex_table;

// ---- which one ----

struct ex_line {
    int count;
    const struct ex_command *command; // or
    enum action action;               // (ACT_NONE: only a count)
    const char *rest;
};

// What hands used to vi type.
static const struct {
    const char *name, *means;
} short_names[] = {
    {"q", "quit"},         {"q!", "quit"},   {"qa", "quit"},
    {"quit!", "quit"},     {"qall", "quit"}, {"x", "quit"},
    {"wq", "quit"},        {"h", "help"},    {"nohlsearch", "search-end"},
    {"noh", "search-end"},
};

static bool is_name(const char *name, const char *word, size_t len, bool whole)
{
    return strncmp(name, word, len) == 0 && (!whole || !name[len]);
}

static bool like(const char *word, struct err *e)
{
    const char *near = NULL;
    size_t best = strlen(word) / 3 + 2;
    for (size_t i = 0; i < ex_count; i++) {
        size_t d = near_edits(word, ex_table[i].name);
        if (d < best)
            best = d, near = ex_table[i].name;
    }
    if (!near)
        near = action_like(word);
    if (near)
        return err_set(e, ERR_USAGE, "There is no command “%.40s”: did you mean “%s”?", word, near);
    return err_set(e, ERR_USAGE, "There is no command “%.40s”: Tab after : lists them", word);
}

// Finds the command or the action of a name, whole or cut short.
static bool find(const char *word, size_t len, struct ex_line *l, struct err *e)
{
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
        if (is_name(short_names[i].name, word, len, true)) {
            word = short_names[i].means;
            len = strlen(word);
            break;
        }
    for (int whole = 1; whole >= 0; whole--) {
        struct buf names = {0};
        int n = 0;
        for (size_t i = 0; i < ex_count; i++)
            if (is_name(ex_table[i].name, word, len, whole)) {
                l->command = &ex_table[i];
                buf_printf(&names, "%s%s", n++ ? ", " : "", ex_table[i].name);
            }
        bool command = n > 0; // "sear" is search, whatever actions begin so
        for (int a = ACT_NONE + 1; a < ACT_COUNT && !command; a++)
            if (is_name(action_table[a].name, word, len, whole)) {
                l->action = (enum action)a;
                buf_printf(&names, "%s%s", n++ ? ", " : "", action_table[a].name);
            }
        if (n > 1)
            err_set(e, ERR_USAGE, "“%.*s” may be %.200s", (int)len, word, buf_cstr(&names));
        buf_free(&names);
        if (n)
            return n == 1;
    }
    char *unknown = mem_strndup(word, len);
    like(unknown, e);
    free(unknown);
    return false;
}

static bool parse(const char *line, struct ex_line *l, struct err *e)
{
    *l = (struct ex_line){.action = ACT_NONE};
    line += strspn(line, " :");
    if (*line >= '0' && *line <= '9') {
        size_t digits = strspn(line, "0123456789");
        l->count = digits > 8 ? COUNT_MAX : atoi(line);
        line += digits;
        line += strspn(line, " ");
    }
    size_t len = strcspn(line, " ");
    l->rest = line + len + strspn(line + len, " ");
    return len == 0 || find(line, len, l, e);
}

bool ex_known(const char *line, struct err *e)
{
    struct ex_line l;
    return parse(line, &l, e);
}

bool ex_secret(const char *line)
{
    const char *scheme = strstr(line, "://");
    if (scheme) { // https://ada:secret@example.org
        size_t host = strcspn(scheme + 3, "/?# ");
        if (memchr(scheme + 3, '@', host))
            return true;
    }
    return strstr(line, "login") || strstr(line, "header");
}

// ---- options and bindings ----

// Where a line would keep what is typed: "~" where that is the home.
static const char *config_path(const struct ui *u, struct buf *b)
{
    const char *path = u->set.config ? u->set.config : "the configuration", *home = getenv("HOME");
    size_t len = home ? strlen(home) : 0;
    bool mine = len > 1 && strncmp(path, home, len) == 0 && path[len] == '/';
    buf_clear(b);
    buf_printf(b, "%s%s", mine ? "~" : "", path + (mine ? len : 0));
    return b->data;
}

static void show_option(struct ui *u, const char *name)
{
    struct buf value = {0};
    struct err e = ERR_INIT;
    if (conf_show(u->set.conf, name, &value))
        ui_hint(u, "%s is %s", name,
                value.len == 0               ? "not set"
                : strcmp(name, "proxy") == 0 ? "set" // it may have a password
                                             : value.data);
    else if (!conf_set(u->set.conf, name, "", &e)) // says what is near
        ui_hint(u, "%s", e.msg);
    buf_free(&value);
}

// "name value" as a line of the file has it; false with what is wrong with it.
static bool set_line(struct conf *c, const char *name, const char *value, struct err *e)
{
    struct buf line = {0};
    struct conf *alone = conf_new(); // problems of lines that are typed are not kept
    size_t n;
    buf_printf(&line, "%s %s", name, value);
    conf_parse(alone, line.data, line.len, "typed");
    const struct conf_problem *p = conf_problems(alone, &n);
    if (n)
        err_set(e, ERR_USAGE, "%s", p[0].message);
    else
        conf_parse(c, line.data, line.len, "typed");
    buf_free(&line);
    conf_free(alone);
    return n == 0;
}

static void set_option(struct ui *u, const char *name, const char *value)
{
    struct err e = ERR_INIT, again = ERR_INIT;
    struct buf before = {0}, now = {0};
    if (!conf_show(u->set.conf, name, &before)) {
        show_option(u, name);
    } else if (!conf_live(name)) {
        ui_message(
            u, true,
            "The fetcher learns it when Lectern begins: `:always %s %s` is for the next time", name,
            value);
    } else if (!set_line(u->set.conf, name, value, &e)) {
        ui_message(u, true, "%s", e.msg);
    } else if (u->set.changed && !u->set.changed(u->set.ctx, name, &e)) {
        set_line(u->set.conf, name, buf_cstr(&before), &again);
        ui_message(u, true, "%s", e.msg);
    } else {
        // What keys have changed gives way to what is said last.
        if (strcmp(name, "measure") == 0)
            u->measure = 0;
        else if (strcmp(name, "justify") == 0)
            u->justify = 0;
        else if (strcmp(name, "indent") == 0)
            u->indent = 0;
        ui_relayout(u);
        conf_show(u->set.conf, name, &now);
        ui_hint(u, "%s is %s for now; `:always %s` keeps it", name, now.len ? now.data : "not set",
                name);
    }
    buf_free(&before);
    buf_free(&now);
}

// What differs from the defaults.
static void show_changed(struct ui *u)
{
    struct buf said = {0}, now = {0};
    struct conf *defaults = conf_new();
    const char *name;
    for (size_t i = 0; (name = conf_name(i)); i++) {
        struct buf before = {0};
        buf_clear(&now);
        conf_show(u->set.conf, name, &now);
        conf_show(defaults, name, &before);
        if (strcmp(buf_cstr(&now), buf_cstr(&before)) != 0)
            buf_printf(&said, "%s%s %s", said.len ? ", " : "", name,
                       strcmp(name, "proxy") == 0 ? "..." : buf_cstr(&now)); // may have a password
        buf_free(&before);
    }
    ui_hint(u, "%s", said.len ? said.data : "Every option has its default");
    buf_free(&said);
    buf_free(&now);
    conf_free(defaults);
}

// "measure 72", "measure=72", "justify", "nojustify", "measure?", "measure&".
static void run_set(struct ui *u, const char *rest)
{
    size_t len = strcspn(rest, " =?&");
    char *name = mem_strndup(rest, len);
    const char *value = rest + len;
    value += strspn(value, " ");
    bool shown = *value == '?', reset = *value == '&';
    value += *value == '=';
    value += strspn(value, " ");
    struct buf b = {0};
    if (!*name) {
        show_changed(u);
    } else if (shown) {
        show_option(u, name);
    } else if (*value || reset) {
        set_option(u, name, reset ? "default" : value);
    } else if (conf_show(u->set.conf, name, &b)) {
        if (strcmp(buf_cstr(&b), "no") == 0)
            set_option(u, name, "yes"); // as vi sets what is yes or no
        else
            show_option(u, name);
    } else if (strncmp(name, "no", 2) == 0 && conf_show(u->set.conf, name + 2, &b) &&
               (strcmp(buf_cstr(&b), "yes") == 0 || strcmp(buf_cstr(&b), "no") == 0)) {
        set_option(u, name + 2, "no");
    } else {
        show_option(u, name);
    }
    buf_free(&b);
    free(name);
}

// "measure 72": set, and written into the file; "measure": written as it is now.
static void run_always(struct ui *u, const char *rest)
{
    size_t len = strcspn(rest, " =");
    char *name = mem_strndup(rest, len);
    const char *value = rest + len + strspn(rest + len, " =");
    struct buf now = {0}, path = {0};
    struct err e = ERR_INIT;
    struct conf *alone = conf_new();
    bool known = conf_show(u->set.conf, name, &now);
    if (known && *value && conf_live(name)) {
        set_option(u, name, value);
        buf_clear(&now);
        conf_show(u->set.conf, name, &now);
    }
    if (!known)
        show_option(u, name); // says what is near
    else if (!u->set.config)
        ui_message(u, true, "There is no file that this could be written into");
    else if (*value && !set_line(alone, name, value, &e))
        ui_message(u, true, "%s", e.msg);
    else if (*value && conf_live(name) && u->message.error)
        ; // what is wrong with it has been said
    else if (!conf_keep(u->set.config, name, *value ? value : buf_cstr(&now), &e))
        ui_message(u, true, "%s", e.msg);
    else
        ui_message(u, false, "Written into %s: %s %s", config_path(u, &path), name,
                   strcmp(name, "proxy") == 0 ? "..."
                   : *value                   ? value
                   : now.len                  ? now.data
                                              : "default");
    conf_free(alone);
    buf_free(&now);
    buf_free(&path);
    free(name);
}

static void change_keys(struct ui *u, const char *how, const char *rest)
{
    struct conf *c = conf_new();
    struct buf line = {0}, path = {0};
    size_t n, before;
    buf_printf(&line, "%s %s", how, rest);
    keymap_problems(u->set.keymap, &before);
    conf_parse(c, line.data, line.len, "typed");
    const struct conf_problem *p = conf_problems(c, &n);
    if (n) {
        ui_message(u, true, "%s", p[0].message);
    } else {
        keymap_more(u->set.keymap, c);
        p = keymap_problems(u->set.keymap, &n);
        if (n > before)
            ui_message(u, true, "%s", p[before].message);
        else
            ui_hint(u, "For now; `%s` in %s keeps it", line.data, config_path(u, &path));
    }
    buf_free(&line);
    buf_free(&path);
    conf_free(c);
}

// ---- running ----

static void run_add(struct ui *u, const char *rest)
{
    if (ui_may_fetch(u))
        subscribe_add(u, ui_top(u), rest);
}

static void run_highlights(struct ui *u, const char *rest)
{
    (void)rest;
    ui_push(u, highlights_new(u, 0));
}

static void run_note(struct ui *u, const char *rest)
{
    bookmark_note(u, strcmp(rest, "-") == 0 ? "" : rest);
}

static void run_tagall(struct ui *u, const char *rest)
{
    contents_tag_all(u, rest);
}

static void run_import(struct ui *u, const char *rest)
{
    if (ui_may_fetch(u))
        subscribe_import(u, ui_top(u), rest);
}

static void run_archive(struct ui *u, const char *rest)
{
    older_since(u, ui_hand(u).feed, rest);
}

static void run_bind(struct ui *u, const char *rest)
{
    change_keys(u, "bind", rest);
}

static void run_unbind(struct ui *u, const char *rest)
{
    change_keys(u, "unbind", rest);
}

static void run_export(struct ui *u, const char *rest)
{
    ex_export(u, rest);
}

static void run_feed(struct ui *u, const char *rest)
{
    ex_feed_named(u, rest, false);
}

static void run_fetch(struct ui *u, const char *rest)
{
    ex_feed_named(u, rest, true);
}

static void run_filter(struct ui *u, const char *rest)
{
    contents_filter(u, rest);
}

static void run_find(struct ui *u, const char *rest)
{
    find_words(u, rest);
}

static void run_sort(struct ui *u, const char *rest)
{
    contents_order(u, rest);
}

static void run_help(struct ui *u, const char *rest)
{
    ui_push(u, help_new(u, ui_view(u), rest));
}

static void run_interval(struct ui *u, const char *rest)
{
    feed_change(u, ui_hand(u).feed, FIELD_INTERVAL, strcmp(rest, "0") == 0 ? "" : rest);
}

static void run_move(struct ui *u, const char *rest)
{
    feed_change(u, ui_hand(u).feed, FIELD_ADDRESS, rest);
}

static void run_open(struct ui *u, const char *rest)
{
    ex_open(u, rest);
}

static void run_read(struct ui *u, const char *rest)
{
    (void)rest;
    ex_mark(u, true);
}

static void run_unread(struct ui *u, const char *rest)
{
    (void)rest;
    ex_mark(u, false);
}

static void run_rename(struct ui *u, const char *rest)
{
    feed_change(u, ui_hand(u).feed, FIELD_NAME, rest);
}

static void run_search(struct ui *u, const char *rest)
{
    if (!ui_top(u)->ops->find)
        ui_hint(u, "There is nothing to search here");
    else
        ui_find(u, ui_top(u), rest);
}

static void run_tag(struct ui *u, const char *rest)
{
    ex_tag(u, rest);
}

static void run_theme(struct ui *u, const char *rest)
{
    if (*rest)
        set_option(u, "theme", rest);
    else
        show_option(u, "theme");
}

#define X(name, args, complete, what) run_##name,
static void (*const runs[])(struct ui *, const char *) = {EX_COMMANDS(X)};
#undef X

static void run(struct ui *u, const struct ex_command *c, const char *rest)
{
    enum action a = ACT_NONE;
    if (*rest && !*c->args)
        ui_hint(u, "`:%s` takes nothing after it", c->name);
    else if (!*rest && action_find(c->name, &a)) // what its key does
        ui_act(u, a, 0);
    else if (!*rest && *c->args && *c->args != '[')
        ui_hint(u, "It goes `:%s %s`: %s", c->name, c->args, c->what);
    else
        runs[c - ex_table](u, rest);
}

void ui_command(struct ui *u, const char *line)
{
    struct ex_line l;
    struct err e = ERR_INIT;
    status_clear(u);
    char *text = utf8_clean_dup(line, strlen(line), UTF8_LINE);
    if (!parse(text, &l, &e))
        ui_hint(u, "%s", e.msg);
    else if (l.command)
        run(u, l.command, l.rest);
    else if (l.action == ACT_NONE && l.count)
        ui_act(u, ACT_BOTTOM, l.count);
    else if (l.action != ACT_NONE && *l.rest)
        ui_hint(u, "`:%s` takes nothing after it", action_table[l.action].name);
    else if (l.action != ACT_NONE && l.action != ACT_COMMAND)
        ui_act(u, l.action, l.count);
    free(text);
}

static void typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    ui_command(u, text);
}

void ex_ask(struct ui *u)
{
    prompt_open(
        u,
        &(struct prompt_kind){.label = ":", .done = typed, .complete = ex_complete, .history = ':'},
        "");
}
