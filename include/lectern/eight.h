// Eight bytes of text in one number, the first of them lowest, and questions asked of all eight at
// once. An answer is a number in which the top bit of each byte says yes or no. Questions are for
// ASCII: where a byte has its own top bit (EIGHT_TOPS), the answers mean nothing.
#ifndef LECTERN_EIGHT_H
#define LECTERN_EIGHT_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_EVERY(byte) (0x0101010101010101u * (uint64_t)(byte)) // the same byte eight times
#define EIGHT_TOPS EIGHT_EVERY(0x80)

static inline uint64_t eight_load(const char *s)
{
    uint64_t eight;
    memcpy(&eight, s, 8);
    return le64toh(eight);
}

// Which bytes are at least `least` (1 to 0x7F)?
static inline uint64_t eight_from(uint64_t eight, unsigned least)
{
    return (eight + EIGHT_EVERY(0x80 - least)) & EIGHT_TOPS;
}

// Which bytes are `c`?
static inline uint64_t eight_is(uint64_t eight, unsigned char c)
{
    return ~((eight ^ EIGHT_EVERY(c)) + EIGHT_EVERY(0x7F)) & EIGHT_TOPS;
}

// Which are letters or digits?
static inline uint64_t eight_alnum(uint64_t eight)
{
    uint64_t low = eight | EIGHT_EVERY(0x20);
    uint64_t alpha = eight_from(low, 'a') & ~eight_from(low, 'z' + 1);
    return alpha | (eight_from(eight, '0') & ~eight_from(eight, '9' + 1));
}

#endif
