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
        {"measure wide", "1: measure takes a number from 20 to 200, not 'wide'"},
        {"measure 7x", "1: measure takes a number from 20 to 200, not '7x'"},
        {"measure 19", "1: measure takes a number from 20 to 200; 19 is too small"},
        {"measure 99999999999999999999999",
         "1: measure takes a number from 20 to 200; 99999999999999999999999 is too large"},
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
    assert_non_null(strstr(out.data, "20 to 200"));
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
        cmocka_unit_test(words_are_cut_like_a_shell_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
