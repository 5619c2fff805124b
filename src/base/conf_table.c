// What is written from the option tables: the commented example, the list for people, the values in
// force.
#include "conf_table.h"

#include "conf_site.h"

#include <stdio.h>
#include <string.h>

#include "lectern/conf.h"

#define CONF_INT(id, name, number, min, max, meaning) \
    {name, OPTION_INT, CONF_##id, number, min, max, NULL, NULL, meaning},
#define CONF_BOOL(id, name, number, meaning) \
    {name, OPTION_BOOL, CONF_##id, number, 0, 1, NULL, NULL, meaning},
#define CONF_STRING(id, name, kind, text, choices, meaning) \
    {name, OPTION_##kind, CONF_##id, 0, 0, 0, text, choices, meaning},
const struct option option_table[] = {CONF_INTS(CONF_INT) CONF_BOOLS(CONF_BOOL)
                                          CONF_STRINGS(CONF_STRING)};
const size_t option_count = sizeof option_table / sizeof *option_table;

const char *conf_name(size_t i)
{
    return i < option_count ? option_table[i].name : NULL;
}

bool conf_live(const char *name)
{
    static const char *const fetcher[] = {"interval", "user-agent", "proxy", "cookies", "ca-file"};
    for (size_t i = 0; i < sizeof fetcher / sizeof *fetcher; i++)
        if (strcmp(name, fetcher[i]) == 0)
            return false;
    return strncmp(name, "fetch-", 6) != 0;
}

static void add_quoted(struct buf *out, const char *s)
{
    buf_char(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(out, '\\');
        buf_char(out, *s);
    }
    buf_char(out, '"');
}

// A value as a line of a file has to write it to be read back.
static void add_text(struct buf *out, const struct option *o, const char *s)
{
    bool plain = *s && *s != '=' && strcmp(s, "default") != 0;
    if ((o->kind == OPTION_TEXT || o->kind == OPTION_FILE) && (!plain || strpbrk(s, " \t#'\"\\")))
        add_quoted(out, s);
    else if (o->kind == OPTION_WORDS && *s == '=')
        buf_printf(out, "= %s", s);
    else if (o->kind == OPTION_WORDS && !plain && *s)
        add_quoted(out, s);
    else
        buf_str(out, s);
}

// A word of a bind line.
static void add_word(struct buf *out, const char *s)
{
    if (*s == '=' || strpbrk(s, " \t'\"\\"))
        add_quoted(out, s);
    else
        buf_str(out, s);
}

static void add_default(struct buf *out, const struct option *o)
{
    if (o->kind == OPTION_INT)
        buf_printf(out, "%d", o->number);
    else if (o->kind == OPTION_BOOL)
        buf_str(out, o->number ? "yes" : "no");
    else
        buf_str(out, o->text);
}

static void add_value(struct buf *out, const struct conf *c, const struct option *o)
{
    if (o->kind == OPTION_INT)
        buf_printf(out, "%d", conf_int(c, (enum conf_int)o->index));
    else if (o->kind == OPTION_BOOL)
        buf_str(out, conf_bool(c, (enum conf_bool)o->index) ? "yes" : "no");
    else if (strcmp(conf_str(c, (enum conf_string)o->index), o->text) != 0)
        add_text(out, o, conf_str(c, (enum conf_string)o->index));
    else
        buf_str(out, o->text);
}

// "number, 20 to 200", "yes or no", "auto, unicode or ascii"
static void add_type(struct buf *out, const struct option *o)
{
    switch (o->kind) {
    case OPTION_INT:
        buf_printf(out, "%d to %d", o->min, o->max);
        break;
    case OPTION_BOOL:
        buf_str(out, "yes or no");
        break;
    case OPTION_TEXT:
        buf_str(out, "text");
        break;
    case OPTION_WORDS:
        buf_str(out, "command");
        break;
    case OPTION_FILE:
        buf_str(out, "file");
        break;
    case OPTION_CHOICE:
        for (const char *p = o->choices; *p;) {
            size_t n = strcspn(p, " ");
            buf_add(out, p, n);
            p += n;
            if (*p)
                p++, buf_str(out, strchr(p, ' ') ? ", " : " or ");
        }
        break;
    }
}

bool conf_choice(const char *name, size_t i, struct buf *out)
{
    for (size_t k = 0; k < option_count; k++) {
        const struct option *o = &option_table[k];
        if (strcmp(o->name, name) != 0)
            continue;
        const char *p = o->kind == OPTION_BOOL ? "yes no" : o->choices;
        for (; p && *p && i; i--) {
            p += strcspn(p, " ");
            p += *p == ' ';
        }
        if (p && *p)
            buf_add(out, p, strcspn(p, " "));
        return p && *p;
    }
    return false;
}

bool conf_show(const struct conf *c, const char *name, struct buf *out)
{
    for (size_t i = 0; i < option_count; i++)
        if (strcmp(option_table[i].name, name) == 0) {
            add_value(out, c, &option_table[i]);
            return true;
        }
    return false;
}

void conf_example(struct buf *out)
{
    buf_str(out, "# Configuration of Lectern: ~/.config/lectern/config\n"
                 "# Each line below shows a default. Take its # away and change the value to have "
                 "it your way;\n"
                 "# what is not said here stays as it is. A # after a blank begins a comment.\n"
                 "#\n"
                 "# include FILE            reads another file here (relative to this one)\n"
                 "# bind VIEW KEYS ACTION   gives keys a meaning: bind essay space page-down\n"
                 "# unbind VIEW KEYS        takes it away; the key ? in the reader lists views, "
                 "keys and actions\n"
                 "# feed ADDRESS NAME VALUE sets something for one feed, or for all below an "
                 "address:\n");
    for (int i = 0; i < CONF_SITE_COUNT; i++) {
        struct buf name = {0};
        buf_printf(&name, "%s %s", site_table[i].name, site_table[i].value);
        buf_printf(out, "#   %-24s %s\n", name.data, site_table[i].meaning);
        buf_free(&name);
    }
    buf_str(out, "# as in\n"
                 "#   feed https://example.org/letters login ada:secret\n"
                 "#   feed example.org header \"X-Reader: Ada\"\n"
                 "#   feed * interval 120\n");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &option_table[i];
        buf_printf(out, "\n# %s (", o->meaning);
        add_type(out, o);
        buf_printf(out, ").\n#%s", o->name);
        size_t before = out->len;
        buf_char(out, ' ');
        add_default(out, o);
        if (out->len == before + 1)
            out->data[--out->len] = '\0';
        buf_char(out, '\n');
    }
}

void conf_options(struct buf *out)
{
    size_t name = 0, type = 0, value = 0;
    struct buf b = {0};
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &option_table[i];
        buf_clear(&b);
        add_type(&b, o);
        type = b.len > type ? b.len : type;
        buf_clear(&b);
        add_default(&b, o);
        value = b.len > value ? b.len : value;
        name = strlen(o->name) > name ? strlen(o->name) : name;
    }
    buf_printf(out, "%-*s  %-*s  %-*s  %s\n", (int)name, "option", (int)type, "value", (int)value,
               "default", "meaning");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &option_table[i];
        buf_printf(out, "%-*s  ", (int)name, o->name);
        buf_clear(&b);
        add_type(&b, o);
        buf_printf(out, "%-*s  ", (int)type, buf_cstr(&b));
        buf_clear(&b);
        add_default(&b, o);
        buf_printf(out, "%-*s  %s\n", (int)value, b.len ? b.data : "-", o->meaning);
    }
    buf_free(&b);
    name = value = 0;
    for (int i = 0; i < CONF_SITE_COUNT; i++) {
        size_t n = strlen(site_table[i].name), v = strlen(site_table[i].value);
        name = n > name ? n : name;
        value = v > value ? v : value;
    }
    buf_str(out, "\nfor some addresses only: feed ADDRESS NAME VALUE\n");
    for (int i = 0; i < CONF_SITE_COUNT; i++)
        buf_printf(out, "%-*s  %-*s  %s\n", (int)name, site_table[i].name, (int)value,
                   site_table[i].value, site_table[i].meaning);
}

static void write_out(const struct conf *c, bool secrets, struct buf *out)
{
    struct buf now = {0}, before = {0};
    for (size_t i = 0; i < option_count; i++) {
        buf_clear(&now);
        buf_clear(&before);
        add_value(&now, c, &option_table[i]);
        add_default(&before, &option_table[i]);
        if (strcmp(buf_cstr(&now), buf_cstr(&before)) == 0)
            continue;
        buf_printf(out, "%s ", option_table[i].name);
        if (!secrets && strcmp(option_table[i].name, "proxy") == 0)
            site_proxy_shown(buf_cstr(&now), out);
        else
            buf_str(out, buf_cstr(&now));
        buf_char(out, '\n');
    }
    buf_free(&now);
    buf_free(&before);
    site_write(conf_sites(c), secrets, out);
    size_t n;
    const struct conf_bind *b = conf_binds(c, &n);
    for (size_t i = 0; i < n; i++) {
        buf_str(out, "bind ");
        add_word(out, b[i].view);
        buf_char(out, ' ');
        add_word(out, b[i].keys);
        buf_printf(out, " %s\n", b[i].action);
    }
}

void conf_write(const struct conf *c, struct buf *out)
{
    write_out(c, true, out);
}

void conf_print(const struct conf *c, struct buf *out)
{
    write_out(c, false, out);
}
