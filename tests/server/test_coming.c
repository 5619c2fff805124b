// Coming from another reader, as it goes in life: its folder is taken, then the feeds are fetched.
// Nothing comes twice, what was read stays read, what was thrown away stays away. The folder is
// made here in newsboat's shape; where newsboat and sfeed themselves are installed, by them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/library.h"
#include "../support/server.h"
#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"

struct world {
    char *dir;
    struct server *server;
    bool more;       // the feed has a further essay, and a new mark
    char mark[64];   // the last If-None-Match
    char since[64];  // the last If-Modified-Since
    struct buf said; // of the last command
};

static const char modified[] = "Sun, 06 Nov 1994 08:49:37 GMT";

// RSS with and without guids, Atom, RDF: whose essays readers tell apart in ways of their own.
static void serve(void *ctx, const struct server_request *q, struct server_reply *r)
{
    struct world *w = ctx;
    const char *mark = server_header(q, "If-None-Match");
    const char *since = server_header(q, "If-Modified-Since");
    snprintf(w->mark, sizeof w->mark, "%s", mark ? mark : "");
    snprintf(w->since, sizeof w->since, "%s", since ? since : "");
    server_set(r, "ETag", w->more ? "\"two\"" : "\"one\"");
    server_set(r, "Last-Modified", w->more ? "Mon, 07 Nov 1994 08:49:37 GMT" : modified);
    if ((mark && strcmp(mark, w->more ? "\"two\"" : "\"one\"") == 0) ||
        (!mark && since && !w->more && strcmp(since, modified) == 0)) {
        r->status = 304;
        return;
    }
    if (strcmp(q->path, "/rss") == 0) {
        buf_str(&r->body, "<rss version='2.0'><channel><title>Letters &amp;amp; Co</title>"
                          "<link>http://127.0.0.1/</link>");
        if (w->more)
            buf_str(&r->body, "<item><title>Fifth</title><guid>five</guid></item>");
        buf_str(&r->body,
                "<item><title>First</title><guid isPermaLink='false'> one </guid>"
                "<link>http://127.0.0.1/1</link><pubDate>Mon, 03 Mar 2025 10:00:00 +0000</pubDate>"
                "<description>&lt;p&gt;The &lt;b&gt;first&lt;/b&gt; essay.&lt;/p&gt;</description>"
                "<enclosure url='http://127.0.0.1/1.mp3' type='audio/mpeg' length='5'/></item>"
                "<item><title>Second, &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;</title>"
                "<link>http://127.0.0.1/2</link>"
                "<pubDate>Tue, 04 Mar 2025 10:00:00 +0000</pubDate>"
                "<description>no guid, a date</description></item>"
                "<item><title>Third</title><link>http://127.0.0.1/3</link>"
                "<description>no guid, no date</description></item>"
                "<item><title>Fourth</title><guid>http://127.0.0.1/?p=4</guid>"
                "<link>http://127.0.0.1/4?utm_source=rss&amp;x=1</link>"
                "<pubDate>Wed, 05 Mar 2025 10:00:00 +0000</pubDate>"
                "<description>a guid that is an address</description></item>"
                "</channel></rss>");
    } else if (strcmp(q->path, "/atom") == 0) {
        buf_str(&r->body,
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>Atoms</title><id>x</id>"
                "<entry><id>tag:a.example,2025:1</id><title type='html'>A &amp;lt;i&amp;gt;b"
                "</title><link href='http://127.0.0.1/a1'/><updated>2025-03-01T00:00:00Z</updated>"
                "<author><name>Jane</name></author><content type='html'>&lt;p&gt;x</content>"
                "</entry><entry><id>urn:uuid:2</id><title>Two</title>"
                "<link href='http://127.0.0.1/a2'/><updated>2025-03-02T00:00:00Z</updated>"
                "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>y</p></div>"
                "</content></entry></feed>");
    } else if (strcmp(q->path, "/rdf") == 0) {
        buf_str(&r->body,
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                "xmlns='http://purl.org/rss/1.0/'><channel rdf:about='http://127.0.0.1/'>"
                "<title>Rdf</title><link>http://127.0.0.1/</link></channel>"
                "<item rdf:about='http://127.0.0.1/r1'><title>R1</title>"
                "<link>http://127.0.0.1/r1?x</link><description>z</description></item></rdf:RDF>");
    } else {
        r->status = 404;
    }
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    const char *tmp = getenv("LECTERN_TMP");
    w->dir = mem_printf("%s/coming.XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(w->dir));
    w->server = server_start(serve, w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    server_stop(w->server);
    buf_free(&w->said);
    free(w->dir);
    free(w);
    return 0;
}

// A shell's line, with $L the program on this world's library and HOME its folder.
static int run(struct world *w, const char *line)
{
    const char *named = getenv("LECTERN_BIN");
    char *program = realpath(named && *named ? named : "build/main/lectern", NULL);
    assert_non_null(program);
    char *all =
        mem_printf("cd '%s' && export HOME=\"$PWD\" XDG_CONFIG_HOME=\"$PWD/.config\" "
                   "XDG_DATA_HOME=\"$PWD/.local/share\" TERM=xterm && L='%s' && "
                   "lectern() { \"$L\" --library \"$HOME/library.db\" \"$@\"; } && { %s ; } "
                   "2>&1 </dev/null",
                   w->dir, program, line);
    free(program);
    FILE *p = popen(all, "r");
    assert_non_null(p);
    char bytes[4096];
    buf_clear(&w->said);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, p)) > 0;)
        buf_add(&w->said, bytes, n);
    free(all);
    return pclose(p);
}

static void must(struct world *w, const char *line)
{
    if (run(w, line) != 0)
        fail_msg("%s: %s", line, buf_cstr(&w->said));
}

static void said(struct world *w, const char *what)
{
    if (!strstr(buf_cstr(&w->said), what))
        fail_msg("'%s' is not in: %s", what, buf_cstr(&w->said));
}

static void in_cache(struct world *w, const char *sql)
{
    char *file = path_join(w->dir, ".newsboat/cache.db");
    library_run(file, sql);
    free(file);
}

static void has(struct world *w, const char *sql, const char *expected)
{
    char *file = path_join(w->dir, "library.db"), *got = library_ask(file, sql);
    assert_string_equal(got, expected);
    free(got);
    free(file);
}

static void put(struct world *w, const char *name, const char *text)
{
    struct err e = ERR_INIT;
    char *path = path_join(w->dir, name), *slash;
    char *dir = mem_strdup(path);
    if ((slash = strrchr(dir, '/'))) {
        *slash = '\0';
        assert_true(path_make_dir(dir, &e));
    }
    assert_true(buf_write_file(path, text, strlen(text), 0600, &e));
    free(dir);
    free(path);
}

static void made_here(void **state)
{
    struct world *w = *state;
    char *rss = server_url(w->server, NULL, "/rss");
    char *urls = mem_printf("%s essays\n", rss);
    char *sql = mem_printf(
        "CREATE TABLE rss_feed (rssurl, url, title, lastmodified, is_rtl, etag);"
        "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, author, url, feedurl, "
        "pubDate, content, unread, enclosure_url, enclosure_type, enqueued, flags, deleted, base);"
        "INSERT INTO rss_feed VALUES('%s','http://127.0.0.1/','Letters',784111777,0,'\"one\"');"
        "INSERT INTO rss_item VALUES"
        "(1,'http://127.0.0.1/?p=4','Fourth','','http://127.0.0.1/4?utm_source=rss&x=1','%s',"
        "1741168800,'a guid that is an address',0,'','',0,'',0,''),"
        "(2,'http://127.0.0.1/3','Third','','http://127.0.0.1/3','%s',1741168700,"
        "'no guid, no date',1,'','',0,'',1,''),"
        "(3,'http://127.0.0.1/2Tue, 04 Mar 2025 10:00:00 +0000','Second','','http://127.0.0.1/2',"
        "'%s',1741082400,'no guid, a date',0,'','',0,'ax',0,''),"
        "(4,'one','First','','http://127.0.0.1/1','%s',1740996000,'<p>The <b>first</b> essay.</p>',"
        "1,'http://127.0.0.1/1.mp3','audio/mpeg',0,'',0,''),"
        "(5,'gone','From long ago','','http://127.0.0.1/0','%s',1540996000,'<p>Not in the feed any "
        "more.</p>',0,'','',0,'',0,'');",
        rss, rss, rss, rss, rss, rss);
    put(w, ".newsboat/urls", urls);
    in_cache(w, sql);

    must(w, "lectern import newsboat");
    said(w, "4 essays taken (1 of them unread)");
    must(w, "lectern fetch"); // asks with what newsboat was told
    assert_string_equal(w->mark, "\"one\"");
    assert_string_equal(w->since, modified);
    said(w, "1 feed: 0 new");
    w->more = true; // all of it comes again, and one more
    must(w, "lectern fetch --force");
    said(w, "1 feed: 1 new");
    assert_null(strstr(w->said.data, "revised"));
    static const char all[] = "SELECT title, unread FROM entry ORDER BY title";
    has(w, all, "Fifth|1\nFirst|1\nFourth|0\nFrom long ago|0\nSecond, bold|0\n");
    has(w, "SELECT count(*) FROM revision", "0\n");
    has(w, "SELECT tag FROM bookmark_tag ORDER BY tag", "a\nessays\nx\n");
    must(w, "lectern import newsboat");
    said(w, "0 essays taken");
    must(w, "lectern fetch --force");
    has(w, all, "Fifth|1\nFirst|1\nFourth|0\nFrom long ago|0\nSecond, bold|0\n");
    free(sql);
    free(urls);
    free(rss);
}

// A feed that says less by now than what newsboat kept: the fuller text is not lost.
static void what_was_fuller_there_stays_to_be_read(void **state)
{
    struct world *w = *state;
    char *rss = server_url(w->server, NULL, "/rss");
    put(w, ".newsboat/urls", rss);
    struct buf sql = {0};
    buf_printf(&sql,
               "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, url, feedurl, pubDate, "
               "content, unread); INSERT INTO rss_item VALUES(1,'one','First','http://127.0.0.1/1',"
               "'%s',1740996000,'<p>",
               rss);
    for (int i = 0; i < 400; i++)
        buf_str(&sql, "once all of it stood here ");
    buf_str(&sql, "</p>',0)");
    in_cache(w, sql.data);
    must(w, "lectern import newsboat");
    must(w, "lectern fetch");
    has(w, "SELECT words > 2000 FROM revision", "1\n");
    has(w, "SELECT unread FROM entry WHERE title = 'First'", "0\n");
    buf_free(&sql);
    free(rss);
}

static bool installed(struct world *w, const char *program)
{
    char *line = mem_printf("command -v %s", program);
    bool yes = run(w, line) == 0;
    free(line);
    if (!yes)
        printf("# %s is not installed: left out\n", program);
    return yes;
}

static void made_by_newsboat(void **state)
{
    struct world *w = *state;
    if (!installed(w, "newsboat"))
        skip();
    int port = server_port(w->server);
    char *urls = mem_printf("http://127.0.0.1:%d/rss essays \"~Mine\"\n"
                            "http://127.0.0.1:%d/atom\nhttp://127.0.0.1:%d/rdf\n",
                            port, port, port);
    put(w, ".newsboat/urls", urls);
    unsetenv("XDG_CONFIG_HOME");
    must(w, "unset XDG_CONFIG_HOME XDG_DATA_HOME; newsboat -q -x reload; newsboat -q -x reload");
    // As its keys do: read, deleted, flagged.
    in_cache(w,
             "UPDATE rss_item SET unread = (title LIKE 'Fourth%'), deleted = (title LIKE 'Third%'),"
             " flags = iif(title LIKE 'First%', 'bk', '')");
    must(w, "lectern import newsboat");
    said(w, "newsboat: 3 added");
    said(w, "6 essays taken (1 of them unread)");
    said(w, "1 deleted essay will not come back");
    static const char count[] = "SELECT count(*), sum(unread) FROM entry";
    has(w, count, "6|1\n");
    must(w, "lectern fetch");
    said(w, "3 feeds: 0 new");
    has(w, count, "6|1\n");
    w->more = true;
    must(w, "lectern fetch --force");
    said(w, "3 feeds: 1 new");
    has(w, count, "7|2\n");
    has(w, "SELECT count(*) FROM revision", "0\n");
    has(w, "SELECT tag FROM bookmark_tag ORDER BY tag", "b\nessays\nk\n");
    has(w, "SELECT name FROM feed ORDER BY id", "Mine\nAtoms\nRdf\n");
    // Its own OPML brings the same feeds.
    must(w, "(unset XDG_CONFIG_HOME XDG_DATA_HOME; newsboat -e >subs.opml); "
            "lectern import subs.opml");
    said(w, "0 added, 3 there already");
    free(urls);
}

static void made_by_sfeed(void **state)
{
    struct world *w = *state;
    if (!installed(w, "sfeed_update") || !installed(w, "curl"))
        skip();
    int port = server_port(w->server);
    char *opml = mem_printf("<opml><body><outline text='A/B' xmlUrl='http://127.0.0.1:%d/rss'/>"
                            "<outline text='Atoms' xmlUrl='http://127.0.0.1:%d/atom'/>"
                            "</body></opml>",
                            port, port);
    put(w, "subs.opml", opml);
    must(w, "mkdir .sfeed && sfeed_opml_import <subs.opml >.sfeed/sfeedrc && "
            "sfeed_update .sfeed/sfeedrc >/dev/null");
    put(w, ".sfeed/urls", "http://127.0.0.1/1\nhttp://127.0.0.1/a2\n");
    must(w, "lectern import sfeed");
    said(w, "sfeed: 2 added");
    said(w, "6 essays taken (4 of them unread)");
    must(w, "lectern fetch --force");
    said(w, "2 feeds: 0 new");
    has(w, "SELECT count(*), sum(unread) FROM entry", "6|4\n");
    has(w, "SELECT count(*) FROM revision", "0\n");
    must(w, "lectern import .sfeed/sfeedrc");
    said(w, "0 added, 2 there already");
    free(opml);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(made_here),
        CASE(what_was_fuller_there_stays_to_be_read),
        CASE(made_by_newsboat),
        CASE(made_by_sfeed),
    };
    unsetenv("LECTERN_LIBRARY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
