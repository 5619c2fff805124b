// `lectern queue`: what it shows and changes, and the files it writes for other players, byte for
// byte and read back by a parser of XML.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/listen.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "../support/program.h"

#define T0 1763452800 // 2025-11-18T08:00:00Z

static struct buf out;

// errors NULL: what goes wrong stands in out, too.
static int lectern_apart(const char *library, const char *words, struct buf *errors)
{
    char *line = mem_printf("--library '%s' %s", library, words);
    int code = program_run(line, &out, errors);
    free(line);
    return code;
}

static int lectern(const char *library, const char *words)
{
    return lectern_apart(library, words, NULL);
}

static void says(const char *text)
{
    assert_string_equal(buf_cstr(&out), text);
}

static void has(const char *part)
{
    if (!strstr(buf_cstr(&out), part))
        fail_msg("'%s' is not in:\n%s", part, buf_cstr(&out));
}

static char *filled(const char *name)
{
    char *path = library_path(name);
    struct store *s = library_open(path, STORE_WRITE);
    int64_t feed = library_feed(s, "https://slow.example/feed");
    struct feed_update *u = update_new("Slow & Steady", 3);
    update_add(u, "c", "Silence", T0, "<p>Three.</p>"); // the last of a feed is number 1
    struct feed_entry *e = update_add(u, "b", "At rest", T0 - 86400, "<p>Two.</p>");
    update_audio(u, e, "https://slow.example/b.m4a", 0);
    e->enclosures[0].type = "";
    e = update_add(u, "a", "On <walks>", T0, "<p>One.</p>");
    update_audio(u, e, "https://slow.example/a.mp3?x=1&y=2", 1864);
    e->enclosures[0].size = 28000000;
    e->url = "https://slow.example/p/a";
    library_apply(s, feed, u, T0);
    update_free(u);
    store_close(s);
    return path;
}

static void is_filled_shown_and_emptied(void **state)
{
    (void)state;
    char *path = filled("queue-cli");
    assert_int_equal(lectern(path, "queue"), 0);
    has("Nothing waits to be heard");
    assert_int_equal(lectern(path, "queue 2 1"), 0);
    says("To be heard later: At rest\nTo be heard later: On <walks>\n");
    assert_int_equal(lectern(path, "queue"), 0);
    says("1\t\tAt rest\tSlow & Steady\n2\t31:04\tOn <walks>\tSlow & Steady\n");
    assert_int_equal(lectern(path, "queue 2"), 0);
    says("Now last: At rest\n");
    assert_int_equal(lectern(path, "queue --remove 1 https://other.example/x.ogg"), 0);
    says("No longer to be heard: On <walks>\nTo be heard later: https://other.example/x.ogg\n");
    assert_int_equal(lectern(path, "queue"), 0);
    says("1\t\tAt rest\tSlow & Steady\n2\t\thttps://other.example/x.ogg\t\n");
    assert_int_equal(lectern(path, "queue -r 2 -r 1"), 0);
    assert_int_equal(lectern(path, "queue"), 0);
    has("Nothing waits to be heard");
    free(path);
}

static void says_what_cannot_be_done(void **state)
{
    (void)state;
    char *path = filled("queue-cli-wrong");
    assert_int_equal(lectern(path, "queue 3"), 1);
    has("this essay has no audio: Silence");
    assert_int_equal(lectern(path, "queue ftp://x.example/a.mp3"), 2);
    has("neither an essay's id nor an address");
    assert_int_equal(lectern(path, "queue --remove 1"), 1);
    has("there is no number 1: nothing waits to be heard");
    assert_int_equal(lectern(path, "queue 1"), 0);
    static const char *const wrong[] = {"0", "2", "x", "-1", "1x", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *words = mem_printf("queue --remove=%s --remove=1", wrong[i]);
        assert_int_equal(lectern(path, words), 2);
        has("there is no number");
        free(words);
    }
    assert_int_equal(lectern(path, "queue"), 0); // of several, one wrong: none went
    has("On <walks>");
    assert_int_equal(lectern(path, "queue --m3u /nowhere/at/all.m3u"), 1);
    has("/nowhere/at/all.m3u");
    free(path);
}

static void becomes_a_playlist(void **state)
{
    (void)state;
    char *path = filled("queue-cli-m3u");
    assert_int_equal(lectern(path, "queue 1 2"), 0);
    assert_int_equal(lectern(path, "queue --m3u -"), 0);
    says("#EXTM3U\n#PLAYLIST:Listen later\n"
         "#EXTINF:1864,Slow & Steady - On <walks>\nhttps://slow.example/a.mp3?x=1&y=2\n"
         "#EXTINF:-1,Slow & Steady - At rest\nhttps://slow.example/b.m4a\n");
    free(path);
}

static void becomes_a_podcast(void **state)
{
    (void)state;
    char *path = filled("queue-cli-rss");
    assert_int_equal(lectern(path, "queue 1 2"), 0);
    assert_int_equal(lectern(path, "queue --rss -"), 0);
    says("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\n"
         "  <channel>\n"
         "      <title>Listen later</title>\n"
         "      <link>https://slow.example/p/a</link>\n"
         "      <description>What waits to be heard, in its order.</description>\n"
         "      <itunes:type>serial</itunes:type>\n"
         "      <itunes:block>Yes</itunes:block>\n"
         "    <item>\n"
         "      <title>On &lt;walks&gt;</title>\n"
         "      <link>https://slow.example/p/a</link>\n"
         "      <guid isPermaLink=\"false\">https://slow.example/a.mp3?x=1&amp;y=2</guid>\n"
         "      <pubDate>Tue, 18 Nov 2025 08:00:00 +0000</pubDate>\n"
         "      <enclosure url=\"https://slow.example/a.mp3?x=1&amp;y=2\" length=\"28000000\" "
         "type=\"audio/mpeg\"/>\n"
         "      <itunes:author>Slow &amp; Steady</itunes:author>\n"
         "      <itunes:duration>1864</itunes:duration>\n"
         "      <itunes:episode>1</itunes:episode>\n"
         "    </item>\n"
         "    <item>\n"
         "      <title>At rest</title>\n"
         "      <link>https://example.org/b</link>\n"
         "      <guid isPermaLink=\"false\">https://slow.example/b.m4a</guid>\n"
         "      <pubDate>Mon, 17 Nov 2025 08:00:00 +0000</pubDate>\n"
         "      <enclosure url=\"https://slow.example/b.m4a\" length=\"0\" type=\"audio/x-m4a\"/>\n"
         "      <itunes:author>Slow &amp; Steady</itunes:author>\n"
         "      <itunes:episode>2</itunes:episode>\n"
         "    </item>\n"
         "  </channel>\n</rss>\n");
    free(path);
}

// Whatever stands in the library, what is written is one line a title and XML that parses.
static void bears_hostile_titles(void **state)
{
    (void)state;
    char *path = filled("queue-cli-hostile");
    struct buf errors = {0};
    char *longest = malloc(100001);
    memset(longest, '&', 100000);
    longest[100000] = '\0';
    const char *const titles[] = {"a\n#EXTINF:1,b\r\nhttp://evil.example/",
                                  "\x01\x1b[31m\x7f]]>",
                                  "\xff\xfe\xc3(",
                                  "\xef\xbf\xbf\xe2\x80\xa8x",
                                  longest,
                                  ""};
    struct store *s = library_open(path, STORE_WRITE);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        char address[64];
        int64_t id;
        bool existed;
        snprintf(address, sizeof address, "https://slow.example/%zu.mp3", i);
        struct queue_row r = {
            .address = address, .title = titles[i], .feed_title = titles[i], .type = "audio/\"<&"};
        assert_true(store_queue_add(s, &r, 0, &id, &existed, NULL));
    }
    struct queue_row r = {.address = "http://x.example/\nhttp://evil.example/", .title = "Bad"};
    int64_t id;
    bool existed;
    assert_true(store_queue_add(s, &r, 0, &id, &existed, NULL));
    store_close(s);
    assert_int_equal(lectern_apart(path, "queue --m3u -", &errors), 0);
    size_t lines = 0;
    for (const char *p = buf_cstr(&out); (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(lines, 2 + 2 * sizeof titles / sizeof *titles);
    assert_null(strstr(buf_cstr(&out), "\nhttp://evil"));
    assert_null(strchr(buf_cstr(&out), '\x1b'));
    assert_true(out.len < 20000);
    assert_int_equal(lectern_apart(path, "queue --rss -", &errors), 0);
    xmlDocPtr doc = xmlReadMemory(buf_cstr(&out), (int)out.len, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    assert_int_equal(xmlChildElementCount(xmlDocGetRootElement(doc)), 1);
    xmlFreeDoc(doc);
    assert_non_null(strstr(buf_cstr(&errors), "its address is none: Bad"));
    buf_free(&errors);
    free(longest);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_filled_shown_and_emptied), cmocka_unit_test(says_what_cannot_be_done),
        cmocka_unit_test(becomes_a_playlist),          cmocka_unit_test(becomes_a_podcast),
        cmocka_unit_test(bears_hostile_titles),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&out);
    xmlCleanupParser();
    return failed;
}
