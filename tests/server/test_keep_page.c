// Pages of the web and files kept from the shell, with tags and a note; what was highlighted, told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/program.h"
#include "../support/server.h"

static const char page[] =
    "<!doctype html><html lang=en><head><title>On Quays - The Review</title>"
    "<meta name=author content='A. Writer'></head><body><nav><a href=/>Home</a> <a "
    "href=/all>All</a></nav><article><h1>On Quays</h1><p>A quay is where a town "
    "ends, and for those who live by the sea it is where the town begins, and so it has always "
    "been, in this town and in others.</p><p>The ferry comes at seven, with the post and with "
    "whoever was waiting on the other side; nobody has ever counted them, but they are many, and "
    "some of them come back.</p><p>In the winter it comes when it can, which is less often than "
    "the timetable says, and more often than anyone expects who has seen the sea.</p></article>"
    "<footer>All rights reserved. Imprint.</footer></body></html>";

struct fixture {
    char *path;
    struct server *server;
    struct buf out;
};

static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    (void)ctx;
    if (strcmp(q->path, "/quays") != 0) {
        r->status = 404;
        return;
    }
    server_set(r, "Content-Type", "text/html; charset=utf-8");
    buf_str(&r->body, page);
}

static int run(struct fixture *f, const char *arguments)
{
    char *words = mem_printf("--library %s %s", f->path, arguments);
    int code = program_run(words, &f->out, NULL);
    free(words);
    buf_cstr(&f->out);
    return code;
}

static void says(struct fixture *f, const char *part)
{
    if (!strstr(buf_cstr(&f->out), part))
        fail_msg("'%s' is not in:\n%s", part, f->out.data);
}

static int set_up(void **state)
{
    if (!getenv("LECTERN_BIN"))
        return -1;
    struct fixture *f = mem_alloc(sizeof *f);
    f->path = library_path("keep-page");
    f->server = server_start(serve, NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    server_stop(f->server);
    buf_free(&f->out);
    free(library_path("keep-page"));
    free(f->path);
    free(f);
    return 0;
}

static void a_page_is_kept(void **state)
{
    struct fixture *f = *state;
    char *url = server_url(f->server, NULL, "/quays"), *none = server_url(f->server, NULL, "/none");
    char *line = mem_printf("bookmark %s --tag sea --note 'For the winter'", url);
    assert_int_equal(run(f, line), 0);
    says(f, "b1\tOn Quays");
    free(line);
    line = mem_printf("bookmark '%s#top' --tag later", url);
    assert_int_equal(run(f, line), 0);
    says(f, "kept already");
    assert_int_equal(server_asked(f->server, "/quays"), 1); // and was not fetched again
    free(line);
    line = mem_printf("bookmark %s", none);
    assert_int_equal(run(f, line), 1);
    says(f, "404");
    free(line);
    assert_int_equal(run(f, "bookmarks --json tag:sea has:note kept:today"), 0);
    json_error_t e;
    json_t *a = json_loads(f->out.data, JSON_REJECT_DUPLICATES, &e), *o = json_array_get(a, 0);
    assert_int_equal(json_array_size(a), 1);
    assert_string_equal(json_string_value(json_object_get(o, "url")), url);
    assert_string_equal(json_string_value(json_object_get(o, "author")), "A. Writer");
    assert_string_equal(json_string_value(json_object_get(o, "note")), "For the winter");
    assert_int_equal(json_array_size(json_object_get(o, "tags")), 2);
    json_decref(a);
    assert_int_equal(run(f, "read b1 --format text"), 0);
    says(f, "A quay is where a town ends");
    says(f, "who has seen the sea.");
    assert_null(strstr(f->out.data, "Imprint"));
    assert_int_equal(run(f, "bookmark b1 --note ''"), 0);
    assert_int_equal(run(f, "bookmarks has:note"), 0);
    assert_string_equal(f->out.data, "");
    free(url);
    free(none);
}

static void a_file_is_kept_and_highlights_are_told(void **state)
{
    struct fixture *f = *state;
    char *file = mem_printf("%s.md", f->path);
    struct err e = ERR_INIT;
    static const char text[] = "---\ntitle: Ink\nauthor: B. Hand\n---\n\nInk dries *slowly*.\n\n"
                               "So do letters.[^1]\n\n[^1]: In winter.\n";
    assert_true(buf_write_file(file, text, sizeof text - 1, 0600, &e));
    char *line = mem_printf("bookmark %s", file);
    assert_int_equal(run(f, line), 0);
    says(f, "b1\tInk");
    free(line);
    assert_int_equal(run(f, "read b1 --format text"), 0);
    says(f, "In winter.");
    assert_int_equal(run(f, "highlights"), 0);
    assert_string_equal(f->out.data, "");
    assert_int_equal(run(f, "highlights --json"), 0);
    assert_string_equal(f->out.data, "[]\n");
    struct store *s = library_open(f->path, STORE_WRITE);
    struct arena *a = arena_new();
    struct item_body b;
    assert_true(store_item(s, -1, a, &b, &e));
    assert_string_equal(b.row.author, "B. Hand");
    struct doc *d = essay_document(&b);
    assert_int_equal(d->nnotes, 1);
    const char *at = strstr(d->text, "So do letters");
    assert_non_null(at);
    uint32_t from = (uint32_t)(at - d->text);
    assert_true(essay_highlight(s, -1, d, from, from + 13, HIGHLIGHT_RED, "true\tso", 1763452800));
    store_close(s);
    doc_free(d);
    arena_free(a);
    assert_int_equal(run(f, "highlights b1"), 0);
    assert_string_equal(f->out.data,
                        "b1\t2025-11-18T08:00:00Z\tred\t\tInk\tSo do letters\ttrue so\n");
    assert_int_equal(run(f, "highlights -j"), 0);
    says(f, "\"quote\": \"So do letters\", \"note\": \"true\\tso\", \"colour\": \"red\"");
    assert_int_equal(run(f, "highlights x"), 2);
    assert_int_equal(run(f, "highlights 7"), 1);
    assert_int_equal(run(f, "bookmark --remove nothing.md"), 2);
    remove(file);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_kept_and_highlights_are_told, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("keep-page", tests, NULL, NULL);
}
