// Keys and what they mean: names, defaults, counts, sequences, and the reader's own lines with
// their mistakes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/conf.h"
#include "lectern/utf8.h"
#include "ui/keymap.h"

static struct keymap *keymap_of(const char *text)
{
    struct conf *c = conf_new();
    conf_parse(c, text, strlen(text), "config");
    struct keymap *k = keymap_new(c);
    conf_free(c); // the keymap keeps nothing of it
    return k;
}

// Types words of keys; the actions they make as "down open:3", "?" for a key without meaning.
static void types(struct keymap *k, enum view_kind v, const char *script, const char *expected)
{
    struct buf b = {0};
    for (const char *p = script, *end; *p; p = end) {
        char word[16] = {*p};
        end = p + 1;
        if (*p == '<' && strchr(p, '>')) {
            end = strchr(p, '>') + 1;
            snprintf(word, sizeof word, "%.*s", (int)(end - p) - 2, p + 1);
        } else if (*p == '^') {
            word[1] = *end++;
        }
        int keys[KEYS_SEQUENCE];
        assert_int_equal(key_parse(word, keys), 1);
        bool unknown;
        struct step s = keymap_feed(k, v, keys[0], &unknown);
        if (unknown)
            buf_str(&b, "?");
        for (; s.action != ACT_NONE; s = keymap_rest(k)) {
            buf_printf(&b, "%s%s", b.len ? " " : "", action_table[s.action].name);
            if (s.count)
                buf_printf(&b, ":%d", s.count);
            if (s.line)
                buf_printf(&b, "(%s)", s.line);
        }
    }
    if (strcmp(buf_cstr(&b), expected) != 0)
        fail_msg("%s in %s: \"%s\", not \"%s\"", script, view_kind_name(v), buf_cstr(&b), expected);
    buf_free(&b);
    keymap_reset(k);
}

static void names_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        int key;
        const char *shown;
    } one[] = {
        {"j", 'j', "j"},
        {"space", ' ', "space"},
        {"SPACE", ' ', "space"},
        {"enter", KEYS_ENTER, "Enter"},
        {"^m", KEYS_ENTER, "Enter"},
        {"^d", 4, "^D"},
        {"ctrl-d", 4, "^D"},
        {"pgdn", KEYS_PAGE_DOWN, "PgDn"},
        {"PageDown", KEYS_PAGE_DOWN, "PgDn"},
        {"f12", KEYS_F12, "F12"},
        {"alt-x", KEYS_ALT | 'x', "Alt-x"},
        {"lt", '<', "<"},
        {"^", '^', "^"},
        {"<", '<', "<"},
        {"é", 0xE9, "é"},
        {"ctrl-right", KEYS_CTRL | KEYS_RIGHT, "Ctrl-Right"},
        {"^i", KEYS_TAB, "Tab"},
        {"^[", KEYS_ESCAPE, "Esc"},
        {"^?", KEYS_BACKSPACE, "Backspace"},
        {"shift-tab", KEYS_BACKTAB, "Shift-Tab"},
        {"^_", 0x1F, "^_"},
        {"shift-up", KEYS_SHIFT | KEYS_UP, "Shift-Up"},
    };
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        int keys[KEYS_SEQUENCE];
        if (key_parse(one[i].word, keys) != 1 || keys[0] != one[i].key)
            fail_msg("%s", one[i].word);
        struct buf b = {0};
        key_name(one[i].key, &b);
        assert_string_equal(buf_cstr(&b), one[i].shown);
        buf_free(&b);
    }
    int keys[KEYS_SEQUENCE];
    assert_int_equal(key_parse("gg", keys), 2);
    assert_int_equal(key_parse("g<enter>", keys), 2);
    assert_int_equal(keys[1], KEYS_ENTER);
    assert_int_equal(key_parse("^x^s", keys), 2);
    assert_int_equal(keys[1], 0x13);
    static const char *const bad[] = {"",       "<nokey>",          "shift-a", "alt-nokey",
                                      "ctrl-é", "toolongasequence", "a b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (key_parse(bad[i], keys) != 0)
            fail_msg("'%s' was taken", bad[i]);
}

static void defaults(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("");
    size_t n;
    keymap_problems(k, &n);
    assert_int_equal(n, 0);
    types(k, VIEW_SHELF, "j", "down");
    types(k, VIEW_SHELF, "q", "quit");
    types(k, VIEW_SHELF, "a", "add");
    types(k, VIEW_SHELF, "h", "?");
    types(k, VIEW_CONTENTS, "q", "back");
    types(k, VIEW_CONTENTS, "b", "bookmark");
    types(k, VIEW_CONTENTS, "a", "audio");
    types(k, VIEW_READER, "b", "bookmark");
    types(k, VIEW_READER, "l", "links");
    types(k, VIEW_READER, "<right>", "page-down");
    types(k, VIEW_HELP, "b", "page-up");
    types(k, VIEW_HELP, "<esc>", "search-end");
    types(k, VIEW_MESSAGES, "<esc>", "back");
    types(k, VIEW_READER, "<esc>", "search-end");
    types(k, VIEW_READER, "Zj", "?");
    types(k, VIEW_READER, "ZZ", "quit");
    keymap_free(k);
}

static void counts_and_sequences(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("bind essay zt top\nbind all ^x^s quit\n");
    types(k, VIEW_CONTENTS, "5j", "down:5");
    types(k, VIEW_CONTENTS, "120jj", "down:120 down");
    types(k, VIEW_CONTENTS, "12G", "bottom:12");
    types(k, VIEW_CONTENTS, "gg", "top top");
    types(k, VIEW_CONTENTS, "12gg", "top:12 top:12");
    types(k, VIEW_CONTENTS, "gj", "top down");
    types(k, VIEW_CONTENTS, "g5j", "top down:5");
    types(k, VIEW_CONTENTS, "ggg", "top top top");
    types(k, VIEW_CONTENTS, "5<esc>j", "down");
    types(k, VIEW_CONTENTS, "9999", "");
    types(k, VIEW_READER, "zt", "top");
    types(k, VIEW_READER, "zj", "?");
    types(k, VIEW_READER, "3zt", "top:3");
    types(k, VIEW_READER, "z<esc>j", "down");
    types(k, VIEW_SHELF, "^x^s", "quit");
    struct buf b = {0};
    bool unknown;
    assert_false(keymap_pending(k, &b));
    keymap_feed(k, VIEW_READER, '1', &unknown);
    keymap_feed(k, VIEW_READER, '0', &unknown);
    keymap_feed(k, VIEW_READER, 'z', &unknown);
    assert_true(keymap_pending(k, &b));
    assert_string_equal(buf_cstr(&b), "10z");
    keymap_reset(k);
    for (int i = 0; i < 100; i++) // a count has an end
        keymap_feed(k, VIEW_READER, '9', &unknown);
    assert_true(keymap_feed(k, VIEW_READER, 'j', &unknown).count > 0);
    buf_free(&b);
    keymap_free(k);
}

static void own_keys_win(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("bind all b page-up\nbind essay w bookmark next-unread\n"
                                 "unbind shelf D\nbind shelf q none\n"
                                 "bind essay e 5 down up\n"
                                 "bind all ,t :theme sepia ; :tag a b ; quit # three things\n");
    size_t n;
    keymap_problems(k, &n);
    assert_int_equal(n, 0);
    types(k, VIEW_CONTENTS, "b", "page-up");
    types(k, VIEW_READER, "w", "bookmark next-unread");
    types(k, VIEW_READER, "3w", "bookmark:3 next-unread");
    types(k, VIEW_READER, "e", "down:5 up");
    types(k, VIEW_READER, "2e", "down:2 up");
    types(k, VIEW_READER, ",t", "command(theme sepia) command(tag a b) quit");
    types(k, VIEW_SHELF, "D", "?");
    types(k, VIEW_SHELF, "q", "?");
    struct buf b = {0};
    keymap_keys(k, VIEW_READER, ACT_PAGE_UP, &b);
    assert_string_equal(buf_cstr(&b), "b, PgUp, ^B, Backspace, Alt-v, Left");
    buf_clear(&b);
    keymap_keys(k, VIEW_READER, ACT_TOP, &b);
    assert_string_equal(buf_cstr(&b), "g, Home, <");
    buf_clear(&b);
    keymap_keys(k, VIEW_SHELF, ACT_REMOVE, &b);
    assert_string_equal(buf_cstr(&b), "");
    buf_free(&b);
    keymap_free(k);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("bind esay j down\n"
                                 "bind essay <nokey> down\n"
                                 "bind essay x donw\n"
                                 "bind essay 5 down\n"
                                 "bind essay X down\n"
                                 "bind essay X up\n"
                                 "bind essay bx quit\n"
                                 "bind essay x xyzzyplugh\n"
                                 "bind essay W down\n"
                                 "unbind essay ^x\n"
                                 "bind essay V 5\n"
                                 "bind essay V :thme x\n"
                                 "bind wherever V down\n");
    static const struct {
        int line;
        const char *message;
    } expected[] = {
        {1, "there is no view 'esay': did you mean 'essay'?"},
        {2, "'<nokey>' is no key: write j, gg, ^d, space, enter, pgdn, f5, alt-x"},
        {3, "there is no action 'donw': did you mean 'down'?"},
        {4, "'5' cannot be bound: digits are counts"},
        {6, "'X' was bound to down in line 5; this line counts from here on"},
        {8, "there is no action 'xyzzyplugh': `?` in Lectern lists them"},
        {10, "'^x' means nothing in essay as it is"},
        {11, "after the number 5 an action is missing"},
        {12, "There is no command “thme”: did you mean “theme”?"},
        {13, "there is no view 'wherever': all, shelf, contents"},
        {7, "'b' already means bookmark in essay, and does that before 'bx' can be finished; "
            "`unbind essay b` frees it"},
    };
    size_t n;
    const struct conf_problem *p = keymap_problems(k, &n);
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(p[i].message, expected[i].message, strlen(expected[i].message)) != 0)
            fail_msg("\"%s\", not \"%s\"", p[i].message, expected[i].message);
        assert_int_equal(p[i].line, expected[i].line);
        assert_string_equal(p[i].file, "config");
    }
    types(k, VIEW_READER, "W", "down"); // the rest works
    types(k, VIEW_READER, "X", "up");
    keymap_free(k);
}

// Every action but `none` can be reached somewhere, and every name leads back to its action.
static void actions_have_keys_and_names(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("");
    for (int a = 0; a < ACT_COUNT; a++) {
        enum action found = ACT_NONE;
        assert_true(action_find(action_table[a].name, &found));
        assert_int_equal(found, a);
        assert_true(utf8_valid(action_table[a].what, strlen(action_table[a].what)));
        struct buf b = {0};
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            keymap_keys(k, (enum view_kind)v, (enum action)a, &b);
        if (a != ACT_NONE && b.len == 0)
            fail_msg("%s has no key", action_table[a].name);
        buf_free(&b);
    }
    keymap_free(k);
}

// No two actions of the table claim one key in one view: which would it be?
static void no_key_is_claimed_twice(void **state)
{
    (void)state;
    struct buf claimed = {0};
    for (int a = 0; a < ACT_COUNT; a++) {
        char *words = strdup(action_table[a].keys), *more = NULL, views[80] = "";
        for (char *w = strtok_r(words, " ", &more); w; w = strtok_r(NULL, " ", &more)) {
            int keys[KEYS_SEQUENCE];
            size_t len = strlen(w);
            if (len > 1 && w[len - 1] == ':') {
                snprintf(views, sizeof views, "%.*s", (int)len - 1, w);
                continue;
            }
            if (!*views || key_parse(w, keys) == 0)
                fail_msg("%s: '%s' is no key", action_table[a].name, w);
            char each[80], *rest = NULL;
            snprintf(each, sizeof each, "%s", views);
            for (char *v = strtok_r(each, ",", &rest); v; v = strtok_r(NULL, ",", &rest)) {
                bool known = strcmp(v, "all") == 0;
                for (int k = 0; k < VIEW_KIND_COUNT; k++)
                    known |= strcmp(v, view_kind_name((enum view_kind)k)) == 0;
                if (!known)
                    fail_msg("%s: there is no view %s", action_table[a].name, v);
                char claim[64];
                snprintf(claim, sizeof claim, "\n%s %s\n", v, w);
                if (strstr(buf_cstr(&claimed), claim))
                    fail_msg("%s: another action has%s", action_table[a].name, claim);
                buf_str(&claimed, claim);
            }
        }
        free(words);
    }
    buf_free(&claimed);
}

// Bindings that are laid while the reader runs.
static void more_keys_later(void **state)
{
    (void)state;
    struct keymap *k = keymap_of("bind all w down\n");
    struct conf *c = conf_new();
    conf_parse(c, "bind all w up\nunbind all j\n", 27, "typed");
    keymap_more(k, c);
    conf_free(c);
    size_t n;
    keymap_problems(k, &n);
    assert_int_equal(n, 0);
    types(k, VIEW_READER, "w", "up");
    types(k, VIEW_READER, "j", "?");
    keymap_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_back),          cmocka_unit_test(defaults),
        cmocka_unit_test(counts_and_sequences),    cmocka_unit_test(own_keys_win),
        cmocka_unit_test(mistakes_are_told),       cmocka_unit_test(actions_have_keys_and_names),
        cmocka_unit_test(no_key_is_claimed_twice), cmocka_unit_test(more_keys_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
