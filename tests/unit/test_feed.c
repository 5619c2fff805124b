// Feeds of every format, vocabulary, encoding and breakage: tests/golden/feed/NAME.(xml|json|bin)
// is what came in, NAME.out what Lectern makes of it, as `lectern parse` prints it.
// LECTERN_REGENERATE=1 writes the .out files anew (look at the difference before you keep it). A
// file NAME.type holds the Content-Type it was sent with.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "feed/markup.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

static const char *root(void)
{
    const char *r = getenv("LECTERN_ROOT");
    return r ? r : ".";
}

static struct feed_update *parse(const char *s, size_t len, const char *type)
{
    const struct feed_source src = {.url = "https://feeds.example/here/feed.xml",
                                    .content_type = type};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    return feed_parse(s, len, &src, &u, &e) ? u : NULL;
}

static struct feed_update *parse_str(const char *s)
{
    struct feed_update *u = parse(s, strlen(s), NULL);
    assert_non_null(u);
    return u;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void one_golden(const char *dir, const char *name)
{
    struct err e = ERR_INIT;
    struct buf in = {0}, type = {0}, want = {0}, got = {0};
    const char *dot = strrchr(name, '.');
    char *path = mem_printf("%s/%s", dir, name);
    char *out = mem_printf("%s/%.*s.out", dir, (int)(dot - name), name);
    char *label = mem_printf("%s/%.*s.type", dir, (int)(dot - name), name);
    assert_true(buf_read_file(&in, path, 1 << 24, &e));
    buf_read_file(&type, label, 1000, NULL);
    type.len = strcspn(buf_cstr(&type), "\n");
    if (type.data)
        type.data[type.len] = '\0';
    const struct feed_source src = {.url = "https://feeds.example/here/feed.xml",
                                    .content_type = type.data};
    struct feed_update *u = NULL;
    if (feed_parse(buf_cstr(&in), in.len, &src, &u, &e))
        feed_write_json(&got, u);
    else
        buf_printf(&got, "error: %s\n", e.msg);
    feed_free(u);
    const char *anew = getenv("LECTERN_REGENERATE");
    if (anew && *anew)
        assert_true(buf_write_file(out, got.data, got.len, 0644, &e));
    if (!buf_read_file(&want, out, 1 << 24, &e))
        fail_msg("%s", e.msg);
    if (want.len != got.len || memcmp(want.data, got.data, got.len) != 0) {
        print_error("%s: what came out is not what %s says:\n%s", name, out, got.data);
        fail();
    }
    assert_true(utf8_valid(got.data, got.len));
    buf_free(&in);
    buf_free(&type);
    buf_free(&want);
    buf_free(&got);
    free(path);
    free(out);
    free(label);
}

static void goldens(void **state)
{
    (void)state;
    char *dir = mem_printf("%s/tests/golden/feed", root());
    DIR *d = opendir(dir);
    assert_non_null(d);
    char *names[500];
    size_t n = 0;
    for (struct dirent *f; (f = readdir(d)) && n < 500;) {
        const char *dot = strrchr(f->d_name, '.');
        if (dot && (!strcmp(dot, ".xml") || !strcmp(dot, ".json") || !strcmp(dot, ".bin")))
            names[n++] = mem_strdup(f->d_name);
    }
    closedir(d);
    assert_true(n > 0);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        one_golden(dir, names[i]);
        free(names[i]);
    }
    free(dir);
}

// ---- titles: what the author typed ----
static void titles_are_what_was_typed(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *title;
    } table[] = {
        {"<![CDATA[Isn&#8217;t it]]>", "Isn’t it"},
        {"Isn&#8217;t it", "Isn’t it"},
        {"Isn&amp;#8217;t it", "Isn’t it"},
        {"Isn&amp;amp;#8217;t it", "Isn’t it"},
        {"Isn&rsquo;t it", "Isn’t it"},
        {"AT&amp;T", "AT&T"},
        {"AT&T", "AT&T"},
        {"AT&amp;amp;T", "AT&T"},
        {"<![CDATA[AT&T]]>", "AT&T"},
        {"&lt;em&gt;Very&lt;/em&gt; new", "Very new"},
        {"<![CDATA[<em>Very</em> new]]>", "Very new"},
        {"&amp;lt;em&amp;gt;Very&amp;lt;/em&amp;gt; new", "Very new"},
        {"5 &lt; 6", "5 < 6"},
        {"<![CDATA[5 < 6 and 7 > 2]]>", "5 < 6 and 7 > 2"},
        {"vector&lt;int&gt; and you", "vector<int> and you"},
        {"The &amp;lt;b&amp;gt; tag", "The <b> tag"},
        {"<em>Naked</em> markup", "Naked markup"},
        {"one<![CDATA[ two]]> three", "one two three"},
        {"  many\n\t blanks ", "many blanks"},
        {"<![CDATA[a<br/>b]]>", "a b"},
        {"<![CDATA[R&D &copy 2020]]>", "R&D &copy 2020"},
        {"\xe2\x80\xaereversed", "reversed"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *doc =
            mem_printf("<rss version='2.0'><channel><item><title>%s</title></item></channel></rss>",
                       table[i].xml);
        struct feed_update *u = parse_str(doc);
        assert_int_equal(u->nentries, 1);
        assert_string_equal(u->entries[0].title, table[i].title);
        feed_free(u);
        free(doc);
    }
}

static void addresses_resolve_as_rfc_3986_says(void **state)
{
    (void)state;
    static const struct {
        const char *ref, *want;
    } table[] = {
        // section 5.4, base http://a/b/c/d;p?q
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"https://E.org/X", "https://e.org/X"},
        {"g h\n", "http://a/b/c/gh"},
        {"javascript:alert(1)", NULL},
        {"mailto:a@b", NULL},
        {"file:///etc/passwd", NULL},
        {"http:///nohost", NULL},
        {"g|\"<>", "http://a/b/c/g%7C%22%3C%3E"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *got = feed_resolve("http://a/b/c/d;p?q", table[i].ref);
        if (table[i].want)
            assert_string_equal(got, table[i].want);
        else
            assert_null(got);
        free(got);
    }
    assert_null(feed_resolve(NULL, "/relative"));
    assert_null(feed_resolve("file:///x", "y"));
}

// ---- hostile documents ----
static void entities_are_never_declared_or_fetched(void **state)
{
    (void)state;
    struct feed_update *u =
        parse_str("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
                  "'&a;&a;&a;&a;&a;&a;&a;&a;'>"
                  "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY x SYSTEM 'file:///etc/passwd'>"
                  "<!ENTITY % p SYSTEM 'http://127.0.0.1:1/evil.dtd'> %p;]>"
                  "<rss "
                  "version='2.0'><channel><title>&c;</title><item><title>&x;</"
                  "title><description>&c;&x;</description>"
                  "<link>https://e.example/&x;</link></item></channel></rss>");
    assert_string_equal(u->title, "&c;");
    assert_string_equal(u->entries[0].title, "&x;");
    assert_null(
        strstr(u->entries[0].content ? u->entries[0].content : u->entries[0].summary, "root:"));
    feed_free(u);
}

static void depth_and_length_are_bounded(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_str(&b,
            "<rss version='2.0'><channel><title>Deep</title><item><title>One</title><description>");
    for (int i = 0; i < 100000; i++)
        buf_str(&b, "<b>");
    struct feed_update *u = parse_str(b.data);
    assert_true(u->cut_short);
    assert_string_equal(u->title, "Deep");
    feed_free(u);
    buf_clear(&b);
    for (int i = 0; i < 2000000; i++)
        buf_str(&b, "<a>");
    assert_null(parse(b.data, b.len, NULL));
    buf_clear(&b);
    buf_str(&b, "<rss>");
    for (int i = 0; i < 300000; i++)
        buf_str(&b, "<x><![CDATA[<!-- <? <!DOCTYPE [ ");
    u = parse(b.data, b.len, NULL);
    assert_non_null(u);
    feed_free(u);
    buf_clear(&b);
    buf_str(&b, "<rss ");
    for (int i = 0; i < 100000; i++) // each would be compared with each
        buf_printf(&b, "a%d=\"x\" ", i);
    buf_str(&b, "version=\"2.0\"><channel><title>Many</title></channel></rss>");
    u = parse(b.data, b.len, NULL);
    assert_string_equal(u->title, "Many");
    feed_free(u);
    buf_free(&b);
}

static void every_cut_gives_whole_entries(void **state)
{
    (void)state;
    static const char doc[] =
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Cut</title>"
        "<item><title>One</title><guid>1</guid><description><![CDATA[<p>First</p>]]></"
        "description></item>"
        "<item><title>Two &amp; more</title><guid>2</guid><description>Second</description></item>"
        "<item><title>Three</title><guid>3</guid></item></channel></rss>";
    for (size_t len = 60; len < sizeof doc - 1; len++) {
        struct feed_update *u = parse(doc, len, NULL);
        assert_non_null(u);
        assert_true(u->cut_short);
        assert_true(u->nentries <= 3);
        for (size_t i = 0; i < u->nentries; i++) {
            assert_int_equal(u->entries[i].guid[0], '1' + (int)i);
            assert_non_null(u->entries[i].title);
        }
        const char *ended = strstr(doc, "</item>");
        size_t whole = 0;
        for (; ended && (size_t)(ended - doc) + 7 <= len; ended = strstr(ended + 1, "</item>"))
            whole++;
        assert_int_equal(u->nentries, whole);
        feed_free(u);
    }
}

static void what_is_no_feed_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *doc, *says;
    } table[] = {
        {"", "empty"},
        {" \n ", "empty"},
        {"<!DOCTYPE html><html><head></head></html>", "web page"},
        {"<?xml version='1.0'?><!-- x --><html xmlns='http://www.w3.org/1999/xhtml'/>", "web page"},
        {"<opml version='2.0'/>", "OPML"},
        {"<urlset/>", "sitemap"},
        {"<note><to>you</to></note>", "<note>"},
        {"{\"a\": 1}", "no JSON Feed"},
        {"{\"a\": ", "looks like JSON"},
        {"%PDF-1.4 xx", "PDF"},
        {"just words", "plain text"},
        {"<", "no element"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct feed_update *u = NULL;
        struct err e = ERR_INIT;
        assert_false(feed_parse(table[i].doc, strlen(table[i].doc), NULL, &u, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_null(u);
        if (!strstr(e.msg, table[i].says))
            fail_msg("\"%s\" does not say \"%s\"", e.msg, table[i].says);
    }
}

static void *many(void *arg)
{
    for (int i = 0; i < 50; i++) {
        struct feed_update *u = parse(arg, strlen(arg), NULL);
        if (!u || u->nentries != 1 || strcmp(u->entries[0].title, "A & B") != 0)
            return arg;
        feed_free(u);
    }
    return NULL;
}

static void threads_share_nothing(void **state)
{
    (void)state;
    char doc[] = "<rss version='2.0'><channel><item><title>A &amp; "
                 "B</title><guid>g</guid></item></channel></rss>";
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, many, doc), 0);
    for (int i = 0; i < 4; i++) {
        void *bad;
        pthread_join(t[i], &bad);
        assert_null(bad);
    }
}

// The quick count against the plain reading of its rule: a word is a stretch without blanks and
// tags that has a letter or a digit in it.
static uint32_t count_plainly(const char *s, size_t len, bool html)
{
    uint32_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        if (html && s[i] == '<') {
            inside = inside && s[i + 1] == 'e'; // <em> is within a word, <p> is not
            i += strcspn(s + i, ">");
        } else if (strchr(" \t\n\v\f\r", s[i])) {
            inside = false;
        } else if (isalnum((unsigned char)s[i])) {
            words += !inside;
            inside = true;
        }
    }
    return words;
}

static void words_are_counted_alike_at_every_place(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",  "word", " ",   "\n",   "-",       ", ", "7",
                                         "\"", "<em>", "<p>", "\t\r", "long'er", ".",  "  "};
    uint32_t seed = 7;
    for (int round = 0; round < 4000; round++) {
        struct buf b = {0};
        size_t want = (size_t)round % 300;
        bool html = round % 2, one = round % 7 == 0;
        while (b.len < want) {
            seed = seed * 1664525 + 1013904223;
            const char *piece = pieces[(seed >> 16) % 14];
            if (one || (!html && *piece == '<'))
                piece = (seed >> 30) ? "x" : " ";
            buf_str(&b, piece);
        }
        struct markup_facts f;
        markup_facts(buf_cstr(&b), b.len, html, &f);
        assert_int_equal(f.words, count_plainly(buf_cstr(&b), b.len, html));
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goldens),
        cmocka_unit_test(titles_are_what_was_typed),
        cmocka_unit_test(addresses_resolve_as_rfc_3986_says),
        cmocka_unit_test(entities_are_never_declared_or_fetched),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(every_cut_gives_whole_entries),
        cmocka_unit_test(what_is_no_feed_is_named),
        cmocka_unit_test(threads_share_nothing),
        cmocka_unit_test(words_are_counted_alike_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
