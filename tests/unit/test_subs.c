// Lists of subscriptions: OPML, newsboat's urls file, plain lists; and OPML out and in again.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/subs.h"

// "url|title|tag,tag" a line, then "- line|what|why" for what was skipped.
static char *told(const struct subs *s)
{
    struct buf b = {0};
    for (size_t i = 0; i < s->n; i++) {
        buf_printf(&b, "%s|%s|", s->items[i].url, s->items[i].title ? s->items[i].title : "");
        for (const char **t = s->items[i].tags; *t; t++)
            buf_printf(&b, t == s->items[i].tags ? "%s" : "+%s", *t);
        buf_char(&b, '\n');
    }
    for (size_t i = 0; i < s->nskipped; i++)
        buf_printf(&b, "- %d|%s|%s\n", s->skipped[i].line, s->skipped[i].what, s->skipped[i].why);
    return buf_take(&b, NULL);
}

static void reads(const char *bytes, const char *format, const char *want)
{
    struct subs *s = NULL;
    struct err e = ERR_INIT;
    if (!subs_read(bytes, strlen(bytes), &s, &e))
        fail_msg("not read: %s", e.msg);
    assert_string_equal(s->format, format);
    char *got = told(s);
    assert_string_equal(got, want);
    free(got);
    subs_free(s);
}

static void opml_folders_and_categories_are_tags(void **state)
{
    (void)state;
    reads("<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><head><title>x</title></head><body>\n"
          "<outline text=\"essays\"><outline text=\"Slow &amp; Letters\" "
          "xmlUrl=\"https://a.example/feed\" "
          "category=\"/letters/long,week\"/>\n"
          "<outline text=\"deep\"><outline title=\"B\" "
          "xmlurl=\"https://b.example/feed\"/></outline></outline>\n"
          "<outline text=\"A again\" xmlUrl=\"https://a.example/feed\" category=\"more\"/>\n"
          "<outline text=\"no address\"/>\n"
          "</body></opml>",
          "OPML",
          "https://a.example/feed|Slow & Letters|essays+letters+long+week+more\n"
          "https://b.example/feed|B|essays+deep\n"
          "- 6|no address|it has no address of a feed\n");
}

static void broken_opml_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    reads("<opml><body><outline text=\"Q&A\" xmlUrl=\"https://a.example/?x=1&y=2\"/><outline "
          "text=\"cut",
          "OPML", "https://a.example/?x=1&y=2|Q&A|\n- 1|cut|it has no address of a feed\n");
}

static void newsboat_urls(void **state)
{
    (void)state;
    reads("# mine\r\nhttps://a.example/feed essays \"~The \\\"A\\\" Letter\" !hidden ! \"two "
          "words\"\n"
          "\"query:unread:unread = \\\"yes\\\"\"\nexec:~/bin/feed.sh tag\n"
          "https://b.example/feed # remark\nhttps://a.example/feed late\nwhat is this\n",
          "newsboat urls",
          "https://a.example/feed|The \"A\" Letter|essays+two words+late\n"
          "https://b.example/feed||\n"
          "- 4|exec:~/bin/feed.sh|it starts a program, which Lectern does not: `PROGRAM | lectern "
          "ingest NAME` brings it in\n"
          "- 7|what|it is no address\n");
}

static void plain_lists(void **state)
{
    (void)state;
    reads("https://a.example/feed\n\n  example.org\n./letters.xml\n", "a list of addresses",
          "https://a.example/feed||\nexample.org||\n./letters.xml||\n");
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const none[] = {"", "words only, no address\n",
                                       "<html><body>page</body></html>", "<", "# only\n"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct subs *s = NULL;
        struct err e = ERR_INIT;
        assert_false(subs_read(none[i], strlen(none[i]), &s, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_null(s);
    }
}

static void entities_load_nothing(void **state)
{
    (void)state;
    reads("<!DOCTYPE opml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><opml><body>"
          "<outline text=\"&x;t\" xmlUrl=\"https://a.example/\"/></body></opml>",
          "OPML", "https://a.example/|&x;t|\n");
}

static void out_and_in_again(void **state)
{
    (void)state;
    const char *one[] = {"essays", "a/b", "week", NULL}, *none[] = {NULL},
               *two[] = {"x & <y>", NULL};
    const struct sub items[] = {{"https://a.example/?a=1&b=\"2\"", "A <b> & \"c\"", one},
                                {"https://b.example/", NULL, none},
                                {"https://c.example/", "C", two}};
    struct buf b = {0};
    subs_write_opml(&b, items, 3, 1795000000);
    assert_non_null(strstr(b.data, "<dateCreated>Wed, 18 Nov 2026"));
    struct subs *s = NULL;
    struct err e = ERR_INIT;
    assert_true(subs_read(b.data, b.len, &s, &e));
    assert_int_equal(s->n, 3);
    assert_int_equal(s->nskipped, 0);
    for (size_t i = 0; i < s->n; i++) {
        const struct sub *want = items;
        while (strcmp(want->url, s->items[i].url) != 0)
            want++;
        assert_string_equal(s->items[i].title, want->title ? want->title : want->url);
        size_t n = 0;
        for (const char **t = s->items[i].tags; *t; t++, n++) {
            bool found = false;
            for (const char **u = want->tags; *u; u++)
                found |= strcmp(*t, *u) == 0 || strstr(*u, *t) != NULL;
            assert_true(found);
        }
        size_t wanted = 0;
        for (const char **u = want->tags; *u; u++)
            wanted++;
        assert_int_equal(n, wanted);
    }
    subs_free(s);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opml_folders_and_categories_are_tags),
        cmocka_unit_test(broken_opml_is_read_as_far_as_it_goes),
        cmocka_unit_test(newsboat_urls),
        cmocka_unit_test(plain_lists),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(entities_load_nothing),
        cmocka_unit_test(out_and_in_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
