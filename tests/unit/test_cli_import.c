// `lectern import` as people run it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../support/program.h"
#include "lectern/mem.h"
#include "lectern/store.h"

static struct buf out, err;

static int import(const char *library, const char *words)
{
    char *all = mem_printf("--library '%s' import %s", library, words);
    int code = program_run(all, &out, &err);
    free(all);
    return code;
}

static void opml_becomes_subscriptions_once(void **state)
{
    (void)state;
    char *library = program_path("import.db");
    char *opml =
        program_file("subs.opml", "<opml><body><outline text=\"essays\">"
                                  "<outline text=\"My Letters\" xmlUrl=\"https://a.example/feed\"/>"
                                  "<outline text=\"B\" xmlUrl=\"javascript:alert(1)\"/></outline>"
                                  "<outline text=\"folder only\"/></body></opml>");
    char *words = mem_printf("'%s' --tag week", opml);
    assert_int_equal(import(library, words), 0);
    assert_non_null(strstr(out.data, "1 added, 0 there already, 2 skipped"));
    assert_non_null(strstr(err.data, "folder only"));
    assert_non_null(strstr(err.data, "javascript:alert(1)"));
    assert_int_equal(import(library, words), 0);
    assert_non_null(strstr(out.data, "0 added, 1 there already"));

    struct store *s = NULL;
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct feed_rows rows;
    assert_true(store_open(library, STORE_READ, &s, &e));
    assert_true(store_feeds(s, a, &rows, &e));
    assert_int_equal(rows.n, 1);
    assert_string_equal(rows.items[0].url, "https://a.example/feed");
    assert_string_equal(rows.items[0].title, "My Letters");
    assert_string_equal(rows.items[0].tags[0], "essays");
    assert_string_equal(rows.items[0].tags[1], "week");
    assert_null(rows.items[0].tags[2]);
    store_close(s);
    arena_free(a);
    free(words);
    free(opml);
    free(library);
}

static void a_dry_run_changes_nothing(void **state)
{
    (void)state;
    char *library = program_path("dry.db");
    char *urls = program_file("urls", "https://a.example/feed essays \"~Mine\"\n");
    char *words = mem_printf("-n '%s'", urls);
    assert_int_equal(import(library, words), 0);
    assert_non_null(strstr(out.data, "https://a.example/feed  Mine"));
    struct buf b = {0};
    assert_false(buf_read_file(&b, library, 1 << 20, NULL));
    buf_free(&b);
    free(words);
    free(urls);
    free(library);
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    char *library = program_path("none.db");
    assert_int_equal(import(library, "/nowhere/subs.opml"), 1);
    assert_non_null(strstr(err.data, "/nowhere/subs.opml"));
    char *none = program_file("prose", "only words here\n");
    assert_int_equal(import(library, none), 1);
    assert_non_null(strstr(err.data, "no address in it"));
    assert_int_equal(import(library, ""), 2);
    assert_int_equal(import(library, "--what x"), 2);
    free(none);
    free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opml_becomes_subscriptions_once),
        cmocka_unit_test(a_dry_run_changes_nothing),
        cmocka_unit_test(what_cannot_be_read_is_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&out);
    buf_free(&err);
    return failed;
}
