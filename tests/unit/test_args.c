// The words of a subcommand: every form of an option, and what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"

static const struct command cmd = {"try", "try [--json] WORD...", "", "", NULL};

struct got {
    bool json, quiet;
    const char *feed;
    int64_t limit;
    struct arg_list tags, words;
};

// `line` is split at blanks.
static bool try(struct got *g, const char *line, int least, int most)
{
    *g = (struct got){.limit = -1};
    char text[200], *argv[20];
    int argc = 0;
    strcpy(text, line);
    char *save;
    for (char *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save))
        argv[argc++] = p;
    const struct arg_option options[] = {
        {"json", 'j', .flag = &g->json},  {"quiet", 'q', .flag = &g->quiet},
        {"feed", 'f', .value = &g->feed}, {"limit", 'n', .number = &g->limit, .min = 0, .max = 100},
        {"tag", 't', .list = &g->tags},   {0},
    };
    static char kept[20][200]; // the words outlive `text`
    bool ok = args_parse(&cmd, argc, argv, options, &g->words, least, most);
    for (size_t i = 0; ok && i < g->words.n; i++)
        g->words.items[i] = strcpy(kept[i], g->words.items[i]);
    static char feed[200];
    if (ok && g->feed)
        g->feed = strcpy(feed, g->feed);
    return ok;
}

static void done(struct got *g)
{
    args_free(&g->tags);
    args_free(&g->words);
}

static void every_form_is_read(void **state)
{
    (void)state;
    struct got g;
    assert_true(try(&g, "try one --json --feed=x=y two -n5 --tag a -t b -tc", 0, -1));
    assert_true(g.json);
    assert_string_equal(g.feed, "x=y");
    assert_int_equal(g.limit, 5);
    assert_int_equal(g.tags.n, 3);
    assert_int_equal(g.words.n, 2);
    assert_string_equal(g.words.items[1], "two");
    assert_null(g.words.items[2]);
    done(&g);
    assert_true(try(&g, "try -jq -n 7 -- --json -", 0, -1));
    assert_true(g.json && g.quiet);
    assert_int_equal(g.limit, 7);
    assert_string_equal(g.words.items[0], "--json");
    assert_string_equal(g.words.items[1], "-");
    done(&g);
    assert_true(
        try(&g, "try - --feed --json", 0, -1)); // the value is the next word, whatever it is
    assert_string_equal(g.feed, "--json");
    assert_false(g.json);
    done(&g);
    assert_true(try(&g, "try", 0, 0));
    assert_non_null(g.words.items);
    done(&g);
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "try --jso w",
        "try --nothing w",
        "try -x w",
        "try w --feed",
        "try w -n",
        "try --limit x w",
        "try --limit 101 w",
        "try --limit= w",
        "try -n5x w",
        "try --json=yes w",
        "try",
        "try a b c",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct got g;
        assert_false(try(&g, bad[i], 1, 2));
        assert_null(g.words.items);
        done(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(what_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
