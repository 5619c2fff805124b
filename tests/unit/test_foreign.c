// Other readers' files as text: newsboat's queries, newsraft's feeds and columns, sfeed's lines and
// its shell file, and the places where all of it lies.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/foreign.h"
#include "lectern/path.h"
#include "lectern/sieve.h"
#include "lectern/subs.h"

// ---- newsboat's query feeds ----

static void says(const char *filter, const char *query)
{
    struct buf out = {0};
    const char *why = NULL;
    struct err e = ERR_INIT;
    if (!newsboat_query(filter, &out, &why))
        fail_msg("%s: %s", filter, why);
    assert_string_equal(out.data, query);
    struct sieve *s = sieve_new(out.data, (struct when){.utc_offset = 0}, 1800000000, &e);
    if (!s)
        fail_msg("%s -> %s: %s", filter, query, e.msg);
    sieve_free(s);
    buf_free(&out);
}

static void queries_are_said_in_words_of_a_sieve(void **state)
{
    (void)state;
    says("unread = \"yes\"", "is:unread");
    says("unread == \"no\"", "is:read");
    says("unread != \"no\" and age between 0:7", "is:unread after:7d");
    says("( author =~ \"Jane Doe\" ) and title !~ \"sponsored\"",
         "author:\"Jane Doe\" -title:sponsored");
    says("feedtitle = \"The Letter\"", "feed:\"The Letter\"");
    says("age < 3", "after:2d");
    says("age > 30 and flags != \"\"", "before:30d is:bookmarked");
    says("age between 7:14", "after:14d before:7d");
    says("enclosure_type =~ \"audio/.*\" AND unread=\"yes\"", "has:audio is:unread");
}

static void queries_that_cannot_be_said_are_handed_back(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "unread",
        "unread = \"yes",
        "unread = \"yes\" or age < 3",
        "title =~ \"a|b\"",
        "title = \"whole\"",
        "tags # \"news\"",
        "rssurl =~ \"x\"",
        "(unread = \"yes\"",
        "unread = \"yes\")",
        "age between 7",
        "age between 9:3",
        "unread = \"yes\" and",
        "title =~ \"say \\\"x\\\"\"",
        "flags =~ \"a\"",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct buf out = {0};
        const char *why = NULL;
        buf_str(&out, "before");
        if (newsboat_query(none[i], &out, &why))
            fail_msg("%s: %s", none[i], out.data);
        assert_non_null(why);
        assert_string_equal(out.data, "before"); // nothing half
        buf_free(&out);
    }
}

// ---- lists ----

static void list(struct subs *s, struct buf *out)
{
    for (size_t i = 0; i < s->n; i++)
        buf_printf(out, "%s|%s|%s\n", s->items[i].url, s->items[i].title ? s->items[i].title : "",
                   s->items[i].tags[0] ? s->items[i].tags[0] : "");
    for (size_t i = 0; i < s->nskipped; i++)
        buf_printf(out, "- %d|%s\n", s->skipped[i].line, s->skipped[i].what);
}

static void reads(const char *text, const char *format, const char *expected)
{
    struct subs *s = NULL;
    struct err e = ERR_INIT;
    struct buf out = {0};
    if (!subs_read(text, strlen(text), &s, &e))
        fail_msg("%s", e.msg);
    list(s, &out);
    assert_string_equal(buf_cstr(&out), expected);
    assert_string_equal(s->format, format);
    subs_free(s);
    buf_free(&out);
}

static void sfeedrc_is_read_and_never_run(void **state)
{
    (void)state;
    reads("#sfeedpath=\"$HOME/.sfeed/feeds\"\n"
          "feeds() {\n"
          "\t# feed <name> <feedurl> [basesiteurl] [encoding]\n"
          "\tfeed \"One \\\"Letter\\\"\" \"https://a.example/feed\" \"https://a.example\"\n"
          "\tfeed 'it'\\''s' https://b.example/x?y=1\n"
          "\tfeed \"$(rm -rf /)\" \"https://c.example\"\n"
          "\tfeed \"d\" \"https://$HOST/feed\"\n"
          "\tfeed \"e\" `date`\n"
          "\tfeed alone\n"
          "\tfeed \"over\ntwo lines\" \"https://f.example\"\n"
          "\tfeed \"g\" \"https://g.example\" # remark\n"
          "\tfeed \"no end\n",
          "sfeedrc",
          "https://a.example/feed|One \"Letter\"|\n"
          "https://b.example/x?y=1|it's|\n"
          "https://f.example|over two lines|\n"
          "https://g.example|g|\n"
          "- 6|feed\n- 7|d\n- 8|e\n- 9|alone\n- 13|feed\n");
}

static void newsraft_feeds(void **state)
{
    (void)state;
    reads("# mine\nhttps://a.example/1 \"A Letter\" [30]\n@ News [60] {100}\n"
          "https://b.example/2 [10]\n$(cat ~/feed.xml) \"Local\"\n"
          "https://c.example/3 \"C\" < reload-period 20 >\n@\nhttps://d.example/4\nwhat is this\n",
          "newsraft feeds",
          "https://a.example/1|A Letter|\nhttps://b.example/2||News\nhttps://c.example/3|C|News\n"
          "https://d.example/4||\n- 5|$(cat ~/feed.xml) \"Local\"\n- 9|what\n");
}

// ---- items ----

static void sfeed_lines(void **state)
{
    (void)state;
    static const char tsv[] =
        "1750000000\tOne\thttps://a.example/1\t<p>a\\tb\\nc\\\\d</p>\thtml\tid1\tJane\t"
        "https://a.example/1.mp3\tx|y\n"
        "\tTwo\thttps://a.example/2\ttext\tplain\t\t\t\t\n"
        "99999999999999999999999999\tThree\thttps://a.example/3\n"
        "no tabs at all\n\n\t\t\n"
        "5\t\t\t\t\tonly an id\n";
    struct arena *a = arena_new();
    size_t n, bad;
    struct foreign_item *it = sfeed_items(tsv, sizeof tsv - 1, a, &n, &bad);
    assert_int_equal(n, 4);
    assert_int_equal(bad, 2);
    assert_int_equal(it[0].published, 1750000000);
    assert_string_equal(it[0].content, "<p>a\tb\nc\\d</p>");
    assert_int_equal(it[0].content_len, strlen("<p>a\tb\nc\\d</p>"));
    assert_false(it[0].plain);
    assert_int_equal(it[0].nenclosures, 1);
    assert_true(it[1].plain);
    assert_int_equal(it[2].published, 0);
    assert_string_equal(it[3].guid, "only an id");
    arena_free(a);
}

static void newsraft_columns(void **state)
{
    (void)state;
    static const char s[] = "\x1F^\x1Furl=https://a.example/1\x1Ftype=audio/mpeg"
                            "\x1F^\x1Fother=1\x1F^\x1Furl=https://a.example/2\x1Furl=3";
    static const char *const keys[] = {"url", "type"};
    const char *v[2];
    struct arena *a = arena_new();
    size_t at = 0;
    assert_true(newsraft_group(s, sizeof s - 1, &at, keys, 2, v, a));
    assert_string_equal(v[0], "https://a.example/1");
    assert_string_equal(v[1], "audio/mpeg");
    assert_true(newsraft_group(s, sizeof s - 1, &at, keys, 2, v, a));
    assert_string_equal(v[0], "https://a.example/2");
    assert_null(v[1]);
    assert_true(newsraft_group(s, sizeof s - 1, &at, keys, 2, v, a));
    assert_string_equal(v[0], "3");
    assert_false(newsraft_group(s, sizeof s - 1, &at, keys, 2, v, a));
    arena_free(a);
}

// An item is who a fetch of its feed would have made it: guids that readers make up are let go.
static void items_are_who_their_feed_says(void **state)
{
    (void)state;
    static const struct foreign_item items[] = {
        {.guid = "tag:a,1", .url = "https://a.example/1", .title = "A &amp; B", .html_title = true},
        {.guid = "https://a.example/2Mon, 03 Mar 2025 10:00:00 +0000",
         .url = "https://a.example/2",
         .title = "A &amp; B"},
        {.guid = "https://a.example/3#c", .url = "https://a.example/3", .title = "3"},
        {.url = "https://a.example/4", .title = "4", .published = -5},
        {.guid = "bad \xFF bytes", .title = "\xC3(", .content = "x\xF0\x9F", .content_len = 3},
        {.guid = NULL},
    };
    enum { N = sizeof items / sizeof *items };
    const struct foreign_feed f = {.url = "https://a.example/feed", .title = "Letters &#38; Co"};
    struct feed_update *u = foreign_update(&f, items, N);
    assert_int_equal(u->nentries, N);
    assert_string_equal(u->title, "Letters & Co");
    assert_string_equal(u->entries[0].guid, "tag:a,1");
    assert_string_equal(u->entries[0].title, "A & B");
    assert_string_equal(u->entries[1].guid, "https://a.example/2");
    assert_string_equal(u->entries[1].title, "A &amp; B");
    assert_string_equal(u->entries[2].guid, "https://a.example/3#c");
    assert_string_equal(u->entries[3].guid, "https://a.example/4");
    assert_int_equal(u->entries[3].published, 0);
    assert_non_null(strstr(u->entries[4].guid, "bad"));
    assert_non_null(u->entries[5].guid);
    feed_free(u);
}

// ---- places ----

static void touch(const char *dir, const char *name, const char *text)
{
    struct err e = ERR_INIT;
    char *path = path_join(dir, name);
    assert_true(path_make_dir(dir, &e));
    assert_true(buf_write_file(path, text, strlen(text), 0600, &e));
    free(path);
}

static void found(const char *name, const char *dir, const char *cache)
{
    struct foreign_place p;
    const char *home = getenv("HOME");
    assert_true(foreign_find(name, &p));
    assert_int_equal(strncmp(p.dir, home, strlen(home)), 0);
    assert_string_equal(p.dir + strlen(home), dir);
    if (cache)
        assert_string_equal(p.cache + strlen(home), cache);
    else
        assert_null(p.cache);
    foreign_place_free(&p);
}

static char *below(const char *name)
{
    return path_join(getenv("HOME"), name);
}

static void readers_are_found_where_they_keep_their_things(void **state)
{
    (void)state;
    const char *tmp = getenv("LECTERN_TMP");
    char *home = mem_printf("%s/home.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(home));
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("SFEED_URL_FILE");
    struct foreign_place p;
    const char *name;
    assert_false(foreign_find(NULL, &p));
    assert_null(foreign_home(&name));

    char *sfeed = below(".sfeed"), *feeds = below(".sfeed/feeds"), *old = below(".newsbeuter"),
         *dot = below(".newsboat"), *conf = below(".config/newsboat"),
         *data = below(".local/share/newsboat"), *else_where = below("else");
    touch(sfeed, "sfeedrc", "feeds() {\n");
    touch(feeds, "x", "");
    touch(sfeed, "urls", "https://a.example\n");
    found(NULL, "/.sfeed", "/.sfeed/feeds");
    assert_true(foreign_look(sfeed, NULL, &p)); // not newsboat's, for all its `urls`
    assert_string_equal(p.name, "sfeed");
    assert_non_null(p.read);
    foreign_place_free(&p);

    touch(old, "urls", "https://a.example\n");
    found(NULL, "/.newsbeuter", NULL);
    touch(dot, "urls", "https://a.example\n");
    touch(dot, "cache.db", "");
    found(NULL, "/.newsboat", "/.newsboat/cache.db");
    found("newsbeuter", "/.newsbeuter", NULL);
    touch(conf, "urls", "https://a.example\n");
    touch(data, "cache.db", "");
    found("newsboat", "/.config/newsboat", "/.local/share/newsboat/cache.db");
    assert_true(foreign_look(conf, NULL, &p)); // the folder of the list named: the other is found
    assert_non_null(p.cache);
    foreign_place_free(&p);
    touch(else_where, "my.db", "");
    touch(conf, "config", "# mine\ncache-file \"~/else/my.db\"\nbrowser lynx\n");
    found("newsboat", "/.config/newsboat", "/else/my.db");
    char *shown = foreign_home(&name);
    assert_string_equal(shown, "~/.config/newsboat");
    assert_string_equal(name, "newsboat");
    free(shown);
    assert_false(foreign_look(else_where, NULL, &p));
    assert_false(foreign_find("newsraft", &p));
    assert_true(foreign_is_name("newsraft"));
    assert_false(foreign_is_name("news"));
    free(sfeed);
    free(feeds);
    free(old);
    free(dot);
    free(conf);
    free(data);
    free(else_where);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_are_said_in_words_of_a_sieve),
        cmocka_unit_test(queries_that_cannot_be_said_are_handed_back),
        cmocka_unit_test(sfeedrc_is_read_and_never_run),
        cmocka_unit_test(newsraft_feeds),
        cmocka_unit_test(sfeed_lines),
        cmocka_unit_test(newsraft_columns),
        cmocka_unit_test(items_are_who_their_feed_says),
        cmocka_unit_test(readers_are_found_where_they_keep_their_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
