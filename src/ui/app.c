// `lectern` without a subcommand: worker, library, terminal, first paint, then the event loop.
#include "app.h"

int app_run(const struct session *s)
{
    (void)s;
    return EXIT_FAILED;
}
