// `lectern --version`: what runs here, for bug reports.
#include <stdio.h>

#include "lectern/version.h"
#include "commands.h"

int version_print(void)
{
    puts("lectern " LECTERN_VERSION);
    return EXIT_DONE;
}
