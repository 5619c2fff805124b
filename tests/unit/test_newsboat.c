// newsboat's configuration: what becomes of each line, and why some do not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/program.h"
#include "cli/newsboat.h"
#include "cli/newsboat_table.h"
#include "lectern/conf.h"
#include "lectern/theme.h"
#include "ui/keymap.h"

static void lines_become_lines(void **state)
{
    (void)state;
    static const struct {
        const char *theirs, *ours, *why; // ours NULL: left out
    } table[] = {
        {"bind-key j down", "bind all j down", NULL},
        {"bind-key j next articlelist", "bind contents j next-essay", NULL},
        {"bind-key ^D pagedown # half", "bind all ^D page-down", NULL},
        {"bind-key PPAGE pageup all", "bind all pgup page-up", NULL},
        {"bind-key # mark-feed-read", "bind all \"#\" mark-all-read", NULL},
        {"bind-key ' open", NULL, "a quotation has no end"},
        {"bind-key \"'\" open", "bind all \"'\" open", NULL},
        {"bind-key < pageup feedlist", "bind shelf lt page-up", NULL},
        {"bind-key x nonsense", NULL, "Lectern has nothing like nonsense"},
        {"bind-key x open filebrowser", NULL, "Lectern has no such view"},
        {"bind-key 5 open", NULL, "'5' cannot be bound: digits are counts"},
        {"bind-key NOKEY open", NULL, "Lectern knows no such key"},
        {"bind-key x", NULL, "something is missing"},
        {"unbind-key ENTER", "unbind all ENTER", NULL},
        {"unbind-key C feedlist", NULL, "'C' means nothing in shelf as it is"},
        {"macro l open ; bookmark; quit -- \"keep it\"", "bind all ,l open ; bookmark ; back",
         NULL},
        {"macro ENTER open", "bind all ,<ENTER> open", NULL},
        {"macro y set browser \"mpv %u\"; open-in-browser ; set browser lynx %u",
         "bind all ,y :set browser mpv {url} ; browser ; :set browser lynx {url}", NULL},
        {"macro y set browser \"mpv %u &\"; open-in-browser", NULL, "it needs a shell"},
        {"macro y set reload-time 3 ; open", NULL, "it sets an option on the way"},
        {"macro y exec", NULL, "Lectern has nothing like exec"},
        {"macro y -- \"nothing\"", NULL, "it does nothing"},
        {"browser \"firefox '%u'\"", "browser firefox {url}", NULL},
        {"browser firefox", "browser firefox", NULL},
        {"browser \"lynx %u | less\"", NULL, "it needs a shell"},
        {"player mpv", "player mpv", NULL},
        {"reload-time 90", "interval 90", NULL},
        {"reload-time 1", NULL, "interval takes a number from 5 to 10080; 1 is too small"},
        {"reload-time 0", NULL, "0 means something of its own there"},
        {"text-width 80", "measure 80", NULL},
        {"max-items 50", NULL, "every essay is kept; nothing is thrown away"},
        {"refresh-on-startup no", "fetch-on-start no", NULL},
        {"user-agent \"Mine \\\"1\\\" # x\"", "user-agent \"Mine \\\"1\\\" # x\"", NULL},
        {"highlight article \"^Feed\" red default", NULL, "Lectern's themes go by what a text is"},
        {"color hint-separator white default", NULL, "Lectern's themes have nothing like it"},
        {"password `pass x`", NULL, "commands in backticks are not run"},
        {"xyzzy 1", NULL, "Lectern has no such setting"},
        {"show-read-feeds", NULL, "Lectern has no such setting"},
        {"show-read-feeds no", NULL, "the key v shows only what is unread"},
        {"# nothing", "", NULL},
        {"bind-key \\\nj \\\ndown", "bind all j down", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct newsboat n;
        newsboat_read(&n, table[i].theirs, strlen(table[i].theirs), "config");
        const char *ours = strchr(buf_cstr(&n.lines), '\n') + 1;
        size_t len = strcspn(ours, "\n");
        if (table[i].ours &&
            (n.nleft || strlen(table[i].ours) != len || strncmp(ours, table[i].ours, len) != 0))
            fail_msg("%s: \"%.*s\"%s", table[i].theirs, (int)len, ours,
                     n.nleft ? n.left[0].why : "");
        if (!table[i].ours && (len || n.nleft != 1 || n.left[0].line != 1 ||
                               strncmp(n.left[0].why, table[i].why, strlen(table[i].why)) != 0))
            fail_msg("%s: \"%.*s\" %s", table[i].theirs, (int)len, ours,
                     n.nleft ? n.left[0].why : "was taken");
        newsboat_free(&n);
    }
}

static void a_proxy_is_made_of_four_lines(void **state)
{
    (void)state;
    struct newsboat n;
    const char *text =
        "proxy localhost:9050\nproxy-auth ada:pw\nproxy-type socks5\nuse-proxy yes\n";
    newsboat_read(&n, text, strlen(text), "config");
    assert_non_null(strstr(n.lines.data, "proxy socks5h://ada:pw@localhost:9050\n"));
    newsboat_free(&n);
    newsboat_read(&n, text, strlen("proxy localhost:9050\n"), "config");
    assert_int_equal(n.nleft, 1);
    assert_string_equal(n.left[0].why, "use-proxy is not yes");
    newsboat_free(&n);
}

static void colours_make_a_theme(void **state)
{
    (void)state;
    struct newsboat n;
    size_t problems;
    const char *text = "color listnormal cyan default\ncolor listfocus black yellow standout bold\n"
                       "color article white color235\n";
    newsboat_read(&n, text, strlen(text), "config");
    assert_string_equal(n.theme.data, "list-title   cyan\ncurrent      black on yellow bold\n"
                                      "text         white on 235\n");
    struct theme *t = theme_parse(n.theme.data, n.theme.len, "theme");
    theme_problems(t, &problems);
    assert_int_equal(problems, 0);
    theme_free(t);
    newsboat_free(&n);
}

// Every name in the tables is one that Lectern has.
static void tables_name_what_there_is(void **state)
{
    (void)state;
    static const struct {
        const char *theirs, *ours;
    } operations[] =
        {
#define X(theirs, ours) {theirs, ours},
            NEWSBOAT_OPERATIONS(X)},
      dialogs[] = {NEWSBOAT_DIALOGS(X)}, keys[] = {NEWSBOAT_KEYS(X)};
#undef X
    struct conf *c = conf_new();
    struct buf value = {0};
    enum action a;
    int key[KEYS_SEQUENCE];
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (!action_find(operations[i].ours, &a))
            fail_msg("%s", operations[i].ours);
    for (size_t i = 0; i < sizeof dialogs / sizeof *dialogs; i++) {
        bool known = strcmp(dialogs[i].ours, "all") == 0;
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            known |= strcmp(dialogs[i].ours, view_kind_name((enum view_kind)v)) == 0;
        assert_true(known);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(key_parse(keys[i].ours, key), 1);
#define X(theirs, ours, kind)        \
    if (!conf_show(c, ours, &value)) \
        fail_msg("%s", ours);
    NEWSBOAT_SETTINGS(X)
#undef X
    buf_free(&value);
    conf_free(c);
}

static void configurations_are_told_from_lists(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool config;
    } table[] = {
        {"bind-key j down\n", true},
        {"# mine\n\nmax-items 5", true},
        {"https://a.example/feed tag\nbind-key j down\n", false},
        {"<opml>\n", false},
        {"", false},
        {"browser\n", false},
        {"example.org/feed tag\n", false},
        {"\"query:Unread:unread = \\\"yes\\\"\"\n", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (newsboat_is_config(table[i].text, strlen(table[i].text)) != table[i].config)
            fail_msg("%s", table[i].text);
}

static void the_command_takes_one(void **state)
{
    (void)state;
    struct buf out = {0}, err = {0}, line = {0};
    char *config = program_file("newsboat.config", "bind-key w down\ncolor info red default\n"
                                                   "max-items 3\nsome-password secret\n");
    char *to = program_path("newsboat.conf"), *theme = program_path("newsboat.theme");
    unlink(to);
    unlink(theme);
    buf_printf(&line, "import '%s'", config);
    assert_int_equal(program_run(line.data, &out, &err), 0);
    assert_non_null(strstr(out.data, "bind all w down\n"));
    assert_non_null(strstr(err.data, ":3: left out: max-items 3: every essay is kept"));
    assert_non_null(strstr(err.data, "--theme FILE writes it"));
    assert_null(strstr(err.data, "secret"));
    buf_printf(&line, " -o '%s' --theme '%s'", to, theme);
    assert_int_equal(program_run(line.data, &out, &err), 0);
    assert_non_null(strstr(out.data, "2 lines of newsboat's configuration taken, 2 left out"));
    struct stat st;
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(stat(theme, &st), 0);
    assert_int_equal(program_run(line.data, &out, &err), 1); // nothing is written over
    assert_non_null(strstr(err.data, "is there already"));
    buf_clear(&line);
    buf_printf(&line, "--config '%s' config --check", to);
    assert_int_equal(program_run(line.data, &out, &err), 0);
    buf_clear(&line);
    buf_printf(&line, "import '%s' --tag x", config);
    assert_int_equal(program_run(line.data, &out, &err), 2);
    free(config);
    free(to);
    free(theme);
    buf_free(&out);
    buf_free(&err);
    buf_free(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_lines),
        cmocka_unit_test(a_proxy_is_made_of_four_lines),
        cmocka_unit_test(colours_make_a_theme),
        cmocka_unit_test(tables_name_what_there_is),
        cmocka_unit_test(configurations_are_told_from_lists),
        cmocka_unit_test(the_command_takes_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
