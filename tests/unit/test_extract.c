// Articles out of pages. tests/golden/extract/NAME.html is a page of some kind, NAME.truth the
// words of its article as a person marked them, NAME.md what Lectern takes out of it
// (LECTERN_GOLDEN=write writes that anew: read the difference before keeping it).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
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

// ---- the pages ----

static void add(struct buf *b, const char *name, const char *value)
{
    if (value)
        buf_printf(b, "%s: %s\n", name, value);
}

static char *shown(const struct extract *x)
{
    struct buf b = {0};
    add(&b, "title", x->doc->title);
    add(&b, "subtitle", x->doc->subtitle);
    add(&b, "byline", x->doc->author);
    add(&b, "date", x->doc->date);
    add(&b, "site", x->site);
    add(&b, "language", x->doc->language);
    add(&b, "url", x->doc->url);
    add(&b, "image", x->image);
    add(&b, "next", x->next);
    add(&b, "why", x->why);
    buf_printf(&b, "%s%s%s, %u words\n\n", x->paywalled ? "paywalled, " : "",
               x->doc->preview ? "a preview, " : "", extract_trust_name(x->trust), x->doc->words);
    write_markdown(&b, x->doc, false);
    return buf_take(&b, NULL);
}

// All that a person marked is there, in its order.
static void has_all_of(const char *name, const struct doc *d, const struct buf *truth)
{
    struct buf text = {0};
    for (uint32_t i = 0; i < d->nblocks; i++)
        if (doc_is_leaf((enum block_kind)d->blocks[i].kind)) {
            buf_add(&text, d->text + d->blocks[i].off, d->blocks[i].len);
            buf_char(&text, '\n');
        }
    for (const char *s = buf_cstr(truth); *s;) {
        size_t n = strcspn(s, "\n");
        if (n > 60) { // a note's mark may stand at the end of a paragraph
            char *line = mem_strndup(s, n);
            if (!memmem(text.data, text.len, line, n))
                fail_msg("%s: missing: %s", name, line);
            free(line);
        }
        s += n + (s[n] == '\n');
    }
    buf_free(&text);
}

static void pages_give_their_articles(void **state)
{
    (void)state;
    static const char dir[] = "tests/golden/extract";
    bool writing = getenv("LECTERN_GOLDEN") != NULL;
    struct dirent **files;
    int n = scandir(dir, &files, NULL, alphasort), seen = 0;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        size_t len = strlen(files[i]->d_name);
        bool page = len > 5 && strcmp(files[i]->d_name + len - 5, ".html") == 0;
        char *name = mem_strndup(files[i]->d_name, page ? len - 5 : 0);
        free(files[i]);
        if (page) {
            struct err e = ERR_INIT;
            struct buf html = {0}, truth = {0}, want = {0};
            char *path = mem_printf("%s/%s.html", dir, name),
                 *gold = mem_printf("%s/%s.md", dir, name),
                 *marked = mem_printf("%s/%s.truth", dir, name),
                 *url = mem_printf("https://%s.example/p/%s", name, name);
            if (!buf_read_file(&html, path, 1 << 20, &e) ||
                !buf_read_file(&truth, marked, 1 << 20, &e))
                fail_msg("%s", e.msg);
            const struct extract_source src = {.url = url};
            struct extract x = {0};
            if (!extract_page(html.data, html.len, &src, &x, &e) || !doc_check(x.doc, &e))
                fail_msg("%s: %s", name, e.msg);
            char *got = shown(&x);
            if (writing && !buf_write_file(gold, got, strlen(got), 0644, &e))
                fail_msg("%s", e.msg);
            if (!buf_read_file(&want, gold, 1 << 20, &e))
                fail_msg("%s", e.msg);
            assert_string_equal(got, want.data);
            has_all_of(name, x.doc, &truth);
            extract_free(&x);
            buf_free(&html);
            buf_free(&truth);
            buf_free(&want);
            free(got);
            free(path);
            free(gold);
            free(marked);
            free(url);
            seen++;
        }
        free(name);
    }
    free(files);
    assert_true(seen >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_from_the_head),
        cmocka_unit_test(a_selector_of_ones_own_decides),
        cmocka_unit_test(pages_without_an_article_are_told),
        cmocka_unit_test(a_wall_is_told),
        cmocka_unit_test(pages_give_their_articles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
