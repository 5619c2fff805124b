// newterm(3) says no to a terminal that terminfo does not know, and keeps memory of the try; so
// terminfo is asked first.
#include "term_known.h"

#include <unistd.h>

#include <curses.h>
#include <term.h>

bool term_known(const char *name)
{
    int found = 0;
    TERMINAL *before = set_curterm(NULL);
    bool known = setupterm((char *)name, STDOUT_FILENO, &found) == OK;
    if (cur_term)
        del_curterm(cur_term);
    set_curterm(before);
    return known;
}
