// An essay that its feed changes: updated in place, read state and place kept, the text before
// recoverable.
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

static struct buf out;
static char *library;

static int run(const char *words)
{
    char *all = mem_printf("--library '%s' %s", library, words);
    int code = program_run(all, &out, NULL);
    free(all);
    return code;
}

static char *feed_saying(const char *date, const char *text)
{
    char *xml = mem_printf(
        "<rss version=\"2.0\"><channel><title>Letters</title><lastBuildDate>%s</lastBuildDate>"
        "<item><title>One</title><guid>1</guid><description>%s</description></item>"
        "</channel></rss>",
        date, text);
    char *path = program_file("letters.xml", xml);
    free(xml);
    return path;
}

static void a_changed_essay_keeps_its_reader(void **state)
{
    (void)state;
    library = program_path("revision.db");
    char *feed = feed_saying("Wed, 18 Nov 2026 08:00:00 GMT", "The first words.");
    char *words = mem_printf("add '%s'", feed);
    assert_int_equal(run(words), 0);
    struct store *s = NULL;
    struct err e = ERR_INIT;
    assert_true(store_open(library, STORE_WRITE, &s, &e));
    int64_t id = 1;
    store_set_read(s, &id, 1, true);
    store_set_place(s, id, 4, 0.25, 1795000000);
    assert_true(store_flush(s, 1000, &e));
    store_close(s);

    // A build date that moves alone changes nothing.
    free(feed_saying("Thu, 19 Nov 2026 08:00:00 GMT", "The first words."));
    assert_int_equal(run("fetch --force"), 0);
    assert_int_equal(run("read 1 --revision 1"), 1);
    assert_non_null(strstr(out.data, "never changed"));

    free(feed_saying("Fri, 20 Nov 2026 08:00:00 GMT", "The second words."));
    assert_int_equal(run("fetch --force"), 0);
    assert_int_equal(run("read 1 --format text"), 0);
    assert_non_null(strstr(out.data, "The second words."));
    assert_int_equal(run("read 1 --format text --revision 1"), 0);
    assert_non_null(strstr(out.data, "The first words."));
    assert_int_equal(run("read 1 --revision 2"), 1);
    assert_non_null(strstr(out.data, "only 1 earlier text"));
    assert_int_equal(run("list --json"), 0);
    assert_non_null(strstr(out.data, "\"unread\": false"));
    assert_non_null(strstr(out.data, "\"place\": 0.25"));
    free(words);
    free(feed);
    free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_essay_keeps_its_reader),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&out);
    return failed;
}
