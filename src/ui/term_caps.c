// terminfo knows the terminals; what came after it, or is not in it, goes by name. A name that is
// not known gets nothing it might show as text.
#include "term_caps.h"

#include <stdlib.h>
#include <string.h>

#define key_name curses_key_name // ours is in keymap.h
#include <curses.h>
#include <term.h>
#undef key_name
#undef columns
#undef lines

#include "lectern/buf.h"
#include "lectern/mem.h"

static bool begins_one_of(const char *name, const char *const *list)
{
    for (; name && *list; list++)
        if (strncmp(name, *list, strlen(*list)) == 0)
            return true;
    return false;
}

static bool talks_xterm(const char *name)
{
    static const char *const known[] = {
        "xterm", "tmux", "screen",  "rxvt",    "alacritty", "foot",    "kitty",  "konsole", "vte",
        "gnome", "st-",  "wezterm", "contour", "iterm",     "ghostty", "mintty", NULL};
    return begins_one_of(name, known) || strcmp(name, "st") == 0;
}

// What a terminal calls itself in the environment is only believed where TERM does not say that
// another one (tmux, screen) stands between.
static bool program_is(const char *name, const char *const *list)
{
    return strncmp(name, "xterm", 5) == 0 && begins_one_of(getenv("TERM_PROGRAM"), list);
}

static bool synchronizes(const char *name)
{
    static const char *const known[] = {"foot",      "kitty",         "xterm-kitty",
                                        "alacritty", "wezterm",       "contour",
                                        "ghostty",   "xterm-ghostty", NULL};
    static const char *const programs[] = {"WezTerm", "iTerm.app", "ghostty", NULL};
    return begins_one_of(name, known) || program_is(name, programs);
}

static bool is_console(const char *name)
{
    static const char *const known[] = {"linux", "screen.linux", NULL};
    return begins_one_of(name, known);
}

static bool has_links(const char *name)
{
    static const char *const known[] = {
        "foot",          "kitty", "xterm-kitty", "alacritty", "wezterm", "contour", "ghostty",
        "xterm-ghostty", "vte",   "gnome",       "konsole",   "tmux-",   "mintty",  NULL};
    static const char *const programs[] = {"WezTerm", "iTerm.app", "ghostty", "vscode", NULL};
    const char *vte = strncmp(name, "xterm", 5) == 0 ? getenv("VTE_VERSION") : NULL;
    return begins_one_of(name, known) || program_is(name, programs) || (vte && atoi(vte) >= 5000);
}

// COLORTERM travels with the terminal; screen passes it on and cannot do it.
static bool true_colour(const char *name)
{
    static const char *const known[] = {"foot",         "kitty",   "xterm-kitty", "alacritty",
                                        "wezterm",      "contour", "ghostty",     "xterm-ghostty",
                                        "xterm-direct", NULL};
    const char *says = getenv("COLORTERM");
    bool said = says && (strcmp(says, "truecolor") == 0 || strcmp(says, "24bit") == 0);
    return begins_one_of(name, known) || tigetflag("Tc") > 0 || tigetflag("RGB") > 0 ||
           tigetnum("RGB") > 0 || (said && strncmp(name, "screen", 6) != 0);
}

// Terminfo strings may hold padding ("$<5>"), which no line of today needs.
static char *capability(const char *name)
{
    const char *s = tigetstr(name);
    if (!s || s == (char *)-1 || !*s)
        return NULL;
    struct buf out = {0};
    while (*s) {
        const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;
        if (end)
            s = end + 1;
        else
            buf_char(&out, *s++);
    }
    return buf_take(&out, NULL);
}

static bool same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

struct caps *caps_new(const char *name, int fd)
{
    int found = 0;
    if (setupterm(name, fd, &found) != OK &&
        (!talks_xterm(name) ||
         (setupterm("xterm-256color", fd, &found) != OK && setupterm("xterm", fd, &found) != OK)))
        return NULL;
    struct caps *c = mem_alloc(sizeof *c);
#define X(field, cap) c->field = capability(cap);
    CAP_STRINGS(X)
#undef X
    c->wraps = tigetflag("am") > 0 && tigetflag("xenl") <= 0;
    c->erases_ink = tigetflag("bce") > 0;
    c->bad_mix = tigetnum("ncv") > 0 ? tigetnum("ncv") : 0;
    c->cols = tigetnum("cols") > 0 ? tigetnum("cols") : 0;
    c->rows = tigetnum("lines") > 0 ? tigetnum("lines") : 0;
    c->parameters = same(c->bold, "\x1b[1m") && (!c->reverse || same(c->reverse, "\x1b[7m")) &&
                    (!c->underline || same(c->underline, "\x1b[4m")) &&
                    (!c->foreground || strncmp(c->foreground, "\x1b[", 2) == 0);
    c->single_off = same(c->underline_off, "\x1b[24m");
    c->means.colours =
        c->foreground && c->background && tigetnum("colors") >= 8 ? tigetnum("colors") : 0;
    if (c->means.colours >= 256 && c->parameters && true_colour(name))
        c->means.colours = 1 << 24;
    else if (c->means.colours > 256)
        c->means.colours = 256;
    c->colour_bright = c->means.colours >= 16 && same(caps_with(c->foreground, 9, 0), "\x1b[91m");
    c->means.italic = c->italic != NULL;
    c->means.dim = c->dim != NULL;
    c->xterm = talks_xterm(name);
    c->console = is_console(name);
    c->sync = synchronizes(name);
    c->links = has_links(name);
    c->keeps_title = c->enter && strstr(c->enter, "\x1b[22;0;0t");
    return c;
}

void caps_free(struct caps *c)
{
    if (!c)
        return;
#define X(field, cap) free(c->field);
    CAP_STRINGS(X)
#undef X
    free(c);
    if (cur_term)
        del_curterm(cur_term);
}

const char *caps_key(const struct caps *c, const char *name)
{
    (void)c; // the one that is set up
    const char *s = tigetstr(name);
    return s == (char *)-1 ? NULL : s;
}

const char *caps_with(const char *s, int a, int b)
{
    const char *out = tiparm(s, a, b);
    return out ? out : "";
}
