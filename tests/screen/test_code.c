// Codes for a phone's camera, read back off the screen's text by a real decoder: a cell is a
// rectangle twice as high as wide, ink is what a glyph covers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zbar.h>

#include "lectern/mem.h"
#include "lectern/qr.h"
#include "lectern/utf8.h"
#include "../support/screen.h"
#include "ui/view.h"

static const char podcast[] = "https://api.letters.example/feed/podcast/168/0f3c.mp3";

enum { DOT = 4 }; // pixels a square

struct photo {
    unsigned char *grey;
    size_t wide, high;
};

static void paint(struct photo *p, size_t x, size_t y, unsigned char grey)
{
    for (size_t i = 0; i < DOT; i++)
        memset(p->grey + (y * DOT + i) * p->wide + x * DOT, grey, DOT);
}

// Which halves of a cell a glyph covers.
static void covers(const char *glyph, bool *upper, bool *lower)
{
    *upper = strncmp(glyph, "█", 3) == 0 || strncmp(glyph, "▀", 3) == 0 || *glyph == '#';
    *lower = strncmp(glyph, "█", 3) == 0 || strncmp(glyph, "▄", 3) == 0 || *glyph == '#';
}

static struct photo photograph(struct screen *s, bool light_page)
{
    size_t cols = (size_t)s->cols, rows = (size_t)s->rows, row = 0, col = 0;
    struct photo p = {.wide = cols * DOT, .high = rows * 2 * DOT};
    unsigned char page = light_page ? 255 : 0, ink = light_page ? 0 : 255;
    p.grey = mem_array(p.wide * p.high, 1);
    memset(p.grey, page, p.wide * p.high);
    for (const char *t = screen_text(s); *t && row < rows; t += utf8_grapheme(t, strlen(t))) {
        bool upper, lower;
        if (*t == '\n') {
            row++;
            col = 0;
            continue;
        }
        covers(t, &upper, &lower);
        if (col < cols && upper)
            paint(&p, col, row * 2, ink);
        if (col < cols && lower)
            paint(&p, col, row * 2 + 1, ink);
        col++;
    }
    return p;
}

// What a phone makes of the screen; NULL: nothing. The caller's.
static char *scan(struct screen *s, bool light_page)
{
    struct photo p = photograph(s, light_page);
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, 0x30303859); // "Y800"
    zbar_image_set_size(image, (unsigned)p.wide, (unsigned)p.high);
    zbar_image_set_data(image, p.grey, p.wide * p.high, NULL);
    char *found = NULL;
    if (zbar_scan_image(scanner, image) > 0)
        found = mem_strdup(zbar_symbol_get_data(zbar_image_first_symbol(image)));
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(p.grey);
    return found;
}

// The scheme and host may have become capitals.
static void reads(struct screen *s, bool light_page, const char *address)
{
    char *found = scan(s, light_page);
    if (!found)
        fail_msg("no code was seen on\n%s", screen_text(s));
    const char *path = strchr(strstr(address, "://") + 3, '/');
    size_t host = (size_t)(path - address);
    assert_int_equal(strlen(found), strlen(address));
    assert_int_equal(strncasecmp(found, address, host), 0);
    assert_string_equal(found + host, path);
    free(found);
}

static void to_the_podcast(struct screen *s)
{
    setenv("SSH_CONNECTION", "1 2 3 4", 1);
    screen_do(s, "search 'slow' <enter> open open audio");
}

static void code_is_read_at_80x24(void **state)
{
    (void)state;
    struct screen *s = screen_open(80, 24);
    to_the_podcast(s);
    reads(s, false, podcast); // beside the keys
    screen_has(s, podcast);
    screen_do(s, "'s'"); // by itself
    reads(s, false, podcast);
    screen_do(s, "'q' 'q'");
    assert_false(ui_prompting(s->ui));
    screen_close(s);
}

static void code_stands_alone_where_room_is_small(void **state)
{
    (void)state;
    struct screen *s = screen_open(60, 20);
    to_the_podcast(s);
    assert_null(scan(s, false));
    screen_has(s, "show a code");
    screen_do(s, "'s'");
    reads(s, false, podcast);
    screen_has_not(s, "copy");
    screen_size(s, 50, 19); // resized meanwhile
    reads(s, false, podcast);
    screen_size(s, 60, 20);
    screen_do(s, "<esc>");
    screen_has(s, podcast);
    screen_close(s);
}

static void code_is_read_on_light_ground(void **state)
{
    (void)state;
    struct screen *s = screen_configured(80, 24, "qr plain\n");
    to_the_podcast(s);
    reads(s, true, podcast);
    assert_null(scan(s, false));
    screen_do(s, "'i'"); // the other way round
    reads(s, false, podcast);
    screen_close(s);
}

static void code_is_read_without_half_blocks(void **state)
{
    (void)state;
    struct screen *s = screen_open(110, 50);
    s->ui->set.whole_blocks = true;
    to_the_podcast(s);
    assert_null(strstr(screen_text(s), "▀"));
    assert_null(strstr(screen_text(s), "▄"));
    screen_has(s, "██");
    reads(s, false, podcast);
    screen_close(s);
}

static void code_is_read_in_ascii(void **state)
{
    (void)state;
    struct screen *s = screen_open(110, 50);
    screen_ascii(s);
    to_the_podcast(s);
    for (const char *p = screen_text(s); *p; p++)
        assert_true((unsigned char)*p < 0x80);
    reads(s, false, podcast);
    screen_size(s, 80, 36);
    screen_do(s, "'s'");
    reads(s, false, podcast);
    screen_size(s, 80, 24); // squares of one row each: it cannot fit, and says so
    assert_null(scan(s, false));
    screen_has(s, "rows; this window has");
    screen_size(s, 20, 5);
    screen_do(s, "'s' 'q'");
    assert_false(ui_prompting(s->ui));
    screen_close(s);
}

static void any_address_can_be_taken_along(void **state)
{
    (void)state;
    struct screen *s = screen_open(120, 40);
    screen_do(s, "search 'slow' <enter> hand-off");
    char *home = scan(s, false);
    assert_non_null(home);
    free(home);
    screen_do(s, "<esc> open hand-off");
    char *essay = scan(s, false);
    assert_non_null(essay);
    free(essay);
    screen_do(s, "'q'");
    assert_false(ui_prompting(s->ui));
    screen_close(s);
}

static void capitals_save_squares(void **state)
{
    (void)state;
    static const char address[] =
        "https://api.substack.example/feed/podcast/168123456/0123456789abcdef0123456789abcd.mp3";
    struct qr a, b;
    assert_true(qr_make(address, &a, NULL));
    assert_true(qr_make(strchr(address, ':'), &b, NULL)); // no scheme: nothing may change
    assert_true(a.side <= 37);
    assert_int_equal(a.side % 4, 1);
    qr_free(&a);
    qr_free(&b);
    char huge[4000];
    struct err e = ERR_INIT;
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_false(qr_make(huge, &a, &e));
    assert_non_null(strstr(e.msg, "too long"));
}

static void no_code_for_screen_readers(void **state)
{
    (void)state;
    struct screen *s = screen_configured(120, 40, "accessible yes\n");
    to_the_podcast(s);
    screen_do(s, "'s'");
    assert_null(scan(s, false));
    screen_has(s, podcast);
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_read_at_80x24),
        cmocka_unit_test(code_stands_alone_where_room_is_small),
        cmocka_unit_test(code_is_read_on_light_ground),
        cmocka_unit_test(code_is_read_without_half_blocks),
        cmocka_unit_test(code_is_read_in_ascii),
        cmocka_unit_test(any_address_can_be_taken_along),
        cmocka_unit_test(capitals_save_squares),
        cmocka_unit_test(no_code_for_screen_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
