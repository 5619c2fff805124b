// Keys, the `:` line, prompts and the help, pressed as on a keyboard.
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

#include "../support/screen.h"
#include "lectern/mem.h"
#include "../support/library.h"
#include "lectern/buf.h"
#include "lectern/conf.h"
#include "ui/ex.h"
#include "ui/view.h"

static int64_t unread_of(struct screen *s, int64_t feed)
{
    struct arena *a = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    assert_true(store_feed(s->store, feed, a, &f, &e));
    arena_free(a);
    return f.unread;
}

// ---- keys ----

static void counts_and_sequences(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "`:open compiler<enter>` idle `5j`");
    screen_on(s, "Issue 946");
    screen_do(s, "`gg`");
    screen_on(s, "Issue 951");
    screen_do(s, "`12G`");
    screen_on(s, "Issue 940");
    screen_do(s, "`12`");
    screen_says(s, "12");
    screen_do(s, "`<esc>j`"); // the count is given up, and Esc does nothing else
    screen_on(s, "Issue 939");
    screen_do(s, "`z`");
    screen_says(s, "z");
    screen_do(s, "`t`");
    assert_string_equal(screen_current(s), screen_row(s, 4)); // two lines of context above
    screen_do(s, "`zb`");
    assert_string_equal(screen_current(s), screen_row(s, 20));
    screen_do(s, "`zz`");
    assert_string_equal(screen_current(s), screen_row(s, 12));
    screen_do(s, "`qZZ`");
    assert_true(ui_done(s->ui));
    screen_close(s);
}

static void counts_in_an_essay(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "`:open 1<enter>`");
    screen_do(s, "`]]`");
    char *second = mem_strdup(screen_text(s));
    screen_do(s, "`g2]`");
    assert_string_equal(screen_text(s), second);
    screen_do(s, "`99]`");
    screen_says(s, "No heading further on");
    free(second);
    screen_close(s);
}

static void escape_does_nothing_unexpected(void **state)
{
    (void)state;
    static const char *const places[] = {"", "`:open slow<enter>`", "`:open 1<enter>`"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct screen *s = screen_open(80, 24);
        screen_do(s, places[i]);
        screen_do(s, "`<esc>`");
        char *before = mem_strdup(screen_text(s));
        screen_do(s, "`<esc>5<esc>:add x<esc>/abc<esc>g<esc><esc>`");
        assert_string_equal(screen_text(s), before);
        free(before);
        screen_close(s);
    }
}

static void unknown_keys_say_where_help_is(void **state)
{
    (void)state;
    struct screen *s = screen_configured(80, 24, "bind all ^h help\n");
    screen_do(s, "`<f9>`");
    screen_says(s, "F9 means nothing here; Backspace shows the keys");
    screen_do(s, "`5`"); // what is typed takes the line again
    assert_null(strstr(screen_row(s, -1), "F9"));
    screen_close(s);
}

static void own_keys_do_several_things(void **state)
{
    (void)state;
    struct screen *s = screen_configured(80, 24,
                                         "bind contents w toggle-read ; 2 down\n"
                                         "bind all ,t :open slow ; down ; open\n"
                                         "bind contents D :tag mine ; search ; down\n"
                                         "unbind contents A\n");
    screen_do(s, "`:open slow<enter>`");
    assert_int_equal(unread_of(s, 1), 2);
    screen_do(s, "`w`");
    assert_int_equal(unread_of(s, 1), 1);
    screen_on(s, "On Being Interrupted");
    screen_do(s, "`A`");
    screen_says(s, "A means nothing here");
    screen_do(s, "`q,t`");
    screen_has(s, "What a Margin Is For");
    screen_do(s, "`qgD`"); // a prompt comes between: the rest waits for nobody
    screen_says(s, "Find:");
    screen_do(s, "`<esc>`");
    screen_on(s, "The Quiet Return");
    screen_do(s, "`q?`");
    screen_has(s, "Your own");
    screen_has(s, ",t");
    screen_has(s, ":open slow ; down ; open");
    screen_close(s);
}

static void keys_change_while_it_runs(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "`:bind all w 3 down<enter>`");
    screen_says(s, "For now; `bind all w 3 down` in ~/.config/lectern/config keeps it");
    screen_do(s, "`:open compiler<enter>` idle `ww`");
    screen_on(s, "Issue 945");
    screen_do(s, "`:unbind all w<enter>w`");
    screen_says(s, "w means nothing here");
    screen_do(s, "`:bind shelf w donw<enter>`");
    screen_says(s, "there is no action 'donw': did you mean 'down'?");
    screen_do(s, "`:bind shelf<enter>`");
    screen_says(s, "it goes `bind VIEW KEYS ACTION`");
    screen_close(s);
}

static void pastes_are_text_or_nothing(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "`<paste>Qjj5<enter></paste>`"); // no line is typed: not one of them is a key
    assert_false(ui_done(s->ui));
    screen_has_not(s, "means nothing");
    screen_do(s, "`:<paste>one<enter>two<esc><tab>é漢</paste>`");
    screen_says(s, ":one two é漢");
    screen_do(s, "`<esc>/harbour<enter>D<paste>y</paste>`"); // no question is answered by one
    screen_has(s, "Remove The Harbour Post");
    screen_do(s, "`n`");
    screen_has(s, "The Harbour Post");
    screen_close(s);
}

// ---- the `:` line ----

static void lines_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *said;
    } table[] = {
        {"thme sepia", "There is no command “thme”: did you mean “theme”?"},
        {"xyzzyplugh", "There is no command “xyzzyplugh”: Tab after : lists them"},
        {"fo", "There is no command “fo”: Tab after : lists them"}, // nothing is near two letters
        {"re", "“re” may be read, rename"},
        {"sear nothing at all", "Nothing here is called “nothing at all”"},
        {"tag", "There is no feed here"},
        {"bind", "It goes `:bind VIEW KEYS ACTION...`"},
        {"read this", "`:read` takes nothing after it"},
        {"down twice", "`:down` takes nothing after it"},
        {"read", "There is no essay here"},
        {"open 4711", "there is no essay 4711"},
        {"open nowhere at all", "nowhere at all"},
        {"export /tmp/x.md", "There is no essay here to write"},
        {"set", "Every option has its default"},
        {"set measure", "measure is 68"},
        {"set measure 72", "measure is 72 for now; `:always measure` keeps it"},
        {"set mesure 72", "unknown option 'mesure': did you mean 'measure'?"},
        {"set measure 7", "measure takes a number from 40 to 100; 7 is too small"},
        {"set measure=70", "measure is 70 for now"},
        {"set justify", "justify is yes for now"},
        {"set justify?", "justify is yes"},
        {"set", "measure 70, justify yes"},
        {"set nojustify", "justify is no for now"},
        {"set measure&", "measure is 68 for now"},
        {"set interval 30", "`:always interval 30` is for the next time"},
        {"always", "It goes `:always OPTION [VALUE]`"},
        {"always mesure 72", "did you mean 'measure'?"},
        {"always measure 7", "7 is too small"},
        {"theme nowhere", "There is no theme nowhere"},
        {"theme", "theme is default"},
        {"theme mono", "theme is mono for now"},
        {"add https://example.org", "Nothing can be fetched here"},
        {"help nothing-of-the-kind", "q back"},
        {"   ", ""},
    };
    struct screen *s = screen_open(200, 24);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ui_command(s->ui, table[i].typed);
        screen_says(s, table[i].said);
    }
    screen_close(s);
}

static void every_action_can_be_typed(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
        struct err e = ERR_INIT;
        if (!ex_known(action_table[a].name, &e))
            fail_msg("%s: %s", action_table[a].name, e.msg);
    }
    for (size_t i = 0; i < ex_count; i++) {
        struct err e = ERR_INIT;
        assert_true(ex_known(ex_table[i].name, &e));
    }
    screen_do(s, "`:open compiler<enter>` idle `:5 down<enter>`");
    screen_on(s, "Issue 946");
    screen_do(s, "`:12<enter>`");
    screen_on(s, "Issue 940");
    screen_do(s, "`:3up<enter>`");
    screen_on(s, "Issue 943");
    screen_do(s, "`:messages<enter>`");
    screen_has(s, "Messages");
    screen_do(s, "`:redraw<enter>`");
    assert_int_equal(s->redrawn, 1);
    screen_do(s, "`:q<enter>`");
    assert_true(ui_done(s->ui));
    screen_close(s);
}

static void commands_are_about_what_is_under_the_hand(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    screen_do(s, "`:open slow<enter>`");
    assert_int_equal(unread_of(s, 1), 2);
    screen_do(s, "`:read<enter>`");
    screen_says(s, "Marked read");
    assert_int_equal(unread_of(s, 1), 1);
    screen_do(s, "`:read<enter>`");
    screen_says(s, "It is read already");
    screen_do(s, "`u:unread<enter>`");
    screen_says(s, "It is unread already");
    screen_do(s, "`:rename Letters, Slowly<enter>`");
    screen_says(s, "Slow Letters is called Letters, Slowly now");
    screen_do(s, "`:rename<enter><^u><enter>`"); // asks, with the name in the line
    screen_says(s, "Letters, Slowly is called Slow Letters now");
    screen_do(s, "`:tag \"two words\" -essays<enter>`");
    screen_says(s, "Slow Letters: tagged two words, no longer essays");
    screen_do(s, "`q`");
    screen_has(s, "two words");
    char *file = mem_printf("%s.md", s->path), *line = mem_printf(":export %s", file);
    screen_do(s, "`:open slow<enter>`");
    ui_command(s->ui, line + 1);
    screen_has(s, "written to");
    struct buf b = {0};
    struct err e = ERR_INIT;
    assert_true(buf_read_file(&b, file, 1 << 20, &e));
    assert_non_null(strstr(buf_cstr(&b), "The Quiet Return of the Letter"));
    assert_true(buf_write_file(file, "mine", 4, 0600, &e));
    ui_command(s->ui, line + 1);
    screen_has(s, "Write over it? (y/n)");
    screen_do(s, "`n`");
    buf_clear(&b);
    assert_true(buf_read_file(&b, file, 1 << 20, &e));
    assert_string_equal(buf_cstr(&b), "mine");
    ui_command(s->ui, line + 1);
    screen_do(s, "`y`");
    buf_clear(&b);
    assert_true(buf_read_file(&b, file, 1 << 20, &e));
    assert_true(b.len > 4);
#ifdef HAVE_ZIP
    char *book = mem_printf("%s.epub", s->path), *bind = mem_printf("export %s", book);
    ui_command(s->ui, bind);
    screen_has(s, "written to");
    buf_clear(&b);
    assert_true(buf_read_file(&b, book, 1 << 20, &e));
    assert_memory_equal(b.data, "PK", 2);
    unlink(book);
    free(book);
    free(bind);
#endif
    unlink(file);
    buf_free(&b);
    free(file);
    free(line);
    screen_close(s);
}

// ---- completion and history ----

static void tab_completes(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *line;
    } table[] = {
        {"`:the<tab>`", ":theme"},
        {"`:un<tab>`", ":unbind"}, // several: the first of them
        {"`:un<tab><tab>`", ":undo"},
        {"`:un<tab><backtab>`", ":un "}, // what was typed
        {"`:un<tab><backtab><backtab>`", ":unread-only"},
        {"`:set me<tab>`", ":set measure"},
        {"`:set gly<tab>u<tab>`", ":set glyphs unicode"},
        {"`:set justify y<tab>`", ":set justify yes"},
        {"`:open com<tab>`", ":open Compiler Weekly"},
        {"`:open har<tab>`", ":open The Harbour Post"},
        {"`:feed The H<tab>`", ":feed The Harbour Post"},
        {"`:tag ess<tab>`", ":tag essays"},
        {"`:tag -ess<tab>`", ":tag -essays"},
        {"`:bind es<tab>`", ":bind essay"},
        {"`:bind all w toggle-<tab>`", ":bind all w toggle-read"},
        {"`:theme mo<tab>`", ":theme mono"},
        {"`:12 next-h<tab>`", ":12 next-heading"},
        {"`:nothing of the kind<tab>`", ":nothing of the kind"},
        {"`:add x<tab>`", ":add x"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct screen *s = screen_open(80, 24);
        screen_do(s, table[i].typed);
        const char *line = screen_row(s, -1);
        line += strspn(line, " ");
        char *padded = mem_printf("%s ", line); // rows end where their text does
        if (strncmp(padded, table[i].line, strlen(table[i].line)) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", table[i].typed, line, table[i].line);
        free(padded);
        screen_close(s);
    }
}

static void files_complete(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    char *dir = mem_printf("%s.d", s->path), *path = mem_printf("%s/some file.opml", dir);
    char *sub = mem_printf("%s/folder", dir), *hidden = mem_printf("%s/.hidden", dir);
    struct err e = ERR_INIT;
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_true(buf_write_file(path, "", 0, 0600, &e));
    assert_true(buf_write_file(hidden, "", 0, 0600, &e));
    setenv("HOME", dir, 1);
    screen_do(s, "`:import ~/s<tab>`");
    screen_says(s, ":import ~/some file.opml");
    screen_do(s, "`<esc>:import ~/f<tab>`");
    screen_says(s, ":import ~/folder/");
    screen_do(s, "`<esc>:import ~/<tab>`");
    screen_has_not(s, ".hidden");
    screen_has(s, "folder/  some file.opml");
    screen_do(s, "`<esc>:export ~/.<tab>`");
    screen_says(s, ":export ~/.hidden");
    unlink(path);
    unlink(hidden);
    rmdir(sub);
    rmdir(dir);
    free(path);
    free(hidden);
    free(sub);
    free(dir);
    screen_close(s);
}

static void menus_look(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {20, 5}};
    for (int i = 0; i < 2; i++) {
        struct screen *s = screen_open(sizes[i][0], sizes[i][1]);
        screen_do(s, "`:<tab><tab><tab>`");
        screen_golden(s, "menu");
        screen_do(s, "`<backtab><backtab><backtab><backtab>`"); // to the last of them
        screen_golden(s, "menu-last");
        screen_do(s, "`<esc>:se<tab>`");
        screen_has(s, "search");
        screen_do(s, "` x`"); // another key closes it
        screen_has_not(s, "search-next");
        screen_close(s);
    }
}

static void history_is_kept(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    s->history = mem_printf("%s.state/history", s->path);
    screen_again(s, STORE_READER);
    screen_do(s, "`:set measure 70<enter>:messages<enter>q/slow<enter>: secret<enter>`");
    screen_do(s, "`:add https://ada:pw@example.org<enter>:messages<enter>q`");
    struct stat st;
    struct buf b = {0};
    struct err e = ERR_INIT;
    assert_int_equal(stat(s->history, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(buf_read_file(&b, s->history, 1 << 20, &e));
    assert_string_equal(buf_cstr(&b), ":set measure 70\n:messages\n/slow\n");
    screen_again(s, STORE_READER); // the next time
    screen_do(s, "`:<up><up><up>`");
    screen_says(s, ":set measure 70");
    screen_do(s, "`<down>`");
    screen_says(s, ":messages");
    screen_do(s, "`<esc>/<up>`"); // what was looked for is another list
    screen_says(s, "Find: slow");
    screen_do(s, "`<esc>:theme x<up><down>`"); // what was being typed comes back
    screen_says(s, ":theme x");
    unlink(s->history);
    char *slash = strrchr(s->history, '/');
    *slash = '\0';
    rmdir(s->history);
    *slash = '/';
    buf_free(&b);
    screen_close(s);
}

static void history_has_an_end(void **state)
{
    (void)state;
    struct screen *s = screen_configured(80, 24, "history 3\n");
    struct buf b = {0};
    struct err e = ERR_INIT;
    s->history = mem_printf("%s.history", s->path);
    for (int i = 0; i < 300; i++)
        buf_printf(&b, ":%d\n", i);
    buf_str(&b, "nonsense\n:\x1b[2J\n");
    assert_true(buf_write_file(s->history, b.data, b.len, 0600, &e));
    screen_again(s, STORE_READER);
    screen_do(s, "`:<up>`"); // no control character comes back
    screen_says(s, ": [2J");
    screen_do(s, "`<up><up><up><up>`");
    screen_says(s, ":298");
    buf_clear(&b);
    assert_true(buf_read_file(&b, s->history, 1 << 20, &e)); // it had grown long
    assert_string_equal(buf_cstr(&b), ":298\n:299\n: [2J\n");
    unlink(s->history);
    buf_free(&b);
    screen_close(s);
}

// ---- help ----

static void help_is_filtered_as_one_types(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {20, 5}};
    for (int i = 0; i < 2; i++) {
        struct screen *s = screen_open(sizes[i][0], sizes[i][1]);
        screen_do(s, "`?/addr`");
        screen_golden(s, "help-find");
        screen_do(s, "`<enter>`");
        screen_has_not(s, "half a page");
        screen_do(s, "`<esc>`"); // first all keys are back
        assert_int_equal(ui_view(s->ui), VIEW_HELP);
        screen_has(s, "Going");
        screen_do(s, "`/xyzzy<enter>`");
        screen_has(s, "No key here");
        screen_do(s, "`<esc><esc>`"); // then one is
        assert_int_equal(ui_view(s->ui), VIEW_SHELF);
        screen_do(s, "`:help unread<enter>`");
        screen_has(s, i ? "previous" : "next unread");
        screen_has_not(s, "half a page");
        screen_do(s, "`/<esc>`"); // given up: all of it
        screen_has(s, "Going");
        screen_close(s);
    }
}

// Every action is in the help of every view, with its key or its name, and every command.
static void help_has_everything(void **state)
{
    (void)state;
    struct screen *s = screen_configured(100, 400, "unbind all u\n");
    screen_do(s, "`?`");
    for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
        screen_has(s, action_table[a].what);
    for (size_t i = 0; i < ex_count; i++)
        screen_has(s, ex_table[i].what);
    screen_has(s, "Without a key");
    screen_has(s, ":undo");
    screen_close(s);
}

// What is set for good stands in the file, and everything else there stays.
static void options_are_kept(void **state)
{
    (void)state;
    char *path = library_path("kept.config");
    struct buf text = {0};
    struct err e = ERR_INIT;
    static const char mine[] = "# mine\nmeasure 60  # narrow\nbind essay space page-down\n";
    assert_true(buf_write_file(path, mine, strlen(mine), 0600, &e));
    struct screen *s = screen_open(80, 24);
    s->ui->set.config = path;
    ui_command(s->ui, "always measure 72");
    screen_has(s, "Written into");
    ui_command(s->ui, "set justify");
    ui_command(s->ui, "always justify");
    ui_command(s->ui, "always fetch-total 8");
    ui_command(s->ui, "always measure 7");
    screen_says(s, "too small");
    assert_true(buf_read_file(&text, path, 1 << 20, &e));
    assert_string_equal(buf_cstr(&text),
                        "# mine\nmeasure 72  # narrow\nbind essay space page-down\n"
                        "justify yes\nfetch-total 8\n");
    assert_int_equal(conf_int(s->conf, CONF_MEASURE), 72);
    s->ui->set.config = NULL;
    ui_command(s->ui, "always measure 70");
    screen_says(s, "no file");
    buf_free(&text);
    unlink(path);
    free(path);
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_sequences),
        cmocka_unit_test(counts_in_an_essay),
        cmocka_unit_test(escape_does_nothing_unexpected),
        cmocka_unit_test(unknown_keys_say_where_help_is),
        cmocka_unit_test(own_keys_do_several_things),
        cmocka_unit_test(keys_change_while_it_runs),
        cmocka_unit_test(pastes_are_text_or_nothing),
        cmocka_unit_test(lines_are_understood),
        cmocka_unit_test(every_action_can_be_typed),
        cmocka_unit_test(commands_are_about_what_is_under_the_hand),
        cmocka_unit_test(tab_completes),
        cmocka_unit_test(files_complete),
        cmocka_unit_test(menus_look),
        cmocka_unit_test(history_is_kept),
        cmocka_unit_test(history_has_an_end),
        cmocka_unit_test(help_is_filtered_as_one_types),
        cmocka_unit_test(help_has_everything),
        cmocka_unit_test(options_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
