// What a page offers: its feeds, best first.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/feed.h"

static void check(const char *html, const char *url, const char *want)
{
    struct feed_candidates *c = feed_discover(html, html ? strlen(html) : 0, url);
    struct buf got = {0};
    for (size_t i = 0; i < c->n; i++)
        if (!c->items[i].guess)
            buf_printf(&got, "%s%s", got.len ? " " : "", c->items[i].url);
    assert_string_equal(buf_cstr(&got), want);
    buf_free(&got);
    feed_candidates_free(c);
}

static void links_of_the_head_are_ranked(void **state)
{
    (void)state;
    check("<html><head><link rel=\"alternate\" type=\"application/rss+xml\" title=\"Site &raquo; "
          "Comments Feed\" "
          "href=\"https://w.example/comments/feed/\"/><LINK REL='alternate' "
          "TYPE='application/rss+xml' "
          "title='Site &raquo; Feed' HREF='/feed/'><link rel=alternate type=application/json "
          "href=/wp-json/1>"
          "<link rel=\"alternate\" hreflang=\"fr\" href=\"/fr\"></head>",
          "https://w.example/2026/a-page/",
          "https://w.example/feed/ https://w.example/comments/feed/");
    check("<link rel=alternate type=application/feed+json href=feed.json><link rel=\"alternate\" "
          "type=\"application/rss+xml\" href=rss.xml><link rel=\"alternate\" "
          "type=\"application/atom+xml\" href=atom.xml>",
          "https://j.example/blog/",
          "https://j.example/blog/atom.xml https://j.example/blog/rss.xml "
          "https://j.example/blog/feed.json");
    check(
        "<base href='https://b.example/x/'><link rel=alternate type=application/rss+xml href=feed>",
        "https://a.example/", "https://b.example/x/feed");
    check("<!-- <link rel=alternate type=application/rss+xml href=/old> --><script>'<link "
          "rel=alternate "
          "type=application/rss+xml href=/js>'</script><a href='/blog/feed/'>RSS</a>",
          "https://c.example/", "https://c.example/blog/feed/");
    check("<link rel=alternate type=application/rss+xml href='javascript:alert(1)'><link "
          "rel=alternate "
          "type=application/rss+xml href='file:///etc/passwd'>",
          "https://d.example/", "");
}

static void platforms_are_known(void **state)
{
    (void)state;
    check(NULL, "https://substack.com/@name", "https://name.substack.com/feed");
    check(NULL, "https://name.substack.com/p/slug?utm=1", "https://name.substack.com/feed");
    check(NULL, "https://open.substack.com/pub/name/p/slug", "https://name.substack.com/feed");
    check("<script type=module src=\"https://substackcdn.com/bundle/x.js\"></script>",
          "https://own.example/p/slug", "https://own.example/feed");
    check("<meta name=generator content='Ghost 5.8'>", "https://g.example/an-essay/",
          "https://g.example/rss/");
    check(NULL, "https://medium.com/@name/an-essay-123", "https://medium.com/feed/@name");
    check(NULL, "https://name.medium.com/an-essay", "https://name.medium.com/feed");
    check(NULL, "https://buttondown.email/name/archive/x/", "https://buttondown.com/name/rss");
    check(NULL, "https://name.tumblr.com/post/1", "https://name.tumblr.com/rss");
    check(NULL, "https://name.blogspot.com/2026/01/x.html",
          "https://name.blogspot.com/feeds/posts/default");
    check("<script>var x={\"externalId\":\"UC0123456789abcdefghij-_\",\"y\":1}</script>      ",
          "https://www.youtube.com/@someone",
          "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghij-_");
}

static void common_paths_come_last(void **state)
{
    (void)state;
    struct feed_candidates *c = feed_discover("", 0, "https://p.example/a/b");
    static const char *const want[] = {"feed",      "rss",     "atom.xml", "feed.xml",
                                       "index.xml", "rss.xml", "feed.json"};
    assert_int_equal(c->n, sizeof want / sizeof *want);
    for (size_t i = 0; i < c->n; i++) {
        assert_true(c->items[i].guess);
        assert_int_equal(strncmp(c->items[i].url, "https://p.example/", 18), 0);
        assert_string_equal(c->items[i].url + 18, want[i]);
    }
    feed_candidates_free(c);
    c = feed_discover("<a href=x>", 10, NULL);
    assert_int_equal(c->n, 0);
    feed_candidates_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_of_the_head_are_ranked),
        cmocka_unit_test(platforms_are_known),
        cmocka_unit_test(common_paths_come_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
