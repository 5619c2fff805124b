// The doctor: what it says of a library that is well, and that it finds what is wrong, one thing
// after the other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/program.h"

static char *path, *config;

static int setup(void **state)
{
    (void)state;
    path = library_path("doctor");
    config = program_file("doctor.conf", "player true\nbrowser true\n");
    setenv("TERM", "xterm-256color", 1);
    setenv("COLORTERM", "truecolor", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("TMUX");
    unsetenv("STY");
    struct store *s = library_open(path, STORE_WRITE);
    struct feed_update *u = update_new("Slow Letters", 2);
    int64_t now = (int64_t)time(NULL);
    update_add(u, "a", "The first", now - 100, "<p>words</p>");
    update_add(u, "b", "The second", now - 200, "<p>words</p>");
    library_apply(s, library_feed(s, "https://a.example/"), u, now - 50);
    update_free(u);
    store_close(s);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(path);
    free(config);
    free(library_path("doctor"));
    return 0;
}

static int doctor(const char *options, struct buf *out)
{
    char *words = mem_printf("--config '%s' --library '%s' doctor %s", config, path, options);
    int code = program_run(words, out, NULL);
    free(words);
    return code;
}

static void says(const struct buf *out, const char *part)
{
    if (!strstr(buf_cstr(out), part))
        fail_msg("'%s' is not in:\n%s", part, buf_cstr(out));
}

static void a_well_library_is_called_so(void **state)
{
    (void)state;
    struct buf out = {0};
    int code = doctor("", &out);
    says(&out, "library   ok");
    says(&out, "2 essays, 0 bookmarks");
    says(&out, "the file is sound");
    says(&out, "all counts and references agree");
    says(&out, "1 feed is well");
    says(&out, "xterm-256color");
    says(&out, "player is true");
    says(&out, "all is well");
    assert_int_equal(code, 0);
    assert_int_equal(doctor("-q", &out), 0);
    assert_string_equal(buf_cstr(&out), "");
    assert_int_equal(doctor("more", &out), 2);
    buf_free(&out);
}

static void json_has_the_same(void **state)
{
    (void)state;
    struct buf out = {0};
    library_sql(path, "UPDATE tally SET total = 7");
    assert_int_equal(doctor("--json", &out), 1);
    json_error_t e;
    json_t *all = json_loads(buf_cstr(&out), JSON_REJECT_DUPLICATES, &e);
    size_t i, wrong = 0;
    json_t *o;
    if (!json_is_array(all))
        fail_msg("%s", e.text);
    json_array_foreach(all, i, o)
    {
        assert_true(json_is_string(json_object_get(o, "what")));
        if (strcmp(json_string_value(json_object_get(o, "state")), "wrong") == 0) {
            wrong++;
            assert_string_equal(json_string_value(json_object_get(o, "part")), "library");
            assert_string_equal(json_string_value(json_object_get(o, "do")), "lectern tidy");
        }
    }
    assert_int_equal(wrong, 1);
    json_decref(all);
    buf_free(&out);
}

static void finds(const char *harm, const char *part)
{
    struct buf out = {0};
    setup(NULL);
    library_sql(path, harm);
    assert_int_equal(doctor("-q", &out), 1);
    says(&out, part);
    says(&out, "1 thing is wrong");
    buf_free(&out);
    teardown(NULL);
}

static void what_is_wrong_is_found(void **state)
{
    (void)state;
    teardown(NULL);
    finds("UPDATE tally SET unread = 0", "feeds whose essays are counted wrongly");
    finds("UPDATE fetch SET failures = 3, error = 'could not resolve a.example'",
          "Slow Letters fails: could not resolve a.example");
    finds("UPDATE fetch SET parked = 1", "Slow Letters is asked no more");
    finds("UPDATE fetch SET last_tried = 9000000000", "fetched");
    finds("UPDATE entry SET sort = 1000000000; UPDATE tally SET unread = 9", "counted wrongly");
    setup(NULL);
}

static void what_is_worth_knowing_is_said(void **state)
{
    (void)state;
    struct buf out = {0};
    library_sql(path, "UPDATE entry SET sort = 1000000000, published = 1000000000");
    char *backup = mem_printf("%s.v1.backup", path),
         *damaged = mem_printf("%s.damaged-2020-01-01", path);
    struct err e = ERR_INIT;
    assert_true(buf_write_file(backup, "x", 1, 0600, &e) &&
                buf_write_file(damaged, "x", 1, 0600, &e));
    assert_int_equal(chmod(path, 0644), 0);
    setenv("LC_ALL", "C", 1);
    setenv("TMUX", "/tmp/x,1,1", 1);
    assert_int_equal(doctor("", &out), 0);
    says(&out, "Slow Letters has said nothing for");
    says(&out, "is a backup from before");
    says(&out, "is a damaged library, kept");
    says(&out, "others may read what you read");
    says(&out, "set-clipboard");
    says(&out, "locale");
    unlink(backup);
    unlink(damaged);
    free(backup);
    free(damaged);
    buf_free(&out);
}

static void configuration_and_programs_are_looked_at(void **state)
{
    (void)state;
    struct buf out = {0};
    free(config);
    config = program_file("doctor.conf",
                          "mesure 70\nbind all Q nonsense\ntheme no-such\nplayer no-such-player\n");
    assert_int_equal(doctor("-q", &out), 1);
    says(&out, "doctor.conf:1");
    says(&out, "doctor.conf:2");
    says(&out, "no-such");
    says(&out, "the option player names no-such-player, which is not there");
    setenv("TERM", "nobodys-terminal", 1);
    doctor("-q", &out);
    says(&out, "does not know the terminal nobodys-terminal");
    buf_free(&out);
}

static void a_damaged_library_is_told(void **state)
{
    (void)state;
    struct buf out = {0};
    char junk[4096];
    int fd = open(path, O_WRONLY);
    memset(junk, 0x55, sizeof junk);
    for (int page = 3; page < 20; page++)
        assert_int_equal(pwrite(fd, junk, sizeof junk, page * 4096), sizeof junk);
    close(fd);
    assert_int_equal(doctor("-q", &out), 1);
    says(&out, "lectern salvage");
    unlink(path);
    assert_int_equal(doctor("", &out), 0); // none yet is no fault
    says(&out, "there is no library");
    buf_free(&out);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_well_library_is_called_so),
        CASE(json_has_the_same),
        CASE(what_is_wrong_is_found),
        CASE(what_is_worth_knowing_is_said),
        CASE(configuration_and_programs_are_looked_at),
        CASE(a_damaged_library_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
