// Reading theme files: what a line may say, and what is wrong with one that does not.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"
#include "parts.h"

static const struct paint unset = {THEME_UNSET, THEME_UNSET, THEME_UNSET};

static bool read_colour(const char *s, size_t len, int32_t *out)
{
    static const char *const names[8] = {"black", "red",     "green", "yellow",
                                         "blue",  "magenta", "cyan",  "white"};
    if (len == 7 && strncasecmp(s, "default", 7) == 0) {
        *out = LOOK_DEFAULT;
        return true;
    }
    int bright = len > 7 && strncasecmp(s, "bright-", 7) == 0 ? 8 : 0;
    for (int i = 0; i < 8; i++)
        if (len - (bright ? 7 : 0) == strlen(names[i]) &&
            strncasecmp(s + (bright ? 7 : 0), names[i], strlen(names[i])) == 0) {
            *out = i + bright;
            return true;
        }
    if (s[0] == '#' && (len == 7 || len == 4)) {
        uint32_t rgb = 0;
        for (size_t i = 1; i < len; i++) {
            if (!isxdigit((unsigned char)s[i]))
                return false;
            uint32_t digit =
                (uint32_t)(isdigit((unsigned char)s[i]) ? s[i] - '0' : (s[i] | 32) - 'a' + 10);
            rgb = len == 4 ? rgb << 8 | digit << 4 | digit : rgb << 4 | digit;
        }
        *out = (int32_t)(LOOK_RGB | rgb);
        return true;
    }
    int n = 0;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)s[i]) || len > 3)
            return false;
        n = n * 10 + s[i] - '0';
    }
    *out = n;
    return len && n < 256;
}

// COLOUR[/STAND-IN[/STAND-IN]]: a stand-in over 15 is for 256 colours, another for 8 and 16.
static bool read_paint(const char *s, struct paint *out)
{
    size_t len = strcspn(s, "/");
    struct paint p = {.many = THEME_UNSET, .few = THEME_UNSET};
    if (!len || !read_colour(s, len, &p.best))
        return false;
    while (s[len]) {
        int32_t c;
        s += len + 1;
        len = strcspn(s, "/");
        if (!len || !read_colour(s, len, &c) || c >= LOOK_RGB)
            return false;
        int32_t *into = c > 15 ? &p.many : &p.few;
        if (*into != THEME_UNSET)
            return false;
        *into = c;
    }
    if (p.few == THEME_UNSET && p.best < 16)
        p.few = p.best;
    *out = p;
    return true;
}

static void problem(struct theme *t, const char *file, int line, const char *message)
{
    t->problems = mem_grow(t->problems, &t->cap, t->nproblems + 1, sizeof *t->problems);
    t->problems[t->nproblems++] =
        (struct conf_problem){arena_strdup(t->arena, file), line, message};
}

static struct theme_line *line_of(struct theme *t, const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcasecmp(role_table[i].name, name) == 0)
            return &t->roles[i];
    for (int i = 0; i < MARK_COUNT; i++)
        if (strcasecmp(mark_table[i].name, name) == 0)
            return &t->marks[i];
    return NULL;
}

static bool read_attr(const char *w, uint8_t *attrs)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } known[] = {{"bold", LOOK_BOLD},           {"dim", LOOK_DIM},         {"italic", LOOK_ITALIC},
                 {"underline", LOOK_UNDERLINE}, {"reverse", LOOK_REVERSE}, {"plain", 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].name, w) == 0) {
            *attrs |= known[i].bit;
            return true;
        }
    return false;
}

static void read_line(struct theme *t, char *s, const char *file, int number)
{
    char *state = NULL, *word = strtok_r(s, " \t\r", &state);
    if (!word || *word == '#')
        return;
    struct theme_line *into = line_of(t, word);
    if (!into) {
        problem(t, file, number, arena_printf(t->arena, "there is no role or mark '%.40s'", word));
        return;
    }
    struct theme_line made = {unset, unset, 0};
    bool background = false;
    while ((word = strtok_r(NULL, " \t\r", &state))) {
        if (word[0] == '#' && !isxdigit((unsigned char)word[1]))
            break; // a comment
        if (strcasecmp(word, "on") == 0 && !background) {
            background = true;
            continue;
        }
        struct paint *p = background ? &made.bg : &made.fg;
        if (p->best == THEME_UNSET && read_paint(word, p))
            continue;
        if (read_attr(word, &made.attrs))
            continue;
        problem(t, file, number,
                arena_printf(t->arena,
                             "'%.40s' is no colour or attribute: write blue, 31, #8a6d3b/yellow, "
                             "bold, dim, italic, underline, reverse",
                             word));
        return;
    }
    *into = made;
    if (!t->lacks && ((made.fg.best > 15 && made.fg.few == THEME_UNSET) ||
                      (made.bg.best > 15 && made.bg.few == THEME_UNSET)))
        t->lacks = number;
}

static bool coloured(const struct theme_line *l)
{
    return l->fg.best >= 0 || l->bg.best >= 0;
}

static bool uses_colours(const struct theme *t)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (coloured(&t->roles[i]))
            return true;
    for (int i = 0; i < MARK_COUNT; i++)
        if (coloured(&t->marks[i]))
            return true;
    return false;
}

static const char *first_comment(struct theme *t, const char *text, size_t len)
{
    const char *nl = memchr(text, '\n', len);
    size_t n = nl ? (size_t)(nl - text) : len, skip = 0;
    while (skip < n && (text[skip] == '#' || text[skip] == ' '))
        skip++;
    if (n == 0 || text[0] != '#')
        return "";
    char *clean = utf8_clean_dup(text + skip, n - skip, UTF8_LINE);
    const char *about = arena_strdup(t->arena, clean);
    free(clean);
    return about;
}

struct theme *theme_parse(const char *text, size_t len, const char *file)
{
    struct theme *t = mem_alloc(sizeof *t);
    t->arena = arena_new();
    for (int i = 0; i < ROLE_COUNT; i++)
        t->roles[i] = (struct theme_line){unset, unset, 0};
    for (int i = 0; i < MARK_COUNT; i++)
        t->marks[i] = (struct theme_line){unset, unset, 0};
    int number = 1;
    for (size_t at = 0; at < len; number++) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t n = nl ? (size_t)(nl - text) - at : len - at;
        char *copy = mem_strndup(text + at, n);
        read_line(t, copy, file, number);
        free(copy);
        at += n + 1;
    }
    struct theme_line *base = &t->roles[ROLE_TEXT];
    if (base->fg.best == THEME_UNSET)
        base->fg = (struct paint){LOOK_DEFAULT, LOOK_DEFAULT, LOOK_DEFAULT};
    if (base->bg.best == THEME_UNSET)
        base->bg = (struct paint){LOOK_DEFAULT, LOOK_DEFAULT, LOOK_DEFAULT};
    t->about = first_comment(t, text, len);
    if (uses_colours(t))
        t->mono = theme_builtin("mono");
    return t;
}

void theme_free(struct theme *t)
{
    if (!t)
        return;
    theme_free(t->mono);
    free(t->problems);
    arena_free(t->arena);
    free(t);
}

const struct conf_problem *theme_problems(const struct theme *t, size_t *n)
{
    *n = t->nproblems;
    return t->problems;
}

const char *theme_about(const struct theme *t)
{
    return t->about;
}

int theme_lacks(const struct theme *t)
{
    return t->lacks;
}
