// ECMA-48 terminals take attributes and colours as parameters of one sequence: either those that
// differ, or all of them behind a 0, whichever is shorter. Others get terminfo's strings.
#include "term_pen.h"

#include <stdio.h>
#include <string.h>

static const struct {
    unsigned bit;
    const char *on, *off;
    unsigned spoiled; // terminfo's bit in no_color_video
} attributes[] = {
    {LOOK_BOLD, "1", "22", 32},     {LOOK_DIM, "2", "22", 16},    {LOOK_ITALIC, "3", "23", 0x8000},
    {LOOK_UNDERLINE, "4", "24", 2}, {LOOK_REVERSE, "7", "27", 4},
};
enum { NATTRIBUTES = sizeof attributes / sizeof *attributes, PARAMETERS = 96 };

struct parameters {
    char s[PARAMETERS];
    size_t len, n;
};

static void add(struct parameters *p, const char *text)
{
    size_t len = strlen(text);
    if (p->len + len + 2 > sizeof p->s)
        return;
    if (p->n++)
        p->s[p->len++] = ';';
    memcpy(p->s + p->len, text, len + 1);
    p->len += len;
}

static void add_colour(struct parameters *p, const struct caps *c, int32_t colour, bool back)
{
    char text[32];
    if (colour == LOOK_DEFAULT) {
        add(p, back ? "49" : "39");
        return;
    }
    if (colour >= LOOK_RGB) {
        snprintf(text, sizeof text, "%d;2;%d;%d;%d", back ? 48 : 38, (int)(colour >> 16 & 255),
                 (int)(colour >> 8 & 255), (int)(colour & 255));
    } else if (c->means.colours > 256 || c->colour_bright || colour < 8) {
        if (colour < 8)
            snprintf(text, sizeof text, "%d", (back ? 40 : 30) + (int)colour);
        else if (colour < 16)
            snprintf(text, sizeof text, "%d", (back ? 92 : 82) + (int)colour);
        else
            snprintf(text, sizeof text, "%d;5;%d", back ? 48 : 38, (int)colour);
    } else { // whatever stands between ESC [ and m
        const char *s = caps_with(back ? c->background : c->foreground, (int)colour, 0);
        size_t len = strlen(s);
        if (len < 4 || s[len - 1] != 'm' || len >= sizeof text)
            return;
        snprintf(text, sizeof text, "%.*s", (int)(len - 3), s + 2);
    }
    add(p, text);
}

static bool can(const struct caps *c, unsigned bit)
{
    return bit == LOOK_BOLD        ? c->bold != NULL
           : bit == LOOK_DIM       ? c->dim != NULL
           : bit == LOOK_ITALIC    ? c->italic != NULL
           : bit == LOOK_UNDERLINE ? c->underline != NULL
                                   : c->reverse != NULL;
}

// What is left of a look on this terminal.
static struct look shown(const struct caps *c, struct look l)
{
    if (!c->means.colours)
        l.fg = l.bg = LOOK_DEFAULT;
    bool coloured = l.fg != LOOK_DEFAULT || l.bg != LOOK_DEFAULT;
    for (size_t i = 0; i < NATTRIBUTES; i++)
        if (!can(c, attributes[i].bit) ||
            (coloured && (unsigned)c->bad_mix & attributes[i].spoiled))
            l.attrs &= (uint8_t)~attributes[i].bit;
    return l;
}

static void afresh(struct parameters *p, const struct caps *c, struct look to)
{
    bool any = to.attrs || to.fg != LOOK_DEFAULT || to.bg != LOOK_DEFAULT;
    if (any)
        add(p, "0");
    for (size_t i = 0; i < NATTRIBUTES; i++)
        if (to.attrs & attributes[i].bit)
            add(p, attributes[i].on);
    if (to.fg != LOOK_DEFAULT)
        add_colour(p, c, to.fg, false);
    if (to.bg != LOOK_DEFAULT)
        add_colour(p, c, to.bg, true);
}

static void difference(struct parameters *p, const struct caps *c, struct look from, struct look to)
{
    unsigned gone = from.attrs & ~(unsigned)to.attrs, come = to.attrs & ~(unsigned)from.attrs;
    unsigned weight = LOOK_BOLD | LOOK_DIM;
    if (gone & weight) { // one parameter ends both
        add(p, "22");
        gone &= ~weight;
        come |= to.attrs & weight;
    }
    for (size_t i = 0; i < NATTRIBUTES; i++)
        if (gone & attributes[i].bit)
            add(p, attributes[i].off);
    for (size_t i = 0; i < NATTRIBUTES; i++)
        if (come & attributes[i].bit)
            add(p, attributes[i].on);
    if (from.fg != to.fg)
        add_colour(p, c, to.fg, false);
    if (from.bg != to.bg)
        add_colour(p, c, to.bg, true);
}

static void set_by_parameters(const struct pen *p, const struct caps *c, struct look to,
                              struct buf *out)
{
    struct parameters all = {0}, some = {0};
    afresh(&all, c, to);
    bool gone = p->look.attrs & ~(unsigned)to.attrs;
    if (p->known && (!gone || c->single_off))
        difference(&some, c, p->look, to);
    const struct parameters *best = some.n && some.len <= all.len ? &some : &all;
    buf_printf(out, "\x1b[%sm", best->s);
}

static void set_by_strings(const struct caps *c, struct look to, struct buf *out)
{
    buf_str(out, c->plain ? c->plain : "");
    if (c->default_colours)
        buf_str(out, c->default_colours);
    const char *const on[] = {c->bold, c->dim, c->italic, c->underline, c->reverse};
    for (size_t i = 0; i < NATTRIBUTES; i++)
        if (to.attrs & attributes[i].bit)
            buf_str(out, on[i]);
    if (to.fg != LOOK_DEFAULT)
        buf_str(out, caps_with(c->foreground, (int)to.fg, 0));
    if (to.bg != LOOK_DEFAULT)
        buf_str(out, caps_with(c->background, (int)to.bg, 0));
}

void pen_set(struct pen *p, const struct caps *c, struct look wanted, struct buf *out)
{
    wanted = shown(c, wanted);
    if (p->known && p->look.fg == wanted.fg && p->look.bg == wanted.bg &&
        p->look.attrs == wanted.attrs)
        return;
    if (!p->known && c->plain)
        buf_str(out, c->plain); // letters, too, where another set of them may be in force
    if (!p->known) {
        p->look = (struct look){LOOK_DEFAULT, LOOK_DEFAULT, 0};
        p->known = true;
        pen_set(p, c, wanted, out);
        return;
    }
    if (c->parameters)
        set_by_parameters(p, c, wanted, out);
    else
        set_by_strings(c, wanted, out);
    p->look = wanted;
}

void pen_link(struct pen *p, uint16_t link, const char *address, struct buf *out)
{
    if (p->link == link)
        return;
    // One id for all pieces of a link, so that a terminal marks them together.
    if (link)
        buf_printf(out, "\x1b]8;id=%u;%s\x1b\\", (unsigned)link, address);
    else
        buf_str(out, "\x1b]8;;\x1b\\");
    p->link = link;
}
