// `lectern` without a subcommand: worker, library, terminal, first paint, then the event loop.
#ifndef UI_APP_H
#define UI_APP_H
#include "lectern/command.h"
int app_run(const struct session *s); // exit code
#endif
