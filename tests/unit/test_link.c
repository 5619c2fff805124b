// Addresses as a document keeps them: what only tracks is gone, redirects lead straight to where
// they lead, what cannot be followed is no address, and nothing else is touched.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "text/html.h"

static const char base[] = "https://letters.example/p/the-essay";

struct row {
    const char *from, *to; // to: NULL if it is to stay as it is, "" if it is none
};

static void check_rows(const struct row *rows, size_t n)
{
    struct buf out = {0};
    for (size_t i = 0; i < n; i++) {
        const char *want = rows[i].to ? rows[i].to : rows[i].from;
        bool ok = link_clean(&out, rows[i].from, base);
        if (ok != (*want != '\0') || (ok && strcmp(buf_cstr(&out), want) != 0))
            fail_msg("%s\n  is:     %s\n  should: %s", rows[i].from, ok ? out.data : "no address",
                     *want ? want : "no address");
    }
    buf_free(&out);
}
#define ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void trackers_go(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"https://e.org/a?utm_source=x&utm_medium=email", "https://e.org/a"},
        {"https://e.org/a?b=1&utm_source=x&c=2#part", "https://e.org/a?b=1&c=2#part"},
        {"https://e.org/a?UTM_Source=x&b=1", "https://e.org/a?b=1"},
        {"https://e.org/a?b=1&amp;utm_source=x&amp;c=2", "https://e.org/a?b=1&c=2"},
        {"https://e.org/?fbclid=1&gclid=2&dclid=3&msclkid=4&yclid=5", "https://e.org/"},
        {"https://e.org/?mc_cid=1&mc_eid=2&mkt_tok=3&_hsenc=4&_hsmi=5", "https://e.org/"},
        {"https://e.org/?vero_id=1&oly_enc_id=2&igshid=3&s_cid=4&wickedid=5&__s=6",
         "https://e.org/"},
        {"https://e.org/?_bhlid=1&ck_subscriber_id=2&ref_src=twsrc&_gl=1*2&srsltid=3",
         "https://e.org/"},
        {"https://e.org/?ns_mchannel=rss&ns_campaign=x&id=7", "https://e.org/?id=7"},
        {"https://e.org/a#xtor=RSS-1", "https://e.org/a"},
        {"https://e.org/a#utm_source=x", "https://e.org/a"},
        // of one house, there only
        {"https://www.youtube.com/watch?v=abc&si=1&t=30&feature=shared",
         "https://www.youtube.com/watch?v=abc&t=30"},
        {"https://youtu.be/abc?si=123", "https://youtu.be/abc"},
        {"https://open.spotify.com/episode/1?si=2", "https://open.spotify.com/episode/1"},
        {"https://e.org/?si=units", NULL},
        {"https://x.com/ada/status/1?s=20&t=abc", "https://x.com/ada/status/1"},
        {"https://twitter.com/search?q=ink&s=20", NULL},
        {"https://e.org/?s=ink&t=1", NULL},
        {"https://ada.substack.com/p/ink?r=1a2b&isFreemail=true&token=x.y&post_id=1",
         "https://ada.substack.com/p/ink"},
        {"https://letters.example/p/ink?isFreemail=true&r=1a2b", "https://letters.example/p/ink"},
        {"https://e.org/list?r=1&token=2", NULL},
        {"https://medium.com/lamps/on-1?source=rss----1---4&sk=friend",
         "https://medium.com/lamps/on-1?sk=friend"},
        {"https://e.org/?source=paper", NULL},
        {"https://www.amazon.co.uk/dp/1?ref_=x&pf_rd_r=1&tag=ada-20",
         "https://www.amazon.co.uk/dp/1?tag=ada-20"},
        // Ghost signs links with the letter's own name
        {"https://paper.example/m?ref=letters.example", "https://paper.example/m"},
        {"https://paper.example/m?ref=letters-newsletter", "https://paper.example/m"},
        {"https://github.com/a/b?ref=main", NULL},
        {"https://e.org/m?ref=other.example", NULL},
        // what looks like one and is none
        {"https://e.org/?utmost=1", NULL},
        {"https://e.org/?q=utm_source%3Dx", NULL},
        {"https://e.org/a?x", NULL},
        {"https://e.org/a#t=utm_source", NULL},
    };
    ROWS(rows);
}

static void redirects_are_unwrapped(void **state)
{
    (void)state;
#define T "https://e.org/a?b=1"
#define Q "https%3A%2F%2Fe.org%2Fa%3Fb%3D1"
    static const struct row rows[] = {
        {"https://www.google.com/url?q=" Q "&sa=D&ust=1", T},
        {"https://www.google.de/url?sa=t&url=" Q "&usg=1", T},
        {"https://google.evil.example/url?q=" Q, NULL},
        {"https://l.facebook.com/l.php?u=" Q "%26fbclid%3DX&h=y", T},
        {"https://www.facebook.com/l.php?u=" Q, T},
        {"https://l.instagram.com/?u=" Q "&e=x", T},
        {"https://l.threads.net/?u=" Q "&e=x", T},
        {"https://t.umblr.com/redirect?z=" Q "&t=NDk&b=x", T},
        {"https://href.li/?https://e.org/a?b=1", T},
        {"https://medium.com/r/?url=" Q, T},
        {"https://medium.com/m/global-identity-2?redirectUrl=" Q, T},
        {"https://slack-redir.net/link?url=" Q, T},
        {"https://steamcommunity.com/linkfilter/?u=" Q, T},
        {"https://steamcommunity.com/linkfilter/?url=" Q, T},
        {"https://vk.com/away.php?to=" Q, T},
        {"https://duckduckgo.com/l/?uddg=" Q "&rut=1", T},
        {"https://www.youtube.com/redirect?event=x&q=" Q, T},
        {"https://out.reddit.com/t3_1?url=" Q "&token=x", T},
        {"https://www.linkedin.com/safety/go?url=" Q "&trk=x", T},
        {"https://link.zhihu.com/?target=" Q, T},
        {"https://gate.sc/?url=" Q "&token=1", T},
        {"https://disq.us/url?url=" Q "%3AkXy_1&cuid=1", T},
        {"https://cdn.embedly.com/widgets/media.html?src=x&url=" Q "&schema=y", T},
        {"https://eur01.safelinks.protection.outlook.com/?url=" Q "&data=05&reserved=0", T},
        {"https://eur01.safelinks.protection.outlook.com/ap/w-59584e83/?url=" Q, T},
        // mail filters, each with an alphabet of its own
        {"https://urldefense.proofpoint.com/v2/url?u=https-3A__e.org_a-3Fb-3D1&d=Dw", T},
        {"https://urldefense.com/v3/__https://e.org/a?b=1__;!!tok!x$", T},
        {"https://urldefense.com/v3/__https:/e.org/a?b=1__;!!tok!x$", T},
        {"https://urldefense.com/v3/__https://e.org/a*b__;Iw!!tok", "https://e.org/a#b"},
        {"https://urldefense.com/v3/__https://e.org/**Bb__;Iyst!!tok", "https://e.org/#+-b"},
        // the target as a piece of the path
        {"https://x1.r.eu-west-1.awstrack.me/L0/https:%2F%2Fe.org%2Fa%3Fb=1/1/0102/s=9", T},
        {"https://tracking.tldrnewsletter.com/CL0/https:%2F%2Fe.org%2Fa%3Fb=1/1/01/s=9", T},
        {"https://click.convertkit-mail2.com/1a/2b/aHR0cHM6Ly9lLm9yZy9hP2I9MQ==", T},
        {"https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9lLm9yZy9hP2I9MSIsInAiOjF9.sig", T},
        // one in another
        {"https://www.google.com/url?q=https%3A%2F%2Fhref.li%2F%3Fhttps%3A%2F%2Fe.org%2Fx",
         "https://e.org/x"},
        // nothing plain in them: they stay
        {"https://lnkd.in/abc", NULL},
        {"https://substack.com/redirect/0a1b2c3d-1111?j=eyJ1IjoiYSJ9", NULL},
        {"https://substack.com/redirect/2/bm90aGluZw", NULL},
        {"https://letters.us1.list-manage.com/track/click?u=1&id=2", NULL},
        {"https://click.convertkit-mail2.com/1a/2b/3c", NULL},
        {"https://www.google.com/url?q=javascript:alert(1)", NULL},
        {"https://www.google.com/url?q=%2Frelative", NULL},
        {"https://www.google.com/search?q=" Q, NULL},
        {"https://e.org/url?q=" Q, NULL},
        {"https://notgoogle.com/url?q=" Q, NULL},
        {"https://urldefense.com/v3/__https://e.org/a*b__;!!tok", NULL},
    };
    ROWS(rows);
}

static void what_nobody_can_follow_is_no_address(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"javascript:alert(1)", ""},
        {"data:text/html,x", ""},
        {"{{ subscribe_form }}", ""},
        {"*|UNSUB|*", ""},
        {"%%unsubscribe_url%%", ""},
        {"[unsubscribe_url]", ""},
        {"<<Archive URL>>", ""},
        {"", ""},
        {"mailto:ada@e.org?subject=x", "mailto:ada@e.org"},
        {"/about", "https://letters.example/about"},
        {"//e.org/a", "https://e.org/a"},
        {"#note", NULL},
        {"https://letters.example/p/the-essay#note", "#note"},
    };
    ROWS(rows);
}

static void counters_are_no_pictures(void **state)
{
    (void)state;
    static const char *const counters[] = {
        "https://pixel.wp.com/b.gif?host=x",
        "https://stats.wordpress.com/b.gif",
        "http://feeds.wordpress.com/1.0/comments/a.wordpress.com/1/",
        "https://medium.com/_/stat?event=post.clientViewed",
        "http://feeds.feedburner.com/~r/Letters/~4/abc",
        "https://blogger.googleusercontent.com/tracker/1-2?l=letters",
        "https://letters.us1.list-manage.com/track/open.php?u=1",
        "https://link.mail.beehiiv.com/v1/o/abc/o.gif",
        "https://eotrx.substackcdn.com/open?token=x",
        "https://open.convertkit-mail2.com/abc",
        "https://buttondown.com/t/o/abc.gif",
        "https://www.google-analytics.com/collect?v=1",
    };
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        if (!link_is_pixel(counters[i]))
            fail_msg("%s is a counter", counters[i]);
    assert_false(link_is_pixel("https://e.org/stat.png"));
    assert_false(link_is_pixel("https://blogger.googleusercontent.com/img/a/x=s320"));
    assert_false(link_is_pixel("https://feeds.e.org/open?token=x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trackers_go),
        cmocka_unit_test(redirects_are_unwrapped),
        cmocka_unit_test(what_nobody_can_follow_is_no_address),
        cmocka_unit_test(counters_are_no_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
