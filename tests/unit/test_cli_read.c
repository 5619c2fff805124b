// `lectern read` as people run it: every shape and kind, from a file, a pipe and the library;
// whole pages, encodings, what is missing, and styles that go only where they are asked for.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "../support/library.h"
#include "../support/program.h"

static char *library; // with one bookmark, made once

// Runs `lectern read`; a shell takes the words. Returns the exit code; out: both of its outputs.
static int read_words(struct buf *out, const char *words)
{
    char *line = mem_printf("--library '%s' read %s", library, words);
    int code = program_run(line, out, NULL);
    free(line);
    return code;
}

// The same with bytes on standard input.
static int read_pipe(struct buf *out, const char *bytes, size_t len, const char *words)
{
    char *path = program_path("read-input");
    struct err e = ERR_INIT;
    if (!buf_write_file(path, bytes, len, 0600, &e))
        fail_msg("%s", e.msg);
    const char *bin = getenv("LECTERN_BIN");
    char *line =
        mem_printf("'%s' read - %s <'%s' 2>&1", bin ? bin : "build/main/lectern", words, path);
    FILE *p = popen(line, "r");
    assert_non_null(p);
    buf_clear(out);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, p)) > 0;)
        buf_add(out, piece, n);
    buf_reserve(out, 0);
    int status = pclose(p);
    unlink(path);
    free(path);
    free(line);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int read_string(struct buf *out, const char *s, const char *words)
{
    return read_pipe(out, s, strlen(s), words);
}

static void is(const struct buf *out, const char *want)
{
    assert_string_equal(buf_cstr(out), want);
}

static void says(const struct buf *out, const char *part)
{
    if (!strstr(buf_cstr(out), part))
        fail_msg("'%s' is not in:\n%s", part, buf_cstr(out));
}

static void says_not(const struct buf *out, const char *part)
{
    if (strstr(buf_cstr(out), part))
        fail_msg("'%s' is in:\n%s", part, buf_cstr(out));
}

static void every_format(void **state)
{
    (void)state;
    static const char essay[] =
        "<h2>On tea</h2><p>It is <em>hot</em>, see <a href=\"/p/two\">two</a>.</p>";
    struct buf b = {0};
    assert_int_equal(read_string(&b, essay, "--width 30"), 0);
    is(&b, " On tea\n\n It is hot, see two.\n");
    assert_int_equal(read_string(&b, essay, "--format lines --width 30"), 0);
    is(&b, " On tea\n\n It is hot, see two.\n");
    assert_int_equal(read_string(&b, essay, "--format text"), 0);
    is(&b, "On tea\n\nIt is hot, see two.\n");
    assert_int_equal(
        read_string(&b, essay, "--format markdown --url https://letters.example/p/one"), 0);
    is(&b, "# On tea\n\nIt is *hot*, see [two](https://letters.example/p/two).\n");
    assert_int_equal(read_string(&b, essay, "--format html --url https://letters.example/p/one"),
                     0);
    is(&b, "<h1>On tea</h1>\n<p>It is <em>hot</em>, see <a "
           "href=\"https://letters.example/p/two\">two</a>.</p>\n");
    assert_int_equal(read_string(&b, essay, "--format doc"), 0);
    is(&b, "heading 1 [0,6)\n  | On tea\nparagraph [7,26)\n  | It is <em>hot</em>, see two.\n");
    buf_free(&b);
}

static void every_kind(void **state)
{
    (void)state;
    static const char both[] = "*one* <b>two</b>";
    struct buf b = {0};
    assert_int_equal(read_string(&b, both, "--from html --format html"), 0);
    is(&b, "<p>*one* <strong>two</strong></p>\n");
    assert_int_equal(read_string(&b, both, "--from markdown --format html"), 0);
    is(&b, "<p><em>one</em> <strong>two</strong></p>\n");
    assert_int_equal(read_string(&b, both, "--from text --format html"), 0);
    is(&b, "<p>*one* &lt;b&gt;two&lt;/b&gt;</p>\n");
    buf_free(&b);
}

// What it is: the option first, then the name's ending, then its look.
static void kinds_by_name_and_look(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes, *want;
    } all[] = {
        {"read-a.md", "<i>x</i> **y**", "<p><em>x</em> <strong>y</strong></p>\n"},
        {"read-a.MARKDOWN", "1 **y**", "<p>1 <strong>y</strong></p>\n"},
        {"read-a.txt", "**y** <i>x</i>", "<p>**y** &lt;i&gt;x&lt;/i&gt;</p>\n"},
        {"read-a.html", "**y**", "<p>**y**</p>\n"},
        {"read-a.htm", "**y**", "<p>**y**</p>\n"},
        {"read-look1", "<p>a</p><p>b</p>", "<p>a</p>\n<p>b</p>\n"},
        {"read-look2", "# A\n\nb **c**", "<h1>A</h1>\n<p>b <strong>c</strong></p>\n"},
        {"read-look3", "plain\n\nwords", "<p>plain</p>\n<p>words</p>\n"},
        {"read-look4", "see [it](https://e.example/)",
         "<p>see <a href=\"https://e.example/\">it</a></p>\n"},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *path = program_file(all[i].name, all[i].bytes),
             *words = mem_printf("'%s' --format html", path);
        assert_int_equal(read_words(&b, words), 0);
        is(&b, all[i].want);
        unlink(path);
        free(path);
        free(words);
    }
    char *path = program_file("read-a.md", "**y**"),
         *words = mem_printf("'%s' --from text --format html", path);
    assert_int_equal(read_words(&b, words), 0);
    is(&b, "<p>**y**</p>\n");
    unlink(path);
    free(path);
    free(words);
    buf_free(&b);
}

static void a_whole_page(void **state)
{
    (void)state;
    static const char page[] =
        "<!doctype html><html lang=en><head><title>Tea | Letters</title>"
        "<meta property=\"og:title\" content=\"On tea\"><meta name=author content=\"A. Leaf\">"
        "<meta property=article:published_time content=2026-04-09>"
        "<style>p{color:red}</style></head><body><nav><a href=/>Home</a></nav>"
        "<article><h1>On tea</h1><p>Water first.</p></article>"
        "<footer>All rights reserved</footer><script>track()</script></body></html>";
    struct buf b = {0};
    assert_int_equal(read_string(&b, page, "--width 40"), 0);
    is(&b, "  On tea\n\n  A. Leaf · 9 April 2026 · 1 min\n\n  Water first.\n");
    assert_int_equal(read_string(&b, page, "--format markdown"), 0);
    says(&b, "title: \"On tea\"\n");
    says(&b, "author: \"A. Leaf\"\n");
    says(&b, "\nWater first.\n");
    says_not(&b, "Home");
    says_not(&b, "rights");
    buf_free(&b);
}

static void encodings(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } all[] = {
#define BYTES(s) {s, sizeof s - 1}
        BYTES("<p>caf\xe9 \x97 tea</p>"), // says nothing: Windows'
        BYTES("<meta charset=utf-8><p>caf\xc3\xa9 \xe2\x80\x94 tea</p>"),
        BYTES("<meta charset=\"iso-8859-1\"><p>caf\xe9 \x97 tea</p>"),
        BYTES("<meta http-equiv=Content-Type content=\"text/html; "
              "charset=macintosh\"><p>caf\x8e \xd1 tea</p>"),
        BYTES("\xef\xbb\xbf<p>caf\xc3\xa9 \xe2\x80\x94 tea</p>"),
        BYTES("\xff\xfe<\0p\0>\0c\0a\0f\0\xe9\0 \0\x14\x20 \0t\0e\0a\0"),
#undef BYTES
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(read_pipe(&b, all[i].bytes, all[i].len, "--from html --format text"), 0);
        is(&b, "café — tea\n");
    }
    // Markdown and plain text say nothing of it: they are what they look like.
    static const struct {
        const char *bytes;
        size_t len;
        const char *how, *want;
    } plain[] = {
#define BYTES(s) s, sizeof s - 1
        {BYTES("# Caf\xe9\n\nThe caf\xe9 \x97 d\xe9j\xe0 vu, \x93quoted\x94, na\xef"
               "ve.\n"),
         "markdown", "Café\n\nThe café — déjà vu, “quoted”, naïve.\n"},
        {BYTES("The caf\xe9 \x97 d\xe9j\xe0 vu, \x93quoted\x94, na\xef"
               "ve.\n"),
         "text", "The café — déjà vu, “quoted”, naïve.\n"},
        {BYTES("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x8f\xcd\x82\xc5\x82\xb7\x81\x42\n"),
         "text", "日本語の文章です。\n"},
        {BYTES("\xef\xbb\xbf---\ntitle: T\n---\n\ncaf\xc3\xa9\n"), "markdown", "café\n"},
        {BYTES("\xff\xfeT\0e\0a\0\n\0"), "text", "Tea\n"},
#undef BYTES
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        char how[64];
        snprintf(how, sizeof how, "--from %s --format text", plain[i].how);
        assert_int_equal(read_pipe(&b, plain[i].bytes, plain[i].len, how), 0);
        is(&b, plain[i].want);
    }
    static const char japanese[] = "<meta charset=shift_jis><p>\x93\xfa\x96\x7b</p>";
    assert_int_equal(read_string(&b, japanese, "--format text"), 0);
    is(&b, "日本\n");
    buf_free(&b);
}

static void widths(void **state)
{
    (void)state;
    struct buf essay = {0}, b = {0};
    for (int i = 0; i < 60; i++)
        buf_str(&essay, "some words of it ");
    for (int width = 1; width <= 200; width += width < 20 ? 1 : 37) {
        char *words = mem_printf("--from text -w %d", width);
        assert_int_equal(read_string(&b, buf_cstr(&essay), words), 0);
        free(words);
        size_t longest = 0;
        for (const char *s = buf_cstr(&b); *s;) {
            size_t n = strcspn(s, "\n");
            longest = n > longest ? n : longest;
            s += n + (s[n] == '\n');
        }
        assert_true(longest > 0 && (longest <= (size_t)width || width < 5));
    }
    assert_int_equal(read_string(&b, "x", "--width 0"), 2);
    assert_int_equal(read_string(&b, "x", "--width many"), 2);
    buf_free(&essay);
    buf_free(&b);
}

static void styles(void **state)
{
    (void)state;
    struct buf b = {0};
    static const char essay[] =
        "<h2>On tea</h2><p><em>Hot</em> and <b>wet</b>.</p><p><code>cup</code></p>";
    assert_int_equal(read_string(&b, essay, ""), 0);
    says_not(&b, "\x1b");
    setenv("TERM", "xterm-256color", 1);
    unsetenv("COLORTERM");
    assert_int_equal(read_string(&b, essay, "--color"), 0);
    says(&b, "\x1b[0;1mOn tea\x1b[0m");
    says(&b, "\x1b[0;38;5;29mcup\x1b[0m");
    says(&b, "\x1b[0;3mHot\x1b[0m and \x1b[0;1mwet\x1b[0m.");
    // In the reader's own theme, whose background fills every line.
    char *config = program_file("read-config", "theme sepia\n");
    char *page = program_file("read-page.html", "<h1>Tea</h1><p>Hot, wet.</p><ul><li>a<li>b</ul>");
    char *line = mem_printf("--config '%s' read --color --width 40 '%s'", config, page);
    setenv("COLORTERM", "truecolor", 1);
    assert_int_equal(program_run(line, &b, NULL), 0);
    unsetenv("COLORTERM");
    for (char *s = strtok(b.data, "\n"); s; s = strtok(NULL, "\n")) {
        assert_non_null(strstr(s, ";48;2;244;236;216m"));
        int cols = 0;
        for (const char *p = s; *p;)
            if (*p == '\x1b')
                p += strcspn(p, "m") + 1;
            else
                cols += ((unsigned char)*p++ & 0xC0) != 0x80;
        assert_int_equal(cols, 40);
    }
    free(line);
    free(config);
    config = program_file("read-config", "theme nowhere\n");
    line = mem_printf("--config '%s' read --color '%s'", config, page);
    assert_int_equal(program_run(line, &b, NULL), 0);
    says(&b, "lectern read: there is no theme 'nowhere' in ");
    free(line);
    free(config);
    unlink(page);
    free(page);
    // Bold and italics are no colours: none is ever sent, whatever NO_COLOR says.
    setenv("NO_COLOR", "1", 1);
    assert_int_equal(read_string(&b, essay, "--color"), 0);
    unsetenv("NO_COLOR");
    says(&b, "\x1b[0;1mOn tea\x1b[0m");
    says(&b, "\x1b[0;3mHot");
    for (const char *s = buf_cstr(&b); (s = strchr(s, '\x1b')); s++)
        for (const char *p = s; *p != 'm'; p++)
            assert_false((*p == '3' || *p == '4') && p[1] >= '0' && p[1] <= '9');
    buf_free(&b);
}

static void from_the_library(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_int_equal(read_words(&b, "2 --width 60"), 0);
    says(&b, "    On tea\n    Six cups\n\n    A. Leaf · Slow Letters · 18 November 2025 · 1 min\n");
    says(&b, "\n    Warm the pot first.\n");
    assert_int_equal(read_words(&b, "1 --format markdown"), 0);
    says(&b, "*Cold* brew.\n");
    assert_int_equal(read_words(&b, "b1 --format text"), 0);
    is(&b, "Warm the pot first.\n");
    assert_int_equal(read_words(&b, "99"), 1);
    is(&b, "lectern read: there is no essay 99; `lectern list` shows what there is\n");
    assert_int_equal(read_words(&b, "b7"), 1);
    says(&b, "there is no bookmark b7");
    // Nothing was marked as read.
    char *line = mem_printf("--library '%s' list --unread", library);
    assert_int_equal(program_run(line, &b, NULL), 0);
    says(&b, "On tea");
    free(line);
    buf_free(&b);
}

static void the_newsletter_it_comes_with(void **state)
{
    (void)state;
    char *own = library_path("read-sample"), *line;
    struct buf b = {0};
    line = mem_printf("--library '%s' add lectern:sample", own);
    assert_int_equal(program_run(line, &b, NULL), 0);
    free(line);
    static const char *const shapes[] = {"lines", "text", "markdown", "html", "doc"};
    for (int id = 1; id <= 6; id++)
        for (size_t k = 0; k < 5; k++) {
            line = mem_printf("--library '%s' read %d --format %s", own, id, shapes[k]);
            assert_int_equal(program_run(line, &b, NULL), 0);
            assert_true(b.len > 4000 && utf8_valid(b.data, b.len));
            says_not(&b, "Subscribe now");
            free(line);
        }
    assert_int_equal(read_words(&b, "lectern:sample"), 1);
    says(&b, "lectern:sample is a feed, not an essay");
    free(own);
    buf_free(&b);
}

static void what_is_not_there(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_int_equal(read_words(&b, "no-such-file.html"), 1);
    is(&b, "lectern read: cannot open no-such-file.html: No such file or directory\n");
    assert_int_equal(read_words(&b, "/"), 1);
    assert_int_equal(read_string(&b, "", ""), 1);
    is(&b, "lectern read: standard input has nothing to read in it\n");
    assert_int_equal(read_string(&b, "<p> &nbsp; </p><script>x</script>", "--from html"), 1);
    assert_int_equal(read_string(&b, "x", "--format pdf"), 2);
    says(&b, "--format is lines, text, markdown, html or doc, not 'pdf'");
    assert_int_equal(read_string(&b, "x", "--from pdf"), 2);
    says(&b, "--from is html, markdown or text, not 'pdf'");
    assert_int_equal(read_words(&b, ""), 2);
    assert_int_equal(read_words(&b, "a b"), 2);
    static const char *const feeds[] = {
        "<?xml version=\"1.0\"?>\n<!-- x --><rss version=\"2.0\"><channel/></rss>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>",
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(read_string(&b, feeds[i], ""), 1);
        says(&b, "standard input is a feed, not an essay");
    }
    buf_free(&b);
}

static int set_up(void **state)
{
    (void)state;
    if (!getenv("LECTERN_BIN"))
        return -1;
    setenv("TZ", "UTC", 1);
    unsetenv("NO_COLOR");
    library = library_path("read");
    struct store *s = library_open(library, STORE_WRITE);
    int64_t feed = library_feed(s, "https://letters.example/feed");
    struct feed_update *u = update_new("Slow Letters", 3);
    struct feed_entry *e = update_add(u, "a", "On tea", 1763452800, "<p>Warm the pot first.</p>");
    struct person author = {.name = "A. Leaf"};
    e->authors = &author;
    e->nauthors = 1;
    e->subtitle = "Six cups";
    update_add(u, "b", "On coffee", 1763366400, "<p><i>Cold</i> brew.</p>");
    library_apply(s, feed, u, 1763452860);
    struct feed_entry *third = update_add(u, "c", "On water", 1763280000, NULL);
    third->summary = "Only a sip.";
    third->summary_type = CONTENT_TEXT;
    third->url = "https://letters.example/water?utm_source=rss&utm_medium=feed";
    update_audio(u, third, "https://letters.example/water.mp3", 62);
    library_apply(s, feed, u, 1763452920); // the third, whose number is 3
    update_free(u);
    store_close(s);
    char *line = mem_printf("--library '%s' bookmark 2", library);
    int code = program_run(line, NULL, NULL);
    free(line);
    return code;
}

static int tear_down(void **state)
{
    (void)state;
    free(library);
    return 0;
}

// As the reader shows it: where the feed brings no text, where the whole is; and that it is read
// aloud.
static void a_summary_says_where_the_rest_is(void **state)
{
    (void)state;
    struct buf out = {0};
    char *line = mem_printf("--library '%s' read 3 --width 80", library);
    assert_int_equal(program_run(line, &out, NULL), 0);
    assert_non_null(strstr(out.data, "Slow Letters · 16 November 2025"));
    assert_non_null(strstr(out.data, "♪ 1:02"));
    assert_non_null(strstr(out.data, "Only a sip."));
    assert_non_null(strstr(out.data, "The feed brings only this summary."));
    assert_non_null(strstr(out.data, "https://letters.example/water\n")); // not who counts it
    free(line);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format),
        cmocka_unit_test(every_kind),
        cmocka_unit_test(kinds_by_name_and_look),
        cmocka_unit_test(a_whole_page),
        cmocka_unit_test(encodings),
        cmocka_unit_test(widths),
        cmocka_unit_test(styles),
        cmocka_unit_test(from_the_library),
        cmocka_unit_test(the_newsletter_it_comes_with),
        cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(a_summary_says_where_the_rest_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
