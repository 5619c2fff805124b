// Bringing colours down to what a terminal has: true colour to the nearest of 256, and where there
// are only 8 or 16, to the theme's own stand-ins.
#include <stdlib.h>
#include <string.h>

#include "parts.h"

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

static int32_t bring_down(struct paint p, int colours)
{
    if (colours < 8)
        return LOOK_DEFAULT;
    if (colours > 256)
        return p.best;
    if (colours == 256)
        return p.many != THEME_UNSET ? p.many
               : p.best >= LOOK_RGB  ? nearest((uint32_t)p.best & 0xFFFFFF)
                                     : p.best;
    return p.few == THEME_UNSET ? LOOK_DEFAULT : p.few >= colours ? p.few - 8 : p.few;
}

struct look theme_look(const struct theme *t, struct style st, struct look_means m)
{
    if (t->mono && (m.colours < 8 || (m.colours < 256 && t->lacks)))
        t = t->mono;
    const struct theme_line *base = &t->roles[ROLE_TEXT];
    const struct theme_line *line = &t->roles[st.role < ROLE_COUNT ? st.role : ROLE_TEXT];
    struct paint fg = line->fg.best == THEME_UNSET ? base->fg : line->fg;
    struct paint bg = line->bg.best == THEME_UNSET ? base->bg : line->bg;
    unsigned attrs = line->attrs & ~(unsigned)LOOK_DIM;
    bool dim = line->attrs & LOOK_DIM;
    // Without a background to fill, the current line is its title: dates and counts beside it stay
    // quiet, and a cursor that moves costs half as many bytes.
    bool aside = t->marks[MARK_BIT_CURRENT].bg.best == THEME_UNSET &&
                 (st.role == ROLE_LIST_DIM || st.role == ROLE_LIST_MARK);
    for (int i = 0; i < MARK_COUNT; i++) {
        const struct theme_line *over = &t->marks[i];
        if (!(st.marks & 1u << i) || (i == MARK_BIT_CURRENT && aside))
            continue;
        if (over->fg.best != THEME_UNSET) { // faint is said of the colour it stands beside
            fg = over->fg;
            dim = over->attrs & LOOK_DIM;
        } else if (over->attrs & LOOK_DIM) { // a colour would be lost
            dim = dim || fg.best == LOOK_DEFAULT;
        }
        if (over->bg.best != THEME_UNSET)
            bg = over->bg;
        attrs |= over->attrs & ~(unsigned)LOOK_DIM;
    }
    if (st.marks & (MARK_MATCH | MARK_HINT) ||
        (st.marks & MARK_CURRENT && !aside)) // what stands out is never faint
        dim = false;
    if (dim)
        attrs |= LOOK_DIM;
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

// ---- escape sequences ----

static void add_colour(struct buf *out, int32_t c, bool background)
{
    int base = background ? 40 : 30;
    if (c == LOOK_DEFAULT)
        return;
    if (c >= LOOK_RGB)
        buf_printf(out, ";%d;2;%d;%d;%d", base + 8, c >> 16 & 255, c >> 8 & 255, c & 255);
    else if (c < 8)
        buf_printf(out, ";%d", base + c);
    else if (c < 16)
        buf_printf(out, ";%d", base + 60 + c - 8);
    else
        buf_printf(out, ";%d;5;%d", base + 8, c);
}

void look_sgr(struct look l, struct buf *out)
{
    static const struct {
        unsigned bit;
        const char *code;
    } codes[] = {{LOOK_BOLD, ";1"},
                 {LOOK_DIM, ";2"},
                 {LOOK_ITALIC, ";3"},
                 {LOOK_UNDERLINE, ";4"},
                 {LOOK_REVERSE, ";7"}};
    buf_str(out, "\x1b[0");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (l.attrs & codes[i].bit)
            buf_str(out, codes[i].code);
    add_colour(out, l.fg, false);
    add_colour(out, l.bg, true);
    buf_char(out, 'm');
}

// ---- terminals, by what the environment says ----

static bool begins(const char *s, const char *const *names)
{
    for (; *names; names++)
        if (strncmp(s, *names, strlen(*names)) == 0)
            return true;
    return false;
}

struct look_means look_means_here(void)
{
    static const char *const all[] = {"xterm-kitty", "kitty",   "alacritty",     "foot", "wezterm",
                                      "ghostty",     "contour", "xterm-ghostty", NULL};
    static const char *const few[] = {"xterm", "screen", "tmux",    "rxvt",  "linux",
                                      "ansi",  "cygwin", "konsole", "gnome", "vte",
                                      "putty", "st",     "Eterm",   NULL};
    static const char *const upright[] = {"linux", "vt", "ansi", "cygwin", "screen", NULL};
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR"), *deep = getenv("COLORTERM");
    struct look_means m = {0, false, false};
    if (!term || !*term || strcmp(term, "dumb") == 0)
        return m;
    m.dim = true;
    m.italic = !begins(term, upright) || strncmp(term, "vte", 3) == 0;
    if (no && *no)
        return m;
    bool said = deep && (strcmp(deep, "truecolor") == 0 || strcmp(deep, "24bit") == 0);
    if ((said && strncmp(term, "screen", 6) != 0) || // screen passes the word on and cannot do it
        strstr(term, "-direct") || begins(term, all))
        m.colours = 1 << 24;
    else if (strstr(term, "256color"))
        m.colours = 256;
    else if (strstr(term, "16color"))
        m.colours = 16;
    else if (begins(term, few))
        m.colours = 8;
    return m;
}
