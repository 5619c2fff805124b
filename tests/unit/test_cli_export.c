// `lectern export`: Markdown files under names that stay, written only when they change, and OPML
// that reads back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/store.h"
#include "lectern/subs.h"
#include "../support/library.h"

#define T0 1763452800 // 2025-11-18T08:00:00Z

static char *read_file(const char *dir, const char *name)
{
    char *path = path_join(dir, name);
    struct buf b = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&b, path, 1 << 20, &e))
        fail_msg("%s", e.msg);
    free(path);
    return buf_take(&b, NULL);
}

static char *run(const char *library, const char *arguments)
{
    char *line = mem_printf("%s --library %s %s 2>&1", getenv("LECTERN_BIN"), library, arguments);
    FILE *p = popen(line, "r");
    struct buf out = {0};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, p)) > 0;)
        buf_add(&out, piece, n);
    int status = pclose(p);
    if (status != 0)
        fail_msg("%s: %d\n%s", line, status, buf_cstr(&out));
    free(line);
    return buf_take(&out, NULL);
}

static void must_say(char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
    free(text);
}

static void bookmarks_become_files(void **state)
{
    (void)state;
    char *path = library_path("export"), *dir = mem_printf("%s.kept/deep", path),
         *arguments = mem_printf("export bookmarks %s", dir);
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    int64_t feed = library_feed(s, "https://slow.example/feed"), ids[4];
    struct feed_update *u = update_new("Slow Letters", 4);
    struct feed_entry *first = update_add(u, "a", "The Quiet Return of the Letter", T0,
                                          "<p>Dear <em>reader</em>, it isn&#8217;t late.</p>");
    struct person author = {.name = "The \"Editors\""};
    first->authors = &author;
    first->nauthors = 1;
    update_add(u, "b", "The quiet return of the letter!", T0 + 5, "<p>Again.</p>");
    update_add(
        u, "c",
        "../../ Caf\xc3\xa9 \xe2\x80\x98ol\xc3\xa9\xe2\x80\x99 \xe2\x80\x94 isn\xe2\x80\x99t it?",
        T0, "<p>Slashes.</p>");
    library_apply(s, feed, u, T0 + 60);
    assert_true(store_feed_tag(s, feed, "essays", true, &e));
    for (int64_t i = 3; i >= 1; i--) // entries are numbered from the last of the document
        assert_true(store_bookmark_entry(s, i, T0 + 100, &ids[i], NULL, &e));
    must_say(run(path, arguments), "3 bookmarks in");
    char *text = read_file(dir, "2025-11-18-the-quiet-return-of-the-letter.md");
    assert_int_equal(
        strncmp(text,
                "---\ntitle: \"The Quiet Return of the Letter\"\nauthor: \"The \\\"Editors\\\"\"\n",
                70),
        0);
    static const char *const parts[] = {"source: \"Slow Letters\"\n",
                                        "url: \"https://example.org/a\"\n",
                                        "date: 2025-11-18T08:00:00Z\n",
                                        "tags:\n  - \"essays\"\n",
                                        "\n---\n\n",
                                        "reader",
                                        "it isn\xe2\x80\x99t late."};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(text, parts[i]))
            fail_msg("'%s' is not in:\n%s", parts[i], text);
    free(text);
    char *second =
        mem_printf("cat %s/2025-11-18-the-quiet-return-of-the-letter-??????.md | grep -q "
                   "Again.",
                   dir); // kept second, with a name of its own for good
    assert_int_equal(system(second), 0);
    free(second);
    must_say(read_file(dir, "2025-11-18-cafe-ole-isnt-it.md"), "Slashes.");
    must_say(run(path, arguments), "0 of them written"); // nothing has changed
    assert_true(store_bookmark_tag(s, ids[2], "new", true, &e));
    must_say(run(path, arguments), "1 of them written");
    assert_true(store_bookmark_remove(s, ids[1], &e)); // the others keep their names
    must_say(run(path, arguments), "0 of them written");
    store_close(s);
    update_free(u);
    free(library_path("export"));
    free(arguments);
    free(dir);
    free(path);
}

static void subscriptions_become_opml(void **state)
{
    (void)state;
    char *path = library_path("export");
    struct store *s = library_open(path, STORE_WRITE);
    struct err e = ERR_INIT;
    int64_t feed = library_feed(s, "https://slow.example/feed?a=1&b=2");
    assert_true(store_feed_rename(s, feed, "Slow & Quiet", &e) &&
                store_feed_tag(s, feed, "essays", true, &e));
    store_close(s);
    char *opml = run(path, "export opml");
    struct subs *subs;
    assert_true(subs_read(opml, strlen(opml), &subs, &e));
    assert_int_equal(subs->n, 1);
    assert_string_equal(subs->items[0].url, "https://slow.example/feed?a=1&b=2");
    assert_string_equal(subs->items[0].title, "Slow & Quiet");
    assert_string_equal(subs->items[0].tags[0], "essays");
    subs_free(subs);
    free(opml);
    free(library_path("export"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bookmarks_become_files),
        cmocka_unit_test(subscriptions_become_opml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
