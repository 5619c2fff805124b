// Articles out of pages. tests/golden/extract/NAME.html is a page of some kind, NAME.truth the
// words of its article as a person marked them, NAME.md what Lectern takes out of it
// (LECTERN_GOLDEN=write writes that anew: read the difference before keeping it).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/extract.h"
#include "lectern/mem.h"
#include "lectern/write.h"

static struct extract take(const char *html, const struct extract_source *src)
{
    struct extract x = {0};
    struct err e = ERR_INIT;
    if (!extract_page(html, strlen(html), src, &x, &e))
        fail_msg("%s", e.msg);
    if (!doc_check(x.doc, &e))
        fail_msg("%s", e.msg);
    return x;
}

#define P1                                                                                   \
    "<p>The mill stood for two hundred years beside the river, and in all that time nobody " \
    "asked what it was for, since everyone who lived there knew.</p>"
#define P2                                                                                     \
    "<p>When it closed, the question came up at once, in three meetings, two letters and one " \
    "court, and by then there was nobody left to answer it.</p>"

static void facts_come_from_the_head(void **state)
{
    (void)state;
    static const char page[] =
        "<html lang=en><head><title>The Mill | The Slow Review</title>"
        "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[{"
        "\"@type\":\"NewsArticle\",\"headline\":\"The Mill\",\"author\":[{\"name\":\"Ada "
        "Moss\"},{\"name\":\"Ben Orr\"}],\"datePublished\":\"2026-11-18T08:00:00Z\","
        "\"publisher\":{\"name\":\"The Slow Review\"},\"image\":{\"url\":\"/i/mill.jpg\"}}]}"
        "</script><link rel=canonical href=https://slow.example/mill></head><body>"
        "<nav><a href=/>Home</a> <a href=/a>About us</a></nav><article><h1>The Mill</h1>" P1 P2
        "<div class=related><a href=/x>Another story</a></div></article></body></html>";
    const struct extract_source src = {.url = "https://slow.example/mill?from=feed"};
    struct extract x = take(page, &src);
    assert_string_equal(x.doc->title, "The Mill");
    assert_string_equal(x.doc->author, "Ada Moss, Ben Orr");
    assert_string_equal(x.doc->date, "2026-11-18T08:00:00Z");
    assert_string_equal(x.doc->url, "https://slow.example/mill");
    assert_string_equal(x.site, "The Slow Review");
    assert_string_equal(x.image, "https://slow.example/i/mill.jpg");
    assert_false(x.paywalled);
    struct buf text = {0};
    write_text(&text, x.doc);
    assert_null(strstr(text.data, "Another story"));
    assert_null(strstr(text.data, "About us"));
    assert_non_null(strstr(text.data, "The mill stood"));
    assert_non_null(strstr(text.data, "nobody left to answer it."));
    buf_free(&text);
    extract_free(&x);
}

static void a_selector_of_ones_own_decides(void **state)
{
    (void)state;
    static const char page[] = "<html><body><div id=a>" P1 P1 P1 "</div><div id=b><p>Short.</p>"
                               "<p class=x>Not this.</p></div></body></html>";
    struct extract_source src = {.url = "https://e.example/", .keep = "#b", .remove = ".x"};
    struct extract x = take(page, &src);
    struct buf text = {0};
    write_text(&text, x.doc);
    assert_string_equal(text.data, "Short.\n");
    extract_free(&x);
    struct err e = ERR_INIT;
    src.keep = "div[";
    assert_false(extract_page(page, sizeof page - 1, &src, &x, &e));
    assert_non_null(strstr(e.msg, "div["));
    buf_free(&text);
}

static void pages_without_an_article_are_told(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "", "<html><body></body></html>",
        "<html><body><div id=root></div><noscript>Please switch on JavaScript to read this page, "
        "which is made of nothing else.</noscript></body></html>",
        "<html><body><ul><li><a href=/1>A first story that is told elsewhere</a><li><a "
        "href=/2>A second story that is told elsewhere</a><li><a href=/3>A third story, told "
        "elsewhere as well</a></ul></body></html>"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct extract x;
        struct err e = ERR_INIT;
        assert_false(extract_page(pages[i], strlen(pages[i]), NULL, &x, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
    }
}

static void a_wall_is_told(void **state)
{
    (void)state;
    static const char page[] =
        "<html><head><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
        "\"headline\":\"The Mill\",\"isAccessibleForFree\":\"False\"}</script></head><body>"
        "<main>" P1 P2 "<div class=paywall-box><p>Subscribe to continue reading</p></div></main>"
        "</body></html>";
    struct extract x = take(page, NULL);
    assert_true(x.paywalled);
    assert_true(x.doc->preview);
    assert_non_null(x.why);
    struct buf text = {0};
    write_text(&text, x.doc);
    assert_null(strstr(text.data, "Subscribe to continue"));
    buf_free(&text);
    extract_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_from_the_head),
        cmocka_unit_test(a_selector_of_ones_own_decides),
        cmocka_unit_test(pages_without_an_article_are_told),
        cmocka_unit_test(a_wall_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
