// The parts of the fetcher that need no server: addresses, times, essays in files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/robots.h"
#include "fetch/address.h"
#include "fetch/file.h"
#include "fetch/schedule.h"
#include "lectern/fetch.h"
#include "lectern/mem.h"

static void what_is_typed_becomes_an_address(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *url;
    } table[] = {
        {"https://example.org/feed", "https://example.org/feed"},
        {"  example.org \n", "https://example.org"},
        {"example.org:8080/feed", "https://example.org:8080/feed"},
        {"HTTP://Example.org/A", "http://Example.org/A"},
        {"feed:https://example.org/rss", "https://example.org/rss"},
        {"feed://example.org/rss", "https://example.org/rss"},
        {"FEED:example.org/rss", "https://example.org/rss"},
        {"localhost:8080/x", "http://localhost:8080/x"},
        {"127.0.0.1/x", "http://127.0.0.1/x"},
        {"https://example.org/p/1#part", "https://example.org/p/1"},
        {"https://user:word@example.org/feed", "https://user:word@example.org/feed"},
        {"quiet.substack.com", "https://quiet.substack.com/feed"},
        {"https://quiet.substack.com/", "https://quiet.substack.com/feed"},
        {"https://quiet.substack.com/p/return",
         "https://quiet.substack.com/p/return"}, // an essay may be meant
        {"lectern:sample", "lectern:sample"},
        {"/", "file:///"},
        {"file:///", "file:///"},
        {"https://example.org/a\x01\xe2\x80\xae"
         "b",
         "https://example.org/ab"},
        {"", NULL},
        {"   ", NULL},
        {"nonsense", NULL},
        {"ftp://example.org/", NULL},
        {"javascript:alert(1)", NULL},
        {"mailto:a@example.org", NULL},
        {"file://elsewhere/etc", NULL},
        {"/no/such/file/here", NULL},
        {"http://", NULL},
        {"http:///path", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *url = NULL;
        struct err e = ERR_INIT;
        bool ok = fetch_address(table[i].typed, &url, &e);
        if (ok != (table[i].url != NULL))
            fail_msg("'%s': %s", table[i].typed, ok ? url : e.msg);
        if (ok)
            assert_string_equal(url, table[i].url);
        else
            assert_true(*e.msg && !url);
        free(url);
    }
}

static void paths_go_both_ways(void **state)
{
    (void)state;
    static const char *const paths[] = {"/a", "/a b/c%d#e?f", "/Übung/ä.xml", "/new\nline"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *url = address_of_path(paths[i]), *back = address_path(url);
        assert_string_equal(back, paths[i]);
        assert_null(strpbrk(url + 7, " \n#?"));
        free(url);
        free(back);
    }
    assert_null(address_path("http://example.org/"));
    assert_null(address_path("file://host/x"));
}

static void houses_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *page, *feed;
    } table[] = {
        {"https://quiet.substack.com/p/return", "https://quiet.substack.com/feed"},
        {"https://substack.com/@quiet", "https://quiet.substack.com/feed"},
        {"https://open.substack.com/pub/quiet/p/return?r=1", "https://quiet.substack.com/feed"},
        {"https://quiet.substack.com/feed", NULL},
        {"https://medium.com/@ada/essay-1", "https://medium.com/feed/@ada"},
        {"https://ada.medium.com/", "https://ada.medium.com/feed"},
        {"https://buttondown.email/ada/archive/", "https://buttondown.com/ada/rss"},
        {"https://ada.tumblr.com/post/1", "https://ada.tumblr.com/rss"},
        {"https://ada.blogspot.co.uk/2026/02/x.html",
         "https://ada.blogspot.co.uk/feeds/posts/default"},
        {"https://ada.ghost.io/essay", "https://ada.ghost.io/rss/"},
        {"https://ada.wordpress.com", "https://ada.wordpress.com/feed/"},
        {"https://www.youtube.com/channel/UC123/videos",
         "https://www.youtube.com/feeds/videos.xml?channel_id=UC123"},
        {"https://www.reddit.com/r/letters/top", "https://www.reddit.com/r/letters/.rss"},
        {"https://example.org/blog", NULL},
        {"https://notsubstack.com/@x", NULL},
        {"https://ada.wordpress.com/atom.xml", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *feed = address_site(table[i].page);
        if (table[i].feed)
            assert_string_equal(feed, table[i].feed);
        else if (feed)
            fail_msg("%s -> %s", table[i].page, feed);
        free(feed);
    }
}

enum { HOUR = 3600, DAY = 86400 };

static void feeds_are_asked_when_they_wish(void **state)
{
    (void)state;
    const int64_t now = 1770076800; // Tuesday 2026-02-03, midnight UTC
    struct schedule s = {.now = now, .interval = HOUR};
    assert_int_equal(schedule_good(&s), now + HOUR);
    s.fresh = 60; // a leave, not a wish
    assert_int_equal(schedule_good(&s), now + HOUR);
    s.fresh = 5 * HOUR;
    s.ttl = 2 * HOUR;
    assert_int_equal(schedule_good(&s), now + 5 * HOUR);
    s.ttl = 400 * DAY;
    assert_int_equal(schedule_good(&s), now + DAY);
    s.own = 600;
    assert_int_equal(schedule_good(&s), now + 600);
    s = (struct schedule){.now = now, .interval = HOUR, .skip_hours = 1u << 1 | 1u << 2};
    assert_int_equal(schedule_good(&s), now + 3 * HOUR);
    s = (struct schedule){.now = now, .interval = HOUR, .skip_days = 1u << 2};
    assert_int_equal(schedule_good(&s), now + DAY);
    s = (struct schedule){.now = now, .interval = HOUR, .skip_hours = 0xFFFFFF, .skip_days = 0x7F};
    assert_int_equal(schedule_good(&s), now + HOUR);
}

static void failures_double_the_wait(void **state)
{
    (void)state;
    const int64_t now = 1770076800;
    int64_t different = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        int64_t middle = 600;
        for (int n = 1; n < 40; n++) {
            struct schedule s = {.now = now, .interval = HOUR, .failures = n, .seed = seed};
            int64_t wait = schedule_failed(&s) - now;
            assert_true(wait >= middle * 8 / 10 && wait <= middle * 12 / 10);
            assert_int_equal(schedule_failed(&s) - now, wait);
            different += wait != middle;
            middle = middle * 2 > DAY ? DAY : middle * 2;
        }
    }
    assert_true(different > 1500); // jitter
    struct schedule s = {
        .now = now, .interval = HOUR, .failures = 1, .retry_after = now + 7 * HOUR};
    assert_int_equal(schedule_failed(&s), now + 7 * HOUR);
}

static void essays_are_read_from_files(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        const char *title, *author, *tag, *content, *url, *guid;
        int64_t published;
        bool draft;
    } table[] = {
        {"a.md",
         "---\ntitle: 'It''s quiet'   \nauthor: \"Ada \\\"A\\\" Moss\"\ndate: 2026-02-03\ntags:\n  "
         "- margins\n  - print\nurl: "
         "https://example.org/a # here\n---\n\n# It's quiet\n\nText.\n",
         "It's quiet", "Ada \"A\" Moss", "margins", "Text.\n", "https://example.org/a", "a.md",
         1770076800, false},
        {"b.md",
         "+++\ntitle = \"Toml\"\ndate = 2026-02-03T00:00:00Z\ndraft = true\nid = "
         "\"b-1\"\n+++\nBody\n",
         "Toml", NULL, NULL, "Body\n", NULL, "b-1", 1770076800, true},
        {"deep/2026-02-03-on-margins_and-more.md", "Only text.\n", "On margins and more", NULL,
         NULL, "Only text.\n", NULL, "deep/2026-02-03-on-margins_and-more.md", 1770076800, false},
        {"c.md", "\xef\xbb\xbf# Heading #\r\n\r\nText.\r\n", "Heading", NULL, NULL, "Text.\n", NULL,
         "c.md", 0, false},
        {"d.md", "Under\n=====\nText", "Under", NULL, NULL, "Text", NULL, "d.md", 0, false},
        {"e.md", "---\nno end of it\n\ntext\n", "E", NULL, NULL, "---\nno end of it\n\ntext\n",
         NULL, "e.md", 0, false},
        {"f.md", "---\nlayout: post\ntitle:\n---\n## Not the title\n", "F", NULL, NULL,
         "## Not the title\n", NULL, "f.md", 0, false},
        {"g.md", "", "G", NULL, NULL, "", NULL, "g.md", 0, false},
        {"h.md", "---\nauthors: [Ada, 'Ben']\ntags: x, y\nurl: javascript:alert(1)\n---\nx", "H",
         "Ada", "x", "x", NULL, "h.md", 0, false},
        {"i.md", "---\n---\nx", "I", NULL, NULL, "x", NULL, "i.md", 0, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *a = arena_new();
        struct feed_entry en;
        bool draft;
        folder_essay(a, table[i].name, table[i].text, strlen(table[i].text), &en, &draft);
        assert_string_equal(en.title, table[i].title);
        assert_string_equal(en.content, table[i].content);
        assert_string_equal(en.guid, table[i].guid);
        assert_int_equal(en.published, table[i].published);
        assert_int_equal(draft, table[i].draft);
        assert_int_equal(en.nauthors > 0, table[i].author != NULL);
        if (table[i].author)
            assert_string_equal(en.authors[0].name, table[i].author);
        assert_int_equal(en.ncategories > 0, table[i].tag != NULL);
        if (table[i].tag)
            assert_string_equal(en.categories[0], table[i].tag);
        if (table[i].url)
            assert_string_equal(en.url, table[i].url);
        else
            assert_null(en.url);
        arena_free(a);
    }
}

static void robots_are_heard(void **state)
{
    (void)state;
    static const char text[] = "# hello\nUser-agent: evil\nDisallow: /\n\nUser-Agent : a\n"
                               "User-agent: *\nDisallow: /private # not this\nAllow: /private/p\n"
                               "Disallow: /*.pdf$\nDisallow:\nCrawl-delay: 1\n"
                               "Sitemap: https://e.example/map.xml\r\nsitemap:/second";
    static const struct {
        const char *path;
        bool allowed;
    } cases[] = {{"/", true},
                 {"/private", false},
                 {"/private/x", false},
                 {"/private/p", true},
                 {"/a/b.pdf", false},
                 {"/a/b.pdf?x", true},
                 {"", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *url = mem_printf("https://e.example%s", cases[i].path);
        if (robots_allow(text, url) != cases[i].allowed)
            fail_msg("%s", url);
        free(url);
    }
    assert_false(robots_allow("User-agent: *\nAllow: /\nUser-agent: Lectern\nDisallow: /",
                              "https://e.example/"));
    assert_true(robots_allow("<html>nothing: here</html>", "https://e.example/"));
    assert_true(robots_allow("User-agent: *\nDisallow: /*a*a*a*a*b",
                             "https://e.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    char *first = robots_sitemap(text, 0), *second = robots_sitemap(text, 1);
    assert_string_equal(first, "https://e.example/map.xml");
    assert_string_equal(second, "/second");
    assert_null(robots_sitemap(text, 2));
    free(first);
    free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(robots_are_heard),
        cmocka_unit_test(what_is_typed_becomes_an_address),
        cmocka_unit_test(paths_go_both_ways),
        cmocka_unit_test(houses_are_known),
        cmocka_unit_test(feeds_are_asked_when_they_wish),
        cmocka_unit_test(failures_double_the_wait),
        cmocka_unit_test(essays_are_read_from_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
