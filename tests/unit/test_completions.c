// Completion of the command line, run in a real bash; and the pages that are made of tables: what
// they say is what the program does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/program.h"
#include "cli/commands.h"
#include "cli/completions.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/store.h"

#define X(name) &cmd_##name,
static const struct command *const commands[] = {COMMANDS(X) NULL};
#undef X

static struct buf out, err;

// What a shell command says.
static void shell(const char *line)
{
    char part[4096];
    size_t n;
    FILE *p = popen(line, "r");
    assert_non_null(p);
    buf_clear(&out);
    while ((n = fread(part, 1, sizeof part, p)) > 0)
        buf_add(&out, part, n);
    assert_int_equal(pclose(p), 0);
}

// The words bash offers for a line, one by one; the last word is the one under the cursor.
static void offers(const char *library, const char *line, const char *expected)
{
    char *script = program_file(
        "complete.bash", "set -f\n"
                         "source <(\"$LECTERN_BIN\" completions bash) || exit 1\n"
                         "IFS=' ' read -ra typed <<<\"$1\"\n"
                         "COMP_WORDS=(\"$LECTERN_BIN\" \"${typed[@]}\")\n"
                         "[[ $1 == *' ' || -z $1 ]] && COMP_WORDS+=('')\n"
                         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                         "_lectern\n"
                         "for word in \"${COMPREPLY[@]}\"; do printf '%s,' \"$word\"; done\n");
    char *all = mem_printf("LECTERN_LIBRARY='%s' bash '%s' '%s'", library, script, line);
    shell(all);
    if (strcmp(buf_cstr(&out), expected) != 0)
        fail_msg("lectern %s: \"%s\", not \"%s\"", line, buf_cstr(&out), expected);
    free(all);
    free(script);
}

static void bash_completes(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    struct store *s;
    int64_t id;
    bool existed;
    char *library = program_path("complete.db"), *file = program_file("some.opml", "");
    if (!store_open(library, STORE_WRITE, &s, &e))
        fail_msg("%s", e.msg);
    const char *const tags[] = {"essays", "two words", NULL};
    assert_true(store_feed_add(s, "https://a.example/feed", tags, &id, &existed, &e));
    assert_true(store_feed_rename(s, id, "Slow Letters", &e));
    store_close(s);
    offers(library, "im", "import,");
    offers(library, "re", "read,remove,rename,");
    offers(library, "help bookm", "bookmarks,bookmark,");
    offers(library, "read --fo", "--format,");
    offers(library, "read --format ma", "markdown,");
    offers(library, "read --format ", "lines,text,markdown,html,doc,json,");
    offers(library, "list --unread --feed ", "Slow\\ Letters,");
    offers(library, "list -t e", "essays,");
    offers(library, "feeds --tag ", "essays,two\\ words,");
    offers(library, "remove Sl", "Slow\\ Letters,");
    offers(library, "tag ", "Slow\\ Letters,essays,two\\ words,");
    offers(library, "export op", "opml,");
    offers(library, "export bo", "bookmarks,");
    offers(library, "export bookmarks --format ep", "epub,");
    offers(library, "export feed Sl", "Slow\\ Letters,");
    offers(library, "completions ", "bash,zsh,fish,");
    offers(library, "keys ess", "essay,");
    offers(library, "--ver", "--version,");
    offers(library, "--config x feeds --st", "--status,");
    offers(library, "nothing ", "");
    char *line = mem_printf("import %.*s", (int)strlen(file) - 3, file);
    char *want = mem_printf("%s,", file);
    offers(library, line, want);
    free(line);
    free(want);
    free(file);
    free(library);
}

static void other_shells_have_every_command(void **state)
{
    (void)state;
    assert_int_equal(program_run("completions zsh", &out, NULL), 0);
    struct buf zsh = out;
    out = (struct buf){0};
    assert_int_equal(program_run("completions fish", &out, NULL), 0);
    for (size_t i = 0; commands[i]; i++) {
        char *in_zsh = mem_printf("    %s) _arguments", commands[i]->name);
        char *in_fish = mem_printf(" -a %s -d ", commands[i]->name);
        if (!strstr(zsh.data, in_zsh) || !strstr(out.data, in_fish))
            fail_msg("%s is not there", commands[i]->name);
        free(in_zsh);
        free(in_fish);
    }
    assert_int_equal(program_run("completions csh", &out, NULL), 2);
    buf_free(&zsh);
}

// The parser reads words from left to right and stops at the first it does not know: what it stops
// at tells whether it knew the one before.
static void help_lists_options_there_are(void **state)
{
    (void)state;
    size_t n = 0;
    for (size_t i = 0; commands[i]; i++) {
        struct completion_option o;
        for (size_t k = 0; completion_option(commands[i], k, &o); k++, n++) {
            char *words =
                mem_printf("%s --%s %s --xyzzy", commands[i]->name, o.name, o.value ? "1" : "");
            assert_int_equal(program_run(words, &out, &err), 2);
            if (!strstr(err.data, "--xyzzy"))
                fail_msg("%s: %s", words, err.data);
            if (!o.what[0])
                fail_msg("%s --%s: the help does not say what it is", commands[i]->name, o.name);
            free(words);
            if (!o.letter)
                continue;
            words =
                mem_printf("%s -%c %s --xyzzy", commands[i]->name, o.letter, o.value ? "1" : "");
            assert_int_equal(program_run(words, &out, &err), 2);
            if (!strstr(err.data, "--xyzzy"))
                fail_msg("%s: %s", words, err.data);
            free(words);
        }
    }
    assert_true(n > 20);
}

static char *page(const char *name)
{
    const char *root = getenv("LECTERN_ROOT");
    return path_join(root ? root : ".", name);
}

static void manual_has_every_command(void **state)
{
    (void)state;
    char *path = page("man/lectern.1");
    struct err e = ERR_INIT;
    buf_clear(&out);
    assert_true(buf_read_file(&out, path, 1 << 20, &e));
    for (size_t i = 0; commands[i]; i++) {
        char *item = mem_printf("\n.It Ic %s", commands[i]->name);
        const char *at = strstr(out.data, item);
        if (!at || !strchr(" \n", at[strlen(item)]))
            fail_msg("man/lectern.1 lacks %s", commands[i]->name);
        free(item);
    }
    free(path);
}

static void manual_of_keys_is_that_of_the_table(void **state)
{
    (void)state;
    char *tool = page("tests/tools/keys-page.sh"), *have = page("man/lectern-keys.7");
    char *made = program_path("keys.7");
    char *line = mem_printf("sh '%s' \"$LECTERN_BIN\" '%s'", tool, made);
    struct buf want = {0};
    struct err e = ERR_INIT;
    shell(line);
    buf_clear(&out);
    assert_true(buf_read_file(&out, have, 1 << 20, &e));
    assert_true(buf_read_file(&want, made, 1 << 20, &e));
    if (strcmp(out.data, want.data) != 0)
        fail_msg("man/lectern-keys.7 is not that of the table: run sh tests/tools/keys-page.sh "
                 "build/main/lectern");
    free(tool);
    free(have);
    free(made);
    free(line);
    buf_free(&want);
}

static void keys_are_listed_as_configured(void **state)
{
    (void)state;
    char *config = program_file("keys.conf", "bind essay w 2 down ; :tag later\nunbind all u\n"
                                             "bind all ^x page-down\nbind shelf 5 down\n");
    char *words = mem_printf("--config '%s' keys", config);
    assert_int_equal(program_run(words, &out, &err), 0);
    assert_non_null(strstr(out.data, "w               essay: 2 down ; :tag later\n"));
    assert_non_null(strstr(out.data, "undo            undo the last change\n"
                                     "                no key; `:undo`\n"));
    assert_non_null(strstr(out.data, "                ^X, space, PgDn"));
    assert_non_null(strstr(err.data, "'5' cannot be bound: digits are counts"));
    free(words);
    words = mem_printf("--config '%s' keys shelf", config);
    assert_int_equal(program_run(words, &out, &err), 0);
    assert_null(strstr(out.data, "\nnext-heading"));
    assert_null(strstr(out.data, "\nundo"));
    free(words);
    assert_int_equal(program_run("keys nowhere", &out, NULL), 2);
    assert_non_null(strstr(out.data, "there is no view 'nowhere': there are shelf, contents"));
    free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_completes),
        cmocka_unit_test(other_shells_have_every_command),
        cmocka_unit_test(help_lists_options_there_are),
        cmocka_unit_test(manual_has_every_command),
        cmocka_unit_test(manual_of_keys_is_that_of_the_table),
        cmocka_unit_test(keys_are_listed_as_configured),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&out);
    buf_free(&err);
    return failed;
}
