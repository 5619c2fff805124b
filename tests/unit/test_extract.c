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

static char *html_of(const struct extract *x)
{
    struct buf b = {0};
    write_html(&b, x->doc);
    return buf_take(&b, NULL);
}

static void the_post_in_a_script_stands_in_for_the_page(void **state)
{
    (void)state;
    static const char page[] =
        "<html><body><div id=entry></div><script>window._preloads        = JSON.parse(\"{"
        "\\\"pub\\\":{\\\"name\\\":\\\"Mill Letters\\\"},\\\"post\\\":{\\\"title\\\":\\\"The "
        "Mill\\\",\\\"audience\\\":\\\"only_paid\\\",\\\"hidden\\\":true,\\\"publishedBylines\\\":["
        "{"
        "\\\"name\\\":\\\"Ada Moss\\\"}],\\\"body_html\\\":\\\"<p>The mill stood for two hundred "
        "years beside the river.</p>\\\"}}\")</script></body></html>";
    struct extract x = take(page, NULL);
    assert_string_equal(x.doc->title, "The Mill");
    assert_string_equal(x.doc->author, "Ada Moss");
    assert_string_equal(x.site, "Mill Letters");
    assert_true(x.paywalled);
    assert_true(x.doc->preview);
    char *html = html_of(&x);
    assert_non_null(strstr(html, "two hundred years"));
    free(html);
    extract_free(&x);
}

static void the_largest_picture_that_is_hidden_is_found(void **state)
{
    (void)state;
    static const char page[] =
        "<html><body><article>" P1
        "<p><img src='data:image/gif;base64,x' data-src='/lazy.jpg' alt='One'></p>"
        "<p><img src='/blank.gif' alt='Two'><noscript><img src='/plain.jpg'></noscript></p>"
        "<p><picture><source srcset='/s.webp 400w, /l.webp 1600w, /huge.webp 9000w'><img "
        "alt='Three'></picture></p><p><img srcset='/a,b.jpg 1x, /c,d.jpg 2x' alt='Four'></p>" P2
        "</article></body></html>";
    const struct extract_source src = {.url = "https://e.example/x"};
    struct extract x = take(page, &src);
    char *html = html_of(&x);
    static const char *const found[] = {"https://e.example/lazy.jpg", "https://e.example/plain.jpg",
                                        "https://e.example/l.webp", "https://e.example/c,d.jpg"};
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        if (!strstr(html, found[i]))
            fail_msg("%s is not in %s", found[i], html);
    free(html);
    extract_free(&x);
}

static void the_next_part_is_told_and_the_next_post_is_not(void **state)
{
    (void)state;
    static const char *const links[][2] = {
        {"/story/mill?page=2", "https://e.example/story/mill?page=2"},
        {"/story/mill/2", "https://e.example/story/mill/2"},
        {"/story/another-mill", NULL}};
    const struct extract_source src = {.url = "https://e.example/story/mill"};
    for (size_t i = 0; i < 3; i++) {
        char *page = mem_printf("<html><head><link rel=next href='%s'></head><body><article>" P1 P2
                                "</article></body></html>",
                                links[i][0]);
        struct extract x = take(page, &src);
        char *html = html_of(&x);
        assert_int_equal(x.next != NULL, links[i][1] != NULL);
        if (x.next)
            assert_string_equal(x.next, links[i][1]);
        assert_int_equal(strstr(html, "one page of several") != NULL, x.next != NULL);
        free(html);
        free(page);
        extract_free(&x);
    }
}

static void notes_outside_of_the_article_are_its_own(void **state)
{
    (void)state;
    static const char page[] =
        "<html><body><div class=text>" P1 P2 "<p>The court was right<a id=r1 href='#n1'>1</a>, and "
        "nobody thanked it, then or later.</p></div><div class=aside-notes><ol><li id=n1>It sat on "
        "a Sunday. <a href='#r1'>back</a></li></ol></div></body></html>";
    struct extract x = take(page, NULL);
    assert_int_equal(x.doc->nnotes, 1);
    assert_int_not_equal(x.doc->notes[0].block, DOC_NONE);
    extract_free(&x);
}

static void selectors_are_read_or_refused(void **state)
{
    (void)state;
    static const char *const good[] = {
        "p", ".a",     "#b",         "div.a.b",    "main > p",  "div p a",
        "*", "[role]", "[class^=x]", "p, .q , #r", "[id$='y']", "div > [data-testid~=\"z\"]"};
    static const char *const bad[] = {"",
                                      ",",
                                      "p,",
                                      "> p",
                                      "p >",
                                      "p > > q",
                                      "nosuch",
                                      "[nosuch]",
                                      "p[",
                                      "p:first",
                                      "a a a a a a a a a",
                                      "[class=]"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!extract_selector_ok(good[i], NULL))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = ERR_INIT;
        if (extract_selector_ok(bad[i], &e))
            fail_msg("taken: %s", bad[i]);
        assert_true(*e.msg);
    }
}

// Where work grew with the square of a page these would not end.
static void traps_end(void **state)
{
    (void)state;
    static const char *const units[] = {
        "<div>",
        "<div>a, b and some more words here to count, ",
        "<header><b></b>x",
        "<h2>Related<a href=/x>",
        "<h3>12 Comments</h3><p>x</p>",
        "<div class='share related'>x</div>",
        "<i></i><div class=byline>R",
        "<div><time>2026</time> By Ada</div>",
        "<script>window._preloads = JSON.parse(\"",
        "<sup><a href='#n' id=r>1</a></sup><p>Text, text.</p>",
        "<picture><source srcset='/a 1w, /b 2w'><img></picture><noscript><img src=/x></noscript>",
        "<div class=paywall>Subscribe to continue reading</div>",
    };
    enum { SIZE = 200000 };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct buf b = {0};
        buf_str(&b, "<html><body>" P1 P2);
        while (b.len < SIZE)
            buf_str(&b, units[i]);
        const struct extract_source src = {.url = "https://e.example/x",
                                           .remove = "div div .x > p"};
        struct extract x = {0};
        struct err e = ERR_INIT;
        if (extract_page(b.data, b.len, &src, &x, &e)) {
            assert_true(doc_check(x.doc, &e));
            extract_free(&x);
        } else {
            assert_int_equal(e.kind, ERR_FORMAT);
        }
        buf_free(&b);
    }
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
        cmocka_unit_test(the_post_in_a_script_stands_in_for_the_page),
        cmocka_unit_test(the_largest_picture_that_is_hidden_is_found),
        cmocka_unit_test(the_next_part_is_told_and_the_next_post_is_not),
        cmocka_unit_test(notes_outside_of_the_article_are_its_own),
        cmocka_unit_test(selectors_are_read_or_refused),
        cmocka_unit_test(traps_end),
        cmocka_unit_test(pages_give_their_articles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
