// The configuration: every kind of line, every kind of fault, files in files, and the lists made of
// the option table.
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

#include "lectern/buf.h"
#include "lectern/conf.h"
#include "lectern/mem.h"
#include "lectern/path.h"

static struct conf *parsed(const char *text)
{
    struct conf *c = conf_new();
    conf_parse(c, text, strlen(text), "/x/config");
    return c;
}

// The only problem there is, as "line: message"; "" if there is none.
static const char *told(struct conf *c, char out[600])
{
    size_t n;
    const struct conf_problem *p = conf_problems(c, &n);
    assert_true(n < 2);
    out[0] = '\0';
    if (n)
        snprintf(out, 600, "%d: %s", p->line, p->message);
    return out;
}

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    struct conf *c = conf_new();
#define INT(id, name, number, min, max, meaning)      \
    assert_int_equal(conf_int(c, CONF_##id), number); \
    assert_in_range(number, min, max);
    CONF_INTS(INT)
#define BOOL(id, name, number, meaning) assert_int_equal(conf_bool(c, CONF_##id), number);
    CONF_BOOLS(BOOL)
#define STRING(id, name, kind, text, choices, meaning) \
    assert_string_equal(conf_str(c, CONF_##id), text);
    CONF_STRINGS(STRING)
    conf_free(c);
    conf_free(NULL);
}

static void lines_set_what_they_say(void **state)
{
    (void)state;
    struct conf *c = parsed("\xEF\xBB\xBF# a comment\r\n"
                            "\r\n"
                            "  measure \t 72   # wide\r\n"
                            "justify on\n"
                            "indent = YES\n"
                            "fetch-on-start=off\n"
                            "theme \"night # \\\"owl\\\"\"  # quoted\n"
                            "user-agent it's#mine # not this\n"
                            "player \"/opt/my player/p\" '{title}' # not this\n"
                            "browser 'links 2'\n"
                            "glyphs ascii");
    char out[600];
    assert_string_equal(told(c, out), "");
    assert_int_equal(conf_int(c, CONF_MEASURE), 72);
    assert_true(conf_bool(c, CONF_JUSTIFY));
    assert_true(conf_bool(c, CONF_INDENT));
    assert_false(conf_bool(c, CONF_FETCH_START));
    assert_string_equal(conf_str(c, CONF_THEME), "night # \"owl\"");
    assert_string_equal(conf_str(c, CONF_USER_AGENT), "it's#mine");
    assert_string_equal(conf_str(c, CONF_PLAYER), "\"/opt/my player/p\" '{title}'");
    assert_string_equal(conf_str(c, CONF_BROWSER), "'links 2'");
    assert_string_equal(conf_str(c, CONF_GLYPHS), "ascii");

    static const char back[] = "measure\njustify default\ntheme  # gone\nplayer default\n";
    conf_parse(c, back, strlen(back), "/x/more");
    assert_int_equal(conf_int(c, CONF_MEASURE), 68);
    assert_false(conf_bool(c, CONF_JUSTIFY));
    assert_string_equal(conf_str(c, CONF_THEME), "default");
    assert_string_equal(conf_str(c, CONF_PLAYER), "");
    conf_free(c);
}

static void faults_are_told_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } table[] = {
        {"\nmesure 72", "2: unknown option 'mesure': did you mean 'measure'?"},
        {"fecth-total 3", "1: unknown option 'fecth-total': did you mean 'fetch-total'?"},
        {"Justify yes", "1: unknown option 'Justify': did you mean 'justify'?"},
        {"bnid all q quit", "1: unknown option 'bnid': did you mean 'bind'?"},
        {"elephant grey", "1: unknown option 'elephant'; `lectern options` lists them all"},
        {"measure wide", "1: measure takes a number from 40 to 100, not 'wide'"},
        {"measure 7x", "1: measure takes a number from 40 to 100, not '7x'"},
        {"measure 39", "1: measure takes a number from 40 to 100; 39 is too small"},
        {"measure 99999999999999999999999",
         "1: measure takes a number from 40 to 100; 99999999999999999999999 is too large"},
        {"justify maybe", "1: justify is yes or no, not 'maybe'"},
        {"glyphs runes", "1: glyphs is auto, unicode or ascii, not 'runes'"},
        {"player mpv 'x", "1: player: a quotation in 'mpv 'x' has no end"},
        {"theme a\x1b[2J", "1: this line has a control character in it and is left out"},
        {"theme \xff", "1: this line is not UTF-8 and is left out"},
        {"bind all q", "1: this is no binding: it goes `bind VIEW KEYS ACTION`"},
        {"bind", "1: this is no binding: it goes `bind VIEW KEYS ACTION`"},
        {"bind all q # quit", "1: this is no binding: it goes `bind VIEW KEYS ACTION`"},
        {"unbind all", "1: this is no binding to take away: it goes `unbind VIEW KEYS`"},
        {"include", "1: this includes nothing: it goes `include FILE`"},
        {"include nothere", "1: cannot open /x/nothere: No such file or directory"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct conf *c = parsed(table[i].text);
        char out[600];
        assert_string_equal(told(c, out), table[i].problem);
        size_t n;
        const struct conf_problem *p = conf_problems(c, &n);
        assert_string_equal(p->file, "/x/config");
        struct buf b = {0};
        conf_write(c, &b);
        assert_string_equal(buf_cstr(&b), "");
        buf_free(&b);
        conf_free(c);
    }
    // A NUL byte is a control character too, and the lines around it work.
    struct conf *c = conf_new();
    conf_parse(c, "measure 70\nth\0eme x\njustify yes\n", 32, NULL);
    char out[600];
    assert_string_equal(told(c, out), "2: this line has a control character in it and is left out");
    assert_int_equal(conf_int(c, CONF_MEASURE), 70);
    assert_true(conf_bool(c, CONF_JUSTIFY));
    conf_free(c);
}

static void a_wrong_file_is_not_told_line_by_line(void **state)
{
    (void)state;
    struct conf *c = conf_new();
    for (int i = 0; i < 1000; i++)
        conf_parse(c, "nonsense\n", 9, "f");
    size_t n;
    const struct conf_problem *p = conf_problems(c, &n);
    assert_int_equal(n, 101);
    assert_non_null(strstr(p[100].message, "right file?"));
    conf_free(c);
}

static void binds_are_kept_as_written(void **state)
{
    (void)state;
    struct conf *c = parsed("bind essay space page-down\n"
                            "bind all # search   # that key is a hash\n"
                            "bind essay ' jump # don't mind\n"
                            "bind essay '' back\n"
                            "bind essay \" \" page-down\n"
                            "bind contents \"g \\\"\" top toggle-read\n"
                            "bind essay \\ quit\n"
                            "bind   all\t=  wider\n"
                            "unbind shelf q  # no\n");
    static const struct conf_bind want[] = {
        {"essay", "space", "page-down", "/x/config", 1},
        {"all", "#", "search", "/x/config", 2},
        {"essay", "'", "jump", "/x/config", 3},
        {"essay", "''", "back", "/x/config", 4},
        {"essay", " ", "page-down", "/x/config", 5},
        {"contents", "g \"", "top toggle-read", "/x/config", 6},
        {"essay", "\\", "quit", "/x/config", 7},
        {"all", "=", "wider", "/x/config", 8},
        {"shelf", "q", "none", "/x/config", 9},
    };
    char out[600];
    assert_string_equal(told(c, out), "");
    size_t n;
    const struct conf_bind *b = conf_binds(c, &n);
    assert_int_equal(n, sizeof want / sizeof *want);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(b[i].view, want[i].view);
        assert_string_equal(b[i].keys, want[i].keys);
        assert_string_equal(b[i].action, want[i].action);
        assert_string_equal(b[i].file, want[i].file);
        assert_int_equal(b[i].line, want[i].line);
    }
    // And written, they are read back as they were.
    struct buf first = {0}, second = {0};
    conf_write(c, &first);
    conf_free(c);
    c = parsed(first.data);
    conf_write(c, &second);
    assert_string_equal(first.data, second.data);
    buf_free(&first);
    buf_free(&second);
    conf_free(c);
}

static void put(const char *dir, const char *name, const char *text)
{
    char *path = path_join(dir, name);
    struct err e = ERR_INIT;
    assert_true(buf_write_file(path, text, strlen(text), 0600, &e));
    free(path);
}

static void files_include_files(void **state)
{
    (void)state;
    char dir[] = "/tmp/lectern-conf.XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *sub = path_join(dir, "sub dir");
    assert_int_equal(mkdir(sub, 0700), 0);
    put(dir, "config", "measure 70\ninclude \"sub dir/a\"\njustify yes\ninclude sub dir\n");
    put(sub, "a", "measure 71\ninclude b # beside it\nwrong\n");
    put(sub, "b", "indent yes\ninclude ../config\ninclude b\n");
    char *config = path_join(dir, "config");
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    assert_true(conf_load(c, config, true, &e));
    assert_int_equal(conf_int(c, CONF_MEASURE), 71);
    assert_true(conf_bool(c, CONF_JUSTIFY));
    assert_true(conf_bool(c, CONF_INDENT));
    size_t n;
    const struct conf_problem *p = conf_problems(c, &n);
    assert_int_equal(n, 4);
    static const struct {
        const char *file, *message;
        int line;
    } want[] = {
        {"sub dir/b", "(a loop)", 2},
        {"sub dir/b", "(a loop)", 3},
        {"sub dir/a", "unknown option 'wrong'", 3},
        {"config", "no plain file", 4},
    };
    for (size_t i = 0; i < n; i++) {
        assert_non_null(strstr(p[i].file, want[i].file));
        assert_non_null(strstr(p[i].message, want[i].message));
        assert_int_equal(p[i].line, want[i].line);
    }
    conf_free(c);

    // A chain deeper than anyone needs ends in a sentence; so does a fan of the same file.
    for (int i = 0; i < 30; i++) {
        char name[16], text[64];
        snprintf(name, sizeof name, "d%d", i);
        snprintf(text, sizeof text, "include d%d\ninclude d%d\n", i + 1, i + 1);
        put(dir, name, text);
    }
    c = conf_new();
    char *chain = path_join(dir, "d0");
    assert_true(conf_load(c, chain, true, &e));
    p = conf_problems(c, &n);
    assert_true(n > 1 && n <= 101);
    assert_non_null(strstr(p[0].message, "inside each other"));
    conf_free(c);

    c = conf_new();
    char *none = path_join(dir, "none");
    assert_true(conf_load(c, none, false, &e));
    assert_false(conf_load(c, none, true, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_false(conf_load(c, dir, false, &e));
    conf_problems(c, &n);
    assert_int_equal(n, 0);
    conf_free(c);
    char command[64];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
    free(none);
    free(chain);
    free(config);
    free(sub);
}

static void set_takes_values_whole(void **state)
{
    (void)state;
    struct conf *c = conf_new();
    struct err e = ERR_INIT;
    assert_true(conf_set(c, "theme", "a # b \"c\"", &e));
    assert_string_equal(conf_str(c, CONF_THEME), "a # b \"c\"");
    assert_true(conf_set(c, "measure", "50", &e));
    assert_false(conf_set(c, "measure", "500", &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_int_equal(conf_int(c, CONF_MEASURE), 50);
    assert_false(conf_set(c, "bind", "x", &e));
    assert_false(conf_set(c, "proxy", "a\nb", &e));
    struct buf b = {0};
    assert_true(conf_show(c, "measure", &b));
    assert_string_equal(b.data, "50");
    assert_false(conf_show(c, "nothing", &b));
    size_t names = 0;
    while (conf_name(names))
        names++;
    assert_int_equal(names, CONF_INT_COUNT + CONF_BOOL_COUNT + CONF_STRING_COUNT);
    buf_free(&b);
    conf_free(c);
}

static void example_is_the_defaults(void **state)
{
    (void)state;
    struct buf example = {0}, live = {0}, out = {0};
    conf_example(&example);
    struct conf *c = parsed(example.data);
    char told_as[600];
    assert_string_equal(told(c, told_as), "");
    conf_free(c);
    // With the marks of its settings taken away it is still right, and still the defaults.
    size_t settings = 0;
    for (const char *line = example.data; *line;) {
        size_t n = strcspn(line, "\n") + 1;
        bool setting = line[0] == '#' && line[1] != ' ' && line[1] != '\n';
        settings += setting;
        buf_add(&live, line + setting, n - setting);
        assert_true(n <= 101);
        line += n;
    }
    assert_int_equal(settings, CONF_INT_COUNT + CONF_BOOL_COUNT + CONF_STRING_COUNT);
    c = parsed(live.data);
    assert_string_equal(told(c, told_as), "");
    conf_write(c, &out);
    assert_string_equal(buf_cstr(&out), "");
    conf_free(c);
    buf_clear(&out);
    conf_options(&out);
    for (size_t i = 0; conf_name(i); i++)
        assert_non_null(strstr(out.data, conf_name(i)));
    assert_non_null(strstr(out.data, "40 to 100"));
    assert_non_null(strstr(out.data, "auto, unicode or ascii"));
    buf_free(&example);
    buf_free(&live);
    buf_free(&out);
}

static void manual_page_tells_every_option(void **state)
{
    (void)state;
    const char *root = getenv("LECTERN_ROOT");
    char *path = path_join(root ? root : ".", "man/lectern-config.5");
    struct buf page = {0}, want = {0}, options = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&page, path, 1 << 20, &e));
    conf_options(&options);
    for (const char *line = strchr(options.data, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        if (*line == '\n') { // the second table, without its head
            line = strchr(line + 1, '\n');
            continue;
        }
        buf_clear(&want);
        buf_str(&want, ".It Cm ");
        buf_add(&want, line, strcspn(line, " "));
        buf_str(&want, " Ar ");
        const char *value = line + strcspn(line, " ");
        value += strspn(value, " ");
        buf_add(&want, value, (size_t)(strstr(value, "  ") - value));
        buf_char(&want, '\n');
        if (!strstr(page.data, want.data))
            fail_msg("man/lectern-config.5 lacks %s"
                     "run: sh tests/tools/config-page.sh build/main/lectern",
                     want.data);
    }
    buf_free(&options);
    buf_free(&page);
    buf_free(&want);
    free(path);
}

static const char *site(const struct conf *c, enum conf_site o, const char *url)
{
    const char *v = conf_site(c, o, url);
    return v ? v : "-";
}

static void feeds_have_settings_of_their_own(void **state)
{
    (void)state;
    struct conf *c = parsed("feed * user-agent Everyone\n"
                            "feed example.org interval 30\n"
                            "feed https://Example.org/letters interval 15 # more is said here\n"
                            "feed https://example.org/letters/ header 'X-One: 1'\n"
                            "feed example.org header \"X-Two: 2 # 3\"\n"
                            "feed example.org:8080 login = \"ada:se'cret\"\n"
                            "feed hidden.example proxy socks5h://127.0.0.1:9050\n"
                            "feed hidden.example/open proxy none\n"
                            "feed /home/ada interval 0\n"
                            "feed lectern:ingest/x interval 0\n");
    char told_as[600];
    assert_string_equal(told(c, told_as), "");
    static const struct {
        enum conf_site option;
        const char *url, *want;
    } table[] = {
        {CONF_SITE_USER_AGENT, "http://any.example/", "Everyone"},
        {CONF_SITE_INTERVAL, "http://example.org", "30"},
        {CONF_SITE_INTERVAL, "https://example.org/feed", "30"},
        {CONF_SITE_INTERVAL, "https://example.org/letters", "15"},
        {CONF_SITE_INTERVAL, "https://EXAMPLE.org/letters/2?x", "15"},
        {CONF_SITE_INTERVAL, "http://example.org/letters", "30"},
        {CONF_SITE_INTERVAL, "https://example.org/lettersandmore", "30"},
        {CONF_SITE_INTERVAL, "https://ada:x@example.org/letters?all", "15"},
        {CONF_SITE_INTERVAL, "https://example.org.evil.example/letters", "-"},
        {CONF_SITE_INTERVAL, "https://example.org@evil.example/letters", "-"},
        {CONF_SITE_INTERVAL, "https://evil.example/?https://example.org/letters", "-"},
        {CONF_SITE_INTERVAL, "https://www.example.org/letters", "-"},
        {CONF_SITE_INTERVAL, "https://example.org:8080/letters", "-"},
        {CONF_SITE_LOGIN, "https://example.org:8080/letters", "ada:se'cret"},
        {CONF_SITE_LOGIN, "https://example.org/letters", "-"},
        {CONF_SITE_PROXY, "https://hidden.example/x", "socks5h://127.0.0.1:9050"},
        {CONF_SITE_PROXY, "https://hidden.example/open/x", "none"},
        {CONF_SITE_INTERVAL, "file:///home/ada/letters", "0"},
        {CONF_SITE_INTERVAL, "file:///home/adam", "-"},
        {CONF_SITE_INTERVAL, "lectern:ingest/x", "0"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(site(c, table[i].option, table[i].url), table[i].want);
    const char *below = "https://example.org/letters/1";
    assert_string_equal(conf_site_nth(c, CONF_SITE_HEADER, below, 0), "X-Two: 2 # 3");
    assert_string_equal(conf_site_nth(c, CONF_SITE_HEADER, below, 1), "X-One: 1");
    assert_null(conf_site_nth(c, CONF_SITE_HEADER, below, 2));
    // As a file it says the same; for people nothing secret.
    struct buf out = {0}, again = {0};
    conf_write(c, &out);
    struct conf *d = parsed(out.data);
    assert_string_equal(told(d, told_as), "");
    conf_write(d, &again);
    assert_string_equal(out.data, again.data);
    conf_free(d);
    buf_clear(&out);
    conf_print(c, &out);
    assert_null(strstr(out.data, "cret"));
    assert_null(strstr(out.data, "2 # 3"));
    assert_non_null(strstr(out.data, "feed example.org:8080 login (not shown)\n"));
    assert_non_null(strstr(out.data, "feed example.org header X-Two: (not shown)\n"));
    assert_non_null(strstr(out.data, "feed /home/ada interval 0\n"));
    conf_free(c);
    c = parsed("proxy http://ada:secret@proxy.example:3128\n");
    buf_clear(&out);
    conf_print(c, &out);
    assert_string_equal(out.data, "proxy http://proxy.example:3128\n");
    conf_free(c);
    buf_free(&out);
    buf_free(&again);
}

static void faults_of_feed_lines_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } table[] = {
        {"feed", "it goes `feed ADDRESS NAME VALUE`"},
        {"feed example.org interval", "it goes `feed ADDRESS NAME VALUE`"},
        {"feed example.org intervall 5", "did you mean 'interval'?"},
        {"feed example.org nothing-like-it 5", "`lectern options` lists"},
        {"feed example.org interval 4", "minutes from 5"},
        {"feed example.org interval often", "minutes from 5"},
        {"feed example.org proxy ftp://x", "a proxy goes"},
        {"feed example.org header nothing", "a header goes `Name: value`"},
        {"feed example.org header Host: x", "set by Lectern itself"},
        {"feed * header Cookie: x", "would be shown to every server"},
        {"feed * login ada:secret", "would be shown to every server"},
        {"feed example.org login secret", "a login goes user:password"},
        {"proxy gopher://x", "proxy goes http://host:port"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct conf *c = parsed(table[i].line);
        size_t n;
        const struct conf_problem *p = conf_problems(c, &n);
        assert_int_equal(n, 1);
        assert_non_null(strstr(p->message, table[i].want));
        assert_null(strstr(p->message, "secret"));
        assert_int_equal(p->line, 1);
        conf_free(c);
    }
}

static void a_file_with_a_password_is_for_its_owner(void **state)
{
    (void)state;
    const char *tmp = getenv("LECTERN_TMP");
    char *path = path_join(tmp ? tmp : "/tmp", "secret.conf");
    static const char text[] =
        "feed example.org login ada:secret\nfeed example.org ca-file x.pem\n";
    struct err e = ERR_INIT;
    for (int open = 0; open < 2; open++) {
        assert_true(buf_write_file(path, text, sizeof text - 1, 0600, &e));
        assert_int_equal(chmod(path, open ? 0644 : 0600), 0);
        struct conf *c = conf_new();
        assert_true(conf_load(c, path, true, &e));
        size_t n;
        const struct conf_problem *p = conf_problems(c, &n);
        assert_int_equal(n, open);
        if (open)
            assert_non_null(strstr(p->message, "chmod 600"));
        char *beside = path_join(tmp ? tmp : "/tmp", "x.pem");
        assert_string_equal(site(c, CONF_SITE_CA_FILE, "https://example.org/"), beside);
        free(beside);
        conf_free(c);
    }
    unlink(path);
    free(path);
}

static void words_are_cut_like_a_shell_would(void **state)
{
    (void)state;
    static const struct {
        const char *line, *words[8];
    } table[] = {
        {"", {NULL}},
        {"  \t ", {NULL}},
        {"mpv  --no-video\t{url} ", {"mpv", "--no-video", "{url}", NULL}},
        {"a 'b c' \"d e\"f g\\ h", {"a", "b c", "d ef", "g h", NULL}},
        {"'' \"\" x", {"", "", "x", NULL}},
        {"'it'\\''s' \"a\\\"b\\\\c\\d\"", {"it's", "a\"b\\c\\d", NULL}},
        {"$(rm) `x` $HOME * ~ ;", {"$(rm)", "`x`", "$HOME", "*", "~", ";", NULL}},
        {"end\\", {"end\\", NULL}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char **words;
        size_t n;
        struct err e = ERR_INIT;
        assert_true(conf_words(table[i].line, &words, &n, &e));
        for (size_t j = 0; j < n; j++)
            assert_string_equal(words[j], table[i].words[j]);
        assert_null(table[i].words[n]);
        assert_null(words[n]);
        free(words);
    }
    char **words = NULL;
    size_t n;
    struct err e = ERR_INIT;
    assert_false(conf_words("mpv 'x", &words, &n, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_null(words);
}

// One line of a file is changed, and not a byte more.
static void an_option_is_kept_in_its_file(void **state)
{
    (void)state;
    static const struct {
        const char *before, *name, *value, *after;
    } table[] = {
        {"", "measure", "72", "measure 72\n"},
        {"justify yes", "measure", "72", "justify yes\nmeasure 72\n"},
        {"measure 60\nmeasure 61\njustify no\n", "measure", "72",
         "measure 60\nmeasure 72\njustify no\n"},
        {"  measure = 60\t# as in books\r\n#measure 50\r\n", "measure", "72",
         "  measure 72\t# as in books\r\n#measure 50\r\n"},
        {"measure 60\r\nx\n", "measure", "72", "measure 72\r\nx\n"},
        {"browser \"a # b\" # mine\n", "browser", "firefox {url}",
         "browser firefox {url} # mine\n"},
        {"measures 5\nbind essay measure down\nmeasure", "measure", "72",
         "measures 5\nbind essay measure down\nmeasure 72"},
        {"theme mono\n", "theme", "", "theme default\n"},
        {"measure 60\ninclude other\n", "measure", "72", "measure 60\ninclude other\nmeasure 72\n"},
    };
    char dir[] = "/tmp/lectern-conf-XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *path = path_join(dir, "config"), *other = path_join(dir, "other"),
         *link = path_join(dir, "link"), *fresh = path_join(dir, "new/config");
    struct err e = ERR_INIT;
    struct buf text = {0};
    assert_true(buf_write_file(other, "measure 50\n", 11, 0600, &e));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        buf_clear(&text);
        assert_true(buf_write_file(path, table[i].before, strlen(table[i].before), 0640, &e));
        if (!conf_keep(path, table[i].name, table[i].value, &e))
            fail_msg("%s", e.msg);
        assert_true(buf_read_file(&text, path, 1 << 20, &e));
        assert_string_equal(buf_cstr(&text), table[i].after);
    }
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    // Through a link, into a folder that is not there, and where nothing may be written.
    assert_int_equal(symlink(path, link), 0);
    assert_true(conf_keep(link, "measure", "66", &e));
    assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    buf_clear(&text);
    assert_true(buf_read_file(&text, path, 1 << 20, &e));
    assert_non_null(strstr(buf_cstr(&text), "measure 66\n"));
    assert_true(conf_keep(fresh, "measure", "66", &e));
    assert_false(conf_keep("/proc/no/such/config", "measure", "66", &e));
    buf_free(&text);
    char *gone[] = {fresh, path_join(dir, "new"), link, other, path};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        assert_int_equal(remove(gone[i]), 0);
        free(gone[i]);
    }
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(lines_set_what_they_say),
        cmocka_unit_test(faults_are_told_and_change_nothing),
        cmocka_unit_test(a_wrong_file_is_not_told_line_by_line),
        cmocka_unit_test(binds_are_kept_as_written),
        cmocka_unit_test(files_include_files),
        cmocka_unit_test(set_takes_values_whole),
        cmocka_unit_test(example_is_the_defaults),
        cmocka_unit_test(manual_page_tells_every_option),
        cmocka_unit_test(feeds_have_settings_of_their_own),
        cmocka_unit_test(faults_of_feed_lines_are_told),
        cmocka_unit_test(a_file_with_a_password_is_for_its_owner),
        cmocka_unit_test(words_are_cut_like_a_shell_would),
        cmocka_unit_test(an_option_is_kept_in_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
