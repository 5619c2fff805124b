// `lectern themes`: which there are and who they are for; and one of them shown, with the contrast
// of everything in it.
#include <jansson.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "styled.h"
#include "table.h"
#include "lectern/theme.h"
#include "lectern/utf8.h"

enum { PAGE_WIDTH = 66, MARGIN = 2 };

// ---- the list ----

static bool in_use(const struct session *s, const struct theme_entry *t)
{
    const char *name = conf_str(s->conf, CONF_THEME);
    return strcmp(name, t->name) == 0 || (t->path && strcmp(name, t->path) == 0);
}

static void put_text(json_t *o, const char *name, const char *text)
{
    json_object_set_new(o, name, text ? json_string(text) : json_null());
}

static void list_json(const struct session *s, const struct theme_entry *all, size_t n)
{
    putchar('[');
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        put_text(o, "name", all[i].name);
        put_text(o, "about", all[i].about);
        put_text(o, "file", all[i].path);
        json_object_set_new(o, "own", json_boolean(all[i].own));
        json_object_set_new(o, "current", json_boolean(in_use(s, &all[i])));
        fputs(i ? ",\n  " : "\n  ", stdout);
        json_dumpf(o, stdout, 0);
        json_decref(o);
    }
    fputs(n ? "\n]\n" : "]\n", stdout);
}

static void list_table(const struct session *s, const struct theme_entry *all, size_t n)
{
    static const struct column columns[] = {
        {"", .right = false}, {"theme", .right = false}, {"about", .flexible = true}, {0}};
    static const struct column whole[] = {{"", .right = false},
                                          {"theme", .right = false},
                                          {"about", .flexible = true},
                                          {"file", .flexible = true},
                                          {0}};
    struct table *t = table_new(isatty(STDOUT_FILENO) ? columns : whole);
    for (size_t i = 0; i < n; i++) {
        const char *cells[TABLE_COLUMNS] = {in_use(s, &all[i]) ? "*" : "", all[i].name,
                                            all[i].about, all[i].path};
        table_row(t, cells);
    }
    table_end(t);
}

static int list(const struct session *s, bool json)
{
    struct arena *a = arena_new();
    struct theme_entry *all;
    size_t n = theme_list(a, &all);
    if (json)
        list_json(s, all, n);
    else
        list_table(s, all, n);
    arena_free(a);
    return EXIT_DONE;
}

// ---- one of them ----

struct page {
    struct styled styled;
    struct buf out;
    bool color, ascii;
};

static void put(struct page *p, const char *text, struct style st)
{
    struct buf plain = {0};
    if (p->ascii) {
        utf8_to_ascii(&plain, text, strlen(text));
        text = buf_cstr(&plain);
    }
    if (p->color)
        styled_put(&p->styled, &p->out, text, strlen(text), st);
    else
        buf_str(&p->out, text);
    buf_free(&plain);
}

static void end_line(struct page *p)
{
    if (p->color) {
        styled_end(&p->styled, &p->out);
        return;
    }
    while (p->out.len && p->out.data[p->out.len - 1] == ' ')
        p->out.data[--p->out.len] = '\0';
    buf_char(&p->out, '\n');
}

static void put_line(struct page *p, const char *text, struct style st)
{
    if (*text) {
        put(p, "  ", STYLE(TEXT));
        put(p, text, st);
    }
    end_line(p);
}

static void put_sample(struct page *p)
{
    bool begun = false;
    for (const struct theme_piece *x = theme_sample; x->text; x++) {
        if (strcmp(x->text, "\n") == 0) {
            end_line(p);
            begun = false;
            continue;
        }
        if (!begun)
            put(p, "  ", STYLE(TEXT));
        begun = true;
        put(p, x->text, x->style);
    }
}

static void put_colour(struct buf *b, int32_t c)
{
    if (c == LOOK_DEFAULT)
        buf_str(b, "default");
    else if (c >= LOOK_RGB)
        buf_printf(b, "#%06x", (unsigned)c & 0xffffff);
    else
        buf_printf(b, "%d", c);
}

static void put_look(struct buf *b, struct look l)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{LOOK_BOLD, "bold"},
                 {LOOK_DIM, "dim"},
                 {LOOK_ITALIC, "italic"},
                 {LOOK_UNDERLINE, "underline"},
                 {LOOK_REVERSE, "reverse"}};
    put_colour(b, l.fg);
    buf_str(b, " on ");
    put_colour(b, l.bg);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (l.attrs & names[i].bit)
            buf_printf(b, " %s", names[i].name);
}

static void put_contrast(struct page *p, const char *name, struct style st, struct look_means m)
{
    struct look l = theme_look(p->styled.theme, st, m);
    double c = look_contrast_least(l);
    struct buf b = {0};
    put(p, "  ", STYLE(TEXT));
    put(p, name, st);
    buf_printf(&b, "%*s%5.1f  ", 14 - (int)strlen(name), "", c);
    put(p, buf_cstr(&b), STYLE(TEXT));
    buf_clear(&b);
    put_look(&b, l);
    put(p, buf_cstr(&b), STYLE(LIST_DIM));
    if (c < 4.5)
        put(p, "  hard to read", STYLE(ERROR));
    end_line(p);
    buf_free(&b);
}

static void put_contrasts(struct page *p, struct look_means m)
{
    char head[96];
    if (m.colours > 256)
        snprintf(head, sizeof head, "contrast in true colour");
    else if (m.colours < 8)
        snprintf(head, sizeof head, "contrast without colours");
    else
        snprintf(head, sizeof head, "contrast with %d colours", m.colours);
    put_line(p, "", STYLE(TEXT));
    put_line(p, head, STYLE(HEADING1));
    put_line(p, "Default is black on white or white on black, whichever is weaker.",
             STYLE(LIST_DIM));
    for (int i = 0; i < ROLE_COUNT; i++)
        put_contrast(p, role_table[i].name, (struct style){(uint8_t)i, 0}, m);
    put_line(p, "Marks, over text:", STYLE(LIST_DIM));
    for (int i = 0; i < MARK_COUNT; i++)
        put_contrast(p, mark_table[i].name, (struct style){ROLE_TEXT, (uint16_t)(1u << i)}, m);
}

// A word that is a file rather than a name is told by its look, or by being there.
static char *meant(const char *word)
{
    size_t n = strlen(word);
    bool file = !strchr(word, '/') &&
                ((n > 6 && strcmp(word + n - 6, ".theme") == 0) || access(word, F_OK) == 0);
    return mem_printf("%s%s", file ? "./" : "", word);
}

static void tell_problems(const struct theme *t)
{
    size_t n;
    const struct conf_problem *p = theme_problems(t, &n);
    for (size_t i = 0; i < n; i++) {
        char *clean = utf8_clean_dup(p[i].message, strlen(p[i].message), UTF8_LINE);
        fprintf(stderr, "lectern themes: %s:%d: %s\n", p[i].file, p[i].line, clean);
        free(clean);
    }
}

static int show(const char *word, bool color)
{
    struct err e = ERR_INIT;
    char *name = meant(word);
    struct theme *t = theme_load(name, &e);
    free(name);
    if (e.kind != ERR_NONE) {
        theme_free(t);
        return args_fail(&cmd_themes, &e);
    }
    size_t wrong;
    theme_problems(t, &wrong);
    tell_problems(t);
    struct look_means here = styled_means(color), whole = {1 << 24, true, true};
    struct page p = {.styled = {t, here, PAGE_WIDTH + 2 * MARGIN, 0},
                     .color = styled_wanted(color),
                     .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0};
    put_line(&p, "", STYLE(TEXT));
    put_line(&p, word, STYLE(VIEW_TITLE));
    put_line(&p, theme_about(t), STYLE(LIST_DIM));
    if (theme_lacks(t)) {
        char note[120];
        snprintf(note, sizeof note, "With 8 or 16 colours as mono: line %d names no stand-in.",
                 theme_lacks(t));
        put_line(&p, note, STYLE(LIST_DIM));
    }
    put_line(&p, "", STYLE(TEXT));
    put_sample(&p);
    put_contrasts(&p, p.color ? here : whole);
    put_line(&p, "", STYLE(TEXT));
    fwrite(buf_cstr(&p.out), 1, p.out.len, stdout);
    buf_free(&p.out);
    theme_free(t);
    return wrong ? EXIT_FAILED : EXIT_DONE;
}

static int run(const struct session *s, int argc, char **argv)
{
    bool json = false, shown = false, color = false;
    struct arg_list words = {0};
    const struct arg_option options[] = {{"json", 'j', .flag = &json},
                                         {"show", 's', .flag = &shown},
                                         {"color", .flag = &color},
                                         {0}};
    if (!args_parse(&cmd_themes, argc, argv, options, &words, 0, 1))
        return EXIT_USAGE;
    int code;
    if (json && (shown || words.n))
        code = args_usage(&cmd_themes, "--json is for the list");
    else if (shown || words.n)
        code = show(words.n ? words.items[0] : conf_str(s->conf, CONF_THEME), color);
    else
        code = list(s, json);
    args_free(&words);
    return code;
}

const struct command cmd_themes = {
    .name = "themes",
    .usage = "themes [--show [NAME|FILE]] [--color] [--json]",
    .summary = "list the themes, or look at one",
    .help =
        "  --show [NAME|FILE]  a page with everything in it, set in that theme (without a name: "
        "the "
        "one in use),\n"
        "                      and the contrast of every role: 4.5 is enough to read, 7 is strong\n"
        "  --color             styles even where the output is no terminal\n"
        "  --json              the list as an array of objects: name, about, file, own, current\n"
        "\n"
        "* stands before the theme in use: the option `theme` names it. Your own are files "
        "NAME.theme in\n"
        "~/.config/lectern/themes; lectern-theme(5) tells how one is made. Exit code 1 when "
        "there is no such theme,\n"
        "or something is wrong in it.",
    .run = run,
};
