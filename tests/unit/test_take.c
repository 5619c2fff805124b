// Another reader's database into the library: made here from SQL text, in the shapes that newsboat
// and newsraft have, and then in shapes that nobody should have.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/library.h"
#include "../support/program.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/fetch.h"
#include "lectern/store.h"
#include "lectern/take.h"

static struct buf out, err;

// What newsboat 2.21 makes; earlier ones lack `base` and `etag`, later ones have
// content_mime_type.
#define NEWSBOAT                                                                                 \
    "CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT "   \
    "NULL, title VARCHAR(1024) NOT NULL, lastmodified INTEGER(11) NOT NULL DEFAULT 0, is_rtl "   \
    "INTEGER(1) NOT NULL DEFAULT 0, etag VARCHAR(128) NOT NULL DEFAULT \"\");"                   \
    "CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) "    \
    "NOT NULL, title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) "  \
    "NOT NULL, feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535)" \
    " NOT NULL, unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type "        \
    "VARCHAR(1024), enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted "         \
    "INTEGER(1) NOT NULL DEFAULT 0, base VARCHAR(128) NOT NULL DEFAULT \"\");"                   \
    "CREATE INDEX idx_guid ON rss_item(guid); CREATE INDEX idx_feedurl ON rss_item(feedurl);"

#define LETTERS                                                                            \
    NEWSBOAT                                                                               \
    "INSERT INTO rss_feed VALUES('https://a.example/feed','https://a.example/','A&#38;B'," \
    "784111777,0,'\"v1\"');"                                                               \
    "INSERT INTO rss_feed VALUES('https://old.example/feed','','Gone',0,0,'');"            \
    "INSERT INTO rss_item VALUES(1,'g1','One','Jane','https://a.example/1',"               \
    "'https://a.example/feed',1700000000,'<p>Words of the first.</p>',0,'','',0,'',0,'');" \
    "INSERT INTO rss_item VALUES(2,'g2','Two &amp; more','','https://a.example/2',"        \
    "'https://a.example/feed',1700000100,'<p>Two</p>',1,'https://a.example/2.mp3',"        \
    "'audio/mpeg',0,'as',0,'');"                                                           \
    "INSERT INTO rss_item VALUES(3,'g3','Three','','https://a.example/3',"                 \
    "'https://a.example/feed',1700000200,'x',1,NULL,NULL,0,NULL,1,'');"                    \
    "INSERT INTO rss_item VALUES(4,'o1','Old','','https://old.example/1',"                 \
    "'https://old.example/feed',1600000000,'x',1,NULL,NULL,0,NULL,0,'');"

static int count;

// A folder of its own with these files; NULL: not there. The caller's.
static char *folder(const char *sql, const char *urls)
{
    struct err e = ERR_INIT;
    char name[64];
    snprintf(name, sizeof name, "take-%d-%d", (int)getpid(), count++);
    char *dir = program_path(name);
    assert_true(path_make_dir(dir, &e));
    if (sql) {
        char *file = path_join(dir, "cache.db");
        library_run(file, sql);
        free(file);
    }
    if (urls) {
        char *file = path_join(dir, "urls");
        assert_true(buf_write_file(file, urls, strlen(urls), 0600, &e));
        free(file);
    }
    return dir;
}

static int import(const char *dir, const char *words)
{
    char *all = mem_printf("--library '%s/library.db' import %s", dir, words);
    int code = program_run(all, &out, &err);
    free(all);
    return code;
}

static int import_all(const char *dir)
{
    char *words = mem_printf("newsboat '%s'", dir);
    int code = import(dir, words);
    free(words);
    return code;
}

static void said(const struct buf *b, const char *what)
{
    if (!strstr(buf_cstr(b), what))
        fail_msg("'%s' is not in: %s", what, buf_cstr(b));
}

static struct store *opened(const char *dir)
{
    struct store *s = NULL;
    struct err e = ERR_INIT;
    char *file = path_join(dir, "library.db");
    if (!store_open(file, STORE_WRITE, &s, &e))
        fail_msg("%s", e.msg);
    free(file);
    return s;
}

static void has(const char *dir, const char *sql, const char *expected)
{
    char *file = path_join(dir, "library.db"), *got = library_ask(file, sql);
    assert_string_equal(got, expected);
    free(got);
    free(file);
}

static const char urls[] = "https://a.example/feed essays \"~My A\" !\n"
                           "\"query:New ones:unread = \\\"yes\\\" and age < 8\" x\n"
                           "exec:~/bin/x\n";

static void all_of_newsboat_is_taken_once(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls);
    assert_int_equal(import_all(dir), 0);
    said(&out, "1 added, 0 there already, 1 skipped");
    said(&out, "2 essays taken (1 of them unread), 0 there already");
    said(&out, "1 flagged essay bookmarked");
    said(&out, "1 deleted essay will not come back");
    said(&out, "1 feed will only be asked for what is new");
    said(&out, "1 query feed");
    said(&out, "1 feed is hidden there");
    said(&out, "left: 1 essay of 1 feed");
    said(&err, "urls:3: skipped exec:~/bin/x: it starts a program");
    static const char all[] = "SELECT title, author, url, unread, published, audio, "
                              "bookmark > 0 FROM entry ORDER BY published";
    static const char rows[] =
        "One|Jane|https://a.example/1|0|1700000000||0\n"
        "Two & more||https://a.example/2|1|1700000100|https://a.example/2.mp3|1\n";
    has(dir, all, rows);
    has(dir, "SELECT name, title, home FROM feed", "My A|A&B|https://a.example/\n");
    has(dir, "SELECT tag FROM feed_tag", "essays\n");
    has(dir, "SELECT etag, last_modified FROM fetch", "\"v1\"|Sun, 06 Nov 1994 08:49:37 GMT\n");
    has(dir, "SELECT tag FROM bookmark_tag ORDER BY tag", "a\nessays\ns\n");
    has(dir, "SELECT name, query FROM search", "New ones|is:unread after:7d\n");
    has(dir, "SELECT count(*) FROM known WHERE entry = 0", "1\n");
    has(dir, "SELECT total, unread FROM tally", "2|1\n");

    assert_int_equal(import_all(dir), 0);
    said(&out, "0 added, 1 there already");
    said(&out, "0 essays taken (0 of them unread), 3 there already");
    has(dir, all, rows);
    has(dir, "SELECT count(*) FROM bookmark", "1\n");
    free(dir);
}

// What is done here stays: a bookmark that was let go, an essay that was thrown away; and what was
// read there meanwhile is read here, too.
static void a_second_run_changes_nothing_but_what_is_read(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls);
    assert_int_equal(import_all(dir), 0);
    struct store *s = opened(dir);
    struct err e = ERR_INIT;
    int64_t first = 1; // the older of the two
    assert_true(store_bookmark_remove(s, -1, &e));
    assert_true(store_entries_remove(s, &first, 1, &e));
    store_close(s);
    char *file = path_join(dir, "cache.db");
    free(library_ask(file, "UPDATE rss_item SET unread = 0 WHERE id = 2 RETURNING 1"));
    free(file);
    assert_int_equal(import_all(dir), 0);
    said(&out, "1 that was unread here is read");
    has(dir, "SELECT id, title, unread, bookmark FROM entry", "2|Two & more|0|0\n");
    free(dir);
}

static void a_dry_run_tells_the_same_and_writes_nothing(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls), *library = path_join(dir, "library.db");
    char *words = mem_printf("newsboat '%s' --dry-run", dir);
    assert_int_equal(import(dir, words), 0);
    said(&out, "2 essays to take (1 of them unread), 0 there already");
    said(&out, "1 flagged essay");
    said(&out, "nothing was added");
    assert_int_not_equal(access(library, F_OK), 0);
    assert_int_equal(import_all(dir), 0);
    struct stat before, after;
    assert_int_equal(stat(library, &before), 0);
    assert_int_equal(import(dir, words), 0);
    said(&out, "0 essays to take (0 of them unread), 3 there already");
    assert_int_equal(stat(library, &after), 0);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    free(words);
    free(library);
    free(dir);
}

static void a_database_alone_brings_all_its_feeds(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, NULL), *words = mem_printf("'%s/cache.db'", dir);
    assert_int_equal(import(dir, words), 0);
    said(&out, "newsboat: 2 added");
    said(&out, "3 essays taken");
    free(words);
    free(dir);
}

static void newsbeuters_older_tables_are_read(void **state)
{
    (void)state;
    char *dir = folder("CREATE TABLE rss_feed (rssurl, url, title);"
                       "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, author, url, "
                       "feedurl, pubDate, content, unread);"
                       "INSERT INTO rss_item VALUES(1,'g','T','A','https://a.example/1',"
                       "'https://a.example/feed',1200000000,'x',0);",
                       urls);
    assert_int_equal(import_all(dir), 0);
    has(dir, "SELECT title, unread, published FROM entry", "T|0|1200000000\n");
    free(dir);
}

static void newsraft_is_taken(void **state)
{
    (void)state;
    char *dir = folder(
        "CREATE TABLE feeds(feed_url TEXT NOT NULL UNIQUE, title TEXT, link TEXT, content TEXT, "
        "attachments TEXT, persons TEXT, extras TEXT, download_date INTEGER NOT NULL DEFAULT 0, "
        "update_date INTEGER NOT NULL DEFAULT 0, time_to_live INTEGER NOT NULL DEFAULT 0, "
        "http_header_etag TEXT, http_header_last_modified INTEGER NOT NULL DEFAULT 0, "
        "http_header_expires INTEGER NOT NULL DEFAULT 0);"
        "CREATE TABLE items(feed_url TEXT NOT NULL, guid TEXT, title TEXT, link TEXT, content "
        "TEXT, attachments TEXT, persons TEXT, extras TEXT, publication_date INTEGER NOT NULL "
        "DEFAULT 0, update_date INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, "
        "important INTEGER NOT NULL DEFAULT 0);"
        "INSERT INTO feeds(feed_url, title, link, http_header_etag) VALUES('https://a.example/f',"
        "'Rafts','https://a.example/','W/\"1\"');"
        "INSERT INTO items VALUES('https://a.example/f','g1','One','https://a.example/1',"
        "char(31)||'^'||char(31)||'type=text/html'||char(31)||'text=<p>short</p>'||char(31)||'^'||"
        "char(31)||'type=text/html'||char(31)||'text=<p>the longer one</p>',"
        "char(31)||'^'||char(31)||'url=https://a.example/1.mp3'||char(31)||'type=audio/mpeg',"
        "char(31)||'^'||char(31)||'type=author'||char(31)||'name=Jane','',1700000000,0,0,1);"
        "INSERT INTO items VALUES('https://a.example/f','g2','Two',NULL,NULL,NULL,NULL,NULL,0,"
        "1700000100,1,0);",
        NULL);
    char *from = path_join(dir, "cache.db"), *to = path_join(dir, "newsraft.sqlite3");
    char *feeds = path_join(dir, "feeds");
    static const char list[] = "@ Boats\nhttps://a.example/f \"My raft\" [20]\n$(cat x) \"y\"\n";
    struct err e = ERR_INIT;
    assert_int_equal(rename(from, to), 0);
    assert_true(buf_write_file(feeds, list, sizeof list - 1, 0600, &e));
    char *words = mem_printf("newsraft '%s'", dir);
    assert_int_equal(import(dir, words), 0);
    said(&out, "newsraft: 1 added, 0 there already, 1 skipped");
    said(&out, "2 essays taken (1 of them unread)");
    has(dir, "SELECT title, author, url, unread, published, audio FROM entry ORDER BY published",
        "One|Jane|https://a.example/1|0|1700000000|https://a.example/1.mp3\n"
        "Two||"
        "|1|1700000100|\n");
    has(dir, "SELECT name, (SELECT tag FROM feed_tag) FROM feed", "My raft|Boats\n");
    has(dir, "SELECT tag FROM bookmark_tag ORDER BY tag", "Boats\nimportant\n");
    has(dir, "SELECT etag FROM fetch", "W/\"1\"\n");
    free(words);
    free(from);
    free(to);
    free(feeds);
    free(dir);
}

static void sfeeds_files_are_taken(void **state)
{
    (void)state;
    struct err e = ERR_INIT;
    char *dir = folder(NULL, "https://a.example/1\n"); // what was read
    char *feeds = path_join(dir, "feeds"), *rc = path_join(dir, "sfeedrc");
    char *tsv = path_join(feeds, "A_B letters");
    static const char script[] =
        "feeds() {\n\tfeed \"A/B letters\" \"https://a.example/feed\"\n}\n";
    static const char lines[] = "1700000000\tOne\thttps://a.example/1\t<p>a\\nb</p>\thtml\tg1\n"
                                "1700000100\tTwo\thttps://a.example/2\ttext\tplain\t\tJane\n"
                                "broken\n";
    assert_true(path_make_dir(feeds, &e));
    assert_true(buf_write_file(rc, script, sizeof script - 1, 0600, &e));
    assert_true(buf_write_file(tsv, lines, sizeof lines - 1, 0600, &e));
    char *words = mem_printf("sfeed '%s'", dir);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(import(dir, words), 0);
        said(&out, again ? "0 essays taken" : "2 essays taken (1 of them unread)");
        said(&out, "left: 1 item that cannot be read");
        has(dir, "SELECT title, author, unread FROM entry ORDER BY published",
            "One||0\nTwo|Jane|1\n");
    }
    free(words);
    free(tsv);
    free(rc);
    free(feeds);
    free(dir);
}

// `--read`: what is here is read at once, what comes later comes as read.
static void a_list_of_what_was_read(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls);
    assert_int_equal(import_all(dir), 0);
    char *read = path_join(dir, "read"), *words = mem_printf("'%s/urls' --read '%s'", dir, read);
    static const char lines[] = "https://a.example/2\r\n\nlater\n";
    struct err e = ERR_INIT;
    assert_true(buf_write_file(read, lines, sizeof lines - 1, 0600, &e));
    if (import(dir, words) != 0)
        fail_msg("%s", err.data);
    said(&out, "2 lines; 1 essay here is now read");
    has(dir, "SELECT count(*) FROM entry WHERE unread", "0\n");
    static const char feed[] = "<rss version='2.0'><channel><title>A</title>"
                               "<item><guid>later</guid><title>Later</title></item>"
                               "<item><guid>new</guid><title>New</title></item></channel></rss>";
    char *file = path_join(dir, "feed.xml");
    assert_true(buf_write_file(file, feed, sizeof feed - 1, 0600, &e));
    char *add = mem_printf("--library '%s/library.db' add '%s'", dir, file);
    assert_int_equal(program_run(add, &out, &err), 0);
    has(dir, "SELECT title, unread FROM entry WHERE id > 2 ORDER BY title", "Later|0\nNew|1\n");
    free(add);
    free(file);
    free(words);
    free(read);
    free(dir);
}

// ---- a reader that runs ----

static void what_is_in_the_log_of_a_running_reader_is_read(void **state)
{
    (void)state;
    char *dir = folder("PRAGMA journal_mode = WAL;" LETTERS, urls);
    char *file = path_join(dir, "cache.db"), *log = mem_printf("%s-wal", file);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA wal_autocheckpoint = 0;"
                                  "UPDATE rss_item SET title = 'In the log' WHERE id = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    struct stat before, after;
    assert_int_equal(stat(log, &before), 0);
    assert_int_equal(import_all(dir), 0);
    has(dir, "SELECT title FROM entry ORDER BY id LIMIT 1", "In the log\n");
    assert_int_equal(stat(log, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    sqlite3_close(db);
    free(log);
    free(file);
    free(dir);
}

static void what_a_running_reader_has_not_committed_is_not_taken(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls), *file = path_join(dir, "cache.db");
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    // A cache of nothing makes it write into the file before it commits: its journal is hot.
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
                                  "UPDATE rss_item SET title = hex(zeroblob(5000));",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(import_all(dir), 0);
    has(dir, "SELECT title FROM entry ORDER BY id", "One\nTwo & more\n");
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    free(file);
    free(dir);
}

// ---- files that nobody should have ----

static void values_of_every_wrong_kind(void **state)
{
    (void)state;
    char *dir = folder(
        "CREATE TABLE rss_feed (rssurl, url, title, lastmodified, etag);"
        "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, author, url, feedurl, "
        "pubDate, content, unread, enclosure_url, enclosure_type, flags, deleted, base);"
        "INSERT INTO rss_feed VALUES(NULL, NULL, NULL, 'x', x'00');"
        "INSERT INTO rss_feed VALUES('https://a.example/feed', x'FF00', 7, -5, "
        "'a' || char(13, 10) || 'X-Evil: 1');"
        "INSERT INTO rss_item(id, feedurl) VALUES(1, 'https://a.example/feed');"
        "INSERT INTO rss_item VALUES(2, x'00FF', 5.5, x'', 12, 'https://a.example/feed', 'soon', "
        "x'3C703E00413C2F703E', 'yes', 'javascript:alert(1)', x'00', 'a1!b' || char(0) || 'c', "
        "'no', x'00');"
        "INSERT INTO rss_item VALUES(3, 'g' || char(0) || 'x', 'T' || char(0, 27) || '[31mU', "
        "'', 'https://a.example/3', 'https://a.example/feed', 9e300, NULL, NULL, NULL, NULL, NULL, "
        "NULL, NULL);"
        "INSERT INTO rss_item VALUES(4, 'nofeed', '', '', '', NULL, 0, '', 0, '', '', '', 0, '');"
        "INSERT INTO rss_item VALUES(5, 'huge', 'Huge', '', '', 'https://a.example/feed', 0, "
        "zeroblob(40000000), 0, '', '', '', 0, '');"
        "INSERT INTO rss_item VALUES(9223372036854775807, 'last', 'Last', '', '', "
        "'https://a.example/feed', -9223372036854775807, 'x', 1, '', '', '', 0, '');",
        urls);
    assert_int_equal(import_all(dir), 0);
    said(&out, "4 essays taken");
    said(&out, "left: 2 items that cannot be read");
    has(dir, "SELECT count(*) FROM entry WHERE instr(title, char(27)) OR instr(url, 'javascript')",
        "0\n");
    has(dir, "SELECT count(*) FROM fetch WHERE instr(etag, char(10))", "0\n");
    has(dir, "PRAGMA integrity_check", "ok\n");
    free(dir);
}

static void refused(const char *sql, const char *message)
{
    char *dir = folder(sql, urls), *library = path_join(dir, "library.db");
    assert_int_equal(import_all(dir), 1);
    said(&err, message);
    assert_int_not_equal(access(library, F_OK), 0);
    free(library);
    free(dir);
}

static void what_is_no_cache_is_refused(void **state)
{
    (void)state;
    refused("CREATE TABLE other(x); INSERT INTO other VALUES(1)",
            "is a database, but neither newsboat's nor newsraft's");
    // Of that name, but not a table: rows without end, or what a module makes of them.
    refused("CREATE VIEW rss_item AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM "
            "r) SELECT x AS guid, 'https://a.example/feed' AS feedurl FROM r",
            "neither newsboat's nor newsraft's");
    refused("CREATE VIRTUAL TABLE rss_item USING fts5(guid, feedurl, title)",
            "neither newsboat's nor newsraft's");
    refused("CREATE TABLE rss_item(guid PRIMARY KEY, feedurl) WITHOUT ROWID", "cannot be read");
}

static void columns_that_are_expressions_are_none(void **state)
{
    (void)state;
    char *dir = folder("CREATE TABLE rss_item(id INTEGER PRIMARY KEY, guid, feedurl, title AS "
                       "(guid || ' made up'), content AS (guid) STORED);"
                       "INSERT INTO rss_item(guid, feedurl) VALUES('g', 'https://a.example/feed')",
                       urls);
    assert_int_equal(import_all(dir), 0);
    has(dir, "SELECT title, words FROM entry", "|0\n");
    free(dir);
}

static void triggers_of_the_file_do_nothing(void **state)
{
    (void)state;
    char *dir = folder(LETTERS "CREATE TRIGGER t AFTER UPDATE ON rss_item BEGIN DELETE FROM "
                               "rss_item; END;",
                       urls);
    char *file = path_join(dir, "cache.db"), *before = library_ask(file, "SELECT * FROM rss_item");
    assert_int_equal(import_all(dir), 0);
    char *after = library_ask(file, "SELECT * FROM rss_item");
    assert_string_equal(before, after);
    free(before);
    free(after);
    free(file);
    free(dir);
}

// Every cut and every flipped page: a message or some items, and a library that is whole.
static void damaged_files(void **state)
{
    (void)state;
    struct buf sql = {0}, good = {0};
    struct err e = ERR_INIT;
    buf_str(&sql, LETTERS);
    for (int i = 10; i < 300; i++)
        buf_printf(&sql,
                   "INSERT INTO rss_item VALUES(%d,'h%d','T','','https://a.example/%d',"
                   "'https://a.example/feed',1700000000,hex(randomblob(400)),1,'','',0,'',0,'');",
                   i, i, i);
    char *dir = folder(sql.data, urls), *file = path_join(dir, "cache.db");
    char *library = path_join(dir, "library.db");
    assert_true(buf_read_file(&good, file, 1 << 24, &e));
    int some = 0, told = 0;
    for (size_t i = 0; i < 24; i++) {
        char *bytes = mem_alloc(good.len);
        size_t len = good.len;
        memcpy(bytes, good.data, good.len);
        if (i < 8)
            len = good.len * i / 8;
        else
            for (size_t k = 0; k < 700; k++)
                bytes[4096 * (i - 7) % good.len + k] = (char)(k * 31 + i);
        assert_true(buf_write_file(file, bytes, len, 0600, &e));
        free(bytes);
        unlink(library);
        int code = import_all(dir);
        assert_true(code == 0 || code == 1);
        if (code == 1 || strstr(err.data, "damaged") || strstr(out.data, "cannot be read"))
            told++;
        if (code == 0) {
            some++;
            has(dir, "PRAGMA integrity_check", "ok\n");
        }
    }
    assert_true(some > 0);
    assert_true(told > 8);
    free(library);
    free(file);
    free(dir);
    buf_free(&sql);
    buf_free(&good);
}

struct countdown {
    int left;
};

static void die(void *ctx, const struct sub *sub)
{
    struct countdown *c = ctx;
    (void)sub;
    if (c->left-- == 0)
        kill(getpid(), SIGKILL);
}

// Ended at any feed of it: the library has all of it or nothing, and the next run takes it.
static void killed_on_the_way(void **state)
{
    (void)state;
    enum { FEEDS = 6 };
    struct buf sql = {0}, list = {0};
    buf_str(&sql, NEWSBOAT);
    for (int i = 0; i < FEEDS; i++) {
        buf_printf(&list, "https://a.example/%d\n", i);
        buf_printf(&sql,
                   "WITH RECURSIVE r(x) AS (SELECT %d UNION ALL SELECT x + 1 FROM r WHERE x < %d) "
                   "INSERT INTO rss_item SELECT x, 'h' || x, 'T', '', 'https://a.example/' || x, "
                   "'https://a.example/%d', 1700000000, hex(randomblob(300)), 1, '', '', 0, "
                   "iif(x %% 100, '', 'a'), 0, '' FROM r;",
                   i * 200 + 1, i * 200 + 200, i);
    }
    char *dir = folder(sql.data, list.data), *library = path_join(dir, "library.db");
    for (int i = 0; i < FEEDS; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct countdown c = {i};
            const struct import_opts o = {.reader = "newsboat", .found = die, .ctx = &c};
            struct import_result r;
            _exit(fetch_import(library, dir, &o, &r, NULL));
        }
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        has(dir,
            "SELECT count(*), (SELECT count(*) FROM feed), (SELECT count(*) FROM bookmark), "
            "(SELECT count(*) FROM pack) FROM entry",
            "0|0|0|0\n");
    }
    assert_int_equal(import_all(dir), 0);
    has(dir,
        "SELECT count(*), (SELECT count(*) FROM feed), (SELECT count(*) FROM bookmark) FROM "
        "entry",
        "1200|6|12\n");
    has(dir, "PRAGMA integrity_check", "ok\n");
    free(library);
    free(dir);
    buf_free(&sql);
    buf_free(&list);
}

static void what_is_not_there_is_told(void **state)
{
    (void)state;
    char *dir = folder(NULL, NULL);
    assert_int_equal(import_all(dir), 1);
    said(&err, "there is nothing of newsboat in");
    char *words = mem_printf("newsboat '%s' --output x", dir);
    assert_int_equal(import(dir, words), 2);
    assert_int_equal(import(dir, "a b"), 2);
    free(words);
    free(dir);
}

// The other reader's configuration becomes Lectern's where it has none; what is there stays.
static void a_configuration_is_taken_where_there_is_none(void **state)
{
    (void)state;
    char *dir = folder(LETTERS, urls), *file = path_join(dir, "config");
    char *own = mem_printf("%s/xdg/lectern/config", dir);
    char *xdg = mem_printf("%s/xdg", dir);
    static const char config[] = "browser \"lynx %u\"\ncolor background white black\nmax-items 5\n";
    struct err e = ERR_INIT;
    struct buf b = {0};
    assert_true(buf_write_file(file, config, sizeof config - 1, 0600, &e));
    setenv("XDG_CONFIG_HOME", xdg, 1);
    assert_int_equal(import_all(dir), 0);
    said(&out, "its configuration: ");
    assert_true(buf_read_file(&b, own, 1 << 20, &e));
    said(&b, "browser lynx {url}");
    said(&b, "theme newsboat");
    buf_clear(&b);
    assert_true(buf_write_file(own, "measure 70\n", 11, 0600, &e));
    assert_int_equal(import_all(dir), 0);
    said(&out, "prints them");
    assert_true(buf_read_file(&b, own, 1 << 20, &e));
    assert_string_equal(b.data, "measure 70\n");
    unsetenv("XDG_CONFIG_HOME");
    buf_free(&b);
    free(xdg);
    free(own);
    free(file);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_newsboat_is_taken_once),
        cmocka_unit_test(a_second_run_changes_nothing_but_what_is_read),
        cmocka_unit_test(a_dry_run_tells_the_same_and_writes_nothing),
        cmocka_unit_test(a_database_alone_brings_all_its_feeds),
        cmocka_unit_test(newsbeuters_older_tables_are_read),
        cmocka_unit_test(newsraft_is_taken),
        cmocka_unit_test(sfeeds_files_are_taken),
        cmocka_unit_test(a_list_of_what_was_read),
        cmocka_unit_test(what_is_in_the_log_of_a_running_reader_is_read),
        cmocka_unit_test(what_a_running_reader_has_not_committed_is_not_taken),
        cmocka_unit_test(values_of_every_wrong_kind),
        cmocka_unit_test(what_is_no_cache_is_refused),
        cmocka_unit_test(columns_that_are_expressions_are_none),
        cmocka_unit_test(triggers_of_the_file_do_nothing),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(killed_on_the_way),
        cmocka_unit_test(what_is_not_there_is_told),
        cmocka_unit_test(a_configuration_is_taken_where_there_is_none),
    };
    unsetenv("LECTERN_LIBRARY");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&out);
    buf_free(&err);
    return failed;
}
