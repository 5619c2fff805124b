// From the configuration to the options of setting: the one place where the two meet, so that the
// reader and `lectern read` set alike.
#include "lectern/conf.h"
#include "lectern/layout.h"

#include <stdlib.h>
#include <string.h>

// Terminals that put Hebrew and Arabic in order themselves, as far as they tell. Within tmux or
// screen these variables are still those of the terminal around it, which is the one that draws.
static bool terminal_orders(void)
{
    const char *term = getenv("TERM"), *program = getenv("TERM_PROGRAM");
    const char *vte = getenv("VTE_VERSION");
    if (term && strncmp(term, "mlterm", 6) == 0)
        return true;
    if (program && (strcmp(program, "Apple_Terminal") == 0 || strcmp(program, "mintty") == 0))
        return true;
    return getenv("KONSOLE_VERSION") || (vte && atoi(vte) >= 5800);
}

void layout_align(struct layout_opts *o, const struct conf *c, bool justify)
{
    const char *hyphenate = conf_str(c, CONF_HYPHENATE);
    o->justify = justify;
    // Even margins without divided words leave holes; a ragged one has room for whole words.
    o->hyphenate = strcmp(hyphenate, "yes") == 0 || (strcmp(hyphenate, "auto") == 0 && justify);
}

void layout_configure(struct layout_opts *o, const struct conf *c, bool terminal)
{
    const char *bidi = conf_str(c, CONF_BIDI);
    o->measure = conf_int(c, CONF_MEASURE);
    o->indent = conf_bool(c, CONF_INDENT);
    o->first_fit = conf_bool(c, CONF_FIRST_FIT);
    layout_align(o, c, conf_bool(c, CONF_JUSTIFY));
    // What is not drawn but read on by a program stays in the order it was written in.
    o->to_right = terminal;
    o->bidi_off =
        strcmp(bidi, "off") == 0 || (strcmp(bidi, "auto") == 0 && (!terminal || terminal_orders()));
}
