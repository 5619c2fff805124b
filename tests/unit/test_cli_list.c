// The commands that list and change the library, run as programs: exit codes, JSON, lines between
// tabs, columns.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "../support/library.h"

#define T0 1763452800 // 2025-11-18T08:00:00Z

struct fixture {
    char *path;
    struct buf out; // of the last run: stdout and stderr
};

static int run(struct fixture *f, const char *arguments)
{
    char *line = mem_printf("%s --library %s %s 2>&1", getenv("LECTERN_BIN"), f->path, arguments);
    FILE *p = popen(line, "r");
    assert_non_null(p);
    buf_clear(&f->out);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, p)) > 0;)
        buf_add(&f->out, piece, n);
    buf_char(&f->out, '\0');
    f->out.len--;
    int status = pclose(p);
    free(line);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void says(struct fixture *f, const char *part)
{
    if (!strstr(f->out.data, part))
        fail_msg("'%s' is not in:\n%s", part, f->out.data);
}

static json_t *array(struct fixture *f)
{
    json_error_t e;
    json_t *a = json_loads(f->out.data, JSON_REJECT_DUPLICATES, &e);
    if (!json_is_array(a))
        fail_msg("%s in:\n%s", e.text, f->out.data);
    return a;
}

static const char *text(const json_t *a, size_t i, const char *key)
{
    return json_string_value(json_object_get(json_array_get(a, i), key));
}

static int set_up(void **state)
{
    if (!getenv("LECTERN_BIN"))
        return -1;
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("cli");
    struct store *s = library_open(f->path, STORE_WRITE);
    int64_t one = library_feed(s, "https://slow.example/feed"),
            two = library_feed(s, "https://harbour.example/rss");
    struct feed_update *u = update_new("Slow Letters", 2);
    struct feed_entry *e =
        update_add(u, "a", "The Quiet Return of the Letter", T0, "<p>Dear <em>reader</em>,</p>");
    struct person author = {.name = "The \"Editors\""};
    e->authors = &author;
    e->nauthors = 1;
    e->words = 3200;
    update_audio(u, e, "https://slow.example/1.mp3", 1864);
    update_audio(u, e, "https://slow.example/1.ogg", 0);
    update_add(u, "b", "What a Margin Is For", T0 - 7 * 86400, "<p>Room.</p>");
    library_apply(s, one, u, T0 + 60);
    update_free(u);
    u = update_new("The Harbour Post", 2);
    update_add(u, "a", "The Quiet Return of the Letter", T0 - 3600, "<p>Another of that name.</p>");
    library_apply(s, two, u, T0 + 60);
    update_free(u);
    store_close(s);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buf_free(&f->out);
    free(library_path("cli"));
    free(f->path);
    free(f);
    return 0;
}

static void lists_are_narrowed_and_sorted(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "list --json feed:harbour letter"), 0);
    json_t *a = array(f);
    assert_int_equal(json_array_size(a), 1);
    assert_string_equal(text(a, 0, "feed"), "The Harbour Post");
    json_decref(a);
    assert_int_equal(run(f, "list --json under:5 --sort title --reverse --limit 1"), 0);
    a = array(f);
    assert_int_equal(json_array_size(a), 1);
    assert_string_equal(text(a, 0, "title"), "What a Margin Is For");
    json_decref(a);
    assert_int_equal(run(f, "list --json --sort length -- -harbour"), 0);
    a = array(f);
    assert_int_equal(json_array_size(a), 2);
    assert_string_equal(text(a, 1, "title"), "The Quiet Return of the Letter");
    json_decref(a);
    assert_int_equal(run(f, "list has:audio nowhere"), 0);
    assert_int_equal(run(f, "list is:blue"), 2);
    says(f, "unread, read");
    assert_int_equal(run(f, "list --sort colour"), 2);
    says(f, "date, title, length, feed, author");
}

static void list_is_whole_in_json(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "list --json"), 0);
    json_t *a = array(f);
    assert_int_equal(json_array_size(a), 3);
    const json_t *o = json_array_get(a, 0);
    assert_string_equal(text(a, 0, "id"), "2");
    assert_string_equal(text(a, 0, "feed"), "Slow Letters");
    assert_string_equal(text(a, 0, "title"), "The Quiet Return of the Letter");
    assert_string_equal(text(a, 0, "author"), "The \"Editors\"");
    assert_string_equal(text(a, 0, "url"), "https://example.org/a");
    assert_string_equal(text(a, 0, "date_published"), "2025-11-18T08:00:00Z");
    assert_int_equal(json_integer_value(json_object_get(o, "minutes")), 14);
    assert_true(json_is_true(json_object_get(o, "unread")));
    assert_true(json_is_false(json_object_get(o, "bookmark")));
    assert_true(json_is_real(json_object_get(o, "place")));
    const json_t *audio = json_object_get(o, "audio");
    assert_int_equal(json_array_size(audio), 2);
    assert_string_equal(json_string_value(json_array_get(audio, 1)), "https://slow.example/1.ogg");
    assert_int_equal(json_array_size(json_object_get(json_array_get(a, 1), "audio")), 0);
    assert_true(json_is_null(json_object_get(json_array_get(a, 1), "author")));
    json_decref(a);
    static const struct {
        const char *arguments;
        size_t n;
    } table[] = {{"list --json --feed slow", 2},   {"list --json --feed=2", 1},
                 {"list --json --limit 1", 1},     {"list -ju -f slow.example/feed", 2},
                 {"list --json --tag nothing", 0}, {"list --json --audio", 1},
                 {"list --json --started", 0}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(run(f, table[i].arguments), 0);
        a = array(f);
        assert_int_equal(json_array_size(a), table[i].n);
        json_decref(a);
    }
}

static void lines_have_seven_fields(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "list -n 1"), 0);
    assert_string_equal(f->out.data, "2\tunread\t2025-11-18T08:00:00Z\tSlow Letters\tThe Quiet "
                                     "Return of the Letter\t14\thttps://example.org/a\n");
    assert_int_equal(run(f, "feeds"), 0);
    assert_string_equal(f->out.data,
                        "1\tSlow Letters\t2\t2\t\tok\thttps://slow.example/feed\n"
                        "2\tThe Harbour Post\t1\t1\t\tok\thttps://harbour.example/rss\n");
    assert_int_equal(run(f, "feeds --status"), 0);
    says(f, "  state       ok, HTTP 200\n");
    says(f, " days ago (2025-11-1");
}

static void wrong_words_are_told(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *arguments;
        int code;
        const char *says;
    } table[] = {
        {"list --nothing", 2, "there is no option --nothing"},
        {"list --limit x", 2, "whole number"},
        {"feeds surplus", 2, "surplus"},
        {"list --feed a --tag b", 2, "only one of"},
        {"list --feed nowhere", 1, "no feed is called 'nowhere'"},
        {"bookmark", 2, "usage: lectern bookmark"},
        {"bookmark 99", 1, "no essay 99"},
        {"bookmark x", 2, "'x' is no id"},
        {"remove", 2, "something is missing"},
        {"remove 77", 1, "no feed is called '77'"},
        {"rename 1", 2, "something is missing after '1'"},
        {"tag 1 ' '", 2, "at least one character"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int code = run(f, table[i].arguments);
        if (code != table[i].code)
            fail_msg("%s: %d\n%s", table[i].arguments, code, f->out.data);
        says(f, table[i].says);
    }
}

static void feeds_are_named_tagged_and_removed(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "rename harbour My Own Name"), 0);
    says(f, "My Own Name");
    assert_int_equal(run(f, "tag 'my own' news sea"), 0);
    says(f, "My Own Name: news, sea");
    assert_int_equal(run(f, "tag 2 --remove sea"), 0);
    assert_int_equal(run(f, "feeds --json"), 0);
    json_t *a = array(f);
    assert_int_equal(json_array_size(a), 2);
    assert_string_equal(text(a, 0, "title"), "My Own Name");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(json_array_get(a, 0), "tags"), 0)),
        "news");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(a, 1), "unread")), 2);
    json_decref(a);
    assert_int_equal(run(f, "list --json --tag news"), 0);
    a = array(f);
    assert_int_equal(json_array_size(a), 1);
    json_decref(a);
    assert_int_equal(run(f, "rename 2 ''"), 0);
    says(f, "The Harbour Post");
    assert_int_equal(run(f, "bookmark 3"), 0);
    assert_int_equal(run(f, "remove 2"), 0);
    says(f, "Removed The Harbour Post");
    assert_int_equal(run(f, "remove 2"), 1);
    assert_int_equal(run(f, "bookmarks --json"), 0); // what was kept stays
    a = array(f);
    assert_int_equal(json_array_size(a), 1);
    assert_string_equal(text(a, 0, "feed"), "The Harbour Post");
    json_decref(a);
}

static void bookmarks_are_kept_and_thrown_away(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "bookmark 2 3 2 --tag good"), 0);
    assert_string_equal(f->out.data,
                        "b1\tThe Quiet Return of the Letter\nb2\tThe Quiet Return of the Letter\n"
                        "b1\tThe Quiet Return of the Letter (kept already)\n");
    assert_int_equal(run(f, "bookmarks --json --tag good"), 0);
    json_t *a = array(f);
    assert_int_equal(json_array_size(a), 2);
    assert_string_equal(text(a, 1, "id"), "b1");
    assert_true(json_is_true(json_object_get(json_array_get(a, 1), "bookmark")));
    json_decref(a);
    assert_int_equal(run(f, "bookmark --remove 2"), 0); // by its essay
    assert_int_equal(run(f, "bookmark --remove b1"), 1);
    assert_int_equal(run(f, "bookmarks"), 0);
    assert_int_equal(strncmp(f->out.data, "b2\tunread\t", 10), 0);
    assert_int_equal(run(f, "bookmark --restore b1"), 0);
    assert_int_equal(run(f, "list --json"), 0);
    a = array(f);
    assert_string_equal(text(a, 0, "bookmark_id"), "b1");
    json_decref(a);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(lists_are_narrowed_and_sorted),
        T(list_is_whole_in_json),
        T(lines_have_seven_fields),
        T(wrong_words_are_told),
        T(feeds_are_named_tagged_and_removed),
        T(bookmarks_are_kept_and_thrown_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
