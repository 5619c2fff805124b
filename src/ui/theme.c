// Reading theme files, and bringing colours down to what a terminal has: true colour to the nearest
// of 256, and where there are only 8 or 16, to the theme's own stand-in or the terminal's default.
#include "theme.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"

enum { UNSET = -2, FILE_MAX = 1 << 20 };

struct paint {    // one colour as written
    int32_t best; // UNSET, LOOK_DEFAULT, palette number, LOOK_RGB | rgb
    int32_t few;  // for 8 and 16 colours
};
struct line {
    struct paint fg, bg;
    uint8_t attrs;
};
struct theme {
    struct line roles[ROLE_COUNT], marks[MARK_COUNT];
    struct conf_problem *problems;
    size_t nproblems, cap;
    struct arena *arena;
};

// ---- colours ----

uint32_t theme_rgb(int colour)
{
    static const uint32_t first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const uint32_t steps[6] = {0, 95, 135, 175, 215, 255};
    if (colour < 0)
        return 0;
    if (colour & LOOK_RGB)
        return (uint32_t)colour & 0xFFFFFF;
    if (colour < 16)
        return first[colour];
    if (colour < 232) {
        int i = colour - 16;
        return steps[i / 36] << 16 | steps[i / 6 % 6] << 8 | steps[i % 6];
    }
    uint32_t grey = 8 + 10 * (uint32_t)(colour - 232);
    return colour > 255 ? 0 : grey << 16 | grey << 8 | grey;
}

// Of the colours 16 to 255, which every terminal of 256 colours shows alike.
static int nearest(uint32_t rgb)
{
    int best = 16;
    long least = -1;
    for (int i = 16; i < 256; i++) {
        uint32_t c = theme_rgb(i);
        long r = (long)(c >> 16) - (long)(rgb >> 16);
        long g = (long)(c >> 8 & 255) - (long)(rgb >> 8 & 255);
        long b = (long)(c & 255) - (long)(rgb & 255);
        long d = 3 * r * r + 6 * g * g + b * b;
        if (least < 0 || d < least) {
            least = d;
            best = i;
        }
    }
    return best;
}

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

static bool read_paint(const char *s, struct paint *out)
{
    const char *slash = strchr(s, '/');
    size_t len = slash ? (size_t)(slash - s) : strlen(s);
    struct paint p;
    if (!len || !read_colour(s, len, &p.best))
        return false;
    p.few = p.best > 15 ? LOOK_DEFAULT : p.best;
    if (slash && (!read_colour(slash + 1, strlen(slash + 1), &p.few) || p.few > 15))
        return false;
    *out = p;
    return true;
}

// ---- files ----

static void problem(struct theme *t, const char *file, int line, const char *message)
{
    t->problems = mem_grow(t->problems, &t->cap, t->nproblems + 1, sizeof *t->problems);
    t->problems[t->nproblems++] =
        (struct conf_problem){arena_strdup(t->arena, file), line, message};
}

static struct line *line_of(struct theme *t, const char *name)
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
    struct line *into = line_of(t, word);
    if (!into) {
        problem(t, file, number, arena_printf(t->arena, "there is no role or mark '%.40s'", word));
        return;
    }
    struct line made = {{UNSET, UNSET}, {UNSET, UNSET}, 0};
    bool background = false;
    while ((word = strtok_r(NULL, " \t\r", &state))) {
        if (word[0] == '#' && !isxdigit((unsigned char)word[1]))
            break; // a comment
        if (strcasecmp(word, "on") == 0 && !background) {
            background = true;
            continue;
        }
        struct paint *p = background ? &made.bg : &made.fg;
        if (p->best == UNSET && read_paint(word, p))
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
}

struct theme *theme_parse(const char *text, size_t len, const char *file)
{
    struct theme *t = mem_alloc(sizeof *t);
    t->arena = arena_new();
    for (int i = 0; i < ROLE_COUNT; i++)
        t->roles[i] = (struct line){{UNSET, UNSET}, {UNSET, UNSET}, 0};
    for (int i = 0; i < MARK_COUNT; i++)
        t->marks[i] = (struct line){{UNSET, UNSET}, {UNSET, UNSET}, 0};
    int number = 1;
    for (size_t at = 0; at < len; number++) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t n = nl ? (size_t)(nl - text) - at : len - at;
        char *copy = mem_strndup(text + at, n);
        read_line(t, copy, file, number);
        free(copy);
        at += n + 1;
    }
    struct line *base = &t->roles[ROLE_TEXT];
    if (base->fg.best == UNSET)
        base->fg = (struct paint){LOOK_DEFAULT, LOOK_DEFAULT};
    if (base->bg.best == UNSET)
        base->bg = (struct paint){LOOK_DEFAULT, LOOK_DEFAULT};
    return t;
}

void theme_free(struct theme *t)
{
    if (!t)
        return;
    free(t->problems);
    arena_free(t->arena);
    free(t);
}

const struct conf_problem *theme_problems(const struct theme *t, size_t *n)
{
    *n = t->nproblems;
    return t->problems;
}

static struct theme *load_file(const char *path, struct err *e)
{
    struct buf b = {0};
    struct theme *t = NULL;
    if (buf_read_file(&b, path, FILE_MAX, e))
        t = theme_parse(buf_cstr(&b), b.len, path);
    buf_free(&b);
    return t;
}

// For a program run from the tree it was built in: build/VARIANT/lectern -> themes/.
static char *beside_build(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = '\0';
    for (int up = 0; up < 3; up++) {
        char *slash = strrchr(path, '/');
        if (!slash || (up == 2 && strcmp(slash, "/build") != 0))
            return NULL;
        *slash = '\0';
    }
    return path_join(path, "themes");
}

struct theme *theme_load(const char *name, struct err *e)
{
    struct err why = ERR_INIT;
    struct theme *t = NULL;
    if (strchr(name, '/')) {
        t = load_file(name, &why);
    } else if (*name) {
        char *config = path_config_dir(), *own = path_join(config, "themes");
        char *tree = beside_build();
        const char *const dirs[] = {own, tree, LECTERN_PREFIX "/share/lectern/themes"};
        char *file = mem_printf("%s.theme", name);
        for (size_t i = 0; i < sizeof dirs / sizeof *dirs && !t && why.kind != ERR_OTHER; i++) {
            const char *text = i == 1 ? theme_builtin(name) : NULL;
            char *path = dirs[i] ? path_join(dirs[i], file) : NULL;
            if (text) // the files say the same
                t = theme_parse(text, strlen(text), name);
            else if (path)
                t = load_file(path, &why);
            free(path);
        }
        if (!t && why.kind != ERR_OTHER)
            err_set(&why, ERR_MISSING,
                    "there is no theme '%s' in %s or " LECTERN_PREFIX "/share/lectern/themes", name,
                    own);
        free(file);
        free(tree);
        free(own);
        free(config);
    } else {
        err_set(&why, ERR_MISSING, "the theme has no name");
    }
    if (t)
        return t;
    if (e)
        *e = why;
    const char *text = theme_builtin("default");
    return theme_parse(text, strlen(text), "default");
}

// ---- looks ----

static int32_t bring_down(struct paint p, int colours)
{
    if (colours < 8)
        return LOOK_DEFAULT;
    if (colours > 256)
        return p.best;
    if (colours == 256)
        return p.best >= LOOK_RGB ? nearest((uint32_t)p.best & 0xFFFFFF) : p.best;
    return p.few >= colours ? p.few - 8 : p.few;
}

struct look theme_look(const struct theme *t, struct style st, struct look_means m)
{
    const struct line *base = &t->roles[ROLE_TEXT];
    const struct line *line = &t->roles[st.role < ROLE_COUNT ? st.role : ROLE_TEXT];
    struct paint fg = line->fg.best == UNSET ? base->fg : line->fg;
    struct paint bg = line->bg.best == UNSET ? base->bg : line->bg;
    unsigned attrs = line->attrs;
    // Without a background to fill, the current line is its title: dates and counts beside it stay
    // quiet, and a cursor that moves costs half as many bytes.
    bool aside = t->marks[MARK_BIT_CURRENT].bg.best == UNSET &&
                 (st.role == ROLE_LIST_DIM || st.role == ROLE_LIST_MARK);
    for (int i = 0; i < MARK_COUNT; i++) {
        const struct line *over = &t->marks[i];
        if (!(st.marks & 1u << i) || (i == MARK_BIT_CURRENT && aside))
            continue;
        if (over->fg.best != UNSET)
            fg = over->fg;
        if (over->bg.best != UNSET)
            bg = over->bg;
        attrs |= over->attrs;
    }
    if (st.marks & (MARK_MATCH | MARK_HINT) ||
        (st.marks & MARK_CURRENT && !aside)) // what stands out is never faint
        attrs &= ~(unsigned)LOOK_DIM;
    if (!m.italic && attrs & LOOK_ITALIC) {
        attrs &= ~(unsigned)LOOK_ITALIC;
        if (st.marks & MARK_EM)
            attrs |= LOOK_UNDERLINE;
    }
    if (!m.dim)
        attrs &= ~(unsigned)LOOK_DIM;
    struct look l = {bring_down(fg, m.colours), bring_down(bg, m.colours), (uint8_t)attrs};
    if (l.fg == l.bg && l.fg != LOOK_DEFAULT) { // two colours that fell together
        l.fg = l.bg = LOOK_DEFAULT;
        l.attrs |= LOOK_REVERSE;
    }
    return l;
}
