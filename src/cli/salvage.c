// `lectern salvage`: what can be read of a damaged library goes to a new one.
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "commands.h"
#include "lectern/house.h"

// A library that opens, is sound and agrees with itself needs none.
static bool is_well(const char *path)
{
    struct store *s = NULL;
    struct house_fault *faults = NULL;
    struct buf words = {0};
    size_t n = 0;
    bool well = store_open(path, STORE_READ, &s, NULL) && house_sound(s, &words, NULL) &&
                !words.len && house_agree(s, false, &faults, &n, NULL) && !n;
    store_close(s);
    free(faults);
    buf_free(&words);
    return well;
}

static int run(const struct session *session, int argc, char **argv)
{
    const char *to = NULL;
    bool force = false;
    struct arg_list words = {0};
    const struct arg_option options[] = {{"to", .value = &to}, {"force", 'f', .flag = &force}, {0}};
    if (!args_parse(&cmd_salvage, argc, argv, options, &words, 0, 1))
        return EXIT_USAGE;
    const char *path = words.n ? words.items[0] : session->library;
    struct salvage_result r = {0};
    struct err e = ERR_INIT;
    int code = EXIT_DONE;
    if (!force && is_well(path)) {
        printf("The library %s is sound; nothing was done.\n", path);
    } else if (house_salvage(path, to, &r, &e)) {
        struct buf b = {0};
        house_salvage_words(&r, &b);
        fputs(b.data, stdout);
        if (to)
            printf("The new library is %s; %s is as it was.\n", to, path);
        buf_free(&b);
    } else {
        code = args_fail(&cmd_salvage, &e);
    }
    free(r.kept);
    args_free(&words);
    return code;
}

const struct command cmd_salvage = {
    .name = "salvage",
    .usage = "salvage [FILE] [--to NEW] [--force]",
    .summary = "save what can be read of a damaged library",
    .help =
        "Reads the library (or FILE) page by page, puts all that can be read into a new one, "
        "checks "
        "that,\nand only then puts it in the old one's place. The damaged file is kept beside it "
        "as "
        "FILE.damaged-DATE.\nClose every Lectern first. A library that is sound is left alone.\n\n"
        "      --to NEW   write the new library there, and leave everything else as it is\n"
        "  -f, --force    also where nothing seems to be wrong",
    .run = run,
};
