// Linux's own console shows what its font has, 256 or 512 glyphs, and one mark for all else.
// Letters are the affair of whoever chose the font for a language; of signs, these are in every one
// of the fonts of Debian's console-setup for western languages (Lat15: Fixed, Terminus, VGA) and of
// those for many (Uni1 to Uni3), as their tables say.
#include <stddef.h>

#include "term_caps.h"

bool caps_shows(const struct caps *c, uint32_t cp)
{
    static const uint16_t signs[][2] = {
        {0x2000, 0x200A}, {0x2010, 0x2015}, {0x2018, 0x201A}, {0x201C, 0x201E}, {0x2020, 0x2022},
        {0x2026, 0x2026}, {0x202F, 0x2030}, {0x2039, 0x203A}, {0x203C, 0x203C}, {0x207F, 0x207F},
        {0x20AC, 0x20AC}, {0x2116, 0x2116}, {0x2122, 0x2122}, {0x2190, 0x2193}, {0x2205, 0x2205},
        {0x2208, 0x2208}, {0x2212, 0x2212}, {0x2229, 0x2229}, {0x2248, 0x2248}, {0x2260, 0x2261},
        {0x2264, 0x2265}, {0x226A, 0x226B}, {0x2500, 0x257F}, {0x2588, 0x2588}, {0x2591, 0x2592},
        {0x25A0, 0x25A0}, {0x25B2, 0x25B2}, {0x25B6, 0x25B6}, {0x25B8, 0x25B8}, {0x25BC, 0x25BC},
        {0x25C0, 0x25C0}, {0x25CF, 0x25CF}, {0x2610, 0x2612}, {0x2666, 0x2666}, {0x2717, 0x2718},
    };
    enum { FIRST_SIGN = 0x2000, LAST_SIGN = 0x2BFF, FIRST_PICTURE = 0x1F000 };
    if (!c->console || cp < FIRST_SIGN || (cp > LAST_SIGN && cp < FIRST_PICTURE))
        return true;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (cp >= signs[i][0] && cp <= signs[i][1])
            return true;
    return false;
}
