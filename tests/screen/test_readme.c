// The screens in README.md are the program's own: each block after a line "<!-- screen: NAME -->"
// is what the reader draws at 80x24. LECTERN_GOLDEN=write puts them in anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/sample.h"
#include "../support/library.h"
#include "../support/screen.h"

static char *readme_path(void)
{
    const char *root = getenv("LECTERN_ROOT");
    return path_join(root ? root : ".", "README.md");
}

// Rows without the empty ones around them.
static char *picture(struct screen *s)
{
    const char *text = screen_text(s);
    while (*text == '\n')
        text++;
    size_t len = strlen(text);
    while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
        len--;
    return mem_printf("\n%.*s\n", (int)len, text);
}

// Puts `shown` into the block of that name, or compares it with what stands there.
static void block(struct buf *readme, const char *name, const char *shown)
{
    char *mark = mem_printf("<!-- screen: %s -->\n```\n", name);
    const char *at = strstr(buf_cstr(readme), mark);
    if (!at)
        fail_msg("README.md has no “%s”", mark);
    at += strlen(mark);
    const char *end = strstr(at, "```");
    assert_non_null(end);
    if (getenv("LECTERN_GOLDEN")) {
        struct buf out = {0};
        buf_add(&out, readme->data, (size_t)(at - readme->data));
        buf_str(&out, shown);
        buf_str(&out, end);
        buf_free(readme);
        *readme = out;
    } else if (strlen(shown) != (size_t)(end - at) || memcmp(shown, at, (size_t)(end - at)) != 0) {
        fail_msg("the screen “%s” in README.md is not the program's any more:\n%s", name, shown);
    }
    free(mark);
}

static void with_the_sample(struct screen *s)
{
    struct feed_source src = {.url = SAMPLE_ADDRESS, .content_type = SAMPLE_CONTENT_TYPE};
    struct feed_update *u = NULL;
    struct err e = ERR_INIT;
    if (!feed_parse(sample_feed, (size_t)(sample_feed_end - sample_feed), &src, &u, &e))
        fail_msg("%s", e.msg);
    library_apply(s->store, library_feed(s->store, SAMPLE_ADDRESS), u, SCREEN_NOW);
    feed_free(u);
    screen_again(s, STORE_READER);
}

static void screens_are_the_programs_own(void **state)
{
    (void)state;
    struct buf readme = {0};
    struct err e = ERR_INIT;
    char *path = readme_path();
    if (!buf_read_file(&readme, path, 1 << 20, &e))
        fail_msg("%s", e.msg);
    struct screen *s = screen_open_empty(80, 24);
    with_the_sample(s);
    screen_do(s, "bottom open search 'quiet' <enter> open idle");
    char *shown = picture(s);
    block(&readme, "essay", shown);
    free(shown);
    screen_close(s);
    static const char *const lists[][2] = {{"shelf", ""},
                                           {"contents", "search 'slow' <enter> open idle"}};
    for (int i = 0; i < 2; i++) {
        s = screen_open(80, 18);
        screen_do(s, lists[i][1]);
        shown = picture(s);
        block(&readme, lists[i][0], shown);
        free(shown);
        screen_close(s);
    }
    if (getenv("LECTERN_GOLDEN") && !buf_write_file(path, readme.data, readme.len, 0644, &e))
        fail_msg("%s", e.msg);
    buf_free(&readme);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(screens_are_the_programs_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
