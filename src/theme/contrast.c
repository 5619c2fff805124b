// Can it be read? The contrast of WCAG 2.1 (relative luminance, success criterion 1.4.3) of a look
// as a terminal shows it.
#include <math.h>

#include "parts.h"

static double channel(unsigned c)
{
    double s = c / 255.0;
    return s <= 0.03928 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) +
           0.0722 * channel(rgb & 255);
}

static uint32_t dimmed(uint32_t ink, uint32_t paper)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (2 * (ink >> shift & 255) + (paper >> shift & 255)) / 3 << shift;
    return out;
}

double look_contrast(struct look l, struct look_paper p)
{
    uint32_t ink = l.fg == LOOK_DEFAULT ? p.ink : theme_rgb(l.fg),
             paper = l.bg == LOOK_DEFAULT ? p.paper : theme_rgb(l.bg);
    if (l.attrs & LOOK_REVERSE) { // dim is of the ink, whichever that is
        uint32_t was = ink;
        ink = paper;
        paper = was;
    }
    if (l.attrs & LOOK_DIM)
        ink = dimmed(ink, paper);
    double a = luminance(ink) + 0.05, b = luminance(paper) + 0.05;
    return a > b ? a / b : b / a;
}

double look_contrast_least(struct look l)
{
    static const struct look_paper dark = {0xffffff, 0x000000}, light = {0x000000, 0xffffff};
    double a = look_contrast(l, dark), b = look_contrast(l, light);
    return a < b ? a : b;
}
