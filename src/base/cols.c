// Columns as the terminal counts them. The terminal door draws with curses, curses asks wcwidth(3)
// of a UTF-8 locale and puts every character that has a width into a cell of its own, whatever
// Unicode says of clusters. So do we: an emoji sequence with joiners is as wide as its parts
// (terminals that join them leave a gap, which the terminal door avoids by not sending joiners), a
// flag is two letters of one column each, U+FE0F widens nothing, jamo of a syllable take the two
// columns of the first. Layout, canvas and terminal all count here, so they cannot disagree.
//
// wcwidth depends on the locale of the thread, and LANG may be anything: widths are asked once per
// block of 256 code points under a UTF-8 locale of our own and kept, two bits each.
#include "lectern/utf8.h"

#include <limits.h>
#include <locale.h>
#include <stdatomic.h>
#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uniwidth.h>
#include <wchar.h>

enum { BLOCKS = 0x1100, PER_BLOCK = 256, UNDRAWABLE = 3 };

// A cache, the same for every thread: blocks are filled on first use, and racing threads write the
// same bytes.
static _Atomic uint8_t width_known[BLOCKS];
static _Atomic uint8_t width_bits[BLOCKS][PER_BLOCK / 4];

static locale_t utf8_locale(void)
{
    static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        locale_t l = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
        if (l != (locale_t)0)
            return l;
    }
    return (locale_t)0;
}

static void fill_block(uint32_t block)
{
    locale_t ours = utf8_locale();
    locale_t before = ours != (locale_t)0 ? uselocale(ours) : (locale_t)0;
    for (uint32_t i = 0; i < PER_BLOCK; i += 4) {
        unsigned bits = 0;
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t cp = block * PER_BLOCK + i + k;
            // A machine without any UTF-8 locale: libunistring's table is close.
            int w = ours != (locale_t)0 ? wcwidth((wchar_t)cp) : uc_width((ucs4_t)cp, "UTF-8");
            bits |= (unsigned)(w < 0 ? UNDRAWABLE : w > 2 ? 2 : w) << (k * 2);
        }
        atomic_store_explicit(&width_bits[block][i / 4], (uint8_t)bits, memory_order_relaxed);
    }
    if (ours != (locale_t)0) {
        uselocale(before);
        freelocale(ours);
    }
    atomic_store_explicit(&width_known[block], 1, memory_order_release);
}

static int width_of(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7F)
        return 1;
    if (cp > 0x10FFFF)
        return UNDRAWABLE;
    uint32_t block = cp / PER_BLOCK, i = cp % PER_BLOCK;
    if (!atomic_load_explicit(&width_known[block], memory_order_acquire))
        fill_block(block);
    uint8_t bits = atomic_load_explicit(&width_bits[block][i / 4], memory_order_relaxed);
    return bits >> (i % 4 * 2) & 3;
}

int utf8_char_cols(uint32_t cp)
{
    int w = width_of(cp);
    return w == UNDRAWABLE ? 1 : w;
}

bool utf8_drawable(uint32_t cp)
{
    return width_of(cp) != UNDRAWABLE;
}

// Up to U+02FF nothing stands on the character before it.
static bool starts_plain(unsigned char lead)
{
    return lead < 0x80 || (lead >= 0xC2 && lead < 0xCC);
}

size_t utf8_grapheme(const char *s, size_t len)
{
    uint32_t cp;
    size_t n = utf8_decode(s, len, &cp);
    while (n < len && !starts_plain((unsigned char)s[n])) {
        size_t more = utf8_decode(s + n, len - n, &cp);
        if (utf8_char_cols(cp) != 0 || n + more > UTF8_CELL_MAX)
            break;
        n += more;
    }
    return n;
}

int utf8_grapheme_cols(const char *s, size_t len)
{
    uint32_t cp;
    utf8_decode(s, len, &cp);
    return utf8_char_cols(cp);
}

int utf8_cols(const char *s, size_t len)
{
    size_t cols = 0;
    for (size_t i = 0; i < len;) {
        if ((unsigned char)s[i] < 0x80) {
            size_t n = utf8_plain(s + i, len - i);
            cols += n;
            i += n;
            continue;
        }
        uint32_t cp;
        i += utf8_decode(s + i, len - i, &cp);
        cols += (size_t)utf8_char_cols(cp);
    }
    return cols > INT_MAX ? INT_MAX : (int)cols;
}

// libunistring looks at pairs; the two rules that look further back (GB11: emoji joined by ZWJ,
// GB12 and 13: flags are pairs of regional indicators) are kept here.
size_t utf8_cluster(const char *s, size_t len)
{
    uint32_t before, cp;
    size_t n = utf8_decode(s, len, &before);
    if (n == len || (starts_plain((unsigned char)s[0]) && starts_plain((unsigned char)s[n])))
        return n;
    bool indicator = before >= 0x1F1E6 && before <= 0x1F1FF;
    bool emoji = uc_is_property(before, UC_PROPERTY_EXTENDED_PICTOGRAPHIC);
    while (n < len) {
        size_t more = utf8_decode(s + n, len - n, &cp);
        if (n + more > UTF8_CLUSTER_MAX)
            break;
        bool is_indicator = cp >= 0x1F1E6 && cp <= 0x1F1FF;
        bool joined =
            emoji && before == 0x200D && uc_is_property(cp, UC_PROPERTY_EXTENDED_PICTOGRAPHIC);
        bool flag = indicator && is_indicator;
        if (!joined && !flag && uc_is_grapheme_break(before, cp))
            break;
        indicator = is_indicator && !flag;
        n += more;
        before = cp;
    }
    return n;
}

size_t utf8_fit(const char *s, size_t len, int cols, int *used)
{
    size_t i = 0;
    int w = 0;
    while (i < len) {
        size_t n = utf8_cluster(s + i, len - i);
        int c = n == 1 ? 1 : utf8_cols(s + i, n);
        if (w + c > cols)
            break;
        w += c;
        i += n;
    }
    if (used)
        *used = w;
    return i;
}

void utf8_ellipsize(struct buf *out, const char *s, size_t len, int cols, bool ascii)
{
    if (cols <= 0)
        return;
    size_t whole = utf8_fit(s, len, cols, NULL);
    if (whole == len) {
        buf_add(out, s, len);
        return;
    }
    int dots = !ascii ? 1 : cols < 3 ? cols : 3;
    size_t n = utf8_fit(s, len, cols - dots, NULL);
    while (n && s[n - 1] == ' ')
        n--;
    buf_add(out, s, n);
    buf_add(out, ascii ? "..." : "\xe2\x80\xa6", ascii ? (size_t)dots : 3);
}
