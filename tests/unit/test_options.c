// `lectern options` and `lectern config` as people run them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/program.h"
#include "lectern/buf.h"
#include "lectern/mem.h"

static char file[64];

static int run_with(const char *config, const char *words, struct buf *out)
{
    struct err e = ERR_INIT;
    assert_true(buf_write_file(file, config, strlen(config), 0600, &e));
    char *all = mem_printf("--config '%s' %s", file, words);
    int code = program_run(all, out, NULL);
    free(all);
    return code;
}

static void options_are_listed(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_int_equal(program_run("options", &out, NULL), 0);
    assert_non_null(strstr(out.data, "Columns of a full line of text"));
    assert_int_equal(program_run("options measure", &out, NULL), 2);
    assert_int_equal(program_run("options --nonsense", &out, NULL), 2);
    buf_free(&out);
}

static void config_shows_what_differs(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_int_equal(run_with("", "config", &out), 0);
    assert_string_equal(buf_cstr(&out), "");
    assert_int_equal(run_with("measure 70\njustify no\nbind all Q quit\n", "config", &out), 0);
    assert_string_equal(out.data, "measure 70\nbind all Q quit\n");
    // The example is a configuration, and says nothing new.
    assert_int_equal(program_run("config --example", &out, NULL), 0);
    char *example = buf_take(&out, NULL);
    assert_int_equal(run_with(example, "config", &out), 0);
    assert_string_equal(buf_cstr(&out), "");
    free(example);
    assert_int_equal(program_run("config --example --check", &out, NULL), 2);
    assert_int_equal(program_run("config everything", &out, NULL), 2);
    buf_free(&out);
}

static void config_is_checked(void **state)
{
    (void)state;
    struct buf out = {0}, want = {0};
    assert_int_equal(run_with("measure 70\n", "config --check", &out), 0);
    assert_string_equal(out.data, "Nothing wrong.\n");
    assert_int_equal(run_with("\nmesure 70\n", "config --check", &out), 1);
    buf_printf(&want, "lectern: %s:2: unknown option 'mesure': did you mean 'measure'?\n", file);
    assert_string_equal(out.data, want.data);
    // What is wrong in it stops no other command; a named file that is not there does.
    assert_int_equal(run_with("mesure 70\n", "options", &out), 0);
    unlink(file);
    char *words = mem_printf("--config '%s' options", file);
    assert_int_equal(program_run(words, &out, NULL), 1);
    free(words);
    buf_free(&out);
    buf_free(&want);
}

int main(void)
{
    snprintf(file, sizeof file, "/tmp/lectern-options.%ld", (long)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_listed),
        cmocka_unit_test(config_shows_what_differs),
        cmocka_unit_test(config_is_checked),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(file);
    return failed;
}
